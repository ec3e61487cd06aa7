// T22: an administrator connects the organisation's own sign-in, a colleague comes by it with the role that it gives and
// another is turned away; somebody is invited, chooses a password, sets up a second step and signs in by its code, and comes by
// the organisation's sign-in once they have proven that the account is theirs. Others are invited by rows that are pasted, one
// of them wrong; the list of people is narrowed by words, role and when they last came.
import { createHmac } from "node:crypto";
import { identityProvider } from "../lib/provider.mjs";

export const name = "T22 signing in by the organisation's provider, and by password and code";
export const alone = true;

const ACCOUNTS = {
  robin: { email: "robin.eastnor@herefordshire.example", email_verified: true, name: "Robin Eastnor", roles: ["placements"] },
  jo: { email: "jo.lyde@herefordshire.example", email_verified: true, name: "Jo Lyde", roles: [] },
  stranger: { email: "stranger@herefordshire.example", email_verified: true, name: "A Stranger", roles: ["cleaners"] },
};
const PASSWORD = "walnut ferry dusk granite";

export async function run(visitor) {
  const { base, another } = visitor;
  const provider = await identityProvider(base, ACCOUNTS);
  try {
    const administrator = await another();
    await connect(administrator, provider);
    await byProvider(visitor);
    await turnedAway(await another());
    const recovery = await invited(administrator, await another());
    await connected(await another(), recovery);
    await revoked(administrator, await another());
    await invitedTogether(administrator);
    await narrowed(administrator);
  } finally {
    provider.close();
  }
}

async function connect({ signIn, go, follow, fill, press, expectText, inspect }, provider) {
  await signIn("Ros Kington");
  await follow("People");
  await expectText("Priya Shah");
  await inspect();
  await follow("Your organisation's sign-in");
  await inspect();
  await fill({
    issuer: provider.issuer,
    client_id: provider.client.id,
    secret: provider.client.secret,
    claim: "roles",
    rules: "placements = placement_officer, Team manager",
    admits: "anyone",
  });
  await press("Save");
  await go("/admin/people/provider");
  await expectText("Do without it");
}

async function byProvider({ page, base, check, go, follow, fill, press, expectText, inspect }) {
  await go("/referrals");
  check(new URL(page.url()).pathname === "/sign-in", `not asked to sign in at ${page.url()}`);
  await follow("Sign in with Herefordshire Council");
  await expectText("Invented provider", "h1");
  await fill({ login: "robin" });
  await press("Sign in");
  check(page.url() === `${base}/referrals`, `came back to ${page.url()}`);
  await go("/preferences");
  await expectText("Robin Eastnor");
  await expectText("Your organisation's sign-in");
  await inspect();
  await press(/^Sign out$/);
  await expectText("You are signed out", "h1");
  await expectText("Sign out of Herefordshire Council too");
  await inspect();
}

async function turnedAway({ go, follow, fill, press, expectText, inspect }) {
  await go("/sign-in");
  await inspect();
  await follow("Sign in with Herefordshire Council");
  await fill({ login: "stranger" });
  await press("Sign in");
  await expectText("gives you no role here");
  await inspect();
}

/** The code that an authenticator app shows at a step from now. */
function code(secret, step = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/[\s=]/g, "")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + step));
  const digest = createHmac("sha1", key).update(counter).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function invited({ go, follow, fill, press, page, until, inspect }, colleague) {
  await go("/admin/people/invite");
  await inspect();
  await fill({ name: "Jo Lyde", email: "jo.lyde@herefordshire.example", role: "finance_officer", title: "Accountant" });
  await press("Send the invitation");
  await until(
    async () => {
      await go("/admin/jobs/mail");
      return (await page.getByRole("link", { name: /invites you/ }).count()) > 0;
    },
    () => "the invitation was not written",
  );
  await follow(/invites you/);
  const link = /\/emails\/[0-9a-f]+\/welcome/.exec(await page.content())[0];
  await colleague.go(link);
  await colleague.inspect();
  await colleague.fill({ new: "passwordpassword" });
  await colleague.press("Accept the invitation");
  await colleague.expectText("tried first", ".govuk-error-summary");
  await colleague.fill({ new: PASSWORD });
  await colleague.press("Accept the invitation");
  await signIn(colleague);
  await colleague.expectText("Annual value", "body");
  return secondStep(colleague);
}

/** The account was there first: the organisation's sign-in opens it once its person has proven that it is theirs. */
async function connected({ go, follow, fill, press, expectText, inspect }, recovery) {
  await go("/sign-in");
  await follow("Sign in with Herefordshire Council");
  await fill({ login: "jo" });
  await press("Sign in");
  await expectText("Prove once that this account is yours", "h1");
  await inspect();
  await fill({ password: "wrong", code: "000000" });
  await press("Connect and sign in");
  await expectText("Check your password", ".govuk-error-summary");
  await inspect();
  await fill({ password: PASSWORD, code: recovery });
  await press("Connect and sign in");
  await expectText("Annual value", "body");
  // From now on nothing more is asked here; the provider knows them still.
  await go("/sign-in");
  await follow("Sign in with Herefordshire Council");
  await expectText("Annual value", "body");
}

async function signIn({ go, fill, press }) {
  await go("/sign-in");
  await fill({ email: "jo.lyde@herefordshire.example", password: PASSWORD });
  await press("Sign in");
}

async function secondStep(colleague) {
  const { page, go, press, fill, expectText, inspect } = colleague;
  await go("/preferences/second-step");
  await inspect();
  await press("Set up a second step");
  await inspect();
  const secret = await page.locator("dd").first().innerText();
  // The next one, which is taken already: it is still in time when it is tried again.
  const next = code(secret, 1);
  await fill({ code: next });
  await press("Confirm the code");
  await expectText("Your recovery codes", "h1");
  await inspect();
  const [recovery, another] = await page.locator("main li").allInnerTexts();
  await go("/preferences");
  await press("Sign out everywhere");
  await signIn(colleague);
  await expectText("Enter your code", "h1");
  await inspect();
  await fill({ code: next });
  await press("Sign in");
  await expectText("each code is taken once", ".govuk-error-summary");
  await fill({ code: recovery });
  await press("Sign in");
  await go("/preferences");
  await expectText("9 of 10 recovery codes left");
  return another;
}

/** What an administrator ends, is over from the next request on. */
async function revoked({ go, follow, press, expectText, inspect }, colleague) {
  await signIn(colleague);
  await colleague.expectText("Enter your code", "h1");
  await go("/admin/people");
  await follow("Jo Lyde");
  await inspect();
  await press("End all of them");
  await expectText("They are signed in nowhere");
}

/** Rows as a spreadsheet copies them; the second is of a role that no authority has. */
const PASTED = [
  ["email", "name", "role", "title"],
  ["sam.orcop@herefordshire.example", "Sam Orcop", "placement_officer; finance_officer", "Officer"],
  ["kit.peterchurch@herefordshire.example", "Kit Peterchurch", "commissioning_lead", "Lead"],
  ["lou.weobley@herefordshire.example", "Lou Weobley", "democratic_services", "Clerk"],
]
  .map((cells) => cells.join("\t"))
  .join("\n");

/** The wrong row is told and left out, the others are invited once. To confirm needs a recent proof; signing in was one. */
async function invitedTogether({ page, base, go, follow, fill, press, expectText, expectNoText, inspect, check }) {
  const send = async (pasted) => {
    await go("/admin/people");
    await follow("Invite many from a file");
    await fill({ pasted });
    await press("Check this file");
  };
  await send("");
  await expectText("Choose the file to bring in, or paste its rows", ".govuk-error-summary");
  await inspect();
  await send(PASTED);
  await expectText("Has errors", "main");
  await expectText("Row 3", "main");
  await expectText("commissioning_lead is no role of your organisation: enter", "main");
  await inspect();
  const csv = await page.request.get(new URL(`${new URL(page.url()).pathname}/errors.csv`, base).href);
  const rows = (await csv.text()).trim().split("\n");
  check(rows.length === 2 && rows[1].includes("kit.peterchurch@"), `the list of errors says: ${rows.join(" | ")}`);
  await press("Bring in 2 rows; 1 row that cannot be used is left out");
  await expectText("Brought in", "main");
  await go("/admin/people");
  const invited = page.locator("main table", { hasText: "Invited" }).last();
  const roles = (await invited.innerText()).split("sam.orcop@herefordshire.example").length - 1;
  check(roles === 2, `Sam Orcop is invited to ${roles} roles, not two`);
  await expectText("lou.weobley@herefordshire.example", "main");
  await expectNoText("kit.peterchurch@");
  await send(PASTED);
  await expectText("No row can be brought in", "main");
}

/** By a job title, by a role, and by who never came. */
async function narrowed({ page, go, fill, press, expectText, inspect, check }) {
  const narrow = async (filters) => {
    await go("/admin/people");
    await fill(filters);
    await press("Apply filters");
  };
  const expect = async (filters, there, away) => {
    await narrow(filters);
    const text = await page.locator("main table", { hasText: "Who works here" }).innerText();
    check(text.includes(there) && !text.includes(away), `narrowed to ${JSON.stringify(filters)} the list says: ${text}`);
  };
  await expect({ q: "PLACEMENT OFF" }, "Amir Hallowes", "David Oakden");
  await expect({ role: "approver" }, "David Oakden", "Amir Hallowes");
  await expect({ seen: "never" }, "Priya Shah", "Jo Lyde");
  await inspect();
  await narrow({ q: "nobody of this name" });
  await expectText("Nobody here fits these filters.", "main");
}

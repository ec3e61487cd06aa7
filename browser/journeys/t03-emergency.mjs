// T3: an emergency in the evening: a referral started as one, sent, answered by telephone with the bed, recommended; the Assistant
// Director approves by word of mouth, the child starts before anybody has signed, and the approval is confirmed in writing
// the next morning, before noon.
import { ask, askedFor, complete, enterOffer, recommend } from "../lib/placement.mjs";

export const name = "T3 an emergency in the evening, a verbal approval, its confirmation by noon";
export const alone = true;

export async function run(officer) {
  const { js, check, go, follow, signIn, another, expectText, inspect } = officer;
  await signIn("Priya Shah");
  await move(officer, "13 9 2021", "7:40pm");
  const reference = await emergency(officer, `T3-${js ? "on" : "off"}`);
  await complete(officer, reference);
  await ask(officer, reference, ["Ash Lodge"], "two_hours");
  const room = await enterOffer(officer, reference, "Ash Lodge", "4100", { said_at_time: "7:40pm", named: true });
  await go(`/referrals/${reference}/offers`);
  await follow("Ash Lodge");
  await expectText(`Bed ${room}`, "main");
  await inspect();
  await recommend(officer, reference, "Ash Lodge");
  const approvals = [...(await askedFor(officer, reference)).values()];
  check(approvals.length > 0, `${reference} waits for no approval`);
  for (const approval of approvals) await saidByTelephone(officer, approval);

  const agreement = await begin(officer);

  await move(officer, "14 9 2021", "8:30am");
  const approver = await another();
  await approver.signIn("Helen Garraway");
  for (const approval of approvals) await confirm(approver, approval);
  await go(`/agreements/${agreement}`);
  await expectText("Started", "main");
}

/** The officer records what the Assistant Director said on the telephone. */
async function saidByTelephone({ page, go, fill, press, follow, expectText, inspect }, approval) {
  await go(`/approvals/${approval}`);
  await follow("Record a verbal approval");
  await inspect();
  const helen = page.locator("main .govuk-radios__item, main option", { hasText: "Helen Garraway" }).first();
  const who = await helen.evaluate((one) => one.value ?? one.querySelector("input").value);
  await fill({ person: who, said_on: "13 9 2021", said_on_time: "7:40pm" });
  await press("Record the verbal approval");
  await expectText("It counts, and is to be confirmed in writing by", "main");
  await expectText("14 September 2021", "main");
}

/** She finds it among what is due, and confirms it. */
async function confirm({ page, go, follow, press, expectText, inspect, check }, approval) {
  await go("/approvals");
  const due = page.locator(`main a[href="/approvals/${approval}/confirm"]`);
  check((await due.count()) === 1, `${approval} is not due for confirmation`);
  await go(`/approvals/${approval}`);
  await expectText("You approved this by word of mouth", "main");
  await follow("Confirm what you said");
  await press("Confirm in writing");
  await expectText("confirmed in writing", "main");
  await inspect();
  await go("/approvals");
  check((await due.count()) === 0, `${approval} is still due after its confirmation`);
}

async function move({ go, fill, press, follow }, day, day_time) {
  await go("/demo");
  await follow("Move the demonstration's calendar");
  await fill({ day, day_time });
  await press("Move the calendar");
}

async function emergency({ page, go, fill, press, check }, case_number) {
  await go("/referrals/new?emergency=yes");
  const cause = await page.locator("main [name=emergency]").first().getAttribute("value");
  await fill({ which: "new", given_names: "Imogen", family_name: "Fairweather", born: "2 2 2008", sex: "female", case_number, emergency: cause });
  await press("Start");
  const reference = /HEF-R-\d+/.exec(page.url())?.[0];
  check(reference, `starting an emergency led to ${page.url()}`);
  return reference;
}

/** Records the start of an agreement that nobody has signed. */
async function begin({ page, go, fill, press, follow, expectText, inspect, check }) {
  await go("/agreements");
  await follow(/^To do/);
  const row = page.locator("main tr, main .govuk-summary-card", { hasText: "Ash Lodge" });
  check((await row.count()) > 0, "no agreement with Ash Lodge is to be started");
  const agreement = /HEF-A-\d+/.exec(await row.first().innerText())[0];
  await go(`/agreements/${agreement}/start`);
  await inspect();
  const names = await page.locator("main [name]:not([type=hidden])").evaluateAll((fields) => fields.map((field) => [field.name, field.type, field.value]));
  for (const [name] of names.filter(([one]) => one.endsWith("_day"))) await fill({ [name.replace(/_day$/, "")]: "13 9 2021" });
  const unsigned = names.find(([one, , value]) => one === "unsigned" && value === "emergency");
  check(unsigned, "the start asks for no reason why nobody has signed");
  await fill({ unsigned: "emergency" });
  await press("Record the start");
  await expectText("Started", "main");
  return agreement;
}

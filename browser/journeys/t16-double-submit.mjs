// T16: a form that is sent twice, by a double press or again later, makes one record: a referral, and an award.
import { askedFor } from "../lib/placement.mjs";

export const name = "T16 double submit";
export const alone = true;

/** The demonstration's referral that waits for the Assistant Director. */
const WAITING = "HEF-R-0040";

export async function run(officer) {
  const { another, signIn, check } = officer;
  await signIn("Priya Shah");
  await referral(officer);
  const assistant = await another();
  await assistant.signIn("Helen Garraway");
  const finance = await another();
  await finance.signIn("Sunita Varley");
  const before = [await agreements(officer), await left(finance)];
  const [waiting] = (await askedFor(assistant, WAITING)).values();
  check(waiting, `nothing is asked for ${WAITING}`);
  await assistant.go(`/approvals/${waiting}/approve`);
  await often(assistant, "Approve this placement");
  await assistant.expectText("Approved");
  const after = [await agreements(officer), await left(finance)];
  check(after[0] === before[0] + 1, `one approval prepared ${after[0] - before[0]} agreements with Linden House`);
  check(after[1] === "£412,600" && before[1] !== after[1], `one approval took what can be awarded from ${before[1]} to ${after[1]}`);
}

async function referral(officer) {
  const { js, check, go, fill, expectText } = officer;
  const before = await referrals(officer);
  await go("/referrals/new");
  await fill({ which: "new", given_names: "Tamsin", family_name: "Quillfeather", born: "3 4 2008", sex: "female", case_number: `T16-${js ? "on" : "off"}` });
  const place = await often(officer, "Start");
  const reference = /HEF-R-\d+/.exec(place)?.[0];
  check(reference, `the form led to ${place}`);
  const made = (await referrals(officer)) - before;
  check(made === 1, `one form made ${made} referrals`);
  await go(`/referrals/${reference}/timeline`);
  await expectText(reference);
}

/** Sends the page's form twice at the same moment, presses its button, and sends it again; gives the one place it leads to. */
async function often({ page, base, check, press }, button) {
  const form = page.locator("main form[method=post]", { has: page.getByRole("button", { name: button }) });
  const [action, sent] = await form.evaluate((one) => [one.action, [...new FormData(one)].map(([name, value]) => [name, value])]);
  const again = async () => {
    const answer = await page.request.post(new URL(action, base).href, {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      data: new URLSearchParams(sent).toString(),
      maxRedirects: 0,
    });
    check(answer.status() === 303, `the form sent again answers ${answer.status()}`);
    return new URL(answer.headers().location, base).pathname;
  };
  const places = await Promise.all([again(), again()]);
  await press(button);
  places.push(new URL(page.url()).pathname, await again());
  check(new Set(places).size === 1, `one form led to ${places.join(", ")}`);
  return places[0];
}

/** How many referrals the authority has. */
async function referrals({ page, go }) {
  await go("/referrals");
  return Number(/([\d,]+) referrals/.exec(await page.locator("main").innerText())[1].replace(",", ""));
}

/** How many agreements with Linden House are prepared. */
async function agreements({ page, go }) {
  await go("/agreements");
  return page.locator("main tbody tr", { hasText: "Linden House" }).filter({ hasText: "Prepared" }).count();
}

/** What can still be awarded this year. */
async function left({ page, go }) {
  await go("/finance/annual-value");
  return /can still be awarded (£[\d,.]+)/.exec(await page.locator("main").innerText())[1].replace(/\.$/, "");
}

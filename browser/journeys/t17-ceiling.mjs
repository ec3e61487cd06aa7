// T17: two awards fit below the ceiling one by one but not together; the second is refused, and only the holder of a
// recorded urgency power goes beyond it. HEF-R-0040 is the demonstration's referral that waits for the Assistant Director.
import { approve, askedFor, offer, recommend, send, start } from "../lib/placement.mjs";

export const name = "T17 the annual value crosses the ceiling";
export const alone = true;

const WAITING = "HEF-R-0040";
const RULE = "Annual value: limb (a) gives no power beyond its ceiling";
/** £30,240 a week until the planned end: what is left below the ceiling holds it, and then little more. */
const SUPPORT = {
  extra1_label: "2:1 support by day and night",
  extra1_hours: 168,
  extra1_rate: 90,
  extra1_staff: 2,
  extra1_review: "4 10 2021",
  extra1_until: "13 12 2021",
  extra1_reason: "No scheduled rate covers two specialist workers at all hours.",
};

export async function run(officer) {
  const { js, check, signIn, another } = officer;
  const finance = await another();
  await finance.signIn("Sunita Varley");
  const before = await left(finance);

  await signIn("Priya Shah");
  const reference = await start(officer, { case_number: `T17-${js ? "on" : "off"}` });
  await send(officer, reference, ["Elm House"]);
  const provider = await another();
  await provider.signIn("Rashid Harescombe");
  await offer(provider, reference, "4150", SUPPORT);
  await recommend(officer, reference, "Elm House");
  const [approval] = (await askedFor(officer, reference)).values();

  const assistant = await another();
  await assistant.signIn("Helen Garraway");
  const [waiting] = (await askedFor(assistant, WAITING)).values();
  check(waiting, `nothing is asked for ${WAITING}`);
  await assistant.go(`/approvals/${waiting}`);
  await assistant.expectText("Can still be awarded after it: £412,600", "main");
  await approve(assistant, approval);
  const between = await left(finance);
  check(between !== before, `the award of ${reference} left the annual value as it was`);

  await refused(assistant, waiting, await money(finance));
  check((await left(finance)) === between, "a refused award changed the annual value");
  await finance.inspect();
  await recommendingIsRefused(officer);
  await urgent(await another(), finance, waiting);
}

/** The words that finance reads: ceiling, spent, planned, what can still be awarded. */
async function left({ page, go }) {
  await go("/finance/annual-value");
  return (await page.locator("main p", { hasText: "can still be awarded" }).first().innerText()).trim();
}

/** What can still be awarded, as an amount. */
async function money(finance) {
  return /can still be awarded (£[\d,.]+)/.exec(await left(finance))[1];
}

async function refused(assistant, waiting, amount) {
  const { go, press, follow, expectText, inspect } = assistant;
  await go(`/approvals/${waiting}`);
  await expectText("above the ceiling of £5,500,000", "main");
  await inspect();
  await follow("Approve this placement");
  await expectText("The annual value does not hold this award", "main");
  await inspect();
  await press("Approve this placement");
  await expectText("You cannot", "h1");
  await expectText(RULE, "main");
  await expectText("£5,500,000", "main");
  await expectText(amount, "main");
  await expectText("The decision maker", "main");
  await expectText("the holders of a recorded urgency power", "main");
  await inspect();
  await go(`/approvals/${waiting}`);
  await expectText("Requested", "main");
}

/** What does not fit is not even asked for, and the officer reads why before any work is done. Elm House has one child more now. */
async function recommendingIsRefused({ go, follow, expectText }) {
  await go("/referrals/HEF-R-0042/offers/compare");
  await follow("Recommend Ash Lodge");
  await expectText("above the ceiling of £5,500,000", "main");
}

/** The Director holds the recorded urgency power: the award goes on, shown as an exception. */
async function urgent(director, finance, waiting) {
  const { signIn, go, follow, fill, press, expectText, inspect } = director;
  await signIn("David Oakden");
  await go(`/approvals/${waiting}`);
  await follow("Approve this placement");
  await fill({ urgent: true });
  await press("Approve this placement");
  await expectText("Approved");
  await expectText("part 3, section 7", "main");
  await inspect();
  await left(finance);
  await finance.expectText("can still be awarded £0", "main");
  await finance.expectText("part 3, section 7", "main");
  await finance.inspect();
}

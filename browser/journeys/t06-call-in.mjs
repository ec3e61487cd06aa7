// T6: a call-in raised in the last hours of the window freezes awards: the next day, on which the decision would have taken
// effect, nothing is awarded under it; when the decision maker has confirmed it, awards go on.
import { approve, ask, askedFor, complete, enterOffer, firstHome, reasons, recommend, start } from "../lib/placement.mjs";

export const name = "T6 a call-in freezes awards";
export const alone = true;

/** Telford's decision, published on 7 September: call-in is open until the end of today. */
const DECISION = "TEL-2021-0907";
const GROUNDS = "The report does not say what the arrangement costs in its second year.";
const LATER = {
  when: { needed_by: "within_five_days", start: "16 9 2021" },
  where: { from: "TF1" },
};

export async function run(officer) {
  const { js, check, another } = officer;
  const [placements, director, democratic] = await people(officer);
  const services = await another();
  await services.signIn(democratic);
  await callIn(services);
  await everybodyReads(officer);

  const telford = await another();
  await telford.signIn(placements);
  const reference = await start(telford, { case_number: `T6-${js ? "on" : "off"}` });
  await complete(telford, reference, LATER);
  const home = await firstHome(telford, reference);
  await ask(telford, reference, [home]);
  await enterOffer(telford, reference, home, "2000", { start: "16 9 2021" });

  await move(officer, "9am");
  await frozen(telford, reference, home);
  await stands(officer, "Cannot award yet");
  await confirm(services);
  await stands(officer, "Can award");
  // The worker looks at each minute of the calendar once, and the demonstration's stands: it saw 9am before the confirmation.
  await move(officer, "9:15am");
  await adopted(telford, reference, home);
  await recommend(telford, reference, home);
  const asked = await askedFor(telford, reference);
  check(asked.has("Award of the placement agreement"), `${reference} waits for: ${[...asked.keys()].join(", ")}`);
  const approver = await another();
  await approver.signIn(director);
  await approve(approver, asked.get("Award of the placement agreement"));
}

/** Telford's placement officer, Assistant Director and democratic services officer, in the order of the list. */
async function people({ page, go, check }) {
  await go("/demo");
  const cards = page.locator(".govuk-summary-card", { hasText: "Telford" });
  const names = (await cards.locator(".govuk-summary-card__title").allInnerTexts()).map((text) => text.trim());
  check(names.length === 3, `the list has ${names.length} people of Telford, not three`);
  return names;
}

async function callIn({ go, follow, fill, press, expectText, inspect }) {
  await go(`/democratic/decisions/${DECISION}`);
  await expectText("Would be held by a call-in", "main");
  await follow("Record a call-in");
  await inspect();
  await press("Record this call-in");
  await expectText("Enter the grounds of the call-in", ".govuk-error-summary");
  await fill({ by: "Three members of the children's scrutiny committee", grounds: GROUNDS });
  await press("Record this call-in");
  await expectText("Nothing can be approved under it", "main");
  await expectText("Held until the decision maker confirms", "main");
  await inspect();
}

async function everybodyReads({ go, expectText, inspect }) {
  await go(`/decisions/${DECISION}`);
  await expectText(GROUNDS, "main");
  await expectText("It has no effect", "main");
  await inspect();
  await go("/decisions?called_in=yes");
  await expectText(DECISION, "main");
}

/** What the public page of the arrangement says of Telford. */
async function stands({ page, go, check }, words) {
  await go("/arrangement");
  const row = page.locator("main tr, main li, main .govuk-summary-card").filter({ hasText: "Telford" }).first();
  const text = (await row.innerText()).replace(/\s+/g, " ");
  check(text.includes(words), `the arrangement says of Telford: ${text}`);
}

async function frozen({ page, go, follow, fill, press, expectText, check }, reference, home) {
  await go(`/referrals/${reference}/offers/compare`);
  await follow(`Recommend ${home}`);
  await fill(await reasons(page));
  await press(/^Ask for/);
  await expectText("You cannot", "h1");
  await expectText("called in", "main");
  await expectText(DECISION, "main");
  await go("/approvals");
  check(!(await page.locator("main").innerText()).includes(reference), "an award was asked for under a called-in decision");
}

async function confirm({ go, fill, press, expectText, inspect }) {
  await go(`/democratic/decisions/${DECISION}`);
  await fill({ outcome: "no_further_action" });
  await press("Record the outcome");
  await expectText("The decision maker answers now", "main");
  await inspect();
  await press("Record that it was confirmed");
  await go(`/decisions/${DECISION}`);
  await expectText("No further action", "main");
  await expectText("Confirmed on 14 September 2021. Effective from that day.", "main");
}

/** The ceiling stands in the year's ledger as soon as the worker has looked at the calendar's next minute, within half a minute. */
async function adopted({ page, go, follow, until }, reference, home) {
  const holds = async () => {
    await go(`/referrals/${reference}/offers/compare`);
    await follow(`Recommend ${home}`);
    return !(await page.locator("main").innerText()).includes("gives this authority an annual value");
  };
  await until(holds, () => "the annual value was not adopted when the decision took effect", 40);
}

async function move({ go, fill, press, expectText, follow }, time) {
  await go("/demo");
  await follow("Move the demonstration's calendar");
  await fill({ day: "14 9 2021", day_time: time });
  await press("Move the calendar");
  await expectText(`${time} on Tuesday 14 September 2021`);
}

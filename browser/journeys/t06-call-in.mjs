// T6: a call-in raised in the last hours of the window freezes awards: the next day, on which the decision would have taken
// effect, nothing is awarded under it; when the decision maker has confirmed it, awards go on.
import { approve, ask, askedFor, complete, enterOffer, firstHome, reasons, recommend, start } from "../lib/placement.mjs";
import { adopted, DECISION, people, stands } from "../lib/telford.mjs";

export const name = "T6 a call-in freezes awards";
export const alone = true;

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

  await move(officer);
  await frozen(telford, reference, home);
  await stands(officer, "Cannot award yet");
  await confirm(services);
  await stands(officer, "Can award");
  await adopted(telford, reference, home);
  await recommend(telford, reference, home);
  const asked = await askedFor(telford, reference);
  check(asked.has("Award of the placement agreement"), `${reference} waits for: ${[...asked.keys()].join(", ")}`);
  const approver = await another();
  await approver.signIn(director);
  await approve(approver, asked.get("Award of the placement agreement"));
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
  await follow("The part that is exempt from publication");
  await expectText("No part of this decision is exempt from publication", "main");
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

async function move({ go, fill, press, expectText, follow }) {
  await go("/demo");
  await follow("Move the demonstration's calendar");
  await fill({ day: "14 9 2021", day_time: "9am" });
  await press("Move the calendar");
  await expectText("9am on Tuesday 14 September 2021");
}

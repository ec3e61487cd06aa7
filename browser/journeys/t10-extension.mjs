// T10: the term is extended, each authority decides for itself, and one leaves: its live agreements are listed with what
// becomes of each, providers are told, and after the initial term each authority stands as it decided.
export const name = "T10 an extension, and one authority leaves";
export const alone = true;

const EXTEND = "/region/arrangement/extend";

export async function run(marcus) {
  const { go, follow, fill, press, expectText, inspect, signIn, another, check, page } = marcus;
  await signIn("Marcus Inkberrow");
  await go("/region/arrangement");
  await expectText("Day 1,004 of 1,096; 92 days to 14 December 2021", "main");
  await expectText("extension left: 36 months, to 14 December 2024 at the longest", "main");
  await inspect();
  await region(marcus);
  await follow("Extend the term");
  await expectText("5 of 14 go on", "main");
  await expectText("Solihull Metropolitan Borough Council leaves on 15 December 2021", "main");
  await inspect();
  await beyondTheOption(marcus);

  const david = await another();
  await david.signIn("David Oakden");
  await leaves(david);

  await go(EXTEND);
  await expectText("Herefordshire Council leaves on 15 December 2021", "main");
  await expectText("Survives the end date", "main");
  await fill({ decided_months: 12, decided_on: "13 9 2021" });
  await press("Extend the term");
  check(new URL(page.url()).pathname === "/region/arrangement", `extending led to ${page.url()}`);
  await expectText("457 days to 14 December 2022; extension left: 24 months", "main");
  await inspect();

  await told(marcus, await another());
  await stands(marcus, "Herefordshire", "Leaves on 15 December 2021");
  await move(marcus, "15 12 2021");
  await stands(marcus, "Herefordshire", "Left");
  await stands(marcus, "Coventry", "Can award");
  await stands(marcus, "Birmingham", "no decision of it says that its powers go on: ask");
}

/** What the regional team reads of all authorities, a lot with what rests on it, and the successor; then its home again. */
async function region({ go, follow, expectText, inspect }) {
  await follow("Ceilings of all authorities");
  await expectText("is nearest to its ceiling", "main");
  await expectText("Walsall", "main");
  await inspect();
  await go("/region/arrangement/change");
  await follow("Planned residential care");
  await expectText("Homes admitted today", "main");
  await inspect();
  await go("/region/arrangement/successor");
  await expectText("Flexible Contracting Arrangement 2021 to 2025", "main");
  await expectText("It can be opened on or after 15 December 2021", "main");
  await inspect();
  await go("/region/arrangement");
}

async function beyondTheOption({ go, fill, press, expectText, inspect }) {
  await fill({ months: 37, answer_by: "1 11 2021" });
  await press("Propose this step to the authorities");
  await expectText("the longest end is 14 December 2024", "main");
  await inspect();
  await go(EXTEND);
  await fill({ from: "1 12 2021", months: 12, answer_by: "1 11 2021" });
  await press("Propose this step to the authorities");
  await expectText("would overlap the term", "main");
  await inspect();
}

/** The Director is warned on the home, cannot leave before the adoption, and leaves with the initial term. */
async function leaves({ go, follow, fill, press, expectText, inspect }) {
  await go("/approvals");
  await expectText("The term of the arrangement ends on 14 December 2021, in 92 days", "main");
  await inspect();
  await follow("What your authority has decided");
  await expectText("Last day to publish the 28 days' notice", "main");
  await expectText("The decision does not say: ask", "main");
  await inspect();
  await press("Leave the arrangement");
  await expectText("Enter the first day without the arrangement", ".govuk-error-summary");
  await inspect();
  await fill({ leaves: "15 1 2019", reason: "It buys by itself." });
  await press("Leave the arrangement");
  await expectText("took effect on 19 January 2019", "main");
  await inspect();
  await go("/arrangement/own");
  await fill({ leaves: "15 12 2021", reason: "It buys by itself." });
  await press("Leave the arrangement");
  await expectText("Your authority leaves", "main");
  await expectText("Survives the end date", "main");
  await inspect();
  await follow("Agreements that run past the end");
  await expectText("mini-blocks run past it", "main");
  await inspect();
}

/** A provider reads who leaves, and what becomes of its placements. */
async function told({ page, go }, provider) {
  await go("/demo");
  const card = page.locator(".govuk-summary-card", { hasText: "Placements manager" }).first();
  await provider.signIn((await card.locator(".govuk-summary-card__title").innerText()).trim());
  await provider.go("/provider/arrangement");
  await provider.expectText("Herefordshire Council leaves the arrangement on 15 December 2021", "main");
  await provider.inspect();
}

async function stands({ page, go, check }, who, words) {
  await go("/arrangement");
  const row = page.locator("main tr, main li, main .govuk-summary-card").filter({ hasText: who }).first();
  const text = (await row.innerText()).replace(/\s+/g, " ");
  check(text.includes(words), `the arrangement says of ${who}: ${text}`);
}

async function move({ go, follow, fill, press }, day) {
  await go("/demo");
  await follow("Move the demonstration's calendar");
  await fill({ day, day_time: "9am" });
  await press("Move the calendar");
}

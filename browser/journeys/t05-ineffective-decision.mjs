// T5: an authority whose decision is not yet effective can prepare an award but make none; the next day, by the
// calendar alone, it can.
import { approve, ask, askedFor, complete, enterOffer, firstHome, reasons, recommend, start } from "../lib/placement.mjs";

export const name = "T5 a decision that takes effect tomorrow";
export const alone = true;

/** Telford's decision, published on 7 September with four working days of call-in. */
const DECISION = "TEL-2021-0907";
const LATER = {
  when: { needed_by: "within_five_days", start: "15 9 2021" },
  where: { from: "TF1" },
};

export async function run(officer) {
  const { js, check, go, another, inspect, expectText } = officer;
  const [placements, director] = await people(officer);
  await stands(officer, "Cannot award yet");
  await inspect();
  await go(`/decisions/${DECISION}`);
  await expectText("14 September 2021");
  await inspect();

  const telford = await another();
  await telford.signIn(placements);
  const reference = await start(telford, { case_number: `T5-${js ? "on" : "off"}` });
  await complete(telford, reference, LATER);
  const home = await firstHome(telford, reference);
  await ask(telford, reference, [home]);
  await enterOffer(telford, reference, home, "2000", { start: "15 9 2021" });
  await blocked(telford, reference, home);

  await move(officer);
  await stands(officer, "Can award");
  await adopted(telford, reference, home);
  await recommend(telford, reference, home);
  const asked = await askedFor(telford, reference);
  check(asked.has("Award of the placement agreement"), `${reference} waits for: ${[...asked.keys()].join(", ")}`);
  const approver = await another();
  await approver.signIn(director);
  await approve(approver, asked.get("Award of the placement agreement"));
  await approver.expectText(`Limb (b) of decision ${DECISION}`, "main");
}

/** The names of Telford's placement officer and Assistant Director, who stand in the demonstration's list. */
async function people({ page, go, check }) {
  await go("/demo");
  const cards = page.locator(".govuk-summary-card", { hasText: "Telford" });
  const names = (await cards.locator(".govuk-summary-card__title").allInnerTexts()).map((text) => text.trim());
  check(names.length === 3, `the list has ${names.length} people of Telford, not three`);
  return names.slice(0, 2);
}

/** What the public page of the arrangement says of Telford. */
async function stands({ page, go, check }, words) {
  await go("/arrangement");
  const row = page.locator("main tr, main li, main .govuk-summary-card").filter({ hasText: "Telford" }).first();
  const text = (await row.innerText()).replace(/\s+/g, " ");
  check(text.includes(words), `the arrangement says of Telford: ${text}`);
}

async function blocked({ page, go, follow, fill, press, expectText, inspect, check }, reference, home) {
  await go(`/referrals/${reference}/offers/compare`);
  await follow(`Recommend ${home}`);
  await fill(await reasons(page));
  await press(/^Ask for/);
  await expectText("You cannot", "h1");
  await expectText(DECISION, "main");
  await expectText("14 September 2021", "main");
  await inspect();
  await go("/approvals");
  check(!(await page.locator("main").innerText()).includes(reference), "an award was asked for before there was a power to make it");
}

/** The ceiling stands in the year's ledger as soon as the worker has looked at the calendar, within half a minute. */
async function adopted({ page, go, follow, until }, reference, home) {
  const holds = async () => {
    await go(`/referrals/${reference}/offers/compare`);
    await follow(`Recommend ${home}`);
    return !(await page.locator("main").innerText()).includes("gives this authority an annual value");
  };
  await until(holds, () => "the annual value was not adopted when the decision took effect", 40);
}

async function move({ go, follow, fill, press, expectText, expectNoText, inspect }) {
  await go("/demo");
  await expectText("10:20am on Monday 13 September 2021");
  await follow("Move the demonstration's calendar");
  await inspect();
  await fill({ day: "12 9 2021", day_time: "9am" });
  await press("Move the calendar");
  await expectText("it only moves on", ".govuk-error-summary");
  await inspect();
  await fill({ day: "14 9 2021", day_time: "9am" });
  await press("Move the calendar");
  await expectText("9am on Tuesday 14 September 2021");
  await go("/arrangement");
  await expectNoText("Today is 13 September 2021");
}

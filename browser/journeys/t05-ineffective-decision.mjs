// T5: an authority whose decision is not yet effective can prepare an award but make none; the next day, by the
// calendar alone, it can.
import { approve, ask, askedFor, complete, enterOffer, firstHome, reasons, recommend, start } from "../lib/placement.mjs";
import { adopted, DECISION, people, stands } from "../lib/telford.mjs";

export const name = "T5 a decision that takes effect tomorrow";
export const alone = true;

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

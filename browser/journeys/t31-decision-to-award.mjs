// T31: the road begins at a formal decision. Telford takes back the decision that would have held tomorrow and publishes
// another: its text is pasted, each field checked beside its source and kept; its call-in passes; a limb is linked to the
// posts that it means; the annual value stands by it; and a placement is awarded by that power.
import { approve, ask, askedFor, complete, enterOffer, firstHome, recommend, start } from "../lib/placement.mjs";
import { DECISION, people, stands } from "../lib/telford.mjs";

export const name = "T31 from a published decision to an award";
export const alone = true;
export const long = true;

const LATER = "TEL-2021-0913";
const TITLE = "Placements in children's homes: adoption of the regional arrangement";
const PURPOSE =
  "To adopt the regional Flexible Contracting Arrangement (FCA) for placements in children's homes from 15 December 2018 to 14 December 2021 with option to extend for up to a further 3 years.";
const ADOPTS =
  "the regional Flexible Contracting Arrangement (FCA) for placements in children's homes be adopted up to an annual value of £4,200,000";
const POSTS = "the Director for Children and Families and relevant Assistant Directors";
const IMPLEMENTS = `${POSTS} be authorised to take all necessary operational decisions to implement the above recommendation, including award of placement agreements and mini-block contracts through the FCA`;
const SPOT = `${POSTS} be further authorised to take all necessary operational decisions to spot-purchase placements outside the FCA should the need arise for individual children`;

/** The invented page as it is published. It does not say which kind of body decided, and has no address. */
const PUBLISHED = `Decision details

Title: ${TITLE}

Reference: ${LATER}

Decision Maker: Cabinet member children and families

Decision status: Recommendations Approved

Is Key decision?: Yes

Is subject to call in?: Yes

Purpose:

${PURPOSE}

Decision:

(a) ${ADOPTS};

(b) ${IMPLEMENTS};

(c) ${SPOT}.

Alternative options considered:

1. Buy every placement by itself. Each would need its own checks and its own terms.

2. Set up a framework for this authority only. Few homes would offer to one authority.

Reasons for the decision: Most homes in reach have joined the arrangement.

Conflicts of interest: None declared.

Dispensations: None.

Urgency: Not urgent.

Reason Key: Expenditure and impact on communities

Wards Affected: (All Wards)

Contact: Children's services, Commissioning officer Email: Tel: 01632 960122

Publication date: 13/09/2021

Date of decision: 13/09/2021

Effective from: 18/09/2021

Accompanying Documents:
`;

/** Each field that the text gives: its value, and the words of the text that must stand beside it. */
const BESIDE = {
  title: [TITLE, `Title: ${TITLE}`],
  decision_maker: ["Cabinet member children and families", "Decision Maker:"],
  status: ["Recommendations Approved", "Decision status:"],
  key_decision: ["yes", "Is Key decision?: Yes"],
  subject_to_call_in: ["yes", "Is subject to call in?: Yes"],
  purpose: [PURPOSE, "To adopt the regional Flexible Contracting Arrangement"],
  limb_0_ceiling: ["4,200,000", "an annual value of £4,200,000"],
  reasons: ["Most homes in reach have joined the arrangement.", "Reasons for the decision:"],
  conflicts_of_interest: ["None declared.", "Conflicts of interest:"],
  dispensations: ["None.", "Dispensations:"],
  urgency: ["Not urgent.", "Urgency:"],
  reason_key: ["Expenditure and impact on communities", "Reason Key:"],
  wards: ["(All Wards)", "Wards Affected:"],
  published_on: ["13 9 2021", "Publication date: 13/09/2021"],
  decided_on: ["13 9 2021", "Date of decision: 13/09/2021"],
  effective_from: ["18 9 2021", "Effective from: 18/09/2021"],
  term_start: ["15 12 2018", "from 15 December 2018"],
  term_end: ["14 12 2021", "from 15 December 2018"],
  option_months: ["36", "To adopt the regional Flexible Contracting Arrangement"],
};

/** What stands in the form without a line of its own. */
const READ = {
  reference: LATER,
  limb_0_letter: "a",
  limb_0_text: ADOPTS,
  limb_0_adopts: "yes",
  limb_1_letter: "b",
  limb_1_text: IMPLEMENTS,
  limb_1_powers: "operational award_placements award_mini_blocks",
  limb_1_posts: "Director for Children and Families\nrelevant Assistant Directors",
  limb_2_letter: "c",
  limb_2_powers: "spot_purchase",
  contact: "Commissioning officer",
  governing_body: "",
  source_url: "",
};

export async function run(officer) {
  const { another, go, follow, fill, press, expectText } = officer;
  const [placements, director, democratic] = await people(officer);
  const services = await another();
  await services.signIn(democratic);
  await takeBack(services);
  await stands(officer, "Cannot award yet");
  const telford = await another();
  await telford.signIn(placements);
  await telford.go("/finance/annual-value");
  await telford.expectText("Cannot award yet: no decision to adopt the arrangement is recorded.", "main");
  await telford.expectText("can still be awarded £0", "main");

  await paste(services);
  await beside(services);
  await record(services);
  await publish(services);
  await inTheWindow(officer);

  await go("/demo");
  await follow("Move the demonstration's calendar");
  await fill({ day: "20 9 2021", day_time: "9am" });
  await press("Move the calendar");
  await go(`/decisions/${LATER}`);
  await expectText("Effective", "main");
  await stands(officer, "Can award");

  const approver = await another();
  await approver.signIn(director);
  await delegate(services, approver);
  await annualValue(telford);
  await award(telford, approver);
}

/** The earlier decision is taken back before it holds, so that nothing but the new one gives a power. */
async function takeBack({ page, go, fill, press, expectText }) {
  await go(`/democratic/decisions/${DECISION}`);
  await page.locator("summary", { hasText: "It was rescinded or replaced" }).click();
  await fill({ reason: "The annual value was put too high." });
  await press("Record that it was rescinded");
  await expectText("Rescinded on 13 September 2021", "main");
}

async function paste({ go, follow, fill, press, expectText, inspect }) {
  await go("/democratic/decisions");
  await follow("Record a decision");
  await inspect();
  await fill({ text: PUBLISHED });
  await press("Read this text");
  await expectText("Check each field beside its source", "h1");
  await inspect();
}

/** Nothing is guessed: what the text gives stands beside its line, and what it does not give is asked for. */
async function beside({ page, check, expectText }) {
  await expectText("The text does not give:", "main");
  const shown = async (name) => {
    const of = (suffix = "") => page.locator(`main [name="${name}${suffix}"]`);
    if ((await of("_day").count()) > 0) {
      const parts = await Promise.all(["_day", "_month", "_year"].map((part) => of(part).inputValue()));
      return parts.join(" ");
    }
    check((await of().count()) > 0, `the form has no field "${name}"`);
    const kind = await of().first().getAttribute("type");
    if (kind !== "radio" && kind !== "checkbox") return of().inputValue();
    return (await of().evaluateAll((boxes) => boxes.filter((box) => box.checked).map((box) => box.value))).join(" ");
  };
  for (const [name, value] of [...Object.entries(READ), ...Object.entries(BESIDE).map(([name, [value]]) => [name, value])]) {
    const found = await shown(name);
    check(found === value, `${name} was read as "${found}", not "${value}"`);
  }
  for (const [name, [, line]] of Object.entries(BESIDE)) {
    const hint = (await page.locator(`#${name}-hint`).first().innerText()).replace(/\s+/g, " ");
    check(hint.startsWith("In the text: “") && hint.includes(line), `beside ${name} stands: ${hint}`);
  }
  const options = await page.locator("main [name=alternatives]").inputValue();
  check(/^1\. Buy every placement.*\n\n2\. Set up a framework/s.test(options), `the alternatives were read as: ${options}`);
}

async function record({ page, fill, press, follow, expectText, inspect, check }) {
  await fill({ governing_body: "council_executive", source_url: "https://decisions.telford.example/details?id=913" });
  await press("Record this decision as a draft");
  check(new URL(page.url()).pathname === `/democratic/decisions/${LATER}`, `recording led to ${page.url()}`);
  await expectText("Not published", "main");
  await expectText("£4,200,000", "main");
  await inspect();
  await follow("See it as the public will read it");
  await expectText("Look at these first", "main");
  await expectText(ADOPTS, "main");
}

async function publish({ go, press, expectText, inspect }) {
  await go(`/democratic/decisions/${LATER}`);
  await press("Publish this decision");
  await expectText("In call-in window", "main");
  await expectText("18 September 2021", "main");
  await inspect();
  await go("/democratic/delegations");
  await expectText("No decision of this authority is in force, so nobody holds a power under one.", "main");
}

async function inTheWindow(anybody) {
  await anybody.go(`/decisions/${LATER}`);
  await anybody.expectText(`${TITLE}`, "h1");
  await anybody.expectText("Until 18 September 2021 work may be prepared, and nothing is approved under this decision.", "main");
  await anybody.inspect();
  await stands(anybody, "Cannot award yet");
}

/** The words of limb (b) are linked to the posts that they mean; until then nobody holds the power. */
async function delegate(services, approver) {
  const { page, go, follow, fill, press, expectText, inspect, check } = services;
  await approver.go("/democratic/delegations");
  await approver.expectText("You hold no post that the limb names", "main");
  for (const [post, relevant] of [["Director for Children and Families", false], ["Assistant Director, Safeguarding and Family Support", true]]) {
    await go("/democratic/delegations");
    await follow("Link a limb to a post");
    const limb = page.locator("main select[name=letter] option", { hasText: `Limb (b) of ${LATER}` });
    check((await limb.count()) === 1, `${await limb.count()} choices are limb (b) of ${LATER}`);
    await fill({ letter: await limb.getAttribute("value"), post, ...(relevant && { relevant: true }) });
    await press("Link a limb to a post");
    await expectText(post, "main");
  }
  await inspect();
  await approver.go("/democratic/delegations");
  await approver.expectText(
    `Limb (b) of decision ${LATER}, in force since 18 September 2021, used by the Assistant Director, Safeguarding and Family Support.`,
    "main",
  );
  await approver.go("/arrangement/own");
  await approver.expectText(`Can award since 18 September 2021 under decision ${LATER}.`, "main");
  await approver.inspect();
}

/** The ceiling and what can still be awarded, as the page of the annual value says them. */
async function left({ page, go }) {
  await go("/finance/annual-value");
  const [, ceiling, rest] = /Ceiling (£[\d,.m]+) .*can still be awarded (£[\d,.]+)/.exec(await page.locator("main").innerText()) ?? [];
  return { ceiling, rest };
}

/** The ceiling follows by itself once the decision holds, and the page names the decision that set it. */
async function annualValue(telford) {
  const { page, until, inspect, check } = telford;
  await until(async () => (await left(telford)).ceiling === "£4.2m", () => "the annual value did not follow its decision", 40);
  const step = page.locator("main tr", { has: page.locator(`a[href="/decisions/${LATER}"]`) }).first();
  const words = (await step.textContent()).replace(/\s+/g, " ");
  check(words.includes("£4,200,000") && words.includes("20 September 2021"), `the step of the ceiling says: ${words}`);
  await inspect();
}

async function award(telford, approver) {
  const { js, check } = telford;
  const before = (await left(telford)).rest;
  const reference = await start(telford, { case_number: `T31-${js ? "on" : "off"}` });
  await complete(telford, reference, { when: { needed_by: "within_five_days", start: "23 9 2021" }, where: { from: "TF1" } });
  const home = await firstHome(telford, reference);
  await ask(telford, reference, [home]);
  const said = { said_at: "20 9 2021", said_at_time: "9am" };
  await enterOffer(telford, reference, home, "2000", { start: "23 9 2021", valid: "27 9 2021", ...said });
  await recommend(telford, reference, home);
  const asked = await askedFor(telford, reference);
  check(asked.has("Award of the placement agreement"), `${reference} waits for: ${[...asked.keys()].join(", ")}`);
  // A home outside the area needs a nominated officer as well; the money is committed with the last approval.
  for (const approval of asked.values()) await approve(approver, approval);
  await approver.go(`/approvals/${asked.get("Award of the placement agreement")}`);
  await approver.expectText(`Limb (b) of decision ${LATER}`, "main");
  const after = (await left(telford)).rest;
  check(after !== undefined && after !== before, `after the award of ${reference} ${after} can still be awarded, as before`);
  await telford.inspect();
}

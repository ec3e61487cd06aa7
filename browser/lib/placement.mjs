// The long road of a placement by the pages alone, in steps that journeys share: refer, send, offer, compare,
// recommend, approve, sign, start. Dates are those of the demonstration's Monday, 13 September 2021.

const RISKS_TO_CHILD = ["riskSelfHarm", "riskCriminalExploitation", "riskDrugAlcohol", "riskEatingDisorder", "riskMissing", "riskSexualExploitation"];
const RISKS_TO_OTHERS = ["riskToOthersPhysical", "riskToOthersSexual", "riskToOthersFire", "riskToOthersAnimals", "riskToOthersCriminal"];
const none = (risks) => Object.fromEntries(risks.map((risk) => [risk, "no_known_risk"]));

/** The answers of each task, by the last part of its page's address. */
const TASKS = {
  about: { sex: "female", legal_basis: "C2", complex_needs: "no" },
  needs: {
    what_helps: "Swimming, a quiet evening and a key worker who keeps to what was said.",
    wishes: "Wants to stay near friends.",
    lot: "planned",
    need_band: "standard",
    communication_needs: "no",
    communication: ["none"],
    cultural_needs: "not_required",
    home_adaptation: "no",
    foster_care: "unsuitable",
    residential_care: "preferred",
    supported_accommodation: "unsuitable",
  },
  alongside: { living_companions: "with_others", pets: "yes_can", sibling_count: 0 },
  when: {
    needed_by: "today",
    start: "13 9 2021",
    planned_end: "13 12 2021",
    approved_by: "panel",
    approved_who: "Margaret Lyde",
    approved_on: "9 9 2021",
    approved_band: "above_10000",
    approval_reference: "PP-31",
  },
  where: { from: "HR1", within_miles: 75, preferred_location_local: "yes" },
  education: { education: "new_school" },
  health: { health: "universal" },
  "risks-to-child": none(RISKS_TO_CHILD),
  "risks-to-others": none(RISKS_TO_OTHERS),
  liberty: { deprivation_of_liberty: "no" },
  documents: { papers: "none" },
};

/** Starts a referral for a child not yet on record, with what else is known of the child; gives its reference. */
export async function start({ page, go, fill, press, check }, known) {
  await go("/referrals/new");
  const child = { given_names: "Imogen", family_name: "Fairweather", born: "2 2 2008", sex: "female", ...known };
  await fill({ which: "new", ...child });
  await press("Start");
  const reference = /[A-Z]{3}-R-\d+/.exec(page.url())?.[0];
  check(reference, `starting a referral led to ${page.url()}`);
  return reference;
}

/** The home that stands first among those that can be asked. */
export async function firstHome({ page, go }, reference) {
  await go(`/referrals/${reference}/recipients`);
  const first = page.locator("main .govuk-checkboxes__item", { has: page.locator("input[name^=homes_fca]:not(:disabled)") }).first();
  return (await first.locator("label").innerText()).split(/,|\n/)[0].trim();
}

/** Completes the tasks, some of them with other answers. */
export async function complete({ page, go, fill, press, check }, reference, other = {}) {
  for (const [task, answers] of Object.entries(TASKS)) {
    await go(`/referrals/${reference}/${task}`);
    await fill({ ...answers, ...other[task] });
    await press("Save and continue");
    check((await page.locator(".govuk-error-summary").count()) === 0, `${task}: ${await page.locator(".govuk-error-summary").allInnerTexts()}`);
  }
}

/** Completes the tasks, asks the homes named, and sends. */
export async function send(officer, reference, homes) {
  await complete(officer, reference);
  await ask(officer, reference, homes);
}

/** Asks the homes named, and sends. */
export async function ask(officer, reference, homes, deadline = "end_of_today") {
  const { page, go, fill, press, check } = officer;
  await go(`/referrals/${reference}/recipients`);
  for (const home of homes) {
    const label = page.locator("main .govuk-checkboxes__item", { hasText: home }).first();
    check((await label.count()) > 0, `${home} is not among the homes to ask`);
    const box = label.locator("input");
    await fill({ [await box.getAttribute("name")]: await box.getAttribute("value") });
  }
  for (const skipped of await page.locator("main select[name^=skip_]").evaluateAll((lists) => lists.map((list) => list.name))) {
    if (skipped !== "skip_fca") await fill({ [skipped]: "not_most_appropriate" });
  }
  await fill({ deadline });
  await press("Save and continue");
  await go(`/referrals/${reference}/check`);
  if ((await page.locator("[name=accept_few]").count()) > 0) await fill({ accept_few: "yes" });
  await press(/^Send to/);
  check(new URL(page.url()).pathname.startsWith(`/referrals/${reference}`), `sending led to ${page.url()}`);
}

const offered = (core) => ({
  start: "13 9 2021",
  core,
  keeps_school: "no",
  solo: "no",
  impact: "The children who live there would welcome another; nothing known speaks against it.",
  valid: "20 9 2021",
  valid_time: "5pm",
});

/** Says of each child whom the home's beds show what it means, and presses; once more where others live there on that night. */
async function sendConsidered({ page, fill, press }, button) {
  for (let time = 0; time < 2; time += 1) {
    const effects = await page.locator("main select[name^=resident][name$=_effect]").evaluateAll((lists) => lists.map((list) => list.name));
    for (const effect of effects) await fill({ [effect.replace("_effect", "_band")]: "13_to_15", [effect]: "neutral" });
    await press(button);
    if ((await page.getByRole("button", { name: button }).count()) === 0) return;
  }
}

/** The provider's manager offers a place at one of their own homes. */
export async function offer(given, reference, core, extra = {}) {
  const { page, go, fill, follow, expectText } = given;
  await go(`/provider/referrals/${reference}`);
  await follow("Offer a place");
  await fill({ ...offered(core), ...extra });
  await sendConsidered(given, "Send the offer");
  await expectText("Offered");
  return page;
}

/** The officer writes down what a home said by telephone; `named`: with the first bed that is free. Gives what the home calls it. */
export async function enterOffer(given, reference, home, core, { named = false, ...extra } = {}) {
  const { page, go, fill, follow, check } = given;
  await go(`/referrals/${reference}`);
  await follow(`Offer from ${home}`);
  const said = { channel: "phone", said_at: "13 9 2021", said_at_time: "10:20am", said_by: "The registered manager", evidence: "Offered by phone." };
  await fill({ ...offered(core), ...said, ...extra });
  let room;
  if (named) {
    const bed = page.locator("main select[name=bed] option:not([value=''])").first();
    check((await bed.count()) === 1, `${page.url()} names no bed of ${home} that is free`);
    room = (await bed.textContent()).trim();
    await fill({ bed: await bed.getAttribute("value") });
  }
  await sendConsidered(given, "Record the offer");
  return room;
}

/** Recommends the home named out of those compared, and asks for the approvals that it needs. */
export async function recommend(officer, reference, home) {
  const { page, go, fill, follow, press, check } = officer;
  await go(`/referrals/${reference}/offers/compare`);
  await follow(`Recommend ${home}`);
  await fill(await reasons(page));
  await press(/^Ask for/);
  const refused = page.locator(".govuk-error-summary, main:has(h1:text('You cannot'))");
  check((await refused.count()) === 0, `recommending: ${await refused.allInnerTexts()}`);
}

/** An answer for each question of the form that recommends. */
export async function reasons(page) {
  const fields = await page.locator("main [name]").evaluateAll((list) => list.map((field) => [field.name, field.value]));
  const first = (name) => fields.find(([other]) => other === name)?.[1];
  const answers = {};
  for (const [name] of fields) {
    if (name.startsWith("for_")) answers[name] = "It has a bed and meets the needs.";
    if (name.startsWith("against_")) answers[name] = "Another home is nearer to friends.";
    if (name.startsWith("not_chosen_")) answers[name] = first(name);
  }
  Object.assign(answers, {
    wishes: first("wishes"),
    wishes_words: "She wants to stay near friends and was glad of this home.",
    relatives: first("relatives"),
    most_appropriate: "yes",
    in_care_plan: "yes",
    reviewing_officer: "10 9 2021",
    planned_end: "13 12 2021",
    case: first("case"),
  });
  if (fields.filter(([name]) => name.startsWith("for_")).length === 1) answers.circumstances = "The only home with a bed that answered.";
  if ((await page.locator("main").innerText()).includes("does not have the most points")) answers.circumstances = "It is nearer to her friends.";
  if (first("area_authority_day") !== undefined) answers.area_authority = "10 9 2021";
  if (first("care_plan_sent") !== undefined) answers.care_plan_sent = "yes";
  return answers;
}

/** The approvals that a referral waits for: what each is, and its reference. */
export async function askedFor({ page, go }, reference) {
  await go("/approvals");
  const rows = await page
    .locator("main tbody tr", { hasText: reference })
    .evaluateAll((list) => list.map((row) => [row.innerText, row.querySelector("a").getAttribute("href").split("/").pop()]));
  return new Map(rows.map(([text, approval]) => [text.replace(approval, "").trim().split("\n")[0].trim(), approval]));
}

/** Approves as somebody who may. */
export async function approve({ go, follow, press, expectText }, approval) {
  await go(`/approvals/${approval}`);
  await follow("Approve this placement");
  await press("Approve this placement");
  await expectText("Approved");
}

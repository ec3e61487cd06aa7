// The long road of a placement by the pages alone, in steps that journeys share: refer, send, offer, compare,
// recommend, approve, sign, start. Dates are those of the demonstration's Monday, 13 September 2021.

const RISKS_TO_CHILD = ["riskSelfHarm", "riskCriminalExploitation", "riskDrugAlcohol", "riskEatingDisorder", "riskMissing", "riskSexualExploitation"];
const RISKS_TO_OTHERS = ["riskToOthersPhysical", "riskToOthersSexual", "riskToOthersFire", "riskToOthersAnimals", "riskToOthersCriminal"];
const none = (risks) => Object.fromEntries(risks.map((risk) => [risk, "no_known_risk"]));

/** The answers of each task, by the last part of its page's address. */
const TASKS = {
  about: { age: 13, sex: "female", legal_basis: "C2", complex_needs: "no" },
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
    approved_on: "9 9 2021",
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

/** Starts a referral for a child not yet on record; gives its reference. */
export async function start({ page, go, fill, press, check }, { case_number, given_names = "Imogen", family_name = "Fairweather" }) {
  await go("/referrals/new");
  await fill({ which: "new", given_names, family_name, born: "2 2 2008", sex: "female", case_number });
  await press("Start");
  const reference = /HEF-R-\d+/.exec(page.url())?.[0];
  check(reference, `starting a referral led to ${page.url()}`);
  return reference;
}

/** Completes the tasks, asks the homes named, and sends. */
export async function send(officer, reference, homes) {
  const { page, go, fill, press, check } = officer;
  for (const [task, answers] of Object.entries(TASKS)) {
    await go(`/referrals/${reference}/${task}`);
    await fill(answers);
    await press("Save and continue");
    check((await page.locator(".govuk-error-summary").count()) === 0, `${task}: ${await page.locator(".govuk-error-summary").allInnerTexts()}`);
  }
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
  await fill({ deadline: "end_of_today" });
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

/** The provider's manager offers a place at one of their own homes. */
export async function offer({ page, go, fill, follow, press, expectText }, reference, core) {
  await go(`/provider/referrals/${reference}`);
  await follow("Offer a place");
  await fill(offered(core));
  await press("Send the offer");
  await expectText("Offered");
  return page;
}

/** The officer writes down what a home said by telephone. */
export async function enterOffer({ page, go, fill, follow, press }, reference, home, core) {
  await go(`/referrals/${reference}`);
  await follow(`Offer from ${home}`);
  await fill({ ...offered(core), channel: "phone", said_at: "13 9 2021", said_at_time: "10:20am" });
  await press("Record the offer");
  return page;
}

/** Recommends the home named out of those compared; gives the references of the approvals asked for. */
export async function recommend({ page, go, fill, follow, press, check }, reference, home) {
  await go(`/referrals/${reference}/offers/compare`);
  await follow(`Recommend ${home}`);
  const names = await page.locator("main textarea, main input[type=radio]").evaluateAll((fields) => [...new Set(fields.map((field) => field.name))]);
  const answers = {};
  for (const name of names) {
    if (name.startsWith("for_")) answers[name] = "It has a bed and meets the needs.";
    if (name.startsWith("against_")) answers[name] = "Another home is nearer to friends.";
    if (name.startsWith("not_chosen_")) answers[name] = await page.locator(`[name="${name}"]`).first().getAttribute("value");
  }
  const first = (name) => page.locator(`main [name="${name}"]`).first().getAttribute("value");
  await fill({
    ...answers,
    wishes: await first("wishes"),
    wishes_words: "She wants to stay near friends and was glad of this home.",
    relatives: await first("relatives"),
    most_appropriate: "yes",
    in_care_plan: "yes",
    reviewing_officer: "10 9 2021",
    planned_end: "13 12 2021",
    case: await first("case"),
  });
  for (const day of ["area_authority"]) {
    if ((await page.locator(`[name=${day}_day]`).count()) > 0) await fill({ [day]: "10 9 2021" });
  }
  if ((await page.locator("[name=care_plan_sent]").count()) > 0) await fill({ care_plan_sent: "yes" });
  await press(/^Ask for/);
  check((await page.locator(".govuk-error-summary").count()) === 0, `recommending: ${await page.locator(".govuk-error-summary").allInnerTexts()}`);
  await go("/approvals");
  return page.locator("main tr", { hasText: reference }).locator("a").evaluateAll((links) => links.map((link) => /HEF-D-\d+/.exec(link.getAttribute("href"))?.[0]).filter(Boolean));
}

// T21: a full admission by four evaluators. The provider reviews its earlier answers, adds a lot with its homes and a price and
// sends; after the deadline the lead begins the evaluation, judges the gates, and four evaluators of four authorities score, each
// alone: one of them declares a conflict, and a colleague of the same authority takes the seat; a fifth does not answer, and the
// lead releases that seat. Moderation shows the spread; the letter goes out, the standstill passes, and the provider's homes are on the lot.
export const name = "T21 a provider is admitted by four evaluators";
export const alone = true;
export const long = true;

const OPENING = "AR-005";
const APPLICATION = `/provider/admission/${OPENING}`;

export async function run(lead) {
  const { go, page, signIn, another, expectText, inspect, check } = lead;
  const people = await evaluators(lead);
  const provider = await another();
  await provider.signIn(people.provider);
  await apply(provider);

  await signIn("Marcus Inkberrow");
  await answerTheQuestion(lead);
  await go(`/region/admission/${OPENING}`);
  await expectText("They are read after the deadline, all together", "main");
  await move(lead, "27 9 2021");
  const record = await begin(lead, people.addresses);
  await judge(lead, record);

  const [first, ...others] = people.names;
  const one = await another();
  await one.signIn(first);
  await declareConflict(one, record);
  await passOn(lead, record, first);
  await releaseSeat(lead, record, /Walsall/);
  await one.signIn("Amir Hallowes");
  await declareAndScore(one, record, 3, true);
  await go(record);
  await lead.press("Open the scores to the panel");
  await expectText("Scores are waited for from", "main");
  await inspect();
  for (const [at, who] of others.entries()) {
    const evaluator = await another();
    await evaluator.signIn(who);
    await declareAndScore(evaluator, record, 3 + at % 3, false);
  }
  await moderate(lead, record);
  await tell(provider);
  await go(record);
  await lead.press("Make the outcome final");
  await expectText("The standstill is not over", "main");
  await move(lead, "11 10 2021");
  await go(record);
  await lead.press("Make the outcome final");
  await expectText("Admitted", "main");
  await expectText("Relied on by", "main");
  await inspect();
  await one.go(record);
  await one.expectText("Consensus of the panel", "main");
  await one.inspect();
  await go("/region/evaluations");
  const row = (await page.locator("main tr").filter({ hasText: OPENING }).first().innerText()).replace(/\s+/g, " ");
  check(row.includes("Admitted") && row.includes("Relied on"), `the list says: ${row}`);
}

/** The people who evaluate, and the provider of the story, by the names on the page to sign in. */
async function evaluators({ page, go, check }) {
  await go("/demo");
  const cards = await page.locator(".govuk-summary-card").allInnerTexts();
  const find = (...words) => {
    const card = cards.find((text) => words.every((word) => text.includes(word)));
    check(card, `nobody to sign in as: ${words.join(", ")}`);
    return card.trim().split("\n")[0].trim();
  };
  const addresses = [
    "priya.shah@herefordshire.example",
    "director@shropshire.example",
    "placements1@telford-and-wrekin.example",
    "placements1@coventry.example",
    "director@walsall.example",
  ];
  const names = [
    "Priya Shah",
    find("Shropshire", "Director"),
    find("Telford", "Placement officer"),
    find("Coventry", "Placement officer"),
  ];
  return { addresses, names, provider: find("Placements manager") };
}

async function move({ go, follow, fill, press }, day) {
  await go("/demo");
  await follow("Move the demonstration's calendar");
  await fill({ day, day_time: "9am" });
  await press("Move the calendar");
}

/** Earlier answers are reviewed first, section by section; a price above the ceiling is not saved. */
async function apply({ page, go, follow, fill, press, expectText, inspect, check }) {
  await go("/provider/arrangement");
  await follow("Join, add homes or apply again");
  await inspect();
  await follow("Homes near Telford and Shrewsbury");
  await expectText("Carried from your application of", "main");
  await inspect();
  await fill({ name: "Rashid Harescombe", role: "Director", authority: ["yes"] });
  await press("Send the application");
  await expectText("have not been reviewed", "main");
  await inspect();
  await go(`${APPLICATION}/selection`);
  await inspect();
  await fill({
    accounts_to: "31 3 2021",
    turnover: 2400000,
    going_concern: "yes",
    safeguarding_on: "1 2 2021",
    data_protection_until: "31 5 2022",
  });
  await press("Save");
  await go(`${APPLICATION}/lots/planned`);
  await inspect();
  const homes = page.locator('input[name="planned_homes"]');
  check((await homes.count()) > 0, "the provider has no home to name");
  const urn = await homes.first().getAttribute("value");
  await fill({ planned_homes: [urn], planned_accommodation: 1000, planned_care: 99000 });
  await press("Save");
  await expectText("the template's floor and ceiling", ".govuk-error-summary");
  await inspect();
  await fill({ planned_accommodation: 1000, planned_care: 3200 });
  await press("Save");
  await press("Confirm what is still true");
  await expectText("Select each answer that is still true", ".govuk-error-summary");
  await inspect();
  for (const section of await page.locator('input[name="sections"]').all()) await section.check();
  await press("Confirm what is still true");
  await expectText("Still true,", "main");
  await inspect();
  await fill({ name: "Rashid Harescombe", role: "Director", authority: ["yes"] });
  await press("Send the application");
  await expectText("in time", "main");
  await inspect();
}

async function answerTheQuestion({ page, go, fill, press, expectText, inspect }) {
  await go(`/region/admission/${OPENING}`);
  await inspect();
  const field = await page.locator('textarea[name^="answer_"]').first().getAttribute("name");
  await fill({ [field]: "No: the visit of the last twelve months serves." });
  await press("Answer to everybody");
  await expectText("No: the visit of the last twelve months serves.", "main");
}

async function begin({ page, go, fill, press, expectText, inspect, check }, addresses) {
  await go(`/region/admission/${OPENING}`);
  await expectText("1 in time", "main");
  await fill({ evaluators: addresses[0] });
  await press("Begin the evaluations");
  await expectText("Name at least 2 evaluators", "main");
  await go(`/region/admission/${OPENING}`);
  await fill({ evaluators: addresses.join("\n") });
  await press("Begin the evaluations");
  await expectText("Gates to judge", "main");
  await inspect();
  const href = await page.locator('main a[href^="/region/evaluations/"]').first().getAttribute("href");
  check(href, "the evaluation has no page");
  return href;
}

async function judge({ page, go, press, expectText, inspect }, record) {
  await go(record);
  await inspect();
  await press("Judge the gates");
  await expectText("Select whether it passes or fails", "main");
  await inspect();
  for (const passed of await page.locator('main input[type="radio"][value="yes"]').all()) await passed.check();
  await press("Judge the gates");
  await expectText("Scores are blind", "main");
  await inspect();
}

/** A conflict is declared with its words; who has one scores nothing. */
async function declareConflict({ go, fill, press, expectText, inspect }, record) {
  await go(`/evaluations/${record.split("/").pop()}`);
  await fill({ conflict: "yes" });
  await press("Declare");
  await expectText("Say what the conflict is", ".govuk-error-summary");
  await inspect();
  await fill({ conflict: "yes", conflict_words: "A sister works for the provider." });
  await press("Declare");
  await expectText("You declared a conflict of interest: you score nothing here.", "main");
  await inspect();
}

/** The lead is asked for a colleague; nobody is taken who scores already, nor whoever gave up the seat. */
async function passOn({ page, go, fill, press, expectText, inspect }, record, before) {
  const name = async (email) => {
    await page.locator("summary", { hasText: "Name another evaluator" }).click();
    await fill({ email });
    await press("Name this evaluator");
  };
  await go(record);
  await expectText(`${before} declared a conflict of interest. Name a colleague of Herefordshire Council in their place`, "main");
  await inspect();
  await name("director@shropshire.example");
  await expectText("is an evaluator of this application already", "main");
  await go(record);
  await name("priya.shah@herefordshire.example");
  await expectText(`${before} has declared a conflict of interest in this application`, "main");
  await go(record);
  await name("amir.hallowes@herefordshire.example");
  await expectText(`Amir Hallowes, in the place of ${before}`, "main");
  await inspect();
}

/** Nobody waits for an evaluator who does not answer: the lead releases the seat with its reason, and goes on with the others. */
async function releaseSeat({ page, go, fill, press, expectText, inspect }, record, authority) {
  await go(record);
  await page.locator("summary", { hasText: "Release the seat of an evaluator" }).click();
  const person = await page.getByLabel(authority).first().getAttribute("value");
  await fill({ person, reason: "silent" });
  await press("Release this seat");
  await expectText("is released: Has not answered", "main");
  await inspect();
}

/** One evaluator declares, scores and hands in; the first looks round on the way. */
async function declareAndScore({ page, go, fill, press, expectText, inspect, check }, record, score, looks) {
  const id = record.split("/").pop();
  await go("/evaluations");
  if (looks) await inspect();
  await go(`/evaluations/${id}`);
  await fill({ conflict: "no" });
  await press("Declare");
  if (looks) await inspect();
  const questions = await page.locator('textarea[name$="_comment"]').count();
  check(questions === 4, `${questions} questions to score`);
  const scores = {};
  for (let at = 1; at <= questions; at += 1) {
    scores[`q${at}_score`] = String(score);
    scores[`q${at}_comment`] = "Names who does what, with figures.";
  }
  await fill(scores);
  await press("Hand in");
  await expectText("You have handed in your scores", "main");
  if (looks) await inspect();
}

async function moderate({ page, go, fill, press, expectText, inspect }, record) {
  await go(record);
  await press("Open the scores to the panel");
  await expectText("Scores from 3 to 5", "main");
  await inspect();
  const consensus = { words: "Admit to planned residential care with the home that passed." };
  const questions = await page.locator('input[name$="_score"]').count();
  for (let at = 1; at <= questions; at += 1) {
    consensus[`q${at}_score`] = "4";
    consensus[`q${at}_reason`] = "The panel agreed on what the figures show.";
  }
  await fill(consensus);
  await press("Record the consensus and recommend");
  await expectText("Recommended for admission", "main");
  await inspect();
  await press("Send the letter and begin the standstill");
  await expectText("The standstill goes on until", "main");
  await inspect();
}

/** The letter has the provider's own scores, on the page and on paper. */
async function tell({ page, base, go, expectText, inspect, check }) {
  await go(APPLICATION);
  await expectText("To be admitted", "main");
  await expectText("The panel agreed on what the figures show.", "main");
  await inspect();
  const pdf = await page.request.get(new URL(`${APPLICATION}/letter.pdf`, base).href);
  const bytes = await pdf.body();
  check(pdf.status() === 200 && bytes.subarray(0, 4).toString() === "%PDF", "the letter is no PDF");
  check(bytes.includes("/StructTreeRoot"), "the letter is not tagged");
}

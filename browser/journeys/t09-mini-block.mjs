// T9: a mini-block awarded by two authorities. Prices are sealed until the deadline; the lead scores every bid with its
// reasons; Herefordshire and Shropshire each approve under their own limb (b); only then is the contract live, and what is
// published of it names both limbs. MB-004 is the demonstration's mini-competition under way.
export const name = "T9 a mini-block is awarded by two authorities";
export const alone = true;

const TITLE = "Two beds for the winter in the west";

export async function run(lead) {
  const { go, fill, follow, press, expectText, inspect, check, page, signIn, another, until } = lead;
  await signIn("Marcus Inkberrow");
  await go("/mini-blocks");
  await inspect();
  const reference = await referenceOf(lead);
  await follow(reference);
  await expectText("Homes asked to bid", "main");
  await expectText("would have met", "main");
  await inspect();
  await go(`/mini-blocks/${reference}/evaluate`, 409);
  await expectText("Bids cannot be read before the deadline", "main");

  await move(lead);
  await score(lead, reference);
  await expectText("Waiting for approval", "main");
  await expectText("Bids as they were scored", "main");
  await inspect();

  const director = await another();
  await director.signIn("David Oakden");
  await approve(director, reference, "HEF-2019-0114");
  await go(`/mini-blocks/${reference}`);
  await expectText("Waiting for approval", "main");

  const neighbour = await another();
  await neighbour.signIn(await directorOf(neighbour, "Shropshire"));
  await approve(neighbour, reference, "Limb (b)");
  const live = async () => {
    await go(`/mini-blocks/${reference}`);
    return (await page.locator("main").innerText()).includes("Live");
  };
  await until(live, () => `${reference} was not live after both had approved`, 40);
  await expectText("Limb (b) of HEF-2019-0114, by the Director", "main");
  await inspect();
  await expectText("Until it is, its beds cannot be used", "main");
  await follow("Sign for the authorities");
  await inspect();
  await fill({ role: "Commissioning lead", authority: "yes" });
  await press("Sign the contract");
  await expectText("Marcus Inkberrow, Commissioning lead, 17 September 2021", "main");
  const pdf = await page.request.get(new URL(`/mini-blocks/${reference}/contract.pdf`, lead.base).href);
  check(pdf.status() === 200 && (await pdf.body()).subarray(0, 4).toString() === "%PDF", "the contract is no PDF");
}

/** The reference of the competition under way, from the list. */
async function referenceOf({ page, check }) {
  const row = page.locator("main tr, main .govuk-summary-card").filter({ hasText: TITLE }).first();
  const found = /MB-\d{3}/.exec(await row.innerText());
  check(found, `the list has no "${TITLE}"`);
  return found[0];
}

async function move({ go, fill, press, follow }) {
  await go("/demo");
  await follow("Move the demonstration's calendar");
  await fill({ day: "17 9 2021", day_time: "2pm" });
  await press("Move the calendar");
}

/** Scores the first bid best, and gives each its reasons; without reasons it is sent back. */
async function score({ page, go, fill, press, expectText, inspect, check }, reference) {
  await go(`/mini-blocks/${reference}/evaluate`);
  await inspect();
  const fields = await page.locator('main input[name^="score_"]').evaluateAll((all) => all.map((field) => field.name));
  check(fields.length > 0, "there is no bid to score");
  const answers = Object.fromEntries(fields.map((field) => [field, field.startsWith("score_0_") ? "5" : "3"]));
  await fill(answers);
  await press("Score and recommend the best");
  await expectText("every bid keeps its reasons", ".govuk-error-summary");
  const reasons = await page.locator('main textarea[name^="reasons_"]').evaluateAll((all) => all.map((field) => field.name));
  await fill(Object.fromEntries(reasons.map((field) => [field, "As its answers and its rota show."])));
  await press("Score and recommend the best");
}

async function approve({ go, follow, press, expectText, inspect }, reference, power) {
  await go("/mini-blocks");
  await expectText("Waits for your authority's decision", "main");
  await go(`/mini-blocks/${reference}`);
  await follow("Decide for your authority");
  await expectText(power, "main");
  await expectText("Committed over the whole time", "main");
  await inspect();
  await press("Approve");
  await expectText("Approved", "main");
}

/** The director of an authority, by the name on the list of people. */
async function directorOf({ page, go, check }, authority) {
  await go("/demo");
  const card = page.locator(".govuk-summary-card", { hasText: authority }).filter({ hasText: "Director" });
  check((await card.count()) > 0, `the list has no director of ${authority}`);
  return (await card.first().locator(".govuk-summary-card__title").innerText()).trim();
}

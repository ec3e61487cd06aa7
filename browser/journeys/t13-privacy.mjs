// T13: a provider sees neither who a child is nor who else was asked, what they answered or what they ask for: on no
// page and in no file that can be reached by links.
import { crawl } from "../lib/crawl.mjs";

export const name = "T13 a provider sees no rival and no child";

const ASKED = ["HEF-R-0042", "HEF-R-0043"];
/** Children of the demonstration's story, of whom this provider knows two by reference. */
const CHILDREN = ["HEF-R-0038", "HEF-R-0040", ...ASKED, "HEF-R-0044"];
/** The public pages name every provider; only what is the provider's own must name no rival. */
const OWN = /^\/(home$|provider|agreements|search)/;

export async function run({ page, check, go, signIn, another }) {
  await go("/demo");
  // The first is the provider of the story.
  const card = page.locator(".govuk-summary-card", { hasText: "Placements manager" }).first();
  const person = (await card.locator(".govuk-summary-card__title").innerText()).trim();
  const own = (await card.locator("dd").last().innerText()).trim();

  await signIn("Priya Shah");
  const children = [];
  for (const reference of CHILDREN) children.push(...(await identity({ page, go }, reference)));
  check(children.length >= 2 * CHILDREN.length, `the officer sees ${children.length} facts of who the children are`);
  const rivals = await rivalsOf({ page, go }, own);
  check(rivals.names.length >= 6, `HEF-R-0042 has ${rivals.names.length} names of rivals, not six: ${rivals.names.join(", ")}`);
  check(rivals.prices.length >= 3, `HEF-R-0042 has ${rivals.prices.length} prices of rivals, not three: ${rivals.prices.join(", ")}`);

  const provider = await another();
  await provider.signIn(person);
  for (const path of ["/home", "/provider/referrals", "/provider/referrals/HEF-R-0042", "/agreements"]) {
    await provider.go(path);
    await provider.inspect();
  }
  const pages = await crawl(provider, ["/home", ...ASKED.map((reference) => `/provider/referrals/${reference}`)], 8);
  const owned = [...pages.keys()].filter((path) => OWN.test(path));
  check(owned.length >= 15, `only ${owned.length} of the provider's pages were reached: ${owned.join(" ")}`);
  const files = [...pages].filter(([path]) => /\.(csv|xlsx|pdf|json|ics|atom)\b/.test(path));
  check(files.some(([path]) => path.includes(".pdf")), `no PDF was reached: ${files.map(([path]) => path).join(" ")}`);
  for (const [path, text] of files) check(text.length > 40, `${path} could not be read, so nothing can be said of it`);
  for (const [path, html] of pages) {
    for (const fact of children) check(!html.includes(fact), `${path} shows ${own} of a child: ${fact}`);
    if (!OWN.test(path)) continue;
    for (const rival of rivals.names) check(!html.includes(rival), `${path} shows ${own} a rival: ${rival}`);
    if (!html.includes("HEF-R-0042")) continue;
    for (const price of rivals.prices) check(!html.includes(price), `${path} shows ${own} a rival's price: ${price}`);
  }
  for (const path of ["", "/child", "/offers", "/offers/compare", "/timeline", "/messages"]) {
    const answer = await provider.page.request.get(new URL(`/referrals/HEF-R-0042${path}`, provider.base).href);
    check([403, 404].includes(answer.status()), `/referrals/HEF-R-0042${path} answered the provider ${answer.status()}`);
  }
}

/** What says who a child is: names, number, birth, as the officer's page has them. */
async function identity({ page, go }, reference) {
  await go(`/referrals/${reference}/child`);
  const facts = await page.locator("main .govuk-summary-list__row").evaluateAll((rows) =>
    rows
      .filter((row) => /name|born|birth|number|postcode|school/i.test(row.firstElementChild.innerText))
      .map((row) => row.querySelector("dd").innerText.trim()),
  );
  return facts.filter((text) => text.length > 3 && text !== "Not provided");
}

/** The other homes that offered for HEF-R-0042, their providers, and prices that are not also the provider's own. */
async function rivalsOf({ page, go }, own) {
  await go("/referrals/HEF-R-0042/offers/compare");
  const heads = await page.locator("main table thead th").evaluateAll((cells) => cells.map((cell) => cell.innerText.trim().split("\n")));
  const totals = await page.locator("main table tr", { hasText: "Total a week" }).first().locator("td").allInnerTexts();
  const mine = heads.findIndex((lines) => lines.includes(own));
  const price = (text) => /£[\d,]+/.exec(text)?.[0];
  const prices = totals.map(price).filter((one, index) => one && index !== mine && one !== price(totals[mine]));
  const names = heads.filter((_, index) => index !== mine).flat().map((name) => name.trim());
  return { names: names.filter((name) => name.length > 3), prices };
}

// T1: a newcomer, signed out, opens six real pages by the tour's own links, reads there what the tour promises, and can
// change nothing.
import { words as wordsOf } from "../lib/pdf.mjs";

export const name = "T1 tour for a newcomer";

const STOPS = [
  { words: ["£5.5m", "19 January 2019", "Call-in"] },
  { words: ["HEF-R-0043 3 offers so far Closes 4pm on Monday 13 September 2021"] },
  { words: ["£4,150", "£4,480", "£5,020"], look: distances },
  { words: ["limb (b) of decision HEF-2019-0114", "Can still be awarded after it: £412,600"] },
  { words: ["Placement agreement", "Started", "Committed", "Priya Shah, Placement officer", "The provider"], look: paper },
  { words: ["Is it worth it?", "Spot purchase against the FCA, like for like", "Share through the arrangement", "Checks and minutes by route"], look: verdicts },
];

export async function run(visitor) {
  const { page, check, go, follow, expectText, inspect } = visitor;
  await go("/");
  await expectText("A child needs a home by Friday");
  await inspect();
  await follow("Take the 2-minute tour");
  await inspect();
  await follow(/^Start the tour/);
  for (const [index, stop] of STOPS.entries()) {
    await expectText(`Tour ${index + 1} of ${STOPS.length}`);
    for (const words of stop.words) await expectText(words, "main");
    await stop.look?.(visitor);
    const changes = await page.locator("main form[method=post]").count();
    check(changes === 0, `${page.url()} offers the guest ${changes} forms that change something`);
    await inspect();
    await follow(index + 1 < STOPS.length ? "Next stop of the tour" : "End of the tour");
  }
  await expectText("Try it yourself");
  await go("/demo");
  const people = await page.getByRole("button", { name: /^Sign in as/ }).count();
  check(people === 18, `${people} people can be signed in as, not eighteen`);
  await inspect();
}

/** The cells of the row that begins with these words, in the table of three offers in time and a late one. */
async function row({ page, check }, words) {
  const cells = await page.locator("main table tr", { has: page.locator("th", { hasText: words }) }).first().locator("td").allInnerTexts();
  check(cells.length === 4, `the row "${words}" has ${cells.length} offers, not four`);
  return cells.map((cell) => cell.replace(/\s+/g, " ").trim());
}

/** 9, 22 and 61 miles; the furthest is at a distance and the only one that needs the director of children's services. */
async function distances(visitor) {
  const { check } = visitor;
  const miles = (await row(visitor, "Distance")).slice(0, 3).map((cell) => /\b\d+ miles/.exec(cell)?.[0]);
  check(miles.join(", ") === "9 miles, 22 miles, 61 miles", `the homes stand ${miles.join(", ")} away`);
  const classes = await row(visitor, "Own, adjoining or at a distance");
  const approvals = await row(visitor, "Approvals");
  const director = (cell) => cell.includes("Director of children's services of the responsible authority");
  check(classes.map((cell) => cell.includes("at a distance")).join() === "false,false,true,false", `the homes stand: ${classes.join(" | ")}`);
  check(approvals.map(director).join() === "false,false,true,false", `who must approve: ${approvals.join(" | ")}`);
}

/** The agreement's PDF opens for the guest and says the same. */
async function paper({ page, base, check }) {
  const link = page.locator("main a[href$='.pdf']").first();
  check((await link.count()) === 1, "the agreement has no link to its PDF");
  const answer = await page.request.get(new URL(await link.getAttribute("href"), base).href);
  check(answer.ok() && answer.headers()["content-type"] === "application/pdf", `the PDF answers ${answer.status()}`);
  const bytes = await answer.body();
  check(bytes.includes("/StructTreeRoot"), "the PDF is not tagged");
  const text = wordsOf(bytes);
  for (const words of ["Placement agreement", "Hazel Croft", "£4,230", "HEF-2019-0114", "Priya Shah", "Signed by both sides"]) {
    check(text.includes(words), `the PDF does not say "${words}"`);
  }
}

/** Each verdict of the comparison is there, each with its part of the region; the decision's expectation beside the outturn. */
async function verdicts({ page, check }) {
  const table = page.locator("main table", { hasText: "Spot purchase against the FCA, like for like" }).first();
  const said = async (part) => {
    const cells = await table.locator("tr", { has: page.locator("th", { hasText: new RegExp(`^\\s*${part}\\s*$`) }) }).locator("td").allInnerTexts();
    return cells.map((cell) => cell.replace(/\s+/g, " ").trim()).at(-1) ?? "";
  };
  for (const part of ["Birmingham", "Coventry", "Worcestershire"]) check(/Higher/.test(await said(part)), `${part}: ${await said(part)}`);
  check(/Broadly similar/.test(await said("Herefordshire")), `Herefordshire: ${await said("Herefordshire")}`);
  check(/Cannot tell: between −\d+% and \+\d+%/.test(await said("Solihull")), `Solihull: ${await said("Solihull")}`);
  check(/Too few to say/.test(await said("Telford and Wrekin")), `Telford: ${await said("Telford and Wrekin")}`);
  const expected = page.locator("main table", { hasText: "beside the outturn" }).locator("tr", { hasText: "Herefordshire" }).first();
  const words = (await expected.innerText()).replace(/\s+/g, " ");
  check(words.includes("HEF-2019-0114") && words.includes("As expected"), `Herefordshire expected: ${words}`);
  check((await page.locator("main svg[role=img]").count()) === 1, "the differences are not drawn");
}

// T2: from a referral to a child's start in a home: refer, send, three offers, compare, recommend, approve, sign, start.
// Distances are measured from the family home by the formula of the statutory return, and nobody reads where that is.
import { readFile } from "node:fs/promises";
import { words } from "../lib/pdf.mjs";
import { approve, ask, askedFor, complete, enterOffer, offer, recommend, start } from "../lib/placement.mjs";

export const name = "T2 a placement from referral to start";
export const alone = true;
export const long = true;

/** Where the family lives, and the postcode sectors of the demonstration's homes. */
const FAMILY = "HR4 9HP";
const SECTORS = { "Elm House": "HR2 2", "Ash Lodge": "WR2 6", "Willow Bank": "SY8 1" };

export async function run(officer) {
  await place(officer, (one) => one.inspect());
}

/** The whole journey; `look` is called on the pages that matter most. */
export async function place(officer, look) {
  const { page, js, check, go, fill, press, signIn, another, expectText } = officer;
  await signIn("Priya Shah");
  const reference = await start(officer, { case_number: `T2-${js ? "on" : "off"}`, home_postcode: FAMILY });
  await look(officer);
  await complete(officer, reference, { where: { from: "", from_home: ["yes"] } });
  await ask(officer, reference, Object.keys(SECTORS));
  await look(officer);

  const provider = await another();
  await provider.signIn("Rashid Harescombe");
  await offer(provider, reference, "3950");
  await provider.expectNoText(FAMILY);
  await provider.go(`/provider/referrals/${reference}`);
  await provider.expectText("How offers are scored");
  await look(provider);
  await enterOffer(officer, reference, "Ash Lodge", "4100");
  await enterOffer(officer, reference, "Willow Bank", "4050");

  await go(`/referrals/${reference}/offers/compare`);
  await expectText("Compare 3 offers");
  await expectText("All points, of 100");
  await distances(officer);
  await look(officer);
  await recommend(officer, reference, "Elm House");
  const [approval] = (await askedFor(officer, reference)).values();
  check(approval, `${reference} waits for no approval`);

  const approver = await another();
  await approver.signIn("Helen Garraway");
  await approver.go(`/approvals/${approval}`);
  await look(approver);
  await approve(approver, approval);

  await go(`/referrals/${reference}`);
  await go("/agreements");
  const row = page.locator("main tr", { hasText: "Elm House" }).filter({ hasText: /Prepared/ });
  const agreement = /HEF-A-\d+/.exec(await row.first().locator("a").first().getAttribute("href"))[0];
  await go(`/agreements/${agreement}/particulars`);
  await fill({
    outcomes: "Goes to school every day\nSees friends every week",
    staffing: "One adult to two children",
    included: ["pocket_money", "clothing"],
    education: "A new school near the home",
    health: "A doctor and a dentist nearby",
  });
  await press("Save what the agreement says");
  const sign = async (one, person, role) => {
    await one.go(`/agreements/${agreement}/sign`);
    await one.fill({ name: person, role, authority: true });
    await one.press("Sign this agreement");
  };
  await sign(officer, "Priya Shah", "Placement officer");
  await tagged(officer, "Signed by one");
  await sign(provider, "Rashid Harescombe", "Placements manager");
  await tagged(provider, "Signed");
  await provider.expectText("Priya Shah, Placement officer", "main");
  await provider.expectText("Rashid Harescombe, Placements manager", "main");
  await look(provider);
  await paper(officer, agreement);

  await go(`/agreements/${agreement}/start`);
  const dates = await page.locator("main [name$=_day]").evaluateAll((fields) => fields.map((field) => field.name.replace(/_day$/, "")));
  for (const date of dates) await fill({ [date]: "13 9 2021" });
  await press("Record the start");
  await expectText("Started");
  await look(officer);
}

/** √(ΔE² + ΔN²) ÷ 1000 ÷ 1.6093 miles to one decimal place, and from there in whole miles: centres of sectors are "about". */
async function distances({ page, check, expectNoText }) {
  const centres = await readFile(new URL("../../crates/domain/data/sector_centroids.csv", import.meta.url), "utf8");
  const centre = (sector) => {
    const line = centres.split("\n").find((one) => one.startsWith(`${sector},`));
    check(line, `no centre of ${sector} is known`);
    return line.split(",").slice(1).map(Number);
  };
  const [east, north] = centre(FAMILY.slice(0, -2));
  const expected = Object.entries(SECTORS).map(([home, sector]) => {
    const [easting, northing] = centre(sector);
    const tenths = Math.round((Math.hypot(easting - east, northing - north) / 1000 / 1.6093) * 10);
    const miles = Math.floor((tenths + 5) / 10);
    const ends = "from the centre of the postcode sector to the centre of the postcode sector";
    return [home, `about ${miles} miles (straight line), ${ends}`];
  });
  // The text and not what is shown: on a narrow page the table gives way to cards.
  const text = async (locator) => (await locator.allTextContents()).map((one) => one.replace(/\s+/g, " ").trim());
  const heads = await text(page.locator("main table thead th"));
  const row = page.locator("main table tr", { has: page.locator("th", { hasText: /^\s*Distance/ }) }).first();
  const cells = await text(row.locator("td"));
  check(heads.length === 3 && cells.length === 3, `${heads.length} offers are compared by ${cells.length} distances`);
  for (const [home, words] of expected) {
    const found = cells[heads.findIndex((head) => head.includes(home))];
    check(found === words, `${home} stands "${found}", not "${words}"`);
  }
  await expectNoText(FAMILY);
}

/** The agreement's own state, to the letter: "Signed" is not "Signed by one". */
async function tagged({ page, check }, state) {
  const tags = (await page.locator("main .govuk-tag").allInnerTexts()).map((text) => text.trim());
  check(tags.includes(state), `${page.url()} is tagged ${tags.join(", ")}, not ${state}`);
}

/** The issued PDF opens, is tagged, and says what was agreed and who signed. */
async function paper({ page, base, check, go, until }, agreement) {
  const said = [agreement, "Elm House", "£3,950", "HEF-2019-0114", "Helen Garraway", "Priya Shah", "Rashid Harescombe"];
  let text = "";
  const printed = async () => {
    await go(`/agreements/${agreement}`);
    const link = page.locator("main a[href*='.pdf']").first();
    if ((await link.count()) === 0) return false;
    const answer = await page.request.get(new URL(await link.getAttribute("href"), base).href);
    check(answer.ok() && answer.headers()["content-type"] === "application/pdf", `the PDF answers ${answer.status()}`);
    const bytes = await answer.body();
    check(bytes.includes("/StructTreeRoot"), "the PDF is not tagged");
    text = words(bytes);
    return said.every((one) => text.includes(one));
  };
  // It is printed by the worker, soon after the signature.
  await until(printed, () => `the PDF of ${agreement} does not say ${said.filter((one) => !text.includes(one)).join(", ")}`);
}

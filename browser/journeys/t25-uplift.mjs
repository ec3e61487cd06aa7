// T25: a rise in price. The provider of the story asks by formula and is held to it, asks by open book and adds its evidence; the
// regional team sees what each authority told and grants a part; the provider can appeal; an authority reads what it costs.
import { writeFile } from "node:fs/promises";
import path from "node:path";

export const name = "T25 a rise in price is asked for, decided in part, and confirmed";
export const alone = true;

export async function run(lead) {
  const { page, go, signIn, another, expectText, inspect, check, target } = lead;
  const provider = await another();
  await provider.go("/demo");
  const cards = await provider.page.locator(".govuk-summary-card").allInnerTexts();
  const card = cards.find((text) => text.includes("Placements manager"));
  check(card, "no placements manager to sign in as");
  await provider.signIn(card.trim().split("\n")[0].trim());
  const request = await ask(provider, target);

  await signIn("Marcus Inkberrow");
  await go("/region/uplifts");
  await expectText("To decide", "main");
  await inspect();
  await go(`/region/uplifts/${request}`);
  await expectText("What each authority told of itself", "main");
  await inspect();
  await decide(lead);

  await provider.go(`/provider/uplifts/${request}`);
  await provider.expectText("Granted in part", "main");
  await provider.expectText("Appeal within 14 days", "main");
  await provider.inspect();
  await provider.go("/provider/uplifts");
  await provider.inspect();

  const holder = await another();
  await holder.signIn("David Oakden");
  await confirm(holder);
}

/** What was granted in August waits for Herefordshire; its agreement has the new price only after this. */
async function confirm({ page, go, press, expectText, inspect, check }) {
  await go("/finance/uplifts");
  await expectText("whoever holds the power confirms each", "main");
  await inspect();
  const link = page.locator('main a[href*="/repricing/"]').first();
  check((await link.count()) > 0, "no agreement waits for Herefordshire");
  const address = await link.getAttribute("href");
  await go(address);
  await expectText("Before and after, a week", "main");
  await inspect();
  await press("Confirm the new price");
  await expectText("A rise that was already decided", "main");
  await go(address);
  await expectText("Answered: Confirmed", "main");
}

/** Above the formula is refused; the open book is taken, with its evidence. */
async function ask({ page, go, follow, fill, press, expectText, inspect, check }, target) {
  await go("/provider/homes");
  await follow("Rises in price: ask, follow, appeal");
  await inspect();
  await follow("Ask for a rise in price");
  await expectText("The formula gives at most", "main");
  await inspect();
  const price = await page.locator("select[name=price] option").nth(1).getAttribute("value");
  const words = await page.locator("select[name=price] option").nth(1).innerText();
  const weekly = Number(words.match(/£([\d,]+)/)[1].replace(",", ""));
  await fill({ price, basis: "formula", percent: "1000", from: "1 11 2021" });
  await press("Ask for the rise");
  await expectText("Enter a percentage from 0.01 to 100", "main");
  await inspect();
  await fill({ price, basis: "formula", percent: "5", from: "1 11 2021" });
  await press("Ask for the rise");
  await expectText("The formula gives at most", "main");
  await go("/provider/uplifts/new");
  await fill({
    price,
    basis: "open_book",
    weekly: String(weekly + 100),
    from: "1 11 2021",
    staff_was: "2400",
    staff_now: "2520",
    words: "The pay award of April",
  });
  await press("Ask for the rise");
  await expectText("Add evidence", "main");
  await inspect();
  const file = path.join(target, "t25-costs.pdf");
  await writeFile(file, "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
  await page.locator("input[type=file]").setInputFiles(file);
  await press("Add this document");
  await expectText("t25-costs.pdf", "main");
  const id = new URL(page.url()).pathname.split("/").pop();
  check(/^\d+$/.test(id), `the request is at ${page.url()}`);
  return id;
}

async function decide({ page, fill, press, expectText, inspect, check }) {
  const asked = (await page.locator("main").innerText()).match(/Above £([\d,.]+) and below/);
  check(asked, "the form does not say between what a part lies");
  const weekly = Number(asked[1].replaceAll(",", "")) + 60;
  await fill({ outcome: "in_part", weekly: String(weekly), reasons: "" });
  await press("Decide");
  await expectText("Say why less is granted", "main");
  await inspect();
  await fill({ outcome: "in_part", weekly: String(weekly), reasons: "Energy fell" });
  await press("Decide");
  await expectText("Energy fell", "main");
  await inspect();
}

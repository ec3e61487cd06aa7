// Telford in the demonstration: its decision is published, and call-in is open until the end of today.

/** Published on 7 September with four working days of call-in. */
export const DECISION = "TEL-2021-0907";

/** Telford's placement officer, Assistant Director and democratic services officer, in the order of the list. */
export async function people({ page, go, check }) {
  await go("/demo");
  const cards = page.locator(".govuk-summary-card", { hasText: "Telford" });
  const names = (await cards.locator(".govuk-summary-card__title").allInnerTexts()).map((text) => text.trim());
  check(names.length === 3, `the list has ${names.length} people of Telford, not three`);
  return names;
}

/** What the public page of the arrangement says of Telford. */
export async function stands({ page, go, check }, words) {
  await go("/arrangement");
  const row = page.locator("main tr, main li, main .govuk-summary-card").filter({ hasText: "Telford" }).first();
  const text = (await row.innerText()).replace(/\s+/g, " ");
  check(text.includes(words), `the arrangement says of Telford: ${text}`);
}

/** The ceiling stands in the year's ledger as soon as the worker has done what follows. */
export async function adopted({ page, go, follow, until }, reference, home) {
  const holds = async () => {
    await go(`/referrals/${reference}/offers/compare`);
    await follow(`Recommend ${home}`);
    return !(await page.locator("main").innerText()).includes("gives this authority an annual value");
  };
  await until(holds, () => "the annual value was not adopted when the decision took effect", 40);
}

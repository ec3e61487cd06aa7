// T13: a provider sees neither who the child is nor who else was asked, what they answered or what they ask for.
export const name = "T13 a provider sees no rival and no child";

export async function run({ page, check, go, signIn, another, inspect }) {
  const provider = await another();
  await go("/demo");
  const card = page.locator(".govuk-summary-card", { hasText: "Placements manager" });
  const person = (await card.locator(".govuk-summary-card__title").innerText()).trim();
  const own = (await card.locator("dd").last().innerText()).trim();

  await signIn("Priya Shah");
  const rivals = new Set();
  await go("/referrals/HEF-R-0042/offers");
  for (const price of (await page.locator("main").innerText()).match(/£\d,\d{3}/g) ?? []) rivals.add(price);
  check(rivals.size >= 3, `the officer sees ${rivals.size} prices of HEF-R-0042, not three`);
  await go("/referrals/HEF-R-0042/child");
  const child = await page.locator("main .govuk-summary-list__row").evaluateAll((rows) =>
    rows
      .filter((row) => /name|born|birth|number|postcode|school/i.test(row.firstElementChild.innerText))
      .map((row) => row.lastElementChild.innerText.trim())
      .filter((text) => text.length > 3 && text !== "Not provided"),
  );
  check(child.length >= 2, `the officer sees ${child.length} facts of who the child is`);
  await go("/referrals/HEF-R-0042");
  const asked = await page.locator("main table tbody tr").evaluateAll((rows) => rows.map((row) => row.firstElementChild.innerText.trim()));

  await provider.signIn(person);
  await provider.go("/provider/referrals/HEF-R-0042");
  const ownPage = await provider.page.locator("main").innerText();
  const pages = ["/home", "/provider/referrals", "/provider/referrals/HEF-R-0042", "/agreements"];
  const links = await provider.page.locator("main a").evaluateAll((list) => list.map((link) => link.getAttribute("href")));
  pages.push(...links.filter((href) => /^\/provider\/invitations\/\d+\/(offer|change|decline|question)$/.test(href)));
  const ownHomes = asked.filter((home) => ownPage.includes(home.split("\n")[0]));
  const ownPrices = new Set((ownPage.match(/£\d,\d{3}/g) ?? []));
  const secrets = [
    ...child.map((text) => ["the child's", text]),
    ...[...rivals].filter((price) => !ownPrices.has(price)).map((price) => ["a rival's price", price]),
    ...asked.filter((home) => !ownHomes.includes(home)).map((home) => ["another home that was asked", home.split("\n")[0]]),
  ];
  for (const path of pages) {
    await provider.go(path);
    const html = await provider.page.content();
    for (const [what, secret] of secrets) {
      check(!html.includes(secret), `${path} shows ${own} ${what}: ${secret}`);
    }
    await provider.inspect();
  }
  for (const path of ["/referrals/HEF-R-0042", "/referrals/HEF-R-0042/child", "/referrals/HEF-R-0042/offers", "/referrals/HEF-R-0042/offers/compare"]) {
    const answer = await provider.page.request.get(new URL(path, provider.base).href);
    check([403, 404].includes(answer.status()), `${path} answered the provider ${answer.status()}`);
  }
  await inspect();
}

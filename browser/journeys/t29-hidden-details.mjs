// Who a child is leaves the screen after two minutes without activity, with scripts and without; somebody who moves stays.
export const name = "T29 a child's details leave the screen";

const OVERVIEW = "/referrals/HEF-R-0042";

export async function run({ page, js, go, check, signIn, expectText, inspect }) {
  await signIn("Priya Shah");
  if (js) await page.clock.install();
  await go(`${OVERVIEW}/child`);
  await expectText("leaves the screen after 2 minutes");
  await inspect();
  const refresh = page.locator('noscript, meta[http-equiv="refresh"]');
  check((await refresh.count()) > 0, "nothing takes the details off a screen without scripts");
  if (!js) {
    const told = await page.locator('meta[http-equiv="refresh"]').getAttribute("content");
    check(told === `120;url=${OVERVIEW}`, `without scripts the page goes on "${told}"`);
    return;
  }
  await page.clock.runFor(100_000);
  await page.mouse.move(40, 40);
  await page.mouse.move(80, 80);
  await page.clock.runFor(100_000);
  check(new URL(page.url()).pathname === `${OVERVIEW}/child`, "somebody who moved lost the page");
  await page.clock.runFor(25_000);
  await page.waitForURL((url) => url.pathname === OVERVIEW);
}

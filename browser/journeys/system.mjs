// The pages that belong to no room: health, a page that is not there, and the way in.
export const name = "System pages";

export async function run({ page, base, js, go, check, expectText, inspect, tabWalk }) {
  const health = await page.request.get(`${base}/healthz`);
  check(health.status() === 200, `/healthz answered ${health.status()}`);

  await go("/no-such-page", 404);
  await expectText("Page not found", "h1");
  await inspect();

  await go("/sign-in");
  await inspect();
  check((await page.locator("form[method=post]").count()) > 0, "the sign-in page has no form to post");
  if (js) {
    const stops = await tabWalk();
    check(/skip to main content/i.test(stops[0]), `the first stop is "${stops[0]}", not the skip link`);
  }
}

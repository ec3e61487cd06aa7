// T28: a manager on shift with a phone. At 320 px the home page has what closes first, beds to confirm with one button,
// documents before they lapse, and why a home is asked or not; no page scrolls sideways, and no other provider shows.
export const name = "T28 a provider's home page on a phone";
export const alone = true;

export async function run(manager) {
  const { go, signIn, press, follow, page, expectText, inspect, reflow, check } = await manager.narrow();
  await signIn("Rashid Harescombe");
  await expectText("New referrals", "main");
  await expectText("Documents that lapse", "main");
  await reflow();
  await inspect();
  const stale = page.getByRole("button", { name: "Yes, all beds are still right" });
  check((await stale.count()) === 1, "no home's beds are to be confirmed");
  await expectText("Beds to confirm: 1 home", "main");
  await expectText("3 September 2021", "main");
  await press("Yes, all beds are still right");
  check((await stale.count()) === 0, "the beds were confirmed and are asked for again");
  await follow("Public liability insurance");
  await expectText("days left", "main");
  await reflow();
  await inspect();
  await go("/provider/homes");
  const first = await page.locator("main table a").first().getAttribute("href");
  await go(first.replace("/beds", "/why"));
  await expectText("What decides whether it is asked", "main");
  await reflow();
  await inspect();
  await go("/provider/referrals?tab=offered");
  const referral = page.locator("main table a").first();
  check((await referral.count()) > 0, "no home of the provider was asked about a child");
  await go(await referral.getAttribute("href"));
  await expectText("By day 01632", "main");
  await reflow();
  await inspect();
}

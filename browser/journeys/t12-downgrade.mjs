// T12: alerts wait with whom they touch; Marcus opens the proposed suspension, sees all that follows, confirms it and ends it on
// evidence; an authority reads only its own.
export const name = "T12 a downgrade reaches the right officers";
export const alone = true;

export async function run({ page, check, go, fill, press, follow, signIn, expectText, expectNoText, inspect, until }) {
  await signIn("Marcus Inkberrow");
  await go("/region/alerts");
  await expectText("Touches");
  await inspect();
  await go("/region/standing");
  await expectText("Proposed");
  const waiting = page.locator("main tbody tr", { hasText: /safeguarding enquiry.*Proposed/is }).first();
  const home = (await waiting.locator("a").first().innerText()).trim();
  await waiting.locator("a").first().click();
  await page.waitForLoadState();
  await expectText("What follows");
  await expectText("placements continue");
  await inspect();
  await press("Confirm the measure");
  await expectText("In force");
  // What follows in each authority is done by jobs, a moment later.
  const done = page.getByText("What was done");
  await until(() => page.reload().then(() => done.count()), () => "nothing was done of what follows", 40);
  await expectText("What was done");
  await inspect();
  const measure = page.url();
  await fill({ evidence: "enquiry_closed", link: "https://reports.ofsted.gov.uk/provider/again" });
  await press("Reinstate");
  await expectText("Reinstated");
  check(page.url() === measure, "the measure's own page shows how it ended");
  await signIn("Priya Shah");
  await go("/standing");
  await inspect();
  await go("/alerts");
  await expectText("your own authority's only");
  await expectNoText("Birmingham");
  await go("/homes");
  await follow("Homes that lost their standing: your reviews");
  check(home.length > 0, "the home has a name");
}

// T1: a newcomer, signed out, opens five real pages by the tour's own links, and can change nothing there.
export const name = "T1 tour for a newcomer";

const STOPS = [
  { words: ["£5.5m", "19 January 2019", "Call-in"] },
  { words: ["HEF-R-0043"] },
  { words: ["£4,150", "£4,480", "£5,020"] },
  { words: ["limb (b)"] },
  { words: ["Placement agreement", "Started", "Committed"] },
];

export async function run({ page, check, go, follow, expectText, inspect }) {
  await go("/");
  await expectText("A child needs a home by Friday");
  await inspect();
  await follow("Take the 2-minute tour");
  await inspect();
  await follow(/^Start the tour/);
  for (const [index, stop] of STOPS.entries()) {
    await expectText(`Tour ${index + 1} of ${STOPS.length}`);
    for (const words of stop.words) await expectText(words, "main");
    const changes = await page.locator("main form[method=post]").count();
    check(changes === 0, `${page.url()} offers the guest ${changes} forms that change something`);
    await inspect();
    await follow(index + 1 < STOPS.length ? "Next stop of the tour" : "End of the tour");
  }
  await expectText("Try it yourself");
  await go("/demo");
  const people = await page.getByRole("button", { name: /^Sign in as/ }).count();
  check(people === 11, `${people} people can be signed in as, not eleven`);
  await inspect();
}

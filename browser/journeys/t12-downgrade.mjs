// T12: alerts wait with whom they touch; Marcus opens the proposed suspension, sees all that follows, confirms it and ends it on
// evidence. He proposes another at a home where Herefordshire has a child: its officers are mailed, and the mail leads to the
// measure, while it waits and once it is dropped. An authority reads only its own.
export const name = "T12 a downgrade reaches the right officers";
export const alone = true;

export async function run(marcus) {
  const { page, check, go, fill, press, signIn, another, expectText, inspect, until } = marcus;
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
  const priya = await another();
  await priya.signIn("Priya Shah");
  await byMail(marcus, priya);
  await priya.go("/standing");
  await priya.inspect();
  await priya.go("/alerts");
  await priya.expectText("your own authority's only");
  await priya.expectNoText("Birmingham");
  await priya.go("/homes");
  await priya.follow("Homes that lost their standing: your reviews");
  check(home.length > 0, "the home has a name");
}

const PLACED = "Hazel Croft";

/** The officer follows the mail about a proposed measure to the measure, twice. */
async function byMail(marcus, officer) {
  const { go, fill, press, check, expectText } = marcus;
  const measure = await propose(marcus);
  const told = await mailed(await marcus.another());
  check(told === `/standing?measure=${measure}`, `the mail about measure ${measure} leads to ${told}`);
  await officer.go(told);
  const headings = await officer.page.locator("main h2", { hasText: PLACED }).count();
  check(headings === 1, `the mail leads to ${headings} headings of ${PLACED}`);
  await officer.expectText("New referrals wait until it is confirmed or dropped", "main");
  await officer.expectText("of working time left", "main");
  await officer.expectText("live placement", "main");
  await officer.inspect();
  await go(`/region/standing/${measure}`);
  await fill({ reason: "mistaken" });
  await press("Drop it");
  await expectText("Dropped", "main");
  await officer.go(told);
  await officer.expectText("Dropped", "main");
}

/** Marcus proposes to suspend the home; the measure's number. */
async function propose({ page, go, fill, press, check, expectText }) {
  await go(`/homes?q=${PLACED.replace(" ", "+")}`);
  const urn = /SC\d+/.exec(await page.locator("main table a", { hasText: PLACED }).first().getAttribute("href"))[0];
  await go("/region/standing/new");
  await fill({
    about: "home",
    code: urn,
    standing: "suspended",
    reason: "safeguarding",
    link: `https://reports.ofsted.gov.uk/provider/4/${urn}`,
    dated: "13 9 2021",
  });
  await press("Propose it");
  await expectText("Proposed", "main");
  const id = new URL(page.url()).pathname.split("/").pop();
  check(/^\d+$/.test(id), `proposing led to ${page.url()}`);
  return id;
}

/** Where the mail to Herefordshire's officers leads, read where its mails are listed. */
async function mailed({ page, signIn, go, follow, until }) {
  await signIn("Ros Kington");
  const subject = new RegExp(`^${PLACED}: .* is proposed$`);
  await until(
    async () => {
      await go("/admin/jobs/mail");
      return (await page.getByRole("link", { name: subject }).count()) > 0;
    },
    () => "nobody is told of the measure",
    40,
  );
  await follow(subject);
  return /\/standing\S*/.exec(await page.locator("main").innerText())?.[0];
}

// T26: homes are watched. An officer plans and records a visit and raises a concern, the regional team reads a quarter's
// returns and the themes, and a home's figures over time are drawn.
export const name = "T26 a home is visited, a concern is raised, returns are read";
export const alone = true;

export async function run(officer) {
  const { go, page, signIn, another, fill, press, expectText, inspect, check } = officer;
  await signIn("Priya Shah");
  await go("/monitoring");
  await expectText("Monitoring of homes", "h1");
  await inspect();
  const urn = await watchedHome(officer);
  await go(`/monitoring/visits/new?urn=${urn}`);
  await fill({ on: "12 9 2021", announced: "yes" });
  await press("Plan the visit");
  await expectText("Enter today or a day that is ahead", "main");
  await fill({ on: "13 9 2021" });
  await press("Plan the visit");
  await fill({ on: "13 9 2021", level_staffing: "improve", words_staffing: "Two shifts of the week are open." });
  await press("Record the visit");
  await expectText("Two shifts of the week are open.", "main");
  await inspect();
  await go(`/monitoring/concerns/new?urn=${urn}`);
  await fill({ theme: "staffing", severity: "medium", words: "Shifts are open on two days of each week." });
  await press("Raise the concern");
  await expectText("No plan yet", "main");
  await inspect();
  const id = page.url().split("/").pop();

  const lead = await another();
  await lead.signIn("Marcus Inkberrow");
  await lead.go("/region/monitoring");
  await lead.expectText("Returns for April to June 2021", "main");
  await lead.expectText("Overdue", "main");
  await lead.inspect();
  await lead.go("/monitoring/themes");
  await lead.expectText("Themes since", "main");
  await lead.inspect();
  await lead.go(`/monitoring/concerns/${id}`);
  await lead.expectText("Propose a measure about its standing", "main");

  await go(`/monitoring/homes/${urn}`);
  await expectText("Figures over time", "main");
  await inspect();
  const drawings = await page.locator("main svg[role=img]").count();
  check(drawings > 0, "the figures over time have no drawing");
}

/** The number of a home that has a concern already: its provider is in the story. */
async function watchedHome({ page, go }) {
  await go("/monitoring");
  await page.locator("main table a[href^='/monitoring/concerns/']").first().click();
  const caption = await page.locator("main .govuk-caption-l, main .govuk-caption-xl").first().innerText();
  return caption.split(",").pop().trim();
}

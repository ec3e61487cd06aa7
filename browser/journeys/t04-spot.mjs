// T4: every home on the arrangement declines; a spot purchase for this child only, refused for a home that nobody has
// registered and for a reason that the record does not bear out; the checks; approval under limb (c).
import { approve, askedFor, complete, enterOffer, reasons, start } from "../lib/placement.mjs";

export const name = "T4 all decline, spot purchase, checks, approval under limb (c)";
export const alone = true;

export async function run(officer) {
  const { page, js, check, go, fill, press, follow, signIn, another, expectText, inspect } = officer;
  await signIn("Priya Shah");
  const reference = await start(officer, { case_number: `T4-${js ? "on" : "off"}` });
  await complete(officer, reference, { needs: { lot: "crisis" }, where: { from: "HR1", within_miles: 45, preferred_location_local: "yes" } });
  const count = await askAll(officer, reference);

  await go(`/referrals/${reference}/spot/new`);
  await inspect();
  const [urn, home] = await outside(officer, reference);
  await request(officer, reference, { reason: "none_available", urn });
  await expectText("does not hold: a home on the arrangement can still answer", "main");

  for (let number = 1; number <= count; number += 1) {
    await go(`/referrals/${reference}/asked/${number}/decline`);
    await fill({ reason: "no_staffed_bed", channel: "phone", said_at: "13 9 2021", said_at_time: "10:20am", said_by: "The registered manager", evidence: "No bed this month." });
    await press(/^Record/);
  }
  await request(officer, reference, { reason: "none_available", urn: "SC999999" });
  await expectText("You cannot buy a placement at an unregistered home");
  await expectText("Whom to call now", "main");
  await inspect();
  await request(officer, reference, { reason: "none_available", urn });
  check(new URL(page.url()).pathname === `/referrals/${reference}/spot`, `asking for it led to ${page.url()}`);
  await expectText("No home on the arrangement has a bed for this child", "main");
  await inspect();

  await enterOffer(officer, reference, home, "4900");
  await checks(officer, reference, urn);
  await go(`/referrals/${reference}/spot`);
  await expectText("Ready for approval", "main");
  await follow("Recommend and ask for approval");
  await fill(await reasons(page));
  await press(/^Ask for/);
  const asked = await askedFor(officer, reference);
  check(asked.size === 1, `${reference} waits for ${[...asked.keys()].join(", ")}`);

  const approver = await another();
  await approver.signIn("Helen Garraway");
  const [approval] = asked.values();
  await approver.go(`/approvals/${approval}`);
  await approver.expectText("limb (c)", "main");
  await approve(approver, approval);
  await go(`/referrals/${reference}/spot`);
  await expectText("Agreed", "main");
  await go("/spot?tab=all");
  await expectText(reference, "main");
  await inspect();
}

/** Asks every home on the arrangement that could meet the needs, and sends; how many were asked. */
async function askAll(officer, reference) {
  const { page, go, fill, press } = officer;
  await go(`/referrals/${reference}/recipients`);
  const boxes = page.locator("main input[name^=homes_fca]:not(:disabled), main input[name^=homes_mini_block]:not(:disabled)");
  const homes = await boxes.evaluateAll((list) => list.map((box) => [box.name, box.value]));
  for (const [name, value] of homes) await fill({ [name]: value });
  for (const skipped of await page.locator("main select[name^=skip_]").evaluateAll((lists) => lists.map((list) => list.name))) {
    if (skipped === "skip_in_house") await fill({ [skipped]: "not_most_appropriate" });
  }
  await fill({ deadline: "end_of_today" });
  await press("Save and continue");
  await go(`/referrals/${reference}/check`);
  if ((await page.locator("[name=accept_few]").count()) > 0) await fill({ accept_few: "yes" });
  await press(/^Send to/);
  return homes.length;
}

/** The first home of the own area that could be bought outside the arrangement: its Ofsted number and name. */
async function outside({ page, go, check }, reference) {
  await go(`/referrals/${reference}/homes?tier=spot&areas=own&within=25`);
  const free = page.locator("main .govuk-summary-card", { hasText: /Bed free\s+Now/ });
  const links = await free.locator("a[href*='/why']").evaluateAll((list) => list.map((link) => link.getAttribute("href")));
  check(links.length > 0, "no home of the area stands outside the arrangement");
  const urn = /SC\d+/.exec(links[0])[0];
  await go(`/homes/${urn}`);
  return [urn, (await page.locator("h1").innerText()).trim()];
}

async function request({ go, fill, press }, reference, { reason, urn }) {
  await go(`/referrals/${reference}/spot/new`);
  await fill({ reason, urn, this_child: "yes" });
  await press("Start the spot purchase");
}

/** Does every check that is not read by the system. */
async function checks({ page, go, fill, press, check, inspect }, reference, urn) {
  const table = `/referrals/${reference}/checks?home=${urn}`;
  await go(table);
  await inspect();
  const links = await page.locator(`main a[href*="/checks/${urn}/"]`).evaluateAll((list) => list.map((link) => link.getAttribute("href")));
  check(links.length === 15, `${links.length} checks are to do, not 15`);
  for (const link of links) {
    await go(link);
    const kind = await page.locator("main [name=evidence_kind]").first().getAttribute("value");
    const answers = { act: "do", evidence_kind: kind, evidence_on: "6 9 2021", evidence_number: "E-2021-7", minutes: "3" };
    if ((await page.locator("[name=evidence_until_day]").count()) > 0) answers.evidence_until = "31 3 2022";
    await fill(answers);
    await press("Save");
  }
  await inspect();
}

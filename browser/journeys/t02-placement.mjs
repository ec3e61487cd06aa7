// T2: from a referral to a child's start in a home: refer, send, three offers, compare, recommend, approve, sign, start.
import { approve, askedFor, enterOffer, offer, recommend, send, start } from "../lib/placement.mjs";

export const name = "T2 a placement from referral to start";
export const alone = true;

export async function run(officer) {
  await place(officer, (one) => one.inspect());
}

/** The whole journey; `look` is called on the pages that matter most. */
export async function place(officer, look) {
  const { page, js, check, go, fill, press, signIn, another, expectText } = officer;
  await signIn("Priya Shah");
  const reference = await start(officer, { case_number: `T2-${js ? "on" : "off"}` });
  await look(officer);
  await send(officer, reference, ["Elm House", "Ash Lodge", "Willow Bank"]);
  await look(officer);

  const provider = await another();
  await provider.signIn("Rashid Harescombe");
  await offer(provider, reference, "3950");
  await look(provider);
  await enterOffer(officer, reference, "Ash Lodge", "4100");
  await enterOffer(officer, reference, "Willow Bank", "4050");

  await go(`/referrals/${reference}/offers/compare`);
  await expectText("Compare 3 offers");
  await look(officer);
  await recommend(officer, reference, "Elm House");
  const [approval] = (await askedFor(officer, reference)).values();
  check(approval, `${reference} waits for no approval`);

  const approver = await another();
  await approver.signIn("Helen Garraway");
  await approver.go(`/approvals/${approval}`);
  await look(approver);
  await approve(approver, approval);

  await go(`/referrals/${reference}`);
  await go("/agreements");
  const row = page.locator("main tr", { hasText: "Elm House" }).filter({ hasText: /Prepared/ });
  const agreement = /HEF-A-\d+/.exec(await row.first().locator("a").first().getAttribute("href"))[0];
  const sign = async (one, person, role) => {
    await one.go(`/agreements/${agreement}/sign`);
    await one.fill({ name: person, role, authority: true });
    await one.press("Sign this agreement");
  };
  await sign(officer, "Priya Shah", "Placement officer");
  await expectText("Signed by one");
  await sign(provider, "Rashid Harescombe", "Placements manager");
  await provider.expectText("Signed");
  await look(provider);

  await go(`/agreements/${agreement}/start`);
  const dates = await page.locator("main [name$=_day]").evaluateAll((fields) => fields.map((field) => field.name.replace(/_day$/, "")));
  for (const date of dates) await fill({ [date]: "13 9 2021" });
  await press("Record the start");
  await expectText("Started");
  await look(officer);
}

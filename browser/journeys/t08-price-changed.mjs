// T8: an offer's price rises after the approver has opened the page; that page approves nothing and says what changed.
import { approve, askedFor, offer, recommend, send, start } from "../lib/placement.mjs";

export const name = "T8 a price changed after it was seen voids the approval";
export const alone = true;

export async function run(officer) {
  const { js, check, go, signIn, another, expectText } = officer;
  await signIn("Priya Shah");
  const before = await prepared(officer);
  const reference = await start(officer, { case_number: `T8-${js ? "on" : "off"}` });
  await send(officer, reference, ["Elm House"]);
  const provider = await another();
  await provider.signIn("Rashid Harescombe");
  await offer(provider, reference, "3900");
  await recommend(officer, reference, "Elm House");
  const [approval] = (await askedFor(officer, reference)).values();

  const approver = await another();
  await approver.signIn("Helen Garraway");
  await approver.go(`/approvals/${approval}`);
  await approver.follow("Approve this placement");
  await approver.expectText("£3,900 a week", "main");

  await change(provider, reference, "4100");
  await approver.press("Approve this placement");
  await approver.expectText("Void (facts changed)", "main");
  await approver.expectText("£3,900", "main");
  await approver.expectText("£4,100", "main");
  await approver.inspect();
  const ways = await approver.page.getByRole("button", { name: "Approve this placement" }).count();
  check(ways === 0, "the void approval can still be approved");
  await approver.go(`/approvals/${approval}/approve`, 409);
  check((await prepared(officer)) === before, "the void approval prepared an agreement with Elm House");
  await go(`/referrals/${reference}`);
  await expectText("Offers in");

  await recommend(officer, reference, "Elm House");
  const [again] = (await askedFor(officer, reference)).values();
  check(again && again !== approval, `${reference} was not asked for anew`);
  await approver.go(`/approvals/${again}`);
  await approver.expectText("£4,100 a week", "main");
  await approve(approver, again);
  check((await prepared(officer)) === before + 1, "the approval of the new price prepared no agreement with Elm House");
}

/** How many agreements with Elm House are prepared. */
async function prepared({ page, go }) {
  await go("/agreements");
  return page.locator("main tbody tr", { hasText: "Elm House" }).filter({ hasText: "Prepared" }).count();
}

async function change({ go, fill, follow, press, expectText }, reference, core) {
  await go(`/provider/referrals/${reference}`);
  await follow("Change the offer");
  await fill({ core, amend_reason: "mistake" });
  await press("Change the offer");
  await expectText(`£${Number(core).toLocaleString("en-GB")} a week`);
}

// T7: a home outside and in no adjoining authority needs the director of children's services, however cheap it is.
import { approve, askedFor, enterOffer, recommend, send, start } from "../lib/placement.mjs";

export const name = "T7 at a distance needs the director of children's services";
export const alone = true;

const OFFICE = "Section 18, Children Act 2004";
const RULE = "Regulation 11(2)(b), Care Planning Regulations 2010";

export async function run(officer) {
  const { js, check, go, signIn, another, expectText, inspect } = officer;
  await signIn("Priya Shah");
  const reference = await start(officer, { case_number: `T7-${js ? "on" : "off"}` });
  await send(officer, reference, ["Elm House", "Kestrel Court"]);
  await enterOffer(officer, reference, "Elm House", "4150");
  await enterOffer(officer, reference, "Kestrel Court", "950");
  await go(`/referrals/${reference}/offers/compare`);
  await expectText("at a distance");
  await expectText("Director of children's services of the responsible authority", "main");
  await inspect();
  await recommend(officer, reference, "Kestrel Court");
  const asked = await askedFor(officer, reference);
  const [distance, award] = [asked.get("Placement at a distance"), asked.get("Award of the placement agreement")];
  check(asked.size === 2 && distance && award, `${reference} waits for: ${[...asked.keys()].join(", ")}`);

  const assistant = await another();
  await assistant.signIn("Helen Garraway");
  await assistant.go(`/approvals/${distance}`);
  await assistant.expectText(RULE, "main");
  const ways = await assistant.page.getByRole("button", { name: /Approve/ }).count();
  check(ways === 0, "the Assistant Director is offered to approve a placement at a distance");
  await assistant.inspect();
  await assistant.go(`/approvals/${distance}/approve`, 409);
  await assistant.expectText("You cannot", "h1");
  await assistant.expectText(OFFICE, "main");
  await assistant.inspect();
  await approve(assistant, award);
  await go(`/referrals/${reference}`);
  await expectText("Waiting for approval");

  const director = await another();
  await director.signIn("David Oakden");
  await director.go(`/approvals/${distance}`);
  await director.expectText(RULE, "main");
  await director.inspect();
  await approve(director, distance);
  await go(`/referrals/${reference}`);
  await expectText("Agreed");
}

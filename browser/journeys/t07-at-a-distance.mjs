// T7: a home outside and in no adjoining authority needs the director of children's services, however cheap it is. The director
// alone exempts the child from a home's grade of Inadequate too, for one home and until a day.
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
  const director = await another();
  await director.signIn("David Oakden");
  await exempt(officer, director, reference);
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

  await director.go(`/approvals/${distance}`);
  await director.expectText(RULE, "main");
  await director.inspect();
  await approve(director, distance);
  await go(`/referrals/${reference}`);
  await expectText("Agreed");
}

const ASKED = "Her sister lives there, and her weekly visits went well.";
const SAFE = "A second person is awake at night, and Ofsted's monitoring visit found it so.";

/**
 * The officer asks the director, who finds it on the list. The director is told field by field and rule by rule what is missing;
 * the officer reads what was recorded, without its words, and that what was asked is granted by it.
 */
async function exempt(officer, director, reference) {
  const { page, base, check, go, follow, expectText, expectNoText, inspect } = officer;
  const { fill, press } = director;
  const at = `/referrals/${reference}/exemptions`;
  const record = "Record the exemption";
  await go(`/referrals/${reference}`);
  await follow("Exemptions from a grade of Inadequate");
  await expectText("No exemption is recorded for this referral.", "main");
  check((await page.getByRole("button", { name: record }).count()) === 0, "an officer is offered to exempt a child");
  const list = await (await page.request.get(new URL("/homes.csv", base).href)).text();
  const urn = (words) => {
    const line = list.split(/\r?\n/).find((one) => words.every((word) => one.includes(word)));
    check(line, `no home of the list is ${words.join(", ")}`);
    return /SC\d+/.exec(line)[0];
  };

  const judged = urn([",Registered,", "Inadequate"]);
  await officer.press("Ask the director");
  await expectText("Choose why this child is exempted", ".govuk-error-summary");
  await inspect();
  await officer.fill({ urn: judged, reason: "sibling", words: ASKED, until: "27 9 2021" });
  await officer.press("Ask the director");
  await expectText("Waits for the director", "main");
  await inspect();
  await director.go("/approvals");
  await director.expectText("Exemptions asked for", "main");
  await director.inspect();

  await director.go(at);
  for (const said of [judged, "Priya Shah", ASKED]) await director.expectText(said, "main");
  await press(record);
  for (const asked of ["the home's Ofsted number", "Choose why this child is exempted", "by which day"]) {
    await director.expectText(asked, ".govuk-error-summary");
  }
  await director.inspect();
  await fill({ urn: "SC999999", reason: "improving", words: SAFE, until: "27 9 2022" });
  await press(record);
  await director.expectText("Enter a day from 13 September 2021 to 16 March 2022", ".govuk-error-summary");
  await fill({ until: "27 9 2021" });
  await press(record);
  await director.expectText("Enter the Ofsted number of a home on the register", ".govuk-error-summary");
  await fill({ urn: urn(["Elm House"]) });
  await press(record);
  await director.expectText("The home's latest judgement is not Inadequate", "main");
  await director.go(at);
  await fill({ urn: judged, reason: "improving", words: SAFE, until: "27 9 2021" });
  await press(record);
  for (const said of [judged, "27 September 2021", "David Oakden", "Holds", "Granted"]) await director.expectText(said, "main");
  await director.inspect();
  await go(at);
  await expectText(judged, "main");
  await expectNoText("awake at night");
  await inspect();
}

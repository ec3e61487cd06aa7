// T32: what the demonstration holds for people to try stands within two clicks of a role's home.
export const name = "T32 the demonstration's situations in two clicks from home";
export const modes = [false];

/** Who looks, what they follow from their home, and what they read there. */
const SITUATIONS = [
  ["Marcus Inkberrow", ["Mini-blocks", "MB-001"], ["Two beds for the conurbation"]],
  ["Marcus Inkberrow", ["Mini-blocks", "MB-003"], ["66% of bed-nights stood empty"]],
  ["Marcus Inkberrow", ["Mini-blocks", "MB-002"], ["Herefordshire Council", "Shropshire Council", "Staffordshire County Council", "Worcestershire County Council"]],
  ["Marcus Inkberrow", [/Look at them for Ofsted/, "Holly Cottage"], ["Visit with serious concerns"]],
  ["Marcus Inkberrow", [/Look at them for Ofsted/], [
    "Visit with serious concerns. Now Assurance inspection, 6 September 2021",
    "Visit with serious concerns. Now Assurance inspection, 7 September 2021",
  ]],
  ["Marcus Inkberrow", ["Providers", /^Standing: measures/], [
    "No new placements today",
    "Ofsted restricts new admissions",
    "Suspended for new placements",
    "A safeguarding enquiry",
    "2 September 2021",
    "children placed",
  ]],
  ["Marcus Inkberrow", [/Look at them for Ofsted/, "Rush Farm"], ["Registration cancelled"]],
  ["Marcus Inkberrow", [/Look at them for Ofsted/, "Ivy Cottage"], ["Repeated unplanned ends"]],
  ["Marcus Inkberrow", [/Look at them for Ofsted/, /Bring in Ofsted.s register/], ["Ofsted's register of homes", "Check this file"]],
  ["Rashid Harescombe", ["Public liability insurance"], ["5 days left", "28 days left", "55 days left"]],
  ["Grace Marchment", [/prices by route/], ["Spot prices are higher in Birmingham, Coventry and Worcestershire", "Herefordshire +0.2%", "Cannot tell", "Too few to say"]],
  ["Grace Marchment", [/share through the arrangement/], ["The share fell from 42% to 20%, and stands at 43%"]],
  ["Priya Shah", [/^Compare offers/], ["Compare 4 offers", "9 miles", "22 miles", "61 miles", "at a distance"]],
  ["Priya Shah", ["HEF-R-0042", /^Offers/], ["Sent, changed", "Received after the deadline"]],
  ["Priya Shah", [/^Open the agreement/], ["HEF-A-0061", "14 September 2021", "Prepared"]],
  ["Priya Shah", [/^Record the review/], ["Child in an unregistered setting", "The review of 13 September 2021 is missing"]],
  ["Priya Shah", [/^Look at the hours/, /^Back/], ["1:1 support, afternoons", "21 June to 17 September 2021"]],
  ["Priya Shah", [/^Agreements$/, /^Ended/], ["Ended unplanned"]],
  ["Helen Garraway", ["HEF-D-0064"], ["Confirm in writing what was said by midday on Monday 13 September 2021"]],
];

export async function run({ page, go, follow, signIn, check }) {
  let who;
  const missed = [];
  for (const [person, links, words] of SITUATIONS) {
    check(links.length <= 2, `${links.join(", ")} are more than two clicks`);
    if (person !== who) await signIn(person);
    who = person;
    await go("/home");
    for (const link of links) await follow(link);
    const text = (await page.locator("main").textContent()).replace(/\s+/g, " ").replaceAll("’", "'");
    missed.push(...words.filter((word) => !text.includes(word)).map((word) => `${person} at ${page.url()} does not read "${word}"`));
  }
  check(missed.length === 0, missed.join("\n"));
}

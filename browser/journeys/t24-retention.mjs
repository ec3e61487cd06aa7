// T24: a record is due for erasure. An officer gives out what is held, once more, and proposes the erasure; whoever proposed it
// cannot confirm it; another person does, and nothing about the child can be read from then on. The glass that an
// administrator broke is seen by the authority.
export const name = "T24 a record that is due, given out, and erased by two people";
export const alone = true;

export async function run(officer) {
  const { another } = officer;
  const record = await due(officer);
  await givenOut(officer);
  await proposed(officer);
  await confirmed(await another(), record);
  await gone(officer, record);
}

async function due({ page, signIn, go, follow, expectText, check, inspect }) {
  await signIn("Priya Shah");
  await go("/home");
  await expectText("due for erasure", "main");
  await follow("Look at the records");
  await expectText("Children’s records", "h1");
  for (const standing of ["Due", "Held", "Erasure proposed"]) await expectText(standing, "main");
  await inspect();
  const row = page.locator("main tr", { hasText: "Due" }).first();
  const number = await row.getByRole("link").innerText();
  await follow(number);
  await expectText("Due", "main");
  await inspect();
  check(/^Child \d+$/.test(number), `the record is called ${number}`);
  return new URL(page.url()).pathname;
}

async function givenOut({ page, check }) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Everything held, as JSON" }).click(),
  ]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const held = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  check(held.held.some((part) => part.kind === "child"), "what is held has no part about the child");
  check(Array.isArray(held.documents), "what is held says nothing of documents");
  check(held.events.some((event) => event.kind === "child.recorded"), "what is held does not say when the child was recorded");
}

async function proposed({ press, expectText, inspect, page, check }) {
  await press("Propose that it be erased");
  await expectText("Erasure proposed", "main");
  check((await page.getByRole("button", { name: "Erase this child’s record" }).count()) === 0, "who proposes may confirm");
  await inspect();
}

async function confirmed({ page, signIn, go, follow, press, expectText, inspect, check }, record) {
  await signIn("Helen Garraway");
  await go("/approvals");
  await expectText("wait for a second person", "main");
  await follow("Look at the records");
  await go(record);
  await expectText("Erasing destroys the child’s key", "main");
  await inspect();
  await press("Erase this child’s record");
  await expectText("Erased", "main");
  check((await page.getByRole("button", { name: "Everything held, as a page" }).count()) === 0, "what was erased can be given out");
  await inspect();
  await go("/broken-glass");
  await expectText("T-1042", "main");
}

async function gone({ go, expectText, inspect }, record) {
  await go(record);
  await expectText("Erased", "main");
  await inspect();
}

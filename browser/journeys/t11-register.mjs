// T11: Ofsted's register with seven rows that do not read. Marcus sends it, reads each row's fault, takes the list of errors;
// the list sent back in place of the file is refused. He sends the corrected file, sees what it changes before it changes
// anything, brings it in, and the alerts that follow wait with him. The same file again changes nothing.
import { readFile } from "node:fs/promises";
import path from "node:path";

export const name = "T11 Ofsted's register with seven bad rows, corrected, brought in";
export const alone = true;

const FAULTS = [
  ["Row 7", "URN is blank"],
  ["Row 12", 'URN is "see note"'],
  ["Row 16", 'Places is "four"'],
  ["Row 21", 'Places is "-1"'],
  ["Row 25", 'Places is "3.5"'],
  ["Row 30", 'Publication date is "31/02/2021"'],
  ["Row 36", 'Publication date is "last week"'],
];

export async function run(all) {
  const { go, signIn, press, fill, follow, page, expectText, expectNoText, inspect, check } = all;
  const file = async (name) => ({ name, mimeType: "text/csv", buffer: await readFile(path.join(all.data, "imports", name)) });
  const send = async (sent) => {
    await fill({ kind: "register" });
    await page.locator("input[type=file]").setInputFiles(sent);
    await press("Check this file");
  };

  await signIn("Marcus Inkberrow");
  await go("/region/alerts");
  await follow("Bring in Ofsted's register from a file");
  await send({ name: "register.csv", mimeType: "text/csv", buffer: Buffer.from("not,a,register\n1,2,3\n") });
  await expectText("No row with the column names", "main");
  await inspect();

  await send(await file("homes_with_7_row_errors.csv"));
  await expectText("Has errors", "main");
  await expectText("7 rows", "main");
  for (const [row, said] of FAULTS) {
    await expectText(row, "main");
    await expectText(said, "main");
  }
  await inspect();
  const errors = await page.request.get(new URL(`${new URL(page.url()).pathname}/errors.csv`, all.base).href);
  const list = await errors.body();
  check(list.toString().includes("validation_result,errors"), `the list of errors says: ${list}`);
  check(list.toString().trim().split("\n").length === 8, `the list of errors has seven rows below its heads: ${list}`);
  await press("Cancel this file");
  await send({ name: "errors.csv", mimeType: "text/csv", buffer: list });
  await expectText("send the whole of it", "main");

  await send(await file("homes_at_september_2021.csv"));
  await expectText("Ready to bring in", "main");
  await expectText("What the register changes", "main");
  await expectText("SC970001", "main");
  await expectText("New on the register", "main");
  await expectText("Registered places", "main");
  await inspect();
  const checked = page.url();
  await go("/homes/SC970001", 404);
  await go(new URL(checked).pathname);
  await press("Bring in 3 homes");
  await expectText("Brought in", "main");
  await expectText("What followed: 3 alerts", "main");
  await inspect();
  await go("/region/homes/SC970001");
  await go("/region/alerts");
  await expectText("SC970001", "main");
  await inspect();

  await go("/imports");
  await send(await file("homes_at_september_2021.csv"));
  await expectText("No row would change anything", "main");
  await expectNoText("Bring in 3 homes");
}

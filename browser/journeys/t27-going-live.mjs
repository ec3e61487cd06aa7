// T27: files brought in. A provider brings documents with errors: each is told by row and column, a second file corrects
// them, and they go in once, also when the button is pressed twice. Telford went live: its opening ledger stands beside the
// finance ledger, and the two agreements that differ are listed.
import { people } from "../lib/telford.mjs";

export const name = "T27 files with errors, corrected, brought in; an opening ledger";
export const alone = true;

const HEAD = "urn,document,reference,from,expires_on,seen_by\n";
const file = (text) => ({ name: "documents.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

export async function run(all) {
  const { go, signIn, press, fill, page, expectText, expectNoText, inspect, check } = all;
  await signIn("Rashid Harescombe");
  await go("/provider/homes");
  await all.follow("Bring in homes, beds and documents from a file");
  await fill({ kind: "documents" });
  await page.locator("input[type=file]").setInputFiles(file("not,a,table\n1,2,3\n"));
  await press("Check this file");
  await expectText("The first row lacks document, reference, from", "main");
  await inspect();

  await fill({ kind: "documents" });
  const rows = [
    ",regulation_44,R44-AUG,2021-08-02,,members",
    ",regulation_44,R44-JUL,31/02/2021,,members",
    ",insurance,PL-9,2021-04-01,2022-03-31,members",
    ",fire_safety,=1+1,2021-01-10,2022-01-09,region",
  ];
  await page.locator("input[type=file]").setInputFiles(file(HEAD + rows.join("\n") + "\n"));
  await press("Check this file");
  await expectText("Has errors", "main");
  for (const said of ["Row 3", "expected a date", "Row 4", "expected one of insurance_public", "Row 5", "The cell is a formula"]) {
    await expectText(said, "main");
  }
  await inspect();
  const csv = await page.request.get(new URL(`${new URL(page.url()).pathname}/errors.csv`, all.base).href);
  const text = await csv.text();
  check(text.includes("validation_result,errors") && text.includes("'=1+1"), `the list of errors says: ${text}`);
  await press("Cancel this file");

  await fill({ kind: "documents" });
  const fixed = HEAD + rows.join("\n").replace("31/02/2021", "2021-07-05").replace(",insurance,", ",insurance_public,").replace("=1+1", "FRA-1");
  await page.locator("input[type=file]").setInputFiles(file(fixed + "\n"));
  await press("Check this file");
  await expectText("Ready to bring in", "main");
  await press("Bring in 4 rows");
  await expectText("Brought in", "main");
  await inspect();
  await go("/provider/documents");
  await expectText("R44-AUG", "main");
  await expectText("FRA-1", "main");
  await inspect();

  const [officer] = await people(all);
  await signIn(officer);
  await go("/imports");
  await expectText("Live and earlier placements", "main");
  await expectText("Brought in", "main");
  await inspect();
  await go("/finance/opening-ledger");
  await expectText("2 agreements differ", "main");
  await expectText("One night, often the day of the move", "main");
  await expectNoText("Ferrow");
  await inspect();
}

// T27: files brought in. A provider brings documents with errors: each is told by row and column, a second file corrects
// them, and they go in once, also when the button is pressed twice. A certificate comes with its file, a newer one follows it,
// and an authority's officer opens both from the home's record. Telford went live: its opening ledger stands beside the finance
// ledger, and the two agreements that differ are listed.
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
  await certificate(all);

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
  await opened(all);
}

const CERTIFICATE = "Professional indemnity insurance PI-9";

/** A file that is no document is refused at its field, with what was typed kept; a newer file follows the first. */
async function certificate({ page, follow, fill, press, go, expectText, inspect, check }) {
  const choose = (text) => {
    const sent = { name: "Certificate.pdf", mimeType: "application/pdf", buffer: Buffer.from(text) };
    return page.locator("main input[type=file]").setInputFiles(sent);
  };
  await fill({ document: "insurance_professional", reference: "PI-9", from: "1 4 2021", expires_on: "31 3 2022", seen_by: "members" });
  await choose("MZ a program under the name of a document");
  await press("Save this document");
  await expectText("The file is of no kind that can be taken", ".govuk-error-summary");
  await inspect();
  await choose("%PDF-1.7 the first");
  await press("Save this document");
  await expectText(`${CERTIFICATE} (PDF, 1 KB)`, "main");
  await follow(`Add a newer file of ${CERTIFICATE}`);
  await press("Add this document");
  await expectText("Choose the document to add", ".govuk-error-summary");
  await inspect();
  await choose("%PDF-1.7 the second");
  await press("Add this document");
  const files = await page.locator("main a", { hasText: "Certificate.pdf" }).count();
  check(files === 2, `${files} files are kept of the certificate`);
  await inspect();
  await go("/provider/documents");
  await expectText("Earlier file of PI-9, added 13 September 2021", "main");
  await inspect();
}

/** The officer comes from the home to its documents, and to each file by its own link. */
async function opened({ page, base, go, follow, inspect, check }) {
  await go("/homes?q=Elm+House");
  await follow("Elm House");
  await follow("Documents and until when they hold");
  await inspect();
  for (const [link, content] of [[CERTIFICATE, "%PDF-1.7 the second"], ["Earlier file of PI-9", "%PDF-1.7 the first"]]) {
    const address = await page.locator("main a", { hasText: link }).first().getAttribute("href");
    const answer = await page.request.get(new URL(address, base).href);
    check((await answer.text()) === content, `${address} answered ${answer.status()} and not "${content}"`);
    check(answer.headers()["content-disposition"].startsWith("attachment"), `${address} opens in the page`);
  }
}

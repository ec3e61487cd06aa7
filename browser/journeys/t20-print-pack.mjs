// T20: what is printed: the approval pack and the statement of a search, tagged and saying what their pages say; and the
// comparison's print view without navigation and buttons.
import { words } from "../lib/pdf.mjs";

export const name = "T20 the print pack";

export async function run({ page, base, go, check, signIn, expectText, inspect }) {
  await signIn("Priya Shah");
  const pdf = async (path) => {
    const answer = await page.request.get(new URL(path, base).href);
    check(answer.ok() && answer.headers()["content-type"] === "application/pdf", `${path} answers ${answer.status()}`);
    check(/^attachment/.test(answer.headers()["content-disposition"] ?? ""), `${path} is no file to keep`);
    const bytes = await answer.body();
    check(bytes.includes("/StructTreeRoot"), `${path} is not tagged`);
    return words(bytes);
  };

  await go("/approvals");
  const approval = (await page.locator("main tbody a").first().getAttribute("href")).split("/").pop();
  await go(`/approvals/${approval}`);
  await expectText("Approval pack (PDF)");
  await inspect();
  const pack = await pdf(`/approvals/${approval}/pack.pdf`);
  const parts = ["Approval pack", approval, "By which power", "The recommendation", "Offers compared", "Points when it was recommended", "Checks and gates", "Annual value", "SHA-256"];
  for (const part of parts) check(pack.includes(part), `the pack does not say ${part}`);

  await go("/referrals/HEF-R-0042/statement");
  await expectText("Statement of the search (PDF)");
  await inspect();
  const statement = await pdf("/referrals/HEF-R-0042/statement.pdf");
  for (const part of ["Statement of the search", "HEF-R-0042", "Elm House", "Homes approached", "SHA-256"]) {
    check(statement.includes(part), `the statement does not say ${part}`);
  }

  await go("/referrals/HEF-R-0042/offers/compare");
  await page.emulateMedia({ media: "print" });
  for (const gone of [".govuk-service-navigation", ".govuk-back-link", "main .govuk-button"]) {
    const shown = await page.locator(gone).evaluateAll((all) => all.filter((one) => one.offsetParent !== null).length);
    check(shown === 0, `${shown} of ${gone} are printed`);
  }
  check(await page.locator("main table").first().isVisible(), "the comparison is not printed");
  await page.emulateMedia({ media: null });
}

// T16: a form that is sent twice, by a double press or again later, makes one record.
export const name = "T16 double submit";

export async function run({ page, base, js, check, go, fill, press, signIn, expectText }) {
  await signIn("Priya Shah");
  const number = `T16-${js ? "on" : "off"}`;
  await go("/referrals/new");
  await fill({ which: "new", given_names: "Tamsin", family_name: "Quillfeather", born: "3 4 2008", sex: "female", case_number: number });
  const sent = await page.locator("main form").first().evaluate((form) => [...new FormData(form)].map(([name, value]) => [name, value]));
  const body = new URLSearchParams(sent).toString();
  const again = () =>
    page.request.post(`${base}/referrals/new`, {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      data: body,
      maxRedirects: 0,
    });
  // Two at the same moment, as a double press sends them, and the press itself.
  const twice = await Promise.all([again(), again()]);
  await press("Start");
  const places = [...twice.map((answer) => new URL(answer.headers().location ?? "/none", base).pathname), new URL(page.url()).pathname];
  check(new Set(places).size === 1, `one form made ${places.join(", ")}`);
  const later = await again();
  check(new URL(later.headers().location ?? "/none", base).pathname === places[0], "the same form sent later led elsewhere");

  const reference = /HEF-R-\d+/.exec(places[0])?.[0];
  check(reference, `the form led to ${places[0]}`);
  await go(`/referrals/${reference}/timeline`);
  await expectText(reference);
}

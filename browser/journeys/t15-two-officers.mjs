// T15: Priya and Amir have the same task of a referral open; the second to save is told, and overwrites nothing.
export const name = "T15 two officers edit one referral";

export async function run({ page, js, check, go, fill, press, signIn, another, expectText, inspect }) {
  await signIn("Priya Shah");
  await go("/referrals/new");
  await fill({ which: "new", given_names: "Corin", family_name: "Ashwater", born: "3 4 2008", sex: "male", case_number: `T15-${js ? "on" : "off"}` });
  await press("Start");
  const reference = /HEF-R-\d+/.exec(page.url())[0];

  const second = await another();
  await second.signIn("Amir Hallowes");
  await go(`/referrals/${reference}/health`);
  await second.go(`/referrals/${reference}/health`);
  await fill({ health: "community" });
  await press("Save and continue");
  await second.fill({ health: "complex_care" });
  await second.press("Save and continue");
  await second.expectText("changed this while you were working");
  await second.inspect();
  await go(`/referrals/${reference}/health`);
  check(await page.locator('[name=health][value="community"]').isChecked(), "the first answer was overwritten");
  await second.go(`/referrals/${reference}/health`);
  await second.fill({ health: "complex_care" });
  await second.press("Save and continue");
  await go(`/referrals/${reference}/health`);
  check(await page.locator('[name=health][value="complex_care"]').isChecked(), "the answer given again was not saved");
  await inspect();
  await expectText("Health");
}

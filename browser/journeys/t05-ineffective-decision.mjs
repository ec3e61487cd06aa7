// T5: an authority whose decision is not yet effective cannot award; the next day, by the calendar alone, it can.
export const name = "T5 a decision that takes effect tomorrow";
export const alone = true;

export async function run({ page, check, go, press, fill, follow, expectText, expectNoText, inspect }) {
  const telford = async () => {
    const row = page.locator("tr", { hasText: "Telford" }).or(page.locator("main li, main .govuk-summary-card", { hasText: "Telford" }));
    return (await row.first().innerText()).replace(/\s+/g, " ");
  };
  await go("/arrangement");
  check((await telford()).includes("Cannot award yet"), `the arrangement says of Telford: ${await telford()}`);
  await inspect();
  await go("/decisions/TEL-2021-0907");
  await expectText("14 September 2021");
  await inspect();

  await go("/demo");
  await expectText("10:20am on Monday 13 September 2021");
  await follow("Move the demonstration's calendar");
  await inspect();
  await fill({ day: "12 9 2021", day_time: "9am" });
  await press("Move the calendar");
  await expectText("it only moves on", ".govuk-error-summary");
  await inspect();
  await fill({ day: "14 9 2021", day_time: "9am" });
  await press("Move the calendar");
  await expectText("9am on Tuesday 14 September 2021");

  await go("/arrangement");
  check((await telford()).includes("Can award"), `the arrangement still says of Telford: ${await telford()}`);
  await expectNoText("Today is 13 September 2021");
}

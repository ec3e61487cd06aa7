// T18: T2 with the keyboard alone: Tab, Enter, space and arrows; every stop can be seen, none is a trap, and the first
// of each page skips to its content.
import { place } from "./t02-placement.mjs";

export const name = "T18 a placement by keyboard alone";
export const alone = true;
export const long = true;

export async function run(officer) {
  await place(officer.byKeyboard(), walk);
}

/** Walks through a page by Tab, and past its navigation by its first link. */
async function walk({ page, check, tabWalk }) {
  const stops = await tabWalk();
  check(/skip to main content/i.test(stops[0]), `${page.url()}: the first stop is "${stops[0]}", not the skip link`);
  await page.reload();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const within = await page.evaluate(() => document.activeElement?.closest("main, footer") !== null);
  check(within, `${page.url()}: after the skip link, Tab does not go on in the content`);
}

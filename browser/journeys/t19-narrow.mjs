// T19: T2 at 1280 px and 400 per cent, which is 320 px: no page scrolls sideways, and every target is 24 px or apart.
import { place } from "./t02-placement.mjs";

export const name = "T19 a placement at 320 px";
export const alone = true;
export const long = true;

export async function run(officer) {
  const seen = new Set();
  const arrived = async ({ page, check, reflow }) => {
    await reflow();
    const small = await page.evaluate(tooSmall);
    check(small.length === 0, `${page.url()} has targets under 24 px: ${small.join(" | ")}`);
    seen.add(new URL(page.url()).pathname);
  };
  await place(await officer.narrow(arrived), async () => {});
  officer.check(seen.size > 20, `only ${seen.size} pages were seen`);
}

/** Runs in the page: targets under 24 by 24 px with another target in the circle around them (WCAG 2.2, 2.5.8). */
function tooSmall() {
  const shown = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter(
    (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1,
  );
  // A link within a sentence is as high as its line.
  const inline = (element) =>
    element.tagName === "A" && [...element.parentNode.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
  const small = (box) => box.width < 24 || box.height < 24;
  const near = (x, y, box) => Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)) < 12;
  return shown
    .filter((element) => {
      const box = element.getBoundingClientRect();
      if (!small(box) || inline(element)) return false;
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      return shown.some((other) => other !== element && !other.contains(element) && !element.contains(other) && near(x, y, other.getBoundingClientRect()));
    })
    .map((element) => element.outerHTML.slice(0, 160));
}

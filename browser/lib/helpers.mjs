// What journeys say: go there, fill this in, expect that, inspect the page. Each refusal is an error in words.
import { axe } from "./axe.mjs";

const WIDE = { width: 1280, height: 1024 };
/** 1280 by 1024 at 400 per cent. */
const NARROW = { width: 320, height: 256 };
const SERVICE = "Arrange children's home placements";

export class Refusal extends Error {}

/** Refuses with the message unless the condition holds. */
export function check(condition, message) {
  if (!condition) throw new Refusal(message);
}

/** The helpers of one journey, bound to its page. */
export function helpers({ page, base, js }) {
  const go = async (path, status = 200) => {
    const response = await page.goto(new URL(path, base).href);
    check(response.status() === status, `${path} answered ${response.status()}, not ${status}`);
    return response;
  };
  const expectText = async (text, within = "body") => {
    const found = await page.locator(within).first().innerText();
    const flat = found.replace(/\s+/g, " ");
    check(flat.includes(text), `${page.url()} does not say "${text}"; it says: ${flat.slice(0, 600)}`);
  };
  const expectNoText = async (text) => {
    check(!(await page.content()).includes(text), `${page.url()} must not contain "${text}"`);
  };
  /** Signs in as one of the demonstration's people; the button is found by any part of its text. */
  const signIn = async (persona) => {
    await page.context().clearCookies();
    await go("/demo");
    await press(persona);
    check(new URL(page.url()).pathname !== "/demo", `signing in as ${persona} stayed on the list of people`);
  };
  /** Presses the one button with this text, and waits for the page that follows. */
  const press = async (name) => {
    const button = page.getByRole("button", { name });
    check((await button.count()) === 1, `${page.url()} has ${await button.count()} buttons "${name}", not 1`);
    await Promise.all([page.waitForEvent("load"), button.click()]);
  };
  const follow = async (name) => {
    const link = page.getByRole("link", { name });
    check((await link.count()) > 0, `${page.url()} has no link "${name}"`);
    await Promise.all([page.waitForEvent("load"), link.first().click()]);
  };
  const inspect = (options) => inspectPage(page, { js, ...options });
  return { page, base, js, check, go, press, follow, signIn, expectText, expectNoText, inspect, reflow: () => reflow(page), tabWalk: () => tabWalk(page) };
}

/** One heading, the agreed title, the accessibility rules at both widths, and no sideways scrolling. */
async function inspectPage(page, options) {
  const headings = await page.locator("h1").allInnerTexts();
  check(headings.length === 1, `${page.url()} has ${headings.length} h1, not one`);
  const title = await page.title();
  check(title.endsWith(SERVICE), `${page.url()} has the title "${title}", which does not end with the service's name`);
  const complaints = [];
  for (const size of [WIDE, NARROW]) {
    await page.setViewportSize(size);
    complaints.push(...(await axe(page, options)).map((complaint) => `${size.width} px: ${complaint}`));
  }
  await page.setViewportSize(WIDE);
  check(complaints.length === 0, complaints.join("\n"));
  await reflow(page);
}

/** At 400 per cent the page itself must not scroll sideways. */
async function reflow(page) {
  const before = page.viewportSize();
  await page.setViewportSize(NARROW);
  const { width, widest } = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide = [...document.body.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > width + 1);
    return {
      width: document.documentElement.scrollWidth,
      widest: wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)),
    };
  });
  await page.setViewportSize(before);
  check(width <= NARROW.width, `${page.url()} is ${width} px wide at ${NARROW.width} px: ${widest.join(" | ")}`);
}

/** Tabs through the page; every stop must be visible, shown as focused and in the order of the markup. */
async function tabWalk(page, limit = 300) {
  const stops = [];
  await page.evaluate(() => document.activeElement?.blur());
  for (let count = 0; count < limit; count += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(focused);
    if (!stop || (stops.length > 0 && stop.index <= stops[0].index)) break;
    check(stop.marked, `${page.url()}: focus on ${stop.html} cannot be seen`);
    check(!stop.hidden, `${page.url()}: focus goes to ${stop.html}, which is hidden or covered`);
    const last = stops.at(-1);
    check(!last || stop.index > last.index, `${page.url()}: focus goes back from ${last?.html} to ${stop.html}`);
    stops.push(stop);
  }
  check(stops.length > 0 && stops.length < limit, `${page.url()}: Tab found ${stops.length} stops`);
  return stops.map(({ name }) => name);
}

/** Runs in the page: what has the focus, where it stands in the markup, and whether a person can tell. */
function focused() {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const style = getComputedStyle(element);
  // Choices draw their focus on the label beside them.
  const beside = element.nextElementSibling ? getComputedStyle(element.nextElementSibling, "::before") : null;
  const drawn = (one) => (one.outlineStyle !== "none" && one.outlineWidth !== "0px") || one.boxShadow !== "none";
  const box = element.getBoundingClientRect();
  const at = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 10)];
  const top = document.elementFromPoint(...at);
  return {
    index: [...document.querySelectorAll("*")].indexOf(element),
    name: (element.labels?.[0]?.innerText ?? element.innerText ?? "").trim() || element.getAttribute("aria-label") || element.name,
    html: element.outerHTML.slice(0, 160),
    marked: drawn(style) || (beside !== null && drawn(beside)),
    hidden: box.width === 0 || box.height === 0 || !(top && (element.contains(top) || top.contains(element) || top.closest("label")?.control === element)),
  };
}

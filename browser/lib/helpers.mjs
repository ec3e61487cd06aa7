// What journeys say: go there, fill this in, expect that, inspect the page. Each refusal is an error in words.
import { setTimeout as pause } from "node:timers/promises";
import { axe, resize } from "./axe.mjs";

const WIDE = { width: 1280, height: 1024 };
/** 1280 by 1024 at 400 per cent. */
const NARROW = { width: 320, height: 256 };
const SERVICE = "Arrange children's home placements";

export class Refusal extends Error {}

/** Refuses with the message unless the condition holds. */
export function check(condition, message) {
  if (!condition) throw new Refusal(message);
}

/**
 * The helpers of one journey, bound to its page. `open` gives the page of another visitor; `part` counts the runs that
 * share the journey's work, `target` is where builds write. `keys`: by keyboard only. `size`: of the window.
 * `arrived` is called with the helpers on every page that is reached.
 */
export function helpers(given) {
  const { page, base, data, js, part, target, open, keys = false, size = WIDE, arrived } = given;
  const settle = async () => {
    await picture(page);
    await arrived?.(all);
  };
  const go = async (path, status = 200) => {
    const response = await page.goto(new URL(path, base).href);
    check(response.status() === status, `${path} answered ${response.status()}, not ${status}`);
    if (response.status() < 400) await settle();
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
    const count = await button.count();
    check(count === 1, `${page.url()} has ${count} buttons "${name}", not 1`);
    await Promise.all([page.waitForEvent("load"), keys ? activate(page, button) : button.click()]);
    await settle();
  };
  const follow = async (name) => {
    // A link that looks like a button has the role of one.
    const link = page.getByRole("link", { name }).or(page.locator("a[role=button]").and(page.getByRole("button", { name })));
    check((await link.count()) > 0, `${page.url()} has no link "${name}"`);
    await Promise.all([page.waitForEvent("load"), keys ? activate(page, link.first()) : link.first().click()]);
    await settle();
  };
  /** Fills in a form's fields by name: text, `true` for a box to tick, the value of an option, a date as "19 9 2021". */
  const fill = async (answers) => {
    for (const [name, answer] of Object.entries(answers)) await fillOne(page, name, answer, keys);
  };
  /** Another visitor's page with the same helpers, such as a colleague at their own browser. */
  const another = async () => {
    const other = await open();
    await other.setViewportSize(size);
    return helpers({ ...given, page: other });
  };
  /** Waits for what the server does by itself, such as its worker: asks until it holds, and gives up in words. */
  const until = async (holds, words, seconds = 20) => {
    for (const end = performance.now() + seconds * 1000; !(await holds()); await pause(200)) check(performance.now() < end, words());
  };
  const inspect = () => inspectPage(page, js, size);
  const all = {
    page, base, data, js, part, target, check, go, press, follow, fill, another, signIn, expectText, expectNoText, inspect, until,
    reflow: () => reflow(page),
    tabWalk: () => tabWalk(page),
    byKeyboard: () => helpers({ ...given, keys: true }),
    /** The same at the width of a phone, or at 1280 px and 400 per cent. */
    narrow: async (arrived) => {
      await page.setViewportSize(NARROW);
      return helpers({ ...given, size: NARROW, arrived });
    },
  };
  return all;
}

/** Tabs to an element and presses Enter. */
async function activate(page, target) {
  await tabTo(page, target);
  await page.keyboard.press("Enter");
}

/** Presses Tab until the element has the focus. */
async function tabTo(page, target, limit = 400) {
  const wanted = await target.elementHandle();
  // To ask after every press takes longer than to press: only the last stops are asked one by one.
  for (let ahead = await page.evaluate(stopsAhead, wanted); ahead > 0; ahead -= 1) await page.keyboard.press("Tab");
  for (let count = 0; count < limit; count += 1) {
    if (await page.evaluate((element) => document.activeElement === element, wanted)) {
      const stop = await page.evaluate(focused);
      check(stop.marked && !stop.hidden, `${page.url()}: focus on ${stop.html} cannot be seen`);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Refusal(`${page.url()}: Tab never comes to ${await target.evaluate((element) => element.outerHTML.slice(0, 160))}`);
}

/**
 * Runs in the page: how often Tab is pressed at least from what has the focus to the element; nought where that is not known.
 * Of radios only the chosen one is a stop, or the first.
 */
function stopsAhead(element) {
  const first = ({ form, name }) => {
    const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(name)}"]`)].filter((one) => one.form === form);
    return group.find((one) => one.checked) ?? group[0];
  };
  const isReached = (one) => one.tabIndex >= 0 && !one.matches(":disabled, [type=hidden]") && one.checkVisibility({ visibilityProperty: true });
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((one) => isReached(one) && (one.type !== "radio" || one === first(one)));
  const from = document.activeElement ?? document.body;
  const comesAfter = (one) => (from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const passed = from === document.body ? 0 : stops.filter((one) => !comesAfter(one)).length;
  const at = stops.indexOf(element);
  if (at < 0 || from === element) return 0;
  return at >= passed ? at - passed + 1 : stops.length - passed + at + 1;
}

/** Fills in one field as a person does; a date in its three parts, several boxes from a list. */
async function fillOne(page, name, answer, keys) {
  const of = (suffix = "") => page.locator(`main [name="${name}${suffix}"]:not([type=hidden])`);
  const { kind, missing } = await page.evaluate(fieldOf, { name, values: [answer].flat() });
  check(kind, `${page.url()} has no field "${name}"`);
  if (kind === "date") {
    const parts = String(answer).split(" ");
    for (const [index, part] of ["_day", "_month", "_year"].entries()) await type(page, of(part).first(), parts[index] ?? "", keys);
    return;
  }
  const fields = of();
  if (kind === "radio" || kind === "checkbox") {
    check(missing.length === 0, `${page.url()} has no choice "${missing[0]}" of "${name}"`);
    for (const value of [answer].flat()) {
      const box = value === true ? fields.first() : page.locator(`main [name="${name}"][value="${value}"]`);
      if (keys) await choose(page, fields, box.first(), kind);
      else await box.first().check({ force: true });
    }
  } else if (kind === "select") {
    if (keys) await pick(page, fields.first(), String(answer));
    else await fields.first().selectOption(String(answer));
  } else {
    await type(page, fields.first(), String(answer), keys);
  }
}

/** Runs in the page: which kind of field has this name, and which of the values cannot be chosen there. */
function fieldOf({ name, values }) {
  const named = (suffix) => document.querySelector(`main [name="${name}${suffix}"]:not([type=hidden])`);
  const field = named("");
  if (!field) return { kind: named("_day") && "date", missing: [] };
  const choices = [...document.querySelectorAll(`main [name="${name}"]:is([type=radio], [type=checkbox])`)].map((one) => one.value);
  const missing = choices.length > 0 ? values.filter((value) => value !== true && !choices.includes(String(value))) : [];
  return { kind: field.tagName === "SELECT" ? "select" : field.type, missing };
}

async function type(page, field, text, keys) {
  if (!keys) return field.fill(text);
  await tabTo(page, field);
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  return page.keyboard.insertText(text);
}

/** Ticks a box with the space bar; comes into radios at their first or chosen one, and moves with the arrows. */
async function choose(page, group, box, kind) {
  if (await box.isChecked()) return;
  if (kind === "checkbox") {
    await tabTo(page, box);
    await page.keyboard.press("Space");
  } else {
    const chosen = group.and(page.locator(":checked"));
    await tabTo(page, (await chosen.count()) > 0 ? chosen.first() : group.first());
    await page.keyboard.press("Space");
    for (let count = await group.count(); count > 0 && !(await box.isChecked()); count -= 1) await page.keyboard.press("ArrowDown");
  }
  check(await box.isChecked(), `${page.url()}: the keyboard cannot choose ${await box.evaluate((element) => element.outerHTML)}`);
}

/** Chooses in a list by the arrows. */
async function pick(page, list, value) {
  await tabTo(page, list);
  const at = await list.evaluate((element, wanted) => [...element.options].findIndex((option) => option.value === wanted), value);
  check(at >= 0, `${page.url()} has no option "${value}"`);
  await page.keyboard.press("Home");
  for (let count = 0; count < at; count += 1) await page.keyboard.press("ArrowDown");
  check((await list.inputValue()) === value, `${page.url()}: the keyboard cannot choose "${value}"`);
}

const PICTURES = process.env.PLACEWELL_PICTURES;
const taken = new Set();

/** Where a folder is named for them, one picture of each page at both widths, for people to look at. */
async function picture(page) {
  const name = new URL(page.url()).pathname.replace(/[^a-z0-9]+/gi, "-").slice(1, 80) || "start";
  if (!PICTURES || taken.has(name)) return;
  taken.add(name);
  const before = page.viewportSize();
  for (const size of [WIDE, { width: 320, height: 800 }]) {
    await page.setViewportSize(size);
    await page.screenshot({ path: `${PICTURES}/${name}-${size.width}.png`, fullPage: true });
  }
  await page.setViewportSize(before);
}

/** One heading, the agreed title, the accessibility rules at both widths, and no sideways scrolling. */
async function inspectPage(page, js, own) {
  const [headings, title] = await page.evaluate(() => [document.querySelectorAll("h1").length, document.title]);
  check(headings === 1, `${page.url()} has ${headings} h1, not one`);
  check(title.endsWith(SERVICE), `${page.url()} has the title "${title}", which does not end with the service's name`);
  const complaints = await axe(page, js, [WIDE, NARROW]);
  // The rules end at the narrow width: it is measured there before the page goes back to its own.
  complaints.push(...(await sideways(page, own)));
  check(complaints.length === 0, complaints.join("\n"));
}

/** At 400 per cent the page itself must not scroll sideways. */
async function reflow(page) {
  const complaints = await sideways(page, page.viewportSize());
  check(complaints.length === 0, complaints.join("\n"));
}

/** The complaint of a page that is too wide at the narrow width, if it is; then it has the size `after`. */
async function sideways(page, after) {
  await resize(page, NARROW);
  const { width, widest } = await page.evaluate((most) => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= most) return { width: scrollWidth, widest: [] };
    const wide = [...document.body.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > clientWidth + 1);
    return { width: scrollWidth, widest: wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)) };
  }, NARROW.width);
  await resize(page, after);
  return width <= NARROW.width ? [] : [`${page.url()} is ${width} px wide at ${NARROW.width} px: ${widest.join(" | ")}`];
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

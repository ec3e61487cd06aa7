// Accessibility rules in the page: no violation and nothing left undecided without a listed reason.
// A page without scripts cannot run the rules itself, so its very markup is shown again in a page that may,
// with the site's own scripts refused.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What the design system does on purpose, each with its reason; nothing else is excused. */
const EXCUSED = [
  { rule: "region", html: /class="govuk-(back-link|skip-link)/, reason: "stands before the landmarks by design" },
  {
    rule: "aria-allowed-attr",
    html: /class="govuk-(radios|checkboxes)__input"[^>]*aria-controls=/,
    reason: "a choice that opens a further question says whether it is open",
  },
];

/** What the rules cannot decide and a person has: not excused where they find it broken. */
const DECIDED = [
  {
    rule: "th-has-data-cells",
    html: /app-compare__table/,
    reason: "the heading of a group of rows spans the table and so has no cell of its own beside it",
  },
  { rule: "color-contrast", html: /^<text /, reason: "words of a drawing, in the page's text colour on the page's own ground" },
  {
    rule: "color-contrast",
    html: /<span aria-hidden="true"> [▲▼]<|>⋯</,
    reason: "a sign of one character in the colour of the words beside it",
  },
  { rule: "color-contrast", html: /^<td [^>]*>\d<\/td>$/, why: "shortTextContent", reason: "a figure of one digit in the colour of the words beside it" },
  { rule: "color-contrast", html: /^<t[hd] /, why: "elmPartiallyObscured", reason: "a cell of a wide table that scrolls by itself" },
];

/** Complaints about a page at each of the sizes, in words. */
export async function axe(page, js, sizes) {
  const complaints = [];
  await (js ? (work) => work(page) : (work) => withoutScripts(page, work))(async (shown) => {
    for (const size of sizes) {
      await shown.setViewportSize(size);
      complaints.push(...complain(await run(shown)).map((complaint) => `${size.width} px: ${page.url()} ${complaint}`));
    }
  });
  return complaints;
}

/** What is wrong and not excused. */
function complain(results) {
  const complaints = [];
  for (const [kind, list] of [
    ["breaks", results.violations],
    ["leaves undecided", results.incomplete],
  ]) {
    for (const rule of list) {
      const reasons = [...EXCUSED, ...(kind === "breaks" ? [] : DECIDED)].filter((reason) => reason.rule === rule.id);
      const excused = (node) => reasons.some((reason) => reason.html.test(node.html) && (reason.why ?? node.why) === node.why);
      for (const node of rule.nodes.filter((node) => !excused(node))) {
        complaints.push(`${kind} ${rule.id} (${rule.help}): ${node.target.join(" ")} ${node.html} ${node.why}`);
      }
    }
  }
  return complaints;
}

async function run(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  return page.evaluate(
    async (tags) => {
      const { violations, incomplete } = await window.axe.run(document, {
        runOnly: { type: "tag", values: tags },
        resultTypes: ["violations", "incomplete"],
      });
      const brief = (rules) =>
        rules.map(({ id, help, nodes }) => ({
          id,
          help,
          nodes: nodes.map(({ html, target, any }) => ({ html: html.slice(0, 400), target, why: any[0]?.data?.messageKey ?? "" })),
        }));
      return { violations: brief(violations), incomplete: brief(incomplete) };
    },
    TAGS,
  );
}

/** For each visitor without scripts, the page that shows theirs again: to begin a new one takes as long as to look at it. */
const copies = new WeakMap();

async function copyFor(visitor) {
  if (!copies.has(visitor)) {
    const context = await visitor.browser().newContext({ locale: "en-GB", timezoneId: "Europe/London", reducedMotion: "reduce" });
    visitor.once("close", () => context.close().catch(() => {}));
    const copy = await context.newPage();
    await copy.route("**/*.js", (route) => route.abort());
    copies.set(visitor, copy);
  }
  return copies.get(visitor);
}

async function withoutScripts(page, work) {
  const html = await page.content();
  const url = page.url();
  const visitor = page.context();
  const copy = await copyFor(visitor);
  // A visitor without scripts keeps nothing but cookies.
  await copy.context().clearCookies();
  await copy.context().addCookies(await visitor.cookies());
  await copy.setViewportSize(page.viewportSize());
  await copy.route(url, (route) => route.fulfill({ status: 200, contentType: "text/html; charset=utf-8", body: html }));
  try {
    await copy.goto(url);
    return await work(copy);
  } finally {
    await copy.unroute(url);
    // Or the next address, where it differs by its fragment alone, would be this page once more.
    await copy.goto("about:blank");
  }
}

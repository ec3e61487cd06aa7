// Accessibility rules in the page: no violation and nothing left undecided without a listed reason.
// A page without scripts cannot run the rules itself: it may for as long as they take. What the site's own scripts would have
// done to it as it came, they do no more.
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
  {
    rule: "meta-refresh",
    html: /content="\d+;url=\/referrals\//,
    reason: "who a child is leaves the screen when nobody is there, and without scripts nothing else takes it off",
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

/** Complaints about a page at each of the sizes, in words; it is left at the last of them. */
export async function axe(page, js, sizes) {
  const complaints = [];
  if (!js) await allowScripts(page, true);
  try {
    for (const size of sizes) {
      await resize(page, size);
      complaints.push(...complain(await run(page)).map((complaint) => `${size.width} px: ${page.url()} ${complaint}`));
    }
  } finally {
    if (!js) await allowScripts(page, false);
  }
  return complaints;
}

/** Gives the page a size where it has another: it is laid out anew each time it is told. */
export async function resize(page, size) {
  const { width, height } = page.viewportSize();
  if (width !== size.width || height !== size.height) await page.setViewportSize(size);
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

/** For each page without scripts, what lets it run some for a while. */
const sessions = new WeakMap();

async function allowScripts(page, allowed) {
  let session = sessions.get(page);
  if (!session) {
    session = await page.context().newCDPSession(page);
    sessions.set(page, session);
    // Only what this session has itself forbidden can it allow.
    await session.send("Emulation.setScriptExecutionDisabled", { value: true });
  }
  await session.send("Emulation.setScriptExecutionDisabled", { value: !allowed });
}

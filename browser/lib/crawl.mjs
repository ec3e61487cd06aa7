// Every page and file that somebody can reach by links, as text, without showing it: for what must be nowhere.
import { strFromU8, unzipSync } from "fflate";
import { words } from "./pdf.mjs";

const FOLLOWED = /href="(\/[^"#]*)/g;
/** Forms of the same page in another order, the way out, and the tour, which signs in as its guest. */
const SKIPPED = /^\/(assets|sign-out|switch|tour|help\/api)|[?&](sort|page)=/;
const FILE = /\.(csv|xlsx|pdf|json|ics|atom)\b/;

/** What a path is one of: `/homes/{}/beds`, `/agreements/{}.pdf`. */
const kind = (path) => path.replace(/\?.*/, "").replace(/[A-Z]+[-\d]*\d[^/.]*|\d[\d-]*/g, "{}");

/** The words of a file; of a kind that cannot be read, none. */
async function told(answer) {
  const kind = answer.headers()["content-type"] ?? "";
  if (kind.startsWith("application/pdf")) return words(await answer.body());
  if (kind.includes("spreadsheetml")) return Object.values(unzipSync(await answer.body())).map((part) => strFromU8(part)).join("\n");
  return /^(text|application\/(json|atom|xml|[\w.]+\+(json|xml)))/.test(kind) ? answer.text() : "";
}

/** Follows links from the paths given, at most `each` of a kind; gives the path and text of every page and file. */
export async function crawl({ page, base }, from, each) {
  const pages = new Map();
  const kinds = new Map();
  const waiting = [...from];
  while (waiting.length > 0) {
    const path = waiting.shift();
    const count = kinds.get(kind(path)) ?? 0;
    if (pages.has(path) || SKIPPED.test(path) || count >= each) continue;
    const answer = await page.request.get(new URL(path, base).href);
    if (!answer.ok()) continue;
    kinds.set(kind(path), count + 1);
    if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) {
      if (FILE.test(path)) pages.set(path, await told(answer));
      continue;
    }
    const html = await answer.text();
    pages.set(path, html);
    waiting.push(...[...html.matchAll(FOLLOWED)].map(([, href]) => href.replaceAll("&amp;", "&").replaceAll("&#38;", "&")));
  }
  return pages;
}

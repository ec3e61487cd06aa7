// Every page that somebody can reach by links, as markup, without showing it: for what must be nowhere.
const FOLLOWED = /href="(\/[^"#]*)/g;
/** Files, forms of the same page in another order, the way out, and the tour, which signs in as its guest. */
const SKIPPED = /^\/(assets|sign-out|switch|tour|help\/api)|\.(csv|xlsx|pdf|json|ics|atom)\b|[?&](sort|page)=/;

/** What a path is a case of: `/homes/{}/beds`. */
const kind = (path) => path.replace(/\?.*/, "").replace(/[A-Z]+[-\d]*\d[^/]*|\d[\d-]*/g, "{}");

/** Follows links from the paths given, at most `each` pages of a kind; gives the path and markup of every page. */
export async function crawl({ page, base }, from, each) {
  const pages = new Map();
  const kinds = new Map();
  const waiting = [...from];
  while (waiting.length > 0) {
    const path = waiting.shift();
    const count = kinds.get(kind(path)) ?? 0;
    if (pages.has(path) || SKIPPED.test(path) || count >= each) continue;
    const answer = await page.request.get(new URL(path, base).href);
    if (!answer.ok() || !(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    kinds.set(kind(path), count + 1);
    const html = await answer.text();
    pages.set(path, html);
    waiting.push(...[...html.matchAll(FOLLOWED)].map(([, href]) => href.replaceAll("&amp;", "&").replaceAll("&#38;", "&")));
  }
  return pages;
}

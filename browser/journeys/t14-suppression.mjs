// T14: whatever a stranger subtracts from whatever, across the page, the spending file, the register as data and the feeds,
// no number of children under five comes out; and no file names a home.
export const name = "T14 public files leave small numbers out";

const LEAST = 5;
const FILES = [
  "/contracts.csv", "/contracts.json", "/contracts.atom", "/contracts/spending.csv", "/decisions.atom", "/decisions.json",
  "/forward-plan.csv",
];

export async function run({ page, base, go, follow, check, inspect, another }) {
  await go("/");
  await follow("Contracts");
  await inspect();
  const tables = await totals(page);
  check(tables.length >= 2, `${tables.length} years are published, not two`);
  const lines = spending(await text(page, base, "/contracts/spending.csv"));
  for (const { days, rows, all } of tables) {
    check(rows.every(({ children }) => children >= LEAST), `${days} has a figure under ${LEAST}`);
    subtracts(days, all.children, rows, check);
    const year = lines.filter(({ start }) => long(start) === days.split(" to ")[0]);
    check(year.length >= rows.length, `the file has ${year.length} lines for ${days}`);
    for (const { name, children } of rows) {
      const own = year.filter(({ supplier }) => name === supplier || name.startsWith(`${supplier} (`));
      const sum = own.reduce((sum, line) => sum + line.children, 0);
      check(sum === children, `${name} in ${days}: the page says ${children}, the file ${sum}`);
      check(own.every((line) => line.children >= LEAST), `${name} in ${days} has a part under ${LEAST}`);
      subtracts(`${name}, ${days}`, children, own, check);
    }
  }
  await nothingIsNamed(page, base, check, another);
}

/** No sum of some figures leaves between one and four of the total. */
function subtracts(of, total, parts, check) {
  let sums = new Set([0]);
  for (const { children } of parts) sums = new Set([...sums, ...[...sums].map((sum) => sum + children)]);
  const left = [...sums].map((sum) => total - sum).filter((left) => left > 0 && left < LEAST);
  check(left.length === 0, `${of}: ${total} children less some figures leave ${left.join(", ")}`);
}

async function text(page, base, path) {
  const answer = await page.request.get(new URL(path, base).href);
  if (!answer.ok()) throw new Error(`${path} answered ${answer.status()}`);
  return answer.text();
}

/** The yearly tables of the page. */
async function totals(page) {
  const found = [];
  for (const table of await page.locator("table", { hasText: "All providers" }).all()) {
    const caption = (await table.locator("caption").innerText()).trim();
    const rows = [];
    for (const row of await table.locator("tbody tr").all()) {
      const [name, children] = await row.locator("th, td").allInnerTexts();
      rows.push({ name: name.trim(), children: Number(children.replaceAll(",", "")) });
    }
    const all = rows.find(({ name }) => name === "All providers");
    found.push({ days: caption.replace("Placements by provider, ", ""), rows: rows.filter((row) => row !== all), all });
  }
  return found;
}

function spending(csv) {
  const cells = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell.replace(/^"|"$/g, ""));
  return csv.trim().split(/\r?\n/).slice(1).map(cells)
    .map(([, start, , supplier, , , , , , children]) => ({ start, supplier, children: Number(children) }));
}

const MONTHS = "January February March April May June July August September October November December".split(" ");

function long(day) {
  const [year, month, date] = day.split("-").map(Number);
  return `${date} ${MONTHS[month - 1]} ${year}`;
}

/** The homes that an officer can name, in no public file. */
async function nothingIsNamed(page, base, check, another) {
  const officer = await another();
  await officer.signIn("Priya Shah");
  await officer.go("/homes");
  const homes = (await officer.page.locator("tbody th a").allInnerTexts()).map((name) => name.trim());
  check(homes.length > 10, `${homes.length} homes are listed`);
  for (const path of FILES) {
    const body = await text(page, base, path);
    const named = homes.filter((home) => body.includes(home));
    check(named.length === 0, `${path} names ${named.join(", ")}`);
    check(!/[A-Z]{3}-[ARD]-\d{4}/.test(body), `${path} has the reference of a search, an approval or an agreement`);
  }
}

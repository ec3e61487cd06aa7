// Runs the journeys of journeys/*.mjs in Chromium, each with JavaScript on and off, and ends with the plain count.
// Each file exports `name` and `run(helpers)`; `alone = true` gives it a server of its own, `bare = true` one with nearly
// nothing in it, `modes = [true]` one mode, `parts = 6` shares its work among six runs, `long = true` is begun before others.
// Words given on the command line choose journeys by file name.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch, visitor } from "./lib/chromium.mjs";
import { Refusal, check, helpers } from "./lib/helpers.mjs";
import { servers } from "./lib/server.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? path.join(here, "../target");
const pictures = path.join(target, "browser");
const executable = process.env.PLACEWELL_BIN ?? path.join(target, "debug/placewell");
/** No journey may take longer, in milliseconds. */
const JOURNEY_LIMIT = 480_000;
/** A run of all of them should not take longer, in minutes: people wait for it. A slower machine is told, not failed. */
const RUN_LIMIT = 8;
/** Journeys at once: each waits in turn for the browser, the server and itself, so that two keep two cores busy. */
const AT_ONCE = 3;

async function journeys(words) {
  const folder = path.join(here, "journeys");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".mjs")).sort();
  const chosen = files.filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  if (chosen.length === 0) throw new Error(`no journeys${words.length > 0 ? ` named ${words.join(", ")}` : ""} in ${folder}`);
  return Promise.all(
    chosen.map(async (file) => {
      const journey = await import(pathToFileURL(path.join(folder, file)).href);
      if (typeof journey.name !== "string" || typeof journey.run !== "function") {
        throw new Error(`${file} must export name and run`);
      }
      return { file: path.basename(file, ".mjs"), ...journey };
    }),
  );
}

/**
 * Each journey in each of its modes and parts: first what can begin while the demonstration is filled, then the long ones, so
 * that at the end nobody waits for one of them alone.
 */
function runs(list) {
  const turn = ({ bare, long }) => (bare ? 0 : long ? 1 : 2);
  const order = [0, 1, 2].flatMap((now) => list.filter((journey) => turn(journey) === now));
  return order.flatMap((journey) =>
    (journey.modes ?? [true, false]).flatMap((js) =>
      Array.from({ length: journey.parts ?? 1 }, (_, part) => ({ journey, js, part })),
    ),
  );
}

/** Runs one journey in one mode; gives what went wrong, or nothing. */
async function attempt(browser, { journey, js, part }, base, data) {
  const visitors = [];
  const open = async () => {
    const one = await visitor(browser, { js, base });
    visitors.push(one);
    return one.context.newPage();
  };
  const page = await open();
  let limit;
  try {
    const late = new Promise((_, refuse) => {
      limit = setTimeout(() => refuse(new Refusal(`took longer than ${JOURNEY_LIMIT / 1000} s`)), JOURNEY_LIMIT);
    });
    await Promise.race([journey.run(helpers({ page, base, data, js, part, target, open })), late]);
    const faults = visitors.flatMap((one) => one.faults);
    check(faults.length === 0, faults.join("\n"));
    return null;
  } catch (error) {
    const name = path.join(pictures, `${journey.file}-${part}-${js ? "with" : "without"}-scripts`);
    await page.screenshot({ path: `${name}.png`, fullPage: true }).catch(() => {});
    await writeFile(`${name}.html`, await page.content().catch(() => "")).catch(() => {});
    const words = error instanceof Refusal ? error.message : (error.stack ?? String(error));
    return `${words}\n${visitors.flatMap((one) => one.faults).join("\n")}\nat ${page.url()}; see ${name}.png`;
  } finally {
    clearTimeout(limit);
    for (const one of visitors) await one.context.close().catch(() => {});
  }
}

/** Runs one journey on its server; gives what to say of it. */
async function outcome(browser, running, run) {
  const { journey, js, part } = run;
  const start = performance.now();
  const own = journey.alone ? await running.alone() : null;
  const base = own?.base ?? (await (journey.bare ? running.bare() : running.shared()));
  // Passkeys belong to a name: such a journey comes by the machine's name, not by its number.
  const wrong = await attempt(browser, run, journey.host ? base.replace("127.0.0.1", journey.host) : base, own?.data);
  own?.stop();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const which = journey.parts ? `part ${part + 1} of ${journey.parts}` : `JavaScript ${js ? "on" : "off"}`;
  const line = `${wrong ? "FAIL" : "pass"} ${seconds.padStart(6)} s  ${journey.name} (${which})`;
  return { wrong, lines: wrong ? `${line}\n${wrong.replace(/^/gm, "     ")}` : line };
}

/** Runs all, some at once, and tells of them in their own order; gives how many went wrong. */
async function runAll(browser, running, all) {
  const done = [];
  let next = 0;
  let told = 0;
  let failed = 0;
  const work = async () => {
    while (next < all.length) {
      const at = next;
      next += 1;
      done[at] = await outcome(browser, running, all[at]);
      for (; done[told]; told += 1) {
        console.log(done[told].lines);
        failed += done[told].wrong ? 1 : 0;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failed;
}

async function main() {
  const start = performance.now();
  const all = runs(await journeys(process.argv.slice(2)));
  await rm(pictures, { recursive: true, force: true });
  await mkdir(pictures, { recursive: true });
  const running = await servers(executable);
  if (all.some(({ journey }) => !journey.bare)) running.fill();
  let browser;
  let failed;
  try {
    browser = await launch();
    failed = await runAll(browser, running, all);
  } finally {
    await browser?.close();
    await running.stop();
  }
  const minutes = (performance.now() - start) / 60_000;
  const late = minutes > RUN_LIMIT && process.argv.length === 2;
  console.log(`${minutes.toFixed(1)} minutes, ${AT_ONCE} at once${late ? `: more than ${RUN_LIMIT}` : ""}`);
  console.log(`${all.length - failed} passed, ${failed} failed`);
  return failed === 0 && all.length > 0 ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  // What still starts would keep this waiting.
  process.exit(1);
}

// Runs the journeys of journeys/*.mjs in Chromium, each with JavaScript on and off, and ends with the plain count.
// Each file exports `name` and `run(helpers)`; `alone = true` gives it a server of its own, `modes = [true]` one mode.
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
const JOURNEY_LIMIT = 120_000;

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

/** Runs one journey in one mode; gives what went wrong, or nothing. */
async function attempt(browser, journey, js, base) {
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
    await Promise.race([journey.run(helpers({ page, base, js, open })), late]);
    const faults = visitors.flatMap((one) => one.faults);
    check(faults.length === 0, faults.join("\n"));
    return null;
  } catch (error) {
    const name = path.join(pictures, `${journey.file}-${js ? "with" : "without"}-scripts`);
    await page.screenshot({ path: `${name}.png`, fullPage: true }).catch(() => {});
    await writeFile(`${name}.html`, await page.content().catch(() => "")).catch(() => {});
    const words = error instanceof Refusal ? error.message : (error.stack ?? String(error));
    return `${words}\n${visitors.flatMap((one) => one.faults).join("\n")}\nat ${page.url()}; see ${name}.png`;
  } finally {
    clearTimeout(limit);
    for (const one of visitors) await one.context.close().catch(() => {});
  }
}

async function main() {
  const list = await journeys(process.argv.slice(2));
  await rm(pictures, { recursive: true, force: true });
  await mkdir(pictures, { recursive: true });
  const running = await servers(executable);
  const count = { passed: 0, failed: 0 };
  let browser;
  try {
    browser = await launch();
    for (const journey of list) {
      for (const js of journey.modes ?? [true, false]) {
        const start = performance.now();
        const own = journey.alone ? await running.alone() : null;
        const wrong = await attempt(browser, journey, js, own?.base ?? (await running.shared()));
        await own?.stop();
        count[wrong ? "failed" : "passed"] += 1;
        const seconds = ((performance.now() - start) / 1000).toFixed(1);
        console.log(`${wrong ? "FAIL" : "pass"} ${seconds.padStart(6)} s  ${journey.name} (JavaScript ${js ? "on" : "off"})`);
        if (wrong) console.log(wrong.replace(/^/gm, "     "));
      }
    }
  } finally {
    await browser?.close();
    await running.stop();
  }
  console.log(`${count.passed} passed, ${count.failed} failed`);
  return count.failed === 0 && count.passed > 0 ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

// One sample of each screen in each of its states, as the pages' own tests render them, under the style sheet, the
// scripts and the content security policy of the server: one heading, title, accessibility rules at both widths, reflow.
import { readdir } from "node:fs/promises";
import path from "node:path";
import { still } from "../lib/still.mjs";

export const name = "Samples of every screen";
export const modes = [true];
export const parts = 6;
export const bare = true;

export async function run({ base, part, target, check, go, inspect }) {
  const folder = process.env.PLACEWELL_SAMPLES ?? path.join(target, "samples");
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith(".html") && file !== "index.html").sort();
  check(files.length > 100, `${files.length} samples in ${folder}; write them: target/debug/examples/samples ${folder}`);

  const shown = await still(folder, base);
  const complaints = [];
  try {
    for (const file of files.filter((_, index) => index % parts === part)) {
      await go(`${shown.address}/samples/${encodeURIComponent(file)}`);
      await inspect().catch((error) => complaints.push(error.message));
    }
  } finally {
    shown.close();
  }
  check(complaints.length === 0, complaints.join("\n"));
}

// One sample of each screen in each of its states, as the pages' own tests render them, under the style sheet, the
// scripts and the content security policy of the server: one heading, title, accessibility rules at both widths, reflow.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

export const name = "Samples of every screen";
export const modes = [true];
export const parts = 6;
export const long = true;

export async function run({ page, base, part, target, check, go, inspect }) {
  const folder = process.env.PLACEWELL_SAMPLES ?? path.join(target, "samples");
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith(".html") && file !== "index.html").sort();
  check(files.length > 100, `${files.length} samples in ${folder}; write them: target/debug/examples/samples ${folder}`);

  const served = await page.request.get(`${base}/`);
  const policy = served.headers()["content-security-policy"].replaceAll(/'nonce-[^']*'/g, "'nonce-c2FtcGxl'");
  const assets = /"(\/assets\/[^/"]+)\/app\.css"/.exec(await served.text())[1];
  await page.route("**/samples/*", async (route) => {
    const file = path.join(folder, decodeURIComponent(new URL(route.request().url()).pathname.split("/").pop()));
    const body = (await readFile(file, "utf8")).replaceAll('"assets/', `"${assets}/`);
    await route.fulfill({ status: 200, headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": policy }, body });
  });
  const complaints = [];
  for (const file of files.filter((_, index) => index % parts === part)) {
    await go(`/samples/${encodeURIComponent(file)}`);
    await inspect().catch((error) => complaints.push(error.message));
  }
  check(complaints.length === 0, complaints.join("\n"));
}

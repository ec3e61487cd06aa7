// Builds crates/web/dist from this folder and the two design-system packages: styles, scripts, the images that are used.
// Run after `npm ci`. Crown, crest, fonts and GOV.UK's own icons stay out: this is not a service.gov.uk site.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(here, "../crates/web/dist");
const govuk = path.join(here, "node_modules/govuk-frontend/dist/govuk");
const moj = path.join(here, "node_modules/@ministryofjustice/frontend/moj");
const BANNED = /crown|crest|logotype|opengraph|apple-touch|wysiwyg|^govuk-/;

/** Compiles app.scss and refuses what must not be served outside gov.uk. */
async function styles() {
  const sass = await import("sass").catch(() => {
    throw new Error("sass is not installed: run `npm ci` in frontend/ first");
  });
  const { css } = await sass.compileAsync(path.join(here, "app.scss"), {
    loadPaths: [here],
    style: "compressed",
    quietDeps: true,
    sourceMap: false,
  });
  for (const word of ["GDS Transport", "@font-face"]) {
    if (css.includes(word)) throw new Error(`app.css contains "${word}", which may be used on gov.uk only`);
  }
  await writeFile(path.join(out, "app.css"), css);
  return css;
}

/** Copies the scripts, without the pointers to source maps that are not shipped. */
async function scripts() {
  for (const [from, name] of [
    [path.join(govuk, "govuk-frontend.min.js"), "govuk-frontend.min.js"],
    [path.join(moj, "moj-frontend.min.js"), "moj-frontend.min.js"],
    [path.join(here, "app.js"), "app.js"],
    [path.join(here, "passkey.js"), "passkey.js"],
  ]) {
    const text = await readFile(from, "utf8");
    await writeFile(path.join(out, name), text.replace(/\/\/# sourceMappingURL=\S+\s*$/, ""));
  }
}

/** Copies the images that the style sheet names, and our own. */
async function images(css) {
  const folder = path.join(out, "images");
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(path.join(moj, "assets/images"))) {
    if (css.includes(name) && !BANNED.test(name)) {
      await copyFile(path.join(moj, "assets/images", name), path.join(folder, name));
    }
  }
  for (const name of await readdir(path.join(here, "images"))) {
    await copyFile(path.join(here, "images", name), path.join(folder, name));
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const css = await styles();
await scripts();
await images(css);
console.log(`built ${path.relative(process.cwd(), out) || out}`);

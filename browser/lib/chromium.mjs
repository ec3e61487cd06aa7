// The one browser that all journeys share, started without anything that calls home.
import { existsSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

/** Hosts beside the server that a journey starts itself, such as an identity provider. */
export const neighbours = new Set();

/** The shell without windows first: the same engine in half the time. */
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

function executable() {
  if (process.env.PLACEWELL_CHROMIUM) return process.env.PLACEWELL_CHROMIUM;
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const found = NAMES.map((name) => path.join(folder, name)).find((file) => existsSync(file));
    if (found) return found;
  }
  throw new Error("Chromium is missing: install your system's package chromium, or set PLACEWELL_CHROMIUM");
}

export function launch() {
  return chromium.launch({
    executablePath: executable(),
    headless: true,
    // Chromium refuses its own sandbox to the system's administrator.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A fresh visitor: British English, London time, nothing remembered. */
export async function visitor(browser, { js, base }) {
  const context = await browser.newContext({
    javaScriptEnabled: js,
    locale: "en-GB",
    timezoneId: "Europe/London",
    viewport: { width: 1280, height: 1024 },
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
  context.setDefaultTimeout(20_000);
  context.setDefaultNavigationTimeout(40_000);
  const faults = [];
  context.on("weberror", (error) => faults.push(`script error: ${error.error().message}`));
  context.on("console", (message) => {
    // A page that answers 404 on purpose is reported as a failed load; anything else is ours to mend.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      faults.push(`console: ${message.text()}`);
    }
  });
  context.on("request", (request) => {
    const url = request.url();
    const known = [base, ...neighbours].some((host) => url.startsWith(host));
    if (!known && !/^(data|blob|about):/.test(url)) faults.push(`asked another host: ${url}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} from ${response.url()}`);
  });
  return { context, faults };
}

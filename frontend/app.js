// Enhances pages that already work without it: GOV.UK components, the MoJ ones a page uses, and one guard of our own.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

if (document.querySelector('[data-module^="moj-"]')) {
  import("./moj-frontend.min.js").then((moj) => moj.initAll());
}

if (document.querySelector("[data-passkey]")) import("./passkey.js");

// A second press of a submit button within ten seconds does nothing. The server refuses the repeat anyway, by its
// idempotency key; this only saves the person the "already sent" page.
const sentAt = new WeakMap();
const QUIET_MS = 10_000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  const now = Date.now();
  if (now - (sentAt.get(form) ?? 0) < QUIET_MS) {
    event.preventDefault();
    return;
  }
  sentAt.set(form, now);
});
// Back from the next page: the form is fresh again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) sentAt.delete(form);
});

// A child's details leave the screen after a time without activity. Without scripts a refresh in <noscript> does it.
const hides = document.body.dataset;
if (hides.hidesTo) {
  const wait = Number(hides.hidesAfter) * 60_000;
  let last = Date.now();
  const look = () => {
    if (Date.now() - last >= wait) location.replace(hides.hidesTo);
  };
  for (const act of ["pointermove", "pointerdown", "keydown", "scroll"]) {
    document.addEventListener(act, () => { last = Date.now(); }, { capture: true, passive: true });
  }
  setInterval(look, 1_000);
  // A device that slept, and a page that comes back from the browser's memory, are looked at before they are read.
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", look);
}

// A print button exists only where it works.
for (const place of document.querySelectorAll("[data-print]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.textContent = place.dataset.print || "Print this page";
  button.addEventListener("click", () => window.print());
  place.append(button);
}

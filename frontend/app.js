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

// A print button exists only where it works.
for (const place of document.querySelectorAll("[data-print]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.textContent = place.dataset.print || "Print this page";
  button.addEventListener("click", () => window.print());
  place.append(button);
}

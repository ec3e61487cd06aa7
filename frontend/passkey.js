// Passkeys: on send, the device is asked first, and what it says goes along in the form. Without this script, or where
// the browser makes no passkeys, the form is sent without it, and the page says what to do instead.
const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON && navigator.credentials;

async function ask(act, options) {
  if (act === "create") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

for (const place of document.querySelectorAll("[data-passkey]")) {
  const form = place.querySelector("form");
  if (!able || !form) continue;
  form.addEventListener("submit", async (event) => {
    const credential = form.elements.namedItem("credential");
    if (credential.value) return;
    event.preventDefault();
    event.stopPropagation();
    try {
      const made = await ask(place.dataset.passkey, JSON.parse(place.dataset.options));
      credential.value = JSON.stringify(made.toJSON());
    } catch {
      // Given up, or no passkey here: the page says so.
    }
    form.submit();
  });
}

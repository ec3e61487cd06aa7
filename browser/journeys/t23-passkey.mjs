// T23: a passkey is made by the device, signs its holder in with nothing typed, and proves again who they are. The
// device is Chromium's own virtual one. Without JavaScript the page says what to do instead.
export const name = "T23 a passkey";
export const alone = true;
export const host = "localhost";

export async function run(visitor) {
  const { page, js, check, go, fill, follow, press, signIn, expectText, inspect } = visitor;
  if (js) await device(page);
  await signIn("Priya Shah");
  await go("/preferences/passkeys");
  await inspect();
  await follow("Make a passkey");
  await inspect();
  await fill({ name: "Work laptop" });
  await press("Make a passkey");
  if (!js) {
    await expectText("Passkeys work only where JavaScript runs", ".govuk-error-summary");
    await expectText("Set up a second step instead");
    return;
  }
  await expectText("Work laptop", "table");
  await go("/home");
  await press("Sign out");
  await go("/sign-in");
  await follow("Sign in with a passkey");
  await inspect();
  await press("Use your passkey");
  check(new URL(page.url()).pathname === "/home", `a passkey led to ${page.url()}`);
  await go("/preferences");
  await expectText("Passkey", "table");
  await go("/confirm?return_to=/preferences");
  await press("Go on to your passkey");
  await inspect();
  await press("Use your passkey");
  check(new URL(page.url()).pathname === "/preferences", `the proof led to ${page.url()}`);
}

async function device(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

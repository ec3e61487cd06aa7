// T30: a provider that nobody here knows registers itself while an opening takes applications: signed out, by a link to its
// mailbox. It begins its application and adds a certificate; the regional team looks at it and confirms who it is.
export const name = "T30 a provider registers itself and begins to apply";
export const alone = true;

const OPENING = "/admission/AR-005";
const APPLICATION = "/provider/admission/AR-005";
const EMAIL = "jo.bromyard@hazel-care.example";
const PASSWORD = "three green doors and a lamp";

export async function run(provider) {
  const { go, follow, fill, press, page, expectText, inspect, another, check } = provider;
  await go(OPENING);
  await inspect();
  await follow(/Register your organisation/);
  await inspect();
  await fill({ legal_name: "Hazel Care Limited", company_number: "12", name: "Jo Bromyard", title: "Director", email: EMAIL });
  await press("Send me a link");
  await expectText("Enter the company number", ".govuk-error-summary");
  await inspect();
  await fill({ company_number: "08123456" });
  await press("Send me a link");
  await expectText("A link is on its way", "main");
  await inspect();

  const administrator = await another();
  await administrator.signIn("Leroy Whitbourne");
  await provider.go(await mailed(administrator));
  await inspect();
  await fill({ new: "short" });
  await press("Register and sign in");
  await inspect();
  await fill({ new: PASSWORD });
  await press("Register and sign in");
  await fill({ email: EMAIL, password: PASSWORD });
  await press("Sign in");
  await expectText("Homes near Telford and Shrewsbury", "body");
  check(new URL(page.url()).pathname === APPLICATION, `led to ${page.url()}`);
  await press("Begin your application");
  await follow("Add certificates and policies");
  await inspect();
  await fill({ of: "insurance" });
  const certificate = { name: "Certificate.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 certificate") };
  await page.locator('input[type="file"]').setInputFiles(certificate);
  await press("Add this document");
  await expectText("Insurance certificate", "main");
  await inspect();
  await lookedAt(await another());
}

/** The link that was mailed, read where mails are listed. */
async function mailed({ go, follow, page, until }) {
  const subject = /AR-005: register your organisation/;
  await until(
    async () => {
      await go("/admin/jobs/mail");
      return (await page.getByRole("link", { name: subject }).count()) > 0;
    },
    () => "the link was not written",
  );
  await follow(subject);
  return /\/emails\/[0-9a-f]+\/register/.exec(await page.content())[0];
}

/** The regional team finds it among what waits, and confirms it. */
async function lookedAt({ signIn, go, follow, press, expectText, inspect }) {
  await signIn("Marcus Inkberrow");
  await go("/region/registrations");
  await inspect();
  await follow("Hazel Care Limited");
  await expectText("its number and its name are new here", "main");
  await inspect();
  await press("Confirm the registration");
  await expectText("Confirmed on", "main");
  await inspect();
}

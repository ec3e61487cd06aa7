//! Confirming who one is, before signing, approving and changing people. What was filled in waits in the form.

use placewell_domain::outcome::Invalid;

use crate::components::{Button, Inset, Link};
use crate::form::{CSRF_FIELD, Field, Form, KEY_FIELD};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;

/// The hidden field that holds where the form that waits was sent.
pub const TO_FIELD: &str = "_to";

/// The hidden field that says that a form waits.
pub const FORM_FIELD: &str = "_form";
/// The page's own fields, which are no part of what waits.
pub const OWN_FIELDS: &[&str] =
    &[CSRF_FIELD, KEY_FIELD, TO_FIELD, FORM_FIELD, "confirm_password", "confirm_code", "credential", "ceremony"];

/// What somebody confirms themselves by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Their password, and where `code` the code of their second step too.
    Password {
        /// Whether the second step is asked for.
        code: bool,
    },
    /// A passkey, on a page of its own.
    Passkey,
    /// Their organisation's identity provider.
    Provider,
    /// Nothing: everybody on the demonstration's list is invented.
    Demonstration,
}

/// A form that waits until its sender has confirmed who they are; none where the page was opened by itself.
#[derive(Debug, Clone, Copy)]
pub struct Waiting<'a> {
    /// Where it goes.
    pub to: &'a str,
    /// What was filled in.
    pub fields: &'a [(String, String)],
    /// Whether a form waits; else the page was opened by itself.
    pub form: bool,
}

/// Puts what waits into a form, but for the guards and the answers of this page, which it has anew.
pub(crate) fn keeping(mut form: Form, waiting: &Waiting<'_>) -> Form {
    form = form.field(Field::hidden(TO_FIELD, waiting.to));
    if waiting.form {
        form = form.field(Field::hidden(FORM_FIELD, "yes"));
    }
    for (name, value) in waiting.fields.iter().filter(|(name, _)| !OWN_FIELDS.contains(&name.as_str())) {
        form = form.field(Field::hidden(name.as_str(), value.as_str()));
    }
    form
}

/// The page that asks.
pub fn confirm(shell: Shell, key: &str, asks: Asks, waiting: &Waiting<'_>, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let mut form = keeping(Form::post("/confirm", csrf.as_str(), key), waiting);
    form = match asks {
        Asks::Password { code } => {
            let form = form.field(Field::password("confirm_password", "Your password").errors(errors));
            let form = if code {
                form.field(
                    Field::text("confirm_code", "The code that your device shows")
                        .hint("Six digits, or one of your recovery codes")
                        .width(20)
                        .autocomplete("one-time-code")
                        .errors(errors),
                )
            } else {
                form
            };
            form.submit("Confirm and go on")
        }
        Asks::Passkey => form.submit("Go on to your passkey"),
        Asks::Provider => form.submit("Go on to your organisation's sign-in"),
        Asks::Demonstration => form.submit("Confirm and go on"),
    };
    let waits = waiting.form;
    let page = Page::new(shell.titled("Confirm that it is you").with_errors(errors)).narrow();
    let page = page.text(
        "You signed in a while ago. Signing, approving and changing who may do what ask again, so that nobody acts in \
         your name at a screen that you have left.",
    );
    let page =
        if waits { page.text("What you filled in waits here, and is sent on once you have confirmed.") } else { page };
    let page = if asks == Asks::Demonstration {
        page.with(Inset::new("This is a demonstration. Everybody here is invented and has no password. Press the button: in a service of your own, a password, a \
             code, a passkey or your organisation's sign-in is asked for here.",
        ))
    } else {
        page
    };
    page.with(form)
}

/// The page after confirming elsewhere: what waited is sent on by its button.
pub fn confirmed(shell: Shell, key: &str, waiting: &Waiting<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let mut form = Form::post(waiting.to, csrf.as_str(), key);
    for (name, value) in waiting.fields.iter().filter(|(name, _)| !OWN_FIELDS.contains(&name.as_str())) {
        form = form.field(Field::hidden(name.as_str(), value.as_str()));
    }
    Page::new(shell.titled("You have confirmed that it is you"))
        .narrow()
        .text("What you filled in before is still here. Nothing has been saved yet.")
        .with(form.button(Button::submit("Send it now")))
}

/// The page that leads on to the organisation's own sign-in.
pub fn to_provider(shell: Shell, organisation: &str, address: &str) -> Page {
    let go = Link::new(format!("Go on to the sign-in of {organisation}"), address);
    Page::new(shell.titled("Confirm at your organisation's sign-in"))
        .narrow()
        .with(Html::paragraph(go))
        .text("It asks who you are and leads you back here. What you filled in waits for you.")
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let fields = vec![("decision".to_owned(), "approve".to_owned()), ("_key".to_owned(), "k1".to_owned())];
    let waiting = Waiting { to: "/approvals/HEF-D-0088/approve", fields: &fields, form: true };
    let nothing = Waiting { to: "/home", fields: &[], form: false };
    let wrong = Invalid::one("confirm_password", "Check your password, and enter it again");
    let (shell, none) = (samples::signed_in_shell, Invalid::default());
    let page =
        |asks, waiting: &Waiting<'_>, errors: &Invalid| confirm(shell(), "k1", asks, waiting, errors).to_string();
    vec![
        ("confirm by password", page(Asks::Password { code: false }, &waiting, &none)),
        ("confirm by password and code, refused", page(Asks::Password { code: true }, &waiting, &wrong)),
        ("confirm by passkey", page(Asks::Passkey, &nothing, &none)),
        ("confirm at the provider", page(Asks::Provider, &waiting, &none)),
        ("confirm in the demonstration", page(Asks::Demonstration, &waiting, &none)),
        ("confirmed", confirmed(shell(), "k1", &waiting).to_string()),
        ("to the provider", to_provider(shell(), "Herefordshire Council", "https://id.example/auth").to_string()),
    ]
}

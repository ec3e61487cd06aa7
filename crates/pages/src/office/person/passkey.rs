//! Passkeys: asked for, made, listed and ended. They work only with JavaScript, so each page names the other ways.

use askama::Template;
use jiff::civil::DateTime;
use placewell_domain::outcome::Invalid;

use super::confirm::{Waiting, keeping};
use crate::component;
use crate::components::{Button, Link, Row, Table};
use crate::form::{Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// A form that the script fills in from the device.
#[derive(Debug, Clone, Template)]
#[template(source = "<div data-passkey=\"{{ act }}\" data-options=\"{{ options }}\">{{ form }}</div>", ext = "html")]
struct Device {
    act: &'static str,
    options: String,
    form: Form,
}

component!(Device);

/// What the device is asked, and what stands for the ceremony.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The options, as the browser reads them.
    pub options: &'a str,
    /// The ceremony's token.
    pub ceremony: &'a str,
}

fn with_ceremony(form: Form, asked: Asked<'_>) -> Form {
    form.field(Field::hidden("ceremony", asked.ceremony)).field(Field::hidden("credential", ""))
}

const NEEDS_SCRIPTS: &str = "Your device asks for your finger, face or code. Passkeys work only where JavaScript runs.";

/// On the way in.
pub fn sign_in(shell: Shell, asked: Asked<'_>, return_to: &str, errors: &Invalid) -> Page {
    let form = with_ceremony(Form::post("/sign-in/passkey", shell.csrf.as_str(), ""), asked)
        .field(Field::hidden("return_to", return_to))
        .submit("Use your passkey");
    let device = Device { act: "get", options: asked.options.to_owned(), form };
    Page::new(shell.titled("Sign in with a passkey").back("/sign-in").with_errors(errors))
        .narrow()
        .text(NEEDS_SCRIPTS)
        .with(device)
        .text(Html::from(Link::new("Use your password instead", "/sign-in")))
}

/// Proving again who one is; what was filled in waits in the form.
pub fn prove(shell: Shell, key: &str, asked: Asked<'_>, waiting: &Waiting<'_>, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let form = with_ceremony(keeping(Form::post("/confirm", csrf, key), waiting), asked).submit("Use your passkey");
    let device = Device { act: "get", options: asked.options.to_owned(), form };
    Page::new(shell.titled("Confirm by your passkey").with_errors(errors))
        .narrow()
        .text(NEEDS_SCRIPTS)
        .with(device)
        .text("Where your passkey cannot be used now, sign out and sign in with your password.")
}

/// A passkey in the list.
#[derive(Debug, Clone)]
pub struct PasskeyRow {
    /// The credential, in hexadecimal digits.
    pub credential: String,
    /// What the person calls it.
    pub name: String,
    /// When it was made.
    pub made: DateTime,
    /// When it was last used.
    pub used: Option<DateTime>,
}

/// The list of a person's own.
pub fn passkeys(shell: Shell, key: &impl Fn() -> String, rows: &[PasskeyRow]) -> Page {
    let csrf = shell.csrf.clone();
    let table =
        Table::new("Your passkeys").columns(["Device", "Made", "Last used", "End it"]).rows(rows.iter().map(|row| {
            let end = Form::post("/preferences/passkeys/end", csrf.as_str(), key())
                .field(Field::hidden("passkey", row.credential.as_str()))
                .button(Button::submit(format!("End {}", row.name)).secondary());
            Row::new(row.name.as_str())
                .cell(words::moment(row.made))
                .cell(row.used.map_or_else(|| "Not yet".to_owned(), words::moment))
                .cell(Html::from(end))
        }));
    let page = Page::new(shell.titled("Passkeys").back("/preferences")).text(
        "A passkey signs you in with your device alone: no password, and nothing that a false page could ask you for.",
    );
    let page = if rows.is_empty() { page.text("You have none.") } else { page.with(table) };
    page.with(Html::paragraph(Button::link("Make a passkey", "/preferences/passkeys/new")))
}

/// Making one.
pub fn new(shell: Shell, key: &str, asked: Asked<'_>, name: &str, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let form = with_ceremony(Form::post("/preferences/passkeys/new", csrf, key), asked)
        .field(Field::text("name", "What do you call this device?").hint("Like work laptop").value(name).errors(errors))
        .submit("Make a passkey")
        .cancel("/preferences/passkeys");
    let device = Device { act: "create", options: asked.options.to_owned(), form };
    Page::new(shell.titled("Make a passkey").back("/preferences/passkeys").with_errors(errors))
        .narrow()
        .text(NEEDS_SCRIPTS)
        .with(device)
        .text(Html::from(Link::new(
            "Set up a second step instead, which needs no JavaScript",
            "/preferences/second-step",
        )))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let key = || "k1".to_owned();
    let asked = Asked { options: "{\"challenge\":\"AAAA\"}", ceremony: "0011" };
    let made = jiff::civil::date(2021, 9, 13).at(10, 20, 0, 0);
    let row = PasskeyRow { credential: "0011".into(), name: "Work laptop".into(), made, used: Some(made) };
    let (shell, none) = (samples::signed_in_shell, Invalid::default());
    let wrong = Invalid::one("name", "Enter what you call this device, in 60 characters or fewer");
    let waiting = Waiting { to: "/approvals", fields: &[], form: true };
    vec![
        ("sign in with a passkey", sign_in(samples::public_shell(), asked, "/home", &none).to_string()),
        ("confirm by the passkey", prove(shell(), "k1", asked, &waiting, &none).to_string()),
        ("passkeys", passkeys(shell(), &key, &[row]).to_string()),
        ("no passkeys", passkeys(shell(), &key, &[]).to_string()),
        ("a passkey to make", new(shell(), "k1", asked, "", &none).to_string()),
        ("a passkey without a name", new(shell(), "k1", asked, "", &wrong).to_string()),
    ]
}

//! Forms: fields with label, hint, error and kept value, and the form around them with its three hidden guards.

mod controls;
mod field;
mod typed;

pub use controls::{Choice, Width};
pub use field::Field;
pub use typed::Typed;

use askama::Template;
use placewell_domain::outcome::Invalid;

use crate::component;
use crate::components::{Button, Link};
use crate::html::Html;

/// Before the field's name of a finding in words that go public; then follow the act and the finding's key.
pub const CONFIRM: &str = "confirmed/";
/// The hidden field that holds the session's CSRF token.
pub const CSRF_FIELD: &str = "_csrf";
/// The hidden field that holds the idempotency key: one per form shown, so that a double press makes one record.
pub const KEY_FIELD: &str = "_key";
/// The hidden field that holds the version of the record the form was filled from (optimistic lock).
pub const VERSION_FIELD: &str = "_version";

/// A form that changes something: POST, `novalidate`, with CSRF token and idempotency key. One that only asks
/// ([`Form::get`]) puts its answers into the address and carries no guard.
#[derive(Debug, Clone, Template)]
#[template(path = "components/form.html")]
pub struct Form {
    action: String,
    asks: bool,
    csrf: String,
    key: String,
    version: Option<i64>,
    multipart: bool,
    parts: Vec<Html>,
    buttons: Vec<Html>,
}

impl Form {
    /// A form sent to `action`. `csrf` is the shell's; `key` is a fresh idempotency key, or the one posted
    /// when the form is shown again with errors.
    pub fn post(action: impl Into<String>, csrf: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            asks: false,
            csrf: csrf.into(),
            key: key.into(),
            version: None,
            multipart: false,
            parts: Vec::new(),
            buttons: Vec::new(),
        }
    }

    /// A form that changes nothing: its answers stand in the address of the page that it opens.
    pub fn get(action: impl Into<String>) -> Self {
        Self { asks: true, ..Self::post(action, "", "") }
    }

    /// The version of the record that the form shows.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// Adds a field. A file field makes the form multipart.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.multipart |= field.is_file();
        self.part(field)
    }

    /// Adds anything else between the fields.
    #[must_use]
    pub fn part(mut self, part: impl Into<Html>) -> Self {
        self.parts.push(part.into());
        self
    }

    /// Adds the button of the act, named after it: "Send to 6 providers".
    #[must_use]
    pub fn submit(self, text: impl Into<String>) -> Self {
        self.button(Button::submit(text))
    }

    /// Adds who signs: full name, role, and their word that they have the authority to.
    #[must_use]
    pub fn signer(self, typed: &Typed, errors: &Invalid, word: &str) -> Self {
        let line = |name: &str, label: &str, fills: &'static str| {
            Field::text(name, label).autocomplete(fills).value(typed.get(name)).errors(errors)
        };
        self.field(line("name", "Your full name", "name"))
            .field(line("role", "Your role", "organization-title"))
            .field(Field::checkboxes("authority", "Authority", [Choice::new("yes", word)]).errors(errors))
    }

    /// Adds what an act would publish and must be confirmed, one box for each finding that came back with `errors`.
    #[must_use]
    pub fn confirming(self, act: &str, errors: &Invalid) -> Self {
        let found = findings(act, errors).map(|(key, message)| Choice::new(key, message)).collect();
        let hint = "Take out what is not meant. Confirm what is, one by one: it is recorded that you did.";
        self.boxes("Everybody would read this. Is each meant to be public?", found, hint)
    }

    /// Adds what in words about a home may tell who a child is, one box for each finding that came back with `errors`; the
    /// words found are read from what was typed.
    #[must_use]
    pub fn confirming_names(self, act: &str, typed: &Typed, errors: &Invalid) -> Self {
        let choice = |(key, message): (&str, &str)| match found_in(typed, key) {
            Some(found) => Choice::new(key, format!("\u{201c}{found}\u{201d} tells of no child")).hint(message),
            None => Choice::new(key, message),
        };
        let found = findings(act, errors).map(choice).collect();
        let hint = "Take out what names a child. Confirm the rest, one by one: it is recorded that you did.";
        self.boxes("Others read this. Does it tell who a child is?", found, hint)
    }

    fn boxes(self, question: &str, found: Vec<Choice>, hint: &str) -> Self {
        if found.is_empty() { self } else { self.field(Field::checkboxes("confirmed", question, found).hint(hint)) }
    }

    /// Adds a button.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button.into());
        self
    }

    /// Adds "Cancel", back to `href`.
    #[must_use]
    pub fn cancel(mut self, href: impl Into<String>) -> Self {
        self.buttons.push(Link::new("Cancel", href).into());
        self
    }
}

/// The key and the message of each finding of an act.
fn findings<'a>(act: &str, errors: &'a Invalid) -> impl Iterator<Item = (&'a str, &'a str)> {
    let of = format!("{CONFIRM}{act}/");
    errors.errors.iter().filter_map(move |error| Some((error.field.strip_prefix(&of)?, error.message.as_str())))
}

/// The words that a finding's key points at (`words:postcode:3-10`, counted in bytes of what the server read).
fn found_in(typed: &Typed, key: &str) -> Option<String> {
    let (field, rest) = key.split_once(':')?;
    let (start, end) = rest.split_once(':')?.1.split_once('-')?;
    let read = typed.get(field).trim().replace("\r\n", "\n");
    read.get(start.parse().ok()?..end.parse().ok()?).map(str::to_owned)
}

component!(Form);

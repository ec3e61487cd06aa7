//! The statements every service has: accessibility, privacy, cookies; and how to get help.
//!
//! The accessibility statement keeps the regulator's order and claims only what was tested.

use askama::Template;
use jiff::civil::{Date, date};

use crate::samples;
use crate::shell::Shell;
use crate::words;

/// Whom to write to, as the deployment is configured.
#[derive(Debug, Clone)]
pub struct Contact {
    /// The organisation that runs the service.
    pub operator: String,
    /// Its e-mail address for users of the service.
    pub email: String,
}

/// `/accessibility-statement`.
#[derive(Debug, Template)]
#[template(path = "system/accessibility.html")]
pub struct Accessibility {
    shell: Shell,
    contact: Contact,
    prepared: String,
}

impl Accessibility {
    /// `prepared`: the day the statement was last gone through.
    pub fn new(shell: Shell, contact: Contact, prepared: Date) -> Self {
        Self { shell: shell.titled("Accessibility statement"), contact, prepared: words::date(prepared) }
    }
}

/// `/privacy`.
#[derive(Debug, Template)]
#[template(path = "system/privacy.html")]
pub struct Privacy {
    shell: Shell,
    contact: Contact,
}

impl Privacy {
    /// The page.
    pub fn new(shell: Shell, contact: Contact) -> Self {
        Self { shell: shell.titled("Privacy"), contact }
    }
}

/// One cookie: its name, what it is for, when it goes.
#[derive(Debug, Clone)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// When it goes: "When you sign out, or after 12 hours".
    pub expires: String,
}

/// `/cookies`.
#[derive(Debug, Template)]
#[template(path = "system/cookies.html")]
pub struct Cookies {
    shell: Shell,
    table: crate::components::Table,
}

impl Cookies {
    /// The page, listing the cookies that the web floor really sets.
    pub fn new(shell: Shell, cookies: impl IntoIterator<Item = Cookie>) -> Self {
        use crate::components::{Row, Table};
        let table = Table::new("Cookies we set")
            .columns(["Name", "Purpose", "Expires"])
            .rows(cookies.into_iter().map(|cookie| Row::new(cookie.name).cell(cookie.purpose).cell(cookie.expires)));
        Self { shell: shell.titled("Cookies"), table }
    }
}

/// `/help` and `/contact`: the same place on every page leads here.
#[derive(Debug, Template)]
#[template(path = "system/help.html")]
pub struct Help {
    shell: Shell,
    contact: Contact,
}

impl Help {
    /// `/help`.
    pub fn new(shell: Shell, contact: Contact) -> Self {
        Self { shell: shell.titled("Help"), contact }
    }

    /// `/contact`.
    pub fn contact(shell: Shell, contact: Contact) -> Self {
        Self { shell: shell.titled("Contact"), contact }
    }
}

/// Samples of every page here.
pub fn samples() -> Vec<(&'static str, String)> {
    let contact = || Contact { operator: "Regional team".to_owned(), email: "help@placewell.example".to_owned() };
    let cookie = Cookie {
        name: "session".to_owned(),
        purpose: "Keeps you signed in".to_owned(),
        expires: "When you sign out".to_owned(),
    };
    let shell = || samples::public_shell();
    vec![
        ("accessibility", Accessibility::new(shell(), contact(), date(2021, 9, 13)).to_string()),
        ("privacy", Privacy::new(shell(), contact()).to_string()),
        ("cookies", Cookies::new(shell(), [cookie]).to_string()),
        ("help", Help::new(shell(), contact()).to_string()),
        ("contact", Help::contact(shell(), contact()).to_string()),
    ]
}

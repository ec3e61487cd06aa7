//! The invented people whom a visitor of the demonstration can sign in as.

use crate::components::{Button, SummaryCard, SummaryList};
use crate::form::{Field, Form};
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;

/// One of them.
#[derive(Debug, Clone)]
pub struct Persona {
    /// The address that stands for them.
    pub email: String,
    /// Their invented name.
    pub name: String,
    /// Their job title.
    pub title: String,
    /// Whom they work for.
    pub organisation: String,
}

/// The list, each with a button to sign in as them.
pub fn personas(shell: Shell, people: Vec<Persona>) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled("Try it yourself");
    let page = Page::new(shell)
        .narrow()
        .text("Everyone here is invented. Sign in as one of them, do their work, and change over whenever you like.");
    people.into_iter().fold(page, |page, person| {
        let form = Form::post("/demo", csrf.as_str(), "")
            .field(Field::hidden("email", person.email.as_str()))
            .button(Button::submit(format!("Sign in as {}", person.name)).secondary());
        let facts = SummaryList::new()
            .row("Work", person.title.as_str())
            .row("Works for", person.organisation.as_str())
            .borderless();
        page.with(SummaryCard::new(
            person.name.as_str(),
            crate::html::Html::join([crate::html::Html::from(facts), form.into()]),
        ))
    })
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let person = Persona {
        email: "officer@authority.example".into(),
        name: "Priya Shah".into(),
        title: "Placement officer".into(),
        organisation: "Herefordshire Council".into(),
    };
    vec![("people to sign in as", personas(samples::public_shell(), vec![person]).to_string())]
}

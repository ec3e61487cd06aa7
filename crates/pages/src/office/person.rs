//! People: the invented ones to sign in as, and the roles to change between. Below it, what is a person's own.

use jiff::civil::DateTime;
use placewell_domain::outcome::Invalid;

use crate::components::{Button, SummaryCard, SummaryList};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

pub mod confirm;
pub mod links;
pub mod own;
pub mod passkey;
pub mod people;
pub mod second_step;

/// One of the invented people.
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
pub fn personas(shell: Shell, people: Vec<Persona>, now: DateTime) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled("Try it yourself");
    let page = Page::new(shell)
        .text("Everyone here is invented. Sign in as one of them, do their work, and change over whenever you like.")
        .text(Html::join([
            Html::from(format!("Here it is {}. ", words::moment(now))),
            crate::components::Link::new("Move the demonstration's calendar", "/demo/calendar").into(),
        ]));
    let cards = people.into_iter().map(|person| {
        let form = Form::post("/demo", csrf.as_str(), "")
            .field(Field::hidden("email", person.email.as_str()))
            .button(Button::submit(format!("Sign in as {}", person.name)).secondary());
        let facts = SummaryList::new()
            .row("Work", person.title.as_str())
            .row("Works for", person.organisation.as_str())
            .borderless();
        Html::from(SummaryCard::new(person.name.as_str(), Html::join([Html::from(facts), form.into()])))
    });
    page.with(Html::cards(cards))
}

/// Moving the demonstration's calendar. `typed` is what was sent before: day, month, year, and the time.
pub fn calendar(shell: Shell, now: DateTime, typed: ([&str; 3], &str), errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let form = Form::post("/demo/calendar", csrf, "")
        .field(
            Field::date("day", "Which day should it be?")
                .hint(format!("For example, {}", words::form_date(now.date())))
                .parts(typed.0)
                .errors(errors),
        )
        .field(
            Field::time("day_time", "What time should it be?").hint("Like 9am or 4:30pm").value(typed.1).errors(errors),
        )
        .submit("Move the calendar")
        .cancel("/demo");
    let shell = shell.titled("Move the demonstration's calendar").back("/demo").with_errors(errors);
    Page::new(shell)
        .narrow()
        .text(format!("Here it is {}.", words::moment(now)))
        .text("Deadlines, call-in windows and effective dates follow this calendar. It stands still until it is moved, moves for everybody who looks at this demonstration, and only moves on.")
        .with(form)
}

/// A role to work in.
#[derive(Debug, Clone)]
pub struct RoleChoice {
    /// The organisation's code and the role's, joined by a colon.
    pub code: String,
    /// The organisation.
    pub organisation: String,
    /// The role, and the job title.
    pub role: String,
}

/// The roles of a person who has several; `chosen` is the one they work in.
pub fn switch(shell: Shell, key: &str, roles: &[RoleChoice], chosen: &str, errors: &Invalid) -> Page {
    let choices = roles
        .iter()
        .map(|role| Choice::new(role.code.as_str(), role.organisation.as_str()).hint(role.role.as_str()))
        .collect::<Vec<_>>();
    let form = Form::post("/switch", shell.csrf.as_str(), key)
        .field(Field::radios("role", "Who do you want to work as?", choices).value(chosen).errors(errors))
        .submit("Work in this role")
        .cancel("/home");
    let shell = shell.titled("Change organisation or role").with_errors(errors);
    Page::new(shell)
        .narrow()
        .text("You work in one role at a time. What you see, and what you may do, is that role's alone.")
        .with(form)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let now = jiff::civil::date(2021, 9, 13).at(10, 20, 0, 0);
    let person = Persona {
        email: "officer@authority.example".into(),
        name: "Priya Shah".into(),
        title: "Placement officer".into(),
        organisation: "Herefordshire Council".into(),
    };
    let role = |code: &str, organisation: &str| RoleChoice {
        code: code.into(),
        organisation: organisation.into(),
        role: "Placement officer".into(),
    };
    let roles =
        [role("HEF:placement_officer", "Herefordshire Council"), role("WOR:placement_officer", "Worcestershire")];
    let wrong = Invalid::one("day", "Enter a day and time after the demonstration's own: it only moves on");
    let choose = Invalid::one("role", "Select the organisation and role to work as");
    let none = Invalid::default();
    let shell = samples::signed_in_shell;
    let mut all = vec![
        ("people to sign in as", personas(samples::public_shell(), vec![person], now).to_string()),
        ("calendar", calendar(samples::public_shell(), now, (["14", "9", "2021"], "9am"), &none).to_string()),
        ("calendar refused", calendar(samples::public_shell(), now, (["1", "1", "2020"], "9am"), &wrong).to_string()),
        ("roles to change between", switch(shell(), "k1", &roles, "HEF:placement_officer", &none).to_string()),
        ("no role chosen", switch(shell(), "k1", &roles, "", &choose).to_string()),
    ];
    all.extend(own::samples());
    all.extend(confirm::samples());
    all.extend(second_step::samples());
    all.extend(passkey::samples());
    all.extend(people::samples());
    all.extend(links::samples());
    all
}

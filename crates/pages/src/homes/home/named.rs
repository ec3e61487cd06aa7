//! What a provider tells for its agreements: its company number, and who manages a home. Only the provider's own people
//! read these pages, since a manager's name is a worker's.

use jiff::civil::Date;
use placewell_domain::outcome::Invalid;

use crate::components::{Inset, Row, Table};
use crate::form::{Field, Form, Typed};
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// One company number that was told.
#[derive(Debug, Clone)]
pub struct NumberLine {
    /// The number.
    pub number: String,
    /// On which day it was told.
    pub on: Date,
    /// How.
    pub told: String,
}

/// A provider's company number.
#[derive(Debug, Clone)]
pub struct CompanyView {
    /// What was told, the latest first.
    pub told: Vec<NumberLine>,
    /// The form's idempotency key.
    pub key: String,
    /// What is held, or what was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page of a provider's company number.
pub fn company(shell: Shell, view: &CompanyView) -> Page {
    let form = Form::post("/provider/company", shell.csrf.clone(), view.key.as_str())
        .field(Field::hidden("recorded", view.typed.get("recorded")))
        .field(
            Field::text("company_number", "Company or charity number")
                .hint("For example, 01234567")
                .value(view.typed.get("company_number"))
                .errors(&view.errors),
        );
    let rows =
        view.told.iter().map(|one| Row::new(one.number.as_str()).cell(words::date(one.on)).cell(one.told.as_str()));
    let table =
        Table::new("What was told").columns(["Number", "On", "How"]).rows(rows).empty("Nothing is recorded yet.");
    let shell = shell.titled("Your company number").back("/provider/homes").with_errors(&view.errors);
    Page::new(shell)
        .with(Inset::new("Agreements name your company by this number. What was told before stays in the record."))
        .with(form.submit("Record this number").cancel("/provider/homes"))
        .with(table)
}

/// One manager that was told.
#[derive(Debug, Clone)]
pub struct ManagerLine {
    /// The name; none while nobody was in post.
    pub name: Option<String>,
    /// From which day.
    pub from: Date,
    /// On which day it was told.
    pub on: Date,
    /// How.
    pub told: String,
}

/// A home's registered manager.
#[derive(Debug, Clone)]
pub struct ManagerView {
    /// Ofsted's number.
    pub urn: String,
    /// The home's name.
    pub home: String,
    /// What was told, the latest first.
    pub told: Vec<ManagerLine>,
    /// The form's idempotency key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page of a home's registered manager.
pub fn manager(shell: Shell, view: &ManagerView) -> Page {
    let action = format!("/provider/homes/{}/manager", view.urn);
    let beds = format!("/provider/homes/{}/beds", view.urn);
    let form = Form::post(action, shell.csrf.clone(), view.key.as_str())
        .field(Field::hidden("recorded", view.typed.get("recorded")))
        .field(
            Field::text("registered_manager", "The registered manager’s name")
                .hint("Leave empty while nobody is in post.")
                .value(view.typed.get("registered_manager"))
                .errors(&view.errors),
        )
        .field(
            Field::date("manager_from", "From which day")
                .hint("For example, 6 9 2021")
                .parts(view.typed.date("manager_from"))
                .errors(&view.errors),
        );
    let rows = view.told.iter().map(|one| {
        Row::new(one.name.as_deref().unwrap_or("Nobody in post"))
            .cell(words::date(one.from))
            .cell(words::date(one.on))
            .cell(one.told.as_str())
    });
    let table = Table::new("What was told")
        .columns(["Registered manager", "From", "Told on", "How"])
        .rows(rows)
        .empty("Nothing is recorded yet.");
    let shell = shell.titled("Registered manager").caption(view.home.as_str()).record(view.urn.as_str());
    Page::new(shell.back(beds.clone()).with_errors(&view.errors))
        .with(Inset::new(
            "Agreements for this home name its manager. Other providers and the public never see the name.",
        ))
        .with(form.submit("Record this manager").cancel(beds))
        .with(table)
}

/// Samples.
pub fn named_samples() -> Vec<(&'static str, String)> {
    let on = jiff::civil::date(2021, 6, 1);
    let told = "Told by the provider".to_owned();
    let mut typed = Typed::default();
    typed.set("recorded", 1);
    typed.set("company_number", "01234567");
    let number = CompanyView {
        told: vec![NumberLine { number: "01234567".to_owned(), on, told: told.clone() }],
        key: "k1".to_owned(),
        typed: typed.clone(),
        errors: Invalid::one("company_number", "Enter the company number, like 01234567, or the charity number"),
    };
    let line = |name: Option<&str>| ManagerLine { name: name.map(str::to_owned), from: on, on, told: told.clone() };
    let home = ManagerView {
        urn: "SC400001".to_owned(),
        home: "Elm House".to_owned(),
        told: vec![line(None), line(Some("Oluwaseun Pritchard"))],
        key: "k1".to_owned(),
        typed,
        errors: Invalid::default(),
    };
    vec![
        ("a provider's company number", company(samples::signed_in_shell(), &number).to_string()),
        ("a home's registered manager", manager(samples::signed_in_shell(), &home).to_string()),
    ]
}

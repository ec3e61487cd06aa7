//! Three voices on a home's facts side by side, the form to add one's own, and the homes where they differ.

use jiff::civil::Date;
use placewell_domain::homes::home::voice::HomeFact;
use placewell_domain::outcome::Invalid;

use crate::components::{Cell, Colour, Link, Row, Table, Tag};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// One thing said.
#[derive(Debug, Clone)]
pub struct VoiceLine {
    /// Who says it.
    pub by: String,
    /// What.
    pub value: String,
    /// Of which day.
    pub on: Date,
    /// Where it can be read.
    pub link: Option<String>,
}

/// One fact: what the home, councils and Ofsted say.
#[derive(Debug, Clone)]
pub struct FactRow {
    /// The fact.
    pub fact: String,
    /// The home's words.
    pub home: Vec<VoiceLine>,
    /// Councils' words.
    pub council: Vec<VoiceLine>,
    /// Ofsted's words.
    pub regulator: Vec<VoiceLine>,
    /// Whether they differ.
    pub differs: bool,
}

/// One home's facts.
#[derive(Debug, Clone)]
pub struct FactsView {
    /// The home's number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Fact by fact.
    pub rows: Vec<FactRow>,
    /// Where the form goes, where the reader may say something.
    pub says: Option<String>,
    /// Where one goes back to.
    pub back: String,
    /// The form's key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

fn said(lines: &[VoiceLine]) -> Html {
    if lines.is_empty() {
        return Html::text("Says nothing");
    }
    Html::lines(lines.iter().map(|one| {
        let text = format!("{} ({}, {})", one.value, one.by, words::date(one.on));
        match &one.link {
            Some(link) => Html::from(Link::new(text, link.as_str()).external()),
            None => Html::text(&text),
        }
    }))
}

fn facts_table(title: &str, rows: &[FactRow]) -> Table {
    let rows = rows.iter().map(|one| {
        let tag = if one.differs { Tag::new("Differ", Colour::Orange) } else { Tag::new("Agree", Colour::Green) };
        Row::new(one.fact.as_str())
            .cell(Cell::new(said(&one.home)))
            .cell(Cell::new(said(&one.council)))
            .cell(Cell::new(said(&one.regulator)))
            .cell(Cell::new(tag))
    });
    Table::new(title)
        .columns(["Fact", "The home", "Councils", "Ofsted", "Together"])
        .rows(rows)
        .empty("Nothing is said of it.")
}

/// The page of one home's facts.
pub fn facts(shell: Shell, view: &FactsView) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("Three voices on its facts")
        .caption(format!("{}, {}", view.name, view.urn))
        .back(view.back.as_str())
        .with_errors(&view.errors);
    let page = Page::new(shell)
        .text("No voice overwrites another. Of each, the latest word is compared.")
        .with(facts_table("What is said of the home", &view.rows));
    let Some(address) = &view.says else { return page };
    let choices = HomeFact::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let form = Form::post(address.as_str(), csrf, view.key.as_str())
        .field(Field::radios("fact", "Which fact?", choices).value(view.typed.get("fact")).errors(&view.errors))
        .field(
            Field::text("value", "What was found or is published?")
                .hint("For example, 4, or yes. Name no child")
                .value(view.typed.get("value"))
                .errors(&view.errors),
        )
        .field(
            Field::date("seen_on", "On which day?")
                .hint("For example, 6 9 2021")
                .parts(view.typed.date("seen_on"))
                .errors(&view.errors),
        )
        .field(
            Field::text("link", "Where it can be read, where it is published")
                .hint("Beginning with https://")
                .value(view.typed.get("link"))
                .errors(&view.errors),
        )
        .submit("Add it");
    page.heading("Add what your side knows").with(form)
}

/// A home of which voices differ.
#[derive(Debug, Clone)]
pub struct DifferRow {
    /// Its number and name.
    pub home: (String, String),
    /// The facts that differ.
    pub facts: Vec<FactRow>,
}

/// The homes where voices differ.
#[derive(Debug, Clone)]
pub struct DifferView {
    /// By name.
    pub rows: Vec<DifferRow>,
    /// Where one goes back to.
    pub back: String,
}

/// The page of the homes where voices differ.
pub fn differ(shell: Shell, view: &DifferView) -> Page {
    let rows = view.rows.iter().flat_map(|one| {
        one.facts.iter().map(|fact| {
            let link = Link::new(format!("{}, {}", one.home.1, one.home.0), format!("/homes/{}/facts", one.home.0))
                .hidden(format!(": {}", fact.fact));
            Row::new(Cell::new(Html::from(link)))
                .cell(fact.fact.as_str())
                .cell(Cell::new(said(&fact.home)))
                .cell(Cell::new(said(&fact.council)))
                .cell(Cell::new(said(&fact.regulator)))
        })
    });
    let count = u64::try_from(view.rows.len()).unwrap_or_default();
    let table = Table::new(format!("{} whose facts differ", words::count(count, "home", "homes")))
        .columns(["Home", "Fact", "The home", "Councils", "Ofsted"])
        .rows(rows)
        .empty("What homes, councils and Ofsted say is the same everywhere.");
    let files = Html::bullets([
        Html::from(Link::new("These homes as CSV", "/homes/differ.csv")),
        Html::from(Link::new("These homes as a workbook", "/homes/differ.xlsx")),
    ]);
    Page::new(shell.titled("Homes whose facts differ").back(view.back.as_str())).with(table).with(files)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let line = |by: &str, value: &str| VoiceLine {
        by: by.to_owned(),
        value: value.to_owned(),
        on: jiff::civil::date(2021, 9, 6),
        link: None,
    };
    let row = FactRow {
        fact: "Places".to_owned(),
        home: vec![line("Elm Care Limited", "4")],
        council: vec![line("Dudley Council", "3")],
        regulator: vec![VoiceLine { link: Some("https://reports.ofsted.gov.uk/".to_owned()), ..line("Ofsted", "4") }],
        differs: true,
    };
    let same = FactRow { fact: "Organisation".to_owned(), council: vec![], differs: false, ..row.clone() };
    let view = FactsView {
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        rows: vec![row.clone(), same],
        says: Some("/homes/SC400001/facts".to_owned()),
        back: "/homes/SC400001".to_owned(),
        key: "k1".to_owned(),
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let mut wrong = view.clone();
    wrong.errors.add("value", "Enter the number of places, such as 4");
    let read = FactsView { says: None, rows: vec![], ..view.clone() };
    let home = ("SC400001".to_owned(), "Elm House".to_owned());
    let differing =
        DifferView { rows: vec![DifferRow { home, facts: vec![row] }], back: "/region/standing".to_owned() };
    let none = DifferView { rows: vec![], back: "/homes".to_owned() };
    let shell = kit::signed_in_shell;
    vec![
        ("a home's facts", facts(shell(), &view).to_string()),
        ("a home's facts, with an error", facts(shell(), &wrong).to_string()),
        ("a home's facts to read", facts(shell(), &read).to_string()),
        ("homes whose facts differ", differ(shell(), &differing).to_string()),
        ("no home whose facts differ", differ(shell(), &none).to_string()),
    ]
}

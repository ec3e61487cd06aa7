//! Visits: planned, recorded theme by theme, read by others with a child there.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::visit::{CalledOff, Level, Visit, VisitState};
use placewell_domain::homes::monitoring::{LONGEST_WORDS, Theme};
use placewell_domain::outcome::Invalid;

use super::{BeginView, kit};
use crate::components::{Cell, Colour, Link, Row, SummaryList, Table, Tag};
use crate::form::{Choice, Field, Form, Typed};
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples, words};

/// The page to plan a visit.
pub fn plan(shell: Shell, view: &BeginView) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled("Plan a visit to a home").back("/monitoring").with_errors(&view.errors);
    let choices = [Choice::new("yes", "The home is told"), Choice::new("no", "The home is not told beforehand")];
    let form = Form::post("/monitoring/visits/new", csrf, view.key.as_str())
        .field(view.home())
        .field(
            Field::date("on", "On which day?")
                .hint("For example, 20 9 2021")
                .parts(view.typed.date("on"))
                .errors(&view.errors),
        )
        .field(
            Field::radios("announced", "Is the home told?", choices)
                .value(view.typed.get("announced"))
                .errors(&view.errors),
        )
        .submit("Plan the visit")
        .cancel("/monitoring");
    Page::new(shell).with(form)
}

/// One visit.
#[derive(Debug, Clone)]
pub struct VisitView {
    /// The visit.
    pub of: Visit,
    /// Who visits.
    pub who: String,
    /// Whether the reader's organisation records it.
    pub own: bool,
    /// Keys of its forms.
    pub keys: [String; 2],
    /// Today.
    pub today: Date,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

pub(super) fn level_tag(level: Level) -> Tag {
    match level {
        Level::Good => Tag::new(level.label(), Colour::Green),
        Level::Improve => Tag::new(level.label(), Colour::Yellow),
        Level::Serious => Tag::new(level.label(), Colour::Red),
    }
}

/// The page of one visit.
pub fn visit(shell: Shell, view: &VisitView) -> Page {
    let of = &view.of;
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("Visit to a home")
        .caption(format!("{}, {}", of.name, of.urn))
        .back("/monitoring")
        .with_errors(&view.errors);
    let told = if of.announced { "The home is told" } else { "Not announced" };
    let mut facts = SummaryList::new()
        .row("Home", Link::new(of.name.as_str(), format!("/monitoring/homes/{}", of.urn)))
        .row("Visited by", view.who.as_str())
        .row("Planned for", words::date(of.planned))
        .row("Announced", told)
        .row("State", of.state.label());
    match &of.state {
        VisitState::Recorded { on, .. } => facts = facts.row("Made", words::date(*on)),
        VisitState::CalledOff { reason, .. } => facts = facts.row("Why", reason.label()),
        VisitState::Planned => {}
    }
    let page = Page::new(shell).with(facts);
    if of.state == VisitState::Planned && view.own {
        return page
            .heading("Record what was found")
            .with(record(view, &csrf))
            .heading("Or call it off")
            .with(off(view, &csrf));
    }
    if of.findings().is_empty() {
        return page;
    }
    let rows = of
        .findings()
        .iter()
        .map(|one| Row::new(one.theme.label()).cell(Cell::new(level_tag(one.level))).cell(one.words.as_str()));
    page.with(Table::new("What was found").columns(["Theme", "Found", "In words"]).rows(rows))
        .text("Every authority with a child at the home reads this, and so does the home.")
}

fn record(view: &VisitView, csrf: &str) -> Form {
    let mut form = Form::post(format!("/monitoring/visits/{}/record", view.of.id), csrf, view.keys[0].as_str())
        .version(view.of.version)
        .field(
            Field::date("on", "Day of the visit")
                .hint("For example, 14 9 2021")
                .parts(view.typed.date("on"))
                .errors(&view.errors),
        );
    for theme in Theme::ALL {
        let levels = std::iter::once(Choice::new("", "Not looked at"))
            .chain(Level::ALL.iter().map(|one| Choice::new(one.code(), one.label())));
        let (name, text) = (format!("level_{}", theme.code()), format!("words_{}", theme.code()));
        form = form
            .field(
                Field::select(name.as_str(), theme.label(), levels).value(view.typed.get(&name)).errors(&view.errors),
            )
            .field(
                Field::textarea(text.as_str(), format!("What you found: {}", theme.label().to_lowercase()))
                    .hint("About the home. Do not name a child")
                    .limit(LONGEST_WORDS)
                    .rows(2)
                    .value(view.typed.get(&text))
                    .errors(&view.errors),
            );
    }
    form.confirming_names("monitoring.record_visit", &view.typed, &view.errors).submit("Record the visit")
}

fn off(view: &VisitView, csrf: &str) -> Form {
    let reasons = CalledOff::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    Form::post(format!("/monitoring/visits/{}/call-off", view.of.id), csrf, view.keys[1].as_str())
        .version(view.of.version)
        .field(
            Field::radios("reason", "Why does it not take place?", reasons)
                .value(view.typed.get("reason"))
                .errors(&view.errors),
        )
        .submit("Call it off")
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let shell = samples::signed_in_shell;
    let form = BeginView { key: "k1".to_owned(), typed: Typed::default(), errors: Invalid::default() };
    let mut wrong = form.clone();
    wrong.errors.add("on", "Enter today or a day that is ahead");
    let mut all = vec![
        ("plan a visit", plan(shell(), &form).to_string()),
        ("plan a visit, with an error", plan(shell(), &wrong).to_string()),
    ];
    for (name, of) in [("a planned visit", kit::planned()), ("a visit with findings", kit::visited())] {
        let Some(of) = of else { continue };
        let view = VisitView {
            of,
            who: "Herefordshire Council".to_owned(),
            own: true,
            keys: ["k1".to_owned(), "k2".to_owned()],
            today: kit::TODAY,
            typed: Typed::default(),
            errors: Invalid::default(),
        };
        all.push((name, visit(shell(), &view).to_string()));
    }
    all
}

//! What granted rises in price mean for an authority's agreements, and the page on which one is confirmed.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::placing::agreement::KeepReason;

use super::acts::{ActForm, decided};
use crate::components::{Cell, Colour, Column, Inset, Link, Row, SummaryList, Table, Tag, Warning};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// A request that waits for the region, as it would touch this authority.
#[derive(Debug, Clone)]
pub struct UpliftAsked {
    /// Its reference.
    pub reference: String,
    /// Home, lot and line.
    pub what: String,
    /// A week before.
    pub was: Pence,
    /// A week as asked for.
    pub asked: Pence,
    /// From which night.
    pub from: Date,
    /// Waiting, or under appeal.
    pub state: String,
    /// How many of the authority's agreements.
    pub agreements: u32,
    /// In a year.
    pub a_year: Pence,
}

/// One agreement that a granted rise touches.
#[derive(Debug, Clone)]
pub struct RepricingRow {
    /// The agreement.
    pub agreement: String,
    /// The request's reference.
    pub reference: String,
    /// The address of its page.
    pub path: String,
    /// The home.
    pub home: String,
    /// A week before.
    pub was: Pence,
    /// And after.
    pub now: Pence,
    /// From which night.
    pub from: Date,
    /// In a year.
    pub a_year: Pence,
    /// By when it is to be answered.
    pub due: Date,
    /// Whether that has passed unanswered.
    pub late: bool,
    /// How it was answered; none while it waits.
    pub answered: Option<String>,
}

/// What rises mean for an authority.
#[derive(Debug, Clone)]
pub struct RepricingsView {
    /// Requests that wait for the region.
    pub asked: Vec<UpliftAsked>,
    /// Agreements that wait for confirmation.
    pub waiting: Vec<RepricingRow>,
    /// Agreements that were answered.
    pub answered: Vec<RepricingRow>,
}

fn rows(title: &str, rows: &[RepricingRow], empty: &str) -> Table {
    let rows = rows.iter().map(|one| {
        let link = Link::new(one.agreement.as_str(), one.path.as_str());
        let state = match (&one.answered, one.late) {
            (Some(how), _) => Cell::from(how.as_str()),
            (None, true) => Cell::new(Tag::new("Overdue", Colour::Red)),
            (None, false) => Cell::new(Tag::new("To confirm", Colour::Yellow)),
        };
        Row::new(Html::from(link))
            .cell(one.home.as_str())
            .cell(words::money(one.was))
            .cell(words::money(one.now))
            .cell(words::date(one.from))
            .cell(words::money(one.a_year))
            .cell(words::date(one.due))
            .cell(state)
            .cell(one.reference.as_str())
    });
    Table::new(title)
        .column(Column::text("Agreement"))
        .column(Column::text("Home"))
        .column(Column::number("A week before"))
        .column(Column::number("After"))
        .column(Column::text("From"))
        .column(Column::number("A year"))
        .column(Column::text("By"))
        .column(Column::text("State"))
        .column(Column::text("Request"))
        .rows(rows)
        .empty(empty)
}

/// The authority's page.
pub fn repricings(shell: Shell, view: &RepricingsView) -> Page {
    let asked = view.asked.iter().map(|one| {
        Row::new(one.reference.as_str())
            .cell(one.what.as_str())
            .cell(words::money(one.was))
            .cell(words::money(one.asked))
            .cell(words::date(one.from))
            .cell(one.state.as_str())
            .cell(Cell::number(u64::from(one.agreements)))
            .cell(words::money(one.a_year))
    });
    let asked = Table::new("Asked for, to be decided by the regional team")
        .column(Column::text("Request"))
        .column(Column::text("Price"))
        .column(Column::number("A week"))
        .column(Column::number("Asked for"))
        .column(Column::text("From"))
        .column(Column::text("State"))
        .column(Column::number("Agreements"))
        .column(Column::number("Your cost a year"))
        .rows(asked)
        .empty("No request that waits touches an agreement of yours.");
    let total: Pence = view.waiting.iter().map(|one| one.a_year).sum();
    Page::new(shell.titled("Rises in price").back("/finance/annual-value"))
        .text("A granted rise changes none of your agreements by itself: whoever holds the power confirms each.")
        .text(format!("To confirm: {}, {total} a year.", words::count(view.waiting.len() as u64, "price", "prices")))
        .with(rows("To confirm", &view.waiting, "No agreement waits for you."))
        .with(asked)
        .with(rows("Answered", &view.answered, "None was answered yet."))
}

/// One agreement to be confirmed.
#[derive(Debug, Clone)]
pub struct RepricingForm {
    /// As in the list.
    pub row: RepricingRow,
    /// What changes: the line, first night, before, after.
    pub changes: Vec<(String, Date, Pence, Pence)>,
    /// Each contract year: its words, what is added, what can still be awarded before and after, or why it cannot.
    pub years: Vec<(String, Pence, String)>,
    /// Whether it would pass the ceiling.
    pub above: bool,
    /// Whether the reader can answer it.
    pub answers: bool,
    /// The second form's key.
    pub keep_key: String,
    /// Version, key, who decides, what was typed and what is wrong.
    pub form: ActForm,
}

/// What changes a week, and what it adds to each contract year.
fn tables(view: &RepricingForm) -> (Table, Table) {
    let changes = view.changes.iter().map(|(what, from, was, now)| {
        Row::new(what.as_str())
            .cell(words::date(*from))
            .cell(words::money(*was))
            .cell(words::money(*now))
            .cell(words::money(*now - *was))
    });
    let changes = Table::new("Before and after, a week")
        .column(Column::text("Line"))
        .column(Column::text("From"))
        .column(Column::number("Before"))
        .column(Column::number("After"))
        .column(Column::number("More"))
        .rows(changes);
    let years = view
        .years
        .iter()
        .map(|(year, delta, after)| Row::new(year.as_str()).cell(words::money(*delta)).cell(after.as_str()));
    let years = Table::new("The annual value")
        .column(Column::text("Contract year"))
        .column(Column::number("Added"))
        .column(Column::text("After it"))
        .rows(years)
        .empty("It changes no contract year.");
    (changes, years)
}

/// The page of one agreement to be confirmed.
pub fn repricing(shell: Shell, view: &RepricingForm) -> Page {
    let (row, form) = (&view.row, &view.form);
    let agreement = shell.link_where(Action::SeeAgreements, &row.agreement, format!("/agreements/{}", row.agreement));
    let facts = SummaryList::new()
        .row("Agreement", agreement)
        .row("Home", row.home.as_str())
        .row("Request", row.reference.as_str())
        .row("In a year", row.a_year.to_string())
        .row("To be answered by", words::date(row.due));
    let (changes, years) = tables(view);
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("Confirm a rise in price")
        .caption(row.agreement.as_str())
        .record(row.agreement.as_str())
        .back("/finance/uplifts")
        .with_errors(&form.errors);
    let page = Page::new(shell).with(facts).with(changes);
    if let Some(answered) = &row.answered {
        return page.with(Inset::new(format!("Answered: {answered}.")));
    }
    let page = page.with(years);
    if !view.answers {
        return page
            .with(Inset::new("The holder of the power confirms it, or an officer records what the holder said."));
    }
    let mut confirm = Form::post(row.path.as_str(), csrf.as_str(), form.key.as_str()).version(form.version);
    if view.above {
        confirm = confirm.field(
            Field::text("above", "Why does it go above the ceiling?")
                .hint(
                    "The rise was decided before. With a reason it is recorded as an exception; without, it is refused",
                )
                .value(form.typed.get("above"))
                .errors(&form.errors),
        );
    }
    let reasons = KeepReason::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let keep = Form::post(format!("{}/keep", row.path), csrf, view.keep_key.as_str()).version(form.version).field(
        Field::radios("reason", "Why does it keep its price?", reasons)
            .value(form.typed.get("reason"))
            .errors(&form.errors),
    );
    page.maybe(view.above.then(|| Warning::new("This passes the ceiling of a contract year.")))
        .heading("Confirm")
        .with(decided(confirm, form).submit("Confirm the new price"))
        .heading("Or keep the price")
        .with(decided(keep, form).submit("Keep the price"))
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let day = jiff::civil::date;
    let row = RepricingRow {
        agreement: "HEF-A-0137".to_owned(),
        reference: "PU-SC400001-1".to_owned(),
        path: "/agreements/HEF-A-0137/repricing/7/1".to_owned(),
        home: "Elm House".to_owned(),
        was: Pence::pounds(4_150),
        now: Pence::pounds(4_230),
        from: day(2021, 11, 1),
        a_year: Pence::pounds(4_171),
        due: day(2021, 11, 1),
        late: false,
        answered: None,
    };
    let done = RepricingRow { answered: Some("Confirmed 13 September 2021".to_owned()), ..row.clone() };
    let asked = UpliftAsked {
        reference: "PU-SC400002-1".to_owned(),
        what: "Ash Lodge, planned, core price".to_owned(),
        was: Pence::pounds(4_200),
        asked: Pence::pounds(4_263),
        from: day(2021, 11, 1),
        state: "Waiting".to_owned(),
        agreements: 2,
        a_year: Pence::pounds(6_570),
    };
    let view = RepricingsView { asked: vec![asked], waiting: vec![row.clone()], answered: vec![done.clone()] };
    let none = RepricingsView { asked: vec![], waiting: vec![], answered: vec![] };
    let form = RepricingForm {
        changes: vec![("Core price".to_owned(), day(2021, 11, 1), Pence::pounds(4_150), Pence::pounds(4_230))],
        years: vec![("From 15 December 2020".to_owned(), Pence(50_286), "£38,210 can still be awarded".to_owned())],
        above: false,
        answers: true,
        keep_key: "k2".to_owned(),
        form: ActForm {
            reference: "HEF-A-0137".to_owned(),
            version: 3,
            key: "k1".to_owned(),
            decides: Some("You decide this yourself, as Director.".to_owned()),
            ..ActForm::default()
        },
        row: row.clone(),
    };
    let above = RepricingForm {
        above: true,
        years: vec![("From 15 December 2020".to_owned(), Pence(50_286), "It passes the ceiling by £412".to_owned())],
        ..form.clone()
    };
    let mut wrong = form.clone();
    wrong.form.errors.add("reason", "Select why it keeps its price");
    let answered = RepricingForm { row: done, ..form.clone() };
    let reads = RepricingForm { answers: false, ..form.clone() };
    let shell = kit::signed_in_shell;
    vec![
        ("an authority's rises in price", repricings(shell(), &view).to_string()),
        ("no rise in price touches an authority", repricings(shell(), &none).to_string()),
        ("confirm a rise in price", repricing(shell(), &form).to_string()),
        ("confirm a rise above the ceiling", repricing(shell(), &above).to_string()),
        ("confirm a rise in price, with an error", repricing(shell(), &wrong).to_string()),
        ("a rise that was answered", repricing(shell(), &answered).to_string()),
        ("a rise that somebody else confirms", repricing(shell(), &reads).to_string()),
    ]
}

//! Prices: a home's schedule with its history, and rises in price as the provider and the regional team see them.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;

use crate::components::{Column, Inset, Link, Row, SummaryList, Table};
use crate::form::{Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

mod asking;
mod uplift;

pub use asking::{AskView, PriceNow, ask};
pub use uplift::{
    EffectRow, ProviderUplift, RegionUplift, UpliftFacts, UpliftRow, provider_list, provider_uplift, region_list,
    region_uplift,
};

/// A price that holds or will hold.
#[derive(Debug, Clone)]
pub struct ScheduleRow {
    /// The lot's name.
    pub lot: String,
    /// The line in words.
    pub line: String,
    /// A week.
    pub weekly: Pence,
    /// The first night.
    pub from: Date,
    /// The day after the last night, where there is one.
    pub until: Option<Date>,
}

/// A price as it was recorded.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// The price; none where it was taken away.
    pub weekly: Option<Pence>,
    /// Lot and line.
    pub what: String,
    /// The first night.
    pub from: Date,
    /// On which day it was recorded.
    pub on: Date,
    /// By what, with what is included.
    pub by: String,
}

/// The prices of a night: a sentence, and lot, line and price.
pub type NightAnswer = (String, Vec<(String, String, Pence)>);

/// A home's schedule.
#[derive(Debug, Clone)]
pub struct ScheduleView {
    /// The home's number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// The address of the page.
    pub path: String,
    /// Where it leads back.
    pub back: String,
    /// Prices that hold or will hold.
    pub current: Vec<ScheduleRow>,
    /// What was ever recorded, the latest first.
    pub entries: Vec<EntryRow>,
    /// What was asked about a night.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
    /// The answer: a sentence, and lot, line and price.
    pub answer: Option<NightAnswer>,
}

fn question(view: &ScheduleView) -> Form {
    Form::get(view.path.as_str())
        .field(
            Field::date("on", "The price of which night?")
                .hint("For example, 20 8 2021")
                .parts(view.typed.date("on"))
                .errors(&view.errors),
        )
        .field(
            Field::date("known", "As it was known on which day?")
                .hint("Leave it empty to ask as it is known now")
                .parts(view.typed.date("known"))
                .errors(&view.errors),
        )
        .submit("Answer")
}

/// The page of a home's price schedule.
pub fn schedule(shell: Shell, view: &ScheduleView) -> Page {
    let until = |day: Option<Date>| day.map_or("No end known".to_owned(), words::date);
    let rows = view.current.iter().map(|one| {
        Row::new(one.lot.as_str())
            .cell(one.line.as_str())
            .cell(words::money(one.weekly))
            .cell(words::date(one.from))
            .cell(until(one.until))
    });
    let current = Table::new("The schedule")
        .column(Column::text("Lot"))
        .column(Column::text("Line"))
        .column(Column::number("A week"))
        .column(Column::text("From"))
        .column(Column::text("Until"))
        .rows(rows)
        .empty("No price is scheduled.");
    let rows = view.entries.iter().map(|one| {
        Row::new(words::date(one.on))
            .cell(one.what.as_str())
            .cell(one.weekly.map_or("Taken away".to_owned(), |weekly| weekly.to_string()))
            .cell(words::date(one.from))
            .cell(one.by.as_str())
    });
    let entries = Table::new("What was recorded, the latest first")
        .columns(["Recorded", "Lot and line", "A week", "From", "By"])
        .rows(rows)
        .empty("Nothing was recorded since histories are kept.");
    let shell = shell
        .titled("Price schedule")
        .caption(format!("{}, {}", view.name, view.urn))
        .back(view.back.as_str())
        .with_errors(&view.errors);
    let mut page = Page::new(shell)
        .text("New offers through the arrangement are at most the price of their first night. What was agreed keeps its price.");
    if let Some((sentence, prices)) = &view.answer {
        let list = prices.iter().fold(SummaryList::new(), |list, (lot, line, weekly)| {
            list.row(format!("{lot}, {line}"), format!("{weekly} a week"))
        });
        page = page.with(Inset::new(sentence.as_str())).maybe((!prices.is_empty()).then_some(list));
    }
    let files = Html::bullets([
        Html::from(Link::new("This schedule as CSV", format!("{}.csv", view.path))),
        Html::from(Link::new("This schedule as a spreadsheet", format!("{}.xlsx", view.path))),
    ]);
    page.with(current).with(files).with(entries).heading("Ask about a night").with(question(view))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let day = jiff::civil::date;
    let view = ScheduleView {
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        path: "/homes/SC400001/prices".to_owned(),
        back: "/homes/SC400001".to_owned(),
        current: vec![ScheduleRow {
            lot: "Planned".to_owned(),
            line: "Core price".to_owned(),
            weekly: Pence::pounds(4_150),
            from: day(2019, 4, 1),
            until: None,
        }],
        entries: vec![EntryRow {
            weekly: Some(Pence::pounds(4_150)),
            what: "Planned, core price".to_owned(),
            from: day(2019, 4, 1),
            on: day(2019, 3, 4),
            by: "Tendered, and admitted after evaluation: food, clothing and transport".to_owned(),
        }],
        typed: Typed::default(),
        errors: Invalid::default(),
        answer: None,
    };
    let none = ScheduleView { current: vec![], entries: vec![], ..view.clone() };
    let answered = ScheduleView {
        answer: Some((
            "For the night of 20 August 2021, as it is known now.".to_owned(),
            vec![("Planned".to_owned(), "Core price".to_owned(), Pence::pounds(4_150))],
        )),
        ..view.clone()
    };
    let mut wrong = view.clone();
    wrong.errors.add("known", "Enter a day that has come: nobody knows yet what will be known");
    let shell = kit::signed_in_shell;
    let mut all = vec![
        ("a price schedule", schedule(shell(), &view).to_string()),
        ("no price is scheduled", schedule(shell(), &none).to_string()),
        ("a price of a past night", schedule(shell(), &answered).to_string()),
        ("a price of a night, with an error", schedule(shell(), &wrong).to_string()),
    ];
    all.extend(asking::samples());
    all.extend(uplift::samples());
    all
}

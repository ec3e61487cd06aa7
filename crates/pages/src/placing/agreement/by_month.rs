//! What was agreed, for which nights: a month of one side's agreements. The views hold references, homes, nights and money,
//! and nothing of a child; a table's rows stack on a phone.

use jiff::civil::{Date, date};
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;

use crate::components::{Cell, Column, Inset, Link, Number, Numbers, Row, Table};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// One price line within the month.
#[derive(Debug, Clone)]
pub struct AgreedRow {
    /// What it pays for, or what was not delivered.
    pub what: String,
    /// The first and the last of its days.
    pub days: (Date, Date),
    /// How many nights it charges; none of what is taken off.
    pub nights: Option<u64>,
    /// Pence a week; none of what is taken off.
    pub weekly: Option<Pence>,
    /// The charge; below zero where it is taken off.
    pub charge: Pence,
}

/// One agreement within the month.
#[derive(Debug, Clone)]
pub struct AgreedPart {
    /// Its reference.
    pub reference: String,
    /// The home's name.
    pub home: String,
    /// The other side's name.
    pub other_side: String,
    /// How it stands.
    pub state: String,
    /// How many nights of the month it charges.
    pub nights: u64,
    /// Its lines.
    pub rows: Vec<AgreedRow>,
    /// What they come to.
    pub total: Pence,
}

/// The month.
#[derive(Debug, Clone)]
pub struct AgreedView {
    /// Its first day.
    pub first: Date,
    /// By reference.
    pub agreements: Vec<AgreedPart>,
    /// What all come to.
    pub total: Pence,
}

fn named(first: Date) -> String {
    format!("{} {}", words::month(first), first.year())
}

fn part(of: &AgreedPart) -> Html {
    let rows = of.rows.iter().map(|row| {
        Row::new(row.what.as_str())
            .cell(words::date_range(row.days.0, row.days.1))
            .cell(row.nights.map_or(Cell::new(""), Cell::number))
            .cell(row.weekly.map_or(Cell::new(""), Cell::money))
            .cell(Cell::money(row.charge))
    });
    let total = Row::new("In all").cell("").cell(Cell::number(of.nights)).cell("").cell(Cell::money(of.total));
    let table = Table::new(format!("{}, {}", of.home, of.reference))
        .columns(["What", "Days"])
        .column(Column::number("Nights"))
        .column(Column::number("A week"))
        .column(Column::number("For these nights"))
        .rows(rows.chain([total.total()]));
    let link = Link::new(format!("Agreement {}", of.reference), format!("/agreements/{}", of.reference));
    let about = format!("{}. {}. ", of.other_side, of.state);
    Html::join([Html::from(table), Html::paragraph(Html::join([about.as_str().into(), Html::from(link)]))])
}

/// The page.
pub fn agreed_page(shell: Shell, view: &AgreedView) -> Page {
    let (month, path) = (named(view.first), "/agreements/by-month");
    let shell = shell.titled(format!("Agreed nights, {month}")).back("/agreements");
    let nights: u64 = view.agreements.iter().map(|of| of.nights).sum();
    let count = u64::try_from(view.agreements.len()).unwrap_or(u64::MAX);
    let numbers = Numbers::new([
        Number::new(words::money(view.total), format!("For {month}")),
        Number::new(words::number(count), "Agreements with nights"),
        Number::new(words::number(nights), "Nights charged"),
    ]);
    let before = plus_days(view.first, -1).first_of_month();
    let after = plus_days(view.first.last_of_month(), 1);
    let to = |first: Date| Html::from(Link::new(named(first), format!("{path}?month={}", first.strftime("%Y-%m"))));
    let file = |words: &str, end: &str| {
        Html::from(Link::new(words, format!("{path}.{end}?month={}", view.first.strftime("%Y-%m"))))
    };
    let mut page = Page::new(shell)
        .text(
            "What each agreement charges for the nights of the month, by its price lines. Hours of support that were not \
             delivered are taken off in the month of their Monday. Empty nights of a mini-block stand in its settled month.",
        )
        .with(numbers)
        .with(Html::bullets([
            to(before),
            to(after),
            file("This month as CSV", "csv"),
            file("This month as a workbook", "xlsx"),
        ]));
    if view.agreements.is_empty() {
        page = page.with(Inset::new(format!("No agreement charges a night of {month}.")));
    }
    for of in &view.agreements {
        page = page.with(part(of));
    }
    page
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let core = AgreedRow {
        what: "Core price".to_owned(),
        days: (date(2021, 9, 1), date(2021, 9, 30)),
        nights: Some(30),
        weekly: Some(Pence::pounds(4_150)),
        charge: Pence(1_778_571),
    };
    let less = AgreedRow {
        what: "Evenings, one to one: hours not delivered, agreed".to_owned(),
        days: (date(2021, 9, 6), date(2021, 9, 12)),
        nights: None,
        weekly: None,
        charge: Pence(-10_175),
    };
    let one = AgreedPart {
        reference: "HEF-A-0007".to_owned(),
        home: "Elm House".to_owned(),
        other_side: "Herefordshire Council".to_owned(),
        state: "Started".to_owned(),
        nights: 30,
        rows: vec![core, less],
        total: Pence(1_768_396),
    };
    let view = AgreedView { first: date(2021, 9, 1), agreements: vec![one], total: Pence(1_768_396) };
    let none = AgreedView { agreements: Vec::new(), total: Pence::ZERO, ..view.clone() };
    let show = |view: &AgreedView| agreed_page(kit::signed_in_shell(), view).to_string();
    vec![("agreed nights of a month", show(&view)), ("agreed nights, none", show(&none))]
}

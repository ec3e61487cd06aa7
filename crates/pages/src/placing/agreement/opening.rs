//! The opening ledger of an authority that went live, beside its finance ledger: equal to the penny, or each difference.

use jiff::civil::{Date, date};
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::opening::LedgerCause;

use crate::components::{Button, Cell, Column, Inset, Link, Row, Table};
use crate::form::{Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// One agreement.
#[derive(Debug, Clone)]
pub struct LedgerRow {
    /// Its reference.
    pub reference: String,
    /// The first of the nights.
    pub from: Date,
    /// The day after the last night that was paid.
    pub paid_to: Date,
    /// What its lines give.
    pub ours: Pence,
    /// What the finance ledger shows.
    pub ledger: Pence,
    /// What explains the difference.
    pub cause: String,
}

/// A live placement of which nobody said what was paid.
#[derive(Debug, Clone)]
pub struct UnpaidLine {
    /// Its reference.
    pub reference: String,
    /// The first night.
    pub from: Date,
    /// The day on which it was brought in.
    pub until: Date,
    /// What its lines give for the nights between.
    pub ours: Pence,
}

/// The ledger.
#[derive(Debug, Clone, Default)]
pub struct LedgerView {
    /// By reference.
    pub rows: Vec<LedgerRow>,
    /// Live placements without a paid amount, by reference.
    pub unpaid: Vec<UnpaidLine>,
    /// The finance ledger's own total: the day up to which it counts, how much, and what of it is in no row.
    pub total: Option<(Date, Pence, Pence)>,
    /// Whether the reader records that total.
    pub keeps: bool,
    /// What was typed of it.
    pub typed: Typed,
}

fn line(shell: &Shell, row: &LedgerRow) -> Row {
    Row::new(shell.link_where(Action::SeeAgreements, &row.reference, format!("/agreements/{}", row.reference)))
        .cell(words::date(row.from))
        .cell(words::date(row.paid_to))
        .cell(Cell::money(row.ours))
        .cell(Cell::money(row.ledger))
        .cell(Cell::money(row.ledger - row.ours))
        .cell(row.cause.as_str())
}

fn table(caption: &str, rows: impl IntoIterator<Item = Row>) -> Table {
    Table::new(caption)
        .columns(["Agreement", "Paid from", "Paid to"])
        .column(Column::number("By the price lines"))
        .column(Column::number("In the finance ledger"))
        .column(Column::number("Difference"))
        .column(Column::text("What explains it"))
        .rows(rows)
}

fn many(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// What of the agreements with a paid amount differs.
fn compared(view: &LedgerView) -> String {
    let ours: Pence = view.rows.iter().map(|row| row.ours).sum();
    let ledger: Pence = view.rows.iter().map(|row| row.ledger).sum();
    let agreements = words::count(many(view.rows.len()), "agreement", "agreements");
    match view.rows.iter().filter(|row| row.ledger != row.ours).count() {
        0 => format!("{agreements}: {} in both ledgers, equal to the penny.", words::money(ours)),
        differ => format!(
            "{agreements}: {} by the price lines, {} in the finance ledger. {}, by {} in all.",
            words::money(ours),
            words::money(ledger),
            words::count(many(differ), "agreement differs", "agreements differ"),
            words::money(ledger - ours)
        ),
    }
}

/// What the finance ledger shows beyond the paid amounts, or that nobody recorded it.
fn in_all(view: &LedgerView) -> String {
    let Some((as_at, total, rest)) = view.total else {
        return "The finance ledger's own total is not recorded. What it paid for placements that no file had does not show."
            .to_owned();
    };
    let shows = format!("The finance ledger shows {} in all up to {}", words::money(total), words::date(as_at));
    match rest.0 {
        0 => format!("{shows}: the paid amounts come to the same, to the penny."),
        1.. => format!("{shows}: {} more than the paid amounts.", words::money(rest)),
        _ => format!("{shows}: {} less than the paid amounts.", words::money(Pence(-rest.0))),
    }
}

fn said(view: &LedgerView) -> Html {
    let none = "No placement was brought in with what was paid for it. A file of placements has the columns paid_from, paid_to \
                and paid_amount.";
    let first = if view.rows.is_empty() { none.to_owned() } else { compared(view) };
    let unpaid = (!view.unpaid.is_empty()).then(|| {
        let live = words::count(many(view.unpaid.len()), "live placement has", "live placements have");
        format!("{live} no paid amount: each is a difference until finance says what was paid.")
    });
    Html::join([Some(first), unpaid, Some(in_all(view))].into_iter().flatten().map(Html::paragraph))
}

fn without(shell: &Shell, view: &LedgerView) -> Table {
    let rows = view.unpaid.iter().map(|row| {
        Row::new(shell.link_where(Action::SeeAgreements, &row.reference, format!("/agreements/{}", row.reference)))
            .cell(words::date(row.from))
            .cell(words::date(row.until))
            .cell(Cell::money(row.ours))
            .cell(LedgerCause::NotGiven.label())
    });
    Table::new("Live placements without a paid amount")
        .columns(["Agreement", "From", "Brought in"])
        .column(Column::number("By the price lines"))
        .column(Column::text("What explains it"))
        .rows(rows)
}

fn total_form(view: &LedgerView, csrf: &str, errors: &Invalid, key: &str) -> Form {
    Form::post("/finance/opening-ledger", csrf, key)
        .field(
            Field::date("as_at", "Up to which day does the finance ledger count?")
                .parts(view.typed.date("as_at"))
                .errors(errors),
        )
        .field(
            Field::money("total", "What does it show in all as paid for placements?")
                .value(view.typed.get("total"))
                .errors(errors),
        )
        .button(Button::submit("Record this total"))
}

/// The page.
pub fn ledger_page(shell: Shell, view: &LedgerView, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let back = if shell.may(Action::SeeAgreements) { "/agreements" } else { "/finance/annual-value" };
    let shell = shell.titled("Opening ledger").back(back).with_errors(errors);
    let mut page = Page::new(shell.clone()).text(
        "What the finance ledger showed as paid when this authority went live, beside what each agreement's price lines give \
         for the same nights, by all who pay. “Paid to” is the day after the last night that was paid.",
    );
    page = page.with(Inset::new(said(view)));
    let differ: Vec<&LedgerRow> = view.rows.iter().filter(|row| row.ledger != row.ours).collect();
    if !differ.is_empty() {
        page = page.with(table("Agreements that differ", differ.into_iter().map(|row| line(&shell, row))));
    }
    if !view.unpaid.is_empty() {
        page = page.with(without(&shell, view));
    }
    if view.keeps {
        page = page.heading("The finance ledger's own total").with(total_form(view, &csrf, errors, key));
    }
    if view.rows.is_empty() && view.unpaid.is_empty() {
        return page;
    }
    let files = [
        Link::new("This ledger as CSV", "/finance/opening-ledger.csv"),
        Link::new("This ledger as a workbook", "/finance/opening-ledger.xlsx"),
    ];
    let all = (!view.rows.is_empty()).then(|| table("All agreements", view.rows.iter().map(|row| line(&shell, row))));
    page.maybe(all).with(Html::bullets(files.map(Html::from)))
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let row = |reference: &str, ledger: i64, cause: &str| LedgerRow {
        reference: reference.to_owned(),
        from: date(2020, 12, 15),
        paid_to: date(2021, 9, 1),
        ours: Pence(15_420_000),
        ledger: Pence(ledger),
        cause: cause.to_owned(),
    };
    let equal = LedgerView {
        rows: vec![row("TFW-A-0001", 15_420_000, "No difference")],
        total: Some((date(2021, 9, 1), Pence(15_420_000), Pence::ZERO)),
        ..LedgerView::default()
    };
    let unpaid = UnpaidLine {
        reference: "TFW-A-0003".to_owned(),
        from: date(2021, 8, 2),
        until: date(2021, 9, 6),
        ours: Pence(2_000_000),
    };
    let differs = LedgerView {
        rows: vec![equal.rows[0].clone(), row("TFW-A-0002", 15_479_286, "One night, often the day of the move")],
        unpaid: vec![unpaid],
        total: Some((date(2021, 9, 1), Pence(32_899_287), Pence(2_000_001))),
        keeps: true,
        ..LedgerView::default()
    };
    let asked = LedgerView { keeps: true, ..LedgerView::default() };
    let wrong = Invalid::one("total", "Enter the total in pounds, like 125,000.50");
    let with =
        |view: &LedgerView, errors: &Invalid| ledger_page(kit::signed_in_shell(), view, errors, "k1").to_string();
    let show = |view: &LedgerView| with(view, &Invalid::default());
    vec![
        ("opening ledger", show(&equal)),
        ("opening ledger with a difference", show(&differs)),
        ("opening ledger of nothing", show(&LedgerView::default())),
        ("opening ledger whose total is wrong", with(&asked, &wrong)),
    ]
}

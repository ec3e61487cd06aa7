//! The opening ledger of an authority that went live, beside its finance ledger: equal to the penny, or each difference.

use jiff::civil::{Date, date};
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;

use crate::components::{Cell, Column, Inset, Link, Row, Table};
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

/// The ledger.
#[derive(Debug, Clone, Default)]
pub struct LedgerView {
    /// By reference.
    pub rows: Vec<LedgerRow>,
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

/// The page.
pub fn ledger_page(shell: Shell, view: &LedgerView) -> Page {
    let back = if shell.may(Action::SeeAgreements) { "/agreements" } else { "/finance/annual-value" };
    let shell = shell.titled("Opening ledger").back(back);
    let page = Page::new(shell.clone()).text(
        "What the finance ledger showed as paid when this authority went live, beside what each agreement's price lines give \
         for the same nights, by all who pay. “Paid to” is the day after the last night that was paid.",
    );
    if view.rows.is_empty() {
        return page.with(Inset::new(
            "No placement was brought in with what was paid for it. A file of placements has the columns paid_from, paid_to \
             and paid_amount.",
        ));
    }
    let ours: Pence = view.rows.iter().map(|row| row.ours).sum();
    let ledger: Pence = view.rows.iter().map(|row| row.ledger).sum();
    let differ: Vec<&LedgerRow> = view.rows.iter().filter(|row| row.ledger != row.ours).collect();
    let many = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let agreements = words::count(many(view.rows.len()), "agreement", "agreements");
    let words = if differ.is_empty() {
        format!("{agreements}: {} in both ledgers, equal to the penny.", words::money(ours))
    } else {
        let differences = words::count(many(differ.len()), "agreement differs", "agreements differ");
        format!(
            "{agreements}: {} by the price lines, {} in the finance ledger. {differences}, by {} in all.",
            words::money(ours),
            words::money(ledger),
            words::money(ledger - ours)
        )
    };
    let files = [
        Link::new("This ledger as CSV", "/finance/opening-ledger.csv"),
        Link::new("This ledger as a workbook", "/finance/opening-ledger.xlsx"),
    ];
    let differing =
        (!differ.is_empty()).then(|| table("Agreements that differ", differ.into_iter().map(|row| line(&shell, row))));
    let all = table("All agreements", view.rows.iter().map(|row| line(&shell, row)));
    page.with(Inset::new(words)).maybe(differing).with(all).with(Html::bullets(files.map(Html::from)))
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
    let equal = LedgerView { rows: vec![row("TFW-A-0001", 15_420_000, "No difference")] };
    let differs = LedgerView {
        rows: vec![equal.rows[0].clone(), row("TFW-A-0002", 15_479_286, "One night, often the day of the move")],
    };
    let show = |view: &LedgerView| ledger_page(kit::signed_in_shell(), view).to_string();
    vec![
        ("opening ledger", show(&equal)),
        ("opening ledger with a difference", show(&differs)),
        ("opening ledger of nothing", show(&LedgerView::default())),
    ]
}

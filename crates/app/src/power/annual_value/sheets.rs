//! The annual value's page and the year's movements as tables for a file: the same columns and figures as on the page.

use placewell_domain::money::Pence;
use placewell_domain::power::annual_value::{Aspect, Figures};
use placewell_exchange::sheet::{Cell, Sheet};

use super::movements::MovementsOfYear;
use super::page::AnnualValuePage;
use crate::clock::moment_at;

/// The tables of the page: agreements first, then the figures, the months, what counts, and the exceptions.
#[must_use]
pub fn ledger_sheets(page: &AnnualValuePage) -> Vec<Sheet> {
    vec![agreements(page), figures(page), months(page), reading(page), exceptions(page)]
}

fn agreements(page: &AnnualValuePage) -> Sheet {
    let heads = ["Agreement", "Spent (£)", "Bound (£)", "Planned (£)", "Run-rate (£)", "Planned end overdue"];
    let mut sheet = Sheet::new("Agreements", heads);
    sheet.rows.extend(page.agreements.iter().map(|row| {
        vec![
            row.reference.as_str().into(),
            row.spent.into(),
            row.figures.bound.into(),
            row.figures.planned.into(),
            row.figures.run_rate.into(),
            if row.overdue { "Yes" } else { "No" }.into(),
        ]
    }));
    sheet
}

fn figures(page: &AnnualValuePage) -> Sheet {
    let mut sheet = Sheet::new("Figures", ["What", "Bound (£)", "Planned (£)", "Run-rate (£)"]);
    let three = |name: &str, of: &Figures| vec![name.into(), of.bound.into(), of.planned.into(), of.run_rate.into()];
    let one = |name: &str, cell: Cell| vec![name.into(), Cell::Empty, cell, Cell::Empty];
    sheet.rows.push(vec!["Year".into(), page.year.as_str().into(), Cell::Empty, Cell::Empty]);
    sheet.rows.push(three("Counted towards the ceiling", &page.figures));
    sheet.rows.push(three("Spot purchases, beside it", &page.spot));
    sheet.rows.push(one("After the term", page.after_term.into()));
    sheet.rows.push(one("Ceiling", page.words.ceiling.into()));
    sheet.rows.push(one("Spent", page.words.spent.into()));
    sheet.rows.push(one("Can still be awarded", page.words.can_award().into()));
    sheet.rows.push(one("Excepted above the ceiling", page.words.excepted.into()));
    if page.rises != Pence::ZERO {
        sheet.rows.push(one("Granted rises, not confirmed yet", page.rises.into()));
    }
    if let Some(forecast) = page.words.forecast {
        sheet.rows.push(one("Expected new", forecast.expected_new.into()));
        sheet.rows.push(one("Outturn", forecast.outturn.into()));
        sheet.rows.push(one("Outturn, lower end of 80%", forecast.low.into()));
        sheet.rows.push(one("Outturn, upper end of 80%", forecast.high.into()));
    }
    if let Some(budget) = &page.approved {
        sheet.rows.push(one("Approved budget, beside the ceiling", budget.approved.into()));
    }
    sheet
}

fn months(page: &AnnualValuePage) -> Sheet {
    let mut sheet = Sheet::new("Months", ["From", "Planned (£)", "Passed"]);
    sheet.rows.extend(
        page.months
            .iter()
            .map(|month| vec![month.from.into(), month.planned.into(), if month.past { "Yes" } else { "No" }.into()]),
    );
    sheet
}

fn reading(page: &AnnualValuePage) -> Sheet {
    let mut sheet = Sheet::new("What counts", ["What", "Recorded reading", "Reading shown", "Adviser", "Recorded on"]);
    sheet.rows.extend(Aspect::ALL.iter().map(|aspect| {
        vec![
            aspect.label().into(),
            page.recorded.answer(*aspect).into(),
            page.shown.answer(*aspect).into(),
            page.recorded.adviser.as_deref().unwrap_or("Defaults, not recorded").into(),
            page.recorded.recorded_on.map_or(Cell::Empty, Cell::Day),
        ]
    }));
    sheet
}

fn exceptions(page: &AnnualValuePage) -> Sheet {
    let mut sheet = Sheet::new("Excepted", ["Agreement", "Reason", "In words", "Who", "When", "Amount (£)"]);
    sheet.rows.extend(page.exceptions.iter().map(|row| {
        vec![
            row.reference.as_str().into(),
            row.grant.reason.label().into(),
            row.grant.words.as_str().into(),
            row.person.as_str().into(),
            moment_at(row.grant.granted_at).today().into(),
            row.pence.into(),
        ]
    }));
    sheet
}

/// The steps of a year.
#[must_use]
pub fn movement_sheet(of: &MovementsOfYear) -> Sheet {
    let heads = [
        "Number in the record",
        "Recorded on",
        "Time",
        "What moved",
        "Reference",
        "Movement (£)",
        "Committed after (£)",
        "Ceiling after (£)",
        "Excepted because",
        "By",
    ];
    let mut sheet = Sheet::new("Movements", heads);
    sheet.rows.extend(of.rows.iter().map(|row| {
        vec![
            Cell::Count(row.sequence),
            row.at.date().into(),
            row.at.time().strftime("%H:%M").to_string().into(),
            if row.delta.is_some() { "Commitment" } else { "Ceiling" }.into(),
            row.reference.as_str().into(),
            row.delta.map_or(Cell::Empty, Cell::Money),
            row.committed.into(),
            row.ceiling.into(),
            row.exception.map_or("", placewell_domain::power::annual_value::ExceptionReason::label).into(),
            row.person.as_str().into(),
        ]
    }));
    sheet
}

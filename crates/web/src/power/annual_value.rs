//! The annual value's page, its tables as files, and the forms that record what counts and the approved budget.

mod region;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::clock::moment_at;
use placewell_app::power::annual_value::{AnnualValuePage, RecordBudget, RecordReading, ledger_sheets, movement_sheet};
use placewell_domain::calendar::YearBasis;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::annual_value::{Aspect, Holds, Reading};
use placewell_exchange::sheet::{self, Sheet, SheetError};
use placewell_insight::power::annual_value::Expected;
use placewell_pages::power::annual_value::{
    AgreementView, AnnualValueView, ExceptionView, RestsOn, StepView, annual_value_page, budget_page, reading_page,
};

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, file, page, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/finance/annual-value", get(show))
        .route("/finance/annual-value.csv", get(ledger_csv))
        .route("/finance/annual-value.xlsx", get(ledger_xlsx))
        .route("/finance/annual-value/movements.csv", get(movements_csv))
        .route("/finance/annual-value/movements.xlsx", get(movements_xlsx))
        .route("/finance/annual-value/reading", get(ask).post(record))
        .route("/finance/annual-value/budget", get(ask_budget).post(record_budget))
        .merge(region::routes())
}

/// The year and the reading that the address names.
fn asked(signed: &Signed) -> (Option<i16>, Option<Aspect>) {
    let year = signed.query.filled("year").and_then(|year| year.parse().ok());
    (year.filter(|year| (2000..2100).contains(year)), signed.query.filled("reading").and_then(Aspect::from_code))
}

async fn show(signed: Signed) -> Answered {
    let (year, aspect) = asked(&signed);
    let found = signed.app().annual_value(&signed.actor, year, aspect).await.or_fail(&signed)?;
    let keeps = may(signed.actor.role, Action::KeepAnnualValue);
    let shown = annual_value_page(signed.shell(), &view(found, keeps));
    Ok(page(&crate::home::warned(&signed, shown).await?))
}

fn view(found: AnnualValuePage, keeps: bool) -> AnnualValueView {
    AnnualValueView {
        years: found.years.into_iter().map(|year| (year.starts_in, year.words, year.shown)).collect(),
        year: found.year,
        starts_in: found.starts_in,
        adopted: found.adopted,
        words: found.words,
        figures: found.figures,
        spot: found.spot,
        after_term: found.after_term,
        budget: found.approved.map(|budget| (budget.approved, budget.source)),
        rises: found.rises,
        rests_on: match found.expected {
            Expected::Reckoned { awards, weeks, .. } => RestsOn::Awards { awards, weeks },
            Expected::TooFew { awards, weeks } => RestsOn::TooFew { awards, weeks },
            Expected::Closed => RestsOn::Closed,
        },
        recorded_planned: found.recorded_planned,
        participation: found.participation,
        recorded: found.recorded,
        shown: found.shown,
        flipped: found.flipped,
        months: found.months.into_iter().map(|month| (month.from, month.planned, month.past)).collect(),
        agreements: found
            .agreements
            .into_iter()
            .map(|row| AgreementView {
                reference: row.reference,
                figures: row.figures,
                spent: row.spent,
                overdue: row.overdue,
            })
            .collect(),
        steps: found
            .steps
            .into_iter()
            .map(|step| StepView {
                ceiling: step.ceiling,
                reference: step.reference,
                on: moment_at(step.changed_at).today(),
                accepts_over: step.accepts_over,
            })
            .collect(),
        exceptions: found
            .exceptions
            .into_iter()
            .map(|row| ExceptionView {
                reference: row.reference,
                reason: row.grant.reason.label().to_owned(),
                words: row.grant.words,
                person: row.person,
                on: moment_at(row.grant.granted_at).today(),
                pence: row.pence,
            })
            .collect(),
        asked: found.asked,
        keeps,
    }
}

async fn ledger(signed: &Signed) -> Result<(i16, Vec<Sheet>), Failure> {
    let (year, aspect) = asked(signed);
    let found = signed.app().annual_value(&signed.actor, year, aspect).await.or_fail(signed)?;
    Ok((found.starts_in, ledger_sheets(&found)))
}

async fn ledger_csv(signed: Signed) -> Answered {
    let (year, sheets) = ledger(&signed).await?;
    csv(&signed, sheets.first(), &format!("annual-value-{year}"))
}

async fn ledger_xlsx(signed: Signed) -> Answered {
    let (year, sheets) = ledger(&signed).await?;
    xlsx(&signed, &sheets, &format!("annual-value-{year}"))
}

async fn movements(signed: &Signed) -> Result<(String, Sheet), Failure> {
    let (year, _) = asked(signed);
    let found = signed.app().annual_value_movements(&signed.actor, year).await.or_fail(signed)?;
    Ok((format!("annual-value-movements-{}", found.start.year()), movement_sheet(&found)))
}

async fn movements_csv(signed: Signed) -> Answered {
    let (name, sheet) = movements(&signed).await?;
    csv(&signed, Some(&sheet), &name)
}

async fn movements_xlsx(signed: Signed) -> Answered {
    let (name, sheet) = movements(&signed).await?;
    xlsx(&signed, &[sheet], &name)
}

fn csv(signed: &Signed, sheet: Option<&Sheet>, name: &str) -> Answered {
    let bytes = sheet.ok_or(Outcome::NotFound).and_then(|sheet| sheet.csv().map_err(fault)).or_fail(signed)?;
    Ok(file(bytes, "text/csv; charset=utf-8", &format!("{name}.csv")))
}

fn xlsx(signed: &Signed, sheets: &[Sheet], name: &str) -> Answered {
    let bytes = sheet::xlsx(sheets, signed.now().local).map_err(fault).or_fail(signed)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(bytes, kind, &format!("{name}.xlsx")))
}

fn fault(error: SheetError) -> Outcome {
    Outcome::Fault(error.0)
}

fn keeps(signed: &Signed) -> Result<(), Failure> {
    if may(signed.actor.role, Action::KeepAnnualValue) {
        Ok(())
    } else {
        Err(signed.fail(Outcome::Forbidden(Action::KeepAnnualValue)))
    }
}

async fn ask_budget(signed: Signed) -> Answered {
    keeps(&signed)?;
    let today = signed.now().today();
    Ok(page(&budget_page(signed.shell(), &signed.new_key(), &[], &Invalid::default(), today)))
}

async fn record_budget(Submitted { signed, fields, key }: Submitted) -> Answered {
    keeps(&signed)?;
    let mut invalid = Invalid::default();
    let approved = fields.pence("approved", "Enter the approved budget, like 5200000", &mut invalid);
    let from = fields.date("from", "Enter the first day, like 1 4 2021", &mut invalid);
    let source = fields.text("source", 200, "Enter where and when the budget was approved", &mut invalid);
    if let (Some(approved), Some(from), true) = (approved, from, invalid.errors.is_empty()) {
        match signed.app().perform(&signed.actor, &key, RecordBudget { approved, from, source }).await {
            Ok(receipt) => return Ok(see(&receipt)),
            Err(Outcome::Invalid(wrong)) => invalid = wrong,
            Err(outcome) => return Err(signed.fail(outcome)),
        }
    }
    let form = budget_page(signed.shell(), &key, fields.pairs(), &invalid, signed.now().today());
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
}

async fn ask(signed: Signed) -> Answered {
    keeps(&signed)?;
    let found = signed.app().annual_value(&signed.actor, None, None).await.or_fail(&signed)?;
    Ok(page(&reading_page(signed.shell(), &signed.new_key(), &found.recorded, &Invalid::default())))
}

async fn record(Submitted { signed, fields, key }: Submitted) -> Answered {
    keeps(&signed)?;
    let (reading, holds, invalid) = read(&fields);
    let reading = Reading { holds: holds.unwrap_or(reading.holds), ..reading };
    if !invalid.errors.is_empty() {
        return Ok(again(&signed, &key, &reading, &invalid));
    }
    let command = RecordReading { reading: reading.clone(), holds };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => Ok(again(&signed, &key, &reading, &invalid)),
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

fn again(signed: &Signed, key: &str, reading: &Reading, invalid: &Invalid) -> Response {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &reading_page(signed.shell(), key, reading, invalid))
}

/// The reading that a form says, which figure the ceiling holds where it says so, and what is wrong with it.
pub(crate) fn read(fields: &Fields) -> (Reading, Option<Holds>, Invalid) {
    let mut invalid = Invalid::default();
    let mut answer = |aspect: Aspect, yes: &str, no: &str| {
        let given = fields.get(aspect.code());
        if given != yes && given != no {
            invalid.add(aspect.code(), format!("Choose how this counts: {}", aspect.label()));
        }
        given == yes
    };
    let mut reading = Reading {
        spot: answer(Aspect::Spot, "in", "out"),
        net: answer(Aspect::Net, "net", "gross"),
        education: answer(Aspect::Education, "in", "out"),
        vat: answer(Aspect::Vat, "in", "out"),
        block_voids: answer(Aspect::BlockVoids, "in", "out"),
        successor: answer(Aspect::Successor, "in", "out"),
        ..Reading::default()
    };
    if answer(Aspect::Year, YearBasis::Financial.words(), YearBasis::Contract.words()) {
        reading.year = YearBasis::Financial;
    }
    let holds = match fields.filled("holds") {
        None => None,
        Some(_) => fields.choice("holds", Holds::from_code, "Choose which figure the ceiling holds", &mut invalid),
    };
    reading.adviser = Some(fields.text("adviser", 200, "Enter who advised on this reading, by post", &mut invalid));
    (reading, holds, invalid)
}

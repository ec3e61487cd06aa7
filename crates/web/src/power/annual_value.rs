//! The annual value's page and the form that records what counts.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::clock::moment_at;
use placewell_app::power::annual_value::{AnnualValuePage, RecordReading};
use placewell_domain::calendar::YearBasis;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::annual_value::{Aspect, Reading};
use placewell_pages::power::annual_value::{
    AgreementView, AnnualValueView, ExceptionView, StepView, annual_value_page, reading_page,
};

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/finance/annual-value", get(show))
        .route("/finance/annual-value/reading", get(ask).post(record))
}

async fn show(signed: Signed) -> Answered {
    let year =
        signed.query.filled("year").and_then(|year| year.parse().ok()).filter(|year| (2000..2100).contains(year));
    let aspect = signed.query.filled("reading").and_then(Aspect::from_code);
    let found = signed.app().annual_value(&signed.actor, year, aspect).await.or_fail(&signed)?;
    let keeps = may(signed.actor.role, Action::KeepAnnualValue);
    Ok(page(&annual_value_page(signed.shell(), &view(found, keeps))))
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
        budget: found.budget,
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
                pence: row.grant.pence,
            })
            .collect(),
        keeps,
    }
}

async fn ask(signed: Signed) -> Answered {
    let found = signed.app().annual_value(&signed.actor, None, None).await.or_fail(&signed)?;
    if !may(signed.actor.role, Action::KeepAnnualValue) {
        return Err(signed.fail(Outcome::Forbidden(Action::KeepAnnualValue)));
    }
    Ok(page(&reading_page(signed.shell(), &signed.new_key(), &found.recorded, &Invalid::default())))
}

async fn record(Submitted { signed, fields, key }: Submitted) -> Answered {
    if !may(signed.actor.role, Action::KeepAnnualValue) {
        return Err(signed.fail(Outcome::Forbidden(Action::KeepAnnualValue)));
    }
    let (reading, invalid) = read(&fields);
    if !invalid.errors.is_empty() {
        return Ok(again(&signed, &key, &reading, &invalid));
    }
    let command = RecordReading { reading: reading.clone() };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => Ok(again(&signed, &key, &reading, &invalid)),
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

fn again(signed: &Signed, key: &str, reading: &Reading, invalid: &Invalid) -> Response {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &reading_page(signed.shell(), key, reading, invalid))
}

/// The reading that a form says, with what is wrong with it.
pub(crate) fn read(fields: &Fields) -> (Reading, Invalid) {
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
    reading.adviser = Some(fields.text("adviser", 200, "Enter who advised on this reading, by post", &mut invalid));
    (reading, invalid)
}

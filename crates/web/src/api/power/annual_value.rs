//! The annual value: the words and figures of a year, setting a ceiling from a decision, the reading of what counts.

mod region;

use axum::extract::Path;
use axum::http::Uri;
use jiff::civil::{Date, DateTime};
use placewell_app::power::annual_value::{AnnualValuePage, RecordBudget, RecordReading, SetCeiling};
use placewell_domain::calendar::YearBasis;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::annual_value::{Aspect, Figures, Forecast, Reading};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::form::fields;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain};
use crate::api::request::{Api, Sent};
use crate::fields::Fields;
use crate::power::annual_value::read;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(set_ceiling))
        .routes(routes!(record_reading))
        .routes(routes!(record_budget))
        .routes(routes!(movements))
        .merge(region::routes())
}

/// Which year, by which reading.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct Asked {
    /// The calendar year in which the year starts; the present one where it is left out.
    #[param(required = false, value_type = Option<i64>, example = 2020)]
    year: String,
    /// One aspect of the reading to answer the other way.
    #[param(required = false, value_type = Option<String>, example = "spot")]
    flip: String,
}

/// The three figures.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Figures)]
#[allow(clippy::struct_field_names)] // amounts end in _pence throughout the API
struct FiguresShown {
    /// To the earliest date that notice allows.
    bound_pence: i64,
    /// To the planned end.
    planned_pence: i64,
    /// To the year's end.
    run_rate_pence: i64,
}

impl From<Figures> for FiguresShown {
    fn from(figures: Figures) -> Self {
        Self { bound_pence: figures.bound.0, planned_pence: figures.planned.0, run_rate_pence: figures.run_rate.0 }
    }
}

/// What is expected of the year beyond what is planned.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = YearForecast)]
#[allow(clippy::struct_field_names)] // amounts end in _pence throughout the API
struct ForecastShown {
    /// Expected from awards not made yet.
    expected_new_pence: i64,
    /// The year's outturn.
    outturn_pence: i64,
    /// The lower end of the range that holds 80 of 100 futures.
    low_pence: i64,
    /// Its upper end.
    high_pence: i64,
}

impl From<Forecast> for ForecastShown {
    fn from(forecast: Forecast) -> Self {
        Self {
            expected_new_pence: forecast.expected_new.0,
            outturn_pence: forecast.outturn.0,
            low_pence: forecast.low.0,
            high_pence: forecast.high.0,
        }
    }
}

/// The authority's reading of what counts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReadingShown)]
#[allow(clippy::struct_excessive_bools)] // each is a question that the authority answers yes or no
struct ReadingLine {
    /// Spot purchases count.
    spot: bool,
    /// Money from health and education is left out.
    net: bool,
    /// Education lines count.
    education: bool,
    /// VAT counts.
    vat: bool,
    /// Block voids count.
    block_voids: bool,
    /// Placements moved to the successor count.
    successor: bool,
    /// Which figure the ceiling holds.
    holds: code::Holds,
    /// `contract year` or `financial year`.
    year: String,
    /// Who advised.
    adviser: Option<String>,
    /// When it was recorded.
    recorded_on: Option<Date>,
}

impl From<Reading> for ReadingLine {
    fn from(reading: Reading) -> Self {
        Self {
            spot: reading.spot,
            net: reading.net,
            education: reading.education,
            vat: reading.vat,
            block_voids: reading.block_voids,
            successor: reading.successor,
            holds: reading.holds.into(),
            year: reading.year.words().to_owned(),
            adviser: reading.adviser,
            recorded_on: reading.recorded_on,
        }
    }
}

/// One agreement's part of the year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementInYear)]
struct AgreementLine {
    /// Its reference.
    reference: String,
    /// Its three figures.
    figures: FiguresShown,
    /// What its nights so far cost.
    spent_pence: i64,
    /// Its planned end is overdue and has rolled by 28 days.
    overdue: bool,
}

/// An exception above the ceiling.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExceptionRow)]
struct ExceptionLine {
    /// The agreement's reference; empty where the ceiling itself was lowered.
    reference: String,
    /// The coded reason.
    reason: code::ExceptionReason,
    /// The reason in words.
    words: String,
    /// Who granted it.
    person: String,
    /// What it committed.
    pence: i64,
}

/// The annual value of a year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnnualValue)]
struct AnnualValueShown {
    /// The year in words.
    year: String,
    /// The calendar year in which it starts.
    starts_in: i16,
    /// The calendar years for which a decision gave an annual value.
    years: Vec<i16>,
    /// Whether a decision gave this year an annual value.
    adopted: bool,
    /// The figures in a sentence.
    words: String,
    /// The ceiling.
    ceiling_pence: i64,
    /// What the nights so far cost.
    spent_pence: i64,
    /// What is planned.
    planned_pence: i64,
    /// What was excepted above the ceiling.
    excepted_pence: i64,
    /// What can still be awarded.
    can_award_pence: i64,
    /// The three figures of all that counts.
    figures: FiguresShown,
    /// The three figures of spot purchases, beside the ceiling.
    spot: FiguresShown,
    /// What is planned for nights after the term.
    after_term_pence: i64,
    /// The approved budget, which is not the ceiling.
    budget_pence: Option<i64>,
    /// What rises that are granted and not confirmed yet add to the planned nights: in the run-rate and the outturn.
    rises_pence: i64,
    /// What is expected of the year; null where there are too few awards to say.
    forecast: Option<ForecastShown>,
    /// The recorded reading.
    recorded: ReadingLine,
    /// The reading that the figures follow.
    shown: ReadingLine,
    /// The agreements; left out for those who see totals only.
    agreements: Vec<AgreementLine>,
    /// What was excepted above the ceiling.
    exceptions: Vec<ExceptionLine>,
    /// What has to be asked before ceilings are complete, such as whether one goes on in an extended term.
    asked: Vec<String>,
}

impl From<AnnualValuePage> for AnnualValueShown {
    fn from(found: AnnualValuePage) -> Self {
        Self {
            asked: found.asked,
            year: found.year,
            starts_in: found.starts_in,
            years: found.years.iter().map(|year| year.starts_in).collect(),
            adopted: found.adopted,
            words: found.words.sentence(),
            ceiling_pence: found.words.ceiling.0,
            spent_pence: found.words.spent.0,
            planned_pence: found.words.planned.0,
            excepted_pence: found.words.excepted.0,
            can_award_pence: found.words.can_award().0,
            figures: found.figures.into(),
            spot: found.spot.into(),
            after_term_pence: found.after_term.0,
            budget_pence: found.budget.map(|budget| budget.0),
            rises_pence: found.rises.0,
            forecast: found.words.forecast.map(Into::into),
            recorded: found.recorded.into(),
            shown: found.shown.into(),
            agreements: found
                .agreements
                .into_iter()
                .map(|row| AgreementLine {
                    reference: row.reference,
                    figures: row.figures.into(),
                    spent_pence: row.spent.0,
                    overdue: row.overdue,
                })
                .collect(),
            exceptions: found
                .exceptions
                .into_iter()
                .map(|row| ExceptionLine {
                    reference: row.reference,
                    reason: row.grant.reason.into(),
                    words: row.grant.words,
                    person: row.person,
                    pence: row.pence.0,
                })
                .collect(),
        }
    }
}

/// Read the annual value of a year
#[utoipa::path(get, path = "/annual-value", tag = "annual_value", operation_id = "get_annual_value", params(Asked), responses((status = 200, body = AnnualValueShown)))]
async fn show(api: Api, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let mut invalid = Invalid::default();
    let year = match query.filled("year") {
        None => None,
        Some(_) => query.number("year", 1990..=2199, "Send the calendar year in which the year starts", &mut invalid),
    };
    let flip = match query.filled("flip") {
        None => None,
        Some(_) => query.choice("flip", Aspect::from_code, "Send an aspect of the reading, such as spot", &mut invalid),
    };
    invalid.or(())?;
    let year = year.and_then(|year| i16::try_from(year).ok());
    Ok(plain(&AnnualValueShown::from(api.app().annual_value(&api.actor, year, flip).await?)))
}

/// What the decision says about money committed already.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CeilingOfDecision {
    /// The decision accepts that more is committed already than the new ceiling.
    #[serde(default)]
    accepts_over: bool,
}

/// Set the ceiling that a decision in force gives
#[utoipa::path(post, path = "/decisions/{reference}/set-ceiling", tag = "annual_value", request_body = CeilingOfDecision, responses((status = 200, body = Done)))]
async fn set_ceiling(Path(reference): Path<String>, sent: Sent<CeilingOfDecision>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, SetCeiling { reference, accepts_over: body.accepts_over }).await?))
}

/// The reading to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)] // seven questions of rule 3.4, each with a plain answer
struct NewReading {
    /// Spot purchases count.
    spot: bool,
    /// Money from health and education is left out.
    net: bool,
    /// Education lines count.
    education: bool,
    /// VAT counts.
    vat: bool,
    /// Block voids count.
    block_voids: bool,
    /// Placements moved to the successor count.
    successor: bool,
    /// Which figure the ceiling holds; the present one stays where it is left out.
    holds: Option<code::Holds>,
    /// The year is the financial year.
    financial_year: bool,
    /// Who advised, by post.
    #[schema(max_length = 200, example = "Head of legal services")]
    adviser: String,
}

/// The form that the page has for the same answers.
#[derive(Serialize)]
struct ReadingForm<'a> {
    spot: &'a str,
    net: &'a str,
    education: &'a str,
    vat: &'a str,
    block_voids: &'a str,
    successor: &'a str,
    holds: &'a str,
    year: &'a str,
    adviser: &'a str,
}

/// Record the authority's reading of what counts
#[utoipa::path(post, path = "/annual-value/reading", tag = "annual_value", request_body = NewReading, responses((status = 200, body = Done)))]
async fn record_reading(sent: Sent<NewReading>) -> Answered {
    let Sent { api, body, key } = sent;
    let counts = |yes: bool| if yes { "in" } else { "out" };
    let basis = if body.financial_year { YearBasis::Financial } else { YearBasis::Contract };
    let form = ReadingForm {
        spot: counts(body.spot),
        net: if body.net { "net" } else { "gross" },
        education: counts(body.education),
        vat: counts(body.vat),
        block_voids: counts(body.block_voids),
        successor: counts(body.successor),
        holds: body.holds.map_or("", |holds| holds.0.code()),
        year: basis.words(),
        adviser: &body.adviser,
    };
    let (reading, holds, invalid) = read(&fields(&form)?);
    invalid.or(())?;
    Ok(changed(api.perform(&key, RecordReading { reading, holds }).await?))
}

/// An approved budget.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBudget {
    /// How much for a year.
    #[schema(minimum = 1, example = 520_000_000)]
    approved_pence: i64,
    /// The first day on which it stands.
    from: Date,
    /// Where and when it was approved.
    #[schema(max_length = 200, example = "Full council, 26 February 2021")]
    source: String,
}

/// Record the approved budget, which is not the ceiling
#[utoipa::path(post, path = "/annual-value/budget", tag = "annual_value", operation_id = "record_budget", request_body = NewBudget, responses((status = 200, body = Done)))]
async fn record_budget(sent: Sent<NewBudget>) -> Answered {
    let Sent { api, body, key } = sent;
    let mut invalid = Invalid::default();
    if body.source.chars().count() > 200 {
        invalid.add("source", "Send 200 characters or fewer");
    }
    let command =
        invalid.or(RecordBudget { approved: Pence(body.approved_pence), from: body.from, source: body.source })?;
    Ok(changed(api.perform(&key, command).await?))
}

/// A step of a year's ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Movement)]
struct MovementLine {
    /// Its number in the authority's record.
    sequence: i64,
    /// When it was recorded.
    #[schema(value_type = String)]
    at: DateTime,
    /// The agreement's or the decision's reference; empty for those who see totals only.
    reference: String,
    /// What moved; null where the ceiling did.
    delta_pence: Option<i64>,
    /// What is committed after it.
    committed_pence: i64,
    /// The ceiling after it.
    ceiling_pence: i64,
    /// Why it stands above the ceiling.
    exception: Option<code::ExceptionReason>,
    /// Who excepted it.
    person: String,
}

/// Read the steps of a year's ledger, in the order of the record
#[utoipa::path(get, path = "/annual-value/movements", tag = "annual_value", operation_id = "list_movements", params(OfYear), responses((status = 200, body = Vec<MovementLine>)))]
async fn movements(api: Api, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let mut invalid = Invalid::default();
    let year = match query.filled("year") {
        None => None,
        Some(_) => query.number("year", 1990..=2199, "Send the calendar year in which the year starts", &mut invalid),
    };
    invalid.or(())?;
    let year = year.and_then(|year| i16::try_from(year).ok());
    let found = api.app().annual_value_movements(&api.actor, year).await?;
    let lines = found.rows.into_iter().map(|row| MovementLine {
        sequence: row.sequence,
        at: row.at,
        reference: row.reference,
        delta_pence: row.delta.map(|delta| delta.0),
        committed_pence: row.committed.0,
        ceiling_pence: row.ceiling.0,
        exception: row.exception.map(Into::into),
        person: row.person,
    });
    Ok(plain(&lines.collect::<Vec<_>>()))
}

/// Which year.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct OfYear {
    /// The calendar year in which the year starts; the present one where it is left out.
    #[param(required = false, value_type = Option<i64>, example = 2020)]
    year: String,
}

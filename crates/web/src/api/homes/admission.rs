//! What the regional team keeps: providers and their admission, each home's lots, tendered prices, standing and visits.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::homes::admission::{AdmitHome, LeaveLot};
use placewell_app::homes::home::PriceFact;
use placewell_app::homes::price::RecordPrice;
use placewell_app::homes::standing::{About, AdmitProvider, ProviderPage, RecordInspection, SetStanding};
use placewell_app::{Command, Receipt};
use placewell_domain::homes::price::KNOWN_OPEN;
use placewell_domain::homes::standing::StandingFact;
use placewell_domain::nights::OPEN_END;
use placewell_domain::outcome::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::form::{answers, fields};
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent};
use crate::homes::admission::read;
use crate::server::Web;

mod applying;
mod body;
mod carried;
mod evaluation;
mod evidence;
mod registered;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .merge(applying::routes())
        .merge(carried::routes())
        .merge(evaluation::routes())
        .merge(evidence::routes())
        .merge(registered::routes())
        .routes(routes!(list_providers))
        .routes(routes!(admit_provider))
        .routes(routes!(provider_standing))
        .routes(routes!(admit_home))
        .routes(routes!(leave_lot))
        .routes(routes!(prices))
        .routes(routes!(record_price))
        .routes(routes!(home_standing))
        .routes(routes!(record_visit))
}

/// Does what the regional team asked; the next look at the homes sees it.
async fn keep<C: Command>(api: &Api, key: &str, read: Result<C, Invalid>) -> Result<Receipt, Problem> {
    let receipt = api.perform(key, read?).await?;
    api.app().homes.forget().await;
    Ok(receipt)
}

/// A provider as the regional team keeps it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Provider)]
struct ProviderShown {
    /// Its code.
    #[schema(example = "elm-care-limited")]
    code: String,
    /// Its name.
    name: String,
    /// Its homes on the register.
    homes: usize,
    /// From when it is in the arrangement; null while it is not admitted, also where a measure is about it.
    admitted: Option<Date>,
    /// How it stands today; null while nothing was said of it.
    standing: Option<code::Standing>,
    /// Everything that was said of it and is believed now.
    facts: Vec<StandingShown>,
}

/// How a provider or a home stands on some days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StandingFact)]
struct StandingShown {
    /// Who says so.
    source: code::StandingSource,
    /// How it stands.
    standing: code::Standing,
    /// Why.
    reason: code::StandingReason,
    /// The first day.
    from: Date,
    /// The first day on which it no longer holds, where that is known.
    until: Option<Date>,
}

impl From<&StandingFact> for StandingShown {
    fn from(fact: &StandingFact) -> Self {
        Self {
            source: fact.source.into(),
            standing: fact.standing.into(),
            reason: fact.reason.into(),
            from: fact.from,
            until: (fact.until != OPEN_END).then_some(fact.until),
        }
    }
}

/// List the providers, with how each stands
#[utoipa::path(get, path = "/providers", tag = "admission", operation_id = "list_providers", params(Paging), responses((status = 200, body = Listed<ProviderShown>)))]
async fn list_providers(api: Api, paging: Paging) -> Answered {
    let today = api.now().today();
    let all = api.app().region_providers(&api.actor).await?;
    let page = paging.page(all, |one: &ProviderPage| one.provider.code.clone()).map(|one| ProviderShown {
        code: one.provider.code.clone(),
        name: one.provider.name.clone(),
        homes: one.open_homes(),
        admitted: one.admitted(today).map(|ground| ground.from),
        standing: one.holding(today).map(|fact| fact.standing.into()),
        facts: one.facts.iter().map(Into::into).collect(),
    });
    Ok(plain(&page))
}

/// From when a provider is in the arrangement.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProviderAdmission {
    /// The first day.
    #[schema(example = "2018-12-15")]
    from: Date,
    /// Why it is admitted without an evaluation record here; left out where one holds on that day.
    #[serde(default)]
    exception: Option<code::AdmissionException>,
    /// Where the earlier evaluation or contract is on record; only with an exception.
    #[serde(default)]
    #[schema(max_length = 200)]
    record: Option<String>,
}

/// Admit a provider to the arrangement, on its evaluation record or by the exceptional road
#[utoipa::path(post, path = "/providers/{code}/admit", tag = "admission", request_body = ProviderAdmission, responses((status = 201, body = Done)))]
async fn admit_provider(Path(code): Path<String>, sent: Sent<ProviderAdmission>) -> Answered {
    let command: Result<AdmitProvider, _> = read::admit_provider(&code, &fields(&sent.body)?);
    Ok(made(keep(&sent.api, &sent.key, command).await?))
}

/// How a provider or a home stands from a day on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewStanding)]
struct StandingSet {
    /// Who says so.
    source: code::StandingSource,
    /// How it stands.
    standing: code::Standing,
    /// Why.
    reason: code::StandingReason,
    /// The first day.
    from: Date,
    /// The first day on which it no longer holds, where that is known.
    until: Option<Date>,
    /// Where a judgement or notice can be read; Ofsted's always has one.
    #[serde(default)]
    #[schema(example = "https://reports.ofsted.gov.uk/provider/4/SC400001")]
    link: Option<String>,
    /// Why it is read there, where that is no site of Ofsted's, of government or of a court.
    #[serde(default)]
    elsewhere: Option<code::ReadElsewhere>,
}

/// Change how all homes of a provider stand
#[utoipa::path(post, path = "/providers/{code}/standing", tag = "admission", operation_id = "set_provider_standing", request_body = StandingSet, responses((status = 200, body = Done)))]
async fn provider_standing(Path(code): Path<String>, sent: Sent<StandingSet>) -> Answered {
    let command: Result<SetStanding, _> = read::standing(About::Provider(code), &fields(&sent.body)?);
    Ok(changed(keep(&sent.api, &sent.key, command).await?))
}

/// Change how a home stands, or record Ofsted's notice
#[utoipa::path(post, path = "/homes/{urn}/standing", tag = "admission", operation_id = "set_home_standing", request_body = StandingSet, responses((status = 200, body = Done)))]
async fn home_standing(Path(urn): Path<String>, sent: Sent<StandingSet>) -> Answered {
    let command: Result<SetStanding, _> = read::standing(About::Home(urn), &fields(&sent.body)?);
    Ok(changed(keep(&sent.api, &sent.key, command).await?))
}

/// A home on a lot.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HomeAdmission {
    /// The lot's code.
    #[schema(example = "planned")]
    lot: String,
    /// The first day on the lot.
    from: Date,
}

/// Admit a home to a lot, after its provider
#[utoipa::path(post, path = "/homes/{urn}/admit", tag = "admission", request_body = HomeAdmission, responses((status = 201, body = Done)))]
async fn admit_home(Path(urn): Path<String>, sent: Sent<HomeAdmission>) -> Answered {
    let command: Result<AdmitHome, _> = read::admit(&urn, &fields(&sent.body)?);
    Ok(made(keep(&sent.api, &sent.key, command).await?))
}

/// A home off a lot.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LotLeft {
    /// The lot's code.
    #[schema(example = "planned")]
    lot: String,
    /// The first day off the lot; its first day on the lot takes the admission back.
    until: Date,
    /// Why: withdrawn, or the arrangement ended. What the region removes goes by a measure.
    why: code::AdmissionEnd,
}

/// Take a home off a lot; placements go on
#[utoipa::path(post, path = "/homes/{urn}/leave-lot", tag = "admission", request_body = LotLeft, responses((status = 200, body = Done)))]
async fn leave_lot(Path(urn): Path<String>, sent: Sent<LotLeft>) -> Answered {
    let command: Result<LeaveLot, _> = read::leave(&urn, &fields(&sent.body)?);
    Ok(changed(keep(&sent.api, &sent.key, command).await?))
}

/// A tendered price.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TenderedPrice {
    /// The lot's code.
    #[schema(example = "planned")]
    lot: String,
    /// What it pays for: `core`, or `education` beside it.
    line: code::LineKind,
    /// The price of a week; null says that there is none on these nights.
    #[schema(example = 415_000)]
    weekly_pence: Option<i64>,
    /// The first night at this price.
    from: Date,
    /// The first night at another price, where that is known.
    until: Option<Date>,
}

/// Record a tendered price for nights, or correct one
#[utoipa::path(post, path = "/homes/{urn}/prices", tag = "admission", operation_id = "record_price", request_body = TenderedPrice, responses((status = 201, body = Done)))]
async fn record_price(Path(urn): Path<String>, sent: Sent<TenderedPrice>) -> Answered {
    let command: Result<RecordPrice, _> = read::price(&urn, &fields(&sent.body)?);
    Ok(made(keep(&sent.api, &sent.key, command).await?))
}

/// A tendered price as recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordedPrice)]
struct PriceShown {
    /// The lot's code.
    lot: String,
    /// What it pays for, such as `core`.
    line: String,
    /// The price of a week.
    weekly_pence: i64,
    /// The first night.
    from: Date,
    /// The first night at another price, where that is known.
    until: Option<Date>,
    /// It is what is known now; else it was believed once and has been corrected.
    known_now: bool,
}

impl From<&PriceFact> for PriceShown {
    fn from(fact: &PriceFact) -> Self {
        Self {
            lot: fact.lot.clone(),
            line: fact.line.clone(),
            weekly_pence: fact.price.value.0,
            from: fact.price.from,
            until: (fact.price.to != OPEN_END).then_some(fact.price.to),
            known_now: fact.price.known_to == KNOWN_OPEN,
        }
    }
}

/// All that was ever said of a home's tendered prices.
#[derive(Debug, Serialize, ToSchema)]
struct TenderedPrices {
    /// In the order of recording.
    prices: Vec<PriceShown>,
}

/// Read all that was ever said of a home's tendered prices
#[utoipa::path(get, path = "/homes/{urn}/prices", tag = "admission", operation_id = "get_prices", responses((status = 200, body = TenderedPrices)))]
async fn prices(api: Api, Path(urn): Path<String>) -> Answered {
    let found = api.app().region_home(&api.actor, &urn).await?;
    Ok(plain(&TenderedPrices { prices: found.page.prices.iter().map(Into::into).collect() }))
}

/// A visit of Ofsted's.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewVisit {
    /// What kind.
    kind: code::InspectionKind,
    /// Its first day.
    inspected_on: Date,
    /// The day of the report, where it is out.
    published_on: Option<Date>,
    /// The judgement of a full inspection.
    grade: Option<code::Grade>,
    /// Serious or widespread concerns were found.
    serious_concerns: bool,
    /// The report's address on Ofsted's site, or the home's while the report is not out.
    #[schema(example = "https://reports.ofsted.gov.uk/provider/4/SC400001")]
    link: String,
}

/// Record a visit of Ofsted's by hand
#[utoipa::path(post, path = "/homes/{urn}/visits", tag = "home", operation_id = "record_visit", request_body = NewVisit, responses((status = 201, body = Done)))]
async fn record_visit(Path(urn): Path<String>, sent: Sent<NewVisit>) -> Answered {
    let command: Result<RecordInspection, _> = read::visit(&urn, &answers(&sent.body)?);
    Ok(made(keep(&sent.api, &sent.key, command).await?))
}

//! Price schedules in two times, and rises in price: asked for, decided, appealed, answered.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::homes::price::schedule::HomeSchedule;
use placewell_app::homes::price::uplift::{
    AddUpliftEvidence, AppealUplift, AskUplift, DecideUplift, RevokeUplift, UpliftPage, WithdrawUplift,
};
use placewell_domain::homes::price::formula::Percent;
use placewell_domain::homes::price::uplift::{CostLine, Ruling, Uplift};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::office::document::{DocumentForm, PaperLine, content, document, line};
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent, SentFile};
use crate::api::value::{Id, IfMatch, Nothing};
use crate::homes::price::read;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(get_schedule))
        .routes(routes!(get_price_known))
        .routes(routes!(list_uplifts))
        .routes(routes!(ask_uplift))
        .routes(routes!(get_uplift))
        .routes(routes!(add_uplift_evidence))
        .routes(routes!(read_uplift_evidence))
        .routes(routes!(withdraw_uplift))
        .routes(routes!(appeal_uplift))
        .routes(routes!(decide_uplift))
        .routes(routes!(revoke_uplift))
}

/// A price that holds or will hold.
#[derive(Debug, Serialize, ToSchema)]
struct ScheduledPrice {
    /// The lot.
    lot: String,
    /// `core`, `education`, or a part of the core price.
    line: String,
    /// Pence a week.
    weekly_pence: i64,
    /// The first night.
    from: Date,
    /// The day after the last night; null where no end is known.
    until: Option<Date>,
}

/// A price as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceEntryRecorded)]
struct RecordedPrice {
    /// The lot.
    lot: String,
    /// The line.
    line: String,
    /// Pence a week; null where the price was taken away.
    weekly_pence: Option<i64>,
    /// The first night.
    from: Date,
    /// On which day it was recorded.
    recorded_on: Date,
    /// By what.
    source: code::ScheduleSource,
    /// What is included.
    includes: String,
}

/// A home's price schedule with its history.
#[derive(Debug, Serialize, ToSchema)]
struct PriceSchedule {
    /// Prices that hold or will hold.
    current: Vec<ScheduledPrice>,
    /// What was ever recorded, the latest first.
    recorded: Vec<RecordedPrice>,
}

fn schedule(of: HomeSchedule) -> PriceSchedule {
    let current = of.current.into_iter().map(|fact| ScheduledPrice {
        lot: fact.lot,
        line: fact.line,
        weekly_pence: fact.price.value.0,
        from: fact.price.from,
        until: (fact.price.to != OPEN_END).then_some(fact.price.to),
    });
    let recorded = of.entries.into_iter().map(|one| RecordedPrice {
        lot: one.lot,
        line: one.line,
        weekly_pence: one.weekly.map(|weekly| weekly.0),
        from: one.from,
        recorded_on: one.on,
        source: one.by.source.into(),
        includes: one.by.includes,
    });
    PriceSchedule { current: current.collect(), recorded: recorded.collect() }
}

/// Read a home's price schedule with its history
#[utoipa::path(get, path = "/homes/{urn}/price-schedule", tag = "price", responses((status = 200, body = PriceSchedule)))]
async fn get_schedule(api: Api, Path(urn): Path<String>) -> Answered {
    Ok(plain(&schedule(api.app().price_schedule(&api.actor, &urn).await?)))
}

/// The night, and as it was known when.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read from the address; described here
struct NightAsked {
    /// The night.
    #[param(value_type = String, format = Date, example = "2021-08-20")]
    on: String,
    /// As it was known at the end of this day; as it is known now where left out.
    #[param(value_type = Option<String>, format = Date, required = false)]
    known: Option<String>,
}

/// A price of the night.
#[derive(Debug, Serialize, ToSchema)]
struct NightPrice {
    /// The lot.
    lot: String,
    /// The line.
    line: String,
    /// Pence a week.
    weekly_pence: i64,
}

/// Ask what a night's prices were, as they are or were known
#[utoipa::path(get, path = "/homes/{urn}/price-schedule/known", tag = "price", params(NightAsked), responses((status = 200, body = Vec<NightPrice>)))]
async fn get_price_known(api: Api, Path(urn): Path<String>, uri: axum::http::Uri) -> Answered {
    let query = crate::fields::Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let asked = read::night(&query)?.ok_or_else(|| Problem::field("on", "Send the night that you ask about"))?;
    let prices = api.app().price_known(&api.actor, &urn, asked).await?.into_iter();
    let prices = prices.map(|(lot, line, weekly)| NightPrice { lot, line, weekly_pence: weekly.0 });
    Ok(plain(&prices.collect::<Vec<_>>()))
}

/// A line of costs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CostOfWeek {
    /// What for.
    kind: code::CostKind,
    /// Pence a week when the present price was set.
    was_pence: i64,
    /// Pence a week from then on.
    now_pence: i64,
}

/// A granted rise.
#[derive(Debug, Serialize, ToSchema)]
struct GrantedRise {
    /// 1 by the decision, 2 by the appeal.
    number: u8,
    /// Pence a week before.
    was_pence: i64,
    /// Pence a week from then on.
    now_pence: i64,
    /// From which night.
    from: Date,
}

/// A request for a rise in price.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Uplift)]
struct UpliftShown {
    /// Its id.
    id: Id,
    /// Its version.
    version: i64,
    /// Its reference.
    reference: String,
    /// The home's number.
    home: String,
    /// The lot.
    lot: String,
    /// Core or education.
    line: code::LineKind,
    /// On what it rests.
    basis: code::UpliftBasis,
    /// `asked`, `withdrawn`, `decided`, `appealed`, `answered` or `revoked`.
    state: &'static str,
    /// Pence a week before.
    was_pence: i64,
    /// Pence a week asked for.
    asked_pence: i64,
    /// From which night.
    from: Date,
    /// When it was asked for.
    #[schema(value_type = String, example = "2021-09-13T10:20:00")]
    at: DateTime,
    /// By when somebody acts.
    due: Option<Date>,
    /// What was granted and stands.
    grants: Vec<GrantedRise>,
    /// Why what was granted was taken back; null where it was not.
    revoked: Option<String>,
}

impl From<&Uplift> for UpliftShown {
    fn from(of: &Uplift) -> Self {
        let grant = |one: placewell_domain::homes::price::uplift::Grant| GrantedRise {
            number: one.number,
            was_pence: one.was.0,
            now_pence: one.now.0,
            from: one.from,
        };
        Self {
            id: Id(of.id.0),
            version: of.version,
            reference: of.reference.clone(),
            home: of.urn.clone(),
            lot: of.lot.clone(),
            line: of.line.into(),
            basis: of.basis.into(),
            state: of.state.name(),
            was_pence: of.was.0,
            asked_pence: of.asked.0,
            from: of.from,
            at: of.at,
            due: of.due(),
            grants: of.grants().into_iter().map(grant).collect(),
            revoked: of.revoked().map(|one| one.reasons.clone()),
        }
    }
}

/// List the own requests for a rise, or all of the region
#[utoipa::path(get, path = "/uplifts", tag = "price", params(Paging), responses((status = 200, body = Listed<UpliftShown>)))]
async fn list_uplifts(api: Api, paging: Paging) -> Answered {
    let all: Vec<Uplift> = api.app().uplifts(&api.actor).await?.into_iter().map(|(one, _)| one).collect();
    Ok(plain(&paging.page(all, |one: &Uplift| format!("{:020}", one.id.0)).map(|one| UpliftShown::from(&one))))
}

/// A rise to ask for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUplift {
    /// The home's number.
    #[schema(example = "SC400001")]
    home: String,
    /// The lot.
    lot: String,
    /// Core or education.
    line: code::LineKind,
    /// On what it rests.
    basis: code::UpliftBasis,
    /// By formula: the percentage, like 1.5.
    percent: Option<String>,
    /// Open book: pence a week asked for.
    weekly_pence: Option<i64>,
    /// From which night.
    from: Date,
    /// Why.
    #[serde(default)]
    words: String,
    /// Open book: the costs.
    #[serde(default)]
    costs: Vec<CostOfWeek>,
}

/// Ask for a rise in price
#[utoipa::path(post, path = "/uplifts", tag = "price", request_body = NewUplift, responses((status = 201, body = Done)))]
async fn ask_uplift(sent: Sent<NewUplift>) -> Answered {
    let Sent { api, body, key } = sent;
    let percent = match body.percent.as_deref() {
        None => None,
        Some(text) => match Percent::read(text) {
            Some(percent) => Some(percent),
            None => return Err(Problem::field("percent", "Send a percentage from 0.01 to 100, like 1.5")),
        },
    };
    let negative = |pence: i64| !(0..=100_000_000).contains(&pence);
    if body.costs.iter().any(|one| negative(one.was_pence) || negative(one.now_pence)) {
        return Err(Problem::field("costs", "Send amounts of a week from 0 to 100000000 pence"));
    }
    if body.weekly_pence.is_some_and(negative) {
        return Err(Problem::field("weekly_pence", "Send an amount of a week from 0 to 100000000 pence"));
    }
    let costs = body.costs.iter();
    let cost = |one: &CostOfWeek| CostLine { kind: one.kind.0, was: Pence(one.was_pence), now: Pence(one.now_pence) };
    let command = AskUplift {
        urn: body.home,
        lot: body.lot,
        line: body.line.0,
        basis: body.basis.0,
        percent,
        weekly: body.weekly_pence.map(Pence),
        from: body.from,
        words: body.words,
        costs: costs.map(cost).collect(),
    };
    Ok(made(api.perform(&key, command).await?))
}

/// What an authority told of itself.
#[derive(Debug, Serialize, ToSchema)]
struct UpliftTold {
    /// The authority's name.
    authority: String,
    /// Its agreements that are touched.
    agreements: u32,
    /// Of them to confirm.
    waiting: u32,
    /// Pence in a year.
    pence_a_year: i64,
}

/// A request with what stands behind it.
#[derive(Debug, Serialize, ToSchema)]
struct UpliftRead {
    /// The request.
    uplift: UpliftShown,
    /// Why, in the provider's words.
    words: String,
    /// The costs.
    costs: Vec<CostOfWeek>,
    /// The words of the appeal.
    appeal: Option<String>,
    /// Documents of evidence.
    documents: Vec<PaperLine>,
    /// What each authority told; for the regional team.
    effects: Vec<UpliftTold>,
}

fn read_whole(found: UpliftPage) -> UpliftRead {
    let cost = |one: &CostLine| CostOfWeek { kind: one.kind.into(), was_pence: one.was.0, now_pence: one.now.0 };
    UpliftRead {
        uplift: (&found.uplift).into(),
        costs: found.book.costs.iter().map(cost).collect(),
        words: found.book.words,
        appeal: found.appeal.map(|book| book.words),
        documents: found.documents.into_iter().map(line).collect(),
        effects: found
            .effects
            .into_iter()
            .map(|(authority, one)| UpliftTold {
                authority,
                agreements: one.agreements,
                waiting: one.waiting,
                pence_a_year: one.a_year.0,
            })
            .collect(),
    }
}

/// Read a request for a rise
#[utoipa::path(get, path = "/uplifts/{id}", tag = "price", responses((status = 200, body = UpliftRead)))]
async fn get_uplift(api: Api, Path(id): Path<i64>) -> Answered {
    let found = api.app().uplift_page(&api.actor, id).await?;
    Ok(versioned(found.uplift.version, &read_whole(found)))
}

/// Add a document of evidence
#[utoipa::path(post, path = "/uplifts/{id}/documents", tag = "price", request_body(content = DocumentForm, content_type = "multipart/form-data"), responses((status = 201, body = Done)))]
async fn add_uplift_evidence(Path(id): Path<i64>, sent: SentFile) -> Answered {
    let SentFile { api, file, key } = sent;
    let brought = document(file)?;
    Ok(made(api.perform(&key, AddUpliftEvidence { uplift: id, brought }).await?))
}

/// Read a document of evidence
///
/// Every reading is recorded.
#[utoipa::path(get, path = "/uplifts/{id}/documents/{document}", tag = "price", responses((status = 200, body = String, content_type = "*/*")))]
async fn read_uplift_evidence(api: Api, Path((id, document)): Path<(i64, i64)>) -> Answered {
    let (entry, bytes) = api.app().uplift_document(&api.actor, id, document).await?;
    Ok(content((entry, bytes)))
}

/// Take a request back
#[utoipa::path(post, path = "/uplifts/{id}/withdraw", tag = "price", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn withdraw_uplift(Path(id): Path<i64>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    Ok(changed(sent.api.perform(&sent.key, WithdrawUplift { uplift: id, version }).await?))
}

/// Why a decision is appealed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Appealing {
    /// Why.
    words: String,
}

/// Appeal within 14 days
#[utoipa::path(post, path = "/uplifts/{id}/appeal", tag = "price", params(IfMatch), request_body = Appealing, responses((status = 200, body = Done)))]
async fn appeal_uplift(Path(id): Path<i64>, sent: Sent<Appealing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, AppealUplift { uplift: id, version, words: body.words }).await?))
}

/// What is decided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpliftRuling {
    /// The outcome.
    outcome: code::UpliftOutcome,
    /// Granted in part: pence a week.
    weekly_pence: Option<i64>,
    /// From another night than asked for.
    from: Option<Date>,
    /// Why; needed where less is granted than was asked for.
    #[serde(default)]
    reasons: String,
}

/// Decide a request, or answer its appeal
#[utoipa::path(post, path = "/uplifts/{id}/decide", tag = "price", params(IfMatch), request_body = UpliftRuling, responses((status = 200, body = Done)))]
async fn decide_uplift(Path(id): Path<i64>, sent: Sent<UpliftRuling>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let ruling = Ruling {
        outcome: body.outcome.0,
        weekly: body.weekly_pence.map(Pence),
        from: body.from,
        reasons: body.reasons,
    };
    Ok(changed(api.perform(&key, DecideUplift { uplift: id, version, ruling }).await?))
}

/// Why what was granted is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpliftRevoking {
    /// Why; the provider reads it.
    reasons: String,
}

/// Take back what was granted in error
///
/// The schedule gets back the price from before where it still has the granted one, and no authority is asked to confirm it any
/// more. An agreement whose authority has confirmed it keeps that price until the authority changes it.
#[utoipa::path(post, path = "/uplifts/{id}/revoke", tag = "price", params(IfMatch), request_body = UpliftRevoking, responses((status = 200, body = Done)))]
async fn revoke_uplift(Path(id): Path<i64>, sent: Sent<UpliftRevoking>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, RevokeUplift { uplift: id, version, reasons: body.reasons }).await?))
}

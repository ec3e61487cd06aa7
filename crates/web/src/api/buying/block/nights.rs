//! The nights of mini-blocks: a month bed by bed, who pays, nominations and their answers, causes, re-sales, settling, and
//! recharge statements.

mod filling;

use axum::extract::Path;
use axum::http::Uri;
use filling::Filling;
use jiff::civil::{Date, DateTime};
use placewell_app::buying::block::nights::{
    AcceptNomination, AgreeMonth, ConcedeRefusal, DisputeMonth, NightsPage, NominateChild, OfferNights, PassVoid,
    RechargeLine, RecordVoid, RefuseNomination, TakeVoid, WithdrawNights, WithdrawNomination,
};
use placewell_domain::buying::block::nights::NightRow;
use placewell_domain::buying::block::nomination::answer_by;
use placewell_domain::money::Pence;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::fields::Fields;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(nights))
        .routes(routes!(recharge))
        .routes(routes!(to_answer))
        .routes(routes!(nominate))
        .routes(routes!(accept))
        .routes(routes!(refuse))
        .routes(routes!(withdraw))
        .routes(routes!(concede))
        .routes(routes!(record_void))
        .routes(routes!(take_void))
        .routes(routes!(pass_void))
        .routes(routes!(offer_nights))
        .routes(routes!(withdraw_nights))
        .routes(routes!(agree))
        .routes(routes!(dispute))
}

/// Which month.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
pub(super) struct AskedMonth {
    /// The month; the present one where it is left out.
    #[param(required = false, value_type = Option<String>, pattern = "^[0-9]{4}-[0-9]{2}$", example = "2021-08")]
    month: String,
}

pub(super) fn named(uri: &Uri) -> Result<String, Problem> {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let text = query.get("month").to_owned();
    let whole = text.is_empty() || (text.len() == 7 && format!("{text}-01").parse::<Date>().is_ok());
    if whole { Ok(text) } else { Err(Problem::field("month", "Send a month such as 2021-08")) }
}

/// One bed on one night.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockNight)]
struct NightBody {
    /// The evening.
    night: Date,
    /// Which bed of the contract.
    bed: u8,
    /// `used`, `nominated`, `resold`, or the cause of an empty night.
    state: &'static str,
    /// Whether it stood empty within the guarantee.
    guaranteed: bool,
    /// What is due to the provider.
    due_pence: i64,
    /// What is credited.
    credited_pence: i64,
    /// Who pays what; an income is below zero.
    parts: Vec<Part>,
}

/// What one organisation pays.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockNightPart)]
struct Part {
    /// Its code.
    authority: String,
    /// What it pays.
    pence: i64,
}

/// A nomination.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockNomination)]
struct NominationBody {
    /// Its id.
    id: String,
    /// Its version, for `If-Match`.
    version: i64,
    /// Which bed.
    bed: u8,
    /// Who nominated.
    authority: String,
    /// The referral, where it is your own or you are its provider.
    referral: Option<String>,
    /// When.
    #[schema(value_type = String)]
    made: DateTime,
    /// By when the provider's answer is due.
    #[schema(value_type = String)]
    answer_by: DateTime,
    /// How it stands.
    state: &'static str,
}

/// Nights offered to another authority.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockResale)]
struct ResaleBody {
    /// Its id.
    id: String,
    /// Its version, for `If-Match`.
    version: i64,
    /// Which bed.
    bed: u8,
    /// The buyer.
    buyer: String,
    /// The first night.
    from: Date,
    /// The day after the last.
    to: Date,
    /// A night's price.
    night_pence: i64,
    /// How it stands.
    state: &'static str,
}

/// A month of a mini-block.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockMonth)]
struct MonthBody {
    /// The contract.
    block: String,
    /// Its first day.
    month: Date,
    /// The nights, bed by bed.
    nights: Vec<NightBody>,
    /// What is due to the provider for them.
    due_pence: i64,
    /// What is due for corrections of earlier months.
    adjusted_pence: i64,
    /// The digest of the figures, which agreeing them carries.
    digest: String,
    /// How the month is being settled; none where nobody has said anything.
    settling: Option<&'static str>,
    /// The version of the settling, for `If-Match`; 0 where nobody has said anything.
    version: i64,
    /// Nominations, the latest first.
    nominations: Vec<NominationBody>,
    /// Nights offered to others.
    resales: Vec<ResaleBody>,
    /// From which use, in thousandths of bed-nights, the block costs no more than the arrangement; none for a provider,
    /// or where it is not known.
    breaks_even_at: Option<String>,
    /// How the beds are filled.
    filling: Filling,
}

fn night(found: &NightsPage, row: &NightRow) -> NightBody {
    let code = |id| found.names.get(&id).map_or_else(String::new, |(code, _): &(String, String)| code.clone());
    NightBody {
        night: row.night,
        bed: row.slot,
        state: row.what.code(),
        guaranteed: row.guaranteed,
        due_pence: row.due.0,
        credited_pence: row.credited.0,
        parts: row.parts.iter().map(|(whose, part)| Part { authority: code(*whose), pence: part.0 }).collect(),
    }
}

/// Read a month of a mini-block, night by night
#[utoipa::path(get, path = "/mini-blocks/{reference}/nights", tag = "block", operation_id = "get_mini_block_nights", params(AskedMonth), responses((status = 200, body = MonthBody)))]
async fn nights(api: Api, Path(reference): Path<String>, uri: Uri) -> Answered {
    let found = api.app().block_nights(&api.actor, &reference, &named(&uri)?).await?;
    let nominations = found.nominations.iter().map(|one| NominationBody {
        id: one.id.to_string(),
        version: one.version,
        bed: one.slot,
        authority: one.authority.clone(),
        referral: one.known.as_ref().map(|known| known.reference.clone()),
        made: one.made,
        answer_by: answer_by(&found.block.spec, one.made),
        state: one.state,
    });
    let resales = found.resales.iter().map(|one| ResaleBody {
        id: one.resale.id.to_string(),
        version: one.resale.version,
        bed: one.resale.slot,
        buyer: one.buyer.clone(),
        from: one.resale.nights.from(),
        to: one.resale.nights.to(),
        night_pence: one.resale.night.0,
        state: one.resale.state.name(),
    });
    let even = found.break_even.as_ref().and_then(|even| even.fca.even);
    Ok(plain(&MonthBody {
        block: found.block.reference.clone(),
        month: found.month,
        nights: found.rows.iter().map(|row| night(&found, row)).collect(),
        due_pence: found.figures.due.0,
        adjusted_pence: found.figures.adjusted.0,
        digest: found.figures.digest.clone(),
        settling: found.settling.as_ref().map(|one| one.state.name()),
        version: found.settling.as_ref().map_or(0, |one| one.version),
        nominations: nominations.collect(),
        resales: resales.collect(),
        breaks_even_at: even.map(placewell_insight::buying::block::EvenAt::words),
        filling: Filling::from(&found),
    }))
}

/// A line of a statement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RechargeLine)]
struct LineBody {
    /// What it is.
    what: String,
    /// How many nights.
    nights: i64,
    /// The authority's part of one; none for a correction.
    night_pence: Option<i64>,
    /// What they come to.
    pence: i64,
}

impl From<&RechargeLine> for LineBody {
    fn from(line: &RechargeLine) -> Self {
        let night_pence = line.night.map(|night| night.0);
        Self { what: line.what.clone(), nights: line.nights, night_pence, pence: line.pence.0 }
    }
}

/// A recharge statement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recharge)]
struct RechargeBody {
    /// The contract.
    block: String,
    /// The authority's code.
    authority: String,
    /// The month's first day.
    month: Date,
    /// When it was settled; none while it may change.
    settled: Option<Date>,
    /// The month's nights.
    lines: Vec<LineBody>,
    /// Corrections of earlier months.
    adjustments: Vec<LineBody>,
    /// What is to pay.
    total_pence: i64,
}

/// Read what an authority pays for a mini-block in a month
#[utoipa::path(get, path = "/mini-blocks/{reference}/recharge/{authority}", tag = "block", operation_id = "get_mini_block_recharge", params(AskedMonth), responses((status = 200, body = RechargeBody)))]
async fn recharge(api: Api, Path((reference, authority)): Path<(String, String)>, uri: Uri) -> Answered {
    let found = api.app().recharge(&api.actor, &reference, &authority, &named(&uri)?).await?;
    Ok(plain(&RechargeBody {
        total_pence: found.total().0,
        lines: found.lines.iter().map(LineBody::from).collect(),
        adjustments: found.adjustments.iter().map(LineBody::from).collect(),
        block: found.block,
        authority: found.code,
        month: found.month,
        settled: found.settled,
    }))
}

/// List the nominations that wait for your answer
#[utoipa::path(get, path = "/nominations-to-answer", tag = "block", operation_id = "list_nominations_to_answer", responses((status = 200, body = Vec<NominationBody>)))]
async fn to_answer(api: Api) -> Answered {
    let found = api.app().nominations_to_answer(&api.actor).await?;
    let lines: Vec<NominationBody> = found
        .into_iter()
        .map(|one| NominationBody {
            id: one.nomination.id.to_string(),
            version: one.nomination.version,
            bed: one.nomination.slot,
            authority: one.authority,
            referral: Some(one.nomination.reference.to_string()),
            made: one.nomination.made,
            answer_by: one.answer_by,
            state: one.nomination.state.name(),
        })
        .collect();
    Ok(plain(&lines))
}

/// A child for a bed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockNominate)]
struct NominateBody {
    /// Which bed of the contract, from 1.
    bed: u8,
    /// The referral.
    #[schema(example = "HEF-R-0042")]
    referral: String,
}

/// Nominate a child for an empty bed of a mini-block
#[utoipa::path(post, path = "/mini-blocks/{reference}/nominate", tag = "block", operation_id = "nominate_to_mini_block", request_body = NominateBody, responses((status = 201, body = Done)))]
async fn nominate(Path(reference): Path<String>, sent: Sent<NominateBody>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = NominateChild { block: reference, slot: body.bed, referral: body.referral };
    Ok(made(api.perform(&key, command).await?))
}

fn number(id: &str) -> Result<i64, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

/// Accept a nomination
#[utoipa::path(post, path = "/nominations/{id}/accept", tag = "block", operation_id = "accept_nomination", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn accept(Path(id): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let command = AcceptNomination { id: number(&id)?, version };
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// Why a nomination is refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockRefuse)]
struct RefuseBody {
    /// Why.
    reason: code::NominationRefusal,
}

/// Refuse a nomination
#[utoipa::path(post, path = "/nominations/{id}/refuse", tag = "block", operation_id = "refuse_nomination", params(IfMatch), request_body = RefuseBody, responses((status = 200, body = Done)))]
async fn refuse(Path(id): Path<String>, sent: Sent<RefuseBody>) -> Answered {
    let version = sent.version()?;
    let command = RefuseNomination { id: number(&id)?, version, reason: sent.body.reason.0 };
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// Why a nomination is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockTakeBack)]
struct WithdrawBody {
    /// Why.
    reason: code::NominationWithdrawal,
}

/// Take a nomination back
#[utoipa::path(post, path = "/nominations/{id}/withdraw", tag = "block", operation_id = "withdraw_nomination", params(IfMatch), request_body = WithdrawBody, responses((status = 200, body = Done)))]
async fn withdraw(Path(id): Path<String>, sent: Sent<WithdrawBody>) -> Answered {
    let version = sent.version()?;
    let command = WithdrawNomination { id: number(&id)?, version, reason: sent.body.reason.0 };
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// Concede that a refused nomination was not suitable
#[utoipa::path(post, path = "/nominations/{id}/concede", tag = "block", operation_id = "concede_nomination", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn concede(Path(id): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let command = ConcedeRefusal { id: number(&id)?, version };
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// Why beds stood empty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockVoid)]
struct VoidBody {
    /// Which bed; all of them where it is left out.
    bed: Option<u8>,
    /// The first night.
    from: Date,
    /// The day after the last.
    to: Date,
    /// Why.
    cause: code::VoidCause,
    /// The code of the authority at whose request a bed is kept empty for a resident.
    request: Option<String>,
}

/// Record why beds of a mini-block stood empty
#[utoipa::path(post, path = "/mini-blocks/{reference}/voids", tag = "block", operation_id = "record_block_void", request_body = VoidBody, responses((status = 201, body = Done)))]
async fn record_void(Path(reference): Path<String>, sent: Sent<VoidBody>) -> Answered {
    let Sent { api, body, key } = sent;
    let VoidBody { bed: slot, from, to, cause, request } = body;
    let command = RecordVoid { block: reference, slot, from, to, cause: cause.0, request };
    Ok(made(api.perform(&key, command).await?))
}

/// Take an empty bed that is offered to your authority, for a child whom you nominate
#[utoipa::path(post, path = "/void-offers/{id}/take", tag = "block", operation_id = "take_block_void", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn take_void(Path(id): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    Ok(changed(sent.api.perform(&sent.key, TakeVoid { id: number(&id)?, version }).await?))
}

/// Pass an empty bed on to the next authority, or give one back
#[utoipa::path(post, path = "/void-offers/{id}/pass", tag = "block", operation_id = "pass_block_void", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn pass_void(Path(id): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    Ok(changed(sent.api.perform(&sent.key, PassVoid { id: number(&id)?, version }).await?))
}

/// Nights for another authority.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockOfferNights)]
struct OfferBody {
    /// Which bed.
    bed: u8,
    /// The first night.
    from: Date,
    /// The day after the last.
    to: Date,
    /// The buyer's code.
    buyer: String,
    /// A night's price.
    night_pence: i64,
}

/// Offer empty nights of a mini-block to another authority
#[utoipa::path(post, path = "/mini-blocks/{reference}/resales", tag = "block", operation_id = "offer_block_nights", request_body = OfferBody, responses((status = 201, body = Done)))]
async fn offer_nights(Path(reference): Path<String>, sent: Sent<OfferBody>) -> Answered {
    let Sent { api, body, key } = sent;
    let OfferBody { bed: slot, from, to, buyer, night_pence } = body;
    let night = Pence(night_pence.max(0));
    let receipt = api.perform(&key, OfferNights { block: reference, slot, from, to, buyer, night }).await?;
    api.app().homes.forget().await;
    Ok(made(receipt))
}

/// Take an offer of nights back
#[utoipa::path(post, path = "/block-resales/{id}/withdraw", tag = "block", operation_id = "withdraw_block_nights", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn withdraw_nights(Path(id): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let receipt = sent.api.perform(&sent.key, WithdrawNights { id: number(&id)?, version }).await?;
    sent.api.app().homes.forget().await;
    Ok(changed(receipt))
}

/// Figures that were shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockAgreeMonth)]
struct AgreeBody {
    /// The month's first day.
    month: Date,
    /// The digest of the figures as they were read.
    digest: String,
}

/// Agree a month of a mini-block
#[utoipa::path(post, path = "/mini-blocks/{reference}/agree-month", tag = "block", operation_id = "agree_block_month", params(IfMatch), request_body = AgreeBody, responses((status = 200, body = Done)))]
async fn agree(Path(reference): Path<String>, sent: Sent<AgreeBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = AgreeMonth { block: reference, month: body.month, version, digest: body.digest };
    Ok(changed(api.perform(&key, command).await?))
}

/// What is wrong with a month.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockDisputeMonth)]
struct DisputeBody {
    /// The month's first day.
    month: Date,
    /// What is wrong.
    reason: code::MonthDispute,
}

/// Dispute a month of a mini-block
#[utoipa::path(post, path = "/mini-blocks/{reference}/dispute-month", tag = "block", operation_id = "dispute_block_month", params(IfMatch), request_body = DisputeBody, responses((status = 200, body = Done)))]
async fn dispute(Path(reference): Path<String>, sent: Sent<DisputeBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = DisputeMonth { block: reference, month: body.month, version, reason: body.reason.0 };
    Ok(changed(api.perform(&key, command).await?))
}

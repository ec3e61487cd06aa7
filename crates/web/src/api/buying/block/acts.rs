//! What is done about a mini-block: by the lead, and by an authority for itself.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::buying::block::{
    AskNeed, DecideBlock, DropChange, Evaluate, ProposeBlock, ProposeChange, RecordOpinion, ReleaseCompetition,
    ReviseBlock, SignForAuthorities, WithdrawBlock, WriteCase,
};
use placewell_app::naming::Confirmed;
use placewell_domain::buying::block::{BlockChange, Criterion, Marks};
use placewell_domain::id::BlockBidId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{ProposalBody, ShareBody, SignatureBody, shares_of};
use crate::api::body::percent;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made};
use crate::api::request::Sent;
use crate::api::value::{IfMatch, Nothing};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(propose))
        .routes(routes!(revise))
        .routes(routes!(ask_need))
        .routes(routes!(write_case))
        .routes(routes!(release))
        .routes(routes!(evaluate))
        .routes(routes!(decide))
        .routes(routes!(record_opinion))
        .routes(routes!(propose_change))
        .routes(routes!(drop_change))
        .routes(routes!(withdraw))
        .routes(routes!(sign))
}

/// Propose a mini-block
#[utoipa::path(post, path = "/mini-blocks", tag = "block", operation_id = "propose_mini_block", request_body = ProposalBody, responses((status = 201, body = Done)))]
async fn propose(sent: Sent<ProposalBody>) -> Answered {
    let Sent { api, body, key } = sent;
    let choices = api.app().block_choices(&api.actor).await?;
    let confirmed = body.confirmed.clone();
    let command = ProposeBlock { proposal: body.proposal(&choices)? };
    Ok(made(api.perform(&key, Confirmed { command, confirmed }).await?))
}

/// Propose it otherwise, before homes are asked
#[utoipa::path(post, path = "/mini-blocks/{reference}/revise", tag = "block", operation_id = "revise_mini_block", params(IfMatch), request_body = ProposalBody, responses((status = 200, body = Done)))]
async fn revise(Path(reference): Path<String>, sent: Sent<ProposalBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let choices = api.app().block_choices(&api.actor).await?;
    let confirmed = body.confirmed.clone();
    let command = ReviseBlock { reference, version, proposal: body.proposal(&choices)? };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed }).await?))
}

/// Count again what each authority's record shows of the need
#[utoipa::path(post, path = "/mini-blocks/{reference}/need", tag = "block", operation_id = "count_mini_block_need", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn ask_need(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, AskNeed { reference, version }).await?))
}

/// A business case: all of it is published with the award.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockCase)]
struct CaseBody {
    /// Why the beds are bought. Nothing about a child.
    #[schema(max_length = 4000)]
    reasons: String,
    /// What else was considered, and why it was not chosen.
    #[schema(max_length = 4000)]
    alternatives: String,
    /// Conflicts of interest, or None.
    #[schema(max_length = 4000)]
    conflicts: String,
    /// Findings that you confirm, each as the refusal names it after the act: `reasons:home:Oak House`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Write the business case; `If-Match` is the version of the file
#[utoipa::path(post, path = "/mini-blocks/{reference}/case", tag = "block", operation_id = "write_business_case", params(IfMatch), request_body = CaseBody, responses((status = 200, body = Done)))]
async fn write_case(Path(reference): Path<String>, sent: Sent<CaseBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let CaseBody { reasons, alternatives, conflicts, confirmed } = body;
    let command = WriteCase { reference, version, reasons, alternatives, conflicts };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed }).await?))
}

/// Something that bids are scored by.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockCriterion)]
struct CriterionBody {
    /// Its words.
    title: String,
    /// Its weight in percent.
    #[serde(deserialize_with = "percent")]
    weight: u8,
}

/// A mini-competition.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockCompetition)]
struct CompetitionBody {
    /// What quality is scored by.
    quality: Vec<CriterionBody>,
    /// The weight of the price in percent; with quality it sums to 100.
    #[serde(deserialize_with = "percent")]
    price_weight: u8,
    /// The occupancy at which prices are compared, in percent.
    #[serde(deserialize_with = "percent")]
    occupancy: u8,
    /// Until when bids come in, on the clock in London.
    #[schema(value_type = String, example = "2021-09-24T12:00:00")]
    deadline: DateTime,
}

/// Ask homes to bid: the scoring is fixed, and prices are sealed until the deadline
#[utoipa::path(post, path = "/mini-blocks/{reference}/compete", tag = "block", operation_id = "release_mini_competition", params(IfMatch), request_body = CompetitionBody, responses((status = 200, body = Done)))]
async fn release(Path(reference): Path<String>, sent: Sent<CompetitionBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let CompetitionBody { quality, price_weight, occupancy, deadline } = body;
    let quality = quality.into_iter().map(|one| Criterion { title: one.title, weight: one.weight }).collect();
    let command = ReleaseCompetition { reference, version, quality, price_weight, occupancy, deadline };
    Ok(changed(api.perform(&key, command).await?))
}

/// What is said of one bid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockMarks)]
struct MarksBody {
    /// The bid's id.
    bid: String,
    /// A score from 0 to 5 for each criterion, in their order.
    quality: Vec<u8>,
    /// Why. The provider reads it.
    reasons: String,
}

/// Score every bid by the rules that were fixed, and recommend the best
#[utoipa::path(post, path = "/mini-blocks/{reference}/evaluate", tag = "block", operation_id = "evaluate_mini_competition", params(IfMatch), request_body = Vec<MarksBody>, responses((status = 200, body = Done)))]
async fn evaluate(Path(reference): Path<String>, sent: Sent<Vec<MarksBody>>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let mut marks = Vec::new();
    for one in body {
        let bid =
            one.bid.parse().map(BlockBidId).map_err(|_| Problem::field("bid", "Send the id of one of the bids"))?;
        marks.push(Marks { bid, quality: one.quality, reasons: one.reasons });
    }
    Ok(changed(api.perform(&key, Evaluate { reference, version, marks }).await?))
}

/// An authority's decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockDecision)]
struct DecisionBody {
    /// Why it is refused; null approves. Nothing about a child.
    refuse: Option<String>,
}

/// Approve or refuse what is asked, for your own authority under its own limb
#[utoipa::path(post, path = "/mini-blocks/{reference}/decide", tag = "block", operation_id = "decide_mini_block", params(IfMatch), request_body = DecisionBody, responses((status = 200, body = Done)))]
async fn decide(Path(reference): Path<String>, sent: Sent<DecisionBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, DecideBlock { reference, version, refuse: body.refuse }).await?))
}

/// The monitoring officer's opinion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockOpinion)]
struct OpinionBody {
    /// The reference of the key decision that the award implements.
    #[schema(example = "HEF-2019-0114")]
    implements: String,
    /// Why.
    words: String,
}

/// Record that an award implements an earlier key decision
#[utoipa::path(post, path = "/mini-blocks/{reference}/opinion", tag = "block", operation_id = "record_block_opinion", params(IfMatch), request_body = OpinionBody, responses((status = 200, body = Done)))]
async fn record_opinion(Path(reference): Path<String>, sent: Sent<OpinionBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let OpinionBody { implements, words } = body;
    Ok(changed(api.perform(&key, RecordOpinion { reference, version, implements, words }).await?))
}

/// A change of a live contract.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = BlockChange)]
enum ChangeBody {
    /// It runs longer, within its option.
    Extend {
        /// The day after the last night.
        until: Date,
        /// Why.
        reason: String,
    },
    /// Fewer beds are guaranteed from a night on; the provider agrees too.
    Reduce {
        /// From this night.
        from: Date,
        /// How many are guaranteed then.
        guaranteed_beds: u8,
        /// Why.
        reason: String,
    },
    /// Other shares hold from a night on: an authority leaves, or another joins; the provider agrees too.
    Reshare {
        /// From this night.
        from: Date,
        /// Who pays how much then.
        shares: Vec<ShareBody>,
        /// Why.
        reason: String,
    },
    /// It ends on a break date.
    Break {
        /// The date.
        on: Date,
        /// Why.
        reason: String,
    },
    /// It ends by notice.
    Notice {
        /// The day after the last night.
        on: Date,
        /// Why.
        reason: String,
    },
}

/// Propose a change of a live contract
#[utoipa::path(post, path = "/mini-blocks/{reference}/changes", tag = "block", operation_id = "propose_block_change", params(IfMatch), request_body = ChangeBody, responses((status = 200, body = Done)))]
async fn propose_change(Path(reference): Path<String>, sent: Sent<ChangeBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let (change, reason) = match body {
        ChangeBody::Extend { until, reason } => (BlockChange::Extend { until }, reason),
        ChangeBody::Reduce { from, guaranteed_beds, reason } => (BlockChange::Reduce { from, guaranteed_beds }, reason),
        ChangeBody::Reshare { from, shares, reason } => {
            let choices = api.app().block_choices(&api.actor).await?;
            (BlockChange::Reshare { from, shares: shares_of(&shares, &choices)? }, reason)
        }
        ChangeBody::Break { on, reason } => (BlockChange::Break { on }, reason),
        ChangeBody::Notice { on, reason } => (BlockChange::Notice { on }, reason),
    };
    Ok(changed(api.perform(&key, ProposeChange { reference, version, change, reason }).await?))
}

/// Take a proposed change back
#[utoipa::path(post, path = "/mini-blocks/{reference}/drop-change", tag = "block", operation_id = "drop_block_change", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn drop_change(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, DropChange { reference, version }).await?))
}

/// Why a mini-block is given up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockWithdrawal)]
struct WithdrawalBody {
    /// Why. Nothing about a child.
    reason: String,
}

/// Give a mini-block up before it is live
#[utoipa::path(post, path = "/mini-blocks/{reference}/withdraw", tag = "block", operation_id = "withdraw_mini_block", params(IfMatch), request_body = WithdrawalBody, responses((status = 200, body = Done)))]
async fn withdraw(Path(reference): Path<String>, sent: Sent<WithdrawalBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, WithdrawBlock { reference, version, reason: body.reason }).await?))
}

/// Sign a live contract for the authorities that have approved it
///
/// `content` is the fingerprint that `get_mini_block` gave: if the contract has changed since, nothing is signed.
#[utoipa::path(post, path = "/mini-blocks/{reference}/sign", tag = "block", operation_id = "sign_mini_block", request_body = SignatureBody, responses((status = 200, body = Done)))]
async fn sign(Path(reference): Path<String>, sent: Sent<SignatureBody>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, SignForAuthorities(body.typed(reference))).await?))
}

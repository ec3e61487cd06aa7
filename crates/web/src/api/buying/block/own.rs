//! A provider's own side of mini-blocks.

use axum::extract::Path;
use jiff::civil::DateTime;
use placewell_app::buying::block::{AgreeChange, DeclineBid, OwnBid, SendBid, SignContract};
use placewell_domain::buying::block::BidOffer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{BedBody, PricesBody, SignatureBody, SigningBody, SpecBody, bed_bodies, beds};
use crate::api::code;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(bid))
        .routes(routes!(decline))
        .routes(routes!(agree))
        .routes(routes!(sign))
}

/// A mini-block that the provider was asked to bid for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnBlockLine)]
struct Line {
    /// Its reference.
    reference: String,
    /// What it is called.
    title: String,
    /// Until when bids come in.
    #[schema(value_type = String, example = "2021-09-24T12:00:00")]
    deadline: DateTime,
    /// Where the own bid stands.
    bid: &'static str,
    /// Where the contract stands; null where there is none.
    contract: Option<&'static str>,
}

/// List the mini-blocks that your homes were asked to bid for
#[utoipa::path(get, path = "/provider/mini-blocks", tag = "block", operation_id = "list_own_mini_blocks", responses((status = 200, body = Vec<Line>)))]
async fn list(api: Api) -> Answered {
    let found = api.app().own_blocks(&api.actor).await?;
    let lines: Vec<Line> = found
        .into_iter()
        .map(|line| Line {
            bid: line.bid.state.name(),
            reference: line.bid.reference,
            title: line.bid.title,
            deadline: line.bid.deadline,
            contract: line.contract.map(|block| block.state.name()),
        })
        .collect();
    Ok(plain(&lines))
}

/// A criterion with its weight in percent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnBlockCriterion)]
struct Weight {
    /// Its words.
    title: String,
    /// Its weight.
    weight: u8,
}

/// A bed that can be offered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnBlockBed)]
struct OfferedBed {
    /// Its id, as a bid sends it.
    bed: String,
    /// Its name in the home.
    label: String,
}

/// A home that was asked, with its beds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnBlockHome)]
struct AskedHome {
    /// Its id, as a bid sends it.
    home: String,
    /// Its Ofsted number.
    urn: String,
    /// Its name.
    name: String,
    /// Its beds.
    beds: Vec<OfferedBed>,
}

/// The provider's own bid.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnBlock)]
struct Shown {
    /// The mini-block's reference.
    reference: String,
    /// What it is called.
    title: String,
    /// The version of the bid, also in the `ETag`.
    version: i64,
    /// What is asked for.
    spec: SpecBody,
    /// What quality is scored by.
    quality: Vec<Weight>,
    /// The weight of the price.
    price_weight: u8,
    /// Until when bids come in.
    #[schema(value_type = String, example = "2021-09-24T12:00:00")]
    deadline: DateTime,
    /// Bids can still be sent.
    open: bool,
    /// The admitted homes that can be offered, with their beds.
    homes: Vec<AskedHome>,
    /// Where the own bid stands.
    bid: &'static str,
    /// The own bid's beds.
    beds: Vec<BedBody>,
    /// The own bid's prices.
    prices: Option<PricesBody>,
    /// The version of the contract, for agreeing to a change; null where there is none.
    contract_version: Option<i64>,
    /// Who has signed the contract; null before it is live.
    signing: Option<SigningBody>,
}

fn shown(found: OwnBid) -> Shown {
    let offer = found.bid.state.offer();
    let homes = found.homes.iter().map(|(home, beds)| AskedHome {
        home: home.id.0.to_string(),
        urn: home.urn.to_string(),
        name: home.name.clone(),
        beds: beds.iter().map(|bed| OfferedBed { bed: bed.id.0.to_string(), label: bed.label.clone() }).collect(),
    });
    Shown {
        homes: homes.collect(),
        beds: offer.map(|offer| bed_bodies(&offer.beds)).unwrap_or_default(),
        prices: offer.map(|offer| offer.prices.into()),
        bid: found.bid.state.name(),
        version: found.bid.version,
        spec: (&found.bid.spec).into(),
        quality: found.bid.quality.iter().map(|one| Weight { title: one.title.clone(), weight: one.weight }).collect(),
        price_weight: found.bid.price_weight,
        deadline: found.bid.deadline,
        open: found.open,
        signing: found.contract.as_ref().and_then(|own| own.signing.as_ref()).map(SigningBody::from),
        contract_version: found.contract.map(|own| own.block.version),
        reference: found.bid.reference,
        title: found.bid.title,
    }
}

/// Read your own bid for a mini-block
#[utoipa::path(get, path = "/provider/mini-blocks/{reference}", tag = "block", operation_id = "get_own_mini_block", responses((status = 200, body = Shown)))]
async fn show(Path(reference): Path<String>, api: Api) -> Answered {
    let found = api.app().own_block(&api.actor, &reference).await?;
    Ok(versioned(found.bid.version, &shown(found)))
}

/// A bid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockBid)]
struct BidBody {
    /// The beds: each with its bed, or homes alone where the beds float.
    beds: Vec<BedBody>,
    /// The prices of a night.
    prices: PricesBody,
    /// An answer to each quality criterion, in their order.
    answers: Vec<String>,
    /// Conflicts of interest, or None.
    conflicts: String,
}

/// Bid for a mini-block, or change the bid until the deadline
#[utoipa::path(post, path = "/provider/mini-blocks/{reference}/bid", tag = "block", operation_id = "bid_for_mini_block", params(IfMatch), request_body = BidBody, responses((status = 200, body = Done)))]
async fn bid(Path(reference): Path<String>, sent: Sent<BidBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let count = api.app().own_block(&api.actor, &reference).await?.bid.spec.beds;
    let offer = BidOffer {
        beds: beds(&body.beds, count)?,
        prices: body.prices.into(),
        answers: body.answers,
        conflicts: body.conflicts,
    };
    Ok(changed(api.perform(&key, SendBid { reference, version, offer }).await?))
}

/// Why a provider does not bid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlockDecline)]
struct DeclineBody {
    /// Why.
    reason: code::BidDecline,
}

/// Decline to bid
#[utoipa::path(post, path = "/provider/mini-blocks/{reference}/decline", tag = "block", operation_id = "decline_mini_block", params(IfMatch), request_body = DeclineBody, responses((status = 200, body = Done)))]
async fn decline(Path(reference): Path<String>, sent: Sent<DeclineBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, DeclineBid { reference, version, reason: body.reason.0 }).await?))
}

/// Agree to a change of your own contract; `If-Match` is the version of the contract
#[utoipa::path(post, path = "/provider/mini-blocks/{reference}/agree", tag = "block", operation_id = "agree_block_change", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn agree(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, AgreeChange { reference, version }).await?))
}

/// Sign your own contract, apart from the bid
///
/// `content` is the fingerprint that `get_own_mini_block` gave: if the contract has changed since, nothing is signed.
#[utoipa::path(post, path = "/provider/mini-blocks/{reference}/sign", tag = "block", operation_id = "sign_own_mini_block", request_body = SignatureBody, responses((status = 200, body = Done)))]
async fn sign(Path(reference): Path<String>, sent: Sent<SignatureBody>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, SignContract(body.typed(reference))).await?))
}

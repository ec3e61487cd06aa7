//! Spot purchases: asked for from a referral, given up, the provider invited; the list with both totals.

mod exemption;
mod unregistered;

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::buying::check::ExemptGrade;
use placewell_app::buying::spot::{DropSpot, InviteToJoin, RequestSpot, SpotLine, SpotRow, label};
use placewell_domain::buying::spot::{AfterRefusal, Document};
use placewell_domain::money::Pence;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{Id, IfMatch, Nothing};
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(of_referral, request))
        .routes(routes!(invite))
        .routes(routes!(drop_it))
        .routes(routes!(exempt))
        .merge(exemption::routes())
        .merge(unregistered::routes())
}

/// Both totals of a contract year.
#[allow(clippy::struct_field_names, reason = "every amount of this API says its unit")]
#[derive(Debug, Serialize, ToSchema)]
struct BothTotals {
    /// Planned through the arrangement.
    arrangement_pence: i64,
    /// The ceiling.
    ceiling_pence: i64,
    /// Planned by spot purchase, beside the ceiling.
    spot_pence: i64,
}

impl From<(Pence, Pence, Pence)> for BothTotals {
    fn from((committed, ceiling, spot): (Pence, Pence, Pence)) -> Self {
        Self { arrangement_pence: committed.0, ceiling_pence: ceiling.0, spot_pence: spot.0 }
    }
}

/// That an award for the same child was refused at the ceiling within 28 days before.
#[derive(Debug, Serialize, ToSchema)]
struct RefusedBefore {
    /// On which day.
    refused_on: Date,
    /// Both totals as they stood when the spot purchase was asked for.
    totals: BothTotals,
}

impl From<AfterRefusal> for RefusedBefore {
    fn from(after: AfterRefusal) -> Self {
        Self { refused_on: after.refused_on, totals: (after.committed, after.ceiling, after.spot).into() }
    }
}

/// What a reason rests on.
#[derive(Debug, Serialize, ToSchema)]
struct SpotEvidence {
    /// What.
    what: String,
    /// Where it comes from.
    source: String,
    /// Of which day.
    on: Option<Date>,
}

/// A spot purchase.
#[derive(Debug, Serialize, ToSchema)]
struct SpotPurchase {
    /// Its id.
    id: Id,
    /// Its version, for `If-Match`.
    version: i64,
    /// The referral.
    referral: String,
    /// Why the arrangement is not used.
    reason: code::SpotReason,
    /// How the home stands to the arrangement.
    ground: code::SpotGround,
    /// What the reason rests on, as it was known then.
    evidence: Vec<SpotEvidence>,
    /// The start is an emergency.
    emergency: bool,
    /// Where it stands, in words.
    stands: String,
    /// Open checks that come before the start; null before the first check.
    checks_before_start: Option<u32>,
    /// Open checks in all; null before the first.
    checks_open: Option<u32>,
    /// By when an emergency's other checks are done.
    checks_due_on: Option<Date>,
    /// The agreement it led to.
    agreement: Option<String>,
    /// An award for the same child that was refused at the ceiling before.
    after_refusal: Option<RefusedBefore>,
}

impl From<&SpotRow> for SpotPurchase {
    fn from(row: &SpotRow) -> Self {
        let spot = &row.spot;
        let evidence = spot.evidence.iter().map(|one| SpotEvidence {
            what: one.what.clone(),
            source: one.source.clone(),
            on: one.on,
        });
        Self {
            id: Id(spot.id),
            version: spot.version,
            referral: spot.reference.to_string(),
            reason: spot.reason.into(),
            ground: spot.ground.into(),
            evidence: evidence.collect(),
            emergency: spot.emergency,
            stands: label(row).to_owned(),
            checks_before_start: row.checks.map(|(before, ..)| before),
            checks_open: row.checks.map(|(_, open, _)| open),
            checks_due_on: row.checks.and_then(|(.., due)| due),
            agreement: row.agreement.as_ref().map(|(reference, ..)| reference.clone()),
            after_refusal: spot.after_refusal.map(Into::into),
        }
    }
}

/// List spot purchases
#[utoipa::path(get, path = "/spot-purchases", tag = "spot", operation_id = "list_spot_purchases", params(Paging), responses((status = 200, body = Listed<SpotPurchase>)))]
async fn list(api: Api, paging: Paging) -> Answered {
    let found = api.app().spots(&api.actor, true, 1, 50_000).await?;
    let items: Vec<SpotPurchase> = found.lines.iter().map(|(row, _)| row.into()).collect();
    Ok(plain(&paging.page(items, |one| format!("{:020}", one.id.0))))
}

/// A spot purchase with its home and prices.
#[derive(Debug, Serialize, ToSchema)]
struct SpotAtHome {
    /// The purchase.
    purchase: SpotPurchase,
    /// The home's Ofsted number.
    urn: String,
    /// The home's name.
    home: String,
    /// The provider.
    provider: String,
    /// The core price of a week that the home offers, where it is visible.
    offered_pence: Option<i64>,
    /// The home's tendered price, where the offer is dearer.
    tendered_pence: Option<i64>,
    /// This authority's whole-life values with the provider, this one included.
    cumulative_pence: Option<i64>,
    /// The procurement threshold in force.
    threshold_pence: Option<i64>,
    /// The day on which the home was judged Inadequate; null where its latest judgement is another.
    judged_inadequate_on: Option<Date>,
    /// The day on which the director of children's services exempted this child from that.
    exempted_on: Option<Date>,
}

impl From<&SpotLine> for SpotAtHome {
    fn from(line: &SpotLine) -> Self {
        Self {
            purchase: (&line.row).into(),
            urn: line.home.urn.to_string(),
            home: line.home.name.clone(),
            provider: line.provider.clone(),
            offered_pence: line.offered.map(|price| price.0),
            tendered_pence: line.dearer.map(|(tendered, _)| tendered.0),
            cumulative_pence: line.watch.map(|watch| watch.cumulative.0),
            threshold_pence: line.watch.map(|watch| watch.threshold.0),
            judged_inadequate_on: line.exempted.as_ref().map(|one| one.judged_on),
            exempted_on: line.exempted.as_ref().and_then(|one| one.exemption.as_ref()).map(|(.., on)| *on),
        }
    }
}

/// The spot purchases of a referral.
#[derive(Debug, Serialize, ToSchema)]
struct SpotsOfReferral {
    /// The purchases, the latest first.
    purchases: Vec<SpotAtHome>,
    /// Both totals this contract year.
    totals: BothTotals,
}

/// Read a referral's spot purchases with both totals
#[utoipa::path(get, path = "/referrals/{reference}/spot-purchases", tag = "spot", operation_id = "get_spot_purchases", responses((status = 200, body = SpotsOfReferral)))]
async fn of_referral(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().spot_page(&api.actor, &reference).await?;
    let body = SpotsOfReferral { purchases: found.lines.iter().map(Into::into).collect(), totals: found.totals.into() };
    Ok(versioned(found.referral.version, &body))
}

/// A document that supports a reason.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SupportingDocument {
    /// Its kind.
    kind: code::SpotDocument,
    /// Its date.
    on: Date,
    /// Its number in your files; no names.
    #[schema(max_length = 30)]
    number: String,
}

/// A spot purchase to ask for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SpotRequest {
    /// The home's Ofsted number.
    #[schema(example = "SC392491")]
    urn: String,
    /// Why the arrangement is not used: a code of `SpotReason`. `ceiling_reached` is refused by its own rule.
    #[schema(example = "none_available")]
    reason: String,
    /// A document that supports it.
    document: Option<SupportingDocument>,
    /// It is for the child of this referral only.
    this_child: bool,
}

/// Ask for a spot purchase, from a referral and for its child only
///
/// The register is looked up first. The reason is held against the search as it was frozen and the homes' answers. A home
/// that was not asked is asked now. `If-Match` takes the referral's version.
#[utoipa::path(post, path = "/referrals/{reference}/spot-purchases", tag = "spot", operation_id = "request_spot_purchase", params(IfMatch), request_body = SpotRequest, responses((status = 201, body = Done)))]
async fn request(Path(reference): Path<String>, sent: Sent<SpotRequest>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let document = body.document.map(|one| Document { kind: one.kind.0, on: one.on, number: one.number });
    let SpotRequest { urn, reason, this_child, .. } = body;
    Ok(made(api.perform(&key, RequestSpot { reference, version, urn, reason, document, this_child }).await?))
}

fn spot_id(id: &str) -> Result<i64, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

/// Invite the provider of a spot purchase to join the arrangement
#[utoipa::path(post, path = "/spot-purchases/{id}/invite", tag = "spot", operation_id = "invite_spot_provider", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn invite(Path(id): Path<String>, sent: Sent<Nothing>) -> Answered {
    let (spot, version) = (spot_id(&id)?, sent.version()?);
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, InviteToJoin { spot, version }).await?))
}

/// Why a spot purchase is given up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SpotDrop {
    /// Why.
    reason: code::SpotDropReason,
}

/// Give a spot purchase up before the award
#[utoipa::path(post, path = "/spot-purchases/{id}/drop", tag = "spot", operation_id = "drop_spot_purchase", params(IfMatch), request_body = SpotDrop, responses((status = 200, body = Done)))]
async fn drop_it(Path(id): Path<String>, sent: Sent<SpotDrop>) -> Answered {
    let (spot, version) = (spot_id(&id)?, sent.version()?);
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, DropSpot { spot, version, reason: body.reason.0 }).await?))
}

/// An exemption of the director of children's services.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SpotExemption {
    /// Why.
    reason: code::SpotExemptionReason,
    /// What keeps the child safe there; sealed.
    #[schema(min_length = 20, max_length = 4000)]
    words: String,
}

/// Record the exemption of a child from a home's grade of Inadequate, as director of children's services
#[utoipa::path(post, path = "/spot-purchases/{id}/exempt", tag = "spot", operation_id = "exempt_spot_purchase", params(IfMatch), request_body = SpotExemption, responses((status = 200, body = Done)))]
async fn exempt(Path(id): Path<String>, sent: Sent<SpotExemption>) -> Answered {
    let (spot, version) = (spot_id(&id)?, sent.version()?);
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, ExemptGrade::new((spot, version), body.reason.0, body.words)).await?))
}

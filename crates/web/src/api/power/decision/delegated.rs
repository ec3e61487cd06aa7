//! The forward plan and officers' decisions over the API: read by everybody who is signed in, kept by democratic services.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::naming::Confirmed;
use placewell_app::power::decision::{PublishDelegated, RecordDelegated, ReviseDelegated, WithdrawDelegated};
use placewell_domain::money::Pence;
use placewell_domain::power::decision::{DelegatedDecision, DelegatedPage, LimbLabel, PlanStep};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::IfMatch;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(forward_plan))
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(record))
        .routes(routes!(revise))
        .routes(routes!(publish))
        .routes(routes!(withdraw))
}

/// A key decision to come.
#[derive(Debug, Serialize, ToSchema)]
struct PlannedLine {
    /// The decision's reference.
    reference: String,
    /// The matter.
    title: String,
    /// Whose it is.
    authority: String,
    /// Who decides.
    decision_maker: String,
    /// The first day on which it is to be taken.
    expected: Date,
    /// The day of the notice.
    noticed_on: Date,
    /// By which rule.
    kind: code::NoticeKind,
    /// When the scrutiny chair was told, or agreed.
    chair_on: Option<Date>,
    /// `noticed`, `taken` or `withdrawn`.
    step: String,
    /// When it was taken or withdrawn.
    step_on: Option<Date>,
}

/// List the key decisions of the forward plan
#[utoipa::path(get, path = "/forward-plan", tag = "decision", params(Paging), responses((status = 200, body = Listed<PlannedLine>)))]
async fn forward_plan(api: Api, paging: Paging) -> Answered {
    let lines = api.app().forward_plan().await?.into_iter().map(|one| {
        let entry = one.entry;
        let step_on = match &entry.step {
            PlanStep::Noticed => None,
            PlanStep::Taken { on } | PlanStep::Withdrawn { on, .. } => Some(*on),
        };
        PlannedLine {
            step: entry.step.name().to_owned(),
            reference: entry.reference,
            title: entry.title,
            authority: one.authority,
            decision_maker: entry.decision_maker,
            expected: entry.notice.expected,
            noticed_on: entry.notice.on,
            kind: entry.notice.kind.into(),
            chair_on: entry.notice.chair_on,
            step_on,
        }
    });
    Ok(plain(&paging.page(lines.collect(), |line| line.reference.clone())))
}

/// What the record of an officer's decision says.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfficerPage {
    /// What it is about.
    title: String,
    /// Its class; a placement of a child has no record here.
    kind: code::DelegatedKind,
    /// What was decided.
    decided: String,
    /// The post of who took it, never a name.
    post: String,
    /// The day on which it was taken.
    taken_on: Date,
    /// The reasons.
    reasons: String,
    /// The alternatives considered and rejected, or that there were none.
    alternatives: String,
    /// The conflicts of interest declared, or that there were none.
    conflicts: String,
    /// The supplier concerned.
    supplier: Option<String>,
    /// The reference of the contract concerned.
    contract: Option<String>,
    /// The value in pence; published to the nearest £1,000.
    value_pence: Option<i64>,
    /// What is left out as exempt, and by which paragraph.
    exempt: Option<String>,
}

impl From<OfficerPage> for DelegatedPage {
    fn from(page: OfficerPage) -> Self {
        Self {
            title: page.title,
            kind: page.kind.0,
            decided: page.decided,
            post: page.post,
            taken_on: page.taken_on,
            reasons: page.reasons,
            alternatives: page.alternatives,
            conflicts: page.conflicts,
            supplier: page.supplier,
            contract: page.contract,
            value: page.value_pence.map(Pence),
            exempt: page.exempt,
        }
    }
}

/// An officer's decision.
#[derive(Debug, Serialize, ToSchema)]
struct OfficerDecision {
    /// Its reference.
    #[schema(example = "HEF-OD-0001")]
    reference: String,
    /// Its version, also in the `ETag`.
    version: i64,
    /// `draft`, `published` or `withdrawn`.
    state: String,
    /// The decision under which it was taken.
    under: String,
    /// The limb.
    limb: String,
    /// What it says.
    page: OfficerPage,
}

impl From<DelegatedDecision> for OfficerDecision {
    fn from(decision: DelegatedDecision) -> Self {
        let page = decision.page;
        Self {
            reference: decision.reference,
            version: decision.version,
            state: decision.state.name().to_owned(),
            under: decision.under_reference,
            limb: decision.limb.to_string(),
            page: OfficerPage {
                title: page.title,
                kind: page.kind.into(),
                decided: page.decided,
                post: page.post,
                taken_on: page.taken_on,
                reasons: page.reasons,
                alternatives: page.alternatives,
                conflicts: page.conflicts,
                supplier: page.supplier,
                contract: page.contract,
                value_pence: page.value.map(|value| value.0),
                exempt: page.exempt,
            },
        }
    }
}

/// List the officer decisions of your authority, drafts included
#[utoipa::path(get, path = "/officer-decisions", tag = "decision", operation_id = "officer_decisions", params(Paging), responses((status = 200, body = Listed<OfficerDecision>)))]
async fn list(api: Api, paging: Paging) -> Answered {
    let found = api.app().own_delegated_after(&api.actor, paging.read()).await?;
    let lines: Vec<OfficerDecision> = found.into_iter().map(OfficerDecision::from).collect();
    Ok(plain(&paging.cut(lines, |line| line.reference.clone())))
}

/// Read an officer decision of your authority
#[utoipa::path(get, path = "/officer-decisions/{reference}", tag = "decision", operation_id = "officer_decision", responses((status = 200, body = OfficerDecision)))]
async fn get(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().own_delegated_decision(&api.actor, &reference).await?;
    Ok(versioned(found.version, &OfficerDecision::from(found)))
}

/// An officer's decision to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordOfficerDecision {
    /// The reference of the decision whose limb gave the power.
    under: String,
    /// The limb.
    #[schema(example = "b")]
    limb: String,
    /// What the record says.
    page: OfficerPage,
}

/// Record an officer decision as a draft
#[utoipa::path(post, path = "/officer-decisions", tag = "decision", operation_id = "record_officer_decision", request_body = RecordOfficerDecision, responses((status = 201, body = Done)))]
async fn record(sent: Sent<RecordOfficerDecision>) -> Answered {
    let Sent { api, body, key } = sent;
    let limb =
        LimbLabel::parse(&body.limb).ok_or_else(|| Problem::field("limb", "Send the label of a limb, like b"))?;
    let command = RecordDelegated { under: body.under, limb, page: body.page.into() };
    Ok(made(api.perform(&key, command).await?))
}

/// The words of a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviseOfficerDecision {
    /// What the record shall say.
    page: OfficerPage,
}

/// Replace the words of a draft
#[utoipa::path(post, path = "/officer-decisions/{reference}/revise", tag = "decision", operation_id = "revise_officer_decision", params(IfMatch), request_body = ReviseOfficerDecision, responses((status = 200, body = Done)))]
async fn revise(Path(reference): Path<String>, sent: Sent<ReviseOfficerDecision>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, ReviseDelegated { reference, version, page: body.page.into() }).await?))
}

/// The day of publication.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublishOfficerDecision {
    /// The day of publication, not in the future.
    on: Date,
    /// Findings that you confirm, each as the refusal names it after the act: `reasons:home:Oak House`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Publish an officer decision
#[utoipa::path(post, path = "/officer-decisions/{reference}/publish", tag = "decision", operation_id = "publish_officer_decision", params(IfMatch), request_body = PublishOfficerDecision, responses((status = 200, body = Done)))]
async fn publish(Path(reference): Path<String>, sent: Sent<PublishOfficerDecision>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = PublishDelegated { reference, version, on: body.on };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}

/// A record to take off the public pages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawOfficerDecision {
    /// When.
    on: Date,
    /// Why; everybody who follows its address reads it.
    #[schema(max_length = 1000)]
    reason: String,
    /// Findings that you confirm, each as the refusal names it after the act: `reasons:home:Oak House`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Take an officer decision off the public pages
#[utoipa::path(post, path = "/officer-decisions/{reference}/withdraw", tag = "decision", operation_id = "withdraw_officer_decision", params(IfMatch), request_body = WithdrawOfficerDecision, responses((status = 200, body = Done)))]
async fn withdraw(Path(reference): Path<String>, sent: Sent<WithdrawOfficerDecision>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = WithdrawDelegated { reference, version, on: body.on, reason: body.reason };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}

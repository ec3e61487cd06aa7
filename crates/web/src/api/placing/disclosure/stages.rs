//! The ground on which a home is told who a child is, and the recall of a mistaken disclosure.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::placing::disclosure::ground::{RecordGround, SaidOfConsent, WithdrawGround};
use placewell_app::placing::disclosure::recall::{
    AssessRecall, ConfirmDeleted, LiftRecall, RecallDisclosure, RecallReport, TellCommissioner,
};
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::ground::GroundState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(grounds, record_ground))
        .routes(routes!(withdraw_ground))
        .routes(routes!(recalls))
        .routes(routes!(recall))
        .routes(routes!(own_recall))
        .routes(routes!(take_back))
        .routes(routes!(assess))
        .routes(routes!(tell))
        .routes(routes!(lift))
        .routes(routes!(confirm_deleted))
}

/// A ground for telling a home who the child is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DisclosureGround)]
struct GroundLine {
    /// Its version, for `If-Match`.
    version: i64,
    /// The lawful basis.
    basis: code::LawfulBasis,
    /// The condition for special category data.
    condition: code::SpecialCondition,
    /// Consent or its override, in words.
    consent: String,
    /// When it was recorded.
    #[schema(value_type = String, example = "2021-09-13T09:40:00")]
    recorded_at: DateTime,
    /// It is in force.
    in_force: bool,
}

/// List a referral's grounds for telling a home who the child is
#[utoipa::path(get, path = "/referrals/{reference}/grounds", tag = "disclosure", operation_id = "list_grounds", responses((status = 200, body = Vec<GroundLine>)))]
async fn grounds(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().grounds(&api.actor, &reference).await?;
    let lines = found.all.into_iter().map(|(ground, _)| GroundLine {
        version: ground.version,
        basis: ground.basis.into(),
        condition: ground.condition.into(),
        consent: ground.consent.label().to_owned(),
        recorded_at: ground.recorded_at,
        in_force: ground.state == GroundState::InForce,
    });
    Ok(plain(&lines.collect::<Vec<_>>()))
}

/// A ground to record: `agreed_by` and `agreed_on` where somebody agreed, else the three others.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewGround {
    /// The lawful basis.
    basis: code::LawfulBasis,
    /// The condition for special category data.
    condition: code::SpecialCondition,
    /// Who agreed.
    agreed_by: Option<code::AgreedBy>,
    /// On which day.
    agreed_on: Option<Date>,
    /// Why it goes on without consent.
    override_reason: Option<code::OverrideReason>,
    /// The director or assistant director who decided it, by id.
    decided_by: Option<String>,
    /// The reasons; sealed.
    #[schema(max_length = 2000)]
    words: Option<String>,
}

/// Record the ground for telling a home who the child is
///
/// Until one is in force, no home is told. Where a home is chosen already, it is told with this.
#[utoipa::path(post, path = "/referrals/{reference}/grounds", tag = "disclosure", operation_id = "record_ground", request_body = NewGround, responses((status = 201, body = Done)))]
async fn record_ground(Path(reference): Path<String>, sent: Sent<NewGround>) -> Answered {
    let Sent { api, body, key } = sent;
    let consent = match (body.agreed_by, body.agreed_on, body.override_reason) {
        (Some(by), Some(on), None) => SaidOfConsent::Agreed { by: by.0, on },
        (None, None, Some(reason)) => SaidOfConsent::Overridden {
            reason: reason.0,
            decided_by: body.decided_by.and_then(|id| id.parse().ok()).unwrap_or_default(),
            words: body.words.unwrap_or_default(),
        },
        _ => {
            let ask = "Send agreed_by with agreed_on, or override_reason with decided_by and words";
            return Err(placewell_app::Outcome::from(placewell_domain::outcome::Invalid::one("consent", ask)).into());
        }
    };
    let command = RecordGround { reference, basis: body.basis.0, condition: body.condition.0, consent };
    Ok(made(api.perform(&key, command).await?))
}

/// Withdraw the ground: who the child is, is recalled from every home that was told on it
#[utoipa::path(post, path = "/referrals/{reference}/grounds/withdraw", tag = "disclosure", operation_id = "withdraw_ground", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn withdraw_ground(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, WithdrawGround { reference, version }).await?))
}

/// One reading.
#[derive(Debug, Serialize, ToSchema)]
struct SeenLine {
    /// What, by its stage.
    stage: code::DisclosureStage,
    /// By whom.
    who: String,
    /// When.
    #[schema(value_type = String, example = "2021-09-13T09:40:00")]
    at: DateTime,
}

/// A recalled disclosure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DisclosureRecall)]
struct RecallLine {
    /// Its id.
    id: String,
    /// Its version, for `If-Match`.
    version: i64,
    /// The referral.
    reference: String,
    /// The number of the invitation.
    number: u32,
    /// The lowest stage that was taken back.
    from: code::DisclosureStage,
    /// Why.
    cause: code::RecallCause,
    /// Where it stands.
    state: String,
    /// When somebody noticed.
    #[schema(value_type = String, example = "2021-09-13T09:40:00")]
    aware: DateTime,
    /// When access ended.
    #[schema(value_type = String, example = "2021-09-13T09:40:00")]
    recalled: DateTime,
    /// What was read until then.
    seen: Vec<SeenLine>,
    /// The risk.
    risk: Option<code::RecallRisk>,
    /// By when the Information Commissioner is told, where they are to be.
    #[schema(value_type = String, example = "2021-09-13T09:40:00")]
    due: DateTime,
    /// When they were told.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:40:00")]
    told_at: Option<DateTime>,
    /// When the provider confirmed that copies are deleted.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:40:00")]
    copies_deleted_at: Option<DateTime>,
}

impl From<RecallReport> for RecallLine {
    fn from(report: RecallReport) -> Self {
        let recall = report.recall;
        let told_at = recall.told().map(|(at, _)| at);
        let seen = recall.seen.iter().zip(report.readers);
        Self {
            id: recall.id.to_string(),
            version: recall.version,
            reference: report.of.0,
            number: report.of.1,
            from: recall.from.into(),
            cause: recall.cause.into(),
            state: recall.state.name().to_owned(),
            aware: recall.aware,
            recalled: recall.recalled,
            seen: seen.map(|(seen, who)| SeenLine { stage: seen.stage.into(), who, at: seen.at }).collect(),
            risk: recall.assessment().map(|one| one.risk.into()),
            due: recall.due(),
            told_at,
            copies_deleted_at: recall.deleted.map(|(_, at)| at),
        }
    }
}

/// List recalled disclosures, newest first
#[utoipa::path(get, path = "/recalls", tag = "disclosure", operation_id = "list_recalls", responses((status = 200, body = Vec<RecallLine>)))]
async fn recalls(api: Api) -> Answered {
    let found = api.app().recall_reports(&api.actor).await?;
    Ok(plain(&found.into_iter().map(RecallLine::from).collect::<Vec<_>>()))
}

fn id_of(text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// Read one recalled disclosure: what was seen, by whom, until when
#[utoipa::path(get, path = "/recalls/{id}", tag = "disclosure", operation_id = "get_recall", responses((status = 200, body = RecallLine)))]
async fn recall(api: Api, Path(id): Path<String>) -> Answered {
    let found = RecallLine::from(api.app().recall_report(&api.actor, id_of(&id)?).await?);
    Ok(versioned(found.version, &found))
}

/// A recall as the provider whose home was told reads it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnDisclosureRecall)]
struct OwnRecallLine {
    /// The referral.
    reference: String,
    /// The lowest stage that was taken back.
    from: code::DisclosureStage,
    /// When access ended.
    #[schema(value_type = String, example = "2021-09-13T09:40:00")]
    recalled: DateTime,
    /// When it was confirmed that copies are deleted.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:40:00")]
    copies_deleted_at: Option<DateTime>,
    /// Access was given back.
    lifted: bool,
}

/// Read what was recalled from your home, with its version for the confirmation
#[utoipa::path(get, path = "/provider/recalls/{id}", tag = "disclosure", operation_id = "get_own_recall", responses((status = 200, body = OwnRecallLine)))]
async fn own_recall(api: Api, Path(id): Path<String>) -> Answered {
    let found = api.app().own_recall(&api.actor, id_of(&id)?).await?;
    let line = OwnRecallLine {
        reference: found.reference,
        from: found.from.into(),
        recalled: found.recalled,
        copies_deleted_at: found.deleted,
        lifted: found.lifted,
    };
    Ok(versioned(found.id.1, &line))
}

/// What to take back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TakeBack {
    /// The lowest stage: `shortlisted` or `chosen`.
    from: code::DisclosureStage,
    /// Why.
    cause: code::RecallCause,
    /// When somebody of the authority noticed, by the clock on the wall.
    #[schema(value_type = String, example = "2021-09-13T09:40:00")]
    aware: DateTime,
}

/// Recall what a home was told: it cannot be opened any more from this moment
#[utoipa::path(post, path = "/referrals/{reference}/offers/{number}/recall", tag = "disclosure", operation_id = "recall_disclosure", request_body = TakeBack, responses((status = 201, body = Done)))]
async fn take_back(Path((reference, number)): Path<(String, u32)>, sent: Sent<TakeBack>) -> Answered {
    let Sent { api, body, key } = sent;
    let from: Stage = body.from.0;
    let command = RecallDisclosure { reference, number, from, cause: body.cause.0, aware: body.aware };
    Ok(made(api.perform(&key, command).await?))
}

/// The risk as it is judged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Judged {
    /// How likely harm is.
    risk: code::RecallRisk,
    /// Why; sealed.
    #[schema(max_length = 4000)]
    words: String,
}

/// Assess the risk of a recalled disclosure
#[utoipa::path(post, path = "/recalls/{id}/assess", tag = "disclosure", operation_id = "assess_recall", params(IfMatch), request_body = Judged, responses((status = 200, body = Done)))]
async fn assess(Path(id): Path<String>, sent: Sent<Judged>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = AssessRecall { recall: id_of(&id)?, version, risk: body.risk.0, words: body.words };
    Ok(changed(api.perform(&key, command).await?))
}

/// That the Information Commissioner was told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ToldCommissioner {
    /// When.
    #[schema(value_type = String, example = "2021-09-13T09:40:00")]
    at: DateTime,
    /// Their reference.
    #[schema(max_length = 40)]
    reference: String,
}

/// Record that the Information Commissioner was told
#[utoipa::path(post, path = "/recalls/{id}/tell", tag = "disclosure", operation_id = "tell_commissioner", params(IfMatch), request_body = ToldCommissioner, responses((status = 200, body = Done)))]
async fn tell(Path(id): Path<String>, sent: Sent<ToldCommissioner>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = TellCommissioner { recall: id_of(&id)?, version, at: body.at, reference: body.reference };
    Ok(changed(api.perform(&key, command).await?))
}

/// Give access back, once the risk is assessed and those told who must be
#[utoipa::path(post, path = "/recalls/{id}/lift", tag = "disclosure", operation_id = "lift_recall", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn lift(Path(id): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, LiftRecall { recall: id_of(&id)?, version }).await?))
}

/// Confirm that every copy of what was recalled is deleted
#[utoipa::path(post, path = "/recalls/{id}/confirm-deleted", tag = "disclosure", operation_id = "confirm_deleted", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn confirm_deleted(Path(id): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, ConfirmDeleted { recall: id_of(&id)?, version }).await?))
}

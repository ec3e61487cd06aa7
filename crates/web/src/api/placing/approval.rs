//! Comparing offers, recommending one, and the approvals that it needs.

mod compared;
mod emergencies;
mod shown;

use axum::extract::Path;
use axum::http::{Uri, header};
use axum::response::IntoResponse as _;
use jiff::civil::{Date, DateTime};
use placewell_app::Outcome;
use placewell_app::naming::Confirmed;
use placewell_app::placing::approval::{
    AnswerQuestion, Approve, AskApprover, ConfirmNight, ConfirmVerbal, PassOn, Reasons, Recommend, RecordFollowUp,
    RecordVerbal, Refuse, TakeBack,
};
use placewell_domain::id::PersonId;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::approval::Gates;
use placewell_domain::placing::offer::points::{OfferPoints, behind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::fields::Fields;
use crate::server::Web;
use compared::{Comparison, Needed};
use shown::{ApprovalRow, ApprovalShown, DeciderLine, EffectLine, ScoredLine};

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(compare))
        .routes(routes!(preview))
        .routes(routes!(recommend))
        .routes(routes!(list))
        .routes(routes!(emergencies::emergencies))
        .routes(routes!(get))
        .routes(routes!(pack))
        .routes(routes!(deciders))
        .routes(routes!(approve))
        .routes(routes!(refuse))
        .routes(routes!(ask))
        .routes(routes!(answer))
        .routes(routes!(pass_on))
        .routes(routes!(verbal))
        .routes(routes!(confirm_verbal))
        .routes(routes!(confirm_night))
        .routes(routes!(follow_up))
        .routes(routes!(take_back))
}

/// Which offers are compared.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct Chosen {
    /// The number of an offer, each as a parameter of this name; the first four where none is sent.
    #[param(required = false, value_type = Option<u32>)]
    offer: u32,
}

/// Compare the offers of a referral, up to four at a time
#[utoipa::path(get, path = "/referrals/{reference}/compare", tag = "approval", operation_id = "compare_offers", params(Chosen), responses((status = 200, body = Comparison)))]
async fn compare(api: Api, Path(reference): Path<String>, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let numbers: Vec<u32> = query.all("offer").filter_map(|number| number.parse().ok()).collect();
    let found = api.app().compare(&api.actor, &reference, &numbers).await?;
    Ok(versioned(found.referral.version, &Comparison::from(&found)))
}

/// What a recommendation of one offer would mean.
#[derive(Debug, Serialize, ToSchema)]
struct RecommendationPreview {
    /// The offer's number.
    offer: u32,
    /// The home.
    home: String,
    /// The first night.
    start: Date,
    /// The planned end, as the referral estimates it.
    planned_end: Date,
    /// The price of a week, all lines together.
    weekly_pence: i64,
    /// Up to the planned end.
    whole_pence: i64,
    /// Which of the first and last day it would charge.
    charged_days: code::ChargedDays,
    /// The approvals that it would need.
    approvals: Vec<Needed>,
    /// The annual value before and after.
    annual_value: Vec<EffectLine>,
    /// The numbers of all open offers: each needs its reasons.
    open_offers: Vec<u32>,
    /// The points of each open offer as they stand, by the scoring that was fixed by sending; empty where no scoring was kept.
    points: Vec<ScoredLine>,
    /// Another offer has more points: recommending this one needs its reason among the circumstances.
    another_has_more_points: bool,
}

/// Preview what recommending an offer would mean: approvals and annual value
#[utoipa::path(get, path = "/referrals/{reference}/offers/{number}/recommendation", tag = "approval", operation_id = "preview_recommendation", responses((status = 200, body = RecommendationPreview)))]
async fn preview(api: Api, Path((reference, number)): Path<(String, u32)>) -> Answered {
    let found = api.app().recommend_view(&api.actor, &reference, number).await?;
    let home_of = |one: &OfferPoints| found.offers.iter().find(|(offer, _)| offer.id == one.offer);
    let scored = found.points.iter().filter_map(|one| Some((one, home_of(one)?.1.as_str())));
    let body = RecommendationPreview {
        points: scored.map(ScoredLine::from).collect(),
        another_has_more_points: behind(&found.points, found.case.offer.id).is_some(),
        offer: found.case.offer.number,
        home: found.case.home.name.clone(),
        start: found.case.facts.start,
        planned_end: found.case.facts.planned_end,
        weekly_pence: found.case.offer.total().0,
        whole_pence: found.case.facts.whole_cost().0,
        charged_days: found.case.facts.charged.into(),
        approvals: found.needed.iter().map(Into::into).collect(),
        open_offers: found.offers.iter().map(|(offer, _)| offer.number).collect(),
        annual_value: found.effects.into_iter().map(Into::into).collect(),
    };
    Ok(versioned(found.case.referral.version, &body))
}

/// A recommendation, with the reasons for and against each offer and what was done before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Recommendation {
    /// The number of the offer recommended.
    offer: u32,
    /// The planned end.
    planned_end: Date,
    /// The part of the service that the case belongs to.
    case: code::RemitArea,
    /// For and against each offer.
    reasons: Vec<OfferReasons>,
    /// Whether the child's wishes are known.
    wishes: code::Wishes,
    /// The wishes in words; sealed.
    wishes_words: Option<String>,
    /// It is the most appropriate placement available.
    most_appropriate: bool,
    /// It is consistent with the care plan.
    in_care_plan: bool,
    /// Whether relatives were consulted.
    relatives: code::Relatives,
    /// Why not, in words; sealed.
    relatives_words: Option<String>,
    /// When the reviewing officer was consulted.
    reviewing_officer: Option<Date>,
    /// When the area authority was notified or consulted.
    area_authority: Option<Date>,
    /// The care plan was sent to the area authority.
    #[serde(default)]
    care_plan_sent: bool,
    /// The social worker's view; sealed.
    social_worker: Option<String>,
    /// Circumstances; sealed.
    circumstances: Option<String>,
}

/// For and against one offer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfferReasons {
    /// The offer's number.
    offer: u32,
    /// For it.
    for_it: String,
    /// Against it.
    against: String,
    /// Of an offer that is not recommended: the reason that the home will be told.
    not_chosen: Option<code::NotChosenReason>,
}

/// Recommend an offer and ask for its approvals
#[utoipa::path(post, path = "/referrals/{reference}/recommend", tag = "approval", operation_id = "recommend_offer", params(IfMatch), request_body = Recommendation, responses((status = 201, body = Done)))]
async fn recommend(Path(reference): Path<String>, sent: Sent<Recommendation>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let numbers: Vec<u32> = body.reasons.iter().map(|one| one.offer).collect();
    let reasons = body.reasons.into_iter().map(|one| Reasons {
        number: one.offer,
        for_it: one.for_it,
        against: one.against,
        not_chosen: one.not_chosen.map(|code| code.0),
    });
    let command = Recommend {
        reference,
        version,
        number: body.offer,
        planned_end: body.planned_end,
        case: body.case.0,
        reasons: reasons.collect(),
        gates: Gates {
            wishes: body.wishes.0,
            most_appropriate: body.most_appropriate,
            in_care_plan: body.in_care_plan,
            relatives: body.relatives.0,
            reviewing_officer: body.reviewing_officer,
            area_authority: body.area_authority,
            care_plan_sent: body.care_plan_sent,
        },
        wishes: body.wishes_words.unwrap_or_default(),
        social_worker: body.social_worker.unwrap_or_default(),
        relatives: body.relatives_words.unwrap_or_default(),
        circumstances: body.circumstances.unwrap_or_default(),
    };
    match api.app().perform(&api.actor, &key, command).await {
        Ok(receipt) => Ok(made(receipt)),
        Err(Outcome::Invalid(invalid)) => Err(by_path(invalid, &numbers).into()),
        Err(outcome) => Err(outcome.into()),
    }
}

/// Fields that the page's form names by an offer's number, by their path in the body.
fn by_path(mut invalid: Invalid, numbers: &[u32]) -> Invalid {
    for error in &mut invalid.errors {
        let Some((part, number)) = error.field.rsplit_once('_') else { continue };
        let part = if part == "for" { "for_it" } else { part };
        let at = number.parse().ok().and_then(|number: u32| numbers.iter().position(|known| *known == number));
        if matches!(part, "for_it" | "against" | "not_chosen") && number.parse::<u32>().is_ok() {
            error.field = at.map_or_else(|| "reasons".to_owned(), |at| format!("reasons[{at}].{part}"));
        }
    }
    invalid
}

/// List requests for approval, open and decided
#[utoipa::path(get, path = "/approvals", tag = "approval", operation_id = "list_approvals", params(Paging), responses((status = 200, body = Listed<ApprovalRow>)))]
async fn list(api: Api, paging: Paging) -> Answered {
    let found = api.app().approvals_after(&api.actor, paging.read()).await?;
    Ok(plain(&paging.cut(found, |line| line.approval.reference.to_string()).map(ApprovalRow::from)))
}

/// Read the approval pack as PDF: recommendation, offers compared, checks, powers and money
///
/// That it was printed is recorded.
#[utoipa::path(get, path = "/approvals/{reference}/pack", tag = "approval", operation_id = "get_approval_pack", responses((status = 200, body = String, content_type = "application/pdf")))]
async fn pack(api: Api, Path(reference): Path<String>) -> Answered {
    let found = Box::pin(api.app().approval_pack(&api.actor, &reference, "")).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], found).into_response())
}

/// Read a request for approval: facts, the rule that asks for it, the annual value
#[utoipa::path(get, path = "/approvals/{reference}", tag = "approval", operation_id = "get_approval", responses((status = 200, body = ApprovalShown)))]
async fn get(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().approval_view(&api.actor, &reference).await?;
    Ok(versioned(found.approval.version, &ApprovalShown::of(found)))
}

/// List who can decide a request
#[utoipa::path(get, path = "/approvals/{reference}/deciders", tag = "approval", operation_id = "list_deciders", responses((status = 200, body = Vec<DeciderLine>)))]
async fn deciders(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().deciders(&api.actor, &reference).await?;
    Ok(plain(&found.into_iter().map(DeciderLine::from).collect::<Vec<_>>()))
}

/// An approval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Approving {
    /// The hash of the facts as you read them.
    facts_hash: String,
    /// Conditions; sealed.
    conditions: Option<String>,
    /// Under an urgency power.
    #[serde(default)]
    urgent: bool,
    /// The key of each finding that you confirm tells of no child, as the refusal gave it.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Approve, under the power that you hold
#[utoipa::path(post, path = "/approvals/{reference}/approve", tag = "approval", params(IfMatch), request_body = Approving, responses((status = 200, body = Done)))]
async fn approve(Path(reference): Path<String>, sent: Sent<Approving>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let conditions = body.conditions.unwrap_or_default();
    let command = Approve { reference, version, seen: body.facts_hash, conditions, urgent: body.urgent };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}

/// A refusal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refusing {
    /// The reason.
    reason: code::RefuseReason,
    /// In words; sealed.
    words: Option<String>,
}

/// Refuse a request for approval
#[utoipa::path(post, path = "/approvals/{reference}/refuse", tag = "approval", params(IfMatch), request_body = Refusing, responses((status = 200, body = Done)))]
async fn refuse(Path(reference): Path<String>, sent: Sent<Refusing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let words = body.words.unwrap_or_default();
    Ok(changed(api.perform(&key, Refuse { reference, version, reason: body.reason.0, words }).await?))
}

/// A question or its answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Words {
    /// The words; sealed.
    words: String,
}

/// Ask the officer a question before deciding
#[utoipa::path(post, path = "/approvals/{reference}/ask", tag = "approval", operation_id = "ask_officer", params(IfMatch), request_body = Words, responses((status = 200, body = Done)))]
async fn ask(Path(reference): Path<String>, sent: Sent<Words>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, AskApprover { reference, version, question: body.words }).await?))
}

/// Answer an approver's question
#[utoipa::path(post, path = "/approvals/{reference}/answer", tag = "approval", operation_id = "answer_approver", params(IfMatch), request_body = Words, responses((status = 200, body = Done)))]
async fn answer(Path(reference): Path<String>, sent: Sent<Words>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, AnswerQuestion { reference, version, answer: body.words }).await?))
}

/// A person's id from the list of those who can decide.
pub(super) fn person(text: &str, field: &str) -> Result<PersonId, Problem> {
    text.parse().map(PersonId).map_err(|_| Problem::field(field, "Send the id of a person who can decide"))
}

/// Who decides instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PassingOn {
    /// The person's id.
    person: String,
}

/// Pass a request on to somebody else who can decide
#[utoipa::path(post, path = "/approvals/{reference}/pass-on", tag = "approval", params(IfMatch), request_body = PassingOn, responses((status = 200, body = Done)))]
async fn pass_on(Path(reference): Path<String>, sent: Sent<PassingOn>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let to = person(&body.person, "person")?;
    Ok(changed(api.perform(&key, PassOn { reference, version, to }).await?))
}

/// An approval given by word of mouth.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VerbalApproval {
    /// The id of the person who gave it.
    person: String,
    /// When, on the clock in London.
    #[schema(value_type = String, example = "2021-09-12T22:40:00")]
    said_at: DateTime,
    /// The hash of the facts that were read out.
    facts_hash: String,
    /// Under an urgency power.
    #[serde(default)]
    urgent: bool,
}

/// Record a verbal approval, to be confirmed in writing
#[utoipa::path(post, path = "/approvals/{reference}/verbal", tag = "approval", operation_id = "record_verbal", params(IfMatch), request_body = VerbalApproval, responses((status = 200, body = Done)))]
async fn verbal(Path(reference): Path<String>, sent: Sent<VerbalApproval>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let by = person(&body.person, "person")?;
    let VerbalApproval { said_at, facts_hash: seen, urgent, .. } = body;
    let command = RecordVerbal { reference, version, by, said_at, seen, urgent };
    Ok(changed(api.perform(&key, command).await?))
}

/// A consultation that was done after an emergency's start.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FollowedUp {
    /// What was done.
    what: code::Consultation,
    /// On which day.
    done_on: Date,
}

/// Record that a consultation was done that an emergency let follow
#[utoipa::path(post, path = "/approvals/{reference}/follow-up", tag = "approval", operation_id = "record_follow_up", params(IfMatch), request_body = FollowedUp, responses((status = 200, body = Done)))]
async fn follow_up(Path(reference): Path<String>, sent: Sent<FollowedUp>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = RecordFollowUp { reference, version, what: body.what.0, on: body.done_on };
    Ok(changed(api.perform(&key, command).await?))
}

/// Take a recommendation back: its approvals become void
#[utoipa::path(post, path = "/approvals/{reference}/take-back", tag = "approval", operation_id = "take_back_recommendation", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn take_back(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, TakeBack { reference, version }).await?))
}

/// Confirm your verbal approval in writing
#[utoipa::path(post, path = "/approvals/{reference}/confirm", tag = "approval", operation_id = "confirm_verbal", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn confirm_verbal(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, ConfirmVerbal { reference, version }).await?))
}

/// Confirm, as the Director, what somebody on call approved at night under the urgency power
#[utoipa::path(post, path = "/approvals/{reference}/confirm-night", tag = "approval", operation_id = "confirm_night", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn confirm_night(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, ConfirmNight { reference, version }).await?))
}

//! Invitations: what a provider's homes were asked, declining, questions; reminders and answers got by phone.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::placing::invitation::received::Received;
use placewell_app::placing::invitation::{AnswerQuestion, Answering, AskQuestion, Decline, RecordDecline, Remind};
use placewell_domain::id::InvitationId;
use placewell_domain::placing::invitation::Invitation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::server::Web;

/// Every state of an invitation by its stored name.
const STATES: &[&str] = &["asked", "opened", "offered", "declined", "no_reply", "withdrawn", "closed"];

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(decline))
        .routes(routes!(ask))
        .routes(routes!(remind))
        .routes(routes!(record_decline))
        .routes(routes!(answer))
}

/// An invitation in a provider's list.
#[derive(Debug, Serialize, ToSchema)]
struct InvitationLine {
    /// Its id.
    id: String,
    /// The referral's reference.
    reference: String,
    /// The home that was asked.
    home: String,
    /// The authority that asks.
    authority: String,
    /// The stored state.
    state: String,
    /// Until when it can be answered, on the clock in London.
    deadline: String,
}

fn line(invitation: &Invitation, home: String, authority: String) -> InvitationLine {
    InvitationLine {
        id: invitation.id.to_string(),
        reference: invitation.reference.to_string(),
        home,
        authority,
        state: invitation.state.name().to_owned(),
        deadline: invitation.deadline.to_string(),
    }
}

/// List what your homes were asked
#[utoipa::path(get, path = "/invitations", tag = "invitation", operation_id = "list_invitations", params(Paging), responses((status = 200, body = Listed<InvitationLine>)))]
async fn list(api: Api, paging: Paging) -> Answered {
    let found = api.app().received(&api.actor, STATES).await?;
    let page = paging.page(found, |(one, _, _)| format!("{}-{}", one.reference, one.id));
    Ok(plain(&page.map(|(one, home, authority)| line(&one, home, authority))))
}

/// An invitation with the anonymous profile that it asks about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
struct InvitationShown {
    #[serde(flatten)]
    line: InvitationLine,
    /// Its version, also in the `ETag`.
    version: i64,
    /// What was asked about; null once it can no longer be read.
    profile: Option<ProfileShown>,
    /// Your own offers on it.
    offers: Vec<OwnOffer>,
}

/// An anonymous profile.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SharedProfile)]
struct ProfileShown {
    /// Age in years.
    age: u8,
    /// Sex.
    sex: Option<code::Sex>,
    /// The lot.
    lot: String,
    /// The need band.
    need_band: String,
    /// Needs.
    needs: Vec<code::Need>,
    /// Needs that a home must meet.
    must_haves: Vec<code::Need>,
    /// The first night.
    start: Option<Date>,
    /// The planned end.
    planned_end: Option<Date>,
    /// What helps, in words.
    what_helps: String,
    /// Education, in words.
    education: String,
    /// Health, in words.
    health: String,
}

/// An offer of your own.
#[derive(Debug, Serialize, ToSchema)]
struct OwnOffer {
    /// The stored state.
    state: String,
    /// Its version, for `If-Match`.
    version: i64,
    /// The first night.
    start: Date,
    /// The price of a week, all lines together.
    total_weekly_pence: i64,
}

fn shown(one: Received) -> InvitationShown {
    let profile = &one.invitation.profile;
    let codes = |needs: placewell_domain::homes::home::NeedSet| needs.iter().map(code::Need).collect();
    InvitationShown {
        version: one.invitation.version,
        profile: one.words.map(|words| ProfileShown {
            age: profile.age,
            sex: profile.sex.map(code::Sex),
            lot: profile.lot.clone(),
            need_band: profile.need_band.clone(),
            needs: codes(profile.needs),
            must_haves: codes(profile.must_haves),
            start: profile.start,
            planned_end: profile.planned_end,
            what_helps: words.what_helps,
            education: words.education,
            health: words.health,
        }),
        offers: one
            .offers
            .iter()
            .map(|(offer, _)| OwnOffer {
                state: offer.state.name().to_owned(),
                version: offer.version,
                start: offer.terms.start,
                total_weekly_pence: offer.total().0,
            })
            .collect(),
        line: line(&one.invitation, one.home, one.authority),
    }
}

/// Read what one of your homes was asked
#[utoipa::path(get, path = "/invitations/{id}", tag = "invitation", operation_id = "get_invitation", responses((status = 200, body = InvitationShown)))]
async fn get(api: Api, Path(id): Path<i64>) -> Answered {
    let found = api.app().received_invitation(&api.actor, InvitationId(id)).await?;
    Ok(versioned(found.invitation.version, &shown(found)))
}

/// Why a home cannot offer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeclineBody {
    /// The reason.
    reason: code::DeclineReason,
}

/// Decline
#[utoipa::path(post, path = "/invitations/{id}/decline", tag = "invitation", operation_id = "decline", request_body = DeclineBody, responses((status = 200, body = Done)))]
async fn decline(Path(id): Path<i64>, sent: Sent<DeclineBody>) -> Answered {
    let Sent { api, body, key } = sent;
    let to = Answering { invitation: id, link: None };
    Ok(changed(api.perform(&key, Decline { to, reason: body.reason.0 }).await?))
}

/// A question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuestionBody {
    /// The question.
    #[schema(max_length = 2000)]
    question: String,
}

/// Ask the authority a question
#[utoipa::path(post, path = "/invitations/{id}/question", tag = "invitation", operation_id = "ask_question", request_body = QuestionBody, responses((status = 201, body = Done)))]
async fn ask(Path(id): Path<i64>, sent: Sent<QuestionBody>) -> Answered {
    let Sent { api, body, key } = sent;
    let to = Answering { invitation: id, link: None };
    Ok(made(api.perform(&key, AskQuestion { to, text: body.question }).await?))
}

/// Remind every home that has not answered
#[utoipa::path(post, path = "/referrals/{reference}/remind", tag = "invitation", request_body = Nothing, responses((status = 200, body = Done)))]
async fn remind(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, Remind { reference }).await?))
}

/// A decline by phone or e-mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordedDecline {
    /// The reason.
    reason: code::DeclineReason,
    /// `phone` or `email`.
    channel: code::Channel,
    /// When the home said it, on the clock in London.
    #[schema(value_type = String, example = "2021-09-13T09:40:00")]
    said_at: DateTime,
}

/// Record that a home declined by phone or e-mail
#[utoipa::path(post, path = "/referrals/{reference}/invitations/{number}/decline", tag = "invitation", request_body = RecordedDecline, responses((status = 200, body = Done)))]
async fn record_decline(Path((reference, number)): Path<(String, u32)>, sent: Sent<RecordedDecline>) -> Answered {
    let Sent { api, body, key } = sent;
    let (reason, channel, said_at) = (body.reason.0, body.channel.0, body.said_at);
    Ok(changed(api.perform(&key, RecordDecline { reference, number, reason, channel, said_at }).await?))
}

/// An answer to a question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    /// The answer.
    #[schema(max_length = 2000)]
    answer: String,
    /// Every home that was asked reads question and answer.
    to_everyone: bool,
}

/// Answer a home's question
#[utoipa::path(post, path = "/referrals/{reference}/questions/{id}/answer", tag = "invitation", operation_id = "answer_home", params(IfMatch), request_body = AnswerBody, responses((status = 200, body = Done)))]
async fn answer(Path((reference, id)): Path<(String, String)>, sent: Sent<AnswerBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let question = id.parse().map_err(|_| Problem::not_found())?;
    let (text, to_everyone) = (body.answer, body.to_everyone);
    Ok(changed(api.perform(&key, AnswerQuestion { reference, question, version, text, to_everyone }).await?))
}

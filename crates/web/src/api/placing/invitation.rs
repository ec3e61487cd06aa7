//! Invitations: what a provider's homes were asked, built from the frozen profile alone; declining, questions.

use axum::extract::Path;
use axum::http::Uri;
use jiff::civil::Date;
use placewell_app::placing::invitation::received::Received;
use placewell_app::placing::invitation::{Answering, AskQuestion, Decline};
use placewell_domain::id::InvitationId;
use placewell_domain::placing::invitation::Invitation;
use placewell_domain::placing::offer::OfferState;
use placewell_domain::placing::referral::Prices;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::paging::{Listed, Paging};
use crate::api::placing::line::{LineShown, MustHaveShown, Weighing, must_haves, weighing};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::fields::Fields;
use crate::server::Web;

mod asked;

/// Every state of an invitation by its stored name.
const STATES: &[&str] = &["asked", "opened", "offered", "declined", "no_reply", "withdrawn", "closed"];

/// The states in which a home can still answer or change its answer.
const OPEN: &[&str] = &["asked", "opened", "offered"];

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(decline))
        .routes(routes!(ask))
        .merge(asked::routes())
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

/// Which invitations are listed.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct Asked {
    /// One referral's, in whatever state.
    #[param(required = false, value_type = Option<String>, example = "HEF-R-0042")]
    reference: String,
    /// One stored state; those that can still be answered or changed where neither is sent.
    #[param(required = false, value_type = Option<String>, example = "asked")]
    state: String,
}

/// List what your homes were asked
#[utoipa::path(get, path = "/invitations", tag = "invitation", operation_id = "list_invitations", params(Paging, Asked), responses((status = 200, body = Listed<InvitationLine>)))]
async fn list(api: Api, paging: Paging, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let wanted = query.filled("state");
    if wanted.is_some_and(|state| !STATES.contains(&state)) {
        return Err(Problem::field("state", format!("Send one of {}", STATES.join(", "))));
    }
    let key = |(one, _, _): &(Invitation, String, String)| format!("{}-{}", one.reference, one.id);
    let only = api.app().narrowed_to(&api.actor).await?;
    let mut page = if let Some(reference) = query.filled("reference") {
        let all = api.app().received_referral(&api.actor, reference).await?.into_iter();
        let asked = all.map(|one| (one.invitation, one.home, one.authority));
        let found = asked.filter(|(one, _, _)| wanted.is_none_or(|state| one.state.name() == state));
        paging.page(found.collect(), key)
    } else {
        let (after, limit) = paging.read();
        let (reference, id) = after.rsplit_once('-').unwrap_or((after, "0"));
        let after = (reference, id.parse().unwrap_or_default());
        let states = wanted.as_ref().map_or(OPEN, std::slice::from_ref);
        paging.cut(api.app().received_after(&api.actor, states, (after, limit)).await?, key)
    };
    page.items.retain(|(one, _, _)| only.is_none_or(|home| one.home == home));
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
    /// Prices are sealed until the deadline: no offer changes after it.
    sealed: bool,
    /// How offers are scored, fixed before homes were asked; empty where that was not kept.
    scoring: Vec<Weighing>,
    /// How many children your beds show on the night that was asked for, held beds among them: an offer gives a line for each;
    /// null where you show no beds, or no night was named.
    residents_there: Option<u32>,
    /// Somebody has moved in or out since the impact assessment of your sent offer: change it, or it cannot be recommended.
    residents_changed: bool,
    /// Your own offers on it, the newest first.
    offers: Vec<OwnOffer>,
    /// Your own questions.
    questions: Vec<ExchangeLine>,
    /// What the authority answered to everybody who was asked.
    shared: Vec<ExchangeLine>,
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
    /// The district from which distances are measured.
    from: Option<String>,
    /// The furthest, in miles.
    within_miles: Option<u16>,
    /// Whether needs are complex.
    complex_needs: bool,
    /// Siblings to be placed together with.
    siblings: u8,
    /// Each risk that is present or likely, with what to know about it.
    risks: Vec<RiskLine>,
    /// What helps, in words.
    what_helps: String,
    /// Education, in words.
    education: String,
    /// Health, in words.
    health: String,
}

/// A risk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SharedRisk)]
struct RiskLine {
    /// Which.
    risk: code::Risk,
    /// How high.
    level: code::RiskLevel,
    /// What to know about it, in words.
    words: Option<String>,
}

/// A question and its answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuestionAndAnswer)]
struct ExchangeLine {
    /// The question.
    question: String,
    /// The answer, once there is one.
    answer: Option<String>,
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
    #[schema(example = 415_000)]
    total_weekly_pence: i64,
    /// Its price lines.
    lines: Vec<LineShown>,
    /// How each must-have is met.
    must_haves: Vec<MustHaveShown>,
    /// Until when it is valid, on the clock in London.
    valid_until: String,
    /// Of an offer that was not chosen: why.
    not_chosen: Option<code::NotChosenReason>,
    /// Of an offer that was not chosen: where its price lay, never a rival's price.
    price_position: Option<code::PricePosition>,
}

fn shown(one: Received, residents_there: Option<u32>, residents_changed: bool) -> InvitationShown {
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
            from: profile.from.as_ref().map(ToString::to_string),
            within_miles: profile.within_miles,
            complex_needs: profile.complex_needs,
            siblings: profile.siblings,
            risks: profile
                .risks
                .iter()
                .map(|(risk, level)| RiskLine {
                    risk: (*risk).into(),
                    level: (*level).into(),
                    words: words.risks.iter().find(|(which, _)| which == risk).map(|(_, text)| text.clone()),
                })
                .collect(),
        }),
        sealed: one.invitation.prices == Prices::Sealed,
        scoring: weighing(one.invitation.scoring.as_ref()),
        residents_there,
        residents_changed,
        questions: one.questions.into_iter().map(|(_, question, answer)| ExchangeLine { question, answer }).collect(),
        shared: one
            .shared
            .into_iter()
            .map(|(_, shared)| ExchangeLine { question: shared.question, answer: Some(shared.answer) })
            .collect(),
        offers: one
            .offers
            .iter()
            .map(|(offer, words)| OwnOffer {
                state: offer.state.name().to_owned(),
                version: offer.version,
                start: offer.terms.start,
                total_weekly_pence: offer.total().0,
                lines: offer.terms.lines.iter().map(LineShown::from).collect(),
                must_haves: must_haves(&offer.terms, words),
                valid_until: offer.terms.valid_until.to_string(),
                not_chosen: match &offer.state {
                    OfferState::NotChosen { reason, .. } => Some((*reason).into()),
                    _ => None,
                },
                price_position: match &offer.state {
                    OfferState::NotChosen { position, .. } => position.map(Into::into),
                    _ => None,
                },
            })
            .collect(),
        line: line(&one.invitation, one.home, one.authority),
    }
}

/// Read what one of your homes was asked
///
/// The first reading opens the invitation: the authority sees that it was read.
#[utoipa::path(get, path = "/invitations/{id}", tag = "invitation", operation_id = "get_invitation", responses((status = 200, body = InvitationShown)))]
async fn get(api: Api, Path(id): Path<i64>) -> Answered {
    let read = [api.app().received_invitation(&api.actor, InvitationId(id)).await?];
    api.app().note_opened(&api.actor, &read).await?;
    let found = api.app().received_invitation(&api.actor, InvitationId(id)).await?;
    let there = match found.invitation.profile.start {
        Some(night) => api.app().residents_there(&api.actor, &found.invitation, night).await?,
        None => None,
    };
    let mut changed = false;
    for (offer, _) in &found.offers {
        changed |= api.app().residents_changed(&api.actor, offer).await?;
    }
    Ok(versioned(found.invitation.version, &shown(found, there, changed)))
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

//! What a referral's record tells: its statement for a court and its timeline; and the correction of who the child is.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::clock::moment_at;
use placewell_app::placing::disclosure::correcting::CorrectChild;
use placewell_app::placing::referral::home::RecordedEvent;
use placewell_app::placing::referral::statement::{Approached, Statement};
use placewell_domain::outcome::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::form;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::IfMatch;
use crate::placing::referral::acts::read_identity;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(statement)).routes(routes!(timeline)).routes(routes!(correct))
}

/// The statement of a search for a court: no child is named in it, and no free text stands in it.
#[derive(Debug, Serialize, ToSchema)]
struct SearchStatement {
    /// The referral.
    reference: String,
    /// The placing authority.
    authority: String,
    /// When it was sent, on the clock in London.
    sent: Option<String>,
    /// Until when homes could answer in time.
    closed: Option<String>,
    /// Homes on record when homes were asked last.
    homes_searched: Option<u32>,
    /// Of them, those that could meet the needs.
    could_meet: Option<u32>,
    /// How many each reason left out.
    left_out: Vec<LeftOutCount>,
    /// By what offers are scored, as it was fixed by sending: each criterion with its weight.
    scoring: Vec<String>,
    /// The homes approached.
    homes: Vec<ApproachedHome>,
    /// SHA-256 of the content.
    sha256: String,
}

/// A reason with how many homes it left out.
#[derive(Debug, Serialize, ToSchema)]
struct LeftOutCount {
    /// The reason's code.
    reason: String,
    /// How many homes.
    homes: u32,
}

/// A home that was approached.
#[derive(Debug, Serialize, ToSchema)]
struct ApproachedHome {
    /// Its number on the referral.
    number: u32,
    /// Its name.
    home: String,
    /// Its Ofsted number.
    urn: String,
    /// Its provider.
    provider: String,
    /// In which tier.
    tier: String,
    /// When it was asked.
    asked: String,
    /// What it answered, in coded words.
    answer: String,
    /// When it answered.
    answered: Option<String>,
    /// How far it is.
    distance: Option<String>,
    /// How it was registered when it was asked.
    registration: Option<String>,
    /// Ofsted's grade then.
    grade: Option<String>,
    /// All points of its offer, of 100, when an offer was recommended last; null where it was not scored.
    points: Option<String>,
}

impl From<Approached> for ApproachedHome {
    fn from(one: Approached) -> Self {
        Self {
            number: one.number,
            home: one.home,
            urn: one.urn,
            provider: one.provider,
            tier: one.tier.to_owned(),
            asked: one.asked.to_string(),
            answer: one.answer,
            answered: one.answered.map(|at| at.to_string()),
            distance: one.distance,
            registration: one.registration,
            grade: one.grade,
            points: one.points,
        }
    }
}

fn shown(found: Statement, sha256: String) -> SearchStatement {
    let search = found.search.as_ref();
    let left_out = search.into_iter().flat_map(|search| search.left_out.iter());
    SearchStatement {
        homes_searched: search.map(|search| search.homes),
        could_meet: search.map(|search| search.could_meet),
        left_out: left_out.map(|(reason, homes)| LeftOutCount { reason: reason.clone(), homes: *homes }).collect(),
        reference: found.reference,
        authority: found.authority,
        scoring: found.scoring,
        sent: found.sent.map(|at| at.to_string()),
        closed: found.closed.map(|at| at.to_string()),
        homes: found.homes.into_iter().map(ApproachedHome::from).collect(),
        sha256,
    }
}

/// Read the statement of a search, for a court
#[utoipa::path(get, path = "/referrals/{reference}/statement", tag = "referral", operation_id = "search_statement", responses((status = 200, body = SearchStatement)))]
async fn statement(api: Api, Path(reference): Path<String>) -> Answered {
    let (found, hash) = api.app().search_statement(&api.actor, &reference).await?;
    Ok(plain(&shown(found, hash)))
}

/// Something that happened to a referral.
#[derive(Debug, Serialize, ToSchema)]
struct ReferralEvent {
    /// What.
    #[schema(example = "referral.sent")]
    event: String,
    /// When, on the clock in London.
    at: String,
    /// Who did it.
    by: String,
    /// Figures and codes.
    facts: Vec<EventFact>,
}

/// A figure or a code of an event.
#[derive(Debug, Serialize, ToSchema)]
struct EventFact {
    /// Its name.
    name: String,
    /// Its value.
    value: String,
}

/// List what happened to a referral, oldest first
#[utoipa::path(get, path = "/referrals/{reference}/timeline", tag = "referral", operation_id = "referral_timeline", responses((status = 200, body = Vec<ReferralEvent>)))]
async fn timeline(api: Api, Path(reference): Path<String>) -> Answered {
    let events = api.app().referral_timeline(&api.actor, &reference).await?;
    let line = |(recorded, by): (RecordedEvent, String)| ReferralEvent {
        event: recorded.event.kind.clone(),
        at: moment_at(recorded.moment).local.to_string(),
        by,
        facts: recorded.event.facts.into_iter().map(|(name, value)| EventFact { name, value }).collect(),
    };
    Ok(plain(&events.into_iter().map(line).collect::<Vec<_>>()))
}

/// Who a child is, whole, as it shall be.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectedChild {
    /// Given names; sealed.
    given_names: String,
    /// Family name; sealed.
    family_name: String,
    /// The name that the child uses, where it is another; sealed.
    known_as: Option<String>,
    /// Date of birth; sealed.
    born: Date,
    /// Sex.
    sex: code::Sex,
    /// The number in your case system; sealed.
    case_number: String,
    /// Other names that homes must not read, with commas between; sealed.
    other_names: Option<String>,
    /// Where home is; sealed.
    home_postcode: Option<String>,
    /// The school; sealed.
    school: Option<String>,
}

/// Correct who the child is
///
/// Send the whole record as it shall be, with the `ETag` of the reading. It is recorded that it was corrected, and never
/// what it says.
#[utoipa::path(post, path = "/referrals/{reference}/child/correct", tag = "referral", operation_id = "correct_child", params(IfMatch), request_body = CorrectedChild, responses((status = 200, body = Done)))]
async fn correct(Path(reference): Path<String>, sent: Sent<CorrectedChild>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let mut invalid = Invalid::default();
    let read = read_identity(&form::fields(&body)?, &mut invalid);
    invalid.or(())?;
    let identity = read.ok_or_else(|| Problem::field("born", "Send the date of birth"))?;
    Ok(changed(api.perform(&key, CorrectChild { reference, version, identity }).await?))
}

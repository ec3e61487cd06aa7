//! Disclosure in stages: what a home reads on the shortlist and when it is chosen, each reading recorded; and whether the
//! child is known to associate with somebody, answered yes or no.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::placing::disclosure::{AnswerAssociate, AskAssociate, ReadAssociate};
use placewell_domain::id::InvitationId;
use placewell_domain::placing::disclosure::associate::AssociateState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::IfMatch;
use crate::server::Web;

mod stages;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    stages::routes()
        .routes(routes!(chronology))
        .routes(routes!(child))
        .routes(routes!(associates, ask))
        .routes(routes!(asked))
        .routes(routes!(answer))
}

/// The history of risk.
#[derive(Debug, Serialize, ToSchema)]
struct Chronology {
    /// The history, without names.
    risk_chronology: String,
}

/// Read the risk chronology, once your home is on the shortlist
///
/// Every reading is recorded and shown to the authority.
#[utoipa::path(get, path = "/invitations/{id}/chronology", tag = "disclosure", operation_id = "get_chronology", responses((status = 200, body = Chronology)))]
async fn chronology(api: Api, Path(id): Path<i64>) -> Answered {
    let (_, found) = api.app().read_chronology(&api.actor, InvitationId(id)).await?;
    Ok(plain(&Chronology { risk_chronology: found.risk_chronology }))
}

/// Who the child is, for the home that is chosen.
#[derive(Debug, Serialize, ToSchema)]
struct DisclosedChild {
    /// Given names.
    given_names: String,
    /// Family name.
    family_name: String,
    /// The name that the child goes by.
    known_as: Option<String>,
    /// Date of birth.
    born: Date,
    /// The school.
    school: Option<String>,
    /// The number in the authority's case system.
    case_number: String,
}

/// Read who the child is, once your home is chosen
///
/// Every reading is recorded and shown to the authority. No other operation tells a provider.
#[utoipa::path(get, path = "/invitations/{id}/child", tag = "disclosure", operation_id = "get_disclosed_child", responses((status = 200, body = DisclosedChild)))]
async fn child(api: Api, Path(id): Path<i64>) -> Answered {
    let (_, found) = api.app().read_identity(&api.actor, InvitationId(id)).await?;
    Ok(plain(&DisclosedChild {
        given_names: found.given_names,
        family_name: found.family_name,
        known_as: found.known_as,
        born: found.born,
        school: found.school,
        case_number: found.case_number,
    }))
}

/// Whether the child is known to associate with somebody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssociateQuestion)]
struct AssociateLine {
    /// Its id.
    id: String,
    /// Its version, for `If-Match`.
    version: i64,
    /// Whom it is about.
    about: String,
    /// The answer, once there is one.
    known: Option<code::AssociateAnswer>,
}

impl From<ReadAssociate> for AssociateLine {
    fn from(one: ReadAssociate) -> Self {
        let known = match one.question.state {
            AssociateState::Asked => None,
            AssociateState::Answered { known, .. } => Some(known.into()),
        };
        Self { id: one.question.id.to_string(), version: one.question.version, about: one.about, known }
    }
}

/// List your questions about known associates
#[utoipa::path(get, path = "/invitations/{id}/associates", tag = "disclosure", operation_id = "list_own_associates", responses((status = 200, body = Vec<AssociateLine>)))]
async fn associates(api: Api, Path(id): Path<i64>) -> Answered {
    let found = api.app().may_read(&api.actor, InvitationId(id)).await?;
    Ok(plain(&found.associates.into_iter().map(AssociateLine::from).collect::<Vec<_>>()))
}

/// Whom a question is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AboutWhom {
    /// Whom, in words; sealed.
    #[schema(max_length = 2000)]
    about: String,
}

/// Ask whether the child is known to associate with somebody
#[utoipa::path(post, path = "/invitations/{id}/associates", tag = "disclosure", operation_id = "ask_associate", request_body = AboutWhom, responses((status = 201, body = Done)))]
async fn ask(Path(id): Path<i64>, sent: Sent<AboutWhom>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(made(api.perform(&key, AskAssociate { invitation: id, about: body.about }).await?))
}

/// List a home's questions about known associates
#[utoipa::path(get, path = "/referrals/{reference}/offers/{number}/associates", tag = "disclosure", operation_id = "list_associates", responses((status = 200, body = Vec<AssociateLine>)))]
async fn asked(api: Api, Path((reference, number)): Path<(String, u32)>) -> Answered {
    let (_, offer, _) = api.app().referral_offer(&api.actor, &reference, number).await?;
    let found = api.app().disclosure_receipts(&api.actor, &offer).await?;
    Ok(plain(&found.associates.into_iter().map(AssociateLine::from).collect::<Vec<_>>()))
}

/// The answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KnownOrNot {
    /// Yes or no.
    known: code::AssociateAnswer,
}

/// Answer a home's question about a known associate, yes or no
#[utoipa::path(post, path = "/referrals/{reference}/associates/{id}/answer", tag = "disclosure", operation_id = "answer_associate", params(IfMatch), request_body = KnownOrNot, responses((status = 200, body = Done)))]
async fn answer(Path((reference, id)): Path<(String, String)>, sent: Sent<KnownOrNot>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let question = id.parse().map_err(|_| Problem::not_found())?;
    Ok(changed(api.perform(&key, AnswerAssociate { reference, question, version, known: body.known.0 }).await?))
}

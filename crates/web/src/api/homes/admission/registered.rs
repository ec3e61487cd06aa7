//! Providers that registered themselves, and what the regional team makes of each. To register is a page's road alone: an
//! operation needs a token, and whoever registers has none yet.

use axum::extract::Path;
use jiff::civil::DateTime;
use placewell_app::homes::admission::registered::{
    ConfirmRegistration, JoinRegistration, KnownAs, RefuseRegistration, RegistrationPage,
};
use placewell_domain::homes::admission::registration::Registration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{Id, IfMatch};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(confirm))
        .routes(routes!(join))
        .routes(routes!(refuse))
}

/// A provider that registered itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Registration)]
struct RegistrationShown {
    /// Its id.
    id: Id,
    /// Its version.
    version: i64,
    /// The legal entity.
    legal_name: String,
    /// Its company or charity number.
    company_number: String,
    /// The opening in which it registered.
    opening: String,
    /// When.
    #[schema(value_type = String, example = "2021-09-13T10:20:00")]
    at: DateTime,
    /// `registered`, `confirmed`, `joined` or `refused`.
    state: &'static str,
    /// Whether its number or its name is another provider's too.
    known: bool,
}

fn shown(one: &Registration, known: bool) -> RegistrationShown {
    RegistrationShown {
        id: Id(one.id.0),
        version: one.version,
        legal_name: one.asked.legal_name.clone(),
        company_number: one.asked.company_number.clone(),
        opening: one.opening_reference.clone(),
        at: one.at,
        state: one.state.name(),
        known,
    }
}

/// The registrations.
#[derive(Debug, Serialize, ToSchema)]
struct Registrations {
    /// Those to be looked at first, then the latest.
    registrations: Vec<RegistrationShown>,
}

/// List the providers that registered themselves
#[utoipa::path(get, path = "/registrations", tag = "admission", operation_id = "list_registrations", responses((status = 200, body = Registrations)))]
async fn list(api: Api) -> Answered {
    let found = api.app().registrations(&api.actor).await?;
    let registrations = found.iter().map(|(one, known)| shown(one, *known)).collect();
    Ok(plain(&Registrations { registrations }))
}

/// A provider that has the number or the name too.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProviderKnown)]
struct KnownShown {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// The company number is the same; else the name.
    by_number: bool,
    /// Whether anybody works for it here.
    has_people: bool,
}

/// A registration with what is known of its provider.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegistrationRead)]
struct RegistrationReadShown {
    /// The registration.
    registration: RegistrationShown,
    /// The code of the organisation that was made for it.
    provider: String,
    /// Who registered it.
    name: String,
    /// Their job title.
    title: String,
    /// Their e-mail address, proven by a link.
    email: String,
    /// Who has the number or the name too.
    known: Vec<KnownShown>,
    /// The numbers of its homes on the register.
    homes: Vec<String>,
}

impl From<RegistrationPage> for RegistrationReadShown {
    fn from(found: RegistrationPage) -> Self {
        let known = |one: KnownAs| KnownShown {
            code: one.code,
            name: one.name,
            by_number: one.by_number,
            has_people: one.has_people,
        };
        let one = &found.registration;
        Self {
            registration: shown(one, !found.known.is_empty()),
            provider: found.code,
            name: one.asked.name.clone(),
            title: one.asked.title.clone(),
            email: one.asked.email.clone(),
            known: found.known.into_iter().map(known).collect(),
            homes: found.homes.into_iter().map(|(urn, _)| urn).collect(),
        }
    }
}

/// Read one registration
#[utoipa::path(get, path = "/registrations/{id}", tag = "admission", operation_id = "read_registration", responses((status = 200, body = RegistrationReadShown)))]
async fn show(api: Api, Path(id): Path<i64>) -> Answered {
    let found = api.app().registration_page(&api.actor, id).await?;
    let version = found.registration.version;
    Ok(versioned(version, &RegistrationReadShown::from(found)))
}

/// Homes of a provider that is confirmed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RegistrationConfirmed {
    /// Ofsted's numbers of its homes that nobody here keeps; none where the register has none yet.
    #[schema(max_items = 50)]
    homes: Vec<String>,
}

/// Confirm who a provider is, and hand over its homes
#[utoipa::path(post, path = "/registrations/{id}/confirm", tag = "admission", operation_id = "confirm_registration", params(IfMatch), request_body = RegistrationConfirmed, responses((status = 200, body = Done)))]
async fn confirm(Path(id): Path<i64>, sent: Sent<RegistrationConfirmed>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = ConfirmRegistration { registration: id, version, homes: body.homes };
    let receipt = api.perform(&key, command).await?;
    api.app().homes.forget().await;
    Ok(changed(receipt))
}

/// The provider that a registration is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RegistrationJoined {
    /// Its code.
    #[schema(example = "elm-care-limited", max_length = 100)]
    provider: String,
}

/// Say that it is a provider that is known here
#[utoipa::path(post, path = "/registrations/{id}/join", tag = "admission", operation_id = "join_registration", params(IfMatch), request_body = RegistrationJoined, responses((status = 200, body = Done)))]
async fn join(Path(id): Path<i64>, sent: Sent<RegistrationJoined>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = JoinRegistration { registration: id, version, provider: body.provider };
    Ok(changed(api.perform(&key, command).await?))
}

/// Why a registration is not taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RegistrationRefused {
    /// The reason; whoever registered is mailed it.
    why: code::RegistrationRefusal,
}

/// Say that a registration is not taken
#[utoipa::path(post, path = "/registrations/{id}/refuse", tag = "admission", operation_id = "refuse_registration", params(IfMatch), request_body = RegistrationRefused, responses((status = 200, body = Done)))]
async fn refuse(Path(id): Path<i64>, sent: Sent<RegistrationRefused>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, RefuseRegistration { registration: id, version, why: body.why.0 }).await?))
}

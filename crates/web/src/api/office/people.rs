//! The people of an organisation and its identity provider, for programs of its administrator.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::office::person::admitting::{DropProvider, KeepProvider};
use placewell_app::office::person::last_day::MoveLastDay;
use placewell_app::office::person::people::{
    Colleague, EndRole, EndSignIns, GivenBy, InvitePerson, ResetSignIn, WithdrawWelcome,
};
use placewell_domain::id::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::paging::{Listed, Paging};
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::{Id, Nothing};
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list_people))
        .routes(routes!(invite_person))
        .routes(routes!(withdraw_invitation))
        .routes(routes!(move_last_day))
        .routes(routes!(end_role))
        .routes(routes!(end_sign_ins))
        .routes(routes!(reset_sign_in))
        .routes(routes!(keep_provider, drop_provider))
}

/// A role that somebody holds in your organisation.
#[derive(Debug, Serialize, ToSchema)]
struct PersonRole {
    /// The person's id.
    person: Id,
    /// Their name.
    name: String,
    /// Where mail goes.
    email: String,
    /// The role.
    #[schema(example = "placement_officer")]
    role: String,
    /// The job title.
    title: String,
    /// From when they hold it.
    from: Date,
    /// The first day on which they hold it no longer.
    to: Date,
    /// Whether the identity provider gave it.
    provided: bool,
    /// Whether it is lent for the days of a cover, which ends it.
    lent: bool,
}

impl From<Colleague> for PersonRole {
    fn from(one: Colleague) -> Self {
        Self {
            person: Id(one.person.0),
            name: one.name,
            email: one.email,
            role: one.role.code().to_owned(),
            title: one.title,
            from: one.from,
            to: one.to,
            provided: one.by == GivenBy::Provider,
            lent: one.by == GivenBy::Cover,
        }
    }
}

/// Somebody to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewInvitation {
    /// Their name.
    name: String,
    /// Where the link is mailed.
    email: String,
    /// The role.
    #[schema(example = "placement_officer")]
    role: String,
    /// The job title.
    title: String,
    /// The last day in the role.
    until: Option<Date>,
    /// The organisation's code; your own where left out. The operator's administrators name one that has nobody yet.
    #[schema(example = "oak-lane-care")]
    organisation: Option<String>,
}

/// Until when somebody holds a role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleUntil {
    /// The role.
    #[schema(example = "placement_officer")]
    role: String,
    /// The last day in the role; left out where it has no end yet.
    until: Option<Date>,
}

/// The role to end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleToEnd {
    /// The role.
    #[schema(example = "placement_officer")]
    role: String,
}

/// What is said of an identity provider.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IdentityProvider)]
struct Provider {
    /// Its address.
    #[schema(example = "https://id.authority.example")]
    issuer: String,
    /// What it calls this service.
    client_id: String,
    /// The secret that it gave; nothing keeps the one before, of the same issuer and client.
    secret: Option<String>,
    /// The claim that names roles or groups.
    #[schema(example = "roles")]
    claim: String,
    /// Which values give which roles, a line each.
    #[schema(example = "placements = placement_officer, Team manager")]
    rules: String,
    /// Who may come in by it: `invited` or `anyone`.
    #[schema(example = "invited")]
    admits: String,
    /// Whether passwords no longer open the organisation; once they do not, sessions and tokens by them end.
    only_way: bool,
    /// The version that was read; 0 where there was none.
    version: i64,
}

/// List the people of your organisation, a row for each role
#[utoipa::path(get, path = "/people", tag = "person", params(Paging), responses((status = 200, body = Listed<PersonRole>)))]
async fn list_people(api: Api, paging: Paging) -> Answered {
    let people = api.app().people(&api.actor).await?;
    let rows: Vec<PersonRole> = people.colleagues.into_iter().map(PersonRole::from).collect();
    Ok(plain(&paging.page(rows, |row| format!("{:020}/{}/{}", row.person.0, row.role, row.from))))
}

/// Invite somebody to work for your organisation, or as the operator the first person of one that has nobody
#[utoipa::path(post, path = "/people/invitations", tag = "person", request_body = NewInvitation, responses((status = 201, body = Done)))]
async fn invite_person(sent: Sent<NewInvitation>) -> Answered {
    let Sent { api, body, key } = sent;
    let NewInvitation { name, email, role, title, until, organisation } = body;
    let actor = api.app().inviting_for(&api.actor, organisation.as_deref().unwrap_or_default()).await?;
    let command = InvitePerson { name, email, role, title, until };
    Ok(made(api.app().perform(&actor, &key, command).await?))
}

/// Take an invitation back
#[utoipa::path(post, path = "/people/invitations/{id}/withdraw", tag = "person", request_body = Nothing, responses((status = 200, body = Done)))]
async fn withdraw_invitation(Path(id): Path<i64>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, WithdrawWelcome { invitation: id }).await?))
}

/// Move the last day of a person's role
///
/// A role that is lent for cover ends with the cover, and a last day reaches into no other days of the same role.
#[utoipa::path(post, path = "/people/{id}/last-day", tag = "person", request_body = RoleUntil, responses((status = 200, body = Done)))]
async fn move_last_day(Path(id): Path<i64>, sent: Sent<RoleUntil>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = MoveLastDay { person: PersonId(id), role: body.role, until: body.until };
    Ok(changed(api.perform(&key, command).await?))
}

/// End a role of a person
#[utoipa::path(post, path = "/people/{id}/end-role", tag = "person", request_body = RoleToEnd, responses((status = 200, body = Done)))]
async fn end_role(Path(id): Path<i64>, sent: Sent<RoleToEnd>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, EndRole { person: PersonId(id), role: body.role }).await?))
}

/// End every session and token of a person in your organisation
#[utoipa::path(post, path = "/people/{id}/end-sign-ins", tag = "person", request_body = Nothing, responses((status = 200, body = Done)))]
async fn end_sign_ins(Path(id): Path<i64>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, EndSignIns { person: PersonId(id), sign_in: None }).await?))
}

/// Reset how a person signs in
#[utoipa::path(post, path = "/people/{id}/reset", tag = "person", request_body = Nothing, responses((status = 200, body = Done)))]
async fn reset_sign_in(Path(id): Path<i64>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, ResetSignIn { person: PersonId(id) }).await?))
}

/// Say which identity provider your organisation's people sign in by
#[utoipa::path(put, path = "/people/provider", tag = "person", request_body = Provider, responses((status = 200, body = Done)))]
async fn keep_provider(sent: Sent<Provider>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = KeepProvider {
        issuer: body.issuer,
        client_id: body.client_id,
        secret: body.secret.unwrap_or_default(),
        claim: body.claim,
        rules: body.rules,
        admits: body.admits,
        only_way: body.only_way,
        version: body.version,
        asking: api.token.clone(),
    };
    Ok(changed(api.perform(&key, command).await?))
}

/// Take the identity provider away
#[utoipa::path(delete, path = "/people/provider", tag = "person", responses((status = 200, body = Done)))]
async fn drop_provider(sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, DropProvider).await?))
}

//! Who the token's person is, for whom they act, and what their role includes.

use placewell_domain::office::access::{Action, may};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::problem::Answered;
use crate::api::reply::plain;
use crate::api::request::Api;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(me)).routes(routes!(owed))
}

/// The person whose token it is.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// Their name.
    name: String,
    /// The role that the token acts in.
    #[schema(example = "placement_officer")]
    role: String,
    /// The role in words.
    role_label: String,
    /// Whom they act for.
    organisation: Own,
    /// What the role may ask for, by the permission table's names.
    #[schema(example = json!(["SeeReferrals", "MakeReferral"]))]
    actions: Vec<String>,
    /// The day by the business calendar, which a demonstration lets stand still.
    today: jiff::civil::Date,
}

/// The organisation that a token acts for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnOrganisation)]
struct Own {
    /// Three letters for an authority, a slug for all others.
    #[schema(example = "HEF")]
    code: String,
    /// Its name.
    name: String,
    /// What it is.
    #[schema(example = "authority")]
    kind: String,
}

/// Read who you are and what your role includes
#[utoipa::path(get, path = "/me", tag = "person", responses((status = 200, body = Me)))]
async fn me(api: Api) -> Answered {
    let actor = &api.actor;
    let actions = Action::ALL.iter().filter(|action| may(actor.role, **action)).map(|action| action.name().to_owned());
    Ok(plain(&Me {
        name: actor.name.clone(),
        role: actor.role.code().to_owned(),
        role_label: actor.role.label().to_owned(),
        organisation: Own {
            code: actor.code.clone(),
            name: actor.organisation_name.clone(),
            kind: actor.kind.code().to_owned(),
        },
        actions: actions.collect(),
        today: api.now().today(),
    }))
}

/// One thing that waits for you.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Owed)]
struct OwedShown {
    /// What it is about: a reference, or a home's name.
    about: String,
    /// What waits.
    what: String,
    /// By when, or since when.
    due: jiff::civil::Date,
    /// Whether its day has passed.
    late: bool,
    /// The page on which it is dealt with.
    page: String,
}

/// List what waits for you, the earliest first
#[utoipa::path(get, path = "/owed", tag = "person", responses((status = 200, body = Vec<OwedShown>)))]
async fn owed(api: Api) -> Answered {
    let today = api.app().calendar.now().today();
    let found = api.app().owed(&api.actor).await?.into_iter().map(|one| OwedShown {
        late: one.late(today),
        about: one.about,
        what: one.what,
        due: one.due,
        page: one.path,
    });
    Ok(plain(&found.collect::<Vec<_>>()))
}

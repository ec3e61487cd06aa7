//! Who takes no new placements today, with how many children stay there.

use jiff::civil::Date;
use placewell_app::homes::standing::Stopped;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::Answered;
use crate::api::reply::plain;
use crate::api::request::Api;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list_stopped))
}

/// How many children of one authority stay.
#[derive(Debug, Serialize, ToSchema)]
struct ChildrenWhoStay {
    /// The authority's name.
    authority: String,
    /// Children placed there.
    children: u32,
}

/// A provider or a home that takes no new placements today.
#[derive(Debug, Serialize, ToSchema)]
struct NoNewPlacements {
    /// `home`, or `provider` for all its homes.
    about: &'static str,
    /// The home's Ofsted number, or the provider's code.
    code: String,
    /// Its name.
    name: String,
    /// How it stands.
    standing: code::Standing,
    /// Why.
    reason: code::StandingReason,
    /// Who says so.
    source: code::StandingSource,
    /// Since which day.
    since: Date,
    /// Children placed there.
    children: u32,
    /// The same by authority; those without are left out.
    by_authority: Vec<ChildrenWhoStay>,
}

impl From<Stopped> for NoNewPlacements {
    fn from(of: Stopped) -> Self {
        let children = of.placed();
        Self {
            about: if of.of_provider() { "provider" } else { "home" },
            standing: of.fact.standing.into(),
            reason: of.fact.reason.into(),
            source: of.fact.source.into(),
            since: of.fact.from,
            children,
            by_authority: of
                .children
                .into_iter()
                .map(|(authority, children)| ChildrenWhoStay { authority, children })
                .collect(),
            code: of.code,
            name: of.name,
        }
    }
}

/// A key that stays while children come and go, so that no row is missed between two pages.
fn key(of: &Stopped) -> String {
    let fact = &of.fact;
    format!("{}.{}.{}.{}", of.code, fact.from, fact.source.code(), fact.standing.code())
}

/// List who takes no new placements today, with the children who stay there
#[utoipa::path(get, path = "/region/no-new-placements", tag = "standing", params(Paging), responses((status = 200, body = Listed<NoNewPlacements>)))]
async fn list_stopped(api: Api, paging: Paging) -> Answered {
    let all = api.app().stopped(&api.actor).await?;
    Ok(plain(&paging.page(all, key).map(NoNewPlacements::from)))
}

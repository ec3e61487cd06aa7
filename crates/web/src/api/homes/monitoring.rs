//! How homes are watched: returns, visits, concerns and plans, hours of support, placements under strain.

use utoipa_axum::router::OpenApiRouter;

use crate::server::Web;

mod placements;
mod returns;
mod watching;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().merge(returns::routes()).merge(watching::routes()).merge(placements::routes())
}

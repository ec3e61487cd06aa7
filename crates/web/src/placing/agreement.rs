//! Agreements: the list, the record, its stored copies, and the acts of either side.

mod acts;
mod changes;
mod show;

use axum::Router;
use axum::routing::get;

use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/agreements", get(show::list))
        .route("/agreements/{reference}", get(show::show))
        .route("/agreements/{reference}/{act}", get(acts::ask).post(acts::send))
}

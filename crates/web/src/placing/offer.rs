//! Offers: what an officer reads and decides of them.

use axum::Router;

use crate::server::Web;

pub mod judging;

/// The routes.
pub fn routes() -> Router<Web> {
    judging::routes()
}

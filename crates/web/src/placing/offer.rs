//! Offers: what an officer reads and decides of them, and what a home keeps to say again in them.

use axum::Router;

use crate::server::Web;

pub mod judging;
pub mod wording;

/// The routes.
pub fn routes() -> Router<Web> {
    judging::routes().merge(wording::routes())
}

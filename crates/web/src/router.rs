//! Every route of the product, room by room, in the order of the wings.

use axum::Router;
use axum::middleware;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::server::Web;
use crate::{assets, office, security};

/// The whole service.
pub fn router(web: Web) -> Router {
    Router::new()
        .route("/assets/{digest}/{*name}", get(assets::serve))
        .merge(office::organisation::routes())
        .merge(office::person::routes())
        .merge(office::access::routes())
        .merge(office::message::routes())
        .merge(office::record::routes())
        .method_not_allowed_fallback(office::person::wrong_method)
        .fallback(office::person::not_found)
        .layer(middleware::from_fn_with_state(web.clone(), security::guard))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .with_state(web)
}

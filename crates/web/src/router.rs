//! Every route of the product, room by room, in the order of the wings.

use std::any::Any;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::server::Web;
use crate::{
    api, assets, buying, home, homes, office, placing, power, reporting, security, setting, start, tour, wellknown,
};

/// The whole service.
pub fn router(web: Web) -> Router {
    let routes = Router::new();
    #[cfg(feature = "planted-holes")]
    let routes = routes.merge(crate::planted::routes());
    routes
        .route("/assets/{digest}/{*name}", get(assets::serve))
        .merge(wellknown::routes())
        .merge(start::routes())
        .merge(home::routes())
        .merge(tour::routes())
        .merge(setting::routes())
        .merge(office::organisation::routes())
        .merge(office::person::routes())
        .merge(office::access::routes())
        .merge(office::message::routes())
        .merge(office::record::routes())
        .merge(office::import::routes())
        .merge(power::decision::routes())
        .merge(power::delegation::routes())
        .merge(power::arrangement::routes())
        .merge(power::annual_value::routes())
        .merge(homes::home::routes())
        .merge(homes::admission::routes())
        .merge(homes::standing::routes())
        .merge(homes::price::routes())
        .merge(homes::monitoring::routes())
        .merge(placing::occupancy::routes())
        .merge(placing::referral::routes())
        .merge(placing::invitation::routes())
        .merge(placing::child::routes())
        .merge(placing::disclosure::routes())
        .merge(placing::offer::routes())
        .merge(placing::approval::routes())
        .merge(placing::agreement::routes())
        .merge(placing::referral::homes::routes())
        .merge(buying::spot::routes())
        .merge(buying::check::routes())
        .merge(buying::block::routes())
        .merge(reporting::comparison::routes())
        .merge(reporting::publication::routes())
        .merge(reporting::appraisal::routes())
        .merge(api::routes(web.clone()))
        .method_not_allowed_fallback(office::person::wrong_method)
        .fallback(office::person::not_found)
        .layer(CatchPanicLayer::custom(fault))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, web.limits.request))
        .layer(middleware::from_fn_with_state(web.clone(), security::guard))
        .layer(CompressionLayer::new())
        .with_state(web)
}

/// The answer where a handler panicked; where it did is in the log, under the request's reference.
fn fault(_panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = "The service met a fault of its own. Its reference for support is in the header x-request-id.\n";
    (StatusCode::INTERNAL_SERVER_ERROR, words).into_response()
}

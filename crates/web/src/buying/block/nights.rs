//! The nights of a mini-block: the month's page and its CSV, the forms, recharge statements.

mod acts;
mod recharge;
mod show;

use axum::Router;
use axum::routing::{get, post};

use crate::server::Web;

/// The routes.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/mini-blocks/{reference}/nights", get(show::show))
        .route("/mini-blocks/{reference}/nights.csv", get(show::csv))
        .route("/mini-blocks/{reference}/nights/nominate", get(acts::ask_nominate).post(acts::nominate))
        .route("/mini-blocks/{reference}/nights/withdraw", post(acts::withdraw))
        .route("/mini-blocks/{reference}/nights/answer", post(acts::answer))
        .route("/mini-blocks/{reference}/nights/concede", post(acts::concede))
        .route("/mini-blocks/{reference}/nights/void", get(acts::ask_void).post(acts::void))
        .route("/mini-blocks/{reference}/nights/settle", post(acts::settle))
        .route("/mini-blocks/{reference}/nights/take", post(acts::take))
        .route("/mini-blocks/{reference}/nights/pass", post(acts::pass))
        .route("/mini-blocks/{reference}/nights/offer", get(acts::ask_offer).post(acts::offer))
        .route("/mini-blocks/{reference}/nights/offer/withdraw", post(acts::withdraw_offer))
        .route("/mini-blocks/{reference}/recharge/{authority}", get(recharge::show))
        .route("/mini-blocks/{reference}/recharge/{authority}/statement.pdf", get(recharge::pdf))
        .route("/mini-blocks/{reference}/recharge/{authority}/statement.csv", get(recharge::csv))
}

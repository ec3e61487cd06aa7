//! Agreements: the list, the record, its stored copies, and the acts of either side.

mod acts;
mod asks;
mod by_month;
mod changes;
mod history;
mod moves;
mod opening;
mod papers;
mod repricing;
mod show;
mod todo;

use axum::Router;
use axum::routing::get;

use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    papers::routes()
        .merge(moves::routes())
        .merge(repricing::routes())
        .merge(history::routes())
        .merge(opening::routes())
        .merge(by_month::routes())
        .route("/agreements", get(show::list))
        .route("/agreements/{reference}", get(show::show))
        .route("/referrals/{reference}/confirm-skip", get(todo::ask_skip).post(todo::confirm_skip))
        .route("/agreements/{reference}/{act}", get(acts::ask).post(acts::send))
}

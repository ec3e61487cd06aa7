//! The page about the API: how to get a token, and every operation.

use axum::response::Response;
use placewell_pages::system::api::{ApiPage, OperationLine, ProblemLine, RoomOfApi};

use super::document;
use super::problem::KINDS;
use crate::request::Visit;

/// The page.
pub async fn page(visit: Visit) -> Response {
    let all = document::listed();
    let rooms = document::rooms().iter().map(|(name, about)| RoomOfApi {
        name: (*name).to_owned(),
        about: (*about).to_owned(),
        operations: all
            .iter()
            .filter(|operation| operation.room == *name)
            .map(|operation| OperationLine {
                method: operation.method.clone(),
                path: operation.path.clone(),
                summary: operation.summary.clone(),
            })
            .collect(),
    });
    let problems = KINDS.iter().map(|(code, status, title, advice)| ProblemLine {
        code: (*code).to_owned(),
        status: *status,
        title: (*title).to_owned(),
        advice: (*advice).to_owned(),
    });
    let view = ApiPage { rooms: rooms.collect(), problems: problems.collect() };
    crate::respond::page(&placewell_pages::system::api::show(visit.shell(), view))
}

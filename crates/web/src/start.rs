//! The start page `/`, for everybody.

use axum::Router;
use axum::routing::get;
use placewell_pages::start::{Start, show};
use placewell_pages::words;

use crate::request::Visit;
use crate::respond::{Answered, OrFail, page};
use crate::server::Web;

/// The route.
pub fn routes() -> Router<Web> {
    Router::new().route("/", get(start))
}

async fn start(visit: Visit) -> Answered {
    let facts = visit.app().start_facts().await.or_fail(&visit)?;
    let view = Start {
        participants: (facts.participants, facts.can_award),
        homes: facts.homes,
        term: facts.term.map(|bar| (bar.day, bar.of)),
        left: facts.term.map(|bar| (bar.days_left, words::date(bar.end))),
        share: facts.share.map(|(share, year)| (share.percent(), share.all(), year.to_string())),
        demonstration: visit.web.demonstration,
        signed_in: visit.actor.is_some(),
    };
    Ok(page(&show(visit.shell(), &view)))
}

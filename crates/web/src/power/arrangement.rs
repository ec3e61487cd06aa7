//! The arrangement's public page.

use axum::Router;
use axum::routing::get;
use placewell_pages::power::arrangement::{ArrangementView, ParticipantView, arrangement_page, none_page};

use crate::request::Visit;
use crate::respond::{Answered, OrFail, page};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/arrangement", get(show))
}

async fn show(visit: Visit) -> Answered {
    let Some(found) = visit.app().arrangement_page().await.or_fail(&visit)? else {
        return Ok(page(&none_page(visit.shell())));
    };
    let participants = found
        .participants
        .into_iter()
        .map(|row| ParticipantView {
            name: row.participant.name,
            participation: row.participation,
            reference: row.reference,
            annual_value: row.annual_value,
            delegates: row.delegates,
            extension: row.extension.to_owned(),
        })
        .collect();
    let view =
        ArrangementView { arrangement: found.arrangement, bar: found.bar, participants, today: visit.now().today() };
    Ok(page(&arrangement_page(visit.shell(), &view)))
}

//! The tour: its list of stops, and each stop as the guest, on a demonstration only.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_domain::office::access::Role;
use placewell_pages::tour::show;

use crate::office::person::start_invented;
use crate::request::Visit;
use crate::respond::{Answered, OrFail, page, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/tour", get(stops)).route("/tour/{n}", get(stop))
}

async fn stops(visit: Visit) -> Answered {
    visit.app().tour().await.or_fail(&visit)?;
    let other = visit.actor.as_ref().is_some_and(|actor| actor.role != Role::Guest);
    Ok(page(&show(visit.shell(), other)))
}

/// Opens a stop's real page with the tour's bar, as the guest. Whoever is signed in stays who they are, and is told so.
async fn stop(visit: Visit, Path(number): Path<String>) -> Answered {
    let paths = visit.app().tour().await.or_fail(&visit)?;
    let number: usize = number.parse().map_err(|_| visit.fail(Outcome::NotFound))?;
    let path = number.checked_sub(1).and_then(|at| paths.get(at)).ok_or_else(|| visit.fail(Outcome::NotFound))?;
    let join = if path.contains('?') { '&' } else { '?' };
    let to = format!("{path}{join}tour={number}");
    match visit.actor.as_ref() {
        Some(actor) if actor.role == Role::Guest => return Ok(redirect(&to)),
        Some(_) => return Ok(redirect("/tour")),
        None => {}
    }
    let guest = visit.app().guest().await.or_fail(&visit)?;
    start_invented(&visit, &guest, &to).await
}

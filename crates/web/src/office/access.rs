//! Search by reference, number or name, over what the reader's role may open.

use axum::Router;
use axum::routing::get;
use placewell_app::office::access::{Found, MOST};
use placewell_pages::office::access::{self as pages, search};

use crate::request::Signed;
use crate::respond::{Answered, OrFail, page};
use crate::server::Web;

mod cover;
mod glass;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/search", get(show)).merge(cover::routes()).merge(glass::routes())
}

async fn show(signed: Signed) -> Answered {
    let asked: String = signed.query.get("q").chars().take(100).collect();
    let found = signed.app().search(&signed.actor, &asked).await.or_fail(&signed)?;
    let shown: Vec<pages::Found> = found.iter().take(MOST).map(shown).collect();
    Ok(page(&search(signed.shell(), &asked, &shown, found.len() > MOST)))
}

fn shown(found: &Found) -> pages::Found {
    pages::Found {
        what: found.kind.label(),
        name: found.name.clone(),
        href: found.path.clone(),
        fact: found.fact.clone(),
    }
}

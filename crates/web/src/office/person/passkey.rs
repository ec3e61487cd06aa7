//! Passkeys: the way in by one, and a person's own.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_domain::outcome::Invalid;
use placewell_pages::office::person::confirm::Waiting;
use placewell_pages::office::person::passkey::{self as pages, Asked, PasskeyRow};

use super::confirm::{go_on, waiting};
use super::{come_in, own_path};
use crate::fields::Fields;
use crate::request::{Signed, Submitted, Unsigned, Visit};
use crate::respond::{Answered, Failure, OrFail, page, page_with, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/sign-in/passkey", get(ask).post(sign_in))
        .route("/preferences/passkeys", get(list))
        .route("/preferences/passkeys/new", get(new).post(keep))
        .route("/preferences/passkeys/end", post(end))
}

fn status(errors: &Invalid) -> StatusCode {
    if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

async fn ask_page(visit: &Visit, back: &str, errors: &Invalid) -> Result<Response, Failure> {
    let asked = visit.app().ask_for_passkey(&visit.web.origin).await.or_fail(visit)?;
    let asked = Asked { options: &asked.options, ceremony: &asked.ceremony };
    Ok(page_with(status(errors), &pages::sign_in(visit.shell(), asked, back, errors)))
}

async fn ask(visit: Visit) -> Answered {
    let back = own_path(visit.query.get("return_to"));
    ask_page(&visit, back, &Invalid::default()).await
}

async fn sign_in(Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    let back = own_path(fields.get("return_to"));
    let (ceremony, credential) = (fields.get("ceremony"), fields.get("credential"));
    let started = match visit.app().sign_in_by_passkey(&visit.web.origin, ceremony, credential).await {
        Ok((actor, beginning)) => visit.app().start_session_by(&actor, &beginning).await,
        Err(outcome) => Err(outcome),
    };
    match started {
        Ok(token) => Ok(come_in(&visit, &token, back)),
        // What a device says cannot be guessed: nobody from the same address waits for what others made up.
        Err(Outcome::Invalid(invalid)) => ask_page(&visit, back, &invalid).await,
        Err(outcome) => Err(visit.fail(outcome)),
    }
}

/// Proving again by a passkey: first the page that asks the device, then what the device said.
pub(super) async fn prove(signed: &Signed, fields: &Fields, key: &str, waits: &Waiting<'_>) -> Answered {
    let (app, origin) = (signed.app(), &signed.web.origin);
    let mut errors = Invalid::default();
    if fields.filled("ceremony").is_some() {
        let said = (fields.get("ceremony"), fields.get("credential"));
        match app.prove_by_passkey(&signed.actor, &signed.token, origin, said).await {
            Ok(()) => return Ok(go_on(&waiting(fields))),
            Err(Outcome::Invalid(invalid)) => errors = invalid,
            Err(outcome) => return Err(signed.fail(outcome)),
        }
    }
    let asked = app.ask_for_passkey(origin).await.or_fail(signed)?;
    let asked = Asked { options: &asked.options, ceremony: &asked.ceremony };
    Ok(page_with(status(&errors), &pages::prove(signed.shell(), key, asked, waits, &errors)))
}

async fn list(signed: Signed) -> Answered {
    let (held, calendar) = (signed.app().own_passkeys(&signed.actor).await.or_fail(&signed)?, &signed.app().calendar);
    let rows: Vec<PasskeyRow> = held
        .into_iter()
        .map(|one| PasskeyRow {
            credential: hex::encode(one.credential),
            name: one.name,
            made: calendar.shows(one.made_at),
            used: one.used_at.map(|at| calendar.shows(at)),
        })
        .collect();
    Ok(page(&pages::passkeys(signed.shell(), &|| signed.new_key(), &rows)))
}

async fn new_page(signed: &Signed, key: &str, name: &str, errors: &Invalid) -> Result<Response, Failure> {
    let asked = signed.app().begin_passkey(&signed.actor, &signed.web.origin).await.or_fail(signed)?;
    let asked = Asked { options: &asked.options, ceremony: &asked.ceremony };
    Ok(page_with(status(errors), &pages::new(signed.shell(), key, asked, name, errors)))
}

async fn new(signed: Signed) -> Answered {
    new_page(&signed, &signed.new_key(), "", &Invalid::default()).await
}

async fn keep(Submitted { signed, fields, key }: Submitted) -> Answered {
    let sent = (fields.get("ceremony"), fields.get("credential"), fields.get("name"));
    match signed.app().keep_passkey(&signed.actor, &signed.web.origin, sent).await {
        Ok(()) => Ok(redirect("/preferences/passkeys")),
        Err(Outcome::Invalid(invalid)) => new_page(&signed, &key, fields.get("name"), &invalid).await,
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

async fn end(Submitted { signed, fields, .. }: Submitted) -> Answered {
    signed.app().end_passkey(&signed.actor, fields.get("passkey")).await.or_fail(&signed)?;
    Ok(redirect("/preferences/passkeys"))
}

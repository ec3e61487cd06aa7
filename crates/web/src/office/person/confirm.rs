//! Proving again who one is: a form that asks for it waits, and goes on once it was proven.

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use placewell_app::Outcome;
use placewell_domain::office::person::session::Method;
use placewell_domain::outcome::Invalid;
use placewell_pages::office::person::confirm::{Asks, FORM_FIELD, TO_FIELD, Waiting, confirm, to_provider};

use super::links::WAY_SECONDS;
use super::{begin_attempt, own_path, passkey};
use crate::cookie;
use crate::fields::Fields;
use crate::request::{Signed, Submitted, Visit};
use crate::respond::{Answered, OrFail, page, page_with, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/confirm", get(open).post(prove))
}

/// What the holder of a session is asked for, by how they signed in.
fn asks(visit: &Visit) -> Asks {
    match visit.method {
        Some(Method::Demonstration) => Asks::Demonstration,
        Some(Method::Passkey) => Asks::Passkey,
        Some(Method::Provider) => Asks::Provider,
        Some(Method::Code | Method::RecoveryCode) => Asks::Password { code: true },
        Some(Method::Password) | None => Asks::Password { code: false },
    }
}

/// The page for a form that came too long after the last proof: what was filled in waits in it.
pub(crate) fn ask_again(visit: &Visit) -> Response {
    let nothing = Fields::default();
    let fields = visit.sent.as_deref().unwrap_or(&nothing);
    let key = fields.filled("_key").map_or_else(|| visit.new_key(), str::to_owned);
    let waiting = Waiting { to: &visit.path, fields: fields.pairs(), form: visit.sent.is_some() };
    let page = confirm(visit.shell(), &key, asks(visit), &waiting, &Invalid::default());
    page_with(StatusCode::FORBIDDEN, &page)
}

async fn open(signed: Signed) -> Answered {
    let to = own_path(signed.query.get("return_to"));
    let waiting = Waiting { to, fields: &[], form: false };
    Ok(page(&confirm(signed.shell(), &signed.new_key(), asks(&signed), &waiting, &Invalid::default())))
}

/// The form that waits, as this page has it.
pub(super) fn waiting(fields: &Fields) -> Waiting<'_> {
    let form = fields.get(FORM_FIELD) == "yes";
    Waiting { to: own_path(fields.get(TO_FIELD)), fields: fields.pairs(), form }
}

/// On to where the form that waits was sent: the browser sends it again as it is.
pub(super) fn go_on(waiting: &Waiting<'_>) -> Response {
    if waiting.form { Redirect::temporary(waiting.to).into_response() } else { redirect(waiting.to) }
}

async fn prove(Submitted { signed, fields, key }: Submitted) -> Answered {
    let waits = waiting(&fields);
    match asks(&signed) {
        Asks::Demonstration => {
            signed.app().prove_invented(&signed.actor, &signed.token).await.or_fail(&signed)?;
            Ok(go_on(&waits))
        }
        Asks::Password { .. } => by_password(&signed, &fields, &key).await,
        Asks::Provider => at_provider(&signed, &waits).await,
        Asks::Passkey => passkey::prove(&signed, &fields, &key, &waits).await,
    }
}

/// By a link, since a form of ours leads to no other site; what was filled in waits here, sealed.
async fn at_provider(signed: &Signed, waits: &Waiting<'_>) -> Answered {
    let form = waits.form.then(|| waits.fields.to_vec());
    let (app, origin) = (signed.app(), &signed.web.origin);
    let sent = app.prove_at_provider(&signed.actor, &signed.token, origin, (waits.to, form)).await.or_fail(signed)?;
    let mut response = page(&to_provider(signed.shell(), &signed.actor.organisation_name, &sent.address));
    cookie::set_way(&mut response, &signed.web, &sent.token, WAY_SECONDS);
    Ok(response)
}

async fn by_password(signed: &Signed, fields: &Fields, key: &str) -> Answered {
    let email = {
        let session = signed.app().visit().await.or_fail(signed)?;
        session.person_email(signed.actor.person).await.or_fail(signed)?
    };
    let attempt = match begin_attempt(signed, &email).await? {
        Ok(attempt) => attempt,
        Err(waits) => return Ok(waits),
    };
    let typed = (fields.typed("confirm_password"), fields.get("confirm_code"));
    match signed.app().prove_by_password(&signed.actor, &signed.token, typed).await {
        Ok(()) => {
            attempt.succeeded(signed).await?;
            Ok(go_on(&waiting(fields)))
        }
        Err(Outcome::Invalid(invalid)) => {
            attempt.failed(signed).await?;
            let code = signed.app().has_second_step(signed.actor.person).await.or_fail(signed)?;
            let asks = Asks::Password { code };
            let page = confirm(signed.shell(), key, asks, &waiting(fields), &invalid);
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(outcome) => Err(attempt.ended(signed, outcome).await),
    }
}

//! A person's own password and second step: changed, set up, and ended.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use placewell_app::{Answer, Outcome};
use placewell_domain::outcome::Invalid;
use placewell_pages::office::person::second_step as pages;

use super::{Attempt, begin_attempt, names};
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/preferences/password", get(ask_password).post(change_password))
        .route("/preferences/second-step", get(show))
        .route("/preferences/second-step/begin", post(begin))
        .route("/preferences/second-step/device", get(device).post(confirm))
        .route("/preferences/second-step/codes", post(codes))
        .route("/preferences/second-step/end", post(end))
}

async fn has_password(signed: &Signed) -> Answer<bool> {
    Ok(signed.app().proves_by_password(&signed.actor).await?.is_some())
}

/// Under what a person's own wrong passwords are counted: whoever holds a session guesses no faster than at the door.
async fn account(signed: &Signed) -> Result<String, Failure> {
    let session = signed.app().visit().await.or_fail(signed)?;
    session.person_email(signed.actor.person).await.or_fail(signed)
}

/// Counts on where the password that stands was wrong, and where nothing else was.
async fn count_wrong(attempt: Attempt, signed: &Signed, (invalid, field): (&Invalid, &str)) -> Result<(), Failure> {
    if names(invalid, field) { attempt.failed(signed).await } else { attempt.taken_back(signed).await }
}

async fn ask_password(signed: Signed) -> Answered {
    let has = has_password(&signed).await.or_fail(&signed)?;
    Ok(page(&pages::password(signed.shell(), &signed.new_key(), has, &Invalid::default())))
}

async fn change_password(Submitted { signed, fields, key }: Submitted) -> Answered {
    let (typed, account) = ((fields.typed("current"), fields.typed("new")), account(&signed).await?);
    let attempt = match begin_attempt(&signed, &account).await? {
        Ok(attempt) => attempt,
        Err(waits) => return Ok(waits),
    };
    match signed.app().change_password(&signed.actor, &signed.token, typed).await {
        Ok(()) => {
            attempt.succeeded(&signed).await?;
            Ok(redirect("/preferences"))
        }
        Err(Outcome::Invalid(invalid)) => {
            count_wrong(attempt, &signed, (&invalid, "current")).await?;
            let has = has_password(&signed).await.or_fail(&signed)?;
            let form = pages::password(signed.shell(), &key, has, &invalid);
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(outcome) => Err(attempt.ended(&signed, outcome).await),
    }
}

async fn shown(signed: &Signed, errors: &Invalid) -> Result<Response, crate::respond::Failure> {
    let (app, person) = (signed.app(), signed.actor.person);
    let held = app.has_second_step(person).await.or_fail(signed)?;
    let left = app.recovery_codes_left(person).await.or_fail(signed)?;
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let form = pages::second_step(signed.shell(), &|| signed.new_key(), held.then_some(left), errors);
    Ok(page_with(status, &form))
}

async fn show(signed: Signed) -> Answered {
    shown(&signed, &Invalid::default()).await
}

async fn begin(Submitted { signed, .. }: Submitted) -> Answered {
    signed.app().begin_second_step(&signed.actor).await.or_fail(&signed)?;
    Ok(redirect("/preferences/second-step/device"))
}

async fn device_page(signed: &Signed, key: &str, errors: &Invalid) -> Result<Response, crate::respond::Failure> {
    let set_up = signed.app().second_step_begun(&signed.actor).await.or_fail(signed)?;
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &pages::device(signed.shell(), key, &set_up.address, &set_up.secret, errors)))
}

async fn device(signed: Signed) -> Answered {
    device_page(&signed, &signed.new_key(), &Invalid::default()).await
}

async fn confirm(Submitted { signed, fields, key }: Submitted) -> Answered {
    match signed.app().confirm_second_step(&signed.actor, fields.get("code")).await {
        Ok(codes) => Ok(page(&pages::codes(signed.shell(), &codes))),
        Err(Outcome::Invalid(invalid)) => device_page(&signed, &key, &invalid).await,
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

async fn codes(Submitted { signed, .. }: Submitted) -> Answered {
    let codes = signed.app().new_recovery_codes(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&pages::codes(signed.shell(), &codes)))
}

async fn end(Submitted { signed, fields, .. }: Submitted) -> Answered {
    let account = account(&signed).await?;
    let attempt = match begin_attempt(&signed, &account).await? {
        Ok(attempt) => attempt,
        Err(waits) => return Ok(waits),
    };
    match signed.app().end_second_step(&signed.actor, fields.typed("password")).await {
        Ok(()) => {
            attempt.succeeded(&signed).await?;
            Ok(redirect("/preferences/second-step"))
        }
        Err(Outcome::Invalid(invalid)) => {
            count_wrong(attempt, &signed, (&invalid, "password")).await?;
            shown(&signed, &invalid).await
        }
        Err(outcome) => Err(attempt.ended(&signed, outcome).await),
    }
}

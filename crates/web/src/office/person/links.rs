//! Links by mail, and the way to an organisation's own sign-in and back.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::office::person::connecting::ToConnect;
use placewell_app::office::person::provider::Back;
use placewell_domain::outcome::Invalid;
use placewell_pages::office::person::confirm::{Waiting, confirmed};
use placewell_pages::office::person::links as pages;
use placewell_pages::page::Page;

use super::{begin_attempt, own_path, sign_in_page, start_with, too_many};
use crate::cookie;
use crate::request::{Unsigned, Visit};
use crate::respond::{Answered, OrFail, page, page_with, redirect};
use crate::server::Web;

/// How long the browser keeps the secret of the way to a provider.
pub(super) const WAY_SECONDS: u32 = 600;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/sign-in/forgotten", get(forgotten).post(send_link))
        .route("/emails/{token}/password", get(choose).post(choose_password))
        .route("/emails/{token}/welcome", get(welcome).post(accept))
        .route("/sign-in/with/{code}", get(to_provider))
        .route("/sign-in/callback", get(back))
        .route("/sign-in/connect", post(connect))
        .route("/signed-out", get(signed_out))
}

async fn forgotten(visit: Visit) -> Answered {
    let holds = visit.app().password_link_minutes().await.or_fail(&visit)?;
    Ok(page(&pages::forgotten(visit.shell(), holds, &Invalid::default())))
}

async fn send_link(Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    let email = fields.get("email").trim();
    let holds = visit.app().password_link_minutes().await.or_fail(&visit)?;
    if !email.contains('@') {
        let wrong = Invalid::one("email", "Enter your email address, like p.shah@authority.example");
        return Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &pages::forgotten(visit.shell(), holds, &wrong)));
    }
    // Asking counts, so that nobody's mailbox is filled from one address.
    match begin_attempt(&visit, &format!("link:{email}")).await? {
        Ok(attempt) => attempt.failed(&visit).await?,
        Err(waits) => return Ok(waits),
    }
    visit.app().ask_for_password(email).await.or_fail(&visit)?;
    Ok(page(&pages::link_sent(visit.shell(), holds)))
}

async fn choose(visit: Visit, Path(token): Path<String>) -> Answered {
    visit.app().password_link_holds(&token).await.or_fail(&visit)?;
    Ok(page(&pages::choose(visit.shell(), &visit.path, &Invalid::default())))
}

async fn choose_password(Path(token): Path<String>, Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    match visit.app().choose_password(&token, fields.get("new")).await {
        Ok(()) => Ok(redirect("/sign-in")),
        Err(Outcome::Invalid(invalid)) => {
            let form = pages::choose(visit.shell(), &visit.path, &invalid);
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(outcome) => Err(visit.fail(outcome)),
    }
}

async fn welcome_page(visit: &Visit, token: &str, errors: &Invalid) -> Result<Response, crate::respond::Failure> {
    let (welcome, organisation, known) = visit.app().welcome(token).await.or_fail(visit)?;
    let invited = pages::Invited { organisation, role: welcome.role.label().to_owned(), email: welcome.email, known };
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &pages::welcome(visit.shell(), &visit.path, &invited, errors)))
}

async fn welcome(visit: Visit, Path(token): Path<String>) -> Answered {
    welcome_page(&visit, &token, &Invalid::default()).await
}

async fn accept(Path(token): Path<String>, Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    // First, so that nothing is counted for a link that nobody was mailed.
    visit.app().welcome(&token).await.or_fail(&visit)?;
    let attempt = match begin_attempt(&visit, &format!("welcome:{token}")).await? {
        Ok(attempt) => attempt,
        Err(waits) => return Ok(waits),
    };
    match visit.app().accept_welcome(&token, fields.get("new")).await {
        Ok(()) => {
            attempt.taken_back(&visit).await?;
            Ok(redirect("/sign-in"))
        }
        Err(Outcome::Invalid(invalid)) => {
            attempt.failed(&visit).await?;
            welcome_page(&visit, &token, &invalid).await
        }
        Err(outcome) => Err(attempt.ended(&visit, outcome).await),
    }
}

async fn to_provider(visit: Visit, Path(code): Path<String>) -> Answered {
    let back = own_path(visit.query.get("return_to"));
    let sent = visit.app().send_to_provider(&code, &visit.web.origin, back).await.or_fail(&visit)?;
    let mut response = redirect(&sent.address);
    cookie::set_way(&mut response, &visit.web, &sent.token, WAY_SECONDS);
    Ok(response)
}

async fn back(visit: Visit) -> Answered {
    let session = (!visit.token.is_empty()).then_some(visit.token.as_str());
    let answer = (visit.query.get("state"), visit.query.get("code"), visit.query.get("iss"));
    let who = (session, visit.from.as_str());
    let came = visit.app().back_from_provider(&visit.way, &visit.web.origin, answer, who).await;
    let mut response = match came.or_fail(&visit)? {
        Back::In(actor, beginning, to) => start_with(&visit, &actor, &beginning, own_path(&to)).await?,
        Back::Unproven(account) => page(&unproven(&visit, &account, &Invalid::default())),
        Back::Proven(to, Some(fields)) => {
            let waiting = Waiting { to: own_path(&to), fields: &fields, form: true };
            let key = fields.iter().find(|(name, _)| name == "_key").map_or("", |(_, key)| key.as_str());
            page(&confirmed(visit.shell(), key, &waiting))
        }
        Back::Proven(to, None) => redirect(own_path(&to)),
        Back::Wait(wait) => return Ok(too_many(&visit, wait)),
    };
    cookie::set_way(&mut response, &visit.web, "", 0);
    Ok(response)
}

fn unproven(visit: &Visit, account: &ToConnect, errors: &Invalid) -> Page {
    let account = pages::Unconnected {
        half: account.token.clone(),
        organisation: account.organisation.clone(),
        email: account.email.clone(),
        code: account.code,
    };
    pages::connect(visit.shell(), &visit.new_key(), &account, errors)
}

async fn connect(Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    let Some(account) = visit.app().to_connect(fields.get("half")).await.or_fail(&visit)? else {
        let late =
            Invalid::one("email", "Begin again with your organisation's sign-in: the wait for your proof is over");
        return sign_in_page(&visit, ("", "/home"), &late).await;
    };
    let attempt = match begin_attempt(&visit, &account.email).await? {
        Ok(attempt) => attempt,
        Err(waits) => return Ok(waits),
    };
    match visit.app().connect_account(&account.token, (fields.typed("password"), fields.get("code"))).await {
        Ok((actor, beginning, to)) => {
            attempt.succeeded(&visit).await?;
            start_with(&visit, &actor, &beginning, own_path(&to)).await
        }
        Err(Outcome::Invalid(invalid)) => {
            attempt.failed(&visit).await?;
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &unproven(&visit, &account, &invalid)))
        }
        Err(outcome) => Err(attempt.ended(&visit, outcome).await),
    }
}

async fn signed_out(visit: Visit) -> Answered {
    let found = match visit.query.filled("with") {
        Some(code) => visit.app().provider_sign_out(code, &visit.web.origin).await.or_fail(&visit)?,
        None => None,
    };
    let provider = found.as_ref().map(|(name, address)| (name.as_str(), address.as_str()));
    Ok(page(&pages::signed_out(visit.shell(), provider)))
}

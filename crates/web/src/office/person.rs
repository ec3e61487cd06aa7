//! Signing in and out, and the list of invented people to sign in as on a demonstration.

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_pages::office::person::{Persona, personas};
use placewell_pages::system::outcome::Plain;
use placewell_pages::system::sign_in::SignIn;

use crate::request::{COOKIE, Submitted, Unsigned, Visit};
use crate::respond::{Answered, OrFail, page, page_with, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/sign-in", get(ask).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/demo", get(demo).post(sign_in_as))
}

/// The page for a path that leads nowhere.
pub async fn not_found(visit: Visit) -> Response {
    page_with(StatusCode::NOT_FOUND, &Plain::not_found(visit.shell()))
}

async fn ask(visit: Visit) -> Response {
    let back = own_path(visit.query.get("return_to"));
    page(&SignIn::new(visit.shell(), &visit.new_key(), "", back, &Invalid::default(), visit.web.demonstration))
}

/// Only a path of this service is returned to.
fn own_path(path: &str) -> &str {
    let own = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r']);
    if own { path } else { "/home" }
}

async fn sign_in(Unsigned { visit, fields }: Unsigned) -> Answered {
    let (email, back) = (fields.get("email"), own_path(fields.get("return_to")));
    match visit.app().check_password(email, fields.get("password")).await {
        Ok(roles) => match roles.first() {
            Some(membership) => start(&visit, &membership.actor, back).await,
            None => Err(visit.fail(Outcome::NotFound)),
        },
        Err(Outcome::Invalid(invalid)) => {
            let form = SignIn::new(visit.shell(), &visit.new_key(), email, back, &invalid, visit.web.demonstration);
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(outcome) => Err(visit.fail(outcome)),
    }
}

async fn start(visit: &Visit, actor: &Actor, back: &str) -> Answered {
    let token = visit.app().start_session(actor).await.or_fail(visit)?;
    let mut response = redirect(back);
    set_cookie(&mut response, &visit.web, &token, 36_000);
    Ok(response)
}

fn set_cookie(response: &mut Response, web: &Web, token: &str, seconds: u32) {
    let secure = if web.secure() { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

async fn sign_out(Submitted { signed, .. }: Submitted) -> Answered {
    signed.app().sign_out(&signed.actor, &signed.token).await.or_fail(&signed)?;
    let mut response = redirect("/");
    set_cookie(&mut response, &signed.web, "", 0);
    Ok(response)
}

async fn demo(visit: Visit) -> Answered {
    if !visit.web.demonstration {
        return Err(visit.fail(Outcome::NotFound));
    }
    let people = visit.app().demonstration_people().await.or_fail(&visit)?;
    let people = people
        .iter()
        .map(|member| Persona {
            email: member.email.clone(),
            name: member.name.clone(),
            title: member.title.clone(),
            organisation: member.organisation.clone(),
        })
        .collect();
    Ok(page(&personas(visit.shell(), people)))
}

async fn sign_in_as(Unsigned { visit, fields }: Unsigned) -> Answered {
    if !visit.web.demonstration {
        return Err(visit.fail(Outcome::NotFound));
    }
    let people = visit.app().demonstration_people().await.or_fail(&visit)?;
    match people.iter().find(|member| member.email == fields.get("email")) {
        Some(member) => {
            let actor = visit.app().actor_by_email(&member.email).await.or_fail(&visit)?;
            start(&visit, &actor, "/home").await
        }
        None => Err(visit.fail(Outcome::NotFound)),
    }
}

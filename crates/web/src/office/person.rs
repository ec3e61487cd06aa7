//! Signing in and out, and on a demonstration the invented people to sign in as and its calendar.

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::clock::Machine;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_pages::office::person::{self as pages, Persona, personas};
use placewell_pages::system::outcome::Plain;
use placewell_pages::system::sign_in::SignIn;

use crate::request::{COOKIE, Submitted, Unsigned, Visit};
use crate::respond::{Answered, OrFail, page, page_with, redirect};
use crate::server::Web;

mod own;

/// How long the cookie lives, as long as the session that it names.
const SESSION_SECONDS: u32 = 36_000;

/// The routes.
pub fn routes() -> Router<Web> {
    own::routes()
        .route("/sign-in", get(ask).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/demo", get(demo).post(sign_in_as))
        .route("/demo/calendar", get(calendar).post(move_calendar))
}

/// The page for an address that takes another kind of request.
pub async fn wrong_method(visit: Visit) -> Response {
    page_with(StatusCode::METHOD_NOT_ALLOWED, &Plain::wrong_method(visit.shell()))
}

/// The page for a path that leads nowhere.
pub async fn not_found(visit: Visit) -> Response {
    page_with(StatusCode::NOT_FOUND, &Plain::not_found(visit.shell()))
}

async fn ask(visit: Visit) -> Response {
    let back = own_path(visit.query.get("return_to"));
    page(&SignIn::new(visit.shell(), &visit.new_key(), "", back, &Invalid::default(), visit.web.demonstration))
}

/// Only a path of this service is returned to. Browsers drop control characters and read a backslash as a slash, so
/// that a path with either could lead to another host.
fn own_path(path: &str) -> &str {
    let own = path.starts_with('/')
        && !path.starts_with("//")
        && !path.chars().any(|letter| letter == '\\' || letter.is_control());
    if own { path } else { "/home" }
}

async fn sign_in(Unsigned { visit, fields, from }: Unsigned) -> Answered {
    let (email, back) = (fields.get("email"), own_path(fields.get("return_to")));
    let attempts = &visit.web.attempts;
    if !attempts.allowed(email, &from, Machine::now()) {
        return Ok(page_with(StatusCode::TOO_MANY_REQUESTS, &Plain::too_many(visit.shell(), "5 minutes")));
    }
    match visit.app().check_password(email, fields.get("password")).await {
        Ok(roles) => {
            attempts.succeeded(email, &from);
            match roles.first() {
                Some(membership) => start_at(&visit, &membership.actor, back).await,
                None => Err(visit.fail(Outcome::NotFound)),
            }
        }
        Err(Outcome::Invalid(invalid)) => {
            attempts.failed(email, &from, Machine::now());
            let form = SignIn::new(visit.shell(), &visit.new_key(), email, back, &invalid, visit.web.demonstration);
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(outcome) => Err(visit.fail(outcome)),
    }
}

/// Starts a session and goes on to a page of this service; the tour starts the guest's by it.
pub(crate) async fn start_at(visit: &Visit, actor: &Actor, back: &str) -> Answered {
    let token = visit.app().start_session(actor).await.or_fail(visit)?;
    let mut response = redirect(back);
    set_cookie(&mut response, &visit.web, &token, SESSION_SECONDS);
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
    Ok(page(&personas(visit.shell(), people, visit.now().local)))
}

async fn sign_in_as(Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    if !visit.web.demonstration {
        return Err(visit.fail(Outcome::NotFound));
    }
    let people = visit.app().demonstration_people().await.or_fail(&visit)?;
    match people.iter().find(|member| member.email == fields.get("email")) {
        Some(member) => {
            let actor = visit.app().actor_by_email(&member.email).await.or_fail(&visit)?;
            start_at(&visit, &actor, "/home").await
        }
        None => Err(visit.fail(Outcome::NotFound)),
    }
}

async fn calendar(visit: Visit) -> Answered {
    if !visit.web.demonstration {
        return Err(visit.fail(Outcome::NotFound));
    }
    let now = visit.now().local;
    Ok(page(&pages::calendar(visit.shell(), now, ([""; 3], ""), &Invalid::default())))
}

async fn move_calendar(Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    let mut invalid = Invalid::default();
    let to = fields.date_and_time("day", "Enter the day, like 14 9 2021", &mut invalid);
    let moved = match to {
        Some(to) => visit.app().move_demonstration(to).await,
        None => Err(Outcome::Invalid(invalid)),
    };
    match moved {
        Ok(()) => Ok(redirect("/demo")),
        Err(Outcome::Invalid(invalid)) => {
            let typed = (fields.date_parts("day"), fields.get("day_time"));
            let form = pages::calendar(visit.shell(), visit.now().local, typed, &invalid);
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(outcome) => Err(visit.fail(outcome)),
    }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn signing_in_never_leads_to_another_host() {
        for path in ["", "https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "\\\\evil"] {
            assert_eq!(own_path(path), "/home", "{path:?}");
        }
        assert_eq!(own_path("/referrals?tab=open&sort=-needed"), "/referrals?tab=open&sort=-needed");
    }
}

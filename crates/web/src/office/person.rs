//! Signing in and out, and on a demonstration the invented people to sign in as and its calendar.

use std::mem::take;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::{SignedDuration, Timestamp};
use placewell_app::clock::Machine;
use placewell_app::office::person::attempts;
use placewell_app::office::person::session::Beginning;
use placewell_app::office::person::signing::Step;
use placewell_app::{App, Outcome};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::Method;
use placewell_domain::outcome::Invalid;
use placewell_pages::office::person::{self as pages, Persona, personas, second_step as second_step_pages};
use placewell_pages::system::outcome::Plain;
use placewell_pages::system::sign_in::SignIn;

use crate::cookie;
use crate::request::{Submitted, Unsigned, Visit};
use crate::respond::{Answered, Failure, OrFail, page, page_with, redirect};
use crate::server::Web;

mod confirm;
mod links;
mod own;
mod passkey;
mod people;
mod second_step;

pub(crate) use confirm::ask_again;

/// How long the cookie lives at most: what ends the session that it names stands in the database.
const SESSION_SECONDS: u32 = 86_400;

/// The routes.
pub fn routes() -> Router<Web> {
    own::routes()
        .merge(confirm::routes())
        .merge(second_step::routes())
        .merge(links::routes())
        .merge(passkey::routes())
        .merge(people::routes())
        .route("/sign-in", get(ask).post(sign_in))
        .route("/sign-in/code", post(second))
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

async fn ask(visit: Visit) -> Answered {
    let (email, back) = ("", own_path(visit.query.get("return_to")));
    sign_in_page(&visit, (email, back), &Invalid::default()).await
}

async fn sign_in_page(visit: &Visit, typed: (&str, &str), errors: &Invalid) -> Answered {
    let providers = visit.app().organisations_with_provider().await.or_fail(visit)?;
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let others = (visit.web.demonstration, providers.as_slice());
    Ok(page_with(status, &SignIn::new(visit.shell(), &visit.new_key(), typed, errors, others)))
}

/// Only a path of this service is returned to. Browsers drop control characters and read a backslash as a slash, so
/// that a path with either could lead to another host.
fn own_path(path: &str) -> &str {
    let own = path.starts_with('/')
        && !path.starts_with("//")
        && !path.chars().any(|letter| letter == '\\' || letter.is_control());
    if own { path } else { "/home" }
}

/// The page that says for how long somebody waits.
fn too_many(visit: &Visit, wait: SignedDuration) -> Response {
    page_with(StatusCode::TOO_MANY_REQUESTS, &Plain::too_many(visit.shell(), &attempts::in_words(wait)))
}

/// An attempt that was counted before it is looked at. One that ends in none of the ways below has failed: its caller
/// has hung up, or it broke off.
pub(crate) struct Attempt {
    app: Arc<App>,
    account: String,
    from: String,
    begun: Timestamp,
    concluded: bool,
}

/// Counts an attempt before it is looked at; for somebody who has failed too often, the page instead that says so.
pub(crate) async fn begin_attempt(visit: &Visit, account: &str) -> Result<Result<Attempt, Response>, Failure> {
    let (app, account, from, begun) = (Arc::clone(visit.app()), account.to_owned(), visit.from.clone(), Machine::now());
    // Made first: it may be counted while its caller hangs up.
    let mut attempt = Attempt { app, account, from, begun, concluded: false };
    let wait = visit.app().attempt_begins(&attempt.account, &visit.from, begun).await;
    attempt.concluded = !matches!(wait, Ok(None));
    Ok(match wait.or_fail(visit)? {
        Some(wait) => Err(too_many(visit, wait)),
        None => Ok(attempt),
    })
}

impl Attempt {
    /// It failed, and counts on.
    pub(crate) async fn failed(mut self, visit: &Visit) -> Result<(), Failure> {
        let done = visit.app().attempt_failed(&self.account, &self.from, self.begun).await;
        self.concluded = done.is_ok();
        done.or_fail(visit)
    }

    /// Somebody has come in by it: what failed from here before is forgotten.
    pub(crate) async fn succeeded(mut self, visit: &Visit) -> Result<(), Failure> {
        let done = visit.app().attempt_succeeded(&self.account, &self.from, self.begun).await;
        self.concluded = done.is_ok();
        done.or_fail(visit)
    }

    /// Nothing was guessed at: it counts no longer.
    pub(crate) async fn taken_back(mut self, visit: &Visit) -> Result<(), Failure> {
        let done = visit.app().attempt_taken_back(&self.account, &self.from, self.begun).await;
        self.concluded = done.is_ok();
        done.or_fail(visit)
    }

    /// It ended otherwise: a rule is asked after the guess was right; what broke off on the way counts on.
    pub(crate) async fn ended(self, visit: &Visit, outcome: Outcome) -> Failure {
        if matches!(outcome, Outcome::Refused(_) | Outcome::Conflict | Outcome::ProveAgain)
            && let Err(failure) = self.taken_back(visit).await
        {
            return failure;
        }
        visit.fail(outcome)
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if !self.concluded {
            Arc::clone(&self.app).attempt_left(take(&mut self.account), take(&mut self.from), self.begun);
        }
    }
}

async fn sign_in(Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    let (email, back) = (fields.get("email"), own_path(fields.get("return_to")));
    let attempt = match begin_attempt(&visit, email).await? {
        Ok(attempt) => attempt,
        Err(waits) => return Ok(waits),
    };
    match visit.app().sign_in_by_password(email, fields.typed("password")).await {
        Ok(Step::In(actor, beginning)) => {
            attempt.succeeded(&visit).await?;
            start_with(&visit, &actor, &beginning, back).await
        }
        Ok(Step::Second(half)) => {
            // Half of the way: what failed before is forgotten at its end.
            attempt.taken_back(&visit).await?;
            let none = Invalid::default();
            Ok(page(&second_step_pages::ask(visit.shell(), &visit.new_key(), &half, back, &none)))
        }
        Err(Outcome::Invalid(invalid)) => {
            attempt.failed(&visit).await?;
            sign_in_page(&visit, (email, back), &invalid).await
        }
        Err(outcome) => Err(attempt.ended(&visit, outcome).await),
    }
}

async fn second(Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    let (half, back) = (fields.get("half"), own_path(fields.get("return_to")));
    let Some(found) = visit.app().half_way(half).await.or_fail(&visit)? else {
        let late = Invalid::one("email", "Enter your email address and password again: the wait for the code is over");
        return sign_in_page(&visit, ("", back), &late).await;
    };
    let attempt = match begin_attempt(&visit, &found.email).await? {
        Ok(attempt) => attempt,
        Err(waits) => return Ok(waits),
    };
    match visit.app().sign_in_by_code(half, &found, fields.get("code")).await {
        Ok((actor, beginning)) => {
            attempt.succeeded(&visit).await?;
            start_with(&visit, &actor, &beginning, back).await
        }
        // This way in is over: the code was not looked at.
        Err(Outcome::Invalid(invalid)) if names(&invalid, "email") => {
            attempt.taken_back(&visit).await?;
            sign_in_page(&visit, ("", back), &invalid).await
        }
        Err(Outcome::Invalid(invalid)) => {
            attempt.failed(&visit).await?;
            let form = second_step_pages::ask(visit.shell(), &visit.new_key(), half, back, &invalid);
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(outcome) => Err(attempt.ended(&visit, outcome).await),
    }
}

/// Whether something is wrong with this field.
fn names(invalid: &Invalid, field: &str) -> bool {
    invalid.errors.iter().any(|error| error.field == field)
}

/// Starts the session of somebody invented and goes on to a page of this service; the tour starts the guest's by it.
pub(crate) async fn start_invented(visit: &Visit, actor: &Actor, back: &str) -> Answered {
    start_with(visit, actor, &Beginning { method: Method::Demonstration, provider: None, proven: None }, back).await
}

/// Starts a session and goes on to a page of this service; who lost meanwhile what they proved signs in anew.
pub(crate) async fn start_with(visit: &Visit, actor: &Actor, beginning: &Beginning, back: &str) -> Answered {
    match visit.app().start_session_by(actor, beginning).await {
        Ok(token) => Ok(come_in(visit, &token, back)),
        Err(Outcome::Invalid(invalid)) => sign_in_page(visit, ("", back), &invalid).await,
        Err(outcome) => Err(visit.fail(outcome)),
    }
}

/// The way on, with the session in the browser.
fn come_in(visit: &Visit, token: &str, back: &str) -> Response {
    let mut response = redirect(back);
    cookie::set(&mut response, &visit.web, token, SESSION_SECONDS);
    response
}

async fn sign_out(Submitted { signed, .. }: Submitted) -> Answered {
    signed.app().sign_out(&signed.actor, &signed.token).await.or_fail(&signed)?;
    let with = match signed.provider {
        Some(_) => format!("/signed-out?with={}", signed.actor.code),
        None => "/".to_owned(),
    };
    let mut response = redirect(&with);
    cookie::clear(&mut response, &signed.web);
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
            start_invented(&visit, &actor, "/home").await
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

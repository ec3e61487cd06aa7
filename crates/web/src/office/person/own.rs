//! What is a person's own: the role they work in, where they are signed in, and their tokens for other programs.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::clock::Calendar;
use placewell_app::office::person::{Membership, SignInEntry, SignInKind};
use placewell_app::{Answer, Outcome};
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::screen::HidesAfter;
use placewell_domain::office::person::session::{Method, TokenScope};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::office::person::own::{self as pages, SignInRow, Ways, preferences};
use placewell_pages::office::person::{RoleChoice, switch};

use super::SESSION_SECONDS;
use crate::cookie;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/switch", get(choose).post(change))
        .route("/preferences", get(show))
        .route("/preferences/sign-ins", post(end_one))
        .route("/preferences/hiding", post(hiding))
        .route("/preferences/sign-out-everywhere", post(sign_out_everywhere))
        .route("/preferences/tokens/new", get(new_token).post(make_token))
}

fn code(actor: &Actor) -> String {
    format!("{}:{}", actor.code, actor.role.code())
}

async fn choices(signed: &Signed) -> Answer<Vec<RoleChoice>> {
    let roles = signed.app().roles_to_choose(signed.actor.person, signed.provider).await?;
    let choice = |membership: Membership| RoleChoice {
        code: code(&membership.actor),
        organisation: membership.actor.organisation_name,
        role: format!("{}, as {}", membership.actor.role.label(), membership.title),
    };
    Ok(roles.into_iter().map(choice).collect())
}

async fn choose(signed: Signed) -> Answered {
    let roles = choices(&signed).await.or_fail(&signed)?;
    Ok(page(&switch(signed.shell(), &signed.new_key(), &roles, &code(&signed.actor), &Invalid::default())))
}

async fn change(Submitted { signed, fields, key }: Submitted) -> Answered {
    let (organisation, role) = fields.get("role").split_once(':').unwrap_or_default();
    match signed.app().switch(&signed.actor, &signed.token, organisation, role).await {
        Ok(token) => {
            let mut response = redirect("/home");
            cookie::set(&mut response, &signed.web, &token, SESSION_SECONDS);
            Ok(response)
        }
        // The session ended meanwhile: by the first of two clicks, whose session goes on there, or for good.
        Err(Outcome::NotFound) => Ok(redirect("/home")),
        Err(Outcome::Invalid(invalid)) => {
            let roles = choices(&signed).await.or_fail(&signed)?;
            let form = switch(signed.shell(), &key, &roles, fields.get("role"), &invalid);
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

/// A session or token as a list shows it, by the clock that the reader goes by.
pub(super) fn row(entry: &SignInEntry, calendar: &Calendar) -> SignInRow {
    let what = match (entry.kind, entry.own) {
        (SignInKind::Token, _) => format!("Token: {}", entry.name),
        (SignInKind::Session, true) => "This browser".to_owned(),
        (SignInKind::Session, false) => "Another browser".to_owned(),
    };
    let how = match (&entry.scope, entry.method) {
        (Some(scope), _) => scope.words(),
        (None, Some(method)) => method.label().to_owned(),
        (None, None) => String::new(),
    };
    SignInRow {
        handle: entry.handle.clone(),
        what,
        working_as: format!("{}, {}", entry.role.label(), entry.organisation),
        how,
        began: calendar.shows(entry.made_at),
        seen: calendar.shows(entry.seen_at),
        ends: calendar.shows(entry.expires_at),
        own: entry.own,
    }
}

async fn ways(signed: &Signed) -> Answer<Ways> {
    let (app, person) = (signed.app(), signed.actor.person);
    let password = app.proves_by_password(&signed.actor).await?;
    Ok(Ways {
        password: password.is_some(),
        second_step: app.has_second_step(person).await?,
        recovery_codes: app.recovery_codes_left(person).await?,
        passkeys: app.visit().await?.passkeys(person).await?.len(),
        provider: signed.provider.is_some(),
        invented: signed.method == Some(Method::Demonstration),
    })
}

async fn show(signed: Signed) -> Answered {
    let app = signed.app();
    let entries = app.own_sign_ins(&signed.actor, &signed.token).await.or_fail(&signed)?;
    let email = app.visit().await.or_fail(&signed)?.person_email(signed.actor.person).await.or_fail(&signed)?;
    let ways = ways(&signed).await.or_fail(&signed)?;
    let rows: Vec<SignInRow> = entries.iter().map(|entry| row(entry, &app.calendar)).collect();
    let hides = app.hides_after(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&preferences(signed.shell(), &|| signed.new_key(), &email, (&ways, hides), &rows)))
}

async fn end_one(Submitted { signed, fields, .. }: Submitted) -> Answered {
    signed.app().end_own_sign_in(&signed.actor, fields.get("sign_in")).await.or_fail(&signed)?;
    Ok(redirect("/preferences"))
}

async fn hiding(Submitted { signed, fields, .. }: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let choice = fields.choice("minutes", HidesAfter::from_code, "Choose 2 or 20 minutes", &mut invalid);
    let Some(choice) = choice else { return Err(signed.fail(invalid.into())) };
    signed.app().choose_hiding(&signed.actor, choice).await.or_fail(&signed)?;
    Ok(redirect("/preferences"))
}

async fn sign_out_everywhere(Submitted { signed, .. }: Submitted) -> Answered {
    signed.app().sign_out_everywhere(&signed.actor).await.or_fail(&signed)?;
    let mut response = redirect("/sign-in");
    cookie::clear(&mut response, &signed.web);
    Ok(response)
}

/// A provider's homes, to one of which a token can be narrowed; nobody else has any.
async fn own_homes(signed: &Signed) -> Answer<Vec<(String, String)>> {
    if !may(signed.actor.role, Action::KeepOwnHomes) {
        return Ok(Vec::new());
    }
    let homes = signed.app().own_homes(&signed.actor).await?;
    Ok(homes.into_iter().map(|one| (one.home.urn.to_string(), one.home.name)).collect())
}

/// Whether it is the organisation's sign-in that says who they are.
fn vouched(signed: &Signed) -> bool {
    signed.provider.is_some()
}

async fn new_token(signed: Signed) -> Answered {
    let homes = own_homes(&signed).await.or_fail(&signed)?;
    let longest = signed.app().longest_token(&signed.actor).await.or_fail(&signed)?;
    let mut typed = Typed::new(Vec::new());
    typed.set("scope", TokenScope::Reading.write());
    typed.set("days", longest.min(30));
    let fresh = (&typed, &Invalid::default());
    Ok(page(&pages::new_token(signed.shell(), &signed.new_key(), (longest, vouched(&signed), &homes), fresh)))
}

async fn make_token(Submitted { signed, fields, key }: Submitted) -> Answered {
    let (name, days) = (fields.get("name"), fields.get("days"));
    let scope = match fields.filled("home") {
        Some(home) => format!("{} at {home}", fields.get("scope")),
        None => fields.get("scope").to_owned(),
    };
    let asking = (signed.token.as_str(), key.as_str());
    match signed.app().create_own_token(&signed.actor, asking, (name, days, &scope)).await {
        Ok(token) => Ok(page(&pages::token_made(signed.shell(), name.trim(), &token))),
        Err(Outcome::Invalid(invalid)) => {
            let typed = Typed::new(fields.pairs().to_vec());
            let longest = signed.app().longest_token(&signed.actor).await.or_fail(&signed)?;
            let homes = own_homes(&signed).await.or_fail(&signed)?;
            let form = pages::new_token(signed.shell(), &key, (longest, vouched(&signed), &homes), (&typed, &invalid));
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

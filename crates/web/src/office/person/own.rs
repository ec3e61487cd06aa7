//! What is a person's own: the role they work in, and where they are signed in.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::clock::moment_at;
use placewell_app::office::person::{Membership, SignInEntry, SignInKind};
use placewell_app::{Answer, Outcome};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_pages::office::person::{RoleChoice, SignInRow, preferences, switch};

use super::{SESSION_SECONDS, set_cookie};
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/switch", get(choose).post(change))
        .route("/preferences", get(show))
        .route("/preferences/sign-out-everywhere", post(sign_out_everywhere))
}

fn code(actor: &Actor) -> String {
    format!("{}:{}", actor.code, actor.role.code())
}

async fn choices(signed: &Signed) -> Answer<Vec<RoleChoice>> {
    let roles = signed.app().roles_of(signed.actor.person).await?;
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
            set_cookie(&mut response, &signed.web, &token, SESSION_SECONDS);
            Ok(response)
        }
        Err(Outcome::Invalid(invalid)) => {
            let roles = choices(&signed).await.or_fail(&signed)?;
            let form = switch(signed.shell(), &key, &roles, fields.get("role"), &invalid);
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

fn row(entry: &SignInEntry) -> SignInRow {
    let what = match (entry.kind, entry.own) {
        (SignInKind::Token, _) => format!("Token: {}", entry.name),
        (SignInKind::Session, true) => "This browser".to_owned(),
        (SignInKind::Session, false) => "Another browser".to_owned(),
    };
    SignInRow {
        what,
        working_as: format!("{}, {}", entry.role.label(), entry.organisation),
        began: moment_at(entry.made_at).local,
        ends: moment_at(entry.expires_at).local,
    }
}

async fn show(signed: Signed) -> Answered {
    let app = signed.app();
    let entries = app.own_sign_ins(&signed.actor, &signed.token).await.or_fail(&signed)?;
    let email = app.visit().await.or_fail(&signed)?.person_email(signed.actor.person).await.or_fail(&signed)?;
    let rows: Vec<SignInRow> = entries.iter().map(row).collect();
    Ok(page(&preferences(signed.shell(), &signed.new_key(), &email, &rows)))
}

async fn sign_out_everywhere(Submitted { signed, .. }: Submitted) -> Answered {
    signed.app().sign_out_everywhere(&signed.actor).await.or_fail(&signed)?;
    let mut response = redirect("/sign-in");
    set_cookie(&mut response, &signed.web, "", 0);
    Ok(response)
}

//! A provider registers itself: the form on an opening's page, and the link that proves the address.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::homes::admission::registering::Asking;
use placewell_app::office::person::attempts::in_words;
use placewell_domain::homes::admission::registration::Asked;
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::admission::registering::{self as pages, RegisteringView};
use placewell_pages::system::outcome::Plain;

use crate::fields::Fields;
use crate::office::person::begin_attempt;
use crate::request::{Unsigned, Visit};
use crate::respond::{Answered, Failure, OrFail, page, page_with, redirect};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/admission/{reference}/register", get(ask).post(send))
        .route("/emails/{token}/register", get(confirm).post(register))
}

async fn ask(visit: Visit, Path(reference): Path<String>) -> Answered {
    let opening = visit.app().opening_to_register(&reference).await.or_fail(&visit)?;
    Ok(page(&pages::register(visit.shell(), &opening.reference, (&Typed::default(), &Invalid::default()))))
}

fn asked(fields: &Fields) -> Asked {
    let text = |name: &str| fields.get(name).to_owned();
    Asked {
        legal_name: text("legal_name"),
        company_number: text("company_number"),
        name: text("name"),
        title: text("title"),
        email: text("email"),
    }
}

async fn send(Path(reference): Path<String>, Unsigned { visit, fields, from }: Unsigned) -> Answered {
    match visit.app().ask_to_register(&reference, &asked(&fields), &from).await {
        Ok(Asking::Sent) => Ok(page(&pages::link_sent(visit.shell(), &reference))),
        Ok(Asking::Wait(wait)) => {
            Ok(page_with(StatusCode::TOO_MANY_REQUESTS, &Plain::too_many(visit.shell(), &in_words(wait))))
        }
        Err(Outcome::Invalid(invalid)) => {
            let typed = Typed::new(fields.pairs().to_vec());
            let form = pages::register(visit.shell(), &reference, (&typed, &invalid));
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(outcome) => Err(visit.fail(outcome)),
    }
}

async fn confirm_page(visit: &Visit, token: &str, errors: &Invalid) -> Result<Response, Failure> {
    let found = visit.app().registering(token).await.or_fail(visit)?;
    let view = RegisteringView {
        opening: found.opening,
        legal_name: found.asked.legal_name,
        company_number: found.asked.company_number,
        name: found.asked.name,
        email: found.asked.email,
        known: found.known,
    };
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &pages::confirm_registration(visit.shell(), &visit.path, &view, errors)))
}

async fn confirm(visit: Visit, Path(token): Path<String>) -> Answered {
    confirm_page(&visit, &token, &Invalid::default()).await
}

async fn register(Path(token): Path<String>, Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    // First, so that nothing is counted for a link that nobody was mailed.
    visit.app().registering(&token).await.or_fail(&visit)?;
    let attempt = match begin_attempt(&visit, &format!("register:{token}")).await? {
        Ok(attempt) => attempt,
        Err(waits) => return Ok(waits),
    };
    match visit.app().register_provider(&token, fields.typed("new")).await {
        Ok(to) => {
            attempt.taken_back(&visit).await?;
            Ok(redirect(&format!("/sign-in?return_to={to}")))
        }
        Err(Outcome::Invalid(invalid)) => {
            attempt.failed(&visit).await?;
            confirm_page(&visit, &token, &invalid).await
        }
        Err(outcome) => Err(attempt.ended(&visit, outcome).await),
    }
}

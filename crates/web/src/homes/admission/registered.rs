//! Registrations as the regional team looks at them, with what becomes of each.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::Command;
use placewell_app::homes::admission::registered::{
    ConfirmRegistration, JoinRegistration, RefuseRegistration, RegistrationPage,
};
use placewell_domain::homes::admission::registration::{RefusalWhy, Registration, RegistrationState};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::admission::registered::{
    KnownLine, RegistrationLine, RegistrationView, registration, registrations,
};
use placewell_pages::power::arrangement::Forms;
use placewell_pages::words;

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/region/registrations", get(list))
        .route("/region/registrations/{id}", get(show))
        .route("/region/registrations/{id}/confirm", post(confirm))
        .route("/region/registrations/{id}/join", post(join))
        .route("/region/registrations/{id}/refuse", post(refuse))
}

fn line(one: &Registration, known: bool) -> RegistrationLine {
    RegistrationLine {
        id: one.id.0,
        legal_name: one.asked.legal_name.clone(),
        company_number: one.asked.company_number.clone(),
        opening: one.opening_reference.clone(),
        at: one.at,
        state: one.state.label().to_owned(),
        waits: one.state == RegistrationState::Registered,
        known,
    }
}

fn became(state: &RegistrationState) -> Option<String> {
    match state {
        RegistrationState::Registered => None,
        RegistrationState::Confirmed { at, .. } => Some(format!("Confirmed on {}.", words::moment(*at))),
        RegistrationState::Joined { at, provider_name, .. } => {
            Some(format!("Known already as {provider_name}: recorded on {}.", words::moment(*at)))
        }
        RegistrationState::Refused { at, why, .. } => {
            Some(format!("Not taken on {}: {}.", words::moment(*at), why.label()))
        }
    }
}

fn view_of(found: RegistrationPage) -> RegistrationView {
    let one = &found.registration;
    let known = found.known.into_iter().map(|one| KnownLine {
        code: one.code,
        name: one.name,
        by_number: one.by_number,
        has_people: one.has_people,
    });
    let known: Vec<KnownLine> = known.collect();
    RegistrationView {
        line: line(one, !known.is_empty()),
        version: one.version,
        code: found.code,
        person: [one.asked.name.clone(), one.asked.title.clone(), one.asked.email.clone()],
        known,
        homes: found.homes,
        became: became(&one.state),
    }
}

async fn list(signed: Signed) -> Answered {
    let found = signed.app().registrations(&signed.actor).await.or_fail(&signed)?;
    let lines: Vec<RegistrationLine> = found.iter().map(|(one, known)| line(one, *known)).collect();
    Ok(page(&registrations(signed.shell(), &lines)))
}

async fn show(signed: Signed, Path(id): Path<i64>) -> Answered {
    again(&signed, &id.to_string(), &Fields::default(), &Invalid::default()).await
}

async fn again(signed: &Signed, id: &str, typed: &Fields, errors: &Invalid) -> Answered {
    let found = signed.app().registration_page(&signed.actor, id.parse().unwrap_or_default()).await.or_fail(signed)?;
    let keys: Vec<String> = (0..3).map(|_| signed.new_key()).collect();
    let typed = Typed::new(typed.pairs().to_vec());
    let forms = Forms { keys: &keys, errors, typed: &typed };
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &registration(signed.shell(), &view_of(found), &forms)))
}

async fn act<C: Command>(id: i64, sent: Submitted, read: impl FnOnce(&Fields) -> Result<C, Invalid>) -> Answered {
    let app = std::sync::Arc::clone(sent.signed.app());
    let answered = super::act(sent, &id.to_string(), read, again).await;
    app.homes.forget().await;
    answered
}

fn confirmed(registration: i64, fields: &Fields) -> ConfirmRegistration {
    let homes = fields.get("homes").lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    ConfirmRegistration { registration, version: fields.version(), homes: homes.collect() }
}

async fn confirm(Path(id): Path<i64>, sent: Submitted) -> Answered {
    act(id, sent, |fields| Ok(confirmed(id, fields))).await
}

async fn join(Path(id): Path<i64>, sent: Submitted) -> Answered {
    act(id, sent, |fields| {
        let mut invalid = Invalid::default();
        let provider = fields.text("provider", 100, "Enter the code of the provider that it is", &mut invalid);
        invalid.or(JoinRegistration { registration: id, version: fields.version(), provider })
    })
    .await
}

async fn refuse(Path(id): Path<i64>, sent: Submitted) -> Answered {
    act(id, sent, |fields| {
        let mut invalid = Invalid::default();
        match fields.choice("why", RefusalWhy::from_code, "Select why it is not taken", &mut invalid) {
            Some(why) => invalid.or(RefuseRegistration { registration: id, version: fields.version(), why }),
            None => Err(invalid),
        }
    })
    .await
}

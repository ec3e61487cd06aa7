//! A provider records its company number, and who manages each of its homes.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use placewell_app::homes::home::named::{RecordCompanyNumber, RecordManager};
use placewell_domain::homes::home::Home;
use placewell_domain::homes::home::named::{CompanyNumber, Manager};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::home::{CompanyView, ManagerLine, ManagerView, NumberLine, company, manager};

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page_with, see};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/provider/company", get(show_company).post(send_company))
        .route("/provider/homes/{urn}/manager", get(show_manager).post(send_manager))
}

fn status(errors: &Invalid) -> StatusCode {
    if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

fn company_shown(signed: &Signed, told: &[CompanyNumber], (key, typed, errors): (String, Typed, Invalid)) -> Response {
    let line =
        |one: &CompanyNumber| NumberLine { number: one.number.clone(), on: one.on, told: one.told.label().to_owned() };
    let view = CompanyView { told: told.iter().rev().map(line).collect(), key, typed, errors };
    page_with(status(&view.errors), &company(signed.shell(), &view))
}

async fn show_company(signed: Signed) -> Answered {
    let told = signed.app().own_company_numbers(&signed.actor).await.or_fail(&signed)?;
    let mut typed = Typed::default();
    typed.set("recorded", told.len());
    if let Some(held) = told.last() {
        typed.set("company_number", &held.number);
    }
    Ok(company_shown(&signed, &told, (signed.new_key(), typed, Invalid::default())))
}

/// How many were told when the form's page was made.
fn recorded(fields: &Fields) -> usize {
    fields.get("recorded").parse().unwrap_or(usize::MAX)
}

async fn send_company(Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = RecordCompanyNumber { number: fields.get("company_number").to_owned(), recorded: recorded(&fields) };
    match signed.attempt(&key, Ok(command)).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => {
            let told = signed.app().own_company_numbers(&signed.actor).await.or_fail(&signed)?;
            Ok(company_shown(&signed, &told, (key, Typed::new(fields.pairs().to_vec()), invalid)))
        }
    }
}

fn manager_shown(
    signed: &Signed,
    (home, told): &(Home, Vec<Manager>),
    (key, typed, errors): (String, Typed, Invalid),
) -> Response {
    let line = |one: &Manager| ManagerLine {
        name: one.name.clone(),
        from: one.from,
        on: one.on,
        told: one.told.label().to_owned(),
    };
    let told = told.iter().rev().map(line).collect();
    let view = ManagerView { urn: home.urn.to_string(), home: home.name.clone(), told, key, typed, errors };
    page_with(status(&view.errors), &manager(signed.shell(), &view))
}

async fn show_manager(signed: Signed, Path(urn): Path<String>) -> Answered {
    let found = signed.app().own_managers(&signed.actor, &urn).await.or_fail(&signed)?;
    let mut typed = Typed::default();
    typed.set("recorded", found.1.len());
    Ok(manager_shown(&signed, &found, (signed.new_key(), typed, Invalid::default())))
}

fn read(fields: &Fields, urn: &str) -> Result<RecordManager, Invalid> {
    let mut invalid = Invalid::default();
    let from = fields.date("manager_from", "Enter the day from which this holds, like 6 9 2021", &mut invalid);
    let (name, recorded) = (fields.get("registered_manager").to_owned(), recorded(fields));
    match from {
        Some(from) => invalid.or(RecordManager { urn: urn.to_owned(), name, from, recorded }),
        None => Err(invalid),
    }
}

async fn send_manager(Path(urn): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match signed.attempt(&key, read(&fields, &urn)).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => {
            let found = signed.app().own_managers(&signed.actor, &urn).await.or_fail(&signed)?;
            Ok(manager_shown(&signed, &found, (key, Typed::new(fields.pairs().to_vec()), invalid)))
        }
    }
}

//! Three voices on a home's facts, for members and for the home's own provider; and the homes where they differ.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::homes::home::voice::SayOfHome;
use placewell_domain::homes::home::Home;
use placewell_domain::homes::home::voice::{HomeFact, Said, Speaker};
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::home::{DifferRow, DifferView, FactRow, FactsView, VoiceLine, differ, facts};

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/homes/{urn}/facts", get(show).post(send))
        .route("/homes/differ", get(show_differing))
        .route("/provider/homes/{urn}/facts", get(show_own).post(send_own))
}

fn row(said: &Said) -> FactRow {
    let of = |speaker: Speaker| {
        let lines = said.voices.iter().filter(|one| one.speaker == speaker).map(|one| VoiceLine {
            by: one.by.clone(),
            value: one.value.clone(),
            on: one.seen_on,
            link: one.link.clone(),
        });
        lines.collect::<Vec<_>>()
    };
    FactRow {
        fact: said.fact.label().to_owned(),
        home: of(Speaker::Home),
        council: of(Speaker::Council),
        regulator: of(Speaker::Regulator),
        differs: said.differs,
    }
}

fn shown(
    signed: &Signed,
    (home, said): &(Home, Vec<Said>),
    own: bool,
    (key, typed, errors): (String, Typed, Invalid),
) -> Response {
    let says = may(signed.actor.role, Action::SayOfHome);
    let address =
        if own { format!("/provider/homes/{}/facts", home.urn) } else { format!("/homes/{}/facts", home.urn) };
    let back = if own { "/provider/homes".to_owned() } else { format!("/homes/{}", home.urn) };
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FactsView {
        urn: home.urn.to_string(),
        name: home.name.clone(),
        rows: said.iter().map(row).collect(),
        says: says.then_some(address),
        back,
        key,
        typed,
        errors,
    };
    page_with(status, &facts(signed.shell(), &view))
}

async fn show(signed: Signed, Path(urn): Path<String>) -> Answered {
    let found = signed.app().home_voices(&signed.actor, &urn).await.or_fail(&signed)?;
    Ok(shown(&signed, &found, false, (signed.new_key(), Typed::default(), Invalid::default())))
}

async fn show_own(signed: Signed, Path(urn): Path<String>) -> Answered {
    let found = signed.app().own_home_voices(&signed.actor, &urn).await.or_fail(&signed)?;
    Ok(shown(&signed, &found, true, (signed.new_key(), Typed::default(), Invalid::default())))
}

/// What somebody says of a home.
pub(crate) fn said(urn: &str, fields: &Fields) -> Result<SayOfHome, Invalid> {
    let mut invalid = Invalid::default();
    let fact = fields.choice("fact", HomeFact::from_code, "Select which fact", &mut invalid);
    let value = fields.text("value", 120, "Enter what was found or is published", &mut invalid);
    let seen_on = fields.date("seen_on", "Enter the day, like 6 9 2021", &mut invalid);
    let link = Some(fields.optional_text("link", 500, &mut invalid)).filter(|link| !link.is_empty());
    match (fact, seen_on) {
        (Some(fact), Some(seen_on)) => invalid.or(SayOfHome { urn: urn.to_owned(), fact, value, seen_on, link }),
        _ => Err(invalid),
    }
}

async fn say(signed: &Signed, urn: &str, (fields, key): (&Fields, &str), own: bool) -> Answered {
    if own {
        signed.app().may_ask(&signed.actor, Action::KeepOwnHomes).or_fail(signed)?;
    }
    let outcome = match said(urn, fields) {
        Ok(command) => signed.app().perform(&signed.actor, key, command).await,
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    match outcome {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => {
            let app = signed.app();
            let found = if own {
                app.own_home_voices(&signed.actor, urn).await
            } else {
                app.home_voices(&signed.actor, urn).await
            };
            let again = (key.to_owned(), Typed::new(fields.pairs().to_vec()), invalid);
            Ok(shown(signed, &found.or_fail(signed)?, own, again))
        }
        Err(outcome) => Err(outcome).or_fail(signed),
    }
}

async fn send(Path(urn): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    say(&signed, &urn, (&fields, &key), false).await
}

async fn send_own(Path(urn): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    say(&signed, &urn, (&fields, &key), true).await
}

async fn show_differing(signed: Signed) -> Answered {
    let found = signed.app().differing_homes(&signed.actor).await.or_fail(&signed)?;
    let rows = found.iter().map(|(home, said)| DifferRow {
        home: (home.urn.to_string(), home.name.clone()),
        facts: said.iter().map(row).collect(),
    });
    let back = if signed.actor.role == Role::CommissioningLead { "/region/standing" } else { "/homes" };
    let view = DifferView { rows: rows.collect(), back: back.to_owned() };
    Ok(page(&differ(signed.shell(), &view)))
}

//! The arrangement's public page, and the regional team's page that extends its term and issues terms.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::power::arrangement::{DecideOwn, ExtendTerm, IssueTerms};
use placewell_app::{Command, Outcome};
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::{OwnDecision, OwnUse, TermsVersion};
use placewell_domain::power::decision::{Timetable, long_date};
use placewell_pages::power::arrangement::{
    ArrangementView, OwnArrangementView, OwnUseView, ParticipantView, arrangement_page, none_page, own_page,
    region_page,
};

use crate::fields::Fields;
use crate::request::{Signed, Submitted, Visit};
use crate::respond::{Answered, Failure, OrFail, page, page_with, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/arrangement", get(show))
        .route("/arrangement/own", get(own))
        .route("/arrangement/own/extension", post(use_extension))
        .route("/arrangement/own/terms", post(accept_terms))
        .route("/region/arrangement", get(keep))
        .route("/region/arrangement/extend", post(extend))
        .route("/region/arrangement/terms", post(issue))
}

/// What a participant's decision says of an extended term, and until when one that does not say can still be followed.
fn in_extension(said: &str, in_time: Option<Timetable>) -> String {
    let Some(days) = in_time else { return said.to_owned() };
    let notice = days
        .notice_by
        .map_or_else(String::new, |day| format!(" Last day to publish the 28 days' notice: {}.", long_date(day)));
    format!("{said}.{notice} Last day to decide and publish: {}.", long_date(days.decide_by))
}

/// The same, with what the authority decided for itself and under which limb.
fn own_words(said: String, own: &[OwnUse]) -> String {
    own.iter().fold(said, |said, one| {
        let power = &one.power;
        format!("{said} {} (limb ({}) of {}).", one.decision.words(), power.letter, power.reference)
    })
}

async fn view(visit: &Visit) -> Result<Option<ArrangementView>, Failure> {
    let found = visit.app().arrangement_page().await.or_fail(visit)?;
    Ok(found.map(|found| {
        let participants = found
            .participants
            .into_iter()
            .map(|row| ParticipantView {
                name: row.participant.name,
                participation: row.participation,
                reference: row.reference,
                annual_value: row.annual_value,
                delegates: row.delegates,
                extension: own_words(in_extension(row.extension, row.in_time), &row.own),
            })
            .collect();
        ArrangementView { arrangement: found.arrangement, bar: found.bar, participants, today: visit.now().today() }
    }))
}

async fn show(visit: Visit) -> Answered {
    Ok(match view(&visit).await? {
        Some(view) => page(&arrangement_page(visit.shell(), &view)),
        None => page(&none_page(visit.shell())),
    })
}

/// Only those who run the arrangement open its forms.
fn runs(signed: &Signed) -> Result<(), Failure> {
    if may(signed.actor.role, Action::RunArrangement) {
        Ok(())
    } else {
        Err(signed.fail(Outcome::Forbidden(Action::RunArrangement)))
    }
}

async fn keep(signed: Signed) -> Answered {
    runs(&signed)?;
    region(&signed, StatusCode::OK, &Invalid::default()).await
}

async fn region(signed: &Signed, status: StatusCode, errors: &Invalid) -> Answered {
    let keys = [signed.new_key(), signed.new_key()];
    Ok(match view(signed).await? {
        Some(view) => page_with(status, &region_page(signed.shell(), &view, [&keys[0], &keys[1]], errors)),
        None => page_with(status, &none_page(signed.shell())),
    })
}

/// Does what a form said in full; else shows the page again with what is wrong.
async fn step<C: Command>(signed: &Signed, key: &str, read: Result<C, Invalid>) -> Answered {
    runs(signed)?;
    let invalid = match read {
        Ok(command) => match signed.app().perform(&signed.actor, key, command).await {
            Ok(_) => return Ok(redirect("/region/arrangement")),
            Err(Outcome::Invalid(invalid)) => invalid,
            Err(outcome) => return Err(signed.fail(outcome)),
        },
        Err(invalid) => invalid,
    };
    region(signed, StatusCode::UNPROCESSABLE_ENTITY, &invalid).await
}

fn read_extend(fields: &Fields) -> Result<ExtendTerm, Invalid> {
    let mut invalid = Invalid::default();
    let months = fields.number("months", 1..=600, "Enter the months, like 12", &mut invalid);
    let decided_on = fields.date("decided_on", "Enter the date of the region's decision", &mut invalid);
    let (slug, version) = (fields.get("slug").to_owned(), fields.version());
    match (months.and_then(|months| u16::try_from(months).ok()), decided_on) {
        (Some(months), Some(decided_on)) => Ok(ExtendTerm { slug, version, months, decided_on }),
        _ => Err(invalid),
    }
}

async fn extend(Submitted { signed, fields, key }: Submitted) -> Answered {
    step(&signed, &key, read_extend(&fields)).await
}

fn read_terms(fields: &Fields) -> Result<IssueTerms, Invalid> {
    let mut invalid = Invalid::default();
    let number = fields.text("terms", 20, "Enter the number of the new version, like 1.2", &mut invalid);
    let from = fields.date("from", "Enter the first day on which it applies", &mut invalid);
    let summary = fields.text("summary", 1_000, "Enter what changed in this version", &mut invalid);
    let (slug, version) = (fields.get("slug").to_owned(), fields.version());
    match from {
        Some(from) if invalid.errors.is_empty() => {
            Ok(IssueTerms { slug, version, terms: TermsVersion { version: number, from, summary } })
        }
        _ => Err(invalid),
    }
}

async fn issue(Submitted { signed, fields, key }: Submitted) -> Answered {
    step(&signed, &key, read_terms(&fields)).await
}

async fn own(signed: Signed) -> Answered {
    own_again(&signed, StatusCode::OK, &Fields::default(), &Invalid::default()).await
}

async fn own_again(signed: &Signed, status: StatusCode, typed: &Fields, errors: &Invalid) -> Answered {
    let found = match signed.app().own_arrangement(&signed.actor).await {
        Err(Outcome::NotFound) => return Ok(page_with(status, &none_page(signed.shell()))),
        found => found.or_fail(signed)?,
    };
    let accepted = |version: &str| {
        found.uses.iter().any(|one| one.decision == OwnDecision::AcceptTerms { version: version.to_owned() })
    };
    let terms = found.arrangement.terms.iter().filter(|terms| !accepted(&terms.version));
    let view = OwnArrangementView {
        terms: terms
            .map(|terms| (terms.version.clone(), format!("{}, from {}", terms.version, long_date(terms.from))))
            .collect(),
        named: (found.arrangement.slug.clone(), found.arrangement.title.clone()),
        ends: (found.arrangement.term.end, found.arrangement.term.current_end()),
        uses: found
            .uses
            .iter()
            .map(|one| OwnUseView { what: one.decision.words(), on: one.on, power: one.power.sentence() })
            .collect(),
        power: found.power,
        decides: may(signed.actor.role, Action::Decide),
        typed: ["until_day", "until_month", "until_year"].map(|name| typed.get(name).to_owned()),
    };
    let keys = [signed.new_key(), signed.new_key()];
    Ok(page_with(status, &own_page(signed.shell(), &view, [&keys[0], &keys[1]], errors)))
}

async fn decide_own(signed: &Signed, key: &str, fields: &Fields, read: Result<OwnDecision, Invalid>) -> Answered {
    if !may(signed.actor.role, Action::Decide) {
        return Err(signed.fail(Outcome::Forbidden(Action::Decide)));
    }
    match read {
        Ok(decision) => {
            let command = DecideOwn { slug: fields.get("slug").to_owned(), decision };
            signed.app().perform(&signed.actor, key, command).await.or_fail(signed)?;
            Ok(redirect("/arrangement/own"))
        }
        Err(invalid) => own_again(signed, StatusCode::UNPROCESSABLE_ENTITY, fields, &invalid).await,
    }
}

async fn use_extension(Submitted { signed, fields, key }: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let until = fields.date("until", "Enter the last day, like 14 12 2022", &mut invalid);
    let read = until.map(|until| OwnDecision::UseExtension { until }).ok_or(invalid);
    decide_own(&signed, &key, &fields, read).await
}

async fn accept_terms(Submitted { signed, fields, key }: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let version = fields.text("terms", 20, "Choose the version of the terms", &mut invalid);
    decide_own(&signed, &key, &fields, invalid.or(OwnDecision::AcceptTerms { version })).await
}

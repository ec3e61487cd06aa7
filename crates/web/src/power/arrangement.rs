//! The arrangement's public page, an authority's own decisions about it, and a provider's page with the terms it accepts.

mod lots;
mod region;
mod variation;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::placing::agreement::{LeaveArrangement, PastTheTerm};
use placewell_app::power::arrangement::{AcceptTermsAsProvider, ArrangementPage, DecideOwn, TermWarning};
use placewell_domain::calendar::long_date;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::{Instrument, OwnDecision, OwnUse};
use placewell_domain::power::decision::Timetable;
use placewell_pages::form::Typed;
use placewell_pages::power::arrangement::{
    Accepted, ArrangementView, Forms, OwnArrangementView, OwnUseView, ParticipantView, PastView, ProviderView,
    ToAccept, WarningView, arrangement_page, none_page, own_page, provider_page,
};

use crate::fields::Fields;
use crate::request::{Signed, Submitted, Visit};
use crate::respond::{Answered, Failure, OrFail, page, page_with, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    region::routes()
        .merge(lots::routes())
        .merge(variation::routes())
        .route("/arrangement", get(show))
        .route("/arrangement/own", get(own))
        .route("/arrangement/own/extension", post(use_extension))
        .route("/arrangement/own/terms", post(accept_terms))
        .route("/arrangement/own/leave", post(leave))
        .route("/provider/arrangement", get(provider).post(accept_as_provider))
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

/// The page's view of the arrangement.
fn view_of(found: ArrangementPage, visit: &Visit) -> ArrangementView {
    let participants = found
        .participants
        .into_iter()
        .map(|row| {
            let said = match row.leaves {
                Some(from) => format!("Leaves on {}.", long_date(from)),
                None => in_extension(row.extension, row.in_time),
            };
            ParticipantView {
                name: row.participant.name,
                participation: row.participation,
                reference: row.reference,
                annual_value: row.annual_value,
                delegates: row.delegates,
                extension: own_words(said, &row.own),
            }
        })
        .collect();
    ArrangementView { arrangement: found.arrangement, bar: found.bar, participants, today: visit.now().today() }
}

async fn show(visit: Visit) -> Answered {
    let found = visit.app().arrangement_page().await.or_fail(&visit)?;
    Ok(match found.map(|found| view_of(found, &visit)) {
        Some(view) => page(&arrangement_page(visit.shell(), &view)),
        None => page(&none_page(visit.shell())),
    })
}

/// As many new keys as a page has forms.
fn keys(signed: &Signed, many: usize) -> Vec<String> {
    (0..many).map(|_| signed.new_key()).collect()
}

async fn own(signed: Signed) -> Answered {
    own_again(&signed, StatusCode::OK, &Fields::default(), &Invalid::default()).await
}

async fn own_again(signed: &Signed, status: StatusCode, typed: &Fields, errors: &Invalid) -> Answered {
    let found = match signed.app().own_arrangement(&signed.actor).await {
        Err(Outcome::NotFound) => return Ok(page_with(status, &none_page(signed.shell()))),
        found => found.or_fail(signed)?,
    };
    let past = past(signed).await?;
    let warnings = signed.app().term_warnings(&signed.actor).await.or_fail(signed)?;
    let in_time = found.term.in_time.filter(|_| found.leaving.is_none());
    let view = OwnArrangementView {
        terms: found
            .not_accepted
            .iter()
            .map(|(of, terms)| {
                let words = format!("{}, from {}", of.words(&terms.version), long_date(terms.from));
                (of.key(&terms.version), words.replacen('v', "V", 1))
            })
            .collect(),
        bar: found.bar,
        today: signed.now().today(),
        participation: found.participation,
        term: (found.term.ends_on, found.term.until),
        says: found.term.says,
        in_time: in_time.map(|days| (days.notice_by, days.decide_by)),
        uses: found
            .uses
            .iter()
            .map(|one| OwnUseView { what: one.decision.words(), on: one.on, power: one.power.sentence() })
            .collect(),
        warnings: warnings.into_iter().map(warning).collect(),
        past,
        successor: found.successor,
        leaving: found.leaving.map(|one| (one.from, one.reason, one.agreements)),
        power: found.power,
        decides: may(signed.actor.role, Action::Decide),
        arrangement: found.arrangement,
    };
    let (keys, typed) = (keys(signed, 3), Typed::new(typed.pairs().to_vec()));
    let forms = Forms { keys: &keys, errors, typed: &typed };
    Ok(page_with(status, &own_page(signed.shell(), &view, &forms)))
}

fn warning(one: TermWarning) -> WarningView {
    let state = match (one.now, one.told, one.passed) {
        (true, true, _) => "Holds now; told by mail",
        (true, false, _) => "Holds now",
        (false, true, _) => "Told by mail",
        (false, false, true) => "Passed",
        (false, false, false) => "To come",
    };
    WarningView { months: one.months, from: one.from, state }
}

/// What runs past the end: each for those who read agreements, counted for others.
async fn past(signed: &Signed) -> Result<Option<PastView>, Failure> {
    let counted = match signed.app().past_the_term(&signed.actor).await {
        Err(Outcome::NotFound) => return Ok(None),
        counted => counted.or_fail(signed)?,
    };
    let listed = if may(signed.actor.role, Action::SeeAgreements) {
        let (_, agreements) = signed.app().outliving_agreements(&signed.actor).await.or_fail(signed)?;
        let mut blocks = signed.app().outliving_blocks(&signed.actor).await.or_fail(signed)?;
        blocks.retain(|one| one.nights_after > 0);
        let past = agreements.into_iter().map(|line| line.survival).filter(|one| one.nights_after > 0);
        Some((past.collect(), blocks))
    } else {
        None
    };
    let PastTheTerm { last, agreements, nights, blocks } = counted;
    Ok(Some(PastView { last, counted: (agreements, nights, blocks), listed }))
}

/// Only those who decide send these forms.
fn decides(signed: &Signed) -> Result<(), Failure> {
    if may(signed.actor.role, Action::Decide) { Ok(()) } else { Err(signed.fail(Outcome::Forbidden(Action::Decide))) }
}

async fn decide_own(signed: &Signed, key: &str, fields: &Fields, read: Result<OwnDecision, Invalid>) -> Answered {
    decides(signed)?;
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
    let chosen = fields.text("terms", 40, "Choose the version that is accepted", &mut invalid);
    let (of, version) = Instrument::of_key(&chosen);
    decide_own(&signed, &key, &fields, invalid.or(OwnDecision::accept(of, version.to_owned()))).await
}

async fn leave(Submitted { signed, fields, key }: Submitted) -> Answered {
    decides(&signed)?;
    let mut invalid = Invalid::default();
    let from = fields.date("leaves", "Enter the first day without the arrangement, like 15 12 2021", &mut invalid);
    let reason = fields.text("reason", 500, "Enter why the authority leaves", &mut invalid);
    let read = match from {
        Some(from) if invalid.errors.is_empty() => {
            Ok(LeaveArrangement { slug: fields.get("slug").to_owned(), from, reason })
        }
        _ => Err(invalid),
    };
    let Err(invalid) = signed.attempt(&key, read).await? else { return Ok(redirect("/arrangement/own")) };
    own_again(&signed, StatusCode::UNPROCESSABLE_ENTITY, &fields, &invalid).await
}

/// Only a provider's people open its page.
fn provides(signed: &Signed) -> Result<(), Failure> {
    if signed.actor.role == Role::ProviderManager {
        Ok(())
    } else {
        Err(signed.fail(Outcome::Forbidden(Action::SignAgreement)))
    }
}

async fn provider(signed: Signed) -> Answered {
    provides(&signed)?;
    provider_again(&signed, StatusCode::OK, &Fields::default(), &Invalid::default()).await
}

async fn provider_again(signed: &Signed, status: StatusCode, typed: &Fields, errors: &Invalid) -> Answered {
    let found = match signed.app().provider_arrangement(&signed.actor).await {
        Err(Outcome::NotFound) => return Ok(page_with(status, &none_page(signed.shell()))),
        found => found.or_fail(signed)?,
    };
    let view = ProviderView {
        bar: found.bar,
        today: signed.now().today(),
        leaving: found.leaving,
        to_accept: found
            .to_accept
            .into_iter()
            .map(|(slug, title, of, terms)| ToAccept {
                slug,
                title,
                of,
                version: terms.version,
                from: terms.from,
                summary: terms.summary,
            })
            .collect(),
        accepted: found
            .accepted
            .into_iter()
            .rev()
            .map(|one| Accepted { of: one.of, version: one.version, name: one.name, role: one.role, at: one.at })
            .collect(),
        successor: found.successor.map(|next| (next.title, next.term.start)),
        arrangement: found.arrangement,
    };
    let (keys, typed) = (keys(signed, 1), Typed::new(typed.pairs().to_vec()));
    let forms = Forms { keys: &keys, errors, typed: &typed };
    Ok(page_with(status, &provider_page(signed.shell(), &view, &forms)))
}

async fn accept_as_provider(Submitted { signed, fields, key }: Submitted) -> Answered {
    provides(&signed)?;
    let Some((slug, chosen)) = fields.get("terms").split_once(' ') else {
        let invalid = Invalid::one("terms", "Choose the version that you accept");
        return provider_again(&signed, StatusCode::UNPROCESSABLE_ENTITY, &fields, &invalid).await;
    };
    let (of, terms) = Instrument::of_key(chosen);
    let command = AcceptTermsAsProvider {
        slug: slug.to_owned(),
        of,
        terms: terms.to_owned(),
        name: fields.get("name").to_owned(),
        role: fields.get("role").to_owned(),
        has_authority: fields.get("authority") == "yes",
    };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(_) => Ok(redirect("/provider/arrangement")),
        Err(Outcome::Invalid(invalid)) => {
            provider_again(&signed, StatusCode::UNPROCESSABLE_ENTITY, &fields, &invalid).await
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

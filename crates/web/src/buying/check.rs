//! Pre-placement checks: the table of a home for a child, the form of one check, and minutes said beside the system's.

mod papers;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::buying::check::{CheckTable, OneCheck, RecordCheck, SayMinutes, TypedAct, TypedEvidence};
use placewell_app::placing::referral::working_days;
use placewell_domain::buying::check::{
    CheckItem, CheckLine, CheckState, Evidence, EvidenceKind, MinutesOf, NotSatisfiedReason, Validity,
};
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::annual_value::Route;
use placewell_pages::buying::check::{LineView, OneView, RegionalView, TableView, one_page, table_page};
use placewell_pages::form::Typed;
use placewell_pages::words;

use super::spot::{must, time_left};
use crate::fields::Fields;
use crate::office::document;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/referrals/{reference}/checks", get(show))
        .route("/referrals/{reference}/checks/{urn}/minutes", post(minutes))
        .route("/referrals/{reference}/checks/{urn}/{item}", get(ask).post(send))
        .merge(papers::routes())
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    let urn = signed.query.filled("home").map(str::to_owned);
    shown(&signed, &reference, urn.as_deref(), Invalid::default(), StatusCode::OK).await
}

async fn shown(signed: &Signed, reference: &str, urn: Option<&str>, errors: Invalid, status: StatusCode) -> Answered {
    let found = signed.app().check_table(&signed.actor, reference, urn).await.or_fail(signed)?;
    let today = signed.now().today();
    let session = signed.app().see(&signed.actor, Action::SeeReferrals).await.or_fail(signed)?;
    let days = working_days(&session, signed.actor.organisation, today).await.or_fail(signed)?;
    drop(session);
    let measured = signed.app().measured_checks(&signed.actor).await.or_fail(signed)?;
    let measured = measured.iter().map(|one| (one.route.label(), one.check_minutes, one.placements)).collect();
    let due = found.clearance.due_on.map(|due| (due, time_left(due, today, &days)));
    let view = TableView { due, errors, key: signed.new_key(), measured, ..view(signed, &found) };
    Ok(page_with(status, &table_page(signed.shell(), &view)))
}

fn line_view(signed: &Signed, found: &CheckTable, line: &CheckLine) -> LineView {
    let own = found.own_of(line.item);
    let of = format!("/referrals/{}/checks/{}/{}", found.referral.reference, found.home.urn, line.item.code());
    let reads = may(signed.actor.role, Action::SeeChild);
    let files = found.files.iter().filter(|(item, _)| reads && *item == line.item);
    LineView {
        line: line.clone(),
        evidence: found.evidence_of(line.item).map_or_else(String::new, evidence_words),
        officer: found.officer_of(line.item).unwrap_or_default().to_owned(),
        files: files.map(|(_, entry)| document::line(&(entry.clone(), String::new()), &of, true, false)).collect(),
        minutes: own.map_or((0, 0), |check| (check.measured, check.said)),
        standard: found.standard.of(line.item),
    }
}

fn evidence_words(evidence: &Evidence) -> String {
    let number = evidence.number.as_str();
    let gap = if number.is_empty() { "" } else { " " };
    format!("{}{gap}{number}, {}", evidence.kind.label(), words::date(evidence.on))
}

fn view(signed: &Signed, found: &CheckTable) -> TableView {
    let own = |value: fn(&placewell_domain::buying::check::PreCheck) -> u32| found.own.iter().map(value).sum::<u32>();
    let said = own(|check| check.said) + found.said.iter().map(|(_, minutes)| minutes).sum::<u32>();
    TableView {
        reference: found.referral.reference.to_string(),
        home: (found.home.urn.to_string(), found.home.name.clone()),
        spot: found.route == Route::Spot,
        recorded: found.spot.is_some(),
        open: found.clearance.open,
        spared: found.spared(),
        minutes: (own(|check| check.measured), said),
        contracting: found.contracting.map(|steps| (steps.negotiation, steps.drafting, steps.signature)),
        may_change: may(signed.actor.role, Action::Recommend),
        lines: found.lines.iter().map(|line| line_view(signed, found, line)).collect(),
        regional: found.regional.filter(|_| found.route != Route::Spot).map(|one| RegionalView {
            since: one.since,
            last: one.until.map(last),
            path: one.evaluation.map(|id| format!("/region/evaluations/{id}")),
        }),
        others: found.asked.clone(),
        ..TableView::default()
    }
}

/// The last day of something that holds until a day.
fn last(until: jiff::civil::Date) -> jiff::civil::Date {
    plus_days(until, -1)
}

async fn ask(signed: Signed, Path((reference, urn, item)): Path<(String, String, String)>) -> Answered {
    must(&signed, Action::Recommend)?;
    let item = CheckItem::from_code(&item).ok_or(Outcome::NotFound).or_fail(&signed)?;
    let found = signed.app().one_check(&signed.actor, &reference, &urn, item).await.or_fail(&signed)?;
    let opened = signed.now().local.to_string();
    let view = one_view(&signed, found, signed.new_key(), (opened, Typed::default()), Invalid::default());
    Ok(page(&one_page(signed.shell(), &view)))
}

fn one_view(
    signed: &Signed,
    found: OneCheck,
    key: String,
    (opened, typed): (String, Typed),
    errors: Invalid,
) -> OneView {
    let evidence = found.check.as_ref().and_then(|check| match &check.state {
        CheckState::Done { evidence, .. } | CheckState::EvidenceIn { evidence, .. } => Some(evidence_words(evidence)),
        CheckState::WithProvider { .. } | CheckState::NotSatisfied { .. } => None,
    });
    OneView {
        standard: found.table.standard.of(found.line.item),
        files: papers::lines(signed, &found),
        file_key: signed.new_key(),
        reference: found.table.referral.reference.to_string(),
        home: (found.table.home.urn.to_string(), found.table.home.name.clone()),
        line: found.line,
        version: found.check.map_or(0, |check| check.version),
        opened,
        evidence: evidence.map(|kind| (kind, found.words.unwrap_or_default())),
        erased: found.erased,
        key,
        typed,
        errors,
    }
}

async fn send(Path((reference, urn, item)): Path<(String, String, String)>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Recommend)?;
    let Submitted { signed, fields, key } = submitted;
    let item = CheckItem::from_code(&item).ok_or(Outcome::NotFound).or_fail(&signed)?;
    let invalid = match signed.attempt(&key, read(&fields, (&reference, &urn, item))).await? {
        Ok(receipt) => return Ok(see(&receipt)),
        Err(invalid) => invalid,
    };
    let found = signed.app().one_check(&signed.actor, &reference, &urn, item).await.or_fail(&signed)?;
    let typed = (fields.get("opened").to_owned(), Typed::new(fields.pairs().to_vec()));
    let view = OneView { version: fields.version(), ..one_view(&signed, found, key, typed, invalid) };
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &one_page(signed.shell(), &view)))
}

fn minutes_of(fields: &Fields, invalid: &mut Invalid) -> u32 {
    if fields.filled("minutes").is_none() {
        return 0;
    }
    let found = fields.number("minutes", 0..=2_400, "Enter whole minutes, up to 2,400", invalid);
    found.and_then(|minutes| u32::try_from(minutes).ok()).unwrap_or(0)
}

/// Reads the command from the form.
fn read(fields: &Fields, (reference, urn, item): (&str, &str, CheckItem)) -> Result<RecordCheck, Invalid> {
    let mut invalid = Invalid::default();
    let said = minutes_of(fields, &mut invalid);
    let act = match fields.get("act") {
        "ask" => Some(TypedAct::Ask),
        "bring_in" => evidence(fields, item, &mut invalid).map(TypedAct::BringIn),
        "do" => evidence(fields, item, &mut invalid).map(TypedAct::Do),
        "fail" => {
            let ask = "Choose why it is not satisfied";
            fields.choice("failed", NotSatisfiedReason::from_code, ask, &mut invalid).map(TypedAct::Fail)
        }
        _ => {
            invalid.add("act", "Say what is done");
            None
        }
    };
    let Some(act) = act else { return Err(invalid) };
    invalid.or(RecordCheck {
        reference: reference.to_owned(),
        urn: urn.to_owned(),
        item,
        version: fields.version(),
        act,
        opened: fields.get("opened").parse().ok(),
        said,
    })
}

fn evidence(fields: &Fields, item: CheckItem, invalid: &mut Invalid) -> Option<TypedEvidence> {
    let kind = fields.choice("evidence_kind", EvidenceKind::from_code, "Choose the kind of evidence", invalid);
    let on = fields.date("evidence_on", "Enter the date of the evidence, like 6 9 2021", invalid);
    let until = if item.validity() == Validity::ToExpiry {
        fields.date("evidence_until", "Enter the day on which it expires, like 31 3 2022", invalid)
    } else {
        None
    };
    let words = fields.optional_text("evidence_words", 2_000, invalid);
    Some(TypedEvidence { kind: kind?, on: on?, number: fields.get("evidence_number").to_owned(), until, words })
}

async fn minutes(Path((reference, urn)): Path<(String, String)>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Recommend)?;
    let Submitted { signed, fields, key } = submitted;
    let mut invalid = Invalid::default();
    let of = fields.choice("of", MinutesOf::from_code, "Say what the minutes were spent on", &mut invalid);
    let count = fields.number("minutes", 1..=2_400, "Enter whole minutes, 1 to 2,400", &mut invalid);
    let invalid = match (of, count.and_then(|count| u32::try_from(count).ok())) {
        (Some(of), Some(minutes)) => {
            let command = SayMinutes { reference: reference.clone(), urn: urn.clone(), of, minutes };
            match signed.app().perform(&signed.actor, &key, command).await {
                Ok(receipt) => return Ok(see(&receipt)),
                Err(Outcome::Invalid(invalid)) => invalid,
                Err(outcome) => return Err(outcome).or_fail(&signed),
            }
        }
        _ => invalid,
    };
    shown(&signed, &reference, Some(&urn), invalid, StatusCode::UNPROCESSABLE_ENTITY).await
}

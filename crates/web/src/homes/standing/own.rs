//! An authority's reviews, a home's scorecard and its past, and what a provider reads of its own standing.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::homes::standing::Waiting;
use placewell_app::power::arrangement::LotNames;
use placewell_domain::homes::standing::measure::{Measure, MeasureState, Reinstatement};
use placewell_domain::homes::standing::review::{PlacementReview, ReviewState};
use placewell_domain::homes::standing::scorecard::Eligibility;
use placewell_domain::id::MeasureId;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::standing::{
    EligibilityView, MeasureTold, OwnView, ProviderView, ReviewRow, ReviewView, ScoreRow, ScoreView, WaitingRow,
    own_standing, provider_standing, review, scorecard,
};
use placewell_pages::words;

use super::read;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/standing", get(show_own))
        .route("/standing/reviews/{id}", get(ask_review).post(send_review))
        .route("/homes/{urn}/standing", get(show_home))
        .route("/provider/standing", get(show_provider))
}

/// Whom a measure is about, with the lot where it is about one.
pub(in crate::homes) fn about(one: &Measure, lots: &LotNames) -> String {
    match &one.lot {
        Some(lot) => format!("{}, lot {}", one.name, lots.of(lot)),
        None => one.name.clone(),
    }
}

fn told(one: &Measure, lots: &LotNames, says: String) -> MeasureTold {
    MeasureTold {
        name: about(one, lots),
        standing: one.standing.label().to_owned(),
        reason: one.reason.label().to_owned(),
        state: (one.state.name().to_owned(), one.state.label().to_owned()),
        says,
    }
}

fn review_row(one: &PlacementReview, today: jiff::civil::Date) -> ReviewRow {
    let found = match &one.state {
        ReviewState::Due => None,
        ReviewState::Recorded { on, outcome, .. } => Some(format!("{}, {}", outcome.label(), words::date(*on))),
    };
    ReviewRow {
        id: one.id,
        reference: one.reference.to_string(),
        home: one.name.clone(),
        due: one.due,
        late: found.is_none() && one.due < today,
        found,
    }
}

fn waiting_row(one: &Waiting, lots: &LotNames) -> WaitingRow {
    let of = &one.measure;
    let open = match &one.open {
        None => "Still counted".to_owned(),
        Some(open) if !open.any() => "Nothing".to_owned(),
        Some(open) => [
            (open.referrals, "open referral", "open referrals"),
            (open.offers, "open offer", "open offers"),
            (open.approvals, "approval", "approvals"),
            (open.beds, "nominated bed", "nominated beds"),
            (open.placements, "live placement", "live placements"),
        ]
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| words::count(u64::from(count), one, many))
        .collect::<Vec<_>>()
        .join(", "),
    };
    WaitingRow {
        name: about(of, lots),
        standing: of.standing.label().to_owned(),
        reason: of.reason.label().to_owned(),
        holds: of.holds(),
        open,
        confirm_by: of.confirm_by,
        left: one.left,
    }
}

async fn show_own(signed: Signed) -> Answered {
    let asked = signed.query.get("measure").parse().ok().map(MeasureId);
    let found = signed.app().own_standing(&signed.actor, asked).await.or_fail(&signed)?;
    let (today, lots) = (signed.now().today(), signed.app().lot_names().await.or_fail(&signed)?);
    let says = |done: &placewell_app::homes::standing::Followed| {
        let of = &done.done;
        format!(
            "{} asked no longer, {} closed, {} void, {} taken back; {} placed there, {} reviewed",
            words::count(u64::from(of.referrals), "referral", "referrals"),
            words::count(u64::from(of.offers), "offer", "offers"),
            words::count(u64::from(of.approvals), "approval", "approvals"),
            words::count(u64::from(of.beds), "nomination", "nominations"),
            words::count(u64::from(of.placements), "child", "children"),
            done.reviewed
        )
    };
    let view = OwnView {
        asked: found.asked.as_ref().map(|one| told(one, &lots, says_now(one))),
        waiting: found.waiting.iter().map(|one| waiting_row(one, &lots)).collect(),
        measures: found.measures.iter().map(|(one, done)| told(one, &lots, says(done))).collect(),
        reviews: found.reviews.iter().map(|one| review_row(one, today)).collect(),
        records: may(signed.actor.role, Action::RunAgreement),
    };
    Ok(page(&own_standing(signed.shell(), &view)))
}

async fn review_page(signed: &Signed, id: i64, (key, typed, errors): (String, Typed, Invalid)) -> Answered {
    let found = signed.app().own_review(&signed.actor, id).await.or_fail(signed)?;
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let row = review_row(&found, signed.now().today());
    let view = ReviewView { row, version: found.version, key, typed, errors };
    Ok(page_with(status, &review(signed.shell(), &view)))
}

async fn ask_review(signed: Signed, Path(id): Path<i64>) -> Answered {
    review_page(&signed, id, (signed.new_key(), Typed::default(), Invalid::default())).await
}

async fn send_review(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    drop(signed.app().see(&signed.actor, Action::RunAgreement).await.or_fail(&signed)?);
    let outcome = match read::review((id, fields.version()), &fields) {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    match outcome {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => {
            review_page(&signed, id, (key, Typed::new(fields.pairs().to_vec()), invalid)).await
        }
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}

fn answer(name: &str, lots: &LotNames, found: Eligibility) -> EligibilityView {
    let known =
        found.known_at.map_or("as it is known now".to_owned(), |at| format!("as it was known {}", words::moment(at)));
    let was = if found.eligible { "was eligible" } else { "was not eligible" };
    EligibilityView {
        answer: format!("{name} {was} for new placements on {}, {known}.", words::date(found.day)),
        eligible: found.eligible,
        against: found.against,
        standing: found.standing,
        lots: found.lots.iter().map(|lot| lots.of(lot).to_owned()).collect(),
    }
}

async fn show_home(signed: Signed, Path(urn): Path<String>) -> Answered {
    let found = signed.app().scorecard(&signed.actor, &urn).await.or_fail(&signed)?;
    let lots = signed.app().lot_names().await.or_fail(&signed)?;
    let (asked, mut errors) = match read::past(&signed.query) {
        Ok(asked) => (asked, Invalid::default()),
        Err(invalid) => (None, invalid),
    };
    let mut past = None;
    if let Some(asked) = asked {
        match signed.app().eligibility(&signed.actor, &urn, asked).await {
            Ok((home, one)) => past = Some(answer(&home.name, &lots, one)),
            Err(Outcome::Invalid(invalid)) => errors = invalid,
            Err(outcome) => return Err(outcome).or_fail(&signed),
        }
    }
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let row = |one: &placewell_domain::homes::standing::scorecard::ScoreLine| ScoreRow {
        about: one.criterion.label().to_owned(),
        found: words::dated(&one.found),
        effect: (one.effect.code().to_owned(), one.effect.label().to_owned()),
        proposes: one.proposes.map(|(standing, _)| standing.label().to_owned()),
    };
    let view = ScoreView {
        urn: found.home.urn.to_string(),
        name: found.home.name.clone(),
        rows: found.lines.iter().map(row).collect(),
        flags: [
            ("Judged Inadequate".to_owned(), found.flags.grade),
            ("Ofsted's notice".to_owned(), found.flags.notice),
            ("The region's suspension".to_owned(), found.flags.suspension),
        ],
        measures: found.measures.iter().map(|one| told(one, &lots, says_now(one))).collect(),
        typed: Typed::new(signed.query.pairs().to_vec()),
        errors,
        answer: past,
    };
    Ok(page_with(status, &scorecard(signed.shell(), &view)))
}

/// What a measure says to somebody who reads of the home.
fn says_now(one: &Measure) -> String {
    match &one.state {
        MeasureState::Proposed if one.holds() => "New referrals wait until it is confirmed or dropped".to_owned(),
        MeasureState::Proposed => format!("To be confirmed by {}", words::moment(one.confirm_by)),
        MeasureState::Confirmed { at, .. } => format!("In force since {}", words::moment(*at)),
        MeasureState::Dropped { at, .. } => format!("Dropped {}", words::moment(*at)),
        MeasureState::Reinstated { from, evidence, .. } => {
            format!("From {}: {}", words::date(*from), evidence.label())
        }
    }
}

async fn show_provider(signed: Signed) -> Answered {
    let all = signed.app().own_measures(&signed.actor).await.or_fail(&signed)?;
    let lots = signed.app().lot_names().await.or_fail(&signed)?;
    let ends = |one: &Measure| match one.state {
        MeasureState::Proposed | MeasureState::Confirmed { .. } => {
            let fits = Reinstatement::ALL.iter().filter(|way| way.answers(one.reason));
            fits.map(|way| way.label()).collect::<Vec<_>>().join("; or: ")
        }
        MeasureState::Dropped { .. } | MeasureState::Reinstated { .. } => says_now(one),
    };
    let view = ProviderView { measures: all.iter().map(|one| told(one, &lots, ends(one))).collect() };
    Ok(page(&provider_standing(signed.shell(), &view)))
}

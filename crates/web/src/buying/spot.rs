//! Spot purchases: started from a referral, what cannot be bought, their page with both totals, the list and its file.

pub(crate) mod exemption;
mod forms;
mod list;
pub mod unregistered;

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use jiff::civil::Date;
use placewell_app::Outcome;
use placewell_app::buying::check::ExemptGrade;
use placewell_app::buying::spot::{DropSpot, InviteToJoin, SpotLine, SpotPage, SpotRow, label};
use placewell_app::placing::referral::working_days;
use placewell_domain::buying::spot::exemption::ExemptionReason;
use placewell_domain::buying::spot::{AfterRefusal, DropReason};
use placewell_domain::calendar::WorkingDays;
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::ValueWatch;
use placewell_pages::buying::spot::Totals;
use placewell_pages::buying::spot::record::{ExemptedView, RecordView, SpotView, record_page};
use placewell_pages::placing::referral::list::NeedView;
use placewell_pages::words;

use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/spot", get(list::show))
        .route("/spot.csv", get(list::csv))
        .route("/referrals/{reference}/spot", get(show))
        .route("/referrals/{reference}/spot/new", get(forms::ask).post(forms::send))
        .route("/referrals/{reference}/spot/invite", post(invite))
        .route("/referrals/{reference}/spot/drop", post(drop_it))
        .route("/referrals/{reference}/spot/exempt", post(exempt))
        .merge(exemption::routes())
        .merge(unregistered::routes())
}

/// Refuses a form of a role that may not ask for this before anything of it is read.
pub(crate) fn must(signed: &Signed, action: Action) -> Result<(), Failure> {
    if may(signed.actor.role, action) { Ok(()) } else { Err(signed.fail(Outcome::Forbidden(action))) }
}

pub(super) fn totals((committed, ceiling, spot): (Pence, Pence, Pence)) -> Totals {
    Totals { committed, ceiling, spot }
}

pub(super) fn after(after: &AfterRefusal) -> (Date, Totals) {
    (after.refused_on, totals((after.committed, after.ceiling, after.spot)))
}

/// How much time is left until the end of a day, in working days.
pub(crate) fn time_left(due: Date, today: Date, days: &WorkingDays) -> String {
    if due < today {
        return "overdue".to_owned();
    }
    match days.working_days_between(today, due) {
        0 => "due today".to_owned(),
        left => format!("{} left", words::count(u64::from(left), "working day", "working days")),
    }
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = signed.app().spot_page(&signed.actor, &reference).await.or_fail(&signed)?;
    let today = signed.now().today();
    let session = signed.app().see(&signed.actor, Action::SeeSpot).await.or_fail(&signed)?;
    let days = working_days(&session, signed.actor.organisation, today).await.or_fail(&signed)?;
    drop(session);
    let view = view(&signed, &found, (today, &days));
    Ok(page(&record_page(signed.shell(), &view, || signed.new_key())))
}

fn view(signed: &Signed, found: &SpotPage, when: (Date, &WorkingDays)) -> RecordView {
    let may_change = may(signed.actor.role, Action::Recommend);
    RecordView {
        reference: found.referral.reference.to_string(),
        spots: found.lines.iter().map(|line| spot_view(line, may_change, when)).collect(),
        totals: totals(found.totals),
        may_start: may_change && found.referral.state.out().is_some(),
        may_open: may(signed.actor.role, Action::SeeReferrals),
    }
}

fn spot_view(line: &SpotLine, may_change: bool, (today, days): (Date, &WorkingDays)) -> SpotView {
    let spot = &line.row.spot;
    let owed = line.row.checks.filter(|(_, open, _)| *open > 0).and_then(|(.., due)| due);
    SpotView {
        id: spot.id,
        version: spot.version,
        label: label(&line.row).to_owned(),
        home: (line.home.urn.to_string(), line.home.name.clone()),
        provider: line.provider.clone(),
        reason: spot.reason.label().to_owned(),
        ground: spot.ground.label().to_owned(),
        evidence: spot.evidence.iter().map(|one| (one.what.clone(), one.source.clone(), one.on)).collect(),
        asked: Some((line.asked_by.clone(), spot.asked_at)),
        emergency: spot.emergency,
        checks: line.row.checks,
        days_left: owed.map(|due| time_left(due, today, days)),
        offered: line.offered,
        number: line.number,
        dearer: line.dearer,
        watch: line.watch.as_ref().map(watched),
        agreement: line.row.agreement.as_ref().map(|(reference, ..)| reference.clone()),
        after: spot.after_refusal.as_ref().map(after),
        invited: spot.invited.map(|invited| (invited.at, invited.opening)),
        exempted: line.exempted.clone().map(|one| ExemptedView {
            judged_on: one.judged_on,
            exemption: one.exemption.map(|(reason, by, on)| (reason.label().to_owned(), by, on)),
            may_exempt: one.may_exempt,
        }),
        may_change: may_change && spot.open(),
    }
}

/// The watch over procurement law in words, and whether the threshold is reached.
fn watched(watch: &ValueWatch) -> (String, bool) {
    let sums = format!(
        "Whole-life value {}; with this provider's other placements {}; the procurement threshold is {}.",
        words::money(watch.whole_life),
        words::money(watch.cumulative),
        words::money(watch.threshold)
    );
    if watch.reached() { (format!("{sums} Record the legal ground with the agreement."), true) } else { (sums, false) }
}

/// The spot purchase and the version that a form was made from.
fn which(submitted: &Submitted, what: &str) -> Result<(i64, i64), Failure> {
    let id = submitted.fields.get(what).parse().map_err(|_| submitted.signed.fail(Outcome::NotFound))?;
    Ok((id, submitted.fields.version()))
}

async fn invite(Path(_): Path<String>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Recommend)?;
    let (spot, version) = which(&submitted, "spot")?;
    let Submitted { signed, key, .. } = submitted;
    Ok(see(&signed.app().perform(&signed.actor, &key, InviteToJoin { spot, version }).await.or_fail(&signed)?))
}

async fn drop_it(Path(_): Path<String>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Recommend)?;
    let (spot, version) = which(&submitted, "spot")?;
    let Submitted { signed, fields, key } = submitted;
    let mut invalid = Invalid::default();
    let reason =
        fields.choice(&format!("reason_{spot}"), DropReason::from_code, "Choose why it is given up", &mut invalid);
    let Some(reason) = reason else { return Err(signed.fail(invalid.into())) };
    let command = DropSpot { spot, version, reason };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

async fn exempt(Path(_): Path<String>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Decide)?;
    let (spot, version) = which(&submitted, "spot")?;
    let Submitted { signed, fields, key } = submitted;
    let mut invalid = Invalid::default();
    let ask = "Choose why this child is exempted";
    let reason = fields.choice(&format!("exempt_{spot}"), ExemptionReason::from_code, ask, &mut invalid);
    let words = fields.get(&format!("words_{spot}")).to_owned();
    let Some(reason) = reason else { return Err(signed.fail(invalid.into())) };
    let command = ExemptGrade::new((spot, version), reason, words);
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

/// What spot purchases and unregistered settings owe, for the officer's day: overdue and due checks, evidence that runs out
/// before a child comes, missing reviews.
pub(crate) async fn owed(signed: &Signed) -> Result<Vec<NeedView>, Failure> {
    let today = signed.now().today();
    let rows = signed.app().spot_checks_owed(&signed.actor).await.or_fail(signed)?;
    let mut needs: Vec<NeedView> = rows.iter().map(|row| need(row, today)).collect();
    for (reference, on) in signed.app().spot_evidence_expiring(&signed.actor).await.or_fail(signed)? {
        needs.push(NeedView {
            what: "Evidence of a check runs out before the child comes, or soon".to_owned(),
            due: format!("From {}", words::date(on)),
            act: ("Renew the check".to_owned(), format!("/referrals/{reference}/checks")),
            reference,
        });
    }
    for record in signed.app().unregistered_list(&signed.actor).await.or_fail(signed)? {
        let Some(due) = record.review_due(today) else { continue };
        needs.push(NeedView {
            reference: record.reference.to_string(),
            what: "Child in an unregistered setting: the daily review is due".to_owned(),
            due: format!("For {}", words::date(due)),
            act: ("Record the review".to_owned(), format!("/unregistered/{}", record.id)),
        });
    }
    Ok(needs)
}

fn need(row: &SpotRow, today: Date) -> NeedView {
    let (open, due) = row.checks.map_or((0, None), |(_, open, due)| (open, due));
    let late = due.is_some_and(|due| due < today);
    let by = due.map_or_else(String::new, words::date);
    NeedView {
        reference: row.spot.reference.to_string(),
        what: format!(
            "{} of an emergency spot purchase",
            words::count(u64::from(open), "check is open", "checks are open")
        ),
        due: if late { format!("Overdue: by {by}") } else { format!("By {by}") },
        act: ("Do the checks".to_owned(), format!("/referrals/{}/checks", row.spot.reference)),
    }
}

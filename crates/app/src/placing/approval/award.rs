//! The award, in the transaction of the last approval and in one order: offer, referral and agreement, then the bed,
//! then the organisation's lock, the price lines and the ledger. All of it, or none.
//!
//! Where the last approval came from another organisation (rule 1.4), a job makes the award in the placing body's own
//! transaction, because no transaction writes two authorities' money.

use std::sync::Arc;

use placewell_domain::change::Event;
use placewell_domain::homes::home::Home;
use placewell_domain::id::{
    AgreementId, BedId, BedUseId, DecisionId, OrganisationId, PersonId, Reference, ReferenceKind,
};
use placewell_domain::nights::Nights;
use placewell_domain::office::access::Role;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::agreement::{
    Agreement, AgreementState, AgreementTerms, RestsOn, STANDARD_NOTICE, Signatures,
};
use placewell_domain::placing::approval::{Approval, ApprovalState, GivenBasis, Recommendation, VoidReason};
use placewell_domain::placing::occupancy::{BedUse, Sleeper, UseState, bed_refusal};
use placewell_domain::placing::offer::{NotChosenReason, OfferState};
use placewell_domain::power::annual_value::{ExceptionReason, Route};
use placewell_domain::power::decision::{Decision, DecisionPage};
use placewell_domain::power::delegation::{PostGrade, UrgencyUse, to_alert};
use placewell_store::Work;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::placing::agreement::paper_job;
use serde::{Deserialize, Serialize};

use super::case::{Case, hash};
use super::deciding::{facts_now, void};
use super::officer_notice;
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::office::message::Notice;
use crate::placing::referral::ending::close_search;
use crate::power::annual_value::commit;

/// The job that settles a recommendation in the placing body's own transaction.
pub const SETTLE: &str = "approval.settle";
/// The job that alerts the monitoring officer and the section 151 officer.
pub const ALERT: &str = "approval.alert";

#[derive(Debug, Serialize, Deserialize)]
struct ToSettle {
    authority: i64,
    recommendation: i64,
}

/// What follows from a decision: all others void where one was refused, the award where all are given.
pub(super) async fn settle(work: &mut Work, approval: &Approval) -> Answer<()> {
    if approval.authority != work.org() {
        let to = ToSettle { authority: approval.authority.0, recommendation: approval.recommendation };
        work.enqueue(Job::new(SETTLE, &serde_json::to_value(to)?));
        return Ok(());
    }
    settle_here(work, approval.recommendation).await
}

async fn settle_here(work: &mut Work, recommendation: i64) -> Answer<()> {
    let approvals = work.approvals_of(work.org(), recommendation).await?;
    let refused = approvals.iter().any(|approval| matches!(approval.state, ApprovalState::Refused { .. }));
    if refused {
        for other in &approvals {
            if other.open() || other.state.given().is_some() {
                let change = other.clone().void(VoidReason::OtherRefused, work.moment())?;
                work.apply(change).await?;
            }
        }
        return match approvals.first() {
            Some(first) => set_aside(work, first).await,
            None => Ok(()),
        };
    }
    if approvals.is_empty() || approvals.iter().any(|approval| approval.state.given().is_none()) {
        return Ok(());
    }
    let recommendation = work.recommendation(work.org(), recommendation).await?;
    award(work, &recommendation, &approvals).await.map(|_| ())
}

/// The recommended offer can be recommended again.
pub(super) async fn set_aside(work: &mut Work, approval: &Approval) -> Answer<()> {
    let offer = work.offer(work.org(), approval.offer).await?;
    if offer.state == OfferState::Recommended {
        let change = offer.set_aside()?;
        work.apply(change).await?;
    }
    Ok(())
}

/// Makes the award: the agreement is prepared, its nights are held, its value is committed.
async fn award(work: &mut Work, of: &Recommendation, approvals: &[Approval]) -> Answer<Agreement> {
    let today = work.moment().today();
    let Some(first) = approvals.first() else { return Err(Outcome::NotFound) };
    let case = facts_now(work, first, today).await?;
    case.gates()?;
    let id = AgreementId(work.new_id());
    rows(work, &case, of, id).await?;
    let agreement = prepare(work, &case, of, approvals, id).await?;
    hold_bed(work, &case.home, &agreement).await?;
    work.add_price_lines(&agreement).await?;
    let grant = urgency_grant(work, &agreement, of, approvals).await?;
    commit(work, &agreement.commitment(today), grant).await?;
    work.enqueue(paper_job(&agreement)?);
    let notice = Notice {
        to: agreement.provider.0,
        role: Role::ProviderManager,
        subject: format!("{}: an agreement to sign", agreement.reference),
        lines: vec![format!("Your offer on {} was chosen.", case.referral.reference)],
        path: format!("/agreements/{}", agreement.reference),
    };
    work.enqueue(notice.job()?);
    work.enqueue(officer_notice(first, "approved, and the agreement is prepared").job()?);
    Ok(agreement)
}

/// Offers and referral: the chosen one accepted, every other closed with its own reason.
async fn rows(work: &mut Work, case: &Case, of: &Recommendation, id: AgreementId) -> Answer<()> {
    let change = case.offer.clone().accept(id)?;
    work.apply(change).await?;
    for other in work.open_offers_of(work.org(), case.referral.id).await? {
        let said = of.others.iter().find(|said| said.offer == other.id);
        let change = other.not_choose(said.map_or(NotChosenReason::BetterMatch, |said| said.reason))?;
        work.apply(change).await?;
    }
    let change = case.referral.clone().agree(id)?;
    let referral = work.apply(change).await?;
    let close = |invitation: placewell_domain::placing::invitation::Invitation, moment| invitation.close(moment);
    close_search(work, &referral, Some(case.offer.id), NotChosenReason::BetterMatch, close).await
}

async fn prepare(
    work: &mut Work,
    case: &Case,
    of: &Recommendation,
    approvals: &[Approval],
    id: AgreementId,
) -> Answer<Agreement> {
    let terms_version = match work.current_arrangement().await? {
        Some(kept) if case.facts.route == Route::Arrangement => {
            kept.arrangement.terms_on(case.facts.start).map_or_else(String::new, |terms| terms.version.clone())
        }
        _ => String::new(),
    };
    let bed = match case.offer.terms.bed {
        Some(bed) => Some(bed),
        None => free_bed(work, &case.home, case.facts.start, case.facts.planned_end).await?,
    };
    let number = work.next_number("agreement").await?;
    let authority = case.referral.reference.authority.clone();
    let terms = AgreementTerms {
        route: case.facts.route,
        lot: case.invitation.profile.lot.clone(),
        home: case.home.id,
        bed,
        solo: case.facts.solo,
        start: case.facts.start,
        lines: case.facts.lines.clone(),
        notice: STANDARD_NOTICE.to_vec(),
        terms_version,
        distance: case.facts.distance,
    };
    let agreement = Agreement {
        id,
        version: 0,
        reference: Reference { authority, kind: ReferenceKind::Agreement, number },
        authority: work.org(),
        responsible: of.responsible,
        provider: case.offer.provider,
        child: of.child,
        referral: of.referral,
        offer: of.offer,
        case: of.case,
        terms,
        planned_end: case.facts.planned_end,
        reviews: Vec::new(),
        rests_on: approvals.iter().filter_map(rests_on).collect(),
        facts: hash(&case.facts),
        signatures: Signatures::default(),
        state: AgreementState::Prepared,
    };
    Ok(work.apply(Agreement::prepare(agreement)).await?)
}

fn rests_on(approval: &Approval) -> Option<RestsOn> {
    let given = approval.state.given()?;
    Some(RestsOn {
        reference: approval.reference.clone(),
        what: approval.kind.label().to_owned(),
        rule: approval.triggers.first().map_or_else(String::new, |trigger| trigger.rule.clone()),
        by: given.by,
        at: given.at,
        basis: given.basis.clone(),
        verbal: given.verbal.is_some(),
    })
}

/// A bed of the home that nobody has on any of the nights.
async fn free_bed(work: &Work, home: &Home, from: jiff::civil::Date, to: jiff::civil::Date) -> Answer<Option<BedId>> {
    let uses = work.bed_uses(home.id, from).await?;
    let beds = work.beds(home.id).await?;
    let taken = |bed: BedId| uses.iter().any(|used| used.bed == bed && used.nights.from() < to);
    let free = beds.iter().find(|bed| !taken(bed.id)).map(|bed| bed.id);
    if free.is_none() && !beds.is_empty() {
        return Err(bed_refusal("bed_taken").into());
    }
    Ok(free)
}

/// Holds the bed for the planned nights; the database has the last word. A home that shows no beds holds none.
async fn hold_bed(work: &mut Work, home: &Home, agreement: &Agreement) -> Answer<()> {
    let (from, to) = agreement.nights();
    let (Some(bed), Some(nights)) = (agreement.terms.bed, Nights::new(from, to)) else { return Ok(()) };
    work.lock_homes(&[home.id]).await?;
    let sleeper = Sleeper { agreement: agreement.id, nights, solo: agreement.terms.solo };
    let change = BedUse::hold(BedUseId(work.new_id()), home, bed, sleeper)?;
    let held = work.apply(change).await?;
    debug_assert_eq!(held.state, UseState::Held);
    Ok(())
}

/// The exception that an urgent award is recorded with; none where a limb carries it.
async fn urgency_grant(
    work: &mut Work,
    agreement: &Agreement,
    of: &Recommendation,
    approvals: &[Approval],
) -> Answer<Option<i64>> {
    let urgent =
        approvals.iter().find_map(|approval| match approval.state.given().map(|given| (given, &given.basis)) {
            Some((given, GivenBasis::Urgency { urgency })) => Some((given.by, urgency)),
            _ => None,
        });
    let Some((person, urgency)) = urgent else { return Ok(None) };
    if agreement.terms.route != Route::Arrangement {
        return Ok(None);
    }
    let (reason, words) = match urgency {
        UrgencyUse::Recorded { clause, .. } => (ExceptionReason::Urgency, clause.clone()),
        UrgencyUse::WithoutRecordedPower { .. } if of.emergency.is_none() => {
            return Err(Refusal::new(
                "no_urgency_power",
                "Urgency: only a power recorded for the authority goes beyond a limb; without one, only a child's emergency start is recorded",
                "No urgency power that you hold is recorded, and this start is not an emergency.",
                "Democratic services record the urgency power of the constitution",
            )
            .into());
        }
        UrgencyUse::WithoutRecordedPower { alert, .. } => {
            alert_and_open(work, agreement, alert).await?;
            (
                ExceptionReason::WithoutRecordedPower,
                "A decision is opened: ratify, raise the ceiling, or end".to_owned(),
            )
        }
    };
    Ok(Some(work.grant_over(agreement.id, reason, &words, person).await?))
}

#[derive(Debug, Serialize, Deserialize)]
struct Alerted {
    people: Vec<i64>,
    reference: String,
}

/// A start made without recorded power: the monitoring officer and the section 151 officer are alerted at once, and a
/// decision is opened (rule 1.3).
async fn alert_and_open(work: &mut Work, agreement: &Agreement, grades: &[PostGrade]) -> Answer<()> {
    let scheme = work.scheme(work.org()).await?;
    let people = to_alert(grades, &scheme.posts, &scheme.holdings, work.moment().today());
    let id = DecisionId(work.new_id());
    let number = work.next_number("urgent_decision").await?;
    let year = work.moment().today().year();
    let reference = format!("{}-{year}-U{number:03}", agreement.reference.authority);
    let title = format!("{}, started without recorded power: ratify, raise the ceiling, or end", agreement.reference);
    let page = DecisionPage { title, ..DecisionPage::default() };
    work.apply(Decision::record(id, work.org(), reference.clone(), None, page)).await?;
    let event = Event::new("agreement.without_recorded_power", "agreement", agreement.id.0, agreement.version)
        .with("decision", &reference)
        .with("alerted", people.len());
    work.record(event);
    let alerted =
        Alerted { people: people.iter().map(|person| person.0).collect(), reference: agreement.reference.to_string() };
    work.enqueue(Job::new(ALERT, &serde_json::to_value(alerted)?));
    Ok(())
}

/// Writes the alert to each person, once.
pub async fn alert(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let alerted: Alerted = serde_json::from_str(&job.payload)?;
    let work = app.store.begin(job.organisation, app.calendar.now()).await?;
    let subject = format!("{}: started without recorded power", alerted.reference);
    let body = format!(
        "A child's start was recorded without recorded power. A decision is opened: ratify, raise the ceiling, or end.\n/agreements/{}",
        alerted.reference
    );
    for person in alerted.people {
        let address = work.person_email(PersonId(person)).await?;
        work.write_mail(&address, &subject, &body, &format!("{}-{person}", job.id)).await?;
    }
    Ok(work.commit(Machine::now()).await?)
}

/// Settles a recommendation whose last decision came from another organisation. What a rule refuses now is told to the
/// officer; the approvals stand.
pub async fn settle_later(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToSettle = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(to.authority), app.calendar.now()).await?;
    let approvals = work.approvals_of(work.org(), to.recommendation).await?;
    let Some(first) = approvals.first().cloned() else {
        return Ok(work.roll_back().await?);
    };
    if work.agreement_of(work.org(), first.referral).await?.is_some() {
        return Ok(work.roll_back().await?);
    }
    work.savepoint().await?;
    let given = approvals.iter().all(|approval| approval.state.given().is_some());
    let today = work.moment().today();
    let done = if given {
        let now = facts_now(&work, &first, today).await?;
        let changes = first.facts.changes(&now.facts);
        if changes.iter().any(|change| change.voids) {
            void(&mut work, &first, changes).await.map(|_| ())
        } else {
            settle_here(&mut work, to.recommendation).await
        }
    } else {
        settle_here(&mut work, to.recommendation).await
    };
    match done {
        Ok(()) => Ok(work.commit(Machine::now()).await?),
        Err(Outcome::Refused(refusal)) => {
            work.undo().await?;
            work.enqueue(officer_notice(&first, &format!("approved, but cannot be awarded: {}", refusal.rule)).job()?);
            Ok(work.commit(Machine::now()).await?)
        }
        Err(outcome) => {
            work.roll_back().await?;
            Err(outcome)
        }
    }
}

//! The acts of an agreement: sign, start, review, notice, end, cancel. Each that uses a power is decided by its holder.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::homes::standing::standing_on;
use placewell_domain::id::{AgreementId, OrganisationId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{
    Agreement, AgreementState, CancelReason, EndReason, Ending, Side, Signature, UnsignedReason,
};
use placewell_domain::placing::occupancy::{BedUse, UseState};
use placewell_domain::placing::referral::NotPlacedReason;
use placewell_domain::power::annual_value::{Commitment, ExceptionReason, Route};
use placewell_domain::power::delegation::Act;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::placing::agreement::paper_job;
use placewell_store::{Session, Work};
use serde::{Deserialize, Serialize};

use super::at_block;
use super::deciding::{Decided, decide, decide_fact};
use super::paper::content_hash;
use super::{current, page_of};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, Command, Receipt};
use crate::homes::standing::{grade_admits, lot_open};
use crate::office::message::Notice;
use crate::placing::referral::ending::lose;
use crate::power::annual_value::{Allowed, Exception, commit};

/// The job that brings bed and ledger to an agreement that the provider changed.
pub const REFIT: &str = "agreement.refit";

/// Signs for the actor's own side: a typed name, a role, and the statement of authority.
#[derive(Debug, Clone, Serialize)]
pub struct Sign {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The name as typed.
    pub name: String,
    /// The role as typed.
    pub role: String,
    /// "I have authority to sign".
    pub has_authority: bool,
}

/// A mail to the side that did not act.
pub(super) fn other_side(agreement: &Agreement, acted: Side, act: &str) -> Notice {
    let (to, role) = match acted {
        Side::Authority => (agreement.provider, Role::ProviderManager),
        Side::Provider => (agreement.authority, Role::PlacementOfficer),
    };
    Notice {
        to: to.0,
        role,
        subject: format!("{}: {act}", agreement.reference),
        lines: vec![format!("The agreement is now: {}.", agreement.state.label().to_lowercase())],
        path: format!("/agreements/{}", agreement.reference),
    }
}

impl Command for Sign {
    const ACTION: Action = Action::SignAgreement;
    const NAME: &'static str = "agreement.sign";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        let signature = Signature {
            person: actor.person,
            name: self.name.trim().to_owned(),
            role: self.role.trim().to_owned(),
            at: work.moment().local,
            content: content_hash(&agreement),
        };
        let signature = signature.checked(self.has_authority)?;
        let side = if actor.kind == OrganisationKind::Provider { Side::Provider } else { Side::Authority };
        let change = agreement.sign(side, signature)?;
        let agreement = work.apply(change).await?;
        work.enqueue(paper_job(&agreement)?);
        work.enqueue(other_side(&agreement, side, "signed by the other side").job()?);
        Ok(page_of(&agreement))
    }
}

/// Records the child's start.
#[derive(Debug, Clone, Serialize)]
pub struct StartStay {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The first night.
    pub on: Date,
    /// Why it starts before both have signed.
    pub unsigned: Option<UnsignedReason>,
}

impl Command for StartStay {
    const ACTION: Action = Action::RunAgreement;
    const NAME: &'static str = "agreement.start";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        may_start(work, &agreement, self.on).await?;
        let change = agreement.start(self.on, self.unsigned, work.moment())?;
        let agreement = work.apply(change).await?;
        let referral = work.referral(work.org(), agreement.referral).await?;
        let change = referral.place(self.on)?;
        work.apply(change).await?;
        move_in(work, &agreement).await?;
        recommit(work, &agreement, Allowed::Nothing).await?;
        work.enqueue(paper_job(&agreement)?);
        work.enqueue(other_side(&agreement, Side::Authority, "started").job()?);
        Ok(page_of(&agreement))
    }
}

/// Refused where the home takes no new child on this day: it is not registered, Ofsted restricts it, it is judged Inadequate
/// without an exemption for a child who does not live there yet, or it has lost its standing in the arrangement through
/// which the child comes, as a whole or on the lot. What is bought outside needs none (rule 3.6).
async fn may_start(session: &Session, agreement: &Agreement, on: Date) -> Answer<()> {
    let terms = &agreement.terms;
    let home = session.home(terms.home).await?;
    home.may_admit()?;
    let facts = session.standing_of(home.id, home.provider).await?;
    let stands = standing_on(&facts, home.id, home.provider, on);
    let outside = terms.route == Route::Spot;
    let stands = if outside { stands.outside() } else { stands };
    stands.may_admit(&home.name)?;
    if !session.lives_there_already(agreement, on).await? {
        grade_admits(session, &home, (agreement.authority, agreement.referral), on).await?;
    }
    if outside { Ok(()) } else { lot_open(session, &home, &terms.lot, on).await }
}

/// The held bed becomes a stay, from the night on which the child came.
async fn move_in(work: &mut Work, agreement: &Agreement) -> Answer<()> {
    work.lock_homes(&[agreement.terms.home]).await?;
    let (from, _) = agreement.nights();
    for held in work.bed_uses_of(work.org(), agreement.id).await? {
        if held.state != UseState::Held {
            continue;
        }
        let late = held.nights.from() < from;
        let (bed, solo, nights) = (held.bed, held.solo, held.nights);
        if late {
            let change = held.cancel(from)?;
            work.apply(change).await?;
            let home = work.home(agreement.terms.home).await?;
            if let Some(nights) = placewell_domain::nights::Nights::new(from, nights.to()) {
                let sleeper = placewell_domain::placing::occupancy::Sleeper { agreement: agreement.id, nights, solo };
                let id = placewell_domain::id::BedUseId(work.new_id());
                let change = placewell_domain::placing::occupancy::BedUse::stay(id, &home, bed, sleeper)?;
                work.apply(change).await?;
            }
        } else {
            let change = held.move_in()?;
            work.apply(change).await?;
        }
    }
    Ok(())
}

/// Whether a use of a bed must reach to the agreement's last night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beds {
    /// It is refused where another child has the bed.
    Held,
    /// A child who is there is there: the use reaches as far as the bed is free (rule 3.1).
    AsFree,
}

/// Bed uses end with the nights of the agreement; those of an agreement that never began are let go. The first night on
/// which another child has the bed, where the use stops before it.
async fn fit_beds(work: &mut Work, agreement: &Agreement, beds: Beds) -> Answer<Option<Date>> {
    work.lock_homes(&[agreement.terms.home]).await?;
    let (from, to) = agreement.nights();
    let mut taken = None;
    for used in work.bed_uses_of(agreement.authority, agreement.id).await? {
        let (began, ends) = (used.nights.from(), used.nights.to());
        let next = if beds == Beds::AsFree && to > ends {
            next_use(&work.bed_uses(used.home, ends).await?, &used, to)
        } else {
            None
        };
        taken = taken.or(next);
        let until = next.map_or(to, |next| next.max(ends));
        let change = if from >= to || began >= to {
            used.cancel(work.moment().today())?
        } else if ends == until {
            continue;
        } else {
            used.end_on(until)?
        };
        work.apply(change).await?;
    }
    Ok(taken)
}

/// The first night, from the end of a use to a later day, on which another use keeps the bed, or a child who lives alone
/// keeps others out.
fn next_use(uses: &[BedUse], used: &BedUse, to: Date) -> Option<Date> {
    let sleeps = |other: &BedUse| matches!(other.state, UseState::Held | UseState::Stay);
    let keeps = |other: &&BedUse| {
        let alone = sleeps(other) && (other.solo || used.solo);
        other.agreement != used.agreement && other.nights.from() < to && (other.bed == used.bed || alone)
    };
    uses.iter().filter(keeps).map(|other| other.nights.from()).min()
}

/// Brings the ledger to what the agreement now commits. What is allowed above the ceiling is an exception with its reason
/// and person; all else is refused there (rule 3.2).
pub(super) async fn recommit(work: &mut Work, agreement: &Agreement, allowed: Allowed<'_>) -> Answer<()> {
    if at_block::leave_release(work, agreement).await? {
        return Ok(());
    }
    let commitment = agreement.commitment(work.moment().today());
    let before = work.committed_years(work.org(), agreement.id).await?;
    commit(work, &commitment, allowed).await?;
    moved(work, agreement, &before).await
}

/// An exception for this act, by whoever does it; the system, where nobody does.
pub(super) fn exception<'a>(work: &Work, reason: ExceptionReason, words: &'a str) -> Exception<'a> {
    Exception { reason, words, person: work.person().unwrap_or(PersonId(0)), always: false }
}

/// Records what the act released or committed, year by year: the page shows it as of that day.
pub(super) async fn moved(work: &mut Work, agreement: &Agreement, before: &[(Date, Pence)]) -> Answer<()> {
    let after = work.committed_years(work.org(), agreement.id).await?;
    for (year, now) in after {
        let was = before.iter().find_map(|(known, was)| (*known == year).then_some(*was)).unwrap_or_default();
        if now == was {
            continue;
        }
        let kind = if now < was { "agreement.released" } else { "agreement.committed" };
        let event = Event::new(kind, "agreement", agreement.id.0, agreement.version)
            .with("year_from", year)
            .with("pence", (now - was).0.abs());
        work.record(event);
    }
    Ok(())
}

/// Reviews the planned end.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewPlannedEnd {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The day after the last planned night, from now on.
    pub planned_end: Date,
    /// Who decided it, and how.
    pub decided_by: Decided,
}

impl Command for ReviewPlannedEnd {
    const ACTION: Action = Action::DecideAgreement;
    const NAME: &'static str = "agreement.review";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        let (act, today) = (Act::VaryAgreement, work.moment().today());
        let (agreement, power) = if agreement.may_review_without(self.planned_end, today) {
            decide_fact(work, actor, agreement, act, self.decided_by).await?
        } else {
            let (agreement, power) = decide(work, actor, agreement, act, self.decided_by).await?;
            (agreement, Ok(power))
        };
        let overstay = agreement.overstay_until(today);
        let beds = if self.planned_end > agreement.planned_end { Beds::Held } else { Beds::AsFree };
        let change = agreement.review(self.planned_end, power, work.moment())?;
        let agreement = work.apply(change).await?;
        fit_beds(work, &agreement, beds).await?;
        let reached = overstay
            .map(|until| Commitment { planned_end: until.min(self.planned_end), ..agreement.commitment(today) });
        let stays = exception(work, ExceptionReason::Overstay, "Planned end reviewed while the child stays");
        let allowed = reached.as_ref().map_or(Allowed::Nothing, |reached| Allowed::UpTo(reached, stays));
        recommit(work, &agreement, allowed).await?;
        work.enqueue(paper_job(&agreement)?);
        Ok(page_of(&agreement))
    }
}

/// Gives notice for the actor's own side.
#[derive(Debug, Clone, Serialize)]
pub struct GiveNotice {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Who decided it, and how; the provider cites no power.
    pub decided_by: Decided,
}

impl Command for GiveNotice {
    const ACTION: Action = Action::GiveNotice;
    const NAME: &'static str = "agreement.notice";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        let moment = work.moment();
        if actor.kind == OrganisationKind::Provider {
            let change = agreement.give_notice(Side::Provider, None, moment)?;
            let agreement = work.apply(change).await?;
            work.enqueue(refit_job(&agreement)?);
            work.enqueue(other_side(&agreement, Side::Provider, "notice given by the provider").job()?);
            return Ok(page_of(&agreement));
        }
        let (agreement, power) = decide(work, actor, agreement, Act::GiveNotice, self.decided_by).await?;
        let change = agreement.give_notice(Side::Authority, Some(power), moment)?;
        let agreement = work.apply(change).await?;
        fit_beds(work, &agreement, Beds::AsFree).await?;
        recommit(work, &agreement, Allowed::Nothing).await?;
        work.enqueue(other_side(&agreement, Side::Authority, "notice given by the authority").job()?);
        Ok(page_of(&agreement))
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Refit {
    authority: i64,
    agreement: i64,
    /// It was moved to the successor, which is no new award: its ledger follows also above the successor's ceiling.
    #[serde(default)]
    moved: bool,
}

/// The job that brings the ledger to an agreement that was moved to the successor.
pub(super) fn moved_job(agreement: &Agreement) -> Answer<Job> {
    let refit = Refit { authority: agreement.authority.0, agreement: agreement.id.0, moved: true };
    Ok(Job::new(REFIT, &serde_json::to_value(refit)?).about("agreement", agreement.id))
}

/// The job that brings bed and ledger to an agreement that the provider changed.
pub(super) fn refit_job(agreement: &Agreement) -> Answer<Job> {
    let refit = Refit { authority: agreement.authority.0, agreement: agreement.id.0, moved: false };
    Ok(Job::new(REFIT, &serde_json::to_value(refit)?).about("agreement", agreement.id))
}

/// Brings bed and ledger to an agreement in its authority's own transaction; a second run changes nothing.
pub async fn refit(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let refit: Refit = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(refit.authority), app.calendar.now()).await?;
    let agreement = work.agreement_by_id(work.org(), AgreementId(refit.agreement)).await?;
    fit_beds(&mut work, &agreement, Beds::AsFree).await?;
    let allowed = if refit.moved {
        let words = "Moved to the successor with the consent of both sides";
        Allowed::All(exception(&work, ExceptionReason::UpliftDecided, words))
    } else {
        Allowed::Nothing
    };
    recommit(&mut work, &agreement, allowed).await?;
    let (_, until) = agreement.nights();
    let event = Event::new("agreement.refitted", "agreement", agreement.id.0, agreement.version).with("until", until);
    work.record(event);
    Ok(work.commit(Machine::now()).await?)
}

/// Records that the child has left.
#[derive(Debug, Clone, Serialize)]
pub struct EndAgreement {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The day on which the child left.
    pub on: Date,
    /// Planned or not.
    pub planned: bool,
    /// Why.
    pub reason: EndReason,
    /// Who decided it, and how.
    pub decided_by: Decided,
}

impl Command for EndAgreement {
    const ACTION: Action = Action::DecideAgreement;
    const NAME: &'static str = "agreement.end";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        let (agreement, power) = decide_fact(work, actor, agreement, Act::EndAgreement, self.decided_by).await?;
        let (power, without) = (power.as_ref().ok().cloned(), power.err());
        let ending = Ending { on: self.on, planned: self.planned, reason: self.reason, power, without };
        let change = agreement.end(ending, work.moment())?;
        let agreement = work.apply(change).await?;
        fit_beds(work, &agreement, Beds::AsFree).await?;
        let stayed = exception(work, ExceptionReason::Overstay, "Stayed past the planned end");
        recommit(work, &agreement, Allowed::Passed(stayed)).await?;
        work.enqueue(paper_job(&agreement)?);
        work.enqueue(other_side(&agreement, Side::Authority, "ended").job()?);
        Ok(page_of(&agreement))
    }
}

/// Takes back an agreement that has not begun.
#[derive(Debug, Clone, Serialize)]
pub struct CancelAgreement {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: CancelReason,
    /// Who decided it, and how.
    pub decided_by: Decided,
}

impl Command for CancelAgreement {
    const ACTION: Action = Action::DecideAgreement;
    const NAME: &'static str = "agreement.cancel";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        let (agreement, power) = decide(work, actor, agreement, Act::EndAgreement, self.decided_by).await?;
        let change = agreement.cancel(self.reason, &power, work.moment())?;
        let agreement = work.apply(change).await?;
        let referral = work.referral(work.org(), agreement.referral).await?;
        let change = referral.not_placed(NotPlacedReason::AgreementCancelled, work.moment())?;
        let referral = work.apply(change).await?;
        work.forget_price_point(referral.id).await?;
        lose(work, &referral, NotPlacedReason::AgreementCancelled).await?;
        fit_beds(work, &agreement, Beds::AsFree).await?;
        recommit(work, &agreement, Allowed::Nothing).await?;
        work.enqueue(other_side(&agreement, Side::Authority, "cancelled before the start").job()?);
        Ok(page_of(&agreement))
    }
}

/// Rolls every overdue end of an authority, planned or by notice, by 28 days, each in a transaction of its own; gives how many.
pub async fn roll_overdue(app: &Arc<App>, authority: OrganisationId) -> Answer<u32> {
    let moment = app.calendar.now();
    let overdue = app.store.read(Some(authority)).await?.overdue_agreements(authority, moment.today()).await?;
    let (mut rolled, mut failed) = (0, None);
    for agreement in overdue {
        let mut work = app.store.begin(authority, moment).await?;
        let done = match roll_one(&mut work, agreement).await {
            Ok(()) => work.commit(Machine::now()).await.map_err(Outcome::from),
            Err(outcome) => work.roll_back().await.map_err(Outcome::from).and(Err(outcome)),
        };
        match done {
            Ok(()) => rolled += 1,
            Err(outcome) => failed = failed.or(Some(outcome)),
        }
    }
    failed.map_or(Ok(rolled), Err)
}

async fn roll_one(work: &mut Work, agreement: Agreement) -> Answer<()> {
    let change = agreement.roll(work.moment())?;
    let agreement = work.apply(change).await?;
    let taken = fit_beds(work, &agreement, Beds::AsFree).await?;
    let stays = exception(work, ExceptionReason::Overstay, "End rolled by 28 days");
    recommit(work, &agreement, Allowed::All(stays)).await?;
    let given = matches!(agreement.state, AgreementState::NoticeGiven { .. });
    let (what, passed) = if given { ("the notice", "run out") } else { ("the planned end", "passed") };
    let notice = Notice {
        to: agreement.authority.0,
        role: Role::PlacementOfficer,
        subject: format!("{}: {what} has {passed}", agreement.reference),
        lines: vec![format!(
            "It was rolled to {}. Review it, or record that the child has left.",
            agreement.nights().1
        )],
        path: format!("/agreements/{}", agreement.reference),
    };
    work.enqueue(notice.job()?);
    if let Some(night) = taken {
        for notice in two_on_one_bed(&agreement, night) {
            work.enqueue(notice.job()?);
        }
    }
    Ok(())
}

/// The mails to both sides: the child is still there, and another is to have the bed.
fn two_on_one_bed(agreement: &Agreement, night: Date) -> [Notice; 2] {
    let sides = [(agreement.authority, Role::PlacementOfficer), (agreement.provider, Role::ProviderManager)];
    sides.map(|(to, role)| Notice {
        to: to.0,
        role,
        subject: format!("{}: two children stand on one bed", agreement.reference),
        lines: vec![format!(
            "The child has not left, and from {night} the bed is kept for other use. Agree who moves."
        )],
        path: format!("/agreements/{}", agreement.reference),
    })
}

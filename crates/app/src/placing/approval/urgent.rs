//! Urgency at work (rule 1.3): whether it may be used, the exception it is recorded with, the decision that a start without
//! recorded power opens, the alert, and the Director's confirmation of a start at night.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::id::{DecisionId, PersonId};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::placing::approval::{
    Approval, GivenBasis, Recommendation, ToConfirm, may_confirm_night, urgency_called_for,
};
use placewell_domain::power::annual_value::ExceptionReason;
use placewell_domain::power::decision::{Decision, DecisionPage};
use placewell_domain::power::delegation::{UrgencyUse, to_alert};
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::{Session, Work};
use serde::{Deserialize, Serialize};

use super::deciding::facts_now;
use super::{current, grounds_of, page_of};
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::{App, Command, Receipt};
use crate::office::message;
use crate::power::annual_value::committing::commit_first;
use crate::power::annual_value::{Allowed, Effect, Exception};

/// The job that alerts the monitoring officer and the section 151 officer.
pub const ALERT: &str = "approval.alert";

/// Whether some year does not hold what would be committed, or is adopted by no decision.
pub(super) fn above(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| effect.after.is_err())
}

/// Refuses urgency where the annual value holds the award and a limb gives the power, and a planned award where no
/// urgency power is recorded.
pub(super) async fn urgency_must_be_called_for(
    session: &Session,
    approval: &Approval,
    basis: &GivenBasis,
    today: Date,
) -> Answer<()> {
    let GivenBasis::Urgency { urgency } = basis else { return Ok(()) };
    let case = facts_now(session, approval, today).await?;
    let above = case.facts.route.through_arrangement() && above(&case.effect(session, today).await?);
    urgency_called_for(&case.facts.power, above)?;
    if matches!(urgency, UrgencyUse::WithoutRecordedPower { .. }) {
        let of = session.recommendation(approval.authority, approval.recommendation).await?;
        only_an_emergency(&of)?;
    }
    Ok(())
}

fn only_an_emergency(of: &Recommendation) -> Result<(), Refusal> {
    if of.emergency.is_some() {
        return Ok(());
    }
    Err(Refusal::new(
        "no_urgency_power",
        "Urgency: only a power recorded for the authority goes beyond a limb; without one, only a child's emergency start is recorded",
        "No urgency power is recorded, and this start is not an emergency.",
        "Democratic services record the urgency power of the constitution",
    ))
}

/// How urgency carries an agreement: who used it, and whether it was recorded.
fn urgency_of(agreement: &Agreement) -> Option<(PersonId, &UrgencyUse)> {
    agreement.rests_on.iter().find_map(|rests| match &rests.basis {
        GivenBasis::Urgency { urgency } => Some((rests.by, urgency)),
        GivenBasis::Limb { .. } | GivenBasis::Statutory { .. } | GivenBasis::Opinion { .. } => None,
    })
}

/// Commits an award. One made under urgency is recorded as an exception, whatever the ceiling holds; in years that no
/// decision adopted there is no ceiling to hold it, and a row of its own says so. All others are held by the ceiling.
pub(super) async fn commit_award(work: &mut Work, agreement: &Agreement, of: &Recommendation) -> Answer<()> {
    debug_assert_eq!(agreement.version, 1, "an award commits an agreement that it has just made");
    let commitment = agreement.commitment(work.moment().today());
    let Some((person, urgency)) = urgency_of(agreement) else {
        return commit_first(work, &commitment, Allowed::Nothing).await;
    };
    let (reason, words) = match urgency {
        UrgencyUse::Recorded { clause, .. } => (ExceptionReason::Urgency, clause.clone()),
        UrgencyUse::WithoutRecordedPower { .. } => {
            only_an_emergency(of)?;
            let opened = agreement.added.opened.clone().unwrap_or_default();
            let words = format!("Decision {opened} is opened: ratify, raise the ceiling, or end");
            (ExceptionReason::WithoutRecordedPower, words)
        }
    };
    let exception = Exception { reason, words: &words, person, always: true };
    commit_first(work, &commitment, Allowed::All(exception)).await
}

#[derive(Debug, Serialize, Deserialize)]
struct Alerted {
    people: Vec<i64>,
    reference: String,
}

/// A start made without recorded power: a decision is opened to ratify it, raise the ceiling or end it, and the
/// monitoring officer and the section 151 officer are alerted at once. An agreement under a power stays as it is.
pub(super) async fn open_decision(work: &mut Work, agreement: Agreement) -> Answer<Agreement> {
    let Some((_, UrgencyUse::WithoutRecordedPower { alert: grades, .. })) = urgency_of(&agreement) else {
        return Ok(agreement);
    };
    let scheme = work.scheme(work.org()).await?;
    let today = work.moment().today();
    let people = to_alert(grades, &scheme.posts, &scheme.holdings, today);
    let id = DecisionId(work.new_id());
    let number = work.next_number("urgent_decision").await?;
    let reference = format!("{}-{}-U{number:03}", agreement.reference.authority, today.year());
    let title = format!("{}, started without recorded power: ratify, raise the ceiling, or end", agreement.reference);
    let page = DecisionPage { title, ..DecisionPage::default() };
    work.apply(Decision::record(id, work.org(), reference.clone(), None, page)).await?;
    let event = Event::new("agreement.without_recorded_power", "agreement", agreement.id.0, 1)
        .with("decision", &reference)
        .with("alerted", people.len());
    work.record(event);
    let alerted =
        Alerted { people: people.iter().map(|person| person.0).collect(), reference: agreement.reference.to_string() };
    work.enqueue(Job::new(ALERT, &serde_json::to_value(alerted)?).about("agreement", agreement.id));
    let mut agreement = agreement;
    agreement.added.opened = Some(reference);
    Ok(agreement)
}

/// Writes the alert to each person, once.
pub async fn alert(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let alerted: Alerted = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(job.organisation, app.calendar.now()).await?;
    let subject = format!("{}: started without recorded power", alerted.reference);
    let body = format!(
        "A child's start was recorded without recorded power. A decision is opened: ratify, raise the ceiling, or end.\n/agreements/{}",
        alerted.reference
    );
    for person in alerted.people {
        let address = work.person_email(PersonId(person)).await?;
        message::mail(&mut work, &address, (&subject, &body), &format!("{}-{person}", job.id)).await?;
    }
    Ok(work.commit(Machine::now()).await?)
}

/// The Director confirms what somebody on call did at night under the urgency power.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmNight {
    /// The approval.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for ConfirmNight {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "approval.confirm_night";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let approval = current(work, &self.reference, self.version).await?;
        let today = work.moment().today();
        let grounds = grounds_of(work, &approval, today).await?;
        may_confirm_night(actor.person, &grounds, today)?;
        let change = approval.confirm_night(actor.person, work.moment())?;
        Ok(page_of(&work.apply(change).await?))
    }
}

/// A confirmation that is due, for the list.
#[derive(Debug, Clone)]
pub struct ConfirmLine {
    /// The approval.
    pub approval: Approval,
    /// What is due and by when.
    pub due: ToConfirm,
    /// By whom, by name; for a night "the Director".
    pub who: String,
    /// Its time has passed; the approval counts all the same.
    pub overdue: bool,
    /// The reader is who confirms it.
    pub mine: bool,
}

impl App {
    /// Every confirmation that is due in the actor's organisation, the earliest first: counted until it is given.
    pub async fn confirmations(&self, actor: &Actor) -> Answer<Vec<ConfirmLine>> {
        let session = self.see(actor, Action::SeeApprovals).await?;
        let moment = self.calendar.now();
        let mut lines = Vec::new();
        for approval in session.approvals_to_confirm(actor.organisation).await? {
            for due in approval.to_confirm() {
                let (who, mine) = if let Some(person) = due.person {
                    (session.person_name(person).await?, person == actor.person)
                } else {
                    let grounds = grounds_of(&session, &approval, moment.today()).await?;
                    ("The Director".to_owned(), may_confirm_night(actor.person, &grounds, moment.today()).is_ok())
                };
                lines.push(ConfirmLine { approval: approval.clone(), due, who, overdue: due.overdue(moment), mine });
            }
        }
        lines.sort_by_key(|line| line.due.by);
        Ok(lines)
    }
}

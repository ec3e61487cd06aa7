//! Deciding an approval: approve, refuse, ask, answer, pass on. Facts are read again first; where they changed the
//! approval is void, and where the page was older than the facts it is read again.

use jiff::civil::Date;
use placewell_domain::id::PersonId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::approval::{Approval, FactChange, Grounds, RefuseReason, who_may};
use placewell_domain::sealed::Sealed;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::award::settle;
use super::case::{Case, hash};
use super::urgent::urgency_must_be_called_for;
use super::void::{still_recommended, void};
use super::{
    approver_notice, current, grounds_of, keep_if_at_ceiling, officer_notice, opened_to_award, page_of, to_decide,
};
use crate::answer::Answer;
use crate::command::{App, Command, Receipt};
use crate::naming::LookedThrough;
use crate::placing::disclosure::names::names_nobody;

/// Approves.
#[derive(Debug, Clone, Serialize)]
pub struct Approve {
    /// The approval.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The hash of the facts that the page showed.
    pub seen: String,
    /// Conditions; empty where there are none.
    pub conditions: String,
    /// Use the urgency power instead of the limb's (rule 1.3).
    pub urgent: bool,
}

impl Command for Approve {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "approval.approve";

    async fn after_refusal(&self, refusal: &Refusal, _actor: &Actor, work: &mut Work) -> Answer<()> {
        let approval = work.approval(work.org(), &self.reference).await?;
        if approval.authority != work.org() {
            return Ok(());
        }
        let referral = work.referral(work.org(), approval.referral).await?;
        keep_if_at_ceiling(work, refusal, &referral).await
    }

    /// Where another body holds the child's record (rule 1.4), its facts are read in its own session: the approver's
    /// organisation sees none of them, and an approval still rests on what was seen.
    async fn before(&self, app: &App, actor: &Actor) -> Answer<()> {
        let session = app.see(actor, Self::ACTION).await?;
        let moment = app.calendar.now();
        let approval = session.approval(actor.organisation, &self.reference).await?;
        if approval.authority == actor.organisation || !approval.open() {
            return Ok(());
        }
        let grounds = grounds_of(&session, &approval, moment.today()).await?;
        // Urgency is the placing body's own power (rule 1.3): that none is recorded there is nobody else's leave.
        who_may(&approval, actor.person, &grounds, false, moment)?;
        drop(session);
        let theirs = app.store.read(Some(approval.authority)).await?;
        match recheck(&theirs, &approval, &self.seen, moment.today()).await? {
            Ok(_) => Ok(()),
            Err(changes) => Err(facts_changed(&changes).into()),
        }
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for Approve {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let approval = to_decide(work, &self.reference, self.version).await?;
        let grounds = grounds_of(work, &approval, work.moment().today()).await?;
        let urgent = self.urgent && approval.authority == work.org();
        let basis = who_may(&approval, actor.person, &grounds, urgent, work.moment())?;
        let mut case = None;
        if approval.authority == work.org() {
            opened_to_award(work, actor, &approval).await?;
            match recheck(work, &approval, &self.seen, work.moment().today()).await? {
                Ok(now) => case = Some(Box::new(now)),
                Err(changed) => return void(work, &approval, changed).await,
            }
        }
        urgency_must_be_called_for(work, &approval, &basis, work.moment().today()).await?;
        let conditions = match self.conditions.trim() {
            "" => None,
            text => {
                let sealed = seal(work, &approval, text).await?;
                let child = work.referral(work.org(), approval.referral).await?.child;
                names_nobody(work, (Self::NAME, actor), child, &[("words", text)], keys).await?;
                Some(sealed)
            }
        };
        let change = approval.approve(actor.person, basis, (self.seen.clone(), conditions), work.moment())?;
        let approval = work.apply(change).await?;
        settle(work, &approval, case).await?;
        Ok(page_of(&approval))
    }
}

/// Reads the facts again. Changes that void are the inner refusal; facts that the page had not shown are refused, so that
/// they are read first.
pub(super) async fn recheck(
    session: &Session,
    approval: &Approval,
    seen: &str,
    today: Date,
) -> Answer<Result<Case, Vec<FactChange>>> {
    let now = facts_now(session, approval, today).await?;
    still_recommended(&now)?;
    let changes = approval.facts.changes(&now.facts);
    if changes.iter().any(|change| change.voids) {
        return Ok(Err(changes));
    }
    now.gates()?;
    if seen == hash(&now.facts) { Ok(Ok(now)) } else { Err(facts_changed(&changes).into()) }
}

fn facts_changed(changes: &[FactChange]) -> Refusal {
    let what: Vec<String> =
        changes.iter().map(|change| format!("{}: {} to {}", change.fact, change.was, change.now)).collect();
    Refusal::new(
        "facts_changed",
        "An approval rests on the facts that the approver saw",
        "Facts changed since you opened this page. Nothing was decided: open it again and read them.",
        "You, by opening the request again",
    )
    .found(what.join("; "))
}

/// The case of an approval as it is now, in a session of the placing authority.
pub(super) async fn facts_now(session: &Session, approval: &Approval, today: Date) -> Answer<Case> {
    let org = approval.authority;
    let referral = session.referral(org, approval.referral).await?;
    let offer = session.offer(org, approval.offer).await?;
    let recommendation = session.recommendation(org, approval.recommendation).await?;
    let follow_ups = session.follow_ups_of(org, recommendation.id).await?;
    let answered = Some((&recommendation.gates, follow_ups.as_slice()));
    Case::read(session, referral, offer, Some(approval.facts.planned_end), answered, today).await
}

/// Seals text about the child; only the placing authority holds the child's key.
pub(super) async fn seal(work: &Work, approval: &Approval, text: &str) -> Answer<Sealed<String>> {
    if text.chars().count() > 4_000 {
        return Err(Invalid::one("words", "Write 4,000 characters or fewer").into());
    }
    if approval.authority != work.org() {
        return Err(Refusal::new(
            "other_authoritys_record",
            "Only the placing body writes in the child's record",
            "The child's record is held by the placing body, so text about the child cannot be written from here.",
            "The placing body's officer, whom you can ring",
        )
        .into());
    }
    let child = work.referral(work.org(), approval.referral).await?.child;
    Ok(work.child_key(work.org(), child).await?.seal(&text.to_owned())?)
}

/// Refuses.
#[derive(Debug, Clone, Serialize)]
pub struct Refuse {
    /// The approval.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: RefuseReason,
    /// In words.
    pub words: String,
}

impl Command for Refuse {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "approval.refuse";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let approval = deciding(work, actor, &self.reference, self.version).await?;
        let words = match self.words.trim() {
            "" => None,
            text => Some(seal(work, &approval, text).await?),
        };
        let change = approval.refuse(actor.person, self.reason, words, work.moment())?;
        let approval = work.apply(change).await?;
        settle(work, &approval, None).await?;
        work.enqueue(officer_notice(&approval, "refused").job()?);
        Ok(page_of(&approval))
    }
}

/// An approval that this person may decide.
async fn deciding(work: &Work, actor: &Actor, reference: &str, version: i64) -> Answer<Approval> {
    let approval = to_decide(work, reference, version).await?;
    let grounds: Grounds = grounds_of(work, &approval, work.moment().today()).await?;
    who_may(&approval, actor.person, &grounds, false, work.moment())?;
    Ok(approval)
}

/// Asks the officer something; the clock pauses.
#[derive(Debug, Clone, Serialize)]
pub struct AskApprover {
    /// The approval.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The question.
    pub question: String,
}

impl Command for AskApprover {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "approval.ask";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let approval = deciding(work, actor, &self.reference, self.version).await?;
        let question = seal(work, &approval, filled(&self.question, "Enter your question")?).await?;
        let change = approval.ask(actor.person, question, work.moment())?;
        let approval = work.apply(change).await?;
        work.enqueue(officer_notice(&approval, "a question from the approver").job()?);
        Ok(page_of(&approval))
    }
}

/// Answers the approver's question.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerQuestion {
    /// The approval.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The answer.
    pub answer: String,
}

impl Command for AnswerQuestion {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "approval.answer";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let approval = current(work, &self.reference, self.version).await?;
        let answer = seal(work, &approval, filled(&self.answer, "Enter your answer")?).await?;
        let change = approval.answer(actor.person, answer, work.moment())?;
        let approval = work.apply(change).await?;
        work.enqueue(approver_notice(&approval, "your question is answered").job()?);
        Ok(page_of(&approval))
    }
}

fn filled<'t>(text: &'t str, ask: &str) -> Answer<&'t str> {
    match text.trim() {
        "" => Err(Invalid::one("words", ask).into()),
        text => Ok(text),
    }
}

/// Passes a request on to another who holds the power.
#[derive(Debug, Clone, Serialize)]
pub struct PassOn {
    /// The approval.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// To whom.
    pub to: PersonId,
}

impl Command for PassOn {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "approval.pass_on";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let approval = deciding(work, actor, &self.reference, self.version).await?;
        let grounds = grounds_of(work, &approval, work.moment().today()).await?;
        who_may(&approval, self.to, &grounds, false, work.moment())?;
        let change = approval.pass_on(actor.person, self.to, work.moment())?;
        let approval = work.apply(change).await?;
        work.enqueue(approver_notice(&approval, "passed on").job()?);
        Ok(page_of(&approval))
    }
}

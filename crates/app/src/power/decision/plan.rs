//! The forward plan: notice of key decisions to come, published and taken off, and read by everybody.

use jiff::civil::Date;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{Decision, Notice, PlanEntry, PlanStep};
use placewell_store::Work;
use placewell_store::power::decision::PlannedDecision;
use serde::Serialize;

use super::commands::{past, shown};
use super::own_path;
use super::queries::call_in_rule;
use super::words::texts_of;
use crate::answer::Answer;
use crate::command::{App, Command, Receipt};
use crate::naming::{Public, Texts, looked_through};

/// Publishes notice of a key decision to come.
#[derive(Debug, Clone, Serialize)]
pub struct GiveNotice {
    /// The decision's reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// When, of which kind and for which day, with the facts that its kind needs.
    pub notice: Notice,
}

impl Command for GiveNotice {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "decision.give_notice";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        looked_through(self, &[], actor, work).await
    }
}

impl Public for GiveNotice {
    async fn texts(&self, work: &Work) -> Answer<Texts> {
        let decision = shown(work, &self.reference, self.version).await?;
        let mut texts = texts_of(&decision.page);
        texts.extend(self.notice.why.clone().map(|why| ("notice_why", why)));
        Ok(texts)
    }

    async fn publish(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        past(work, "on", self.notice.on)?;
        let rule = call_in_rule(work, work.org(), self.notice.on).await?;
        let decision = shown(work, &self.reference, self.version).await?;
        let mut invalid = Invalid::default();
        let blank = |text: Option<&String>| text.is_none_or(|text| text.trim().is_empty());
        if blank(decision.page.decision_maker.as_ref()) {
            invalid.add("on", "Enter the decision maker first: the notice names who is to decide");
        }
        if blank(decision.page.purpose.as_ref()) {
            invalid.add("on", "Enter the purpose first: the notice says what is to be decided");
        }
        invalid.or(())?;
        let decision = work.apply(decision.publish_notice(self.notice.clone(), &rule.calendar)?).await?;
        keep(work, &decision, PlanStep::Noticed).await?;
        Ok(Receipt::at(own_path(&decision.reference)))
    }
}

/// Takes a notice off the forward plan.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawNotice {
    /// The decision's reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// When.
    pub on: Date,
    /// Why, for everybody to read.
    pub reason: String,
}

impl Command for WithdrawNotice {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "decision.withdraw_notice";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        looked_through(self, &[], actor, work).await
    }
}

impl Public for WithdrawNotice {
    async fn texts(&self, _work: &Work) -> Answer<Texts> {
        Ok(vec![("reason", self.reason.clone())])
    }

    async fn publish(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        past(work, "withdrawn_on", self.on)?;
        if self.reason.trim().is_empty() {
            return Err(Invalid::one("reason", "Enter why the decision is not taken on this notice").into());
        }
        let decision = shown(work, &self.reference, self.version).await?;
        let notice = decision.state.notice().cloned();
        let decision = work.apply(decision.withdraw_notice()?).await?;
        let step = PlanStep::Withdrawn { on: self.on, reason: self.reason.trim().to_owned() };
        if let Some(notice) = notice {
            let entry = PlanEntry::of(&decision.reference, &decision.page, notice, step);
            work.keep_plan_entry(&decision, &entry).await?;
        }
        Ok(Receipt::at(own_path(&decision.reference)))
    }
}

async fn keep(work: &Work, decision: &Decision, step: PlanStep) -> Answer<()> {
    if let Some(notice) = decision.state.notice().cloned() {
        let entry = PlanEntry::of(&decision.reference, &decision.page, notice, step);
        work.keep_plan_entry(decision, &entry).await?;
    }
    Ok(())
}

/// Says on the forward plan that a decision was taken, where it stood there.
pub(super) async fn taken(work: &Work, decision: &Decision, on: Date) -> Answer<()> {
    keep(work, decision, PlanStep::Taken { on }).await
}

impl App {
    /// The forward plan of every authority, the next decision first: public.
    pub async fn forward_plan(&self) -> Answer<Vec<PlannedDecision>> {
        Ok(self.visit().await?.forward_plan().await?)
    }
}

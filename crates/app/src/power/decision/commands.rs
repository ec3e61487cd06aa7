//! The commands of democratic services on a decision. Each carries the version that its page showed.

use jiff::civil::Date;
use placewell_domain::change::Change;
use placewell_domain::id::DecisionId;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::power::decision::{
    CallInOutcome, CallInRequest, Decision, DecisionPage, DecisionState, RecordedEffect,
};
use placewell_store::Work;
use placewell_store::outbox::Job;
use serde::Serialize;

use super::queries::call_in_rule;
use super::words::texts_of;
use super::{own_path, plan};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::naming::{Public, Texts, looked_through};
use crate::office::message::Notice;
use crate::timer::TIMER;

/// A decision of the actor's organisation, as it was when its page was shown.
pub(super) async fn shown(work: &Work, reference: &str, version: i64) -> Answer<Decision> {
    let decision = work.decision_by_reference(work.org(), reference).await?;
    if decision.version == version { Ok(decision) } else { Err(Outcome::Conflict) }
}

/// Applies a move, keeps the text of what is public, and says where to look.
pub(super) async fn keep(work: &mut Work, change: Change<Decision>) -> Answer<Receipt> {
    let decision = work.apply(change).await?;
    if decision.state.publication().is_some() {
        work.keep_decision_text(&decision).await?;
    }
    Ok(Receipt::at(own_path(&decision.reference)))
}

fn tell(work: &mut Work, role: Role, reference: &str, what: &str) -> Answer<()> {
    let notice = Notice {
        to: work.org().0,
        role,
        subject: format!("{reference}: {what}"),
        lines: vec![format!("Decision {reference}: {what}.")],
        path: format!("/decisions/{reference}"),
    };
    work.enqueue(notice.job()?);
    Ok(())
}

/// A step is recorded once it has happened.
pub(super) fn past(work: &Work, field: &'static str, on: Date) -> Result<(), Invalid> {
    if on > work.moment().today() { Err(Invalid::one(field, "The date cannot be in the future")) } else { Ok(()) }
}

/// Records a decision as a draft, its fields checked against the source.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    /// Its reference, such as `HEF-2019-0114`.
    pub reference: String,
    /// The reference of the decision that it amends.
    pub amends: Option<String>,
    /// What its page says.
    pub page: DecisionPage,
}

/// A reference stands in addresses: the authority's code, then letters, figures and hyphens.
fn check_reference(reference: &str, code: &str) -> Result<(), Invalid> {
    let plain = reference.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let fits = reference.len() <= 30 && reference.starts_with(&format!("{code}-")) && reference.len() > code.len() + 1;
    if plain && fits {
        return Ok(());
    }
    Err(Invalid::one("reference", format!("Enter a reference that starts with {code}-, like {code}-2021-0913")))
}

fn check_page(page: &DecisionPage) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    if page.title.trim().is_empty() {
        invalid.add("title", "Enter the title of the decision");
    }
    if page.limbs.is_empty() {
        invalid.add("limbs", "Enter what was decided, limb by limb");
    }
    for (at, limb) in page.limbs.iter().enumerate() {
        if page.limbs.iter().take(at).any(|before| before.letter == limb.letter) {
            let message = format!("Two limbs bear the label ({}): a power cites its limb by one label", limb.letter);
            invalid.add(&format!("limb_{at}_letter"), message);
        }
    }
    invalid.or(())
}

impl Command for Record {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "decision.record";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        check_reference(&self.reference, &actor.code)?;
        check_page(&self.page)?;
        let amends = match &self.amends {
            Some(reference) => Some(work.decision_by_reference(work.org(), reference).await?.id),
            None => None,
        };
        let id = DecisionId(work.new_id());
        let change = Decision::record(id, work.org(), self.reference.clone(), amends, self.page.clone());
        keep(work, change).await
    }
}

/// Replaces a draft's page by a checked one.
#[derive(Debug, Clone, Serialize)]
pub struct Revise {
    /// The decision's reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// The checked page.
    pub page: DecisionPage,
}

impl Command for Revise {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "decision.revise";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        check_page(&self.page)?;
        let change = shown(work, &self.reference, self.version).await?.revise(self.page.clone())?;
        keep(work, change).await
    }
}

/// Records that a decision was taken, and publishes it.
#[derive(Debug, Clone, Serialize)]
pub struct Publish {
    /// The decision's reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// The day on which it was taken.
    pub decided_on: Date,
    /// The day of publication.
    pub published_on: Date,
    /// Call-in does not apply because of urgency.
    pub urgent: bool,
    /// A recorded date of effect; it wins over the computed one. Where it is left out, the date that the page prints.
    pub effective_from: Option<Date>,
    /// Why it differs from the computed one, where it does.
    pub effective_reason: Option<String>,
}

/// A missing reason is asked for where it is typed.
fn needs_reason(refusal: Refusal) -> Outcome {
    if refusal.code == "effect_needs_reason" {
        let ask =
            format!("Enter why the date of effect is not the one that the call-in rule gives ({})", refusal.value);
        return Invalid::one("effective_reason", ask).into();
    }
    refusal.into()
}

impl Command for Publish {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "decision.publish";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        looked_through(self, &[], actor, work).await
    }
}

impl Public for Publish {
    async fn texts(&self, work: &Work) -> Answer<Texts> {
        let decision = shown(work, &self.reference, self.version).await?;
        let mut texts = texts_of(&decision.page);
        texts.extend(self.effective_reason.clone().map(|reason| ("effective_reason", reason)));
        Ok(texts)
    }

    async fn publish(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let today = work.moment().today();
        if self.published_on > today {
            return Err(Invalid::one("published_on", "The date of publication cannot be in the future").into());
        }
        let mut decision = shown(work, &self.reference, self.version).await?;
        let rule = call_in_rule(work, work.org(), self.published_on).await?;
        if !matches!(decision.state, DecisionState::Decided { .. }) {
            decision = work.apply(decision.decide(self.decided_on, &rule.calendar)?).await?;
            plan::taken(work, &decision, self.decided_on).await?;
        }
        let on = self.effective_from.or(decision.page.effective_from);
        let recorded = on.map(|on| RecordedEffect { on, reason: self.effective_reason.clone() });
        let change = decision.publish(self.published_on, self.urgent, recorded, &rule).map_err(needs_reason)?;
        let effective = change.next().effective_on().unwrap_or(today);
        for role in [Role::Approver, Role::FinanceOfficer] {
            tell(work, role, &self.reference, &format!("published, effective from {effective}"))?;
        }
        keep(work, change).await
    }
}

/// Corrects words on a published page.
#[derive(Debug, Clone, Serialize)]
pub struct Correct {
    /// The decision's reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// The corrected page.
    pub page: DecisionPage,
    /// Why it is corrected; everybody reads it beside the difference.
    pub why: String,
}

impl Command for Correct {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "decision.correct";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        looked_through(self, &[], actor, work).await
    }
}

impl Public for Correct {
    async fn texts(&self, _work: &Work) -> Answer<Texts> {
        let mut texts = texts_of(&self.page);
        texts.push(("why", self.why.clone()));
        Ok(texts)
    }

    async fn standing(&self, work: &Work) -> Answer<Texts> {
        Ok(texts_of(&shown(work, &self.reference, self.version).await?.page))
    }

    async fn publish(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        check_page(&self.page)?;
        if self.why.trim().is_empty() {
            return Err(Invalid::one("why", "Enter why the page is corrected: everybody reads it").into());
        }
        let change = shown(work, &self.reference, self.version).await?.correct(self.page.clone())?;
        let decision = work.apply(change).await?;
        work.keep_corrected_text(&decision, self.why.trim()).await?;
        Ok(Receipt::at(own_path(&decision.reference)))
    }
}

/// Records that a decision was called in.
#[derive(Debug, Clone, Serialize)]
pub struct CallIn {
    /// The decision's reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// When, by whom, on which grounds.
    pub request: CallInRequest,
}

impl Command for CallIn {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "decision.call_in";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        looked_through(self, &[], actor, work).await
    }
}

impl Public for CallIn {
    async fn texts(&self, _work: &Work) -> Answer<Texts> {
        Ok(vec![("by", self.request.by.clone()), ("grounds", self.request.grounds.clone())])
    }

    async fn publish(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let mut invalid = Invalid::default();
        if self.request.by.trim().is_empty() {
            invalid.add("by", "Enter who asked for the call-in, such as three members of the scrutiny committee");
        }
        if self.request.grounds.trim().is_empty() {
            invalid.add("grounds", "Enter the grounds of the call-in");
        }
        invalid.or(())?;
        let moment = work.moment();
        let change = shown(work, &self.reference, self.version).await?.call_in(self.request.clone(), moment)?;
        for role in [Role::Approver, Role::FinanceOfficer, Role::PlacementOfficer] {
            tell(work, role, &self.reference, "called in; nothing can be approved under it")?;
        }
        keep(work, change).await
    }
}

/// Records how a call-in ended.
#[derive(Debug, Clone, Serialize)]
pub struct CloseCallIn {
    /// The decision's reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// The outcome.
    pub outcome: CallInOutcome,
    /// When.
    pub on: Date,
}

impl Command for CloseCallIn {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "decision.close_call_in";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        past(work, "on", self.on)?;
        let change = shown(work, &self.reference, self.version).await?.close_call_in(self.outcome, self.on)?;
        keep(work, change).await
    }
}

/// Records that the decision maker confirmed a decision after a call-in.
#[derive(Debug, Clone, Serialize)]
pub struct Confirm {
    /// The decision's reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// When.
    pub on: Date,
}

impl Command for Confirm {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "decision.confirm";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        past(work, "on", self.on)?;
        let change = shown(work, &self.reference, self.version).await?.confirm(self.on)?;
        tell(work, Role::Approver, &self.reference, "confirmed after its call-in")?;
        // Its ceilings follow at once, and not only with the calendar's next minute.
        work.enqueue(Job::new(TIMER, &serde_json::json!({})));
        keep(work, change).await
    }
}

/// Records that the decision maker took a decision back.
#[derive(Debug, Clone, Serialize)]
pub struct Rescind {
    /// The decision's reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// When.
    pub on: Date,
    /// Why.
    pub reason: String,
}

impl Command for Rescind {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "decision.rescind";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        looked_through(self, &[], actor, work).await
    }
}

impl Public for Rescind {
    async fn texts(&self, _work: &Work) -> Answer<Texts> {
        Ok(vec![("reason", self.reason.clone())])
    }

    async fn publish(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if self.reason.trim().is_empty() {
            return Err(Invalid::one("reason", "Enter why the decision was rescinded").into());
        }
        past(work, "rescinded_on", self.on)?;
        let change = shown(work, &self.reference, self.version).await?.rescind(self.on, self.reason.clone())?;
        tell(work, Role::Approver, &self.reference, "rescinded")?;
        keep(work, change).await
    }
}

/// Records that a later decision, now in force, replaces this one.
#[derive(Debug, Clone, Serialize)]
pub struct Supersede {
    /// The decision's reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// The reference of the later one.
    pub by: String,
}

impl Command for Supersede {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "decision.supersede";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let later = work.decision_by_reference(work.org(), &self.by).await?;
        let moment = work.moment();
        let change = shown(work, &self.reference, self.version).await?.supersede(&later, moment)?;
        keep(work, change).await
    }
}

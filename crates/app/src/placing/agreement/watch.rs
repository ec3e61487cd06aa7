//! The watch over whole-life value and cumulative spend (rule 4.5), and how a start made without recorded power is put
//! right (rule 1.3).

use jiff::civil::Date;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::agreement::{Agreement, GroundError, LegalGround, ValueWatch};
use placewell_domain::power::annual_value::ExceptionReason;
use placewell_domain::power::decision::{Decision, in_force_among};
use placewell_domain::power::delegation::Ratification;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::running::{exception, recommit};
use super::{current, page_of};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::placing::approval::watch;
use crate::power::annual_value::{Allowed, reconcile};

/// The watch over an agreement as it is now.
pub(super) async fn watch_of(session: &Session, agreement: &Agreement, on: Date) -> Answer<ValueWatch> {
    let parties = (agreement.authority, agreement.provider);
    watch(session, parties, (Some(agreement), agreement.whole_cost()), on).await
}

/// Records the legal ground of an award above the threshold, and its award notice where that was sent.
#[derive(Debug, Clone, Serialize)]
pub struct RecordGround {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The ground.
    pub ground: LegalGround,
    /// When the award notice was sent.
    pub notice_on: Option<Date>,
    /// Its number; empty where none was sent.
    pub notice: String,
}

impl Command for RecordGround {
    const ACTION: Action = Action::RunAgreement;
    const NAME: &'static str = "agreement.ground";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        let number = self.notice.trim();
        let notice = match (self.notice_on, number) {
            (None, "") => None,
            (Some(_), "") => return Err(Invalid::one("notice", "Enter the award notice's number").into()),
            (None, _) => return Err(Invalid::one("notice_on", "Enter the day on which the notice was sent").into()),
            (Some(_), text) if text.chars().count() > 60 => {
                return Err(Invalid::one("notice", "Enter a number of 60 characters or fewer").into());
            }
            (Some(on), text) => Some((on, text.to_owned())),
        };
        let watch = watch_of(work, &agreement, work.moment().today()).await?;
        let change = agreement.record_ground(self.ground, notice, watch, actor.person, work.moment());
        let change = change.map_err(|error| match error {
            GroundError::Invalid(invalid) => Outcome::from(invalid),
            GroundError::Refused(refusal) => Outcome::from(refusal),
        })?;
        Ok(page_of(&work.apply(change).await?))
    }
}

/// Records how a start made without recorded power was put right.
#[derive(Debug, Clone, Serialize)]
pub struct PutRight {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Ratified, the ceiling raised, or ended.
    pub how: Ratification,
    /// The decision in force that did so; empty where the placement ended.
    pub decision: String,
}

impl Command for PutRight {
    const ACTION: Action = Action::RunAgreement;
    const NAME: &'static str = "agreement.put_right";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        let decision = match self.how {
            Ratification::End => None,
            Ratification::Ratify | Ratification::RaiseCeiling => Some(self.decision(work, &agreement).await?),
        };
        let change = agreement.put_right((self.how, decision.clone()), actor.person, work.moment())?;
        let agreement = work.apply(change).await?;
        if let Some(decision) = decision {
            // The years that the decision gives a ceiling take the placement in now, not at the next minute.
            reconcile(work).await?;
            let words = format!("{}: {decision}", self.how.label());
            let ratified = exception(work, ExceptionReason::WithoutRecordedPower, &words);
            recommit(work, &agreement, Allowed::All(ratified)).await?;
        }
        Ok(page_of(&agreement))
    }
}

impl PutRight {
    /// The decision, which is in force and was decided after the start was approved; one that raises the ceiling sets one.
    async fn decision(&self, work: &Work, agreement: &Agreement) -> Answer<String> {
        let wanted = self.decision.trim();
        if wanted.is_empty() {
            return Err(Invalid::one("decision", "Enter the reference of the decision").into());
        }
        let decisions = work.decisions(work.org()).await?;
        let awarded = agreement.rests_on.iter().map(|rests| rests.at.date()).min().unwrap_or(agreement.terms.start);
        let after = |decision: &&Decision| decision.effective_on().is_some_and(|on| on >= awarded);
        let mut in_force = in_force_among(&decisions, work.moment().today()).filter(after);
        let found = in_force.find(|decision| decision.reference.eq_ignore_ascii_case(wanted));
        let found =
            found.filter(|decision| self.how != Ratification::RaiseCeiling || decision.page.annual_value().is_some());
        let Some(decision) = found else {
            return Err(Refusal::new(
                "no_such_decision",
                "A start made without recorded power: ratify, raise the ceiling, or end",
                "No decision with this reference, made since the start was approved, is in force and does this.",
                "Democratic services, who record decisions",
            )
            .found(wanted.chars().take(40).collect::<String>())
            .into());
        };
        Ok(decision.reference.clone())
    }
}

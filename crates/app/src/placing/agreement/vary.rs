//! Variations: extra support and changes of price, each under a power that is cited (rule 1.2), each in the ledger of the
//! same transaction. Only a rise that cannot be refused goes above the ceiling, as an exception (rule 3.2).

use jiff::civil::Date;
use placewell_domain::homes::price::{FunderShares, LineKind, PriceLine, SupportHours, check_core_on};
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::{Agreement, PriceCause, PriceChange, Side};
use placewell_domain::placing::offer::ScheduledRate;
use placewell_domain::placing::offer::terms::on_schedule;
use placewell_domain::power::annual_value::{ExceptionReason, Route};
use placewell_domain::power::delegation::Act;
use placewell_store::Work;
use placewell_store::placing::agreement::paper_job;
use serde::Serialize;

use super::deciding::{Decided, decide};
use super::running::{exception, other_side, recommit};
use super::{current, page_of};
use crate::answer::Answer;
use crate::command::{Command, Receipt};
use crate::naming::LookedThrough;
use crate::placing::disclosure::names::names_nobody;
use crate::placing::offer::schedule_on;
use crate::power::annual_value::Allowed;

/// Agrees extra support: hours at a rate, with an end and a step-down review (rule 4.2).
#[derive(Debug, Clone, Serialize)]
pub struct AddSupport {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// What it is, such as "Evenings and weekends, one to one".
    pub label: String,
    /// Hours a week, in quarters of an hour.
    pub quarter_hours: u16,
    /// The rate of an hour.
    pub rate: Pence,
    /// Staff to the child.
    pub staff: u8,
    /// The first night.
    pub from: Date,
    /// The day after the last night.
    pub to: Date,
    /// When a step-down is looked at.
    pub review_on: Date,
    /// Why; needed where the rate is not a scheduled one (rule 4.3).
    pub reason: String,
    /// Who decided it, and how.
    pub decided_by: Decided,
}

impl AddSupport {
    fn line(&self, schedule: &[ScheduledRate]) -> Result<PriceLine, Invalid> {
        let mut invalid = Invalid::default();
        let label = self.label.trim();
        if label.is_empty() || label.chars().count() > 120 {
            invalid.add("label", "Say what the support is, in 120 characters or fewer");
        }
        if self.quarter_hours == 0 || self.quarter_hours > 4 * 168 || self.staff == 0 || self.staff > 4 {
            invalid.add("hours", "Enter hours a week of up to 168, and 1 to 4 staff");
        }
        if self.rate <= Pence::ZERO || self.rate > Pence::pounds(500) {
            invalid.add("rate", "Enter a rate of an hour of up to £500");
        }
        if self.to <= self.from {
            invalid.add("to", "The support must end after it starts");
        }
        if self.review_on <= self.from || self.review_on >= self.to {
            invalid.add("review_on", "The step-down review must fall between the start and the end");
        }
        let quarter_hours = self.quarter_hours;
        let support = SupportHours { quarter_hours, rate: self.rate, staff: self.staff, review_on: self.review_on };
        let line = PriceLine {
            kind: LineKind::AdditionalSupport,
            label: label.to_owned(),
            weekly: support.weekly(),
            from: self.from,
            to: self.to,
            origin: self.from,
            shares: FunderShares::AUTHORITY,
            support: Some(support),
            reason: self.reason.trim().to_owned(),
        };
        if line.reason.is_empty() && !on_schedule(&line, schedule) {
            invalid.add("why", "The rate is not a scheduled one: give the reason");
        }
        invalid.or(line)
    }
}

impl Command for AddSupport {
    const ACTION: Action = Action::DecideAgreement;
    const NAME: &'static str = "agreement.support";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for AddSupport {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        let schedule = schedule_on(work, work.moment().today()).await?;
        let line = self.line(&schedule)?;
        let texts = [("label", self.label.trim()), ("why", self.reason.trim())];
        names_nobody(work, (Self::NAME, actor), agreement.child, &texts, keys).await?;
        let (agreement, power) = decide(work, actor, agreement, Act::ExtraSupport, self.decided_by).await?;
        let change = agreement.clone().add_support(line, power, work.moment())?;
        let now = work.apply(change).await?;
        let past = exception(work, ExceptionReason::BackDated, "Support agreed for nights that have passed");
        varied(work, &agreement, &now, Allowed::Passed(past)).await?;
        Ok(page_of(&now))
    }
}

/// Changes the price of a line from a night on.
#[derive(Debug, Clone, Serialize)]
pub struct ChangePrice {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Which line, from 0.
    pub line: usize,
    /// From which night.
    pub from: Date,
    /// The new price of a week; nothing where the line stops.
    pub weekly: Pence,
    /// Why.
    pub cause: PriceCause,
    /// Where a rise was decided before: the reference of what decided it.
    pub decided: String,
    /// Why it is off the schedule of rates; needed where it is (rule 4.3).
    pub reason: String,
    /// Who decided it, and how.
    pub decided_by: Decided,
}

impl Command for ChangePrice {
    const ACTION: Action = Action::DecideAgreement;
    const NAME: &'static str = "agreement.price";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for ChangePrice {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        self.fits(work, &agreement).await?;
        names_nobody(work, (Self::NAME, actor), agreement.child, &[("why", self.reason.trim())], keys).await?;
        let (agreement, power) = decide(work, actor, agreement, Act::ChangePrice, self.decided_by).await?;
        let decided = self.decided.trim().to_owned();
        if self.cause == PriceCause::UpliftDecided && decided.is_empty() || decided.chars().count() > 120 {
            let ask = "Enter the decision, minute or letter that decided the rise, in 120 characters or fewer";
            return Err(Invalid::one("decided", ask).into());
        }
        let (from, weekly, cause) = (self.from, self.weekly, self.cause);
        let reason = self.reason.trim().to_owned();
        let change = PriceChange { line: self.line, from, weekly, cause, decided: decided.clone(), reason };
        let change = agreement.clone().change_price(change, power, work.moment())?;
        let now = work.apply(change).await?;
        let allowed = match cause {
            PriceCause::UpliftDecided => Allowed::All(exception(work, ExceptionReason::UpliftDecided, &decided)),
            PriceCause::BackDated => {
                Allowed::Passed(exception(work, ExceptionReason::BackDated, PriceCause::BackDated.label()))
            }
            PriceCause::Agreed | PriceCause::StepDown => Allowed::Nothing,
        };
        varied(work, &agreement, &now, allowed).await?;
        Ok(page_of(&now))
    }
}

impl ChangePrice {
    /// Core stays within the tendered price on every night that the change covers; another line is at a scheduled rate,
    /// or says why not (rule 4.3). A line that stops costs nothing.
    async fn fits(&self, work: &Work, agreement: &Agreement) -> Answer<()> {
        let Some(line) = agreement.terms.lines.get(self.line) else { return Ok(()) };
        if line.kind != LineKind::Core {
            let schedule = schedule_on(work, self.from).await?;
            let changed = PriceLine { weekly: self.weekly, ..line.clone() };
            let explained = self.weekly == Pence::ZERO || !self.reason.trim().is_empty();
            if !explained && !on_schedule(&changed, &schedule) {
                return Err(Invalid::one("why", "The price is not a scheduled one: give the reason").into());
            }
            return Ok(());
        }
        let nights = Nights::new(self.from, line.to.min(agreement.nights().1));
        let Some(nights) = nights.filter(|_| agreement.terms.route == Route::Arrangement) else { return Ok(()) };
        let (home, lot) = (agreement.terms.home, &agreement.terms.lot);
        let tendered = work.prices_between(home, lot, LineKind::Core.code(), nights).await?;
        check_core_on(self.weekly, &tendered, nights)?;
        Ok(())
    }
}

/// What follows a variation: rows of prices, ledger, paper, and a mail to the other side.
pub(super) async fn varied(work: &mut Work, was: &Agreement, now: &Agreement, allowed: Allowed<'_>) -> Answer<()> {
    work.vary_price_lines(was, now).await?;
    recommit(work, now, allowed).await?;
    work.enqueue(paper_job(now)?);
    let anew = Side::ALL.iter().any(|side| was.signatures.of(*side).is_some() && now.signatures.of(*side).is_none());
    let act = if anew { "varied, and signed anew" } else { "varied" };
    work.enqueue(other_side(now, Side::Authority, act).job()?);
    Ok(())
}

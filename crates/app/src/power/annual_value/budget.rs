//! The approved budget: it stands beside the ceiling and is not the ceiling (rule 3.4). Recorded by finance, with where
//! it was approved; a dated fact, so that a past year keeps its own.

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::setting::SettingValue;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::BUDGET;
use crate::answer::Answer;
use crate::command::{Command, Receipt};

/// The setting that says where the approved budget was approved.
const SOURCE: &str = "annual_value.approved_budget_source";

/// An approved budget for these placements in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// How much.
    pub approved: Pence,
    /// Where and when it was approved, such as "Full council, 26 February 2021"; none where nobody recorded it.
    pub source: Option<String>,
}

/// The approved budget in force on a day.
pub(super) async fn budget_of(session: &Session, org: OrganisationId, on: Date) -> Answer<Option<Budget>> {
    let Some(approved) = session.value_of(org, &BUDGET, on).await? else { return Ok(None) };
    Ok(Some(Budget { approved, source: session.setting(org, SOURCE, on).await? }))
}

/// Records the approved budget from a day on.
#[derive(Debug, Clone, Serialize)]
pub struct RecordBudget {
    /// How much for a year.
    pub approved: Pence,
    /// The first day on which it stands.
    pub from: Date,
    /// Where and when it was approved.
    pub source: String,
}

impl Command for RecordBudget {
    const ACTION: Action = Action::KeepAnnualValue;
    const NAME: &'static str = "annual_value.record_budget";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let mut invalid = Invalid::default();
        if self.approved <= Pence::ZERO {
            invalid.add("approved", "Enter the approved budget of a year, more than £0");
        }
        if self.source.trim().is_empty() {
            invalid.add("source", "Enter where and when the budget was approved");
        }
        invalid.or(())?;
        let org = work.org();
        if work.ledger_years(org).await?.is_empty() {
            return Err(Refusal::new(
                "no_annual_value",
                "The approved budget stands beside the ceiling; it is not one",
                "No decision gives this authority an annual value yet, so there is nothing for a budget to stand beside.",
                "The decision maker, by adopting the annual value; then democratic services, by setting the ceiling",
            )
            .found(format!("budget {}", self.approved))
            .into());
        }
        work.set(BUDGET.name, self.from, &Some(self.approved).write()).await?;
        work.set(SOURCE, self.from, self.source.trim()).await?;
        let event = Event::new("budget.recorded", "annual_value", org.0, 1).with("by", actor.person);
        work.record(event.with("approved_pence", self.approved.0).with("from", self.from));
        Ok(Receipt::at("/finance/annual-value"))
    }
}

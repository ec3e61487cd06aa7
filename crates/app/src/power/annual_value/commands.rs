//! Setting a ceiling from a decision in force, and recording what counts.

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::power::annual_value::{Holds, Reading, ceilings_on};
use placewell_domain::power::decision::{Decision, in_force_among};
use placewell_domain::setting::SettingValue;
use placewell_store::Work;
use serde::Serialize;

use super::ceilings::{DueYear, Sources, set};
use super::{KeptReading, READING, ledger_terms, reading_of};
use crate::answer::Answer;
use crate::command::{Command, Receipt};

/// Sets the ceiling that a decision in force gives, for every year of its term that has not ended when it takes
/// effect. The first year has the full ceiling (rule 3.3). The calendar does so by itself; here somebody does it at once.
#[derive(Debug, Clone, Serialize)]
pub struct SetCeiling {
    /// The decision's reference.
    pub reference: String,
    /// The decision accepts that more is committed already (rule 3.2).
    pub accepts_over: bool,
}

impl Command for SetCeiling {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "annual_value.set_ceiling";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (org, today) = (work.org(), work.moment().today());
        let sources = Sources::of(work, org).await?;
        let mut in_force = in_force_among(&sources.decisions, today);
        let Some(decision) = in_force.find(|found| found.reference == self.reference) else {
            let found = work.decision_by_reference(org, &self.reference).await?;
            return Err(not_in_force(&found, today).into());
        };
        sources.given(decision)?;
        let basis = reading_of(work, org, today).await?.year;
        let years: Vec<DueYear> = ceilings_on(&sources.decisions, today, basis, sources.arrangement)
            .into_iter()
            .filter(|(_, ceiling)| ceiling.decision == decision.id)
            .map(|(year, ceiling)| DueYear { year, ceiling })
            .collect();
        if years.is_empty() {
            return Err(later_holds(decision).into());
        }
        set(work, decision, &years, self.accepts_over.then_some(actor.person)).await?;
        Ok(Receipt::at(format!("/democratic/decisions/{}", self.reference)))
    }
}

fn later_holds(decision: &Decision) -> Refusal {
    Refusal::new(
        "no_ceiling_year",
        "A ceiling comes from a limb of a decision in force, for each contract year of its term",
        "A later decision in force gives every year of this one its ceiling.",
        "The decision maker, by a further decision",
    )
    .found(decision.reference.clone())
}

fn not_in_force(decision: &Decision, today: Date) -> Refusal {
    Refusal::new(
        "decision_not_in_force",
        "A ceiling comes from a limb of a decision in force",
        format!("{} is not in force, so its ceiling cannot be set. The one before it goes on.", decision.reference),
        "The decision maker",
    )
    .found(decision.standing(today).label())
}

/// Care is exempt, and a price line has no place for VAT: counted or not, the figures would be the same.
fn vat_on_no_line() -> Refusal {
    Refusal::new(
        "vat_on_no_line",
        "What counts: VAT is excluded by default",
        "No price line carries an amount of VAT, so a reading that counts it would promise what no figure holds.",
        "The provider, by offering prices that show their VAT; until then nobody",
    )
    .found("VAT counted")
}

/// Records the authority's reading of what counts, with its adviser; every live commitment is counted anew.
#[derive(Debug, Clone, Serialize)]
pub struct RecordReading {
    /// The reading; its adviser is required, its date is today.
    pub reading: Reading,
    /// Which figure the ceiling holds; without one, the present setting stays.
    pub holds: Option<Holds>,
}

impl Command for RecordReading {
    const ACTION: Action = Action::KeepAnnualValue;
    const NAME: &'static str = "annual_value.record_reading";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let adviser = self.reading.adviser.as_deref().map(str::trim).unwrap_or_default();
        if adviser.is_empty() {
            return Err(Invalid::one("adviser", "Enter who advised on this reading, by post").into());
        }
        let (org, today) = (work.org(), work.moment().today());
        let before = reading_of(work, org, today).await?;
        if before.year != self.reading.year && !work.ledger_years(org).await?.is_empty() {
            return Err(Refusal::new(
                "year_basis_in_use",
                "Annual value: contract year by default, financial year as a setting made before the first ceiling",
                "The ledger already counts by another year, and its ceilings were decided for it.",
                "The decision maker, by adopting the annual value for years of the other kind",
            )
            .found(before.year.words())
            .into());
        }
        if self.reading.vat && !before.vat {
            return Err(vat_on_no_line().into());
        }
        let reading = Reading {
            adviser: Some(adviser.to_owned()),
            recorded_on: Some(today),
            holds: self.holds.unwrap_or(before.holds),
            ..self.reading.clone()
        };
        work.set(READING.name, today, &KeptReading(reading.clone()).write()).await?;
        work.record(Event::new("reading.recorded", "annual_value", org.0, 1).with("by", actor.person));
        let term_end = ledger_terms(work, org, today).await?.term_end;
        for commitment in work.commitments(org).await? {
            if commitment.held(&before, term_end, today) != commitment.held(&reading, term_end, today) {
                work.commit_adopted(&commitment, &reading, term_end).await?;
            }
        }
        Ok(Receipt::at("/finance/annual-value"))
    }
}

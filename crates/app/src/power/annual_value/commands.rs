//! Setting a ceiling from a decision in force, and recording what counts.

use jiff::civil::Date;
use placewell_domain::calendar::{ContractYear, YearBasis, years_touching};
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::power::annual_value::Reading;
use placewell_domain::power::decision::{Decision, in_force_among};
use placewell_domain::setting::SettingValue;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::{KeptReading, READING, ledger_terms, reading_of};
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::{App, Command, Receipt};

/// Sets the ceiling that a decision in force gives, for every year of its term that has not ended when it takes
/// effect. The first year has the full ceiling (rule 3.3).
#[derive(Debug, Clone, Serialize)]
pub struct SetCeiling {
    /// The decision's reference.
    pub reference: String,
    /// The decision accepts that more is committed already (rule 3.2).
    pub accepts_over: bool,
}

/// The years of a basis for which a decision's ceiling holds.
pub fn ceiling_years(
    decision: &Decision,
    basis: YearBasis,
    term_end: Date,
) -> impl Iterator<Item = ContractYear> + use<> {
    let start = decision.page.term.map_or(Date::MAX, |term| term.start);
    let from = decision.effective_on().unwrap_or(Date::MAX).max(start);
    let end = decision.ends_on().unwrap_or(term_end);
    years_touching(from, plus_days(end, 1), basis)
}

impl Command for SetCeiling {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "annual_value.set_ceiling";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let today = work.moment().today();
        let org = work.org();
        let decisions = work.decisions(org).await?;
        let Some(decision) = in_force_among(&decisions, today).find(|found| found.reference == self.reference) else {
            let found = work.decision_by_reference(org, &self.reference).await?;
            return Err(not_in_force(&found, today).into());
        };
        let Some(ceiling) = decision.page.annual_value() else {
            return Err(Refusal::new(
                "no_ceiling_limb",
                "A ceiling comes from a limb of a decision in force",
                "No limb of this decision sets an annual value.",
                "The decision maker, by a further decision",
            )
            .into());
        };
        let decision = decision.clone();
        set(work, &decision, ceiling, self.accepts_over).await?;
        Ok(Receipt::at(format!("/democratic/decisions/{}", self.reference)))
    }
}

/// Sets a decision's ceiling for each of its years.
async fn set(work: &mut Work, decision: &Decision, ceiling: Pence, accepts_over: bool) -> Answer<()> {
    let terms = ledger_terms(work, work.org(), work.moment().today()).await?;
    let years: Vec<ContractYear> = ceiling_years(decision, terms.reading.year, terms.term_end).collect();
    for year in &years {
        work.set_ceiling(year.first(), ceiling, decision.id, accepts_over).await?;
    }
    let event = Event::new("ceiling.set", "annual_value", decision.id.0, decision.version)
        .with("reference", &decision.reference)
        .with("ceiling_pence", ceiling.0)
        .with("years", years.len());
    work.record(event);
    Ok(())
}

/// The adoption in force whose ceiling stands in no year yet. The first ceiling is set by the calendar alone: nothing is
/// committed that it could fall short of.
pub(crate) async fn unset(session: &Session, org: OrganisationId, today: Date) -> Answer<Option<(Decision, Pence)>> {
    if !session.ledger_years(org).await?.is_empty() {
        return Ok(None);
    }
    let decisions = session.decisions(org).await?;
    let mut adopting = in_force_among(&decisions, today).filter(|decision| decision.page.adopts());
    Ok(adopting.find_map(|decision| Some((decision.clone(), decision.page.annual_value()?))))
}

/// Sets the first ceiling of an authority whose adoption has taken effect.
pub(crate) async fn set_due(app: &App, org: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let mut work = app.store.begin(org, moment).await?;
    let Some((decision, ceiling)) = unset(&work, org, moment.today()).await? else {
        return Ok(work.roll_back().await?);
    };
    set(&mut work, &decision, ceiling, false).await?;
    Ok(work.commit(Machine::now()).await?)
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

/// Records the authority's reading of what counts, with its adviser; every live commitment is counted anew.
#[derive(Debug, Clone, Serialize)]
pub struct RecordReading {
    /// The reading; its adviser is required, its date is today.
    pub reading: Reading,
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
        let reading = Reading { adviser: Some(adviser.to_owned()), recorded_on: Some(today), ..self.reading.clone() };
        work.set(READING.name, today, &KeptReading(reading.clone()).write()).await?;
        work.record(Event::new("reading.recorded", "annual_value", org.0, 1).with("by", actor.person));
        let term_end = ledger_terms(work, org, today).await?.term_end;
        for commitment in work.commitments(org).await? {
            if commitment.held(&before, term_end, today) != commitment.held(&reading, term_end, today) {
                work.commit_value(&commitment, &reading, term_end, None).await?;
            }
        }
        Ok(Receipt::at("/finance/annual-value"))
    }
}

//! The annual value: setting ceilings from decisions, the authority's reading of what counts, the ledger's movements
//! for the rooms that award, and the page that shows both readings.

mod budget;
mod ceilings;
mod commands;
pub(crate) mod committing;
mod movements;
mod page;
mod region;
mod rising;
mod sheets;

pub use budget::{Budget, RecordBudget};
pub(crate) use ceilings::{ceilings_due, follow_decisions, reconcile};
pub use commands::{RecordReading, SetCeiling};
pub use committing::{Allowed, Exception, commit};
pub use movements::{MovementRow, MovementsOfYear};
pub use page::{AgreementRow, AnnualValuePage, ExceptionRow, MonthRow, YearLink};
pub(crate) use region::count_value;
pub use region::{AuthorityYear, RegionValues, region_sheet};
pub use sheets::{ledger_sheets, movement_sheet};

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::id::OrganisationId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Refusal;
use placewell_domain::power::annual_value::{
    Aspect, Bucket, Commitment, Entry, GivenCeiling, Reading, YearTotals, taken_over,
};
use placewell_domain::power::decision::{Decision, in_force_among};
use placewell_domain::setting::{Key, Scope, SettingValue};
use placewell_store::Session;

use crate::answer::Answer;

/// An authority's reading of what counts (rule 3.4).
pub const READING: Key<KeptReading> = Key {
    name: "annual_value.reading",
    title: "What counts towards the annual value",
    effect: "Every live commitment is counted anew from the day it is recorded; what was committed before stays in the \
             record as it was counted then.",
    source: "The decision seldom says: the defaults hold until somebody's advice is recorded",
    scope: Scope::Authority,
    keeper: Action::KeepAnnualValue,
    form: Some("/finance/annual-value/reading"),
    default: || KeptReading(Reading::default()),
};

/// An authority's approved budget for these placements in a year, which stands beside the ceiling.
pub const BUDGET: Key<Option<Pence>> = Key {
    name: "annual_value.approved_budget",
    title: "Approved budget of a year",
    effect: "It is shown beside the ceiling from that day on. It refuses nothing: the ceiling is not the budget.",
    source: "None until the authority records one",
    scope: Scope::Authority,
    keeper: Action::KeepAnnualValue,
    form: Some("/finance/annual-value/budget"),
    default: || None,
};

/// A reading as the value of a setting.
pub struct KeptReading(pub Reading);

impl SettingValue for KeptReading {
    const ASK: &'static str = "Record the reading on its own page";

    fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    fn write(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    fn words(&self) -> String {
        let aspects = Aspect::ALL.iter().map(|aspect| format!("{}: {}", aspect.label(), self.0.answer(*aspect)));
        let holds = std::iter::once(format!("the ceiling holds: {}", self.0.holds.label().to_lowercase()));
        aspects.chain(holds).collect::<Vec<_>>().join("; ")
    }
}

/// By what an authority's ledger counts on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerTerms {
    /// Its reading of what counts.
    pub reading: Reading,
    /// The last day of the term for this authority; nights after it stand in no year.
    pub term_end: Date,
}

/// An authority's reading of what counts, in force on a day: the recorded one, else the defaults of rule 3.4.
pub async fn reading_of(session: &Session, org: OrganisationId, on: Date) -> Answer<Reading> {
    Ok(session.value_of(org, &READING, on).await?.0)
}

/// By what an authority's ledger counts on a day. The term is that of its own decisions in force, by their powers or by
/// their ceilings, else of all it published, else the arrangement's.
pub async fn ledger_terms(session: &Session, org: OrganisationId, on: Date) -> Answer<LedgerTerms> {
    let decisions = session.published_decisions_of(org).await?;
    let arrangement = ceilings::arrangement_term(session).await?;
    let adopting = |decision: &&Decision| decision.page.adopts();
    let ends = |decision: &Decision| {
        let ceiling = GivenCeiling::of(decision, &decisions, arrangement).ok().map(|given| given.last);
        decision.ends_on().max(ceiling)
    };
    let end = in_force_among(&decisions, on)
        .filter(|decision| decision.page.adopts() || decision.amends.is_some())
        .filter_map(ends)
        .max()
        .or_else(|| decisions.iter().filter(adopting).filter_map(ends).max());
    let term_end = end.or(arrangement.map(|(_, end)| end)).unwrap_or(Date::MAX);
    let mut reading = reading_of(session, org, on).await?;
    reading.follows = taken_over(&decisions, on, reading.year, arrangement);
    Ok(LedgerTerms { reading, term_end })
}

/// What a commitment would do to one year of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The year's first day.
    pub year_start: Date,
    /// The totals before; none where no decision adopted the year.
    pub before: Option<YearTotals>,
    /// What is added (or released).
    pub delta: Pence,
    /// The totals after, or the refusal.
    pub after: Result<YearTotals, Refusal>,
}

/// The annual value before and after a commitment, for the page that asks for approval. Says before the act what the
/// database will say in it.
pub async fn effect_of(
    session: &Session,
    org: OrganisationId,
    commitment: &Commitment,
    on: Date,
) -> Answer<Vec<Effect>> {
    let terms = ledger_terms(session, org, on).await?;
    let known = session.committed_years(org, commitment.agreement).await?;
    let mut effects = Vec::new();
    for (bucket, pence) in commitment.held(&terms.reading, terms.term_end, on) {
        let Bucket::Year(year) = bucket else { continue };
        let start = year.first();
        let was = known.iter().find_map(|(known, was)| (*known == start).then_some(*was)).unwrap_or_default();
        let before = session.ledger_year(org, start).await?.map(|year| year.totals);
        let delta = pence - was;
        let after = match before {
            Some(totals) => totals.after(Entry { delta, excepted: false }),
            None => Err(no_annual_value(start)),
        };
        effects.push(Effect { year_start: start, before, delta, after });
    }
    Ok(effects)
}

fn no_annual_value(start: Date) -> Refusal {
    Refusal::new(
        "no_annual_value",
        "Annual value: each contract year is adopted by a decision",
        "No decision gives this authority an annual value for one of the contract years concerned.",
        "The decision maker, by adopting the annual value for that year",
    )
    .found(format!("year from {}", long_date(start)))
}

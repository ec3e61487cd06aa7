//! Which ceiling a decision gives, for which years, and which one holds today (rules 2.1, 2.4, 3.2 and 3.3). The first
//! year has the full ceiling. A ceiling goes on in the extended term only where the decision says so; else it is asked.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Follows;
use crate::calendar::long_date;
use crate::calendar::{ContractYear, YearBasis, years_touching};
use crate::id::DecisionId;
use crate::money::Pence;
use crate::nights::plus_days;
use crate::outcome::Refusal;
use crate::power::decision::{Decision, InExtension, Says, Standing, in_force_among};

const RULE: &str = "A ceiling comes from a limb of a decision in force, for each contract year of its term";
const WHO: &str = "The decision maker, by a further decision";

/// The ceiling that a decision gives, from its first day to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenCeiling {
    /// What may be committed in one year.
    pub annual: Pence,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub last: Date,
}

/// The ceiling of one year by the decision that holds today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearCeiling {
    /// The decision.
    pub decision: DecisionId,
    /// The ceiling.
    pub annual: Pence,
}

/// What a decision says by itself or through those that it amends: an amendment changes what it names, and the rest
/// goes on.
struct Said {
    annual: Option<Pence>,
    term: Option<(Date, Date)>,
    extension: Option<(Date, InExtension)>,
}

fn said(decision: &Decision, all: &[Decision]) -> Said {
    let mut said = Said { annual: None, term: None, extension: None };
    let mut at = Some(decision);
    for _ in 0..=all.len() {
        let Some(now) = at else { break };
        said.annual = said.annual.or_else(|| now.page.annual_value());
        if said.term.is_none() {
            said.term = now.page.term.map(|term| (term.start, term.end));
            said.extension =
                said.extension.or_else(|| now.page.extension_until().map(|until| (until, now.page.in_extension)));
        }
        at = now.amends.and_then(|id| all.iter().find(|known| known.id == id));
    }
    said
}

impl GivenCeiling {
    /// The ceiling that a decision gives. A term that it does not state is that of the decision it amends, else the
    /// arrangement's. Refused where no limb sets one, or where no day is left for which it holds.
    pub fn of(decision: &Decision, all: &[Decision], arrangement: Option<(Date, Date)>) -> Result<Self, Refusal> {
        let said = said(decision, all);
        let Some(annual) = said.annual else {
            return Err(Refusal::new("no_ceiling_limb", RULE, "No limb of this decision sets an annual value.", WHO));
        };
        let Some((start, end)) = said.term.or(arrangement) else {
            let sentence = "This decision states no term, and neither the decision that it amends nor an arrangement \
                            does, so its annual value holds for no year yet.";
            return Err(Refusal::new("no_term", RULE, sentence, "Democratic services, by completing the term")
                .found(decision.reference.clone()));
        };
        let goes_on = said.extension.filter(|(_, says)| says.ceiling == Says::Yes);
        let last = goes_on.map_or(end, |(until, _)| until.max(end));
        let from = decision.effective_on().unwrap_or(Date::MAX).max(start);
        if from > last {
            let sentence = asked(decision, all, arrangement).unwrap_or_else(|| {
                format!("{} takes effect after the term ends on {}.", decision.reference, long_date(end))
            });
            return Err(Refusal::new("no_ceiling_year", RULE, sentence, WHO).found(decision.reference.clone()));
        }
        Ok(Self { annual, from, last })
    }

    /// The years for which it holds.
    pub fn years(self, basis: YearBasis) -> impl Iterator<Item = ContractYear> {
        years_touching(self.from, plus_days(self.last, 1), basis)
    }
}

/// What has to be asked about the ceiling of a decision: an extended term whose ceiling it leaves open or ends, or a
/// term that nobody states. None where it sets no ceiling or leaves nothing open.
#[must_use]
pub fn asked(decision: &Decision, all: &[Decision], arrangement: Option<(Date, Date)>) -> Option<String> {
    let said = said(decision, all);
    said.annual?;
    let reference = &decision.reference;
    let Some((_, end)) = said.term.or(arrangement) else {
        return Some(format!(
            "{reference} sets an annual value and states no term: no ceiling is set. Complete its term."
        ));
    };
    let (until, says) = said.extension.filter(|(until, says)| *until > end && says.ceiling != Says::Yes)?;
    let answer = match says.ceiling {
        Says::No => "says that its ceiling does not go on",
        Says::Yes | Says::Unknown => "does not say whether its ceiling goes on: ask the decision maker",
    };
    Some(format!(
        "{reference} uses the option to extend until {} and {answer}. No ceiling is set for a year after {}.",
        long_date(until),
        long_date(end)
    ))
}

/// The ceiling of every year by the decisions in force on a day; of two that give one, the later in effect.
#[must_use]
pub fn ceilings_on(
    all: &[Decision],
    day: Date,
    basis: YearBasis,
    arrangement: Option<(Date, Date)>,
) -> BTreeMap<ContractYear, YearCeiling> {
    let mut in_force: Vec<&Decision> = in_force_among(all, day).collect();
    in_force.sort_by_key(|decision| (decision.effective_on(), decision.id));
    let mut found = BTreeMap::new();
    for decision in in_force {
        let Ok(given) = GivenCeiling::of(decision, all, arrangement) else { continue };
        for year in given.years(basis) {
            let ceiling = YearCeiling { decision: decision.id, annual: given.annual };
            // A term that begins within a year takes no ceiling from the arrangement before: the year keeps what it had.
            if decision.page.term.is_some_and(|term| term.start > year.first()) {
                found.entry(year).or_insert(ceiling);
            } else {
                found.insert(year, ceiling);
            }
        }
    }
    found
}

/// Where the ceiling of an arrangement that follows takes over, by the authority's decisions in force on a day: of two
/// that adopt for terms of their own, the later one, from the first whole year of it (rule 3.4). None where there is one
/// arrangement, or the later decision sets no ceiling.
#[must_use]
pub fn taken_over(all: &[Decision], day: Date, basis: YearBasis, arrangement: Option<(Date, Date)>) -> Option<Follows> {
    let adopting = || all.iter().filter(|decision| decision.page.adopts() && decision.state.publication().is_some());
    let start = |decision: &Decision| decision.page.term.map(|term| term.start);
    let latest = in_force_among(all, day).filter(|one| one.page.adopts()).max_by_key(|one| start(one))?;
    let begins = start(latest)?;
    let given = GivenCeiling::of(latest, all, arrangement).ok()?;
    let earlier = adopting().filter(|one| start(one).is_some_and(|start| start < begins));
    let ends = |one: &Decision| one.ends_on().max(GivenCeiling::of(one, all, arrangement).ok().map(|given| given.last));
    let earlier_end = earlier.filter_map(ends).max()?;
    let from = given.years(basis).map(ContractYear::first).find(|first| *first >= given.from)?;
    Some(Follows { from, earlier_end })
}

/// Whether a year keeps the ceiling of a decision whose term has ended: what was adopted then stands.
#[must_use]
pub fn ended_with_its_term(all: &[Decision], day: Date, year: ContractYear, arrangement: Option<(Date, Date)>) -> bool {
    all.iter().filter(|decision| decision.standing(day) == Standing::OutsideTerm).any(|decision| {
        GivenCeiling::of(decision, all, arrangement)
            .is_ok_and(|given| given.years(year.basis()).any(|held| held == year))
    })
}

//! The region's own file of admissions and tendered prices brought in: compared with what is held first, so that a check
//! changes nothing, the same file twice changes nothing, and a row that a rule refuses keeps no other row out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use placewell_domain::homes::admission::ground::AdmissionGround;
use placewell_domain::homes::admission::{Admission, admitted_on};
use placewell_domain::homes::home::Home;
use placewell_domain::homes::price::{KNOWN_OPEN, LineKind, LinePrices, Rectangle, ScheduleSource};
use placewell_domain::homes::standing::measure::Measure;
use placewell_domain::homes::standing::removed::{keeps_out, of_home};
use placewell_domain::homes::standing::{StandingFact, StandingSubject, admitted_provider};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::outcome::Refusal;
use placewell_domain::power::arrangement::Arrangement;
use placewell_exchange::homes::admission::{AdmissionRow, AdmissionsRead};
use placewell_exchange::homes::home::RowError;
use placewell_store::homes::price::PriceBy;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::schedule::record_line;
use crate::answer::Answer;
use crate::homes::admission::{come_under, own_arrangement};

/// What a file changes.
#[derive(Debug, Default)]
pub struct Plan {
    providers: Vec<StandingFact>,
    admissions: Vec<Admission>,
    prices: Vec<(HomeId, String, LineKind, LinePrices)>,
    /// The counts.
    pub summary: PlanSummary,
}

/// How much a file changes; the keys are those of the JSON answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PlanSummary {
    /// Rows that were read.
    pub rows: usize,
    /// Providers admitted with the first of their homes.
    pub providers: usize,
    /// Homes admitted to a lot.
    pub admissions: usize,
    /// Prices recorded.
    pub prices: usize,
    /// Rows that cannot go in, by spreadsheet row.
    pub errors: Vec<RowError>,
}

/// Compares a file with what the regional team holds. A change of how one of its homes stands that is under way comes before:
/// nobody is admitted past a removal that is being confirmed.
pub async fn plan(work: &Work, read: AdmissionsRead) -> Answer<Plan> {
    let arrangement = own_arrangement(work).await?;
    let told: BTreeSet<&str> = read.rows.iter().map(|row| row.urn.as_str()).collect();
    let homes = work.homes().await?.into_iter().filter(|home| told.contains(home.urn.as_str()));
    let homes: Vec<HomeId> = homes.map(|home| home.id).collect();
    work.lock_standing(&homes, true).await?;
    let mut planning = Planning { arrangement, held: Held::read(work).await?, plan: Plan::default() };
    planning.plan.summary.rows = read.rows.len();
    planning.plan.summary.errors = read.errors;
    let mut groups: BTreeMap<(String, String), Vec<AdmissionRow>> = BTreeMap::new();
    for row in read.rows {
        groups.entry((row.urn.clone(), row.lot.clone())).or_default().push(row);
    }
    for rows in groups.values() {
        planning.take(work, rows).await?;
    }
    let mut plan = planning.plan;
    plan.summary.errors.sort_by_key(|error| error.row);
    Ok(plan)
}

/// Writes what a file changes, within one transaction of the regional team.
pub async fn bring_in(work: &mut Work, plan: &Plan) -> Answer<()> {
    for fact in &plan.providers {
        if let StandingSubject::Provider(provider) = fact.subject {
            let ground = AdmissionGround::before_record(provider, fact.from, "The region's own file of admissions");
            work.keep_admission_ground(&ground).await?;
        }
        work.record_standing(fact).await?;
    }
    for admission in &plan.admissions {
        work.record_admission(admission).await?;
    }
    come_under(work, &plan.admissions).await?;
    let by = PriceBy { source: ScheduleSource::File, record: 0, includes: String::new() };
    for (home, lot, line, prices) in &plan.prices {
        record_line(work, *home, (lot, *line), prices, &by).await?;
    }
    Ok(())
}

/// What is held before the file.
struct Held {
    homes: BTreeMap<String, Home>,
    names: BTreeMap<OrganisationId, String>,
    admissions: Vec<Admission>,
    standing: Vec<StandingFact>,
    grounds: Vec<AdmissionGround>,
    measures: Vec<Measure>,
}

impl Held {
    async fn read(session: &Session) -> Answer<Self> {
        let own = session.homes().await?.into_iter().filter(|home| Some(home.region) == session.organisation());
        Ok(Self {
            homes: own.map(|home| (home.urn.to_string(), home)).collect(),
            names: session.organisations().await?.into_iter().map(|one| (one.id, one.name)).collect(),
            admissions: session.all_admissions().await?,
            standing: session.standing_facts().await?,
            grounds: session.admission_grounds(None).await?,
            measures: session.open_measures().await?,
        })
    }
}

struct Planning {
    arrangement: Arrangement,
    held: Held,
    plan: Plan,
}

impl Planning {
    /// The rows of one home on one lot.
    async fn take(&mut self, session: &Session, rows: &[AdmissionRow]) -> Answer<()> {
        let Some(first) = rows.first() else { return Ok(()) };
        let Some(home) = self.held.homes.get(&first.urn).cloned() else {
            let reason = format!("No home {} is held: bring in the register with `placewell homes import`.", first.urn);
            self.refuse(rows, &reason);
            return Ok(());
        };
        if let Some(other) = rows.iter().find(|row| row.admitted_from != first.admitted_from) {
            let lot = self.arrangement.lot_named(&first.lot);
            let reason = format!(
                "{} is on lot {lot} once: row {} says from {}, row {} from {}.",
                first.urn, first.row, first.admitted_from, other.row, other.admitted_from
            );
            self.refuse(rows, &reason);
            return Ok(());
        }
        let (core, education) = match (prices_of(rows, |row| row.weekly), prices_of(rows, |row| row.education)) {
            (Ok(core), Ok(education)) => (core, education),
            (Err(row), _) | (_, Err(row)) => {
                self.refuse(rows, &format!("Row {row} and another give two prices from the same night."));
                return Ok(());
            }
        };
        if let Err(refusal) = self.admit(&home, first) {
            let found = if refusal.value.is_empty() { String::new() } else { format!(" Found: {}.", refusal.value) };
            self.refuse(rows, &format!("{}{found}", refusal.sentence));
            return Ok(());
        }
        for (line, prices) in [(LineKind::Core, core), (LineKind::Education, education)] {
            let changed = changed(session, &home, (&first.lot, line), prices).await?;
            if !changed.is_empty() {
                self.plan.summary.prices += changed.len();
                self.plan.prices.push((home.id, first.lot.clone(), line, changed));
            }
        }
        Ok(())
    }

    fn refuse(&mut self, rows: &[AdmissionRow], reason: &str) {
        self.plan.summary.errors.extend(rows.iter().map(|row| RowError { row: row.row, reason: reason.to_owned() }));
    }

    /// Admits the home, and its provider with the first of its homes; nothing where it is on the lot since that day.
    fn admit(&mut self, home: &Home, row: &AdmissionRow) -> Result<(), Refusal> {
        let (lot, from) = (row.lot.as_str(), row.admitted_from);
        if admitted_on(&self.held.admissions, home.id, lot, from).is_some_and(|held| held.from == from) {
            return Ok(());
        }
        let admission = Admission::admit(home, &self.arrangement, &self.held.admissions, lot, from)?;
        if let Some(removal) = of_home(&self.held.measures, (home.id, home.provider), lot) {
            return Err(keeps_out(removal, removal.lot.as_deref().map(|lot| self.arrangement.lot_named(lot))));
        }
        self.admit_provider(home.provider, from)?;
        self.plan.summary.admissions += 1;
        self.held.admissions.push(admission.clone());
        self.plan.admissions.push(admission);
        Ok(())
    }

    /// A provider that the region has never spoken of is admitted from the earliest day of its homes in the file. One of
    /// which it has is not changed by a file: it must be admitted on the day.
    fn admit_provider(&mut self, provider: OrganisationId, from: Date) -> Result<(), Refusal> {
        let fact = StandingFact::admitted(provider, from);
        if let Some(planned) = self.plan.providers.iter_mut().find(|planned| planned.subject == fact.subject) {
            planned.from = planned.from.min(from);
            return Ok(());
        }
        if self.held.standing.iter().any(|held| held.subject == fact.subject && held.source == fact.source) {
            let name = self.held.names.get(&provider).map_or("", String::as_str);
            return admitted_provider((&self.held.grounds, &self.held.standing), provider, name, from).map(|_| ());
        }
        self.plan.summary.providers += 1;
        self.plan.providers.push(fact);
        Ok(())
    }
}

/// The prices that the rows give for one line: each until the next one's first night, the last one open. The row of a
/// second price from the same night where there is one.
fn prices_of(rows: &[AdmissionRow], of: impl Fn(&AdmissionRow) -> Option<Pence>) -> Result<LinePrices, usize> {
    let mut given: Vec<(Date, Pence, usize)> =
        rows.iter().filter_map(|row| Some((row.price_from, of(row)?, row.row))).collect();
    given.sort_unstable();
    let mut prices = LinePrices::new();
    for (at, (from, weekly, row)) in given.iter().enumerate() {
        let nights = match given.get(at + 1) {
            Some((next, ..)) => Nights::new(*from, *next).ok_or(*row)?,
            None => Nights::open(*from),
        };
        prices.push((nights, Some(*weekly)));
    }
    Ok(prices)
}

/// Those of the prices that are not believed already on all of their nights.
async fn changed(
    session: &Session,
    home: &Home,
    (lot, line): (&str, LineKind),
    mut prices: LinePrices,
) -> Answer<LinePrices> {
    if prices.is_empty() {
        return Ok(prices);
    }
    let history = session.price_history(home.id).await?;
    let believed: Vec<Rectangle<Pence>> = history
        .into_iter()
        .filter(|one| one.lot == lot && one.line == line.code() && one.price.known_to == KNOWN_OPEN)
        .map(|one| one.price)
        .collect();
    prices.retain(|(nights, weekly)| {
        let same = believed.iter().filter(|held| Some(held.value) == *weekly);
        let within = same.filter_map(|held| Nights::new(held.from, held.to)?.overlap(*nights));
        within.map(Nights::count).sum::<i64>() != nights.count()
    });
    Ok(prices)
}

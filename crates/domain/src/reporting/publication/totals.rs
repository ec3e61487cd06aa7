//! Yearly totals per provider with every small number out of them (rule 9.1).
//!
//! All that was bought is put into groups that do not overlap, each with at least five children at five homes, and every
//! figure is the sum of whole groups. So whatever is subtracted from whatever, across tables, files, feeds and years, what
//! is left is whole groups again, or nothing. A year is published once: two versions would differ by a few children.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::id::{HomeId, OrganisationId};
use crate::money::Pence;
use crate::nights::plus_days;
use crate::outcome::Refusal;

use super::group::{Group, split};
use super::register::HomesOf;
use super::share::YearShare;

/// Fewer children, or children at fewer homes, are never told.
pub const AT_LEAST: usize = 5;
/// What stands in place of a figure of fewer.
pub const FEWER: &str = "Fewer than 5";
/// How long after its last day a year is published at the earliest: by then late changes have been recorded.
const SETTLES: i64 = 30;

/// What one authority bought at one provider in one year, as it tells the regional team. It is never published: the totals
/// that are have no small number in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// The authority.
    pub authority: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// How many homes the provider runs.
    pub provider_homes: usize,
    /// The children, each counted once in a year: at the provider where it slept most nights.
    pub children: usize,
    /// The homes at which children of this authority slept.
    pub homes: BTreeSet<HomeId>,
    /// What it cost.
    pub paid: Pence,
}

/// How many children at how many homes stand behind a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Reach {
    children: usize,
    homes: BTreeSet<HomeId>,
    paid: i64,
    rows: usize,
}

impl Reach {
    fn add(&mut self, bought: &Bought) {
        self.children += bought.children;
        self.homes.extend(&bought.homes);
        self.paid = self.paid.saturating_add(bought.paid.0);
        self.rows += 1;
    }

    fn measure(&self) -> Measure {
        Measure { children: self.children as u64, paid: Pence(self.paid).to_thousands() }
    }
}

impl Group for Reach {
    fn with(&self, other: &Self) -> Self {
        let mut homes = self.homes.clone();
        homes.extend(&other.homes);
        Self {
            children: self.children + other.children,
            homes,
            paid: self.paid.saturating_add(other.paid),
            rows: self.rows + other.rows,
        }
    }

    fn enough(&self) -> bool {
        self.children >= AT_LEAST && self.homes.len() >= AT_LEAST
    }

    fn holds_any(&self) -> bool {
        self.rows > 0
    }

    fn size(&self) -> (usize, usize) {
        (self.children, self.homes.len())
    }
}

/// A figure as everybody reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Children, each counted once in the year.
    pub children: u64,
    /// What was paid, to the nearest £1,000.
    pub paid: Pence,
}

/// A figure with what it is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The organisation; none for all the others together.
    pub of: Option<OrganisationId>,
    /// The figure.
    pub measure: Measure,
}

/// A provider's total, with its parts by authority where they can be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderTotal {
    /// The provider; none for all the others together.
    pub provider: Option<OrganisationId>,
    /// The total.
    pub total: Measure,
    /// By authority; empty where a part would tell of fewer than five.
    pub by_authority: Vec<Figure>,
}

/// A year's totals as everybody reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearTotals {
    /// The first day of the contract year.
    pub year_start: Date,
    /// All providers together; none where even that would tell of fewer than five.
    pub all: Option<Measure>,
    /// By provider, the largest first, the others together last.
    pub providers: Vec<ProviderTotal>,
    /// How many providers stand among the others.
    pub others: u64,
    /// The share of placements through the arrangement; none where too few began, and of a year published without.
    #[serde(default)]
    pub share: Option<YearShare>,
    /// The providers' homes on the register as the year was published, for the list of providers.
    #[serde(default)]
    pub homes: Vec<HomesOf>,
    /// Homes on the arrangement as the year was published, of all providers together; none of a year published without.
    #[serde(default)]
    pub evaluated: Option<u64>,
}

impl YearTotals {
    /// A year of which nothing is told.
    const fn silent(year_start: Date) -> Self {
        Self {
            year_start,
            all: None,
            providers: Vec::new(),
            others: 0,
            share: None,
            homes: Vec::new(),
            evaluated: None,
        }
    }

    /// The same with what else is published with the year.
    #[must_use]
    pub fn with(self, share: Option<YearShare>, homes: Vec<HomesOf>, evaluated: u64) -> Self {
        Self { share, homes, evaluated: Some(evaluated), ..self }
    }
}

fn gathered<'a>(
    rows: impl Iterator<Item = &'a Bought>,
    name: impl Fn(&Bought) -> OrganisationId,
) -> BTreeMap<OrganisationId, Reach> {
    let mut found: BTreeMap<OrganisationId, Reach> = BTreeMap::new();
    for row in rows {
        found.entry(name(row)).or_default().add(row);
    }
    found
}

/// The parts of one provider's total by authority: all of them, the small ones together, or none at all.
fn parts(rows: &[Bought], provider: OrganisationId) -> Vec<Figure> {
    let own = rows.iter().filter(|row| row.provider == provider);
    let (alone, rest) = split(gathered(own, |row| row.authority), Reach::default());
    if alone.is_empty() {
        return Vec::new();
    }
    let mut figures: Vec<Figure> =
        alone.into_iter().map(|(of, reach)| Figure { of: Some(of), measure: reach.measure() }).collect();
    figures.sort_by_key(|figure| (core::cmp::Reverse(figure.measure.children), figure.of));
    if rest.rows > 0 {
        figures.push(Figure { of: None, measure: rest.measure() });
    }
    figures
}

/// The totals of a year. Providers with one home stand among the others always: their total would be that home's.
#[must_use]
pub fn suppressed(year_start: Date, rows: &[Bought]) -> YearTotals {
    let with_one_home = |row: &&Bought| row.provider_homes < 2;
    let mut rest = Reach::default();
    rows.iter().filter(with_one_home).for_each(|row| rest.add(row));
    let several = rows.iter().filter(|row| row.provider_homes >= 2);
    let (alone, rest) = split(gathered(several, |row| row.provider), rest);
    let all = alone.values().fold(rest.clone(), |sum, reach| sum.with(reach));
    if !all.enough() {
        return YearTotals::silent(year_start);
    }
    let mut providers: Vec<ProviderTotal> = alone
        .iter()
        .map(|(provider, reach)| ProviderTotal {
            provider: Some(*provider),
            total: reach.measure(),
            by_authority: parts(rows, *provider),
        })
        .collect();
    providers.sort_by_key(|one| (core::cmp::Reverse(one.total.children), one.provider));
    let named: BTreeSet<OrganisationId> = alone.keys().copied().collect();
    let others: BTreeSet<OrganisationId> =
        rows.iter().map(|row| row.provider).filter(|provider| !named.contains(provider)).collect();
    if rest.rows > 0 {
        providers.push(ProviderTotal { provider: None, total: rest.measure(), by_authority: Vec::new() });
    }
    let others = others.len() as u64;
    YearTotals { all: Some(all.measure()), providers, others, ..YearTotals::silent(year_start) }
}

/// Whether a year may be published on a day: when it is over and settled, and only once.
pub fn may_publish(year_end: Date, published: bool, today: Date) -> Result<(), Refusal> {
    let rule = "Totals are published by the year, once (rule 9.1)";
    if published {
        let words =
            "This year has been published. A second version beside the first would give away what both leave out.";
        return Err(Refusal::new("year_published", rule, words, "Nobody").found(long_date(year_end)));
    }
    let from = plus_days(year_end, SETTLES + 1);
    if today < from {
        let words = "This year is not over, or its last changes may still be under way.";
        let found = format!("from {}", long_date(from));
        return Err(Refusal::new("year_not_settled", rule, words, "Nobody").found(found));
    }
    Ok(())
}

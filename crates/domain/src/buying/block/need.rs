//! Whether a mini-block would meet a need: what each authority's own searches and stays wanted of such beds, by month, and
//! how much of that so many beds would have met. Counts and nights only: nothing tells one child from another.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::authority::AreaCode;
use crate::homes::home::{Ages, RegisteredSex, Sex};
use crate::id::{BlockId, OrganisationId};
use crate::nights::{Nights, days_between, plus_days};
use crate::placing::child::AgeBand;
use crate::placing::invitation::{Trace, Verdict};

/// Which children the beds are for, and where they may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wants {
    /// The lot of the arrangement, by its code.
    pub lot: String,
    /// Ages.
    pub ages: Ages,
    /// For whom.
    pub sex: RegisteredSex,
    /// In which authorities' areas the homes may be; any where none is named.
    pub areas: Vec<AreaCode>,
}

impl Wants {
    /// Whether a search was for a child whom the beds are for.
    #[must_use]
    pub fn cover(&self, lot: Option<&str>, age: Option<u8>, sex: Option<Sex>) -> bool {
        lot == Some(self.lot.as_str())
            && age.is_some_and(|age| self.ages.admit(age))
            && sex.is_some_and(|sex| self.sex.admits(sex))
    }

    /// Whether an age band has an age for which the beds are.
    #[must_use]
    pub fn of_age(&self, band: AgeBand) -> bool {
        (self.ages.from..=self.ages.to).any(|age| AgeBand::of(age) == band)
    }

    /// Whether homes of an area may have the beds.
    #[must_use]
    pub fn within(&self, area: AreaCode) -> bool {
        self.areas.is_empty() || self.areas.contains(&area)
    }

    /// Whether a search reached where the beds may be, by the frozen traces of the homes that it asked and the areas in which
    /// those stand: one stands in an area of theirs and is neither too far nor in a place to avoid. Beds that may be anywhere
    /// are reached by every search; a search that asked nobody there is taken not to reach them.
    #[must_use]
    pub fn reached<'a>(&self, asked: impl IntoIterator<Item = (AreaCode, &'a Trace)>) -> bool {
        let of_place = |criterion: &str| matches!(criterion, "distance" | "area" | "place_to_avoid");
        let against = |verdict: Verdict| matches!(verdict, Verdict::DoesNotMeet | Verdict::LeftOut);
        let within = |trace: &Trace| !trace.lines.iter().any(|line| of_place(&line.criterion) && against(line.verdict));
        self.areas.is_empty() || asked.into_iter().any(|(area, trace)| self.areas.contains(&area) && within(trace))
    }
}

/// One search that the beds would have been for, as its own authority sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// When the child needed a home.
    pub needed: Date,
    /// The nights that were placed; none where nobody was.
    pub placed: Option<Nights>,
    /// Placed by a spot purchase.
    pub spot: bool,
    /// No home made an offer.
    pub no_offer: bool,
    /// It reached where the beds may be.
    pub in_reach: bool,
}

/// The nights of one calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthOfNeed {
    /// The month's first day within the time asked about.
    pub from: Date,
    /// How many nights it has within that time.
    pub nights: i64,
    /// The nights that children needed such a bed.
    pub wanted: i64,
    /// Of them: nights of children for whom no home was found and whose search reached where the beds may be.
    #[serde(default)]
    pub unmet: i64,
}

/// What one authority's record says of a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityNeed {
    /// The mini-block that it was asked for.
    pub block: BlockId,
    /// The authority.
    pub authority: OrganisationId,
    /// The first day asked about.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
    /// Searches for such a child.
    pub searches: u32,
    /// Of them: no home was found.
    pub unmet: u32,
    /// Of those: the search reached where the beds may be.
    #[serde(default)]
    pub in_reach: u32,
    /// Of them: no home made an offer.
    pub no_offer: u32,
    /// Of them: placed by spot purchase.
    pub spot: u32,
    /// The nights that one such stay lasts, by the middle one of those that were placed: the nights that a search without
    /// a home is counted with.
    pub stay: i64,
    /// By month.
    pub months: Vec<MonthOfNeed>,
}

/// How long a stay is taken to last where an authority has placed nobody of that kind.
const STAY: i64 = 182;

impl AuthorityNeed {
    /// Counts an authority's searches in a time.
    #[must_use]
    pub fn of(block: BlockId, authority: OrganisationId, (from, until): (Date, Date), searches: &[Search]) -> Self {
        let within: Vec<&Search> =
            searches.iter().filter(|search| from <= search.needed && search.needed < until).collect();
        let mut stays: Vec<i64> = within
            .iter()
            .filter_map(|search| search.placed.map(|nights| nights.to().min(until)))
            .zip(within.iter().filter_map(|search| search.placed.map(Nights::from)))
            .map(|(to, start)| days_between(start, to))
            .filter(|nights| *nights > 0)
            .collect();
        stays.sort_unstable();
        let stay = stays.get(stays.len() / 2).copied().unwrap_or(STAY);
        let wanted: Vec<(Nights, bool)> = within
            .iter()
            .filter_map(|search| {
                let nights = search.placed.or_else(|| Nights::new(search.needed, plus_days(search.needed, stay)))?;
                Some((nights, search.placed.is_none() && search.in_reach))
            })
            .collect();
        let nights_of = |month: Nights, all: bool| -> i64 {
            let counted = wanted.iter().filter(|(_, unmet)| all || *unmet);
            counted.filter_map(|(nights, _)| nights.overlap(month)).map(Nights::count).sum()
        };
        let count = |keep: fn(&Search) -> bool| {
            u32::try_from(within.iter().filter(|search| keep(search)).count()).unwrap_or(u32::MAX)
        };
        let months = months(from, until)
            .into_iter()
            .map(|month| MonthOfNeed {
                from: month.from(),
                nights: month.count(),
                wanted: nights_of(month, true),
                unmet: nights_of(month, false),
            })
            .collect();
        Self {
            block,
            authority,
            from,
            until,
            searches: count(|_| true),
            unmet: count(|search| search.placed.is_none()),
            in_reach: count(|search| search.placed.is_none() && search.in_reach),
            no_offer: count(|search| search.no_offer),
            spot: count(|search| search.spot),
            stay,
            months,
        }
    }
}

/// The calendar months of a time, cut at its ends.
fn months(from: Date, until: Date) -> Vec<Nights> {
    let mut found = Vec::new();
    let mut start = from;
    while start < until {
        let next = start.first_of_month().saturating_add(jiff::Span::new().months(1)).min(until);
        let Some(month) = Nights::new(start, next) else { break };
        found.push(month);
        start = next;
    }
    found
}

/// One month of all authorities together, against so many beds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthMet {
    /// The month.
    pub month: MonthOfNeed,
    /// The nights that the beds have.
    pub offered: i64,
    /// The nights that they would have met.
    pub met: i64,
}

/// What the beds would have done for children for whom no home was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnmetMet {
    /// Searches without a home that reached where the beds may be.
    pub searches: u32,
    /// Of them, those for whose whole stay the beds had nights; rounded down.
    pub searches_met: u32,
    /// The nights that they needed.
    pub nights: i64,
    /// Of those, the nights that the beds would have given them, had they come first.
    pub nights_met: i64,
}

/// What so many beds would have met of what authorities wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// By month.
    pub months: Vec<MonthMet>,
    /// All nights of the beds.
    pub offered: i64,
    /// The nights that they would have met.
    pub met: i64,
    /// The nights that were wanted.
    pub wanted: i64,
    /// What of it was for children for whom no home was found.
    pub unmet: UnmetMet,
}

impl Met {
    /// The share of the beds' nights that would have been used, in whole percent, rounded down.
    #[must_use]
    pub fn percent_used(&self) -> i64 {
        if self.offered == 0 { 0 } else { self.met * 100 / self.offered }
    }
}

/// What `beds` beds would have met of these needs. Needs of other times than the first's are left out.
#[must_use]
pub fn met(needs: &[AuthorityNeed], beds: u8) -> Met {
    let mut months: Vec<MonthOfNeed> = Vec::new();
    for month in needs.iter().flat_map(|need| &need.months) {
        match months.iter_mut().find(|known| known.from == month.from) {
            Some(known) => {
                known.wanted += month.wanted;
                known.unmet += month.unmet;
            }
            None => months.push(*month),
        }
    }
    months.sort_by_key(|month| month.from);
    let months: Vec<MonthMet> = months
        .into_iter()
        .map(|month| {
            let offered = i64::from(beds) * month.nights;
            MonthMet { month, offered, met: month.wanted.min(offered) }
        })
        .collect();
    let nights: i64 = months.iter().map(|month| month.month.unmet).sum();
    let searches: u32 = needs.iter().map(|need| need.in_reach).sum();
    let nights_met: i64 = months.iter().map(|month| month.month.unmet.min(month.offered)).sum();
    let whole = i64::from(searches).saturating_mul(nights_met).checked_div(nights).unwrap_or_default();
    let searches_met = u32::try_from(whole).unwrap_or_default().min(searches);
    Met {
        unmet: UnmetMet { searches, searches_met, nights, nights_met },
        offered: months.iter().map(|month| month.offered).sum(),
        met: months.iter().map(|month| month.met).sum(),
        wanted: months.iter().map(|month| month.month.wanted).sum(),
        months,
    }
}

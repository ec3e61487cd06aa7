//! The alternatives side by side: in each future the same children come, need the same care for the same time, and each
//! alternative houses and prices them in its own way. So the differences are theirs and not chance's.

use placewell_domain::reporting::appraisal::{
    Alternative, Assumption, Assumptions, Figures, Inputs, OptionFigures, Range, Year, YearAhead,
};

use super::arrivals::Arrivals;
use super::chance::{Chance, below};
use super::forecast::{Ahead, Part, forecast};
use super::lengths::{Lengths, STEPS};
use super::{WEEKS, precise, range, rises, rounded_wide};

/// Weeks of a year looked ahead.
const YEAR: usize = 52;
/// Of the children's part of the numbers; the forecast's parts stand before it.
const PART: u32 = 1_000;

/// Draws the futures of every alternative, and of the placements through the arrangement against each year's ceiling.
#[must_use]
pub fn appraise(seed: u64, futures: u32, inputs: &Inputs, assumptions: &Assumptions) -> Figures {
    let lengths = Lengths::kept(&inputs.lengths).unwrap_or_else(Lengths::stated);
    let plan = Plan::new(inputs, assumptions, &lengths);
    let runs = usize::try_from(futures).unwrap_or(0);
    let mut drawn = Drawn::new(runs);
    let mut row = Row::default();
    for future in 0..futures {
        plan.one(Chance::of(seed, future, PART), &mut row);
        drawn.keep(&plan, &row);
    }
    Figures {
        children: range(&mut drawn.searches),
        options: drawn.figures(&plan),
        years: years(seed, futures, inputs, assumptions, &lengths),
    }
}

/// The placements through the arrangement in each contract year, beside its ceiling.
fn years(seed: u64, futures: u32, inputs: &Inputs, assumptions: &Assumptions, lengths: &Lengths) -> Vec<YearAhead> {
    let until: Vec<usize> = inputs.years.iter().map(|year| usize::from(year.until_week)).collect();
    let Some(weeks) = until.last().copied().filter(|weeks| *weeks > 0) else { return Vec::new() };
    let mean = arrivals_mean(assumptions, weeks) * share(assumptions.get(Assumption::Share));
    let of_these = rounded_wide(f64::from(inputs.begun) * share(assumptions.get(Assumption::Share)));
    let part = Part::new(
        &inputs.through_arrangement,
        lengths,
        &inputs.prices,
        Arrivals::reckoned(mean, u32::try_from(of_these).unwrap_or(0)),
        inputs.years.iter().map(|year| (year.spent, year.ceiling)),
    );
    let ahead = Ahead::new(weeks, &until, assumptions.get(Assumption::Rise));
    let told = forecast(seed, futures, &[part], &ahead).into_iter().next().unwrap_or_default();
    let thousandths = |above: u32| above.saturating_mul(1_000).checked_div(futures).unwrap_or(0);
    let year = |(year, told): (&Year, super::Told)| YearAhead {
        start: year.start,
        cost: told.cost,
        ceiling: year.ceiling,
        set: year.set,
        above: thousandths(told.above),
    };
    inputs.years.iter().zip(told).map(year).collect()
}

fn share(thousandths: i64) -> f64 {
    precise(thousandths) / 1_000.0
}

/// How many children need a home over so many weeks, at the rate of today and its yearly change.
fn arrivals_mean(assumptions: &Assumptions, weeks: usize) -> f64 {
    let weekly = precise(assumptions.get(Assumption::Placements)) / 10.0 / 52.0;
    let growth = 1.0 + share(assumptions.get(Assumption::Growth));
    (0..weeks).map(|week| weekly * growth.powf(super::precise_usize(week) / 52.0)).sum()
}

/// How many alternatives there are.
const OPTIONS: usize = Alternative::ALL.len();

/// A chance as a number that 16 random bits lie below.
fn of_16(thousandths: i64) -> u32 {
    u32::try_from((thousandths.clamp(0, 1_000) * 65_536 + 500) / 1_000).unwrap_or(0)
}

/// A bed of a block or in house.
#[derive(Debug, Clone, Copy)]
struct Beds {
    count: usize,
    weekly: i64,
    /// What an occupied bed costs more a week than an empty one.
    more: i64,
    fit: u32,
    opens: u32,
}

/// All that every future shares, as whole numbers.
struct Plan<'a> {
    living: Vec<(u32, u16, u16)>,
    lengths: &'a Lengths,
    prices: &'a [u32],
    arrivals: Arrivals,
    /// 2³² times the chance that a child who comes does so in this week or before.
    by_week: Vec<u32>,
    weeks: u32,
    years: i64,
    /// 2¹² times what a pound of today costs from the first week up to each week.
    span: Vec<u64>,
    not_found: u32,
    not_found_weeks: u32,
    not_found_weekly: u64,
    spot: (i64, i64),
    own: i64,
    sub: i64,
    size_spread: i64,
    share: [u32; 3],
    near: u32,
    far: u32,
    near_spot: u32,
    far_spot: u32,
    beds: [Beds; 2],
    fixed: Fixed,
}

/// What each alternative costs whoever comes: in pence, and in minutes.
struct Fixed {
    set_up: [i64; OPTIONS],
    yearly: [i64; OPTIONS],
    /// For a placement by a framework, by spot, in a bed of one's own.
    minutes: (i64, i64, i64),
    minutes_yearly: [i64; OPTIONS],
}

impl Fixed {
    fn of(assumptions: &Assumptions) -> Self {
        let get = |one| assumptions.get(one);
        let (region, home) = (get(Assumption::MinutesRegion), get(Assumption::MinutesHome));
        let partners = get(Assumption::Partners) + 1;
        Self {
            set_up: each(|one| set_up(one).map_or(0, get)),
            yearly: each(|one| match one {
                Alternative::DoNothing => 0,
                Alternative::OwnFramework => get(Assumption::OwnYearly),
                Alternative::SubRegional => get(Assumption::SubYearly),
                Alternative::Arrangement | Alternative::Block | Alternative::InHouse => get(Assumption::Contribution),
            }),
            minutes: (get(Assumption::MinutesFca), get(Assumption::MinutesSpot), get(Assumption::MinutesBed)),
            minutes_yearly: each(|one| match one {
                Alternative::DoNothing => 0,
                Alternative::OwnFramework => get(Assumption::OwnHomes) * home,
                Alternative::SubRegional => get(Assumption::SubHomes) * home / partners.max(1),
                Alternative::Arrangement | Alternative::Block | Alternative::InHouse => region,
            }),
        }
    }
}

impl Beds {
    /// So many beds of a price, an empty one at so many thousandths of it.
    fn of(assumptions: &Assumptions, [count, weekly, fit, opens]: [Assumption; 4], empty: i64, weeks: u32) -> Self {
        let weekly: i64 = assumptions.get(weekly);
        let when_empty = weekly * empty / 1_000;
        Self {
            count: usize::try_from(assumptions.get(count)).unwrap_or(0),
            weekly: when_empty,
            more: weekly - when_empty,
            fit: of_16(assumptions.get(fit)),
            opens: u32::try_from(assumptions.get(opens)).unwrap_or(0).min(weeks),
        }
    }
}

impl<'a> Plan<'a> {
    fn new(inputs: &'a Inputs, assumptions: &Assumptions, lengths: &'a Lengths) -> Self {
        let get = |one| assumptions.get(one);
        let years = get(Assumption::Years).clamp(1, 3);
        let weeks = usize::try_from(years).unwrap_or(1) * YEAR;
        let rise = rises(get(Assumption::Rise));
        let span = core::iter::once(0)
            .chain(rise.iter().take(weeks).scan(0_u64, |sum, rise| {
                *sum += u64::from(*rise) >> 4;
                Some(*sum)
            }))
            .collect();
        let whole = u32::try_from(weeks).unwrap_or(0);
        Self {
            living: inputs
                .living
                .iter()
                .map(|child| (child.weekly, lengths.beyond(child.weeks), child.weeks))
                .collect(),
            lengths,
            prices: &inputs.prices,
            arrivals: Arrivals::reckoned(arrivals_mean(assumptions, weeks), inputs.begun),
            by_week: by_week(assumptions, weeks),
            weeks: whole,
            years,
            span,
            not_found: of_16(get(Assumption::NotFound)),
            not_found_weeks: u32::try_from(get(Assumption::NotFoundWeeks)).unwrap_or(0),
            not_found_weekly: u64::try_from(get(Assumption::NotFoundWeekly)).unwrap_or(0),
            spot: (get(Assumption::SpotPrice), get(Assumption::SpotSpread)),
            own: get(Assumption::OwnPrice),
            sub: get(Assumption::SubPrice),
            size_spread: get(Assumption::SizeSpread),
            share: [Assumption::Share, Assumption::OwnShare, Assumption::SubShare].map(|one| of_16(get(one))),
            near: of_16(get(Assumption::Near)),
            far: of_16(get(Assumption::Far)),
            near_spot: of_16(get(Assumption::NearSpot)),
            far_spot: of_16(get(Assumption::FarSpot)),
            beds: [
                Beds::of(assumptions, BLOCK, get(Assumption::BlockEmpty), whole),
                Beds::of(assumptions, HOUSE, 1_000, whole),
            ],
            fixed: Fixed::of(assumptions),
        }
    }
}

/// The assumptions of a block's beds, and of those in house: how many, their price, whom they suit, when they open.
const BLOCK: [Assumption; 4] =
    [Assumption::BlockBeds, Assumption::BlockWeekly, Assumption::BlockFit, Assumption::BlockOpens];
const HOUSE: [Assumption; 4] =
    [Assumption::HouseBeds, Assumption::HouseWeekly, Assumption::HouseFit, Assumption::HouseOpens];

fn each(of: impl Fn(Alternative) -> i64) -> [i64; OPTIONS] {
    core::array::from_fn(|at| Alternative::ALL.get(at).map_or(0, |one| of(*one)))
}

/// What setting an alternative up costs once.
const fn set_up(one: Alternative) -> Option<Assumption> {
    match one {
        Alternative::Arrangement | Alternative::DoNothing => None,
        Alternative::OwnFramework => Some(Assumption::OwnSetUp),
        Alternative::SubRegional => Some(Assumption::SubSetUp),
        Alternative::Block => Some(Assumption::BlockSetUp),
        Alternative::InHouse => Some(Assumption::HouseSetUp),
    }
}

/// The shares of those who come by each week, as numbers that 32 random bits lie below.
fn by_week(assumptions: &Assumptions, weeks: usize) -> Vec<u32> {
    let whole = arrivals_mean(assumptions, weeks);
    let until = |week: usize| if whole > 0.0 { arrivals_mean(assumptions, week) / whole } else { 1.0 };
    (1..=weeks).map(|week| super::rounded(until(week) * 4_294_967_296.0)).collect()
}

/// What one future comes to: reused for each.
#[derive(Default)]
struct Row {
    cost: [i64; OPTIONS],
    not_found: [i64; OPTIONS],
    near: [i64; OPTIONS],
    far: [i64; OPTIONS],
    framework: [i64; OPTIONS],
    spot: [i64; OPTIONS],
    beds: [i64; OPTIONS],
    searches: i64,
    /// How many come in each week.
    weekly: Vec<u32>,
    /// Until when each bed is taken: of the block, then in house.
    taken: [Vec<u32>; 2],
}

impl Row {
    fn clear(&mut self, plan: &Plan<'_>) {
        for counts in [
            &mut self.cost,
            &mut self.not_found,
            &mut self.near,
            &mut self.far,
            &mut self.framework,
            &mut self.spot,
            &mut self.beds,
        ] {
            *counts = [0; OPTIONS];
        }
        self.searches = 0;
        self.weekly.clear();
        self.weekly.resize(plan.by_week.len(), 0);
        for (taken, beds) in self.taken.iter_mut().zip(&plan.beds) {
            taken.clear();
            taken.resize(beds.count, beds.opens);
        }
    }
}

/// How far from the middle a standard error's draw lies, in thousandths: the sum of twelve even draws, nearly normal.
fn normal(chance: &mut Chance) -> i64 {
    let sum: u64 =
        (0..3).map(|_| chance.next()).map(|bits| (0..4).map(|at| (bits >> (16 * at)) & 0xffff).sum::<u64>()).sum();
    i64::try_from(sum * 1_000 / 65_536).unwrap_or(6_000) - 6_000
}

/// 2¹² times a price's factor: so many thousandths above, moved by its standard error.
fn factor(thousandths: i64, spread: i64, moved: i64) -> u64 {
    u64::try_from(((1_000 + thousandths + spread * moved / 1_000).max(0) * 4_096 + 500) / 1_000).unwrap_or(0)
}

/// A child who comes, as every alternative sees them.
struct Comer {
    from: u32,
    until: u32,
    weekly: u64,
    found: bool,
    route: u32,
    place: u32,
    fit: [u32; 2],
}

impl Plan<'_> {
    /// What a pound a week costs from one week to another, in 2¹² parts.
    fn between(&self, from: u32, until: u32) -> u64 {
        self.span[until as usize] - self.span[from as usize]
    }

    fn one(&self, mut chance: Chance, row: &mut Row) {
        row.clear(self);
        let spot = factor(self.spot.0, self.spot.1, normal(&mut chance));
        let size = normal(&mut chance);
        let framework = [4_096, factor(self.own, self.size_spread, size), factor(self.sub, self.size_spread, size)];
        let there = self.living_cost(&mut chance);
        for (at, cost) in row.cost.iter_mut().enumerate() {
            *cost = there + self.fixed.set_up[at] + self.fixed.yearly[at] * self.years;
        }
        for (beds, option) in self.beds.iter().zip([4, 5]) {
            let open = self.between(beds.opens, self.weeks);
            row.cost[option] +=
                in_pence(u64::try_from(beds.weekly).unwrap_or(0) * open) * i64::try_from(beds.count).unwrap_or(0);
        }
        let Ok(known @ 1..) = u32::try_from(self.prices.len()) else { return };
        let coming = self.arrivals.draw(&mut chance);
        row.searches = i64::try_from(coming).unwrap_or(0);
        for _ in 0..coming {
            let drawn = chance.next_half();
            let week = self.by_week.partition_point(|until| *until <= drawn).min(self.by_week.len() - 1);
            row.weekly[week] += 1;
        }
        for week in 0..self.weeks {
            for _ in 0..row.weekly[week as usize] {
                let comer = self.comer(week, known, &mut chance);
                self.house(&comer, spot, framework, row);
            }
        }
    }

    /// What those who live in homes today cost until they leave: the same under every alternative.
    fn living_cost(&self, chance: &mut Chance) -> i64 {
        let table = self.lengths.table();
        let mut sum = 0_u64;
        for (weekly, beyond, passed) in &self.living {
            let steps = u32::try_from(STEPS).unwrap_or(0) - u32::from(*beyond);
            let step = u32::from(*beyond) + below(chance.next_half(), steps);
            let left = u32::from(table[step as usize % STEPS]).saturating_sub(u32::from(*passed)).max(1);
            sum += u64::from(*weekly) * self.between(0, left.min(self.weeks));
        }
        in_pence(sum)
    }

    #[allow(clippy::cast_possible_truncation, reason = "each chance takes its own bits of the two numbers")]
    fn comer(&self, week: u32, known: u32, chance: &mut Chance) -> Comer {
        let (one, other) = (chance.next(), chance.next());
        let bits = |number: u64, at: u32| (number >> at) as u32 & 0xffff;
        let length = u32::from(self.lengths.table()[one as usize % STEPS]);
        Comer {
            from: week,
            until: (week + length).min(self.weeks),
            weekly: u64::from(self.prices[below((one >> 32) as u32, known) as usize]),
            found: bits(one, 16) >= self.not_found,
            route: bits(other, 0),
            place: bits(other, 16),
            fit: [bits(other, 32), bits(other, 48)],
        }
    }

    /// Finds the child a home under each alternative, and adds what it costs.
    fn house(&self, comer: &Comer, spot: u64, framework: [u64; 3], row: &mut Row) {
        let found_at = if comer.found { comer.from } else { (comer.from + self.not_found_weeks).min(comer.until) };
        let meanwhile = in_pence(self.not_found_weekly * self.between(comer.from, found_at));
        let care = comer.weekly * self.between(found_at, comer.until);
        let missed = i64::from(!comer.found);
        let (near, far) = (comer.place < self.near, comer.place >= 65_536 - self.far);
        let (near_spot, far_spot) = (comer.place < self.near_spot, comer.place >= 65_536 - self.far_spot);
        let usual = |row: &mut Row, option: usize, by_framework: Option<u64>| {
            let factor = by_framework.unwrap_or(spot);
            row.cost[option] += meanwhile + in_pence((care >> 12) * factor);
            row.not_found[option] += missed;
            let through = by_framework.is_some();
            row.framework[option] += i64::from(through);
            row.spot[option] += i64::from(!through);
            row.near[option] += i64::from(if through { near } else { near_spot });
            row.far[option] += i64::from(if through { far } else { far_spot });
        };
        let through = |at: usize| (comer.route < self.share[at]).then_some(framework[at]);
        usual(row, 0, through(0));
        usual(row, 1, None);
        usual(row, 2, through(1));
        usual(row, 3, through(2));
        for (kind, beds) in self.beds.iter().enumerate() {
            let option = 4 + kind;
            let free = (comer.fit[kind] < beds.fit)
                .then(|| row.taken[kind].iter_mut().find(|taken| **taken <= comer.from))
                .flatten();
            if let Some(taken) = free {
                *taken = comer.until;
                let more = u64::try_from(beds.more).unwrap_or(0);
                row.cost[option] += in_pence(more * self.between(comer.from, comer.until));
                row.beds[option] += 1;
                row.near[option] += 1;
            } else {
                usual(row, option, through(0));
            }
        }
    }
}

/// 2¹² parts of a penny as whole pence.
fn in_pence(parts: u64) -> i64 {
    i64::try_from(parts >> 12).unwrap_or(i64::MAX)
}

/// Every figure of every future, one column for each.
struct Drawn {
    searches: Vec<i64>,
    options: Vec<Columns>,
}

#[derive(Default)]
struct Columns {
    cost: Vec<i64>,
    above: Vec<i64>,
    not_found: Vec<i64>,
    minutes: Vec<i64>,
    near: Vec<i64>,
    far: Vec<i64>,
    framework: Vec<i64>,
    spot: Vec<i64>,
    beds: Vec<i64>,
    still: Vec<i64>,
}

impl Drawn {
    fn new(runs: usize) -> Self {
        Self { searches: Vec::with_capacity(runs), options: (0..OPTIONS).map(|_| Columns::default()).collect() }
    }

    fn keep(&mut self, plan: &Plan<'_>, row: &Row) {
        self.searches.push(row.searches);
        for (at, columns) in self.options.iter_mut().enumerate() {
            columns.cost.push(row.cost[at]);
            columns.above.push(row.cost[at] - row.cost[0]);
            columns.not_found.push(row.not_found[at]);
            let (framework, spot, bed) = plan.fixed.minutes;
            let placing = row.framework[at] * framework + row.spot[at] * spot + row.beds[at] * bed;
            columns.minutes.push(placing + plan.fixed.minutes_yearly[at] * plan.years);
            columns.near.push(row.near[at]);
            columns.far.push(row.far[at]);
            columns.framework.push(row.framework[at]);
            columns.spot.push(row.spot[at]);
            columns.beds.push(row.beds[at]);
            columns.still.push(row.searches - row.beds[at]);
        }
    }

    fn figures(self, plan: &Plan<'_>) -> Vec<OptionFigures> {
        Alternative::ALL
            .iter()
            .zip(self.options)
            .zip(plan.fixed.set_up)
            .map(|((one, columns), set_up)| columns.figures(*one, set_up))
            .collect()
    }
}

impl Columns {
    fn figures(mut self, alternative: Alternative, set_up: i64) -> OptionFigures {
        let cheaper = self.above.iter().filter(|above| **above < 0).count() * 1_000;
        let still = matches!(alternative, Alternative::Arrangement | Alternative::Block | Alternative::InHouse);
        OptionFigures {
            alternative,
            cheaper: u32::try_from(cheaper.checked_div(self.above.len()).unwrap_or(0)).unwrap_or(0),
            cost: range(&mut self.cost),
            above: range(&mut self.above),
            set_up,
            not_found: range(&mut self.not_found),
            minutes: range(&mut self.minutes),
            near: range(&mut self.near),
            far: range(&mut self.far),
            framework: range(&mut self.framework),
            spot: range(&mut self.spot),
            beds: range(&mut self.beds),
            still: if still { range(&mut self.still) } else { Range::default() },
        }
    }
}

const _: () = assert!(YEAR * 3 <= WEEKS, "three years fit the weeks");

#[cfg(test)]
mod tests {
    use super::*;
    use placewell_domain::reporting::appraisal::Living;

    #[test]
    fn in_every_future_each_child_who_comes_is_housed_once_by_each_alternative() {
        let inputs = Inputs {
            living: vec![Living { weekly: 400_000, weeks: 10 }; 12],
            prices: vec![350_000, 420_000, 700_000],
            lengths: Lengths::stated().table().to_vec(),
            begun: 60,
            ..Inputs::default()
        };
        let mut assumptions = Assumptions::default();
        assumptions.found(Assumption::Placements, 900, "90 a year");
        let lengths = Lengths::stated();
        let plan = Plan::new(&inputs, &assumptions, &lengths);
        let mut row = Row::default();
        for future in 0..300 {
            plan.one(Chance::of(3, future, PART), &mut row);
            assert_eq!(row.weekly.iter().map(|coming| i64::from(*coming)).sum::<i64>(), row.searches);
            for option in 0..OPTIONS {
                assert_eq!(row.framework[option] + row.spot[option] + row.beds[option], row.searches);
                assert!(
                    row.near[option] + row.far[option] <= row.searches && row.not_found[option] <= row.not_found[0]
                );
            }
            assert_eq!((row.framework[1], row.beds[0], row.beds[1], row.beds[2]), (0, 0, 0, 0));
            // Without more beds than four, no more than four are taken at any time.
            assert!(row.taken.iter().all(|taken| taken.len() == 4));
        }
    }
}

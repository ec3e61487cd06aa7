//! A whole region's future against its ceilings: every child who lives in a home today stays a drawn while longer, others
//! come at drawn weeks, at prices and for lengths of their authority's own record.
//!
//! A stay is two entries in a row of weeks: its price where it begins, taken away where it ends. A future is then one
//! running sum over the weeks. Eight bytes per child, in columns; the rows are on the stack.

use placewell_domain::reporting::appraisal::{Living, Range};

use super::arrivals::Arrivals;
use super::chance::{Chance, below};
use super::lengths::{Lengths, STEPS};
use super::{WEEKS, range, rises};

/// The weeks ahead.
#[derive(Debug, Clone)]
pub struct Ahead {
    weeks: u32,
    /// 2¹⁶ times what is paid in each week for a pound of today.
    rise: [u32; WEEKS],
    /// The first week of each year after the first, and the end of the last.
    until: Vec<usize>,
}

impl Ahead {
    /// So many weeks, in years that end after the given weeks, with prices that rise by thousandths a year.
    #[must_use]
    pub fn new(weeks: usize, until: &[usize], rise: i64) -> Self {
        let weeks = weeks.min(WEEKS);
        let mut until: Vec<usize> = until.iter().map(|until| (*until).min(weeks)).collect();
        until.sort_unstable();
        Self { weeks: u32::try_from(weeks).unwrap_or(0), rise: rises(rise), until }
    }
}

/// The children of an authority in columns: eight bytes for each.
#[derive(Debug, Clone, Default)]
struct Children {
    weekly: Vec<u32>,
    beyond: Vec<u16>,
    passed: Vec<u16>,
    /// What all of them cost in the first week.
    together: i64,
}

impl Children {
    fn new(living: &[Living], lengths: &Lengths) -> Self {
        Self {
            weekly: living.iter().map(|child| child.weekly).collect(),
            beyond: living.iter().map(|child| lengths.beyond(child.weeks)).collect(),
            passed: living.iter().map(|child| child.weeks).collect(),
            together: living.iter().map(|child| i64::from(child.weekly)).sum(),
        }
    }
}

/// One authority.
#[derive(Debug, Clone)]
pub struct Part {
    children: Children,
    lengths: Lengths,
    prices: Vec<u32>,
    arrivals: Arrivals,
    ceilings: Vec<Option<i64>>,
    spent: Vec<i64>,
}

impl Part {
    /// Its children today, its lengths of stay, the prices that others are drawn from, how many come over all weeks, and
    /// for each year what was spent before today and the ceiling.
    #[must_use]
    pub fn new(
        living: &[Living],
        lengths: &Lengths,
        prices: &[u32],
        arrivals: Arrivals,
        years: impl IntoIterator<Item = (i64, Option<i64>)>,
    ) -> Self {
        let (spent, ceilings) = years.into_iter().unzip();
        let children = Children::new(living, lengths);
        Self { children, lengths: lengths.clone(), prices: prices.to_vec(), arrivals, ceilings, spent }
    }
}

/// A year of an authority or of the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What it costs, in pence.
    pub cost: Range,
    /// In how many futures it costs more than the ceiling.
    pub above: u32,
}

/// Draws the futures: each authority's years, then the region's.
#[must_use]
pub fn forecast(seed: u64, futures: u32, parts: &[Part], ahead: &Ahead) -> Vec<Vec<Told>> {
    let years = ahead.until.len();
    let runs = usize::try_from(futures).unwrap_or(0);
    let mut region = vec![vec![0_i64; runs]; years];
    let mut costs = vec![vec![0_i64; runs]; years];
    let mut told = Vec::with_capacity(parts.len() + 1);
    for (number, part) in (0_u32..).zip(parts) {
        for future in 0..futures {
            let run = usize::try_from(future).unwrap_or(0);
            one(part, Chance::of(seed, future, number), ahead, |year, cost| costs[year][run] = cost);
        }
        let own = costs.iter_mut().zip(&mut region).enumerate().map(|(year, (costs, region))| {
            let spent = part.spent.get(year).copied().unwrap_or(0);
            for (sum, cost) in region.iter_mut().zip(costs.iter_mut()) {
                *cost += spent;
                *sum += *cost;
            }
            let ceiling = part.ceilings.get(year).copied().flatten();
            Told { above: above(costs, ceiling), cost: range(costs) }
        });
        told.push(own.collect());
    }
    let ceiling =
        |year: usize| parts.iter().map(|part| part.ceilings.get(year).copied().flatten()).sum::<Option<i64>>();
    let all = region.iter_mut().enumerate();
    told.push(all.map(|(year, costs)| Told { above: above(costs, ceiling(year)), cost: range(costs) }).collect());
    told
}

fn above(costs: &[i64], ceiling: Option<i64>) -> u32 {
    let over = ceiling.map_or(0, |ceiling| costs.iter().filter(|cost| **cost > ceiling).count());
    u32::try_from(over).unwrap_or(u32::MAX)
}

/// As many entries as a byte can name, so that none is looked for outside.
const ROW: usize = 256;

/// One future of one authority: what each year costs from today on.
#[allow(clippy::cast_possible_truncation, reason = "weeks are at most 156: a byte names each")]
fn one(part: &Part, mut chance: Chance, ahead: &Ahead, mut tell: impl FnMut(usize, i64)) {
    let weeks = ahead.weeks;
    let table = part.lengths.table();
    let mut flow = [0_i64; ROW];
    flow[0] = part.children.together;
    let columns = part.children.weekly.iter().zip(&part.children.beyond).zip(&part.children.passed);
    for ((weekly, beyond), passed) in columns {
        let steps = STEPS as u32 - u32::from(*beyond);
        let step = u32::from(*beyond) + below(chance.next_half(), steps);
        let left = u32::from(table[step as usize % STEPS]).saturating_sub(u32::from(*passed)).max(1);
        flow[left.min(weeks) as u8 as usize] -= i64::from(*weekly);
    }
    // Two rows, so that one stay's entries need not wait for those of the stay before.
    let mut second = [0_i64; ROW];
    let prices = part.prices.as_slice();
    if let Ok(known @ 1..) = u32::try_from(prices.len()) {
        let coming = part.arrivals.draw(&mut chance);
        let mut come = |flow: &mut [i64; ROW]| {
            let drawn = chance.next();
            // The week from the upper half, the length from the lowest ten bits, the price from those between.
            let week = below((drawn >> 32) as u32, weeks);
            let price = i64::from(prices[below((drawn as u32 & !0x3ff) | (drawn >> 54) as u32, known) as usize]);
            let end = (week + u32::from(table[drawn as usize % STEPS])).min(weeks);
            flow[week as u8 as usize] += price;
            flow[end as u8 as usize] -= price;
        };
        for _ in 0..coming / 2 {
            come(&mut flow);
            come(&mut second);
        }
        if coming % 2 == 1 {
            come(&mut flow);
        }
    }
    for (sum, more) in flow.iter_mut().zip(&second) {
        *sum += more;
    }
    let (mut weekly, mut from) = (0_i64, 0);
    for (year, until) in ahead.until.iter().enumerate() {
        let mut cost = 0_i64;
        for (flow, rise) in flow[from..*until].iter().zip(&ahead.rise[from..*until]) {
            weekly += flow;
            cost += weekly * i64::from(*rise);
        }
        from = *until;
        tell(year, cost >> 16);
    }
}

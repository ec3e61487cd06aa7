//! What is still expected in a year of the annual value: the awards that the authority's own past makes likely, at its
//! own prices and lengths of stay, with the range that holds 80 of 100 futures (rule 3.5). Seeded, so that the same
//! record on the same day gives the same figures; whole pence throughout.

use jiff::civil::Date;
use placewell_domain::calendar::ContractYear;
use placewell_domain::money::Pence;
use placewell_domain::nights::{days_between, plus_days};
use placewell_domain::power::annual_value::{
    Bucket, Commitment, Forecast, Reading, Treatment, ValueKind, ValueLine, commitment_by_year,
};

/// How many weeks of the past are drawn from, at most.
pub const WEEKS: i64 = 52;
/// Fewer awards than these say too little.
pub const FEWEST: usize = 8;
/// How many futures are drawn.
pub const FUTURES: usize = 2_000;

const SEED: u64 = 5_584;

/// What the forecast is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What every agreement commits, ended ones too.
    pub commitments: &'a [Commitment],
    /// What counts.
    pub reading: &'a Reading,
    /// The year.
    pub year: ContractYear,
    /// The last day of the term: nothing is awarded after it.
    pub term_end: Date,
    /// The first day on which this authority could award.
    pub since: Date,
    /// Today.
    pub today: Date,
    /// What is planned in the year already.
    pub planned: Pence,
    /// What rises in price that are granted and not confirmed yet add to it.
    pub rises: Pence,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A forecast, and on what it rests.
    Reckoned {
        /// The figures, new ones to whole thousands of pounds.
        forecast: Forecast,
        /// The awards that it was drawn from.
        awards: usize,
        /// The weeks in which they began.
        weeks: usize,
    },
    /// Too few awards in the past to say.
    TooFew {
        /// The awards.
        awards: usize,
        /// The weeks looked at.
        weeks: usize,
    },
    /// No award can begin in the rest of the year: it is over, or the term is.
    Closed,
}

impl Expected {
    /// The forecast, where there is one.
    #[must_use]
    pub const fn forecast(self) -> Option<Forecast> {
        match self {
            Self::Reckoned { forecast, .. } => Some(forecast),
            Self::TooFew { .. } | Self::Closed => None,
        }
    }
}

/// What is expected in the rest of a year.
///
/// The last weeks of the authority's own record, at most 52, are drawn from, each with all awards that began in it.
/// Every future first draws as many weeks as there were, because the past might have gone otherwise too, and from
/// those a week for each week to come. An award that is drawn begins on its own weekday and stays as long as it was
/// planned, at its own prices. Starts that are agreed already take the place of drawn ones. Planned ends are taken as
/// they stand, and the draws do not stop at the ceiling: they say what would be asked for.
#[must_use]
pub fn expected(asked: &Asked<'_>) -> Expected {
    let until = asked.year.end().min(plus_days(asked.term_end, 1));
    let ahead = usize::try_from((days_between(asked.today, until) + 6) / 7).unwrap_or_default();
    if ahead == 0 {
        return Expected::Closed;
    }
    let weeks = usize::try_from((days_between(asked.since, asked.today) / 7).clamp(0, WEEKS)).unwrap_or_default();
    let past = past_weeks(asked, weeks, ahead, until);
    let awards = past.iter().map(Vec::len).sum();
    if awards < FEWEST {
        return Expected::TooFew { awards, weeks };
    }
    let mut sums = draw(&past, &already(asked, ahead, until));
    sums.sort_unstable();
    let mean = sums.iter().map(|sum| i128::from(sum.0)).sum::<i128>() / i128::try_from(sums.len()).unwrap_or(1);
    let tenth = sums.len() / 10;
    let at = |index: usize| sums.get(index).copied().unwrap_or_default();
    let agreed = asked.planned + asked.rises;
    let expected_new = thousands(Pence(i64::try_from(mean).unwrap_or(i64::MAX)));
    let forecast = Forecast {
        expected_new,
        outturn: agreed + expected_new,
        low: agreed + thousands(at(tenth)),
        high: agreed + thousands(at(sums.len() - 1 - tenth)),
    };
    Expected::Reckoned { forecast, awards, weeks }
}

/// To whole thousands of pounds: a forecast is no finer.
fn thousands(amount: Pence) -> Pence {
    const THOUSAND: i64 = 100_000;
    Pence((amount.0 + THOUSAND / 2) / THOUSAND * THOUSAND)
}

/// An award of the past: what it would cost within the year, had it begun in each week to come.
type Costs = Vec<Pence>;

fn counts(asked: &Asked<'_>, commitment: &Commitment) -> bool {
    asked.reading.treats(ValueKind::Care, commitment.route) != Treatment::Out
        && commitment.start < commitment.planned_end
}

/// The awards of each past week, the latest week first.
fn past_weeks(asked: &Asked<'_>, weeks: usize, ahead: usize, until: Date) -> Vec<Vec<Costs>> {
    let mut past: Vec<Vec<Costs>> = vec![Vec::new(); weeks];
    for commitment in asked.commitments.iter().filter(|commitment| counts(asked, commitment)) {
        let age = days_between(commitment.start, asked.today);
        let week = usize::try_from((age - 1).div_euclid(7)).ok();
        if let Some(awards) = week.and_then(|week| past.get_mut(week)) {
            let weekday = 6 - (age - 1).rem_euclid(7);
            let starts = (0..ahead).map(|week| plus_days(asked.today, 7 * i64::try_from(week).unwrap_or(0) + weekday));
            awards.push(starts.map(|start| cost(asked, commitment, start, until)).collect());
        }
    }
    past
}

/// What an agreement like this one would cost within the year, had it begun on a day.
fn cost(asked: &Asked<'_>, like: &Commitment, start: Date, until: Date) -> Pence {
    if start >= until {
        return Pence::ZERO;
    }
    let later = days_between(like.start, start);
    let lines: Vec<ValueLine> = like
        .lines
        .iter()
        .map(|line| ValueLine {
            origin: plus_days(line.origin, later),
            from: plus_days(line.from, later),
            ends: line.ends.map(|end| plus_days(end, later)),
            ..*line
        })
        .collect();
    let days = (like.charged.from(start), like.charged.until(start, plus_days(like.planned_end, later)));
    commitment_by_year(&lines, days, like.route, asked.reading, asked.term_end)
        .into_iter()
        .find_map(|(bucket, pence)| (bucket == Bucket::Year(asked.year)).then_some(pence))
        .unwrap_or_default()
}

/// How many starts are agreed already for each week to come.
fn already(asked: &Asked<'_>, ahead: usize, until: Date) -> Vec<usize> {
    let mut agreed = vec![0_usize; ahead];
    for commitment in asked.commitments.iter().filter(|commitment| counts(asked, commitment)) {
        let week = usize::try_from(days_between(asked.today, commitment.start).div_euclid(7)).ok();
        if let Some(agreed) = week.filter(|_| commitment.start < until).and_then(|week| agreed.get_mut(week)) {
            *agreed += 1;
        }
    }
    agreed
}

/// The cost of the new awards in each future.
fn draw(past: &[Vec<Costs>], already: &[usize]) -> Vec<Pence> {
    let mut chance = Chance(SEED);
    let one_of = |chance: &mut Chance| past.get(chance.below(past.len())).map_or(&[][..], Vec::as_slice);
    (0..FUTURES)
        .map(|_| {
            let base: Vec<&[Costs]> = past.iter().map(|_| one_of(&mut chance)).collect();
            already
                .iter()
                .enumerate()
                .map(|(week, agreed)| {
                    let drawn = base.get(chance.below(base.len())).copied().unwrap_or_default();
                    let first = chance.below(drawn.len());
                    let kept = drawn.iter().cycle().skip(first).take(drawn.len().saturating_sub(*agreed));
                    kept.filter_map(|costs| costs.get(week)).copied().sum::<Pence>()
                })
                .sum()
        })
        .collect()
}

/// `SplitMix64`: small, seeded, the same everywhere.
struct Chance(u64);

impl Chance {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one; 0 below 0.
    fn below(&mut self, limit: usize) -> usize {
        let drawn = self.next();
        u64::try_from(limit)
            .ok()
            .and_then(|limit| drawn.checked_rem(limit))
            .map_or(0, |drawn| usize::try_from(drawn).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;

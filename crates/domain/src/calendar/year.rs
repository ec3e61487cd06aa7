//! The year that a ceiling holds for (rule 3.3): the contract year from 15 December, or the financial year from
//! 1 April. A night belongs to its evening, so a stay's nights are shared among years by the date of each night.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::day;

/// What kind of year an authority counts its ceiling by (a setting, printed on every figure).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum YearBasis {
    /// From 15 December to 14 December, as the arrangement runs.
    #[default]
    Contract,
    /// From 1 April to 31 March.
    Financial,
}

impl YearBasis {
    /// The words for a page: "contract year" or "financial year".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Contract => "contract year",
            Self::Financial => "financial year",
        }
    }

    fn first_day(self, year: i16) -> Date {
        match self {
            Self::Contract => day(year, 12, 15),
            Self::Financial => day(year, 4, 1),
        }
    }
}

/// One year of a basis, named by the calendar year it starts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContractYear {
    starts_in: i16,
    basis: YearBasis,
}

impl ContractYear {
    /// The year of this basis that starts in this calendar year.
    pub const fn starting_in(starts_in: i16, basis: YearBasis) -> Self {
        Self { starts_in, basis }
    }

    /// The calendar year it starts in.
    pub const fn starts_in(self) -> i16 {
        self.starts_in
    }

    /// Contract or financial year.
    pub const fn basis(self) -> YearBasis {
        self.basis
    }

    /// Its first day, 15 December or 1 April.
    pub fn first(self) -> Date {
        self.basis.first_day(self.starts_in)
    }

    /// Its last day, 14 December or 31 March: the evening of its last night.
    pub fn last(self) -> Date {
        self.end().yesterday().unwrap_or(Date::MIN)
    }

    /// The first day of the next year: the end, not included, of its range of nights.
    pub fn end(self) -> Date {
        self.next().first()
    }

    /// Whether the night of this date falls in it.
    pub fn contains(self, night: Date) -> bool {
        self.first() <= night && night < self.end()
    }

    /// The year after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { starts_in: self.starts_in.saturating_add(1), basis: self.basis }
    }

    /// The year before.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self { starts_in: self.starts_in.saturating_sub(1), basis: self.basis }
    }

    /// The nights of [from, until) that fall in it, as a range with its end not included; `None` if there are none.
    pub fn nights_within(self, from: Date, until: Date) -> Option<(Date, Date)> {
        let (from, until) = (from.max(self.first()), until.min(self.end()));
        (from < until).then_some((from, until))
    }
}

impl fmt::Display for ContractYear {
    /// "15 December 2020 to 14 December 2021".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.first().strftime("%-d %B %Y"), self.last().strftime("%-d %B %Y"))
    }
}

/// The year of this basis that the night of this date falls in.
pub fn year_of(night: Date, basis: YearBasis) -> ContractYear {
    let starting = ContractYear::starting_in(night.year(), basis);
    if night < starting.first() { starting.previous() } else { starting }
}

/// Every year of this basis that the nights of [from, until) touch, in order; none for an empty range.
pub fn years_touching(from: Date, until: Date, basis: YearBasis) -> impl Iterator<Item = ContractYear> {
    let first = (from < until).then(|| year_of(from, basis));
    std::iter::successors(first, |year| Some(year.next())).take_while(move |year| year.first() < until)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn rule_3_3_the_contract_year_runs_from_15_december_to_14_december() {
        let year = year_of(date(2021, 9, 13), YearBasis::Contract);
        assert_eq!(
            (year.first(), year.last(), year.end()),
            (date(2020, 12, 15), date(2021, 12, 14), date(2021, 12, 15))
        );
        assert_eq!(year.to_string(), "15 December 2020 to 14 December 2021");
        assert_eq!(year_of(date(2021, 12, 14), YearBasis::Contract), year);
        assert_eq!(year_of(date(2021, 12, 15), YearBasis::Contract), year.next());
    }

    #[test]
    fn rule_3_3_the_financial_year_runs_from_1_april_to_31_march() {
        let year = year_of(date(2021, 3, 31), YearBasis::Financial);
        assert_eq!(year.to_string(), "1 April 2020 to 31 March 2021");
        assert_eq!(year_of(date(2021, 4, 1), YearBasis::Financial), year.next());
    }

    #[test]
    fn a_stay_touches_the_years_of_its_nights_and_not_of_its_end_date() {
        let years = |from, until| years_touching(from, until, YearBasis::Contract).map(ContractYear::starts_in);
        assert_eq!(years(date(2019, 3, 1), date(2021, 12, 15)).collect::<Vec<_>>(), [2018, 2019, 2020]);
        assert_eq!(years(date(2019, 3, 1), date(2021, 12, 16)).collect::<Vec<_>>(), [2018, 2019, 2020, 2021]);
        assert_eq!(years(date(2019, 3, 1), date(2019, 3, 1)).count(), 0);
        assert_eq!(years(Date::MAX, Date::MAX).count(), 0);
    }

    proptest! {
        #[test]
        fn each_night_falls_in_exactly_one_of_the_years_that_its_stay_touches(
            start in 0_i64..12_000, nights in 1_i64..1_500, financial: bool,
        ) {
            let basis = if financial { YearBasis::Financial } else { YearBasis::Contract };
            let from = date(2000, 1, 1).saturating_add(start.days());
            let until = from.saturating_add(nights.days());
            let mut reached = from;
            for year in years_touching(from, until, basis) {
                let (first, end) = year.nights_within(from, until).unwrap();
                prop_assert_eq!(first, reached);
                prop_assert!(year.contains(first) && year_of(first, basis) == year);
                reached = end;
            }
            prop_assert_eq!(reached, until);
        }
    }
}

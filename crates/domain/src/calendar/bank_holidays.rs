//! England's bank holidays: the standing rules of the Banking and Financial Dealings Act 1971 with the substitute days,
//! and the days moved or added by proclamation, listed by hand. Years from 2024 are tested against the list of gov.uk.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::day;

/// The years whose proclaimed changes are listed here; other years follow the standing rules alone.
pub const LISTED_YEARS: RangeInclusive<i16> = 2000..=2035;

/// One bank holiday in England.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BankHoliday {
    /// The day the banks are closed: the substitute day, where the holiday itself falls on a weekend.
    pub date: Date,
    /// The holiday's name as gov.uk prints it.
    pub name: &'static str,
}

/// A bank holiday that a proclamation put on another day, as (month, day, month moved to, day moved to).
const MOVED: [(i16, &str, (i8, i8)); 4] = [
    (2002, SPRING, (6, 4)),
    (2012, SPRING, (6, 4)),
    (2020, EARLY_MAY, (5, 8)), // VE Day, 75 years
    (2022, SPRING, (6, 2)),
];

/// Bank holidays that a proclamation added.
const ADDED: [(i16, i8, i8, &str); 6] = [
    (2002, 6, 3, "Golden Jubilee bank holiday"),
    (2011, 4, 29, "Royal wedding bank holiday"),
    (2012, 6, 5, "Diamond Jubilee bank holiday"),
    (2022, 6, 3, "Platinum Jubilee bank holiday"),
    (2022, 9, 19, "Bank Holiday for the State Funeral of Queen Elizabeth II"),
    (2023, 5, 8, "Bank holiday for the coronation of King Charles III"),
];

const EARLY_MAY: &str = "Early May bank holiday";
const SPRING: &str = "Spring bank holiday";

static LISTED: LazyLock<BTreeMap<Date, &'static str>> =
    LazyLock::new(|| LISTED_YEARS.flat_map(bank_holidays_in).map(|holiday| (holiday.date, holiday.name)).collect());

/// The name of England's bank holiday on this date, if it is one.
pub fn bank_holiday(date: Date) -> Option<&'static str> {
    if LISTED_YEARS.contains(&date.year()) {
        return LISTED.get(&date).copied();
    }
    bank_holidays_in(date.year()).into_iter().find(|holiday| holiday.date == date).map(|holiday| holiday.name)
}

/// Every bank holiday of one calendar year, in order.
pub fn bank_holidays_in(year: i16) -> Vec<BankHoliday> {
    let easter = easter_sunday(year);
    let (christmas, boxing) = christmas_and_boxing(year);
    let mut holidays = vec![
        BankHoliday { date: off_weekend(day(year, 1, 1)), name: "New Year’s Day" },
        BankHoliday { date: easter.saturating_sub(2.days()), name: "Good Friday" },
        BankHoliday { date: easter.saturating_add(1.day()), name: "Easter Monday" },
        BankHoliday { date: first_monday_from(day(year, 5, 1)), name: EARLY_MAY },
        BankHoliday { date: first_monday_from(day(year, 5, 25)), name: SPRING },
        BankHoliday { date: first_monday_from(day(year, 8, 25)), name: "Summer bank holiday" },
        BankHoliday { date: christmas, name: "Christmas Day" },
        BankHoliday { date: boxing, name: "Boxing Day" },
    ];
    for (moved_year, name, (to_month, to_day)) in MOVED {
        for holiday in holidays.iter_mut().filter(|holiday| moved_year == year && holiday.name == name) {
            holiday.date = day(year, to_month, to_day);
        }
    }
    let added = ADDED.iter().filter(|(added_year, ..)| *added_year == year);
    holidays.extend(added.map(|&(_, month, on, name)| BankHoliday { date: day(year, month, on), name }));
    holidays.sort_unstable();
    holidays
}

/// Easter Sunday of the Gregorian calendar, by the anonymous (Meeus, Jones, Butcher) method.
pub fn easter_sunday(year: i16) -> Date {
    let y = i32::from(year);
    let golden = y % 19;
    let (century, of_century) = (y / 100, y % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let count = epact + weekday - 7 * late + 114;
    let narrow = |number: i32| i8::try_from(number).unwrap_or(1);
    day(year, narrow(count / 31), narrow(count % 31 + 1))
}

/// The Monday on or after a date.
fn first_monday_from(date: Date) -> Date {
    date.saturating_add(i64::from(Weekday::Monday.since(date.weekday())).days())
}

/// The date itself, or the Monday after when it falls on a weekend.
fn off_weekend(date: Date) -> Date {
    if is_weekend(date) { first_monday_from(date) } else { date }
}

/// Christmas Day and Boxing Day, each with its substitute. On a Sunday, Christmas is kept on the Tuesday, because
/// Boxing Day keeps its own Monday.
fn christmas_and_boxing(year: i16) -> (Date, Date) {
    let on = |date| day(year, 12, date);
    let weekday = on(25).weekday();
    if weekday == Weekday::Saturday {
        (on(27), on(28))
    } else if weekday == Weekday::Sunday {
        (on(27), on(26))
    } else if weekday == Weekday::Friday {
        (on(25), on(28))
    } else {
        (on(25), on(26))
    }
}

/// Saturday or Sunday.
pub(super) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use jiff::civil::date;

    const PUBLISHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/calendar/uk-bank-holidays.json");

    #[test]
    fn computed_bank_holidays_equal_the_published_list_of_every_published_year() {
        let Ok(text) = std::fs::read_to_string(PUBLISHED) else {
            eprintln!("SKIPPED: {PUBLISHED} is missing; bank holidays were not compared with the published list");
            return;
        };
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let events = json["england-and-wales"]["events"].as_array().unwrap();
        let published: Vec<(String, String)> = events
            .iter()
            .map(|event| (event["date"].as_str().unwrap().to_owned(), event["title"].as_str().unwrap().to_owned()))
            .collect();
        let years: std::collections::BTreeSet<i16> = published.iter().map(|(on, _)| on[..4].parse().unwrap()).collect();
        assert!(years.len() >= 4, "the published list should hold several years: {years:?}");
        let computed: Vec<(String, String)> = years
            .into_iter()
            .flat_map(bank_holidays_in)
            .map(|holiday| (holiday.date.to_string(), holiday.name.to_owned()))
            .collect();
        assert_eq!(computed, published);
    }

    #[test]
    fn easter_falls_on_its_known_dates() {
        for (year, month, on) in
            [(2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2018, 4, 1), (2019, 4, 21), (2021, 4, 4), (2035, 3, 25)]
        {
            assert_eq!(easter_sunday(year), date(year, month, on), "Easter {year}");
        }
    }

    #[test]
    fn proclaimed_days_are_moved_and_added() {
        for moved in [date(2002, 5, 27), date(2012, 5, 28), date(2020, 5, 4), date(2022, 5, 30)] {
            assert_eq!(bank_holiday(moved), None, "{moved} was moved");
        }
        for kept in [
            date(2002, 6, 3),
            date(2002, 6, 4),
            date(2011, 4, 29),
            date(2012, 6, 4),
            date(2012, 6, 5),
            date(2020, 5, 8),
            date(2022, 6, 2),
            date(2022, 6, 3),
            date(2022, 9, 19),
            date(2023, 5, 1),
            date(2023, 5, 8),
        ] {
            assert!(bank_holiday(kept).is_some(), "{kept} was a bank holiday");
        }
    }

    #[test]
    fn a_holiday_on_a_weekend_is_kept_on_its_substitute_day() {
        assert_eq!(bank_holiday(date(2022, 1, 1)), None);
        assert_eq!(bank_holiday(date(2022, 1, 3)), Some("New Year’s Day"));
        assert_eq!(bank_holiday(date(2021, 12, 25)), None);
        assert_eq!(bank_holiday(date(2021, 12, 27)), Some("Christmas Day"));
        assert_eq!(bank_holiday(date(2021, 12, 28)), Some("Boxing Day"));
        assert_eq!(bank_holiday(date(2022, 12, 26)), Some("Boxing Day"));
        assert_eq!(bank_holiday(date(2022, 12, 27)), Some("Christmas Day"));
        assert_eq!(bank_holiday(date(2020, 12, 25)), Some("Christmas Day"));
        assert_eq!(bank_holiday(date(2020, 12, 28)), Some("Boxing Day"));
    }

    #[test]
    fn every_year_has_eight_bank_holidays_and_the_proclaimed_extra_ones_all_on_weekdays() {
        for year in LISTED_YEARS {
            let holidays = bank_holidays_in(year);
            let extra = ADDED.iter().filter(|(added, ..)| *added == year).count();
            assert_eq!(holidays.len(), 8 + extra, "{year}");
            assert!(holidays.windows(2).all(|pair| pair[0].date < pair[1].date), "{year} has two on one day");
            assert!(holidays.iter().all(|holiday| !is_weekend(holiday.date)), "{year} has one on a weekend");
            assert!(holidays.iter().all(|holiday| bank_holiday(holiday.date) == Some(holiday.name)));
        }
    }

    #[test]
    fn years_outside_the_list_follow_the_standing_rules() {
        assert_eq!(bank_holiday(date(2036, 12, 25)), Some("Christmas Day"));
        assert_eq!(bank_holiday(date(1999, 12, 27)), Some("Christmas Day"));
        assert_eq!(bank_holiday(date(2036, 12, 24)), None);
    }
}

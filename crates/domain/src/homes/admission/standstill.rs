//! The standstill between the letters and the admission: never shorter than the law's least, never open without end.

use jiff::civil::Date;

use crate::calendar::WorkingDays;
use crate::nights::plus_days;
use crate::outcome::Invalid;

/// The least number of days that an opening publishes: ten, as the Public Contracts Regulations 2015, regulation 87, has it
/// where the letter goes out by electronic means.
pub const LEAST_DAYS: u8 = 10;
/// The most: an outcome that stays open for longer holds up everybody whom it admits.
pub const MOST_DAYS: u8 = 60;
/// The least number of working days, the day of the letter among them: Procurement Act 2023, section 51. Weekends and
/// England's bank holidays do not count; an authority's own closure days do.
pub const LEAST_WORKING_DAYS: u32 = 8;
/// What is asked for.
pub const ASK: &str = "Enter the days of standstill, 10 to 60";

/// What is wrong with the days that an opening is to publish.
pub fn check(days: u8, invalid: &mut Invalid) {
    if !(LEAST_DAYS..=MOST_DAYS).contains(&days) {
        invalid.add("standstill_days", ASK);
    }
}

/// The last day of a standstill: so many days after the letter, or the last of the least working days where that is later.
#[must_use]
pub fn ends(issued: Date, days: u8) -> Date {
    let england = WorkingDays::default();
    let counted = LEAST_WORKING_DAYS - u32::from(england.is_working_day(issued));
    plus_days(issued, i64::from(days)).max(england.nth_working_day_after(issued, counted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_standstill_is_of_10_to_60_days() {
        let wrong = |days| {
            let mut invalid = Invalid::default();
            check(days, &mut invalid);
            invalid.errors.into_iter().map(|one| (one.field, one.message)).collect::<Vec<_>>()
        };
        assert_eq!((wrong(10), wrong(60)), (vec![], vec![]));
        let says = vec![("standstill_days".to_owned(), "Enter the days of standstill, 10 to 60".to_owned())];
        for days in [0, 1, 9, 61, 255] {
            assert_eq!(wrong(days), says, "{days}");
        }
        assert!(ASK.contains(&format!("{LEAST_DAYS} to {MOST_DAYS}")));
    }

    #[test]
    fn a_standstill_has_eight_working_days_whenever_the_letter_goes_out() {
        let until = |month, day| ends(date(2021, month, day), LEAST_DAYS);
        assert_eq!(until(9, 13), date(2021, 9, 23), "from a Monday ten days are enough");
        assert_eq!(until(9, 9), date(2021, 9, 20), "from a Thursday the eighth working day is later");
        assert_eq!(until(9, 11), date(2021, 9, 22), "from a Saturday the first is the Monday after");
        assert_eq!(until(12, 24), date(2022, 1, 7), "Christmas and the New Year do not count");
        assert_eq!(ends(date(2021, 12, 24), 30), date(2022, 1, 23), "what was published is longer");
        assert_eq!(ends(date(2021, 9, 13), 0), date(2021, 9, 22), "what was published before there was a least");
    }
}

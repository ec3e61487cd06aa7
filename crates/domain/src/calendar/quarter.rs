//! Calendar quarters, by which prices and placements are compared.

use jiff::civil::Date;

/// The first day of the calendar quarter of a day.
#[must_use]
pub fn quarter_of(day: Date) -> Date {
    Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_quarter_begins_in_january_april_july_or_october() {
        let first = |month, day| quarter_of(date(2021, month, day));
        assert_eq!([first(1, 1), first(3, 31)], [date(2021, 1, 1); 2]);
        assert_eq!([first(9, 13), first(10, 1)], [date(2021, 7, 1), date(2021, 10, 1)]);
        assert_eq!(first(12, 31), date(2021, 10, 1));
    }
}

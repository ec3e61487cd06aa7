//! Dates that the law and each authority count by: England's bank holidays, working days, call-in (rule 2.1) and the
//! contract or financial year (rule 3.3). Nothing here reads a clock: every date comes in as a value.

mod bank_holidays;
mod office_hours;
mod quarter;
mod working_days;
mod year;

pub use bank_holidays::{BankHoliday, LISTED_YEARS, bank_holiday, bank_holidays_in, easter_sunday};
pub use office_hours::OfficeHours;
pub use quarter::quarter_of;
pub use working_days::{CallIn, WorkingDays, call_in, clear_days_before};
pub use year::{ContractYear, YearBasis, year_of, years_touching};

use jiff::civil::{Date, DateTime};

/// The months by their names in small letters, January first.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The day after, or the last day of the calendar (31 December 9999) when there is none.
pub(crate) fn day_after(date: Date) -> Date {
    date.tomorrow().unwrap_or(Date::MAX)
}

/// The date of these numbers, or the last day of the calendar where they name none (a year past 9999).
pub(crate) fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap_or(Date::MAX)
}

/// A date as the field writes it, such as "19 January 2019".
#[must_use]
pub fn long_date(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// A moment as the field writes it, such as "19 January 2019, 4:05pm".
#[must_use]
pub fn long_moment(at: DateTime) -> String {
    at.strftime("%-d %B %Y, %-I:%M%P").to_string()
}

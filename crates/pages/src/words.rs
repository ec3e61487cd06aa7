//! How numbers, money, dates and times read on a page, one way for all pages.
//!
//! Pure functions of their arguments. "£4,150 a week", "Monday 15 March 2021", "4pm", "9 miles (straight line)".

use jiff::civil::{Date, Time};
use placewell_domain::money::Pence;
pub use placewell_domain::placing::child::ERASED;

mod said;

pub use said::{capital, code, dated, fact};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Money in full: `£4,150`, or `£4,150.50` when there are pence.
pub fn money(amount: Pence) -> String {
    amount.to_string()
}

/// A weekly price: `£4,150 a week`.
pub fn a_week(amount: Pence) -> String {
    format!("{amount} a week")
}

/// What a weekly price costs in a year, to the nearest £100, as prices are also shown: `about £216,400 a year`.
pub fn about_a_year(weekly: Pence) -> String {
    format!("about {} a year", nearest_hundred(weekly.per_year()))
}

/// The nearest £100, half away from nothing.
pub fn nearest_hundred(amount: Pence) -> Pence {
    let half = if amount.0 < 0 { -5_000 } else { 5_000 };
    Pence((amount.0 + half) / 10_000 * 10_000)
}

/// Money for headings: `£4.62m` from a million pounds on, else in full pounds. Millions are cut to two places
/// towards zero, never up, so that spending never reads as past a ceiling that it has not reached.
pub fn millions(amount: Pence) -> String {
    const TEN_THOUSAND_POUNDS: u64 = 1_000_000;
    let size = amount.0.unsigned_abs();
    if size < 100 * TEN_THOUSAND_POUNDS {
        return Pence(amount.0 / 100 * 100).to_string();
    }
    let sign = if amount.0 < 0 { "−" } else { "" };
    let hundredths = size / TEN_THOUSAND_POUNDS;
    let (whole, part) = (hundredths / 100, hundredths % 100);
    match part {
        0 => format!("{sign}£{}m", number(whole)),
        tenth if tenth % 10 == 0 => format!("{sign}£{}.{}m", number(whole), tenth / 10),
        _ => format!("{sign}£{}.{part:02}m", number(whole)),
    }
}

/// A whole number with commas: `4,800`.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: `1 offer`, `3 offers`, `0 offers`.
pub fn count(how_many: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(how_many), if how_many == 1 { one } else { many })
}

/// Words in a list: `A`, `A and B`, `A, B and C`.
pub fn list<T: AsRef<str>>(words: &[T]) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// The name of a month.
pub fn month(date: Date) -> &'static str {
    usize::try_from(date.month() - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default()
}

/// The day of the week of a date: `Monday`.
pub fn weekday(date: Date) -> &'static str {
    use jiff::civil::Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    match date.weekday() {
        Monday => "Monday",
        Tuesday => "Tuesday",
        Wednesday => "Wednesday",
        Thursday => "Thursday",
        Friday => "Friday",
        Saturday => "Saturday",
        Sunday => "Sunday",
    }
}

/// A date in full: `13 September 2021`.
pub fn date(date: Date) -> String {
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// A date with its day of the week: `Monday 15 March 2021`.
pub fn long_date(day: Date) -> String {
    format!("{} {}", weekday(day), date(day))
}

/// A date as a form asks for it, for hints: `19 3 2021`.
pub fn form_date(date: Date) -> String {
    format!("{} {} {}", date.day(), date.month(), date.year())
}

/// A range of dates, with "to": `3 to 9 May 2021`, `28 April to 3 May 2021`, `15 December 2018 to 14 December 2021`.
pub fn date_range(from: Date, to: Date) -> String {
    if from == to {
        date(from)
    } else if from.year() != to.year() {
        format!("{} to {}", date(from), date(to))
    } else if from.month() != to.month() {
        format!("{} {} to {}", from.day(), month(from), date(to))
    } else {
        format!("{} to {}", from.day(), date(to))
    }
}

/// A time of day: `4pm`, `10:20am`, `midday`, `midnight`.
pub fn time(time: Time) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    match (hour, minute) {
        (0, 0) => return "midnight".to_owned(),
        (12, 0) => return "midday".to_owned(),
        _ => {}
    }
    let half = if hour < 12 { "am" } else { "pm" };
    let shown = match hour % 12 {
        0 => 12,
        other => other,
    };
    if minute == 0 { format!("{shown}{half}") } else { format!("{shown}:{minute:02}{half}") }
}

/// A date and time: `4pm on Monday 13 September 2021`.
pub fn moment(moment: jiff::civil::DateTime) -> String {
    format!("{} on {}", time(moment.time()), long_date(moment.date()))
}

/// A distance by straight line, the only kind the product measures: `9 miles (straight line)`.
pub fn miles(whole: u64) -> String {
    format!("{} (straight line)", count(whole, "mile", "miles"))
}

/// An age: `14 years old`, `1 year old`.
pub fn age(years: u64) -> String {
    format!("{} old", count(years, "year", "years"))
}

/// An age band: `10 to 13`; one age alone when both ends are the same.
pub fn ages(from: u64, to: u64) -> String {
    if from == to { from.to_string() } else { format!("{from} to {to}") }
}

/// A length of time in minutes: `4 hours 10 minutes`, `25 minutes`, `2 hours`.
pub fn minutes(minutes: u64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => count(rest, "minute", "minutes"),
        (hours, 0) => count(hours, "hour", "hours"),
        (hours, rest) => format!("{} {}", count(hours, "hour", "hours"), count(rest, "minute", "minutes")),
    }
}

/// A length of time in days: `today`, `in 1 day`, `in 92 days`, `1 day ago`.
pub fn days_from_now(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1.. => format!("in {}", count(days.unsigned_abs(), "day", "days")),
        _ => format!("{} ago", count(days.unsigned_abs(), "day", "days")),
    }
}

/// A size of a file: `84 KB`, `1.2 MB`.
pub fn file_size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        format!("{} KB", number(bytes.div_ceil(1_000).max(1)))
    } else {
        let tenths = bytes / 100_000;
        format!("{}.{} MB", number(tenths / 10), tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date as day, datetime, time as clock};

    use super::*;

    #[test]
    fn money_reads_in_pounds_with_pence_only_where_there_are_any() {
        assert_eq!(money(Pence(415_000)), "£4,150");
        assert_eq!(money(Pence(415_050)), "£4,150.50");
        assert_eq!(a_week(Pence(415_000)), "£4,150 a week");
    }

    #[test]
    fn a_years_cost_reads_to_the_nearest_hundred_pounds() {
        assert_eq!(about_a_year(Pence(415_000)), "about £216,400 a year");
        assert_eq!(nearest_hundred(Pence(5_000)), Pence(10_000));
        assert_eq!(nearest_hundred(Pence(4_999)), Pence(0));
        assert_eq!(nearest_hundred(Pence(-5_000)), Pence(-10_000));
    }

    #[test]
    fn millions_are_never_rounded_up() {
        assert_eq!(millions(Pence::pounds(4_629_999)), "£4.62m");
        assert_eq!(millions(Pence::pounds(5_500_000)), "£5.5m");
        assert_eq!(millions(Pence::pounds(26_000_000)), "£26m");
        assert_eq!(millions(Pence::pounds(4_050_000)), "£4.05m");
        assert_eq!(millions(Pence::pounds(412_600)), "£412,600");
        assert_eq!(millions(Pence(-550_000_000)), "−£5.5m");
    }

    #[test]
    fn counts_take_the_plural_except_for_one() {
        assert_eq!(count(0, "offer", "offers"), "0 offers");
        assert_eq!(count(1, "offer", "offers"), "1 offer");
        assert_eq!(count(4_800, "referral", "referrals"), "4,800 referrals");
    }

    #[test]
    fn lists_of_words_end_with_and() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["Dudley"]), "Dudley");
        assert_eq!(list(&["Dudley", "Walsall"]), "Dudley and Walsall");
        assert_eq!(list(&["Dudley", "Walsall", "Telford"]), "Dudley, Walsall and Telford");
    }

    #[test]
    fn dates_read_in_full_and_ranges_with_to() {
        assert_eq!(long_date(day(2021, 3, 15)), "Monday 15 March 2021");
        assert_eq!(date(day(2021, 9, 13)), "13 September 2021");
        assert_eq!(form_date(day(2021, 3, 19)), "19 3 2021");
        assert_eq!(date_range(day(2021, 5, 3), day(2021, 5, 9)), "3 to 9 May 2021");
        assert_eq!(date_range(day(2021, 4, 28), day(2021, 5, 3)), "28 April to 3 May 2021");
        assert_eq!(date_range(day(2018, 12, 15), day(2021, 12, 14)), "15 December 2018 to 14 December 2021");
        assert_eq!(date_range(day(2021, 5, 3), day(2021, 5, 3)), "3 May 2021");
    }

    #[test]
    fn times_read_as_people_say_them() {
        assert_eq!(time(clock(16, 0, 0, 0)), "4pm");
        assert_eq!(time(clock(10, 20, 0, 0)), "10:20am");
        assert_eq!(time(clock(0, 5, 0, 0)), "12:05am");
        assert_eq!(time(clock(12, 30, 0, 0)), "12:30pm");
        assert_eq!(time(clock(12, 0, 0, 0)), "midday");
        assert_eq!(time(clock(0, 0, 0, 0)), "midnight");
        assert_eq!(moment(datetime(2021, 9, 13, 16, 0, 0, 0)), "4pm on Monday 13 September 2021");
    }

    #[test]
    fn distances_ages_and_lengths_name_their_unit() {
        assert_eq!(miles(9), "9 miles (straight line)");
        assert_eq!(miles(1), "1 mile (straight line)");
        assert_eq!(age(14), "14 years old");
        assert_eq!(ages(10, 13), "10 to 13");
        assert_eq!(minutes(250), "4 hours 10 minutes");
        assert_eq!(minutes(25), "25 minutes");
        assert_eq!(minutes(120), "2 hours");
        assert_eq!(days_from_now(92), "in 92 days");
        assert_eq!(days_from_now(-1), "1 day ago");
        assert_eq!(days_from_now(0), "today");
    }

    #[test]
    fn file_sizes_are_never_nothing() {
        assert_eq!(file_size(83_500), "84 KB");
        assert_eq!(file_size(0), "1 KB");
        assert_eq!(file_size(1_250_000), "1.2 MB");
    }
}

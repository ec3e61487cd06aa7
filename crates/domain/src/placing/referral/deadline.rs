//! Until when homes can answer: chosen in words, kept as the time on the wall in London.
//!
//! The server's clock decides lateness; a page opened before the deadline has sixty seconds of grace.

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use crate::calendar::WorkingDays;
use crate::clock::Moment;
use crate::nights::plus_days;
use crate::outcome::Invalid;

/// When the office closes: "end of today" and "3 working days" end then.
const CLOSES: Time = Time::constant(17, 0, 0, 0);
/// When the office opens.
const OPENS: Time = Time::constant(9, 0, 0, 0);
/// Seconds of grace for a page that was open before the deadline.
pub const GRACE_SECONDS: i64 = 60;
/// The longest that homes may be given, in days.
pub const LONGEST_DAYS: i64 = 60;

/// A deadline as an officer chooses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "choice", content = "at")]
pub enum DeadlineChoice {
    /// Two hours from now.
    TwoHours,
    /// 5pm today.
    EndOfToday,
    /// Noon tomorrow.
    NoonTomorrow,
    /// 5pm on the third working day after today.
    ThreeWorkingDays,
    /// A date and time.
    At(DateTime),
}

impl DeadlineChoice {
    /// The form's choices, by code and label.
    pub const CHOICES: &[(&str, &str)] = &[
        ("two_hours", "2 hours"),
        ("end_of_today", "End of today (5pm)"),
        ("noon_tomorrow", "Noon tomorrow"),
        ("three_working_days", "3 working days"),
        ("at", "A date and time"),
    ];

    /// The choice with this code; `at` only with a date and time.
    #[must_use]
    pub fn from_code(code: &str, at: Option<DateTime>) -> Option<Self> {
        match code {
            "two_hours" => Some(Self::TwoHours),
            "end_of_today" => Some(Self::EndOfToday),
            "noon_tomorrow" => Some(Self::NoonTomorrow),
            "three_working_days" => Some(Self::ThreeWorkingDays),
            "at" => at.map(Self::At),
            _ => None,
        }
    }

    /// The deadline as the clock on the wall will show it.
    pub fn resolve(self, moment: Moment, days: &WorkingDays) -> Result<Deadline, Invalid> {
        let now = moment.local;
        let at = match self {
            Self::TwoHours => to_the_minute(now.saturating_add(jiff::Span::new().hours(2))),
            Self::EndOfToday => now.date().to_datetime(CLOSES),
            Self::NoonTomorrow => plus_days(now.date(), 1).at(12, 0, 0, 0),
            Self::ThreeWorkingDays => end_of_working_day(days.nth_working_day_after(now.date(), 3)),
            Self::At(at) => at,
        };
        if at <= now {
            let message = match self {
                Self::EndOfToday => "It is past 5pm today: choose 2 hours, noon tomorrow or a date and time",
                Self::TwoHours | Self::NoonTomorrow | Self::ThreeWorkingDays | Self::At(_) => {
                    "The deadline must be in the future: enter a later date and time"
                }
            };
            return Err(Invalid::one("deadline", message));
        }
        if at > now.saturating_add(jiff::Span::new().days(LONGEST_DAYS)) {
            return Err(Invalid::one("deadline", format!("The deadline must be within {LONGEST_DAYS} days from now")));
        }
        let outside_office_hours = !days.is_working_day(at.date()) || at.time() < OPENS || at.time() > CLOSES;
        let working_days = days.working_days_between(now.date(), at.date());
        Ok(Deadline { at, working_days, outside_office_hours })
    }
}

/// A deadline worked out, with what the officer should know about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The time on the wall in London.
    pub at: DateTime,
    /// Working days from now to it, today not counted.
    pub working_days: u32,
    /// Outside 9am to 5pm on a working day: a warning, allowed.
    pub outside_office_hours: bool,
}

/// Whether what arrived is late: after the deadline, unless its page was open before it and it came within the grace.
#[must_use]
pub fn is_late(deadline: DateTime, page_opened: Option<DateTime>, arrived: DateTime) -> bool {
    if arrived <= deadline {
        return false;
    }
    let in_grace = arrived <= deadline.saturating_add(jiff::Span::new().seconds(GRACE_SECONDS));
    !(in_grace && page_opened.is_some_and(|opened| opened <= deadline))
}

/// 5pm on a day.
#[must_use]
pub fn end_of_working_day(date: Date) -> DateTime {
    date.to_datetime(CLOSES)
}

fn to_the_minute(at: DateTime) -> DateTime {
    at.date().at(at.hour(), at.minute(), 0, 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::placing::referral::fixtures::moment;
    use jiff::civil::date;

    #[test]
    fn a_deadline_is_chosen_in_words_and_becomes_a_time_on_the_wall() {
        let now = moment(date(2021, 9, 13), 10, 20);
        let at = |choice: DeadlineChoice| choice.resolve(now, &WorkingDays::default()).unwrap().at;
        assert_eq!(at(DeadlineChoice::TwoHours), date(2021, 9, 13).at(12, 20, 0, 0));
        assert_eq!(at(DeadlineChoice::EndOfToday), date(2021, 9, 13).at(17, 0, 0, 0));
        assert_eq!(at(DeadlineChoice::NoonTomorrow), date(2021, 9, 14).at(12, 0, 0, 0));
        assert_eq!(at(DeadlineChoice::ThreeWorkingDays), date(2021, 9, 16).at(17, 0, 0, 0));
    }

    #[test]
    fn three_working_days_step_over_the_weekend_and_are_counted() {
        let thursday = moment(date(2021, 9, 9), 16, 0);
        let deadline = DeadlineChoice::ThreeWorkingDays.resolve(thursday, &WorkingDays::default()).unwrap();
        assert_eq!(deadline.at, date(2021, 9, 14).at(17, 0, 0, 0));
        assert_eq!(deadline.working_days, 3);
        assert!(!deadline.outside_office_hours);
    }

    #[test]
    fn a_deadline_outside_office_hours_is_allowed_and_said() {
        let friday = moment(date(2021, 9, 10), 16, 30);
        assert!(DeadlineChoice::NoonTomorrow.resolve(friday, &WorkingDays::default()).unwrap().outside_office_hours);
        assert!(DeadlineChoice::TwoHours.resolve(friday, &WorkingDays::default()).unwrap().outside_office_hours);
        assert!(!DeadlineChoice::EndOfToday.resolve(friday, &WorkingDays::default()).unwrap().outside_office_hours);
    }

    #[test]
    fn a_deadline_in_the_past_or_beyond_sixty_days_is_sent_back() {
        let evening = moment(date(2021, 9, 13), 18, 0);
        assert!(DeadlineChoice::EndOfToday.resolve(evening, &WorkingDays::default()).is_err());
        assert!(
            DeadlineChoice::At(date(2021, 9, 13).at(17, 59, 0, 0)).resolve(evening, &WorkingDays::default()).is_err()
        );
        assert!(
            DeadlineChoice::At(date(2021, 12, 13).at(12, 0, 0, 0)).resolve(evening, &WorkingDays::default()).is_err()
        );
        assert!(DeadlineChoice::from_code("at", None).is_none());
        assert!(DeadlineChoice::from_code("whenever", None).is_none());
    }

    #[test]
    fn rule_5_3_late_is_a_flag_with_sixty_seconds_of_grace_for_a_page_already_open() {
        let deadline = date(2021, 9, 13).at(16, 0, 0, 0);
        let opened = Some(date(2021, 9, 13).at(15, 30, 0, 0));
        assert!(!is_late(deadline, None, deadline));
        assert!(!is_late(deadline, opened, date(2021, 9, 13).at(16, 1, 0, 0)));
        assert!(is_late(deadline, opened, date(2021, 9, 13).at(16, 1, 0, 1)));
        assert!(is_late(deadline, None, date(2021, 9, 13).at(16, 0, 30, 0)));
        assert!(is_late(deadline, Some(date(2021, 9, 13).at(16, 0, 10, 0)), date(2021, 9, 13).at(16, 0, 30, 0)));
    }
}

//! Working hours: those of the region's offices on its working days, for what a person has to do within some of them.

use jiff::civil::DateTime;

use crate::calendar::{WorkingDays, day_after};

/// The time at which so many working hours have passed after a time. Hours outside the offices' own do not count.
#[must_use]
pub fn after_working_hours(days: &WorkingDays, at: DateTime, hours: i64) -> DateTime {
    let (opens, closes) = (days.hours().opens(), days.hours().closes());
    let mut left = hours.saturating_mul(3_600).max(0);
    let mut cursor = at;
    loop {
        let date = cursor.date();
        if !days.is_working_day(date) || cursor.time() >= closes {
            let next = days.next_working_day(date);
            if next <= date {
                return cursor;
            }
            cursor = next.to_datetime(opens);
        } else if cursor.time() < opens {
            cursor = date.to_datetime(opens);
        }
        let until_close = cursor.date().to_datetime(closes).duration_since(cursor).as_secs();
        if left <= until_close {
            return cursor.saturating_add(jiff::SignedDuration::from_secs(left));
        }
        left = left.saturating_sub(until_close);
        cursor = cursor.date().to_datetime(closes);
    }
}

/// How many minutes of working hours lie between two times; none where the second is not later.
#[must_use]
pub fn working_minutes(days: &WorkingDays, from: DateTime, until: DateTime) -> u64 {
    let hours = days.hours();
    let mut minutes = 0;
    let mut date = from.date();
    while date <= until.date() {
        if days.is_working_day(date) {
            let opens = date.to_datetime(hours.opens()).max(from);
            let closes = date.to_datetime(hours.closes()).min(until);
            minutes += u64::try_from(closes.duration_since(opens).as_mins()).unwrap_or_default();
        }
        let next = day_after(date);
        if next <= date {
            break;
        }
        date = next;
    }
    minutes
}

/// How the working time until a person has to have done something stands, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Countdown {
    /// So many are left.
    Left(u64),
    /// It is late since so many.
    Late(u64),
}

impl Countdown {
    /// How it stands at a time; what is due this minute is not late.
    #[must_use]
    pub fn at(days: &WorkingDays, now: DateTime, due: DateTime) -> Self {
        if due < now {
            Self::Late(working_minutes(days, due, now))
        } else {
            Self::Left(working_minutes(days, now, due))
        }
    }

    /// Whether it is late.
    #[must_use]
    pub const fn is_late(self) -> bool {
        matches!(self, Self::Late(_))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::calendar::OfficeHours;
    use jiff::civil::{date, time};

    #[test]
    fn four_working_hours_end_the_same_day_overnight_or_after_a_weekend() {
        let days = WorkingDays::default();
        let on = |day: i8, hour: i8, minute: i8| date(2021, 9, day).at(hour, minute, 0, 0);
        let after = |at| after_working_hours(&days, at, 4);
        assert_eq!(after(on(13, 10, 20)), on(13, 14, 20), "Monday morning");
        assert_eq!(after(on(13, 13, 0)), on(13, 17, 0), "to the minute at which the offices close");
        assert_eq!(after(on(13, 15, 30)), on(14, 11, 30), "over the night");
        assert_eq!(after(on(13, 7, 0)), on(13, 13, 0), "before the offices open");
        assert_eq!(after(on(10, 16, 0)), on(13, 12, 0), "over a weekend");
        assert_eq!(after(on(11, 3, 0)), on(13, 13, 0), "found on a Saturday night");
    }

    #[test]
    fn what_is_left_of_four_working_hours_counts_down_in_the_offices_own_hours_and_ends_at_nothing() {
        let days = WorkingDays::default();
        let on = |day: i8, hour: i8, minute: i8| date(2021, 9, day).at(hour, minute, 0, 0);
        let (found, due) = (on(10, 16, 0), on(13, 12, 0));
        assert_eq!(after_working_hours(&days, found, 4), due);
        assert_eq!(working_minutes(&days, found, due), 240, "all of it");
        assert_eq!(working_minutes(&days, on(10, 16, 30), due), 210);
        assert_eq!(working_minutes(&days, on(10, 19, 0), due), 180, "after the offices closed");
        assert_eq!(working_minutes(&days, on(12, 11, 0), due), 180, "on a Sunday nothing passes");
        assert_eq!(working_minutes(&days, on(13, 11, 45), due), 15);
        assert_eq!(working_minutes(&days, due, due), 0);
        assert_eq!(working_minutes(&days, on(13, 12, 30), due), 0, "it has passed the same day");
        assert_eq!(working_minutes(&days, on(15, 9, 0), due), 0, "it passed days ago");
    }

    #[test]
    fn a_countdown_ends_to_the_minute_and_then_counts_the_working_time_that_it_is_late() {
        let days = WorkingDays::default();
        let on = |day: i8, hour: i8, minute: i8| date(2021, 9, day).at(hour, minute, 0, 0);
        let at = |now| Countdown::at(&days, now, on(13, 12, 0));
        assert_eq!(at(on(10, 16, 0)), Countdown::Left(240));
        assert_eq!(at(on(13, 11, 59)), Countdown::Left(1));
        assert_eq!(at(on(13, 12, 0)), Countdown::Left(0), "due, and not late");
        assert_eq!(at(on(13, 12, 1)), Countdown::Late(1));
        assert_eq!(at(on(14, 9, 0)), Countdown::Late(300), "the night does not count");
        let closed = WorkingDays::with_closures([date(2021, 9, 13)]);
        let asked = Countdown::at(&closed, on(13, 13, 0), on(13, 12, 0));
        assert_eq!(asked, Countdown::Late(0), "late, though nobody has worked since");
        assert!(asked.is_late() && !at(on(13, 12, 0)).is_late());
    }

    #[test]
    fn the_hours_are_those_of_the_offices_whose_working_days_they_are() {
        let early = OfficeHours::new(time(8, 0, 0, 0), time(16, 0, 0, 0)).unwrap();
        let days = WorkingDays::default().within(early);
        let on = |day: i8, hour: i8, minute: i8| date(2021, 9, day).at(hour, minute, 0, 0);
        assert_eq!(after_working_hours(&days, on(13, 13, 0), 4), on(14, 9, 0));
        assert_eq!(after_working_hours(&days, on(13, 7, 0), 4), on(13, 12, 0));
        assert_eq!(working_minutes(&days, on(13, 13, 0), on(14, 9, 0)), 240);
        assert_eq!(Countdown::at(&days, on(13, 17, 0), on(14, 9, 0)), Countdown::Left(60));
        assert_eq!(OfficeHours::new(time(9, 0, 0, 0), time(9, 59, 0, 0)), None, "for an hour at least");
    }

    #[test]
    fn a_bank_holiday_and_the_offices_own_closure_do_not_count() {
        let days = WorkingDays::with_closures([date(2021, 8, 31)]);
        let friday = date(2021, 8, 27).at(16, 30, 0, 0);
        assert_eq!(after_working_hours(&days, friday, 4), date(2021, 9, 1).at(12, 30, 0, 0));
    }
}

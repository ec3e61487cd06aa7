//! Working days of one authority (not Saturday, Sunday, England's bank holidays or its own closure days), clear days of
//! notice, and call-in: rule 2.1, "call-in closes at the end of the Nth working day after publication; effective the
//! next calendar day".

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, time};
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

use super::bank_holidays::{bank_holiday, is_weekend};
use super::{OfficeHours, day_after};

/// The days on which an authority's offices work, and the hours of each. The default has no closure days of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingDays {
    closures: BTreeSet<Date>,
    #[serde(default, skip_serializing_if = "OfficeHours::usual")]
    hours: OfficeHours,
}

impl WorkingDays {
    /// Working days of an authority that also closes on these days (a setting: for example between Christmas and New
    /// Year).
    pub fn with_closures(closures: impl IntoIterator<Item = Date>) -> Self {
        Self { closures: closures.into_iter().collect(), hours: OfficeHours::default() }
    }

    /// The same days, worked within these hours.
    #[must_use]
    pub fn within(self, hours: OfficeHours) -> Self {
        Self { hours, ..self }
    }

    /// The hours of each working day.
    pub fn hours(&self) -> OfficeHours {
        self.hours
    }

    /// The authority's own closure days, in order.
    pub fn closures(&self) -> impl Iterator<Item = Date> {
        self.closures.iter().copied()
    }

    /// Whether the offices work on this date.
    pub fn is_working_day(&self, date: Date) -> bool {
        !is_weekend(date) && bank_holiday(date).is_none() && !self.closures.contains(&date)
    }

    /// The first working day after a date.
    pub fn next_working_day(&self, date: Date) -> Date {
        let mut found = day_after(date);
        while !self.is_working_day(found) && found < Date::MAX {
            found = day_after(found);
        }
        found
    }

    /// The Nth working day after a date; for 0, the date itself, whether or not it is a working day.
    pub fn nth_working_day_after(&self, date: Date, n: u32) -> Date {
        (0..n).fold(date, |reached, _| self.next_working_day(reached))
    }

    /// How many working days lie after `from`, up to and including `to`; 0 where `to` is not later.
    /// So for a working day `to`, it is the N of [`Self::nth_working_day_after`].
    pub fn working_days_between(&self, from: Date, to: Date) -> u32 {
        let mut count = 0;
        let mut on = from;
        while on < to {
            on = day_after(on);
            count += u32::from(self.is_working_day(on));
        }
        count
    }

    /// Noon of the next working day: by when a verbal approval is confirmed in writing (rules 1.3 and 1.5).
    pub fn noon_of_next_working_day(&self, date: Date) -> DateTime {
        self.next_working_day(date).to_datetime(time(12, 0, 0, 0))
    }

    /// The last day to give notice so that `days` clear working days lie between it and `date`, neither end counted
    /// (general exception, Local Authorities (Executive Arrangements) (England) Regulations 2012, regulation 10).
    pub fn clear_working_days_before(&self, date: Date, days: u32) -> Date {
        let mut left = days;
        let mut on = day_before(date);
        while on > Date::MIN && (left > 0 || !self.is_working_day(on)) {
            left -= u32::from(self.is_working_day(on)).min(left);
            on = day_before(on);
        }
        on
    }
}

/// The last day to publish a notice so that `days` clear calendar days lie between it and `date`, neither end counted:
/// 28 for a key decision (Local Authorities (Executive Arrangements) (England) Regulations 2012, regulation 9).
pub fn clear_days_before(date: Date, days: u16) -> Date {
    let back: Span = (i64::from(days) + 1).days();
    date.saturating_sub(back)
}

fn day_before(date: Date) -> Date {
    date.yesterday().unwrap_or(Date::MIN)
}

/// The window in which a published decision may be called in. Computed; a recorded date wins (rule 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallIn {
    /// The last day of the window: it closes at the end of this day.
    pub closes: Date,
    /// The next calendar day, on which the decision takes effect unless it was called in.
    pub effective: Date,
}

/// The call-in window of a decision published on this date, of so many working days by this authority's constitution
/// (Herefordshire: 4). A decision exempt from call-in, or urgent, has no window and takes effect at once (rule 2.1).
pub fn call_in(published: Date, working_days: u32, authority: &WorkingDays) -> CallIn {
    let closes = authority.nth_working_day_after(published, working_days);
    CallIn { closes, effective: day_after(closes) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn rule_2_1_the_seed_decision_closes_on_18_january_and_is_effective_on_19_january_2019() {
        let window = call_in(date(2019, 1, 14), 4, &WorkingDays::default());
        assert_eq!(window, CallIn { closes: date(2019, 1, 18), effective: date(2019, 1, 19) });
    }

    #[test]
    fn rule_2_1_bank_holidays_and_weekends_do_not_count() {
        // Published on the Thursday before Easter 2019: Good Friday, the weekend and Easter Monday are skipped.
        let window = call_in(date(2019, 4, 18), 4, &WorkingDays::default());
        assert_eq!(window, CallIn { closes: date(2019, 4, 26), effective: date(2019, 4, 27) });
    }

    #[test]
    fn rule_2_1_the_authority_s_own_closure_days_do_not_count() {
        let closed = WorkingDays::with_closures([date(2020, 12, 29), date(2020, 12, 30), date(2020, 12, 31)]);
        let published = date(2020, 12, 23);
        assert_eq!(call_in(published, 2, &WorkingDays::default()).closes, date(2020, 12, 29));
        assert_eq!(call_in(published, 2, &closed).closes, date(2021, 1, 4));
    }

    #[test]
    fn noon_of_the_next_working_day_after_a_friday_is_monday_noon() {
        let days = WorkingDays::default();
        assert_eq!(days.noon_of_next_working_day(date(2021, 9, 10)), date(2021, 9, 13).at(12, 0, 0, 0));
        assert_eq!(days.noon_of_next_working_day(date(2021, 8, 27)), date(2021, 8, 31).at(12, 0, 0, 0));
    }

    #[test]
    fn twenty_eight_clear_days_count_neither_the_day_of_notice_nor_the_day_of_decision() {
        let notice = clear_days_before(date(2021, 12, 14), 28);
        assert_eq!(notice, date(2021, 11, 15));
        let between = notice.duration_until(date(2021, 12, 14)).as_hours() / 24 - 1;
        assert_eq!(between, 28);
    }

    #[test]
    fn five_clear_working_days_before_a_monday_reach_back_over_two_weekends() {
        let days = WorkingDays::default();
        assert_eq!(days.clear_working_days_before(date(2021, 9, 13), 5), date(2021, 9, 3));
        assert_eq!(days.clear_working_days_before(date(2021, 9, 13), 0), date(2021, 9, 10));
    }

    #[test]
    fn counting_stops_at_the_end_of_the_calendar_instead_of_failing() {
        let days = WorkingDays::default();
        assert_eq!(days.next_working_day(Date::MAX), Date::MAX);
        assert_eq!(call_in(Date::MAX, 4, &days).effective, Date::MAX);
        assert_eq!(clear_days_before(Date::MIN, 28), Date::MIN);
        assert_eq!(days.clear_working_days_before(Date::MIN, 5), Date::MIN);
    }

    fn some_date() -> impl Strategy<Value = Date> {
        (0_i64..13_000).prop_map(|offset| date(2000, 1, 1).saturating_add(offset.days()))
    }

    fn some_authority() -> impl Strategy<Value = WorkingDays> {
        prop::collection::vec(some_date(), 0..400).prop_map(WorkingDays::with_closures)
    }

    proptest! {
        #[test]
        fn rule_2_1_call_in_never_closes_earlier_for_a_later_publication(
            authority in some_authority(), a in some_date(), later in 0_i64..60, n in 0_u32..15,
        ) {
            let first = call_in(a, n, &authority);
            let second = call_in(a.saturating_add(later.days()), n, &authority);
            prop_assert!(first.closes <= second.closes && first.effective <= second.effective);
        }

        #[test]
        fn rule_2_1_call_in_closes_strictly_later_for_each_further_working_day(
            authority in some_authority(), published in some_date(), n in 0_u32..15,
        ) {
            let shorter = call_in(published, n, &authority);
            let longer = call_in(published, n + 1, &authority);
            prop_assert!(shorter.closes < longer.closes);
            prop_assert_eq!(shorter.effective, shorter.closes.tomorrow().unwrap());
        }

        #[test]
        fn the_nth_working_day_is_a_working_day_with_n_working_days_up_to_it(
            authority in some_authority(), from in some_date(), n in 1_u32..30,
        ) {
            let reached = authority.nth_working_day_after(from, n);
            prop_assert!(authority.is_working_day(reached));
            prop_assert_eq!(authority.working_days_between(from, reached), n);
        }

        #[test]
        fn clear_working_days_lie_between_notice_and_decision(
            authority in some_authority(), on in some_date(), n in 0_u32..15,
        ) {
            let notice = authority.clear_working_days_before(on, n);
            prop_assert!(authority.is_working_day(notice));
            let before = on.yesterday().unwrap();
            prop_assert_eq!(authority.working_days_between(notice, before), n);
        }
    }
}

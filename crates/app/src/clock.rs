//! The two clocks: `Calendar` for law, deadlines and business dates, `Machine` for leases, sessions and limits.
//!
//! The demonstration's calendar stands still until it is moved; the machine's clock never does, outside tests.

use std::sync::{Arc, RwLock};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};
use placewell_domain::clock::Moment;

/// London's time zone, from the bundled database; UTC if that should ever be missing.
fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

/// The clock on the wall in London at an instant.
#[must_use]
pub fn moment_at(at: Timestamp) -> Moment {
    Moment { at, local: london().to_datetime(at) }
}

/// The instant at which the clock in London shows this; the earlier one where it shows it twice.
#[must_use]
pub fn moment_of(local: DateTime) -> Moment {
    let at = london().to_ambiguous_zoned(local).earlier().map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
    moment_at(at)
}

/// The business clock.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    stands_at: Arc<RwLock<Option<Timestamp>>>,
}

impl Calendar {
    /// A calendar that follows the machine's clock.
    #[must_use]
    pub fn running() -> Self {
        Self::default()
    }

    /// A calendar that stands at this time in London until moved.
    #[must_use]
    pub fn standing(local: DateTime) -> Self {
        let calendar = Self::default();
        calendar.move_to(local);
        calendar
    }

    /// Moves a standing calendar; a running one stands from now on.
    pub fn move_to(&self, local: DateTime) {
        *self.stands_at.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(moment_of(local).at);
    }

    /// Whether it stands still.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.read().is_some()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Moment {
        moment_at(self.read().unwrap_or_else(Machine::now))
    }

    /// What the clock on the wall shows of an instant of the machine's, such as when somebody signed in. Where the calendar
    /// stands, the instant is as far from its now as it is from the machine's, to the minute: who has just come, came now.
    #[must_use]
    pub fn shows(&self, at: Timestamp) -> DateTime {
        let stood = self.read().and_then(|now| now.checked_add(at.duration_since(Machine::now())).ok());
        let Some(stood) = stood else { return moment_at(at).local };
        let local = moment_at(stood).local;
        local.round(Unit::Minute).unwrap_or(local)
    }

    fn read(&self) -> Option<Timestamp> {
        *self.stands_at.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The machine's clock.
pub struct Machine;

impl Machine {
    /// Now, by the machine.
    #[must_use]
    #[allow(clippy::disallowed_methods)] // the one place that reads it
    pub fn now() -> Timestamp {
        Timestamp::now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_demonstrations_morning_is_summer_time() {
        let moment = moment_of(date(2021, 9, 13).at(10, 20, 0, 0));
        assert_eq!(moment.at.to_string(), "2021-09-13T09:20:00Z");
        assert_eq!(moment.today(), date(2021, 9, 13));
    }

    #[test]
    fn an_instant_of_the_machine_s_is_shown_as_far_from_a_standing_calendar_s_now() {
        let calendar = Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0));
        let minutes = jiff::SignedDuration::from_mins;
        assert_eq!(calendar.shows(Machine::now()), date(2021, 9, 13).at(10, 20, 0, 0));
        assert_eq!(calendar.shows(Machine::now() - minutes(5)), date(2021, 9, 13).at(10, 15, 0, 0));
        assert_eq!(calendar.shows(Machine::now() + minutes(600)), date(2021, 9, 13).at(20, 20, 0, 0));
        let at = Machine::now() - minutes(5);
        assert_eq!(Calendar::running().shows(at), moment_at(at).local, "elsewhere it is the clock's own time");
    }

    #[test]
    fn a_standing_calendar_stands_until_moved() {
        let calendar = Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0));
        assert_eq!(calendar.now(), calendar.now());
        calendar.move_to(date(2021, 9, 14).at(0, 5, 0, 0));
        assert_eq!(calendar.now().today(), date(2021, 9, 14));
    }
}

//! The two clocks: `Calendar` for law, deadlines and business dates, `Machine` for leases, sessions and limits.
//!
//! The demonstration's calendar stands still until it is moved; the machine's clock never does, outside tests.

use std::sync::{Arc, RwLock};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
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
    fn a_standing_calendar_stands_until_moved() {
        let calendar = Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0));
        assert_eq!(calendar.now(), calendar.now());
        calendar.move_to(date(2021, 9, 14).at(0, 5, 0, 0));
        assert_eq!(calendar.now().today(), date(2021, 9, 14));
    }
}

//! A home's dated admission to a lot of the arrangement. A home is admitted lot by lot; a later end keeps the past.
//!
//! Admission is a fact with dates: what held on a day is answered by the facts of that day (rule 1.8).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{ArrangementId, HomeId};
use crate::nights::OPEN_END;

coded! {
    /// Why an admission ended.
    AdmissionEnd {
        /// The provider withdrew the home from the lot.
        Withdrawn => "withdrawn", "withdrawn by the provider";
        /// The region removed it.
        Removed => "removed", "removed by the region";
        /// The home left the register.
        NotRegistered => "not_registered", "no longer registered";
        /// The arrangement's term ended.
        TermEnded => "term_ended", "the arrangement ended";
    }
}

/// One home's time on one lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// The home.
    pub home: HomeId,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The lot's code in the arrangement, such as `therapeutic`.
    pub lot: String,
    /// The first day.
    pub from: Date,
    /// The day after the last; [`OPEN_END`] while it goes on.
    pub until: Date,
    /// Why it ended, where it has.
    pub ended: Option<AdmissionEnd>,
}

impl Admission {
    /// Whether the home is on the lot on this day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && day < self.until
    }

    /// "on lot therapeutic since 15 December 2018" in ISO dates, for lines of evidence.
    #[must_use]
    pub fn evidence(&self) -> String {
        if self.until == OPEN_END {
            format!("admitted to lot {} from {}", self.lot, self.from)
        } else {
            format!("admitted to lot {} from {} to {}", self.lot, self.from, self.until)
        }
    }
}

/// The admission by which the home is on this lot on this day.
#[must_use]
pub fn admitted_on<'a>(admissions: &'a [Admission], home: HomeId, lot: &str, day: Date) -> Option<&'a Admission> {
    admissions.iter().find(|one| one.home == home && one.lot == lot && one.holds_on(day))
}

/// The latest admission to the lot that had ended by this day: "the home has left the arrangement" (rule 3.6).
#[must_use]
pub fn left_by<'a>(admissions: &'a [Admission], home: HomeId, lot: &str, day: Date) -> Option<&'a Admission> {
    if admitted_on(admissions, home, lot, day).is_some() {
        return None;
    }
    admissions.iter().filter(|one| one.home == home && one.lot == lot && one.until <= day).max_by_key(|one| one.until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn admission(from: Date, until: Date) -> Admission {
        Admission {
            home: HomeId(1),
            arrangement: ArrangementId(1),
            lot: "planned".to_owned(),
            from,
            until,
            ended: (until != OPEN_END).then_some(AdmissionEnd::Withdrawn),
        }
    }

    #[test]
    fn rule_1_8_admission_is_answered_by_the_facts_of_the_day() {
        let facts = [admission(date(2018, 12, 15), date(2020, 4, 1)), admission(date(2021, 1, 1), OPEN_END)];
        let on = |day| admitted_on(&facts, HomeId(1), "planned", day).is_some();
        assert!(!on(date(2018, 12, 14)));
        assert!(on(date(2018, 12, 15)) && on(date(2020, 3, 31)));
        assert!(!on(date(2020, 4, 1)) && !on(date(2020, 12, 31)));
        assert!(on(date(2021, 9, 13)));
        assert!(admitted_on(&facts, HomeId(1), "crisis", date(2021, 9, 13)).is_none());
    }

    #[test]
    fn rule_3_6_a_home_that_has_left_the_lot_is_told_from_one_that_was_never_on_it() {
        let facts = [admission(date(2018, 12, 15), date(2020, 4, 1))];
        assert!(left_by(&facts, HomeId(1), "planned", date(2020, 4, 1)).is_some());
        assert!(left_by(&facts, HomeId(1), "planned", date(2020, 3, 31)).is_none());
        assert!(left_by(&facts, HomeId(2), "planned", date(2021, 1, 1)).is_none());
    }
}

//! On which days a proposed measure held new referrals, as it was known at a time (rule 4.4).

use jiff::civil::{Date, DateTime};

use super::{Measure, MeasureState};

impl Measure {
    /// When it waited no longer for a person; none while it waits. One that was in force when it gave way had waited until it
    /// was confirmed.
    fn waited_until(&self) -> Option<DateTime> {
        match &self.state {
            MeasureState::Proposed => None,
            MeasureState::Confirmed { at, .. } => Some(*at),
            MeasureState::Dropped { at, gave_way, .. } => match gave_way.as_deref().map(|gave_way| &gave_way.was) {
                Some(MeasureState::Confirmed { at: confirmed, .. }) => Some(*confirmed),
                _ => Some(*at),
            },
            MeasureState::Reinstated { confirmed, at, .. } => Some(confirmed.unwrap_or(*at)),
        }
    }

    /// Whether it held new referrals at the end of a day, by what was known at a time, or is known now where none. What was
    /// not decided by then went on holding.
    #[must_use]
    pub fn held_on(&self, day: Date, known_at: Option<DateTime>) -> bool {
        let known = |at: DateTime| known_at.is_none_or(|by| at <= by);
        let decided = self.waited_until().filter(|at| known(*at));
        self.stops() && known(self.proposed) && self.proposed.date() <= day && decided.is_none_or(|at| day < at.date())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::proposed;
    use super::*;
    use crate::clock::Moment;
    use crate::homes::standing::measure::{DropReason, Reinstatement};
    use crate::homes::standing::{Standing, StandingReason};
    use crate::id::{MeasureId, PersonId};
    use jiff::civil::date;

    const DAY: Date = Date::constant(2021, 9, 13);
    const NEXT: Date = Date::constant(2021, 9, 14);
    const WHO: PersonId = PersonId(3);

    fn at(day: Date, hour: i8) -> Moment {
        Moment { at: jiff::Timestamp::UNIX_EPOCH, local: day.at(hour, 0, 0, 0) }
    }

    #[test]
    fn rule_4_4_a_proposal_holds_from_when_it_was_known_until_a_person_decided() {
        let one = proposed(StandingReason::Inadequate);
        let time = |day: Date, hour| Some(day.at(hour, 0, 0, 0));
        assert!(!one.held_on(date(2021, 9, 12), None), "the day before");
        assert!(one.held_on(DAY, None) && one.held_on(NEXT, None));
        assert!(!one.held_on(DAY, time(DAY, 14)), "proposed at three");
        assert!(one.held_on(DAY, time(DAY, 15)));
        let watch = Measure { standing: Standing::OnWatch, ..one.clone() };
        assert!(!watch.held_on(DAY, None), "a watch holds nothing");

        let dropped = one.clone().set_aside(WHO, DropReason::Mistaken, at(NEXT, 10)).unwrap().into_parts().0;
        assert!(dropped.held_on(DAY, None), "it held that day, whatever became of it");
        assert!(!dropped.held_on(NEXT, None), "and no more by the end of the next");
        assert!(dropped.held_on(NEXT, time(NEXT, 9)), "nobody had decided by nine");
        assert!(!dropped.held_on(NEXT, time(NEXT, 10)));
    }

    #[test]
    fn one_that_was_taken_back_held_until_it_was_confirmed() {
        let one = proposed(StandingReason::Inadequate);
        let confirmed = one.confirm(WHO, Vec::new(), at(NEXT, 10)).unwrap().into_parts().0;
        assert!(confirmed.held_on(DAY, None) && !confirmed.held_on(NEXT, None), "from then on it is in force");
        let link = Some("https://reports.ofsted.gov.uk/again".to_owned());
        let later = date(2021, 10, 1);
        let with = (Reinstatement::Reinspected, link);
        let back = confirmed.reinstate(WHO, with, later, at(later, 10)).unwrap().into_parts().0;
        assert!(back.held_on(DAY, None) && !back.held_on(NEXT, None));
    }

    #[test]
    fn one_that_gave_way_held_until_it_was_confirmed_or_until_then_where_it_was_not() {
        let later = date(2021, 10, 1);
        let one = proposed(StandingReason::Inadequate);
        let waited = one.clone().give_way(MeasureId(10), WHO, at(later, 10)).unwrap().into_parts().0;
        assert!(waited.held_on(NEXT, None) && !waited.held_on(later, None));
        let confirmed = one.confirm(WHO, Vec::new(), at(NEXT, 10)).unwrap().into_parts().0;
        let gone = confirmed.give_way(MeasureId(10), WHO, at(later, 10)).unwrap().into_parts().0;
        assert!(gone.held_on(DAY, None), "it waited for a person");
        assert!(!gone.held_on(NEXT, None), "from then on it was in force");
        assert!(gone.held_on(NEXT, Some(NEXT.at(9, 0, 0, 0))), "nobody had decided by nine");
    }
}

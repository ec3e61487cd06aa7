//! A lapse that the calendar finds is proposed once; the next one, whose first day is later, is proposed again.

use jiff::civil::{Date, DateTime};

use super::measure::{Measure, MeasureState};
use super::scorecard::ANSWER_DAYS;
use super::{StandingReason, StandingSubject};
use crate::nights::plus_days;

/// Of whom, for which reason.
pub type Lapsing = (StandingSubject, StandingReason);

fn of(known: &[Measure], (subject, reason): Lapsing) -> impl Iterator<Item = &Measure> {
    known.iter().filter(move |one| one.subject == subject && one.reason == reason)
}

/// Whether a lapse with this first day is in hand: a measure for it waits or is in force, or one that was proposed since it
/// began was dropped or ended on evidence in the last months. What was proposed before it began was about an earlier one.
#[must_use]
pub fn in_hand(known: &[Measure], about: Lapsing, first: Date, today: Date) -> bool {
    let recent = |on: Date| on >= first && on > plus_days(today, -ANSWER_DAYS);
    of(known, about).any(|one| one.open() || recent(one.proposed.date()))
}

/// When a person last dropped a measure of this kind or ended it on evidence; none where nobody did.
#[must_use]
pub fn closed_at(known: &[Measure], about: Lapsing) -> Option<DateTime> {
    let closed = of(known, about).filter_map(|one| match one.state {
        MeasureState::Dropped { at, .. } | MeasureState::Reinstated { at, .. } => Some(at),
        MeasureState::Proposed | MeasureState::Confirmed { .. } => None,
    });
    closed.max()
}

/// From which day a subject was last taken back on evidence; none where it never was.
#[must_use]
pub fn taken_back(known: &[Measure], about: Lapsing) -> Option<Date> {
    let back = of(known, about).filter_map(|one| match one.state {
        MeasureState::Reinstated { from, .. } => Some(from),
        MeasureState::Proposed | MeasureState::Confirmed { .. } | MeasureState::Dropped { .. } => None,
    });
    back.max()
}

/// The first day of a vacancy, of the days on which somebody said whether a post is vacant: none before the last word that
/// somebody is in post counts, and none that the home was taken back after.
#[must_use]
pub fn vacant_from(said: &[(Date, bool)], taken_back: Option<Date>) -> Option<Date> {
    let filled = said.iter().filter(|(_, vacant)| !vacant).map(|(on, _)| *on).max();
    let since = |on: Date| filled.is_none_or(|day| on >= day) && taken_back.is_none_or(|day| on > day);
    said.iter().filter(|(on, vacant)| *vacant && since(*on)).map(|(on, _)| *on).min()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Standing;
    use super::super::measure::{DropReason, Proposal, Reinstatement, Source};
    use super::*;
    use crate::calendar::WorkingDays;
    use crate::clock::Moment;
    use crate::id::{HomeId, MeasureId, OrganisationId, PersonId};
    use jiff::civil::date;

    const WHO: StandingSubject = StandingSubject::Provider(OrganisationId(7));
    const ABOUT: Lapsing = (WHO, StandingReason::InsuranceLapsed);

    fn at(day: Date) -> Moment {
        Moment { at: jiff::Timestamp::UNIX_EPOCH, local: day.at(10, 0, 0, 0) }
    }

    fn proposed(on: Date) -> Measure {
        let of = Proposal {
            region: OrganisationId(1),
            subject: WHO,
            lot: None,
            provider: OrganisationId(7),
            name: "Elm Care".to_owned(),
            standing: Standing::Suspended,
            reason: StandingReason::InsuranceLapsed,
            source: Source::found(on),
        };
        Measure::propose(MeasureId(9), of, &WorkingDays::default(), at(on)).unwrap().into_parts().0
    }

    fn dropped(on: Date) -> Measure {
        proposed(on).set_aside(PersonId(3), DropReason::PutRight, at(on)).unwrap().into_parts().0
    }

    fn ended(proposed_on: Date, on: Date) -> Measure {
        let confirmed = proposed(proposed_on).confirm(PersonId(3), Vec::new(), at(proposed_on)).unwrap().into_parts().0;
        let with = (Reinstatement::InsuranceRenewed, None);
        confirmed.reinstate(PersonId(3), with, on, at(on)).unwrap().into_parts().0
    }

    #[test]
    fn a_second_lapse_is_not_in_hand_by_what_was_proposed_for_the_first() {
        let (first, second, today) = (date(2021, 9, 1), date(2021, 10, 11), date(2021, 10, 12));
        let known = [ended(date(2021, 9, 2), date(2021, 9, 10))];
        assert!(in_hand(&known, ABOUT, first, today), "the same lapse, found the next day too");
        assert!(!in_hand(&known, ABOUT, second, today), "renewed and lapsed again within 90 days");
        assert!(!in_hand(&[dropped(date(2021, 9, 2))], ABOUT, second, today));
        assert!(in_hand(&[dropped(second)], ABOUT, second, today), "dropped on its first day");
        assert!(in_hand(&[proposed(date(2021, 9, 2))], ABOUT, second, today), "one that waits is enough");
        assert!(!in_hand(&known, ABOUT, first, date(2021, 12, 1)), "after 90 days it is asked again");
        assert!(!in_hand(&known, (StandingSubject::Home(HomeId(5)), ABOUT.1), first, today));
        assert!(!in_hand(&known, (WHO, StandingReason::Responses), first, today));
        assert_eq!(closed_at(&known, ABOUT), Some(date(2021, 9, 10).at(10, 0, 0, 0)));
        assert_eq!(taken_back(&known, ABOUT), Some(date(2021, 9, 10)));
        let waiting = [proposed(first)];
        assert_eq!((closed_at(&waiting, ABOUT), taken_back(&[dropped(first)], ABOUT)), (None, None));
    }

    #[test]
    fn a_vacancy_begins_with_the_first_word_after_somebody_was_in_post_or_the_home_was_taken_back() {
        let day = |day: i8| date(2021, 9, day);
        let said = [(day(1), false), (day(6), true), (day(8), true)];
        assert_eq!(vacant_from(&said, None), Some(day(6)));
        assert_eq!(vacant_from(&said, Some(day(7))), Some(day(8)), "looked at again since");
        assert_eq!(vacant_from(&said, Some(day(8))), None, "nobody has said so since");
        let again = [(day(6), true), (day(7), false), (day(20), true)];
        assert_eq!(vacant_from(&again, None), Some(day(20)));
        assert_eq!(vacant_from(&again[..2], None), None);
        assert_eq!(vacant_from(&[], None), None);
    }
}

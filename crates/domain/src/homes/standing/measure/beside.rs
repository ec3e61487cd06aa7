//! Measures in force beside each other: the worst of them holds, and ending one leaves the others as they are.

use jiff::civil::Date;

use super::{Measure, MeasureState, Standing, StandingFact, StandingReason};
use crate::nights::OPEN_END;

/// How a subject stands, and why.
pub type Stands = (Standing, StandingReason);

/// How a subject stands under the measures that are in force about it: by the worst, of equals by the first; good where
/// none is left.
#[must_use]
pub fn worst<'a>(measures: impl IntoIterator<Item = &'a Measure>) -> Stands {
    let in_force = measures.into_iter().filter(|one| matches!(one.state, MeasureState::Confirmed { .. }));
    let worst = in_force.max_by_key(|one| (one.standing, core::cmp::Reverse(one.id)));
    worst.map_or((Standing::Good, StandingReason::Evaluated), |one| (one.standing, one.reason))
}

/// What is written from a day on, the days in order: `now` on every day but those on which something worse is held that is
/// not what `ended`.
#[must_use]
pub fn written(held: &[StandingFact], now: Stands, ended: Option<Stands>, from: Date) -> Vec<(Date, Date)> {
    let mut stays: Vec<&StandingFact> = held
        .iter()
        .filter(|fact| fact.until > from && fact.standing > now.0 && Some((fact.standing, fact.reason)) != ended)
        .collect();
    stays.sort_by_key(|fact| fact.from);
    let (mut days, mut next) = (Vec::new(), from);
    for fact in stays {
        if next < fact.from {
            days.push((next, fact.from));
        }
        next = next.max(fact.until);
    }
    if next < OPEN_END {
        days.push((next, OPEN_END));
    }
    days
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{confirmed, proposed};
    use super::*;
    use crate::homes::standing::{StandingSource, StandingSubject};
    use crate::id::{HomeId, MeasureId};
    use jiff::civil::date;

    const SUSPENDED: Stands = (Standing::Suspended, StandingReason::Inadequate);
    const WATCHED: Stands = (Standing::OnWatch, StandingReason::Responses);
    const GOOD: Stands = (Standing::Good, StandingReason::Evaluated);

    fn held((standing, reason): Stands, from: Date, until: Date) -> StandingFact {
        let subject = StandingSubject::Home(HomeId(5));
        StandingFact { subject, source: StandingSource::Region, standing, from, until, reason }
    }

    #[test]
    fn the_worst_of_the_measures_in_force_holds_and_one_that_waits_counts_for_nothing() {
        let watch = Measure { standing: Standing::OnWatch, ..confirmed(StandingReason::Responses) };
        let first = Measure { id: MeasureId(1), ..confirmed(StandingReason::Inadequate) };
        let second = confirmed(StandingReason::Safeguarding);
        assert_eq!(worst([&watch, &second, &first]), SUSPENDED);
        assert_eq!(worst([&watch, &second]), (Standing::Suspended, StandingReason::Safeguarding));
        assert_eq!(worst([&watch, &proposed(StandingReason::Inadequate)]), WATCHED);
        assert_eq!(worst([]), GOOD);
    }

    #[test]
    fn a_milder_standing_is_written_only_where_nothing_worse_is_held() {
        let (today, later) = (date(2021, 9, 13), date(2021, 10, 1));
        let open = [held(SUSPENDED, date(2021, 9, 1), OPEN_END)];
        assert_eq!(written(&open, WATCHED, None, today), []);
        assert_eq!(written(&open, GOOD, Some(SUSPENDED), today), [(today, OPEN_END)]);
        assert_eq!(written(&open, GOOD, Some(WATCHED), today), [], "ended was another one");
        let between = [held(SUSPENDED, later, date(2021, 11, 1))];
        assert_eq!(written(&between, WATCHED, None, today), [(today, later), (date(2021, 11, 1), OPEN_END)]);
        let watched = [held(WATCHED, date(2021, 9, 1), OPEN_END)];
        assert_eq!(written(&watched, SUSPENDED, None, today), [(today, OPEN_END)]);
        let over = [held(SUSPENDED, date(2021, 9, 1), today)];
        assert_eq!(written(&over, GOOD, None, today), [(today, OPEN_END)]);
    }
}

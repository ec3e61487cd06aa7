//! Where a home's registration stood and stands, as facts in two times (rule 4.4): from which day, and as it was known
//! when. The home itself holds only the last of them.

use jiff::civil::Date;

use super::HomeState;
use crate::id::HomeId;
use crate::nights::OPEN_END;

/// The first day of a registration of which no source says since when it holds.
pub const SINCE_NOT_KNOWN: Date = Date::constant(1900, 1, 1);

coded! {
    /// Where a registration stands, without its day.
    OnRegister {
        Active "registered" "Registered";
        Suspended "suspended" "Registration not active";
        Left "closed" "Not registered";
    }
}

coded! {
    /// From where it is known how a registration stands.
    RegisterSource {
        Register "register" "Ofsted's register";
        Before "before" "Held before its history was kept";
    }
}

/// Where a home's registration stands on some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationFact {
    /// Where it stands.
    pub state: OnRegister,
    /// From where that is known.
    pub source: RegisterSource,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
}

impl RegistrationFact {
    /// Since when it stands so, where that is known.
    #[must_use]
    pub fn since(&self) -> Option<Date> {
        (self.from != SINCE_NOT_KNOWN).then_some(self.from)
    }

    fn home_state(&self) -> HomeState {
        match self.state {
            OnRegister::Active => HomeState::Registered { since: self.since() },
            OnRegister::Suspended => HomeState::Suspended { since: self.from },
            OnRegister::Left => HomeState::Closed { on: self.from },
        }
    }
}

/// Where the registration stood on a day by facts that were believed together. Of a day before all of them, the first that
/// follows says since when it stood otherwise; none where nothing was known.
#[must_use]
pub fn state_on(facts: &[RegistrationFact], day: Date) -> Option<HomeState> {
    let holding = facts.iter().find(|fact| fact.from <= day && day < fact.until);
    let next = || facts.iter().filter(|fact| day < fact.from).min_by_key(|fact| fact.from);
    holding.or_else(next).map(RegistrationFact::home_state)
}

/// What a register says anew of a home's registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The home.
    pub home: HomeId,
    /// Where it stands on these days; none where it is not believed any more that it was registered on them.
    pub state: Option<OnRegister>,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
}

/// What a register of a day says anew, by what the home held before and holds after; none where it says what was held. A
/// register says how a home stands from its own day on; of an active registration it says since when.
#[must_use]
pub fn told(home: HomeId, before: Option<&HomeState>, after: &HomeState, as_at: Date) -> Option<Told> {
    let from = |state: OnRegister, from: Date| Some(Told { home, state: Some(state), from, until: OPEN_END });
    match (before, after) {
        (Some(HomeState::Suspended { .. }), HomeState::Suspended { .. })
        | (Some(HomeState::Closed { .. }), HomeState::Closed { .. }) => None,
        (Some(HomeState::Registered { since: was }), HomeState::Registered { since: now }) => {
            moved(home, was.unwrap_or(SINCE_NOT_KNOWN), now.unwrap_or(SINCE_NOT_KNOWN))
        }
        (None, HomeState::Registered { since }) => from(OnRegister::Active, since.unwrap_or(SINCE_NOT_KNOWN)),
        (Some(_), HomeState::Registered { .. }) => from(OnRegister::Active, as_at),
        (_, HomeState::Suspended { .. }) => from(OnRegister::Suspended, as_at),
        (_, HomeState::Closed { on }) => from(OnRegister::Left, *on),
    }
}

/// Another first day of the same registration: only the days between the two change.
fn moved(home: HomeId, was: Date, now: Date) -> Option<Told> {
    match was.cmp(&now) {
        core::cmp::Ordering::Equal => None,
        core::cmp::Ordering::Less => Some(Told { home, state: None, from: was, until: now }),
        core::cmp::Ordering::Greater => Some(Told { home, state: Some(OnRegister::Active), from: now, until: was }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    const HOME: HomeId = HomeId(5);
    const JUNE: Date = Date::constant(2021, 6, 1);
    const JULY: Date = Date::constant(2021, 7, 1);
    const BEGAN: Date = Date::constant(2019, 4, 1);

    fn fact(state: OnRegister, from: Date, until: Date) -> RegistrationFact {
        RegistrationFact { state, source: RegisterSource::Register, from, until }
    }

    #[test]
    fn a_suspension_that_was_lifted_stays_where_it_was() {
        let facts = [
            fact(OnRegister::Active, BEGAN, JUNE),
            fact(OnRegister::Suspended, JUNE, JULY),
            fact(OnRegister::Active, JULY, OPEN_END),
        ];
        let on = |day| state_on(&facts, day).unwrap();
        assert_eq!(on(date(2021, 5, 31)), HomeState::Registered { since: Some(BEGAN) });
        assert_eq!(on(date(2021, 6, 15)), HomeState::Suspended { since: JUNE });
        assert_eq!(on(JULY), HomeState::Registered { since: Some(JULY) });
        assert_eq!(on(date(2019, 3, 1)), HomeState::Registered { since: Some(BEGAN) }, "registered only from that day");
        assert_eq!(state_on(&[], JULY), None);
    }

    #[test]
    fn a_register_says_how_a_home_stands_from_its_own_day_on() {
        let active = HomeState::Registered { since: Some(BEGAN) };
        let seen = HomeState::Suspended { since: date(2021, 6, 12) };
        let says = |before: Option<&HomeState>, after: &HomeState, as_at| {
            told(HOME, before, after, as_at).map(|one| (one.state, one.from, one.until))
        };
        assert_eq!(says(None, &active, JUNE), Some((Some(OnRegister::Active), BEGAN, OPEN_END)));
        assert_eq!(says(Some(&active), &seen, JUNE), Some((Some(OnRegister::Suspended), JUNE, OPEN_END)));
        assert_eq!(says(Some(&seen), &seen, JULY), None);
        assert_eq!(says(Some(&seen), &active, JULY), Some((Some(OnRegister::Active), JULY, OPEN_END)));
        assert_eq!(says(Some(&active), &active, JULY), None);
        let gone = HomeState::Closed { on: JULY };
        assert_eq!(says(Some(&active), &gone, JULY), Some((Some(OnRegister::Left), JULY, OPEN_END)));
        assert_eq!(says(Some(&gone), &active, JULY), Some((Some(OnRegister::Active), JULY, OPEN_END)));
    }

    #[test]
    fn another_first_day_changes_only_the_days_between() {
        let since = |day| HomeState::Registered { since: day };
        let says =
            |was, now| told(HOME, Some(&since(was)), &since(now), JULY).map(|one| (one.state, one.from, one.until));
        let earlier = date(2018, 4, 1);
        assert_eq!(says(Some(BEGAN), Some(earlier)), Some((Some(OnRegister::Active), earlier, BEGAN)));
        assert_eq!(says(None, Some(BEGAN)), Some((None, SINCE_NOT_KNOWN, BEGAN)));
    }

    #[test]
    fn the_words_are_those_of_the_home() {
        let states = [
            HomeState::Registered { since: None },
            HomeState::Suspended { since: JUNE },
            HomeState::Closed { on: JUNE },
        ];
        for (state, word) in states.iter().zip(OnRegister::ALL) {
            assert_eq!((state.name(), state.label()), (word.code(), word.label()));
        }
    }
}

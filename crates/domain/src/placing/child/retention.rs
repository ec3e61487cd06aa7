//! How long a child's record is kept, what keeps it longer, and who ends it: one person proposes, another confirms, and
//! the child's key is destroyed with the same change.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::id::{ChildId, OrganisationId, PersonId};
use crate::office::access::{Action, Role};
use crate::outcome::{Invalid, Refusal};
use crate::placing::child::age_on;
use crate::sealed::Sealed;
use crate::setting::{DayCount, Key, Scope, SettingValue};

coded! {
    /// What decides how long a child's record is kept.
    RecordKind {
        LookedAfter "looked_after" "A looked-after child’s record";
        Adoption "adoption" "An adopted child’s record, sealed";
        Died "died" "The record of a child who died before 18";
    }
}

/// A number of years that the law sets the least of. One that was recorded below it, before it was asked for, counts as the
/// least.
macro_rules! years {
    ($(#[$doc:meta])* $name:ident, $least:literal, $after:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub u32);

        impl SettingValue for $name {
            const ASK: &'static str = concat!("Enter a number of years from ", $least, " to 150, like ", $least);

            fn read(text: &str) -> Option<Self> {
                let years: u32 = text.trim().parse().ok()?;
                (years <= 150).then_some(Self(years.max($least)))
            }

            fn typed(text: &str) -> Option<Self> {
                text.trim().parse().ok().filter(|years| ($least..=150).contains(years)).map(Self)
            }

            fn write(&self) -> String {
                self.0.to_string()
            }

            fn words(&self) -> String {
                format!(concat!("{} years after ", $after), self.0)
            }
        }
    };
}

years! {
    /// A number of years after birth: the seventy-fifth birthday at the earliest.
    Years, 75, "birth"
}

years! {
    /// A number of years after an adopted child's birth: a hundred from an order that comes before the eighteenth birthday.
    YearsOfAdopted, 118, "birth"
}

years! {
    /// A number of years after a death.
    YearsAfterDeath, 15, "the death"
}

/// How many years after the death the record of a child who died before 18 is kept.
pub const DEATH_YEARS: Key<YearsAfterDeath> = Key {
    name: "retention.death_years",
    title: "The record of a child who died before 18 is kept for this many years after the death",
    effect: "A record that is marked with the day of a death is due for erasure when these years are over.",
    source: "The Care Planning, Placement and Case Review (England) Regulations 2010, regulation 50: fifteen years from the date of death",
    scope: Scope::Authority,
    keeper: Action::KeepRetention,
    form: None,
    default: || YearsAfterDeath(15),
};

/// How many years after birth a looked-after child's record is kept.
pub const KEPT_YEARS: Key<Years> = Key {
    name: "retention.years",
    title: "A looked-after child’s record is kept for this many years after birth",
    effect: "A record is due for erasure when its years are over. Nothing is erased by itself: one person proposes it and another confirms.",
    source: "The Care Planning, Placement and Case Review (England) Regulations 2010, regulation 50: until the seventy-fifth birthday",
    scope: Scope::Authority,
    keeper: Action::KeepRetention,
    form: None,
    default: || Years(75),
};

/// How many years after birth an adopted child's record is kept.
pub const ADOPTION_YEARS: Key<YearsOfAdopted> = Key {
    name: "retention.adoption_years",
    title: "An adopted child’s record is kept for this many years after birth",
    effect: "A record that is marked as an adopted child’s is due for erasure when these years are over.",
    source: "The Adoption Agencies Regulations 2005, regulation 40: at least 100 years from the adoption order, which comes before the eighteenth birthday",
    scope: Scope::Authority,
    keeper: Action::KeepRetention,
    form: None,
    default: || YearsOfAdopted(118),
};

/// For how many days after an erasure a whole copy from before may still open what was erased.
pub const COPIES_KEPT: Key<DayCount> = Key {
    name: "erasure.copies",
    title: "Copies from before an erasure are ended within",
    effect: "The check of the service fails once an erasure is older and the master key was not replaced since. Nothing is \
             ended by itself.",
    source: "This service: a month of copies, and some days to end them",
    scope: Scope::System,
    keeper: Action::KeepSystem,
    form: None,
    default: || DayCount(35),
};

/// From which day a record may be erased, so many years after a birth or a death; after 29 February the 1 March of a common
/// year.
#[must_use]
pub fn due_on(from: Date, years: u32) -> Option<Date> {
    let year = i16::try_from(years).ok().and_then(|years| from.year().checked_add(years))?;
    match Date::new(year, from.month(), from.day()) {
        Ok(day) => Some(day),
        Err(_) => Date::new(year, 3, 1).ok(),
    }
}

/// Refuses a day of death that is none, or that came after childhood, where the years after birth hold.
pub fn check_death(born: Date, died: Option<Date>, today: Date) -> Result<Date, Invalid> {
    let wrong = |words: &str| Err(Invalid::one("died", words));
    match died {
        None => wrong("Enter the day on which the child died, like 4 5 2021"),
        Some(died) if died > today => wrong("The day of the death must be today or earlier"),
        Some(died) if died < born => wrong("The day of the death must not be before the child was born"),
        Some(died) if age_on(born, died) >= 18 => wrong("Who died at 18 or later is kept by the years after birth"),
        Some(died) => Ok(died),
    }
}

/// Where the retention of a record stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RetentionState {
    /// It is kept.
    Kept,
    /// It is kept whatever its years say: an inquiry, a claim, somebody's request.
    Held {
        /// Why, in words, sealed under the child's key.
        words: Sealed<String>,
        /// Who said so.
        by: PersonId,
        /// When.
        on: Date,
    },
    /// Somebody asked that it be erased, its years being over.
    Proposed {
        /// Who.
        by: PersonId,
        /// When.
        on: Date,
    },
    /// The child's key is destroyed.
    Erased {
        /// Who proposed it.
        proposed_by: PersonId,
        /// Who confirmed it.
        by: PersonId,
        /// When.
        on: Date,
    },
}

impl RetentionState {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Held { .. } => "held",
            Self::Proposed { .. } => "proposed",
            Self::Erased { .. } => "erased",
        }
    }
}

/// For so long whoever opened a sealed record reads it.
pub const OPEN_FOR: SignedDuration = SignedDuration::from_mins(60);

/// One opening of a sealed record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Who opened it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Why, sealed under the child's key; an approver may open it without saying.
    pub words: Option<Sealed<String>>,
}

/// The retention of one child's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// The record's id: the child's own.
    pub child: ChildId,
    /// The record's version; 0 where nothing was said of it yet.
    pub version: i64,
    /// Whose record it is.
    pub authority: OrganisationId,
    /// What decides how long it is kept.
    pub kind: RecordKind,
    /// The day on which the child died, where that decides it, sealed under the child's key.
    #[serde(default)]
    pub died: Option<Sealed<Date>>,
    /// Who opened it while it was sealed, and why, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<Opening>,
    /// Where it stands.
    pub state: RetentionState,
}

/// Every move.
pub const MOVES: &[Move] = &[
    Move { from: "kept", act: "mark", to: "kept", by: "placement officer" },
    Move { from: "kept", act: "open", to: "kept", by: "approver; officer, or by a cover alone, with a reason" },
    Move { from: "held", act: "open", to: "held", by: "approver; officer, or by a cover alone, with a reason" },
    Move { from: "proposed", act: "open", to: "proposed", by: "approver; officer, or by a cover alone, with a reason" },
    Move { from: "kept", act: "hold", to: "held", by: "placement officer" },
    Move { from: "proposed", act: "hold", to: "held", by: "placement officer" },
    Move { from: "held", act: "release", to: "kept", by: "approver, not by a cover alone" },
    Move { from: "kept", act: "propose", to: "proposed", by: "placement officer" },
    Move { from: "proposed", act: "take_back", to: "kept", by: "placement officer" },
    Move { from: "proposed", act: "erase", to: "erased", by: "another approver, not by a cover alone" },
];

const RULE: &str = "Retention: a child's record is kept for its years, and one person's word does not end it";

fn refused(code: &str, sentence: impl Into<String>, who: &str) -> Refusal {
    Refusal::new(code, RULE, sentence, who)
}

impl Retention {
    /// What holds of a record of which nothing was said: it is kept as a looked-after child's.
    #[must_use]
    pub const fn unsaid(authority: OrganisationId, child: ChildId) -> Self {
        Self {
            child,
            version: 0,
            authority,
            kind: RecordKind::LookedAfter,
            died: None,
            opened: Vec::new(),
            state: RetentionState::Kept,
        }
    }

    fn next(self, what: &str, kind: RecordKind, state: RetentionState) -> Change<Self> {
        let version = self.version + 1;
        let event =
            Event::new(&format!("retention.{what}"), "retention", self.child.0, version).with("kind", kind.code());
        Change::to(Self { version, kind, state, ..self }, event)
    }

    fn open(&self) -> Result<(), Refusal> {
        match self.state {
            RetentionState::Erased { .. } => {
                Err(refused("record_erased", "This child's record was erased and cannot be read or changed.", "nobody"))
            }
            RetentionState::Held { .. } => Err(refused(
                "record_held",
                "This child's record is held, so that it is kept whatever its years say.",
                "an approver, by releasing the hold",
            )),
            RetentionState::Kept | RetentionState::Proposed { .. } => Ok(()),
        }
    }

    /// Whether it is sealed: whoever reads who the child is opens it first.
    #[must_use]
    pub fn sealed(&self) -> bool {
        self.kind == RecordKind::Adoption && !matches!(self.state, RetentionState::Erased { .. })
    }

    /// Whether somebody in this role says why they open a sealed record: everybody but an approver who is one of their own,
    /// not by a cover alone.
    #[must_use]
    pub fn needs_reason(role: Role, by_cover_alone: bool) -> bool {
        by_cover_alone || role != Role::Approver
    }

    /// Whether somebody reads it now: it is not sealed, or they opened it within the hour.
    #[must_use]
    pub fn open_to(&self, person: PersonId, now: Timestamp) -> bool {
        let holds = |one: &Opening| {
            let until = one.at.saturating_add(OPEN_FOR).unwrap_or(one.at);
            one.by == person && one.at <= now && now < until
        };
        !self.sealed() || self.opened.iter().any(holds)
    }

    /// What is told to whoever would read a sealed record that they have not opened.
    #[must_use]
    pub fn sealed_off() -> Refusal {
        Refusal::new(
            "record_sealed",
            "An adopted child's record is sealed, and each opening of it is recorded",
            "This child's record is sealed.",
            "an approver or an officer of the authority, by opening the record on its own page",
        )
    }

    /// The same to the authority's own people, who open it by the child's number.
    #[must_use]
    pub fn sealed_as(number: u32) -> Refusal {
        Self::sealed_off().found(format!("Child {number}: /children/{number}"))
    }

    /// Opens a sealed record for somebody, for an hour.
    pub fn unseal(self, by: PersonId, words: Option<Sealed<String>>, now: Timestamp) -> Result<Change<Self>, Refusal> {
        if matches!(self.state, RetentionState::Erased { .. }) {
            self.open()?;
        }
        if !self.sealed() {
            return Err(refused("record_not_sealed", "This child's record is not sealed.", "nobody: it can be read"));
        }
        let (kind, state, mut opened) = (self.kind, self.state.clone(), self.opened.clone());
        opened.push(Opening { by, at: now, words });
        Ok(Self { opened, ..self }.next("opened", kind, state))
    }

    /// Says what decides how long the record is kept; the day of a death goes with it where that does, and nowhere else.
    pub fn mark(self, kind: RecordKind, died: Option<Sealed<Date>>) -> Result<Change<Self>, Refusal> {
        self.open()?;
        if matches!(self.state, RetentionState::Proposed { .. }) {
            return Err(refused("erasure_proposed", "Its erasure is proposed.", "you, by taking the proposal back"));
        }
        let died = died.filter(|_| kind == RecordKind::Died);
        Ok(Self { died, ..self }.next("marked", kind, RetentionState::Kept))
    }

    /// Keeps the record whatever its years say.
    pub fn hold(self, words: Sealed<String>, by: PersonId, on: Date) -> Result<Change<Self>, Refusal> {
        self.open()?;
        let kind = self.kind;
        Ok(self.next("held", kind, RetentionState::Held { words, by, on }))
    }

    /// Ends the hold.
    pub fn release(self) -> Result<Change<Self>, Refusal> {
        match self.state {
            RetentionState::Held { .. } => {
                let kind = self.kind;
                Ok(self.next("released", kind, RetentionState::Kept))
            }
            RetentionState::Kept | RetentionState::Proposed { .. } | RetentionState::Erased { .. } => {
                Err(refused("record_not_held", "This child's record is not held.", "nobody: nothing has to be done"))
            }
        }
    }

    /// Refuses before the record's years are over.
    fn due(due: Option<Date>, today: Date) -> Result<(), Refusal> {
        match due {
            Some(due) if due <= today => Ok(()),
            Some(due) => Err(refused(
                "record_not_due",
                format!("This child's record is kept until {}.", long_date(due)),
                "nobody before that day; the years are a setting that the approver keeps",
            )
            .found(long_date(due))),
            None => Err(refused("record_not_due", "The day on which this record is due cannot be reckoned.", "nobody")),
        }
    }

    /// Proposes the erasure of a record whose years are over.
    pub fn propose(self, due: Option<Date>, by: PersonId, today: Date) -> Result<Change<Self>, Refusal> {
        self.open()?;
        Self::due(due, today)?;
        if matches!(self.state, RetentionState::Proposed { .. }) {
            return Err(refused(
                "erasure_proposed",
                "Its erasure is proposed already.",
                "an approver, by confirming it",
            ));
        }
        let kind = self.kind;
        Ok(self.next("erasure_proposed", kind, RetentionState::Proposed { by, on: today }))
    }

    /// Takes the proposal back.
    pub fn take_back(self) -> Result<Change<Self>, Refusal> {
        self.open()?;
        match self.state {
            RetentionState::Proposed { .. } => {
                let kind = self.kind;
                Ok(self.next("erasure_taken_back", kind, RetentionState::Kept))
            }
            RetentionState::Kept | RetentionState::Held { .. } | RetentionState::Erased { .. } => {
                Err(refused("erasure_not_proposed", "Its erasure is not proposed.", "you, by proposing it"))
            }
        }
    }

    /// Confirms the erasure: another person than who proposed it, with the record's years still over.
    pub fn erase(self, due: Option<Date>, by: PersonId, today: Date) -> Result<Change<Self>, Refusal> {
        self.open()?;
        let RetentionState::Proposed { by: proposed_by, .. } = self.state else {
            return Err(refused(
                "erasure_not_proposed",
                "Its erasure is not proposed.",
                "a placement officer, by proposing it",
            ));
        };
        Self::due(due, today)?;
        if proposed_by == by {
            return Err(refused(
                "erasure_by_one",
                "Who proposed the erasure does not confirm it.",
                "another approver, by confirming it",
            ));
        }
        let kind = self.kind;
        Ok(self.next("erased", kind, RetentionState::Erased { proposed_by, by, on: today }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::date;

    use super::*;
    use crate::setting::AnyKey;

    const OFFICER: PersonId = PersonId(1);
    const DIRECTOR: PersonId = PersonId(2);

    fn kept() -> Retention {
        Retention::unsaid(OrganisationId(1), ChildId(7))
    }

    fn done(change: Result<Change<Retention>, Refusal>) -> Retention {
        change.unwrap().into_parts().0
    }

    #[test]
    fn a_record_is_due_on_the_birthday_its_years_reach() {
        assert_eq!(due_on(date(2008, 5, 4), 75), Some(date(2083, 5, 4)));
        assert_eq!(due_on(date(2008, 2, 29), 75), Some(date(2083, 3, 1)));
        assert_eq!(due_on(date(2008, 2, 29), 100), Some(date(2108, 2, 29)));
        assert_eq!(due_on(date(2008, 2, 29), 90_000), None);
    }

    #[test]
    fn nobody_sets_fewer_years_than_the_law_and_what_was_set_below_counts_as_the_laws() {
        let keys: [(&dyn AnyKey, u32, &str); 3] =
            [(&KEPT_YEARS, 75, "18"), (&ADOPTION_YEARS, 118, "75"), (&DEATH_YEARS, 15, "14")];
        for (key, least, below) in keys {
            assert_eq!(key.stored(below), None, "{}", key.name());
            assert_eq!(key.stored("151"), None, "{}", key.name());
            assert_eq!(key.stored(&least.to_string()), Some(least.to_string()), "{}", key.name());
            assert!(key.ask().contains(&format!("from {least} to 150")), "{}", key.ask());
            assert!(key.words(Some(below)).starts_with(&format!("{least} years after")), "{}", key.words(Some(below)));
        }
    }

    #[test]
    fn the_day_of_a_death_is_in_childhood_and_decides_only_the_record_of_a_child_who_died() {
        let (born, today) = (date(2008, 5, 4), date(2030, 1, 1));
        assert_eq!(check_death(born, Some(date(2021, 3, 1)), today), Ok(date(2021, 3, 1)));
        assert_eq!(due_on(date(2021, 3, 1), 15), Some(date(2036, 3, 1)), "fifteen years from the death");
        for wrong in [None, Some(date(2031, 1, 1)), Some(date(2008, 5, 3)), Some(date(2026, 5, 4))] {
            assert_eq!(check_death(born, wrong, today).unwrap_err().errors[0].field, "died", "{wrong:?}");
        }
        let sealed = || Some(Sealed::from_bytes(vec![1]));
        let marked = done(kept().mark(RecordKind::Died, sealed()));
        assert!(marked.died.is_some());
        assert!(done(marked.mark(RecordKind::LookedAfter, sealed())).died.is_none());
    }

    #[test]
    fn a_record_is_not_erased_before_its_years_are_over() {
        let due = due_on(date(2008, 5, 4), 75);
        assert_eq!(kept().propose(due, OFFICER, date(2083, 5, 3)).unwrap_err().code, "record_not_due");
        let proposed = done(kept().propose(due, OFFICER, date(2083, 5, 4)));
        // Marked as adopted meanwhile, its years are longer.
        let longer = due_on(date(2008, 5, 4), 118);
        assert_eq!(proposed.erase(longer, DIRECTOR, date(2083, 5, 5)).unwrap_err().code, "record_not_due");
    }

    #[test]
    fn who_proposes_an_erasure_does_not_confirm_it() {
        let (due, today) = (Some(date(2083, 5, 4)), date(2083, 6, 1));
        let proposed = done(kept().propose(due, OFFICER, today));
        assert_eq!(proposed.clone().erase(due, OFFICER, today).unwrap_err().code, "erasure_by_one");
        let erased = done(proposed.erase(due, DIRECTOR, today));
        assert_eq!(erased.state.name(), "erased");
        for again in
            [erased.clone().hold(Sealed::from_bytes(vec![1]), OFFICER, today), erased.propose(due, OFFICER, today)]
        {
            assert_eq!(again.unwrap_err().code, "record_erased");
        }
        assert_eq!(kept().erase(due, DIRECTOR, today).unwrap_err().code, "erasure_not_proposed");
    }

    #[test]
    fn an_adopted_child_s_record_is_read_by_whoever_opened_it_within_the_hour() {
        let at = |minutes| Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_mins(minutes)).unwrap();
        assert_eq!(kept().unseal(OFFICER, None, at(0)).unwrap_err().code, "record_not_sealed");
        assert!(kept().open_to(OFFICER, at(0)));
        let adopted = done(kept().mark(RecordKind::Adoption, None));
        assert!(!adopted.open_to(OFFICER, at(0)));
        let refusal = Retention::sealed_as(7);
        assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("record_sealed", "Child 7: /children/7"));
        let (opened, event) = adopted.unseal(OFFICER, Some(Sealed::from_bytes(vec![1])), at(5)).unwrap().into_parts();
        assert_eq!(event.facts, [("kind".to_owned(), "adoption".to_owned())]);
        assert!(!opened.open_to(OFFICER, at(4)) && opened.open_to(OFFICER, at(5)) && opened.open_to(OFFICER, at(64)));
        assert!(!opened.open_to(OFFICER, at(65)) && !opened.open_to(DIRECTOR, at(6)));
        let held = done(opened.hold(Sealed::from_bytes(vec![1]), OFFICER, date(2021, 9, 13)));
        let again = done(held.unseal(DIRECTOR, None, at(70)));
        assert_eq!((again.state.name(), again.opened.len()), ("held", 2));
        let needs = Retention::needs_reason;
        assert!(!needs(Role::Approver, false) && needs(Role::Approver, true) && needs(Role::PlacementOfficer, false));
    }

    #[test]
    fn a_hold_keeps_a_record_whatever_its_years_say() {
        let (due, today) = (Some(date(2083, 5, 4)), date(2083, 6, 1));
        let proposed = done(kept().propose(due, OFFICER, today));
        let held = done(proposed.hold(Sealed::from_bytes(vec![1]), OFFICER, today));
        assert_eq!(held.clone().propose(due, OFFICER, today).unwrap_err().code, "record_held");
        assert_eq!(held.clone().erase(due, DIRECTOR, today).unwrap_err().code, "record_held");
        let released = done(held.release());
        assert_eq!(released.clone().release().unwrap_err().code, "record_not_held");
        assert_eq!(done(released.propose(due, OFFICER, today)).version, 4);
    }

    #[test]
    fn an_event_about_retention_holds_no_words() {
        let (_, event) = kept().hold(Sealed::from_bytes(vec![9]), OFFICER, date(2083, 6, 1)).unwrap().into_parts();
        assert_eq!(event.facts, [("kind".to_owned(), "looked_after".to_owned())]);
    }
}

//! A child, known to one responsible authority only. Who the child is stands sealed under a key of the child's own;
//! everything else of the system handles the child by a number.

pub mod retention;
pub mod spelling;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event, Move};
pub use crate::homes::home::Sex;
use crate::id::{ChildId, OrganisationId};
use crate::outcome::{Invalid, Refusal};
use crate::place::Postcode;
use crate::sealed::{FieldKind, Sealed};

coded! {
    /// The age bands in which a child is spoken of where the age itself would say too much.
    AgeBand {
        Under5 "under_5" "Under 5";
        From5To9 "5_to_9" "5 to 9";
        From10To12 "10_to_12" "10 to 12";
        From13To15 "13_to_15" "13 to 15";
        From16To17 "16_to_17" "16 to 17";
    }
}

impl AgeBand {
    /// The band of an age in whole years; 18 and over stand in the last.
    #[must_use]
    pub const fn of(age: u8) -> Self {
        match age {
            0..=4 => Self::Under5,
            5..=9 => Self::From5To9,
            10..=12 => Self::From10To12,
            13..=15 => Self::From13To15,
            _ => Self::From16To17,
        }
    }
}

/// Who a child is. Exists in the clear only where somebody who may see it asked; stored as `Sealed<ChildIdentity>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildIdentity {
    /// Family name.
    pub family_name: String,
    /// Given names.
    pub given_names: String,
    /// The name the child goes by, where it differs.
    pub known_as: Option<String>,
    /// Date of birth.
    pub born: Date,
    /// Sex.
    pub sex: Sex,
    /// The child's number in the authority's own case system.
    pub case_number: String,
    /// The postcode of the family home, from which distances are measured.
    pub home_postcode: Option<String>,
    /// The school that the child goes to.
    pub school: Option<String>,
    /// Names of relatives and others that must not appear in what homes read.
    pub other_names: Vec<String>,
}

/// Every field of [`ChildIdentity`] by the kind that it is; the field table of disclosure is built from it.
pub const FIELDS: &[(&str, FieldKind)] = &[
    ("family_name", FieldKind::Identity),
    ("given_names", FieldKind::Identity),
    ("known_as", FieldKind::Identity),
    ("born", FieldKind::Identity),
    ("sex", FieldKind::Profile),
    ("case_number", FieldKind::Identity),
    ("home_postcode", FieldKind::Identity),
    ("school", FieldKind::Identity),
    ("other_names", FieldKind::Identity),
];

impl ChildIdentity {
    /// Checks every field against its rule, in the order of the form.
    pub fn checked(self, today: Date) -> Result<Self, Invalid> {
        let mut wrong = Invalid::default();
        for (field, text, name) in
            [("given_names", &self.given_names, "given names"), ("family_name", &self.family_name, "family name")]
        {
            if text.trim().is_empty() {
                wrong.add(field, format!("Enter the child's {name}"));
            } else if text.chars().count() > 80 {
                wrong.add(field, format!("The child's {name} must be 80 characters or fewer"));
            }
        }
        if self.born > today {
            wrong.add("born", "The date of birth must be in the past");
        } else if age_on(self.born, today) >= 18 {
            wrong.add("born", "The child must be under 18: check the year of birth");
        }
        if self.home_postcode.as_deref().is_some_and(|text| Postcode::parse(text).is_err()) {
            wrong.add("home_postcode", "Enter the family home's full postcode, like HR4 0AB, or leave it empty");
        }
        if self.case_number.trim().is_empty() || self.case_number.chars().count() > 40 {
            wrong.add("case_number", "Enter the child's number in your case system, up to 40 characters");
        }
        wrong.or(self)
    }

    /// The family home's postcode, where one is recorded: shown to nobody who measures from it.
    #[must_use]
    pub fn postcode(&self) -> Option<Postcode> {
        self.home_postcode.as_deref().and_then(|text| Postcode::parse(text).ok())
    }

    /// Every name that what homes read must not contain, as it is kept.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [self.given_names.as_str(), self.family_name.as_str(), self.known_as.as_deref().unwrap_or_default()]
            .into_iter()
            .chain(self.other_names.iter().map(String::as_str))
    }
}

/// The words of a name that tell somebody: those of two letters or more, whatever marks stand on them.
pub fn name_words(name: &str) -> impl Iterator<Item = &str> {
    let ends = |letter: char| !letter.is_alphabetic() && !spelling::is_mark(letter);
    name.split(ends).filter(|word| word.chars().filter(|letter| !spelling::is_mark(*letter)).count() >= 2)
}

/// The age in whole years on a date. Somebody born on 29 February is a year older on 1 March of a common year.
#[must_use]
pub fn age_on(born: Date, on: Date) -> u8 {
    let years = i32::from(on.year()) - i32::from(born.year());
    let before_birthday = (on.month(), on.day()) < (born.month(), born.day());
    u8::try_from((years - i32::from(before_birthday)).max(0)).unwrap_or(u8::MAX)
}

/// Whether the child's record can still be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChildState {
    /// The record is kept.
    Known,
    /// The child's key is gone; what was sealed can never be read again.
    Forgotten,
}

impl ChildState {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Forgotten => "forgotten",
        }
    }
}

/// A child as the system handles one: by number, with the identity sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// The record's id.
    pub id: ChildId,
    /// The record's version.
    pub version: i64,
    /// The authority whose record this is; nobody else can read it.
    pub authority: OrganisationId,
    /// The authority responsible for the child in law: its director and nominated officers decide.
    pub responsible: OrganisationId,
    /// The child's number within the authority, from 1: the only way lists name a child.
    pub number: u32,
    /// Who the child is, under the child's own key.
    pub identity: Sealed<ChildIdentity>,
    /// Whether the record can still be read.
    pub state: ChildState,
}

/// Every move of a child's record.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "record", to: "known", by: "placement officer" },
    Move { from: "known", act: "correct", to: "known", by: "placement officer" },
    Move { from: "known", act: "forget", to: "forgotten", by: "administrator" },
];

impl Child {
    /// Records a child, sealed.
    pub fn record(
        id: ChildId,
        authority: OrganisationId,
        responsible: OrganisationId,
        number: u32,
        identity: Sealed<ChildIdentity>,
    ) -> Change<Self> {
        let child = Self { id, version: 1, authority, responsible, number, identity, state: ChildState::Known };
        let event = Event::new("child.recorded", "child", id.0, 1).with("number", number);
        Change::to(child, event)
    }

    /// Replaces the sealed identity by a corrected one.
    pub fn correct(self, identity: Sealed<ChildIdentity>) -> Result<Change<Self>, Refusal> {
        self.kept()?;
        let version = self.version + 1;
        let event = Event::new("child.corrected", "child", self.id.0, version);
        Ok(Change::to(Self { version, identity, ..self }, event))
    }

    /// Marks the record as unreadable; the store destroys the key in the same transaction.
    pub fn forget(self) -> Result<Change<Self>, Refusal> {
        self.kept()?;
        let version = self.version + 1;
        let event = Event::new("child.forgotten", "child", self.id.0, version);
        let identity = Sealed::from_bytes(Vec::new());
        Ok(Change::to(Self { version, identity, state: ChildState::Forgotten, ..self }, event))
    }

    /// Refused where the record was destroyed.
    pub fn kept(&self) -> Result<(), Refusal> {
        match self.state {
            ChildState::Known => Ok(()),
            ChildState::Forgotten => Err(forgotten()),
        }
    }
}

/// Stands where a child's record was erased.
pub const ERASED: &str =
    "The child’s details were erased, with all that was said of the child. Codes, days and prices stay.";

/// What nobody does with a record that was destroyed.
#[must_use]
pub fn forgotten() -> Refusal {
    Refusal::new(
        "child_forgotten",
        "Retention: a destroyed record stays destroyed",
        "This child's record was destroyed and cannot be read or changed.",
        "nobody",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn child() -> Child {
        Child::record(ChildId(1), OrganisationId(2), OrganisationId(2), 7, Sealed::from_bytes(vec![1, 2]))
            .into_parts()
            .0
    }

    fn identity() -> ChildIdentity {
        ChildIdentity {
            family_name: "O'Shea-Ball".to_owned(),
            given_names: "Mair Ann".to_owned(),
            known_as: None,
            born: date(2008, 2, 29),
            sex: Sex::Female,
            case_number: "C1".to_owned(),
            home_postcode: None,
            school: None,
            other_names: vec!["Gethin".to_owned()],
        }
    }

    #[test]
    fn age_is_counted_in_whole_years_and_leap_day_births_in_march() {
        assert_eq!(age_on(date(2008, 2, 29), date(2021, 2, 28)), 12);
        assert_eq!(age_on(date(2008, 2, 29), date(2021, 3, 1)), 13);
        assert_eq!(age_on(date(2005, 9, 14), date(2021, 9, 13)), 15);
        assert_eq!(age_on(date(2022, 1, 1), date(2021, 9, 13)), 0);
        assert_eq!(AgeBand::of(12), AgeBand::From10To12);
        assert_eq!(AgeBand::of(17), AgeBand::From16To17);
    }

    #[test]
    fn a_child_must_be_under_18_and_have_a_name() {
        assert!(identity().checked(date(2021, 9, 13)).is_ok());
        let mut wrong = identity();
        wrong.family_name.clear();
        wrong.born = date(2003, 9, 13);
        let fields: Vec<String> =
            wrong.checked(date(2021, 9, 13)).unwrap_err().errors.into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["family_name", "born"]);
    }

    #[test]
    fn names_are_taken_apart_into_words() {
        assert_eq!(identity().names().collect::<Vec<_>>(), ["Mair Ann", "O'Shea-Ball", "", "Gethin"]);
        assert_eq!(name_words("O'Shea-Ball, Zoe\u{308} e\u{301}").collect::<Vec<_>>(), ["Shea", "Ball", "Zoe\u{308}"]);
    }

    #[test]
    fn a_forgotten_child_stays_forgotten() {
        let forgotten = child().forget().unwrap().into_parts().0;
        assert!(forgotten.identity.bytes().is_empty());
        assert_eq!(forgotten.clone().correct(Sealed::from_bytes(vec![3])).unwrap_err().code, "child_forgotten");
        assert_eq!(forgotten.forget().unwrap_err().code, "child_forgotten");
    }

    #[test]
    fn every_field_of_the_identity_is_marked_by_kind() {
        let json = serde_json::to_value(identity()).unwrap();
        let fields: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        let mut marked: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        let mut fields = fields;
        fields.sort_unstable();
        marked.sort_unstable();
        assert_eq!(fields, marked);
    }

    #[test]
    fn an_event_about_a_child_holds_no_identity() {
        let (_, event) = child().correct(Sealed::from_bytes(vec![9])).unwrap().into_parts();
        assert!(event.facts.is_empty());
        assert_eq!(event.version, 2);
    }
}

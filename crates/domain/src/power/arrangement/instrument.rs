//! What both sides are bound by: the terms, and the specification of what is bought. Each has versions of its own, which
//! follow each other and are accepted one by one.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Arrangement, TermsVersion, WHO};
use crate::calendar::long_date;
use crate::change::Change;
use crate::outcome::Refusal;

/// The terms or the specification.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instrument {
    /// The terms and conditions.
    #[default]
    Terms,
    /// The specification of the service.
    Specification,
}

impl Instrument {
    /// Both, the terms first.
    pub const ALL: [Self; 2] = [Self::Terms, Self::Specification];

    /// As stored and in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Specification => "specification",
        }
    }

    /// The one with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// One of its versions in a sentence, such as `version 1.2 of the terms`.
    #[must_use]
    pub fn words(self, version: &str) -> String {
        format!("version {version} of the {}", self.code())
    }

    /// A version as it is told apart from those of the other: the number alone for the terms.
    #[must_use]
    pub fn key(self, version: &str) -> String {
        match self {
            Self::Terms => version.to_owned(),
            Self::Specification => format!("specification {version}"),
        }
    }

    /// What a key says: of which, and the number.
    #[must_use]
    pub fn of_key(key: &str) -> (Self, &str) {
        key.strip_prefix("specification ").map_or((Self::Terms, key), |number| (Self::Specification, number))
    }
}

/// The versions under which an agreement is made; empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cited {
    /// Of the terms.
    pub terms: String,
    /// Of the specification.
    pub specification: String,
}

impl Arrangement {
    /// The versions of one of them, oldest first.
    #[must_use]
    pub fn versions(&self, of: Instrument) -> &[TermsVersion] {
        match of {
            Instrument::Terms => &self.terms,
            Instrument::Specification => &self.specification,
        }
    }

    /// Issues a new version of the terms or of the specification.
    pub fn issue_terms(self, of: Instrument, terms: TermsVersion) -> Result<Change<Self>, Refusal> {
        let last = self.versions(of).last();
        let stale = last.is_some_and(|last| last.from >= terms.from)
            || self.versions(of).iter().any(|one| one.version == terms.version);
        if stale || terms.version.trim().is_empty() {
            return Err(Refusal::new(
                "terms_not_newer",
                "Versions of the terms, and of the specification, follow each other",
                format!(
                    "A new version of the {} needs a number of its own and a later first day than the one before.",
                    of.code()
                ),
                WHO,
            )
            .found(last.map_or_else(String::new, |last| format!("{} from {}", last.version, long_date(last.from)))));
        }
        let mut next = Self { version: self.version + 1, ..self };
        let event = next
            .event("arrangement.terms_issued")
            .with("of", of.code())
            .with("terms", &terms.version)
            .with("from", terms.from);
        match of {
            Instrument::Terms => next.terms.push(terms),
            Instrument::Specification => next.specification.push(terms),
        }
        Ok(Change::to(next, event))
    }

    /// The version in force on a day.
    #[must_use]
    pub fn version_on(&self, of: Instrument, day: Date) -> Option<&TermsVersion> {
        self.versions(of).iter().rev().find(|terms| terms.from <= day)
    }

    /// A version by its number; refused where there is none.
    pub fn version_of(&self, of: Instrument, version: &str) -> Result<&TermsVersion, Refusal> {
        self.versions(of).iter().find(|terms| terms.version == version).ok_or_else(|| {
            Refusal::new(
                "no_such_terms",
                "Versions of the terms and of the specification are the region's",
                format!("The arrangement has no such version of its {}.", of.code()),
                "The commissioning lead, by issuing it",
            )
            .found(version.chars().take(20).collect::<String>())
        })
    }
}

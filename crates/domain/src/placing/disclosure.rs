//! Who may see what about a child, and when: one table of fields by stage of disclosure.
//!
//! Homes are asked with an anonymous profile; the shortlisted see more; only the chosen home learns who the child is.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub mod associate;
pub mod fact;
pub mod ground;
pub mod recall;
mod sight;
pub mod table;

use crate::placing::referral::redaction::Known;

pub use associate::{AssociateAnswer, AssociateQuestion, AssociateState};
pub use sight::Released;
pub use table::{Reader, TABLE};

/// How far a home has come with a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Asked: the anonymous profile.
    Anonymous,
    /// Shortlisted: also the pseudonymous risk chronology and the answer about known associates.
    Shortlisted,
    /// Chosen: also who the child is.
    Chosen,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: &[Self] = &[Self::Anonymous, Self::Shortlisted, Self::Chosen];

    /// The words on the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Anonymous => "Anonymous profile",
            Self::Shortlisted => "Shortlisted: risk chronology without names",
            Self::Chosen => "Chosen: who the child is",
        }
    }

    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Shortlisted => "shortlisted",
            Self::Chosen => "chosen",
        }
    }

    /// The stage with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.code() == code)
    }

    /// Whether a home at this stage may see the field: one that the table does not list is seen at no stage.
    #[must_use]
    pub fn sees(self, field: &str) -> bool {
        Reader::Home(self).sees(field)
    }
}

/// What a shortlisted home reads beyond the profile: the history of risks without names. It has no other field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskChronology {
    /// The history, in which the check for names found nobody that the officer did not confirm.
    pub risk_chronology: String,
}

/// What the chosen home reads: who the child is. It has no place for the family home's postcode or for other names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosedIdentity {
    /// Given names.
    pub given_names: String,
    /// Family name.
    pub family_name: String,
    /// The name the child goes by.
    pub known_as: Option<String>,
    /// Date of birth.
    pub born: Date,
    /// The school.
    pub school: Option<String>,
    /// The number in the authority's case system.
    pub case_number: String,
}

impl DisclosedIdentity {
    /// Adds what of this child must not stand in words that others read.
    pub fn look_for(&self, known: &mut Known) {
        let names = [self.given_names.as_str(), &self.family_name, self.known_as.as_deref().unwrap_or_default()];
        known.add_told(names, self.school.as_deref());
        known.add_born(self.born);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placing::child::{self, ChildIdentity};
    use crate::sealed::FieldKind;

    #[test]
    fn rule_5_6_identity_is_seen_by_the_chosen_home_only() {
        for entry in TABLE.iter().filter(|entry| entry.kind == FieldKind::Identity) {
            assert!(!Stage::Anonymous.sees(entry.field), "{}", entry.field);
            assert!(!Stage::Shortlisted.sees(entry.field), "{}", entry.field);
        }
        assert!(Stage::Chosen.sees("family_name"));
    }

    #[test]
    fn rule_5_6_the_risk_chronology_waits_for_the_shortlist() {
        assert!(!Stage::Anonymous.sees("risk_chronology"));
        assert!(Stage::Shortlisted.sees("risk_chronology"));
        assert!(Stage::Chosen.sees("risk_chronology"));
    }

    #[test]
    fn rule_5_6_what_each_stage_reads_is_a_type_that_holds_only_what_the_table_gives_it() {
        let fields = |value: serde_json::Value| -> Vec<String> {
            value.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
        };
        let chronology = serde_json::to_value(RiskChronology { risk_chronology: String::new() }).unwrap_or_default();
        let identity = ChildIdentity {
            family_name: "Canary".to_owned(),
            given_names: "A".to_owned(),
            known_as: None,
            born: jiff::civil::date(2008, 5, 1),
            sex: child::Sex::Female,
            case_number: "C1".to_owned(),
            home_postcode: Some("POSTCODECANARY".to_owned()),
            school: None,
            other_names: vec!["OTHERCANARY".to_owned()],
        };
        let chosen = serde_json::to_value(Reader::Home(Stage::Chosen).disclosed(&identity)).unwrap_or_default();
        assert!(!chosen.to_string().contains("POSTCODECANARY") && !chosen.to_string().contains("OTHERCANARY"));
        for (stage, value) in [(Stage::Shortlisted, chronology), (Stage::Chosen, chosen)] {
            let fields = fields(value);
            assert!(!fields.is_empty());
            for field in fields {
                assert!(stage.sees(&field), "{} reads {field}", stage.label());
            }
        }
    }

    #[test]
    fn a_field_that_nobody_listed_is_seen_by_nobody() {
        assert!(Stage::ALL.iter().all(|stage| !stage.sees("diary")));
        assert!(Stage::ALL.iter().all(|stage| !stage.sees("home_postcode")));
    }

    #[test]
    fn every_field_of_a_childs_identity_stands_in_the_table_under_its_kind() {
        for (field, kind) in child::FIELDS {
            assert!(TABLE.iter().any(|entry| entry.field == *field && entry.kind == *kind), "{field}");
        }
    }
}

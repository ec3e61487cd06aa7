//! The free text of a referral. Stored only as `Sealed<Narrative>`; what homes read of it when they are asked is a
//! type of its own that has no place for the rest.

use serde::{Deserialize, Serialize};

use super::standard::{OtherText, Risk, RiskLevel, Standard};
use crate::outcome::Invalid;

/// The most characters that a text box takes.
pub const LONGEST: usize = 4_000;

/// Everything written in words about the child's needs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Narrative {
    /// What helps: asked before any risk.
    pub what_helps: String,
    /// What the child says they want, or why it could not be asked.
    pub wishes: String,
    /// What to know about each risk present.
    pub risks: Vec<(Risk, String)>,
    /// Education in words.
    pub education: String,
    /// Health and therapy in words.
    pub health: String,
    /// The words beside each "Other".
    pub others: Vec<(OtherText, String)>,
    /// The history of risks without names, for the shortlisted only.
    pub risk_chronology: String,
}

/// What a home that is asked reads in words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SharedWords {
    /// What helps.
    pub what_helps: String,
    /// What to know about each risk present.
    pub risks: Vec<(Risk, String)>,
    /// Education in words.
    pub education: String,
    /// Health and therapy in words.
    pub health: String,
    /// The words beside each "Other".
    pub others: Vec<(OtherText, String)>,
}

impl Narrative {
    /// The text about a risk; empty where there is none.
    #[must_use]
    pub fn risk(&self, risk: Risk) -> &str {
        self.risks.iter().find(|(which, _)| *which == risk).map_or("", |(_, text)| text.as_str())
    }

    /// The text beside an "Other"; empty where there is none.
    #[must_use]
    pub fn other(&self, field: OtherText) -> &str {
        self.others.iter().find(|(which, _)| *which == field).map_or("", |(_, text)| text.as_str())
    }

    /// What the homes asked will read: words about risks only where the risk is present, and of an "Other" only where
    /// it is chosen.
    #[must_use]
    pub fn shared(&self, needs: &Standard) -> SharedWords {
        let present = |risk: Risk| needs.risk(risk).is_some_and(|answer| answer.level == RiskLevel::RiskPresent);
        SharedWords {
            what_helps: self.what_helps.clone(),
            risks: self.risks.iter().filter(|(risk, text)| present(*risk) && !text.is_empty()).cloned().collect(),
            education: self.education.clone(),
            health: self.health.clone(),
            others: self.others.iter().filter(|(field, _)| needs.needs_other_text(*field)).cloned().collect(),
        }
    }

    /// Checks the length of every text.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut wrong = Invalid::default();
        for (field, text) in self.texts() {
            if text.chars().count() > LONGEST {
                wrong.add(&field, format!("This must be {LONGEST} characters or fewer"));
            }
        }
        wrong.or(self)
    }

    /// Every text with the name of its field, in the order of the form.
    pub fn texts(&self) -> Vec<(String, &str)> {
        let mut texts = vec![("what_helps".to_owned(), self.what_helps.as_str()), ("wishes".to_owned(), &self.wishes)];
        texts.extend(self.risks.iter().map(|(risk, text)| (format!("words_{}", risk.code()), text.as_str())));
        texts.push(("education_words".to_owned(), &self.education));
        texts.push(("health_words".to_owned(), &self.health));
        texts.extend(self.others.iter().map(|(field, text)| (field.code().to_owned(), text.as_str())));
        texts.push(("risk_chronology".to_owned(), &self.risk_chronology));
        texts
    }
}

impl SharedWords {
    /// Every text with the name of its field, as the redaction check reads them.
    pub fn texts(&self) -> Vec<(String, &str)> {
        let mut texts = vec![("what_helps".to_owned(), self.what_helps.as_str())];
        texts.extend(self.risks.iter().map(|(risk, text)| (format!("words_{}", risk.code()), text.as_str())));
        texts.push(("education_words".to_owned(), &self.education));
        texts.push(("health_words".to_owned(), &self.health));
        texts.extend(self.others.iter().map(|(field, text)| (field.code().to_owned(), text.as_str())));
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn homes_read_about_a_risk_only_where_it_is_present_and_never_the_chronology() {
        let narrative = Narrative {
            what_helps: "Football".to_owned(),
            wishes: "WISHES".to_owned(),
            risks: vec![(Risk::Missing, "Goes to friends".to_owned()), (Risk::SelfHarm, "Long ago".to_owned())],
            others: vec![(OtherText::Culture, "Chapel".to_owned())],
            risk_chronology: "CHRONOLOGY".to_owned(),
            ..Narrative::default()
        };
        let needs = Standard::default().with_risk(Risk::Missing, RiskLevel::RiskPresent, date(2021, 9, 1)).with_risk(
            Risk::SelfHarm,
            RiskLevel::NoKnownRisk,
            date(2021, 9, 1),
        );
        let shared = narrative.shared(&needs);
        assert_eq!(shared.risks, [(Risk::Missing, "Goes to friends".to_owned())]);
        assert!(shared.others.is_empty());
        let printed = format!("{shared:?}");
        assert!(!printed.contains("CHRONOLOGY") && !printed.contains("WISHES"));
    }

    #[test]
    fn a_text_too_long_is_named_by_its_field() {
        let narrative = Narrative { health: "x".repeat(LONGEST + 1), ..Narrative::default() };
        let fields: Vec<String> =
            narrative.checked().err().into_iter().flat_map(|wrong| wrong.errors).map(|error| error.field).collect();
        assert_eq!(fields, ["health_words"]);
    }
}

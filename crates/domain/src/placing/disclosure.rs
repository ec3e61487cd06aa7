//! Who may see what about a child, and when: one table of fields by stage of disclosure.
//!
//! Homes are asked with an anonymous profile; the shortlisted see more; only the chosen home learns who the child is.

use serde::{Deserialize, Serialize};

use crate::sealed::FieldKind;

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

    /// Whether a home at this stage may see the field: one that the table does not list is seen at no stage.
    #[must_use]
    pub fn sees(self, field: &str) -> bool {
        TABLE.iter().any(|line| line.field == field && line.from.is_some_and(|from| from <= self))
    }
}

/// One field about a child: its kind, and the first stage at which a home sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The field's name in the record.
    pub field: &'static str,
    /// What kind of field it is.
    pub kind: FieldKind,
    /// The first stage at which the home sees it; `None`: never through this system.
    pub from: Option<Stage>,
}

const fn line(field: &'static str, kind: FieldKind, from: Option<Stage>) -> Line {
    Line { field, kind, from }
}

/// The whole table.
pub const TABLE: &[Line] = &[
    line("age_band", FieldKind::Profile, Some(Stage::Anonymous)),
    line("age", FieldKind::Profile, Some(Stage::Anonymous)),
    line("sex", FieldKind::Profile, Some(Stage::Anonymous)),
    line("outcode", FieldKind::Profile, Some(Stage::Anonymous)),
    line("lot", FieldKind::Profile, Some(Stage::Anonymous)),
    line("needs", FieldKind::Profile, Some(Stage::Anonymous)),
    line("must_haves", FieldKind::Profile, Some(Stage::Anonymous)),
    line("standard", FieldKind::Profile, Some(Stage::Anonymous)),
    line("dates", FieldKind::Profile, Some(Stage::Anonymous)),
    line("what_helps", FieldKind::Narrative, Some(Stage::Anonymous)),
    line("risk_words", FieldKind::Narrative, Some(Stage::Anonymous)),
    line("education_words", FieldKind::Narrative, Some(Stage::Anonymous)),
    line("health_words", FieldKind::Narrative, Some(Stage::Anonymous)),
    line("risk_chronology", FieldKind::Narrative, Some(Stage::Shortlisted)),
    line("known_associates", FieldKind::Profile, Some(Stage::Shortlisted)),
    line("given_names", FieldKind::Identity, Some(Stage::Chosen)),
    line("family_name", FieldKind::Identity, Some(Stage::Chosen)),
    line("known_as", FieldKind::Identity, Some(Stage::Chosen)),
    line("born", FieldKind::Identity, Some(Stage::Chosen)),
    line("school", FieldKind::Identity, Some(Stage::Chosen)),
    line("case_number", FieldKind::Identity, Some(Stage::Chosen)),
    line("home_postcode", FieldKind::Identity, None),
    line("other_names", FieldKind::Identity, None),
    line("legal_basis", FieldKind::Profile, Some(Stage::Chosen)),
    line("avoid", FieldKind::Profile, None),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placing::child;

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

//! The one table of every field about a child: what kind it is, from which stage a home sees it, and which roles of the
//! child's own authority do. Pages, API, exports, mails and documents obey it; a test plants a canary in each field, and
//! another holds it against everything that is kept sealed. What a home, an offer, a question or an agreement says, and what
//! it costs, stands with its own two parties: no rival's is any reader's.

use super::Stage;
use crate::office::person::Role;
use crate::sealed::FieldKind;

/// Which roles of the child's own authority see a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// Those who work with the child: placement officers and directors.
    Care,
    /// Also those who keep the money, where it stands on an agreement.
    Money,
    /// Of the first, those of the body that places the child: what other homes offered is no other body's.
    Placing,
}

/// One field about a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The field's name in the record.
    pub field: &'static str,
    /// What kind of field it is.
    pub kind: FieldKind,
    /// The first stage at which the home sees it; `None`: never through this system.
    pub from: Option<Stage>,
    /// Who sees it within the authority.
    pub within: Within,
}

const fn line(field: &'static str, kind: FieldKind, from: Option<Stage>) -> Line {
    Line { field, kind, from, within: Within::Care }
}

const fn also_money(line: Line) -> Line {
    Line { within: Within::Money, ..line }
}

const fn placing_only(line: Line) -> Line {
    Line { within: Within::Placing, ..line }
}

/// The whole table.
pub const TABLE: &[Line] = &[
    also_money(line("age_band", FieldKind::Profile, Some(Stage::Anonymous))),
    line("age", FieldKind::Profile, Some(Stage::Anonymous)),
    line("sex", FieldKind::Profile, Some(Stage::Anonymous)),
    line("outcode", FieldKind::Profile, Some(Stage::Anonymous)),
    also_money(line("lot", FieldKind::Profile, Some(Stage::Anonymous))),
    line("needs", FieldKind::Profile, Some(Stage::Anonymous)),
    line("must_haves", FieldKind::Profile, Some(Stage::Anonymous)),
    line("standard", FieldKind::Profile, Some(Stage::Anonymous)),
    also_money(line("dates", FieldKind::Profile, Some(Stage::Anonymous))),
    line("what_helps", FieldKind::Narrative, Some(Stage::Anonymous)),
    line("risk_words", FieldKind::Narrative, Some(Stage::Anonymous)),
    line("education_words", FieldKind::Narrative, Some(Stage::Anonymous)),
    line("health_words", FieldKind::Narrative, Some(Stage::Anonymous)),
    line("other_words", FieldKind::Narrative, Some(Stage::Anonymous)),
    line("risk_chronology", FieldKind::Narrative, Some(Stage::Shortlisted)),
    line("known_associates", FieldKind::Profile, Some(Stage::Shortlisted)),
    line("given_names", FieldKind::Identity, Some(Stage::Chosen)),
    line("family_name", FieldKind::Identity, Some(Stage::Chosen)),
    line("known_as", FieldKind::Identity, Some(Stage::Chosen)),
    line("born", FieldKind::Identity, Some(Stage::Chosen)),
    line("school", FieldKind::Identity, Some(Stage::Chosen)),
    line("case_number", FieldKind::Identity, Some(Stage::Chosen)),
    line("legal_basis", FieldKind::Profile, Some(Stage::Chosen)),
    line("home_postcode", FieldKind::Identity, None),
    line("other_names", FieldKind::Identity, None),
    line("avoid", FieldKind::Profile, None),
    line("wishes", FieldKind::Narrative, None),
    line("search_approval", FieldKind::Profile, None),
    line("offer_words", FieldKind::Narrative, Some(Stage::Anonymous)),
    line("question_words", FieldKind::Narrative, Some(Stage::Anonymous)),
    line("agreement_words", FieldKind::Narrative, Some(Stage::Chosen)),
    line("document_names", FieldKind::Identity, None),
    line("recommendation_words", FieldKind::Narrative, None),
    placing_only(line("other_offer_words", FieldKind::Narrative, None)),
    line("answer_evidence", FieldKind::Narrative, None),
    line("closing_words", FieldKind::Narrative, None),
    line("check_words", FieldKind::Narrative, None),
    line("setting_words", FieldKind::Narrative, None),
    line("retention_words", FieldKind::Narrative, None),
    line("ground_words", FieldKind::Narrative, None),
    line("recall_words", FieldKind::Narrative, None),
    line("exemption_words", FieldKind::Narrative, None),
    line("associate_words", FieldKind::Narrative, Some(Stage::Shortlisted)),
    line("stability_signs", FieldKind::Profile, Some(Stage::Chosen)),
    line("stability_words", FieldKind::Narrative, Some(Stage::Chosen)),
    line("document_contents", FieldKind::Identity, None),
    line("paper_names", FieldKind::Identity, Some(Stage::Chosen)),
    line("paper_contents", FieldKind::Identity, Some(Stage::Chosen)),
    line("brought_rows", FieldKind::Identity, None),
    also_money(line("price", FieldKind::Plain, Some(Stage::Anonymous))),
];

/// Somebody who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A home at a stage.
    Home(Stage),
    /// Somebody of the child's own authority, by role.
    Own(Role),
    /// Somebody of the authority responsible for a child whom another body places, who decides for it (rule 1.4), by role.
    Responsible(Role),
    /// Everybody else: other authorities, other providers, the region, the public.
    Other,
}

impl Reader {
    /// The readers that the page shows, one for each column.
    pub fn all() -> impl Iterator<Item = Self> {
        let own = [Role::PlacementOfficer, Role::Approver, Role::FinanceOfficer, Role::Administrator].map(Self::Own);
        let others = [Self::Responsible(Role::Approver), Self::Other];
        Stage::ALL.iter().map(|stage| Self::Home(*stage)).chain(own).chain(others)
    }

    /// Whether this reader may see the field: one that the table does not list is seen by nobody.
    #[must_use]
    pub fn sees(self, field: &str) -> bool {
        let Some(line) = TABLE.iter().find(|line| line.field == field) else { return false };
        match self {
            Self::Home(stage) => line.from.is_some_and(|from| from <= stage),
            Self::Own(Role::PlacementOfficer | Role::Approver) => true,
            // Whoever looks round sees how the work is done, and not of whom.
            Self::Own(Role::Guest) => line.kind != FieldKind::Identity,
            Self::Own(Role::FinanceOfficer) => line.within == Within::Money,
            Self::Responsible(role) => line.within != Within::Placing && Self::Own(role).sees(field),
            Self::Own(
                Role::CommissioningLead
                | Role::ProviderManager
                | Role::DemocraticServices
                | Role::Analyst
                | Role::Administrator,
            )
            | Self::Other => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_5_6_the_guest_of_the_demonstration_aside_nobody_but_care_reads_identity_or_narrative() {
        for line in TABLE.iter().filter(|line| matches!(line.kind, FieldKind::Identity | FieldKind::Narrative)) {
            assert_ne!(line.within, Within::Money, "{}", line.field);
            for role in [Role::FinanceOfficer, Role::DemocraticServices, Role::Analyst, Role::Administrator] {
                assert!(!Reader::Own(role).sees(line.field), "{} reads {}", role.label(), line.field);
            }
            assert!(!Reader::Other.sees(line.field));
        }
    }

    #[test]
    fn rule_5_6_a_later_stage_sees_all_that_an_earlier_sees() {
        for line in TABLE {
            let seen: Vec<bool> = Stage::ALL.iter().map(|stage| Reader::Home(*stage).sees(line.field)).collect();
            assert!(seen.is_sorted(), "{}", line.field);
        }
    }

    #[test]
    fn rule_1_4_whoever_decides_for_a_child_whom_another_places_reads_all_but_what_speaks_of_other_offers() {
        for role in Role::ALL.iter().copied() {
            for line in TABLE {
                let (field, who) = (line.field, role.label());
                let sees = Reader::Own(role).sees(field) && field != "other_offer_words";
                assert_eq!(Reader::Responsible(role).sees(field), sees, "{who} {field}");
            }
        }
        assert!(Reader::Own(Role::Approver).sees("other_offer_words"));
    }

    #[test]
    fn a_field_stands_in_the_table_once() {
        for (at, line) in TABLE.iter().enumerate() {
            assert!(!TABLE.iter().skip(at + 1).any(|other| other.field == line.field), "{}", line.field);
        }
    }
}

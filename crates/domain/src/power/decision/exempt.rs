//! The part of a formal decision that is exempt from publication: what is exempt, the paragraph of Schedule 12A to the Local
//! Government Act 1972 relied on, and why the public interest in exempting it is the greater one. It is the authority's own
//! and stands in no public text; each time it is recorded anew, so that what was relied on before stays known.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::Decision;
use crate::change::{Change, Event};
use crate::id::{DecisionId, OrganisationId, PersonId};
use crate::outcome::Invalid;

coded! {
    /// A description of exempt information in England (Schedule 12A, part 1).
    ExemptParagraph {
        /// Paragraph 1.
        Individual => "1", "1: Information relating to any individual";
        /// Paragraph 2.
        Identity => "2", "2: Information which is likely to reveal the identity of an individual";
        /// Paragraph 3.
        Affairs => "3", "3: Information relating to the financial or business affairs of any particular person, the authority included";
        /// Paragraph 4.
        Labour => "4", "4: Consultations or negotiations about a labour relations matter";
        /// Paragraph 5.
        Privilege => "5", "5: Information to which legal professional privilege could be maintained in legal proceedings";
        /// Paragraph 6.
        Enactment => "6", "6: A notice, order or direction that the authority proposes under an enactment";
        /// Paragraph 7.
        Crime => "7", "7: Action about the prevention, investigation or prosecution of crime";
    }
}

/// What is said of an exempt part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemptWords {
    /// What is exempt, such as "Appendix B: the providers' tendered prices".
    pub what: String,
    /// The paragraph relied on.
    pub paragraph: ExemptParagraph,
    /// Why the public interest in exempting it outweighs that in telling it.
    pub reason: String,
}

/// The exempt part of a decision as it was recorded once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemptPart {
    /// Its id.
    pub id: i64,
    /// The decision.
    pub decision: DecisionId,
    /// Whose it is.
    pub authority: OrganisationId,
    /// What is exempt; none from when nothing is any longer.
    pub words: Option<ExemptWords>,
    /// Who recorded it.
    pub by: PersonId,
    /// When, in London.
    pub at: DateTime,
}

/// The most characters of each of its texts.
const LONGEST: usize = 2_000;

impl Decision {
    /// Records what of this decision is exempt from publication, or that nothing is any longer. The event names the
    /// paragraph and none of the words.
    pub fn exempt(
        &self,
        id: i64,
        words: Option<ExemptWords>,
        (by, at): (PersonId, DateTime),
    ) -> Result<Change<ExemptPart>, Invalid> {
        let mut invalid = Invalid::default();
        if let Some(words) = &words {
            for (field, text, ask) in [
                ("what", &words.what, "Enter what is exempt, like Appendix B: tendered prices"),
                ("public_interest", &words.reason, "Enter why the public interest in exempting it is the greater one"),
            ] {
                if text.trim().is_empty() {
                    invalid.add(field, ask);
                } else if text.chars().count() > LONGEST {
                    invalid.add(field, format!("Shorten this to {LONGEST} characters"));
                }
            }
        }
        let paragraph = words.as_ref().map_or("none", |words| words.paragraph.code());
        let event = Event::new("exempt_part.recorded", "exempt_part", id, 1)
            .with("reference", &self.reference)
            .with("paragraph", paragraph);
        invalid.or(Change::to(ExemptPart { id, decision: self.id, authority: self.authority, words, by, at }, event))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date;

    use super::*;
    use crate::power::decision::DecisionPage;

    #[test]
    fn an_exempt_part_says_what_by_which_paragraph_and_why() {
        let (decision, _) =
            Decision::record(DecisionId(1), OrganisationId(2), "HEF-1".into(), None, DecisionPage::default())
                .into_parts();
        let at = (PersonId(3), date(2021, 9, 13).at(10, 20, 0, 0));
        let words = |what: &str, reason: &str| ExemptWords {
            what: what.into(),
            paragraph: ExemptParagraph::Affairs,
            reason: reason.into(),
        };
        let refused = decision.exempt(4, Some(words(" ", "")), at).unwrap_err();
        let fields: Vec<&str> = refused.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["what", "public_interest"]);
        let (part, event) =
            decision.exempt(4, Some(words("Appendix B", "Rivals would learn it")), at).unwrap().into_parts();
        assert_eq!(part.words.unwrap().paragraph.code(), "3");
        assert!(!serde_json::to_string(&event).unwrap().contains("Appendix"), "the record names no words of it");
        assert!(decision.exempt(5, None, at).unwrap().next().words.is_none());
        assert_eq!(ExemptParagraph::ALL.len(), 7);
    }
}

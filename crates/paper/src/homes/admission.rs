//! The letter that tells a provider the outcome of its application: its own scores with reasons, and nobody else's.

use jiff::civil::Date;
use serde::Serialize;

use crate::typesetter::{DocumentMoment, PaperError, pdf};

const TEMPLATE: &str = include_str!("admission.typ");

/// One lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LotLine {
    /// The lot's name.
    pub lot: String,
    /// The weekly price tendered, in pence.
    pub weekly: i64,
    /// The price mark.
    pub price: String,
    /// The total.
    pub total: String,
    /// Whether it passes.
    pub passes: bool,
    /// Homes admitted.
    pub admitted: Vec<String>,
    /// Homes not admitted, with the reason.
    pub refused: Vec<String>,
}

/// Everything that the letter says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterPaper {
    /// The opening's reference.
    pub reference: String,
    /// Who keeps the record.
    pub lead: String,
    /// To whom.
    pub provider: String,
    /// On which day.
    pub issued_on: Date,
    /// The last day on which it can be challenged.
    pub standstill_until: Date,
    /// Whether the provider is to be admitted.
    pub passes: bool,
    /// The panel's words.
    pub words: String,
    /// Gates: which, passed, what was found.
    pub gates: Vec<(String, bool, String)>,
    /// The quality mark, where quality was read.
    pub quality: Option<String>,
    /// The highest score of a question.
    pub scale: u8,
    /// The total that passes.
    pub pass_mark: u8,
    /// Questions: what was asked, weight, score, reason.
    pub scores: Vec<(String, u8, u8, String)>,
    /// The lots.
    pub lots: Vec<LotLine>,
    /// The published formula.
    pub formula: String,
    /// The page of the record.
    pub record_url: String,
}

/// Typesets the letter as a tagged PDF.
pub fn letter(paper: &LetterPaper, moment: DocumentMoment) -> Result<Vec<u8>, PaperError> {
    pdf(TEMPLATE, paper, moment)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_letter_is_tagged_and_the_same_bytes_for_the_same_record() {
        let day = Date::constant;
        let paper = LetterPaper {
            reference: "AR-004".into(),
            lead: "Regional team".into(),
            provider: "Elm Care".into(),
            issued_on: day(2021, 9, 13),
            standstill_until: day(2021, 9, 23),
            passes: true,
            words: "Admit to planned care.".into(),
            gates: vec![("Insurances".into(), true, "£10,000,000 to 31 March 2022".into())],
            quality: Some("80.00".into()),
            scale: 5,
            pass_mark: 60,
            scores: vec![("How do you keep children safe?".into(), 40, 4, "Clear and tested".into())],
            lots: vec![LotLine {
                lot: "Planned".into(),
                weekly: 400_000,
                price: "57.14".into(),
                total: "73.14".into(),
                passes: true,
                admitted: vec!["Elm House (SC400001)".into()],
                refused: vec!["Elm Lodge (SC400002): judged Inadequate".into()],
            }],
            formula: "Quality counts 70%.".into(),
            record_url: "https://placewell.example/provider/admission/AR-004".into(),
        };
        let at = DocumentMoment(jiff::Timestamp::UNIX_EPOCH);
        let first = letter(&paper, at).unwrap();
        assert!(first.starts_with(b"%PDF"));
        assert!(first.windows(15).any(|part| part == b"/StructTreeRoot"), "the letter is tagged");
        assert_eq!(first, letter(&paper, at).unwrap());
    }
}

//! A mini-block contract on paper, from the record as it stands: parties and shares, beds, what is guaranteed, prices,
//! rights of each side, and each authority's approval by decision, limb and post. No child is in it.

pub mod recharge;

use jiff::civil::Date;
use serde::Serialize;

use crate::typesetter::{DocumentMoment, PaperError, pdf};

const TEMPLATE: &str = include_str!("block.typ");

/// Everything that a printed contract says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockPaper {
    /// The contract's reference, such as `MB-012`.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// Who keeps the record.
    pub lead: String,
    /// The provider.
    pub provider: String,
    /// Where it stands on the day of issue.
    pub standing: String,
    /// The day on which this copy was issued.
    pub issued_on: Date,
    /// The first night.
    pub from: Date,
    /// The last night.
    pub last: Date,
    /// The facts of the contract: label and value.
    pub facts: Vec<(String, String)>,
    /// Homes: name, number, beds.
    pub homes: Vec<(String, String, String)>,
    /// Prices of a night, in pence: label and price.
    pub prices: Vec<(String, i64)>,
    /// Paying authorities.
    pub paying: Vec<PayingLine>,
    /// What each side may do: label and words.
    pub rights: Vec<(String, String)>,
    /// Who has signed: label and words.
    pub signatures: Vec<(String, String)>,
    /// Changes since the award, in words.
    pub changes: Vec<String>,
    /// The record's full address.
    pub record_url: String,
}

/// A paying authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PayingLine {
    /// Its name.
    pub name: String,
    /// Its share.
    pub share: String,
    /// What its share guarantees over the whole term, in pence.
    pub guaranteed: i64,
    /// Decision, limb, post and day of its approval; that it has not approved, where it has not.
    pub approval: String,
}

/// Typesets a contract as a tagged PDF.
pub fn block(paper: &BlockPaper, moment: DocumentMoment) -> Result<Vec<u8>, PaperError> {
    pdf(TEMPLATE, paper, moment)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_contract_is_the_same_bytes_for_the_same_record() {
        let day = Date::constant;
        let paper = BlockPaper {
            reference: "MB-002".into(),
            title: "Four beds in the north".into(),
            lead: "Regional team".into(),
            provider: "Elm Care".into(),
            standing: "Live".into(),
            issued_on: day(2021, 9, 13),
            from: day(2020, 4, 1),
            last: day(2021, 12, 14),
            facts: vec![("Beds".into(), "4, fixed".into())],
            homes: vec![("Elm House".into(), "SC100001".into(), "Bed 1, Bed 2".into())],
            prices: vec![("An occupied night".into(), 48_571)],
            paying: vec![PayingLine {
                name: "Herefordshire Council".into(),
                share: "25%".into(),
                guaranteed: 1_234_500,
                approval: "Limb (b) of HEF-2019-0114".into(),
            }],
            rights: vec![("Refusals".into(), "2 in a calendar quarter".into())],
            signatures: vec![("For the provider".into(), "Rashid Harescombe, Manager, 14 March 2020".into())],
            changes: vec![],
            record_url: "https://placewell.example/mini-blocks/MB-002".into(),
        };
        let at = DocumentMoment(jiff::Timestamp::UNIX_EPOCH);
        let first = block(&paper, at).unwrap();
        assert!(first.starts_with(b"%PDF"));
        assert_eq!(first, block(&paper, at).unwrap());
    }
}

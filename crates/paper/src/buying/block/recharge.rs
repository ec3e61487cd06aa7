//! A recharge statement on paper: what one authority pays for a mini-block in a calendar month, line by line, with the
//! corrections of earlier months. No child is in it; an authority's own agreements stand by their references.

use jiff::civil::Date;
use serde::Serialize;

use crate::typesetter::{DocumentMoment, PaperError, pdf};

const TEMPLATE: &str = include_str!("recharge.typ");

/// Everything that a printed statement says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RechargePaper {
    /// The block's reference, such as `MB-012`.
    pub block: String,
    /// What it is called.
    pub title: String,
    /// The authority.
    pub authority: String,
    /// Its share in words.
    pub share: String,
    /// The provider.
    pub provider: String,
    /// The month's first night.
    pub month: Date,
    /// Its last night.
    pub last: Date,
    /// When provider and lead settled it; none while it may change.
    pub settled: Option<Date>,
    /// The day on which this copy was issued.
    pub issued_on: Date,
    /// The month's nights.
    pub lines: Vec<RechargeRow>,
    /// Corrections of earlier months.
    pub adjustments: Vec<RechargeRow>,
    /// What the authority owes, in pence.
    pub total: i64,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RechargeRow {
    /// What it is.
    pub what: String,
    /// How many nights.
    pub nights: i64,
    /// The authority's part of one, in pence.
    pub night: Option<i64>,
    /// What they come to, in pence.
    pub pence: i64,
}

/// Typesets a statement as a tagged PDF.
pub fn recharge(paper: &RechargePaper, moment: DocumentMoment) -> Result<Vec<u8>, PaperError> {
    pdf(TEMPLATE, paper, moment)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_statement_is_typeset_the_same_every_time_and_without_adjustments_too() {
        let row = |what: &str, nights, night, pence| RechargeRow { what: what.to_owned(), nights, night, pence };
        let paper = RechargePaper {
            block: "MB-001".to_owned(),
            title: "Four beds in Herefordshire".to_owned(),
            authority: "Herefordshire Council".to_owned(),
            share: "33.34%".to_owned(),
            provider: "Larkrise Care".to_owned(),
            month: date(2021, 8, 1),
            last: date(2021, 8, 31),
            settled: Some(date(2021, 9, 6)),
            issued_on: date(2021, 9, 13),
            lines: vec![
                row("Occupied, HEF-A-0137", 31, Some(48_571), 1_505_701),
                row("Share of income from re-sold nights", 6, Some(-668), -4_008),
            ],
            adjustments: vec![row(
                "Correction of 2021-07-10, bed 2: no child nominated, now home suspended",
                1,
                None,
                -13_669,
            )],
            total: 1_488_024,
        };
        let moment = DocumentMoment(jiff::Timestamp::UNIX_EPOCH);
        let first = recharge(&paper, moment).unwrap();
        assert!(first.starts_with(b"%PDF"));
        assert_eq!(first, recharge(&paper, moment).unwrap());
        let open = RechargePaper { settled: None, adjustments: Vec::new(), lines: Vec::new(), ..paper };
        assert!(recharge(&open, moment).unwrap().starts_with(b"%PDF"));
    }
}

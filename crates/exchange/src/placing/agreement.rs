//! The reader of an authority's own record of placements that began before this system: one row for a stay.
//!
//! Every cell that does not read is told by its row in the spreadsheet and its column; nothing is guessed.

use jiff::civil::Date;
use placewell_domain::homes::home::Sex;
use placewell_domain::money::Pence;
use placewell_domain::nights::ChargedDays;
use placewell_domain::placing::agreement::{EndReason, Origin};
use serde::Serialize;

pub use crate::office::import::CellError;
use crate::office::import::{Cells, Columns, Layout};
use crate::table::{TableError, each_row};

/// The columns: the first seventeen tell of a stay, the rest of who pays, notice, hours of support, what was paid, and
/// which of the first and last day is charged.
pub const LAYOUT: Layout = Layout {
    names: &[
        "source_reference",
        "origin",
        "child_reference",
        "family_name",
        "given_names",
        "date_of_birth",
        "sex",
        "home_urn",
        "start",
        "planned_end",
        "ended_on",
        "end_reason",
        "lot",
        "solo",
        "weekly_price",
        "education_weekly_price",
        "responsible_authority",
        "education_share",
        "health_share",
        "notice_days",
        "support_hours",
        "support_rate",
        "support_until",
        "support_review_on",
        "paid_from",
        "paid_to",
        "paid_amount",
        "charged_days",
    ],
    needed: &[
        "source_reference",
        "origin",
        "child_reference",
        "family_name",
        "given_names",
        "date_of_birth",
        "sex",
        "home_urn",
        "start",
        "planned_end",
        "weekly_price",
    ],
    key: &["source_reference"],
    private: &["family_name", "given_names", "date_of_birth", "child_reference"],
    example: EXAMPLE,
};
/// One invented row.
pub const EXAMPLE: &str = "IPA/0412,before_adoption,C1009,Wren,Anna,2006-03-01,female,SC400001,2018-12-17,2019-12-15,2019-11-30,\
                           CARPL,planned,no,3900.50,,,,,,,,,,,,,";
/// The most rows of one file.
pub const MOST_ROWS: usize = 5_000;

/// One stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryRow {
    /// Row of the spreadsheet, 1 being the first.
    pub row: usize,
    /// The stay's number in the earlier record.
    pub source_reference: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The child's number in the earlier record.
    pub child_reference: String,
    /// Family name.
    pub family_name: String,
    /// Given names.
    pub given_names: String,
    /// Date of birth.
    pub born: Date,
    /// Sex.
    pub sex: Sex,
    /// Ofsted's number of the home.
    pub home_urn: String,
    /// The first night.
    pub start: Date,
    /// The day after the last planned night.
    pub planned_end: Date,
    /// The day on which the child left, where the stay is over.
    pub ended: Option<(Date, EndReason)>,
    /// The lot's code; empty where the file does not say.
    pub lot: String,
    /// Whether the child lives there alone.
    pub solo: bool,
    /// The core price of a week.
    pub weekly: Pence,
    /// The price of a week of education beside it.
    pub education: Option<Pence>,
    /// The code of the authority responsible for the child; empty where it is the one that places.
    pub responsible: String,
    /// Parts of a hundred of the core price that education and health pay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shares: Option<(u16, u16)>,
    /// Days of notice, where they are not the standard's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_days: Option<u16>,
    /// Hours of support that were bought beside the core price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support: Option<SupportRow>,
    /// What the finance ledger shows as paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid: Option<PaidRow>,
    /// Which of the first and last day the contract charges, where it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charged: Option<ChargedDays>,
}

/// Hours of support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SupportRow {
    /// Hours a week, in quarters of an hour.
    pub quarter_hours: u16,
    /// The rate of an hour.
    pub rate: Pence,
    /// The day after its last night.
    pub until: Date,
    /// When a step-down is looked at.
    pub review_on: Date,
}

/// What the finance ledger shows as paid for nights, by all who pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaidRow {
    /// The first of the nights.
    pub from: Date,
    /// The day after the last night that is paid.
    pub to: Date,
    /// The amount.
    pub amount: Pence,
}

/// The file read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryRead {
    /// The rows that read, in the file's order.
    pub rows: Vec<HistoryRow>,
    /// Every cell that does not.
    pub errors: Vec<CellError>,
}

/// Reads the file. Nothing panics; a file without the columns comes back with one error and no rows.
#[must_use]
pub fn read(bytes: &[u8]) -> HistoryRead {
    let mut found = HistoryRead::default();
    let mut columns: Option<Columns> = None;
    let read = each_row(bytes, &mut |row| {
        let Some(known) = &columns else {
            columns = Some(Columns::find(&LAYOUT, &row.cells).map_err(TableError)?);
            return Ok(());
        };
        if found.rows.len() >= MOST_ROWS {
            return Err(TableError(format!("A file has at most {MOST_ROWS} rows; send the rest in another file.")));
        }
        let number = usize::try_from(row.number).unwrap_or(usize::MAX);
        let texts = known.arranged(&row.cells);
        let mut cells = Cells::of(&LAYOUT, number, &texts);
        match (stay(&mut cells), cells.errors.is_empty()) {
            (Some(stay), true) => found.rows.push(stay),
            _ => found.errors.append(&mut cells.errors),
        }
        Ok(())
    });
    let whole = |row: usize, reason: String| CellError { row, field: "columns".to_owned(), reason };
    match (read, &columns) {
        (Err(TableError(reason)), _) => found.errors.push(whole(1, reason)),
        (Ok(()), None) => found.errors.push(whole(1, "The file has no row of heads.".to_owned())),
        (Ok(()), Some(_)) => {}
    }
    found
}

/// Reads one row.
pub fn stay(cells: &mut Cells<'_>) -> Option<HistoryRow> {
    let source_reference = cells.short("source_reference", 60, "the stay's number in your record");
    let origins: Vec<&str> = Origin::ALL.iter().map(|origin| origin.code()).collect();
    let origin = cells.code("origin", Origin::from_code, &origins);
    let child_reference = cells.short("child_reference", 40, "the child's number in your record");
    let family_name = cells.short("family_name", 80, "the child's family name");
    let given_names = cells.short("given_names", 80, "the child's given names");
    let born = cells.day("date_of_birth");
    let sex = cells.code("sex", Sex::from_code, &[Sex::Female.code(), Sex::Male.code()]);
    let home_urn = cells.short("home_urn", 12, "the home's number at Ofsted, such as SC400001").to_uppercase();
    let (start, planned_end) = (cells.day("start"), cells.day("planned_end"));
    let ended = ended(cells);
    let solo = cells.yes("solo");
    let weekly = cells.price("weekly_price");
    let education = if cells.blank("education_weekly_price") { None } else { cells.price("education_weekly_price") };
    let (shares, notice_days) = (shares(cells), cells.number_or_blank("notice_days", 180));
    let (support, paid) = (support(cells, start), paid(cells, start));
    let charged = charged(cells, origin);
    Some(HistoryRow {
        row: cells.row(),
        source_reference,
        origin: origin?,
        child_reference,
        family_name,
        given_names,
        born: born?,
        sex: sex?,
        home_urn,
        start: start?,
        planned_end: planned_end?,
        ended,
        lot: cells.text("lot").to_lowercase(),
        solo,
        weekly: weekly?,
        education,
        responsible: cells.text("responsible_authority").to_uppercase(),
        shares,
        notice_days,
        support,
        paid,
        charged,
    })
}

/// Which of the first and last day are charged; at a mini-block's bed each night has one payer and is charged by its evening.
fn charged(cells: &mut Cells<'_>, origin: Option<Origin>) -> Option<ChargedDays> {
    if cells.blank("charged_days") {
        return None;
    }
    let codes: Vec<&str> = ChargedDays::ALL.iter().map(|days| days.code()).collect();
    let found = cells.code("charged_days", ChargedDays::from_code, &codes)?;
    if origin == Some(Origin::Block) && found != ChargedDays::default() {
        cells.wrong("charged_days", "first_not_last or nothing for a bed of a block, where each night has one payer");
    }
    Some(found)
}

fn ended(cells: &mut Cells<'_>) -> Option<(Date, EndReason)> {
    if cells.blank("ended_on") {
        if !cells.blank("end_reason") {
            cells.wrong("ended_on", "a date, since a reason for the end is given");
        }
        return None;
    }
    let codes: Vec<&str> = EndReason::ALL.iter().map(|reason| reason.code()).collect();
    let (on, reason) = (cells.day("ended_on"), cells.code("end_reason", EndReason::from_code, &codes));
    Some((on?, reason?))
}

/// Who pays: what education and health do not pay, the authority does.
fn shares(cells: &mut Cells<'_>) -> Option<(u16, u16)> {
    let (education, health) =
        (cells.number_or_blank("education_share", 100), cells.number_or_blank("health_share", 100));
    if education.is_none() && health.is_none() {
        return None;
    }
    let (education, health) = (education.unwrap_or_default(), health.unwrap_or_default());
    if education + health > 100 {
        cells.wrong("health_share", "parts that come to 100 with those of education at most");
    }
    Some((education, health))
}

fn support(cells: &mut Cells<'_>, start: Option<Date>) -> Option<SupportRow> {
    if ["support_hours", "support_rate", "support_until", "support_review_on"].iter().all(|name| cells.blank(name)) {
        return None;
    }
    let quarters = cells.text("support_hours").parse::<f64>().ok().map(|hours| hours * 4.0);
    let whole = (1..=672_u16).find(|count| quarters == Some(f64::from(*count)));
    if whole.is_none() {
        cells.wrong("support_hours", "hours a week in quarters, such as 12.5");
    }
    let rate = cells.price("support_rate");
    let (until, review_on) = (cells.day("support_until"), cells.day("support_review_on"));
    let (until, review_on) = (until?, review_on?);
    if start.is_some_and(|start| review_on <= start) || review_on >= until {
        cells.wrong("support_review_on", "a day between the start and the end of the support");
    }
    Some(SupportRow { quarter_hours: whole?, rate: rate?, until, review_on })
}

fn paid(cells: &mut Cells<'_>, start: Option<Date>) -> Option<PaidRow> {
    if ["paid_from", "paid_to", "paid_amount"].iter().all(|name| cells.blank(name)) {
        return None;
    }
    let from = if cells.blank("paid_from") { start } else { cells.day("paid_from") };
    let (to, amount) = (cells.day("paid_to"), cells.amount("paid_amount"));
    let (from, to) = (from?, to?);
    if to <= from {
        cells.wrong("paid_to", "the day after the last night that is paid, after the first");
    }
    Some(PaidRow { from, to, amount: amount? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    const HEAD: &str = "Source reference,Origin,Child reference,Family name,Given names,Date of birth,Sex,Home URN,Start,\
                        Planned end,Ended on,End reason,Weekly price\n";

    #[test]
    fn rule_2_5_a_row_is_a_stay_with_its_origin() {
        let file = format!(
            "{HEAD}A-1,before adoption,C9,Wren,\"Anna, May\",1/3/2006,female,sc400001,17 December 2018,2019-12-15,,,\"£3,900.50\"\n"
        );
        let found = read(file.as_bytes());
        assert_eq!(found.errors, []);
        let row = &found.rows[0];
        assert_eq!((row.row, row.origin, row.home_urn.as_str()), (2, Origin::BeforeAdoption, "SC400001"));
        assert_eq!((row.start, row.planned_end), (date(2018, 12, 17), date(2019, 12, 15)));
        assert_eq!((row.weekly, row.education, row.ended, row.solo), (Pence(390_050), None, None, false));
        assert_eq!(row.given_names, "Anna, May");
    }

    #[test]
    fn every_wrong_cell_is_named_by_row_and_column_and_no_childs_data_is_repeated() {
        let file = format!(
            "{HEAD}A-1,stolen,C9,Wren,Anna,born,other,SC1,soon,2019-12-15,2019-01-01,whim,cheap\n\
             A-2,spot,C9,,Anna,2006-03-01,female,SC1,2019-01-01,2019-12-15,,CARPL,4000\n"
        );
        let found = read(file.as_bytes());
        let told: Vec<(usize, &str)> = found.errors.iter().map(|error| (error.row, error.field.as_str())).collect();
        assert_eq!(
            told,
            [
                (2, "origin"),
                (2, "date_of_birth"),
                (2, "sex"),
                (2, "start"),
                (2, "end_reason"),
                (2, "weekly_price"),
                (3, "family_name"),
                (3, "ended_on")
            ]
        );
        assert!(found.rows.is_empty());
        assert!(!format!("{:?}", found.errors).contains("born\""));
    }

    #[test]
    fn a_file_without_the_columns_says_which_it_needs() {
        let reason = |file: &str| read(file.as_bytes()).errors[0].reason.clone();
        assert!(reason("source_reference,origin\nA,spot\n").contains("lacks child_reference, family_name"));
        assert!(reason("").contains("The file is empty"));
        assert!(reason("\u{0}\u{1}").contains("neither CSV nor an XLSX workbook"));
    }
}

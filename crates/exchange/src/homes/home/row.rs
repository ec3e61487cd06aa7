//! One children's home on the register, each cell read or refused by name.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::columns::{Column, Columns};
use super::table::GridRow;
use super::{plain, shown, squash};
use crate::dates;

/// Ofsted's overall judgement of a home at its latest full inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Judgement {
    /// Outstanding.
    #[serde(rename = "Outstanding")]
    Outstanding,
    /// Good.
    #[serde(rename = "Good")]
    Good,
    /// Requires improvement to be good; "Requires improvement" to 2017.
    #[serde(rename = "Requires improvement to be good")]
    RequiresImprovement,
    /// Inadequate.
    #[serde(rename = "Inadequate")]
    Inadequate,
    /// Adequate (a grade until 2015), or Satisfactory, which it replaced.
    #[serde(rename = "Adequate")]
    Adequate,
    /// No full inspection published: the cell is blank.
    #[serde(rename = "Not yet inspected")]
    NotYetInspected,
}

impl Judgement {
    /// Ofsted's words for it, as in the latest files.
    pub fn words(self) -> &'static str {
        match self {
            Self::Outstanding => "Outstanding",
            Self::Good => "Good",
            Self::RequiresImprovement => "Requires improvement to be good",
            Self::Inadequate => "Inadequate",
            Self::Adequate => "Adequate",
            Self::NotYetInspected => "Not yet inspected",
        }
    }

    /// Reads the words of any year, in any case; nothing for words that are no grade.
    pub fn read(words: &str) -> Option<Self> {
        match plain(words).as_str() {
            "outstanding" => Some(Self::Outstanding),
            "good" => Some(Self::Good),
            "requires improvement to be good" | "requires improvement" => Some(Self::RequiresImprovement),
            "inadequate" => Some(Self::Inadequate),
            "adequate" | "satisfactory" => Some(Self::Adequate),
            "" | "-" | "null" | "n/a" | "not yet inspected" => Some(Self::NotYetInspected),
            _ => None,
        }
    }
}

/// One children's home as the register has it. What the file lacks, redacts or leaves blank is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeRow {
    /// Row of the spreadsheet, 1 being the first.
    pub row: usize,
    /// Ofsted's unique reference number, such as SC392492.
    pub urn: String,
    /// Provision type as published ("Children's home").
    pub provision_type: String,
    /// The home's name; redacted in every year so far.
    pub name: Option<String>,
    /// Registration status: Active, Suspended, Proposed and others.
    pub registration_status: Option<String>,
    /// Day of registration (in files from 2019).
    pub registration_date: Option<Date>,
    /// Private, Voluntary, Local Authority, Health Authority.
    pub sector: Option<String>,
    /// Registered places.
    pub places: Option<u32>,
    /// Whether it only gives short breaks; `None` where the file has no such column.
    pub short_breaks_only: Option<bool>,
    /// Organisation that owns the home (in files from 2018).
    pub organisation: Option<String>,
    /// Authority whose area the home stands in.
    pub local_authority: Option<String>,
    /// Government Office Region.
    pub region: String,
    /// Parliamentary constituency.
    pub constituency: Option<String>,
    /// Judgement at the latest full inspection; `None` only where the file has no such column.
    pub judgement: Option<Judgement>,
    /// Kind of the latest inspection event.
    pub inspection_event_type: Option<String>,
    /// Day of that inspection.
    pub inspection_date: Option<Date>,
    /// Day its report was published (not in 2016).
    pub publication_date: Option<Date>,
    /// Ofsted's number of the inspection.
    pub event_number: Option<String>,
}

impl HomeRow {
    pub(super) fn read(columns: &Columns, row: &GridRow) -> Result<Self, String> {
        let text = |column| stated(columns.cell(row, column));
        let urn = columns.cell(row, Column::Urn);
        if urn.is_empty() {
            return Err("URN is blank: a home cannot be held without it.".to_owned());
        }
        if urn.len() > 20 || !urn.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(format!("URN is \"{}\"; expected letters and digits such as SC392492.", shown(urn)));
        }
        let judgement = columns.cell(row, Column::Judgement);
        let judged = Judgement::read(judgement).ok_or_else(|| {
            format!(
                "Overall judgement is \"{}\"; expected Outstanding, Good, Requires improvement to be good, \
                 Inadequate, Adequate or a blank cell.",
                shown(judgement)
            )
        })?;
        Ok(Self {
            row: row.number,
            urn: urn.to_ascii_uppercase(),
            provision_type: squash(columns.cell(row, Column::ProvisionType)),
            name: text(Column::Name),
            registration_status: text(Column::Status),
            registration_date: day(columns, row, Column::RegistrationDate, "Registration date")?,
            sector: text(Column::Sector),
            places: places(columns.cell(row, Column::Places))?,
            short_breaks_only: short_breaks(columns, row)?,
            organisation: text(Column::Organisation),
            local_authority: text(Column::LocalAuthority),
            region: squash(columns.cell(row, Column::Region)),
            constituency: text(Column::Constituency),
            judgement: columns.has(Column::Judgement).then_some(judged),
            inspection_event_type: text(Column::EventType),
            inspection_date: day(columns, row, Column::InspectionDate, "Inspection date")?,
            publication_date: day(columns, row, Column::PublicationDate, "Publication date")?,
            event_number: text(Column::EventNumber),
        })
    }
}

/// The cell's words; nothing for a blank or redacted cell.
fn stated(cell: &str) -> Option<String> {
    let words = squash(cell);
    (!words.is_empty() && !words.eq_ignore_ascii_case("redacted") && !words.eq_ignore_ascii_case("null"))
        .then_some(words)
}

fn places(cell: &str) -> Result<Option<u32>, String> {
    let whole = cell.strip_suffix(".0").unwrap_or(cell);
    match stated(whole) {
        None => Ok(None),
        Some(words) => match words.parse::<u32>() {
            Ok(places) if places <= 9999 => Ok(Some(places)),
            _ => Err(format!("Places is \"{}\"; expected a whole number from 0 to 9999.", shown(cell))),
        },
    }
}

/// "Yes", "Short breaks only" and the column's own name mean yes; a blank cell means no.
fn short_breaks(columns: &Columns, row: &GridRow) -> Result<Option<bool>, String> {
    if !columns.has(Column::ShortBreaks) {
        return Ok(None);
    }
    let cell = columns.cell(row, Column::ShortBreaks);
    let words = plain(cell).replace('-', " ");
    let words = words.strip_suffix(" childrens home").unwrap_or(&words);
    match words {
        "" | "no" | "n" | "null" => Ok(Some(false)),
        "yes" | "y" | "short breaks only" | "short break only" => Ok(Some(true)),
        _ => Err(format!("Short breaks only is \"{}\"; expected Yes, Short breaks only or a blank cell.", shown(cell))),
    }
}

fn day(columns: &Columns, row: &GridRow, column: Column, name: &str) -> Result<Option<Date>, String> {
    match stated(columns.cell(row, column)) {
        None => Ok(None),
        Some(words) => dates::only(&words)
            .map(Some)
            .ok_or_else(|| format!("{name} is \"{}\"; expected a date such as 24/04/2009.", shown(&words))),
    }
}

//! An options appraisal on paper: the alternatives side by side, with their ranges drawn and in tables, and every
//! assumption with where it comes from.

use jiff::civil::Date;
use serde::Serialize;

use crate::typesetter::{DocumentMoment, PaperError, pdf};

const TEMPLATE: &str = include_str!("appraisal.typ");

/// Everything that a printed appraisal says. All sums are whole pence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppraisalPaper {
    /// Its reference, such as `HEF-OA-001`; "Not saved" where it was not.
    pub reference: String,
    /// What it is for; empty where nobody said.
    pub title: String,
    /// Whose placements.
    pub authority: String,
    /// The day of the data.
    pub day: Date,
    /// The last event of the authority's record that the data holds.
    pub event: i64,
    /// How many futures were drawn.
    pub futures: u32,
    /// By which number they were drawn.
    pub seed: String,
    /// How many years are looked ahead.
    pub years: i64,
    /// What the figures say.
    pub finding: String,
    /// Whether the figures came out the same when they were drawn again for this copy; none where nothing was kept.
    pub same_again: Option<bool>,
    /// The alternatives, the arrangement first.
    pub options: Vec<OptionRow>,
    /// The contract years against the ceiling.
    pub contract_years: Vec<YearRow>,
    /// What buyers of each size pay.
    pub paid: Vec<PaidRow>,
    /// On what it rests, a sentence each.
    pub grounds: Vec<String>,
    /// What is assumed, group by group.
    pub assumptions: Vec<AssumedGroup>,
}

/// A middle with the range that holds 90 of 100 futures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Range {
    /// 5 of 100 lie below.
    pub low: i64,
    /// Half lie below.
    pub middle: i64,
    /// 5 of 100 lie above.
    pub high: i64,
}

/// An alternative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionRow {
    /// Its name.
    pub name: String,
    /// What it costs.
    pub cost: Range,
    /// How much more than the arrangement; none for that itself.
    pub above: Option<Range>,
    /// In what share of futures it costs less.
    pub cheaper: Option<String>,
    /// Set-up, once.
    pub set_up: i64,
    /// Searches that find no home at first.
    pub not_found: Range,
    /// Minutes of administration.
    pub minutes: Range,
    /// Children in the own area.
    pub near: Range,
    /// Children at a distance.
    pub far: Range,
    /// Placements by its framework.
    pub framework: Range,
    /// Placements by spot.
    pub spot: Range,
    /// Placements in beds of the block or in house.
    pub beds: Range,
    /// Children who still need the arrangement, where that is asked.
    pub still: Option<Range>,
}

/// A contract year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YearRow {
    /// Its first day.
    pub from: Date,
    /// What it costs.
    pub cost: Range,
    /// The ceiling.
    pub ceiling: Option<i64>,
    /// Whether a decision set it for this year.
    pub set: bool,
    /// The share of futures above it.
    pub above: String,
}

/// What is paid for a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaidRow {
    /// The lot.
    pub lot: String,
    /// By this authority.
    pub own: PaidCell,
    /// By authorities of like size.
    pub like: PaidCell,
    /// By larger ones.
    pub larger: PaidCell,
    /// By the region.
    pub region: PaidCell,
}

/// How many, and the middle price a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PaidCell {
    /// Placements.
    pub count: u32,
    /// The middle weekly price; none where there are too few.
    pub price: Option<i64>,
}

/// The assumptions under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssumedGroup {
    /// The heading.
    pub heading: String,
    /// Its rows.
    pub rows: Vec<AssumedRow>,
}

/// One assumption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssumedRow {
    /// The question.
    pub label: String,
    /// The value in words.
    pub value: String,
    /// Where it comes from.
    pub from: String,
}

/// Typesets an appraisal as a tagged PDF.
pub fn appraisal(paper: &AppraisalPaper, moment: DocumentMoment) -> Result<Vec<u8>, PaperError> {
    pdf(TEMPLATE, paper, moment)
}

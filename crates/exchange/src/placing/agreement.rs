//! The reader of an authority's own record of placements that began before this system: one row for a stay.
//!
//! Every cell that does not read is told by its row in the spreadsheet and its column; nothing is guessed.

use jiff::civil::Date;
use placewell_domain::homes::home::Sex;
use placewell_domain::money::Pence;
use placewell_domain::placing::agreement::{EndReason, Origin};
use serde::Serialize;

use crate::{dates, text};

/// The columns, in the order in which they are usually written.
pub const COLUMNS: [&str; 17] = [
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
];
/// One invented row.
pub const EXAMPLE: &str = "IPA/0412,before_adoption,C1009,Wren,Anna,2006-03-01,female,SC400001,2018-12-17,2019-12-15,2019-11-30,\
                           CARPL,planned,no,3900.50,,";
/// How many of them, from the first, a file must have: those after may be left out.
const NEEDED: usize = 10;
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
}

/// A cell that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellError {
    /// Row of the spreadsheet, 1 being the first.
    pub row: usize,
    /// The column.
    pub field: String,
    /// What was found and what is expected.
    pub reason: String,
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
    let decoded = text::decode(bytes).replace("\r\n", "\n").replace('\r', "\n");
    let mut found = HistoryRead::default();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(decoded.as_bytes());
    let mut columns: Option<Columns> = None;
    for record in reader.records() {
        let Ok(record) = record else { continue };
        let row = record.position().map_or(0, |at| usize::try_from(at.line()).unwrap_or(0));
        let cells: Vec<&str> = record.iter().map(|cell| bare(cell.trim())).collect();
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        match &columns {
            None => match Columns::find(&cells) {
                Ok(known) => columns = Some(known),
                Err(reason) => {
                    found.errors.push(CellError { row, field: "columns".to_owned(), reason });
                    return found;
                }
            },
            Some(columns) if found.rows.len() < MOST_ROWS => columns.read(row, &cells, &mut found),
            Some(_) => {
                let reason = format!("A file has at most {MOST_ROWS} rows; send the rest in another file.");
                found.errors.push(CellError { row, field: "rows".to_owned(), reason });
                return found;
            }
        }
    }
    if columns.is_none() {
        found.errors.push(CellError { row: 1, field: "columns".to_owned(), reason: needs(&COLUMNS[..NEEDED]) });
    }
    found
}

/// A cell without the apostrophe that guards a spreadsheet against formulas.
fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell)
}

fn needs(missing: &[&str]) -> String {
    format!("The first row lacks {}; it names the columns: {}.", missing.join(", "), COLUMNS.join(","))
}

/// Where each column stands.
struct Columns([Option<usize>; COLUMNS.len()]);

impl Columns {
    fn find(cells: &[&str]) -> Result<Self, String> {
        let names: Vec<String> = cells.iter().map(|cell| cell.to_lowercase().replace([' ', '-'], "_")).collect();
        let at = COLUMNS.map(|column| names.iter().position(|name| name == column));
        let missing: Vec<&str> =
            COLUMNS.iter().zip(&at).take(NEEDED).filter(|(_, at)| at.is_none()).map(|(name, _)| *name).collect();
        let price = COLUMNS.iter().position(|name| *name == "weekly_price").and_then(|at_price| at[at_price]);
        let missing = if price.is_none() { [missing, vec!["weekly_price"]].concat() } else { missing };
        if missing.is_empty() { Ok(Self(at)) } else { Err(needs(&missing)) }
    }

    fn read(&self, row: usize, cells: &[&str], found: &mut HistoryRead) {
        let mut cell = Cells { columns: self, row, texts: cells, errors: Vec::new() };
        let read = cell.row();
        let errors = cell.errors;
        match (read, errors.is_empty()) {
            (Some(read), true) => found.rows.push(read),
            _ => found.errors.extend(errors),
        }
    }
}

/// The cells of one row, and what is wrong with them.
struct Cells<'a> {
    columns: &'a Columns,
    row: usize,
    texts: &'a [&'a str],
    errors: Vec<CellError>,
}

impl<'a> Cells<'a> {
    fn text(&self, column: &str) -> &'a str {
        let at =
            COLUMNS.iter().position(|name| *name == column).and_then(|at| self.columns.0.get(at).copied().flatten());
        at.and_then(|at| self.texts.get(at)).copied().unwrap_or_default()
    }

    fn wrong(&mut self, column: &str, expected: &str) {
        let cell = self.text(column);
        // What a cell about a child holds is not repeated: the list of errors is read by others, too.
        let told = matches!(column, "family_name" | "given_names" | "date_of_birth" | "child_reference");
        let reason = match (cell.is_empty(), told) {
            (true, _) => format!("The cell is blank; expected {expected}."),
            (false, true) => format!("The cell does not read; expected {expected}."),
            (false, false) => {
                format!("The cell is \"{}\"; expected {expected}.", cell.chars().take(40).collect::<String>())
            }
        };
        self.errors.push(CellError { row: self.row, field: column.to_owned(), reason });
    }

    fn short(&mut self, column: &str, longest: usize, expected: &str) -> String {
        let cell = self.text(column);
        if cell.is_empty() || cell.chars().count() > longest || cell.contains('\0') {
            self.wrong(column, expected);
        }
        cell.to_owned()
    }

    fn day(&mut self, column: &str) -> Option<Date> {
        let found = dates::only(self.text(column)).filter(|date| (1900..2200).contains(&date.year()));
        if found.is_none() {
            self.wrong(column, "a date such as 2018-12-15");
        }
        found
    }

    fn price(&mut self, column: &str) -> Option<Pence> {
        let found = Pence::read(self.text(column)).filter(|weekly| *weekly > Pence::ZERO);
        if found.is_none() {
            self.wrong(column, "pounds a week such as 4150 or 4150.50");
        }
        found
    }

    fn code<T>(&mut self, column: &str, from: impl Fn(&str) -> Option<T>, codes: &[&str]) -> Option<T> {
        let cell = self.text(column).to_lowercase().replace([' ', '-'], "_");
        let found = from(&cell).or_else(|| from(&cell.to_uppercase()));
        if found.is_none() {
            self.wrong(column, &format!("one of {}", codes.join(", ")));
        }
        found
    }

    fn row(&mut self) -> Option<HistoryRow> {
        let source_reference = self.short("source_reference", 60, "the stay's number in your record");
        let origins: Vec<&str> = Origin::ALL.iter().map(|origin| origin.code()).collect();
        let origin = self.code("origin", Origin::from_code, &origins);
        let child_reference = self.short("child_reference", 40, "the child's number in your record");
        let family_name = self.short("family_name", 80, "the child's family name");
        let given_names = self.short("given_names", 80, "the child's given names");
        let born = self.day("date_of_birth");
        let sex = self.code("sex", Sex::from_code, &[Sex::Female.code(), Sex::Male.code()]);
        let home_urn = self.short("home_urn", 12, "the home's number at Ofsted, such as SC400001").to_uppercase();
        let (start, planned_end) = (self.day("start"), self.day("planned_end"));
        let ended = self.ended();
        let solo = self.yes("solo");
        let weekly = self.price("weekly_price");
        let education =
            if self.text("education_weekly_price").is_empty() { None } else { self.price("education_weekly_price") };
        Some(HistoryRow {
            row: self.row,
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
            lot: self.text("lot").to_lowercase(),
            solo,
            weekly: weekly?,
            education,
            responsible: self.text("responsible_authority").to_uppercase(),
        })
    }

    fn ended(&mut self) -> Option<(Date, EndReason)> {
        if self.text("ended_on").is_empty() {
            if !self.text("end_reason").is_empty() {
                self.wrong("ended_on", "a date, since a reason for the end is given");
            }
            return None;
        }
        let codes: Vec<&str> = EndReason::ALL.iter().map(|reason| reason.code()).collect();
        let (on, reason) = (self.day("ended_on"), self.code("end_reason", EndReason::from_code, &codes));
        Some((on?, reason?))
    }

    fn yes(&mut self, column: &str) -> bool {
        match self.text(column).to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" => true,
            "" | "no" | "n" | "false" | "0" => false,
            _ => {
                self.wrong(column, "yes or no");
                false
            }
        }
    }
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
        assert!(reason("").contains("lacks source_reference"));
        assert!(reason("\u{0}\u{1}").contains("lacks source_reference"));
    }
}

//! The reader of a region's own file of admissions: one row for a home on a lot with its tendered price, and the day from
//! which it holds. Rows that cannot be read are reported with their row in the spreadsheet; the rest goes in.

use jiff::civil::Date;
use placewell_domain::money::Pence;

use super::home::RowError;
use crate::{dates, text};

/// The columns, in the order in which they are usually written; the last is optional.
pub const COLUMNS: [&str; 6] = ["urn", "lot", "admitted_from", "weekly_price", "price_from", "education_weekly_price"];

/// One row: a home on a lot, and what it tendered for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmissionRow {
    /// Row of the spreadsheet, 1 being the first.
    pub row: usize,
    /// Ofsted's number.
    pub urn: String,
    /// The lot's code.
    pub lot: String,
    /// The first day on the lot.
    pub admitted_from: Date,
    /// The core price of a week; none where the row only admits.
    pub weekly: Option<Pence>,
    /// The price of a week of education beside it, where the home tendered one.
    pub education: Option<Pence>,
    /// The first night at these prices; the first day on the lot where the row does not say.
    pub price_from: Date,
}

/// The file read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AdmissionsRead {
    /// Its rows, in the file's order.
    pub rows: Vec<AdmissionRow>,
    /// Rows that could not be read.
    pub errors: Vec<RowError>,
}

/// Reads the file. Nothing panics; a file without the columns comes back with one error and no rows.
#[must_use]
pub fn read(bytes: &[u8]) -> AdmissionsRead {
    let decoded = text::decode(bytes).replace("\r\n", "\n").replace('\r', "\n");
    let mut found = AdmissionsRead::default();
    let mut columns: Option<Columns> = None;
    // No cell of this file spans lines, so that a stray quotation mark spoils its own row alone.
    for (at, line) in decoded.split('\n').enumerate() {
        let row = at + 1;
        let Some(cells) = text::cells(line) else {
            found.errors.push(RowError { row, reason: "The row cannot be taken apart as CSV.".to_owned() });
            continue;
        };
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let Some(columns) = &columns else {
            match Columns::find(&cells) {
                Ok(known) => columns = Some(known),
                Err(reason) => {
                    found.errors.push(RowError { row, reason });
                    return found;
                }
            }
            continue;
        };
        match columns.read(row, &cells) {
            Ok(one) => found.rows.push(one),
            Err(reason) => found.errors.push(RowError { row, reason }),
        }
    }
    if columns.is_none() {
        found.errors.push(RowError { row: 1, reason: needs(&[COLUMNS[0], COLUMNS[1], COLUMNS[2]]) });
    }
    found
}

fn needs(missing: &[&str]) -> String {
    format!("The first row lacks {}; it names the columns: {}.", missing.join(", "), COLUMNS.join(","))
}

/// Where each column stands.
struct Columns([Option<usize>; 6]);

impl Columns {
    fn find(cells: &[String]) -> Result<Self, String> {
        let bare = |cell: &String| cell.to_lowercase().replace([' ', '-'], "_");
        let names: Vec<String> = cells.iter().map(bare).collect();
        let at = COLUMNS.map(|column| names.iter().position(|name| name == column));
        let missing: Vec<&str> =
            COLUMNS.iter().zip(&at).take(3).filter(|(_, at)| at.is_none()).map(|(name, _)| *name).collect();
        if missing.is_empty() { Ok(Self(at)) } else { Err(needs(&missing)) }
    }

    fn read(&self, row: usize, cells: &[String]) -> Result<AdmissionRow, String> {
        let [urn, lot, admitted_from, weekly, price_from, education] =
            self.0.map(|at| at.and_then(|at| cells.get(at)).map(String::as_str).unwrap_or_default());
        if urn.is_empty() || lot.is_empty() {
            return Err("A row names a home by its URN, and a lot.".to_owned());
        }
        let admitted_from = day("admitted_from", admitted_from)?
            .ok_or_else(|| "admitted_from is blank; expected a date such as 2018-12-15.".to_owned())?;
        Ok(AdmissionRow {
            row,
            urn: urn.to_ascii_uppercase(),
            lot: lot.to_lowercase(),
            admitted_from,
            weekly: price("weekly_price", weekly)?,
            education: price("education_weekly_price", education)?,
            price_from: day("price_from", price_from)?.unwrap_or(admitted_from),
        })
    }
}

fn day(name: &str, cell: &str) -> Result<Option<Date>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let found =
        dates::only(cell).ok_or_else(|| format!("{name} is \"{cell}\"; expected a date such as 2018-12-15."))?;
    Ok(Some(found))
}

fn price(name: &str, cell: &str) -> Result<Option<Pence>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let found = Pence::read(cell).filter(|weekly| *weekly > Pence::ZERO);
    let found =
        found.ok_or_else(|| format!("{name} is \"{cell}\"; expected pounds a week such as 4150 or 4150.50."))?;
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_row_admits_a_home_to_a_lot_at_a_price_from_a_day() {
        let file = "URN,Lot,Admitted from,Weekly price,Price from,Education weekly price\n\
                    sc400001,planned,15/12/2018,\"£4,150.50\",2021-04-01,900\n\
                    SC400002,planned,2018-12-15,,,\n";
        let found = read(file.as_bytes());
        assert_eq!(found.errors, []);
        let row = &found.rows[0];
        assert_eq!((row.row, row.urn.as_str(), row.lot.as_str()), (2, "SC400001", "planned"));
        assert_eq!((row.admitted_from, row.price_from), (date(2018, 12, 15), date(2021, 4, 1)));
        assert_eq!((row.weekly, row.education), (Some(Pence(415_050)), Some(Pence(90_000))));
        assert_eq!((found.rows[1].weekly, found.rows[1].price_from), (None, date(2018, 12, 15)));
    }

    #[test]
    fn a_row_that_cannot_be_read_is_named_and_the_rest_is_read() {
        let file = "urn,lot,admitted_from,weekly_price\n\
                    SC400001,planned,soon,4150\n\
                    SC400002,planned,2018-12-15,cheap\n\
                    ,planned,2018-12-15,1\n\
                    \n\
                    SC400004,planned,2018-12-15,0\n\
                    SC400005,crisis,2018-12-15,5000\n";
        let found = read(file.as_bytes());
        assert_eq!(found.errors.iter().map(|error| error.row).collect::<Vec<_>>(), [2, 3, 4, 6]);
        assert!(found.errors[0].reason.contains("\"soon\""), "{:?}", found.errors[0]);
        assert_eq!(found.rows.len(), 1);
    }

    #[test]
    fn a_file_without_the_columns_says_which_it_needs() {
        let reason = |file: &str| read(file.as_bytes()).errors[0].reason.clone();
        assert!(reason("urn,price\nSC1,2\n").starts_with("The first row lacks lot, admitted_from;"));
        assert!(reason("").contains("urn,lot,admitted_from"));
        assert!(reason("\u{0}\u{1}").contains("lacks urn"));
    }
}

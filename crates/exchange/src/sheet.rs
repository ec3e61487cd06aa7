//! A table as a file: CSV or a spreadsheet, with the same columns, ISO dates and no row of totals. What a person typed
//! is never a formula: in CSV it gets a leading apostrophe, in a spreadsheet it is written as text.

use jiff::civil::{Date, DateTime};
use placewell_domain::money::Pence;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// Money: pounds with two decimals.
    Money(Pence),
    /// A day.
    Day(Date),
    /// A count.
    Count(i64),
    /// Nothing.
    Empty,
}

impl From<&str> for Cell {
    fn from(words: &str) -> Self {
        Self::Text(words.to_owned())
    }
}

impl From<String> for Cell {
    fn from(words: String) -> Self {
        Self::Text(words)
    }
}

impl From<Pence> for Cell {
    fn from(amount: Pence) -> Self {
        Self::Money(amount)
    }
}

impl From<Date> for Cell {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

/// A named table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name: the tab of a spreadsheet, at most 31 characters.
    pub name: String,
    /// The heads of its columns.
    pub columns: Vec<String>,
    /// Its rows, as wide as the columns.
    pub rows: Vec<Vec<Cell>>,
}

/// Why a file could not be written: a fault of the program, never of what a person typed.
#[derive(Debug)]
pub struct SheetError(pub String);

impl From<csv::Error> for SheetError {
    fn from(error: csv::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<XlsxError> for SheetError {
    fn from(error: XlsxError) -> Self {
        Self(error.to_string())
    }
}

impl Sheet {
    /// A table of these columns.
    pub fn new<T: Into<String>>(name: impl Into<String>, columns: impl IntoIterator<Item = T>) -> Self {
        Self { name: name.into(), columns: columns.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// As CSV in UTF-8 (RFC 4180).
    pub fn csv(&self) -> Result<Vec<u8>, SheetError> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|name| guarded(name)))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(plain))?;
        }
        writer.into_inner().map_err(|error| SheetError(error.to_string()))
    }
}

/// A spreadsheet of these tables, one to a tab; its properties say when it was made, in London.
pub fn xlsx(sheets: &[Sheet], made: DateTime) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(made.year()).unwrap_or(1900);
    let created = ExcelDateTime::from_ymd(year, part(made.month()), part(made.day()))?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let (head, money, day) = (
        Format::new().set_bold(),
        Format::new().set_num_format("£#,##0.00;-£#,##0.00"),
        Format::new().set_num_format("yyyy-mm-dd"),
    );
    for sheet in sheets {
        let tab = book.add_worksheet();
        tab.set_name(sheet.name.chars().take(31).collect::<String>())?;
        tab.set_freeze_panes(1, 0)?;
        for (column, name) in (0_u16..).zip(&sheet.columns) {
            tab.write_string_with_format(0, column, name, &head)?;
            tab.set_column_width(column, 18)?;
        }
        for (row, cells) in (1_u32..).zip(&sheet.rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                match cell {
                    Cell::Text(words) => tab.write_string(row, column, words)?,
                    Cell::Money(amount) => {
                        tab.write_number_with_format(row, column, number(&pounds(*amount)), &money)?
                    }
                    Cell::Count(count) => tab.write_number(row, column, number(&count.to_string()))?,
                    Cell::Day(date) => {
                        let year = u16::try_from(date.year()).unwrap_or(1900);
                        let date = ExcelDateTime::from_ymd(year, part(date.month()), part(date.day()))?;
                        tab.write_datetime_with_format(row, column, &date, &day)?
                    }
                    Cell::Empty => tab,
                };
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

/// Figures as a spreadsheet counts them: exact up to fifteen digits.
fn number(figures: &str) -> f64 {
    figures.parse().unwrap_or_default()
}

/// `4150.50`, `-12.00`.
fn pounds(amount: Pence) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", amount.0.unsigned_abs() / 100, amount.0.unsigned_abs() % 100)
}

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Text(words) => guarded(words),
        Cell::Money(amount) => pounds(*amount),
        Cell::Day(day) => day.to_string(),
        Cell::Count(count) => count.to_string(),
        Cell::Empty => String::new(),
    }
}

/// Words that a spreadsheet would take for a formula, behind an apostrophe: also where spaces or wide letters lead, which
/// some programs drop or narrow before they look.
fn guarded(words: &str) -> String {
    let first = words.trim_start().chars().next();
    let formula =
        first.is_some_and(|first| "=+-@＝＋－＠".contains(first)) || words.starts_with(['\t', '\r', '\n', '\0']);
    if formula { format!("'{words}") } else { words.to_owned() }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn sheet() -> Sheet {
        let mut sheet = Sheet::new("Movements", ["Agreement", "Amount", "On"]);
        sheet.rows.push(vec!["=cmd|'/c calc'!A1".into(), Pence(-415_050).into(), date(2021, 9, 13).into()]);
        sheet.rows.push(vec!["HEF-A-0137, \"first\"".into(), Pence(5).into(), Cell::Empty]);
        sheet
    }

    #[test]
    fn csv_quotes_guards_formulas_and_writes_iso_dates() {
        let text = String::from_utf8(sheet().csv().unwrap()).unwrap();
        assert_eq!(
            text,
            "Agreement,Amount,On\r\n'=cmd|'/c calc'!A1,-4150.50,2021-09-13\r\n\"HEF-A-0137, \"\"first\"\"\",0.05,\r\n"
        );
    }

    #[test]
    fn whatever_a_spreadsheet_could_take_for_a_formula_is_guarded() {
        for lead in ["=", "+", "-", "@", "\t", "\r", "\n", "\0", " =", "\u{a0}@", "\u{ff1d}", "\u{ff0b}"] {
            assert_eq!(guarded(&format!("{lead}1+1")), format!("'{lead}1+1"), "{lead:?}");
        }
        for plain in ["", "HEF-A-0137", "a=b", "1 - 2"] {
            assert_eq!(guarded(plain), plain);
        }
        assert!(Sheet::new("Heads", ["=1+1"]).csv().unwrap().starts_with(b"'=1+1"));
    }

    #[test]
    fn a_spreadsheet_is_the_same_bytes_for_the_same_table_and_holds_no_formula() {
        let made = date(2021, 9, 13).at(10, 20, 0, 0);
        let bytes = xlsx(&[sheet()], made).unwrap();
        assert!(bytes.starts_with(b"PK"));
        assert_eq!(bytes, xlsx(&[sheet()], made).unwrap());
    }
}

//! A table that somebody sends, read row by row: CSV in any of the usual ways of saving it, or the first sheet of an XLSX
//! workbook. Only one row is held at a time; row numbers are those that a spreadsheet shows.

mod workbook;

use crate::text::decode;

/// The longest cell, in characters.
const LONGEST_CELL: usize = 4_000;
/// The most columns.
const MOST_COLUMNS: usize = 100;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableRow {
    /// 1 is the first row.
    pub number: u32,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
    /// The columns, from 0, whose cell is a formula and not a value.
    pub formulas: Vec<usize>,
    /// Cells from which the apostrophe against formulas was taken off.
    pub bared: u32,
}

/// Why no more of a table can be read. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError(pub String);

/// Hands each row that is not blank to the taker, in the file's order, until the taker or the file has no more.
pub fn each_row(bytes: &[u8], take: &mut dyn FnMut(TableRow) -> Result<(), TableError>) -> Result<(), TableError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(TableError(
            "The file is empty. Send a CSV file or an XLSX workbook with a row of heads.".to_owned(),
        ));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook::each_row(bytes, take);
    }
    let control = bytes.iter().take(4_096).filter(|byte| matches!(byte, 0x01..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f));
    let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    if !wide && (bytes.starts_with(b"%PDF") || control.count() > 0 || bytes.iter().take(4_096).any(|byte| *byte == 0)) {
        let words = "The file is neither CSV nor an XLSX workbook; its name does not count, only what it holds. Save the \
                     table as CSV or XLSX and send that.";
        return Err(TableError(words.to_owned()));
    }
    separated(&lines_of(bytes), take)
}

/// The sign between cells: the one of the first line's that it has most of.
fn separator(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

fn separated(text: &str, take: &mut dyn FnMut(TableRow) -> Result<(), TableError>) -> Result<(), TableError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    // A cell with a line break takes several lines of the file and one row of the spreadsheet.
    let mut spanned = 0;
    while reader.read_record(&mut record).map_err(|error| TableError(format!("The file cannot be read: {error}.")))? {
        spanned += record.iter().map(breaks).sum::<u64>();
        // The reader stands behind the row by now: the lines before it, blank ones among them, are counted.
        let number = reader.position().line().saturating_sub(1 + spanned);
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        take_row(number, record.iter().map(str::to_owned).collect(), Vec::new(), take)?;
    }
    Ok(())
}

/// The text with one kind of line end, and one at its end: lines are counted by it.
fn lines_of(bytes: &[u8]) -> String {
    let mut text = decode(bytes);
    if text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn breaks(cell: &str) -> u64 {
    u64::try_from(cell.matches('\n').count()).unwrap_or(u64::MAX)
}

/// Checks the size of a row, takes guards off, marks what is a formula, and hands it on.
fn take_row(
    number: u32,
    raw: Vec<String>,
    mut formulas: Vec<usize>,
    take: &mut dyn FnMut(TableRow) -> Result<(), TableError>,
) -> Result<(), TableError> {
    if raw.len() > MOST_COLUMNS {
        let words = format!("Row {number} has {} columns; a table has at most {MOST_COLUMNS}.", raw.len());
        return Err(TableError(words));
    }
    if raw.iter().any(|cell| cell.len() > LONGEST_CELL) {
        let words = format!(
            "Row {number} has a cell of more than {LONGEST_CELL} letters. A quotation mark that opens a cell and is never \
             closed makes one cell of all that follows: put the missing \" in or take the first one out."
        );
        return Err(TableError(words));
    }
    let mut row = TableRow { number, ..TableRow::default() };
    for (at, cell) in raw.into_iter().enumerate() {
        let cell = cell.trim();
        let bare = cell.strip_prefix('\'').filter(|rest| looks_like_a_formula(rest));
        if bare.is_none() && is_a_formula(cell) && !formulas.contains(&at) {
            formulas.push(at);
        }
        row.bared += u32::from(bare.is_some());
        row.cells.push(bare.unwrap_or(cell).to_owned());
    }
    if row.cells.iter().all(String::is_empty) && formulas.is_empty() {
        return Ok(());
    }
    row.formulas = formulas;
    take(row)
}

/// What a file of ours guards with an apostrophe.
fn looks_like_a_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@'])
}

/// What a spreadsheet would compute: a figure with its sign is none.
fn is_a_formula(cell: &str) -> bool {
    let figure = || cell.chars().skip(1).all(|sign| sign.is_ascii_digit() || " ,.£/".contains(sign));
    cell.starts_with(['=', '@']) || (cell.starts_with(['+', '-']) && cell.len() > 1 && !figure())
}

#[cfg(test)]
mod tests;

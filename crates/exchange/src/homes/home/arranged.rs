//! The rows of a register file as they stand in it, each cell under its column's usual name: to show them, and to list
//! those that cannot be used.

use std::borrow::Cow;
use std::collections::HashMap;

use super::columns::Columns;
use super::table::Grid;
use crate::office::import::{Layout, MARKS};
use crate::table::{TableError, each_row};

/// The columns that are read, by their usual names. A file of Ofsted's has many more, and names them in its own ways.
pub const LAYOUT: Layout = Layout {
    names: &[
        "urn",
        "provision type",
        "registration date",
        "registration status",
        "name",
        "government office region",
        "local authority",
        "parliamentary constituency",
        "sector",
        "places",
        "short-break-only childrens home",
        "organisation which owns the provider",
        "event type",
        "inspection date",
        "publication date",
        "event number",
        "overall experiences and progress of children and young people",
    ],
    needed: &["urn", "provision type", "government office region"],
    key: &["urn"],
    private: &[],
    example: "SC400001,Children's home,01/04/2019,Active,REDACTED,West Midlands,Herefordshire,,Private,4,No,Elm Care Limited,\
              Full inspection,21/10/2020,29/11/2020,10012345,Good",
};

/// The rows below the heads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arranged {
    /// The cells of each row by its number, in the layout's order.
    pub cells: HashMap<usize, Vec<String>>,
    /// Whether it is our own list of rows that cannot be used: no home that is not in it has left the register.
    pub is_list_of_errors: bool,
}

/// Takes a file apart as [`super::read`] does; nothing where its heads are not found.
pub fn arranged(bytes: &[u8]) -> Arranged {
    let grid = Grid::of(bytes);
    let Some((header_at, columns)) = Columns::find(&grid.rows) else { return Arranged::default() };
    let heads = grid.rows.get(header_at).map(|row| row.cells.as_slice()).unwrap_or_default();
    let is_list_of_errors = heads.iter().any(|head| MARKS.contains(&head.trim()));
    let below = grid.rows.iter().skip(header_at + 1);
    Arranged { cells: below.map(|row| (row.number, columns.arranged(row))).collect(), is_list_of_errors }
}

/// The file as CSV: as it is, or the first sheet of a workbook with its rows where they stood.
pub fn as_csv(bytes: &[u8]) -> Result<Cow<'_, [u8]>, TableError> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return Ok(Cow::Borrowed(bytes));
    }
    let (mut text, mut next) = (String::new(), 1);
    each_row(bytes, &mut |row| {
        while next < row.number {
            text.push('\n');
            next += 1;
        }
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\"").replace(['\r', '\n'], " "));
        text.push_str(&row.cells.iter().map(quoted).collect::<Vec<_>>().join(","));
        text.push('\n');
        next += 1;
        Ok(())
    })?;
    Ok(Cow::Owned(text.into_bytes()))
}

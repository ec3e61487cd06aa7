//! Which cell holds what: Ofsted renames, moves, adds and drops columns from year to year, puts
//! line breaks into their names, and since 2024 repeats the inspection columns for the previous
//! inspection. Columns are found by name; the first of a name wins and "previous" never counts.

use super::table::GridRow;
use super::{plain, shown};

/// The columns that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Urn,
    ProvisionType,
    RegistrationDate,
    Status,
    Name,
    Region,
    LocalAuthority,
    Constituency,
    Sector,
    Places,
    ShortBreaks,
    Organisation,
    EventType,
    InspectionDate,
    PublicationDate,
    EventNumber,
    Judgement,
}

/// Each column with the names it has had, the present one first.
const NAMES: [(Column, &[&str]); 17] = [
    (Column::Urn, &["urn"]),
    (Column::ProvisionType, &["provision type", "provider type"]),
    (Column::RegistrationDate, &["registration date", "date of registration"]),
    (Column::Status, &["registration status", "reg status", "status"]),
    (Column::Name, &["name", "provider name", "setting name"]),
    (Column::Region, &["government office region", "region", "ofsted region"]),
    (Column::LocalAuthority, &["local authority", "local authority name"]),
    (Column::Constituency, &["parliamentary constituency"]),
    (Column::Sector, &["sector"]),
    (Column::Places, &["places", "registered places", "number of places", "number of registered places"]),
    (
        Column::ShortBreaks,
        &[
            "short-break-only childrens home",
            "short breaks only childrens home",
            "short breaks only",
            "short break only",
        ],
    ),
    (
        Column::Organisation,
        &["organisation which owns the provider", "organisation", "organisation name", "owning organisation"],
    ),
    (Column::EventType, &["event type", "inspection event type", "inspection type"]),
    (Column::InspectionDate, &["inspection date", "date", "event date"]),
    (Column::PublicationDate, &["publication date"]),
    (Column::EventNumber, &["event number", "inspection number", "inspection id"]),
    (
        Column::Judgement,
        &[
            "overall experiences and progress of children and young people",
            "overall effectiveness",
            "overall judgement",
        ],
    ),
];

const INSPECTION: [Column; 5] =
    [Column::EventType, Column::InspectionDate, Column::PublicationDate, Column::EventNumber, Column::Judgement];

/// The header looked for is among the file's first rows; below are only homes.
const HEADER_WITHIN: usize = 60;

/// Where each column stands in one file.
pub(super) struct Columns {
    at: Vec<(Column, usize)>,
    width: usize,
}

impl Columns {
    /// The header's place among the rows, and the columns it names.
    pub(super) fn find(rows: &[GridRow]) -> Option<(usize, Self)> {
        rows.iter().take(HEADER_WITHIN).enumerate().find_map(|(place, row)| {
            let names: Vec<String> = row.cells.iter().map(|cell| bare(cell)).collect();
            let at: Vec<(Column, usize)> = NAMES
                .iter()
                .filter_map(|(column, known)| {
                    known.iter().find_map(|name| names.iter().position(|cell| cell == name)).map(|at| (*column, at))
                })
                .collect();
            let columns = Self { at, width: row.cells.len() };
            let whole = [Column::Urn, Column::ProvisionType, Column::Region].iter().all(|&column| columns.has(column));
            whole.then_some((place, columns))
        })
    }

    /// How many cells the header has.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.place(column).is_some()
    }

    /// The cell, trimmed; empty where the file or the row has none.
    pub(super) fn cell<'r>(&self, row: &'r GridRow, column: Column) -> &'r str {
        self.place(column).and_then(|at| row.cells.get(at)).map(|cell| cell.trim()).unwrap_or_default()
    }

    /// The cells in the order of the usual names; empty where the file or the row has none.
    pub(super) fn arranged(&self, row: &GridRow) -> Vec<String> {
        NAMES.iter().map(|(column, _)| self.cell(row, *column).to_owned()).collect()
    }

    /// The usual names of the columns that the file lacks.
    pub(super) fn missing(&self) -> Vec<String> {
        NAMES
            .iter()
            .filter(|(column, _)| !self.has(*column))
            .filter_map(|(_, names)| names.first().map(|name| (*name).to_owned()))
            .collect()
    }

    /// Refuses a row that is cut short, or that runs over because a comma stands where none should.
    /// A row that ends before the inspection columns is a home not yet inspected, its blank cells cut.
    pub(super) fn fits(&self, row: &GridRow) -> Result<(), String> {
        let cells = row.cells.len();
        if let Some(extra) = row.cells.iter().skip(self.width).find(|cell| !cell.trim().is_empty()) {
            return Err(format!("\"{}\" stands behind the last column.", shown(extra)));
        }
        let last = |among: &dyn Fn(Column) -> bool| {
            self.at.iter().filter(|(column, _)| among(*column)).map(|(_, at)| at + 1).max().unwrap_or(0)
        };
        let inspected_from = self.at.iter().filter(|(column, _)| INSPECTION.contains(column)).map(|(_, at)| *at).min();
        let may_be_cut = [Column::Organisation, Column::ShortBreaks];
        let register = last(&|column| !INSPECTION.contains(&column) && !may_be_cut.contains(&column));
        let needed = last(&|_| true);
        let cut_before_inspection = cells >= register && inspected_from.is_some_and(|from| cells <= from);
        if cells < needed && !cut_before_inspection {
            return Err(format!("The row ends after {cells} cells; at least {needed} are needed."));
        }
        Ok(())
    }

    fn place(&self, column: Column) -> Option<usize> {
        self.at.iter().find(|(held, _)| *held == column).map(|(_, at)| *at)
    }
}

/// A column name for comparing: one line, lower case, without "latest full inspection" before it
/// (once published as "inspectio").
fn bare(name: &str) -> String {
    let name = plain(name);
    ["latest full inspection ", "latest full inspectio ", "latest inspection "]
        .iter()
        .find_map(|lead| name.strip_prefix(lead))
        .unwrap_or(&name)
        .to_owned()
}

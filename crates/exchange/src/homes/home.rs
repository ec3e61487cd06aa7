//! The reader of Ofsted's yearly "provider level" files: every children's home of one region,
//! and the counts that a person checks before the rows go in. Columns moved and were renamed
//! from year to year; what a year lacks is null, and a row that cannot be read is reported with
//! its row in the spreadsheet while the rest goes in. Home names and addresses are redacted.

mod arranged;
mod changes;
mod columns;
pub mod lines;
mod row;
mod table;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use arranged::{Arranged, LAYOUT, arranged, as_csv};
pub use changes::{ChangeKind, Changes, HeldHome, HomeChange, compare};
pub use row::{HomeRow, Judgement};

use crate::dates;
use columns::{Column, Columns};
use table::{Grid, GridRow};

/// The nine Government Office Regions of England with the names that earlier years gave them, and the one region that
/// Ofsted made of two, to tell a shifted row from another region's.
const REGIONS: [&str; 14] = [
    "east",
    "east midlands",
    "east of england",
    "london",
    "north east",
    "north east, yorkshire and the humber",
    "north east yorkshire and the humber",
    "north west",
    "south east",
    "south west",
    "west midlands",
    "yorkshire and humber",
    "yorkshire and humberside",
    "yorkshire and the humber",
];

/// One file read: its rows, the counts of them, and what could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RegisterRead {
    /// The counts, as published in JSON by `placewell homes import --json`.
    pub summary: RegisterSummary,
    /// The children's homes of the region, in the file's order.
    pub rows: Vec<HomeRow>,
    /// The spreadsheet row that holds the column names (1 is the first).
    pub header_row: Option<usize>,
    /// Columns that this year's file lacks, by their usual names.
    pub columns_missing: Vec<String>,
    /// The region that was read, in lower case, as register lines are kept by it.
    pub region: String,
    /// The day that the file says it stands at ("as at 31 March 2021" in a title row); null where no title says so.
    pub as_at: Option<Date>,
    /// Why nothing at all could be read (no header, no such region), or may be brought in; also the first of the errors.
    pub refused: Option<String>,
    /// The text of the rows that were not read: no home named there may be taken as closed.
    pub(crate) unread: Vec<String>,
}

/// The counts of one file for one region; the keys are those of the JSON answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RegisterSummary {
    /// Rows of provision type "Children's home" in the region, of every status.
    pub homes: usize,
    /// Registered places over those homes; null where the file has no such column.
    pub places: Option<u64>,
    /// Different owning organisations, as their names are published; null where the file has no such column.
    pub organisations: Option<usize>,
    /// Homes by latest overall judgement; null where the file has no such column.
    pub judgements: Option<Judgements>,
    /// Homes by registration status; null where the file has no such column.
    pub statuses: Option<BTreeMap<String, usize>>,
    /// Other provision types in the region, as published, each with its rows.
    pub other_types: BTreeMap<String, usize>,
    /// Rows that could not be read, by spreadsheet row.
    pub errors: Vec<RowError>,
    /// What differs from the homes held; null until compared.
    pub changes: Option<Changes>,
}

/// Homes by latest overall judgement, with Ofsted's own words as JSON keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Judgements {
    /// Outstanding.
    #[serde(rename = "Outstanding")]
    pub outstanding: usize,
    /// Good.
    #[serde(rename = "Good")]
    pub good: usize,
    /// Requires improvement to be good ("Requires improvement" to 2017).
    #[serde(rename = "Requires improvement to be good")]
    pub requires_improvement: usize,
    /// Inadequate.
    #[serde(rename = "Inadequate")]
    pub inadequate: usize,
    /// Adequate, a grade given until 2015 (and its forerunner "Satisfactory").
    #[serde(rename = "Adequate")]
    pub adequate: usize,
    /// No full inspection published yet (a blank cell).
    #[serde(rename = "Not yet inspected")]
    pub not_yet_inspected: usize,
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// Row of the spreadsheet, 1 being its first (title rows and the header count).
    pub row: usize,
    /// What was found and what was expected.
    pub reason: String,
}

impl RegisterRead {
    /// What differs from the homes held. A home on a row that could not be read is not closed by
    /// it, and a file that was refused changes nothing.
    pub fn changes(&self, held: &[HeldHome]) -> Changes {
        if self.refused.is_some() {
            return Changes::default();
        }
        let read: HashSet<&str> = self.rows.iter().map(|row| row.urn.as_str()).collect();
        let unread: HashSet<&str> =
            self.unread.iter().flat_map(|line| line.split(|c: char| !c.is_alphanumeric())).collect();
        let held_back = |urn: &str| !read.contains(urn) && unread.contains(urn);
        let known: Vec<HeldHome> = held.iter().filter(|home| !held_back(&home.urn)).cloned().collect();
        compare(&known, &self.rows)
    }

    /// Whether the file has the column of this usual name, such as `registration status`.
    pub fn has_column(&self, name: &str) -> bool {
        !self.columns_missing.iter().any(|missing| missing == name)
    }

    /// Takes out the rows that somebody finds a reason against, and reports each by its number. The homes on them are
    /// neither changed nor closed.
    pub fn set_aside(&mut self, reason: impl Fn(&HomeRow) -> Option<String>) {
        let rows = std::mem::take(&mut self.rows);
        for row in rows {
            match reason(&row) {
                Some(reason) => {
                    self.unread.push(row.urn);
                    self.summary.errors.push(RowError { row: row.row, reason });
                }
                None => self.rows.push(row),
            }
        }
        self.summary.errors.sort_by_key(|error| error.row);
    }

    /// The file may not be brought in as a whole, such as one older than what is held: it changes nothing.
    pub fn turn_away(&mut self, reason: String) {
        let row = self.header_row.unwrap_or(1);
        self.summary.errors.insert(0, RowError { row, reason: reason.clone() });
        self.summary.changes = Some(Changes::default());
        self.refused = Some(reason);
    }

    fn refuse(row: usize, reason: String) -> Self {
        let error = RowError { row, reason: reason.clone() };
        let summary = RegisterSummary { errors: vec![error], ..RegisterSummary::default() };
        Self { summary, refused: Some(reason), ..Self::default() }
    }
}

/// Reads one yearly file for one Government Office Region (any case). Nothing panics; a file that
/// is no register at all comes back `refused`, with the reason.
pub fn read(bytes: &[u8], region: &str) -> RegisterRead {
    let grid = Grid::of(bytes);
    let Some((header_at, columns)) = Columns::find(&grid.rows) else {
        return RegisterRead::refuse(
            1,
            "No row with the column names \"URN\", \"Provision type\" and \"Government Office Region\" was found: \
             save Ofsted's provider level sheet as CSV and try again."
                .to_owned(),
        );
    };
    let mut reading = Reading::new(&columns, region);
    reading.read.as_at = stands_at(grid.rows.get(..header_at).unwrap_or_default());
    for row in grid.rows.iter().skip(header_at + 1) {
        reading.take(row);
    }
    reading.finish(grid.rows.get(header_at).map_or(1, |row| row.number), region)
}

/// The day of "as at 31 March 2021" in the rows above the header.
fn stands_at(titles: &[GridRow]) -> Option<Date> {
    titles.iter().flat_map(|row| &row.cells).find_map(|cell| {
        let cell = squash(cell);
        let at = cell.to_ascii_lowercase().find("as at ")?;
        let found = dates::find(cell.get(at..)?).first().copied()?;
        (found.start == "as at ".len()).then_some(found.date)
    })
}

/// The file being read, row by row.
struct Reading<'a> {
    columns: &'a Columns,
    region: String,
    read: RegisterRead,
    first_seen: HashMap<String, usize>,
    regions: BTreeSet<String>,
}

impl<'a> Reading<'a> {
    fn new(columns: &'a Columns, region: &str) -> Self {
        Self {
            columns,
            region: plain(region),
            read: RegisterRead { region: plain(region), ..RegisterRead::default() },
            first_seen: HashMap::new(),
            regions: BTreeSet::new(),
        }
    }

    fn take(&mut self, row: &GridRow) {
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        match self.place(row) {
            Ok(Some(home)) => {
                self.first_seen.insert(home.urn.clone(), home.row);
                self.read.rows.push(home);
            }
            Ok(None) => {}
            Err(mut reason) => {
                let (cells, named) = (row.cells.len(), self.columns.width());
                if row.broken.is_none() && cells > named {
                    reason = format!(
                        "{reason} The row has {cells} cells and the header {named}: a comma may lack its quotation marks."
                    );
                }
                self.read.unread.push(row.cells.join(","));
                self.read.summary.errors.push(RowError { row: row.number, reason });
            }
        }
    }

    /// The home on the row, nothing where the row is another region's or another kind of provider.
    fn place(&mut self, row: &GridRow) -> Result<Option<HomeRow>, String> {
        if let Some(broken) = &row.broken {
            return Err(broken.clone());
        }
        self.columns.fits(row)?;
        let region = self.columns.cell(row, Column::Region);
        let kind = self.columns.cell(row, Column::ProvisionType);
        let is_home = is_childrens_home(kind);
        let here = plain(region);
        if here.is_empty() {
            return if is_home {
                Err("Government Office Region is blank, so the home cannot be placed.".to_owned())
            } else {
                Ok(None)
            };
        }
        if here != self.region {
            if !REGIONS.contains(&here.as_str()) {
                return Err(format!(
                    "Government Office Region is \"{}\", which is not a region: the cells may have moved along.",
                    shown(region)
                ));
            }
            self.regions.insert(region.trim().to_owned());
            return Ok(None);
        }
        self.regions.insert(region.trim().to_owned());
        if !is_home {
            if kind.trim().is_empty() {
                return Err("Provision type is blank.".to_owned());
            }
            *self.read.summary.other_types.entry(squash(kind)).or_default() += 1;
            return Ok(None);
        }
        let home = HomeRow::read(self.columns, row)?;
        match self.first_seen.get(&home.urn) {
            Some(first) => Err(format!("URN {} is already on row {first}: each home stands once.", home.urn)),
            None => Ok(Some(home)),
        }
    }

    fn finish(mut self, header_row: usize, region: &str) -> RegisterRead {
        if !self.regions.iter().any(|found| plain(found) == self.region) {
            let found = self.regions.into_iter().collect::<Vec<_>>().join(", ");
            let reason =
                format!("No row is in the Government Office Region \"{}\"; the file has: {found}.", shown(region));
            self.read.summary.errors.insert(0, RowError { row: header_row, reason: reason.clone() });
            self.read.refused = Some(reason);
        }
        self.read.header_row = Some(header_row);
        self.read.columns_missing = self.columns.missing();
        count(&mut self.read, self.columns);
        self.read
    }
}

fn count(read: &mut RegisterRead, columns: &Columns) {
    let rows = &read.rows;
    let summary = &mut read.summary;
    summary.homes = rows.len();
    summary.places =
        columns.has(Column::Places).then(|| rows.iter().filter_map(|home| home.places).map(u64::from).sum());
    summary.organisations = columns
        .has(Column::Organisation)
        .then(|| rows.iter().filter_map(|home| home.organisation.as_deref()).collect::<BTreeSet<_>>().len());
    summary.statuses = columns.has(Column::Status).then(|| {
        let mut statuses = BTreeMap::new();
        for home in rows {
            let status = home.registration_status.clone().unwrap_or_else(|| "Not stated".to_owned());
            *statuses.entry(status).or_default() += 1;
        }
        statuses
    });
    summary.judgements = columns.has(Column::Judgement).then(|| {
        let mut judgements = Judgements::default();
        for judgement in rows.iter().filter_map(|home| home.judgement) {
            *judgements.of(judgement) += 1;
        }
        judgements
    });
}

impl Judgements {
    fn of(&mut self, judgement: Judgement) -> &mut usize {
        match judgement {
            Judgement::Outstanding => &mut self.outstanding,
            Judgement::Good => &mut self.good,
            Judgement::RequiresImprovement => &mut self.requires_improvement,
            Judgement::Inadequate => &mut self.inadequate,
            Judgement::Adequate => &mut self.adequate,
            Judgement::NotYetInspected => &mut self.not_yet_inspected,
        }
    }
}

/// "Children's home" in any case, with a straight, curly or lost apostrophe. Secure homes and dual
/// registered special schools are other types.
fn is_childrens_home(kind: &str) -> bool {
    plain(kind) == "childrens home"
}

/// For comparing only: lower case, no apostrophes, single spaces, "and" for "&".
fn plain(text: &str) -> String {
    let bare: String = text
        .chars()
        .filter(|c| !matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '`' | '\u{fffd}'))
        .collect();
    squash(&bare.replace('&', " and ")).to_lowercase()
}

fn squash(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A cell's content for a message, cut where it runs long.
fn shown(text: &str) -> String {
    let text = squash(text);
    if text.chars().count() <= 60 { text } else { text.chars().take(57).chain("...".chars()).collect() }
}

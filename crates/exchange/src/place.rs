//! The reader of a directory of postcodes: the ONS Postcode Directory or an extract of it, whose first row names the
//! columns, or Code-Point Open, which has no such row. It reads line by line and holds one line at a time, however long
//! the file; of what it has seen it keeps one bit a postcode.

mod seen;

use std::io::{self, BufRead, Read as _};

use placewell_domain::place::{Point, Postcode};

use crate::homes::home::RowError;
use crate::text;
use seen::Seen;

/// The longest line, in bytes.
const LONGEST: u64 = 4_096;
const EMPTY: &str = "The file is empty. Send the ONS Postcode Directory or Code-Point Open as they are published.";
/// The names of the columns in the editions of the directory, and of what is cut out of them.
const POSTCODE: &[&str] = &["pcds", "pcd", "pcd7", "pcd8", "pcd2", "postcode"];
const EASTING: &[&str] = &["oseast1m", "east1m", "easting", "eastings"];
const NORTHING: &[&str] = &["osnrth1m", "north1m", "northing", "northings"];
/// The columns of Code-Point Open, which always stand so.
const CODE_POINT: Columns = Columns { postcode: 0, easting: 2, northing: 3 };
/// The National Grid, in metres: what lies outside is in the sea or a slip.
const GRID: (i32, i32) = (700_000, 1_300_000);
/// The postcode area of Northern Ireland: the directory has its places on the Irish grid.
const IRISH_GRID: &str = "BT";

/// One row of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A postcode and where it is.
    Placed(Postcode, Point),
    /// A postcode that is not on the National Grid: of Northern Ireland, of the islands, or of no place at all.
    Elsewhere(Postcode),
    /// A row that cannot be used, and why.
    Wrong(RowError),
}

/// A directory, read from its first row to its last.
pub struct Directory<R> {
    source: R,
    row: usize,
    columns: Option<Columns>,
    seen: Seen,
    ended: bool,
}

#[derive(Debug, Clone, Copy)]
struct Columns {
    postcode: usize,
    easting: usize,
    northing: usize,
}

impl<R: BufRead> Directory<R> {
    /// A directory from its first byte.
    pub fn new(source: R) -> Self {
        Self { source, row: 0, columns: None, seen: Seen::default(), ended: false }
    }

    /// The next row that says something; none at the end. An error is the source's, which cannot be read further.
    pub fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        while !self.ended {
            let Some(line) = self.line()? else {
                self.ended = true;
                return Ok(self.columns.is_none().then(|| Entry::Wrong(RowError { row: 1, reason: EMPTY.to_owned() })));
            };
            let found = match line {
                Ok(line) if line.trim().is_empty() => continue,
                Ok(line) => self.entry(&line),
                Err(reason) => Err(reason),
            };
            match found {
                Ok(None) => {}
                Ok(entry) => return Ok(entry),
                Err(reason) => return Ok(Some(Entry::Wrong(RowError { row: self.row, reason }))),
            }
        }
        Ok(None)
    }

    /// The next line of the file, or what is wrong with it.
    fn line(&mut self) -> io::Result<Option<Result<String, String>>> {
        let mut bytes = Vec::new();
        if self.source.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.row += 1;
        if !bytes.ends_with(b"\n") && bytes.len() as u64 == LONGEST && self.skip_line()? {
            return Ok(Some(Err(format!("The row is longer than {LONGEST} characters."))));
        }
        let line = String::from_utf8_lossy(&bytes);
        Ok(Some(Ok(line.trim_start_matches('\u{feff}').to_owned())))
    }

    /// Passes over what is left of a line; whether anything was.
    fn skip_line(&mut self) -> io::Result<bool> {
        let mut passed = false;
        loop {
            let held = self.source.fill_buf()?;
            let (length, end) = match held.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (held.len(), held.is_empty()),
            };
            passed |= length > 0;
            self.source.consume(length);
            if end {
                return Ok(passed);
            }
        }
    }

    /// What a line says; nothing where it names the columns.
    fn entry(&mut self, line: &str) -> Result<Option<Entry>, String> {
        let cells =
            text::cells(line).ok_or("The row cannot be taken apart as CSV: a quotation mark does not close.")?;
        let columns = match self.columns {
            Some(columns) => columns,
            None => match Columns::find(&cells) {
                Ok(named) => {
                    self.columns = Some(named);
                    return Ok(None);
                }
                Err(_) if is_code_point(&cells) => *self.columns.insert(CODE_POINT),
                Err(reason) => {
                    self.ended = true;
                    return Err(reason);
                }
            },
        };
        let (postcode, point) = columns.read(&cells)?;
        if !self.seen.first_time(&postcode) {
            return Err(format!("{postcode} stands in the file before; a postcode stands there once."));
        }
        Ok(Some(match point {
            Some(point) => Entry::Placed(postcode, point),
            None => Entry::Elsewhere(postcode),
        }))
    }
}

impl Columns {
    fn find(cells: &[String]) -> Result<Self, String> {
        let heads: Vec<String> = cells.iter().map(|cell| cell.to_ascii_lowercase()).collect();
        let at = |names: &[&str], what: &str| {
            let found = names.iter().find_map(|name| heads.iter().position(|head| head == name));
            found.ok_or_else(|| {
                format!(
                    "The first row names no column of {what} ({}). Send the ONS Postcode Directory or Code-Point Open \
                     as they are published.",
                    names.join(", ")
                )
            })
        };
        Ok(Self {
            postcode: at(POSTCODE, "postcodes")?,
            easting: at(EASTING, "eastings")?,
            northing: at(NORTHING, "northings")?,
        })
    }

    fn read(self, cells: &[String]) -> Result<(Postcode, Option<Point>), String> {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let postcode = Postcode::parse(cell(self.postcode)).map_err(|error| format!("{}.", shortened(&error)))?;
        let (east, north) = (cell(self.easting), cell(self.northing));
        let irish = postcode.outcode().as_str().starts_with(IRISH_GRID);
        if irish || (east.is_empty() && north.is_empty()) || (east == "0" && north == "0") {
            return Ok((postcode, None));
        }
        let metres = |text: &str, what: &str, most: i32| {
            let found = text.parse::<i32>().ok().filter(|metres| (0..=most).contains(metres));
            found.ok_or_else(|| {
                format!("‘{}’ is no {what} of {postcode}: enter whole metres from 0 to {most}.", cut(text, 40))
            })
        };
        let point = Point { easting: metres(east, "easting", GRID.0)?, northing: metres(north, "northing", GRID.1)? };
        Ok((postcode, Some(point)))
    }
}

/// Whether a first row is one of Code-Point Open.
fn is_code_point(cells: &[String]) -> bool {
    cells.len() > CODE_POINT.northing && CODE_POINT.read(cells).is_ok()
}

/// What was found of it is no longer than a person reads.
fn shortened(error: &impl ToString) -> String {
    cut(&error.to_string(), 160)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

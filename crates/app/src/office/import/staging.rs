//! A file taken apart: its heads found, its rows numbered as a spreadsheet shows them, two rows of one key told, and kept
//! sealed in parts. Nothing of what a row means is asked here.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::civil::Date;
use placewell_domain::id::UploadId;
use placewell_domain::office::access::Action;
use placewell_domain::office::document::LARGEST;
use placewell_domain::office::import::{FileKind, Upload, UploadState};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_exchange::office::import::{Columns, Layout};
use placewell_exchange::table::{TableError, TableRow, each_row};
use placewell_store::Work;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::advance_job;
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt, permitted};
use crate::importing::{self, register::RegisterPart};

/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 200;
/// So many rows are checked, and brought in, in one transaction, where rows do not stand or fall together.
const PART: usize = 1_000;

/// One row of a file, in the order of its layout's columns.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StagedRow {
    /// Row of the spreadsheet, 1 being the first.
    #[serde(rename = "r")]
    pub row: u32,
    /// Its cells.
    #[serde(rename = "c")]
    pub cells: Vec<String>,
    /// What is wrong with it: column, and what to do.
    #[serde(rename = "e", default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<(String, String)>,
    /// What of it wants a look, though it can be used: column, and why.
    #[serde(rename = "w", default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<(String, String)>,
}

impl StagedRow {
    /// Whether it cannot be used.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        !self.errors.is_empty()
    }
}

/// Brings a file: every row is read and kept; nothing is changed by it yet.
#[derive(Clone)]
pub struct SendFile {
    kind: FileKind,
    name: String,
    /// What else of the request decides what it does: the region and the day of a register.
    about: Option<String>,
    digest: String,
    rows: u32,
    unread: u32,
    bared: u32,
    parts: Vec<Vec<u8>>,
}

/// Neither its name nor its rows show: both may be about a child.
impl core::fmt::Debug for SendFile {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SendFile").field("kind", &self.kind).field("rows", &self.rows).finish_non_exhaustive()
    }
}

/// Stands in a request's hash, by which a key that is used twice is told: the digest is as good as the content.
impl Serialize for SendFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("SendFile", 3 + usize::from(self.about.is_some()))?;
        fields.serialize_field("kind", &self.kind)?;
        if let Some(about) = &self.about {
            fields.serialize_field("about", about)?;
        }
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("digest", &self.digest)?;
        fields.end()
    }
}

/// What is gathered while a file is read.
struct Reading<'a> {
    layout: &'a Layout,
    /// The most rows of such a file.
    most: u32,
    /// The most rows of a part.
    part_of: usize,
    columns: Option<Columns>,
    /// The rows by their keys' digests, so that a long file's keys are not all held.
    seen: HashMap<u64, u32>,
    part: Vec<StagedRow>,
    parts: Vec<Vec<u8>>,
    rows: u32,
    bared: u32,
}

impl Reading<'_> {
    fn row(&mut self, row: &TableRow) -> Result<(), TableError> {
        let Some(columns) = &self.columns else {
            self.columns = Some(Columns::find(self.layout, &row.cells).map_err(TableError)?);
            return Ok(());
        };
        if self.rows >= self.most {
            let words = format!("A file has at most {} rows; send the rest in another file.", self.most);
            return Err(TableError(words));
        }
        let mut staged = StagedRow { row: row.number, cells: columns.arranged(&row.cells), ..StagedRow::default() };
        for place in columns.arranged_places(&row.formulas) {
            let column = self.layout.names.get(place).copied().unwrap_or_default();
            let words = "The cell is a formula: enter the value itself.";
            staged.errors.push((column.to_owned(), words.to_owned()));
        }
        if let Some(first) = self.twin(&staged) {
            let column = self.layout.key.last().copied().unwrap_or_default();
            let same = self.layout.key.join(", ");
            staged.errors.push((column.to_owned(), format!("Row {first} has the same {same}.")));
        }
        self.rows += 1;
        self.bared += row.bared;
        self.part.push(staged);
        if self.part.len() >= self.part_of { self.end_part() } else { Ok(()) }
    }

    /// The row before it that says something of the same thing.
    fn twin(&mut self, row: &StagedRow) -> Option<u32> {
        let mut hasher = DefaultHasher::new();
        for name in self.layout.key {
            let at = self.layout.names.iter().position(|one| one == name);
            at.and_then(|at| row.cells.get(at)).map_or(String::new(), |cell| cell.to_lowercase()).hash(&mut hasher);
        }
        self.seen.insert(hasher.finish(), row.row)
    }

    fn end_part(&mut self) -> Result<(), TableError> {
        if !self.part.is_empty() {
            let rows = serde_json::to_vec(&self.part).map_err(|error| TableError(error.to_string()))?;
            self.parts.push(rows);
            self.part.clear();
        }
        Ok(())
    }
}

impl SendFile {
    /// Reads a file of rows of this kind; invalid where it is no table, lacks a column, or has no row.
    pub fn read(kind: FileKind, name: &str, content: &[u8]) -> Answer<Self> {
        let wrong = |words: String| Outcome::from(Invalid::one("file", words));
        if content.len() > LARGEST {
            return Err(wrong("Choose a file of 25 MB at most".to_owned()));
        }
        if kind == FileKind::Register {
            return Err(Invalid::one("region", "Enter the Government Office Region, such as West Midlands").into());
        }
        let layout = importing::layout(kind);
        let mut reading = Reading {
            layout: &layout,
            most: kind.most_rows(),
            part_of: if kind.as_one() { usize::MAX } else { PART },
            columns: None,
            seen: HashMap::new(),
            part: Vec::with_capacity(PART),
            parts: Vec::new(),
            rows: 0,
            bared: 0,
        };
        let read = each_row(content, &mut |row| reading.row(&row)).and_then(|()| reading.end_part());
        read.map_err(|TableError(words)| wrong(words))?;
        let unread = reading.columns.as_ref().map_or(0, |columns| columns.unread);
        if reading.rows == 0 {
            return Err(wrong("The file has no row below its heads".to_owned()));
        }
        Ok(Self {
            kind,
            name: own_name(name),
            about: None,
            digest: hex::encode(Sha256::digest(content)),
            rows: reading.rows,
            unread,
            bared: reading.bared,
            parts: reading.parts,
        })
    }

    /// Reads Ofsted's register for one region, as at a day; invalid where it is no such register. See
    /// [`crate::command::App::register_file`].
    pub(crate) fn register(
        name: &str,
        content: &[u8],
        (region, day): (&str, Option<Date>),
        today: Date,
    ) -> Answer<Self> {
        if content.len() > LARGEST {
            return Err(Invalid::one("file", "Choose a file of 25 MB at most").into());
        }
        let part = RegisterPart::read(content, region, day, today)?;
        Ok(Self {
            kind: FileKind::Register,
            name: own_name(name),
            about: Some(format!("{} {}", part.region(), part.as_at)),
            digest: hex::encode(Sha256::digest(content)),
            rows: part.count(),
            unread: 0,
            bared: 0,
            parts: vec![serde_json::to_vec(&part)?],
        })
    }
}

/// The name without its folders.
fn own_name(name: &str) -> String {
    let own = name.rsplit(['/', '\\']).next().unwrap_or(name);
    own.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect()
}

impl Command for SendFile {
    const ACTION: Action = Action::BringInFiles;
    const NAME: &'static str = "import.send";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        permitted(actor, self.kind.action())?;
        importing::ready(work, self.kind).await?;
        let id = UploadId(work.new_id());
        let number = work.next_number("import").await?;
        let upload = Upload {
            id,
            version: 1,
            organisation: work.org(),
            number,
            kind: self.kind,
            by: actor.person,
            at: work.moment().local,
            digest: self.digest.clone(),
            rows: self.rows,
            unread: self.unread,
            bared: self.bared,
            state: UploadState::Checking,
        };
        let (upload, event) = Upload::bring(upload).into_parts();
        let key = work.stage_upload(&upload, &self.name).await?;
        for (part, rows) in (0..).zip(&self.parts) {
            work.stage_part((id, part), rows, &key).await?;
        }
        work.record(event);
        work.enqueue(advance_job(id));
        Ok(Receipt::at(format!("/imports/{number}")))
    }
}

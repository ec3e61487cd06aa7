//! From the bytes of a CSV file to numbered rows of cells. The decoding is by byte order mark,
//! then UTF-8, then Windows-1252, as Ofsted's files need. A quotation mark that is never closed
//! spoils its own row and not the rest of the file, and row numbers are those a spreadsheet shows.

use crate::text::decode;

/// The file as rows.
pub(super) struct Grid {
    pub(super) rows: Vec<GridRow>,
}

/// One row as a spreadsheet counts it.
#[derive(Default)]
pub(super) struct GridRow {
    /// 1 is the first row.
    pub(super) number: usize,
    /// Its cells, untrimmed.
    pub(super) cells: Vec<String>,
    /// Why the row could not be taken apart.
    pub(super) broken: Option<String>,
}

/// A cell with a line break in it spans lines; no cell of these files spans more than this.
const LONGEST_CELL_IN_LINES: usize = 40;

impl Grid {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let text = decode(bytes).replace("\r\n", "\n").replace('\r', "\n");
        let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(&text).split('\n').collect();
        let mut rows = Vec::new();
        let mut width = 0;
        let mut at = 0;
        while at < lines.len() {
            let (used, cells, closed) = logical(&lines[at..], width);
            let broken = (!closed).then(|| {
                "A quotation mark opens a cell and is never closed: put the missing \" in or take the first one out."
                    .to_owned()
            });
            if closed && cells.iter().any(|cell| cell.trim().eq_ignore_ascii_case("urn")) {
                width = cells.len(); // the header's: every row below is as wide
            }
            rows.push(GridRow { number: rows.len() + 1, cells, broken });
            at += used;
        }
        Self { rows }
    }
}

/// The first row of the lines: how many lines it takes, its cells, and whether its quotes close.
fn logical(lines: &[&str], width: usize) -> (usize, Vec<String>, bool) {
    let mut open = false;
    for (at, line) in lines.iter().take(LONGEST_CELL_IN_LINES).enumerate() {
        open = still_open(line, open);
        if open {
            continue;
        }
        let cells = cells(&lines[..=at].join("\n"));
        // Two stray quotes some rows apart close each other: the row they make is of another width.
        if at > 0 && width > 0 && cells.len() != width {
            break;
        }
        return (at + 1, cells, true);
    }
    let first = lines.first().copied().unwrap_or_default();
    (1, first.split(',').map(str::to_owned).collect(), false)
}

/// Whether a quoted cell is still open at the end of the line, by the rules of RFC 4180.
fn still_open(line: &str, open: bool) -> bool {
    let mut quoted = open;
    let mut at_start = !open;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => {
                chars.next();
            }
            ('"', true) => quoted = false,
            ('"', false) if at_start => quoted = true,
            _ => {}
        }
        at_start = !quoted && c == ',';
    }
    quoted
}

fn cells(row: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(row.len().clamp(64, 8192))
        .from_reader(row.as_bytes());
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => record.iter().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

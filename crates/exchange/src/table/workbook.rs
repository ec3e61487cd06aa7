//! The first sheet of an XLSX workbook, cell by cell: texts, figures, days by their format, and which cells are formulas.
//! What is unpacked is counted, so that a small file that holds a huge one ends early.

use std::io::{BufRead, BufReader, Cursor, Read};

use jiff::civil::date;
use placewell_domain::nights::plus_days;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::{MOST_COLUMNS, TableError, TableRow, take_row};

/// The most that the sheet may take once it is unpacked, in bytes: it is read as it comes.
const LARGEST_SHEET: u64 = 400 * 1024 * 1024;
/// The most that a part may take of which all is held: the texts that cells refer to.
const LARGEST_PART: u64 = 50 * 1024 * 1024;
/// Number formats that show a day, of those that need not be written down.
const DAYS: [u32; 10] = [14, 15, 16, 17, 22, 27, 30, 36, 50, 57];

fn damaged(what: &str) -> TableError {
    TableError(format!("The workbook cannot be read: {what}. Open it, save it again as XLSX or CSV, and send that."))
}

type Book<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Hands each row of the first sheet to the taker.
pub(super) fn each_row(
    bytes: &[u8],
    take: &mut dyn FnMut(TableRow) -> Result<(), TableError>,
) -> Result<(), TableError> {
    let mut book = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged("it is not whole"))?;
    let names: Vec<String> = book.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    if names.iter().any(|name| name.ends_with("vbaProject.bin")) {
        return Err(TableError("The workbook holds macros. Save it as XLSX without them, or as CSV.".to_owned()));
    }
    let mut sheets = names;
    sheets.retain(|name| name.starts_with("xl/worksheets/sheet"));
    sheets.sort_by_key(|name| (name.len(), name.clone()));
    let Some(sheet) = sheets.first().cloned() else {
        let words = "The file is a package without a sheet: send a CSV file or an XLSX workbook.";
        return Err(TableError(words.to_owned()));
    };
    let texts = texts(&mut book)?;
    let days = day_styles(&mut book)?;
    let part = book.by_name(&sheet).map_err(|_| damaged("its first sheet is missing"))?;
    let reader = Reader::from_reader(BufReader::new(part.take(LARGEST_SHEET)));
    Rows { reader, texts, days, buffer: Vec::new() }.each(take)
}

fn part<'a>(book: &'a mut Book<'_>, name: &str) -> Option<Reader<impl BufRead + 'a>> {
    let part = book.by_name(name).ok()?;
    Some(Reader::from_reader(BufReader::new(part.take(LARGEST_PART))))
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok().flatten()?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The text that an event adds to a cell.
fn added(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Text(text) => Some(text.xml10_content().into_owned()),
        Event::CData(text) => Some(text.xml10_content().into_owned()),
        Event::GeneralRef(reference) => match reference.resolve_char_ref() {
            Ok(Some(sign)) => Some(sign.to_string()),
            _ => quick_xml::escape::resolve_predefined_entity(&reference.xml10_content()).map(str::to_owned),
        },
        _ => None,
    }
}

/// The texts that cells refer to by number.
fn texts(book: &mut Book<'_>) -> Result<Vec<String>, TableError> {
    let Some(mut reader) = part(book, "xl/sharedStrings.xml") else { return Ok(Vec::new()) };
    let (mut all, mut text, mut inside, mut aside) = (Vec::new(), String::new(), false, false);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(|_| damaged("its texts are not whole"))? {
            Event::Start(tag) => match tag.local_name().into_inner() {
                "si" => text.clear(),
                "t" => inside = !aside,
                "rPh" => aside = true,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().into_inner() == "si" => all.push(String::new()),
            Event::End(tag) => match tag.local_name().into_inner() {
                "si" => all.push(std::mem::take(&mut text)),
                "t" => inside = false,
                "rPh" => aside = false,
                _ => {}
            },
            Event::Eof => return Ok(all),
            event => {
                if inside && let Some(more) = added(&event) {
                    text.push_str(&more);
                }
            }
        }
        buffer.clear();
    }
}

/// For each style of a cell whether it shows a day.
fn day_styles(book: &mut Book<'_>) -> Result<Vec<bool>, TableError> {
    let Some(mut reader) = part(book, "xl/styles.xml") else { return Ok(Vec::new()) };
    let (mut own, mut styles, mut cells, mut buffer) = (Vec::new(), Vec::new(), false, Vec::new());
    loop {
        match reader.read_event_into(&mut buffer).map_err(|_| damaged("its styles are not whole"))? {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().into_inner() {
                "numFmt" => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                    let format = attribute(&tag, "formatCode").unwrap_or_default().to_lowercase();
                    if let Some(id) = id.filter(|_| format.contains("yy") || format.contains('d')) {
                        own.push(id);
                    }
                }
                "cellXfs" => cells = true,
                "xf" if cells => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse::<u32>().ok()).unwrap_or_default();
                    styles.push(DAYS.contains(&id) || own.contains(&id));
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().into_inner() == "cellXfs" => cells = false,
            Event::Eof => return Ok(styles),
            _ => {}
        }
        buffer.clear();
    }
}

struct Rows<R> {
    reader: Reader<R>,
    texts: Vec<String>,
    days: Vec<bool>,
    buffer: Vec<u8>,
}

/// One cell while it is read.
#[derive(Default)]
struct Half {
    column: usize,
    kind: String,
    day: bool,
    value: String,
    formula: bool,
}

impl<R: BufRead> Rows<R> {
    fn each(mut self, take: &mut dyn FnMut(TableRow) -> Result<(), TableError>) -> Result<(), TableError> {
        let (mut number, mut cells, mut formulas) = (0_u32, Vec::new(), Vec::new());
        let (mut cell, mut inside) = (Half::default(), false);
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer);
            match event.map_err(|_| damaged("its first sheet is not whole"))? {
                Event::Start(tag) => match tag.local_name().into_inner() {
                    "row" => {
                        let said = attribute(&tag, "r").and_then(|row| row.parse().ok());
                        number = said.unwrap_or(number.saturating_add(1));
                        (cells, formulas) = (Vec::new(), Vec::new());
                    }
                    "c" => cell = begun(&tag, cells.len(), &self.days),
                    "v" | "t" => inside = true,
                    "f" => cell.formula = true,
                    _ => {}
                },
                Event::Empty(tag) if tag.local_name().into_inner() == "f" => cell.formula = true,
                Event::End(tag) => match tag.local_name().into_inner() {
                    "v" | "t" => inside = false,
                    "c" => placed(&mut cells, &mut formulas, std::mem::take(&mut cell), &self.texts),
                    "row" => {
                        take_row(number, std::mem::take(&mut cells), std::mem::take(&mut formulas), take)?;
                    }
                    _ => {}
                },
                Event::Eof => return Ok(()),
                event => {
                    if inside && let Some(more) = added(&event) {
                        cell.value.push_str(&more);
                    }
                }
            }
        }
    }
}

/// A cell as its tag says: which column, which kind.
fn begun(tag: &BytesStart<'_>, next: usize, days: &[bool]) -> Half {
    let letters = attribute(tag, "r").unwrap_or_default();
    let column = letters
        .bytes()
        .take_while(u8::is_ascii_uppercase)
        .fold(0_usize, |column, letter| column.saturating_mul(26).saturating_add(usize::from(letter - b'A') + 1));
    let style = attribute(tag, "s").and_then(|style| style.parse::<usize>().ok());
    Half {
        column: column.checked_sub(1).unwrap_or(next).min(MOST_COLUMNS),
        kind: attribute(tag, "t").unwrap_or_default(),
        day: style.and_then(|style| days.get(style)).copied().unwrap_or(false),
        ..Half::default()
    }
}

fn placed(cells: &mut Vec<String>, formulas: &mut Vec<usize>, cell: Half, texts: &[String]) {
    while cells.len() <= cell.column {
        cells.push(String::new());
    }
    if cell.formula {
        formulas.push(cell.column);
    }
    let text = match cell.kind.as_str() {
        "s" => cell.value.trim().parse::<usize>().ok().and_then(|at| texts.get(at)).cloned().unwrap_or_default(),
        "b" => if cell.value.trim() == "1" { "yes" } else { "no" }.to_owned(),
        "" | "n" if cell.day => day(&cell.value).unwrap_or(cell.value),
        _ => cell.value,
    };
    if let Some(place) = cells.get_mut(cell.column) {
        *place = text;
    }
}

/// Days since the end of 1899, as a spreadsheet counts them.
fn day(figure: &str) -> Option<String> {
    let whole = figure.trim().split('.').next()?.parse::<i64>().ok().filter(|days| (1..=110_000).contains(days))?;
    Some(plus_days(date(1899, 12, 30), whole).to_string())
}

//! The typesetter's closed world: one template, the house style, four faces and their fallback, and the data.
//!
//! Templates read the data as JSON, so that what people typed is never parsed as markup, and nothing here can
//! open a file, fetch a package or ask the time. Output is PDF/UA-1 (ISO 14289-1).

use std::sync::{LazyLock, OnceLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp as PdfTimestamp};

use crate::printable::printable;

/// How many renders a cached intermediate result may stay unused before it is dropped.
const CACHE_AGE: usize = 10;

/// When a document was issued, as its metadata says. Given by the caller: nothing here reads a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentMoment(
    /// The instant, written to the file in UTC with whole seconds.
    pub Timestamp,
);

/// Why a document could not be made. Each is a fault of the program, never of what a person typed.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// The data could not be written as JSON.
    #[error("the document's data could not be prepared: {0}")]
    Data(#[from] serde_json::Error),
    /// The template was refused: a mistake in it, or a field that it expects and the data lacks.
    #[error("the document could not be typeset: {0}")]
    Typesetting(String),
    /// The typeset pages could not be written as an accessible PDF.
    #[error("the document could not be written as PDF/UA-1: {0}")]
    Export(String),
}

/// Typesets `template` with `data` and gives the bytes of a tagged PDF (PDF/UA-1).
///
/// The template may import `/house.typ`, and finds the data in `json("/data.json")`. The same template, data and
/// moment give the same bytes. A character that none of the faces can draw is spelt by its code, such as
/// `[U+1F3E0]`, because PDF/UA-1 forbids an empty box in its place.
pub fn pdf(template: &str, data: &impl Serialize, moment: DocumentMoment) -> Result<Vec<u8>, PaperError> {
    let data = printable(&serde_json::to_value(data)?, |letter| faces().draws(letter));
    let bytes = render(template, data.to_string(), moment);
    typst::comemo::evict(CACHE_AGE);
    bytes
}

fn render(template: &str, data: String, moment: DocumentMoment) -> Result<Vec<u8>, PaperError> {
    let closed = ClosedWorld::new(template, data)?;
    let Warned { output, .. } = typst::compile::<PagedDocument>(&closed);
    let document = output.map_err(|problems| PaperError::Typesetting(told(&problems)))?;
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|hinted| PaperError::Export(hinted.message().to_string()))?;
    let options = PdfOptions {
        creator: Smart::Custom(Some("Placewell".to_owned())),
        timestamp: metadata_time(moment),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|problems| PaperError::Export(told(&problems)))
}

/// The moment in UTC; none where the year has more than four digits, which the format cannot say.
fn metadata_time(moment: DocumentMoment) -> Option<PdfTimestamp> {
    let utc = moment.0.to_zoned(TimeZone::UTC).datetime();
    let part = |number: i8| u8::try_from(number).ok();
    let datetime = Datetime::from_ymd_hms(
        i32::from(utc.year()),
        part(utc.month())?,
        part(utc.day())?,
        part(utc.hour())?,
        part(utc.minute())?,
        part(utc.second())?,
    )?;
    Some(PdfTimestamp::new_utc(datetime))
}

fn told(problems: &[SourceDiagnostic]) -> String {
    let mut sentences: Vec<String> = problems.iter().map(|problem| problem.message.to_string()).collect();
    sentences.sort();
    sentences.dedup();
    sentences.join("; ")
}

/// The faces that documents are set in, loaded once.
struct Faces {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
}

impl Faces {
    fn draws(&self, letter: char) -> bool {
        self.fonts.iter().any(|font| font.info().coverage.contains(u32::from(letter)))
    }
}

/// Noto Sans for Latin, Greek and Cyrillic; `DejaVu` Sans behind it for Arabic, Hebrew, symbols and faces of emoji.
fn faces() -> &'static Faces {
    static FACES: OnceLock<Faces> = OnceLock::new();
    FACES.get_or_init(|| {
        let files = [
            notosans::REGULAR_TTF,
            notosans::BOLD_TTF,
            notosans::ITALIC_TTF,
            notosans::BOLD_ITALIC_TTF,
            dejavu::sans::regular(),
            dejavu::sans::bold(),
        ];
        let fonts: Vec<Font> = files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Faces { fonts, book }
    })
}

/// What every document shares, made once, so that what the typesetter remembers of one holds for the next.
struct Shared {
    library: LazyHash<Library>,
    house: Source,
    /// Where a template finds its data.
    data: FileId,
}

static SHARED: LazyLock<Result<Shared, String>> = LazyLock::new(|| {
    // Row headers of tables can be tagged only with this feature of the typesetter.
    let features = [Feature::A11yExtras].into_iter().collect();
    Ok(Shared {
        library: LazyHash::new(Library::builder().with_features(features).build()),
        house: Source::new(file("/house.typ")?, include_str!("house.typ").to_owned()),
        data: file("/data.json")?,
    })
});

fn file(path: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(path).map_err(|problem| problem.to_string())?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

/// All that a template can see: itself, the house style and its data.
struct ClosedWorld {
    shared: &'static Shared,
    template: Source,
    data: Bytes,
}

impl ClosedWorld {
    fn new(template: &str, data: String) -> Result<Self, PaperError> {
        let shared = SHARED.as_ref().map_err(|problem| PaperError::Typesetting(problem.clone()))?;
        let main = file("/paper.typ").map_err(PaperError::Typesetting)?;
        Ok(Self { shared, template: Source::new(main, template.to_owned()), data: Bytes::from_string(data) })
    }
}

impl World for ClosedWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &faces().book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let mut known = [&self.template, &self.shared.house].into_iter();
        known.find(|one| one.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shared.data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        faces().fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

//! What every record's documents share: a line of the list, a document that a form brings, and one handed over as a file.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use placewell_app::clock::moment_at;
use placewell_app::office::document::{Brought, DocumentEntry};
use placewell_app::{Answer, Outcome};
use placewell_domain::outcome::Invalid;
use placewell_pages::office::document::{DocumentLine, FIELD};

use crate::upload::SentFile;

/// The format in words, by the media type.
pub(crate) fn format(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => "PDF",
        "image/png" => "PNG",
        "image/jpeg" => "JPEG",
        kind if kind.contains("wordprocessing") => "Word",
        kind if kind.contains("spreadsheet") => "Excel",
        _ => "File",
    }
}

/// One line of a record's documents, below the record's own path.
pub(crate) fn line(
    (entry, came_as): &(DocumentEntry, String),
    record: &str,
    reads: bool,
    takes_away: bool,
) -> DocumentLine {
    let path = format!("{record}/documents/{}", entry.id);
    DocumentLine {
        number: entry.name.clone(),
        came_as: came_as.clone(),
        format: format(&entry.media_type).to_owned(),
        bytes: u64::try_from(entry.bytes).unwrap_or_default(),
        added: moment_at(entry.made_at).local,
        take_away: takes_away.then(|| format!("{path}/take-away")),
        href: reads.then_some(path),
        gone: entry.gone,
    }
}

/// A document to keep, never shown inside the page: under its number, since the name that it came with may name a child.
pub(crate) fn download(reference: &str, entry: &DocumentEntry, content: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{reference}-{}\"", entry.name);
    let headers = [
        (header::CONTENT_TYPE, entry.media_type.clone()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, content).into_response()
}

/// The document that a form must bring.
pub(crate) fn brought(file: Option<SentFile>) -> Answer<Brought> {
    let none = || Outcome::from(Invalid::one(FIELD, "Choose the document to add"));
    file.ok_or_else(none)?.document()
}

//! What the documents of every record share: a line of the list, the form that brings one, and one to keep.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use placewell_app::office::document::{Brought, DocumentEntry};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::problem::Problem;
use crate::api::value::Id;
use crate::upload::SentFile;

/// A document of a record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PaperLine {
    /// Its id.
    id: Id,
    /// Its number among the record's documents.
    #[schema(example = "document-1.pdf")]
    name: String,
    /// The name that it came with; empty where your role may not see it.
    came_as: String,
    /// Its media type.
    #[schema(example = "application/pdf")]
    media_type: String,
    /// Its length.
    bytes: i64,
    /// SHA-256 of its content.
    sha256: String,
    /// It was taken away, or can no longer be read.
    gone: bool,
}

/// One line of a list.
pub(crate) fn line((entry, came_as): (DocumentEntry, String)) -> PaperLine {
    PaperLine {
        id: Id(entry.id.0),
        name: entry.name,
        came_as,
        media_type: entry.media_type,
        bytes: entry.bytes,
        sha256: entry.digest,
        gone: entry.gone,
    }
}

/// A document to keep.
pub(crate) fn content((entry, content): (DocumentEntry, Vec<u8>)) -> Response {
    let name = format!("attachment; filename=\"{}\"", entry.name);
    ([(header::CONTENT_TYPE, entry.media_type), (header::CONTENT_DISPOSITION, name)], content).into_response()
}

/// A form with a file: its one part is named `file`.
#[derive(ToSchema)]
#[allow(dead_code)] // described here, read from the form by name
pub(crate) struct DocumentForm {
    /// A PDF, PNG, JPEG, Word or Excel document, of 25 MB at most, without macros.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The document in a file, or the problem with it under its own status.
pub(crate) fn document(file: SentFile) -> Result<Brought, Problem> {
    let refused = |outcome| {
        let problem = Problem::from(outcome);
        let status = match problem.code.as_str() {
            "document_too_large" => StatusCode::PAYLOAD_TOO_LARGE,
            "document_kind" | "document_macros" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => problem.status,
        };
        Problem { status, ..problem }
    };
    file.document().map_err(refused)
}

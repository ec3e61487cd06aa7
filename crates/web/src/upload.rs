//! A form with a file in it, read piece by piece: what is larger than a document may be is not kept in memory.
//!
//! What was typed beside a file that is too large is read to the end all the same, so that nobody types it again.

use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;
use placewell_app::office::document::Brought;
use placewell_app::{Answer, Outcome};
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::document::LARGEST;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_pages::office::document::FIELD;
use placewell_pages::office::import::PASTED;

use crate::fields::Fields;
use crate::request::{Signed, Submitted, is_multipart};
use crate::respond::Failure;
use crate::security;
use crate::server::Web;

/// What those may do who bring files.
const BRINGS: [Action; 6] = [
    Action::MakeReferral,
    Action::RunAgreement,
    Action::BringInFiles,
    Action::AnswerMonitoring,
    Action::RunArrangement,
    Action::RecordDecision,
];
/// The most that one request may send; the connection ends there.
const LARGEST_BODY: usize = 64 * 1024 * 1024;
/// The longest text of one field, in bytes.
const LONGEST_FIELD: usize = 64 * 1024;
/// The longest text of pasted rows, in bytes: a file of people has a thousand of them.
const LONGEST_ROWS: usize = 512 * 1024;
/// The most fields.
const MOST_FIELDS: usize = 200;

/// A file as it was sent.
#[derive(Clone, Default)]
pub struct SentFile {
    /// The name that the sender's computer has for it.
    pub name: String,
    content: Vec<u8>,
    bytes: usize,
}

impl SentFile {
    /// How many bytes were sent, kept or not.
    pub fn size(&self) -> usize {
        self.bytes
    }

    /// What it holds; nothing where it is larger than a document may be.
    pub fn bytes(self) -> Option<Vec<u8>> {
        (self.bytes <= LARGEST).then_some(self.content)
    }

    /// The document in it, of a kind that is taken.
    pub fn document(self) -> Answer<Brought> {
        if self.bytes > LARGEST {
            return Err(too_large(self.bytes).into());
        }
        Brought::checked(&self.name, self.content)
    }
}

fn too_large(bytes: usize) -> Refusal {
    Refusal::new(
        "document_too_large",
        "Documents: 25 MB at most",
        "The document is larger than 25 MB.",
        "You, by sending it in parts or with smaller pictures",
    )
    .found(format!("{} MB", bytes.div_ceil(1024 * 1024)))
}

/// What a form with a file holds.
#[derive(Default)]
pub struct Parts {
    /// Names and values.
    pub fields: Fields,
    /// The file, where one was chosen.
    pub file: Option<SentFile>,
}

/// Why a form with a file could not be read.
pub enum Unread {
    /// More than is taken in one request.
    TooLarge,
    /// More rows were pasted than a form takes.
    TooManyRows,
    /// Not the form that it says it is.
    Malformed,
}

impl From<MultipartError> for Unread {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Self::TooLarge } else { Self::Malformed }
    }
}

/// Reads a form with a file.
pub async fn read(mut request: Request) -> Result<Parts, Unread> {
    DefaultBodyLimit::max(LARGEST_BODY).apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Unread::Malformed)?;
    let (mut pairs, mut file) = (Vec::new(), None);
    while let Some(mut part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        let Some(called) = part.file_name().map(str::to_owned) else {
            let (longest, longer) =
                if name == PASTED { (LONGEST_ROWS, Unread::TooManyRows) } else { (LONGEST_FIELD, Unread::TooLarge) };
            let mut text = Vec::new();
            while let Some(piece) = part.chunk().await? {
                text.extend_from_slice(&piece);
                if text.len() > longest {
                    return Err(longer);
                }
            }
            pairs.push((name, String::from_utf8_lossy(&text).into_owned()));
            if pairs.len() > MOST_FIELDS {
                return Err(Unread::Malformed);
            }
            continue;
        };
        let mut sent = SentFile { name: called, ..SentFile::default() };
        while let Some(piece) = part.chunk().await? {
            sent.bytes += piece.len();
            if sent.bytes <= LARGEST {
                sent.content.extend_from_slice(&piece);
            } else {
                sent.content = Vec::new();
            }
        }
        let chosen = sent.bytes > 0 || !sent.name.is_empty();
        if name == FIELD && chosen && file.replace(sent).is_some() {
            return Err(Unread::Malformed);
        }
    }
    Ok(Parts { fields: Fields::from_pairs(pairs), file })
}

/// A submitted form of our own pages that may bring a file; sent without one, it is read like any other form.
pub struct Uploaded {
    /// Who sent it.
    pub signed: Signed,
    /// What was filled in.
    pub fields: Fields,
    /// The key under which it is done once.
    pub key: String,
    /// The file, where one was chosen.
    pub file: Option<SentFile>,
}

impl FromRequest<Web> for Uploaded {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Failure> {
        if !is_multipart(request.headers()) {
            let Submitted { signed, fields, key } = Submitted::from_request(request, web).await?;
            return Ok(Self { signed, fields, key, file: None });
        }
        let (mut parts, body) = request.into_parts();
        let signed = Signed::from_request_parts(&mut parts, web).await?;
        // Nobody's file is read into memory whose role brings none.
        if !BRINGS.iter().any(|action| may(signed.actor.role, *action)) {
            return Err(signed.fail(Outcome::Forbidden(Action::MakeReferral)));
        }
        let Parts { fields, file } = match read(Request::from_parts(parts, body)).await {
            Ok(read) => read,
            Err(Unread::TooLarge) => return Err(Failure::upload_too_large((*signed).clone())),
            Err(Unread::TooManyRows) => {
                let words = "Paste 512 KB of rows at most, or choose a file of them, of 25 MB at most";
                return Err(signed.fail(Invalid::one(PASTED, words).into()));
            }
            Err(Unread::Malformed) => return Err(Failure::wrong_kind((*signed).clone())),
        };
        if !security::is_form_token(fields.get("_csrf"), &signed.token) {
            return Err(Failure::stale((*signed).clone()));
        }
        let key = match fields.filled("_key") {
            Some(key) if key.len() <= 100 => key.to_owned(),
            _ => return Err(Failure::keyless((*signed).clone())),
        };
        Ok(Self { signed, fields, key, file })
    }
}

/// A refused document as an error of the form that brought it, with its status: what was typed stays.
pub fn at_field(outcome: Outcome) -> Result<(StatusCode, Invalid), Outcome> {
    match outcome {
        Outcome::Invalid(invalid) => Ok((StatusCode::UNPROCESSABLE_ENTITY, invalid)),
        Outcome::Refused(refusal) => {
            let status = match refusal.code.as_str() {
                "document_too_large" => StatusCode::PAYLOAD_TOO_LARGE,
                "document_kind" | "document_macros" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "document_infected" | "document_not_scanned" => StatusCode::UNPROCESSABLE_ENTITY,
                _ => return Err(Outcome::Refused(refusal)),
            };
            let found = if refusal.value.is_empty() { String::new() } else { format!(" Found: {}.", refusal.value) };
            let message = format!("{}{found} {}", refusal.sentence, changes_it(&refusal.who_can_change));
            Ok((status, Invalid::one(FIELD, message)))
        }
        other => Err(other),
    }
}

/// "You, by saving it as a PDF" as what to do.
fn changes_it(who: &str) -> String {
    format!("Who can change it: {}.", who.trim_end_matches('.'))
}

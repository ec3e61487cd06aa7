//! What a provider holds and shows, over the API.

use std::collections::BTreeMap;

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::homes::home::paper::{AddPaperFile, KeepPaper, WithdrawPaper};
use placewell_app::office::document::DocumentEntry;
use placewell_app::placing::invitation::keeping::ConfirmAllBeds;
use placewell_domain::homes::home::paper::{Paper, PaperTerms};
use placewell_insight::placing::referral::Effect;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::office::document::{DocumentForm, PaperLine, content, document, line};
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent, SentFile};
use crate::api::value::{Id, IfMatch};
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(seen))
        .routes(routes!(keep))
        .routes(routes!(withdraw))
        .routes(routes!(list_files))
        .routes(routes!(add_file))
        .routes(routes!(read_own_file))
        .routes(routes!(read_seen_file))
        .routes(routes!(confirm_all_beds))
        .routes(routes!(own_gates))
}

/// A file that is kept of a document.
#[derive(Debug, Serialize, ToSchema)]
struct HeldFile {
    /// Its id.
    id: Id,
    /// Its number among the files of the document.
    #[schema(example = "document-1.pdf")]
    name: String,
    /// Its media type.
    #[schema(example = "application/pdf")]
    media_type: String,
    /// Its length.
    bytes: i64,
    /// SHA-256 of its content.
    sha256: String,
}

impl From<DocumentEntry> for HeldFile {
    fn from(entry: DocumentEntry) -> Self {
        let DocumentEntry { id, name, media_type, bytes, digest, .. } = entry;
        Self { id: Id(id.0), name, media_type, bytes, sha256: digest }
    }
}

/// A document that a provider holds.
#[derive(Debug, Serialize, ToSchema)]
struct HeldDocument {
    /// Its id.
    id: Id,
    /// Its version.
    version: i64,
    /// The home's number; null for the provider as a whole.
    urn: Option<String>,
    /// What it is.
    document: code::PaperKind,
    /// Its number or title.
    reference: String,
    /// From when it holds.
    from: Date,
    /// The last day on which it holds.
    expires_on: Option<Date>,
    /// Who beside the provider can see it, and read its files.
    seen_by: code::Audience,
    /// The files that are kept of it, the newest first; empty where the provider brought none.
    files: Vec<HeldFile>,
}

/// Documents.
#[derive(Debug, Serialize, ToSchema)]
struct HeldDocuments {
    /// Those that lapse first at the head.
    documents: Vec<HeldDocument>,
}

/// List the documents that one holds, with their days
#[utoipa::path(get, path = "/provider/documents", tag = "home", operation_id = "list_held_documents", responses((status = 200, body = HeldDocuments)))]
async fn list(api: Api) -> Answered {
    let (papers, homes) = api.app().own_papers(&api.actor).await?;
    let mut files = api.app().own_paper_files(&api.actor).await?;
    let numbers: BTreeMap<_, _> = homes.iter().map(|home| (home.id, home.urn.to_string())).collect();
    let documents = papers.into_iter().map(|paper| {
        let urn = paper.home.and_then(|home| numbers.get(&home).cloned());
        let kept = files.remove(&paper.id);
        held(paper, urn, kept)
    });
    Ok(plain(&HeldDocuments { documents: documents.collect() }))
}

fn held(paper: Paper, urn: Option<String>, kept: Option<Vec<DocumentEntry>>) -> HeldDocument {
    HeldDocument {
        id: Id(paper.id.0),
        version: paper.version,
        urn,
        document: paper.kind.into(),
        reference: paper.reference,
        from: paper.from,
        expires_on: paper.expires_on,
        seen_by: paper.audience.into(),
        files: kept.unwrap_or_default().into_iter().map(HeldFile::from).collect(),
    }
}

/// List the documents of a home and its provider that you may see
#[utoipa::path(get, path = "/homes/{urn}/documents", tag = "home", operation_id = "list_home_documents", responses((status = 200, body = HeldDocuments)))]
async fn seen(api: Api, Path(urn): Path<String>) -> Answered {
    let (home, papers, mut files) = api.app().home_papers(&api.actor, &urn).await?;
    let documents = papers.into_iter().map(|paper| {
        let urn = paper.home.map(|_| home.urn.to_string());
        let kept = files.remove(&paper.id);
        held(paper, urn, kept)
    });
    Ok(plain(&HeldDocuments { documents: documents.collect() }))
}

/// A document to keep or renew.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHeldDocument {
    /// The home's number; left out for the provider as a whole.
    #[serde(default)]
    urn: Option<String>,
    /// What it is.
    document: code::PaperKind,
    /// Its number or title.
    reference: String,
    /// From when it holds.
    from: Date,
    /// The last day on which it holds; insurance has one.
    #[serde(default)]
    #[schema(example = "2022-09-12")]
    expires_on: Option<Date>,
    /// Who beside the provider can see it.
    seen_by: code::Audience,
}

/// Keep a document, or give the one of this number other days
///
/// Its file is sent afterwards, to its `files`.
#[utoipa::path(post, path = "/provider/documents", tag = "home", operation_id = "keep_held_document", request_body = NewHeldDocument, responses((status = 201, body = Done)))]
async fn keep(sent: Sent<NewHeldDocument>) -> Answered {
    let NewHeldDocument { urn, document, reference, from, expires_on, seen_by } = sent.body;
    let terms = PaperTerms { from, expires_on, audience: seen_by.0 };
    let command = KeepPaper { urn, kind: document.0, reference, terms, brought: None };
    Ok(made(sent.api.perform(&sent.key, command).await?))
}

/// Nothing more is said.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawnDocument {}

/// Withdraw a document
#[utoipa::path(post, path = "/provider/documents/{id}/withdraw", tag = "home", operation_id = "withdraw_held_document", params(IfMatch), request_body = WithdrawnDocument, responses((status = 200, body = Done)))]
async fn withdraw(Path(id): Path<i64>, sent: Sent<WithdrawnDocument>) -> Answered {
    let command = WithdrawPaper { paper: id, version: sent.version()? };
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// List the files of a document that one holds, the newest first
#[utoipa::path(get, path = "/provider/documents/{id}/files", tag = "home", operation_id = "list_held_document_files", responses((status = 200, body = Vec<PaperLine>)))]
async fn list_files(api: Api, Path(id): Path<i64>) -> Answered {
    let (_, files) = api.app().own_paper(&api.actor, id).await?;
    Ok(plain(&files.into_iter().map(line).collect::<Vec<_>>()))
}

/// Bring the file of a document, or a newer one
///
/// Sealed, and read by those who can see the document; those before it stay as its history.
#[utoipa::path(post, path = "/provider/documents/{id}/files", tag = "home", operation_id = "add_held_document_file", request_body(content = DocumentForm, content_type = "multipart/form-data"), responses((status = 201, body = Done)))]
async fn add_file(Path(id): Path<i64>, sent: SentFile) -> Answered {
    let SentFile { api, file, key } = sent;
    let brought = document(file)?;
    Ok(made(api.perform(&key, AddPaperFile { paper: id, brought }).await?))
}

/// Read a file of a document that one holds
///
/// Every reading is recorded.
#[utoipa::path(get, path = "/provider/documents/{id}/files/{document}", tag = "home", operation_id = "get_held_document_file", responses((status = 200, body = String, content_type = "*/*")))]
async fn read_own_file(api: Api, Path((id, document)): Path<(i64, i64)>) -> Answered {
    Ok(content(api.app().own_paper_file(&api.actor, (id, document)).await?))
}

/// Read a file of a document of a home and its provider that you may see
///
/// Every reading is recorded.
#[utoipa::path(get, path = "/homes/{urn}/documents/{id}/files/{document}", tag = "home", operation_id = "get_home_document_file", responses((status = 200, body = String, content_type = "*/*")))]
async fn read_seen_file(api: Api, Path((urn, id, document)): Path<(String, i64, i64)>) -> Answered {
    Ok(content(api.app().home_paper_file(&api.actor, &urn, (id, document)).await?))
}

/// Nothing more is said.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AllBeds {}

/// Confirm that the beds of all own homes are shown right
#[utoipa::path(post, path = "/provider/confirm-beds", tag = "home", request_body = AllBeds, responses((status = 200, body = Done)))]
async fn confirm_all_beds(sent: Sent<AllBeds>) -> Answered {
    let receipt = sent.api.perform(&sent.key, ConfirmAllBeds {}).await?;
    sent.api.app().homes.forget().await;
    Ok(changed(receipt))
}

/// One thing that decides whether a home is asked.
#[derive(Debug, Serialize, ToSchema)]
struct WhyAskedLine {
    /// What it is.
    about: &'static str,
    /// `left_out`, `weaker` or `well`.
    effect: &'static str,
    /// What was found.
    found: String,
    /// What would change it.
    change: &'static str,
}

/// Why a home is asked, and why not.
#[derive(Debug, Serialize, ToSchema)]
struct WhyAsked {
    /// The home's number.
    urn: String,
    /// What keeps it out first.
    lines: Vec<WhyAskedLine>,
}

/// Read why one's own home is asked, and why not
#[utoipa::path(get, path = "/provider/homes/{urn}/why", tag = "home", responses((status = 200, body = WhyAsked)))]
async fn own_gates(api: Api, Path(urn): Path<String>) -> Answered {
    let (facts, gates) = api.app().own_gates(&api.actor, &urn).await?;
    let lines = gates.into_iter().map(|gate| WhyAskedLine {
        about: gate.about,
        effect: match gate.effect {
            Effect::LeftOut => "left_out",
            Effect::Weaker => "weaker",
            Effect::Well => "well",
        },
        found: gate.found,
        change: gate.change,
    });
    Ok(plain(&WhyAsked { urn: facts.home.urn.to_string(), lines: lines.collect() }))
}

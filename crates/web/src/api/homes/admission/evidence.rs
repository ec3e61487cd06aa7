//! Documents of an application: added and removed by its provider, read by whoever judges it.

use axum::extract::Path;
use placewell_app::homes::admission::evidence::{AddEvidence, EvidenceLine, RemoveEvidence};
use placewell_domain::homes::admission::evidence::EvidenceOf;
use placewell_domain::id::EvaluationId;
use placewell_domain::office::access::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::office::document::{PaperLine, content, document, line};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent, SentForm};
use crate::api::value::{Id, IfMatch};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(own))
        .routes(routes!(add))
        .routes(routes!(remove))
        .routes(routes!(own_document))
        .routes(routes!(for_region))
        .routes(routes!(document_for_region))
        .routes(routes!(for_evaluator))
        .routes(routes!(document_for_evaluator))
}

/// A document of an application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApplicationDocument)]
struct EvidenceShown {
    /// What it shows.
    of: code::EvidenceOf,
    /// The document.
    document: PaperLine,
}

/// The documents of an application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApplicationDocuments)]
struct EvidenceList {
    /// In the order in which they were added.
    documents: Vec<EvidenceShown>,
}

fn shown(found: Vec<EvidenceLine>) -> EvidenceList {
    let one = |one: EvidenceLine| EvidenceShown { of: one.of.into(), document: line((one.entry, one.name)) };
    EvidenceList { documents: found.into_iter().map(one).collect() }
}

/// List the documents of the own draft; its version is that of the draft
#[utoipa::path(get, path = "/openings/{reference}/application/documents", tag = "admission", operation_id = "list_application_documents", responses((status = 200, body = EvidenceList)))]
async fn own(api: Api, Path(reference): Path<String>) -> Answered {
    let (draft, found) = api.app().own_evidence(&api.actor, &reference).await?;
    Ok(versioned(draft.version, &shown(found)))
}

/// A form with what the document shows, in `of`, and the document, in `file`.
#[derive(ToSchema)]
#[schema(as = ApplicationDocumentForm)]
#[allow(dead_code)] // described here, read from the form by name
struct EvidenceForm {
    /// What it shows.
    of: code::EvidenceOf,
    /// A PDF, PNG, JPEG, Word or Excel document, of 25 MB at most, without macros.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Add a document to the draft
#[utoipa::path(post, path = "/openings/{reference}/application/documents", tag = "admission", operation_id = "add_application_document", params(IfMatch), request_body(content = EvidenceForm, content_type = "multipart/form-data"), responses((status = 201, body = Done)))]
async fn add(Path(reference): Path<String>, sent: SentForm) -> Answered {
    let version = sent.api.version()?;
    let SentForm { api, fields, file, key } = sent;
    let of = EvidenceOf::from_code(fields.get("of"));
    let of = of.ok_or_else(|| Problem::field("of", "Send what the document shows as the part named of"))?;
    let brought = document(file)?;
    Ok(made(api.perform(&key, AddEvidence { reference, version, of, brought }).await?))
}

/// The document that goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplicationDocumentRemoved)]
struct EvidenceRemoved {
    /// Its id.
    document: Id,
}

/// Take a document out of the draft; what was sent keeps it
#[utoipa::path(post, path = "/openings/{reference}/application/documents/remove", tag = "admission", operation_id = "remove_application_document", params(IfMatch), request_body = EvidenceRemoved, responses((status = 200, body = Done)))]
async fn remove(Path(reference): Path<String>, sent: Sent<EvidenceRemoved>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, RemoveEvidence { reference, version, document: body.document.0 }).await?))
}

/// Read a document of the own application
///
/// Every reading is recorded.
#[utoipa::path(get, path = "/openings/{reference}/application/documents/{document}", tag = "admission", operation_id = "read_application_document", responses((status = 200, body = String, content_type = "*/*")))]
async fn own_document(api: Api, Path((reference, document)): Path<(String, i64)>) -> Answered {
    Ok(content(api.app().own_evidence_document(&api.actor, &reference, document).await?))
}

async fn judged(api: &Api, action: Action, id: i64) -> Answered {
    api.app().may_ask(&api.actor, action)?;
    Ok(plain(&shown(api.app().evidence_of(&api.actor, EvaluationId(id)).await?)))
}

async fn judged_document(api: &Api, action: Action, (id, document): (i64, i64)) -> Answered {
    api.app().may_ask(&api.actor, action)?;
    Ok(content(api.app().evidence_document(&api.actor, EvaluationId(id), document).await?))
}

/// List the documents of an application, for the regional team
#[utoipa::path(get, path = "/region/evaluations/{id}/documents", tag = "admission", operation_id = "list_evaluated_documents", responses((status = 200, body = EvidenceList)))]
async fn for_region(api: Api, Path(id): Path<i64>) -> Answered {
    judged(&api, Action::RunAdmission, id).await
}

/// Read a document of an application, for the regional team
///
/// Every reading is recorded.
#[utoipa::path(get, path = "/region/evaluations/{id}/documents/{document}", tag = "admission", operation_id = "read_evaluated_document", responses((status = 200, body = String, content_type = "*/*")))]
async fn document_for_region(api: Api, Path(path): Path<(i64, i64)>) -> Answered {
    judged_document(&api, Action::RunAdmission, path).await
}

/// List the documents of an application, for an evaluator who declared no conflict
#[utoipa::path(get, path = "/evaluations/{id}/documents", tag = "admission", operation_id = "list_scored_documents", responses((status = 200, body = EvidenceList)))]
async fn for_evaluator(api: Api, Path(id): Path<i64>) -> Answered {
    judged(&api, Action::EvaluateApplications, id).await
}

/// Read a document of an application, for an evaluator who declared no conflict
///
/// Every reading is recorded.
#[utoipa::path(get, path = "/evaluations/{id}/documents/{document}", tag = "admission", operation_id = "read_scored_document", responses((status = 200, body = String, content_type = "*/*")))]
async fn document_for_evaluator(api: Api, Path(path): Path<(i64, i64)>) -> Answered {
    judged_document(&api, Action::EvaluateApplications, path).await
}

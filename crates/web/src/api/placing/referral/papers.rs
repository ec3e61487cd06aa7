//! Documents of a referral: brought as a form with a file, listed, read, taken away.

use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse as _;
use placewell_app::placing::referral::AnswerTask;
use placewell_app::placing::referral::papers::{AddReferralDocument, AnswerDocuments, TakeReferralDocument};
use placewell_domain::id::DocumentId;
use placewell_domain::placing::referral::Task;
use placewell_domain::placing::referral::profile::Papers;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::office::document::{DocumentForm, PaperLine, content, document, line};
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent, SentFile};
use crate::api::value::{IfMatch, Nothing};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(of_referral))
        .routes(routes!(add_to_referral))
        .routes(routes!(read_of_referral))
        .routes(routes!(take_from_referral))
        .routes(routes!(answer_with_document))
        .routes(routes!(statement))
}

/// List a referral's documents, newest first
#[utoipa::path(get, path = "/referrals/{reference}/documents", tag = "referral", operation_id = "list_referral_documents", responses((status = 200, body = Vec<PaperLine>)))]
async fn of_referral(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().referral_papers(&api.actor, &reference).await?;
    Ok(plain(&found.documents.into_iter().map(line).collect::<Vec<_>>()))
}

/// Add a document to a referral
///
/// Sealed under the child's key; only the authority reads it.
#[utoipa::path(post, path = "/referrals/{reference}/documents", tag = "referral", operation_id = "add_referral_document", request_body(content = DocumentForm, content_type = "multipart/form-data"), responses((status = 201, body = Done)))]
async fn add_to_referral(Path(reference): Path<String>, sent: SentFile) -> Answered {
    let SentFile { api, file, key } = sent;
    let brought = document(file)?;
    Ok(made(api.perform(&key, AddReferralDocument { reference, brought }).await?))
}

/// Read one document of a referral
///
/// Every reading is recorded.
#[utoipa::path(get, path = "/referrals/{reference}/documents/{document}", tag = "referral", operation_id = "get_referral_document", responses((status = 200, body = String, content_type = "*/*")))]
async fn read_of_referral(api: Api, Path((reference, document)): Path<(String, i64)>) -> Answered {
    Ok(content(api.app().referral_document(&api.actor, &reference, DocumentId(document)).await?))
}

/// Take a document away from a referral
///
/// Nobody can read it again; that it was there stays on record.
#[utoipa::path(post, path = "/referrals/{reference}/documents/{document}/take-away", tag = "referral", operation_id = "take_referral_document", request_body = Nothing, responses((status = 200, body = Done)))]
async fn take_from_referral(Path((reference, document)): Path<(String, i64)>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, TakeReferralDocument { reference, document }).await?))
}

/// Say of a draft that documents go with it, and add the first
///
/// Needs the draft's version in `If-Match`. Later ones are added one by one.
#[utoipa::path(post, path = "/referrals/{reference}/documents/first", tag = "referral", operation_id = "add_first_referral_document", params(IfMatch), request_body(content = DocumentForm, content_type = "multipart/form-data"), responses((status = 201, body = Done)))]
async fn answer_with_document(Path(reference): Path<String>, sent: SentFile) -> Answered {
    let SentFile { api, file, key } = sent;
    let version = api.version()?;
    let brought = Some(document(file)?);
    let checked = api.app().checked_referral(&api.actor, &reference).await?;
    let mut profile = checked.referral.profile;
    profile.papers = Some(Papers::Held);
    let (narrative, plan) = (checked.narrative, checked.referral.plan);
    let answer = AnswerTask { reference, version, task: Task::Documents, profile, narrative, plan };
    Ok(made(api.perform(&key, AnswerDocuments { answer, brought }).await?))
}

/// Read the statement of the search as PDF
///
/// Homes approached, dates, coded answers, distances and registration, with the hash of its content; it names no child.
#[utoipa::path(get, path = "/referrals/{reference}/statement/pdf", tag = "referral", operation_id = "get_search_statement_pdf", responses((status = 200, body = String, content_type = "application/pdf")))]
async fn statement(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().search_statement_pdf(&api.actor, &reference, "").await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], found).into_response())
}

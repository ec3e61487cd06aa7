//! Files as evidence of a check: listed, brought as a form with a file, read, taken away.

use axum::extract::Path;
use placewell_app::Outcome;
use placewell_app::buying::check::{AddCheckDocument, TakeCheckDocument};
use placewell_domain::buying::check::CheckItem;
use placewell_domain::id::DocumentId;
use placewell_domain::office::access::{Action, may};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::office::document::{DocumentForm, PaperLine, content, document, line};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent, SentFile};
use crate::api::value::Nothing;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(of_check))
        .routes(routes!(add_to_check))
        .routes(routes!(read_of_check))
        .routes(routes!(take_from_check))
}

fn item_of(code: &str) -> Result<CheckItem, Problem> {
    CheckItem::from_code(code).ok_or_else(Problem::not_found)
}

/// List the files of a check's evidence, newest first
#[utoipa::path(get, path = "/referrals/{reference}/checks/{urn}/{item}/documents", tag = "check", operation_id = "list_check_documents", responses((status = 200, body = Vec<PaperLine>)))]
async fn of_check(api: Api, Path((reference, urn, item)): Path<(String, String, String)>) -> Answered {
    let found = api.app().check_documents(&api.actor, (&reference, &urn, item_of(&item)?)).await?;
    Ok(plain(&found.into_iter().map(line).collect::<Vec<_>>()))
}

/// Add a file to the evidence of a check that was begun
///
/// Sealed under the child's key; only the authority reads it.
#[utoipa::path(post, path = "/referrals/{reference}/checks/{urn}/{item}/documents", tag = "check", operation_id = "add_check_document", request_body(content = DocumentForm, content_type = "multipart/form-data"), responses((status = 201, body = Done)))]
async fn add_to_check(Path((reference, urn, item)): Path<(String, String, String)>, sent: SentFile) -> Answered {
    let SentFile { api, file, key } = sent;
    let (item, brought) = (item_of(&item)?, document(file)?);
    Ok(made(api.perform(&key, AddCheckDocument { reference, urn, item, brought }).await?))
}

/// Read one file of a check's evidence
///
/// Every reading is recorded.
#[utoipa::path(get, path = "/referrals/{reference}/checks/{urn}/{item}/documents/{document}", tag = "check", operation_id = "get_check_document", responses((status = 200, body = String, content_type = "*/*")))]
async fn read_of_check(
    api: Api,
    Path((reference, urn, item, document)): Path<(String, String, String, i64)>,
) -> Answered {
    // Who may not read it is told so, whatever the address says.
    if !may(api.actor.role, Action::SeeChild) {
        return Err(Outcome::Forbidden(Action::SeeChild).into());
    }
    let of = (reference.as_str(), urn.as_str(), item_of(&item)?);
    Ok(content(api.app().check_document(&api.actor, of, DocumentId(document)).await?))
}

/// Take a file of a check's evidence away
///
/// Nobody can read it again; that it was there stays on record.
#[utoipa::path(post, path = "/referrals/{reference}/checks/{urn}/{item}/documents/{document}/take-away", tag = "check", operation_id = "take_check_document", request_body = Nothing, responses((status = 200, body = Done)))]
async fn take_from_check(
    Path((reference, urn, item, document)): Path<(String, String, String, i64)>,
    sent: Sent<Nothing>,
) -> Answered {
    let Sent { api, key, .. } = sent;
    let item = item_of(&item)?;
    Ok(changed(api.perform(&key, TakeCheckDocument { reference, urn, item, document }).await?))
}

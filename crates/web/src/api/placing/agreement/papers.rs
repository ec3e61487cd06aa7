//! Documents about a stay: brought or given on by the authority, read by both sides.

use axum::extract::Path;
use axum::http::StatusCode;
use placewell_app::Receipt;
use placewell_app::placing::agreement::papers::{AddAgreementDocument, GiveDocuments, TakeAgreementDocument};
use placewell_domain::id::DocumentId;
use placewell_domain::placing::agreement::Withheld;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::office::document::{DocumentForm, PaperLine, content, document, line};
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain, saying};
use crate::api::request::{Api, Sent, SentFile};
use crate::api::value::{Id, Nothing};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(of_agreement))
        .routes(routes!(opened))
        .routes(routes!(add_to_agreement))
        .routes(routes!(give))
        .routes(routes!(read_of_agreement))
        .routes(routes!(take_from_agreement))
}

/// Why the home does not read the documents about a stay.
///
/// `recalled`: the authority took back what it told the home. The home reads them again when access is given back or the child
/// moves in. `cancelled`: the agreement was cancelled before the child came.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PaperWithheld {
    Recalled,
    Cancelled,
}

impl From<Withheld> for PaperWithheld {
    fn from(why: Withheld) -> Self {
        match why {
            Withheld::Recalled => Self::Recalled,
            Withheld::Cancelled => Self::Cancelled,
        }
    }
}

/// A document about a stay.
#[derive(Debug, Serialize, ToSchema)]
struct StayPaper {
    #[serde(flatten)]
    document: PaperLine,
    /// Why the home does not read it now; null where it does. A home finds none listed that is withheld from it.
    withheld: Option<PaperWithheld>,
}

/// Documents about a stay were brought.
#[derive(Debug, Serialize, ToSchema)]
struct StayPaperAdded {
    #[serde(flatten)]
    done: Done,
    /// Why the home does not read them now; null where it does.
    withheld: Option<PaperWithheld>,
}

/// The receipt for whoever brought documents, with why the home does not read them.
async fn brought(api: &Api, reference: &str, (status, receipt): (StatusCode, Receipt)) -> Answered {
    let withheld = api.app().agreement_withheld(&api.actor, reference).await?.map(PaperWithheld::from);
    Ok(saying(status, receipt, |done| StayPaperAdded { done, withheld }))
}

/// List the documents about a stay, newest first, for either side
#[utoipa::path(get, path = "/agreements/{reference}/papers", tag = "agreement", operation_id = "list_agreement_papers", responses((status = 200, body = Vec<StayPaper>)))]
async fn of_agreement(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().agreement_papers(&api.actor, &reference).await?;
    let withheld = found.withheld.map(PaperWithheld::from);
    let lines = found.documents.into_iter().map(|one| StayPaper { document: line(one), withheld });
    Ok(plain(&lines.collect::<Vec<_>>()))
}

/// One opening of a document by somebody of the home.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaperOpened)]
struct OpenedLine {
    /// The document's number; a copy of the agreement by its file's name.
    #[schema(example = "document-1.pdf")]
    document: String,
    /// Who opened it.
    person: String,
    /// When, on the clock in London.
    #[schema(example = "2021-09-14T09:05:00")]
    at: String,
}

/// List who of the home opened which document about a stay, the latest first; empty for the home itself
#[utoipa::path(get, path = "/agreements/{reference}/papers/opened", tag = "agreement", operation_id = "list_papers_opened", responses((status = 200, body = Vec<OpenedLine>)))]
async fn opened(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().agreement_papers(&api.actor, &reference).await?;
    let lines = found.opened.into_iter();
    let lines = lines.map(|(document, person, at)| OpenedLine { document, person, at: at.to_string() });
    Ok(plain(&lines.collect::<Vec<_>>()))
}

/// Add a document about a stay; the home reads it, unless it is withheld
#[utoipa::path(post, path = "/agreements/{reference}/papers", tag = "agreement", operation_id = "add_agreement_paper", request_body(content = DocumentForm, content_type = "multipart/form-data"), responses((status = 201, body = StayPaperAdded)))]
async fn add_to_agreement(Path(reference): Path<String>, sent: SentFile) -> Answered {
    let SentFile { api, file, key } = sent;
    let add = AddAgreementDocument { reference: reference.clone(), brought: document(file)? };
    let receipt = api.perform(&key, add).await?;
    brought(&api, &reference, (StatusCode::CREATED, receipt)).await
}

/// Documents of the referral to give on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Giving {
    /// Their ids, as the referral lists them.
    documents: Vec<Id>,
}

/// Give the home documents that the referral has
#[utoipa::path(post, path = "/agreements/{reference}/papers/give", tag = "agreement", operation_id = "give_papers", request_body = Giving, responses((status = 200, body = StayPaperAdded)))]
async fn give(Path(reference): Path<String>, sent: Sent<Giving>) -> Answered {
    let Sent { api, body, key } = sent;
    let documents = body.documents.into_iter().map(|id| id.0).collect();
    let receipt = api.perform(&key, GiveDocuments { reference: reference.clone(), documents }).await?;
    brought(&api, &reference, (StatusCode::OK, receipt)).await
}

/// Read one document about a stay
///
/// Every reading is recorded.
#[utoipa::path(get, path = "/agreements/{reference}/papers/{document}", tag = "agreement", operation_id = "get_agreement_paper", responses((status = 200, body = String, content_type = "*/*")))]
async fn read_of_agreement(api: Api, Path((reference, document)): Path<(String, i64)>) -> Answered {
    Ok(content(api.app().agreement_document(&api.actor, &reference, DocumentId(document)).await?))
}

/// Take a document about a stay away
#[utoipa::path(post, path = "/agreements/{reference}/papers/{document}/take-away", tag = "agreement", operation_id = "take_agreement_paper", request_body = Nothing, responses((status = 200, body = Done)))]
async fn take_from_agreement(Path((reference, document)): Path<(String, i64)>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, TakeAgreementDocument { reference, document }).await?))
}

//! A mini-block's papers as PDF: its contract, and what an authority pays in a month.

use axum::extract::Path;
use axum::http::{Uri, header};
use axum::response::IntoResponse as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::nights::{AskedMonth, named};
use crate::api::problem::Answered;
use crate::api::request::Api;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(contract)).routes(routes!(statement))
}

/// Read a mini-block's contract as PDF
#[utoipa::path(get, path = "/mini-blocks/{reference}/pdf", tag = "block", operation_id = "get_mini_block_pdf", responses((status = 200, body = String, content_type = "application/pdf")))]
async fn contract(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().block_pdf(&api.actor, &reference, "").await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], found).into_response())
}

/// Read what an authority pays for a mini-block in a month as PDF
#[utoipa::path(get, path = "/mini-blocks/{reference}/recharge/{authority}/pdf", tag = "block", operation_id = "get_mini_block_recharge_pdf", params(AskedMonth), responses((status = 200, body = String, content_type = "application/pdf")))]
async fn statement(api: Api, Path((reference, authority)): Path<(String, String)>, uri: Uri) -> Answered {
    let found = api.app().recharge_pdf(&api.actor, &reference, &authority, &named(&uri)?).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], found).into_response())
}

//! The versions of the terms and of the specification: issued with their text, read, and who has not accepted them reminded.

use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse as _;
use jiff::civil::Date;
use placewell_app::Outcome;
use placewell_app::power::arrangement::{IssueTerms, KeepTermsText, RemindTerms};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::{Instrument, TermsVersion};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::office::document::{DocumentForm, document};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent, SentFile, SentForm};
use crate::api::value::{IfMatch, Nothing};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(issue_terms))
        .routes(routes!(variation))
        .routes(routes!(text))
        .routes(routes!(keep_text))
        .routes(routes!(remind))
}

fn instrument(code: &str) -> Result<Instrument, Problem> {
    Instrument::from_code(code).ok_or_else(|| Outcome::NotFound.into())
}

/// A new version with its text.
#[derive(ToSchema)]
#[allow(dead_code)] // described here, read from the form by name
struct IssueForm {
    /// Of what: `terms` or `specification`.
    of: String,
    /// Its number: digits, letters, points and hyphens.
    #[schema(max_length = 20, example = "3.1")]
    version: String,
    /// The first day on which it is used.
    from: Date,
    /// What changed.
    #[schema(max_length = 1000)]
    summary: String,
    /// Its text: a PDF or a Word document of 25 MB at most, without macros.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Issue a version of the terms or of the specification, with its text
#[utoipa::path(post, path = "/arrangement/{slug}/issue-terms", tag = "arrangement", params(IfMatch), request_body(content = IssueForm, content_type = "multipart/form-data"), responses((status = 200, body = Done)))]
async fn issue_terms(Path(slug): Path<String>, sent: SentForm) -> Answered {
    let version = sent.api.version()?;
    let SentForm { api, fields, file, key } = sent;
    let mut invalid = Invalid::default();
    let of = Instrument::from_code(fields.get("of"));
    if of.is_none() {
        invalid.add("of", "Give terms or specification");
    }
    let number = fields.text("version", 20, "Give the number of the new version, like 1.2", &mut invalid);
    let summary = fields.text("summary", 1_000, "Give what changed in this version", &mut invalid);
    let from: Option<Date> = fields.get("from").parse().ok();
    if from.is_none() {
        invalid.add("from", "Give the first day on which it applies, like 2021-10-01");
    }
    let (Some(of), Some(from), true) = (of, from, invalid.errors.is_empty()) else {
        return Err(Outcome::from(invalid).into());
    };
    let terms = TermsVersion { version: number, from, summary };
    let text = document(file)?;
    Ok(changed(api.perform(&key, IssueTerms { slug, version, of, terms, text }).await?))
}

/// An acceptance, for the regional team.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VariationAccepted)]
struct AcceptedBy {
    /// The organisation's name.
    who: String,
    /// The day.
    on: Date,
    /// Who signed and in which role, or the power that was used.
    by: String,
}

/// A version of the terms or of the specification.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Variation)]
struct VariationShown {
    /// Of what: `terms` or `specification`.
    of: &'static str,
    /// Its number.
    version: String,
    /// The first day on which it is used.
    from: Date,
    /// What changed.
    summary: String,
    /// SHA-256 of its text, where one is kept.
    text_sha256: Option<String>,
    /// When the text was kept.
    text_kept_on: Option<Date>,
    /// Whether your organisation is bound by it; not for those who accept nothing.
    bound: Option<bool>,
    /// Who accepted it by an act of their own; for the regional team.
    accepted: Option<Vec<AcceptedBy>>,
    /// The authorities that have not; for the regional team.
    authorities_waiting: Option<Vec<String>>,
    /// The providers with an admitted home that have not; for the regional team.
    providers_waiting: Option<Vec<String>>,
}

/// Read a version of the terms or of the specification
#[utoipa::path(get, path = "/arrangement/{slug}/terms/{of}/{version}", tag = "arrangement", operation_id = "get_variation", responses((status = 200, body = VariationShown)))]
async fn variation(api: Api, Path((slug, of, version)): Path<(String, String, String)>) -> Answered {
    let found = api.app().variation(Some(&api.actor), &slug, (instrument(&of)?, &version)).await?;
    let (digest, kept_on) = found.text.map(|text| (text.digest, text.kept_on)).unzip();
    let (accepted, waiting) = found.acceptance.unzip();
    let (authorities, providers) = waiting.map(|waiting| (waiting.authorities, waiting.providers)).unzip();
    let names = |all: Vec<(_, String)>| all.into_iter().map(|(_, name)| name).collect();
    let line =
        |one: placewell_app::power::arrangement::AcceptedLine| AcceptedBy { who: one.who, on: one.on, by: one.by };
    Ok(plain(&VariationShown {
        of: found.of.code(),
        version: found.terms.version,
        from: found.terms.from,
        summary: found.terms.summary,
        text_sha256: digest,
        text_kept_on: kept_on,
        bound: found.bound,
        accepted: accepted.map(|lines| lines.into_iter().map(line).collect()),
        authorities_waiting: authorities.map(names),
        providers_waiting: providers.map(names),
    }))
}

/// Read the text of a version
#[utoipa::path(get, path = "/arrangement/{slug}/terms/{of}/{version}/text", tag = "arrangement", operation_id = "get_variation_text", responses((status = 200, body = String, content_type = "*/*")))]
async fn text(api: Api, Path((slug, of, version)): Path<(String, String, String)>) -> Answered {
    let (text, content) = api.app().variation_text(&slug, (instrument(&of)?, &version)).await?;
    Ok(([(header::CONTENT_TYPE, text.media_type)], content).into_response())
}

/// Keep the text of a version that has none
#[utoipa::path(post, path = "/arrangement/{slug}/terms/{of}/{version}/text", tag = "arrangement", operation_id = "keep_variation_text", request_body(content = DocumentForm, content_type = "multipart/form-data"), responses((status = 201, body = Done)))]
async fn keep_text(Path((slug, of, version)): Path<(String, String, String)>, sent: SentFile) -> Answered {
    let SentFile { api, file, key } = sent;
    let command = KeepTermsText { slug, of: instrument(&of)?, terms: version, text: document(file)? };
    Ok(made(api.perform(&key, command).await?))
}

/// Remind those who have not accepted a version
#[utoipa::path(post, path = "/arrangement/{slug}/terms/{of}/{version}/remind", tag = "arrangement", operation_id = "remind_of_variation", request_body = Nothing, responses((status = 200, body = Done)))]
async fn remind(Path((slug, of, version)): Path<(String, String, String)>, sent: Sent<Nothing>) -> Answered {
    let command = RemindTerms { slug, of: instrument(&of)?, terms: version };
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

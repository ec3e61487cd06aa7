//! The exempt part of a decision: its authority's own, in no public answer.

use axum::extract::Path;
use jiff::civil::DateTime;
use placewell_app::power::decision::{ExemptLine, RecordExempt};
use placewell_domain::power::decision::ExemptWords;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::IfMatch;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(exempt)).routes(routes!(record_exempt))
}

/// What is exempt, by which paragraph, and why.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExemptBody {
    /// What is exempt; the part's name and not what it says.
    #[schema(max_length = 2_000, example = "Appendix B: tendered prices by provider")]
    what: String,
    /// The paragraph of part 1 of Schedule 12A to the Local Government Act 1972, `1` to `7`.
    paragraph: code::ExemptParagraph,
    /// Why the public interest in exempting it outweighs that in telling it.
    #[schema(max_length = 2_000)]
    public_interest: String,
}

/// One recording of an exempt part.
#[derive(Debug, Serialize, ToSchema)]
struct ExemptShown {
    /// What is exempt; null from when nothing is any longer.
    part: Option<ExemptBody>,
    /// Who recorded it.
    by: String,
    /// When.
    #[schema(value_type = String)]
    at: DateTime,
}

impl From<ExemptLine> for ExemptShown {
    fn from(line: ExemptLine) -> Self {
        let part = line.words.map(|words| ExemptBody {
            what: words.what,
            paragraph: words.paragraph.into(),
            public_interest: words.reason,
        });
        Self { part, by: line.by, at: line.at }
    }
}

/// Read what was recorded of a decision's exempt part, the latest first
#[utoipa::path(get, path = "/decisions/{reference}/exempt", tag = "decision", operation_id = "read_exempt", responses((status = 200, body = Vec<ExemptShown>)))]
async fn exempt(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().exempt_part(&api.actor, &reference).await?;
    Ok(plain(&found.lines.into_iter().map(ExemptShown::from).collect::<Vec<_>>()))
}

/// An exempt part to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewExempt {
    /// What is exempt; null where nothing is any longer.
    part: Option<ExemptBody>,
}

/// Record what of a decision is exempt from publication
#[utoipa::path(post, path = "/decisions/{reference}/exempt", tag = "decision", operation_id = "record_exempt", params(IfMatch), request_body = NewExempt, responses((status = 200, body = Done)))]
async fn record_exempt(Path(reference): Path<String>, sent: Sent<NewExempt>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let words = body.part.map(|part| ExemptWords {
        what: part.what,
        paragraph: part.paragraph.0,
        reason: part.public_interest,
    });
    Ok(changed(api.perform(&key, RecordExempt { reference, version, words }).await?))
}

//! Who pays a line, step-down reviews, what a provider asks for, and what agreements ask an authority's people to do.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::placing::agreement::{AskChange, DeclineAsked, ReviewSupport, ShareLine, Todo, TodoLine};
use placewell_app::placing::referral::ConfirmSkips;
use placewell_domain::homes::price::FunderShares;
use placewell_domain::money::Pence;
use placewell_domain::placing::agreement::{Attention, SupportOutcome, Wanted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::decided;
use crate::api::code;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::IfMatch;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(worklist))
        .routes(routes!(share))
        .routes(routes!(step_down))
        .routes(routes!(ask))
        .routes(routes!(decline))
        .routes(routes!(confirm_skip))
}

/// Something to do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementTodo)]
struct TodoShown {
    /// The record's reference.
    reference: String,
    /// What is to do: `unsigned`, `rolled`, `to_confirm`, `step_down`, `asked` or `skip_to_confirm`.
    what: String,
    /// From which day on.
    since: Date,
    /// Something is wrong already, or its time has passed.
    red: bool,
    /// The path of the page where it is done.
    page: String,
}

impl From<TodoLine> for TodoShown {
    fn from(line: TodoLine) -> Self {
        let what = match &line.todo {
            Todo::Agreement(Attention::Unsigned { .. }) => "unsigned",
            Todo::Agreement(Attention::Rolled { .. }) => "rolled",
            Todo::Agreement(Attention::Said(_)) => "to_confirm",
            Todo::Agreement(Attention::StepDown(_)) => "step_down",
            Todo::Agreement(Attention::Asked(_)) => "asked",
            Todo::Skip(_) => "skip_to_confirm",
        };
        Self { reference: line.reference, what: what.to_owned(), since: line.since, red: line.red, page: line.path }
    }
}

/// List what agreements ask your authority to do, red first
#[utoipa::path(get, path = "/agreements-to-do", tag = "agreement", operation_id = "list_agreement_worklist", responses((status = 200, body = Vec<TodoShown>)))]
async fn worklist(api: Api) -> Answered {
    let lines = api.app().agreement_worklist(&api.actor).await?;
    Ok(plain(&lines.into_iter().map(TodoShown::from).collect::<Vec<_>>()))
}

/// Who pays a line, in hundredths.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sharing {
    /// The line's place in the agreement, from 0.
    line: usize,
    /// The authority's hundredths.
    authority: u16,
    /// Education's.
    education: u16,
    /// Health's.
    health: u16,
    /// False while the split is disputed.
    agreed: bool,
}

/// Record who pays a line
#[utoipa::path(post, path = "/agreements/{reference}/funders", tag = "agreement", operation_id = "share_line", params(IfMatch), request_body = Sharing, responses((status = 200, body = Done)))]
async fn share(Path(reference): Path<String>, sent: Sent<Sharing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let Sharing { line, authority, education, health, agreed } = body;
    let shares = FunderShares { authority, education, health, agreed };
    Ok(changed(api.perform(&key, ShareLine { reference, version, line, shares }).await?))
}

/// How a step-down review ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Reviewed {
    /// Fewer hours from a night on.
    StepDown {
        /// The night.
        from: Date,
        /// Hours a week, in quarters of an hour.
        quarter_hours: u16,
        /// The next review.
        review_on: Date,
    },
    /// None from a night on.
    Stop {
        /// The night.
        from: Date,
    },
    /// The same hours after its end.
    ApproveAgain {
        /// The new end.
        to: Date,
        /// The next review.
        review_on: Date,
    },
}

/// A step-down review.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SteppingDown {
    /// The line's place in the agreement, from 0.
    line: usize,
    /// How it ended.
    review: Reviewed,
    /// The id of the person whose word is recorded; nobody where the caller decides.
    decided_by: Option<String>,
    /// When they said so.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:00:00")]
    said_at: Option<DateTime>,
}

/// Record how the step-down review of a line of support ended
#[utoipa::path(post, path = "/agreements/{reference}/step-down", tag = "agreement", operation_id = "review_support", params(IfMatch), request_body = SteppingDown, responses((status = 200, body = Done)))]
async fn step_down(Path(reference): Path<String>, sent: Sent<SteppingDown>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let outcome = match body.review {
        Reviewed::StepDown { from, quarter_hours, review_on } => {
            SupportOutcome::Down { from, quarter_hours, review_on }
        }
        Reviewed::Stop { from } => SupportOutcome::Stop { from },
        Reviewed::ApproveAgain { to, review_on } => SupportOutcome::Again { to, review_on },
    };
    let decided_by = decided(body.decided_by.as_deref(), body.said_at)?;
    Ok(changed(api.perform(&key, ReviewSupport { reference, version, line: body.line, outcome, decided_by }).await?))
}

/// What a provider reports or asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "asked", rename_all = "snake_case")]
#[schema(as = AskingOfAgreement)]
enum Asking {
    /// Another first night, before the child has started.
    Start {
        /// On which day.
        on: Date,
    },
    /// The child has left.
    End {
        /// On which day.
        on: Date,
        /// Planned or not.
        planned: bool,
        /// Why.
        reason: code::EndReason,
    },
    /// Another planned end.
    PlannedEnd {
        /// The day after the last planned night.
        to: Date,
    },
    /// Another price.
    Price {
        /// The line's place in the agreement, from 0.
        line: usize,
        /// From which night.
        from: Date,
        /// A week.
        weekly_pence: i64,
    },
}

/// Report an end or ask for a change, as the provider
#[utoipa::path(post, path = "/agreements/{reference}/ask", tag = "agreement", operation_id = "ask_change_of_agreement", params(IfMatch), request_body = Asking, responses((status = 200, body = Done)))]
async fn ask(Path(reference): Path<String>, sent: Sent<Asking>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let wanted = match body {
        Asking::Start { on } => Wanted::Start { on },
        Asking::End { on, planned, reason } => Wanted::End { on, planned, reason: reason.0 },
        Asking::PlannedEnd { to } => Wanted::PlannedEnd { to },
        Asking::Price { line, from, weekly_pence } => Wanted::Price { line, from, weekly: Pence(weekly_pence) },
    };
    Ok(changed(api.perform(&key, AskChange { reference, version, wanted }).await?))
}

/// A refusal of what the provider asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DecliningOfAgreement)]
struct Declining {
    /// The number of what was asked.
    number: u32,
    /// Why.
    reason: code::DeclineAskedReason,
}

/// Decline what the provider asked for
#[utoipa::path(post, path = "/agreements/{reference}/decline", tag = "agreement", operation_id = "decline_change_of_agreement", params(IfMatch), request_body = Declining, responses((status = 200, body = Done)))]
async fn decline(Path(reference): Path<String>, sent: Sent<Declining>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let (number, reason) = (body.number, body.reason.0);
    Ok(changed(api.perform(&key, DeclineAsked { reference, version, number, reason }).await?))
}

/// Nothing but the version is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmingSkips {}

/// Confirm in writing that you decided to leave routes of a search out
#[utoipa::path(post, path = "/referrals/{reference}/confirm-skip", tag = "referral", operation_id = "confirm_skips", params(IfMatch), request_body = ConfirmingSkips, responses((status = 200, body = Done)))]
async fn confirm_skip(Path(reference): Path<String>, sent: Sent<ConfirmingSkips>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, ConfirmSkips { reference, version }).await?))
}

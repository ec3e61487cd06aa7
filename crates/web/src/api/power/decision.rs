//! Decisions: published ones for everybody, an authority's own with its drafts, and what democratic services records.

mod changes;
mod delegated;
mod exempt;
mod page;
mod shown;

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::power::decision::{call_in_rule, check_pasted};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{GoverningBody, Publication};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{plain, versioned};
use crate::api::request::{Api, SentText};
use crate::fields::Fields;
use crate::server::Web;
use page::PageBody;
use placewell_app::Outcome;
use placewell_domain::office::access::{Action, may};
use shown::{DecisionLine, DecisionShown, DependantLine};

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read))
        .routes(routes!(dates))
        .routes(routes!(get))
        .merge(changes::routes())
        .merge(delegated::routes())
        .merge(exempt::routes())
}

/// Whose decisions are listed.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct Whose {
    /// `published`: every published decision of the region; `own`: those of your authority, drafts included.
    #[param(required = false, value_type = Option<String>, pattern = "^(published|own)$", example = "published")]
    of: String,
}

/// List decisions
#[utoipa::path(get, path = "/decisions", tag = "decision", params(Paging, Whose), responses((status = 200, body = Listed<DecisionLine>)))]
async fn list(api: Api, paging: Paging, uri: axum::http::Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let today = api.now().today();
    let lines: Vec<DecisionLine> = match query.filled("of") {
        None | Some("published") => {
            let found = api.app().public_decisions_after(paging.read()).await?;
            found.into_iter().map(|found| DecisionLine::of(&found.decision, found.authority, today)).collect()
        }
        Some("own") => {
            let found = api.app().own_decisions_after(&api.actor, paging.read()).await?;
            let name = &api.actor.organisation_name;
            found.into_iter().map(|decision| DecisionLine::of(&decision, name.clone(), today)).collect()
        }
        Some(_) => return Err(Problem::field("of", "Send of=published or of=own")),
    };
    Ok(plain(&paging.cut(lines, |line| line.reference.clone())))
}

/// Read a decision
///
/// Everybody reads published ones; officers of an authority read its drafts as well.
#[utoipa::path(get, path = "/decisions/{reference}", tag = "decision", responses((status = 200, body = DecisionShown)))]
async fn get(api: Api, Path(reference): Path<String>) -> Answered {
    let own = if may(api.actor.role, Action::SeeDecisions) {
        api.app().own_decision(&api.actor, &reference).await
    } else {
        Err(Outcome::NotFound)
    };
    let (record, is_own) = match own {
        Err(Outcome::NotFound) => (api.app().public_decision(&reference).await?, false),
        other => (other?, true),
    };
    let dependants = match record.decision.state.publication() {
        Some(_) if is_own => Some(api.app().dependants(&api.actor, &record.decision).await?),
        _ => None,
    };
    let version = record.decision.version;
    let mut shown = DecisionShown::of(record, api.now().today());
    shown.dependants = dependants.map(|all| all.into_iter().map(DependantLine::from).collect());
    Ok(versioned(version, &shown))
}

/// What a published text says.
#[derive(Debug, Serialize, ToSchema)]
struct DecisionRead {
    /// The reference, where the text gives one.
    reference: Option<String>,
    /// The fields; what the text does not say is null or empty, never guessed.
    page: PageBody,
    /// The line of the text that each field came from, by field.
    sources: BTreeMap<String, String>,
    /// What the text speaks of and the reader left open, with the reason, by field.
    doubts: BTreeMap<String, String>,
    /// What the law requires and the text lacks, by field.
    missing: Vec<String>,
}

/// Read a decision's published text into fields
///
/// Nothing is kept. Check each field beside its source, add what is missing, and record the page.
#[utoipa::path(post, path = "/decisions/read", tag = "decision",
    request_body(content = String, content_type = "text/plain", description = "The published text, or the page saved as HTML (text/html)."),
    responses((status = 200, body = DecisionRead)))]
async fn read(SentText { api, text }: SentText) -> Answered {
    if !may(api.actor.role, Action::RecordDecision) {
        return Err(Outcome::Forbidden(Action::RecordDecision).into());
    }
    if let Some(why) = placewell_exchange::power::decision::unreadable(&text) {
        return Err(Problem::field("text", why));
    }
    let found = tokio::task::spawn_blocking(move || check_pasted(&text))
        .await
        .map_err(|error| Outcome::Fault(format!("reading stopped: {error}")))?;
    Ok(plain(&DecisionRead {
        reference: found.reference,
        page: PageBody::from(&found.page),
        sources: found.sources,
        doubts: found.doubts,
        missing: found.missing,
    }))
}

/// Which dates are worked out.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct PublishedOn {
    /// The day of publication.
    #[param(value_type = String, format = Date, example = "2019-01-14")]
    published: String,
}

/// The dates that follow from a publication by your authority's call-in rule.
#[derive(Debug, Serialize, ToSchema)]
struct DecisionDates {
    /// The day of publication.
    published_on: Date,
    /// The working days of the call-in.
    working_days: u32,
    /// The last day on which the decision may be called in.
    call_in_closes: Date,
    /// The first day on which it holds.
    effective_from: Date,
    /// The arithmetic in words.
    rule: Option<String>,
}

/// Work out the dates of a decision
///
/// By the call-in rule and the closure days of your authority on that day. Nothing is kept; a recorded date wins.
#[utoipa::path(get, path = "/decision-dates", tag = "decision", operation_id = "decision_dates", params(PublishedOn), responses((status = 200, body = DecisionDates)))]
async fn dates(api: Api, uri: axum::http::Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let mut invalid = Invalid::default();
    let ask = "Send the day of publication, like published=2019-01-14";
    let Some(published_on) = query.date("published", ask, &mut invalid) else {
        return Err(Outcome::Invalid(invalid).into());
    };
    let session = api.app().see(&api.actor, Action::SeeDecisions).await?;
    let rule = call_in_rule(&session, api.actor.organisation, published_on).await?;
    let days = (published_on, published_on);
    let publication = Publication::of(days, GoverningBody::CouncilExecutive, None, None, &rule);
    Ok(plain(&DecisionDates {
        published_on,
        working_days: publication.working_days,
        call_in_closes: publication.closes(),
        effective_from: publication.effective_on(),
        rule: publication.line(published_on).rule,
    }))
}

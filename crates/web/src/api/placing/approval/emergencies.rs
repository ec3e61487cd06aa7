//! The Director's share of emergencies in a month.

use axum::http::Uri;
use jiff::civil::Date;
use placewell_app::placing::approval::{Emergencies, ShareLine};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::api::problem::{Answered, Problem};
use crate::api::reply::plain;
use crate::api::request::Api;
use crate::fields::Fields;
use crate::placing::approval::emergencies::month;

/// Which month.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
pub(super) struct Month {
    /// The month; the present one where it is left out.
    #[param(required = false, value_type = Option<String>, example = "2021-09")]
    month: String,
}

/// One line of a share.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmergencyShare)]
struct Share {
    /// What it counts.
    by: String,
    /// How many starts were emergencies.
    emergencies: usize,
    /// Of how many.
    starts: usize,
    /// The share in whole per cent.
    per_cent: usize,
}

impl From<&ShareLine> for Share {
    fn from(line: &ShareLine) -> Self {
        let (emergencies, starts, per_cent) = (line.emergencies, line.starts, line.per_cent());
        Self { by: line.by.clone(), emergencies, starts, per_cent }
    }
}

/// The shares of one month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Emergencies)]
pub(super) struct EmergenciesShown {
    /// The month's first day.
    month: Date,
    /// All starts.
    all: Share,
    /// By the authority responsible for the child.
    authorities: Vec<Share>,
    /// By the officer who searched.
    officers: Vec<Share>,
    /// By provider.
    providers: Vec<Share>,
    /// Emergencies by cause; `starts` is all emergencies.
    causes: Vec<Share>,
}

impl From<&Emergencies> for EmergenciesShown {
    fn from(found: &Emergencies) -> Self {
        let shares = |lines: &[ShareLine]| lines.iter().map(Share::from).collect();
        Self {
            month: found.month,
            all: (&found.all).into(),
            authorities: shares(&found.authorities),
            officers: shares(&found.officers),
            providers: shares(&found.providers),
            causes: shares(&found.causes),
        }
    }
}

/// Read the share of emergencies among a month's starts
#[utoipa::path(get, path = "/approvals/emergencies", tag = "approval", operation_id = "get_emergencies", params(Month), responses((status = 200, body = EmergenciesShown)))]
pub(super) async fn emergencies(api: Api, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let asked = match query.filled("month") {
        None => None,
        Some(text) => Some(month(text).ok_or_else(|| Problem::field("month", "Send a month, like 2021-09"))?),
    };
    Ok(plain(&EmergenciesShown::from(&api.app().emergencies(&api.actor, asked).await?)))
}

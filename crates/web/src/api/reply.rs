//! What an operation sends back: a record with its version as `ETag`, or the receipt of a change with its address.

use std::convert::identity;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use placewell_app::Receipt;
use serde::Serialize;
use utoipa::ToSchema;

use super::V1;

/// A change was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// The address of the record in this API, where it has one.
    #[schema(example = "/api/v1/decisions/HEF-2021-0913")]
    pub href: Option<String>,
    /// The path of the page that shows the result to people.
    #[schema(example = "/democratic/decisions/HEF-2021-0913")]
    pub page: String,
    /// The same request had been made before with this key: nothing was done again.
    pub repeated: bool,
}

/// Where a page's record stands in this API, by the beginning of the page's path.
const HOMES_OF_RECORDS: &[(&str, &str)] = &[
    ("/democratic/decisions/", "/decisions/"),
    ("/democratic/officer-decisions/", "/officer-decisions/"),
    ("/decisions/", "/decisions/"),
    ("/democratic/delegations", "/delegations"),
    ("/finance/annual-value", "/annual-value"),
    ("/arrangement", "/arrangement"),
    ("/settings", "/settings"),
    ("/homes/", "/homes/"),
    ("/region/evaluations/", "/evaluations/"),
    ("/evaluations/", "/evaluations/"),
    ("/region/homes/", "/homes/"),
    ("/referrals/", "/referrals/"),
    ("/recalls/", "/recalls/"),
    ("/provider/recalls/", "/provider/recalls/"),
    ("/approvals/", "/approvals/"),
    ("/agreements/", "/agreements/"),
    ("/unregistered/", "/unregistered/"),
    ("/reports/alternatives/", "/appraisals/"),
    ("/mini-blocks/", "/mini-blocks/"),
    ("/provider/mini-blocks/", "/provider/mini-blocks/"),
    ("/imports/", "/imports/"),
    ("/region/standing/", "/measures/"),
    ("/region/uplifts/", "/uplifts/"),
    ("/provider/uplifts/", "/uplifts/"),
    ("/stability/", "/stability-alerts/"),
    ("/monitoring/visits/", "/home-visits/"),
    ("/monitoring/concerns/", "/home-concerns/"),
    ("/provider/monitoring/concerns/", "/home-concerns/"),
    ("/monitoring/returns/", "/quality-returns/"),
    ("/provider/monitoring/returns/", "/quality-returns/"),
];

/// The address in this API of the record that a page shows.
fn href(page: &str) -> Option<String> {
    let path = page.split(['?', '#']).next().unwrap_or_default();
    let (record, home) =
        HOMES_OF_RECORDS.iter().find_map(|(start, home)| path.strip_prefix(start).map(|rest| (rest, home)))?;
    let record = record.split('/').next().unwrap_or_default();
    if home.ends_with('/') == record.is_empty() {
        return None;
    }
    Some(format!("{V1}{home}{record}"))
}

/// A change that was made, with what else is to be said of it.
pub fn saying<T: Serialize>(status: StatusCode, receipt: Receipt, say: impl FnOnce(Done) -> T) -> Response {
    let done = Done { href: href(&receipt.location), page: receipt.location, repeated: receipt.repeated };
    let (location, repeated) = (done.href.as_deref().and_then(|href| HeaderValue::from_str(href).ok()), done.repeated);
    let mut response = (status, Json(say(done))).into_response();
    if let Some(location) = location.filter(|_| status == StatusCode::CREATED) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    if repeated {
        response.headers_mut().insert(HeaderName::from_static("idempotent-replayed"), HeaderValue::from_static("true"));
    }
    response
}

/// 201 for a record that was made.
pub fn made(receipt: Receipt) -> Response {
    saying(StatusCode::CREATED, receipt, identity)
}

/// 200 for a record that was changed.
pub fn changed(receipt: Receipt) -> Response {
    saying(StatusCode::OK, receipt, identity)
}

/// A record with its version.
pub fn versioned(version: i64, body: &impl Serialize) -> Response {
    let mut response = Json(body).into_response();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// A list, or a record without a version.
pub fn plain(body: &impl Serialize) -> Response {
    Json(body).into_response()
}

#[cfg(test)]
mod tests {
    use super::super::operations::OPERATIONS;
    use super::{HOMES_OF_RECORDS, href};

    #[test]
    fn a_page_leads_to_its_record_in_the_api() {
        assert_eq!(
            href("/democratic/decisions/HEF-2021-0913?done=1").as_deref(),
            Some("/api/v1/decisions/HEF-2021-0913")
        );
        assert_eq!(href("/decisions/"), None);
        assert_eq!(href("/home"), None);
    }

    #[test]
    fn every_record_has_an_operation_that_reads_it() {
        let reads: Vec<&str> = OPERATIONS.iter().filter(|one| one.method == "GET").map(|one| one.path).collect();
        for (page, home) in HOMES_OF_RECORDS {
            let read = |path: &str| path == *home || path.strip_prefix(home).is_some_and(|rest| rest.starts_with('{'));
            assert!(reads.iter().any(|path| read(path)), "{page}: nothing reads {home}");
        }
    }
}

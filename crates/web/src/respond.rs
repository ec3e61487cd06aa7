//! The one file that turns outcomes into HTTP: a page and a status for each way a request can end.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use placewell_app::{Outcome, Receipt};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::document::Kind;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_exchange::sheet::{self, Sheet, SheetError};
use placewell_pages::Template;
use placewell_pages::components::Link;
use placewell_pages::system::outcome::{Plain, Refused};
use placewell_pages::words;

use crate::back;
use crate::office::person;
use crate::request::Visit;

/// A request that did not end well, with what its page needs.
pub struct Failure {
    pub(crate) visit: Box<Visit>,
    pub(crate) outcome: Outcome,
}

/// What a page's handler returns.
pub type Answered = Result<Response, Failure>;

/// Joins the app's answers with the visit that they answer.
pub trait OrFail<T> {
    /// The value, or the failure's page.
    fn or_fail(self, visit: &Visit) -> Result<T, Failure>;
}

impl<T, E: Into<Outcome>> OrFail<T> for Result<T, E> {
    fn or_fail(self, visit: &Visit) -> Result<T, Failure> {
        self.map_err(|error| visit.fail(error.into()))
    }
}

/// A page.
pub fn page(template: &impl Template) -> Response {
    page_with(StatusCode::OK, template)
}

/// A page with a status, such as 422 for a form with errors.
pub fn page_with(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page does not render");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A file to keep, under its name.
pub fn file(bytes: Vec<u8>, media_type: &'static str, name: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// A document of any media type to keep, under a name without its ending.
pub(crate) fn file_of(bytes: Vec<u8>, media_type: &str, name: &str) -> Response {
    let kinds = [Kind::Pdf, Kind::Png, Kind::Jpeg, Kind::Docx, Kind::Xlsx];
    match kinds.into_iter().find(|kind| kind.media_type() == media_type) {
        Some(kind) => file(bytes, kind.media_type(), &format!("{name}.{}", kind.extension())),
        None => file(bytes, "application/octet-stream", name),
    }
}

/// To the place where a change shows.
pub fn see(receipt: &Receipt) -> Response {
    Redirect::to(&receipt.location).into_response()
}

/// To another page.
pub fn redirect(path: &str) -> Response {
    Redirect::to(path).into_response()
}

impl Failure {
    pub(crate) fn sign_in(visit: Visit) -> Self {
        Self { visit: Box::new(visit), outcome: Outcome::Invalid(Invalid::one("signed_in", "")) }
    }

    pub(crate) fn stale(visit: Visit) -> Self {
        Self { visit: Box::new(visit), outcome: Outcome::Invalid(Invalid::one("_csrf", "")) }
    }

    pub(crate) fn keyless(visit: Visit) -> Self {
        Self { visit: Box::new(visit), outcome: Outcome::Invalid(Invalid::one("_key", "")) }
    }

    pub(crate) fn upload_too_large(visit: Visit) -> Self {
        Self { visit: Box::new(visit), outcome: Outcome::Invalid(Invalid::one("_upload", "")) }
    }

    pub(crate) fn too_large(visit: Visit) -> Self {
        Self { visit: Box::new(visit), outcome: Outcome::Invalid(Invalid::one("_size", "")) }
    }

    pub(crate) fn wrong_kind(visit: Visit) -> Self {
        Self { visit: Box::new(visit), outcome: Outcome::Invalid(Invalid::one("_kind", "")) }
    }

    fn invalid(visit: &Visit, invalid: &Invalid) -> Response {
        match invalid.errors.first().map(|error| error.field.as_str()) {
            Some("signed_in") => {
                let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(visit.query.pairs()).finish();
                let asked = if query.is_empty() { visit.path.clone() } else { format!("{}?{query}", visit.path) };
                let back = form_urlencoded::byte_serialize(asked.as_bytes()).collect::<String>();
                redirect(&format!("/sign-in?return_to={back}"))
            }
            Some("_csrf") => page_with(StatusCode::FORBIDDEN, &Plain::stale_form(visit.shell())),
            Some("_key") => {
                let refusal = Refusal::new(
                    "key_missing",
                    "Asked once, done once: every form carries a key of its own",
                    "This form came without its key, so that sending it twice would do it twice. Nothing was changed.",
                    "You, by opening the page again and sending its form",
                );
                let heading = "You cannot send this form without its key";
                let page = Refused::new(visit.shell(), heading, &refusal, onwards(visit));
                page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
            }
            Some("_size") => page_with(StatusCode::PAYLOAD_TOO_LARGE, &Plain::too_large(visit.shell(), "512 KB")),
            Some("_upload") => page_with(StatusCode::PAYLOAD_TOO_LARGE, &Plain::too_large(visit.shell(), "25 MB")),
            Some("_kind") => page_with(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                &Plain::wrong_kind(visit.shell(), "a plain form of this service"),
            ),
            _ => {
                let first = invalid.errors.first();
                let refusal = Refusal::new(
                    "invalid",
                    "Each field is read before anything is changed",
                    first.map_or("The form could not be read.", |error| error.message.as_str()),
                    "You, by going back and correcting the form",
                )
                .found(first.map_or("", |error| error.field.as_str()));
                let page = Refused::new(visit.shell(), "You cannot send this form as it is", &refusal, onwards(visit));
                page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
            }
        }
    }
}

/// The role that somebody works in, and those that may ask for this.
fn role_and_roles(role: Option<Role>, action: Action) -> String {
    let may: Vec<String> =
        action.roles().iter().filter(|role| **role != Role::Guest).map(|role| role.label().to_lowercase()).collect();
    let works = role.map_or_else(
        || "You are not signed in".to_owned(),
        |role| format!("You work here as {}", role.label().to_lowercase()),
    );
    format!("{works}; this is for: {}", words::list(&may))
}

/// Where to go on from a refusal: back to what it was about, or else to the home page of whoever is signed in.
fn onwards(visit: &Visit) -> Option<Link> {
    let role = visit.actor.as_ref()?.role;
    let record = back::link(role, &visit.path, visit.sent.is_some());
    Some(record.unwrap_or_else(|| Link::new("Go to your home page", "/home")))
}

/// Where a record is opened that was refused because it is sealed.
fn unsealing(refusal: &Refusal) -> Option<Link> {
    let (_, path) = refusal.value.split_once(": ").filter(|_| refusal.code == "record_sealed")?;
    Some(Link::new("Open the child’s record", path))
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let visit = &*self.visit;
        let refused = |status, heading: &str, refusal: &Refusal| {
            let next = unsealing(refusal).or_else(|| onwards(visit));
            page_with(status, &Refused::new(visit.shell(), heading, refusal, next))
        };
        match &self.outcome {
            Outcome::Invalid(invalid) => Self::invalid(visit, invalid),
            Outcome::Refused(refusal) => refused(StatusCode::CONFLICT, "You cannot do this", refusal),
            Outcome::Forbidden(action) => {
                let role = visit.actor.as_ref().map_or("nobody", |actor| actor.role.code());
                tracing::warn!(request = visit.mark.reference, role, action = action.name(), "not permitted");
                let refusal = Refusal::new(
                    "forbidden",
                    "Each role may ask for what the permission table lists",
                    "Your role does not include this.",
                    "Your organisation's administrator",
                )
                .found(role_and_roles(visit.actor.as_ref().map(|actor| actor.role), *action));
                refused(StatusCode::FORBIDDEN, "You cannot open this page in your role", &refusal)
            }
            Outcome::ProveAgain => person::ask_again(visit),
            Outcome::OutOfScope(_) | Outcome::NotFound => {
                page_with(StatusCode::NOT_FOUND, &Plain::not_found(visit.shell()))
            }
            Outcome::Conflict => {
                let refusal = Refusal::new(
                    "changed_meanwhile",
                    "Nobody's change is overwritten",
                    "Someone changed this while you were working. Nothing of yours was saved: open the record again and repeat your change.",
                    "You, by opening the record again",
                );
                refused(StatusCode::CONFLICT, "You cannot save over someone else's change", &refusal)
            }
            Outcome::KeyReused => {
                let refusal = Refusal::new(
                    "key_reused",
                    "One key, one request",
                    "This form was already used for something else.",
                    "You, by opening the page again",
                );
                refused(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "You cannot send this form twice with other answers",
                    &refusal,
                )
            }
            Outcome::Busy | Outcome::Retry => {
                let mut response =
                    page_with(StatusCode::SERVICE_UNAVAILABLE, &Plain::too_many(visit.shell(), "a few seconds"));
                response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("2"));
                response
            }
            Outcome::Fault(context) => {
                tracing::error!(request = visit.mark.reference, context, "fault");
                page_with(StatusCode::INTERNAL_SERVER_ERROR, &Plain::fault(visit.shell()))
            }
        }
    }
}

/// A table as CSV under a name.
pub(crate) fn as_csv(visit: &Visit, sheet: &Sheet, name: &str) -> Answered {
    let bytes = sheet.csv().map_err(fault).or_fail(visit)?;
    Ok(file(bytes, "text/csv; charset=utf-8", &format!("{name}.csv")))
}

/// A table as a spreadsheet under a name.
pub(crate) fn as_xlsx(visit: &Visit, sheet: &Sheet, name: &str) -> Answered {
    let bytes = sheet::xlsx(std::slice::from_ref(sheet), visit.now().local).map_err(fault).or_fail(visit)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(bytes, kind, &format!("{name}.xlsx")))
}

fn fault(error: SheetError) -> Outcome {
    Outcome::Fault(error.0)
}

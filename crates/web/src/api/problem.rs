//! The one file that turns outcomes into problem details (RFC 9457): a type, a status, and what to do about it.
//!
//! A handler returns a [`Problem`]; `guard` adds the request's own facts and writes it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use placewell_app::Outcome;
use placewell_domain::outcome::{Invalid, Refusal};
use serde::Serialize;
use utoipa::ToSchema;

/// Why a request did not end well, before it is written.
#[derive(Debug, Clone)]
pub struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) code: String,
    pub(crate) title: &'static str,
    pub(crate) detail: String,
    pub(crate) refusal: Option<Box<Refusal>>,
    pub(crate) errors: Vec<FieldProblem>,
    pub(crate) header: Option<(header::HeaderName, &'static str)>,
    /// For the log only.
    pub(crate) fault: Option<String>,
}

/// What an operation of the API returns.
pub type Answered = Result<Response, Problem>;

/// One thing wrong with what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field: its name, or the path to it, such as `page.limbs[0].letter`.
    #[schema(example = "decided_on")]
    pub field: String,
    /// What was found and what to send instead.
    #[schema(example = "Send a date such as 2021-09-13")]
    pub message: String,
}

/// A problem as it is sent, of media type `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDetails {
    /// A web address that stands for this kind of problem and explains it.
    #[serde(rename = "type")]
    #[schema(format = "uri", example = "https://placewell.example/api#refused")]
    pub kind: String,
    /// The kind of problem in words.
    #[schema(example = "A rule says no")]
    pub title: String,
    /// The status of the response.
    #[schema(example = 409)]
    pub status: u16,
    /// What happened, in a sentence that a person can act on.
    pub detail: String,
    /// The path that was asked for.
    pub instance: String,
    /// A stable code for programs: the refusal's own, or the kind of problem.
    #[schema(example = "ceiling_reached")]
    pub code: String,
    /// The rule or law that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Who can change it, by post or role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who_can_change: Option<String>,
    /// Each field that is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// The request's reference, which finds it in the log.
    pub request: String,
}

/// Every kind of problem: its name in the type's address, its status, its title, and what to do.
pub const KINDS: &[(&str, u16, &str, &str)] = &[
    (
        "malformed",
        400,
        "The request cannot be read",
        "Correct the JSON, the header or the query that the detail names.",
    ),
    ("unauthenticated", 401, "A token is needed", "Send the header Authorization: Bearer with a token in date."),
    ("forbidden", 403, "Your role does not include this", "Ask your organisation's administrator."),
    ("not_found", 404, "Not found", "Check the address. A record of another organisation is not found either."),
    ("wrong_method", 405, "The address does not take this method", "Use a method that the Allow header lists."),
    ("refused", 409, "A rule says no", "The code, rule, value and who_can_change say why, and who can change it."),
    ("conflict", 409, "Someone changed this meanwhile", "Read the record again and repeat the change."),
    (
        "stale",
        412,
        "The version is not the record's latest",
        "Read the record again and send its new ETag in If-Match.",
    ),
    ("too_large", 413, "Too much was sent", "Send at most 1 MB; as a document, at most 25 MB."),
    ("wrong_type", 415, "The content type is not taken", "Send application/json, or what the operation lists."),
    (
        "misdirected",
        421,
        "The request names another host",
        "Send it to the address that people use, with its name in the header Host.",
    ),
    ("invalid", 422, "A field is wrong", "Each entry of errors names a field and what to send."),
    ("key_reused", 422, "The idempotency key was used before", "Use a new Idempotency-Key for another request."),
    ("version_needed", 428, "A version is needed", "Send the record's ETag in If-Match."),
    ("too_many", 429, "Too much is asked in a minute", "Wait for the seconds in Retry-After."),
    ("fault", 500, "A fault of ours", "Give the request's reference when you tell us about it."),
    ("busy", 503, "Too much waits for this record", "Try again after the seconds in Retry-After, with the same key."),
    ("out_of_scope", 403, "The token's scope does not include this", "Make a token whose scope names it."),
    ("unproven", 403, "A recent proof of who you are is needed", "Sign in again on the service's pages."),
];

impl Problem {
    fn of(kind: &str, detail: impl Into<String>) -> Self {
        let (code, status, title, advice) = KINDS.iter().find(|known| known.0 == kind).unwrap_or(&KINDS[15]);
        let detail = detail.into();
        Self {
            status: StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code: (*code).to_owned(),
            title,
            detail: if detail.is_empty() { (*advice).to_owned() } else { detail },
            refusal: None,
            errors: Vec::new(),
            header: None,
            fault: None,
        }
    }

    /// 400: not what this protocol or this format is.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::of("malformed", detail)
    }

    /// 401: no token, or one that holds no longer.
    pub fn unauthenticated(sent: bool) -> Self {
        let (detail, challenge) = if sent {
            (
                "The token is not known, has run out, or its person holds the role no longer.",
                "Bearer realm=\"placewell\", error=\"invalid_token\"",
            )
        } else {
            ("", "Bearer realm=\"placewell\"")
        };
        Self { header: Some((header::WWW_AUTHENTICATE, challenge)), ..Self::of("unauthenticated", detail) }
    }

    /// 404: nothing here for this organisation.
    pub fn not_found() -> Self {
        Self::of("not_found", "")
    }

    /// 405: the path exists for other methods.
    pub fn wrong_method() -> Self {
        Self::of("wrong_method", "")
    }

    /// 413: the body is larger than is taken.
    pub fn too_large() -> Self {
        Self::of("too_large", "")
    }

    /// 415: the body is of a type that this operation does not take.
    pub fn wrong_type(found: &str, taken: &str) -> Self {
        let found = if found.is_empty() { "no content type" } else { found };
        Self::of("wrong_type", format!("This takes {taken}; found {found}."))
    }

    /// 428: a change of a record that says no version.
    pub fn version_needed() -> Self {
        Self::of("version_needed", "")
    }

    /// 422: one field is wrong.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Invalid::one(field, message).into()
    }

    /// An answer of the framework that carries no problem, such as a path that cannot be read.
    pub(crate) fn of_status(status: StatusCode, detail: String) -> Self {
        let kind = KINDS.iter().find(|known| known.1 == status.as_u16()).map_or("fault", |known| known.0);
        if kind == "fault" {
            return Self { fault: Some(format!("{status}: {detail}")), ..Self::of("fault", "") };
        }
        Self::of(kind, detail)
    }

    /// The same, of a request that named a version: what was changed meanwhile is a failed precondition.
    pub(crate) fn with_precondition(self) -> Self {
        if self.code == "conflict" { Self::of("stale", "") } else { self }
    }

    /// The problem as it is sent.
    pub(crate) fn details(self, origin: &str, path: &str, request: &str) -> ProblemDetails {
        let kind = if self.refusal.is_some() { "refused" } else { &self.code };
        let kind = format!("{origin}/api#{kind}");
        let (rule, value, who) = match self.refusal {
            Some(refusal) => (Some(refusal.rule), Some(refusal.value), Some(refusal.who_can_change)),
            None => (None, None, None),
        };
        ProblemDetails {
            kind,
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail,
            instance: path.to_owned(),
            code: self.code,
            rule,
            value: value.filter(|value| !value.is_empty()),
            who_can_change: who,
            errors: self.errors,
            request: request.to_owned(),
        }
    }
}

impl<E: Into<Outcome>> From<E> for Problem {
    fn from(error: E) -> Self {
        match error.into() {
            Outcome::Invalid(invalid) => {
                let detail = invalid.errors.first().map_or_else(String::new, |first| first.message.clone());
                let errors =
                    invalid.errors.into_iter().map(|error| FieldProblem { field: error.field, message: error.message });
                Self { errors: errors.collect(), ..Self::of("invalid", detail) }
            }
            Outcome::Refused(refusal) => {
                let problem = Self::of("refused", refusal.sentence.clone());
                Self { code: refusal.code.clone(), refusal: Some(refusal), ..problem }
            }
            Outcome::Forbidden(action) => Self::of(
                "forbidden",
                format!("Your role does not include {}. Ask your organisation's administrator.", action.name()),
            ),
            Outcome::OutOfScope(action) => Self::of(
                "out_of_scope",
                format!(
                    "The token's scope does not include {}. Make one that names it; an act that needs a recent proof must be \
                     named, or come under everything_with_proof.",
                    action.name()
                ),
            ),
            Outcome::ProveAgain => Self::of("unproven", ""),
            Outcome::NotFound => Self::not_found(),
            Outcome::Conflict => Self::of("conflict", ""),
            Outcome::KeyReused => Self::of("key_reused", ""),
            Outcome::Busy | Outcome::Retry => Self { header: Some((header::RETRY_AFTER, "2")), ..Self::of("busy", "") },
            Outcome::Fault(context) => Self { fault: Some(context), ..Self::of("fault", "") },
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some((name, value)) = &self.header {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response.extensions_mut().insert(self);
        response
    }
}

//! What an operation is given: who asks, by their token; the JSON they sent; their key; the version they change.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use placewell_app::{App, Command, Receipt};
use placewell_domain::clock::Moment;
use placewell_domain::office::person::Actor;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use super::{body, narrowed};
use crate::server::Web;

/// The largest body, in bytes.
pub const LARGEST_BODY: usize = 1024 * 1024;
/// The header of the key under which a change is done once.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Somebody asking with a token.
#[derive(Clone)]
pub struct Api {
    /// Who.
    pub actor: Actor,
    /// Their token.
    pub token: String,
    web: Web,
    if_match: Result<Option<i64>, Problem>,
}

impl Api {
    /// The application.
    #[must_use]
    pub fn app(&self) -> &Arc<App> {
        &self.web.app
    }

    /// The moment of the business clock.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.web.app.calendar.now()
    }

    /// The version that the caller has read and wants to change, from `If-Match`.
    pub fn version(&self) -> Result<i64, Problem> {
        self.if_match.clone()?.ok_or_else(Problem::version_needed)
    }

    /// Does what they asked for, once per key.
    pub async fn perform<C: Command>(&self, key: &str, command: C) -> Result<Receipt, Problem> {
        Ok(self.app().perform(&self.actor, key, command).await?)
    }
}

/// The value of a header as text; empty where it was not sent or is no text.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, "authorization").split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= 200).then_some(token)
}

/// An entity tag such as `"7"`; a proxy that compresses may have made it weak.
fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    if !headers.contains_key(header::IF_MATCH) {
        return Ok(None);
    }
    let tag = text(headers, "if-match");
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let version = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|digits| digits.parse().ok());
    match version {
        Some(version) => Ok(Some(version)),
        None => Err(Problem::malformed("If-Match takes one ETag of the record as it was read, such as \"7\".")),
    }
}

/// As whom the token of a request acts.
pub(super) async fn holder(headers: &HeaderMap, web: &Web) -> Result<Actor, Problem> {
    let sent = headers.contains_key(header::AUTHORIZATION);
    let Some(token) = bearer(headers) else { return Err(Problem::unauthenticated(sent)) };
    web.app.token_holder(token).await?.ok_or_else(|| Problem::unauthenticated(true))
}

impl FromRequestParts<Web> for Api {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let asked_at_the_door = parts.extensions.get::<Actor>().cloned();
        let actor = match asked_at_the_door {
            Some(actor) => actor,
            None => holder(&parts.headers, web).await?,
        };
        narrowed::within(parts, web, &actor).await?;
        let token = bearer(&parts.headers).unwrap_or_default().to_owned();
        Ok(Self { actor, token, web: web.clone(), if_match: if_match(&parts.headers) })
    }
}

/// A change that somebody asks for: the JSON read into `T`, every field known.
pub struct Sent<T> {
    /// Who asks.
    pub api: Api,
    /// What they sent.
    pub body: T,
    /// The key under which it is done once.
    pub key: String,
}

impl<T> Sent<T> {
    /// The version that the caller has read and wants to change.
    pub fn version(&self) -> Result<i64, Problem> {
        self.api.version()
    }
}

fn key(headers: &HeaderMap) -> Result<String, Problem> {
    if !headers.contains_key(IDEMPOTENCY_KEY) {
        return Ok(placewell_app::office::person::random_text::<16>());
    }
    let key = text(headers, IDEMPOTENCY_KEY);
    if (1..=100).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(key.to_owned());
    }
    Err(Problem::malformed("Idempotency-Key takes 1 to 100 letters, digits and signs without spaces, such as a UUID."))
}

/// The media type without its parameters, in lower case.
fn content_type(headers: &HeaderMap) -> String {
    text(headers, "content-type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

async fn bytes(body: axum::body::Body) -> Result<Vec<u8>, Problem> {
    to_bytes(body, LARGEST_BODY).await.map(Into::into).map_err(|_| Problem::too_large())
}

impl<T: DeserializeOwned> FromRequest<Web> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let api = Api::from_request_parts(&mut parts, web).await?;
        let key = key(&parts.headers)?;
        let kind = content_type(&parts.headers);
        let bytes = bytes(body).await?;
        let json = kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"));
        let nothing = kind.is_empty() && bytes.is_empty();
        if !json && !nothing {
            return Err(Problem::wrong_type(&kind, "application/json"));
        }
        let body = body::read(if bytes.is_empty() { b"{}" } else { &bytes })?;
        Ok(Self { api, body, key })
    }
}

/// A form with one file in it.
pub struct SentFile {
    /// Who asks.
    pub api: Api,
    /// The file.
    pub file: crate::upload::SentFile,
    /// The key under which it is done once.
    pub key: String,
}

impl FromRequest<Web> for SentFile {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let (api, key) = form_of(&mut parts, web).await?;
        match read_form(Request::from_parts(parts, body)).await?.file {
            Some(file) => Ok(Self { api, file, key }),
            None => Err(Problem::field("file", "Send the document as the part named file")),
        }
    }
}

/// Who sends a form with a file, and under which key.
async fn form_of(parts: &mut Parts, web: &Web) -> Result<(Api, String), Problem> {
    let api = Api::from_request_parts(parts, web).await?;
    let key = key(&parts.headers)?;
    let kind = content_type(&parts.headers);
    if kind == "multipart/form-data" { Ok((api, key)) } else { Err(Problem::wrong_type(&kind, "multipart/form-data")) }
}

async fn read_form(request: Request) -> Result<crate::upload::Parts, Problem> {
    crate::upload::read(request).await.map_err(|unread| match unread {
        crate::upload::Unread::TooLarge | crate::upload::Unread::TooManyRows => Problem::too_large(),
        crate::upload::Unread::Malformed => Problem::malformed("The body is not a form with one file."),
    })
}

/// A form with fields and one file.
pub struct SentForm {
    /// Who asks.
    pub api: Api,
    /// The fields.
    pub fields: crate::fields::Fields,
    /// The file.
    pub file: crate::upload::SentFile,
    /// The key under which it is done once.
    pub key: String,
}

impl FromRequest<Web> for SentForm {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let (api, key) = form_of(&mut parts, web).await?;
        let crate::upload::Parts { fields, file } = read_form(Request::from_parts(parts, body)).await?;
        let file = file.ok_or_else(|| Problem::field("file", "Send the document as the part named file"))?;
        Ok(Self { api, fields, file, key })
    }
}

/// A text that somebody sends as it is: a page saved from a browser, or plain words.
pub struct SentText {
    /// Who asks.
    pub api: Api,
    /// The text.
    pub text: String,
}

impl FromRequest<Web> for SentText {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let api = Api::from_request_parts(&mut parts, web).await?;
        let kind = content_type(&parts.headers);
        if !matches!(kind.as_str(), "text/plain" | "text/html") {
            return Err(Problem::wrong_type(&kind, "text/plain or text/html"));
        }
        let text = placewell_exchange::text::decode(&bytes(body).await?);
        Ok(Self { api, text })
    }
}

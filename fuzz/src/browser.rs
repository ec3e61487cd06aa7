//! Requests in process, raw enough to send what no browser would.

use anyhow::Context;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use tower::ServiceExt;

/// Somebody with a session, a token, or neither.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    /// Who it is, for a finding.
    pub who: String,
    header: Option<(header::HeaderName, String)>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body as text.
    pub body: String,
    /// Whether it is a page.
    pub html: bool,
    /// The record's version, where the answer says it.
    pub tag: Option<String>,
}

/// A request that changes something.
#[derive(Debug, Clone)]
pub struct Post {
    /// The method.
    pub method: &'static str,
    /// The path.
    pub path: String,
    /// The body's kind.
    pub kind: &'static str,
    /// The body.
    pub body: Vec<u8>,
    /// The version of the record that was read before.
    pub tag: Option<String>,
}

impl Post {
    /// A form that is sent.
    pub fn form(path: String, kind: &'static str, body: Vec<u8>) -> Self {
        Self { method: "POST", path, kind, body, tag: None }
    }
}

impl Browser {
    /// One who sends this header with every request.
    pub fn new(router: Router, who: &str, header: Option<(header::HeaderName, String)>) -> Self {
        Self { router, who: who.to_owned(), header }
    }

    /// Opens a path; one that is no path at all is not asked for.
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Sends.
    pub async fn post(&self, post: &Post) -> anyhow::Result<Answer> {
        let request = Request::builder().method(post.method).uri(&post.path).header(header::CONTENT_TYPE, post.kind);
        let request = match &post.tag {
            Some(tag) => request.header(header::IF_MATCH, tag),
            None => request,
        };
        self.send(request, Body::from(post.body.clone())).await
    }

    async fn send(&self, request: axum::http::request::Builder, body: Body) -> anyhow::Result<Answer> {
        let request = match &self.header {
            Some((name, value)) => request.header(name, value),
            None => request,
        };
        let response = self.router.clone().oneshot(request.body(body).context("no request")?).await?;
        let status = response.status().as_u16();
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let html = kind.is_some_and(|kind| kind.starts_with("text/html"));
        let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let bytes = to_bytes(response.into_body(), 64 * 1024 * 1024).await?;
        Ok(Answer { status, body: String::from_utf8_lossy(&bytes).into_owned(), html, tag })
    }
}

/// Text as it stands in a path or a form.
pub fn encode(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

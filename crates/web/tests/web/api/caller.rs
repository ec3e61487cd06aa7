//! A program that calls the API in process.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use super::watch::{Sent, Watched};

/// A caller with a token.
#[derive(Clone)]
pub struct Caller {
    router: Router,
    token: String,
    watched: Option<Watched>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; null where it is no JSON.
    pub json: Value,
    /// The body as it came, for a file.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// A header as text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The status as a number and the problem's code.
    pub fn problem(&self) -> (u16, &str) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(self.json["status"], self.status.as_u16());
        assert!(!self.json["request"].as_str().unwrap().is_empty());
        (self.status.as_u16(), self.json["code"].as_str().unwrap())
    }

    /// The same reply, which must be this one.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{:#}", self.json);
        self
    }
}

impl Caller {
    pub fn new(router: Router, token: &str) -> Self {
        Self { router, token: token.to_owned(), watched: None }
    }

    /// The same caller, whose every write is sent before by those who must be refused it.
    pub fn watched(self, watched: Option<Watched>) -> Self {
        Self { watched, ..self }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], "").await
    }

    /// Sends JSON with more headers.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
        self.raw(path, headers, "application/json", body.to_string()).await
    }

    /// Changes a record as it now is: reads its version first.
    pub async fn change(&self, record: &str, act: &str, body: &Value) -> Reply {
        let tag = self.get(record).await.is(200).header("etag").to_owned();
        self.post(&format!("{record}/{act}"), &[("if-match", &tag)], body).await
    }

    /// Sends any bytes as any type.
    pub async fn raw(&self, path: &str, headers: &[(&str, &str)], kind: &str, body: impl Into<Body>) -> Reply {
        let mut all = vec![("content-type", kind)];
        all.extend_from_slice(headers);
        self.send(Method::POST, path, &all, body).await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
        let body = body.into();
        let Some(Watched { watch, code, role }) = self.watched.as_ref().filter(|_| method != Method::GET) else {
            return self.exchange(method, path, headers, body).await;
        };
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let sent = Sent::Operation { method: &method, path, headers, body: &body };
        let row = Box::pin(watch.before((code.as_str(), *role), &sent)).await;
        let reply = self.exchange(method.clone(), path, headers, Body::from(body.clone())).await;
        watch.after(row, (code.as_str(), *role), reply.status, reply.status.is_success());
        reply
    }

    /// Sends it as it is, whoever is watched.
    pub async fn exchange(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Reply { status: parts.status, headers: parts.headers, json, bytes: bytes.into() }
    }
}

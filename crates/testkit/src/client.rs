//! A browser of a kind, in process: follows redirects by hand, keeps the session's cookie, fills in the form it was shown.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use scraper::{Html, Selector};
use tower::ServiceExt;

/// Somebody at a browser.
#[derive(Clone)]
pub struct Client {
    router: Router,
    cookie: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// The body as text.
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// The headers.
    pub headers: axum::http::HeaderMap,
}

impl Page {
    /// The first heading's words.
    pub fn h1(&self) -> String {
        self.words("h1")
    }

    /// The words of the first element that a selector finds.
    pub fn words(&self, selector: &str) -> String {
        let document = Html::parse_document(&self.body);
        document
            .select(&Selector::parse(selector).unwrap())
            .next()
            .map(|element| element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
            .unwrap_or_default()
    }

    /// The token that guards the session's forms: any form of a page has it.
    pub fn csrf(&self) -> String {
        let document = Html::parse_document(&self.body);
        let input = Selector::parse("input[name=_csrf]").unwrap();
        document.select(&input).next().and_then(|input| input.attr("value")).unwrap_or_default().to_owned()
    }

    /// The hidden and filled fields of the form that is sent to `action`.
    pub fn form(&self, action: &str) -> Vec<(String, String)> {
        let document = Html::parse_document(&self.body);
        let form = Selector::parse(&format!("form[action=\"{action}\"]")).unwrap();
        let input = Selector::parse("input[type=hidden]").unwrap();
        let form = document.select(&form).next().unwrap_or_else(|| panic!("no form to {action} in {}", self.body));
        form.select(&input)
            .map(|input| {
                (input.attr("name").unwrap_or_default().to_owned(), input.attr("value").unwrap_or_default().to_owned())
            })
            .collect()
    }
}

impl Client {
    /// A visitor who has not signed in.
    pub fn new(router: Router) -> Self {
        Self { router, cookie: None }
    }

    /// The same service, signed in with a session's token.
    pub fn with_session(router: Router, token: &str) -> Self {
        Self { router, cookie: Some(format!("placewell_session={token}")) }
    }

    /// The same service, with these cookies.
    pub fn with_cookies(router: Router, cookies: &str) -> Self {
        Self { router, cookie: Some(cookies.to_owned()) }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path)).await
    }

    /// Sends names and values as they are.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect::<Vec<_>>()
            .join("&");
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.exchange(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a body of another kind.
    pub async fn post_as(&self, path: &str, kind: &str, body: &str) -> Page {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, kind);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.exchange(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// Sends a form with a file, as a browser does: hidden fields as they are shown, the file last.
    pub async fn submit_file(
        &self,
        shown_at: &str,
        action: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
    ) -> Page {
        let shown = self.get(shown_at).await;
        assert_eq!(shown.status, StatusCode::OK, "{shown_at} shows {}", shown.h1());
        let hidden = shown.form(action);
        let all = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(fields.iter().copied());
        self.post_file(action, &all.collect::<Vec<_>>(), file).await
    }

    /// Sends names and values as they are, and a file after them.
    pub async fn post_file(&self, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Page {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, MULTIPART);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.exchange(request.body(Body::from(multipart(fields.iter().copied(), file))).unwrap()).await
    }

    /// Opens a page, fills in its form and sends it: hidden fields as they are shown.
    pub async fn submit(&self, shown_at: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let shown = self.get(shown_at).await;
        assert_eq!(shown.status, StatusCode::OK, "{shown_at} shows {}", shown.h1());
        let hidden = shown.form(action);
        let mut all: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend_from_slice(fields);
        self.post(action, &all).await
    }

    async fn send(&self, mut request: axum::http::request::Builder) -> Page {
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.exchange(request.body(Body::empty()).unwrap()).await
    }

    #[allow(clippy::disallowed_methods)]
    async fn exchange(&self, request: Request<Body>) -> Page {
        // A task of its own, as a served request has: the store finds a second session held in one.
        let response = tokio::spawn(self.router.clone().oneshot(request)).await.unwrap().unwrap();
        let status = response.status();
        let headers = response.headers().clone();
        let location = headers.get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned());
        let bytes = to_bytes(response.into_body(), 64 * 1024 * 1024).await.unwrap().to_vec();
        Page { status, location, body: String::from_utf8_lossy(&bytes).into_owned(), bytes, headers }
    }
}

/// The content type of [`multipart`].
pub const MULTIPART: &str = "multipart/form-data; boundary=PLACEWELL-TEST";

/// A form with a file, as a browser writes it; without a file, its field is sent empty.
pub fn multipart<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>, file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--PLACEWELL-TEST\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    let (name, content) = file.unwrap_or(("", b""));
    let head = format!(
        "--PLACEWELL-TEST\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.into_bytes());
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--PLACEWELL-TEST--\r\n");
    body
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

//! What holds for every answer and every request, asked of each route of the router and each operation of the API.

mod asvs;
mod headers;
mod requests;
mod sources;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use placewell_app::App;
use placewell_app::clock::Machine;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::session::TokenScope;
use placewell_store::Backend;
use placewell_store::verify::DEPLOYMENT;
use placewell_testkit::databases::fresh;
use placewell_web::api::document::VALUE;
use placewell_web::routes::ROUTES;
use placewell_web::{Web, router};
use tower::ServiceExt as _;

use crate::access::{email, example, people};

/// A service with one person in each role, at the address that people use.
pub struct Service {
    pub app: Arc<App>,
    pub web: Web,
    router: Router,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// A header's value; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Service {
    pub async fn at(origin: &str) -> Self {
        Self::with(origin, |web| web).await
    }

    /// The same, where everybody may sign in as one of its people.
    pub async fn demonstration(origin: &str) -> Self {
        let database = Arc::new(fresh(Backend::Sqlite).await);
        let app = people(&database).await;
        let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
        work.set_mark("demonstration", "2021-09-13T10:20:00").await.unwrap();
        work.set_mark("demonstration_people", &email(Role::Approver)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        Self::of(app, origin, |web| web).await
    }

    pub async fn with(origin: &str, set: impl FnOnce(Web) -> Web) -> Self {
        let database = Arc::new(fresh(Backend::Sqlite).await);
        let app = people(&database).await;
        Self::of(app, origin, set).await
    }

    async fn of(app: Arc<App>, origin: &str, set: impl FnOnce(Web) -> Web) -> Self {
        let web = set(Web::new(Arc::clone(&app), origin).await.unwrap());
        Self { app, router: router(web.clone()), web }
    }

    /// A new session of somebody in this role.
    pub async fn session(&self, role: Role) -> String {
        let actor = self.app.actor_by_email(&email(role)).await.unwrap();
        self.app.start_session(&actor).await.unwrap()
    }

    /// A new token for the API of somebody in this role.
    pub async fn token(&self, role: Role) -> String {
        let actor = self.app.actor_by_email(&email(role)).await.unwrap();
        self.app.create_token(&actor, "attack", 30, &TokenScope::EverythingWithProof).await.unwrap()
    }

    /// The cookie of a new session of somebody in this role.
    pub async fn cookie(&self, role: Role) -> String {
        let name = placewell_web::cookie::name(self.web.secure());
        format!("{name}={}", self.session(role).await)
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 16 * 1024 * 1024).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Sends a request with these headers.
    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    /// Sends a plain form with these headers.
    pub async fn form(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let kind = (header::CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded");
        let headers: Vec<_> = headers.iter().copied().chain([kind]).collect();
        self.ask("POST", path, &headers, body).await
    }

    /// The token of a form that is shown to whoever has this cookie.
    pub async fn form_token(&self, cookie: &str) -> String {
        let page = self.ask("GET", "/help", &[("cookie", cookie)], "").await;
        let (_, rest) = page.body.split_once("name=\"_csrf\" value=\"").expect("a page without a form");
        rest.split('"').next().unwrap().to_owned()
    }
}

/// Method and an example path of every route of the pages, of every operation of the API, and of what leads nowhere.
pub fn everything() -> Vec<(String, String)> {
    let pages = ROUTES.iter().map(|route| (route.method.to_owned(), example(route.path)));
    let paths = VALUE["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, item)| {
        item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), example(path))).collect::<Vec<_>>()
    });
    let others = [("GET", "/no-such-page"), ("POST", "/no-such-page"), ("PUT", "/home"), ("GET", "/api/v1/no-such")];
    let own = [("GET", "/api"), ("GET", "/api/openapi.json")];
    let others = others.into_iter().chain(own).map(|(method, path)| (method.to_owned(), path.to_owned()));
    pages.chain(operations).chain(others).collect()
}

/// The same, those that are left alone while they are asked one after the other with one session.
pub fn keeping_the_session() -> Vec<(String, String)> {
    let ends = ["/sign-out", "/preferences/sign-out-everywhere"];
    everything().into_iter().filter(|(_, path)| !ends.contains(&path.as_str())).collect()
}

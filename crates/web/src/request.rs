//! What a handler is given: the visit (who, if anybody), the signed-in person, and the form, each checked already.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use placewell_app::{App, Command, Outcome, Receipt};
use placewell_domain::clock::Moment;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::Method;
use placewell_domain::outcome::Invalid;
use placewell_pages::shell::{Shell, SignedIn, Tour};
use placewell_pages::tour::STOPS;
use placewell_pages::words;

use crate::fields::Fields;
use crate::respond::Failure;
use crate::security;
use crate::server::Web;
use crate::{assets, cookie, navigation};

/// The largest form without files, in bytes.
const LARGEST_FORM: usize = 512 * 1024;

/// A request's own reference and nonce.
#[derive(Debug, Clone)]
pub struct RequestMark {
    /// For support and the log.
    pub reference: String,
    /// For the content-security policy.
    pub nonce: String,
}

impl RequestMark {
    pub(crate) fn new() -> Self {
        let random = placewell_app::office::person::random_text::<24>();
        Self { reference: random[..12].to_owned(), nonce: random[12..].to_owned() }
    }
}

/// A request to a page: who asks, if they are signed in, and what every page needs.
#[derive(Clone)]
pub struct Visit {
    /// The server's state.
    pub web: Web,
    /// Who is signed in.
    pub actor: Option<Actor>,
    /// Whether they hold another role that they could change to.
    pub can_switch: bool,
    /// Their session's token; empty where nobody is.
    pub token: String,
    /// How they signed in.
    pub method: Option<Method>,
    /// The organisation whose identity provider vouches for them.
    pub provider: Option<OrganisationId>,
    /// The address that the request came from.
    pub from: String,
    /// The secret that the browser kept on the way to its user's provider; empty where none is kept.
    pub way: String,
    /// The form that was sent, so that it can wait until its sender has proven who they are.
    pub sent: Option<Arc<Fields>>,
    /// The request's reference and nonce.
    pub mark: RequestMark,
    /// The path asked for.
    pub path: String,
    /// The marking that a print of the page carries; empty where the page is about no child, or none is set.
    pub marking: String,
    /// The query string's names and values.
    pub query: Fields,
}

impl Visit {
    /// A visit by nobody that is known yet.
    pub(crate) fn unknown(parts: &Parts, web: &Web) -> Self {
        Self {
            web: web.clone(),
            actor: None,
            can_switch: false,
            token: String::new(),
            method: None,
            provider: None,
            from: address(parts, web),
            way: cookie::way(&parts.headers, web.secure()).unwrap_or_default().to_owned(),
            sent: None,
            mark: parts.extensions.get::<RequestMark>().cloned().unwrap_or_else(RequestMark::new),
            path: parts.uri.path().to_owned(),
            marking: String::new(),
            query: Fields::parse(parts.uri.query().unwrap_or_default().as_bytes()),
        }
    }

    /// The application.
    #[must_use]
    pub fn app(&self) -> &std::sync::Arc<App> {
        &self.web.app
    }

    /// The moment of the business clock.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.web.app.calendar.now()
    }

    /// What stands around every page.
    #[must_use]
    pub fn shell(&self) -> Shell {
        let shell = Shell {
            nav: navigation::links(self.actor.as_ref(), &self.path),
            own: navigation::own_links(self.actor.as_ref(), &self.path),
            signed_in: self.actor.as_ref().map(|actor| SignedIn {
                name: actor.name.clone(),
                organisation: actor.organisation_name.clone(),
                role: actor.role,
                can_switch: self.can_switch,
            }),
            nonce: self.mark.nonce.clone(),
            csrf: security::form_token(&self.token),
            request_ref: self.mark.reference.clone(),
            assets: assets::FOLDER.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            print_line: self.actor.as_ref().map(|_| self.print_line()),
            ..Shell::default()
        };
        if self.web.demonstration {
            Shell { tour: tour_bar(self.query.get("tour")), ..shell.demonstration(self.now().today()) }
        } else {
            shell
        }
    }

    /// When a print was made, and how it is marked; seen on paper alone.
    fn print_line(&self) -> String {
        let printed = format!("Printed at {}", words::moment(self.now().local));
        if self.marking.is_empty() { printed } else { format!("{printed}. {}", self.marking) }
    }

    /// A new idempotency key for a form that is shown.
    #[must_use]
    pub fn new_key(&self) -> String {
        placewell_app::office::person::random_text::<16>()
    }

    pub(crate) fn fail(&self, outcome: Outcome) -> Failure {
        Failure { visit: Box::new(self.clone()), outcome }
    }
}

/// Where pages are about children, each with what leads on from it.
const ABOUT_CHILDREN: [&str; 11] = [
    "/referrals",
    "/approvals",
    "/agreements",
    "/children",
    "/provider/referrals",
    "/recalls",
    "/stability",
    "/unregistered",
    "/spot",
    "/search",
    "/broken-glass",
];

fn is_about_a_child(path: &str) -> bool {
    let under = |rest: &str| rest.is_empty() || rest.starts_with('/');
    ABOUT_CHILDREN.iter().any(|start| path.strip_prefix(start).is_some_and(under))
}

/// The tour's bar on a page that the tour has opened.
fn tour_bar(number: &str) -> Option<Tour> {
    let of = u8::try_from(STOPS.len()).ok()?;
    let number: u8 = number.parse().ok().filter(|number| (1..=of).contains(number))?;
    let next = if number < of { format!("/tour/{}", number + 1) } else { "/demo".to_owned() };
    Some(Tour { number, of, next })
}

/// Whether the body is said to be a plain form; nothing else is read as one.
fn is_form(parts: &Parts) -> bool {
    is_of_kind(&parts.headers, "application/x-www-form-urlencoded")
}

/// Whether the body is said to be a form with a file.
pub(crate) fn is_multipart(headers: &HeaderMap) -> bool {
    is_of_kind(headers, "multipart/form-data")
}

fn is_of_kind(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}

impl FromRequestParts<Web> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        let mut visit = Self::unknown(parts, web);
        let token = cookie::token(&parts.headers, web.secure()).unwrap_or_default().to_owned();
        if !token.is_empty() {
            match web.app.session_of(&token).await {
                Ok(Some(found)) => {
                    visit.actor = Some(found.actor);
                    visit.can_switch = found.can_switch;
                    visit.method = found.method;
                    visit.provider = found.provider;
                    visit.token = token;
                    if let Some(actor) = visit.actor.as_ref().filter(|_| is_about_a_child(&visit.path)) {
                        visit.marking = web.app.marking(actor).await.map_err(|outcome| visit.fail(outcome))?;
                    }
                }
                Ok(None) => {}
                Err(outcome) => return Err(visit.fail(outcome)),
            }
        }
        Ok(visit)
    }
}

/// A visit by somebody who is signed in; anybody else is asked to sign in and comes back to the same page.
#[derive(Clone)]
pub struct Signed {
    /// Who asks.
    pub actor: Actor,
    visit: Visit,
}

impl Deref for Signed {
    type Target = Visit;
    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl Signed {
    /// Does what a form said in full; what is wrong with it comes back, to be shown with what was typed.
    pub(crate) async fn attempt<C: Command>(
        &self,
        key: &str,
        read: Result<C, Invalid>,
    ) -> Result<Result<Receipt, Invalid>, Failure> {
        let command = match read {
            Ok(command) => command,
            Err(invalid) => return Ok(Err(invalid)),
        };
        match self.app().perform(&self.actor, key, command).await {
            Ok(receipt) => Ok(Ok(receipt)),
            Err(Outcome::Invalid(invalid)) => Ok(Err(invalid)),
            Err(outcome) => Err(self.fail(outcome)),
        }
    }
}

impl FromRequestParts<Web> for Signed {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        let visit = Visit::from_request_parts(parts, web).await?;
        match visit.actor.clone() {
            Some(actor) => Ok(Self { actor, visit }),
            None => Err(Failure::sign_in(visit)),
        }
    }
}

/// A submitted form that came from one of our own pages: who sent it, the fields, and its idempotency key.
pub struct Submitted {
    /// Who sent it.
    pub signed: Signed,
    /// What was filled in.
    pub fields: Fields,
    /// The key under which it is done once.
    pub key: String,
}

impl FromRequest<Web> for Submitted {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let mut signed = Signed::from_request_parts(&mut parts, web).await?;
        if !is_form(&parts) {
            return Err(Failure::wrong_kind(signed.visit));
        }
        let Ok(body) = to_bytes(body, LARGEST_FORM).await else { return Err(Failure::too_large(signed.visit)) };
        let fields = Fields::parse(&body);
        if !security::is_form_token(fields.get("_csrf"), &signed.token) {
            return Err(Failure::stale(signed.visit));
        }
        let key = match fields.filled("_key") {
            Some(key) if key.len() <= 100 => key.to_owned(),
            _ => return Err(Failure::keyless(signed.visit)),
        };
        signed.visit.sent = Some(Arc::new(fields.clone()));
        Ok(Self { signed, fields, key })
    }
}

/// A form sent before anybody is signed in, such as signing in itself.
pub struct Unsigned {
    /// The visit.
    pub visit: Visit,
    /// What was filled in.
    pub fields: Fields,
    /// The address that it came from.
    pub from: String,
}

/// The address of whoever sent a request.
fn address(parts: &Parts, web: &Web) -> String {
    crate::address::of_request(&parts.extensions, &parts.headers, &web.proxies)
}

impl FromRequest<Web> for Unsigned {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, web).await?;
        if !is_form(&parts) {
            return Err(Failure::wrong_kind(visit));
        }
        let from = visit.from.clone();
        let Ok(body) = to_bytes(body, LARGEST_FORM).await else { return Err(Failure::too_large(visit)) };
        Ok(Self { visit, fields: Fields::parse(&body), from })
    }
}

/// The parameters of a path, by name.
pub type Parameters = axum::extract::Path<HashMap<String, String>>;

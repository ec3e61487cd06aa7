//! Every page and form of the service with who may ask for it: the access-control document's source.
//!
//! `tests/web/access.rs` proves that this list has every route, and that each answers every role as listed.

use placewell_domain::office::access::Action;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody, signed in or not.
    Everybody,
    /// Everybody, on a database that was made as a demonstration; nobody elsewhere.
    Demonstration,
    /// Everybody who is signed in, for what is their own.
    SignedIn,
    /// The roles that the permission table lists for this action.
    Role(Action),
    /// Whoever holds the one-time link.
    LinkHolder,
}

/// A page, or a form that is sent to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path as the router has it.
    pub path: &'static str,
    /// Who may ask.
    pub who: Who,
}

const fn get(path: &'static str, who: Who) -> Route {
    Route { method: "GET", path, who }
}

const fn post(path: &'static str, who: Who) -> Route {
    Route { method: "POST", path, who }
}

/// The routes, room by room. The JSON API lists its own in its description.
pub const ROUTES: &[Route] = &[
    get("/assets/{digest}/{*name}", Who::Everybody),
    get("/help", Who::Everybody),
    get("/help/words", Who::Everybody),
    get("/contact", Who::Everybody),
    get("/accessibility-statement", Who::Everybody),
    get("/privacy", Who::Everybody),
    get("/cookies", Who::Everybody),
    get("/sign-in", Who::Everybody),
    post("/sign-in", Who::Everybody),
    post("/sign-out", Who::SignedIn),
    get("/demo", Who::Demonstration),
    post("/demo", Who::Demonstration),
    get("/demo/calendar", Who::Demonstration),
    post("/demo/calendar", Who::Demonstration),
    get("/switch", Who::SignedIn),
    post("/switch", Who::SignedIn),
    get("/preferences", Who::SignedIn),
    post("/preferences/sign-out-everywhere", Who::SignedIn),
    get("/search", Who::SignedIn),
    get("/admin/jobs", Who::Role(Action::Administer)),
    post("/admin/jobs", Who::Role(Action::Administer)),
    get("/admin/jobs/mail", Who::Role(Action::Administer)),
    get("/admin/jobs/mail/{id}", Who::Role(Action::Administer)),
    get("/healthz", Who::Everybody),
    get("/readyz", Who::Everybody),
    get("/admin/audit", Who::Role(Action::Administer)),
];

//! Whoever must be refused what somebody entitled sends, sends the very same first: one of the own organisation whose role may
//! not, the same role of every other organisation, and nobody. Each is refused, and no row of the database is another.

mod open;
mod reading;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use placewell_domain::office::access::{Role, may};
use placewell_domain::office::person::session::TokenScope;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::{Reader, TestDatabase};
use placewell_web::api::operations::OPERATIONS;
use placewell_web::routes::{ROUTES, Route, Who};

use super::caller::Caller;
use super::{PEOPLE, Region, email};

/// Writes that name no record of somebody's: another organisation that sends the same keeps one of its own.
pub const ITS_OWN: &[(&str, &str)] = &[
    ("POST /api/v1/imports/of/{kind}", "a kind of file, which each organisation brings in for itself"),
    ("POST /api/v1/settings/{name}/change", "a name that every organisation gives a value of its own"),
    ("POST /settings/{name}", "a name that every organisation gives a value of its own"),
    (
        "POST /api/v1/arrangement/{slug}/accept-terms-as-provider",
        "the region's terms, which each provider accepts for itself",
    ),
    ("POST /api/v1/homes/{urn}/facts", "what each authority found of whichever home"),
    ("POST /homes/{urn}/facts", "what each authority found of whichever home"),
    ("POST /api/v1/openings/{reference}/application", "an opening, to which each provider applies for itself"),
    ("POST /provider/admission/{reference}/begin", "an opening, to which each provider applies for itself"),
    ("POST /api/v1/openings/{reference}/questions", "an opening, about which each provider asks"),
    ("POST /provider/admission/{reference}/question", "an opening, about which each provider asks"),
    ("POST /api/v1/evaluations/{id}/doubts", "a record that every authority relies on and may doubt"),
    ("POST /evaluations/{id}/doubt", "a record that every authority relies on and may doubt"),
    (
        "POST /api/v1/provider/mini-blocks/{reference}/decline",
        "a competition, in which each provider answers for itself",
    ),
    ("POST /provider/mini-blocks/{reference}/decline", "a competition, in which each provider answers for itself"),
];

/// Writes whose body names a record of the own organisation, so that another is refused it though the path names none.
pub const NAMED_WITHIN: &[&str] = &[
    "POST /admin/people/withdraw",
    "POST /admin/jobs",
    "POST /api/v1/covers",
    "POST /api/v1/delegations/holding",
    "POST /api/v1/delegations/limb-post",
    "POST /api/v1/delegations/on-call",
    "POST /api/v1/delegations/sub-delegation",
    "POST /api/v1/officer-decisions",
    "POST /api/v1/provider/documents",
    "POST /api/v1/provider/hours",
    "POST /api/v1/uplifts",
    "POST /cover",
    "POST /democratic/officer-decisions/new",
    "POST /provider/documents",
    "POST /provider/uplifts/new",
];

/// What was proven, of whichever world: the rows by their headings, and what may never be.
#[derive(Default)]
pub struct Told {
    rows: Mutex<BTreeMap<String, String>>,
    reads: Mutex<BTreeSet<String>>,
    wrong: Mutex<Vec<String>>,
}

impl Told {
    fn knows(&self, heading: &str) -> bool {
        self.rows.lock().unwrap().contains_key(heading)
    }

    /// The headings with who was let in and who was not.
    pub fn rows(&self) -> BTreeMap<String, String> {
        self.rows.lock().unwrap().clone()
    }

    /// The headings of what was read by those who may, and by nobody else.
    pub fn reads(&self) -> BTreeSet<String> {
        self.reads.lock().unwrap().clone()
    }

    fn note_read(&self, heading: String) {
        self.reads.lock().unwrap().insert(heading);
    }

    /// What may never be.
    pub fn wrong(&self) -> Vec<String> {
        self.wrong.lock().unwrap().clone()
    }

    fn note_wrong(&self, words: String) {
        self.wrong.lock().unwrap().push(words);
    }
}

/// What is sent: to an operation, or by a form.
pub enum Sent<'a> {
    Operation { method: &'a Method, path: &'a str, headers: &'a [(&'a str, &'a str)], body: &'a Bytes },
    Form { action: &'a str, fields: &'a [(String, String)], file: Option<(&'a str, &'a [u8])> },
}

/// A row of the table while it is proven.
pub struct Row {
    heading: String,
    refused: String,
}

/// Somebody of a region, or nobody, by a browser and by a program that nobody watches.
struct Somebody {
    code: &'static str,
    role: Option<Role>,
    client: Client,
    csrf: String,
    caller: Caller,
}

impl Somebody {
    fn name(&self) -> String {
        self.role.map_or_else(|| "nobody".to_owned(), |role| named(self.code, role))
    }

    async fn send(&self, sent: &Sent<'_>) -> (StatusCode, Option<String>) {
        match sent {
            Sent::Operation { method, path, headers, body } => {
                // A key is its sender's own; what is refused keeps none.
                let headers: Vec<(&str, &str)> =
                    headers.iter().copied().filter(|(name, _)| *name != "idempotency-key").collect();
                let body = Body::from(Bytes::clone(body));
                let reply = self.caller.exchange(Method::clone(method), path, &headers, body).await;
                (reply.status, None)
            }
            Sent::Form { action, fields, file } => {
                let own = |name: &str, value: &str| if name == "_csrf" { self.csrf.clone() } else { value.to_owned() };
                let all: Vec<(&str, String)> =
                    fields.iter().map(|(name, value)| (name.as_str(), own(name, value))).collect();
                let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let page = posted(&self.client, action, &all, *file).await;
                (page.status, page.location)
            }
        }
    }
}

/// Sends a form as a browser does: one with a file in parts.
async fn posted(client: &Client, action: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Page {
    if file.is_some() { client.post_file(action, fields, file).await } else { client.post(action, fields).await }
}

fn named(code: &str, role: Role) -> String {
    format!("{code} {}", role.code())
}

/// Why somebody is refused, and so by which answers.
#[derive(Clone, Copy)]
enum Refused {
    Role,
    Record,
    SignIn,
}

impl Refused {
    fn is(self, status: StatusCode, location: Option<&str>) -> bool {
        match self {
            Self::Role => status == StatusCode::FORBIDDEN,
            Self::Record => status.is_client_error(),
            Self::SignIn => {
                status == StatusCode::UNAUTHORIZED
                    || (status == StatusCode::SEE_OTHER && location.is_some_and(|to| to.starts_with("/sign-in")))
            }
        }
    }
}

/// Everybody of a region over its database.
pub struct Watch {
    reader: Reader,
    told: Arc<Told>,
    people: Vec<Somebody>,
}

/// Who is watched, by whom.
#[derive(Clone)]
pub struct Watched {
    pub watch: Arc<Watch>,
    pub code: String,
    pub role: Role,
}

impl Watch {
    pub async fn of(region: &Region, database: &TestDatabase, told: &Arc<Told>) -> Self {
        let (app, mut people) = (&region.app, Vec::new());
        for (code, _, roles) in PEOPLE {
            for role in *roles {
                let actor = app.actor_by_email(&email(code, *role)).await.unwrap();
                let token = app.create_token(&actor, "watch", 1, &TokenScope::EverythingWithProof).await.unwrap();
                let session = app.start_session(&actor).await.unwrap();
                let client = Client::with_session(region.router.clone(), &session);
                let csrf = client.get("/help").await.csrf();
                let caller = Caller::new(region.router.clone(), &token);
                people.push(Somebody { code, role: Some(*role), client, csrf, caller });
            }
        }
        let client = Client::new(region.router.clone());
        let csrf = client.get("/help").await.csrf();
        people.push(Somebody { code: "", role: None, client, csrf, caller: region.stranger() });
        Self { reader: database.reader().await, told: Arc::clone(told), people }
    }

    /// Fills in the form of a page as somebody who may, once everybody who may not has sent the same; what the page shows
    /// instead, where it has no such form.
    pub async fn submit(
        &self,
        (code, role): (&str, Role),
        (shown_at, action): (&str, &str),
        fields: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
    ) -> Result<Page, String> {
        let own = self.people.iter().find(|one| one.code == code && one.role == Some(role)).unwrap();
        let shown = own.client.get(shown_at).await;
        if shown.status != StatusCode::OK || !shown.body.contains(&format!("action=\"{action}\"")) {
            return Err(format!("{shown_at} shows no form to {action}: {} {}", shown.status, shown.h1()));
        }
        let mut all = shown.form(action);
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let row = self.before((code, role), &Sent::Form { action, fields: &all, file }).await;
        let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let page = posted(&own.client, action, &all, file).await;
        let on = page.location.as_deref().is_some_and(|to| !to.starts_with("/sign-in"));
        self.after(row, (code, role), page.status, page.status == StatusCode::OK || on);
        Ok(page)
    }

    /// Fills in the form that a mailed link leads to, once the same was sent by a link that nobody was given: whoever has the
    /// link may, whoever they are.
    pub async fn by_link(&self, token: &str, act: &str, fields: &[(&str, &str)]) -> Result<Page, String> {
        let (heading, action) = (format!("POST /emails/{{token}}/{act}"), format!("/emails/{token}/{act}"));
        self.see_by_link(&action).await;
        let client = &self.people.iter().find(|one| one.role.is_none()).unwrap().client;
        let shown = client.get(&action).await;
        if shown.status != StatusCode::OK || !shown.body.contains(&format!("action=\"{action}\"")) {
            return Err(format!("the link shows no form to {act}: {} {}", shown.status, shown.h1()));
        }
        let hidden = shown.form(&action);
        let own = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let all: Vec<(&str, &str)> = own.chain(fields.iter().copied()).collect();
        let before = self.stored().await;
        let another: String = token.chars().rev().collect();
        let refused = client.post(&format!("/emails/{another}/{act}"), &all).await.status;
        if !refused.is_client_error() {
            self.told.note_wrong(format!("{heading} by a link that nobody was given: {refused}"));
        }
        self.unchanged(&heading, &before).await;
        let page = client.post(&action, &all).await;
        if page.status == StatusCode::SEE_OTHER {
            let words = format!("who has the link {}; another link {}", page.status.as_u16(), refused.as_u16());
            self.told.rows.lock().unwrap().insert(heading, words);
        }
        Ok(page)
    }

    /// What a hidden field of a page's form holds, as somebody sees it.
    pub async fn hidden(&self, (code, role): (&str, Role), (shown_at, action): (&str, &str), field: &str) -> String {
        let own = self.people.iter().find(|one| one.code == code && one.role == Some(role)).unwrap();
        let shown = own.client.get(shown_at).await;
        let there = shown.body.contains(&format!("action=\"{action}\""));
        let fields = if there { shown.form(action) } else { Vec::new() };
        fields.into_iter().find(|(name, _)| name == field).map(|(_, value)| value).unwrap_or_default()
    }

    /// Tells a line of a road that has another answer than its own, with all that may never be.
    pub fn note(&self, words: String) {
        self.told.note_wrong(words);
    }

    /// Sends what somebody is about to send as everybody who must be refused it: the row that stands once it is done, and
    /// none where it is no write that is listed, or one that was proven before.
    pub async fn before(&self, (code, role): (&str, Role), sent: &Sent<'_>) -> Option<Row> {
        let (method, path) = match sent {
            Sent::Operation { method, path, .. } => (method.as_str(), *path),
            Sent::Form { action, .. } => ("POST", *action),
        };
        let (route, listed) = listed(method, path)?;
        let heading = format!("{listed}{}", act(route, path));
        if self.told.knows(&heading) {
            return None;
        }
        let before = self.stored().await;
        let mut refused = String::new();
        for (one, why) in self.others(route, &listed, code, role) {
            let (status, location) = one.send(sent).await;
            if !why.is(status, location.as_deref()) {
                self.told.note_wrong(format!("{heading} of {} as {}: {status}", named(code, role), one.name()));
            }
            write!(refused, "{} {}, ", one.name(), status.as_u16()).unwrap();
        }
        self.unchanged(&heading, &before).await;
        Some(Row { heading, refused: refused.trim_end_matches(", ").to_owned() })
    }

    /// Keeps the row of what was done.
    pub fn after(&self, row: Option<Row>, (code, role): (&str, Role), status: StatusCode, done: bool) {
        if let Some(row) = row.filter(|_| done) {
            let words = format!("{} {}; {}", named(code, role), status.as_u16(), row.refused);
            self.told.rows.lock().unwrap().insert(row.heading, words);
        }
    }

    /// Tells of each table that those who were refused wrote to.
    async fn unchanged(&self, heading: &str, before: &[(String, Vec<u8>)]) {
        for ((table, was), (_, is)) in before.iter().zip(self.stored().await) {
            if *was != is {
                self.told.note_wrong(format!("{heading}: whoever is refused wrote to {table}"));
            }
        }
    }

    /// Every row that is stored, but for when whoever asks was last here, and what a rule answered them under their own key.
    async fn stored(&self) -> Vec<(String, Vec<u8>)> {
        let mut rows = self.reader.rows().await;
        rows.retain(|(table, _)| table != "sign_in" && table != "idempotency");
        rows
    }

    /// Those who must be refused what somebody sends.
    fn others(&self, route: &Route, heading: &str, code: &str, role: Role) -> Vec<(&Somebody, Refused)> {
        let lacks = |one: &&Somebody| match (route.who, one.role) {
            (Who::Role(action), Some(role)) => !may(role, action),
            _ => false,
        };
        let lacking: Vec<&Somebody> = self.people.iter().filter(lacks).collect();
        let lacking = lacking.iter().find(|one| one.code == code).or_else(|| lacking.first());
        let mut others: Vec<(&Somebody, Refused)> = lacking.map(|one| (*one, Refused::Role)).into_iter().collect();
        let named = route.path.contains('{') || NAMED_WITHIN.contains(&heading);
        if named && !ITS_OWN.iter().any(|(own, _)| *own == heading) {
            let elsewhere = self.people.iter().filter(|one| one.role == Some(role) && one.code != code);
            others.extend(elsewhere.map(|one| (one, Refused::Record)));
        }
        if matches!(route.who, Who::Role(_) | Who::SignedIn) {
            let nobody = self.people.iter().filter(|one| one.role.is_none());
            others.extend(nobody.map(|one| (one, Refused::SignIn)));
        }
        others
    }
}

/// Which of the acts of one route a request is for.
fn act(route: &Route, path: &str) -> String {
    let act = path.split('?').next().and_then(|path| path.rsplit('/').next());
    act.filter(|_| route.path.ends_with("/{act}")).map(|act| format!(" {act}")).unwrap_or_default()
}

/// The route or operation that a request is for, as its row is headed; what is written out stands before what is filled in.
pub fn listed(method: &str, path: &str) -> Option<(&'static Route, String)> {
    let path = path.split('?').next().unwrap_or(path);
    let (routes, path, start) = match path.strip_prefix("/api/v1") {
        Some(rest) => (OPERATIONS, rest, "/api/v1"),
        None => (ROUTES, path, ""),
    };
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |route: &&Route| {
        let own: Vec<&str> = route.path.split('/').collect();
        let same = own.iter().zip(&parts).all(|(own, part)| own.starts_with('{') || own == part);
        route.method == method && own.len() == parts.len() && same
    };
    let written = |route: &&Route| route.path.split('/').map(|part| !part.starts_with('{')).collect::<Vec<bool>>();
    let route = routes.iter().filter(fits).max_by_key(written)?;
    Some((route, format!("{method} {start}{}", route.path)))
}

//! S1: every route of the pages and every operation of the API × every role of the record's own authority, of another one,
//! of the provider whose home was chosen, of a rival that was asked and of one that was not, of the region, of the operator,
//! and of nobody. One outcome in each cell, the same on both databases, reviewed as a whole; what may never be is refused
//! whatever was reviewed, and another's record is answered for as one that is not there.

pub(super) mod absent;
pub(super) mod rows;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use jiff::civil::date;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::person::session::TokenScope;
use placewell_store::Backend;
use placewell_testkit::client::{Client, MULTIPART, Page, multipart};
use placewell_testkit::databases::discard;
use placewell_web::api::document::VALUE;
use placewell_web::api::operations::OPERATIONS;
use placewell_web::routes::{ROUTES, Route, Who};
use serde_json::{Value, json};

use super::block::live;
use super::caller::{Caller, Reply};
use super::email;
use super::fields::planted::{self, Known};
use super::parity::sources;
use super::rising;
use super::world::{World, made};
use rows::{NOBODY, NOT_THERE};

/// Everybody who asks: a short name for the column, the organisation, the role. The first seven are of the record's own
/// authority, the eighth is the provider whose home was chosen.
const EVERYBODY: &[(&str, &str, Role)] = &[
    ("own:officer", "HEF", Role::PlacementOfficer),
    ("own:director", "HEF", Role::Approver),
    ("own:finance", "HEF", Role::FinanceOfficer),
    ("own:democratic", "HEF", Role::DemocraticServices),
    ("own:analyst", "HEF", Role::Analyst),
    ("own:administrator", "HEF", Role::Administrator),
    ("own:guest", "HEF", Role::Guest),
    ("chosen:manager", "oak-lane-care", Role::ProviderManager),
    ("rival:manager", "ash-care", Role::ProviderManager),
    ("unasked:manager", "beech-care", Role::ProviderManager),
    ("other:officer", "WOR", Role::PlacementOfficer),
    ("other:director", "WOR", Role::Approver),
    ("other:finance", "WOR", Role::FinanceOfficer),
    ("other:democratic", "WOR", Role::DemocraticServices),
    ("other:analyst", "WOR", Role::Analyst),
    ("other:administrator", "WOR", Role::Administrator),
    ("region:lead", "region", Role::CommissioningLead),
    ("region:analyst", "region", Role::Analyst),
    ("region:administrator", "region", Role::Administrator),
    ("operator:administrator", "operator", Role::Administrator),
];
/// So many of them are of the record's own two parties.
const OWN: usize = 8;

/// Routes that would end the very session that asks.
const ENDS_SESSIONS: &[&str] = &["/sign-out", "/preferences/sign-out-everywhere", "/switch"];

/// Records of the authority and its chosen home, by what stands before them in a path.
struct Records {
    known: Known,
    block: String,
    glass: i64,
    /// The printed agreement, and a paper beside it that no page takes away.
    printed: String,
    paper: String,
    /// A rise that the home asks for, with its evidence.
    uplift: String,
    evidence: String,
    /// A suspension of the rival's home that is proposed.
    measure: String,
    /// Who holds the director's post.
    holding: String,
    /// An event of the authority's, by its room and its record.
    event: (String, String),
    /// A file that pages link to, as it stands in its address.
    asset: String,
}

/// What is asked of these, of the query too: how a template ends, and the query.
const QUERIES: &[(&str, &str)] = &[
    ("/decision-dates", "?published=2019-01-14"),
    ("/homes/{urn}/eligibility", "?on=2021-08-20"),
    ("/agreements/{reference}/deciders", "?act=vary_agreement"),
    ("/burden", "?from=2021-01-01&until=2021-09-13"),
    ("/price-schedule/known", "?on=2021-08-20"),
];

impl Records {
    /// The path of a template, each place filled with a record of the authority's or its provider's that exists, where one
    /// does; nobody is ended or reset by it.
    fn path(&self, template: &str, api: bool) -> String {
        if template.starts_with("/assets/") {
            return format!("/assets/{}", self.asset);
        }
        let mut filled = String::new();
        let mut before = "";
        for part in template.split('/').skip(1) {
            let value = match part {
                "{reference}" | "{referral}" => match before {
                    "approvals" => "HEF-D-0001".to_owned(),
                    "agreements" => "HEF-A-0001".to_owned(),
                    "decisions" => "HEF-2019-0114".to_owned(),
                    "mini-blocks" => self.block.clone(),
                    _ => "HEF-R-0001".to_owned(),
                },
                "{number}" => "1".to_owned(),
                "{urn}" => "SC400001".to_owned(),
                "{code}" if before == "lots" => "planned".to_owned(),
                "{code}" => "oak-lane-care".to_owned(),
                "{slug}" => "fca".to_owned(),
                "{task}" => "needs".to_owned(),
                "{of}" => "terms".to_owned(),
                "{version}" => "1.0".to_owned(),
                "{day}" => "2021-10-01".to_owned(),
                "{asked}" => "post".to_owned(),
                "{kind}" if before == "delegations" => "holding".to_owned(),
                "{id}" if before == "{kind}" => self.holding.clone(),
                "{room}" => self.event.0.clone(),
                "{record}" => self.event.1.clone(),
                "{act}" if template.starts_with("/region/providers") => "standing".to_owned(),
                "{act}" if template.starts_with("/region/homes") => "visit".to_owned(),
                "{act}" if template.starts_with("/approvals") => "approve".to_owned(),
                "{act}" => "notice".to_owned(),
                "{authority}" => "HEF".to_owned(),
                "{item}" => self.known.check.to_owned(),
                "{document}" if template.contains("/uplifts/") => self.evidence.clone(),
                "{document}" if template.contains("/papers/") => self.paper.clone(),
                "{document}" if api && template.contains("/agreements/") => self.printed.clone(),
                "{document}" if template.contains("/agreements/") => self.known.documents[1].to_string(),
                "{document}" if template.contains("/referrals/") => self.known.documents[0].to_string(),
                "{id}" if before == "uplifts" => self.uplift.clone(),
                "{id}" if ["standing", "measures"].contains(&before) => self.measure.clone(),
                "{id}" => self.id(before).to_string(),
                "{name}" if before == "settings" => "call_in.working_days".to_owned(),
                "{name}" if before == "template" => "beds.csv".to_owned(),
                _ if part.starts_with('{') => "0".to_owned(),
                _ => part.to_owned(),
            };
            write!(filled, "/{value}").unwrap();
            before = part;
        }
        let query = QUERIES.iter().find(|(end, _)| api && template.ends_with(end));
        filled.push_str(query.map_or("", |(_, query)| query));
        filled
    }

    /// The number of the record that stands in a path after this part; 0 where none is there.
    fn id(&self, before: &str) -> i64 {
        match before {
            "invitations" => self.known.invitations[0],
            "recalls" => self.known.recall.unwrap(),
            "stability" | "stability-alerts" => self.known.alert.unwrap(),
            "unregistered" => self.known.stay.unwrap(),
            "broken-glass" => self.glass,
            _ => 0,
        }
    }

    /// Whether it names a record that is the authority's and its home's alone; a rival that was asked too reads its own part
    /// of a referral, under the referral's reference.
    fn is_of_the_parties(template: &str) -> bool {
        if template.starts_with("/provider/referrals/") {
            return false;
        }
        let named = template.contains("{reference}") || template.contains("{referral}");
        let theirs = ["/referrals/{", "/approvals/{", "/agreements/{", "/spot-purchases/{"];
        (named && theirs.iter().any(|start| template.contains(start)))
            || OF_THE_PARTIES.iter().any(|part| template.contains(part))
    }
}

/// Records that are named otherwise than by a reference.
const OF_THE_PARTIES: &[&str] = &[
    "/broken-glass/{id}",
    "/children/{number}",
    "/invitations/{id}",
    "/recalls/{id}",
    "/stability-alerts/{id}",
    "/stability/{id}",
    "/unregistered/{id}",
];

/// Somebody who asks by a browser and by a program.
struct Asker {
    column: &'static str,
    role: Option<Role>,
    own: bool,
    client: Client,
    csrf: String,
    caller: Caller,
}

async fn askers(world: &World, router: &Router) -> Vec<Asker> {
    let app = &world.region.app;
    let mut all = Vec::new();
    for (at, (column, code, role)) in EVERYBODY.iter().enumerate() {
        let actor = app.actor_by_email(&email(code, *role)).await.unwrap();
        let client = Client::with_session(router.clone(), &app.start_session(&actor).await.unwrap());
        let token = app.create_token(&actor, "matrix", 1, &TokenScope::EverythingWithProof).await.unwrap();
        let caller = Caller::new(router.clone(), &token);
        let csrf = client.get("/help").await.csrf();
        all.push(Asker { column, role: Some(*role), own: at < OWN, client, csrf, caller });
    }
    let client = Client::new(router.clone());
    let csrf = client.get("/help").await.csrf();
    all.push(Asker { column: "nobody", role: None, own: false, client, csrf, caller: world.region.stranger() });
    all
}

async fn of_page(asker: &Asker, route: &Route, path: &str) -> Page {
    if route.method == "GET" {
        return asker.client.get(path).await;
    }
    let key = format!("{} {}", asker.column, route.path);
    asker.client.post(path, &[("_csrf", &asker.csrf), ("_key", &key), ("_version", "999")]).await
}

/// The party's own people send nothing, so that nothing of theirs changes before the next is asked; others send all that is
/// needed, so that only whose record it is keeps them away.
async fn of_operation(asker: &Asker, route: &Route, path: &str) -> Reply {
    let method: Method = route.method.parse().unwrap();
    if method == Method::GET {
        return asker.caller.get(path).await;
    }
    let body = if asker.own { json!({}) } else { needed(route) };
    let tag = if asker.own { "\"999\"" } else { "\"1\"" };
    let headers = [("content-type", "application/json"), ("if-match", tag)];
    asker.caller.send(method, path, &headers, body.to_string()).await
}

/// A body for an operation with all that it requires.
pub(super) fn needed(route: &Route) -> Value {
    let operation = &VALUE["paths"][format!("/api/v1{}", route.path)][route.method.to_lowercase()];
    complete(&operation["requestBody"]["content"]["application/json"]["schema"])
}

/// A body of a schema with all that it requires.
fn complete(schema: &Value) -> Value {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => VALUE.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    if let Some(all) = schema["allOf"].as_array() {
        let parts = all.iter().map(complete).filter_map(|part| part.as_object().cloned());
        return Value::Object(parts.flatten().collect());
    }
    if let Some(first) = ["oneOf", "anyOf"].iter().find_map(|several| schema[*several].as_array()?.first()) {
        return complete(first);
    }
    if let Some(code) = schema["enum"].as_array().and_then(|codes| codes.first()) {
        return code.clone();
    }
    let kind = schema["type"].as_array().map_or(&schema["type"], |kinds| &kinds[0]);
    match kind.as_str() {
        Some("object") => {
            let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            needed.map(|name| (name.to_owned(), complete(&schema["properties"][name]))).collect()
        }
        Some("array") => json!([]),
        Some("integer" | "number") => schema.get("example").cloned().unwrap_or_else(|| json!(1)),
        Some("boolean") => json!(true),
        Some("string") if schema["format"] == "date" => json!("2021-09-28"),
        Some("string") => schema.get("example").cloned().unwrap_or_else(|| json!("2021-09-28T10:00:00")),
        _ => json!({}),
    }
}

/// What an answer says, short.
fn outcome(status: StatusCode, location: Option<&str>) -> String {
    match location {
        Some(to) if status.is_redirection() && to.starts_with("/sign-in") => "in".to_owned(),
        _ => status.as_u16().to_string(),
    }
}

/// What may never be, whatever was reviewed.
fn faults((route, page): (&Route, bool), asker: &Asker, found: &str, wrong: &mut Vec<String>) {
    let allowed = match (route.who, asker.role) {
        (Who::Everybody | Who::Demonstration | Who::LinkHolder, _) | (Who::SignedIn, Some(_)) => true,
        (Who::SignedIn | Who::Role(_), None) => false,
        (Who::Role(action), Some(role)) => may(role, action),
    };
    let refused = ["403", "in", "401"].contains(&found);
    let mut note = |what: &str| {
        wrong.push(format!("{} {} as {}: {found}: {what}", route.method, route.path, asker.column));
    };
    if found.starts_with('5') {
        note("a fault");
    }
    if !allowed && !refused {
        note("not in the permission table");
    }
    // What two sides read by permissions of their own is asked for by everybody signed in, and refused in the answer.
    if page && route.who == Who::SignedIn && asker.role.is_some() && refused {
        note("listed for everybody signed in");
    }
    // A form that was done answers by leading on; whoever must sign in first is led elsewhere, which has its own word.
    let inside = found.starts_with('2') || found.starts_with('3');
    if inside && !asker.own && Records::is_of_the_parties(route.path) {
        note("another's record");
    }
}

/// The authority's child from the asking to the recall, a mini-block that it pays for, glass that its administrator broke,
/// a rise that its home asks for, and a suspension of another home.
async fn records(world: &World) -> Records {
    let (uplift, evidence) = rising::asked_for(world).await;
    let mut known = planted::asked(world).await;
    planted::closed_early(world, &mut known).await;
    planted::shortlisted(world, &known).await;
    planted::placed(world, &mut known).await;
    let (printed, paper) = papers(world, known.documents[1]).await;
    planted::recalled(world, &mut known).await;
    let block = live(world, date(2021, 9, 27)).await;
    let administrator = world.region.app.actor_by_email(&email("HEF", Role::Administrator)).await.unwrap();
    let scope = TokenScope::Actions(vec![Action::BreakGlass]);
    let token = world.region.app.create_token(&administrator, "glass", 1, &scope).await.unwrap();
    let wanted = json!({"reference": "HEF-R-0001", "reason": "child_at_risk", "ticket": "T-1", "minutes": 60});
    let broken = Caller::new(world.region.router.clone(), &token);
    broken.post("/api/v1/broken-glass", &[], &wanted).await.is(201);
    let glass = first(&world.director, "/api/v1/broken-glass", "/items/0/id").await.parse().unwrap();
    let lead = world.region.caller("region", Role::CommissioningLead).await;
    let suspension = json!({
        "about": "home", "code": "SC400002", "standing": "suspended", "reason": "inadequate",
        "link": "https://reports.ofsted.gov.uk/provider/4/SC400002", "dated": "2021-09-10"
    });
    lead.post("/api/v1/measures", &[], &suspension).await.is(201);
    let measure = first(&lead, "/api/v1/measures", "/items/0/id").await;
    let clerk = world.region.caller("HEF", Role::DemocraticServices).await;
    let holding = first(&clerk, "/api/v1/delegations", "/posts/0/holders/0/id").await;
    let room = first(&world.director, "/api/v1/events", "/items/0/room").await;
    let record = first(&world.director, "/api/v1/events", "/items/0/record").await;
    let help = Client::new(world.region.router.clone()).get("/help").await.body;
    let asset = help.split("\"/assets/").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let block = block.rsplit('/').next().unwrap().to_owned();
    Records { known, block, glass, printed, paper, uplift, evidence, measure, holding, event: (room, record), asset }
}

/// What stands at a place of what somebody reads, as it stands in an address.
async fn first(caller: &Caller, path: &str, pointer: &str) -> String {
    let read = caller.get(path).await.is(200).json;
    let found = read.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {path}: {read:#}"));
    found.as_str().map_or_else(|| found.to_string(), str::to_owned)
}

/// The printed agreement, and one more paper beside the one that is known.
async fn papers(world: &World, known: i64) -> (String, String) {
    const AGREEMENT: &str = "/api/v1/agreements/HEF-A-0001";
    let more = multipart(std::iter::empty(), Some(("plan.pdf", b"%PDF-1.7 plan")));
    world.officer.raw(&format!("{AGREEMENT}/papers"), &[], MULTIPART, more).await.is(201);
    let kept = world.officer.get(&format!("{AGREEMENT}/papers")).await.is(200).json;
    let mut ids = kept.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
    let paper = ids.find(|id| *id != known.to_string()).unwrap();
    (first(&world.officer, &format!("{AGREEMENT}/documents"), "/0/id").await, paper)
}

/// The matrix as text, and what in it may never be.
async fn matrix(backend: Backend) -> (String, Vec<String>) {
    let database = made(backend).await;
    let world = World::opened(&database).await;
    let (records, askers) = (records(&world).await, askers(&world, &world.region.router).await);
    let (mut text, mut wrong) = (String::new(), Vec::new());
    for (at, asker) in askers.iter().enumerate() {
        writeln!(text, "{:>2} {}", at + 1, asker.column).unwrap();
    }
    // All that the record's own parties ask stands first: what they change is theirs to change, and others come after it.
    let mut rows = vec![vec![String::new(); askers.len()]; ROUTES.len() + OPERATIONS.len()];
    let (mut before, mut reached) = (None, None);
    for (column, asker) in askers.iter().enumerate() {
        if !asker.own && before.is_none() {
            before = Some([events(&world, "HEF").await, events(&world, "oak-lane-care").await]);
        }
        // The region writes what it decides of a home into its provider's chain too, and comes after every rival.
        if asker.column.starts_with("region:") && reached.is_none() {
            reached = Some(events(&world, "oak-lane-care").await);
        }
        for (at, (route, row)) in ROUTES.iter().chain(OPERATIONS).zip(&mut rows).enumerate() {
            if ENDS_SESSIONS.contains(&route.path) && route.method == "POST" {
                continue;
            }
            let found = if at < ROUTES.len() {
                let page = of_page(asker, route, &records.path(route.path, false)).await;
                outcome(page.status, page.location.as_deref())
            } else {
                let path = format!("/api/v1{}", records.path(route.path, true));
                outcome(of_operation(asker, route, &path).await.status, None)
            };
            faults((route, at < ROUTES.len()), asker, &found, &mut wrong);
            row[column] = found;
        }
    }
    let after = [events(&world, "HEF").await, reached.unwrap_or_default()];
    if before.is_some_and(|before| before != after) {
        wrong.push(format!("others wrote into the parties' chains: {before:?} events, then {after:?}"));
    }
    unreached(&rows, &mut wrong);
    absent::compare(&world, &records, &askers, &mut wrong).await;
    for (at, route) in ROUTES.iter().chain(OPERATIONS).enumerate() {
        let cells: Vec<&str> = rows[at].iter().map(|cell| if cell.is_empty() { "-" } else { cell }).collect();
        writeln!(text, "{}\n    {}", heading(at, route), cells.join(" ")).unwrap();
    }
    discard(&database).await;
    (text, wrong)
}

/// A route or an operation as a row is headed.
fn heading(at: usize, route: &Route) -> String {
    format!("{} {}{}", route.method, if at < ROUTES.len() { "" } else { "/api/v1" }, route.path)
}

/// Rows that show nothing: those for which nobody is let in, and those whose record is not there, must be listed with why;
/// and whatever is listed must show nothing.
fn unreached(rows: &[Vec<String>], wrong: &mut Vec<String>) {
    let (mut nobody, mut unread, mut undone) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (at, (route, row)) in ROUTES.iter().chain(OPERATIONS).zip(rows).enumerate() {
        let mut let_in = row.iter().filter(|cell| !["403", "in", "401", ""].contains(&cell.as_str())).peekable();
        if row.iter().all(String::is_empty) {
            continue;
        }
        if let_in.peek().is_none() {
            nobody.insert(heading(at, route));
        } else if route.method == "GET" && !let_in.clone().any(|cell| cell.starts_with(['2', '3'])) {
            unread.insert(heading(at, route));
        } else if route.method != "GET" && let_in.all(|cell| cell == "404") {
            undone.insert(heading(at, route));
        }
    }
    let barred: BTreeSet<String> = NOBODY.iter().map(|(heading, ..)| (*heading).to_owned()).collect();
    for heading in nobody.symmetric_difference(&barred) {
        wrong.push(format!("{heading}: nobody is let in, or the list says so and somebody is"));
    }
    let reads: BTreeSet<String> = NOT_THERE.iter().flat_map(|of| of.reads).map(|read| (*read).to_owned()).collect();
    for heading in unread.difference(&reads) {
        wrong.push(format!("{heading}: whoever is let in finds nothing: make such a record, or say what crosses it"));
    }
    for heading in reads.difference(&unread) {
        wrong.push(format!("{heading}: it is listed as read by nobody, and is read or is no route"));
    }
    let begins = |heading: &str, start: &str| {
        heading.split_once(' ').is_some_and(|(_, path)| format!("{path} ").starts_with(start))
    };
    let writes: Vec<&str> = NOT_THERE.iter().flat_map(|of| of.writes).copied().collect();
    for heading in undone.iter().filter(|heading| !writes.iter().any(|start| begins(heading, start))) {
        wrong.push(format!("{heading}: whoever is let in finds nothing: make such a record, or say what crosses it"));
    }
    for start in writes.iter().filter(|start| !undone.iter().any(|heading| begins(heading, start))) {
        wrong.push(format!("{start}: it is listed as found by nobody, and each such write is, or none is a route"));
    }
}

/// How many events a party's chain holds; reading a child's details is an event, and nobody else may read them.
async fn events(world: &World, code: &str) -> i64 {
    let app = &world.region.app;
    let party = app.visit().await.unwrap().organisation_by_code(code).await.unwrap().id;
    let session = app.store.read(Some(party)).await.unwrap();
    session.verify_chain(party).await.unwrap().events
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_every_route_answers_every_role_of_every_party_as_reviewed_on_sqlite() {
    as_reviewed(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_every_route_answers_every_role_of_every_party_as_reviewed_on_postgresql() {
    as_reviewed(Backend::Postgres).await;
}

async fn as_reviewed(backend: Backend) {
    let (text, wrong) = matrix(backend).await;
    insta::assert_snapshot!("matrix", text);
    assert!(wrong.is_empty(), "{} cells that may never be:\n{}", wrong.len(), wrong.join("\n"));
}

/// A hole that is planted: the route as it is listed, what answers it, and what the check says of it as whom.
struct Hole {
    route: Route,
    answers: StatusCode,
    said: &'static str,
    /// The columns that must be named.
    of: fn(&str) -> bool,
}

const HOLES: &[Hole] = &[
    Hole {
        route: Route { method: "GET", path: "/planted/wide", who: Who::Role(Action::SeeChild) },
        answers: StatusCode::OK,
        said: "not in the permission table",
        of: |column| !["officer", "director"].iter().any(|role| column.ends_with(role)),
    },
    Hole {
        route: Route { method: "GET", path: "/planted/open", who: Who::SignedIn },
        answers: StatusCode::OK,
        said: "not in the permission table",
        of: |column| column == "nobody",
    },
    Hole {
        route: Route { method: "GET", path: "/referrals/{reference}/planted", who: Who::Role(Action::SeeReferrals) },
        answers: StatusCode::OK,
        said: "another's record",
        of: |column| !column.starts_with("own:") && !column.starts_with("chosen:"),
    },
    Hole {
        route: Route {
            method: "GET",
            path: "/referrals/{reference}/planted-form",
            who: Who::Role(Action::SeeReferrals),
        },
        answers: StatusCode::SEE_OTHER,
        said: "another's record",
        of: |column| !column.starts_with("own:") && !column.starts_with("chosen:"),
    },
    Hole {
        route: Route { method: "GET", path: "/planted/closed", who: Who::SignedIn },
        answers: StatusCode::FORBIDDEN,
        said: "listed for everybody signed in",
        of: |column| column != "nobody",
    },
    Hole {
        route: Route { method: "GET", path: "/planted/fault", who: Who::Everybody },
        answers: StatusCode::INTERNAL_SERVER_ERROR,
        said: "a fault",
        of: |_| true,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_planted_route_that_lets_in_more_or_fewer_than_it_is_listed_for_is_found() {
    let database = made(Backend::Sqlite).await;
    let world = World::opened(&database).await;
    let mut router = world.region.router.clone();
    for hole in HOLES {
        let answers = hole.answers;
        router = router.route(hole.route.path, get(move || async move { (answers, "planted") }));
    }
    let askers = askers(&world, &router).await;
    for hole in HOLES {
        let path = hole.route.path.replace("{reference}", "HEF-R-0001");
        for asker in &askers {
            let page = of_page(asker, &hole.route, &path).await;
            let found = outcome(page.status, page.location.as_deref());
            let mut wrong = Vec::new();
            faults((&hole.route, true), asker, &found, &mut wrong);
            let named = wrong.iter().any(|words| words.ends_with(hole.said));
            assert_eq!(named, (hole.of)(asker.column), "{path} as {}: {wrong:?}", asker.column);
        }
    }
    let mut wrong = Vec::new();
    let whole = Route { method: "GET", path: "/help", who: Who::Everybody };
    for asker in &askers {
        let page = of_page(asker, &whole, whole.path).await;
        faults((&whole, true), asker, &outcome(page.status, page.location.as_deref()), &mut wrong);
    }
    assert!(wrong.is_empty(), "a whole route is found: {wrong:?}");
}

#[test]
fn s1_a_row_that_nobody_reaches_is_found_and_so_is_one_that_is_listed_for_nothing() {
    let all = ROUTES.len() + OPERATIONS.len();
    let (mut wrong, cell) = (Vec::new(), |text: &str| vec![text.to_owned()]);
    let mut rows = vec![cell("200"); all];
    let first = |method: &str| ROUTES.iter().position(|route| route.method == method).unwrap();
    rows[first("GET")] = cell("404");
    rows[first("POST")] = cell("404");
    let barred = ROUTES.iter().rposition(|route| route.method == "GET").unwrap();
    rows[barred] = cell("403");
    unreached(&rows, &mut wrong);
    for (at, words) in [(barred, "nobody is let in"), (first("GET"), "finds nothing"), (first("POST"), "finds nothing")]
    {
        let heading = heading(at, &ROUTES[at]);
        assert!(wrong.iter().any(|said| said.starts_with(&heading) && said.contains(words)), "{heading}: {wrong:#?}");
    }
    let listed: usize = NOT_THERE.iter().map(|of| of.reads.len() + of.writes.len()).sum();
    assert_eq!(wrong.len(), 3 + NOBODY.len() + listed, "{wrong:#?}");
}

/// Each test that a list names instead of a row stands in the sources.
#[test]
fn s1_every_test_that_crosses_what_no_row_shows_is_there_and_each_reason_is_said() {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let texts = sources(&crates);
    let named = |text: &str| {
        text.split("fn ").filter_map(|rest| rest.split_once('(')).map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    let tests: BTreeSet<String> = texts.iter().flat_map(|text| named(text)).collect();
    let listed = NOT_THERE.iter().flat_map(|of| of.by.iter().map(move |by| (of.why, *by)));
    for (why, by) in listed.chain(NOBODY.iter().map(|(_, why, by)| (*why, *by))) {
        assert!(!why.is_empty() && tests.contains(by), "{by}: no such test: {why}");
    }
    assert!(NOT_THERE.iter().all(|of| of.reads.len() + of.writes.len() > 0));
}

/// An operation that nobody listed would be nobody's; one that is gone would be listed for nothing.
#[test]
fn no_operation_is_without_a_permission() {
    let described: BTreeSet<String> = VALUE["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let path = path.trim_start_matches("/api/v1");
            item.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let listed: Vec<String> = OPERATIONS.iter().map(|one| format!("{} {}", one.method, one.path)).collect();
    let once: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(once.len(), listed.len(), "an operation is listed twice");
    let missing: Vec<_> = described.difference(&once).collect();
    assert!(missing.is_empty(), "say in crates/web/src/api/operations.rs who may ask for these:\n{missing:#?}");
    let gone: Vec<_> = once.difference(&described).collect();
    assert!(gone.is_empty(), "listed in operations.rs, and no operation:\n{gone:#?}");
}

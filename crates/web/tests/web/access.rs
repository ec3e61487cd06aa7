//! Who may ask for what: every route, every role, proven against the permission table and written down.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::App;
use placewell_app::clock::{Calendar, Machine};
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_domain::change::Event;
use placewell_domain::office::access::{Role, may};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::session::TokenScope;
use placewell_domain::placing::referral::Task;
use placewell_store::Backend;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::{TestDatabase, both, fresh};
use placewell_web::routes::{ROUTES, Route, Who};
use placewell_web::{Web, router};

/// Which organisation works in this role.
fn organisation_of(role: Role) -> (&'static str, OrganisationKind) {
    match role {
        Role::CommissioningLead => ("region", OrganisationKind::RegionalTeam),
        Role::ProviderManager => ("provider", OrganisationKind::Provider),
        Role::Administrator | Role::Analyst | Role::Guest => ("operator", OrganisationKind::Operator),
        _ => ("HEF", OrganisationKind::Authority),
    }
}

pub fn email(role: Role) -> String {
    format!("{}@example.org", role.code())
}

/// One organisation of each kind and one person in each role.
pub async fn people(database: &Arc<TestDatabase>) -> Arc<App> {
    let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
    let codes: BTreeSet<_> = Role::ALL.iter().map(|role| organisation_of(*role).0).collect();
    for code in codes {
        let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| organisation_of(*role).0 == code).collect();
        let person = |role: &Role| NewPerson {
            email: email(*role),
            name: role.label().to_owned(),
            password: None,
            role: *role,
            title: role.label().to_owned(),
            from: date(2019, 1, 1),
        };
        let new = NewOrganisation {
            code: code.to_owned(),
            name: format!("Organisation {code}"),
            kind: organisation_of(roles[0]).1,
            area: (code == "HEF").then(|| "E06000019".to_owned()),
            placing_body: None,
            people: roles.iter().map(person).collect(),
        };
        app.make_organisation(&new).await.unwrap();
    }
    app
}

async fn client(app: &Arc<App>, router: &Router, role: Role) -> Client {
    let actor = app.actor_by_email(&email(role)).await.unwrap();
    Client::with_session(router.clone(), &app.start_session(&actor).await.unwrap())
}

/// A path with something in each place that leads nowhere.
pub fn example(path: &str) -> String {
    let mut filled = String::new();
    for part in path.split('/').skip(1) {
        let part = match part {
            "{reference}" | "{referral}" => "HEF-R-9999",
            "{urn}" => "SC999999",
            "{act}" if path.starts_with("/approvals") => "approve",
            "{act}" if path.starts_with("/agreements") => "notice",
            "{act}" => "sign",
            _ if part.starts_with('{') => "0",
            _ => part,
        };
        write!(filled, "/{part}").unwrap();
    }
    filled
}

async fn ask(client: &Client, token: &str, route: &Route) -> Page {
    let path = example(route.path);
    if route.method == "GET" {
        return client.get(&path).await;
    }
    client.post(&path, &[("_csrf", token), ("_key", route.path)]).await
}

/// What the answer says of the permission.
fn verdict(page: &Page) -> &'static str {
    match page.status {
        StatusCode::FORBIDDEN if page.h1() == "You cannot open this page in your role" => "no",
        StatusCode::SEE_OTHER if page.location.as_deref().is_some_and(|to| to.starts_with("/sign-in")) => "sign in",
        StatusCode::OK
        | StatusCode::SEE_OTHER
        | StatusCode::NOT_FOUND
        | StatusCode::CONFLICT
        | StatusCode::GONE
        | StatusCode::UNPROCESSABLE_ENTITY => "yes",
        _ => "fault",
    }
}

fn expected(who: Who, role: Option<Role>) -> &'static str {
    match (who, role) {
        (Who::Everybody | Who::Demonstration | Who::LinkHolder, _) | (Who::SignedIn, Some(_)) => "yes",
        (Who::SignedIn | Who::Role(_), None) => "sign in",
        (Who::Role(action), Some(role)) if may(role, action) => "yes",
        (Who::Role(_), Some(_)) => "no",
    }
}

#[tokio::test]
async fn every_route_answers_every_role_as_the_permission_table_says() {
    let database = Arc::new(fresh(Backend::Sqlite).await);
    let app = people(&database).await;
    let router = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
    let mut wrong = Vec::new();
    let mut clients = Vec::new();
    for role in std::iter::once(None).chain(Role::ALL.iter().copied().map(Some)) {
        let client = match role {
            None => Client::new(router.clone()),
            Some(role) => client(&app, &router, role).await,
        };
        // A token of any form of a session guards all of them.
        let token = client.get("/help").await.csrf();
        clients.push((role, client, token));
    }
    for route in ROUTES {
        if route.path == "/sign-out" || route.path.ends_with("/sign-out-everywhere") {
            continue;
        }
        for (role, client, token) in &clients {
            let role = *role;
            let page = ask(client, token, route).await;
            let (found, should) = (verdict(&page), expected(route.who, role));
            if found != should {
                let as_whom = role.map_or("a visitor", Role::label);
                wrong.push(format!(
                    "{} {} as {as_whom}: {found} ({}), not {should}",
                    route.method, route.path, page.status
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers are not as listed:\n{}", wrong.len(), wrong.join("\n"));
}

/// Where a page leads within its main part.
fn links(page: &Page) -> BTreeSet<String> {
    let main = page.body.split("<main").nth(1).unwrap_or_default();
    let links = main.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
    links.map(|link| format!("/{}", link.replace("&#38;", "&"))).collect()
}

#[tokio::test]
async fn no_page_leads_its_reader_to_one_that_they_may_not_open() {
    let database = Arc::new(fresh(Backend::Sqlite).await);
    let app = people(&database).await;
    let router = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
    let (mut wrong, mut followed) = (Vec::new(), 0);
    for role in Role::ALL {
        let client = client(&app, &router, *role).await;
        let mut seen = BTreeSet::new();
        for route in ROUTES.iter().filter(|route| route.method == "GET" && !route.path.contains('{')) {
            for link in links(&client.get(route.path).await) {
                if seen.insert(link.clone()) && verdict(&client.get(&link).await) == "no" {
                    wrong.push(format!("{} leads {} to {link}", route.path, role.label()));
                }
            }
        }
        followed += seen.len();
    }
    assert!(followed > 100, "only {followed} links were followed");
    assert!(wrong.is_empty(), "{} links are for others:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_access_control_document_is_as_reviewed() {
    let mut document = String::from("Method and path | who may ask\n");
    for route in ROUTES {
        let who = match route.who {
            Who::Everybody => "everybody".to_owned(),
            Who::Demonstration => "everybody, on a demonstration only".to_owned(),
            Who::SignedIn => "everybody signed in".to_owned(),
            Who::LinkHolder => "whoever holds the one-time link".to_owned(),
            Who::Role(action) => {
                let roles: Vec<&str> = action.roles().iter().map(|role| role.label()).collect();
                format!("{}: {}", action.name(), roles.join(", "))
            }
        };
        writeln!(document, "{} {} | {who}", route.method, route.path).unwrap();
    }
    insta::assert_snapshot!(document);
}

/// Reads the router's own sources, so that a route cannot be added without saying who may ask for it.
#[test]
fn no_route_is_missing_from_the_list() {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = BTreeSet::new();
    collect(&sources, &mut paths);
    // A page for each task but the last, made in a loop.
    for task in Task::ALL.iter().filter(|task| **task != Task::Recipients) {
        paths.extend(["GET", "POST"].map(|method| format!("{method} /referrals/{{reference}}/{}", task.code())));
    }
    let (missing, gone) = apart(&paths);
    assert!(missing.is_empty(), "not in routes.rs:\n{missing:#?}");
    assert!(gone.is_empty(), "in routes.rs and not in the router:\n{gone:#?}");
}

/// The routes of sources that nobody listed, and those that are listed and in no source.
fn apart(paths: &BTreeSet<String>) -> (Vec<String>, Vec<String>) {
    let listed: BTreeSet<String> = ROUTES.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    (paths.difference(&listed).cloned().collect(), listed.difference(paths).cloned().collect())
}

#[test]
fn s1_a_planted_route_that_nobody_listed_is_found_and_so_is_one_that_is_gone() {
    let mut paths: BTreeSet<String> = ROUTES.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(apart(&paths), (vec![], vec![]));
    let gone = paths.pop_first().unwrap();
    let planted = r#"Router::new().route("/planted/{id}", get(show).post(keep)).route("/help", get(help))"#;
    paths.extend(routes_in(planted));
    let missing = ["GET /planted/{id}", "POST /planted/{id}"].map(str::to_owned);
    assert_eq!(apart(&paths), (missing.to_vec(), vec![gone]));
}

/// Every `.route("path", get(…))` of a source.
fn routes_in(source: &str) -> impl Iterator<Item = String> {
    source.split(".route(").skip(1).flat_map(methods)
}

fn collect(folder: &std::path::Path, paths: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            // The JSON API describes its own operations, and its own tests ask for each without a permission.
            if path.file_name().unwrap() != "api" {
                collect(&path, paths);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("api.rs")
            && !path.ends_with("planted.rs")
        {
            paths.extend(routes_in(&std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The methods of one `.route("path", get(…).post(…))`, read up to the parenthesis that closes it.
fn methods(call: &str) -> Vec<String> {
    let mut depth = 1;
    let end = call.find(|letter| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        depth == 0
    });
    let call = &call[..end.unwrap_or(call.len())];
    let path = call.split('"').nth(1).unwrap_or_default();
    let has = |name: &str| call.contains(&format!("{name}("));
    [("get", "GET"), ("post", "POST")]
        .into_iter()
        .filter(|(name, _)| has(name))
        .filter(|_| !path.is_empty())
        .map(|(_, method)| format!("{method} {path}"))
        .collect()
}

#[tokio::test]
async fn a_person_with_two_roles_works_as_one_at_a_time() {
    both(async |database| {
        let app = people(&database).await;
        let actor = app.actor_by_email(&email(Role::PlacementOfficer)).await.unwrap();
        let work = app.store.begin(actor.organisation, app.calendar.now()).await.unwrap();
        let (from, to) = (date(2019, 1, 1), date(2030, 1, 1));
        work.add_membership(actor.person, Role::FinanceOfficer, "Finance officer", from, to).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let web = Web::new(Arc::clone(&app), "http://localhost").await.unwrap();
        let token = app.start_session(&actor).await.unwrap();
        let client = Client::with_session(router(web.clone()), &token);
        assert!(client.get("/preferences").await.body.contains("href=\"/switch\""));
        let wrong = client.submit("/switch", "/switch", &[("role", "HEF:approver")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let changed = client.submit("/switch", "/switch", &[("role", "HEF:finance_officer")]).await;
        assert_eq!((changed.status, changed.location.as_deref()), (StatusCode::SEE_OTHER, Some("/home")));
        assert!(app.signed_in(&token).await.unwrap().is_none(), "the earlier session goes on");
    })
    .await;
}

/// The numbers of a feed's events, as its lines come.
fn numbers(feed: &Page) -> Vec<i64> {
    let lines = feed.body.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines.map(|line| line["event"].as_i64().unwrap()).collect()
}

/// What the feed of the record holds of these two kinds of event.
async fn kinds_of(client: &Client) -> [bool; 2] {
    let feed = client.get("/record.jsonl").await;
    assert_eq!(feed.status, StatusCode::OK, "{}", feed.h1());
    let all = numbers(&feed);
    assert!(all.is_sorted_by(|one, next| one + 1 == *next), "in order, with no gap: {all:?}");
    let rest = client.get(&format!("/record.jsonl?after={}", all[0])).await;
    assert_eq!(numbers(&rest), all[1..], "whoever asks again goes on");
    ["test.of_the_first", "test.of_the_second"].map(|kind| feed.body.contains(kind))
}

#[tokio::test]
async fn a_person_who_serves_two_bodies_sees_the_records_of_the_one_chosen_and_none_of_the_others() {
    both(async |database| {
        let app = people(&database).await;
        let actor = app.actor_by_email(&email(Role::Approver)).await.unwrap();
        let second = NewOrganisation {
            code: "BIR".to_owned(),
            name: "Organisation BIR".to_owned(),
            kind: OrganisationKind::Authority,
            area: Some("E08000025".to_owned()),
            placing_body: None,
            people: Vec::new(),
        };
        let (second, _) = app.make_organisation(&second).await.unwrap();
        let mut work = app.store.begin(actor.organisation, app.calendar.now()).await.unwrap();
        for number in 1..=3 {
            work.record(Event::new("test.of_the_first", "test", number, 1));
        }
        work.commit(Machine::now()).await.unwrap();
        let mut work = app.store.begin(second, app.calendar.now()).await.unwrap();
        let (from, to) = (date(2019, 1, 1), date(2030, 1, 1));
        work.add_membership(actor.person, Role::Approver, "Director", from, to).await.unwrap();
        work.record(Event::new("test.of_the_second", "test", 1, 1));
        work.commit(Machine::now()).await.unwrap();

        let web = Web::new(Arc::clone(&app), "http://localhost").await.unwrap();
        let client = Client::with_session(router(web.clone()), &app.start_session(&actor).await.unwrap());
        assert_eq!(kinds_of(&client).await, [true, false]);
        let changed = client.submit("/switch", "/switch", &[("role", "BIR:approver")]).await;
        assert_eq!((changed.status, changed.location.as_deref()), (StatusCode::SEE_OTHER, Some("/home")));
        let cookie = changed.headers["set-cookie"].to_str().unwrap();
        let token = cookie.strip_prefix("placewell_session=").unwrap().split(';').next().unwrap();
        let there = app.signed_in(token).await.unwrap().unwrap();
        assert_eq!((there.organisation, there.person), (second, actor.person));
        let client = Client::with_session(router(web), token);
        assert_eq!(kinds_of(&client).await, [false, true]);
    })
    .await;
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_and_token_of_a_person_and_nobody_elses() {
    both(async |database| {
        let app = people(&database).await;
        let own = app.actor_by_email(&email(Role::PlacementOfficer)).await.unwrap();
        let other = app.actor_by_email(&email(Role::Approver)).await.unwrap();
        let sessions = [
            app.start_session(&own).await.unwrap(),
            app.create_token(&own, "export", 30, &TokenScope::EverythingWithProof).await.unwrap(),
        ];
        let others = app.start_session(&other).await.unwrap();
        let web = Web::new(Arc::clone(&app), "http://localhost").await.unwrap();
        let client = Client::with_session(router(web), &sessions[0]);
        assert!(client.get("/preferences").await.body.contains("Token: export"));
        client.submit("/preferences", "/preferences/sign-out-everywhere", &[]).await;
        assert!(app.signed_in(&sessions[0]).await.unwrap().is_none());
        assert!(app.token_holder(&sessions[1]).await.unwrap().is_none());
        assert!(app.signed_in(&others).await.unwrap().is_some());
    })
    .await;
}

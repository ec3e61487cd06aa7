//! What is sent and refused tells no more than what is opened: the answer to every form and every operation that would change
//! a record of the child's, to everybody who could send it, held against the same table.

use std::collections::BTreeSet;

use axum::http::Method;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::session::TokenScope;
use placewell_domain::placing::disclosure::{Reader, Stage};
use placewell_testkit::client::Client;
use placewell_web::api::operations::OPERATIONS;
use placewell_web::routes::{ROUTES, Route};
use serde_json::json;

use super::super::caller::Caller;
use super::super::email;
use super::super::matrix::needed;
use super::super::world::World;
use super::planted::Known;
use super::{EVERYBODY, Found, held, note, paths};

/// What a refusal answers by; one that nobody met would show nothing of its pages.
const REFUSALS: [u16; 4] = [403, 404, 409, 422];

/// What somebody is called once the home that was chosen was recalled, as whom they read, and whether the records are theirs.
fn reading(code: &str, role: Role) -> (String, Reader, bool) {
    match code {
        "HEF" => (format!("{} of {code}", role.label()), Reader::Own(role), true),
        "oak-lane-care" => ("elm, recalled".to_owned(), Reader::Home(Stage::Shortlisted), true),
        "ash-care" => ("ash, which lost".to_owned(), Reader::Other, false),
        _ => (format!("{} of {code}", role.label()), Reader::Other, false),
    }
}

/// Everything that changes a record that stands here, with the path of each such record.
fn changing(routes: &'static [Route], known: &Known) -> Vec<(&'static Route, String)> {
    let changing = routes.iter().filter(|route| route.method != "GET" && route.path.contains('{'));
    changing.flat_map(|route| paths(route.path, known).into_iter().map(move |path| (route, path))).collect()
}

/// Sends an empty form to each page that takes one.
async fn of_forms(client: &Client, forms: &[(&Route, String)], statuses: &mut BTreeSet<u16>) -> Found {
    let mut found = Found::new();
    // A token of any form of a session guards all of them.
    let token = client.get("/help").await.csrf();
    for (_, path) in forms {
        let page = client.post(path, &[("_csrf", &token), ("_key", path), ("_version", "999")]).await;
        statuses.insert(page.status.as_u16());
        note(&mut found, &format!("POST {path}"), &page.bytes);
    }
    found
}

/// Sends nothing where the record is one's own, so that it stays; others send all that is needed, so that only whose record it
/// is keeps them away.
async fn of_operations(
    caller: &Caller,
    own: bool,
    operations: &[(&Route, String)],
    statuses: &mut BTreeSet<u16>,
) -> Found {
    let mut found = Found::new();
    for (route, path) in operations {
        let method: Method = route.method.parse().unwrap();
        let (body, tag) = if own { (json!({}), "\"999\"") } else { (needed(route), "\"1\"") };
        let headers = [("content-type", "application/json"), ("if-match", tag)];
        let reply = caller.send(method, &format!("/api/v1{path}"), &headers, body.to_string()).await;
        statuses.insert(reply.status.as_u16());
        note(&mut found, &format!("{} /api/v1{path}", route.method), &reply.bytes);
    }
    found
}

/// Holds every answer against the table, after the home that was chosen was recalled.
pub async fn answers(world: &World, known: &Known, wrong: &mut Vec<String>) {
    let (forms, operations) = (changing(ROUTES, known), changing(OPERATIONS, known));
    assert!(forms.len() > 50 && operations.len() > 50, "{} {}", forms.len(), operations.len());
    let (app, router) = (&world.region.app, &world.region.router);
    let mut statuses = BTreeSet::new();
    for (code, role) in EVERYBODY {
        let actor = app.actor_by_email(&email(code, *role)).await.unwrap();
        let client = Client::with_session(router.clone(), &app.start_session(&actor).await.unwrap());
        let token = app.create_token(&actor, "refused", 1, &TokenScope::EverythingWithProof).await.unwrap();
        let caller = Caller::new(router.clone(), &token);
        let (who, reader, own) = reading(code, *role);
        let mut found = of_forms(&client, &forms, &mut statuses).await;
        found.extend(of_operations(&caller, own, &operations, &mut statuses).await);
        held(&who, reader, &found, wrong);
    }
    let visitor = of_forms(&Client::new(router.clone()), &forms, &mut statuses).await;
    held("a visitor", Reader::Other, &visitor, wrong);
    let unmet: Vec<u16> = REFUSALS.into_iter().filter(|status| !statuses.contains(status)).collect();
    assert!(unmet.is_empty(), "nothing was refused by {unmet:?}: {statuses:?}");
}

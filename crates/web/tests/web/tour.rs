//! The start page and the tour on a demonstration, signed out: the guest sees the real pages and changes nothing.

use std::sync::Arc;

use axum::http::StatusCode;
use placewell_app::demonstration::calendar;
use placewell_store::Backend;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::{both_filled, filled};
use placewell_testkit::lint::lint;
use placewell_web::routes::ROUTES;
use placewell_web::{Web, router};

use crate::access::example;

/// The strip on the demonstration's own day.
const STRIP: &str = "Demonstration. Today is 13 September 2021 here. Everything is invented, except the decision of \
                     14 January 2019 and the authorities' names.";

/// Every page that somebody is shown at the service's addresses, where nothing is found too, with its address.
pub async fn pages(client: &Client) -> Vec<(String, Page)> {
    let mut shown = Vec::new();
    for route in ROUTES.iter().filter(|route| route.method == "GET") {
        let path = example(route.path);
        let page = client.get(&path).await;
        if page.body.contains("govuk-template__body") {
            shown.push((path, page));
        }
    }
    assert!(shown.len() > 15, "only {} pages are shown", shown.len());
    shown
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_takes_the_tour_signed_out_and_the_guest_changes_nothing() {
    let database = filled(Backend::Sqlite).await;
    let app = database.app(calendar()).await;
    let web = Web::new(app.clone(), "http://localhost").await.unwrap();
    let service = router(web.clone());
    let visitor = Client::new(service.clone());
    let start = visitor.get("/").await;
    assert_eq!(start.status, StatusCode::OK);
    assert!(start.body.contains("A child needs a home by Friday.") && start.body.contains("1,004"), "{}", start.body);
    assert!(lint(&start.body).is_empty(), "{:?}", lint(&start.body));
    let list = visitor.get("/tour").await;
    assert_eq!(list.status, StatusCode::OK);
    assert_eq!(visitor.get("/tour/7").await.status, StatusCode::NOT_FOUND);
    let paths = app.tour().await.unwrap();
    let token = app.start_session(&app.guest().await.unwrap()).await.unwrap();
    let guest = Client::with_session(service, &token);
    for (at, path) in paths.iter().enumerate() {
        let to = format!("{path}?tour={}", at + 1);
        let opened = visitor.get(&format!("/tour/{}", at + 1)).await;
        assert_eq!(opened.location.as_deref(), Some(to.as_str()));
        let page = guest.get(&to).await;
        assert_eq!(page.status, StatusCode::OK, "{to}: {}", page.h1());
        assert!(page.body.contains(&format!("Tour {} of 6", at + 1)), "{to}");
    }
    let people = app.demonstration_people().await.unwrap();
    let officer = app.actor_by_email(&people.first().unwrap().email).await.unwrap();
    let officer = Client::with_session(router(web), &app.start_session(&officer).await.unwrap());
    assert_eq!(officer.get("/tour/1").await.location.as_deref(), Some("/tour"), "who is signed in stays so");
    assert!(officer.get("/tour").await.body.contains("Sign out at the top"));
    for (path, fields) in
        [("/referrals/HEF-R-0042/withdraw", [("version", "3")]), ("/referrals/new", [("child", "new")])]
    {
        let sent = guest.post(path, &fields).await;
        assert!(sent.status.is_client_error(), "{path}: {}", sent.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_10_4_a_strip_on_every_page_of_the_demonstration_says_what_is_invented() {
    both_filled(async |database| {
        let app = database.app(calendar()).await;
        let service = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
        let people = app.demonstration_people().await.unwrap();
        let officer = app.actor_by_email(&people.first().unwrap().email).await.unwrap();
        let token = app.start_session(&officer).await.unwrap();
        for client in [Client::new(service.clone()), Client::with_session(service, &token)] {
            for (path, page) in pages(&client).await {
                assert_eq!(page.words(".app-strip"), STRIP, "{path}: {}", page.h1());
            }
        }
    })
    .await;
}

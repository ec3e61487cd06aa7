//! The start page and the tour on a demonstration, signed out: the guest sees the real pages and changes nothing.

use axum::http::StatusCode;
use placewell_app::demonstration::{Scale, calendar, fill_at};
use placewell_store::Backend;
use placewell_testkit::client::Client;
use placewell_testkit::databases::fresh;
use placewell_testkit::lint::lint;
use placewell_web::{Web, router};

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_takes_the_tour_signed_out_and_the_guest_changes_nothing() {
    let database = fresh(Backend::Sqlite).await;
    let app = database.app(calendar()).await;
    fill_at(&app, Scale::SMALL, &mut |_| {}).await.unwrap();
    let service = router(Web::new(app.clone(), "http://localhost").await.unwrap());
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
    for (path, fields) in
        [("/referrals/HEF-R-0042/withdraw", [("version", "3")]), ("/referrals/new", [("child", "new")])]
    {
        let sent = guest.post(path, &fields).await;
        assert!(sent.status.is_client_error(), "{path}: {}", sent.status);
    }
}

//! The office wing: headers, health, pages that lead nowhere.

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::clock::Calendar;
use placewell_testkit::client::Client;
use placewell_testkit::databases::both;
use placewell_testkit::lint::lint;
use placewell_web::{Web, router};

#[tokio::test]
async fn a_path_that_leads_nowhere_is_a_page_of_ours_and_the_demonstration_is_not_found_elsewhere() {
    both(async |database| {
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        let client = Client::new(router(Web::new(app, "http://localhost").await.unwrap()));
        assert_eq!(client.get("/healthz").await.status, StatusCode::OK);
        assert_eq!(client.get("/readyz").await.status, StatusCode::OK);
        for path in ["/no-such-page", "/demo", "/tour"] {
            let page = client.get(path).await;
            assert_eq!((page.status, page.h1().as_str()), (StatusCode::NOT_FOUND, "Page not found"), "{path}");
            assert_eq!(lint(&page.body), Vec::<String>::new());
        }
        let sign_in = client.get("/sign-in?return_to=//evil.example").await;
        assert!(!sign_in.body.contains("evil"));
    })
    .await;
}

//! The reports' pages and files on the demonstration: who reads them, what they say, and that they stand without scripts.

use axum::http::StatusCode;
use placewell_app::demonstration::calendar;
use placewell_store::Backend;
use placewell_testkit::client::Client;
use placewell_testkit::databases::filled;
use placewell_testkit::lint::lint;
use placewell_web::{Web, router};

const PAGES: [&str; 7] = [
    "/reports",
    "/reports/price-comparison",
    "/reports/price-comparison?by=area&lot=planned&need=standard&age=13_to_15",
    "/reports/price-comparison?by=nonsense&lot=no-such-lot",
    "/reports/route-share",
    "/reports/route-share?authority=hef",
    "/reports/checks",
];

#[tokio::test(flavor = "multi_thread")]
async fn reports_say_what_is_known_to_those_who_may_read_them() {
    let database = filled(Backend::Sqlite).await;
    let app = database.app(calendar()).await;
    let service = router(Web::new(app.clone(), "http://localhost").await.unwrap());
    let mut clients = Vec::new();
    for email in [
        "grace.marchment@west-midlands-team.example",
        "marcus.inkberrow@west-midlands-team.example",
        "david.oakden@herefordshire.example",
    ] {
        let actor = app.actor_by_email(email).await.unwrap();
        clients.push(Client::with_session(service.clone(), &app.start_session(&actor).await.unwrap()));
    }
    clients.push(Client::with_session(service.clone(), &app.start_session(&app.guest().await.unwrap()).await.unwrap()));
    for client in &clients {
        for path in PAGES {
            let page = client.get(path).await;
            assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, vec![]), "{path}");
            assert!(!page.body.contains("method=\"post\" action=\"/reports"), "{path}");
        }
    }
    let grace = &clients[0];
    let home = grace.get("/home").await;
    assert_eq!(home.location.as_deref(), Some("/reports"));
    let prices = grace.get("/reports/price-comparison").await.body;
    for words in [
        "1 October 2018 to 30 September 2021",
        "Spot purchase against the FCA, like for like",
        "Too few to say",
        "HEF-2019-0114",
        "Broadly similar",
        "middle half",
        "role=\"img\"",
    ] {
        assert!(prices.contains(words), "{words}");
    }
    let share = grace.get("/reports/route-share").await.body;
    assert!(share.contains("January to March 2019") && share.contains("Why the arrangement lost searches"), "{share}");
    assert!(!grace.get("/reports/checks").await.body.contains("Your authority"));
    assert!(clients[2].get("/reports/checks").await.body.contains("Office time from offer to second signature"));
    assert_eq!(grace.get("/reports/route-share?authority=zzz").await.status, StatusCode::NOT_FOUND);
    for (path, head) in [
        ("/reports/price-comparison.csv?by=area", "Code,Part of the region,Compared"),
        ("/reports/route-share.csv", "Whose,Quarter from,FCA"),
        ("/reports/checks.csv", "Placing authority,Route,Until"),
    ] {
        let file = grace.get(path).await;
        assert_eq!(file.status, StatusCode::OK, "{path}");
        assert!(file.body.trim_start_matches('\u{feff}').starts_with(head), "{path}: {:.80}", file.body);
    }
    // Rule 9.1: how few placements in how few homes stands in no file that an analyst takes home.
    let file = grace.get("/reports/price-comparison.csv").await.body;
    assert!(file.contains("Fewer than 5"), "{file}");
    for line in file.lines().skip(1) {
        let counts = line.split(',').skip(3).take(2).filter_map(|cell| cell.parse::<u32>().ok());
        assert!(counts.into_iter().all(|count| count == 0 || count >= 5), "{line}");
    }
    let leroy = app.actor_by_email("leroy.whitbourne@operator.example").await.unwrap();
    let leroy = Client::with_session(service.clone(), &app.start_session(&leroy).await.unwrap());
    assert_eq!(leroy.get("/reports/price-comparison").await.status, StatusCode::FORBIDDEN);
    assert_eq!(Client::new(service).get("/reports").await.status, StatusCode::SEE_OTHER);
}

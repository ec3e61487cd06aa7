//! The page of a long file while its parts go in: stopped half way it says how many of its rows are done, says the same
//! when it is opened again, without scripts, and goes on from there.

use std::fmt::Write;
use std::sync::Arc;

use axum::http::StatusCode;
use placewell_app::office::import::{ConfirmFile, SendFile};
use placewell_domain::money::Pence;
use placewell_domain::office::import::FileKind;
use placewell_domain::office::person::session::TokenScope;
use placewell_testkit::client::Client;
use placewell_testkit::databases::both;
use placewell_web::{Web, router};
use serde_json::json;

use crate::api::caller::Caller;
use crate::placing::world::{MANAGER, OFFICER, PROVIDER, World};

const PAGE: &str = "/imports/1";
/// Three parts of at most a thousand rows.
const ROWS: usize = 2_300;

#[tokio::test(flavor = "multi_thread")]
async fn a_long_file_stopped_half_way_shows_how_many_rows_are_done_on_every_look_and_goes_on_from_there() {
    both(async |database| {
        let world = World::new(&database, "E06000019", 3, Pence::pounds(400_000)).await;
        let app = &world.app;
        let service = router(Web::new(Arc::clone(app), "http://localhost").await.unwrap());
        let manager = app.actor_by_email(&format!("p{MANAGER}@example.com")).await.unwrap();
        let officer = app.actor_by_email(&format!("p{OFFICER}@example.com")).await.unwrap();
        let token = app.create_token(&manager, "test", 1, &TokenScope::Everything).await.unwrap();
        let caller = Caller::new(service.clone(), &token);
        let mut file = "urn,document,reference,from,expires_on,seen_by\n".to_owned();
        for number in 0..ROWS {
            writeln!(file, "SC392492,other,D-{number},2021-04-01,,").unwrap();
        }
        let send = SendFile::read(FileKind::Documents, "documents.csv", file.as_bytes()).unwrap();
        assert_eq!(app.perform(&manager, "send", send).await.unwrap().location, PAGE);
        let id = app.upload(&manager, 1).await.unwrap().upload.id;
        // So many parts, as a worker does them that is stopped then; the page is opened twice, each time by a new sign-in.
        let after = async |parts: u32, says: &str| {
            app.advance(PROVIDER, id, Some(parts)).await.unwrap();
            for _ in 0..2 {
                let session = app.start_session(&manager).await.unwrap();
                let page = Client::with_session(service.clone(), &session).get(PAGE).await;
                assert_eq!(page.status, StatusCode::OK, "{}", page.h1());
                let main = page.body.split("<main").nth(1).unwrap();
                assert!(main.contains(says), "after {parts} more, not {says}: {main}");
                let again = main.contains(&format!("href=\"{PAGE}\"")) && main.contains("Look again");
                assert_eq!(again, says.ends_with("done"), "without scripts a link looks again while it goes on");
            }
        };
        let rows = async || {
            let read = caller.get(&format!("/api/v1{PAGE}")).await.is(200).json;
            (read["rows_checked"].clone(), read["rows_done"].clone())
        };
        after(0, "0 of 2,300 rows done").await;
        after(1, "1,000 of 2,300 rows done").await;
        after(1, "2,000 of 2,300 rows done").await;
        assert_eq!(rows().await, (json!(2_000), json!(0)));
        after(2, "Bring in 2,300 rows").await;
        let version = app.upload(&manager, 1).await.unwrap().upload.version;
        app.perform(&manager, "confirm", ConfirmFile { number: 1, version, leave_out: false }).await.unwrap();
        after(0, "0 of 2,300 rows done").await;
        after(2, "2,000 of 2,300 rows done").await;
        assert_eq!(rows().await, (json!(2_300), json!(2_000)));
        assert_eq!(app.own_papers(&manager).await.unwrap().0.len(), 2_000, "what the page says went in");
        let other = Client::with_session(service.clone(), &app.start_session(&officer).await.unwrap());
        assert_eq!(other.get(PAGE).await.status, StatusCode::NOT_FOUND, "it is the provider's own");
        // The next worker takes the job that was left, and what went in goes in no second time.
        app.do_due_jobs().await.unwrap();
        after(0, "Brought in").await;
        assert_eq!(rows().await, (json!(2_300), json!(2_300)));
        assert_eq!(app.own_papers(&manager).await.unwrap().0.len(), ROWS);
    })
    .await;
}

//! The page of a long file while its parts go in: stopped half way it says how many of its rows are done, says the same
//! when it is opened again, without scripts, and goes on from there. And what is no table, and rows that are none, by page
//! and by program.

use std::fmt::Write;
use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::office::import::{ConfirmFile, SendFile};
use placewell_domain::money::Pence;
use placewell_domain::office::import::FileKind;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::TokenScope;
use placewell_testkit::client::{Client, MULTIPART, multipart};
use placewell_web::{Web, router};
use serde_json::json;

use crate::api::caller::Caller;
use crate::placing::world::{MANAGER, OFFICER, PROVIDER, World, both_made};

const PAGE: &str = "/imports/1";
/// Three parts of at most a thousand rows.
const ROWS: usize = 2_300;

#[tokio::test(flavor = "multi_thread")]
async fn a_long_file_stopped_half_way_shows_how_many_rows_are_done_on_every_look_and_goes_on_from_there() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
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

/// The provider's manager: signed in, and with a token.
async fn manager(world: &World) -> (Actor, Client, Caller) {
    let app = &world.app;
    let service = router(Web::new(Arc::clone(app), "http://localhost").await.unwrap());
    let manager = app.actor_by_email(&format!("p{MANAGER}@example.com")).await.unwrap();
    let token = app.create_token(&manager, "test", 1, &TokenScope::Everything).await.unwrap();
    let client = Client::with_session(service.clone(), &app.start_session(&manager).await.unwrap());
    (manager, client, Caller::new(service, &token))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_the_wrong_kind_is_told_by_what_it_holds_and_nothing_is_kept() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let (manager, client, caller) = manager(&world).await;
        let neither = "The file is neither CSV nor an XLSX workbook";
        for (content, says) in [
            (b"%PDF-1.7 a certificate".as_slice(), neither),
            (b"MZ\x90\x00\x03\x00 a program", neither),
            (b"\x89PNG\r\n\x1a\n\x00 a picture", neither),
            (b"PK\x03\x04 half a workbook", "The workbook cannot be read"),
            (b"", "The file is empty"),
            (b"<html><body>A page</body></html>", "The first row lacks"),
        ] {
            let file = Some(("documents.csv", content));
            let sent = client.submit_file("/imports", "/imports", &[("kind", "documents")], file).await;
            assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}: {}", sent.h1());
            assert!(sent.body.contains("href=\"#file\"") && sent.body.contains(says), "{says}: {}", sent.words("main"));
            let form = multipart(std::iter::empty(), file);
            let reply = caller.raw("/api/v1/imports/of/documents", &[], MULTIPART, form).await;
            assert_eq!(reply.problem(), (422, "invalid"), "{says}");
            assert_eq!(reply.json["errors"][0]["field"], "file", "{says}");
            assert!(reply.json["errors"][0]["message"].as_str().unwrap().starts_with(says), "{:#}", reply.json);
        }
        assert!(world.app.uploads(&manager, None, 10).await.unwrap().is_empty(), "nothing is kept");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_bad_rows_are_told_on_the_page_and_by_program_and_the_good_ones_go_in() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let (manager, client, caller) = manager(&world).await;
        let mut file = "urn,document,reference,from,expires_on,seen_by\n".to_owned();
        for number in 0..10_050 {
            let from = if number < 10_000 { "soon" } else { "2021-04-01" };
            writeln!(file, "SC392492,other,D-{number},{from},,").unwrap();
        }
        let rows = Some(("documents.csv", file.as_bytes()));
        let sent = client.submit_file("/imports", "/imports", &[("kind", "documents")], rows).await;
        assert_eq!((sent.status, sent.location.as_deref()), (StatusCode::SEE_OTHER, Some(PAGE)), "{}", sent.h1());
        let id = world.app.upload(&manager, 1).await.unwrap().upload.id;
        world.app.advance(PROVIDER, id, None).await.unwrap();
        let page = client.get(PAGE).await;
        let choice = "Bring in 50 rows; 10,000 rows that cannot be used are left out";
        for said in ["Has errors", "Row 2", choice] {
            assert!(page.body.contains(said), "{said}: {}", page.words("main"));
        }
        let errors = client.get(&format!("{PAGE}/errors.csv")).await;
        assert_eq!(errors.body.matches("D-").count(), 10_000, "each of them is told");
        let read = caller.get(&format!("/api/v1{PAGE}")).await.is(200).json;
        assert_eq!(read["counts"], json!({ "changes": 50, "unchanged": 0, "wrong": 10_000 }));
        assert_eq!(read["errors"].as_array().unwrap().len(), 100, "the first of them");
        assert_eq!(read["errors"][0]["field"], "rows[2].from");
        let unsure = caller.change(&format!("/api/v1{PAGE}"), "confirm", &json!({ "leave_out": false })).await;
        assert!(matches!(unsure.status.as_u16(), 409 | 422), "{:#}", unsure.json);
        assert!(world.app.own_papers(&manager).await.unwrap().0.is_empty(), "nothing went in");

        let done = client.submit(PAGE, &format!("{PAGE}/confirm"), &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        world.app.advance(PROVIDER, id, None).await.unwrap();
        assert!(client.get(PAGE).await.body.contains("Brought in"));
        assert_eq!(world.app.own_papers(&manager).await.unwrap().0.len(), 50);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_file_that_goes_as_one_is_left_to_the_worker_by_page_and_by_program() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        world.goes_live(date(2021, 9, 13)).await;
        let app = &world.app;
        let service = router(Web::new(Arc::clone(app), "http://localhost").await.unwrap());
        let officer = app.actor_by_email(&format!("p{OFFICER}@example.com")).await.unwrap();
        let client = Client::with_session(service.clone(), &app.start_session(&officer).await.unwrap());
        let token = app.create_token(&officer, "test", 1, &TokenScope::Everything).await.unwrap();
        let caller = Caller::new(service, &token);
        // Stays at a home that nobody keeps here: each row is told, and none goes in.
        let stays = |rows: usize| {
            let mut file =
                "source_reference,origin,child_reference,family_name,given_names,date_of_birth,sex,home_urn,\
                            start,planned_end,lot,weekly_price,education_weekly_price,health_share,notice_days,\
                            paid_from,paid_to,paid_amount\n"
                    .to_owned();
            for row in 0..rows {
                let child = format!("{row},spot,C{row},Canary,Wren,2007-03-01,female");
                writeln!(file, "{child},SC999999,2021-02-01,2021-11-29,,4100,,,,,,").unwrap();
            }
            file
        };
        for rows in [2, 1_001] {
            let file = stays(rows);
            let sent = Some(("stays.csv", file.as_bytes()));
            let sent = client.submit_file("/imports", "/imports", &[("kind", "placements")], sent).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.h1());
        }
        let form = multipart(std::iter::empty(), Some(("stays.csv", stays(1_002).as_bytes())));
        caller.raw("/api/v1/imports/of/placements", &[], MULTIPART, form).await.is(201);
        let states = async || {
            let held = app.uploads(&officer, None, 10).await.unwrap();
            held.iter().map(|(upload, _)| (upload.rows, upload.state.name())).collect::<Vec<_>>()
        };
        assert_eq!(states().await, [(1_002, "checking"), (1_001, "checking"), (2, "checked")]);
        app.do_due_jobs().await.unwrap();
        assert_eq!(states().await, [(1_002, "checked"), (1_001, "checked"), (2, "checked")]);
    })
    .await;
}

//! The office wing: headers, health, pages that lead nowhere, and how far a long file is.

mod import;

use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::App;
use placewell_app::clock::{Calendar, Machine};
use placewell_app::office::message::Notice;
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_store::Backend;
use placewell_store::outbox::Job;
use placewell_testkit::client::Client;
use placewell_testkit::databases::{TestDatabase, both, fresh};
use placewell_testkit::lint::lint;
use placewell_web::{Web, router};

use crate::access::{email, people};
use crate::tour::pages;

#[tokio::test]
async fn rule_10_6_the_tour_and_the_people_are_not_found_where_the_database_is_not_marked() {
    both(async |database| {
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        let client = Client::new(router(Web::new(app, "http://localhost").await.unwrap()));
        assert_eq!(client.get("/healthz").await.status, StatusCode::OK);
        assert_eq!(client.get("/readyz").await.status, StatusCode::OK);
        for path in ["/no-such-page", "/demo", "/demo/calendar", "/tour", "/tour/1"] {
            let page = client.get(path).await;
            assert_eq!((page.status, page.h1().as_str()), (StatusCode::NOT_FOUND, "Page not found"), "{path}");
            assert_eq!(lint(&page.body), Vec::<String>::new());
        }
        let sign_in = client.get("/sign-in?return_to=//evil.example").await;
        assert!(!sign_in.body.contains("evil"));
    })
    .await;
}

fn operator() -> NewOrganisation {
    NewOrganisation {
        code: "operator".into(),
        name: "Regional service desk".into(),
        kind: OrganisationKind::Operator,
        area: None,
        placing_body: None,
        people: vec![NewPerson {
            email: "help@operator.example".into(),
            name: "Sam Okoro".into(),
            password: None,
            role: Role::Administrator,
            title: "System administrator".into(),
            from: date(2019, 1, 1),
        }],
    }
}

async fn administrator(database: &TestDatabase) -> (Arc<App>, Client) {
    let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
    app.make_organisation(&operator()).await.unwrap();
    let actor = app.actor_by_email("help@operator.example").await.unwrap();
    let token = app.start_session(&actor).await.unwrap();
    let web = Web::new(Arc::clone(&app), "http://localhost").await.unwrap();
    (app, Client::with_session(router(web), &token))
}

#[tokio::test]
async fn help_and_statements_are_there_for_everybody_and_name_who_runs_the_service() {
    both(async |database| {
        let (app, _) = administrator(&database).await;
        let client = Client::new(router(Web::new(app, "http://localhost").await.unwrap()));
        for path in ["/help", "/help/words", "/contact", "/accessibility-statement", "/privacy", "/cookies"] {
            let page = client.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert_eq!(lint(&page.body), Vec::<String>::new(), "{path}");
        }
        assert!(client.get("/contact").await.body.contains("help@operator.example"));
        assert!(client.get("/cookies").await.body.contains("placewell_session"));
        let privacy = client.get("/privacy").await.words("main");
        for words in ["The name of a home's registered manager", "It stays after the manager has left"] {
            assert!(privacy.contains(words), "how long a worker's name stays, and why: {privacy}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_is_never_changed_by_a_wrong_method_and_a_form_is_never_another_kind_of_body() {
    let database = fresh(Backend::Sqlite).await;
    let (_, client) = administrator(&database).await;
    let page = client.post("/help", &[]).await;
    assert_eq!(
        (page.status, page.h1().as_str()),
        (StatusCode::METHOD_NOT_ALLOWED, "This address cannot be used that way")
    );
    let page = client.post_as("/switch", "application/json", "{}").await;
    assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let page = client.post("/switch", &[("role", "operator:administrator")]).await;
    assert_eq!((page.status, page.h1().as_str()), (StatusCode::FORBIDDEN, "This form is too old to send"));
    let csrf = client.get("/help").await.csrf();
    let page = client.post("/switch", &[("_csrf", &csrf), ("role", "operator:administrator")]).await;
    assert_eq!(
        (page.status, page.h1().as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "You cannot send this form without its key")
    );
    let big = "a".repeat(600 * 1024);
    let page = client.post("/switch", &[("role", &big)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_operator_s_administrator_says_on_a_page_how_long_a_link_for_a_forgotten_password_holds() {
    both(async |database| {
        let (app, client) = administrator(&database).await;
        let visitor = Client::new(router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap()));
        assert!(visitor.get("/sign-in/forgotten").await.body.contains("It holds for 60 minutes."));
        let list = client.get("/settings").await;
        assert_eq!(lint(&list.body), Vec::<String>::new());
        let path = "/settings/password.link";
        assert!(list.body.contains(path) && list.body.contains("/settings/erasure.copies"), "{}", list.body);
        assert!(!list.body.contains("/settings/call_in.working_days"), "an authority's own is not the operator's");
        let day = [("from_day", "13"), ("from_month", "9"), ("from_year", "2021")];
        let preview = client.submit(path, path, &[&[("value", "15")][..], &day].concat()).await;
        assert!(preview.body.contains("15 minutes"), "{}", preview.body);
        assert_eq!(lint(&preview.body), Vec::<String>::new());
        let confirmed = [&[("value", "15"), ("confirmed", "yes")][..], &day].concat();
        assert_eq!(client.submit(path, path, &confirmed).await.location.as_deref(), Some("/settings"));
        assert!(visitor.get("/sign-in/forgotten").await.body.contains("It holds for 15 minutes."));

        let before = Machine::now();
        app.ask_for_password("help@operator.example").await.unwrap();
        app.do_due_jobs().await.unwrap();
        let rows = database.rows().await.into_iter().find(|(table, _)| table == "ceremony").unwrap().1;
        let rows = String::from_utf8(rows).unwrap();
        let numbers = rows.split(|letter: char| !letter.is_ascii_digit()).filter_map(|word| word.parse::<i64>().ok());
        let ends = numbers.filter(|number| *number > before.as_microsecond()).min().unwrap();
        let holds = (ends - before.as_microsecond()) / 60_000_000;
        assert!((15..=16).contains(&holds), "the link that was mailed holds for {holds} minutes");
        let actor = app.actor_by_email("help@operator.example").await.unwrap();
        let session = app.store.read(Some(actor.organisation)).await.unwrap();
        assert_eq!(session.setting_facts(actor.organisation, "password.link").await.unwrap().len(), 1);
        assert!(session.verify_chain(actor.organisation).await.unwrap().faults.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_job_that_was_given_up_is_shown_and_tried_again() {
    both(async |database| {
        let (app, client) = administrator(&database).await;
        let actor = app.actor_by_email("help@operator.example").await.unwrap();
        let mut work = app.store.begin(actor.organisation, app.calendar.now()).await.unwrap();
        work.record(Event::new("test.happened", "message", 1, 0));
        work.enqueue(Job::new("no.such.kind", &serde_json::json!({})));
        work.commit(Machine::now()).await.unwrap();
        assert!(app.do_next_job().await.unwrap());
        let shown = client.get("/admin/jobs").await;
        assert_eq!(lint(&shown.body), Vec::<String>::new());
        assert!(shown.body.contains("Failed, waits for the next try"), "{}", shown.body);
        assert!(!app.do_next_job().await.unwrap(), "a failed job waits");
        let job = shown.form("/admin/jobs").into_iter().find(|(name, _)| name == "job").unwrap().1;
        let again = client.submit("/admin/jobs", "/admin/jobs", &[]).await;
        assert_eq!(again.location.as_deref(), Some("/admin/jobs"), "job {job}");
        assert!(app.do_next_job().await.unwrap(), "it is due at once");
        let audit = client.get("/admin/audit?organisation=operator").await;
        assert!(audit.body.contains("The record is whole"), "{}", audit.body);
        assert_eq!(client.get("/admin/audit?organisation=HEF").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_mail_is_shown_with_its_subject_recipient_and_text() {
    both(async |database| {
        let (app, client) = administrator(&database).await;
        let actor = app.actor_by_email("help@operator.example").await.unwrap();
        let notice = Notice {
            to: actor.organisation.0,
            role: Role::Administrator,
            subject: "HEF-R-0042: 2 new offers".into(),
            lines: vec!["Two offers came in.".into()],
            path: "/referrals/HEF-R-0042/offers".into(),
        };
        let mut work = app.store.begin(actor.organisation, app.calendar.now()).await.unwrap();
        work.record(Event::new("test.happened", "message", 1, 0));
        work.enqueue(notice.job().unwrap());
        work.commit(Machine::now()).await.unwrap();
        app.do_due_jobs().await.unwrap();
        let list = client.get("/admin/jobs/mail").await;
        assert!(list.body.contains("HEF-R-0042: 2 new offers"));
        assert_eq!(lint(&list.body), Vec::<String>::new());
        let id = app.latest_mails(&actor).await.unwrap()[0].id;
        let mail = client.get(&format!("/admin/jobs/mail/{id}")).await;
        assert!(mail.body.contains("help@operator.example") && mail.body.contains("Two offers came in."));
    })
    .await;
}

#[tokio::test]
async fn rule_10_1_the_demonstrations_calendar_stands_until_moved_on_for_everybody_and_stays_moved() {
    both(async |database| {
        let (app, _) = administrator(&database).await;
        let work = app.store.begin(OrganisationId(0), app.calendar.now()).await.unwrap();
        work.set_mark("demonstration", "2021-09-13T10:20:00").await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let client = Client::new(router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap()));
        let day = |day| [("day_day", day), ("day_month", "9"), ("day_year", "2021"), ("day_time", "9am")];
        let back = client.submit("/demo/calendar", "/demo/calendar", &day("12")).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.body.contains("it only moves on"));
        let on = client.submit("/demo/calendar", "/demo/calendar", &day("14")).await;
        assert_eq!(on.location.as_deref(), Some("/demo"));
        assert_eq!(app.calendar.now().local, date(2021, 9, 14).at(9, 0, 0, 0));
        let mark = app.visit().await.unwrap().mark("demonstration").await.unwrap();
        assert_eq!(mark.as_deref(), Some("2021-09-14T09:00:00"));
        assert!(client.get("/demo").await.body.contains("9am on Tuesday 14 September 2021"));
    })
    .await;
}

#[tokio::test]
async fn rule_10_6_the_calendar_cannot_be_moved_where_the_database_is_no_demonstration() {
    let database = fresh(Backend::Sqlite).await;
    let (app, client) = administrator(&database).await;
    let fields = [("day_day", "14"), ("day_month", "9"), ("day_year", "2021"), ("day_time", "9am")];
    assert_eq!(client.post("/demo/calendar", &fields).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.calendar.now().today(), date(2021, 9, 13));
}

#[tokio::test]
async fn the_eleventh_wrong_password_is_told_to_wait() {
    let database = fresh(Backend::Sqlite).await;
    let (_, client) = administrator(&database).await;
    let fields = [("email", "nobody@authority.example"), ("password", "wrong")];
    for _ in 0..10 {
        assert_eq!(client.post("/sign-in", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(client.post("/sign-in", &fields).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_search_without_words_finds_nothing_and_says_how_to_ask() {
    let database = fresh(Backend::Sqlite).await;
    let (_, client) = administrator(&database).await;
    for path in ["/search", "/search?q=regional", "/search?q=%3Cscript%3E"] {
        let page = client.get(path).await;
        assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, Vec::new()), "{path}");
    }
}

#[tokio::test]
async fn x_06_the_record_s_page_file_and_feed_show_what_is_looked_for_and_say_what_cannot_be() {
    both(async |database| {
        let (app, client) = administrator(&database).await;
        let actor = app.actor_by_email("help@operator.example").await.unwrap();
        let mut work = app.store.begin(actor.organisation, app.calendar.now()).await.unwrap();
        work.by(actor.person);
        work.record(Event::new("test.happened", "test", 9, 1));
        work.record(Event::new("test.went_on", "test", 9, 2));
        work.commit(Machine::now()).await.unwrap();
        let path = format!("/record?person={}&kind=Test+went+on&from_day=13&from_month=9&from_year=2021", actor.person);
        let page = client.get(&path).await;
        assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, Vec::new()));
        assert!(page.body.contains("Who: Sam Okoro") && page.body.contains("From 13 September 2021"), "{}", page.body);
        assert_eq!((page.body.matches(">Test went on<").count(), page.body.contains("Test happened")), (1, false));
        let csv = client.get(&path.replace("/record?", "/record.csv?")).await;
        assert!(csv.body.contains("test.went_on") && !csv.body.contains("test.happened"), "{}", csv.body);
        let wrong = client.get("/record?record=HEF-A-9999").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(lint(&wrong.body), Vec::<String>::new());
        assert!(wrong.body.contains("Enter a reference of yours"), "{}", wrong.body);
        let timeline = client.get("/record/of/test/9?after=0").await;
        assert_eq!((timeline.status, lint(&timeline.body)), (StatusCode::OK, Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn rule_10_4_no_page_of_a_real_region_has_the_strip_of_the_demonstration() {
    both(async |database| {
        let app = people(&database).await;
        let service = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
        let mut clients = vec![Client::new(service.clone())];
        for role in [Role::PlacementOfficer, Role::ProviderManager, Role::Administrator] {
            let actor = app.actor_by_email(&email(role)).await.unwrap();
            clients.push(Client::with_session(service.clone(), &app.start_session(&actor).await.unwrap()));
        }
        for client in &clients {
            for (path, page) in pages(client).await {
                let strip = page.words(".app-strip");
                assert!(strip.is_empty() && !page.body.contains("Everything is invented"), "{path}: {}", page.h1());
            }
        }
    })
    .await;
}

#[tokio::test]
async fn p1_the_styles_and_files_that_are_served_have_no_crown_and_no_typeface_of_gov_uk() {
    let database = fresh(Backend::Sqlite).await;
    let (_, client) = administrator(&database).await;
    let styles = client.get("/assets/0/app.css").await;
    assert!(styles.status == StatusCode::OK && styles.body.contains("govuk-button"), "the styles are not built");
    let styles = styles.body.to_lowercase();
    assert!(!styles.contains("gds transport") && !styles.contains("@font-face"));
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist");
    for folder in [dist.clone(), dist.join("images")] {
        for file in std::fs::read_dir(folder).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            assert!(!["crown", "crest", "logotype", ".woff"].iter().any(|mark| name.contains(mark)), "{name}");
        }
    }
}

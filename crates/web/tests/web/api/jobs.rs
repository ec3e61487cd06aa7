//! Jobs and mails across organisations: the outbox is the system's own and no policy of the database divides it, so what an
//! administrator lists, opens and tries again is held here against a job and a mail that are really there.

use axum::http::StatusCode;
use placewell_app::clock::Machine;
use placewell_app::office::message::{JobEntry, Notice};
use placewell_domain::change::Event;
use placewell_domain::office::access::Role;
use placewell_store::outbox::Job;
use placewell_testkit::client::Client;
use placewell_testkit::databases::both;
use serde_json::{Value, json};

use super::{Region, email};

/// No worker knows how to do it: it fails at once.
const KIND: &str = "no.such.kind";
const SUBJECT: &str = "HEF-R-0042: 2 new offers";
const JOBS: &str = "/api/v1/jobs";

/// A job of HEF that failed, and a mail of its own, by their numbers.
async fn failed(region: &Region) -> (i64, i64) {
    let app = &region.app;
    let actor = app.actor_by_email(&email("HEF", Role::Administrator)).await.unwrap();
    let notice = Notice {
        to: actor.organisation.0,
        role: Role::Administrator,
        subject: SUBJECT.to_owned(),
        lines: vec!["Two offers came in.".to_owned()],
        path: "/referrals/HEF-R-0042/offers".to_owned(),
    };
    let mut work = app.store.begin(actor.organisation, app.calendar.now()).await.unwrap();
    work.record(Event::new("test.happened", "message", 1, 0));
    work.enqueue(notice.job().unwrap());
    work.enqueue(Job::new(KIND, &json!({})));
    work.commit(Machine::now()).await.unwrap();
    app.do_due_jobs().await.unwrap();
    let mails = app.latest_mails(&actor).await.unwrap();
    (entry(region).await.id, mails.iter().find(|mail| mail.subject == SUBJECT).unwrap().id)
}

/// The job as HEF's own administrator has it.
async fn entry(region: &Region) -> JobEntry {
    let actor = region.app.actor_by_email(&email("HEF", Role::Administrator)).await.unwrap();
    let all = region.app.jobs(&actor).await.unwrap();
    all.into_iter().find(|one| one.kind == KIND).unwrap()
}

/// The last event of HEF's record.
async fn recorded(region: &Region) -> i64 {
    let of = region.app.visit().await.unwrap().organisation_by_code("HEF").await.unwrap().id;
    region.app.store.read(Some(of)).await.unwrap().last_event(of).await.unwrap()
}

async fn signed_in(region: &Region, code: &str) -> Client {
    let actor = region.app.actor_by_email(&email(code, Role::Administrator)).await.unwrap();
    Client::with_session(region.router.clone(), &region.app.start_session(&actor).await.unwrap())
}

/// A problem without the number of its request and the address that was asked.
fn said(mut json: Value) -> Value {
    let all = json.as_object_mut().unwrap();
    all.retain(|name, _| name != "request" && name != "instance");
    json
}

#[tokio::test]
async fn s1_a_job_or_a_mail_of_another_organisation_is_not_there_for_its_administrator() {
    both(async |database| {
        let region = Region::make(&database).await;
        let (job, mail) = failed(&region).await;
        let before = (entry(&region).await, recorded(&region).await);
        let retry = format!("{JOBS}/{job}/retry");
        for code in ["WOR", "region"] {
            let other = region.caller(code, Role::Administrator).await;
            let listed = other.get(JOBS).await.is(200);
            assert!(!listed.json.to_string().contains(KIND), "{code}: {:#}", listed.json);
            let refused = other.post(&retry, &[], &json!({})).await;
            assert_eq!(refused.problem(), (404, "not_found"), "{code}");
            let absent = other.post(&format!("{JOBS}/999999/retry"), &[], &json!({})).await;
            assert_eq!(said(refused.json), said(absent.json), "{code}: as one that is not there");

            let client = signed_in(&region, code).await;
            let (jobs, mails) = (client.get("/admin/jobs").await, client.get("/admin/jobs/mail").await);
            assert!(jobs.status == StatusCode::OK && !jobs.body.contains(KIND), "{code}: {}", jobs.body);
            assert!(mails.status == StatusCode::OK && !mails.body.contains(SUBJECT), "{code}: {}", mails.body);
            let sent = [("_csrf", jobs.csrf()), ("_key", format!("of-{code}")), ("job", job.to_string())];
            let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(client.post("/admin/jobs", &sent).await.status, StatusCode::NOT_FOUND, "{code}");
            let opened = client.get(&format!("/admin/jobs/mail/{mail}")).await;
            let absent = client.get("/admin/jobs/mail/999999").await;
            assert_eq!((opened.status, opened.h1()), (StatusCode::NOT_FOUND, absent.h1()), "{code}");
            assert!(!opened.body.contains("Two offers") && !opened.body.contains("HEF-R-0042"), "{code}");
        }
        assert!(before.0.attempts > 0, "it was tried");
        assert_eq!((entry(&region).await, recorded(&region).await), before, "nothing is changed");

        // Its own administrator, and the operator's for everybody, find both.
        for code in ["HEF", "operator"] {
            let keeper = region.caller(code, Role::Administrator).await;
            let listed = keeper.get(JOBS).await.is(200).json;
            let found = listed["items"].as_array().unwrap().iter().find(|one| one["id"] == job.to_string().as_str());
            assert_eq!(found.unwrap()["organisation"], "HEF (invented)", "{code}");
            let opened = signed_in(&region, code).await.get(&format!("/admin/jobs/mail/{mail}")).await;
            assert!(opened.status == StatusCode::OK && opened.body.contains("Two offers came in."), "{code}");
            keeper.post(&retry, &[], &json!({})).await.is(200);
            assert_eq!(entry(&region).await.attempts, 0, "{code}");
        }
        let officer = region.caller("HEF", Role::PlacementOfficer).await;
        assert_eq!(officer.get(JOBS).await.problem(), (403, "forbidden"));
        assert_eq!(officer.post(&retry, &[], &json!({})).await.problem(), (403, "forbidden"));
    })
    .await;
}

//! Settings through their pages: from a date on, with a preview, never back in time, by those who keep them alone.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::SignedDuration;
use jiff::civil::date;
use placewell_app::App;
use placewell_app::clock::Machine;
use placewell_app::power::decision::call_in_rule;
use placewell_app::setting::REGISTRY;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::session::TokenScope;
use placewell_store::verify::DEPLOYMENT;
use placewell_testkit::client::Client;
use placewell_testkit::databases::both;
use placewell_testkit::lint::lint;
use placewell_web::{Web, router};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::access::{email, people};
use crate::api::caller::Caller;
use crate::power::given;

const CALL_IN: &str = "/settings/call_in.working_days";

/// Fills the form, and confirms where it leads to the preview; what it ends on.
async fn set(client: &Client, value: &str, from: [&str; 3], confirmed: bool) -> placewell_testkit::client::Page {
    let mut fields = vec![("value", value), ("from_day", from[0]), ("from_month", from[1]), ("from_year", from[2])];
    if confirmed {
        fields.push(("confirmed", "yes"));
    }
    client.submit(CALL_IN, CALL_IN, &fields).await
}

#[tokio::test]
async fn a_setting_is_changed_from_a_day_on_and_the_days_before_keep_theirs() {
    both(async |database| {
        let given = given(&database, date(2021, 9, 13)).await;
        let list = given.democratic.get("/settings").await;
        assert_eq!((list.status, lint(&list.body)), (StatusCode::OK, vec![]));
        assert!(list.body.contains("4 working days") && list.body.contains(CALL_IN));
        let preview = set(&given.democratic, "5", ["1", "10", "2021"], false).await;
        assert_eq!((preview.status, lint(&preview.body)), (StatusCode::OK, vec![]), "{}", preview.body);
        assert!(preview.h1().contains("Check the change") && preview.body.contains("5 working days"));
        let done = set(&given.democratic, "5", ["1", "10", "2021"], true).await;
        assert_eq!(done.location.as_deref(), Some("/settings"), "{}", done.body);
        let org = given.authority;
        let session = given.app.store.read(Some(org)).await.unwrap();
        for (day, days) in [(date(2021, 9, 30), 4), (date(2021, 10, 1), 5)] {
            assert_eq!(call_in_rule(&session, org, day).await.unwrap().working_days, days, "{day}");
        }
        assert!(session.verify_chain(org).await.unwrap().faults.is_empty());
        let list = given.democratic.get("/settings").await;
        assert!(list.body.contains("5 working days from 1 October 2021"), "{}", list.body);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_value_a_past_day_and_a_stale_page_change_nothing() {
    both(async |database| {
        let given = given(&database, date(2021, 9, 13)).await;
        for (value, from) in [
            ("21", ["1", "10", "2021"]),
            ("", ["1", "10", "2021"]),
            ("5", ["12", "9", "2021"]),
            ("5", ["31", "2", "2022"]),
        ] {
            let wrong = set(&given.democratic, value, from, true).await;
            assert_eq!(
                (wrong.status, lint(&wrong.body)),
                (StatusCode::UNPROCESSABLE_ENTITY, vec![]),
                "{value} {from:?}"
            );
        }
        let session = given.app.store.read(Some(given.authority)).await.unwrap();
        assert_eq!(session.setting_facts(given.authority, "call_in.working_days").await.unwrap(), []);
        drop(session);
        let hidden = given.democratic.get(CALL_IN).await.form(CALL_IN);
        assert_eq!(set(&given.democratic, "5", ["1", "10", "2021"], true).await.status, StatusCode::SEE_OTHER);
        let mut fields: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend([
            ("value", "6"),
            ("from_day", "1"),
            ("from_month", "10"),
            ("from_year", "2021"),
            ("confirmed", "yes"),
        ]);
        let stale = given.democratic.post(CALL_IN, &fields).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        let session = given.app.store.read(Some(given.authority)).await.unwrap();
        assert_eq!(session.setting_facts(given.authority, "call_in.working_days").await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn who_does_not_keep_a_setting_may_read_it_and_not_change_it() {
    both(async |database| {
        let given = given(&database, date(2021, 9, 13)).await;
        let list = given.finance.get("/settings").await;
        assert_eq!(list.status, StatusCode::OK);
        assert!(!list.body.contains(CALL_IN), "no link to what they cannot change");
        assert_eq!(given.finance.get(CALL_IN).await.status, StatusCode::FORBIDDEN);
        assert_eq!(given.approver.get(CALL_IN).await.status, StatusCode::FORBIDDEN);
        assert_eq!(given.democratic.get("/settings/no.such").await.status, StatusCode::NOT_FOUND);
        assert_eq!(given.visitor.get("/settings").await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn no_reader_of_the_settings_is_led_to_one_that_they_may_not_open() {
    both(async |database| {
        let app = people(&database).await;
        let service = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
        let mut followed = 0;
        for role in Action::SeeSettings.roles() {
            let actor = app.actor_by_email(&email(*role)).await.unwrap();
            let reader = Client::with_session(service.clone(), &app.start_session(&actor).await.unwrap());
            let list = reader.get("/settings").await;
            assert_eq!(list.status, StatusCode::OK, "{}", role.label());
            let main = list.body.split("<main").nth(1).unwrap();
            for link in main.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next()) {
                let status = reader.get(&format!("/{link}")).await.status;
                assert_ne!(status, StatusCode::FORBIDDEN, "/{link} for {}", role.label());
                followed += 1;
            }
        }
        assert!(followed > 0, "nobody is led to any setting");
    })
    .await;
}

#[tokio::test]
async fn whoever_is_named_as_keeping_a_setting_can_change_it() {
    both(async |database| {
        let app = people(&database).await;
        let service = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
        let client = async |role: Role| {
            let actor = app.actor_by_email(&email(role)).await.unwrap();
            (actor.kind, Client::with_session(service.clone(), &app.start_session(&actor).await.unwrap()))
        };
        for key in REGISTRY.iter().filter(|key| key.form().is_none()) {
            let mut kept = 0;
            for role in key.keeper().roles() {
                let (kind, keeper) = client(*role).await;
                if kind == key.scope().kind() {
                    let page = keeper.get(&format!("/settings/{}", key.name())).await;
                    assert_eq!(page.status, StatusCode::OK, "{} for {}", key.name(), role.label());
                    kept += 1;
                }
            }
            // Each body has an administrator of its own; here the operator alone has one.
            let administered = key.keeper().roles().contains(&Role::Administrator);
            assert!(kept > 0 || administered, "{}: nobody keeps it", key.name());
        }
        let (_, officer) = client(Role::PlacementOfficer).await;
        let form = "/settings/duty.telephones";
        let day = [("from_day", "13"), ("from_month", "9"), ("from_year", "2021")];
        let value = [("value", "01632 960100; 01632 960101"), ("confirmed", "yes")];
        let done = officer.submit(form, form, &[&value[..], &day].concat()).await;
        assert_eq!(done.location.as_deref(), Some("/settings"), "{}", done.body);
        assert!(officer.get("/settings").await.body.contains("at weekends and on bank holidays 01632 960101"));
    })
    .await;
}

/// The last proof of a session's holder counts for so many seconds from now on.
async fn proven_for(app: &App, token: &str, seconds: i64) {
    let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
    let (digest, until) =
        (Sha256::digest(token.as_bytes()).to_vec(), Machine::now() + SignedDuration::from_secs(seconds));
    work.note_proof(&digest, until).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

/// A setting that guards, who keeps it, and another value than the default.
const GUARDING: [(&str, Role, &str); 3] = [
    ("session.proof", Role::CommissioningLead, "60"),
    ("token.longest", Role::Administrator, "30"),
    ("retention.years", Role::PlacementOfficer, "80"),
];

#[tokio::test]
async fn what_guards_is_changed_by_a_form_that_waits_for_a_new_proof_and_its_old_and_new_value_are_recorded() {
    both(async |database| {
        let app = people(&database).await;
        let service = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
        let day = [("from_day", "13"), ("from_month", "9"), ("from_year", "2021")];
        for (name, role, value) in GUARDING {
            let actor = app.actor_by_email(&email(role)).await.unwrap();
            let token = app.start_session(&actor).await.unwrap();
            let client = Client::with_session(service.clone(), &token);
            proven_for(&app, &token, -1).await;
            let form = format!("/settings/{name}");
            let answers = [&[("value", value), ("confirmed", "yes")][..], &day].concat();
            let asked = client.submit(&form, &form, &answers).await;
            assert_eq!(
                (asked.status, asked.h1().as_str()),
                (StatusCode::FORBIDDEN, "Confirm that it is you"),
                "{name}"
            );
            let waiting = asked.form("/confirm");
            assert!(waiting.contains(&("value".to_owned(), value.to_owned())), "{waiting:?}");
            let recorded = async || {
                let session = app.store.read(Some(actor.organisation)).await.unwrap();
                let events = session.events_after(actor.organisation, -1, 1_000).await.unwrap();
                events.into_iter().filter(|one| one.event.kind == "setting.changed").collect::<Vec<_>>()
            };
            assert!(recorded().await.is_empty(), "{name} was changed without a proof");

            proven_for(&app, &token, 60).await;
            let fields: Vec<(&str, &str)> =
                waiting.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let done = client.post(&form, &fields).await;
            assert_eq!(done.location.as_deref(), Some("/settings"), "{name}: {}", done.body);
            let events = recorded().await;
            let [event] = events.as_slice() else { panic!("{events:?}") };
            for (fact, says) in [("key", name), ("was", "default"), ("value", value)] {
                assert!(event.event.facts.contains(&(fact.to_owned(), says.to_owned())), "{:?}", event.event.facts);
            }
        }
        app.do_due_jobs().await.unwrap();
        let keeper = app.actor_by_email(&email(Role::Administrator)).await.unwrap();
        let session = app.store.read(Some(keeper.organisation)).await.unwrap();
        let mails = session.mails(keeper.organisation, 50).await.unwrap();
        let told =
            mails.iter().find(|one| one.subject == "A setting that guards your organisation was changed").unwrap();
        assert_eq!(told.recipient, email(Role::Administrator));
        assert!(told.body.contains("30 days from 13 September 2021, in place of 366 days"), "{}", told.body);
    })
    .await;
}

#[tokio::test]
async fn a_program_changes_what_guards_only_where_its_scope_says_so_and_nobody_beyond_its_bound() {
    both(async |database| {
        let app = people(&database).await;
        let service = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
        let change = |value: &str| json!({"value": value, "from": "2021-09-13"});
        for (name, role, value) in GUARDING {
            let actor = app.actor_by_email(&email(role)).await.unwrap();
            let path = format!("/api/v1/settings/{name}/change");
            let send = async |scope: TokenScope, value: &str| {
                let token = app.create_token(&actor, "test", 1, &scope).await.unwrap();
                Caller::new(service.clone(), &token).post(&path, &[("if-match", "\"0\"")], &change(value)).await
            };
            let refused = send(TokenScope::Everything, value).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{name}: {}", refused.json);
            // A child's record is kept as long as the law says, and a proof counts for an hour at most.
            for (of, beyond) in [("retention.years", "18"), ("session.proof", "61")] {
                if of == name {
                    assert_eq!(send(TokenScope::EverythingWithProof, beyond).await.problem(), (422, "invalid"));
                }
            }
            send(TokenScope::EverythingWithProof, value).await.is(200);
        }
    })
    .await;
}

//! Whoever says how a home stands, or brings the register in, waits for a change of its standing that is under way before it
//! takes the organisation's lock, as whoever confirms a measure does: in the other order each would wait for the other. On
//! PostgreSQL; SQLite's one writer waits for nobody.

use core::fmt::Debug;

use placewell_app::homes::standing::SetStanding;
use placewell_domain::homes::standing::StandingSource;
use placewell_domain::office::import::UploadState;
use placewell_store::Backend;
use placewell_testkit::databases::{TestDatabase, discard, fresh};

use super::*;

/// Waits until somebody waits for the standing of a home, and fails where somebody holds the organisation's lock meanwhile.
const WAITS: &str = "DO $$ DECLARE here oid := (SELECT oid FROM pg_database WHERE datname = current_database()); BEGIN \
    WHILE NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 10 AND NOT granted \
    AND database = here) LOOP PERFORM pg_sleep(0.01); END LOOP; \
    IF EXISTS (SELECT FROM pg_locks WHERE database = here AND relation = 'chain_head'::regclass AND mode = 'RowShareLock') \
    THEN RAISE EXCEPTION 'the lock of the organisation is held'; END IF; END $$";

/// Does something while a change of how SC400001 stands is under way.
async fn while_it_changes<T: Debug>(database: &TestDatabase, given: &Given, acting: impl Future<Output = T>) -> T {
    let held = given.app.store.begin(given.lead.organisation, given.app.calendar.now()).await.unwrap();
    let home = held.home_by_urn(&"SC400001".parse().unwrap()).await.unwrap();
    held.lock_standing(&[home.id], true).await.unwrap();
    tokio::pin!(acting);
    tokio::select! {
        done = &mut acting => panic!("it did not wait: {done:?}"),
        () = database.script(WAITS) => {}
    }
    held.roll_back().await.unwrap();
    acting.await
}

#[tokio::test]
async fn a_notice_and_the_register_wait_for_the_standing_of_a_home_before_they_take_the_organisations_lock() {
    let database = fresh(Backend::Postgres).await;
    let given = given(&database).await;
    let notice = SetStanding {
        about: About::Home("SC400001".into()),
        source: StandingSource::Regulator,
        standing: Standing::Suspended,
        reason: StandingReason::RestrictionNotice,
        from: date(2021, 9, 13),
        until: None,
        link: Some("https://www.gov.uk/notice".into()),
        elsewhere: None,
    };
    while_it_changes(&database, &given, given.perform(notice)).await.unwrap();
    let accounted = while_it_changes(&database, &given, file(&given, LATER, date(2021, 9, 10))).await;
    assert!(accounted.measures > 0, "{accounted:?}");
    given.app.store.close().await;
    discard(&database).await;
}

#[tokio::test]
async fn a_check_of_the_register_waits_for_no_change_of_standing_because_nothing_of_it_stays() {
    let database = fresh(Backend::Postgres).await;
    let given = given(&database).await;
    let (region, day) = (given.lead.organisation, Some(date(2021, 9, 10)));
    let file = given.app.register_file(&given.lead, ("register.csv", LATER.as_bytes()), None, day).await.unwrap();
    let receipt = given.perform(file).await.unwrap();
    let number = receipt.location.rsplit('/').next().unwrap().parse().unwrap();
    let id = given.app.upload(&given.lead, number).await.unwrap().upload.id;
    let held = given.app.store.begin(region, given.app.calendar.now()).await.unwrap();
    let home = held.home_by_urn(&"SC400001".parse().unwrap()).await.unwrap();
    held.lock_standing(&[home.id], true).await.unwrap();
    given.app.advance(region, id, None).await.unwrap();
    let view = given.app.upload(&given.lead, number).await.unwrap();
    held.roll_back().await.unwrap();
    assert!(matches!(view.upload.state, UploadState::Checked { .. }), "{:?}", view.upload.state);
    assert!(view.register.unwrap().followed.measures > 0, "a rule would propose one");
    given.app.store.close().await;
    discard(&database).await;
}

//! S3, published: checkpoints go to the authorities by mail and into a file apart from the database, and a record that was
//! cut or written anew is found at the next signing, without anybody's act.

use std::sync::Arc;

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::clock::Machine;
use placewell_app::office::record::{LoggedEvent, OF_A_RECORD, SHOWN, looking::Looking};
use placewell_domain::change::Event;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::office::record::Pin;
use placewell_store::Backend;
use placewell_testkit::databases::TestDatabase;

use crate::award::world::{HEF, MANAGER, OFFICER, World, actor, both_made, done};

const ALARM: &str = "The record is not the one that was signed";
const SIGNED: &str = "Checkpoints of the record were signed";

async fn subjects(world: &World) -> Vec<String> {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let mails = session.mails(HEF, 50).await.unwrap();
    mails.into_iter().map(|mail| mail.subject).filter(|one| [ALARM, SIGNED].contains(&one.as_str())).collect()
}

/// Every event and checkpoint gone, and every chain at its beginning.
async fn wiped(database: &TestDatabase) {
    let wipe = "DELETE FROM checkpoint; DELETE FROM event; DELETE FROM chain_head";
    if database.backend == Backend::Postgres {
        let script = format!("SET session_replication_role = replica; {wipe}; SET session_replication_role = DEFAULT");
        return database.script(&script).await;
    }
    let mut script = "PRAGMA foreign_keys = OFF; ".to_owned();
    for name in database.bytes("SELECT CAST(name AS BLOB) FROM sqlite_master WHERE type = 'trigger'").await {
        script += &format!("DROP TRIGGER {}; ", String::from_utf8(name).unwrap());
    }
    database.script(&(script + wipe)).await;
}

#[tokio::test]
async fn s3_a_record_written_anew_is_found_at_the_next_signing_and_everybody_is_told() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let file = std::env::temp_dir().join(format!("placewell-pins-{}-{:?}", std::process::id(), database.backend));
        let _gone = std::fs::remove_file(&file);
        app.pin_record_in(file.clone());
        let work = world.work(HEF).await;
        work.give_membership(
            MANAGER,
            Role::DemocraticServices,
            "Democratic services",
            (date(2019, 1, 1), date(2099, 1, 1)),
        )
        .await
        .unwrap();
        done(work).await;
        let published = app.publish_checkpoints().await.unwrap();
        assert!(published.iter().any(|one| one.organisation == "HEF"));
        let pins = Pin::read_all(&std::fs::read_to_string(&file).unwrap());
        assert_eq!(pins.len(), published.len());
        let session = app.store.read(Some(HEF)).await.unwrap();
        let keepers = session.people_in_role(HEF, Role::DemocraticServices, date(2021, 9, 13)).await.unwrap().len();
        assert!(keepers > 0);
        let mail = session.mails(HEF, 50).await.unwrap().into_iter().find(|mail| mail.subject == SIGNED).unwrap();
        drop(session);
        assert!(Pin::read_all(&mail.body).iter().any(|pin| pin.organisation == "HEF" && pins.contains(pin)));
        assert_eq!(subjects(&world).await.len(), keepers);

        // The control: an honest record goes on and is signed again.
        world.at(date(2021, 9, 14), 12);
        let mut work = world.work(HEF).await;
        work.record(Event::new("test.happened", "test", 1, 1));
        done(work).await;
        assert!(!app.publish_checkpoints().await.unwrap().is_empty());
        assert!(!subjects(&world).await.contains(&ALARM.to_owned()));

        // The database's own administrator takes every guard away and writes the whole record anew.
        let before = pins.iter().find(|pin| pin.organisation == "HEF").unwrap().sequence;
        wiped(&database).await;
        let mut work = world.work(HEF).await;
        for number in 0..=before {
            work.record(Event::new("test.another_yesterday", "test", number, 1));
        }
        done(work).await;
        world.at(date(2021, 9, 15), 12);
        assert!(app.publish_checkpoints().await.unwrap().is_empty(), "what was written anew was signed");
        assert!(subjects(&world).await.contains(&ALARM.to_owned()));
        let faults = app.store.pin_faults(&pins).await.unwrap();
        assert_eq!(faults.len(), pins.len(), "{faults:?}");
        assert!(faults.iter().any(|(code, fault)| code == "HEF" && fault.contains("written anew")), "{faults:?}");
        std::fs::remove_file(&file).unwrap();
    })
    .await;
}

#[tokio::test]
async fn rule_5_6_the_record_keeps_what_a_fact_says_of_a_child_from_whom_the_table_refuses_it() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let mut work = world.work(HEF).await;
        let answered = Event::new("associate_question.answered", "associate_question", 77, 2);
        work.record(answered.with("known", "yes").with("invitation", 78).with("unheard_of", "qz"));
        let flagged = Event::new("stability.flagged", "stability_alert", 79, 1);
        work.record(flagged.with("signs", "missing health").with("meet_by", "2021-09-20"));
        done(work).await;
        let names = |facts: &[(String, String)]| facts.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let refused = [Role::DemocraticServices, Role::FinanceOfficer, Role::Analyst, Role::Administrator];
        for role in refused.into_iter().chain([Role::Approver]) {
            let reader = actor(MANAGER, HEF, role);
            let (known, signs): (&[&str], &[&str]) = match role {
                Role::Approver => (&["known", "invitation"], &["signs", "meet_by"]),
                _ => (&["invitation"], &["meet_by"]),
            };
            let all = Looking::default();
            let log = world.app.activity(&reader, None, &all).await.unwrap().events;
            let feed = world.app.events_after(&reader, (-1, 1_000), &all).await.unwrap().0;
            let of = world.app.record_timeline(&reader, ("associate_question", 77), -1).await.unwrap().0;
            for (from, events) in [("log", &log), ("feed", &feed), ("timeline", &of)] {
                let one = events.iter().find(|one| one.event.event.record == 77).unwrap();
                assert_eq!(names(&one.event.event.facts), known, "{from} for {}", role.label());
                assert_eq!(one.withheld, 3 - known.len(), "{from} for {}", role.label());
            }
            for (from, events) in [("log", &log), ("feed", &feed)] {
                let one = events.iter().find(|one| one.event.event.record == 79).unwrap();
                assert_eq!(names(&one.event.event.facts), signs, "{from} for {}", role.label());
            }
        }
    })
    .await;
}

/// An offer's price is among its facts only once prices are open: `rule_5_3_the_record_of_a_sealed_offer_tells_no_price_until_it_opens`.
#[tokio::test]
async fn s1_the_record_tells_a_price_to_whom_its_own_page_tells_it_and_to_nobody_else() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let mut work = world.work(HEF).await;
        work.record(Event::new("offer.sent", "offer", 77, 2).with("weekly_pence", 432_100).with("home", 5));
        work.record(Event::new("ceiling.set", "annual_value", 78, 1).with("ceiling_pence", 550_000_000));
        work.record(Event::new("test.unheard_of", "test", 79, 1).with("weekly_pence", 1));
        done(work).await;
        let reads =
            [Role::DemocraticServices, Role::Analyst, Role::Administrator, Role::FinanceOfficer, Role::Approver];
        for role in reads {
            let reader = actor(MANAGER, HEF, role);
            let all = Looking::default();
            let log = world.app.activity(&reader, None, &all).await.unwrap().events;
            let feed = world.app.events_after(&reader, (-1, 1_000), &all).await.unwrap().0;
            let of = world.app.record_timeline(&reader, ("offer", 77), -1).await.unwrap().0;
            let price = matches!(role, Role::FinanceOfficer | Role::Approver);
            let ceiling = price || role == Role::DemocraticServices;
            let told = |events: &[LoggedEvent], record: i64| {
                let found = events.iter().find(|one| one.event.event.record == record);
                found.map(|one| one.event.event.facts.iter().any(|(name, _)| name.ends_with("pence")))
            };
            for (from, events) in [("log", &log), ("feed", &feed), ("timeline", &of)] {
                assert_eq!(told(events, 77), Some(price), "an offer in the {from} for {}", role.label());
            }
            for (from, events) in [("log", &log), ("feed", &feed)] {
                assert_eq!(told(events, 78), Some(ceiling), "a ceiling in the {from} for {}", role.label());
                assert_eq!(told(events, 79), Some(false), "what nobody classified, in the {from} for {}", role.label());
            }
        }
    })
    .await;
}

/// A manager's 60 events of one record and one of another on the first day, an officer's 250 of a third on the next.
async fn a_long_record(world: &World) {
    let mut work = world.work(HEF).await;
    work.by(MANAGER);
    for number in 1..=60 {
        work.record(Event::new("test.happened", "test", 9, number).with("by", MANAGER.0));
    }
    work.record(Event::new("test.went_on", "test", 10, 1));
    done(work).await;
    world.at(date(2021, 9, 14), 12);
    let mut work = world.work(HEF).await;
    work.by(OFFICER);
    for number in 1..=250 {
        work.record(Event::new("test.went_on", "test", 11, number).with("by", MANAGER.0));
    }
    done(work).await;
}

/// The numbers of the events that the feed gives of these, part by part, as they come.
async fn fed(world: &World, looking: Looking) -> Vec<i64> {
    let (mut numbers, mut after) = (Vec::new(), -1);
    let reader = actor(MANAGER, HEF, Role::Administrator);
    loop {
        let (part, next) = world.app.events_after(&reader, (after, 100), &looking).await.unwrap();
        numbers.extend(part.into_iter().map(|one| one.event.sequence));
        match next {
            Some(next) => after = next,
            None => return numbers,
        }
    }
}

/// The records of all that is found, part by part, the newest first.
async fn found(world: &World, looking: Looking) -> Vec<i64> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let reader = actor(MANAGER, HEF, Role::Administrator);
        let part = world.app.activity(&reader, before, &looking).await.unwrap();
        assert!(part.events.len() <= SHOWN as usize);
        found.extend(part.events.into_iter().map(|one| (one.event.sequence, one.event.event.record)));
        match part.older {
            Some(older) => before = Some(older),
            None => break,
        }
    }
    assert!(found.is_sorted_by(|one, next| one.0 > next.0), "newest first, none twice");
    found.into_iter().map(|(_, record)| record).collect()
}

#[tokio::test]
async fn x_06_the_record_is_looked_through_by_person_kind_record_and_day() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        a_long_record(&world).await;
        let looking = Looking::default;
        let by = Looking { person: Some(MANAGER), ..looking() };
        assert_eq!(found(&world, by).await.len(), 61, "a fact that is called by is nobody");
        assert_eq!(found(&world, Looking { kind: "Test went on".into(), ..looking() }).await.len(), 251);
        assert_eq!(found(&world, Looking { kind: "test".into(), ..looking() }).await.len(), 311);
        assert_eq!(found(&world, Looking { record: "test 9".into(), ..looking() }).await, vec![9; 60]);
        let day = Some(date(2021, 9, 14));
        let second = Looking { from: day, kind: "test".into(), ..looking() };
        assert_eq!(found(&world, second.clone()).await, vec![11; 250]);
        let first = Some(date(2021, 9, 13));
        assert_eq!(found(&world, Looking { from: first, to: first, ..second }).await.len(), 61);
        let reader = actor(MANAGER, HEF, Role::Administrator);
        for (field, wrong) in [
            ("record", Looking { record: "HEF-A-9999".into(), ..looking() }),
            ("record", Looking { record: "'; DROP".into(), ..looking() }),
            ("kind", Looking { kind: "agreement%".into(), ..looking() }),
            ("to", Looking { from: day, to: first, ..looking() }),
        ] {
            match world.app.activity(&reader, None, &wrong).await {
                Err(Outcome::Invalid(invalid)) => assert_eq!(invalid.errors[0].field, field),
                other => panic!("{wrong:?}: {other:?}"),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn x_06_a_records_timeline_and_what_the_feed_lets_through_come_in_parts_that_join() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        a_long_record(&world).await;
        let (app, reader) = (&world.app, actor(MANAGER, HEF, Role::Administrator));
        let (first, next) = app.record_timeline(&reader, ("test", 11), -1).await.unwrap();
        assert_eq!(first.len(), OF_A_RECORD as usize);
        let (rest, end) = app.record_timeline(&reader, ("test", 11), next.unwrap()).await.unwrap();
        assert_eq!((rest.len(), end), (50, None));
        let went_on = Looking { kind: "test.went_on".into(), ..Looking::default() };
        let (all, some) = (fed(&world, Looking::default()).await, fed(&world, went_on).await);
        let first = all[0];
        assert!(
            all.iter().copied().eq((first..).take(all.len())),
            "in the order of their commits, with no gap: {all:?}"
        );
        assert_eq!(some.len(), 251);
        assert!(some.is_sorted_by(|one, next| one < next) && some.iter().all(|number| all.contains(number)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_06_whoever_follows_the_feed_while_others_write_misses_no_event_and_gets_none_twice() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..8_i64 {
            let app = Arc::clone(&world.app);
            writers.spawn(async move {
                for round in 1..=20 {
                    let mut work = app.store.begin(HEF, app.calendar.now()).await.unwrap();
                    work.record(Event::new("test.happened", "test", writer, round));
                    work.record(Event::new("test.happened_too", "test", writer, round));
                    // Others begin before this one ends.
                    tokio::task::yield_now().await;
                    work.commit(Machine::now()).await.unwrap();
                }
            });
        }
        let (reader, all) = (actor(MANAGER, HEF, Role::Analyst), Looking::default());
        let mut got = Vec::new();
        loop {
            while let Some(done) = writers.try_join_next() {
                done.unwrap();
            }
            let all_written = writers.is_empty();
            let after = got.last().copied().unwrap_or(-1);
            let (events, more) = world.app.events_after(&reader, (after, 7), &all).await.unwrap();
            got.extend(events.iter().map(|one| one.event.sequence));
            if all_written && more.is_none() {
                break;
            }
        }
        let last = world.app.store.read(Some(HEF)).await.unwrap().last_event(HEF).await.unwrap();
        assert!(last >= 8 * 20 * 2 - 1, "only {last} events were written");
        assert_eq!(got, (0..=last).collect::<Vec<i64>>());
    })
    .await;
}

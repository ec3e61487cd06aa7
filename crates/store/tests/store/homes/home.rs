//! A home's record: read back as written, one version at a time, written by its region or its provider only.

pub mod given;

use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_domain::change::Event;
use placewell_domain::homes::home::history::{OnRegister, SINCE_NOT_KNOWN, Told, state_on};
use placewell_domain::homes::home::inspection::HeldInspection;
use placewell_domain::homes::home::owner::owner_on;
use placewell_domain::homes::home::{Grade, HomeState, Inspection, InspectionKind, RegisterEntry};
use placewell_domain::id::{BedId, HomeId, OrganisationId};
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::placing::occupancy::{BedUse, ClosedReason};
use placewell_store::homes::home::RegisterLine;
use placewell_store::{Store, StoreError};
use placewell_testkit::databases::both;

use super::monitoring::past;
use given::{HEREFORDSHIRE, PROVIDER, REGION, SHROPSHIRE, TODAY, entry, moment, region};

#[tokio::test]
async fn a_home_reads_back_as_it_was_written_and_everybody_reads_it() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 2, 3).await;
        for reader in [REGION, PROVIDER, HEREFORDSHIRE] {
            let session = store.read(Some(reader)).await.unwrap();
            let homes = session.homes().await.unwrap();
            assert_eq!(homes.iter().map(|home| home.urn.as_str()).collect::<Vec<_>>(), ["SC400001", "SC400002"]);
            let home = session.home_by_urn(&homes[0].urn).await.unwrap();
            assert_eq!((home.places, home.version, home.provider), (3, 1, PROVIDER));
            assert_eq!(session.beds(HomeId(1)).await.unwrap().len(), 3);
        }
    })
    .await;
}

#[tokio::test]
async fn the_provider_may_change_its_home_and_a_stranger_may_not() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        for (actor, allowed) in [(PROVIDER, true), (HEREFORDSHIRE, false), (OrganisationId(99), false)] {
            let mut work = store.begin(actor, moment()).await.unwrap();
            let home = work.home(HomeId(1)).await.unwrap();
            let written = work.apply(home.confirm_beds(moment()).unwrap()).await;
            assert_eq!(written.is_ok(), allowed, "{actor}");
            if allowed {
                work.commit(Machine::now()).await.unwrap();
            } else {
                work.roll_back().await.unwrap();
            }
        }
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        assert_eq!(session.home(HomeId(1)).await.unwrap().beds_confirmed_on, Some(TODAY));
    })
    .await;
}

#[tokio::test]
async fn two_changes_of_one_version_are_a_conflict() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let mut work = store.begin(REGION, moment()).await.unwrap();
        let home = work.home(HomeId(1)).await.unwrap();
        let more = |places| RegisterEntry { places, ..entry(1) };
        work.apply(home.clone().follow_register(more(2), moment()).unwrap()).await.unwrap();
        let again = work.apply(home.follow_register(more(3), moment()).unwrap()).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
        work.roll_back().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn inspections_are_added_and_never_changed_and_the_stamp_follows() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 2).await;
        let before = store.read(Some(REGION)).await.unwrap().homes_stamp().await.unwrap();
        let seen = Inspection {
            kind: InspectionKind::Full,
            inspected_on: jiff::civil::date(2019, 10, 21),
            published_on: None,
            grade: Some(Grade::Good),
            serious_concerns: false,
            event: "10098497".to_owned(),
            link: Some("https://reports.ofsted.gov.uk/provider/4/SC400001".to_owned()),
        };
        let work = store.begin(REGION, moment()).await.unwrap();
        let home = work.home(HomeId(1)).await.unwrap();
        work.add_inspection(&home, &seen).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        assert_eq!(session.inspections(HomeId(1)).await.unwrap(), std::slice::from_ref(&seen));
        let recorded_at = Some(moment().at);
        assert_eq!(session.inspections_held(HomeId(1)).await.unwrap(), [HeldInspection { seen, recorded_at }]);
        let after = session.homes_stamp().await.unwrap();
        assert_ne!(before, after);
        let mut work = store.begin(PROVIDER, moment()).await.unwrap();
        let home = work.home(HomeId(1)).await.unwrap();
        let nights = Nights::new(TODAY, OPEN_END).unwrap();
        let closed =
            BedUse::take_out(placewell_domain::id::BedUseId(1), &home, BedId(101), nights, ClosedReason::Repair);
        work.apply(closed).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        assert_ne!(store.read(Some(REGION)).await.unwrap().homes_stamp().await.unwrap(), after);
    })
    .await;
}

#[tokio::test]
async fn the_register_s_last_word_is_kept_beside_the_home() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let line = RegisterLine {
            home: HomeId(1),
            urn: "SC400001".to_owned(),
            open: true,
            places: Some(4),
            judgement: Some("good".to_owned()),
            organisation: Some("Elm Care".to_owned()),
            region: "west midlands".to_owned(),
            as_at: TODAY,
        };
        for places in [4, 5] {
            let work = store.begin(REGION, moment()).await.unwrap();
            work.keep_register_line(&RegisterLine { places: Some(places), ..line.clone() }).await.unwrap();
            work.commit(Machine::now()).await.unwrap();
        }
        let held = store.read(Some(REGION)).await.unwrap().register_lines(REGION).await.unwrap();
        assert_eq!(held, [RegisterLine { places: Some(5), ..line }]);
    })
    .await;
}

/// What a register says of home 1, with an event as every fact in two times needs one; the number under which it is known.
async fn say(store: &Store, org: OrganisationId, told: &Told) -> Result<i64, StoreError> {
    let mut work = store.begin(org, moment()).await.unwrap();
    let seq = work.sequence().await.unwrap();
    if let Err(error) = work.record_registration(told).await {
        work.roll_back().await.unwrap();
        return Err(error);
    }
    work.record(Event::new("home.read", "home", 1, 1));
    work.commit(Machine::now()).await.unwrap();
    Ok(seq)
}

fn from(state: OnRegister, from: jiff::civil::Date) -> Told {
    Told { home: HomeId(1), state: Some(state), from, until: OPEN_END }
}

#[tokio::test]
async fn rule_4_4_a_registration_as_known_then_is_reproduced_after_the_register_said_otherwise() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let (june, july) = (date(2021, 6, 1), date(2021, 7, 1));
        let first = say(&store, REGION, &from(OnRegister::Active, SINCE_NOT_KNOWN)).await.unwrap();
        let second = say(&store, REGION, &from(OnRegister::Suspended, june)).await.unwrap();
        let third = say(&store, REGION, &from(OnRegister::Active, july)).await.unwrap();
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        let on = async |day, seq| state_on(&session.registration_known(HomeId(1), seq).await.unwrap(), day);
        let (middle, active) = (date(2021, 6, 15), HomeState::Registered { since: None });
        assert_eq!(on(middle, first - 1).await, None, "nothing was known yet");
        assert_eq!(on(middle, first).await, Some(active.clone()));
        assert_eq!(on(middle, second).await, Some(HomeState::Suspended { since: june }));
        assert_eq!(on(TODAY, second).await, Some(HomeState::Suspended { since: june }));
        assert_eq!(on(middle, third).await, Some(HomeState::Suspended { since: june }));
        assert_eq!(on(TODAY, third).await, Some(HomeState::Registered { since: Some(july) }));
        assert_eq!(on(date(2021, 5, 31), third).await, Some(active));
        let lines = session.registration_history(HomeId(1)).await.unwrap();
        let shown: Vec<_> = lines.iter().map(|one| (one.fact.state, one.fact.since(), one.told_at)).collect();
        let at = Some(moment().at);
        assert_eq!(
            shown,
            [
                (OnRegister::Active, Some(july), at),
                (OnRegister::Suspended, Some(june), at),
                (OnRegister::Active, None, at)
            ]
        );
        let taken = Told { state: None, until: june, ..from(OnRegister::Active, SINCE_NOT_KNOWN) };
        say(&store, REGION, &taken).await.unwrap();
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        assert_eq!(session.registration_history(HomeId(1)).await.unwrap().len(), 2, "those days are believed no more");
        assert_eq!(session.registration_known(HomeId(1), third).await.unwrap().len(), 3, "and were believed then");
    })
    .await;
}

#[tokio::test]
async fn a_later_first_day_leaves_what_came_before_another_state() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let (june, july) = (date(2021, 6, 1), date(2021, 7, 1));
        say(&store, REGION, &from(OnRegister::Active, SINCE_NOT_KNOWN)).await.unwrap();
        say(&store, REGION, &from(OnRegister::Left, june)).await.unwrap();
        say(&store, REGION, &from(OnRegister::Active, july)).await.unwrap();
        let taken = Told { state: None, until: TODAY, ..from(OnRegister::Active, SINCE_NOT_KNOWN) };
        say(&store, REGION, &taken).await.unwrap();
        let session = store.read(Some(REGION)).await.unwrap();
        let held = session.registration_history(HomeId(1)).await.unwrap();
        let states: Vec<_> = held.iter().map(|one| (one.fact.state, one.fact.from)).collect();
        let before = [(OnRegister::Left, june), (OnRegister::Active, SINCE_NOT_KNOWN)];
        assert_eq!(states, [&[(OnRegister::Active, TODAY)], &before[..]].concat());
    })
    .await;
}

#[tokio::test]
async fn the_history_of_a_registration_is_written_once_and_never_changed() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        say(&store, REGION, &from(OnRegister::Suspended, TODAY)).await.unwrap();
        for act in [
            "UPDATE home_registration SET state = 'registered'",
            "UPDATE home_registration SET from_date = '2021-01-01'",
            "DELETE FROM home_registration",
        ] {
            let said = past(&database, REGION, &[], act).await.unwrap_err();
            assert!(said.contains("append_only"), "{act}: {said}");
        }
        let again = "INSERT INTO home_registration (id, org_id, home_id, state, source, from_date, until_date, told_from, \
                     known_from, known_to) VALUES (7, 1, 1, 'registered', 'register', '2021-09-20', '9999-12-31', 1, 1, \
                     9223372036854775807)";
        let said = past(&database, REGION, &[], again).await.unwrap_err();
        assert!(said.contains("one_registration"), "{said}");
        let session = store.read(Some(PROVIDER)).await.unwrap();
        assert_eq!(session.registration_history(HomeId(1)).await.unwrap().len(), 1, "everybody reads it");
    })
    .await;
}

/// Whose home 1 is from a day on, with an event as every fact in two times needs one; the number under which it is known.
async fn owned(store: &Store, owner: OrganisationId, from: jiff::civil::Date) -> i64 {
    let mut work = store.begin(REGION, moment()).await.unwrap();
    let seq = work.sequence().await.unwrap();
    work.record_owner(HomeId(1), owner, from).await.unwrap();
    work.record(Event::new("home.read", "home", 1, 1));
    work.commit(Machine::now()).await.unwrap();
    seq
}

#[tokio::test]
async fn rule_4_4_whose_a_home_was_is_reproduced_as_known_then_and_never_changed() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let (june, july) = (date(2021, 6, 1), date(2021, 7, 1));
        let first = owned(&store, PROVIDER, SINCE_NOT_KNOWN).await;
        let second = owned(&store, SHROPSHIRE, july).await;
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        let on = async |day, seq| owner_on(&session.owners_known(HomeId(1), seq).await.unwrap(), day);
        assert_eq!(on(july, first - 1).await, None, "nothing was known yet");
        assert_eq!((on(june, first).await, on(july, first).await), (Some(PROVIDER), Some(PROVIDER)));
        assert_eq!((on(june, second).await, on(july, second).await), (Some(PROVIDER), Some(SHROPSHIRE)));
        drop(session);
        for act in ["UPDATE home_owner SET owner_id = 3", "DELETE FROM home_owner"] {
            let said = past(&database, REGION, &[], act).await.unwrap_err();
            assert!(said.contains("append_only"), "{act}: {said}");
        }
        let again = "INSERT INTO home_owner (id, org_id, home_id, owner_id, from_date, until_date, known_from, known_to) \
                     VALUES (7, 1, 1, 3, '2021-09-20', '9999-12-31', 1, 9223372036854775807)";
        let said = past(&database, REGION, &[], again).await.unwrap_err();
        assert!(said.contains("one_owner"), "{said}");
    })
    .await;
}

//! A home's record: read back as written, one version at a time, written by its region or its provider only.

pub mod given;

use placewell_app::clock::Machine;
use placewell_domain::homes::home::{Grade, Inspection, InspectionKind, RegisterEntry};
use placewell_domain::id::{BedId, HomeId, OrganisationId};
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::placing::occupancy::{BedUse, ClosedReason};
use placewell_store::StoreError;
use placewell_store::homes::home::RegisterLine;
use placewell_testkit::databases::both;

use given::{HEREFORDSHIRE, PROVIDER, REGION, TODAY, entry, moment, region};

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
        assert_eq!(session.inspections(HomeId(1)).await.unwrap(), [seen]);
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

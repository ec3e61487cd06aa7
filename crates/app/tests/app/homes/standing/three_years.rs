//! Three real years of Ofsted's register, each change counted from the files themselves.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::{Date, date};
use placewell_app::clock::{Machine, moment_of};
use placewell_app::homes::standing::register::bring_in;
use placewell_domain::homes::home::alert::AlertKind;
use placewell_domain::homes::standing::measure::{Measure, Source};
use placewell_domain::homes::standing::{Standing, StandingReason, StandingSubject};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_exchange::homes::home::read;
use placewell_store::Session;
use placewell_testkit::databases::both;

/// The kinds of change that a register file can bring.
const KINDS: [AlertKind; 7] = [
    AlertKind::Judgement,
    AlertKind::Cancelled,
    AlertKind::Registration,
    AlertKind::Places,
    AlertKind::Owner,
    AlertKind::NewHome,
    AlertKind::Report,
];

/// What one file brings, as counted from the files themselves without our import.
struct Year {
    file: &'static str,
    as_at: Date,
    /// How many changes of each of the [`KINDS`].
    changes: [usize; 7],
    /// The homes that were judged otherwise before and are Inadequate by it. One that is new by it, and on no lot yet, is not
    /// among them: its grade stops it by itself.
    inadequate: &'static [&'static str],
    /// The homes whose registration is suspended by it and was active before.
    suspended: &'static [&'static str],
}

const YEARS: [Year; 3] = [
    Year {
        file: "provider_at_march_2019.csv",
        as_at: date(2019, 3, 31),
        changes: [0; 7],
        inadequate: &[],
        suspended: &[],
    },
    Year {
        file: "provider_at_march_2021.csv",
        as_at: date(2021, 3, 31),
        changes: [119, 41, 1, 12, 108, 130, 190],
        inadequate: &["1253623", "SC008268", "SC033056", "SC039897", "SC478852"],
        suspended: &["1241975"],
    },
    Year {
        file: "provider_at_march_2024.csv",
        as_at: date(2024, 3, 31),
        changes: [208, 94, 1, 11, 122, 148, 148],
        inadequate: &["2507393", "SC379123", "SC472465", "SC476292", "SC476326"],
        suspended: &[],
    },
];

/// The homes, by number, about which a file of a day gave cause for a measure.
async fn proposed(session: &Session, as_at: Date, of: (Standing, StandingReason)) -> Vec<String> {
    let homes = session.homes().await.unwrap();
    let all = session.measures().await.unwrap();
    let by_file = all.iter().filter(|one| one.source == Source::found(as_at) && (one.standing, one.reason) == of);
    let urn = |one: &Measure| {
        let home = homes.iter().find(|home| one.subject == StandingSubject::Home(home.id));
        home.unwrap().urn.to_string()
    };
    let mut found: Vec<String> = by_file.map(urn).collect();
    found.sort_unstable();
    found
}

/// Every measure that a file gave cause for is of a change that it brought, and every such change has its measure.
async fn measures_follow(session: &Session, year: &Year, measures: usize) {
    let file = year.file;
    let inadequate = proposed(session, year.as_at, (Standing::Suspended, StandingReason::Inadequate)).await;
    assert_eq!(inadequate, year.inadequate, "{file}: a suspension for each that is newly Inadequate");
    let suspended = proposed(session, year.as_at, (Standing::Suspended, StandingReason::RegistrationCancelled)).await;
    assert_eq!(suspended, year.suspended, "{file}: one for each whose registration is suspended");
    let removed = proposed(session, year.as_at, (Standing::Removed, StandingReason::RegistrationCancelled)).await;
    let alerts = session.alerts().await.unwrap();
    let of_file =
        |kind: AlertKind| alerts.iter().filter(move |one| (one.found.kind, one.found.as_at) == (kind, year.as_at));
    let mut left: Vec<String> = of_file(AlertKind::Cancelled).map(|one| one.found.urn.clone()).collect();
    left.sort_unstable();
    assert_eq!(
        (removed.len(), &removed),
        (year.changes[1], &left),
        "{file}: a removal for each that left, and no other"
    );
    let judged = of_file(AlertKind::Judgement).filter(|one| one.found.after.as_deref() == Some("Inadequate"));
    let mut judged: Vec<&str> = judged.map(|one| one.found.urn.as_str()).collect();
    judged.sort_unstable();
    assert_eq!(judged, year.inadequate, "{file}: and each of these judgements is an alert");
    assert_eq!(measures, inadequate.len() + suspended.len() + removed.len(), "{file}: no other measure follows");
    let all = session.measures().await.unwrap();
    let by_file = all.iter().filter(|one| one.source == Source::found(year.as_at)).count();
    assert_eq!(by_file, measures, "{file}: each is accounted for");
}

#[tokio::test]
async fn ofsted_s_three_years_raise_exactly_one_alert_for_every_change_and_the_measures_that_follow() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ofsted");
    if !folder.is_dir() {
        eprintln!("SKIPPED: {} is not there, so real years were not compared", folder.display());
        return;
    }
    both(async |database| {
        let store = database.store().await;
        let region = OrganisationId(1);
        let at = |day: Date| moment_of(day.at(10, 0, 0, 0));
        let work = store.begin(region, at(date(2019, 5, 1))).await.unwrap();
        let team = Organisation {
            id: region,
            code: "wm".into(),
            name: "WM".into(),
            kind: OrganisationKind::RegionalTeam,
            area: None,
            placing_body: None,
        };
        work.add_organisation(&team).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        for year in YEARS {
            let (name, day, expected) = (year.file, year.as_at, year.changes);
            let bytes = std::fs::read(folder.join(name)).unwrap();
            let mut read = read(&bytes, "West Midlands");
            let mut work = store.begin(region, at(date(2024, 9, 1))).await.unwrap();
            let accounted = bring_in(&mut work, &mut read, day).await.unwrap();
            work.commit(Machine::now()).await.unwrap();
            let held = store.read(Some(region)).await.unwrap().alerts().await.unwrap();
            let of_file =
                |kind: AlertKind| held.iter().filter(|one| (one.found.kind, one.found.as_at) == (kind, day)).count();
            assert_eq!(KINDS.map(of_file), expected, "{name}");
            let (all, reports) = (expected.iter().sum::<usize>(), expected[6]);
            assert_eq!((accounted.alerts, accounted.visits), (all - reports, reports), "{name}: each is accounted for");
            let session = store.read(Some(region)).await.unwrap();
            measures_follow(&session, &year, accounted.measures).await;
        }
        let held = store.read(Some(region)).await.unwrap().alerts().await.unwrap();
        let each: BTreeSet<_> = held.iter().map(|one| (&one.found.urn, one.found.kind, one.found.as_at)).collect();
        assert_eq!((each.len(), held.len()), (1_333, 1_333), "each change of a home stands in one alert, and no other");
        assert!(held.iter().all(|one| one.times == 1), "no two changes were folded into one");
    })
    .await;
}

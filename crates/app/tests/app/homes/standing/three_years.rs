//! Three real years of Ofsted's register, each change counted from the files themselves.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::{Date, date};
use placewell_app::clock::{Machine, moment_of};
use placewell_app::homes::standing::register::bring_in;
use placewell_domain::homes::home::alert::AlertKind;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_exchange::homes::home::read;
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

/// How many changes of each of the [`KINDS`] each file brings, as counted from the files themselves without our import.
const YEARS: [(&str, Date, [usize; 7]); 3] = [
    ("provider_at_march_2019.csv", date(2019, 3, 31), [0; 7]),
    ("provider_at_march_2021.csv", date(2021, 3, 31), [119, 41, 1, 12, 108, 130, 190]),
    ("provider_at_march_2024.csv", date(2024, 3, 31), [208, 94, 1, 11, 122, 148, 148]),
];

#[tokio::test]
async fn ofsted_s_three_years_raise_exactly_one_alert_for_every_change() {
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
        for (name, day, expected) in YEARS {
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
            assert!(accounted.measures >= expected[1], "{name}: each home that left is to be removed");
        }
        let held = store.read(Some(region)).await.unwrap().alerts().await.unwrap();
        let each: BTreeSet<_> = held.iter().map(|one| (&one.found.urn, one.found.kind, one.found.as_at)).collect();
        assert_eq!((each.len(), held.len()), (1_333, 1_333), "each change of a home stands in one alert, and no other");
        assert!(held.iter().all(|one| one.times == 1), "no two changes were folded into one");
    })
    .await;
}

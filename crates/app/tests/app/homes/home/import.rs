//! Ofsted's register brought in: twice the same changes nothing, row errors stay out, later years change what they say.

use std::path::Path;

use jiff::civil::{Date, date};
use placewell_app::clock::{Machine, moment_of};
use placewell_app::homes::home::import::{as_at, bring_in, compare};
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::homes::home::{Grade, HomeState, Urn};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::placing::occupancy::free_gaps;
use placewell_exchange::homes::home::{RegisterRead, read};
use placewell_store::Store;
use placewell_testkit::databases::both;

const REGION: OrganisationId = OrganisationId(1);
const HEADER: &str = "Web link,URN,Provision type,Registration date,Registration status,Name,Government Office Region,\
                      Local authority,Sector,Places,Organisation which owns the provider,Event type,Inspection date,\
                      Publication date,Event number,Overall experiences and progress of children and young people\n";

async fn region(store: &Store) {
    let work = store.begin(REGION, moment_of(date(2021, 9, 13).at(10, 20, 0, 0))).await.unwrap();
    let kind = OrganisationKind::RegionalTeam;
    let team = Organisation { id: REGION, code: "wm".into(), name: "WM".into(), kind, area: None, placing_body: None };
    work.add_organisation(&team).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

async fn import(store: &Store, file: &[u8], day: Date) -> RegisterRead {
    let mut read = read(file, "West Midlands");
    let mut work = store.begin(REGION, moment_of(date(2024, 9, 13).at(10, 20, 0, 0))).await.unwrap();
    bring_in(&mut work, &mut read, day).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    read
}

fn row(urn: &str, area: &str, places: u8, owner: &str, grade: &str) -> String {
    format!(
        "page,{urn},Children's home,01/04/2019,Active,REDACTED,West Midlands,{area},Private,{places},{owner},\
         Full inspection,21/10/2019,29/11/2019,1009,{grade}\n"
    )
}

fn counts(read: &RegisterRead) -> [usize; 5] {
    let changes = read.summary.changes.as_ref().unwrap();
    [changes.new, changes.closed, changes.places, changes.judgement, changes.organisation]
}

async fn events(store: &Store) -> usize {
    let report = store.read(Some(REGION)).await.unwrap().verify_chain(REGION).await.unwrap();
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    usize::try_from(report.events).unwrap()
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing_and_a_row_error_keeps_no_other_row_out() {
    both(async |database| {
        let store = database.store().await;
        region(&store).await;
        let file = [
            HEADER.to_owned(),
            row("SC400001", "Herefordshire", 4, "Elm Care", "Good"),
            row("SC400002", "Narnia", 3, "Elm Care", "Good"),
            row("SC400003", "Shropshire", 2, "ELM  CARE", "Superb"),
            row("SC400004", "Shropshire", 2, "Ash Care", ""),
        ]
        .concat();
        let day = date(2021, 3, 31);
        let first = import(&store, file.as_bytes(), day).await;
        let bad: Vec<usize> = first.summary.errors.iter().map(|error| error.row).collect();
        assert_eq!(bad, [3, 4], "{:?}", first.summary.errors);
        assert!(first.summary.errors.iter().any(|error| error.reason.contains("Narnia")));
        let session = store.read(Some(REGION)).await.unwrap();
        let homes = session.homes().await.unwrap();
        assert_eq!(homes.iter().map(|home| home.urn.as_str()).collect::<Vec<_>>(), ["SC400001", "SC400004"]);
        assert_eq!(session.beds(homes[0].id).await.unwrap().len(), 4);
        let seen = session.inspections(homes[0].id).await.unwrap();
        assert_eq!(grade_on(&seen, day).0, Grade::Good);
        drop(session);
        let before = events(&store).await;
        let again = import(&store, file.as_bytes(), day).await;
        assert_eq!(events(&store).await, before, "the same file wrote events");
        assert_eq!(counts(&again), [0; 5], "a row that cannot go in is not new on every run");
        assert_eq!(again.summary.errors, first.summary.errors);
        let session = store.read(Some(REGION)).await.unwrap();
        let mut checked = placewell_exchange::homes::home::read(file.as_bytes(), "West Midlands");
        compare(&session, REGION, &mut checked, day).await.unwrap();
        assert_eq!(checked.summary.errors, first.summary.errors, "a check names the same rows");
        assert_eq!(counts(&checked), [0; 5]);
        drop(session);
        assert_eq!(store.read(Some(REGION)).await.unwrap().homes().await.unwrap(), homes);
    })
    .await;
}

#[tokio::test]
async fn a_namesake_that_keeps_no_home_is_given_none_by_the_next_register() {
    both(async |database| {
        let store = database.store().await;
        region(&store).await;
        let rows = |places| [HEADER.to_owned(), row("SC400001", "Herefordshire", places, "Elm Care", "Good")].concat();
        import(&store, rows(4).as_bytes(), date(2021, 3, 31)).await;
        let owner = store.read(Some(REGION)).await.unwrap().homes().await.unwrap()[0].provider;
        let other = OrganisationId(owner.0 + 1);
        let work = store.begin(other, moment_of(date(2021, 9, 13).at(10, 20, 0, 0))).await.unwrap();
        let (code, name) = ("elm-care-x1".to_owned(), "elm  care".to_owned());
        let kind = OrganisationKind::Provider;
        let namesake = Organisation { id: other, code, name, kind, area: None, placing_body: None };
        work.add_organisation(&namesake).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let later = rows(3) + &row("SC400005", "Shropshire", 2, "ELM CARE", "Good");
        import(&store, later.as_bytes(), date(2021, 8, 31)).await;
        let homes = store.read(Some(REGION)).await.unwrap().homes().await.unwrap();
        let owners: Vec<_> = homes.iter().map(|home| (home.places, home.provider)).collect();
        assert_eq!(owners, [(3, owner), (2, owner)]);
    })
    .await;
}

#[tokio::test]
async fn a_later_file_changes_places_owner_and_judgement_and_closes_who_has_left() {
    both(async |database| {
        let store = database.store().await;
        region(&store).await;
        let first = [
            HEADER.to_owned(),
            row("SC400001", "Herefordshire", 4, "Elm Care", "Good"),
            row("SC400002", "Shropshire", 2, "Elm Care", "Good"),
        ]
        .concat();
        import(&store, first.as_bytes(), date(2021, 3, 31)).await;
        let later = HEADER.to_owned()
            + &row("SC400001", "Herefordshire", 3, "Ash Care", "Outstanding")
                .replace("21/10/2019", "02/06/2021")
                .replace("29/11/2019", "02/07/2021");
        let read = import(&store, later.as_bytes(), date(2022, 3, 31)).await;
        assert_eq!(counts(&read), [0, 1, 1, 1, 1]);
        let session = store.read(Some(REGION)).await.unwrap();
        let kept = session.home_by_urn(&"SC400001".parse::<Urn>().unwrap()).await.unwrap();
        let gone = session.home_by_urn(&"SC400002".parse::<Urn>().unwrap()).await.unwrap();
        assert_eq!((kept.places, kept.version), (3, 2));
        assert_eq!(session.organisation_by_id(kept.provider).await.unwrap().name, "Ash Care");
        assert_eq!(grade_on(&session.inspections(kept.id).await.unwrap(), date(2022, 3, 31)).0, Grade::Outstanding);
        assert_eq!(gone.state, HomeState::Closed { on: date(2022, 3, 31) });
        let beds = session.beds(kept.id).await.unwrap();
        let uses = session.bed_uses(kept.id, date(2022, 3, 31)).await.unwrap();
        let free = free_gaps(&beds, &uses, date(2022, 4, 1)).any;
        assert_eq!(
            (beds.len(), uses.len(), free.len()),
            (4, 1, 1),
            "the fourth bed is out of service, three are free alike"
        );
        drop(session);
        let back = import(&store, first.as_bytes(), date(2023, 3, 31)).await;
        assert_eq!(counts(&back)[0], 1, "a closed home that comes back is new again");
        let session = store.read(Some(REGION)).await.unwrap();
        let home = session.home_by_urn(&"SC400002".parse::<Urn>().unwrap()).await.unwrap();
        assert!(home.may_admit().is_ok());
    })
    .await;
}

async fn open_homes(store: &Store) -> Vec<String> {
    let homes = store.read(Some(REGION)).await.unwrap().homes().await.unwrap();
    let open = homes.iter().filter(|home| !matches!(home.state, HomeState::Closed { .. }));
    open.map(|home| home.urn.to_string()).collect()
}

#[tokio::test]
async fn a_file_of_another_region_closes_no_home() {
    both(async |database| {
        let store = database.store().await;
        region(&store).await;
        let file = [
            HEADER.to_owned(),
            row("SC400001", "Herefordshire", 4, "Elm Care", "Good"),
            row("SC400002", "Hampshire", 3, "Elm Care", "Good").replace("West Midlands", "South East"),
        ]
        .concat();
        let bring = async |place: &str, file: &str, day: Date| {
            let mut read = read(file.as_bytes(), place);
            let mut work = store.begin(REGION, moment_of(date(2024, 9, 13).at(10, 20, 0, 0))).await.unwrap();
            bring_in(&mut work, &mut read, day).await.unwrap();
            work.commit(Machine::now()).await.unwrap();
            counts(&read)
        };
        assert_eq!(bring("West Midlands", &file, date(2021, 3, 31)).await, [1, 0, 0, 0, 0]);
        assert_eq!(bring("South East", &file, date(2021, 3, 31)).await, [1, 0, 0, 0, 0]);
        assert_eq!(open_homes(&store).await, ["SC400001", "SC400002"]);
        let later = HEADER.to_owned()
            + &row("SC400003", "Hampshire", 3, "Elm Care", "Good").replace("West Midlands", "South East");
        assert_eq!(bring("South East", &later, date(2022, 3, 31)).await, [1, 1, 0, 0, 0]);
        assert_eq!(open_homes(&store).await, ["SC400001", "SC400003"], "the other region's home stays");
        assert_eq!(
            bring("West Midlands", &file, date(2021, 3, 31)).await,
            [0; 5],
            "each region has its own latest day"
        );
    })
    .await;
}

#[tokio::test]
async fn a_file_older_than_the_one_held_is_turned_away_with_both_dates() {
    both(async |database| {
        let store = database.store().await;
        region(&store).await;
        let file = |urn: &str| HEADER.to_owned() + &row(urn, "Herefordshire", 4, "Elm Care", "Good");
        import(&store, file("SC400001").as_bytes(), date(2021, 3, 31)).await;
        let before = events(&store).await;
        let older = import(&store, file("SC400002").as_bytes(), date(2019, 3, 31)).await;
        let refused = older.refused.unwrap();
        assert!(refused.contains("2019-03-31") && refused.contains("2021-03-31"), "{refused}");
        assert_eq!(older.summary.errors[0].reason, refused);
        assert_eq!(older.summary.changes.unwrap(), placewell_exchange::homes::home::Changes::default());
        assert_eq!((events(&store).await, open_homes(&store).await), (before, vec!["SC400001".to_owned()]));
    })
    .await;
}

#[tokio::test]
async fn only_an_active_registration_admits_and_short_breaks_are_read() {
    both(async |database| {
        let store = database.store().await;
        region(&store).await;
        let header = HEADER.replace("Places,", "Places,Short-break-only children's home,");
        let line = |urn: &str, status: &str, short: &str| {
            row(urn, "Herefordshire", 4, "Elm Care", "Good")
                .replace("Active", status)
                .replace("Private,4,", &format!("Private,4,{short},"))
        };
        let file = [
            header,
            line("SC400001", "Active", "Short-break-only children's home"),
            line("SC400002", "Proposed", " "),
            line("SC400003", "Active", ""),
            line("SC400004", "Suspended", "Yes"),
        ]
        .concat();
        let first = import(&store, file.as_bytes(), date(2021, 3, 31)).await;
        assert_eq!(first.summary.errors, []);
        let homes = store.read(Some(REGION)).await.unwrap().homes().await.unwrap();
        let found: Vec<_> = homes.iter().map(|home| (home.may_admit().is_ok(), home.short_breaks_only)).collect();
        assert_eq!(found, [(true, true), (false, false), (true, false), (false, true)]);
        let without = [
            HEADER.replace("Registration status,", ""),
            row("SC400002", "Herefordshire", 4, "Elm Care", "Good").replace("Active,", ""),
        ]
        .concat();
        import(&store, without.as_bytes(), date(2022, 3, 31)).await;
        let homes = store.read(Some(REGION)).await.unwrap().homes().await.unwrap();
        assert!(homes[1].may_admit().is_err(), "what a year does not state is left as it was held");
        assert!(matches!(homes[0].state, HomeState::Closed { .. }) && homes[0].short_breaks_only);
    })
    .await;
}

#[test]
fn a_file_stands_at_the_day_of_its_title() {
    let title = "Children's social care data in England 2021 \u{2013} Provider level as at 31 March 2021,,,\n";
    let file = format!("{title}{HEADER}{}", row("SC400001", "Herefordshire", 4, "Elm Care", "Good"));
    let read = read(file.as_bytes(), "West Midlands");
    assert_eq!(as_at(&read, date(2024, 9, 13)), date(2021, 3, 31));
    let plain = HEADER.to_owned() + &row("SC400001", "Herefordshire", 4, "Elm Care", "Good");
    let plain = placewell_exchange::homes::home::read(plain.as_bytes(), "West Midlands");
    assert_eq!(as_at(&plain, date(2024, 9, 13)), date(2019, 11, 29));
}

#[tokio::test]
async fn a_home_of_more_places_than_can_be_held_is_a_row_error_and_never_cut() {
    both(async |database| {
        let store = database.store().await;
        region(&store).await;
        let file = HEADER.to_owned()
            + &row("SC400001", "Herefordshire", 4, "Elm Care", "Good").replace("Private,4,", "Private,300,");
        let read = import(&store, file.as_bytes(), date(2021, 3, 31)).await;
        assert!(read.summary.errors[0].reason.starts_with("Places is 300;"), "{:?}", read.summary.errors);
        assert!(open_homes(&store).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn ofsted_s_own_files_go_in_year_after_year() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ofsted");
    if !folder.exists() {
        eprintln!("SKIPPED: {} is missing", folder.display());
        return;
    }
    both(async |database| {
        let store = database.store().await;
        region(&store).await;
        for (year, homes) in [(2019, 363), (2021, 452), (2024, 506)] {
            let file = std::fs::read(folder.join(format!("provider_at_march_{year}.csv"))).unwrap();
            let first = import(&store, &file, date(year, 3, 31)).await;
            assert_eq!(first.summary.homes, homes);
            assert!(first.summary.errors.is_empty(), "{:?}", first.summary.errors);
            let before = events(&store).await;
            let again = import(&store, &file, date(year, 3, 31)).await;
            assert_eq!((counts(&again), events(&store).await), ([0; 5], before), "{year} twice");
            let session = store.read(Some(REGION)).await.unwrap();
            let open = session
                .homes()
                .await
                .unwrap()
                .iter()
                .filter(|home| !matches!(home.state, HomeState::Closed { .. }))
                .count();
            assert_eq!(open, homes);
        }
        assert_eq!(as_at(&read(b"", "West Midlands"), date(2021, 9, 13)), date(2021, 9, 13));
    })
    .await;
}

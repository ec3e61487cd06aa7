//! The real yearly files, against figures counted apart from this code, and what differs between
//! two years.

use std::collections::BTreeMap;

use placewell_exchange::homes::home::{ChangeKind, HeldHome, Judgements, RegisterRead, compare, read};

fn year(year: u16) -> Option<RegisterRead> {
    crate::shared(&format!("data/ofsted/provider_at_march_{year}.csv")).map(|bytes| read(&bytes, "West Midlands"))
}

fn judgements(of: [usize; 6]) -> Judgements {
    let [outstanding, good, requires_improvement, inadequate, adequate, not_yet_inspected] = of;
    Judgements { outstanding, good, requires_improvement, inadequate, adequate, not_yet_inspected }
}

struct Expected {
    year: u16,
    header_row: usize,
    homes: usize,
    places: u64,
    organisations: usize,
    judgements: [usize; 6],
    statuses: &'static [(&'static str, usize)],
    other_types: usize,
    herefordshire: usize,
}

/// Counted with a spreadsheet-like script of its own, not with this reader.
const COUNTED: [Expected; 3] = [
    Expected {
        year: 2019,
        header_row: 2,
        homes: 363,
        places: 1350,
        organisations: 104,
        judgements: [55, 233, 70, 5, 0, 0],
        statuses: &[("Active", 363)],
        other_types: 99,
        herefordshire: 17,
    },
    Expected {
        year: 2021,
        header_row: 2,
        homes: 452,
        places: 1654,
        organisations: 132,
        judgements: [43, 243, 76, 9, 0, 81],
        statuses: &[("Active", 448), ("Suspended", 4)],
        other_types: 107,
        herefordshire: 18,
    },
    Expected {
        year: 2024,
        header_row: 4,
        homes: 506,
        places: 1785,
        organisations: 173,
        judgements: [37, 387, 74, 8, 0, 0],
        statuses: &[("Active", 504), ("Suspended", 2)],
        other_types: 102,
        herefordshire: 18,
    },
];

#[test]
fn the_real_files_give_the_figures_counted_apart() {
    for expected in &COUNTED {
        let Some(read) = year(expected.year) else { continue };
        let summary = &read.summary;
        assert_eq!(summary.errors, [], "{}", expected.year);
        assert_eq!(read.header_row, Some(expected.header_row));
        assert_eq!(summary.homes, expected.homes);
        assert_eq!(summary.places, Some(expected.places));
        assert_eq!(summary.organisations, Some(expected.organisations));
        assert_eq!(summary.judgements, Some(judgements(expected.judgements)));
        let statuses: BTreeMap<_, _> = expected.statuses.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
        assert_eq!(summary.statuses, Some(statuses));
        assert_eq!(summary.other_types.values().sum::<usize>(), expected.other_types);
        assert_eq!(summary.other_types["Residential special school (registered as a children's home)"], 11);
        let here = read.rows.iter().filter(|row| row.local_authority.as_deref() == Some("Herefordshire")).count();
        assert_eq!(here, expected.herefordshire);
        assert!(read.rows.iter().all(|row| row.name.is_none()), "home names are redacted");
        assert!(read.rows.iter().all(|row| row.registration_date.is_some()));
    }
}

#[test]
fn a_home_of_the_real_file_has_every_cell_in_its_place() {
    let Some(read) = year(2021) else { return };
    let home = read.rows.iter().find(|row| row.urn == "SC392492").unwrap();
    assert_eq!(home.row, 3);
    assert_eq!((home.places, home.sector.as_deref()), (Some(4), Some("Private")));
    assert_eq!(home.organisation.as_deref(), Some("DMR Services Ltd"));
    assert_eq!(home.constituency.as_deref(), Some("Birmingham, Hall Green"));
    let days =
        [home.registration_date, home.inspection_date, home.publication_date].map(|day| day.unwrap().to_string());
    assert_eq!(days, ["2009-04-24", "2019-10-21", "2019-11-29"]);
    assert_eq!(home.judgement.unwrap().words(), "Requires improvement to be good");
    assert_eq!(home.event_number.as_deref(), Some("10098497"));
}

#[test]
fn the_same_file_twice_changes_nothing() {
    for expected in &COUNTED {
        let Some(read) = year(expected.year) else { continue };
        let new = read.changes(&[]);
        assert_eq!((new.new, new.closed, new.places), (expected.homes, 0, 0));
        let held: Vec<HeldHome> = read.rows.iter().map(HeldHome::from).collect();
        assert!(read.changes(&held).is_empty());
    }
}

#[test]
fn from_2019_to_2021_homes_open_and_close_and_the_sum_is_right() {
    let (Some(before), Some(after)) = (year(2019), year(2021)) else { return };
    let held: Vec<HeldHome> = before.rows.iter().map(HeldHome::from).collect();
    let changes = compare(&held, &after.rows);
    assert_eq!(held.len() + changes.new - changes.closed, after.rows.len());
    assert!(changes.new > 0 && changes.closed > 0 && changes.places > 0 && changes.judgement > 0);
    let listed = changes.each.iter().filter(|change| change.kind == ChangeKind::Closed).count();
    assert_eq!(listed, changes.closed);
}

#[test]
fn only_the_region_asked_for_is_counted_whatever_its_case() {
    let Some(bytes) = crate::shared("data/ofsted/provider_at_march_2019.csv") else { return };
    assert_eq!(read(&bytes, "west  midlands").summary, read(&bytes, "West Midlands").summary);
    let nowhere = read(&bytes, "West Midland");
    assert!(nowhere.refused.as_deref().unwrap().contains("West Midlands"), "the message names the file's regions");
    assert_eq!(nowhere.summary.homes, 0);
    let held = HeldHome { urn: "SC1".into(), open: true, places: None, judgement: None, organisation: None };
    assert!(nowhere.changes(&[held]).is_empty(), "a mistyped region closes no home");
}

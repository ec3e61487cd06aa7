//! Which authorities share a boundary (`data/adjacency.csv`, from the Office for National Statistics), and the distance
//! class of a placement under regulation 11: in the responsible authority's area, in an adjoining one, or at a distance.
//! Miles have no part in it: a Herefordshire child in Birmingham is at a distance.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::area::{AreaAuthority, AreaCode, areas, standing};

/// How two areas lie on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Adjacency {
    /// They are one area.
    Same,
    /// They share a boundary.
    Adjoining,
    /// They share none.
    AtADistance,
    /// One of them is not in the tables on that date (Scotland, a split county, a wrong code).
    Unknown,
}

/// The class of a placement that decides who must approve it (regulation 11; rule 1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DistanceClass {
    /// In the responsible authority's own area.
    InArea,
    /// Outside it, in an adjoining authority's: a nominated officer approves, and the area authority is notified.
    Adjoining,
    /// Outside it and in no adjoining authority's, or not known: the director of children's services approves, and the
    /// area authority is consulted.
    AtADistance,
}

impl DistanceClass {
    /// The words for a page.
    pub const fn words(self) -> &'static str {
        match self {
            Self::InArea => "in the area",
            Self::Adjoining => "in an adjoining authority",
            Self::AtADistance => "at a distance",
        }
    }
}

static PAIRS: LazyLock<BTreeSet<(AreaCode, AreaCode)>> =
    LazyLock::new(|| include_str!("../../data/adjacency.csv").lines().filter_map(pair).collect());

fn pair(line: &str) -> Option<(AreaCode, AreaCode)> {
    let (a, b) = line.split_once(',')?;
    Some(ordered(AreaCode::parse(a).ok()?, AreaCode::parse(b).ok()?))
}

fn ordered(a: AreaCode, b: AreaCode) -> (AreaCode, AreaCode) {
    if a <= b { (a, b) } else { (b, a) }
}

/// How two areas lay on a date, by the boundaries of that date.
pub fn adjoins(a: AreaCode, b: AreaCode, on: Date) -> Adjacency {
    let (Some(a), Some(b)) = (standing(a, on), standing(b, on)) else {
        return Adjacency::Unknown;
    };
    if a.code == b.code {
        Adjacency::Same
    } else if PAIRS.contains(&ordered(a.code, b.code)) {
        Adjacency::Adjoining
    } else {
        Adjacency::AtADistance
    }
}

/// The distance class of a placement in an area, by the register's area authority of the home (rule 1.6): unknown counts
/// as at a distance.
pub fn distance_class(responsible: AreaCode, area: AreaCode, on: Date) -> DistanceClass {
    match adjoins(responsible, area, on) {
        Adjacency::Same => DistanceClass::InArea,
        Adjacency::Adjoining => DistanceClass::Adjoining,
        Adjacency::AtADistance | Adjacency::Unknown => DistanceClass::AtADistance,
    }
}

/// The authorities that adjoined an area on a date, by code.
pub fn neighbours(code: AreaCode, on: Date) -> impl Iterator<Item = &'static AreaAuthority> {
    areas().filter(move |other| other.stands_on(on) && adjoins(code, other.code, on) == Adjacency::Adjoining)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::authority::{MEMBERS, by_name, lookup};
    use jiff::civil::date;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    const POLYGONS: &str =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/geo/west_midlands_14_utla.geojson");
    const TODAY: Date = date(2021, 9, 13);

    fn named(name: &str, on: Date) -> AreaCode {
        by_name(name, on).unwrap_or_else(|| panic!("{name} on {on}")).code
    }

    fn between(a: &str, b: &str, on: Date) -> Adjacency {
        adjoins(named(a, on), named(b, on), on)
    }

    #[test]
    fn every_pair_of_the_table_is_read_and_names_two_areas_that_stood_together() {
        let text = include_str!("../../data/adjacency.csv");
        assert_eq!(PAIRS.len(), text.lines().filter(|line| !line.starts_with('#')).count() - 1);
        for (a, b) in PAIRS.iter() {
            let (a, b) = (lookup(*a).unwrap(), lookup(*b).unwrap());
            let start = a.from.max(b.from);
            let end = [a.until, b.until].into_iter().flatten().min();
            assert!(a.code != b.code && start.zip(end).is_none_or(|(start, end)| start < end), "{a:?} {b:?}");
        }
    }

    #[test]
    fn rule_1_6_herefordshire_adjoins_three_english_and_two_welsh_authorities() {
        let hereford = named("Herefordshire", TODAY);
        let names: Vec<_> = neighbours(hereford, TODAY).map(|area| area.name).collect();
        assert_eq!(names, ["Shropshire", "Gloucestershire", "Worcestershire", "Monmouthshire", "Powys"]);
    }

    #[test]
    fn rule_1_5_a_herefordshire_child_in_birmingham_is_at_a_distance_though_in_the_region() {
        let class = |area| distance_class(named("Herefordshire", TODAY), named(area, TODAY), TODAY);
        assert_eq!(class("Herefordshire"), DistanceClass::InArea);
        assert_eq!(class("Powys"), DistanceClass::Adjoining);
        assert_eq!(class("Birmingham"), DistanceClass::AtADistance);
    }

    #[test]
    fn rule_1_6_unknown_counts_as_at_a_distance() {
        let scottish_borders = AreaCode::parse("S12000026").unwrap();
        let northumberland = named("Northumberland", TODAY);
        assert_eq!(adjoins(northumberland, scottish_borders, TODAY), Adjacency::Unknown);
        assert_eq!(distance_class(northumberland, scottish_borders, TODAY), DistanceClass::AtADistance);
        assert_eq!(distance_class(scottish_borders, scottish_borders, TODAY), DistanceClass::AtADistance);
    }

    #[test]
    fn rule_1_6_the_table_equals_the_shared_borders_of_the_14_polygons() {
        let Ok(text) = std::fs::read_to_string(POLYGONS) else {
            eprintln!("SKIPPED: {POLYGONS} is missing; the 14 authorities' borders were not compared");
            return;
        };
        let map: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut edges: BTreeMap<AreaCode, BTreeSet<[(String, String); 2]>> = BTreeMap::new();
        for feature in map["features"].as_array().unwrap() {
            let code = AreaCode::parse(feature["properties"]["code"].as_str().unwrap()).unwrap();
            assert_eq!(feature["geometry"]["type"], "MultiPolygon");
            let rings =
                feature["geometry"]["coordinates"].as_array().unwrap().iter().flat_map(|p| p.as_array().unwrap());
            for ring in rings {
                let points: Vec<_> =
                    ring.as_array().unwrap().iter().map(|p| (p[0].to_string(), p[1].to_string())).collect();
                let sides = points.windows(2).map(|pair| {
                    let mut side = [pair[0].clone(), pair[1].clone()];
                    side.sort();
                    side
                });
                edges.entry(code).or_default().extend(sides);
            }
        }
        assert_eq!(edges.keys().copied().collect::<BTreeSet<_>>(), MEMBERS.iter().map(|m| m.area).collect());
        let mut adjoining = 0;
        for (a, of_a) in &edges {
            for (b, of_b) in edges.iter().filter(|(b, _)| *b != a) {
                let touch = !of_a.is_disjoint(of_b);
                assert_eq!(adjoins(*a, *b, TODAY) == Adjacency::Adjoining, touch, "{a} and {b}");
                adjoining += u32::from(touch);
            }
        }
        assert_eq!(adjoining, 60, "30 borders between the 14, each seen from both sides");
    }

    #[test]
    fn rule_1_8_reorganised_counties_are_answered_by_the_boundaries_of_the_date() {
        use Adjacency::{Adjoining, AtADistance};
        let before = date(2021, 3, 31);
        assert_eq!(between("Warwickshire", "Northamptonshire", before), Adjoining);
        assert_eq!(between("Warwickshire", "West Northamptonshire", TODAY), Adjoining);
        assert_eq!(between("Warwickshire", "North Northamptonshire", TODAY), AtADistance);
        assert_eq!(between("Hampshire", "Bournemouth", date(2019, 3, 31)), AtADistance);
        assert_eq!(between("Hampshire", "Bournemouth, Christchurch & Poole", TODAY), Adjoining);
        assert_eq!(between("Lancashire", "Cumbria", TODAY), Adjoining);
        assert_eq!(between("Lancashire", "Westmorland and Furness", date(2023, 4, 1)), Adjoining);
        assert_eq!(between("Lancashire", "Cumberland", date(2023, 4, 1)), AtADistance);
        assert_eq!(between("North Yorkshire", "Westmorland and Furness", date(2023, 4, 1)), Adjoining);
        assert_eq!(between("Devon", "Somerset", date(2022, 1, 1)), Adjoining);
        assert_eq!(between("Devon", "Somerset", date(2024, 1, 1)), Adjoining);
        assert_eq!(between("Barnsley", "Sheffield", date(2026, 1, 1)), Adjoining);
    }

    #[test]
    fn only_islands_adjoin_no_other_authority() {
        for on in [date(2019, 1, 14), TODAY, date(2026, 1, 1)] {
            let alone: Vec<_> = areas()
                .filter(|area| area.stands_on(on) && neighbours(area.code, on).next().is_none())
                .map(|area| area.name)
                .collect();
            assert_eq!(alone, ["Isle of Wight", "Isles of Scilly", "Isle of Anglesey"], "{on}");
        }
    }

    #[test]
    fn an_authority_enclosed_by_a_county_adjoins_it_alone() {
        for (enclosed, county) in [
            ("Stoke-on-Trent", "Staffordshire"),
            ("Derby", "Derbyshire"),
            ("Leicester", "Leicestershire"),
            ("Nottingham", "Nottinghamshire"),
            ("Blackpool", "Lancashire"),
            ("Torbay", "Devon"),
        ] {
            let names: Vec<_> = neighbours(named(enclosed, TODAY), TODAY).map(|area| area.name).collect();
            assert_eq!(names, [county], "{enclosed}");
        }
    }

    proptest! {
        #[test]
        fn adjoining_is_the_same_from_either_side_on_any_date(
            a in 0_usize..200, b in 0_usize..200, offset in 0_i64..4_000,
        ) {
            let codes: Vec<_> = areas().map(|area| area.code).collect();
            let (a, b) = (codes[a % codes.len()], codes[b % codes.len()]);
            let on = date(2017, 1, 1).saturating_add(jiff::Span::new().days(offset));
            prop_assert_eq!(adjoins(a, b, on), adjoins(b, a, on));
        }
    }
}

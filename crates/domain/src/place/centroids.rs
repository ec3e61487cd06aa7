//! The centres of the West Midlands' postcode sectors and outcodes, from the ONS Postcode Directory of November 2025
//! (Open Government Licence v3.0; `data/sector_centroids.csv`, `data/outcode_centroids.csv`). They place a postcode to a
//! mile or so; the authority of an area is never read from them (rule 1.6: it comes from the register).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{Outcode, Point, Postcode};

/// How closely a place is known, from the closest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// The full postcode's own place, where full postcodes were imported.
    Postcode,
    /// The centre of the postcode's sector ("HR4 0").
    Sector,
    /// The centre of the first half of the postcode ("HR4").
    Outcode,
}

impl Precision {
    /// The words that stand beside a distance.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Postcode => "from the full postcode",
            Self::Sector => "from the centre of the postcode sector",
            Self::Outcode => "from the centre of the first half of the postcode",
        }
    }
}

/// A place and how closely it is known. The precision of a distance is the coarser of its two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Located {
    /// Where it is.
    pub point: Point,
    /// How closely that is known.
    pub precision: Precision,
}

static SECTORS: LazyLock<BTreeMap<&'static str, Point>> =
    LazyLock::new(|| rows(include_str!("../../data/sector_centroids.csv")));
static OUTCODES: LazyLock<BTreeMap<&'static str, Point>> =
    LazyLock::new(|| rows(include_str!("../../data/outcode_centroids.csv")));

/// The best place known here for a postcode: its sector's centre, else its outcode's; `None` outside the West Midlands.
pub fn locate(postcode: &Postcode) -> Option<Located> {
    let sector = SECTORS.get(postcode.sector().as_str());
    sector.map(|&point| Located { point, precision: Precision::Sector }).or_else(|| locate_outcode(postcode.outcode()))
}

/// The place that a directory of full postcodes has for a postcode, else the best known here.
pub fn locate_with(postcode: &Postcode, listed: Option<Point>) -> Option<Located> {
    listed.map(|point| Located { point, precision: Precision::Postcode }).or_else(|| locate(postcode))
}

/// The centre of an outcode; `None` outside the West Midlands.
pub fn locate_outcode(outcode: &Outcode) -> Option<Located> {
    OUTCODES.get(outcode.as_str()).map(|&point| Located { point, precision: Precision::Outcode })
}

/// Reads "name,easting,northing" rows; the header and comment lines hold no numbers and so give no row.
fn rows(text: &'static str) -> BTreeMap<&'static str, Point> {
    text.lines().filter_map(row).collect()
}

fn row(line: &'static str) -> Option<(&'static str, Point)> {
    let (name, place) = line.split_once(',')?;
    let (easting, northing) = place.split_once(',')?;
    Some((name, Point { easting: easting.parse().ok()?, northing: northing.parse().ok()? }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::place::miles_tenths;

    #[test]
    fn every_row_of_both_tables_is_read_and_lies_in_the_west_midlands() {
        assert_eq!((SECTORS.len(), OUTCODES.len()), (891, 258));
        for (name, point) in SECTORS.iter().chain(OUTCODES.iter()) {
            assert!((320_000..460_000).contains(&point.easting), "{name} {point:?}");
            assert!((210_000..370_000).contains(&point.northing), "{name} {point:?}");
        }
    }

    #[test]
    fn every_sector_s_outcode_is_placed_too() {
        for sector in SECTORS.keys() {
            let outcode = sector.split(' ').next().unwrap();
            assert!(OUTCODES.contains_key(outcode), "{sector}");
        }
    }

    #[test]
    fn a_postcode_is_placed_by_its_sector_else_by_its_outcode() {
        let sector = locate(&Postcode::parse("HR4 0AB").unwrap()).unwrap();
        assert_eq!(sector.precision, Precision::Sector);
        let free = (0..10).find(|digit| !SECTORS.contains_key(format!("HR9 {digit}").as_str())).unwrap();
        let outcode = locate(&Postcode::parse(&format!("HR9 {free}AB")).unwrap()).unwrap();
        assert_eq!(outcode.precision, Precision::Outcode);
        assert!(Precision::Sector < Precision::Outcode, "the coarser end of a distance is the larger");
    }

    #[test]
    fn a_postcode_of_a_directory_is_placed_by_it_wherever_it_is() {
        let point = Point { easting: 532_000, northing: 181_500 };
        let listed = locate_with(&Postcode::parse("EC1A 1BB").unwrap(), Some(point)).unwrap();
        assert_eq!((listed.point, listed.precision), (point, Precision::Postcode));
        let not = locate_with(&Postcode::parse("HR4 0AB").unwrap(), None).unwrap();
        assert_eq!(not.precision, Precision::Sector);
    }

    #[test]
    fn a_place_outside_the_west_midlands_is_not_placed() {
        assert_eq!(locate(&Postcode::parse("EC1A 1BB").unwrap()), None);
        assert_eq!(locate_outcode(&Outcode::parse("M1").unwrap()), None);
    }

    #[test]
    fn hereford_to_birmingham_is_about_45_miles() {
        let hereford = locate(&Postcode::parse("HR1 2AA").unwrap()).unwrap();
        let birmingham = locate(&Postcode::parse("B1 1AA").unwrap()).unwrap();
        let miles = miles_tenths(hereford.point, birmingham.point).whole();
        assert!((43..=48).contains(&miles), "{miles}");
    }
}

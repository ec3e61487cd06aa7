//! The statutory distance of the looked-after children return (SSDA903, `PL_DISTANCE`): √(ΔE² + ΔN²) ÷ 1000 ÷ 1.6093
//! miles on Ordnance Survey grid metres, to one decimal place. Whole numbers only, so that it is the same everywhere.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place on the Ordnance Survey National Grid (OSGB36), in metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Point {
    /// Metres east of the grid's origin.
    pub easting: i32,
    /// Metres north of the grid's origin.
    pub northing: i32,
}

/// A straight-line distance in tenths of a mile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MilesTenths(pub u32);

impl MilesTenths {
    /// 999.9 miles: what the return holds when the home postcode is unknown or outside England.
    pub const UNKNOWN: Self = Self(9_999);

    /// Whole miles, half up from the one decimal place.
    pub const fn whole(self) -> u32 {
        self.0.saturating_add(5) / 10
    }

    /// One decimal place, as the return has it: "8.7".
    pub fn one_decimal(self) -> String {
        format!("{}.{}", self.0 / 10, self.0 % 10)
    }
}

impl fmt::Display for MilesTenths {
    /// "9 miles (straight line)".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.whole() {
            0 => f.write_str("under 1 mile (straight line)"),
            1 => f.write_str("1 mile (straight line)"),
            miles => write!(f, "{miles} miles (straight line)"),
        }
    }
}

/// The statutory distance between two places.
///
/// Tenths of a mile are √s ÷ 160.93 for s square metres; the nearest whole number of them is
/// ⌊(200√s + 16093) ÷ 32186⌋. An exact half cannot occur, since 200√s is never an odd whole number.
pub fn miles_tenths(a: Point, b: Point) -> MilesTenths {
    let square = |from: i32, to: i32| {
        let difference = i128::from(to) - i128::from(from);
        difference * difference
    };
    let square_metres = square(a.easting, b.easting) + square(a.northing, b.northing);
    let tenths = ((40_000 * square_metres).isqrt() + 16_093) / 32_186;
    MilesTenths(u32::try_from(tenths).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    #![allow(clippy::float_arithmetic, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    use super::*;
    use proptest::prelude::*;

    fn point(easting: i32, northing: i32) -> Point {
        Point { easting, northing }
    }

    #[test]
    fn a_distance_is_printed_in_whole_miles_and_to_one_decimal_place() {
        let distance = miles_tenths(point(350_000, 240_000), point(364_000, 240_000));
        assert_eq!(distance, MilesTenths(87));
        assert_eq!(
            (distance.to_string().as_str(), distance.one_decimal().as_str()),
            ("9 miles (straight line)", "8.7")
        );
        assert_eq!(MilesTenths(4).to_string(), "under 1 mile (straight line)");
        assert_eq!(MilesTenths(14).to_string(), "1 mile (straight line)");
        assert_eq!(MilesTenths::UNKNOWN.one_decimal(), "999.9");
    }

    #[test]
    fn a_mile_is_1609_3_metres_as_the_return_counts_it() {
        assert_eq!(miles_tenths(point(0, 0), point(16_093, 0)), MilesTenths(100));
        assert_eq!(miles_tenths(point(0, 0), point(16_093 * 3, 16_093 * 4)), MilesTenths(500));
        assert_eq!(miles_tenths(point(0, 0), point(80, 0)), MilesTenths(0));
        assert_eq!(miles_tenths(point(0, 0), point(81, 0)), MilesTenths(1));
    }

    #[test]
    fn the_farthest_points_that_can_be_written_do_not_overflow() {
        let distance = miles_tenths(point(i32::MIN, i32::MIN), point(i32::MAX, i32::MAX));
        assert_eq!(distance, MilesTenths(37_743_124));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn the_distance_equals_the_return_s_own_formula_in_floating_point(
            e1 in 0..700_000, n1 in 0..1_300_000, e2 in 0..700_000, n2 in 0..1_300_000,
        ) {
            let miles = f64::from(e2 - e1).hypot(f64::from(n2 - n1)) / 1000.0 / 1.6093;
            let expected = MilesTenths((miles * 10.0).round() as u32);
            prop_assert_eq!(miles_tenths(point(e1, n1), point(e2, n2)), expected);
            prop_assert_eq!(miles_tenths(point(e2, n2), point(e1, n1)), expected);
        }
    }
}

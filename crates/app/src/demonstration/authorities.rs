//! The 14 authorities as the demonstration has them: their names are real, everything else about them is invented but
//! for Herefordshire's decision. Weights follow the number of children looked after.

use jiff::civil::{Date, date};
use placewell_domain::authority::{AreaCode, MEMBERS, Member, member_by_code};

/// One authority's invented part.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Its three letters.
    pub code: &'static str,
    /// Children's homes in its area.
    pub homes: usize,
    /// Children looked after, by which referrals are shared out.
    pub looked_after: i64,
    /// Referrals in 20 weeks: Birmingham 8 a week, Herefordshire 1.5.
    pub referrals_in_20_weeks: i64,
    /// The ceiling in thousands of pounds a year.
    pub ceiling: i64,
    /// What stands committed in the present contract year, in thousandths of the ceiling.
    pub committed: i64,
    /// When its decision to adopt was published.
    pub published: Date,
    /// Working days of its call-in.
    pub call_in_days: u32,
    /// Outcodes in its area, for homes and families.
    pub outcodes: &'static [&'static str],
}

impl Part {
    /// The authority as the reference table has it.
    pub fn member(&self) -> Option<&'static Member> {
        member_by_code(self.code)
    }

    /// Its area. Every code of [`PARTS`] is a member's; a test says so.
    pub fn area(&self) -> AreaCode {
        self.member().unwrap_or(&MEMBERS[0]).area
    }
}

macro_rules! parts {
    ($($code:literal $homes:literal $children:literal $referrals:literal $ceiling:literal $committed:literal
       $year:literal-$month:literal-$day:literal $days:literal [$($outcode:literal)*];)*) => {
        /// The 14, in the order of their names.
        pub const PARTS: [Part; 14] = [$(Part {
            code: $code, homes: $homes, looked_after: $children, referrals_in_20_weeks: $referrals, ceiling: $ceiling,
            committed: $committed, published: date($year, $month, $day), call_in_days: $days,
            outcodes: &[$($outcode),*],
        }),*];
    };
}

parts! {
    "BIR" 63 2150 160 26000 880 2018-12-4 5 ["B8" "B11" "B13" "B14" "B20" "B23" "B24" "B26" "B29" "B30" "B31" "B32" "B33" "B38" "B42" "B44"];
    "COV" 12 730 38 9000 860 2018-12-5 5 ["CV2" "CV3" "CV4" "CV5" "CV6"];
    "DUD" 12 580 30 7000 840 2018-12-6 5 ["DY1" "DY2" "DY3" "DY5" "DY8" "B63"];
    "HEF" 19 400 30 5500 915 2019-1-14 4 ["HR1" "HR2" "HR4" "HR6" "HR8" "HR9"];
    "SAN" 10 830 43 9500 870 2018-12-3 5 ["B66" "B68" "B70" "B71" "WS10" "DY4"];
    "SHR" 77 700 36 8000 850 2018-12-5 4 ["SY1" "SY2" "SY3" "SY4" "SY5" "SY7" "SY8" "SY10" "SY11" "SY13" "WV16" "TF9"];
    "SOL" 1 530 28 6000 800 2018-12-7 5 ["B37" "B90" "B91" "B92"];
    "STA" 134 1330 69 15000 890 2018-12-5 5 ["ST10" "ST13" "ST14" "ST15" "ST16" "ST17" "ST18" "ST5" "WS7" "WS11" "WS12" "WS13" "WS15" "DE13" "DE14" "B77" "B79"];
    "SOT" 30 1100 57 12000 900 2018-12-6 5 ["ST1" "ST2" "ST3" "ST4" "ST6"];
    "TEL" 22 430 22 5000 0 2021-9-7 4 ["TF1" "TF2" "TF3" "TF4" "TF7" "TF10"];
    "WAL" 15 680 35 8000 990 2018-12-4 5 ["WS1" "WS2" "WS3" "WS4" "WS8" "WS9"];
    "WAR" 9 800 41 9500 830 2018-12-6 5 ["CV10" "CV11" "CV21" "CV31" "CV34" "CV37"];
    "WOL" 23 520 27 6500 870 2018-12-5 5 ["WV1" "WV3" "WV4" "WV6" "WV10" "WV11"];
    "WOR" 23 1000 52 11000 860 2018-12-6 5 ["WR2" "WR4" "WR9" "WR14" "DY10" "DY11" "B60" "B98"];
}

/// The place of an authority in [`PARTS`].
pub fn place(code: &str) -> usize {
    PARTS.iter().position(|part| part.code == code).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_10_2_homes_by_area_are_as_the_register_has_them() {
        assert_eq!(PARTS.iter().map(|part| part.homes).sum::<usize>(), 450);
        let homes = |code| PARTS[place(code)].homes;
        let stated = [("STA", 134), ("SHR", 77), ("BIR", 63), ("HEF", 19), ("COV", 12), ("SOL", 1)];
        assert!(stated.iter().all(|(code, count)| homes(code) == *count));
    }

    #[test]
    fn rule_10_4_the_ceilings_are_the_stated_ones() {
        let millions: Vec<i64> = PARTS.iter().map(|part| part.ceiling / 100).collect();
        assert_eq!(millions, [260, 90, 70, 55, 95, 80, 60, 150, 120, 50, 80, 95, 65, 110]);
    }

    #[test]
    fn rule_10_2_4800_referrals_in_33_months() {
        let in_20_weeks: i64 = PARTS.iter().map(|part| part.referrals_in_20_weeks).sum();
        assert!((4_750..=4_850).contains(&(in_20_weeks * 1_004 / 140)), "{}", in_20_weeks * 1_004 / 140);
    }

    #[test]
    fn every_part_is_a_member() {
        assert!(PARTS.iter().all(|part| part.member().is_some_and(|member| member.code == part.code)));
    }

    #[test]
    fn every_outcode_is_a_known_place() {
        for outcode in PARTS.iter().flat_map(|part| part.outcodes) {
            let outcode = placewell_domain::place::Outcode::parse(outcode).unwrap();
            assert!(placewell_domain::place::locate_outcode(&outcode).is_some(), "{outcode}");
        }
    }
}

//! The 14 West Midlands authorities of the arrangement (contract notice 016841-2025 and the region's upper-tier
//! authorities), with the codes by which the law's returns and the register name them, and the trusts that place for
//! two of them. Codes: Office for National Statistics, Department for Education and mySociety (OGL v3.0, CC BY 4.0).

use jiff::civil::{Date, date};

use super::area::AreaCode;

/// A children's trust that places children on its council's behalf. The council stays the responsible authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacingTrust {
    /// Its name.
    pub name: &'static str,
    /// The first day on which it ran the council's children's services.
    pub from: Date,
}

/// One of the 14 authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Three letters that begin this authority's references: HEF in HEF-R-0042.
    pub code: &'static str,
    /// Its short name.
    pub name: &'static str,
    /// Its council's full name.
    pub council: &'static str,
    /// Its area's code.
    pub area: AreaCode,
    /// The Department for Education's three-digit number for it.
    pub dfe_number: u16,
    /// Its three letters in the government's register of English local authorities.
    pub register_code: &'static str,
    /// The trust that places for it, where one does.
    pub placing_trust: Option<PlacingTrust>,
}

impl Member {
    /// The body that places its children on a date: the trust's name once it runs the service, else the council's.
    pub fn placing_body(&self, on: Date) -> &'static str {
        self.placing_trust.filter(|trust| trust.from <= on).map_or(self.council, |trust| trust.name)
    }
}

const fn council(
    code: &'static str,
    name: &'static str,
    council: &'static str,
    area: u32,
    dfe_number: u16,
    register_code: &'static str,
) -> Member {
    Member { code, name, council, area: AreaCode::known('E', area), dfe_number, register_code, placing_trust: None }
}

const fn with_trust(member: Member, name: &'static str, from: Date) -> Member {
    Member { placing_trust: Some(PlacingTrust { name, from }), ..member }
}

/// The 14, by name.
pub const MEMBERS: [Member; 14] = [
    with_trust(
        council("BIR", "Birmingham", "Birmingham City Council", 8_000_025, 330, "BIR"),
        "Birmingham Children’s Trust",
        date(2018, 4, 1),
    ),
    council("COV", "Coventry", "Coventry City Council", 8_000_026, 331, "COV"),
    council("DUD", "Dudley", "Dudley Metropolitan Borough Council", 8_000_027, 332, "DUD"),
    council("HEF", "Herefordshire", "Herefordshire Council", 6_000_019, 884, "HEF"),
    with_trust(
        council("SAN", "Sandwell", "Sandwell Metropolitan Borough Council", 8_000_028, 333, "SAW"),
        "Sandwell Children’s Trust",
        date(2018, 4, 1),
    ),
    council("SHR", "Shropshire", "Shropshire Council", 6_000_051, 893, "SHR"),
    council("SOL", "Solihull", "Solihull Metropolitan Borough Council", 8_000_029, 334, "SOL"),
    council("STA", "Staffordshire", "Staffordshire County Council", 10_000_028, 860, "STS"),
    council("SOT", "Stoke-on-Trent", "Stoke-on-Trent City Council", 6_000_021, 861, "STE"),
    council("TEL", "Telford and Wrekin", "Telford & Wrekin Council", 6_000_020, 894, "TFW"),
    council("WAL", "Walsall", "Walsall Metropolitan Borough Council", 8_000_030, 335, "WLL"),
    council("WAR", "Warwickshire", "Warwickshire County Council", 10_000_031, 937, "WAR"),
    council("WOL", "Wolverhampton", "City of Wolverhampton Council", 8_000_031, 336, "WLV"),
    council("WOR", "Worcestershire", "Worcestershire County Council", 10_000_034, 885, "WOR"),
];

/// The member of an area.
pub fn member(area: AreaCode) -> Option<&'static Member> {
    MEMBERS.iter().find(|member| member.area == area)
}

/// The member of three letters that begin its references, in any case.
pub fn member_by_code(code: &str) -> Option<&'static Member> {
    MEMBERS.iter().find(|member| member.code.eq_ignore_ascii_case(code))
}

/// The member of three letters in the government's register, in any case.
pub fn member_by_register_code(code: &str) -> Option<&'static Member> {
    MEMBERS.iter().find(|member| member.register_code.eq_ignore_ascii_case(code))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::authority::{by_name, lookup};
    use std::collections::BTreeSet;

    const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/la/west_midlands_14.csv");

    #[test]
    fn the_14_equal_the_published_list() {
        let Ok(text) = std::fs::read_to_string(LIST) else {
            eprintln!("SKIPPED: {LIST} is missing; the 14 authorities were not compared");
            return;
        };
        let listed: Vec<String> = text
            .lines()
            .skip(1)
            .map(|line| {
                let fields: Vec<&str> = line.split(',').collect();
                [fields[0], fields[1], fields[2], fields[3], fields[7]].join(",")
            })
            .collect();
        let ours: Vec<String> = MEMBERS
            .iter()
            .map(|m| format!("{},{},{},{},{}", m.name, m.area, m.dfe_number, m.register_code, m.council))
            .collect();
        assert_eq!(ours, listed);
    }

    #[test]
    fn each_member_has_its_own_codes_and_stands_in_the_table_of_areas() {
        let on = date(2021, 9, 13);
        assert_eq!(MEMBERS.iter().map(|m| m.code).collect::<BTreeSet<_>>().len(), 14);
        for m in &MEMBERS {
            assert!(lookup(m.area).is_some_and(|area| area.stands_on(on)), "{}", m.name);
            for name in [m.name, m.council] {
                assert_eq!(by_name(name, on).map(|area| area.code), Some(m.area), "{name}");
            }
            assert_eq!(member(m.area), Some(m));
            assert_eq!(member_by_code(&m.code.to_lowercase()), Some(m));
            assert_eq!(member_by_register_code(m.register_code), Some(m));
        }
    }

    #[test]
    fn two_trusts_place_for_their_councils_from_april_2018() {
        let body = |code, on| member_by_code(code).unwrap().placing_body(on);
        assert_eq!(body("BIR", date(2018, 3, 31)), "Birmingham City Council");
        assert_eq!(body("BIR", date(2018, 4, 1)), "Birmingham Children’s Trust");
        assert_eq!(body("SAN", date(2021, 9, 13)), "Sandwell Children’s Trust");
        assert_eq!(body("HEF", date(2021, 9, 13)), "Herefordshire Council");
    }
}

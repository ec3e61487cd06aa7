//! Finds an authority by its name as people, the register and other returns write it: any case, "City of", "County
//! Council", "&" for "and", with or without hyphens and full stops.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use super::area::{AreaAuthority, areas};

/// What may stand before a name without being part of it.
const BEFORE: [&str; 8] = [
    "the ",
    "city and county of ",
    "city of ",
    "county of ",
    "county ",
    "royal borough of ",
    "london borough of ",
    "metropolitan borough of ",
];

/// What may stand after a name without being part of it.
const AFTER: [&str; 13] = [
    " metropolitan borough council",
    " metropolitan district council",
    " county borough council",
    " county council",
    " city council",
    " borough council",
    " city corporation",
    " corporation",
    " council",
    " mbc",
    " city of",
    " county of",
    " city",
];

/// Other names in use, already without the parts above, and the name of the tables that each stands for.
const ALSO_CALLED: [(&str, &str); 5] = [
    ("hull", "kingston upon hull"),
    ("anglesey", "isle of anglesey"),
    ("rhondda cynon taff", "rhondda cynon taf"),
    ("scilly", "isles of scilly"),
    ("windsor and maidenhead royal borough of", "windsor and maidenhead"),
];

static BY_NAME: LazyLock<BTreeMap<String, Vec<&'static AreaAuthority>>> = LazyLock::new(|| {
    let mut names = BTreeMap::<_, Vec<_>>::new();
    for area in areas() {
        names.entry(bare(area.name)).or_default().push(area);
    }
    names
});

/// The authority of this name that stood on this date; `None` where none did ("Northamptonshire" after March 2021).
pub fn by_name(name: &str, on: Date) -> Option<&'static AreaAuthority> {
    let bare = bare(name);
    let known = ALSO_CALLED.iter().find(|(other, _)| *other == bare).map_or(bare.as_str(), |(_, name)| name);
    BY_NAME.get(known)?.iter().copied().find(|area| area.stands_on(on))
}

/// A name in lower case with only its distinctive words: "Bristol, City of" and "Bristol City Council" are "bristol".
fn bare(name: &str) -> String {
    let spelt = name.to_lowercase().replace('&', " and ").replace(['.', '\'', '’'], "");
    let spaced: String = spelt.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = words.as_str();
    while let Some(shorter) = AFTER.iter().find_map(|after| rest.strip_suffix(after)) {
        rest = shorter;
    }
    while let Some(shorter) = BEFORE.iter().find_map(|before| rest.strip_prefix(before)) {
        rest = shorter;
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2021, 9, 13);

    fn code(name: &str, on: Date) -> Option<String> {
        by_name(name, on).map(|area| area.code.to_string())
    }

    #[test]
    fn a_name_is_found_however_it_is_written() {
        for (written, expected) in [
            ("Herefordshire", "E06000019"),
            ("HEREFORDSHIRE COUNCIL", "E06000019"),
            ("County of Herefordshire", "E06000019"),
            ("City of Wolverhampton Council", "E08000031"),
            ("Telford & Wrekin Council", "E06000020"),
            ("Stoke on Trent City Council", "E06000021"),
            ("Dudley Metropolitan Borough Council", "E08000027"),
            ("Staffordshire County Council", "E10000028"),
            ("Bristol", "E06000023"),
            ("Kingston upon Hull", "E06000010"),
            ("Hull City Council", "E06000010"),
            ("Durham", "E06000047"),
            ("St Helens", "E08000013"),
            ("Southend on Sea", "E06000033"),
            ("City of London", "E09000001"),
            ("Westminster City Council", "E09000033"),
            ("Royal Borough of Windsor & Maidenhead", "E06000040"),
            ("Bournemouth, Christchurch & Poole", "E06000058"),
            ("Powys County Council", "W06000023"),
        ] {
            assert_eq!(code(written, TODAY).as_deref(), Some(expected), "{written}");
        }
    }

    #[test]
    fn a_name_that_is_no_authority_s_is_not_guessed() {
        for written in ["", "Council", "City of", "West Midlands", "Hereford", "Borsetshire", "Glasgow"] {
            assert_eq!(code(written, TODAY), None, "{written}");
        }
    }

    #[test]
    fn rule_1_8_a_name_means_the_authority_of_the_date() {
        assert_eq!(code("Dorset", date(2019, 3, 31)).as_deref(), Some("E10000009"));
        assert_eq!(code("Dorset", date(2019, 4, 1)).as_deref(), Some("E06000059"));
        assert_eq!(code("Northamptonshire", date(2021, 3, 31)).as_deref(), Some("E10000021"));
        assert_eq!(code("Northamptonshire", date(2021, 4, 1)), None);
    }

    #[test]
    fn no_two_authorities_of_one_day_share_a_name() {
        for on in [date(2019, 1, 14), date(2019, 4, 1), date(2020, 4, 1), TODAY, date(2023, 4, 1), date(2025, 4, 1)] {
            for (name, sharing) in BY_NAME.iter() {
                assert!(sharing.iter().filter(|area| area.stands_on(on)).count() <= 1, "{name} on {on}");
            }
        }
    }

    #[test]
    fn every_local_authority_of_the_register_s_lists_is_found() {
        for (file, on) in [("2019", date(2019, 3, 31)), ("2021", date(2021, 3, 31)), ("2024", date(2024, 3, 31))] {
            let path =
                format!("{}/../../../shared/data/ofsted/provider_at_march_{file}.csv", env!("CARGO_MANIFEST_DIR"));
            let Ok(bytes) = std::fs::read(&path) else {
                eprintln!("SKIPPED: {path} is missing; its names were not looked up");
                continue;
            };
            let text = String::from_utf8_lossy(&bytes);
            let mut column = None;
            let mut found = std::collections::BTreeSet::new();
            for line in text.lines() {
                let fields = fields(line);
                let Some(column) = column else {
                    column = fields.iter().position(|field| field.trim() == "Local authority");
                    continue;
                };
                let Some(name) = fields.get(column).filter(|name| !name.is_empty()) else { continue };
                found.insert(by_name(name, on).unwrap_or_else(|| panic!("{name} in {path}")).code);
            }
            assert!(found.len() >= 145, "{path} should name nearly every authority: {}", found.len());
        }
    }

    /// Splits one line of CSV at the commas outside quotation marks.
    fn fields(line: &str) -> Vec<String> {
        let mut quoted = false;
        let mut fields = vec![String::new()];
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(String::new()),
                _ => fields.last_mut().unwrap().push(c),
            }
        }
        fields
    }
}

//! The upper-tier authorities of England and Wales with the days on which they stood (`data/authorities.csv`): counties
//! became unitary in 2019, 2020, 2021 and 2023, and a question about a date is answered as of that date (rule 1.8).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An area's nine-character code of the Government Statistical Service, for example "E06000019".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AreaCode {
    country: char,
    digits: u32,
}

/// What was given is no area code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaCodeError {
    found: String,
}

impl AreaCode {
    /// Reads a code: E, W, S or N and eight digits. Whether the area exists is for [`lookup`].
    pub fn parse(text: &str) -> Result<Self, AreaCodeError> {
        let trimmed = text.trim();
        let error = || AreaCodeError { found: trimmed.to_owned() };
        let mut chars = trimmed.chars();
        let country = chars.next().map(|c| c.to_ascii_uppercase()).filter(|c| "EWSN".contains(*c)).ok_or_else(error)?;
        let digits = chars.as_str();
        if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(error());
        }
        digits.parse().map(|digits| Self { country, digits }).map_err(|_| error())
    }

    /// A code written in this crate's own tables.
    pub(super) const fn known(country: char, digits: u32) -> Self {
        Self { country, digits }
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:08}", self.country, self.digits)
    }
}

impl fmt::Display for AreaCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‘{}’ is not an area code: enter a letter and eight digits such as E06000019", self.found)
    }
}

impl std::error::Error for AreaCodeError {}

impl TryFrom<String> for AreaCode {
    type Error = AreaCodeError;
    fn try_from(text: String) -> Result<Self, AreaCodeError> {
        Self::parse(&text)
    }
}

impl From<AreaCode> for String {
    fn from(code: AreaCode) -> Self {
        code.to_string()
    }
}

/// One upper-tier authority of England or Wales.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaAuthority {
    /// Its area's code.
    pub code: AreaCode,
    /// Its name as the Office for National Statistics writes it, for example "Herefordshire, County of".
    pub name: &'static str,
    /// The first day it stood; `None` for one that stood before 1 April 2019.
    pub from: Option<Date>,
    /// The first day it no longer stood; `None` for one that stands.
    pub until: Option<Date>,
    /// The code that took over exactly the same area, where one did: a county made unitary, or a code re-issued.
    pub becomes: Option<AreaCode>,
}

impl AreaAuthority {
    /// Whether it stood on this date.
    pub fn stands_on(&self, on: Date) -> bool {
        self.from.is_none_or(|from| from <= on) && self.until.is_none_or(|until| on < until)
    }
}

static AREAS: LazyLock<BTreeMap<AreaCode, AreaAuthority>> = LazyLock::new(|| {
    include_str!("../../data/authorities.csv").lines().filter_map(row).map(|area| (area.code, area)).collect()
});

/// Reads "code,from,until,becomes,name"; the header and comment lines begin with no area code and so give no row.
fn row(line: &'static str) -> Option<AreaAuthority> {
    let mut fields = line.splitn(5, ',');
    let code = AreaCode::parse(fields.next()?).ok()?;
    let date = |field: &str| if field.is_empty() { Some(None) } else { field.parse().ok().map(Some) };
    let from = date(fields.next()?)?;
    let until = date(fields.next()?)?;
    let becomes = AreaCode::parse(fields.next()?).ok();
    Some(AreaAuthority { code, name: fields.next()?.trim_matches('"'), from, until, becomes })
}

/// The authority of a code, whether or not it still stands; `None` for a code outside the tables (Scotland, Northern
/// Ireland, districts).
pub fn lookup(code: AreaCode) -> Option<&'static AreaAuthority> {
    AREAS.get(&code)
}

/// Every authority of the tables, past and present, by code.
pub fn areas() -> impl Iterator<Item = &'static AreaAuthority> {
    AREAS.values()
}

/// The authority that stood on a date for the area of a code: its own, or the one before or after it that had exactly
/// the same area. `None` where the area was split, merged or is not known.
pub fn standing(code: AreaCode, on: Date) -> Option<&'static AreaAuthority> {
    let area = lookup(code)?;
    if area.stands_on(on) {
        return Some(area);
    }
    let same_area = area.becomes.and_then(lookup).or_else(|| areas().find(|earlier| earlier.becomes == Some(code)));
    same_area.filter(|other| other.stands_on(on))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use jiff::civil::date;

    fn code(text: &str) -> AreaCode {
        AreaCode::parse(text).unwrap()
    }

    #[test]
    fn every_row_of_the_table_is_read() {
        let rows = include_str!("../../data/authorities.csv").lines().filter(|line| !line.starts_with('#')).count() - 1;
        assert_eq!(areas().count(), rows);
    }

    #[test]
    fn a_code_reads_back_and_a_bad_one_is_refused_with_what_was_found() {
        assert_eq!(code(" e06000019 ").to_string(), "E06000019");
        for bad in ["", "E0600001", "E060000199", "X06000019", "E06 00019", "É6000019", "E+6000019"] {
            assert!(AreaCode::parse(bad).is_err(), "{bad}");
        }
        let message = AreaCode::parse("884").unwrap_err().to_string();
        assert_eq!(message, "‘884’ is not an area code: enter a letter and eight digits such as E06000019");
    }

    #[test]
    fn england_has_its_number_of_upper_tier_authorities_on_each_date_and_wales_22() {
        let standing_on = |on, country| areas().filter(|a| a.stands_on(on) && a.code.country == country).count();
        for (on, england) in [
            (date(2019, 3, 31), 152),
            (date(2019, 4, 1), 151),
            (date(2021, 3, 31), 151),
            (date(2021, 9, 13), 152),
            (date(2023, 4, 1), 153),
            (date(2025, 4, 1), 153),
        ] {
            assert_eq!((standing_on(on, 'E'), standing_on(on, 'W')), (england, 22), "{on}");
        }
    }

    #[test]
    fn rule_1_8_a_county_that_became_unitary_with_the_same_area_answers_under_either_code() {
        let (county, unitary) = (code("E10000027"), code("E06000066"));
        assert_eq!(standing(county, date(2021, 9, 13)).unwrap().code, county);
        assert_eq!(standing(unitary, date(2021, 9, 13)).unwrap().code, county);
        assert_eq!(standing(county, date(2023, 4, 1)).unwrap().code, unitary);
    }

    #[test]
    fn rule_1_8_a_county_that_was_split_answers_only_while_it_stood() {
        let northamptonshire = code("E10000021");
        assert!(standing(northamptonshire, date(2021, 3, 31)).is_some());
        assert_eq!(standing(northamptonshire, date(2021, 4, 1)), None);
        assert_eq!(standing(code("E06000062"), date(2021, 3, 31)), None);
    }

    #[test]
    fn every_successor_is_in_the_table_and_starts_on_the_day_its_predecessor_ends() {
        for area in areas() {
            if let Some(successor) = area.becomes {
                assert_eq!(lookup(successor).unwrap().from, area.until, "{}", area.name);
            }
        }
    }
}

//! Full UK postcodes and outcodes, read as people type them and kept in one form ("HR4 0AB"). The outcode's pattern is
//! the Placements Data Standard's: ^[A-Z]{1,2}[0-9][0-9A-Z]?$.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A full UK postcode in its usual form, for example "HR4 0AB". Whether it exists is not known here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Postcode {
    outcode: Outcode,
    inward: String,
}

/// The first half of a postcode, for example "HR4": all of an address that an anonymous profile shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Outcode(String);

/// An outcode and the next digit, for example "HR4 0".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sector(String);

/// What was typed is no postcode, or no outcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostcodeError {
    found: String,
    wanted: &'static str,
}

impl Postcode {
    /// Reads a postcode in any case and spacing.
    pub fn parse(text: &str) -> Result<Self, PostcodeError> {
        let wanted = "a full UK postcode such as HR4 0AB";
        let error = || PostcodeError { found: text.trim().to_owned(), wanted };
        let compact = compacted(text);
        let split = compact.len().checked_sub(3).ok_or_else(error)?;
        let (outward, inward) = compact.split_at_checked(split).ok_or_else(error)?;
        if !is_outcode(outward) || !is_inward(inward) {
            return Err(error());
        }
        Ok(Self { outcode: Outcode(outward.to_owned()), inward: inward.to_owned() })
    }

    /// Its first half.
    pub const fn outcode(&self) -> &Outcode {
        &self.outcode
    }

    /// Its sector: the outcode and the next digit.
    pub fn sector(&self) -> Sector {
        Sector(format!("{} {}", self.outcode, self.inward.chars().next().unwrap_or('0')))
    }
}

impl Outcode {
    /// Reads an outcode in any case.
    pub fn parse(text: &str) -> Result<Self, PostcodeError> {
        let compact = compacted(text);
        if is_outcode(&compact) {
            Ok(Self(compact))
        } else {
            Err(PostcodeError { found: text.trim().to_owned(), wanted: "the first half of a postcode, such as HR4" })
        }
    }

    /// Its usual form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Sector {
    /// Its usual form, for example "HR4 0".
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn compacted(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

/// ^[A-Z]{1,2}[0-9][0-9A-Z]?$
fn is_outcode(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = text.len() - rest.len();
    let mut after = rest.chars();
    (1..=2).contains(&letters)
        && after.next().is_some_and(|c| c.is_ascii_digit())
        && after.next().is_none_or(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
        && after.next().is_none()
}

/// A digit and two letters, none of the six that Royal Mail leaves out of the inward code.
fn is_inward(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_digit())
        && text.len() == 3
        && chars.all(|c| c.is_ascii_uppercase() && !"CIKMOV".contains(c))
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.outcode, self.inward)
    }
}

impl fmt::Display for Outcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Sector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PostcodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‘{}’ is not a postcode: enter {}", self.found, self.wanted)
    }
}

impl std::error::Error for PostcodeError {}

impl TryFrom<String> for Postcode {
    type Error = PostcodeError;
    fn try_from(text: String) -> Result<Self, PostcodeError> {
        Self::parse(&text)
    }
}

impl TryFrom<String> for Outcode {
    type Error = PostcodeError;
    fn try_from(text: String) -> Result<Self, PostcodeError> {
        Self::parse(&text)
    }
}

impl From<Postcode> for String {
    fn from(postcode: Postcode) -> Self {
        postcode.to_string()
    }
}

impl From<Outcode> for String {
    fn from(outcode: Outcode) -> Self {
        outcode.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_postcode_is_read_in_any_case_and_spacing_and_kept_in_one_form() {
        for typed in ["HR4 0AB", "hr40ab", " Hr4  0aB ", "h r 4 0 a b"] {
            let postcode = Postcode::parse(typed).unwrap();
            assert_eq!(postcode.to_string(), "HR4 0AB");
            assert_eq!((postcode.outcode().as_str(), postcode.sector().as_str()), ("HR4", "HR4 0"));
        }
    }

    #[test]
    fn every_shape_of_postcode_is_read() {
        for typed in ["B1 1AA", "B23 6BB", "CV1 2AB", "ST16 3AE", "W1A 1AA", "EC1A 1BB"] {
            assert_eq!(Postcode::parse(typed).unwrap().to_string(), typed);
        }
    }

    #[test]
    fn what_is_no_postcode_is_refused_with_what_was_found_and_what_to_enter() {
        for typed in
            ["", "HR4", "HR4 0A", "HR4 AB0", "HR4 0AC", "1R4 0AB", "HRX4 0AB", "HR423 0AB", "HR4 0ÄB", "日本国"]
        {
            assert!(Postcode::parse(typed).is_err(), "{typed}");
        }
        let message = Postcode::parse(" hr4 ").unwrap_err().to_string();
        assert_eq!(message, "‘hr4’ is not a postcode: enter a full UK postcode such as HR4 0AB");
    }

    #[test]
    fn an_outcode_follows_the_placements_data_standard_s_pattern() {
        for good in ["B1", "b23", "HR4", "ST16", "W1A", "EC1A"] {
            assert!(Outcode::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "B", "4", "HRX4", "HR4AB", "HR4 0AB", "B-1"] {
            assert!(Outcode::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_postcode_travels_as_text_and_a_bad_one_is_refused_on_the_way_in() {
        let postcode: Postcode = serde_json::from_str("\"hr40ab\"").unwrap();
        assert_eq!(serde_json::to_string(&postcode).unwrap(), "\"HR4 0AB\"");
        assert!(serde_json::from_str::<Postcode>("\"nowhere\"").is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_fail_and_its_own_form_reads_back(text in any::<String>()) {
            if let Ok(postcode) = Postcode::parse(&text) {
                prop_assert_eq!(Postcode::parse(&postcode.to_string()).unwrap(), postcode);
            }
        }

        #[test]
        fn every_well_formed_postcode_reads_back(text in "[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}") {
            prop_assert_eq!(Postcode::parse(&text).unwrap().to_string(), text);
        }
    }
}

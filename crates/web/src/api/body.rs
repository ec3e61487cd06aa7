//! From bytes to a typed body: where the JSON breaks is told by line and column, what is wrong with a field by its path.
//!
//! Some values fit no field anywhere: the character zero, a date no business has, a number beyond every amount.

use jiff::civil::Date;
use placewell_domain::outcome::Invalid;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::problem::Problem;

/// The longest text of one field, in characters.
const LONGEST_TEXT: usize = 10_000;
/// Beyond every amount, count and version of this product.
const LARGEST_NUMBER: i64 = 1_000_000_000_000;

/// Reads a share in percent. What is none is told in the words of a form, not in those of a program.
pub fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    up_to(100, "a whole number of percent", deserializer)
}

/// Reads days or months, of which a byte holds enough; what is no such number is told as a share is.
pub fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    up_to(u8::MAX, "a whole number", deserializer)
}

fn up_to<'de, D: Deserializer<'de>>(most: u8, what: &str, deserializer: D) -> Result<u8, D::Error> {
    let sent = Value::deserialize(deserializer)?;
    let read = sent.as_u64().and_then(|number| u8::try_from(number).ok()).filter(|number| *number <= most);
    read.ok_or_else(|| D::Error::custom(format!("found {sent}, send {what}, from 0 to {most}")))
}

/// Reads a body.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    let mut invalid = Invalid::default();
    check(&value, "", &mut invalid);
    invalid.or(())?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (path, words) = (error.path().to_string(), error.inner().to_string());
        let words = words.split(" at line ").next().unwrap_or_default();
        let path = if path == "." { "body" } else { &path };
        Problem::field(path, format!("Correct {path}: {words}"))
    })
}

fn malformed(error: &serde_json::Error) -> Problem {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    Problem::malformed(format!("The body is not JSON: {words}, at line {}, column {}.", error.line(), error.column()))
}

fn check(value: &Value, path: &str, invalid: &mut Invalid) {
    match value {
        Value::String(text) => check_text(text, path, invalid),
        Value::Number(number) => {
            let fits = match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => (-LARGEST_NUMBER..=LARGEST_NUMBER).contains(&whole),
                (None, Some(part)) => part.abs() <= 1e12,
                (None, None) => false,
            };
            if !fits {
                invalid.add(path, format!("Send a smaller number than {number}"));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check(item, &format!("{path}[{index}]"), invalid);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                check(member, &below, invalid);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

fn check_text(text: &str, path: &str, invalid: &mut Invalid) {
    let count = text.chars().count();
    if count > LONGEST_TEXT {
        invalid.add(path, format!("Shorten this to {LONGEST_TEXT} characters; it has {count}"));
    }
    if text.contains('\0') {
        invalid.add(path, "Remove the character that cannot be stored");
    }
    if text.parse::<Date>().is_ok_and(|date| !(1900..2200).contains(&date.year())) {
        invalid.add(path, format!("Send a date between 1900 and 2199; found {text}"));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)] // only whether it can be read matters
    struct Sample {
        on: Date,
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)] // only whether it can be read matters
    struct Line {
        weekly_pence: i64,
    }

    fn problem(text: &str) -> (u16, String, String) {
        let problem = read::<Sample>(text.as_bytes()).unwrap_err();
        let field = problem.errors.first().map(|error| error.field.clone()).unwrap_or_default();
        (problem.status.as_u16(), field, problem.detail)
    }

    #[test]
    fn json_that_breaks_is_told_by_line_and_column() {
        let (status, _, detail) = problem("{\n  \"on\": \"2021-09-13\",\n}");
        assert_eq!((status, detail.as_str()), (400, "The body is not JSON: trailing comma, at line 3, column 1."));
    }

    #[test]
    fn a_wrong_field_is_named_by_its_path_with_what_was_found() {
        let (status, field, detail) = problem(r#"{"on":"2021-09-13","lines":[{"weekly_pence":"12"}]}"#);
        assert_eq!((status, field.as_str()), (422, "lines[0].weekly_pence"));
        assert!(detail.contains("string \"12\""), "{detail}");
        assert_eq!(problem(r#"{"on":"2021-09-13","lines":[],"extra":1}"#).0, 422);
        assert_eq!(problem(r#"{"on":"2021-02-30","lines":[]}"#).1, "on");
        assert_eq!(problem("[]").0, 422);
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)] // only whether it can be read matters
    struct Weighed {
        #[serde(deserialize_with = "percent")]
        weight: u8,
        #[serde(deserialize_with = "count")]
        months: u8,
    }

    #[test]
    fn what_is_no_share_or_count_is_named_with_what_was_found_and_what_to_send() {
        let sent = |weight: &str, months: &str| {
            let text = format!("{{\"weight\":{weight},\"months\":{months}}}");
            read::<Weighed>(text.as_bytes()).map_err(|problem| problem.detail)
        };
        assert!(sent("0", "255").is_ok() && sent("100", "0").is_ok());
        for wrong in ["300", "101", "-40", "12.5", "\"60\"", "null", "[60]", "true"] {
            let detail = sent(wrong, "1").unwrap_err();
            let says = format!("Correct weight: found {wrong}, send a whole number of percent, from 0 to 100");
            assert!(detail.contains(&says), "{detail}");
        }
        let detail = sent("60", "256").unwrap_err();
        assert!(detail.contains("Correct months: found 256, send a whole number, from 0 to 255"), "{detail}");
    }

    #[test]
    fn what_fits_no_field_is_refused_wherever_it_stands() {
        for (text, field) in [
            (r#"{"on":"0001-01-01","lines":[]}"#, "on"),
            (r#"{"on":"2021-09-13","lines":[{"weekly_pence":9000000000000000000}]}"#, "lines[0].weekly_pence"),
            (r#"{"on":"2021-09-13","lines":[{"weekly_pence":-9223372036854775808}]}"#, "lines[0].weekly_pence"),
            (r#"{"on":"2021-09-13","lines":[],"note":"a\u0000b"}"#, "note"),
        ] {
            let (status, found, _) = problem(text);
            assert_eq!((status, found.as_str()), (422, field), "{text}");
        }
        let deep = "[".repeat(5000);
        assert_eq!(problem(&deep).0, 400);
    }
}

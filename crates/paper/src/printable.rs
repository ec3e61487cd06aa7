//! What people typed, made ready for print: every letter that a face can draw stays, the rest is spelt by its code.
//!
//! Nothing is dropped unseen: a letter without a face, a control character or a mark that reverses the reading
//! direction (which could make a contract look different from its record) is printed as `[U+202E]`.

use std::fmt::Write;

use serde_json::Value;

/// The same data with every text made printable. Keys are the program's own and stay as they are.
pub(crate) fn printable(data: &Value, drawn: impl Fn(char) -> bool + Copy) -> Value {
    match data {
        Value::String(typed) => Value::String(text(typed, drawn)),
        Value::Array(items) => items.iter().map(|item| printable(item, drawn)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| (key.clone(), printable(value, drawn)));
            Value::Object(fields.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => data.clone(),
    }
}

fn text(typed: &str, drawn: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(typed.len());
    let mut letters = typed.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            // Chooses between the coloured and the plain form of a sign; print has only one.
            '\u{FE0E}' | '\u{FE0F}' => {}
            _ if letter.is_whitespace() && !drawn(letter) => out.push(' '),
            _ if joins(letter) || (drawn(letter) && !letter.is_control() && !reverses(letter) && !private(letter)) => {
                out.push(letter);
            }
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(out, "[U+{:04X}]", u32::from(letter));
            }
        }
    }
    out
}

/// Joiners, soft hyphens and direction marks: they have no shape of their own, and some scripts need them.
fn joins(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}')
}

/// Embeddings, overrides and isolates of the Unicode bidirectional algorithm (UAX 9).
fn reverses(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Private use and the object and replacement signs: drawn by some face, but meaning nothing to a reader.
fn private(letter: char) -> bool {
    matches!(letter, '\u{E000}'..='\u{F8FF}' | '\u{FFF9}'..='\u{FFFC}' | '\u{F0000}'..)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn any(typed: &str) -> String {
        text(typed, |letter| letter.is_alphanumeric() || letter.is_ascii())
    }

    #[test]
    fn letters_that_a_face_draws_stay_as_they_are() {
        assert_eq!(any("Siân Łukasz محمد *b* #hash $x$"), "Siân Łukasz محمد *b* #hash $x$");
    }

    #[test]
    fn a_sign_without_a_face_is_spelt_by_its_code() {
        assert_eq!(any("home 🏠\u{FE0F}!"), "home [U+1F3E0]!");
    }

    #[test]
    fn a_mark_that_reverses_reading_is_shown_and_not_obeyed() {
        assert_eq!(any("£\u{202E}0514"), "[U+00A3][U+202E]0514");
        assert_eq!(any("\u{07}"), "[U+0007]");
    }

    #[test]
    fn line_ends_of_every_system_are_one_line_end() {
        assert_eq!(any("a\r\nb\rc\u{2028}d"), "a\nb\nc\nd");
    }

    #[test]
    fn texts_deep_in_the_data_are_reached_and_numbers_kept() {
        let data = serde_json::json!({"a": [{"b": "\u{0}"}], "pence": 415_000, "none": null});
        let expected = serde_json::json!({"a": [{"b": "[U+0000]"}], "pence": 415_000, "none": null});
        assert_eq!(printable(&data, |_| true), expected);
    }
}

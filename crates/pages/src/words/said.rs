//! Codes, dates and sums that were recorded for programs, said in words: facts of events, lines of evidence, lots.
//!
//! What is not known here is shown as it was recorded, never left out, so that a timeline stays complete.

use jiff::civil::{Date, DateTime};
use placewell_domain::money::Pence;

use super::{a_week, date, moment, money};

/// Facts that name a record by its number, which says nothing to a reader.
const NUMBERS_OF_RECORDS: [&str; 17] = [
    "agreement",
    "approval",
    "asked",
    "child",
    "copied_from",
    "document",
    "home",
    "invitation",
    "key",
    "offer",
    "person",
    "post",
    "records",
    "provider",
    "reference",
    "referral",
    "request",
];

/// The text with its first letter as a capital: `Girls`.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A code as words: `with education`.
pub fn code(code: &str) -> String {
    code.replace('_', " ")
}

/// A text with every ISO date in it said in words: `registered since 20 July 2013`.
pub fn dated(text: &str) -> String {
    let mut said = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        said.push_str(before);
        let digits = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        let day = from.get(..10).filter(|_| digits == 4).and_then(|day| day.parse::<Date>().ok());
        let (words, used) = match day {
            Some(day) if !from.get(10..).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit())) => {
                (date(day), 10)
            }
            _ => (from.get(..digits).unwrap_or_default().to_owned(), digits),
        };
        said.push_str(&words);
        rest = from.get(used..).unwrap_or_default();
    }
    said + rest
}

/// A fact of an event as name and value in words; none where it only names a record by its number.
pub fn fact(name: &str, value: &str) -> Option<(String, String)> {
    if value.is_empty() || NUMBERS_OF_RECORDS.contains(&name) {
        return None;
    }
    let name_in_words = match name {
        "weekly_pence" => "Price".to_owned(),
        "was_pence" => "Price before".to_owned(),
        "whole_life_pence" => "Value over its whole life".to_owned(),
        "facts" => "Hash of the facts".to_owned(),
        "from" => "From".to_owned(),
        "on" => "Date".to_owned(),
        _ => capital(&code(name.strip_suffix("_pence").unwrap_or(name))),
    };
    Some((name_in_words, value_of(name, value)))
}

fn value_of(name: &str, value: &str) -> String {
    if name.ends_with("_pence") || name == "pence" {
        let said = value.parse().map(|pence| match name {
            "weekly_pence" | "was_pence" => a_week(Pence(pence)),
            _ => money(Pence(pence)),
        });
        return said.unwrap_or_else(|_| capital(&code(value)));
    }
    if let Ok(at) = value.replace(' ', "T").parse::<DateTime>()
        && value.len() > 10
    {
        return moment(at);
    }
    match value {
        "true" => "Yes".to_owned(),
        "false" => "No".to_owned(),
        _ if name == "facts" || name == "reference" || name == "version" => value.to_owned(),
        _ => capital(&code(&dated(value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_within_a_sentence_is_said_in_words_and_other_numbers_stay() {
        assert_eq!(dated("registered since 2013-07-20"), "registered since 20 July 2013");
        assert_eq!(dated("free from 2021-09-14, for 180 nights"), "free from 14 September 2021, for 180 nights");
        assert_eq!(dated("9.3 miles, straight line; limit 75.0 miles"), "9.3 miles, straight line; limit 75.0 miles");
        for odd in ["", "2021-02-30", "12345-01-01", "2021-01-012", "٢٠٢١-01-01", "é2021", "202"] {
            assert_eq!(dated(odd), odd);
        }
    }

    #[test]
    fn facts_of_events_read_as_a_person_would_say_them() {
        let said = |name, value| fact(name, value).map(|(name, value)| format!("{name}: {value}"));
        assert_eq!(said("weekly_pence", "389000").as_deref(), Some("Price: £3,890 a week"));
        assert_eq!(said("planned_end", "2022-04-12").as_deref(), Some("Planned end: 12 April 2022"));
        assert_eq!(said("deadline", "2021-08-31T17:00:00").as_deref(), Some("Deadline: 5pm on Tuesday 31 August 2021"));
        assert_eq!(said("late", "true").as_deref(), Some("Late: Yes"));
        assert_eq!(said("reason", "no_bed").as_deref(), Some("Reason: No bed"));
        assert_eq!(said("facts", "24aae582").as_deref(), Some("Hash of the facts: 24aae582"));
        assert_eq!(said("home", "551654994743372189"), None);
    }
}

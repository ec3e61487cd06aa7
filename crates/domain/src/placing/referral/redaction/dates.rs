//! Full dates in a text: any that could be a date of birth, and a known one however it is written.

use jiff::civil::Date;

use super::{FindingKind, Word};
use crate::calendar::MONTHS;
use crate::placing::child::spelling::folded;

/// Words that only join the parts of a date: "the 1st day of May 2008".
const JOINING: [&str; 3] = ["of", "the", "day"];
/// So many words after the first may belong to a date.
const MOST_WORDS: usize = 5;

/// The days whose name is one word; of a longer one the last word is here.
const ORDINALS: [(u32, &str); 21] = [
    (1, "first"),
    (2, "second"),
    (3, "third"),
    (4, "fourth"),
    (5, "fifth"),
    (6, "sixth"),
    (7, "seventh"),
    (8, "eighth"),
    (9, "ninth"),
    (10, "tenth"),
    (11, "eleventh"),
    (12, "twelfth"),
    (13, "thirteenth"),
    (14, "fourteenth"),
    (15, "fifteenth"),
    (16, "sixteenth"),
    (17, "seventeenth"),
    (18, "eighteenth"),
    (19, "nineteenth"),
    (20, "twentieth"),
    (30, "thirtieth"),
];

/// A date of birth as it stands in one word.
const IN_ONE: [&str; 14] = [
    "%d%m%Y", "%m%d%Y", "%Y%m%d", "%d%m%y", "%m%d%y", "%y%m%d", "%d%b%Y", "%-d%b%Y", "%d%b%y", "%-d%b%y", "%d%B%Y",
    "%-d%B%Y", "%d%B%y", "%-d%B%y",
];

/// Dates by their place; `born` are those of birth that are known.
pub(super) fn dates(text: &str, words: &[Word<'_>], born: &[Date]) -> Vec<(FindingKind, usize, usize)> {
    let in_one = |born: &Date| IN_ONE.map(|form| folded(&born.strftime(form).to_string()));
    let in_one: Vec<String> = born.iter().flat_map(in_one).collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if !in_one.is_empty() && in_one.contains(&folded(word.text)) {
            found.push((FindingKind::DateOfBirth, word.start, word.end));
        }
        let Some(([first, second, third], joined)) = words.get(at..).and_then(|rest| parts(text, rest)) else {
            continue;
        };
        let said = [first.text, second.text, third.text];
        let in_numbers = !joined && alike(text, [first, second, third]);
        if is_date(said, joined, in_numbers) || born.iter().any(|born| is_born(said, *born)) {
            found.push((FindingKind::DateOfBirth, first.start, third.end));
        }
    }
    found
}

/// The three parts that a date may have here, and whether words join them.
fn parts<'a>(text: &str, words: &[Word<'a>]) -> Option<([Word<'a>; 3], bool)> {
    let (first, rest) = words.split_first()?;
    let (mut parts, mut joined, mut end) = (vec![*first], false, first.end);
    for word in rest.iter().take(MOST_WORDS) {
        if !close(text, end, word.start) {
            return None;
        }
        end = word.end;
        if JOINING.iter().any(|one| one.eq_ignore_ascii_case(word.text)) {
            joined = true;
        } else {
            parts.push(*word);
        }
        if let [first, second, third] = *parts.as_slice() {
            return Some(([first, second, third], joined));
        }
    }
    None
}

/// Whether no more stands between two words than between the parts of a date: a sign or two, or one with spaces.
fn close(text: &str, from: usize, to: usize) -> bool {
    let sign = |sign: char| sign.is_whitespace() || "/.-‐‑–—,'’".contains(sign);
    to - from <= 2
        || text.get(from..to).is_some_and(|between| between.chars().count() <= 4 && between.chars().all(sign))
}

/// Whether numbers stand apart as those of a date do: by the same sign twice, or by a sign each before a whole year. "9.30 -
/// 10.15" and "24/7, 12" are none, and a colon is a clock's.
fn alike(text: &str, [first, second, third]: [Word<'_>; 3]) -> bool {
    let between = |one: Word<'_>, next: Word<'_>| text.get(one.end..next.start).unwrap_or_default();
    let signs = [between(first, second), between(second, third)];
    let whole = third.text.len() == 4 && signs.iter().all(|sign| sign.len() <= 2);
    !signs.iter().any(|sign| sign.contains(':')) && (whole || signs[0].trim() == signs[1].trim())
}

/// Whether three parts are a date: day, month and year as they are written here, or elsewhere. What joins them, as in "3 of
/// the 6", makes one only of a month in words.
fn is_date([first, second, third]: [&str; 3], joined: bool, in_numbers: bool) -> bool {
    let day = |word: &str| value(word).is_some_and(|value| (1..=31).contains(&value));
    let said_day = |word: &str| day(word) || (joined && ordinal(word).is_some());
    let named = |word: &str| named_month(word).is_some();
    let by_name = (said_day(first) && named(second) && year(third))
        || (year(first) && named(second) && said_day(third))
        || (named(first) && said_day(second) && year(third));
    let numbered = value(second).is_some_and(|value| (1..=12).contains(&value));
    by_name || (in_numbers && numbered && ((day(first) && year(third)) || (year(first) && day(third))))
}

/// Whether three parts are this date, in any order.
fn is_born([first, second, third]: [&str; 3], born: Date) -> bool {
    let is = |found: Option<u32>, wanted: i8| found.is_some_and(|found| i64::from(found) == i64::from(wanted));
    let day = |word: &str| is(value(word).or_else(|| ordinal(word)), born.day());
    let month = |word: &str| is(named_month(word).or_else(|| value(word)), born.month());
    let born_in = |word: &str| {
        let short = word.len() == 2;
        let wanted = if short { born.year().rem_euclid(100) } else { born.year() };
        year(word) && word.parse::<i16>().is_ok_and(|found| found == wanted)
    };
    [
        (first, second, third),
        (first, third, second),
        (second, first, third),
        (second, third, first),
        (third, first, second),
        (third, second, first),
    ]
    .into_iter()
    .any(|(one, two, three)| day(one) && month(two) && born_in(three))
}

/// A number of a day or a month: one or two digits, perhaps with the letters of an order.
fn value(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(char::is_alphabetic);
    let suffix = word.get(digits.len()..).unwrap_or_default().to_ascii_lowercase();
    let is_number = digits.len() <= 2 && ["", "st", "nd", "rd", "th"].contains(&suffix.as_str());
    if is_number { digits.parse().ok() } else { None }
}

fn ordinal(word: &str) -> Option<u32> {
    ORDINALS.iter().find(|(_, name)| name.eq_ignore_ascii_case(word)).map(|(day, _)| *day)
}

/// The number of a month by its name, or by three or more of its first letters.
fn named_month(word: &str) -> Option<u32> {
    let lower = word.to_ascii_lowercase();
    let found = (1..).zip(MONTHS).find(|(_, name)| lower.len() >= 3 && name.starts_with(&lower));
    found.map(|(month, _)| month)
}

fn year(word: &str) -> bool {
    let digits = word.chars().all(|letter| letter.is_ascii_digit());
    digits && (word.len() == 2 || (word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placing::referral::redaction::words;
    use jiff::civil::date;

    fn found<'a>(text: &'a str, born: &[Date]) -> Vec<&'a str> {
        dates(text, &words(text), born).into_iter().filter_map(|(_, start, end)| text.get(start..end)).collect()
    }

    #[test]
    fn a_date_is_found_in_every_form_that_people_write() {
        for (text, says) in [
            ("born 1/5/2008.", "1/5/2008"),
            ("born 1 / 5 / 2008.", "1 / 5 / 2008"),
            ("born 1 - 5 - 08", "1 - 5 - 08"),
            ("born 1 – 5 – 2008", "1 – 5 – 2008"),
            ("since 2008 - 05 - 01", "2008 - 05 - 01"),
            ("born on the 1st of May 2008", "1st of May 2008"),
            ("born on the 1st day of May, 2008", "1st day of May, 2008"),
            ("on the first of May 2008", "first of May 2008"),
            ("on the twenty-first of may 2008", "first of may 2008"),
            ("May the 1st, 2008", "May the 1st, 2008"),
            ("1 Sept ’08", "1 Sept ’08"),
        ] {
            assert_eq!(found(text, &[]), [says], "{text}");
        }
    }

    #[test]
    fn numbers_that_are_no_date_stay() {
        for text in [
            "3 of the 6 in 2019, and 2 of 12 of 14",
            "2 / 3 of the time since 2019",
            "the first of the 12 homes; on the first of many days",
            "aged 12 - 14 in May or June 2021",
            "at 5 . 30 each day of the week",
            "seen on 4 of 5 days, by the second of 20 staff",
            "In his first March 2020 was hard",
            "wakes at 5, is up by 6 and asleep by 10",
            "at school from 9.30 - 10.15, then 10:30 – 11:30 and 07:30-08:30",
            "staffed 24/7, 12 of them awake at night; 2:1 14 hours a day",
        ] {
            assert_eq!(found(text, &[date(2008, 5, 13)]), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn a_known_date_of_birth_is_found_in_any_order_and_in_one_word() {
        let born = [date(2008, 5, 13)];
        for text in [
            "5/13/2008",
            "5.13.08",
            "2008/13/05",
            "13 2008 May",
            "May 2008, the thirteenth",
            "13052008",
            "20080513",
            "130508",
            "13May2008",
            "13MAY08",
        ] {
            assert_eq!(found(text, &born), [text], "{text}");
        }
        for text in ["5/14/2008", "14052008", "5 13 2009", "13 of 5"] {
            assert!(found(text, &born).is_empty(), "{text}");
        }
        assert!(found("5/13/2008 and 13052008", &[]).is_empty(), "nobody's whom the writer knows");
    }
}

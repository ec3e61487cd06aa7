//! The term of an arrangement ("from 15 December 2018 to 14 December 2021") and its option to
//! extend ("up to a further 3 years", "two further periods of 12 months"). A day that the text
//! does not give is left open: "three years from" a day states its first day only.

use jiff::civil::Date;

use super::lines::squash;
use crate::dates;

type Day = (Date, String);

/// First day, last day and the option in months, each with its source, from the first text that has it.
pub(super) fn read(texts: &[String]) -> (Option<Day>, Option<Day>, Option<(u32, String)>) {
    let mut start = None;
    let mut end = None;
    for text in texts {
        let (first, last) = days(text);
        if start.is_none() && first.is_some() {
            start = first.map(|date| (date, text.clone()));
            end = last.map(|date| (date, text.clone()));
        }
    }
    let options: Vec<(u32, &String)> = texts.iter().filter_map(|text| Some((option(text)?, text))).collect();
    let option = match options.split_first() {
        Some((first, rest)) if rest.iter().all(|(months, _)| *months == first.0) => Some((first.0, first.1.clone())),
        _ => None,
    };
    (start, end, option)
}

/// The words that stand between the first and the last day of a term.
const JOINTS: [&str; 14] = [
    "to",
    "until",
    "till",
    "up to",
    "through to",
    "to the",
    "and ending",
    "and ending on",
    "and ends on",
    "and expiring on",
    "ending",
    "ending on",
    "expiring on",
    "until and including",
];

fn days(text: &str) -> (Option<Date>, Option<Date>) {
    let found = dates::find(text);
    for pair in found.windows(2) {
        let [first, last] = pair else { continue };
        let mut between = words(text.get(first.end..last.start).unwrap_or_default());
        between.retain(|word| !(word.ends_with("day") && word.len() > 5)); // "to Tuesday 14 December"
        let before = words(shortly_before(text, first.start));
        let leads = before.last().map(String::as_str).unwrap_or_default();
        let gap = text.get(first.end..last.start).unwrap_or_default();
        let joined = match between.join(" ").as_str() {
            "" => gap.trim().len() <= 3 && gap.contains(['-', '\u{2013}', '\u{2014}']),
            "and" => leads == "between",
            joint => JOINTS.contains(&joint),
        };
        if joined && first.date <= last.date {
            return (Some(first.date), Some(last.date));
        }
    }
    let start = found.iter().find(|day| {
        let before = words(shortly_before(text, day.start));
        let near: Vec<&str> = before.iter().rev().take(8).map(String::as_str).collect();
        let leads = matches!(
            near.as_slice(),
            ["from" | "commencing" | "starting" | "beginning", ..]
                | ["on", "commencing" | "starting" | "beginning", ..]
        );
        leads && near.iter().any(|word| matches!(*word, "year" | "years" | "months" | "month" | "term" | "period"))
    });
    (start.map(|day| day.date), None)
}

/// The last hundred letters or so before a place in the text.
fn shortly_before(text: &str, at: usize) -> &str {
    let from = (at.saturating_sub(120)..=at).find(|from| text.is_char_boundary(*from)).unwrap_or(at);
    text.get(from..at).unwrap_or_default()
}

/// The longest extension in months.
fn option(text: &str) -> Option<u32> {
    let words = words(&squash(text));
    let said = words
        .iter()
        .position(|word| matches!(word.as_str(), "extend" | "extended" | "extension" | "extensions" | "extending"))?;
    let optional = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "option" | "options" | "optional" | "further" | "additional" | "up" | "may" | "possible" | "plus"
        )
    });
    if !optional {
        return None;
    }
    let after = words.get(said + 1..said.saturating_add(22).min(words.len())).unwrap_or_default();
    let each = times(words.get(said.saturating_sub(4)..said).unwrap_or_default(), after);
    sum(after).and_then(|months| months.checked_mul(each)).filter(|months| *months <= 600).or_else(|| {
        // "two optional one-year extensions", "a 12 month extension": the length stands before
        let from = said.saturating_sub(8);
        let before = words.get(from..=said)?;
        let unit = before.iter().rposition(|word| months_in(word).is_some())?;
        (before.len() - unit <= 4).then(|| span(before, unit)).flatten()
    })
}

/// How many options are said before the extension, where each has the length that follows.
fn times(before: &[String], after: &[String]) -> u32 {
    let options = before.iter().position(|word| word == "options");
    let count = options.and_then(|at| number(before.get(at.checked_sub(1)?)?));
    count.filter(|_| after.iter().take(8).any(|word| word == "each")).unwrap_or(1)
}

/// The first length in the words, with those added to it by "and", "plus" or "followed by".
fn sum(words: &[String]) -> Option<u32> {
    let mut total: Option<u32> = None;
    let mut from = 0;
    for (at, word) in words.iter().enumerate() {
        if months_in(word).is_none() {
            continue;
        }
        let joined = words.get(from..at).unwrap_or_default();
        let added = joined.iter().any(|word| matches!(word.as_str(), "and" | "plus" | "followed"));
        if total.is_some() && (!added || joined.len() > 8) {
            break;
        }
        let Some(months) = span(words.get(from..).unwrap_or_default(), at - from) else {
            total?;
            break;
        };
        total = Some(total.unwrap_or(0).checked_add(months)?);
        from = at + 1;
    }
    total.filter(|months| (1..=600).contains(months))
}

/// The months of "[two further periods of] 12 months", the unit standing at the given word.
fn span(words: &[String], unit: usize) -> Option<u32> {
    let each = months_in(words.get(unit)?)?;
    let mut at = unit.checked_sub(1)?;
    let count = number(words.get(at)?)?;
    // "three (3) years"
    if at > 0 && words.get(at - 1).and_then(|word| number(word)) == Some(count) {
        at -= 1;
    }
    let mut times = 1;
    let mut several =
        words.get(unit + 1).is_some_and(|word| matches!(word.as_str(), "periods" | "extensions" | "terms"));
    for word in words.get(..at)?.iter().rev() {
        match word.as_str() {
            "x" | "\u{d7}" | "periods" | "extensions" | "terms" | "times" | "options" => several = true,
            "optional" | "further" | "additional" | "separate" | "of" | "each" | "successive" | "consecutive"
            | "up" | "to" => {}
            word => {
                if several {
                    times = number(word).unwrap_or(1);
                }
                break;
            }
        }
    }
    count.checked_mul(each)?.checked_mul(times).filter(|months| (1..=600).contains(months))
}

fn months_in(word: &str) -> Option<u32> {
    match word {
        "year" | "years" => Some(12),
        "month" | "months" => Some(1),
        _ => None,
    }
}

fn number(word: &str) -> Option<u32> {
    const NAMES: [&str; 13] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let named = NAMES.iter().position(|name| *name == word).and_then(|at| u32::try_from(at).ok());
    let named = named.or(match word {
        "eighteen" => Some(18),
        "twenty" => Some(20),
        _ => None,
    });
    named.or_else(|| (word.len() <= 3).then(|| word.parse().ok()).flatten()).filter(|number| *number > 0)
}

/// Lower-case words; "two-year" and "2x12" come apart.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.to_lowercase().chars() {
        let joins = c.is_alphanumeric() && last.is_alphanumeric() && c.is_ascii_digit() == last.is_ascii_digit();
        match words.last_mut() {
            Some(word) if joins => word.push(c),
            _ if c.is_alphanumeric() || c == '\u{d7}' => words.push(c.to_string()),
            _ => {}
        }
        last = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_option_to_extend_is_read_in_months_however_it_is_put() {
        for (text, months) in [
            ("with option to extend for up to a further 3 years", 36),
            ("with the option to extend for a further two years", 24),
            ("option to extend for up to three (3) years", 36),
            ("option to extend for two further periods of 12 months", 24),
            ("option to extend by 2 x 12 months", 24),
            ("with two optional one-year extensions", 24),
            ("option to extend for 12 months plus a further 12 months", 24),
            ("with the option of a 12 month extension", 12),
            ("a term of 3 years with an option to extend for a further 18 months", 18),
            ("may be extended for up to 24 months", 24),
            ("with two options to extend of 12 months each", 24),
            ("with options to extend of 12 months", 12),
        ] {
            assert_eq!(option(text), Some(months), "{text}");
        }
        for text in ["for three years", "to extend the service", "an option to extend the term", ""] {
            assert_eq!(option(text), None, "{text}");
        }
    }

    #[test]
    fn a_term_is_two_days_joined_and_a_start_alone_leaves_the_end_open() {
        let both = (Some(date(2018, 12, 15)), Some(date(2021, 12, 14)));
        for text in [
            "from 15 December 2018 to 14 December 2021 with option",
            "between 15/12/2018 and 14/12/2021",
            "15 Dec 2018 \u{2013} 14 Dec 2021",
            "commencing 15 December 2018 and ending on 14 December 2021",
            "from Saturday 15 December 2018 until Tuesday 14 December 2021",
        ] {
            assert_eq!(days(text), both, "{text}");
        }
        assert_eq!(days("for three years from 15 December 2018"), (Some(date(2018, 12, 15)), None));
        assert_eq!(days("approved on 14 January 2019 and reported on 15 January 2019"), (None, None));
        assert_eq!(days("from 14 December 2021 to 15 December 2018"), (None, None));
    }
}

//! The term of an arrangement ("from 15 December 2018 to 14 December 2021", "for four years from 1 April 2020") and its
//! option to extend ("up to a further 3 years", "two further periods of 12 months"). Days that belong to something else,
//! such as a consultation or the arrangement before, and texts that state two terms, are left open and told.

use jiff::Span;
use jiff::civil::Date;
use placewell_domain::calendar::long_date;

use super::lines::squash;
use crate::dates;

type Day = (Date, String);

/// What the texts state of a term.
pub(super) struct Read {
    /// The first day.
    pub(super) start: Option<Day>,
    /// The last day, included.
    pub(super) end: Option<Day>,
    /// Why the days were left open.
    pub(super) doubt: Option<String>,
    /// The option in months, or why it was left open.
    pub(super) option: Result<Option<(u32, String)>, String>,
}

/// A term that a text states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Candidate {
    start: Date,
    end: Option<Date>,
    /// Whether words of an arrangement stand beside it.
    named: bool,
}

/// The term and the option that the texts state: those under a label of their own, then those that decide.
pub(super) fn read(labelled: &[String], deciding: &[String]) -> Read {
    let mut found: Vec<(Candidate, &String)> = Vec::new();
    for text in labelled {
        found.extend(candidates(text).into_iter().map(|one| (Candidate { named: true, ..one }, text)));
    }
    for text in deciding {
        found.extend(candidates(text).into_iter().map(|one| (one, text)));
    }
    if found.iter().any(|(one, _)| one.named) {
        found.retain(|(one, _)| one.named);
    }
    let (start, end, doubt) = one_of(&found);
    let texts: Vec<&String> = labelled.iter().chain(deciding).collect();
    let options: Vec<(Result<u32, ()>, &String)> =
        texts.into_iter().filter_map(|text| Some((option(text)?, text))).collect();
    let option = match options.as_slice() {
        [] => Ok(None),
        [(Ok(months), text), rest @ ..] if rest.iter().all(|(other, _)| *other == Ok(*months)) => {
            Ok(Some((*months, (*text).clone())))
        }
        [..] => Err("the text puts the option to extend in more than one way".to_owned()),
    };
    Read { start, end, doubt, option }
}

/// The one term that all candidates agree on; a start alone agrees with the term that begins then.
fn one_of(found: &[(Candidate, &String)]) -> (Option<Day>, Option<Day>, Option<String>) {
    let Some((first, text)) = found.iter().find(|(one, _)| one.end.is_some()).or_else(|| found.first()) else {
        return (None, None, None);
    };
    let agrees = |one: &Candidate| one.start == first.start && (one.end.is_none() || one.end == first.end);
    if found.iter().all(|(one, _)| agrees(one)) {
        let day = |date: Date| (date, (*text).clone());
        return (Some(day(first.start)), first.end.map(day), None);
    }
    let words = |one: &Candidate| match one.end {
        Some(end) => format!("{} to {}", long_date(one.start), long_date(end)),
        None => format!("from {}", long_date(one.start)),
    };
    let mut terms: Vec<String> = Vec::new();
    for (one, _) in found {
        if !terms.contains(&words(one)) {
            terms.push(words(one));
        }
    }
    (None, None, Some(format!("the text states several terms: {}", terms.join("; "))))
}

/// The words that stand between the first and the last day of a term.
const JOINTS: [&str; 16] = [
    "to",
    "until",
    "till",
    "up to",
    "up to and including",
    "through to",
    "to the",
    "to and including",
    "and ending",
    "and ending on",
    "and ends on",
    "and expiring on",
    "ending",
    "ending on",
    "expiring on",
    "until and including",
];

/// Words beside a pair of days that make it the term of something else.
const OTHERS: [&str; 22] = [
    "consultation",
    "consult",
    "consulted",
    "engagement",
    "previous",
    "previously",
    "former",
    "existing",
    "current",
    "currently",
    "expired",
    "expires",
    "expiring",
    "old",
    "closed",
    "survey",
    "tender",
    "tenders",
    "tendering",
    "was",
    "ran",
    "notice",
];
/// Words that make it the term of the arrangement.
const NAMES: [&str; 22] = [
    "adopt",
    "adopted",
    "adopts",
    "adoption",
    "term",
    "contract",
    "contracts",
    "period",
    "from",
    "between",
    "arrangement",
    "framework",
    "agreement",
    "commence",
    "commences",
    "commencing",
    "starting",
    "beginning",
    "fca",
    "join",
    "award",
    "awarded",
];

/// No text that a person wrote names more days; bounds the work on one that nobody wrote.
const MOST: usize = 60;

fn candidates(text: &str) -> Vec<Candidate> {
    let mut days = dates::find(text);
    days.truncate(MOST);
    let mut found: Vec<Candidate> = Vec::new();
    let mut used = vec![false; days.len()];
    for (at, pair) in days.windows(2).enumerate() {
        let [first, last] = pair else { continue };
        if used.get(at) == Some(&true) || first.date > last.date || !joined(text, first, last) {
            continue;
        }
        for place in [at, at + 1] {
            if let Some(used) = used.get_mut(place) {
                *used = true;
            }
        }
        if let Some(named) = speaks_of_a_term(text, first.start, last.end) {
            found.push(Candidate { start: first.date, end: Some(last.date), named });
        }
    }
    for (day, _) in days.iter().zip(&used).filter(|(_, used)| !**used) {
        let Some(end) = lasts(text, day) else { continue };
        if speaks_of_a_term(text, day.start, day.end).is_some() {
            found.push(Candidate { start: day.date, end, named: true });
        }
    }
    found
}

fn joined(text: &str, first: &dates::Found, last: &dates::Found) -> bool {
    let gap = text.get(first.end..last.start).unwrap_or_default();
    let mut between = words(gap);
    between.retain(|word| !(word.ends_with("day") && word.len() > 5)); // "to Tuesday 14 December"
    let before = words(shortly_before(text, first.start));
    let leads = before.last().map(String::as_str).unwrap_or_default();
    match between.join(" ").as_str() {
        "" => gap.trim().len() <= 3 && gap.contains(['-', '\u{2013}', '\u{2014}']),
        "and" => leads == "between",
        joint => JOINTS.contains(&joint),
    }
}

/// Whether the sentence around the days speaks of an arrangement; none where it speaks of something else.
fn speaks_of_a_term(text: &str, from: usize, to: usize) -> Option<bool> {
    let before = shortly_before(text, from);
    let cut = before.rfind(". ").map_or(0, |at| at + 2).max(before.rfind([';', '\n']).map_or(0, |at| at + 1));
    let before = words(before.get(cut..).unwrap_or_default());
    let after = words(shortly_after(text, to));
    let near = || before.iter().rev().take(12);
    let other = near().chain(after.iter().take(4)).any(|word| OTHERS.contains(&word.as_str()));
    (!other).then(|| near().chain(after.iter().take(6)).any(|word| NAMES.contains(&word.as_str())))
}

/// The last day of a term that begins on a day: "for four years from 1 April 2020", "from 1 April 2020 for four years". An
/// outer none says that the day begins no term, an inner one that its length is not settled.
#[allow(clippy::option_option)] // a start without an end is an answer of its own
fn lasts(text: &str, day: &dates::Found) -> Option<Option<Date>> {
    let before = words(shortly_before(text, day.start));
    let near: Vec<&str> = before.iter().rev().take(12).map(String::as_str).collect();
    let leads = match near.as_slice() {
        ["from" | "commencing" | "starting" | "beginning", ..] => 1,
        ["on", "commencing" | "starting" | "beginning", ..] | ["the", "from", ..] => 2,
        _ => return None,
    };
    let after = words(shortly_after(text, day.end));
    let ahead: Vec<&str> = after.iter().take(9).map(String::as_str).collect();
    let behind = near.get(leads..).unwrap_or_default();
    let behind = if let ["effect", "with", rest @ ..] = behind { rest } else { behind };
    let speaks = |word: &&str| matches!(*word, "year" | "years" | "months" | "month" | "term" | "period");
    let length = if behind.first().is_some_and(|word| months_in(word).is_some()) {
        let words: Vec<String> = behind.iter().rev().map(|word| (*word).to_owned()).collect();
        let limited =
            behind.iter().skip(2).take(4).any(|word| matches!(*word, "up" | "further" | "additional" | "extend"));
        span(&words, words.len() - 1).filter(|_| !limited)
    } else if ahead.first() == Some(&"for") {
        let unit = ahead.iter().take(7).position(|word| months_in(word).is_some());
        let words: Vec<String> = ahead.iter().map(|word| (*word).to_owned()).collect();
        let limited = ahead.iter().take(6).any(|word| matches!(*word, "up" | "further" | "additional"));
        unit.and_then(|unit| span(&words, unit)).filter(|_| !limited)
    } else {
        None
    };
    let end = length.and_then(|months| {
        let months: Span = Span::new().try_months(i64::from(months)).ok()?;
        day.date.checked_add(months).ok()?.yesterday().ok()
    });
    (end.is_some() || near.iter().chain(ahead.iter().take(4)).any(speaks)).then_some(end)
}

/// The last hundred letters or so before a place in the text.
fn shortly_before(text: &str, at: usize) -> &str {
    let from = (at.saturating_sub(120)..=at).find(|from| text.is_char_boundary(*from)).unwrap_or(at);
    text.get(from..at).unwrap_or_default()
}

/// The next hundred letters or so of the sentence behind a place in the text.
fn shortly_after(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    let to = (0..=120.min(rest.len())).rev().find(|to| rest.is_char_boundary(*to)).unwrap_or(0);
    rest.get(..to).unwrap_or_default().split(['.', ';', '\n']).next().unwrap_or_default()
}

/// The longest extension in months that an option gives; an error where it is put in a way that cannot be read for
/// certain. An extension that is made, or an option that is used, is no option to come.
fn option(text: &str) -> Option<Result<u32, ()>> {
    let plain = squash(text);
    if adds_up(&plain) {
        return Some(Err(()));
    }
    let mut found: Vec<u32> = Vec::new();
    for sentence in plain.split([';', '.']) {
        let words = words(sentence);
        for (at, word) in words.iter().enumerate() {
            if is_extension(word)
                && let Some(months) = option_at(&words, at)
                && !found.contains(&months)
            {
                found.push(months);
            }
        }
    }
    match found.as_slice() {
        [] => None,
        [months] => Some(Ok(*months)),
        [..] => Some(Err(())),
    }
}

/// "2+1+1 years", "12 months + 12 months": which part is the option, the sign does not say.
fn adds_up(text: &str) -> bool {
    let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    tight.match_indices('+').any(|(at, _)| {
        let before = tight.get(..at).and_then(|before| before.chars().last());
        let after = tight.get(at + 1..).and_then(|after| after.chars().next());
        let counts = before.is_some_and(|c| c.is_ascii_digit() || matches!(c, 's' | 'h' | 'r'));
        counts && after.is_some_and(|c| c.is_ascii_digit())
    })
}

fn is_extension(word: &str) -> bool {
    matches!(word, "extend" | "extended" | "extension" | "extensions" | "extending")
}

/// Words that make an extension an option.
const MARKS: [&str; 9] = ["option", "options", "optional", "may", "possible", "possibility", "right", "can", "could"];
/// Words of an option that is being used, which gives none.
const USED: [&str; 16] = [
    "exercise",
    "exercised",
    "exercising",
    "use",
    "used",
    "using",
    "invoke",
    "taken",
    "approved",
    "agreed",
    "granted",
    "confirmed",
    "exercises",
    "uses",
    "approve",
    "activate",
];
/// Words that may stand between the extension and its length.
const BETWEEN: [&str; 32] = [
    "for",
    "by",
    "of",
    "up",
    "to",
    "a",
    "an",
    "the",
    "further",
    "additional",
    "maximum",
    "period",
    "periods",
    "term",
    "terms",
    "it",
    "this",
    "contract",
    "contracts",
    "arrangement",
    "agreement",
    "framework",
    "each",
    "x",
    "\u{d7}",
    "total",
    "in",
    "separate",
    "successive",
    "consecutive",
    "optional",
    "any",
];

/// The option at a word of extension: marked as one, and with its length joined to it.
fn option_at(words: &[String], at: usize) -> Option<u32> {
    let before = words.get(at.saturating_sub(7)..at).unwrap_or_default();
    let after = words.get(at + 1..at.saturating_add(22).min(words.len())).unwrap_or_default();
    let reach = after.iter().take_while(|word| {
        BETWEEN.contains(&word.as_str())
            || number(word).is_some()
            || months_in(word).is_some()
            || matches!(word.as_str(), "and" | "plus" | "followed" | "options")
    });
    let reach: Vec<String> = reach.cloned().collect();
    let mark = before.iter().rposition(|word| MARKS.contains(&word.as_str()));
    let marked = mark.is_some() || reach.iter().any(|word| word == "optional" || word == "options");
    let used_from = mark.unwrap_or(before.len()).saturating_sub(4);
    let used_before = before.get(used_from..).unwrap_or_default().iter().any(|word| USED.contains(&word.as_str()));
    let used_after =
        after.iter().take(3).any(|word| matches!(word.as_str(), "approved" | "agreed" | "granted" | "used"));
    if !marked || used_before || used_after {
        return None;
    }
    let each = times(words.get(at.saturating_sub(4)..at).unwrap_or_default(), after);
    sum(&reach).and_then(|months| months.checked_mul(each)).filter(|months| *months <= 600).or_else(|| {
        // "two optional one-year extensions", "a 12 month extension": the length stands right before
        let from = at.saturating_sub(8);
        let before = words.get(from..=at)?;
        let unit = before.iter().rposition(|word| months_in(word).is_some())?;
        let between = before.get(unit + 1..before.len() - 1)?;
        between.iter().all(|word| matches!(word.as_str(), "optional" | "contract" | "further")).then_some(())?;
        span(before, unit)
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

    fn days(text: &str) -> (Option<Date>, Option<Date>) {
        let read = read(&[], &[text.to_owned()]);
        (read.start.map(|day| day.0), read.end.map(|day| day.0))
    }

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
            ("for 3 years (option to extend the contract by 12 months)", 12),
        ] {
            assert_eq!(option(text), Some(Ok(months)), "{text}");
        }
    }

    #[test]
    fn rule_2_4_a_length_that_is_not_the_options_is_never_taken_for_it() {
        for text in [
            "for three years",
            "to extend the service",
            "an option to extend the term",
            "",
            "for 3 years (option to extend)",
            "a contract of 36 months with the option to extend it",
            "extension approved for 12 months",
            "the contract be extended for a further 12 months",
            "exercise the option to extend for 12 months",
            "approve the use of the option to extend by 24 months",
            "an option to extend, and a review after 2 years",
        ] {
            assert_eq!(option(text), None, "{text}");
        }
        for text in ["a 2+1+1 year contract with options to extend", "option to extend for 12 months + 12 months"] {
            assert_eq!(option(text), Some(Err(())), "{text}");
        }
    }

    #[test]
    fn a_term_is_two_days_joined_or_a_day_with_its_length() {
        let both = (Some(date(2018, 12, 15)), Some(date(2021, 12, 14)));
        for text in [
            "from 15 December 2018 to 14 December 2021 with option",
            "between 15/12/2018 and 14/12/2021",
            "15 Dec 2018 \u{2013} 14 Dec 2021",
            "commencing 15 December 2018 and ending on 14 December 2021",
            "from Saturday 15 December 2018 until Tuesday 14 December 2021",
            "for three years from 15 December 2018",
            "for a period of three (3) years commencing on 15 December 2018",
            "for a term of 36 months with effect from 15 December 2018",
            "from 15 December 2018 for a period of three years",
        ] {
            assert_eq!(days(text), both, "{text}");
        }
        assert_eq!(days("for up to three years from 15 December 2018"), (Some(date(2018, 12, 15)), None));
        assert_eq!(days("approved on 14 January 2019 and reported on 15 January 2019"), (None, None));
        assert_eq!(days("from 14 December 2021 to 15 December 2018"), (None, None));
    }

    #[test]
    fn rule_2_3_the_days_of_something_else_are_no_term_and_two_terms_are_asked_for() {
        let both = (Some(date(2018, 12, 15)), Some(date(2021, 12, 14)));
        for text in [
            "after consultation from 1 May 2018 to 30 June 2018, the arrangement be adopted from 15 December 2018 to 14 December 2021",
            "the existing framework runs from 1 April 2015 to 14 December 2018; the FCA be adopted from 15 December 2018 to 14 December 2021",
        ] {
            assert_eq!(days(text), both, "{text}");
        }
        assert_eq!(days("a consultation ran from 1 May 2018 to 30 June 2018"), (None, None));
        let two = "lot 1 be adopted from 1 April 2020 to 31 March 2022 and lot 2 from 1 May 2020 to 30 April 2024";
        let read = read(&[], &[two.to_owned()]);
        assert!(read.start.is_none() && read.end.is_none());
        assert!(read.doubt.is_some_and(|why| why.contains("1 May 2020")));
    }
}

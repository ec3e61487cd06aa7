//! Dates as people write them in British papers: 14/01/2019, 14 January 2019, 14th Jan 2019,
//! Monday 14 January 2019, 2019-01-14, January 14, 2019. Day before month, always: a numeric
//! date is never read the American way.

use jiff::civil::Date;
use placewell_domain::calendar::MONTHS;

/// A date found in running text, with the bytes it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// Byte where the date begins.
    pub(crate) start: usize,
    /// Byte after its end.
    pub(crate) end: usize,
    /// The date itself.
    pub(crate) date: Date,
}

struct Token<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

/// Every date in the text, in order, none overlapping.
pub(crate) fn find(text: &str) -> Vec<Found> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        match numeric(text, rest).or_else(|| day_first(text, rest)).or_else(|| month_first(text, rest)) {
            Some((used, end, date)) => {
                found.push(Found { start: rest[0].start, end, date });
                at += used;
            }
            None => at += 1,
        }
    }
    found
}

/// The date, where the text is one date and nothing else (a midnight time behind it is let pass).
pub(crate) fn only(text: &str) -> Option<Date> {
    let text = text.trim();
    let first = *find(text).first()?;
    let rest = text.get(first.end..)?.trim().trim_start_matches('T');
    let bare_time = rest.is_empty() || rest.chars().all(|c| matches!(c, '0' | ':' | '.'));
    (first.start == 0 && bare_time).then_some(first.date)
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                tokens.push(Token { start: from, end: at, text: text.get(from..at).unwrap_or_default() });
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

fn gap<'a>(text: &'a str, left: &Token<'_>, right: &Token<'_>) -> &'a str {
    text.get(left.end..right.start).unwrap_or_default()
}

fn digits(text: &str, longest: usize) -> Option<i16> {
    (!text.is_empty() && text.len() <= longest && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn year(text: &str, short: bool) -> Option<i16> {
    let value = digits(text, 4)?;
    match text.len() {
        4 if (1900..2200).contains(&value) => Some(value),
        2 if short => Some(2000 + value),
        _ => None,
    }
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// 14/01/2019, 14-01-2019, 14.01.2019, 14/01/19 and 2019-01-14, also with a time behind.
fn numeric(text: &str, tokens: &[Token<'_>]) -> Option<(usize, usize, Date)> {
    let [a, b, c, ..] = tokens else { return None };
    let mark = gap(text, a, b);
    if mark != gap(text, b, c) || !matches!(mark, "/" | "-" | ".") {
        return None;
    }
    if a.text.len() == 4 {
        let day = c.text.split(['T', 't']).next()?;
        let found = date(year(a.text, false)?, digits(b.text, 2)?, digits(day, 2)?)?;
        return Some((3, c.start + day.len(), found));
    }
    // 14.01.19 and 14-01-19 are dates with all their figures; 5.1.19 may be the number of a paragraph
    let short = mark == "/" || [a, b, c].iter().all(|token| token.text.len() == 2);
    let found = date(year(c.text, short)?, digits(b.text, 2)?, digits(a.text, 2)?)?;
    Some((3, c.end, found))
}

/// 14 January 2019, 14th Jan 2019, 14-Jan-2019, 14th of January, 2019.
fn day_first(text: &str, tokens: &[Token<'_>]) -> Option<(usize, usize, Date)> {
    let day = ordinal(tokens.first()?.text)?;
    let of = usize::from(tokens.get(1)?.text.eq_ignore_ascii_case("of"));
    let (month_at, year_at) = (tokens.get(1 + of)?, tokens.get(2 + of)?);
    let dashed = gap(text, month_at, year_at) == "-";
    if !loose(gap(text, tokens.get(of)?, month_at)) || !loose(gap(text, month_at, year_at)) {
        return None;
    }
    let found = date(year(year_at.text, dashed)?, month(month_at.text)?, day)?;
    Some((3 + of, year_at.end, found))
}

/// January 14, 2019.
fn month_first(text: &str, tokens: &[Token<'_>]) -> Option<(usize, usize, Date)> {
    let [a, b, c, ..] = tokens else { return None };
    if !loose(gap(text, a, b)) || !loose(gap(text, b, c)) {
        return None;
    }
    Some((3, c.end, date(year(c.text, false)?, month(a.text)?, ordinal(b.text)?)?))
}

/// Only spaces, a comma, a full stop or a dash stand between the parts of one date.
fn loose(gap: &str) -> bool {
    gap.chars().filter(|c| !c.is_whitespace()).all(|c| matches!(c, ',' | '.' | '-')) && gap.len() <= 6
}

fn ordinal(text: &str) -> Option<i16> {
    let lower = text.to_ascii_lowercase();
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|end| lower.strip_suffix(end)).unwrap_or(&lower);
    digits(bare, 2)
}

fn month(text: &str) -> Option<i16> {
    let lower = text.to_lowercase();
    let at = MONTHS.iter().position(|name| lower.len() >= 3 && name.starts_with(&lower))?;
    i16::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn every_written_form_of_one_day_is_the_same_date() {
        for form in [
            "14/01/2019",
            "14-01-2019",
            "14.01.2019",
            "14/1/2019",
            "14/01/19",
            "14.01.19",
            "14-01-19",
            "2019-01-14",
            "14 January 2019",
            "14th Jan 2019",
            "14th of January, 2019",
            "14-Jan-19",
            "January 14, 2019",
            "14\u{a0}January\u{a0}2019",
            "14/01/2019 00:00:00",
            "2019-01-14T00:00:00",
        ] {
            assert_eq!(only(form), Some(day(2019, 1, 14)), "{form}");
        }
        let weekday = find("on Monday 14 January 2019 at 10:00");
        assert_eq!(weekday.len(), 1);
        assert_eq!(weekday.first().unwrap().date, day(2019, 1, 14));
    }

    #[test]
    fn what_is_not_a_date_is_not_made_one() {
        for form in [
            "",
            "31/02/2019",
            "14/13/2019",
            "January 2019",
            "5.5",
            "14 January",
            "2019",
            "14/01/2019 at noon",
            "5.1.19",
            "40.01.19",
        ] {
            assert_eq!(only(form), None, "{form}");
        }
    }
}

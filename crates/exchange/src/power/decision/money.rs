//! Amounts in pounds as published pages write them (£1.3m, £5,500,000, £5.5 million, c.£3.5m), in
//! whole pence, and which of them are for a year. A total over a term, a weekly price, a price for
//! each child, a saving or one end of a range is never taken for an annual value.

/// An amount for a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Annual {
    pub(super) pence: i64,
    /// Whether the words make it the most that may be spent: "up to", "not exceeding".
    pub(super) ceiling: bool,
}

struct Amount {
    start: usize,
    end: usize,
    pence: i64,
}

/// The annual amounts in the text, in order.
pub(super) fn annual(text: &str) -> Vec<Annual> {
    let amounts = amounts(text);
    let mut found = Vec::new();
    for (at, amount) in amounts.iter().enumerate() {
        let from = at.checked_sub(1).and_then(|before| amounts.get(before)).map_or(0, |before| before.end);
        let to = amounts.get(at + 1).map_or(text.len(), |after| after.start);
        let before = clause_before(text.get(from..amount.start).unwrap_or_default());
        let after = text.get(amount.end..to).unwrap_or_default();
        let range_before = at > 0 && is_range(text.get(from..amount.start).unwrap_or_default());
        let range_after = (to < text.len() && is_range(after)) || after.trim_start().starts_with(['-', '\u{2013}']);
        if range_before || range_after || is_of_another_kind(&before, after) {
            continue;
        }
        if says_annual_before(&before) || says_annual_after(after) {
            found.push(Annual { pence: amount.pence, ceiling: says_ceiling(&before) });
        }
    }
    found
}

fn amounts(text: &str) -> Vec<Amount> {
    text.match_indices('\u{a3}').filter_map(|(start, sign)| amount(text, start, start + sign.len())).collect()
}

fn amount(text: &str, start: usize, after_sign: usize) -> Option<Amount> {
    let rest = text.get(after_sign..)?;
    let spaces = rest.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    let mut length = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.'))).unwrap_or(rest.len());
    let mut number = rest.get(..length)?;
    while number.ends_with([',', '.']) {
        length -= 1;
        number = rest.get(..length)?;
    }
    let (pounds, parts) = number.split_once('.').unwrap_or((number, ""));
    let pounds = pounds.replace(',', "");
    if pounds.is_empty() || pounds.len() > 15 || parts.len() > 12 || parts.contains(['.', ',']) {
        return None;
    }
    let behind = rest.get(length..)?;
    let (times, unit) = unit(behind);
    // Exact in whole numbers: digits with the point taken out, times unit and pence, over the shift.
    let digits: i128 = format!("{pounds}{parts}").parse().ok()?;
    let shift = 10_i128.checked_pow(u32::try_from(parts.len()).ok()?)?;
    let pence = digits.checked_mul(times)?.checked_mul(100)?;
    let pence = (pence % shift == 0).then(|| pence / shift)?;
    Some(Amount { start, end: after_sign + spaces + length + unit, pence: i64::try_from(pence).ok()? })
}

/// The multiple that follows a number, and the bytes it takes.
fn unit(behind: &str) -> (i128, usize) {
    let word_at = behind.len() - behind.trim_start_matches([' ', '\u{a0}']).len();
    let word = behind.get(word_at..).unwrap_or_default();
    let length = word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len());
    let times = match word.get(..length).unwrap_or_default().to_ascii_lowercase().as_str() {
        "k" | "thousand" => 1_000,
        "m" | "mn" | "mil" | "mill" | "million" | "millions" => 1_000_000,
        "bn" | "billion" => 1_000_000_000,
        _ => return (1, 0),
    };
    (times, word_at + length)
}

/// The words before an amount, back to the last stop.
fn clause_before(text: &str) -> Vec<String> {
    let from = [". ", ";", ":\n", "\n"].iter().filter_map(|stop| text.rfind(stop).map(|at| at + stop.len())).max();
    words(text.get(from.unwrap_or(0)..).unwrap_or_default())
}

fn words(text: &str) -> Vec<String> {
    let dotted = text.to_lowercase().replace("p.a.", " pa ").replace("p/a", " pa ");
    dotted
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '(' | '/')))
        .flat_map(|word| word.split_inclusive(['(', '/']))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn is_range(between: &str) -> bool {
    matches!(between.trim(), "to" | "-" | "\u{2013}" | "\u{2014}" | "and" | "up to" | "/")
}

/// Money that is for a year and yet no annual value: savings, prices for one child, income.
fn is_of_another_kind(before: &[String], after: &str) -> bool {
    const OTHER: [&str; 9] =
        ["saving", "savings", "save", "reduction", "income", "increase", "underspend", "overspend", "shortfall"];
    let near = before.iter().rev().take(8);
    let after: Vec<String> = words(after).into_iter().take(8).collect();
    let each = after.windows(2).any(|pair| {
        matches!(pair[0].as_str(), "per" | "each" | "a")
            && matches!(
                pair[1].as_str(),
                "child" | "place" | "placement" | "bed" | "home" | "person" | "provider" | "week"
            )
    });
    each || near.into_iter().any(|word| OTHER.contains(&word.as_str()))
        || after.iter().take(5).any(|word| matches!(word.as_str(), "saving" | "savings" | "reduction"))
}

/// "annual value of up to £5.5m": an annual noun, and between it and the amount no word of another measure.
fn says_annual_before(before: &[String]) -> bool {
    const NOUNS: [&str; 17] = [
        "value",
        "cost",
        "costs",
        "spend",
        "spending",
        "expenditure",
        "budget",
        "limit",
        "ceiling",
        "amount",
        "sum",
        "maximum",
        "contract",
        "total",
        "commitment",
        "estimated",
        "cap",
    ];
    const STOPS: [&str; 18] = [
        "and",
        "with",
        "plus",
        "term",
        "whole",
        "lifetime",
        "life",
        "overall",
        "over",
        "previous",
        "last",
        "year",
        "years",
        "aggregate",
        "month",
        "months",
        "week",
        "weekly",
    ];
    let near: Vec<&str> = before.iter().rev().take(12).map(String::as_str).collect();
    near.iter().enumerate().any(|(at, word)| {
        let of_noun = || at.checked_sub(1).is_some_and(|next| near.get(next).is_some_and(|noun| NOUNS.contains(noun)));
        let said = match *word {
            "annual" | "yearly" | "annualised" => of_noun(),
            "annum" => of_noun() && near.get(at + 1) == Some(&"per"),
            _ => false,
        };
        let between = near.iter().take(at);
        let total_later = near.iter().take(at.saturating_sub(1)).any(|word| *word == "total");
        said && !total_later && !between.into_iter().any(|word| STOPS.contains(word))
    })
}

/// "£1.3m a year", "£3.5 million (excluding VAT) per annum", "£1.3m/year", "£1.3m pa".
fn says_annual_after(after: &str) -> bool {
    const BETWEEN: [&str; 18] = [
        "(",
        "in",
        "total",
        "excluding",
        "excl",
        "ex",
        "exc",
        "vat",
        "of",
        "plus",
        "net",
        "gross",
        "for",
        "inclusive",
        "including",
        "/",
        "and",
        "being",
    ];
    let clause = after.split(['.', ';', '\n']).next().unwrap_or_default();
    let clause = if after.to_lowercase().contains("p.a") { after } else { clause };
    let words = words(clause);
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let next = words.get(at + 1).map(String::as_str).unwrap_or_default();
        let third = words.get(at + 2).map(String::as_str).unwrap_or_default();
        let year = |word: &str| matches!(word, "year" | "annum");
        match word.as_str() {
            "annually" | "yearly" | "pa" => return true,
            "per" | "a" | "each" | "every" | "/" | "any" | "in" | "for" if year(next) => {
                // "for year 1" and "in year 2" are one year of several
                return !matches!(word.as_str(), "in" | "for");
            }
            "per" | "each" | "every" | "a" | "any" | "one"
                if matches!(next, "financial" | "contract") && year(third) =>
            {
                return true;
            }
            between if BETWEEN.contains(&between) && at < 5 => at += 1,
            _ => return false,
        }
    }
    false
}

fn says_ceiling(before: &[String]) -> bool {
    let near: Vec<&str> = before.iter().rev().take(12).map(String::as_str).collect();
    near.iter().any(|word| matches!(*word, "maximum" | "ceiling" | "limit" | "cap" | "exceeding" | "exceed"))
        || near.windows(2).any(|pair| pair == ["to", "up"] || pair == ["than", "more"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pence(text: &str) -> Vec<i64> {
        annual(text).iter().map(|annual| annual.pence).collect()
    }

    #[test]
    fn every_written_form_of_an_annual_amount_is_read_in_pence() {
        for (text, expected) in [
            ("purchasing up to an annual value of £5.5m ;", 550_000_000),
            ("an annual value of £5,500,000", 550_000_000),
            ("at £1.3m a year", 130_000_000),
            ("expenditure of c.£3.5 million per annum", 350_000_000),
            ("c. £3.5m p.a.", 350_000_000),
            ("£495m per year", 49_500_000_000),
            ("£1.3m (excluding VAT) per annum", 130_000_000),
            ("£250k pa", 25_000_000),
            ("£1.3m per annum and up to £6.3m over the term", 130_000_000),
            ("£1.3m annually and up to £6.3m in all", 130_000_000),
            ("£250,000.50 annually", 25_000_050),
            ("£1.3m/year", 130_000_000),
            ("estimated annual cost for Herefordshire is around £2\u{a0}million", 200_000_000),
            ("£5.5m in each financial year", 550_000_000),
            ("a total of £16.5m over three years, at an annual value of £5.5m", 550_000_000),
        ] {
            assert_eq!(pence(text), [expected], "{text}");
        }
    }

    #[test]
    fn money_that_is_not_for_a_year_is_never_the_annual_value() {
        for text in [
            "a total value of £16.5m over the three-year term",
            "£6.3m over up to 5 years",
            "£6,250 per week",
            "a saving of £200k per annum",
            "each year's share, and £16.5m in all",
            "£180,000 per child per year",
            "between £3m and £4m per annum",
            "£3-4m per annum",
            "the annual review found that £16.5m was spent",
            "£5.5m",
            "£2m for year 1",
            "£",
            "£,. per annum",
        ] {
            assert_eq!(pence(text), [0_i64; 0], "{text}");
        }
    }
}

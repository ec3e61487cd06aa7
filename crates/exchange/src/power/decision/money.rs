//! Amounts in pounds as published pages write them (£1.3m, £5,500,000, £3½ million, GBP 5.5m), in whole pence, and which
//! of them are for a year. A total over a term, a weekly price, a price for each child, a saving or one end of a range is
//! never taken for an annual value; and where another amount, an earlier value or one year of several stands beside it in
//! the sentence, none is taken and the doubt is told.

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
    /// None where the figures cannot be read for certain.
    pence: Option<i64>,
}

/// What an amount is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Annual(Annual),
    /// A value before this decision, or of one year of several.
    Doubtful,
    /// Something else that its words name: a total, a price, a saving, an end of a range.
    Other,
    /// Nothing says what it is for.
    Unclaimed,
}

/// The annual amounts in the text, in order; none from a sentence that leaves in doubt which amount holds.
pub(super) fn annual(text: &str) -> Vec<Annual> {
    sentences(text).into_iter().flat_map(|sentence| read(sentence).unwrap_or_default()).collect()
}

/// Whether a sentence states an annual amount and leaves in doubt which one holds.
pub(super) fn in_doubt(text: &str) -> bool {
    sentences(text).into_iter().any(|sentence| read(sentence).is_none())
}

/// The annual amounts of one sentence; none where they are in doubt.
fn read(sentence: &str) -> Option<Vec<Annual>> {
    let amounts = amounts(sentence);
    if let Some(changed) = changed_to(sentence, &amounts) {
        return Some(vec![changed]);
    }
    let kinds: Vec<Kind> = (0..amounts.len()).map(|at| kind(sentence, &amounts, at)).collect();
    let annuals: Vec<Annual> =
        kinds.iter().filter_map(|kind| if let Kind::Annual(annual) = kind { Some(*annual) } else { None }).collect();
    let doubtful = kinds.contains(&Kind::Doubtful);
    let unclaimed = kinds.contains(&Kind::Unclaimed);
    let unread = amounts.iter().any(|amount| amount.pence.is_none()) && says_annual(sentence);
    // Another value is given, and the sentence does not settle which.
    let unsettled = says_annual(sentence) && (unclaimed || (amounts.len() > 1 && says_change(&words(sentence))));
    let in_doubt = doubtful || unread || if annuals.is_empty() { unsettled } else { unclaimed };
    (!in_doubt).then_some(annuals)
}

fn says_change(words: &[String]) -> bool {
    words.iter().any(|word| CHANGES.contains(&word.as_str()))
}

fn says_annual(sentence: &str) -> bool {
    words(sentence)
        .iter()
        .any(|word| matches!(word.as_str(), "annual" | "annum" | "annually" | "yearly" | "pa" | "year"))
}

/// Words of a value that is given another.
const CHANGES: [&str; 18] = [
    "raise",
    "raised",
    "raising",
    "raises",
    "increase",
    "increased",
    "increasing",
    "increases",
    "uplift",
    "uplifted",
    "lower",
    "lowered",
    "reduce",
    "reduced",
    "change",
    "changed",
    "amend",
    "amended",
];

/// "raise the annual value from £4.5m to not more than £5.5m": two amounts, the second of which holds.
fn changed_to(sentence: &str, amounts: &[Amount]) -> Option<Annual> {
    let [old, new] = amounts else { return None };
    let before = words(sentence.get(..old.start)?);
    let between = words(sentence.get(old.end..new.start)?);
    let after = words(sentence.get(new.end..)?);
    let limits = ["not", "more", "than", "up", "a", "maximum", "of", "no", "to", "per", "annum", "pa", "year"];
    let joined = between.iter().any(|word| word == "to") && between.iter().all(|word| limits.contains(&word.as_str()));
    let from = before.last().is_some_and(|word| word == "from");
    let changes = says_change(&before);
    let yearly =
        says_annual(sentence) && !before.iter().any(|word| matches!(word.as_str(), "total" | "saving" | "savings"));
    let one_year =
        names_one_year(&after) || after.iter().any(|word| matches!(word.as_str(), "week" | "month" | "child"));
    let sound = from && joined && changes && yearly && !one_year && old.pence.is_some() && old.pence != new.pence;
    new.pence.filter(|_| sound).map(|pence| Annual { pence, ceiling: true })
}

fn kind(sentence: &str, amounts: &[Amount], at: usize) -> Kind {
    let Some(amount) = amounts.get(at) else { return Kind::Other };
    let Some(pence) = amount.pence else { return Kind::Unclaimed };
    let from = at.checked_sub(1).and_then(|before| amounts.get(before)).map_or(0, |before| before.end);
    let to = amounts.get(at + 1).map_or(sentence.len(), |after| after.start);
    let (gap, after) =
        (sentence.get(from..amount.start).unwrap_or_default(), sentence.get(amount.end..to).unwrap_or_default());
    let before = words(gap);
    let range_before = at > 0 && is_range(gap, sentence);
    let range_after =
        (to < sentence.len() && is_range(after, sentence)) || after.trim_start().starts_with(['-', '\u{2013}']);
    if range_before || range_after || is_of_another_kind(&before, after) {
        return Kind::Other;
    }
    if says_annual_before(&before) || says_annual_after(after) {
        let earlier = says_earlier(&before) || names_one_year(&words(after));
        let annual = Annual { pence, ceiling: says_ceiling(&before) };
        return if earlier { Kind::Doubtful } else { Kind::Annual(annual) };
    }
    if is_total(&before, after) { Kind::Other } else { Kind::Unclaimed }
}

/// "from £4.5m", "currently £4.5m", "the existing annual value of £4.5m".
fn says_earlier(before: &[String]) -> bool {
    let near: Vec<&str> = before.iter().rev().take(9).map(String::as_str).collect();
    let from = near.iter().take(3).position(|word| *word == "from");
    let limited =
        |at: usize| near.iter().take(at).all(|word| matches!(*word, "up" | "to" | "of" | "a" | "about" | "c"));
    from.is_some_and(limited)
        || near.iter().any(|word| {
            matches!(
                *word,
                "currently"
                    | "current"
                    | "existing"
                    | "present"
                    | "presently"
                    | "previous"
                    | "previously"
                    | "former"
                    | "formerly"
                    | "last"
                    | "rising"
                    | "original"
                    | "originally"
                    | "was"
                    | "were"
                    | "old"
                    | "instead"
            )
        })
}

/// "in year 1", "in the first year", "for 2019/20": one year of several.
fn names_one_year(after: &[String]) -> bool {
    let near: Vec<&str> = after.iter().take(7).map(String::as_str).collect();
    let numbered = |word: &str| matches!(word, "1" | "2" | "3" | "4" | "5" | "one" | "two" | "three" | "four" | "five");
    let ordinal = |word: &str| matches!(word, "first" | "second" | "third" | "fourth" | "final");
    let calendar = |word: &str| {
        let year = word.trim_end_matches('/');
        year.len() == 4 && year.starts_with("20") && year.bytes().all(|byte| byte.is_ascii_digit())
    };
    near.windows(2).any(|pair| {
        let [first, second] = pair else { return false };
        (*first == "year" && numbered(second))
            || (ordinal(first) && *second == "year")
            || (matches!(*first, "in" | "for" | "during") && calendar(second))
    })
}

/// A sum over more than a year, or of everything: "a total of £16.5m over three years", "£16.5m in all".
fn is_total(before: &[String], after: &str) -> bool {
    let near = before.iter().rev().take(6);
    let total = near.into_iter().any(|word| {
        matches!(word.as_str(), "total" | "totalling" | "overall" | "whole" | "lifetime" | "aggregate" | "cumulative")
    });
    let after = words(after);
    let ahead: Vec<&str> = after.iter().take(9).map(String::as_str).collect();
    let over = ahead.first().is_some_and(|word| matches!(*word, "over" | "across" | "throughout"))
        || ahead.windows(2).any(|pair| matches!(pair, ["in", "all" | "total"] | ["over", _]));
    let term = ahead.iter().any(|word| matches!(*word, "years" | "term" | "period" | "life" | "months"));
    total || over || (term && ahead.iter().any(|word| matches!(*word, "for" | "over" | "across" | "during")))
}

/// The parts of a text in which one amount explains another.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, mark) in text.match_indices(['.', ';', '\n']) {
        let rest = text.get(at + mark.len()..).unwrap_or_default();
        let next = rest.trim_start().chars().next();
        let ends = mark != "." || (rest.starts_with(char::is_whitespace) && next.is_some_and(char::is_uppercase));
        if ends {
            found.push(text.get(from..at).unwrap_or_default());
            from = at + mark.len();
        }
    }
    found.push(text.get(from..).unwrap_or_default());
    found
}

fn amounts(text: &str) -> Vec<Amount> {
    let mut signs: Vec<(usize, usize)> = text.match_indices('\u{a3}').map(|(at, sign)| (at, at + sign.len())).collect();
    for (at, code) in text.match_indices("GBP") {
        let apart = |c: char| !c.is_alphanumeric();
        let before = text.get(..at).and_then(|before| before.chars().last()).is_none_or(apart);
        let follows =
            text.get(at + code.len()..).is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()));
        if before && follows {
            signs.push((at, at + code.len()));
        }
    }
    signs.sort_unstable();
    signs.into_iter().filter_map(|(start, after)| amount(text, start, after)).collect()
}

/// The amount behind a pound sign; none where no figure follows it.
fn amount(text: &str, start: usize, after_sign: usize) -> Option<Amount> {
    let rest = text.get(after_sign..)?;
    let spaces = rest.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    let mut length = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.'))).unwrap_or(rest.len());
    while rest.get(..length)?.ends_with([',', '.']) {
        length -= 1;
    }
    let number = rest.get(..length)?;
    let behind = rest.get(length..)?;
    let (part, part_length) = part_of_one(behind);
    if number.is_empty() && part_length == 0 {
        return None;
    }
    let behind = behind.get(part_length..)?;
    let (times, unit) = unit(behind);
    let end = after_sign + spaces + length + part_length + unit;
    let odd = unit == 0 && behind.starts_with(|c: char| c.is_numeric() || c == '%');
    let pence = pence(number, part, times).filter(|_| !odd);
    Some(Amount { start, end, pence })
}

/// Exact in whole numbers: digits with the point taken out, times unit and pence, over the shift.
fn pence(number: &str, part: i128, times: i128) -> Option<i64> {
    let (pounds, decimals) = number.split_once('.').unwrap_or((number, ""));
    let mut groups = pounds.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = pounds.contains(',');
    let sound = groups.all(|group| group.len() == 3) && (!grouped || (1..=3).contains(&first.len()));
    let pounds = pounds.replace(',', "");
    if !sound || pounds.len() > 15 || decimals.len() > 12 || decimals.contains(['.', ',']) {
        return None;
    }
    if part > 0 && !decimals.is_empty() {
        return None;
    }
    let digits: i128 = format!("0{pounds}{decimals}").parse().ok()?;
    let shift = 10_i128.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    // quarters, so that 3½ stays whole
    let quarters = digits.checked_mul(4)?.checked_add(part)?;
    let pence = quarters.checked_mul(times)?.checked_mul(100)?;
    let over = shift.checked_mul(4)?;
    let pence = (pence % over == 0).then(|| pence / over)?;
    i64::try_from(pence).ok()
}

/// A written half or quarter, in quarters, and the bytes it takes.
fn part_of_one(behind: &str) -> (i128, usize) {
    let quarters = match behind.chars().next() {
        Some('\u{bc}') => 1,
        Some('\u{bd}') => 2,
        Some('\u{be}') => 3,
        _ => return (0, 0),
    };
    (quarters, '\u{bd}'.len_utf8())
}

/// The multiple that follows a number, and the bytes it takes; "(five and a half)" may stand between.
fn unit(behind: &str) -> (i128, usize) {
    let spelt = behind.trim_start().strip_prefix('(').and_then(|inside| {
        let (words, rest) = inside.split_once(')')?;
        let plain = words.len() <= 60 && words.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
        plain.then_some(behind.len() - rest.len())
    });
    let skipped = spelt.unwrap_or(0);
    let rest = behind.get(skipped..).unwrap_or_default();
    let word_at = rest.len() - rest.trim_start_matches([' ', '\u{a0}']).len();
    let word = rest.get(word_at..).unwrap_or_default();
    let length = word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len());
    let times = match word.get(..length).unwrap_or_default().to_ascii_lowercase().as_str() {
        "k" | "thousand" => 1_000,
        "m" | "mn" | "mil" | "mill" | "million" | "millions" => 1_000_000,
        "bn" | "billion" => 1_000_000_000,
        _ => return (1, 0),
    };
    (times, skipped + word_at + length)
}

fn words(text: &str) -> Vec<String> {
    let dotted = text.to_lowercase().replace("p.a.", " pa ").replace("p.a", " pa ").replace("p/a", " pa ");
    dotted
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '(' | '/')))
        .flat_map(|word| word.split_inclusive(['(', '/']))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether two amounts are the ends of a range; "and" joins one only behind "between".
fn is_range(gap: &str, sentence: &str) -> bool {
    match gap.trim() {
        "and" => words(sentence).iter().any(|word| word == "between"),
        joint => matches!(joint, "to" | "-" | "\u{2013}" | "\u{2014}" | "up to" | "/"),
    }
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
            ("an annual value of £3\u{bd}m", 350_000_000),
            ("£3\u{bd} million a year", 350_000_000),
            ("£5.5 (five and a half) million per annum", 550_000_000),
            ("GBP 5.5m per annum", 550_000_000),
            ("GBP5,500,000 a year", 550_000_000),
            ("raise the annual value from £4.5m to not more than £5.5m", 550_000_000),
            ("the annual value be increased from £4.5m to £5.5m", 550_000_000),
            ("increase the ceiling from £4,500,000 per annum to a maximum of £5,500,000 per annum", 550_000_000),
            ("up to an annual value of £5.5m from 1 April 2020", 550_000_000),
            ("an annual value of £5.5m. Currently £4.5m is spent", 550_000_000),
            ("a total of £16.5m over three years, at an annual value of £5.5m", 550_000_000),
        ] {
            assert_eq!(pence(text), [expected], "{text}");
        }
    }

    #[test]
    fn rule_2_3_an_annual_amount_beside_another_is_asked_for_and_never_guessed() {
        for text in [
            "adopt at an annual value of £5.5m, the current annual value being £4.5m",
            "an annual value of £5.5m against the existing £4.5m",
            "an annual value of £5.5m in year 1 and £6m in year 2",
            "an annual value of £2m in the first year",
            "an annual value of £5.5m for 2019/20",
            "maintain the current annual value of £4.5m",
            "an annual value of £5,5m",
            "an annual value of £5\u{2153}m",
            "up to an annual value of £5.5m and £1m of grant",
            "raise the annual value from £4.5m to £5.5m and then £6m",
            "raise the annual value from £4.5m to £5.5m in year 1",
        ] {
            assert_eq!(pence(text), [0_i64; 0], "{text}");
            assert!(in_doubt(text), "{text}");
        }
        for text in
            ["adopt it at £5.5m", "£16.5m over three years", "£6,250 per week and £5m", "a budget of £3\u{2153}m"]
        {
            assert!(!in_doubt(text), "{text}");
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
            "increase the annual value of £4.5m by £1m",
            "£",
            "£,. per annum",
        ] {
            assert_eq!(pence(text), [0_i64; 0], "{text}");
        }
    }
}

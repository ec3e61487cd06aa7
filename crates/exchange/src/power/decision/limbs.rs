//! What each limb of a decision allows: acts by code, the posts that may do them, and the ceiling.
//! Only what the words say counts, and words in a clause that denies give nothing: a power left
//! out is asked for, a power read in would be a breach.

use serde::Serialize;

use super::{money, posts};

/// One limb of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limb {
    /// Its letter or number as published, in lower case; null for a decision in one piece.
    pub letter: Option<String>,
    /// Its words.
    pub text: String,
    /// What it allows.
    pub powers: Vec<Power>,
}

/// One act that a limb allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Power {
    /// The act: `adopt`, `ceiling`, `operational_decisions`, `award_placement_agreement`,
    /// `award_mini_block`, `award_block`, `award_contract`, `spot_purchase`, `extend`, `vary`.
    pub act: &'static str,
    /// The posts that may do it, as named; none where the limb is itself the act.
    pub posts: Vec<String>,
    /// The most that may be spent in a year, in pence; for `ceiling` alone.
    pub ceiling_pence: Option<i64>,
}

/// Acts by the words that grant them, in the order in which they are listed.
const ACTS: [(&str, &[&str]); 8] = [
    ("adopt", &["adopt"]),
    ("operational_decisions", &["operational decision"]),
    (
        "award_placement_agreement",
        &["placement agreement", "individual placement contract", "call-off contract", "call off contract"],
    ),
    ("award_mini_block", &["mini-block", "mini block", "miniblock"]),
    ("award_block", &["block contract", "block purchas", "block placement"]),
    ("spot_purchase", &["spot-purchas", "spot purchas", "spot contract", "spot placement"]),
    ("extend", &["extend the", "exercise the option", "extension of the", "approve the extension"]),
    ("vary", &["variation", "vary the"]),
];

/// No limb that a person wrote names one act more often; bounds the work on one that nobody wrote.
const MENTIONS: usize = 40;

impl Limb {
    pub(super) fn of(letter: Option<String>, text: String) -> Self {
        let powers = powers(&text);
        Self { letter, text, powers }
    }
}

fn powers(text: &str) -> Vec<Power> {
    let lower = text.to_lowercase().replace(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}'], "-");
    let posts = posts::named(text);
    let mut powers = Vec::new();
    for (act, words) in ACTS {
        if words.iter().any(|word| grants(&lower, act, word)) {
            powers.push(Power { act, posts: posts.clone(), ceiling_pence: None });
        }
        if act == "adopt" {
            powers.extend(ceiling(text, &posts));
        }
    }
    if !powers.iter().any(|power| power.act.starts_with("award_")) && awards_a_contract(&lower) {
        powers.push(Power { act: "award_contract", posts, ceiling_pence: None });
    }
    powers
}

/// The one annual amount of the limb; several settle nothing.
fn ceiling(text: &str, posts: &[String]) -> Option<Power> {
    if denies_money(text) {
        return None;
    }
    let annuals = money::annual(text);
    let (first, rest) = annuals.split_first()?;
    (first.ceiling && rest.iter().all(|annual| annual.pence == first.pence)).then(|| Power {
        act: "ceiling",
        posts: posts.to_vec(),
        ceiling_pence: Some(first.pence),
    })
}

/// Whether every amount in the text stands in a clause that denies it: "an annual value of £6m be refused".
pub(super) fn denies_money(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut amounts = lower.match_indices('\u{a3}').take(MENTIONS).peekable();
    amounts.peek().is_some()
        && amounts.all(|(at, _)| denied(lower.get(..at).unwrap_or_default(), lower.get(at..).unwrap_or_default()))
}

fn grants(lower: &str, act: &str, word: &str) -> bool {
    lower.match_indices(word).take(MENTIONS).any(|(at, found)| {
        let before = lower.get(..at).unwrap_or_default();
        let after = lower.get(at + found.len()..).unwrap_or_default();
        // "operational decisions to spot-purchase" are those alone
        let only_spot =
            act == "operational_decisions" && after.trim_start_matches('s').trim_start().starts_with("to spot");
        // "mini-block contracts" are not block contracts
        let part_of_mini = act == "award_block"
            && before.ends_with(['-', ' '])
            && before.trim_end_matches(['-', ' ']).ends_with("mini");
        !only_spot && !part_of_mini && !denied(before, after)
    })
}

fn awards_a_contract(lower: &str) -> bool {
    lower.match_indices("contract").take(MENTIONS).any(|(at, _)| {
        let before = lower.get(..at).unwrap_or_default();
        let after = lower.get(at..).unwrap_or_default();
        let mut near = before.split_whitespace().rev().take(8).chain(after.split_whitespace().take(8));
        near.any(|word| matches!(word, "award" | "awarded" | "awarding")) && !denied(before, after)
    })
}

/// Whether the clause around the words says no.
fn denied(before: &str, after: &str) -> bool {
    let clause_start = before.rfind([';', '.', ':', '\n']).map_or(0, |at| at + 1);
    let clause_end = after.find([';', '.', '\n']).unwrap_or(after.len());
    let clause = format!(
        "{}\u{1}{}",
        before.get(clause_start..).unwrap_or_default(),
        after.get(..clause_end).unwrap_or_default()
    );
    let harmless = [
        "not exceeding",
        "not exceed",
        "not limited to",
        "not more than",
        "no more than",
        "whether or not",
        "no later than",
        "not later than",
    ];
    let clause = harmless.iter().fold(clause, |clause, phrase| clause.replace(phrase, ""));
    clause.split(|c: char| !(c.is_alphanumeric() || c == '\u{1}')).any(|word| {
        matches!(
            word,
            "not"
                | "no"
                | "never"
                | "nor"
                | "neither"
                | "cannot"
                | "excluding"
                | "except"
                | "excepting"
                | "rejected"
                | "refused"
                | "declined"
                | "revoked"
                | "cease"
                | "ceased"
                | "without"
                | "deferred"
                | "noted"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acts(text: &str) -> Vec<&'static str> {
        powers(text).iter().map(|power| power.act).collect()
    }

    #[test]
    fn a_limb_allows_what_its_words_say_and_no_more() {
        assert_eq!(acts("the FCA be adopted up to an annual value of \u{a3}5.5m"), ["adopt", "ceiling"]);
        assert_eq!(acts("the FCA be adopted for a total of up to \u{a3}16.5m over three years"), ["adopt"]);
        assert_eq!(acts("take all necessary operational decisions to spot-purchase placements"), ["spot_purchase"]);
        assert_eq!(acts("award block contracts to four providers"), ["award_block"]);
        assert_eq!(acts("award the contract for short breaks to a provider"), ["award_contract"]);
        assert!(acts("the report be received").is_empty());
    }

    #[test]
    fn a_clause_that_denies_gives_no_power() {
        assert!(acts("spot purchasing outside the FCA is not authorised").is_empty());
        assert!(acts("no power is given to award mini-block contracts").is_empty());
        assert_eq!(acts("mini-block contracts not exceeding six beds be awarded"), ["award_mini_block"]);
    }

    #[test]
    fn a_refused_amount_sets_no_ceiling() {
        assert!(acts("the request for an annual value of up to \u{a3}6m be refused").is_empty());
        assert_eq!(acts("an annual value not exceeding \u{a3}6m be approved"), ["ceiling"]);
    }

    #[test]
    fn two_annual_amounts_in_one_limb_set_no_ceiling() {
        assert!(acts("lot 1 up to \u{a3}2m per annum and lot 2 up to \u{a3}3m per annum").is_empty());
    }
}

//! What each limb of a decision allows: acts by code, the posts that may do them, and the ceiling.
//! Only words that grant count: a verb, an act and a post in one clause. Words in a clause that denies, or that wait
//! for a further decision, give nothing: a power left out is asked for, a power read in would be a breach.

use serde::Serialize;

use super::money;
use super::posts::{self, Grant};

/// One limb of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limb {
    /// Its label as published, in lower case; null for a limb that bears none.
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
    /// `award_mini_block`, `award_block`, `award_contract`, `spot_purchase`, `sub_delegate`, `extend`, `vary`.
    pub act: &'static str,
    /// The posts that may do it, as named; none where the limb is itself the act.
    pub posts: Vec<String>,
    /// The most that may be spent in a year, in pence; for `ceiling` alone.
    pub ceiling_pence: Option<i64>,
}

/// What has to stand before the words of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// The words are the act.
    Nothing,
    /// A word of awarding.
    Award,
}

/// Acts by the words that grant them, in the order in which they are listed.
const ACTS: [(&str, Needs, &[&str]); 8] = [
    ("operational_decisions", Needs::Nothing, &["operational decision"]),
    (
        "award_placement_agreement",
        Needs::Award,
        &["placement agreement", "individual placement contract", "call-off contract", "call off contract"],
    ),
    ("award_mini_block", Needs::Award, &["mini-block", "mini block", "miniblock"]),
    ("award_block", Needs::Award, &["block contract", "block purchas", "block placement"]),
    ("spot_purchase", Needs::Nothing, &["spot-purchas", "spot purchas", "spot contract", "spot placement"]),
    ("sub_delegate", Needs::Nothing, &["sub-delegate", "sub delegate", "subdelegate"]),
    ("extend", Needs::Nothing, &["extend the", "exercise the option", "extension of the", "approve the extension"]),
    ("vary", Needs::Nothing, &["variation", "vary the"]),
];

/// Acts that a decision may do itself, with no post to do them.
const DIRECT: [&str; 2] = ["award_block", "extend"];

/// No limb that a person wrote names one act more often; bounds the work on one that nobody wrote.
const MENTIONS: usize = 40;

impl Limb {
    /// A limb with its words; `lead` are the words that stand before the list of limbs.
    pub(super) fn of(letter: Option<String>, text: String, lead: &str) -> Self {
        let powers = powers(&text, lead);
        Self { letter, text, powers }
    }
}

fn powers(text: &str, lead: &str) -> Vec<Power> {
    let text = posts::plain(text);
    let lower = text.to_lowercase();
    let clauses = clauses(&text, lead);
    let mut powers = Vec::new();
    if adopts(&lower) {
        powers.push(Power { act: "adopt", posts: Vec::new(), ceiling_pence: None });
    }
    powers.extend(ceiling(&text));
    for (act, needs, words) in ACTS {
        let mut posts: Vec<String> = Vec::new();
        let mut granted = false;
        for Clause { lower, grants } in &clauses {
            for grant in grants.iter().filter(|grant| !grant.posts.is_empty()) {
                if words.iter().any(|word| grants_act(lower, &grant.scope, act, needs, word)) {
                    granted = true;
                    posts.extend(grant.posts.iter().filter(|post| !posts.contains(post)).cloned().collect::<Vec<_>>());
                }
            }
            let direct = DIRECT.contains(&act) && grants.is_empty();
            granted |= direct && words.iter().any(|word| grants_act(lower, lower, act, needs, word));
        }
        if granted {
            powers.push(Power { act, posts, ceiling_pence: None });
        }
    }
    if !powers.iter().any(|power| power.act.starts_with("award_")) && awards_a_contract(&lower) {
        let posts = clauses.iter().flat_map(|clause| &clause.grants).flat_map(|grant| grant.posts.clone()).collect();
        powers.push(Power { act: "award_contract", posts, ceiling_pence: None });
    }
    powers
}

/// A part of a limb between stops, with its grants.
struct Clause {
    lower: String,
    grants: Vec<Grant>,
}

/// The clauses of a text. One that goes on with a list, "to award ...; to buy ...", goes on with the posts too.
fn clauses(text: &str, lead: &str) -> Vec<Clause> {
    let (lead_posts, lead_grants) = posts::of_lead(lead);
    let mut holding: Option<Vec<String>> = lead_grants.then(|| lead_posts.clone());
    let mut listing = lead_grants;
    let mut found: Vec<Clause> = Vec::new();
    for part in text.split_inclusive([';', ':', '\u{2022}']).flat_map(sentences).take(200) {
        let lower = part.to_lowercase();
        let mut grants = posts::grants(part.trim_end_matches([';', ':', '\u{2022}']), &lead_posts);
        let goes_on = {
            let words = lower.trim_start().trim_start_matches(['-', '\u{2022}', ',']).trim_start();
            let words = words.strip_prefix("and ").unwrap_or(words);
            listing || words.starts_with("to ")
        };
        match grants.last() {
            Some(last) => holding = Some(last.posts.clone()).filter(|posts| !posts.is_empty()),
            None => {
                if let Some(posts) = holding.clone().filter(|_| goes_on) {
                    grants.push(Grant { posts, scope: lower.clone() });
                }
            }
        }
        if part.trim_end().ends_with(':') {
            listing = holding.is_some();
        } else if part.trim_end().ends_with('.') {
            listing = lead_grants;
            holding = lead_grants.then(|| lead_posts.clone());
        }
        found.push(Clause { lower, grants });
    }
    found
}

/// A part taken apart after each full stop that ends a sentence.
fn sentences(part: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = part;
    while let Some(at) = rest
        .match_indices(". ")
        .map(|(at, _)| at)
        .find(|at| rest.get(at + 2..).and_then(|after| after.chars().next()).is_some_and(char::is_uppercase))
    {
        let (head, tail) = rest.split_at(at + 1);
        found.push(head);
        rest = tail;
    }
    found.push(rest);
    found
}

/// Whether the text adopts an arrangement: "adoption placements" and an adopted minute do not.
fn adopts(lower: &str) -> bool {
    const OBJECTS: [&str; 9] =
        ["arrangement", "framework", "fca", "contract", "agreement", "scheme", "system", "dps", "it"];
    lower.match_indices("adopt").take(MENTIONS).any(|(at, _)| {
        let (before, after) = (lower.get(..at).unwrap_or_default(), lower.get(at..).unwrap_or_default());
        let begins = before.chars().last().is_none_or(|c| !c.is_alphanumeric());
        let word = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let rest = after.get(word.len()..).unwrap_or_default();
        let verb = match word {
            "adopt" | "adopts" | "adopted" | "adopting" => true,
            "adoption" => rest.starts_with(" of "),
            _ => false,
        };
        let (head, tail) = clause_of(before, after);
        let named = head.split(|c: char| !c.is_alphanumeric()).chain(tail.split(|c: char| !c.is_alphanumeric()));
        begins && verb && !denied(before, after) && named.into_iter().any(|word| OBJECTS.contains(&word))
    })
}

/// The one annual amount of the limb; several settle nothing.
fn ceiling(text: &str) -> Option<Power> {
    if denies_money(text) {
        return None;
    }
    let annuals = money::annual(text);
    let (first, rest) = annuals.split_first()?;
    (first.ceiling && rest.iter().all(|annual| annual.pence == first.pence)).then(|| Power {
        act: "ceiling",
        posts: Vec::new(),
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

/// Words that say what is done with an act, other than doing it.
const OTHER_VERBS: [&str; 36] = [
    "report",
    "reports",
    "reporting",
    "review",
    "reviewing",
    "monitor",
    "monitoring",
    "consider",
    "considering",
    "explore",
    "exploring",
    "reduce",
    "reducing",
    "minimise",
    "minimising",
    "avoid",
    "avoiding",
    "replace",
    "replacing",
    "evaluate",
    "evaluating",
    "consult",
    "negotiate",
    "end",
    "terminate",
    "terminating",
    "manage",
    "managing",
    "rather",
    "instead",
    "recommend",
    "propose",
    "prepare",
    "bring",
    "seek",
    "proposals",
];
const AWARD_VERBS: [&str; 17] = [
    "award", "awards", "awarding", "enter", "entering", "call", "let", "letting", "sign", "execute", "conclude",
    "issue", "make", "making", "approve", "agree", "complete",
];
const DOING: [&str; 10] =
    ["take", "taking", "purchase", "buy", "procure", "commission", "use", "undertake", "authorise", "give"];

fn grants_act(clause: &str, scope: &str, act: &str, needs: Needs, word: &str) -> bool {
    scope.match_indices(word).take(MENTIONS).any(|(at, found)| {
        let before = scope.get(..at).unwrap_or_default();
        let after = scope.get(at + found.len()..).unwrap_or_default();
        // "operational decisions to spot-purchase" are those alone
        let only_spot =
            act == "operational_decisions" && after.trim_start_matches('s').trim_start().starts_with("to spot");
        // "mini-block contracts" are not block contracts
        let part_of_mini = act == "award_block"
            && before.ends_with(['-', ' '])
            && before.trim_end_matches(['-', ' ']).ends_with("mini");
        !only_spot && !part_of_mini && done(before, after, needs) && !waits(before, after) && !denied("", clause)
    })
}

/// Whether the last verb before the words does the act, rather than reporting on it or ending it.
fn done(before: &str, after: &str, needs: Needs) -> bool {
    let mut words = before.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let known = |word: &&str| AWARD_VERBS.contains(word) || OTHER_VERBS.contains(word) || DOING.contains(word);
    let last = words.rfind(known);
    match needs {
        Needs::Nothing => last.is_none_or(|verb| !OTHER_VERBS.contains(&verb)),
        Needs::Award => {
            let awarded = after.split(|c: char| !c.is_alphanumeric()).take(14).any(|word| word == "awarded");
            last.is_some_and(|verb| AWARD_VERBS.contains(&verb)) || (last.is_none() && awarded)
        }
    }
}

/// Whether the part of the clause around the words waits for a further decision.
fn waits(before: &str, after: &str) -> bool {
    let start = before.rfind([',', '(']).map_or(0, |at| at + 1);
    let end = after.find([',', ')']).unwrap_or(after.len());
    let part = format!("{} {}", before.get(start..).unwrap_or_default(), after.get(..end).unwrap_or_default());
    let Some(at) = part.find("subject to") else { return false };
    let words = part.get(at + "subject to".len()..).unwrap_or_default().split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).take(8).any(|word| {
        matches!(
            word,
            "decision" | "decisions" | "report" | "reports" | "governance" | "cabinet" | "approval" | "board"
        )
    })
}

fn awards_a_contract(lower: &str) -> bool {
    lower.match_indices("contract").take(MENTIONS).any(|(at, _)| {
        let before = lower.get(..at).unwrap_or_default();
        let after = lower.get(at..).unwrap_or_default();
        // "mini-block contracts" and placement contracts are acts of their own, granted or not
        let own = ["block", "spot", "placement", "call-off", "call off"];
        let plain = !own.iter().any(|kind| before.trim_end_matches([' ', '-']).ends_with(kind));
        let mut near = before.split_whitespace().rev().take(8).chain(after.split_whitespace().take(8));
        plain
            && near.any(|word| matches!(word, "award" | "awarded" | "awarding"))
            && !waits(before, after)
            && !denied(before, after)
    })
}

/// The clause around a place: its words before, and from there on.
fn clause_of<'a>(before: &'a str, after: &'a str) -> (&'a str, &'a str) {
    let start = before.rfind([';', ':', '\n']).map_or(0, |at| at + 1).max(before.rfind(". ").map_or(0, |at| at + 2));
    let end = after.find([';', '\n']).unwrap_or(after.len()).min(after.find(". ").unwrap_or(after.len()));
    (before.get(start..).unwrap_or_default(), after.get(..end).unwrap_or_default())
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
                | "note"
                | "notes"
                | "noting"
                | "previously"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acts(text: &str) -> Vec<&'static str> {
        powers(text, "").iter().map(|power| power.act).collect()
    }

    #[test]
    fn a_limb_allows_what_its_words_say_and_no_more() {
        assert_eq!(acts("the FCA be adopted up to an annual value of \u{a3}5.5m"), ["adopt", "ceiling"]);
        assert_eq!(acts("the FCA be adopted for a total of up to \u{a3}16.5m over three years"), ["adopt"]);
        let spot = "the Director be authorised to take all necessary operational decisions to spot-purchase placements";
        assert_eq!(acts(spot), ["spot_purchase"]);
        assert_eq!(acts("award block contracts to four providers"), ["award_block"]);
        assert_eq!(acts("award the contract for short breaks to a provider"), ["award_contract"]);
        assert!(acts("the report be received").is_empty());
    }

    #[test]
    fn rule_1_1_a_power_is_read_only_where_words_grant_it_to_a_post() {
        for text in [
            "a report on spot purchasing be brought to Cabinet",
            "the Director be authorised to report on spot purchasing",
            "any award of mini-block contracts be subject to a further key decision",
            "the Director be authorised to take part, any award of mini-block contracts being subject to a further key decision",
            "award of placement agreements through the arrangement",
            "take all necessary operational decisions",
            "the Director be authorised to manage placement agreements",
            "the Director be authorised to reduce spot purchasing",
            "adoption placements continue to be made by the Head of Adoption",
            "the fostering and adoption service be reviewed",
            "the minutes be adopted",
            "the Director be authorised to buy adoption placements",
        ] {
            assert!(acts(text).is_empty(), "{text}: {:?}", acts(text));
        }
        for (text, act) in [
            (
                "the award of placement agreements be delegated to the Head of Commissioning",
                "award_placement_agreement",
            ),
            (
                "delegate to the Corporate Director (Children) the award of placement agreements",
                "award_placement_agreement",
            ),
            ("the Director may enter into placement agreements", "award_placement_agreement"),
            ("to approve the adoption of the regional framework", "adopt"),
            ("the Director be authorised to award mini-block contracts not exceeding six beds", "award_mini_block"),
            ("the Director is authorised to sub-delegate", "sub_delegate"),
        ] {
            assert_eq!(acts(text), [act], "{text}");
        }
    }

    #[test]
    fn rule_1_1_posts_are_bound_to_their_own_acts() {
        let text = "the Director of Children's Services be authorised to award placement agreements and mini-block \
                    contracts, and the Head of Commissioning to spot purchase placements";
        let found = powers(text, "");
        let of = |act: &str| -> Vec<&str> {
            found.iter().filter(|power| power.act == act).flat_map(|power| &power.posts).map(String::as_str).collect()
        };
        assert_eq!(of("award_placement_agreement"), ["Director of Children's Services"]);
        assert_eq!(of("award_mini_block"), ["Director of Children's Services"]);
        assert_eq!(of("spot_purchase"), ["Head of Commissioning"]);
    }

    #[test]
    fn a_list_goes_on_with_the_posts_of_its_lead() {
        let lead = "That authority be delegated to the Director of Children's Services to:";
        let found = powers("award placement agreements", lead);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found.iter().all(|power| power.posts == ["Director of Children's Services"]));
        let inside = powers("the Director be authorised to: award placement agreements; spot purchase placements.", "");
        let acts: Vec<_> = inside.iter().map(|power| power.act).collect();
        assert_eq!(acts, ["award_placement_agreement", "spot_purchase"], "{inside:?}");
        let other = powers("the Director be authorised to sign. Placement agreements are awarded by Cabinet.", "");
        assert!(other.is_empty(), "{other:?}");
    }

    #[test]
    fn a_clause_that_denies_gives_no_power() {
        assert!(acts("spot purchasing outside the FCA is not authorised").is_empty());
        assert!(acts("no power is given to award mini-block contracts").is_empty());
        assert!(acts("the Director be authorised not to award mini-block contracts").is_empty());
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

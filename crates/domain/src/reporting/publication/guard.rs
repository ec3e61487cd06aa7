//! What must not stand in words that everybody reads: a home by its name, number or address, a child's or a placement's
//! reference, an officer by name, and personal contacts (rules 9.1 and 9.2). Whoever publishes confirms each, or takes it
//! out. Children's names cannot be compared: they are sealed.

use crate::id::Reference;
use crate::placing::referral::redaction::{FindingKind, Word, contacts, postcodes, words};

coded! {
    /// What was found.
    NamingKind {
        Home "home" "A home";
        Officer "officer" "An officer's name, where the post is meant";
        Reference "reference" "The reference of a child's search, approval or placement";
        Address "address" "An address";
        Postcode "postcode" "A postcode";
        Phone "phone" "A telephone number";
        Email "email" "An e-mail address";
    }
}

impl NamingKind {
    /// What whoever publishes does about it, where the words are not meant as they stand.
    #[must_use]
    pub const fn to_do(self) -> &'static str {
        match self {
            Self::Home => "Take it out: say how many homes, or in which areas",
            Self::Officer => "Write the title of the post in place of the name",
            Self::Reference => "Take it out: no child's search, approval or placement is published one by one",
            Self::Address | Self::Postcode => "Take it out: no address of a home or a person is published",
            Self::Phone => "Take it out, or give the number of the team under the contact",
            Self::Email => "Take it out, or give the mailbox of the team under the contact",
        }
    }
}

/// One finding in one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The field's name.
    pub field: String,
    /// What it is.
    pub kind: NamingKind,
    /// The words found.
    pub found: String,
}

impl Naming {
    /// By what a confirmation names it: the field, the kind and the words, so that other words are another finding.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}:{}", self.field, self.kind.code(), self.found)
    }
}

/// What the system knows by name.
#[derive(Debug, Clone, Default)]
pub struct Registered {
    /// Names and numbers of homes.
    pub homes: Vec<String>,
    /// Names of the organisation's own officers; a name of one word is too like a word to be told.
    pub officers: Vec<String>,
}

/// Everything found in the texts, each once, in their order. A decision names whom to ask: in `contact` the number and the
/// mailbox of a team are in place, a mobile and a person's mailbox are not.
#[must_use]
pub fn namings<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>, known: &Registered) -> Vec<Naming> {
    let mut all: Vec<Naming> = Vec::new();
    for (field, text) in texts {
        let words = words(text);
        let mut found = known_names(text, &words, &known.homes, NamingKind::Home);
        found.extend(known_names(text, &words, &known.officers, NamingKind::Officer));
        found.extend(references(text));
        found.extend(addresses(&words));
        found.extend(postcodes(text, &words).into_iter().map(|(_, start, end)| (NamingKind::Postcode, start, end)));
        found.extend(reachable(text, &words, field == "contact"));
        found.sort_by_key(|(_, start, end)| (*start, core::cmp::Reverse(*end)));
        let mut reached = 0;
        for (kind, start, end) in found {
            if start < reached {
                continue;
            }
            let Some(part) = text.get(start..end) else { continue };
            reached = end;
            let naming = Naming { field: field.to_owned(), kind, found: part.to_owned() };
            if !all.contains(&naming) {
                all.push(naming);
            }
        }
    }
    all
}

/// What nobody has confirmed yet.
#[must_use]
pub fn unconfirmed_namings(namings: Vec<Naming>, confirmed: &[String]) -> Vec<Naming> {
    namings.into_iter().filter(|naming| !confirmed.contains(&naming.key())).collect()
}

type Place = (NamingKind, usize, usize);

/// Names as they are registered, as whole words and in any case where they have more than one word.
fn known_names(text: &str, words: &[Word<'_>], names: &[String], kind: NamingKind) -> Vec<Place> {
    let mut found = Vec::new();
    for name in names {
        let parts = crate::placing::referral::redaction::words(name.trim());
        let Some(first) = parts.first().filter(|_| kind == NamingKind::Home || parts.len() > 1) else { continue };
        let same = |word: &Word<'_>, part: &Word<'_>| {
            if parts.len() > 1 { word.text.to_lowercase() == part.text.to_lowercase() } else { word.text == part.text }
        };
        for (at, _) in words.iter().enumerate().filter(|(_, word)| same(word, first)) {
            let here = words.get(at..at + parts.len()).unwrap_or_default();
            let all = here.len() == parts.len() && here.iter().zip(&parts).all(|(word, part)| same(word, part));
            let close = here.windows(2).all(|pair| match pair {
                [one, next] => text.get(one.end..next.start).is_some_and(|gap| gap.len() <= 2 && !gap.contains('.')),
                _ => true,
            });
            if let Some((one, last)) = here.first().zip(here.last()).filter(|_| all && close) {
                found.push((kind, one.start, last.end));
            }
        }
    }
    found
}

/// References such as HEF-R-0042: letters, figures and hyphens between other signs.
fn references(text: &str) -> Vec<Place> {
    let mut found = Vec::new();
    let mut start = 0;
    for part in text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-') {
        if part.parse::<Reference>().is_ok() {
            found.push((NamingKind::Reference, start, start + part.len()));
        }
        start += part.len();
        start += text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    found
}

/// A house number, one to three words with a capital, and the kind of street.
fn addresses(words: &[Word<'_>]) -> Vec<Place> {
    const STREETS: [&str; 12] = [
        "Road", "Street", "Lane", "Avenue", "Close", "Drive", "Crescent", "Terrace", "Grove", "Gardens", "Way", "Court",
    ];
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| STREETS.contains(&word.text)) {
        let before = words.get(at.saturating_sub(4)..at).unwrap_or_default();
        let named = before.iter().rev().take_while(|word| word.capital()).count();
        let number = before.iter().rev().nth(named).filter(|_| (1..=3).contains(&named));
        let is_number =
            |word: &&Word<'_>| word.text.starts_with(|letter: char| letter.is_ascii_digit()) && word.text.len() <= 4;
        found.extend(number.filter(is_number).map(|number| (NamingKind::Address, number.start, word.end)));
    }
    found
}

fn reachable(text: &str, words: &[Word<'_>], in_contact: bool) -> Vec<Place> {
    let all = contacts(text, words).into_iter().filter_map(|(kind, start, end)| {
        let part = text.get(start..end)?;
        if kind == FindingKind::Phone {
            let digits: String = part.chars().filter(char::is_ascii_digit).collect();
            let mobile = digits.starts_with("07") || digits.starts_with("447");
            let number = (digits.starts_with('0') || digits.starts_with("44")) && !part.contains('/');
            return (number && (mobile || !in_contact)).then_some((NamingKind::Phone, start, end));
        }
        let mailbox = part.split('@').next().unwrap_or_default();
        let personal = mailbox.split('.').filter(|name| !name.is_empty()).count() > 1;
        (personal || !in_contact).then_some((NamingKind::Email, start, end))
    });
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known() -> Registered {
        Registered {
            homes: vec!["Larkrise House".to_owned(), "SC392491".to_owned()],
            officers: vec!["Jo Marsh".to_owned()],
        }
    }

    fn found(field: &str, text: &str) -> Vec<(NamingKind, String)> {
        namings([(field, text)], &known()).into_iter().map(|one| (one.kind, one.found)).collect()
    }

    #[test]
    fn rule_9_1_a_home_is_found_by_its_name_its_number_and_its_address() {
        assert_eq!(found("reasons", "beds at larkrise house."), [(NamingKind::Home, "larkrise house".to_owned())]);
        assert_eq!(found("reasons", "(SC392491)"), [(NamingKind::Home, "SC392491".to_owned())]);
        let there = found("reasons", "It stands at 12 Old Mill Lane, HR4 0LE.");
        assert_eq!(there[0], (NamingKind::Address, "12 Old Mill Lane".to_owned()));
        assert_eq!(there[1], (NamingKind::Postcode, "HR4 0LE".to_owned()));
        assert!(found("reasons", "Larkrise. House prices; 14 homes in the Way we work; Lane 4").is_empty());
    }

    #[test]
    fn rule_9_2_an_officer_is_found_by_name_and_a_post_is_not() {
        assert_eq!(found("contact", "Jo Marsh, commissioning"), [(NamingKind::Officer, "Jo Marsh".to_owned())]);
        assert!(found("contact", "Commissioning officer").is_empty());
    }

    #[test]
    fn rule_9_1_a_childs_search_approval_and_placement_are_found_and_public_references_are_not() {
        let text = "for HEF-R-0042, HEF-A-0137 and (HEF-D-0088)";
        let kinds: Vec<_> = found("grounds", text).into_iter().map(|(_, found)| found).collect();
        assert_eq!(kinds, ["HEF-R-0042", "HEF-A-0137", "HEF-D-0088"]);
        assert!(found("grounds", "HEF-2019-0114, MB-001 and HEF-OD-0001").is_empty());
    }

    #[test]
    fn rule_9_2_a_team_may_be_reached_under_contact_and_a_person_nowhere() {
        assert!(found("contact", "ring 01632 960 123 or commissioning@example.org").is_empty());
        assert_eq!(found("contact", "07700 900 123")[0].0, NamingKind::Phone);
        assert_eq!(found("contact", "jo.marsh@example.org")[0].0, NamingKind::Email);
        assert_eq!(found("grounds", "ring 01632 960 123")[0].0, NamingKind::Phone);
        assert_eq!(found("grounds", "commissioning@example.org")[0].0, NamingKind::Email);
    }

    #[test]
    fn what_a_decision_says_of_its_own_names_nobody() {
        let text = "Term 15/12/2018 to 14/12/2021 (14/01/2019 19/01/2019), £5.5m a year, £42,966,000 over 4 years; the \
                    Director for Children and Families and relevant Assistant Directors.";
        assert!(found("limb a", text).is_empty(), "{:?}", found("limb a", text));
    }

    #[test]
    fn a_confirmation_names_the_words_so_that_other_words_are_another_finding() {
        let first = namings([("why", "Larkrise House, and Larkrise House")], &known());
        assert_eq!(first.len(), 1, "each once");
        let confirmed = vec![first[0].key()];
        assert!(unconfirmed_namings(first, &confirmed).is_empty());
        let other = namings([("why", "at SC392491")], &known());
        assert_eq!(unconfirmed_namings(other, &confirmed).len(), 1);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic_and_every_finding_is_a_part_of_it(text in "\\PC{0,80}") {
            for naming in namings([("f", text.as_str())], &known()) {
                prop_assert!(text.contains(&naming.found));
            }
        }
    }
}

//! How two texts of a decision differ, field by field and word by word: a correction is a new version, the old one is
//! kept, and everybody sees what changed (journey D-05, P-03).

use jiff::civil::Date;

use super::page::{Accompanying, Alternative, DecisionPage, Limb};
use crate::calendar::long_date;

/// A field that two texts of a decision hold otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The field, in the page's own words.
    pub field: &'static str,
    /// What it said; empty where the page lacked it.
    pub before: String,
    /// What it says; empty where the page lacks it now.
    pub after: String,
}

/// A run of words that two texts share, or that one of them has alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// In both.
    Same(String),
    /// In the earlier one only.
    Removed(String),
    /// In the later one only.
    Added(String),
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn day(value: Option<Date>) -> String {
    value.map_or_else(String::new, long_date)
}

fn yes_no(value: Option<bool>) -> String {
    value.map_or_else(String::new, |yes| if yes { "Yes" } else { "No" }.to_owned())
}

fn lines<T>(all: &[T], line: impl Fn(&T) -> String) -> String {
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn fields(page: &DecisionPage) -> Vec<(&'static str, String)> {
    let options = |option: &Alternative| format!("{}. {}", option.number, option.text);
    let alternatives = if page.alternatives.is_empty() {
        text(page.no_alternatives.as_ref())
    } else {
        lines(&page.alternatives, options)
    };
    let document = |one: &Accompanying| {
        one.address.as_ref().map_or_else(|| one.title.clone(), |address| format!("{} ({address})", one.title))
    };
    vec![
        ("Title", page.title.clone()),
        ("Decision maker", text(page.decision_maker.as_ref())),
        ("Decision status", text(page.status.as_ref())),
        ("Is key decision?", yes_no(page.key_decision)),
        ("Is subject to call in?", yes_no(page.subject_to_call_in)),
        ("Purpose", text(page.purpose.as_ref())),
        ("Decision", lines(&page.limbs, |limb: &Limb| format!("({}) {}", limb.letter, limb.text))),
        ("Alternative options considered", alternatives),
        ("Reasons for the decision", text(page.reasons.as_ref())),
        ("Conflicts of interest", text(page.conflicts_of_interest.as_ref())),
        ("Dispensations", text(page.dispensations.as_ref())),
        ("Urgency", text(page.urgency.as_ref())),
        ("Reason key", text(page.reason_key.as_ref())),
        ("Wards affected", text(page.wards.as_ref())),
        ("Contact", text(page.contact.as_ref())),
        ("Publication date", day(page.published_on)),
        ("Date of decision", day(page.decided_on)),
        ("Effective from", day(page.effective_from)),
        ("Accompanying documents", lines(&page.documents, document)),
        ("The authority's own page", text(page.source_url.as_ref())),
    ]
}

/// The fields of the page that differ, in the page's order.
#[must_use]
pub fn differences(before: &DecisionPage, after: &DecisionPage) -> Vec<Difference> {
    fields(before)
        .into_iter()
        .zip(fields(after))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| Difference { field, before, after })
        .collect()
}

/// Beyond so many pairs of words two texts are shown whole: the comparison would cost more than it tells.
const COMPARED: usize = 1_000_000;

/// The two texts word by word: the fewest words taken out and put in.
#[must_use]
pub fn words(before: &str, after: &str) -> Vec<Words> {
    let old: Vec<&str> = before.split_whitespace().collect();
    let new: Vec<&str> = after.split_whitespace().collect();
    if old.len().saturating_mul(new.len()) > COMPARED {
        return vec![Words::Removed(old.join(" ")), Words::Added(new.join(" "))];
    }
    let rows = common(&old, &new);
    let shared = |a: usize, b: usize| rows.get(a).and_then(|row| row.get(b)).copied().unwrap_or(0);
    let (mut a, mut b) = (0, 0);
    let mut found = Found::default();
    loop {
        match (old.get(a), new.get(b)) {
            (Some(was), Some(is)) if was == is => {
                found.push(Kind::Same, was);
                (a, b) = (a + 1, b + 1);
            }
            (Some(was), Some(_)) if shared(a + 1, b) >= shared(a, b + 1) => {
                found.push(Kind::Removed, was);
                a += 1;
            }
            (Some(was), None) => {
                found.push(Kind::Removed, was);
                a += 1;
            }
            (_, Some(is)) => {
                found.push(Kind::Added, is);
                b += 1;
            }
            (None, None) => return found.done(),
        }
    }
}

/// The length of the longest common run of words of every pair of tails.
fn common(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut rows = vec![vec![0; new.len() + 1]];
    for was in old.iter().rev() {
        let below = rows.last().map_or(&[][..], Vec::as_slice);
        let mut row = vec![0];
        for (place, is) in new.iter().enumerate().rev() {
            let at = |place: usize| below.get(place).copied().unwrap_or(0);
            let right = row.last().copied().unwrap_or(0);
            row.push(if was == is { at(place + 1) + 1 } else { at(place).max(right) });
        }
        row.reverse();
        rows.push(row);
    }
    rows.reverse();
    rows
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Same,
    Removed,
    Added,
}

#[derive(Default)]
struct Found {
    runs: Vec<(Kind, Vec<String>)>,
}

impl Found {
    fn push(&mut self, kind: Kind, word: &str) {
        match self.runs.last_mut() {
            Some((last, run)) if *last == kind => run.push(word.to_owned()),
            _ => self.runs.push((kind, vec![word.to_owned()])),
        }
    }

    fn done(self) -> Vec<Words> {
        let words = |(kind, run): (Kind, Vec<String>)| match kind {
            Kind::Same => Words::Same(run.join(" ")),
            Kind::Removed => Words::Removed(run.join(" ")),
            Kind::Added => Words::Added(run.join(" ")),
        };
        self.runs.into_iter().map(words).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_corrected_word_is_told_with_what_it_was() {
        let before = DecisionPage { wards: Some("(All Wards);".into()), ..DecisionPage::default() };
        let after = DecisionPage {
            wards: Some("(All Wards except Ross East);".into()),
            reasons: Some("Lower cost".into()),
            ..DecisionPage::default()
        };
        let found = differences(&before, &after);
        let names: Vec<_> = found.iter().map(|one| one.field).collect();
        assert_eq!(names, ["Reasons for the decision", "Wards affected"]);
        assert_eq!((found[0].before.as_str(), found[0].after.as_str()), ("", "Lower cost"));
        assert_eq!(
            words("a placement of £5.5m a year", "a placement up to £5.5m a year"),
            [
                Words::Same("a placement".into()),
                Words::Removed("of".into()),
                Words::Added("up to".into()),
                Words::Same("£5.5m a year".into())
            ]
        );
        assert!(differences(&after, &after).is_empty());
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_back_from_their_difference(before in "[ab ]{0,40}", after in "[abc ]{0,40}") {
            let (mut old, mut new) = (Vec::new(), Vec::new());
            for run in words(&before, &after) {
                match run {
                    Words::Same(run) => { old.push(run.clone()); new.push(run); }
                    Words::Removed(run) => old.push(run),
                    Words::Added(run) => new.push(run),
                }
            }
            let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(old.join(" "), plain(&before));
            prop_assert_eq!(new.join(" "), plain(&after));
        }
    }
}

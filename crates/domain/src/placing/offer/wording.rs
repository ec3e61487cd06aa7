//! What a home keeps to say again in its offers: how it meets a need, about the home alone. What was said of one child never
//! travels to another's record, so that whoever saves a sentence says that it tells of no child, and it is looked through.

use jiff::civil::Date;

use crate::homes::home::Need;
use crate::id::HomeId;
use crate::outcome::Invalid;
use crate::placing::referral::redaction::{Known, findings_of};

/// The longest sentence, as an offer takes it.
pub const LONGEST: usize = 500;

/// A saved sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Of which home.
    pub home: HomeId,
    /// Of which need.
    pub need: Need,
    /// What its offers say.
    pub words: String,
    /// When it was saved.
    pub saved: Date,
}

impl Wording {
    /// A sentence to be kept: `confirmed` says that it tells of no child, and of the children who live or lived at this
    /// home, and whom whoever saves it may read of, it names none.
    /// What is found here is not confirmed away, since other children's offers would say it.
    pub fn save(
        (home, need): (HomeId, Need),
        words: &str,
        confirmed: bool,
        known: &Known,
        today: Date,
    ) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let words = words.trim();
        let length = words.chars().count();
        if words.is_empty() {
            invalid.add("words", "Enter what your offers say of it");
        }
        if length > LONGEST {
            invalid.add("words", format!("Shorten this to {LONGEST} characters; it has {length}"));
        }
        for finding in findings_of([("words".to_owned(), words)], known) {
            let kind = finding.kind.label();
            invalid.add("words", format!("{kind} stands in it. Take it out: offers for other children would say it"));
        }
        if !confirmed {
            invalid.add("confirmed", "Read it again, and confirm that it tells of no child");
        }
        invalid.or(Self { home, need, words: words.to_owned(), saved: today })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn save(words: &str, confirmed: bool) -> Result<Wording, Vec<String>> {
        let mut known = Known::default();
        known.add_told(["Quillon Zelenka"], Some("Harfangel Community"));
        let of = (HomeId(1), Need::GoingMissing);
        Wording::save(of, words, confirmed, &known, date(2021, 9, 13))
            .map_err(|invalid| invalid.errors.into_iter().map(|error| error.field).collect())
    }

    #[test]
    fn a_sentence_about_the_home_is_kept_once_somebody_says_that_it_tells_of_no_child() {
        let words = "Staff know who to ring, and look for the child themselves within the hour.";
        assert_eq!(save(words, false).unwrap_err(), ["confirmed"]);
        assert_eq!(save(&format!(" {words} "), true).unwrap().words, words);
        assert_eq!(save("  ", true).unwrap_err(), ["words"]);
        assert_eq!(save(&"a".repeat(501), true).unwrap_err(), ["words"]);
    }

    #[test]
    fn what_may_tell_of_a_child_is_not_kept_whoever_confirms_it() {
        for words in [
            "As we did for Quillon last year.",
            "The children of Harfangel Community walk home together.",
            "We fetch the child from HR9 5AB.",
            "Since 1 May 2008 nobody has gone missing.",
            "Ring 01632 960 123 at any hour.",
        ] {
            assert_eq!(save(words, true).unwrap_err(), ["words"], "{words}");
        }
    }
}

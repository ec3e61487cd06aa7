//! The protective marking of what is printed about a child, on pages and on papers.

use crate::office::access::Action;
use crate::setting::{Key, Scope, SettingValue};

/// The longest marking, in characters.
const LONGEST: usize = 60;

/// The words of an authority's own scheme; empty for none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marking(String);

impl Marking {
    /// As it is printed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SettingValue for Marking {
    const ASK: &'static str = "Enter the words of your marking scheme, like Official - Sensitive, or nothing for none";

    fn read(text: &str) -> Option<Self> {
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (plain.chars().count() <= LONGEST && !plain.chars().any(char::is_control)).then_some(Self(plain))
    }

    fn write(&self) -> String {
        self.0.clone()
    }

    fn words(&self) -> String {
        if self.0.is_empty() { "No marking".to_owned() } else { self.0.clone() }
    }
}

/// What stands on every page and paper about a child once it is printed.
pub const PRINT_MARKING: Key<Marking> = Key {
    name: "print.marking",
    title: "The protective marking of what is printed about a child",
    effect: "Pages printed and papers made from that day on carry it. Papers made before keep theirs.",
    source: "Government Security Classifications: OFFICIAL, with the handling caveat SENSITIVE",
    scope: Scope::Authority,
    keeper: Action::KeepPeople,
    form: None,
    default: || Marking("Official - Sensitive".to_owned()),
};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_marking_is_a_line_of_words_or_none() {
        let kept = Marking::read("  Official \n -  Sensitive ").unwrap();
        assert_eq!(kept, (PRINT_MARKING.default)());
        assert_eq!(Marking::read(&kept.write()), Some(kept));
        assert_eq!(Marking::read("").unwrap().words(), "No marking");
        assert_eq!(Marking::read(&"x".repeat(LONGEST + 1)), None);
    }
}

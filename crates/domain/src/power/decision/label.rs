//! The label of a limb as its page prints it, by which powers cite it: a letter, a number, a decimal or a Roman numeral.

use core::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest label, in letters: longer ones are text.
const LONGEST: usize = 12;

/// A limb's label without its brackets: `a` for "(a)", `1.2`, `iv`. Capitals and small letters are the same label. It is
/// kept as the page prints it and never counted anew.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LimbLabel([u8; LONGEST]);

impl LimbLabel {
    /// The label that somebody typed or a page prints; none where it is empty, too long or no label.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bare = text.trim().trim_start_matches(['(', '[']).trim_end_matches([')', ']', ':', '.']).trim();
        let fits = !bare.is_empty() && bare.len() <= LONGEST;
        let plain = bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
        if !fits || !plain || !bare.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let mut label = [0; LONGEST];
        for (place, byte) in label.iter_mut().zip(bare.bytes()) {
            *place = byte.to_ascii_lowercase();
        }
        Some(Self(label))
    }

    /// The label as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(LONGEST);
        self.0.get(..end).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// The letter that stands at a place of the alphabet, for limbs whose page prints no label.
    #[must_use]
    pub fn lettered(at: usize) -> Option<Self> {
        ('a'..='z').nth(at).map(Self::from)
    }
}

/// The label of a limb with one letter or figure; any other sign is a hyphen.
impl From<char> for LimbLabel {
    fn from(letter: char) -> Self {
        let mut label = [0; LONGEST];
        let byte = u8::try_from(letter).ok().filter(u8::is_ascii_alphanumeric).unwrap_or(b'-');
        label[0] = byte.to_ascii_lowercase();
        Self(label)
    }
}

impl fmt::Display for LimbLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for LimbLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for LimbLabel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for LimbLabel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom("a limb's label is 1 to 12 letters, figures, full stops or hyphens, like b")
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rule_1_1_a_label_is_kept_as_the_page_prints_it() {
        for (typed, label) in [("(a)", "a"), ("1.", "1"), ("1.2", "1.2"), ("(iv)", "iv"), ("B)", "b"), ("R1", "r1")] {
            let read = LimbLabel::parse(typed).unwrap();
            assert_eq!(read.to_string(), label);
            let stored = serde_json::to_string(&read).unwrap();
            assert_eq!(stored, format!("\"{label}\""));
            assert_eq!(serde_json::from_str::<LimbLabel>(&stored).unwrap(), read);
        }
        assert_eq!(LimbLabel::from('b'), LimbLabel::parse("b").unwrap());
        assert_eq!(LimbLabel::lettered(2), LimbLabel::parse("c"));
    }

    #[test]
    fn what_is_no_label_is_refused() {
        for text in ["", " ", "()", "...", "a b", "the first part", "\u{e9}", "1234567890123"] {
            assert_eq!(LimbLabel::parse(text), None, "{text}");
            assert!(serde_json::from_str::<LimbLabel>(&format!("\"{text}\"")).is_err());
        }
        assert_eq!(LimbLabel::lettered(26), None);
    }
}

//! Many texts looked for at once: what is searched is read once, and not once for each of them.

use std::collections::BTreeSet;

/// Texts to look for.
pub struct Needles<'a> {
    /// Those that begin with each byte.
    beginning: Vec<Vec<&'a str>>,
}

impl<'a> Needles<'a> {
    /// Looks for these; none is empty.
    pub fn new(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut beginning = vec![Vec::new(); 256];
        for text in texts {
            beginning[usize::from(text.as_bytes()[0])].push(text);
        }
        Self { beginning }
    }

    /// Those that stand anywhere in it, letter by letter.
    pub fn standing_in(&self, hay: &[u8]) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        for (at, byte) in hay.iter().enumerate() {
            for text in &self.beginning[usize::from(*byte)] {
                if hay[at..].starts_with(text.as_bytes()) {
                    found.insert(*text);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_found_wherever_it_stands_and_no_other() {
        let needles = Needles::new(["aab", "ab", "£4", "end", "gone", "endless"]);
        let found = needles.standing_in("aaab costs £4 in the end".as_bytes());
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["aab", "ab", "end", "£4"]);
        assert!(needles.standing_in(b"").is_empty());
    }
}

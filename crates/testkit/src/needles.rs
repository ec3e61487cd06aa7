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

    /// Those that stand anywhere in it, letter by letter; a number, or a short code such as a postcode's district, only where
    /// it is no part of an id or of something longer.
    pub fn standing_in(&self, hay: &[u8]) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        for (at, byte) in hay.iter().enumerate() {
            for text in &self.beginning[usize::from(*byte)] {
                if hay[at..].starts_with(text.as_bytes()) && (!is_code(text) || alone(hay, at, text.len())) {
                    found.insert(*text);
                }
            }
        }
        found
    }
}

/// A number, or a few capitals and digits: longer texts stand in nothing by chance.
fn is_code(text: &str) -> bool {
    let (digits, capitals) = (|byte: u8| byte.is_ascii_digit(), |byte: u8| byte.is_ascii_uppercase());
    let short = text.len() < 5 && text.bytes().any(digits) && text.bytes().all(|byte| digits(byte) || capitals(byte));
    short || text.bytes().all(digits)
}

fn alone(hay: &[u8], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| hay.get(at));
    [before, hay.get(at + length)].into_iter().flatten().all(|byte| !byte.is_ascii_alphanumeric())
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
        let price = Needles::new(["432200"]);
        assert!(!price.standing_in(b"{\"pence\":432200}").is_empty());
        for id in ["8741eb432200", "4322001", "k432200z"] {
            assert!(price.standing_in(id.as_bytes()).is_empty(), "{id}");
        }
        let district = Needles::new(["HR2", "QZCASE77"]);
        for text in ["\"from\":\"HR2\"", "value=HR2>", "HR2", "xQZCASE77"] {
            assert!(!district.standing_in(text.as_bytes()).is_empty(), "{text}");
        }
        for longer in ["HR21", "aHR2", "HR2b"] {
            assert!(district.standing_in(longer.as_bytes()).is_empty(), "{longer}");
        }
    }
}

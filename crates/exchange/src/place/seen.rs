//! Which postcodes a file has had already: one bit for each that an outcode can have. All of Great Britain's outcodes take
//! less than two megabytes, whatever the order of the file.

use std::collections::BTreeMap;

use placewell_domain::place::{Outcode, Postcode};

/// The inward codes of an outcode: a digit and two letters.
const INWARD: usize = 10 * 26 * 26;
const WORDS: usize = INWARD.div_ceil(64);

/// The postcodes seen.
#[derive(Default)]
pub(super) struct Seen(BTreeMap<Outcode, Box<[u64; WORDS]>>);

impl Seen {
    /// Notes a postcode; whether it is the first time.
    pub(super) fn first_time(&mut self, postcode: &Postcode) -> bool {
        let place = inward(&postcode.to_string());
        let words = self.0.entry(postcode.outcode().clone()).or_insert_with(|| Box::new([0; WORDS]));
        let Some(word) = words.get_mut(place / 64) else { return false };
        let bit = 1_u64 << (place % 64);
        let first = *word & bit == 0;
        *word |= bit;
        first
    }
}

/// The number of a postcode's last three signs among all that there can be.
fn inward(postcode: &str) -> usize {
    let signs = postcode.as_bytes();
    let last = signs.get(signs.len().saturating_sub(3)..).unwrap_or_default();
    last.iter().fold(0, |number, sign| match sign {
        b'0'..=b'9' => usize::from(sign - b'0'),
        _ => number * 26 + usize::from(sign.saturating_sub(b'A')),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_postcode_is_new_once_and_no_other_takes_its_place() {
        let mut seen = Seen::default();
        for text in ["HR1 0AA", "HR1 9ZZ", "HR1 1AB", "HR1 1BA", "HR2 0AA", "B1 1AB"] {
            assert!(seen.first_time(&Postcode::parse(text).unwrap()), "{text}");
        }
        for text in ["HR1 0AA", "hr19zz", "B1 1AB"] {
            assert!(!seen.first_time(&Postcode::parse(text).unwrap()), "{text}");
        }
    }
}

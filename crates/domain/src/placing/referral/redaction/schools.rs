//! Schools in a text: by their names in a child's record, with whatever accents, points and spaces, and by their form.

use super::{FindingKind, Word, words};
use crate::placing::child::spelling::folded;

/// A school's name as it is compared.
pub(super) struct School {
    /// Its letters and digits, without what stands between them.
    letters: String,
    /// Before which of their bytes each of its words ends.
    ends: Vec<usize>,
}

impl School {
    /// A school by its name; none where that is so short that it stands in other words.
    pub(super) fn of(name: &str) -> Option<Self> {
        let (mut letters, mut ends) = (String::new(), Vec::new());
        for word in words(name) {
            letters.push_str(&folded(word.text));
            ends.push(letters.len());
        }
        (letters.len() > 3).then_some(Self { letters, ends })
    }

    /// How many of the words, from the first on, are the school's name; the last may go on, as in "Hill Tops".
    fn words_of(&self, text: &[String]) -> Option<usize> {
        let (mut read, mut as_kept) = (String::new(), true);
        for (before, word) in text.iter().enumerate() {
            // Where the text parts a word of the name, nothing goes on: "at lasting" is no Atlas.
            as_kept &= before == 0 || self.ends.contains(&read.len());
            read.push_str(word);
            if read == self.letters || (as_kept && read.starts_with(&self.letters)) {
                return Some(before + 1);
            }
            if !self.letters.starts_with(&read) {
                return None;
            }
        }
        None
    }
}

/// Schools, by their place.
pub(super) fn schools(text: &str, words: &[Word<'_>], known: &[School]) -> Vec<(FindingKind, usize, usize)> {
    let mut found = Vec::new();
    let letters: Vec<String> = words.iter().map(|word| folded(word.text)).collect();
    for (at, word) in words.iter().enumerate() {
        let rest = letters.get(at..).unwrap_or_default();
        let counts = known.iter().filter_map(|school| school.words_of(rest));
        let lasts = counts.filter_map(|count| words.get(at + count - 1));
        found.extend(lasts.map(|last| (FindingKind::School, word.start, last.end)));
        found.extend(by_form(text, words.get(..=at).unwrap_or_default()));
    }
    found
}

/// A school whose last word is the last of these.
fn by_form(text: &str, words: &[Word<'_>]) -> Option<(FindingKind, usize, usize)> {
    const KINDS: [&str; 6] = ["School", "Academy", "College", "Primary", "High", "Secondary"];
    const PLAIN: [&str; 8] = ["The", "A", "His", "Her", "Their", "At", "New", "Special"];
    let (word, before) = words.split_last()?;
    if !KINDS.contains(&word.text) {
        return None;
    }
    let named: Vec<&Word<'_>> = before.iter().rev().take_while(|earlier| earlier.capital()).collect();
    let first = named.last()?;
    let plain = named.len() == 1 && PLAIN.contains(&first.text);
    let part = text.get(first.start..word.end)?;
    (!plain && !part.contains(['.', '\n'])).then_some((FindingKind::School, first.start, word.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(text: &'a str, names: &[&str]) -> Vec<&'a str> {
        let known: Vec<School> = names.iter().filter_map(|name| School::of(name)).collect();
        schools(text, &words(text), &known).into_iter().filter_map(|(_, start, end)| text.get(start..end)).collect()
    }

    #[test]
    fn a_school_of_the_record_is_found_whatever_points_accents_and_spaces_it_is_written_with() {
        let spellings = ["St Weonards Hill", "St. Weonard's hill", "ST WEONARD’S HILL", "st wéonards-hill"];
        for kept in spellings {
            for written in spellings {
                assert_eq!(found(&format!("goes to {written}, by bus"), &[kept]), [written], "{kept}");
            }
        }
        assert_eq!(found("by saint remy or Saint Re\u{301}my", &["Saint-Rémy"]), ["saint remy", "Saint Re\u{301}my"]);
        assert_eq!(found("likes Hilltop; hill top's bus", &["Hill Top"]), ["Hilltop", "hill top"]);
        assert_eq!(found("likes hill top", &["Hilltop"]), ["hill top"]);
    }

    #[test]
    fn a_school_is_not_found_across_other_words() {
        assert_eq!(found("at lasting peace, in the atlas", &["Atlas"]), ["atlas"]);
        assert_eq!(found("an uphill top, and Hill Tops", &["Hill Top"]), ["Hill Tops"]);
        assert!(found("eat at one", &["Eat", "'’"]).is_empty(), "too short to be told from a word");
    }
}

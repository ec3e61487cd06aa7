//! What must not stand in the words that homes read: postcodes, dates that could be a date of birth, school names,
//! telephone numbers, e-mail addresses, and words that are names in the child's record. The officer confirms each.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::place::Postcode;
use crate::placing::child::ChildIdentity;
use crate::placing::child::spelling::{is_mark, spelled};

mod dates;
mod names;
mod schools;

use schools::School;

coded! {
    /// What was found.
    FindingKind {
        Postcode "postcode" "A postcode";
        DateOfBirth "date" "A full date, which could be a date of birth";
        School "school" "A school's name";
        Name "name" "A name in the child's record";
        Phone "phone" "A telephone number";
        Email "email" "An e-mail address";
        Sealed "child" "Words that may tell who a child is whose record is sealed";
    }
}

/// One finding in one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The field's name.
    pub field: String,
    /// What it is.
    pub kind: FindingKind,
    /// Where it begins in the text, in bytes; always on a letter's edge.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The words found.
    pub found: String,
}

impl Finding {
    /// By what the officer's confirmation names it: place and kind, without the words.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}:{}-{}", self.field, self.kind.code(), self.start, self.end)
    }
}

/// What is looked for of children whom the writer knows: their names as they may be written, their schools, and when
/// they were born. It shows nothing.
#[derive(Default)]
pub struct Known {
    names: Vec<String>,
    schools: Vec<School>,
    born: Vec<Date>,
}

impl Known {
    /// Adds a child as its own authority knows it.
    pub fn add(&mut self, child: &ChildIdentity) {
        self.add_told(child.names(), child.school.as_deref());
        self.add_born(child.born);
    }

    /// Adds what somebody was told of a child: names, each whole, and the school.
    pub fn add_told<'a>(&mut self, names: impl IntoIterator<Item = &'a str>, school: Option<&str>) {
        self.names.extend(names.into_iter().flat_map(spelled));
        self.schools.extend(school.and_then(School::of));
    }

    /// Adds when a child was born.
    pub fn add_born(&mut self, born: Date) {
        self.born.push(born);
    }
}

/// Everything found in texts that may speak of any of several children, in their order. Of children who are not known names
/// cannot be told.
#[must_use]
pub fn findings_of<'a>(texts: impl IntoIterator<Item = (String, &'a str)>, known: &Known) -> Vec<Finding> {
    let mut all = Vec::new();
    for (field, text) in texts {
        let words = words(text);
        let mut found: Vec<(FindingKind, usize, usize)> = Vec::new();
        found.extend(postcodes(text, &words));
        found.extend(dates::dates(text, &words, &known.born));
        found.extend(contacts(text, &words));
        found.extend(schools::schools(text, &words, &known.schools));
        found.extend(names::named(text, &words, &known.names));
        found.sort_by_key(|(_, start, end)| (*start, core::cmp::Reverse(*end)));
        let mut reached = 0;
        for (kind, start, end) in found {
            if start >= reached
                && let Some(part) = text.get(start..end)
            {
                all.push(Finding { field: field.clone(), kind, start, end, found: part.to_owned() });
                reached = end;
            }
        }
    }
    all
}

/// Each text that says something, whole: of a child whose record is sealed to whoever writes, nothing is looked for, since an
/// answer that knew a name would tell it.
pub fn whole<'a>(texts: impl IntoIterator<Item = (String, &'a str)>) -> impl Iterator<Item = Finding> {
    let said = texts.into_iter().filter(|(_, text)| !text.trim().is_empty());
    said.map(|(field, text)| Finding {
        field,
        kind: FindingKind::Sealed,
        start: 0,
        end: text.len(),
        found: text.to_owned(),
    })
}

/// What nobody has confirmed yet.
#[must_use]
pub fn unconfirmed<'a>(findings: &'a [Finding], confirmed: &[String]) -> Vec<&'a Finding> {
    findings.iter().filter(|finding| !confirmed.contains(&finding.key())).collect()
}

/// A word of a text with its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word<'a> {
    /// Its letters.
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Word<'_> {
    /// Whether it begins with a capital.
    pub fn capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// Runs of letters, with the marks on them, and digits; an apostrophe or a slash ends a word.
pub(crate) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut open: Option<usize> = None;
    for (at, letter) in text.char_indices() {
        match (letter.is_alphanumeric() || (open.is_some() && is_mark(letter)), open) {
            (true, None) => open = Some(at),
            (false, Some(start)) => {
                words.extend(text.get(start..at).map(|part| Word { text: part, start, end: at }));
                open = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    if let Some(start) = open {
        words.extend(text.get(start..).map(|part| Word { text: part, start, end: text.len() }));
    }
    words
}

/// Postcodes in any spacing, by their place.
pub(crate) fn postcodes(text: &str, words: &[Word<'_>]) -> Vec<(FindingKind, usize, usize)> {
    let is_postcode = |part: &str| Postcode::parse(part).is_ok();
    let single = words.iter().filter(|word| is_postcode(word.text)).map(|word| (word.start, word.end));
    let pairs = words.iter().zip(words.iter().skip(1)).filter_map(|(first, second)| {
        let both = text.get(first.start..second.end)?;
        (second.start - first.end <= 2 && first.text.len() <= 4 && is_postcode(both))
            .then_some((first.start, second.end))
    });
    single.chain(pairs).map(|(start, end)| (FindingKind::Postcode, start, end)).collect()
}

/// E-mail addresses and telephone numbers, by their place.
pub(crate) fn contacts(text: &str, words: &[Word<'_>]) -> Vec<(FindingKind, usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at..).unwrap_or_default();
        let start = before.rfind(char::is_whitespace).map_or(0, |space| space + 1);
        let end = at + after.find(char::is_whitespace).unwrap_or(after.len());
        if start < at && end > at + 1 {
            found.push((FindingKind::Email, edge(text, start), end));
        }
    }
    let mut run: Option<(usize, usize, usize)> = None;
    for word in words {
        let digits = word.text.chars().all(|letter| letter.is_ascii_digit());
        run = match (digits, run) {
            (true, Some((start, end, count))) if word.start - end <= 2 => {
                Some((start, word.end, count + word.text.len()))
            }
            (true, _) => Some((word.start, word.end, word.text.len())),
            (false, _) => None,
        };
        if let Some((start, end, count)) = run
            && (10..=13).contains(&count)
        {
            found.push((FindingKind::Phone, start, end));
        }
    }
    found
}

/// The nearest place at or after `at` where a letter begins: a wide space may end in the middle of a step of one byte.
fn edge(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|place| text.is_char_boundary(*place)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::homes::home::Sex;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn findings<'a>(
        texts: impl IntoIterator<Item = (String, &'a str)>,
        identity: Option<&ChildIdentity>,
    ) -> Vec<Finding> {
        let mut known = Known::default();
        if let Some(child) = identity {
            known.add(child);
        }
        findings_of(texts, &known)
    }

    fn child() -> ChildIdentity {
        ChildIdentity {
            family_name: "Brook".to_owned(),
            given_names: "Łucja Mai".to_owned(),
            known_as: None,
            born: date(2008, 5, 1),
            sex: Sex::Female,
            case_number: "1".to_owned(),
            home_postcode: Some("HR4 0AB".to_owned()),
            school: Some("St Weonards Community".to_owned()),
            other_names: Vec::new(),
        }
    }

    fn found(text: &str) -> Vec<(FindingKind, String)> {
        findings([("what_helps".to_owned(), text)], Some(&child())).into_iter().map(|f| (f.kind, f.found)).collect()
    }

    #[test]
    fn postcodes_are_found_in_any_spacing() {
        assert_eq!(found("Lives near hr40ab now"), [(FindingKind::Postcode, "hr40ab".to_owned())]);
        assert_eq!(found("at B31 2UQ."), [(FindingKind::Postcode, "B31 2UQ".to_owned())]);
        assert!(found("in district B31, under M5 and A38").is_empty());
    }

    #[test]
    fn full_dates_are_found_and_other_numbers_are_not() {
        for text in ["born 1/5/2008", "born 1.5.08", "on 1st May 2008", "2008-05-01", "May 1, 2008"] {
            assert_eq!(found(text).first().map(|(kind, _)| *kind), Some(FindingKind::DateOfBirth), "{text}");
        }
        assert!(found("has lived in 3 homes since 2019; wakes at 5; 2:1 staffing at 14").is_empty());
        for text in ["born on the 1st of May 2008", "1 / 5 / 2008", "5/1/2008", "01052008"] {
            assert_eq!(found(text).first().map(|(kind, _)| *kind), Some(FindingKind::DateOfBirth), "{text}");
        }
        assert_eq!(
            found("on 01052008, not 02052008"),
            [(FindingKind::DateOfBirth, "01052008".to_owned())],
            "their own"
        );
    }

    #[test]
    fn school_names_are_found_by_the_record_and_by_their_form() {
        for text in ["likes st weonards community a lot", "likes St. Wéonard's Community a lot"] {
            assert_eq!(found(text).first().map(|f| f.0), Some(FindingKind::School), "{text}");
        }
        assert_eq!(
            found("goes to Kings Meadow High School daily"),
            [(FindingKind::School, "Kings Meadow High School".to_owned())]
        );
        assert!(found("School is hard. The school helps; needs a special school.").is_empty());
    }

    #[test]
    fn words_that_match_the_childs_record_are_found_and_those_that_are_plain_words_by_their_capital() {
        assert_eq!(found("Łucja's sister"), [(FindingKind::Name, "Łucja".to_owned())]);
        assert_eq!(found("lucja hates noise"), [(FindingKind::Name, "lucja".to_owned())]);
        assert_eq!(found("by the brook, with Brook"), [(FindingKind::Name, "Brook".to_owned())]);
        assert!(findings([("f".to_owned(), "Brook")], None).is_empty());
        let child = ChildIdentity { family_name: "D'Arcy-Brook".to_owned(), ..child() };
        for text in ["Darcybrook", "Darcy", "Łucjamai", "Łucja-Mai", "D’Arcy"] {
            let found = findings([("f".to_owned(), text)], Some(&child));
            assert_eq!(found.first().map(|one| one.kind), Some(FindingKind::Name), "{text}");
        }
    }

    #[test]
    fn words_about_a_home_are_held_to_every_child_that_the_writer_knows() {
        let mut known = Known::default();
        known.add(&child());
        known.add_told(["Gethin Ball"], Some("Hill Top"));
        let text = "Łucja and Gethin were late; hill top has rung. A brook runs by.";
        let found = findings_of([("words".to_owned(), text)], &known);
        let found: Vec<_> = found.into_iter().map(|one| (one.kind, one.found)).collect();
        let name = |text: &str| (FindingKind::Name, text.to_owned());
        assert_eq!(found, [name("Łucja"), name("Gethin"), (FindingKind::School, "hill top".to_owned())]);
        assert!(findings_of([("words".to_owned(), text)], &Known::default()).is_empty());
    }

    #[test]
    fn telephone_numbers_and_mail_addresses_are_found() {
        assert_eq!(found("ring 01632 960 123 first"), [(FindingKind::Phone, "01632 960 123".to_owned())]);
        assert_eq!(found("write to x@example.org today"), [(FindingKind::Email, "x@example.org".to_owned())]);
    }

    #[test]
    fn each_finding_is_confirmed_by_place_and_kind_without_its_words() {
        let all = findings([("what_helps".to_owned(), "Brook, at B31 2UQ")], Some(&child()));
        let keys: Vec<String> = all.iter().map(Finding::key).collect();
        assert!(keys.iter().all(|key| !key.contains("Brook") && !key.contains("B31")));
        assert_eq!(unconfirmed(&all, &keys[..1]).len(), 1);
        assert!(unconfirmed(&all, &keys).is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic_and_every_finding_is_a_part_of_it(text in "\\PC{0,80}") {
            for finding in findings([("f".to_owned(), text.as_str())], Some(&child())) {
                prop_assert_eq!(text.get(finding.start..finding.end), Some(finding.found.as_str()));
            }
        }
    }
}

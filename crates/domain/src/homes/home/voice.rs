//! Three voices on a home's facts: what the home says of itself, what a council found, what the regulator publishes. None
//! overwrites another; where they differ, that shows.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::link::checked_link;
use crate::outcome::Invalid;

/// The most characters of what is said.
pub const LONGEST_VALUE: usize = 120;

coded! {
    /// What is said.
    HomeFact {
        Places "places" "Places";
        Ages "ages" "Ages";
        Sex "sex" "Girls or boys";
        Owner "owner" "Organisation";
        Manager "manager" "Registered manager in post";
        Education "education" "Education on site";
        NightStaff "night_staff" "Staff awake at night";
    }
}

coded! {
    /// Who says it, in the order in which a page prints them.
    Speaker {
        Home "home" "The home";
        Council "council" "A council";
        Regulator "regulator" "Ofsted";
    }
}

/// One thing said of a home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    /// What it is about.
    pub fact: HomeFact,
    /// Who says it.
    pub speaker: Speaker,
    /// Who exactly: the provider's, the authority's name, or Ofsted.
    pub by: String,
    /// What is said.
    pub value: String,
    /// Of which day it is.
    pub seen_on: Date,
    /// Where it can be read.
    pub link: Option<String>,
}

impl Voice {
    /// As somebody records it: short, of a day that has come.
    pub fn checked(self, today: Date) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let value = squashed(&self.value);
        if value.is_empty() || value.chars().count() > LONGEST_VALUE {
            invalid.add("value", format!("Enter what was found, in {LONGEST_VALUE} characters or fewer"));
        }
        match self.fact {
            HomeFact::Places if value.parse::<u8>().is_err() => {
                invalid.add("value", "Enter the number of places, such as 4");
            }
            HomeFact::Manager | HomeFact::Education | HomeFact::NightStaff
                if !["yes", "no"].contains(&plain(&value).as_str()) =>
            {
                invalid.add("value", "Enter yes or no");
            }
            HomeFact::Places
            | HomeFact::Ages
            | HomeFact::Sex
            | HomeFact::Owner
            | HomeFact::Manager
            | HomeFact::Education
            | HomeFact::NightStaff => {}
        }
        if self.seen_on > today {
            invalid.add("seen_on", "Enter a day that is not ahead");
        }
        if let Some(Err(wrong)) = self.link.as_deref().map(checked_link) {
            invalid.errors.extend(wrong.errors);
        }
        invalid.or(Self { value, ..self })
    }
}

fn squashed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain(text: &str) -> String {
    squashed(text).to_lowercase()
}

/// One fact with everything said of it, the latest of each speaker first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The fact.
    pub fact: HomeFact,
    /// What is said, by speaker and the latest first.
    pub voices: Vec<Voice>,
    /// Whether the latest words of two who speak differ.
    pub differs: bool,
}

/// What was said of a home, fact by fact; facts of which nobody speaks are left out. Of each who speaks the latest word
/// counts: a council that looked again has changed its word.
#[must_use]
pub fn compare(mut all: Vec<Voice>) -> Vec<Said> {
    all.sort_by(|a, b| (a.fact, a.speaker, b.seen_on, &a.by).cmp(&(b.fact, b.speaker, a.seen_on, &b.by)));
    let mut found = Vec::new();
    for fact in HomeFact::ALL {
        let voices: Vec<Voice> = all.iter().filter(|one| one.fact == *fact).cloned().collect();
        if voices.is_empty() {
            continue;
        }
        let mut latest: Vec<(&str, String)> = Vec::new();
        for voice in &voices {
            if !latest.iter().any(|(by, _)| *by == voice.by) {
                latest.push((&voice.by, plain(&voice.value)));
            }
        }
        let differs = latest.iter().any(|(_, value)| latest.first().is_some_and(|(_, first)| first != value));
        found.push(Said { fact: *fact, differs, voices });
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn voice(fact: HomeFact, speaker: Speaker, by: &str, value: &str, day: i8) -> Voice {
        let seen_on = date(2021, 9, day);
        Voice { fact, speaker, by: by.into(), value: value.into(), seen_on, link: None }
    }

    #[test]
    fn three_voices_stand_side_by_side_and_their_latest_words_are_compared() {
        let said = compare(vec![
            voice(HomeFact::Places, Speaker::Regulator, "Ofsted", "4", 1),
            voice(HomeFact::Places, Speaker::Home, "Elm Care", "4", 2),
            voice(HomeFact::Places, Speaker::Council, "Dudley", "3", 3),
            voice(HomeFact::Owner, Speaker::Regulator, "Ofsted", "ELM  Care", 1),
            voice(HomeFact::Owner, Speaker::Home, "Elm Care", "Elm Care", 1),
        ]);
        assert_eq!(
            said.iter().map(|one| (one.fact, one.differs)).collect::<Vec<_>>(),
            [(HomeFact::Places, true), (HomeFact::Owner, false)]
        );
        let again = compare(vec![
            voice(HomeFact::Places, Speaker::Home, "Elm Care", "4", 2),
            voice(HomeFact::Places, Speaker::Council, "Dudley", "3", 3),
            voice(HomeFact::Places, Speaker::Council, "Dudley", "4", 5),
        ]);
        assert!(!again[0].differs, "a council that looked again has changed its word");
    }

    #[test]
    fn what_is_said_is_short_dated_and_of_its_kind() {
        let today = date(2021, 9, 13);
        let bad = |fact, value: &str, day| {
            let errors = voice(fact, Speaker::Council, "Dudley", value, day).checked(today).unwrap_err().errors;
            errors[0].field.clone()
        };
        assert_eq!(bad(HomeFact::Places, "four", 1), "value");
        assert_eq!(bad(HomeFact::Manager, "perhaps", 1), "value");
        assert_eq!(bad(HomeFact::Owner, " ", 1), "value");
        assert_eq!(bad(HomeFact::Places, "4", 14), "seen_on");
        assert!(voice(HomeFact::Manager, Speaker::Council, "Dudley", "Yes", 1).checked(today).is_ok());
    }
}

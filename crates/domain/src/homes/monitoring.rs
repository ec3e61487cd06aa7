//! How the region watches homes: quality returns by template, visits, concerns with their plans, hours of support bought
//! against delivered, and the alert that comes before notice.
//!
//! Nothing here names a child. What is said of one child's placement is coded, or sealed under the key that the authority
//! and the home share.

pub mod concern;
pub mod quality_return;
pub mod stability;
pub mod support;
pub mod template;
pub mod visit;

use crate::outcome::{Invalid, Refusal};

/// The most characters of a finding, of an action or of a note.
pub const LONGEST_WORDS: usize = 600;

coded! {
    /// What a finding or a concern is about.
    Theme {
        Safety "safety" "Safety and going missing";
        Care "care" "Care and relationships";
        Restraint "restraint" "Restraint";
        Stability "stability" "Moves and endings";
        Education "education" "Education";
        Staffing "staffing" "Staffing";
        Leadership "leadership" "Leadership and oversight";
        Voice "voice" "Children's views and complaints";
        Premises "premises" "The house";
    }
}

/// Words about a home that several organisations read: there, not too long.
fn words(field: &str, text: &str, ask: &str, invalid: &mut Invalid) {
    if text.trim().is_empty() {
        invalid.add(field, ask);
    }
    short(field, text, invalid);
}

/// Words that may be left out, and are not too long.
fn short(field: &str, text: &str, invalid: &mut Invalid) {
    if text.chars().count() > LONGEST_WORDS {
        invalid.add(field, format!("Use at most {LONGEST_WORDS} characters"));
    }
}

/// A record that is not where an act needs it.
fn not_now(code: &str, rule: &str, sentence: String, who: &str, state: &str) -> Refusal {
    Refusal::new(code, rule, sentence, who).found(state)
}

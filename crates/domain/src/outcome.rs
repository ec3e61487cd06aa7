//! How a move or a command can end other than well, in words for the person who asked.

use core::fmt;

use serde::{Deserialize, Serialize};

/// A rule says no. Never an error of ours: it is a result, kept under the idempotency key and shown on a page of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// A stable code for programs, such as `ceiling_reached`.
    pub code: String,
    /// The rule or law that says so, such as `Annual value: limb (a)` or `Regulation 11`.
    pub rule: String,
    /// One plain sentence: what cannot be done and why.
    pub sentence: String,
    /// What was found, such as `£5,087,400 of £5,500,000 planned`; empty where the sentence says it all.
    pub value: String,
    /// Who can change it, by post or role.
    pub who_can_change: String,
}

impl Refusal {
    /// A refusal without a value; add one with [`Refusal::found`].
    #[must_use]
    pub fn new(code: &str, rule: &str, sentence: impl Into<String>, who_can_change: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            rule: rule.to_owned(),
            sentence: sentence.into(),
            value: String::new(),
            who_can_change: who_can_change.into(),
        }
    }

    /// The same refusal, saying what was found.
    #[must_use]
    pub fn found(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.sentence, self.rule)
    }
}

/// One thing wrong with a form: the field's name, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the form and in the API.
    pub field: String,
    /// What to do, such as "Enter the date the child needs the home, like 19 3 2021".
    pub message: String,
}

/// A form or request that cannot be read: every field that is wrong, in the order of the form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Invalid {
    /// The fields, at least one.
    pub errors: Vec<FieldError>,
}

impl Invalid {
    /// One field is wrong.
    #[must_use]
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        let mut invalid = Self::default();
        invalid.add(field, message);
        invalid
    }

    /// Adds a field.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    /// `value` where nothing is wrong, else all that is.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.errors.is_empty() { Ok(value) } else { Err(self) }
    }
}

//! A move of a stateful record: the next state and the event that tells it, together or not at all.
//!
//! The store applies nothing but a `Change`, so a change that is not recorded does not compile.

use serde::{Deserialize, Serialize};

/// What happened, in codes and figures only: an event's text never holds a name, a date of birth or free text
/// about a child. Sealed text appears by the digest of its sealed form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What happened, such as `referral.sent`.
    pub kind: String,
    /// The kind of record it happened to, by its room's name.
    pub room: String,
    /// The record's id.
    pub record: i64,
    /// The record's version after it.
    pub version: i64,
    /// Codes and figures, in a fixed order.
    pub facts: Vec<(String, String)>,
}

impl Event {
    /// An event about a record, at the version that it has after the move.
    #[must_use]
    pub fn new(kind: &str, room: &str, record: i64, version: i64) -> Self {
        Self { kind: kind.to_owned(), room: room.to_owned(), record, version, facts: Vec::new() }
    }

    /// The same event with one more fact: a code, a figure, a date or a reference.
    #[must_use]
    #[allow(clippy::needless_pass_by_value)] // callers hand over literals and figures
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.facts.push((name.to_owned(), value.to_string()));
        self
    }
}

/// The next state of a record and the event that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a change has no effect until it is applied"]
pub struct Change<T> {
    next: T,
    event: Event,
}

impl<T> Change<T> {
    /// The only way to make a change.
    pub fn to(next: T, event: Event) -> Self {
        Self { next, event }
    }

    /// The record as it will be.
    pub fn next(&self) -> &T {
        &self.next
    }

    /// What will be recorded.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// Both parts, for the store.
    pub fn into_parts(self) -> (T, Event) {
        (self.next, self.event)
    }
}

/// One allowed move of a room's state machine; the room's `MOVES` table drives its tests and its diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The state before, by its stored name; `new` where the record does not exist yet.
    pub from: &'static str,
    /// The method that makes the move.
    pub act: &'static str,
    /// The state after.
    pub to: &'static str,
    /// Who makes it, in the field's words.
    pub by: &'static str,
}

//! What the regional team changes of an arrangement after it was recorded: participants, lots, opening windows.

use jiff::civil::Date;

use super::{Arrangement, Lot, OpeningWindow, Participant, WHO};
use crate::calendar::long_date;
use crate::change::Change;
use crate::outcome::Refusal;

impl Arrangement {
    /// Takes in a participant; its own decision to adopt comes after.
    pub fn add_participant(self, participant: Participant) -> Result<Change<Self>, Refusal> {
        if self.participants.iter().any(|known| known.organisation == participant.organisation) {
            return Err(refuse(
                "participant_already",
                "A participant stands in the list once",
                "It takes part already.",
            )
            .found(participant.code));
        }
        let mut next = Self { version: self.version + 1, ..self };
        let event = next.event("arrangement.participant_added").with("participant", &participant.code);
        next.participants.push(participant);
        Ok(Change::to(next, event))
    }

    /// Takes a participant off the list. One that has adopted leaves by its own decision, so that its agreements are
    /// listed; `adopted` is the reference of the decision by which it did.
    pub fn remove_participant(self, code: &str, adopted: Option<&str>) -> Result<Change<Self>, Refusal> {
        if !self.participants.iter().any(|known| known.code == code) {
            return Err(refuse("no_such_participant", "Participants are those listed", "It does not take part."));
        }
        if let Some(reference) = adopted {
            return Err(Refusal::new(
                "participant_has_adopted",
                "An authority that has adopted the arrangement leaves by its own decision",
                "This participant has adopted the arrangement, so it cannot be taken off the list.",
                "The authority, on its own page: a date from which it leaves",
            )
            .found(reference));
        }
        let mut next = Self { version: self.version + 1, ..self };
        next.participants.retain(|known| known.code != code);
        let event = next.event("arrangement.participant_removed").with("participant", code);
        Ok(Change::to(next, event))
    }

    /// Adds a lot, or rewrites the name and the words of the one with this code: admissions and referrals name the code.
    pub fn keep_lot(self, lot: Lot) -> Result<Change<Self>, Refusal> {
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if lot.code.is_empty() || lot.code.len() > 40 || !lot.code.chars().all(fits) || lot.name.trim().is_empty() {
            return Err(refuse(
                "lot_code",
                "A lot has a code of small letters, digits and underscores, and a name",
                "The lot's code or its name cannot be used.",
            )
            .found(lot.code.chars().take(40).collect::<String>()));
        }
        if let Some(other) = self.lots.iter().find(|known| known.code != lot.code && known.name == lot.name) {
            return Err(refuse("lot_name", "Each lot has a name of its own", "Another lot has this name.")
                .found(other.code.clone()));
        }
        let mut next = Self { version: self.version + 1, ..self };
        let place = next.lots.iter().position(|known| known.code == lot.code);
        let kind = if place.is_some() { "arrangement.lot_changed" } else { "arrangement.lot_added" };
        let event = next.event(kind).with("lot", &lot.code);
        match place.and_then(|at| next.lots.get_mut(at)) {
            Some(known) => *known = lot,
            None => next.lots.push(lot),
        }
        Ok(Change::to(next, event))
    }

    /// Takes a lot off the list, where no home was ever admitted to it.
    pub fn remove_lot(self, code: &str, admitted: usize) -> Result<Change<Self>, Refusal> {
        if self.lot(code).is_none() {
            return Err(refuse("unknown_lot", "Lots are those of the arrangement", "The arrangement has no such lot."));
        }
        if admitted > 0 {
            return Err(refuse(
                "lot_in_use",
                "A lot to which homes were admitted stays",
                "Homes were admitted to this lot, so it cannot be taken off the list.",
            )
            .found(format!("{admitted} admissions")));
        }
        let mut next = Self { version: self.version + 1, ..self };
        next.lots.retain(|known| known.code != code);
        let event = next.event("arrangement.lot_removed").with("lot", code);
        Ok(Change::to(next, event))
    }

    /// Adds a window in which providers may join: within the longest term, and beside no other.
    pub fn add_window(self, window: OpeningWindow) -> Result<Change<Self>, Refusal> {
        let days = format!("{} to {}", long_date(window.from), long_date(window.to));
        if window.to < window.from || window.from < self.term.start || window.to > self.term.longest_end() {
            return Err(refuse(
                "window_outside_term",
                "An opening window lies within the term, its last day not before its first",
                "The window ends before it begins, or lies outside the longest term.",
            )
            .found(days));
        }
        if let Some(other) = self.windows.iter().find(|other| other.from <= window.to && window.from <= other.to) {
            return Err(refuse(
                "window_overlaps",
                "Opening windows do not overlap",
                "There is a window on those days.",
            )
            .found(format!("{} to {}", long_date(other.from), long_date(other.to))));
        }
        let mut next = Self { version: self.version + 1, ..self };
        next.windows.push(window);
        next.windows.sort_by_key(|window| window.from);
        let event = next.event("arrangement.window_added").with("from", window.from).with("to", window.to);
        Ok(Change::to(next, event))
    }

    /// Takes back a window that has not begun.
    pub fn remove_window(self, from: Date, today: Date) -> Result<Change<Self>, Refusal> {
        let Some(window) = self.windows.iter().find(|window| window.from == from).copied() else {
            return Err(refuse("no_such_window", "Opening windows are those listed", "No window begins on that day.")
                .found(long_date(from)));
        };
        if window.from <= today {
            return Err(refuse(
                "window_begun",
                "A window that has begun stays in the record",
                "The window has begun, so it cannot be taken back.",
            )
            .found(long_date(window.from)));
        }
        let mut next = Self { version: self.version + 1, ..self };
        next.windows.retain(|known| *known != window);
        let event = next.event("arrangement.window_removed").with("from", window.from).with("to", window.to);
        Ok(Change::to(next, event))
    }
}

fn refuse(code: &str, rule: &str, sentence: &str) -> Refusal {
    Refusal::new(code, rule, sentence, WHO)
}

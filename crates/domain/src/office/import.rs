//! A file that somebody brings in: uploaded, checked row by row, confirmed by a person, brought in part by part.
//!
//! What a row means is its own room's matter; here is only where the file stands. Its text is sealed and kept for 28 days.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{OrganisationId, PersonId, UploadId};
use crate::office::access::Action;
use crate::outcome::Refusal;

/// How many days the text of a file is kept, for its list of errors.
pub const DAYS_KEPT: i64 = 28;
/// The most rows of one file.
pub const MOST_ROWS: u32 = 200_000;
/// The most rows of a file of people: each is a mail to somebody who has not asked for it.
pub const MOST_INVITED: u32 = 1_000;
/// The most rows of a file of placements: all of them are checked together, and go in together.
pub const MOST_STAYS: u32 = 5_000;

coded! {
    /// What the rows of a file are.
    FileKind {
        Homes "homes" "Homes";
        Beds "beds" "Beds out of service";
        Prices "prices" "Prices";
        Documents "documents" "Documents and when they expire";
        Placements "placements" "Live and earlier placements";
        Register "register" "Ofsted's register of homes";
        People "people" "People to invite";
    }
}

impl FileKind {
    /// What somebody must be allowed to ask for who brings such rows in one by one.
    #[must_use]
    pub const fn action(self) -> Action {
        match self {
            Self::Homes | Self::Beds | Self::Documents => Action::KeepOwnHomes,
            Self::Prices | Self::Register => Action::KeepHomes,
            Self::Placements => Action::BringInHistory,
            Self::People => Action::KeepPeople,
        }
    }

    /// The most rows of one file of it.
    #[must_use]
    pub const fn most_rows(self) -> u32 {
        match self {
            Self::People => MOST_INVITED,
            Self::Placements => MOST_STAYS,
            Self::Homes | Self::Beds | Self::Prices | Self::Documents | Self::Register => MOST_ROWS,
        }
    }

    /// Whether all rows of a file are checked and go in as one: two of them may want one bed, or tell of one child.
    #[must_use]
    pub const fn as_one(self) -> bool {
        matches!(self, Self::Placements)
    }
}

/// What became of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Rows that change something.
    pub changes: u32,
    /// Rows that say what is held already.
    pub unchanged: u32,
    /// Rows that cannot be used.
    pub wrong: u32,
}

impl Tally {
    /// All rows of it.
    #[must_use]
    pub const fn rows(self) -> u32 {
        self.changes + self.unchanged + self.wrong
    }

    /// What of a file that stopped went in before, in words.
    #[must_use]
    pub fn went_in(self) -> String {
        match self.changes {
            0 => "Nothing was brought in.".to_owned(),
            1 => "1 row was brought in before; it stays.".to_owned(),
            many => format!("{many} rows were brought in before; they stay."),
        }
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            changes: self.changes + other.changes,
            unchanged: self.unchanged + other.unchanged,
            wrong: self.wrong + other.wrong,
        }
    }
}

/// Where a file stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// Its rows are being checked.
    Checking,
    /// Every row is checked; it waits for a person.
    Checked {
        /// What the check found.
        found: Tally,
    },
    /// Confirmed; its rows go in.
    BringingIn {
        /// What the check found.
        found: Tally,
        /// By whom it was confirmed.
        by: PersonId,
        /// When.
        at: DateTime,
        /// Whether rows that cannot be used are left out; else the first that cannot be used any more stops it.
        #[serde(default)]
        leave_out: bool,
    },
    /// A row that could be used at the check cannot be used any more: it waits for a person.
    Stopped {
        /// What is known of all rows now.
        found: Tally,
        /// What went in before.
        done: Tally,
        /// When.
        at: DateTime,
    },
    /// Done.
    BroughtIn {
        /// What became of the rows.
        done: Tally,
        /// When.
        at: DateTime,
    },
    /// Given up.
    Cancelled {
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
        /// What went in before it stopped; nothing of a file that did not.
        #[serde(default)]
        done: Tally,
    },
}

impl UploadState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["checking", "checked", "bringing_in", "stopped", "brought_in", "cancelled"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Checked { .. } => "checked",
            Self::BringingIn { .. } => "bringing_in",
            Self::Stopped { .. } => "stopped",
            Self::BroughtIn { .. } => "brought_in",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    /// The words on the screen.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Checking => "Checking",
            Self::Checked { found } if found.wrong > 0 => "Has errors",
            Self::Checked { .. } => "Ready to bring in",
            Self::BringingIn { .. } => "Bringing in",
            Self::Stopped { .. } => "Stopped",
            Self::BroughtIn { .. } => "Brought in",
            Self::Cancelled { done, .. } if done.changes > 0 => "Cancelled, partly brought in",
            Self::Cancelled { .. } => "Cancelled",
        }
    }
}

/// A file that somebody brings in. Its name and its text may tell of a child, so they stand sealed and not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// Raised by one with every move.
    pub version: i64,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Its number among the organisation's.
    pub number: u32,
    /// What its rows are.
    pub kind: FileKind,
    /// Who brought it.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// SHA-256 of the file, in hexadecimal digits.
    pub digest: String,
    /// Rows below the heads.
    pub rows: u32,
    /// Columns that are not known and are not read.
    pub unread: u32,
    /// Cells from which the apostrophe against formulas was taken off.
    pub bared: u32,
    /// Where it stands.
    pub state: UploadState,
}

/// Every move of a file.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "bring", to: "checking", by: "whoever keeps what its rows are" },
    Move { from: "checking", act: "checked", to: "checked", by: "the system" },
    Move { from: "checked", act: "confirm", to: "bringing_in", by: "whoever keeps what its rows are" },
    Move { from: "bringing_in", act: "finish", to: "brought_in", by: "the system" },
    Move { from: "bringing_in", act: "stop", to: "stopped", by: "the system" },
    Move { from: "stopped", act: "confirm", to: "bringing_in", by: "whoever keeps what its rows are" },
    Move { from: "stopped", act: "cancel", to: "cancelled", by: "whoever keeps what its rows are" },
    Move { from: "checking", act: "cancel", to: "cancelled", by: "whoever keeps what its rows are" },
    Move { from: "checked", act: "cancel", to: "cancelled", by: "whoever keeps what its rows are" },
];

impl Upload {
    fn event(&self, kind: &str, version: i64) -> Event {
        Event::new(kind, "import", self.id.0, version).with("kind", self.kind.code())
    }

    fn to(self, state: UploadState, event: Event) -> Change<Self> {
        Change::to(Self { version: self.version + 1, state, ..self }, event)
    }

    /// A file is brought; it comes as being checked, at version 1.
    pub fn bring(upload: Self) -> Change<Self> {
        let next = Self { version: 1, state: UploadState::Checking, ..upload };
        let event = next.event("import.brought", 1).with("rows", next.rows).with("digest", &next.digest);
        Change::to(next, event)
    }

    /// Every row is checked.
    pub fn checked(self, found: Tally) -> Result<Change<Self>, Refusal> {
        if self.state != UploadState::Checking {
            return Err(self.not_now("be checked again"));
        }
        let event = told(self.event("import.checked", self.version + 1), found);
        Ok(self.to(UploadState::Checked { found }, event))
    }

    /// A person confirms it. Rows that cannot be used stop it, unless they are to be left out; so does a file that
    /// would change nothing.
    pub fn confirm(self, skip: bool, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        let (found, done) = match self.state {
            UploadState::Checked { found } => (found, Tally::default()),
            UploadState::Stopped { found, done, .. } => (found, done),
            _ => return Err(self.not_now("be brought in")),
        };
        if found.wrong > 0 && !skip {
            return Err(Refusal::new(
                "import_has_errors",
                "Import: rows that cannot be used are corrected, or left out on purpose",
                format!("The file has rows that cannot be used. {}", done.went_in()),
                "You, by correcting them and sending the file again, or by leaving them out",
            )
            .found(format!("{} of {} rows", found.wrong, found.rows())));
        }
        if found.changes == done.changes {
            return Err(Refusal::new(
                "import_changes_nothing",
                "Import: a file is brought in where a row of it changes something",
                "No further row of the file would change anything.",
                "You, by sending another file",
            )
            .found(format!("{} held already, {} cannot be used", found.unchanged, found.wrong)));
        }
        let event = self.event("import.confirmed", self.version + 1).with("left_out", found.wrong);
        Ok(self.to(UploadState::BringingIn { found, by, at: moment.local, leave_out: skip }, event))
    }

    /// Refused where its text is forgotten while it waits for a person: no row of it can go in any more.
    pub fn still_kept(&self, kept: bool) -> Result<(), Refusal> {
        let waits = matches!(self.state, UploadState::Checked { .. } | UploadState::Stopped { .. });
        if kept || !waits {
            return Ok(());
        }
        Err(Refusal::new(
            "import_forgotten",
            "Import: the text of a file is kept for 28 days, and is forgotten then",
            format!("The text of file {} is forgotten: nothing of it can be brought in any more.", self.number),
            "You, by sending the file again",
        )
        .found(format!("brought on {}", long_date(self.at.date()))))
    }

    /// A row that could be used at the check cannot be used any more, and nobody said that such rows are left out.
    pub fn stop(self, found: Tally, done: Tally, moment: Moment) -> Result<Change<Self>, Refusal> {
        if !matches!(self.state, UploadState::BringingIn { .. }) {
            return Err(self.not_now("be stopped"));
        }
        let event = told(self.event("import.stopped", self.version + 1), found).with("brought_in", done.changes);
        Ok(self.to(UploadState::Stopped { found, done, at: moment.local }, event))
    }

    /// The last of its rows went in.
    pub fn finish(self, done: Tally, moment: Moment) -> Result<Change<Self>, Refusal> {
        if !matches!(self.state, UploadState::BringingIn { .. }) {
            return Err(self.not_now("be finished"));
        }
        let event = told(self.event("import.brought_in_rows", self.version + 1), done);
        Ok(self.to(UploadState::BroughtIn { done, at: moment.local }, event))
    }

    /// A person gives it up before anything of it goes in, or once it stopped; what went in before stays.
    pub fn cancel(self, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        let done = match self.state {
            UploadState::Checking | UploadState::Checked { .. } => Tally::default(),
            UploadState::Stopped { done, .. } => done,
            _ => return Err(self.not_now("be cancelled")),
        };
        let event = self.event("import.cancelled", self.version + 1);
        Ok(self.to(UploadState::Cancelled { by, at: moment.local, done }, event))
    }

    fn not_now(&self, act: &str) -> Refusal {
        Refusal::new(
            "import_state",
            "Import: a file is checked, then confirmed, then brought in, each once",
            format!("File {} cannot {act}.", self.number),
            "You, by sending the file again as a new one",
        )
        .found(self.state.label().to_lowercase())
    }
}

fn told(event: Event, tally: Tally) -> Event {
    event.with("changes", tally.changes).with("unchanged", tally.unchanged).with("wrong", tally.wrong)
}

#[cfg(test)]
mod tests;

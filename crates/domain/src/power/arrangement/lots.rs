//! The lots of an arrangement over time: what is named by its code keeps it, so a lot in use is renamed under the same code,
//! and closed from a day on; what was admitted, searched and agreed on it before goes on.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Arrangement, Lot, WHO};
use crate::calendar::long_date;
use crate::change::Change;
use crate::outcome::Refusal;

/// A lot on which nothing new begins from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedLot {
    /// The lot's code.
    pub code: String,
    /// The first day on which no home is admitted to it and no search is sent out on it.
    pub from: Date,
}

impl Arrangement {
    /// From when a lot is closed; none where it is open for as long as the arrangement runs.
    #[must_use]
    pub fn closes(&self, code: &str) -> Option<Date> {
        self.ahead.closed.iter().find(|closed| closed.code == code).map(|closed| closed.from)
    }

    /// What the arrangement calls a lot; the code itself where it has no such lot.
    #[must_use]
    pub fn lot_named<'a>(&'a self, code: &'a str) -> &'a str {
        self.lot(code).map_or(code, |lot| lot.name.as_str())
    }

    /// The lots on which something new may begin on a day.
    pub fn open_lots(&self, day: Date) -> impl Iterator<Item = &Lot> {
        self.lots.iter().filter(move |lot| self.closes(&lot.code).is_none_or(|from| day < from))
    }

    /// Refuses what would begin on a lot on a day on which it is closed.
    pub fn lot_is_open(&self, code: &str, day: Date) -> Result<(), Refusal> {
        match self.closes(code).filter(|from| day >= *from) {
            None => Ok(()),
            Some(from) => Err(refuse(
                "lot_closed",
                "Nothing new begins on a lot that is closed; what was agreed on it goes on",
                "The region closed this lot.",
            )
            .found(format!("{}, closed from {}", self.lot_named(code), long_date(from)))),
        }
    }

    /// Closes a lot from today or a later day on. The last open one stays open.
    pub fn close_lot(self, code: &str, from: Date, today: Date) -> Result<Change<Self>, Refusal> {
        if self.lot(code).is_none() {
            return Err(refuse("unknown_lot", "Lots are those of the arrangement", "The arrangement has no such lot."));
        }
        if let Some(known) = self.closes(code) {
            return Err(
                refuse("lot_closed", "A lot is closed once", "This lot is closed, or will be.").found(long_date(known))
            );
        }
        if from < today {
            return Err(refuse(
                "lot_closed_back",
                "A lot is closed from today or a later day on: what was admitted or searched before stays right",
                "The day on which it closes has passed.",
            )
            .found(long_date(from)));
        }
        if self.open_lots(from).all(|lot| lot.code == code) {
            return Err(refuse(
                "last_lot",
                "An arrangement has at least one open lot",
                "No other lot is open from that day on.",
            )
            .found(self.lot_named(code)));
        }
        let mut next = Self { version: self.version + 1, ..self };
        next.ahead.closed.push(ClosedLot { code: code.to_owned(), from });
        let event = next.event("arrangement.lot_closed").with("lot", code).with("from", from);
        Ok(Change::to(next, event))
    }

    /// Opens a closed lot again, or takes back that it closes.
    pub fn reopen_lot(self, code: &str) -> Result<Change<Self>, Refusal> {
        if self.closes(code).is_none() {
            let open = refuse("lot_open", "Only a closed lot is opened again", "This lot is open.");
            return Err(open.found(self.lot_named(code)));
        }
        let mut next = Self { version: self.version + 1, ..self };
        next.ahead.closed.retain(|closed| closed.code != code);
        let event = next.event("arrangement.lot_reopened").with("lot", code);
        Ok(Change::to(next, event))
    }
}

fn refuse(code: &str, rule: &str, sentence: &str) -> Refusal {
    Refusal::new(code, rule, sentence, WHO)
}

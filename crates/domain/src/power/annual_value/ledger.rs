//! The ledger of one year: a ceiling, what is committed, and what was excepted above it. The database holds the same
//! formula in a trigger; here it says before a command what the database will say after it (rules 3.2 and 3.3).

use serde::{Deserialize, Serialize};

use crate::money::Pence;
use crate::outcome::Refusal;

/// The totals of one authority's year. Always `over = max(0, committed − ceiling)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct YearTotals {
    /// What the decision in force allows.
    pub ceiling: Pence,
    /// What is committed.
    pub committed: Pence,
    /// What of it is excepted above the ceiling.
    pub over: Pence,
}

/// A movement of what is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The movement; a release is negative.
    pub delta: Pence,
    /// Whether an exception row was granted for it.
    pub excepted: bool,
}

/// A new ceiling from a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CeilingChange {
    /// The new ceiling.
    pub ceiling: Pence,
    /// The decision accepts that more is committed already: the excess is flagged as an exception.
    pub accepts_over: bool,
}

impl YearTotals {
    /// What can still be awarded.
    #[must_use]
    pub fn headroom(&self) -> Pence {
        Pence((self.ceiling - self.committed).0.max(0))
    }

    /// The totals after an entry. An ordinary rise above the ceiling is refused; a fall always passes, and pays an
    /// excess back first.
    pub fn after(&self, entry: Entry) -> Result<Self, Refusal> {
        let committed = self.committed + entry.delta;
        let excess = Pence((committed - self.ceiling).0.max(0));
        let over = if entry.excepted { excess } else { self.over.min(excess) };
        if committed > self.ceiling + over {
            return Err(self.ceiling_reached(entry.delta));
        }
        Ok(Self { ceiling: self.ceiling, committed, over })
    }

    /// The totals under a new ceiling. A lower one than is committed is refused unless the decision accepts the excess.
    pub fn under(&self, change: CeilingChange) -> Result<Self, Refusal> {
        let over = Pence((self.committed - change.ceiling).0.max(0));
        if over > self.over && !change.accepts_over {
            return Err(Refusal::new(
                "ceiling_below_committed",
                "Annual value: a lowered ceiling that is already passed is an exception with reason and person",
                "The new ceiling is below what is committed. The decision must say that it accepts the excess.",
                "The decision maker",
            )
            .found(format!("{} committed, {} proposed", self.committed, change.ceiling)));
        }
        Ok(Self { ceiling: change.ceiling, committed: self.committed, over })
    }

    /// The refusal of a new award above the ceiling.
    #[must_use]
    pub fn ceiling_reached(&self, wanted: Pence) -> Refusal {
        Refusal::new(
            "ceiling_reached",
            "Annual value: limb (a) gives no power beyond its ceiling, which holds what is planned",
            format!(
                "This award would take the year {} above the ceiling of {}.",
                Pence((self.committed + wanted - self.ceiling).0.max(0)),
                self.ceiling
            ),
            "The decision maker, by a decision that raises the ceiling; in urgency, the holders of a recorded urgency power",
        )
        .found(format!(
            "{} of {} planned; {wanted} asked; {} can still be awarded",
            self.committed,
            self.ceiling,
            self.headroom()
        ))
    }
}

//! A month of a block, settled: the provider and the lead agree the same figures, and the nights are frozen. A later
//! correction stands as an adjustment in the next month that is settled (rule 6.2).

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{BlockId, OrganisationId, PersonId};
use crate::money::Pence;
use crate::nights::plus_days;
use crate::outcome::Refusal;

coded! {
    /// Who settles a month.
    MonthSide {
        Provider "provider" "Provider";
        Lead "lead" "Lead";
    }
}

coded! {
    /// What is wrong with a month's nights.
    DisputeReason {
        Used "used" "A night was used or not used";
        Cause "cause" "The cause of an empty night";
        Refusal "refusal" "Whether a refusal counts";
        Resale "resale" "A re-sold night or its price";
        Adjustment "adjustment" "A correction of an earlier month";
        Other "other" "Another reason, told to the other side";
    }
}

/// What was agreed: a digest of the month's nights and what is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// SHA-256 of the nights and adjustments, in hexadecimal digits.
    pub digest: String,
    /// What the provider is due.
    pub due: Pence,
    /// What is due of it for earlier months.
    pub adjusted: Pence,
}

/// How a month stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum MonthState {
    /// One side has agreed these figures.
    AgreedByOne {
        /// Which side.
        side: MonthSide,
        /// The figures.
        figures: Figures,
    },
    /// One side says that something is wrong.
    Disputed {
        /// Which side.
        side: MonthSide,
        /// What.
        reason: DisputeReason,
        /// When.
        at: DateTime,
    },
    /// Both have agreed: the nights are frozen.
    Frozen {
        /// The figures.
        figures: Figures,
        /// When.
        at: DateTime,
    },
}

impl MonthState {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AgreedByOne { .. } => "agreed_by_one",
            Self::Disputed { .. } => "disputed",
            Self::Frozen { .. } => "frozen",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::AgreedByOne { side: MonthSide::Provider, .. } => "Agreed by the provider",
            Self::AgreedByOne { side: MonthSide::Lead, .. } => "Agreed by the lead",
            Self::Disputed { .. } => "Disputed",
            Self::Frozen { .. } => "Settled",
        }
    }
}

/// The settling of one calendar month of one block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockMonth {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The contract.
    pub block: BlockId,
    /// Who keeps the contract's record; the row is the lead's, and the provider's to write too.
    pub lead: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// The month's first day.
    pub month: Date,
    /// Who acted last.
    pub by: PersonId,
    /// How it stands.
    pub state: MonthState,
}

/// Every move of a month.
pub const MONTH_MOVES: &[Move] = &[
    Move { from: "new", act: "agree", to: "agreed_by_one", by: "provider or lead" },
    Move { from: "new", act: "dispute", to: "disputed", by: "provider or lead" },
    Move { from: "agreed_by_one", act: "agree", to: "agreed_by_one", by: "either side, other figures" },
    Move { from: "agreed_by_one", act: "agree", to: "frozen", by: "the other side, the same figures" },
    Move { from: "agreed_by_one", act: "dispute", to: "disputed", by: "provider or lead" },
    Move { from: "disputed", act: "agree", to: "agreed_by_one", by: "provider or lead" },
];

impl BlockMonth {
    /// Begins the settling of a month that has passed, by either side's first word.
    #[must_use]
    pub fn new(
        id: i64,
        (block, lead, provider): (BlockId, OrganisationId, OrganisationId),
        month: Date,
        by: PersonId,
    ) -> Self {
        let at = month.at(0, 0, 0, 0);
        let state = MonthState::Disputed { side: MonthSide::Lead, reason: DisputeReason::Other, at };
        Self { id, version: 0, block, lead, provider, month: month.first_of_month(), by, state }
    }

    /// One side agrees the figures that it was shown. The month is frozen where the other has agreed the same.
    pub fn agree(
        self,
        side: MonthSide,
        figures: Figures,
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.open_on(moment)?;
        let state = match &self.state {
            MonthState::AgreedByOne { side: other, figures: agreed } if *other != side && *agreed == figures => {
                MonthState::Frozen { figures, at: moment.local }
            }
            MonthState::AgreedByOne { .. } | MonthState::Disputed { .. } | MonthState::Frozen { .. } => {
                MonthState::AgreedByOne { side, figures }
            }
        };
        let kind = if state.name() == "frozen" { "block_month.settled" } else { "block_month.agreed" };
        Ok(self.to(state, by, kind))
    }

    /// One side says that something is wrong.
    pub fn dispute(
        self,
        side: MonthSide,
        reason: DisputeReason,
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.open_on(moment)?;
        Ok(self.to(MonthState::Disputed { side, reason, at: moment.local }, by, "block_month.disputed"))
    }

    /// The day after its last night.
    #[must_use]
    pub fn ends(&self) -> Date {
        plus_days(self.month.last_of_month(), 1)
    }

    fn open_on(&self, moment: Moment) -> Result<(), Refusal> {
        let rule = "A month of a block is settled once, when it has passed; a correction stands in the next";
        if let MonthState::Frozen { at, .. } = &self.state {
            return Err(Refusal::new(
                "month_settled",
                rule,
                "This month is settled. Record what was wrong: it is adjusted in the next month.",
                "You, by recording the correction",
            )
            .found(long_date(at.date())));
        }
        if moment.today() < self.ends() {
            return Err(Refusal::new(
                "month_not_over",
                rule,
                "This month has not passed yet.",
                "Nobody: wait for its last night",
            )
            .found(self.month.strftime("%B %Y").to_string()));
        }
        Ok(())
    }

    fn to(self, state: MonthState, by: PersonId, kind: &str) -> Change<Self> {
        let next = Self { version: self.version + 1, by, state, ..self };
        let event = Event::new(kind, "block_month", next.id, next.version)
            .with("block", next.block)
            .with("month", next.month)
            .with("state", next.state.name());
        let event = match &next.state {
            MonthState::AgreedByOne { side, figures } => {
                event.with("side", side.code()).with("due_pence", figures.due.0).with("digest", &figures.digest)
            }
            MonthState::Disputed { side, reason, .. } => event.with("side", side.code()).with("reason", reason.code()),
            MonthState::Frozen { figures, .. } => {
                event.with("due_pence", figures.due.0).with("digest", &figures.digest)
            }
        };
        Change::to(next, event)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn moment(day: Date) -> Moment {
        Moment { at: jiff::Timestamp::UNIX_EPOCH, local: day.at(9, 0, 0, 0) }
    }

    fn figures(due: i64) -> Figures {
        Figures { digest: format!("d{due}"), due: Pence(due), adjusted: Pence::ZERO }
    }

    fn august() -> BlockMonth {
        BlockMonth::new(1, (BlockId(2), OrganisationId(9), OrganisationId(3)), date(2021, 8, 1), PersonId(4))
    }

    #[test]
    fn rule_6_2_a_month_is_frozen_when_both_sides_agreed_the_same_figures() {
        let now = moment(date(2021, 9, 1));
        let one = august().agree(MonthSide::Provider, figures(10), PersonId(5), now).unwrap().into_parts().0;
        assert_eq!(one.state.name(), "agreed_by_one");
        let again = one.clone().agree(MonthSide::Provider, figures(10), PersonId(5), now).unwrap();
        assert_eq!(again.next().state.name(), "agreed_by_one", "one side alone settles nothing");
        let other = one.clone().agree(MonthSide::Lead, figures(11), PersonId(6), now).unwrap();
        assert_eq!(other.next().state.label(), "Agreed by the lead", "other figures are agreed anew");
        let both = one.agree(MonthSide::Lead, figures(10), PersonId(6), now).unwrap().into_parts().0;
        assert_eq!(both.state.name(), "frozen");
        assert_eq!(
            both.clone().dispute(MonthSide::Lead, DisputeReason::Cause, PersonId(6), now).unwrap_err().code,
            "month_settled"
        );
    }

    #[test]
    fn rule_6_2_a_month_that_has_not_passed_is_not_settled() {
        let early = august().agree(MonthSide::Lead, figures(1), PersonId(5), moment(date(2021, 8, 31)));
        assert_eq!(early.unwrap_err().code, "month_not_over");
        let told = august().dispute(MonthSide::Lead, DisputeReason::Used, PersonId(5), moment(date(2021, 9, 1)));
        let told = told.unwrap().into_parts().0;
        let agreed = told.agree(MonthSide::Lead, figures(1), PersonId(5), moment(date(2021, 9, 2))).unwrap();
        assert_eq!(agreed.next().state.name(), "agreed_by_one");
    }
}

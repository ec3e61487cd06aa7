//! Pre-placement checks (rule 7.2): eighteen, each with its evidence, officer, validity and minutes. A home of the
//! arrangement inherits those that the regional evaluation satisfies; a spot home may rely on those still in date.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{HomeId, OrganisationId, PersonId, Reference, ReferralId};
use crate::outcome::{Invalid, Refusal};
use crate::sealed::Sealed;

pub mod item;
pub mod line;
pub mod minutes;
pub mod standard;

pub use item::{CheckItem, EvidenceKind, Inherits, Validity};
pub use line::{CheckLine, Clearance, Earlier, LineState, Live, Regional, Subject, WITHIN, clearance, lines};
pub use minutes::{Contracting, MinutesOf, SaidMinutes, office_minutes};
pub use standard::StandardMinutes;

coded! {
    /// Why a check is not satisfied.
    NotSatisfiedReason {
        Missing "missing" "The evidence is missing or refused";
        OutOfDate "out_of_date" "The evidence is out of date";
        Concern "concern" "It shows a concern that stops the placement";
        DoesNotCover "does_not_cover" "It does not cover this child or this home";
    }
}

/// The evidence of a check: what kind, its number, and until when it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What kind.
    pub kind: EvidenceKind,
    /// Its date.
    pub on: Date,
    /// Its number in the authority's files; empty where it has none.
    pub number: String,
    /// The day after the last on which it holds; none where it is for this placement only.
    pub until: Option<Date>,
    /// In words, sealed under the child's key.
    pub words: Option<Sealed<String>>,
}

/// Where a check that was begun stands. One that was not is "to do", and is no record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CheckState {
    /// The provider was asked for it.
    WithProvider {
        /// When.
        at: DateTime,
    },
    /// The evidence is in and is to be judged.
    EvidenceIn {
        /// When.
        at: DateTime,
        /// The evidence.
        evidence: Evidence,
    },
    /// Done.
    Done {
        /// When.
        at: DateTime,
        /// By whom.
        by: PersonId,
        /// On which evidence.
        evidence: Evidence,
    },
    /// Judged, and not satisfied.
    NotSatisfied {
        /// When.
        at: DateTime,
        /// By whom.
        by: PersonId,
        /// Why.
        reason: NotSatisfiedReason,
    },
}

impl CheckState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["with_provider", "evidence_in", "done", "not_satisfied"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::WithProvider { .. } => "with_provider",
            Self::EvidenceIn { .. } => "evidence_in",
            Self::Done { .. } => "done",
            Self::NotSatisfied { .. } => "not_satisfied",
        }
    }

    /// The words on its line's tag, while what was judged holds.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::WithProvider { .. } => LineState::WithProvider.label(),
            Self::EvidenceIn { .. } => LineState::EvidenceIn.label(),
            Self::Done { .. } => LineState::Read { on: None }.label(),
            Self::NotSatisfied { reason, .. } => LineState::NotSatisfied { reason: *reason }.label(),
        }
    }
}

/// One check of one home for one child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreCheck {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The placing authority or trust.
    pub authority: OrganisationId,
    /// The referral.
    pub referral: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The home.
    pub home: HomeId,
    /// Its provider.
    pub provider: OrganisationId,
    /// Which of the eighteen.
    pub item: CheckItem,
    /// The officer who has it.
    pub officer: PersonId,
    /// When it was begun.
    pub begun: DateTime,
    /// Minutes by the system's own times: from opening each form to sending it.
    pub measured: u32,
    /// Minutes that officers said it took beside that.
    pub said: u32,
    /// Where it stands.
    pub state: CheckState,
}

/// Every move of a check.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "ask", to: "with_provider", by: "placement officer" },
    Move { from: "new", act: "bring_in", to: "evidence_in", by: "placement officer" },
    Move { from: "new", act: "do", to: "done", by: "placement officer" },
    Move { from: "new", act: "fail", to: "not_satisfied", by: "placement officer" },
    Move { from: "with_provider", act: "bring_in", to: "evidence_in", by: "placement officer" },
    Move { from: "with_provider", act: "do", to: "done", by: "placement officer" },
    Move { from: "with_provider", act: "fail", to: "not_satisfied", by: "placement officer" },
    Move { from: "evidence_in", act: "do", to: "done", by: "placement officer" },
    Move { from: "evidence_in", act: "fail", to: "not_satisfied", by: "placement officer" },
    Move { from: "not_satisfied", act: "ask", to: "with_provider", by: "placement officer" },
    Move { from: "not_satisfied", act: "bring_in", to: "evidence_in", by: "placement officer" },
    Move { from: "not_satisfied", act: "do", to: "done", by: "placement officer" },
    Move { from: "done", act: "do", to: "done", by: "placement officer" },
    Move { from: "done", act: "fail", to: "not_satisfied", by: "placement officer" },
];

/// What is done with a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum CheckAct {
    /// Ask the provider for it.
    Ask,
    /// The evidence came.
    BringIn {
        /// The evidence.
        evidence: Evidence,
    },
    /// It is done.
    Do {
        /// On which evidence.
        evidence: Evidence,
    },
    /// It is not satisfied.
    Fail {
        /// Why.
        reason: NotSatisfiedReason,
    },
}

impl CheckAct {
    /// The codes of a form, with their words.
    pub const CODES: &[(&'static str, &'static str)] = &[
        ("do", "Done: the evidence satisfies it"),
        ("ask", "Ask the provider for it"),
        ("bring_in", "The evidence is in, still to be judged"),
        ("fail", "Not satisfied"),
    ];

    /// The stored name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::BringIn { .. } => "bring_in",
            Self::Do { .. } => "do",
            Self::Fail { .. } => "fail",
        }
    }
}

/// Which check of which home for which child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Of {
    /// The placing authority or trust.
    pub authority: OrganisationId,
    /// The referral.
    pub referral: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The home.
    pub home: HomeId,
    /// Its provider.
    pub provider: OrganisationId,
    /// Which of the eighteen.
    pub item: CheckItem,
}

/// Who works on it, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worked {
    /// The officer.
    pub officer: PersonId,
    /// Minutes by the system's times.
    pub measured: u32,
    /// Minutes said beside them.
    pub said: u32,
}

impl PreCheck {
    /// Begins a check with its first act.
    pub fn begin(id: i64, of: Of, act: CheckAct, worked: Worked, moment: Moment) -> Result<Change<Self>, Refusal> {
        let state = next(of.item, None, act, worked.officer, moment)?;
        let event = event(id, 1, &of.reference, (of.item, &state), worked);
        let check = Self {
            id,
            version: 1,
            authority: of.authority,
            referral: of.referral,
            reference: of.reference,
            home: of.home,
            provider: of.provider,
            item: of.item,
            officer: worked.officer,
            begun: moment.local,
            measured: worked.measured,
            said: worked.said,
            state,
        };
        Ok(Change::to(check, event))
    }

    /// Goes on with it.
    pub fn go_on(self, act: CheckAct, worked: Worked, moment: Moment) -> Result<Change<Self>, Refusal> {
        let state = next(self.item, Some(&self.state), act, worked.officer, moment)?;
        let event = event(self.id, self.version + 1, &self.reference, (self.item, &state), worked);
        let next = Self {
            version: self.version + 1,
            officer: worked.officer,
            measured: self.measured.saturating_add(worked.measured),
            said: self.said.saturating_add(worked.said),
            state,
            ..self
        };
        Ok(Change::to(next, event))
    }

    /// The evidence on which it is done.
    #[must_use]
    pub const fn done(&self) -> Option<&Evidence> {
        match &self.state {
            CheckState::Done { evidence, .. } => Some(evidence),
            CheckState::WithProvider { .. } | CheckState::EvidenceIn { .. } | CheckState::NotSatisfied { .. } => None,
        }
    }
}

impl Evidence {
    /// Evidence as typed: of a kind that the check takes, not of the future, with the end that its validity asks for.
    pub fn checked(self, item: CheckItem, today: Date) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        if self.on > today {
            invalid.add("evidence_on", "Enter the date of the evidence, today or earlier");
        }
        let number = self.number.trim().to_owned();
        if !number.is_empty() && !super::spot::evidence::is_number(&number) {
            invalid.add("evidence_number", super::spot::evidence::ASK_NUMBER);
        }
        let until = match item.validity() {
            Validity::ToExpiry => self.until,
            Validity::Days(days) => Some(crate::nights::plus_days(self.on, days)),
            Validity::Placement => None,
        };
        if item.validity() == Validity::ToExpiry && until.is_none() {
            invalid.add("evidence_until", "Enter the day on which it expires");
        }
        if until.is_some_and(|until| until <= today) {
            let field = if item.validity() == Validity::ToExpiry { "evidence_until" } else { "evidence_on" };
            invalid.add(field, "This evidence has expired: ask for newer evidence");
        }
        invalid.or(Self { number, until, ..self })
    }
}

fn next(
    item: CheckItem,
    from: Option<&CheckState>,
    act: CheckAct,
    by: PersonId,
    moment: Moment,
) -> Result<CheckState, Refusal> {
    if item.by_the_system() {
        return Err(Refusal::new(
            "checked_by_the_system",
            "What the system reads from the register or from the purchase is not entered by hand",
            format!("{} is read by the system each time, so it cannot be entered.", item.label()),
            "Nobody: the register and the record of the purchase say it",
        ));
    }
    let at = moment.local;
    let open = matches!(from, None | Some(CheckState::WithProvider { .. } | CheckState::NotSatisfied { .. }));
    let cannot = |act: &str| {
        Err(Refusal::new(
            "check_state",
            "A check is to do, with the provider, evidence in, done or not satisfied",
            format!("{}: it cannot {act} as it stands.", item.label()),
            "Nobody: open the check as it is now",
        )
        .found(from.map_or(LineState::ToDo.label(), CheckState::label)))
    };
    match act {
        CheckAct::Ask if open && !matches!(from, Some(CheckState::WithProvider { .. })) => {
            Ok(CheckState::WithProvider { at })
        }
        CheckAct::Ask => cannot("be asked for"),
        CheckAct::BringIn { evidence } if open => Ok(CheckState::EvidenceIn { at, evidence }),
        CheckAct::BringIn { .. } => cannot("have its evidence brought in"),
        CheckAct::Do { evidence } => Ok(CheckState::Done { at, by, evidence }),
        CheckAct::Fail { .. } if matches!(from, Some(CheckState::NotSatisfied { .. })) => cannot("fail again"),
        CheckAct::Fail { reason } => Ok(CheckState::NotSatisfied { at, by, reason }),
    }
}

fn event(
    id: i64,
    version: i64,
    reference: &Reference,
    (item, state): (CheckItem, &CheckState),
    worked: Worked,
) -> Event {
    let kind = format!("check.{}", state.name());
    Event::new(&kind, "check", id, version)
        .with("reference", reference)
        .with("item", item.code())
        .with("measured_minutes", worked.measured)
        .with("said_minutes", worked.said)
}

#[cfg(test)]
mod tests;

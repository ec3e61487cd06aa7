//! The table of checks as it stands today, computed: what was done here, what the regional evaluation or an earlier
//! purchase satisfies, what has expired, and what is still open before the start or after it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::item::{CheckItem, Inherits, Validity};
use super::{CheckState, Evidence, NotSatisfiedReason, PreCheck};
use crate::calendar::WorkingDays;
use crate::id::{HomeId, OrganisationId, Reference};
use crate::power::annual_value::Route;

/// Within how many working days of the start an emergency's other checks are done.
pub const WITHIN: u32 = 5;

/// What a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// By which route the home is bought.
    pub route: Route,
    /// The home.
    pub home: HomeId,
    /// Its provider.
    pub provider: OrganisationId,
    /// The regional evaluation that the home's admission rests on, while it holds.
    pub regional: Option<Regional>,
    /// What the system reads each time.
    pub live: Live,
}

/// The regional evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regional {
    /// Since when the home is admitted to the lot.
    pub since: Date,
    /// The insurance that the region knows of has not lapsed.
    pub insured: bool,
    /// The safeguarding policy that was seen, or one that the provider keeps since, holds.
    pub policy: bool,
    /// The registration for data protection holds.
    pub data_protection: bool,
}

impl Regional {
    /// Whether its evidence for a check still holds.
    const fn holds(self, item: CheckItem) -> bool {
        match item {
            CheckItem::Insurance => self.insured,
            CheckItem::Policies => self.policy,
            CheckItem::DataProtection => self.data_protection,
            _ => true,
        }
    }
}

/// What the system reads each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Live {
    /// Registered, and no notice restricts admissions.
    pub registered: bool,
    /// The latest grade is not Inadequate.
    pub grade: bool,
    /// On which day the director of children's services exempted this child from a grade of Inadequate.
    pub exempted: Option<Date>,
    /// Of which day the grade is.
    pub graded_on: Option<Date>,
    /// A spot purchase with its reason is recorded, since this day.
    pub reason: Option<Date>,
}

/// A check of an earlier purchase that is done and may serve again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The referral that it was done for.
    pub reference: Reference,
    /// Of which home.
    pub home: HomeId,
    /// Which check.
    pub item: CheckItem,
    /// On which evidence.
    pub evidence: Evidence,
}

/// Where a line stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LineState {
    /// Nothing was done.
    ToDo,
    /// The provider was asked.
    WithProvider,
    /// The evidence is to be judged.
    EvidenceIn,
    /// Done for this child.
    Done {
        /// The evidence's date.
        on: Date,
        /// The day after the last on which it holds.
        until: Option<Date>,
    },
    /// Read by the system today.
    Read {
        /// The date of what was read, where it has one.
        on: Option<Date>,
    },
    /// The director of children's services has exempted this child from it.
    Exempted {
        /// On which day.
        on: Date,
    },
    /// The regional evaluation satisfies it.
    ReliedOnRegionally {
        /// Since when.
        since: Date,
    },
    /// A check of an earlier purchase satisfies it.
    ReliedOnEarlier {
        /// Of which referral.
        reference: Reference,
        /// The evidence's date.
        on: Date,
        /// The day after the last on which it holds.
        until: Date,
    },
    /// It was done, and its evidence has expired since.
    Expired {
        /// On which day.
        on: Date,
    },
    /// Judged, and not satisfied.
    NotSatisfied {
        /// Why.
        reason: NotSatisfiedReason,
    },
    /// It does not apply to homes of the arrangement.
    DoesNotApply,
}

impl LineState {
    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::ToDo => "To do",
            Self::WithProvider => "With provider",
            Self::EvidenceIn => "Evidence in",
            Self::Done { .. } | Self::Read { .. } => "Done",
            Self::Exempted { .. } => "Exempted",
            Self::ReliedOnRegionally { .. } => "Relied on regionally",
            Self::ReliedOnEarlier { .. } => "Relied on",
            Self::Expired { .. } => "Expired",
            Self::NotSatisfied { .. } => "Not satisfied",
            Self::DoesNotApply => "Does not apply",
        }
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub const fn closed(&self) -> bool {
        match self {
            Self::Done { .. }
            | Self::Read { .. }
            | Self::Exempted { .. }
            | Self::ReliedOnRegionally { .. }
            | Self::ReliedOnEarlier { .. }
            | Self::DoesNotApply => true,
            Self::ToDo | Self::WithProvider | Self::EvidenceIn | Self::Expired { .. } | Self::NotSatisfied { .. } => {
                false
            }
        }
    }
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLine {
    /// Which check.
    pub item: CheckItem,
    /// Where it stands.
    pub state: LineState,
}

/// The eighteen lines for a home and a child, in order.
#[must_use]
pub fn lines(subject: &Subject, own: &[PreCheck], earlier: &[Earlier], today: Date) -> Vec<CheckLine> {
    let line = |item: CheckItem| CheckLine { item, state: state(item, subject, own, earlier, today) };
    CheckItem::ALL.iter().copied().map(line).collect()
}

fn state(item: CheckItem, subject: &Subject, own: &[PreCheck], earlier: &[Earlier], today: Date) -> LineState {
    let arrangement = subject.route.through_arrangement();
    if arrangement && item.inherits() == Inherits::DoesNotApply {
        return LineState::DoesNotApply;
    }
    if item.by_the_system() {
        return read(item, subject.live);
    }
    if let Some(check) = own.iter().find(|check| check.item == item) {
        return of_own(check, today);
    }
    if arrangement
        && item.inherits() == Inherits::Regionally
        && let Some(regional) = subject.regional.filter(|regional| regional.holds(item))
    {
        return LineState::ReliedOnRegionally { since: regional.since };
    }
    relied_on(item, subject, earlier, today).unwrap_or(LineState::ToDo)
}

fn read(item: CheckItem, live: Live) -> LineState {
    if let Some(on) = live.exempted.filter(|_| item == CheckItem::Grade && !live.grade) {
        return LineState::Exempted { on };
    }
    let (met, on) = if item == CheckItem::Registration {
        (live.registered, None)
    } else if item == CheckItem::Grade {
        (live.grade, live.graded_on)
    } else {
        (live.reason.is_some(), live.reason)
    };
    if met { LineState::Read { on } } else { LineState::NotSatisfied { reason: NotSatisfiedReason::Concern } }
}

fn of_own(check: &PreCheck, today: Date) -> LineState {
    match &check.state {
        CheckState::WithProvider { .. } => LineState::WithProvider,
        CheckState::EvidenceIn { .. } => LineState::EvidenceIn,
        CheckState::NotSatisfied { reason, .. } => LineState::NotSatisfied { reason: *reason },
        CheckState::Done { evidence, .. } => match evidence.until.filter(|until| *until <= today) {
            Some(on) => LineState::Expired { on },
            None => LineState::Done { on: evidence.on, until: evidence.until },
        },
    }
}

/// A check of an earlier purchase serves while it is in date: of the same home, or of the provider where it is about it.
fn relied_on(item: CheckItem, subject: &Subject, earlier: &[Earlier], today: Date) -> Option<LineState> {
    if item.validity() == Validity::Placement {
        return None;
    }
    earlier
        .iter()
        .filter(|one| one.item == item && (item.about_the_provider() || one.home == subject.home))
        .filter_map(|one| Some((one, one.evidence.until.filter(|until| *until > today)?)))
        .max_by_key(|(_, until)| *until)
        .map(|(one, until)| LineState::ReliedOnEarlier { reference: one.reference.clone(), on: one.evidence.on, until })
}

/// What of the checks is still open, as the award and the worklists read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clearance {
    /// How many of those that even an emergency needs before the start.
    pub before_start: u32,
    /// How many in all.
    pub open: u32,
    /// By the end of which day an emergency's others are done.
    pub due_on: Option<Date>,
    /// The first day on which something of it will have expired.
    pub good_until: Option<Date>,
}

/// What is open of these lines; an emergency's other checks are due within 5 working days of the start.
#[must_use]
pub fn clearance(lines: &[CheckLine], emergency: bool, start: Date, days: &WorkingDays) -> Clearance {
    let count = |wanted: &dyn Fn(&&CheckLine) -> bool| {
        u32::try_from(lines.iter().filter(|line| !line.state.closed()).filter(wanted).count()).unwrap_or(u32::MAX)
    };
    let expiries = lines.iter().filter_map(|line| match &line.state {
        LineState::Done { until, .. } => *until,
        LineState::ReliedOnEarlier { until, .. } => Some(*until),
        LineState::ToDo
        | LineState::WithProvider
        | LineState::EvidenceIn
        | LineState::Read { .. }
        | LineState::Exempted { .. }
        | LineState::ReliedOnRegionally { .. }
        | LineState::Expired { .. }
        | LineState::NotSatisfied { .. }
        | LineState::DoesNotApply => None,
    });
    Clearance {
        before_start: count(&|line| !emergency || line.item.before_an_emergency()),
        open: count(&|_| true),
        due_on: emergency.then(|| days.nth_working_day_after(start, WITHIN)),
        good_until: expiries.min(),
    }
}

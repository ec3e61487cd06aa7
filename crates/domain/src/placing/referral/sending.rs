//! What must be true before a referral goes to homes, and whether prices wait for the deadline (sealed prices).

use jiff::civil::DateTime;

use super::deadline::Deadline;
use super::legal::is_emergency;
use super::narrative::Narrative;
use super::plan::{LeftOut, Plan};
use super::scoring::Scoring;
use super::standard::NeededBy;
use super::task::{self, Answers, Task};
use super::{Out, Referral};
use crate::calendar::WorkingDays;
use crate::clock::Moment;
use crate::outcome::Refusal;

coded! {
    /// When an officer sees what homes ask.
    Prices {
        Open "open" "Open: prices are seen as they come";
        Sealed "sealed" "Sealed: all prices open together at the deadline";
    }
}

coded! {
    /// Why a sealed search is closed before its deadline.
    EarlyReason {
        ChildCannotWait "child_cannot_wait" "The child needs to move before the deadline";
        BedWouldBeLost "bed_would_be_lost" "The home cannot hold the bed until the deadline";
        CourtDate "court_date" "A court hearing or order before the deadline";
        NobodyElseAnswers "nobody_else" "Every other home has declined";
    }
}

impl Prices {
    /// Prices are sealed for planned searches, needed in more than 5 days, and open for "today" and "under 5 days".
    #[must_use]
    pub const fn of(needed_by: NeededBy) -> Self {
        match needed_by {
            NeededBy::MoreThanFiveDays => Self::Sealed,
            NeededBy::Today | NeededBy::WithinFiveDays => Self::Open,
        }
    }
}

/// Whether the officer can see prices now: always where they are open, else from the deadline or an early closing.
#[must_use]
pub fn prices_visible(out: &Out, moment: Moment) -> bool {
    match out.prices {
        Prices::Open => true,
        Prices::Sealed => out.closed_early.is_some() || moment.local >= out.deadline,
    }
}

/// Minutes after sending in which it can be undone: the mails wait for so long.
pub const UNDO_MINUTES: i64 = 10;

/// Until when a sending can be undone, on the wall in London.
#[must_use]
pub fn undo_until(sent: DateTime) -> DateTime {
    sent.saturating_add(jiff::Span::new().minutes(UNDO_MINUTES))
}

/// What sending rests on besides the draft itself.
#[derive(Debug, Clone, Copy)]
pub struct Ready<'a> {
    /// The words, opened.
    pub narrative: &'a Narrative,
    /// Until when homes can answer.
    pub deadline: Deadline,
    /// Redaction findings that the officer has not confirmed.
    pub unconfirmed: usize,
    /// The profile fits few children and the officer has not accepted that.
    pub too_identifying: bool,
    /// The authority's working days.
    pub working_days: &'a WorkingDays,
    /// The powers under which tiers are left out.
    pub powers: &'a [LeftOut],
    /// The child's age on the start, by the sealed date of birth.
    pub age: u8,
    /// How offers are scored where the officer chose no weights: the region's setting of the day.
    pub scoring: &'a Scoring,
}

/// Checks everything and gives the state that sending leads to.
pub(super) fn check(referral: &Referral, ready: &Ready<'_>, moment: Moment) -> Result<Out, Refusal> {
    let profile = &referral.profile;
    names_every_tier(&referral.plan, ready.powers)?;
    let answers = Answers { profile, narrative: ready.narrative, plan: &referral.plan };
    let tasks = if profile.emergency.is_some() { Task::EMERGENCY } else { Task::ALL };
    let open: Vec<&str> =
        tasks.iter().filter(|task| !task::missing(**task, answers).is_empty()).map(|task| task.label()).collect();
    if !open.is_empty() {
        return Err(refusal(
            "not_complete",
            "Check and send: every task is complete",
            "You cannot send this referral yet: tasks are not complete.",
        )
        .found(open.join(", ")));
    }
    let (Some(needed_by), Some(start)) = (profile.standard.needed_by, profile.start) else {
        return Err(refusal(
            "not_complete",
            "Check and send: every task is complete",
            "You cannot send this referral yet: say when the home is needed.",
        ));
    };
    if !task::needed_by_fits(needed_by, start, moment.today()) {
        return Err(refusal(
            "needed_by_and_start",
            "Sealed prices rest on when the home is needed",
            "By when the home is needed does not fit the start date.",
        )
        .found(format!("{}, and {}", needed_by.label(), start.strftime("%-d %B %Y"))));
    }
    if profile.emergency.is_some() && !is_emergency(start, moment, ready.working_days) {
        return Err(refusal(
            "not_an_emergency",
            "An emergency is a start by the end of the next working day",
            "This is not an emergency: the start is later than the next working day.",
        )
        .found(start.strftime("%-d %B %Y").to_string()));
    }
    if profile.age.is_none_or(|age| age >= 18) {
        return Err(refusal(
            "age",
            "A children's home cares for children under 18",
            "You cannot send this referral: the child will be 18 or over.",
        ));
    }
    if profile.age != Some(ready.age) {
        return Err(refusal(
            "age_mismatch",
            "A home is asked about the child's age on the day it is needed, which follows from the date of birth",
            "The age in this referral is not the child's age on the start. Save \u{201c}When and how long\u{201d} again.",
        )
        .found(format!("{} by the date of birth", ready.age)));
    }
    if profile.search_approval.as_ref().is_some_and(|approval| approval.on > moment.today()) {
        return Err(refusal(
            "search_approval",
            "The search is approved before it is sent (rule 5.1)",
            "The day of the search approval is in the future.",
        ));
    }
    names_nobody(ready)?;
    Ok(Out {
        sent: moment.local,
        deadline: ready.deadline.at,
        prices: Prices::of(needed_by),
        closed_early: None,
        emergency: profile.emergency,
        scoring: Some(referral.plan.scoring.as_ref().unwrap_or(ready.scoring).clone()),
    })
}

/// No home to hide from is asked, and each tier left out has its reason and names the power under which it is.
pub(super) fn names_every_tier(plan: &Plan, powers: &[LeftOut]) -> Result<(), Refusal> {
    if plan.conflicts().next().is_some() {
        return Err(refusal(
            "hidden_home",
            "Homes on the hide list are not asked",
            "A home to hide this referral from is among those to ask.",
        ));
    }
    if let Some(tier) = plan.unexplained().first() {
        return Err(refusal(
            "tier_without_reason",
            "An earlier tier with homes for the child is left out only with a reason (rule 5.5)",
            format!("Say why {} are left out: homes there could meet the needs now.", tier.label()),
        ));
    }
    if let Some(choice) = plan.without_power(powers).first() {
        return Err(Refusal::new(
            "tier_without_power",
            "Skipping a tier is a use of power: it cites limb, post and person (rule 1.2)",
            format!("You cannot leave out {}: nobody is named who decided it.", choice.tier.label()),
            "the holder of a post that the decision's limb names, by deciding it",
        )
        .found(format!("{} could meet the needs there", choice.could_meet)));
    }
    Ok(())
}

/// What homes read names nobody, and the profile does not let a child be recognised.
fn names_nobody(ready: &Ready<'_>) -> Result<(), Refusal> {
    if ready.unconfirmed > 0 {
        return Err(refusal(
            "not_redacted",
            "What homes read names nobody: each finding is confirmed",
            "You cannot send this referral yet: confirm or remove what the check for names found.",
        )
        .found(format!("{} not confirmed", ready.unconfirmed)));
    }
    if ready.too_identifying {
        return Err(refusal(
            "too_identifying",
            "Small numbers: below 5 a child could be recognised",
            "This profile fits fewer than 5 children. Leave something out, or accept that and send.",
        ));
    }
    Ok(())
}

fn refusal(code: &str, rule: &str, sentence: impl Into<String>) -> Refusal {
    Refusal::new(code, rule, sentence, "the placement officer")
}

//! Urgency (rule 1.3) and what waits to be confirmed (rule 1.5): when the urgency power may be used at all, by whom, and
//! the confirmations due by noon of the next working day.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::basis::{GivenBasis, Grounds};
use super::facts::PowerFact;
use super::{Approval, ApprovalState, Given};
use crate::change::Change;
use crate::clock::Moment;
use crate::id::{PersonId, PostId};
use crate::outcome::Refusal;
use crate::power::delegation::{HoldingKind, PostGrade, UrgencyUse, find_urgency};

const URGENCY: &str =
    "Urgency: only above the ceiling, or where no power is in force, and only under a recorded urgency power";

/// Whether urgency can carry an award at all: the annual value does not hold it, or no limb in force gives the power.
/// Else the holder of the post decides, and urgency is no way round them.
pub fn urgency_called_for(power: &PowerFact, above_the_ceiling: bool) -> Result<(), Refusal> {
    match power {
        PowerFact::NoneInForce => Ok(()),
        PowerFact::Limb { .. } if above_the_ceiling => Ok(()),
        PowerFact::Limb { .. } => Err(Refusal::new(
            "urgency_not_called_for",
            URGENCY,
            "The annual value holds this award and a limb gives the power, so urgency cannot be used for it.",
            "A holder of a post that the limb names, also by word of mouth",
        )
        .found(power.words())),
    }
}

/// By what urgency this person may award now. Where a power is recorded, only its holders use it; where none is, a
/// child's start is still recorded, as made without recorded power.
pub(super) fn urgent_basis(person: PersonId, grounds: &Grounds, moment: Moment) -> Result<GivenBasis, Refusal> {
    let Grounds { scheme, urgency, on_call, days, .. } = grounds;
    let found = find_urgency(person, urgency, &scheme.holdings, on_call, days, moment);
    let today = moment.today();
    let recorded = urgency.iter().find(|power| power.from <= today && today < power.to);
    let unheld = matches!(found, UrgencyUse::WithoutRecordedPower { .. });
    if let Some(power) = recorded.filter(|_| unheld) {
        return Err(Refusal::new(
            "not_the_urgency_holder",
            URGENCY,
            "An urgency power is recorded, and you do not hold it.",
            "A holder of a post that the power names; at night anybody on call",
        )
        .found(power.clause.clone()));
    }
    Ok(GivenBasis::Urgency { urgency: found })
}

/// Whether this person is the Director who confirms what somebody on call did at night.
pub fn may_confirm_night(person: PersonId, grounds: &Grounds, day: Date) -> Result<(), Refusal> {
    let scheme = &grounds.scheme;
    let director = |post: PostId| {
        scheme.posts.iter().any(|known| known.id == post && known.grade == PostGrade::Director && known.from <= day)
    };
    let holds = scheme.holdings.iter().any(|held| {
        held.person == person
            && held.kind != HoldingKind::Cover
            && held.from <= day
            && day < held.to
            && director(held.post)
    });
    if holds {
        return Ok(());
    }
    Err(Refusal::new(
        "not_the_director",
        "Urgency at night: the Director confirms by noon of the next working day",
        "Only the Director confirms what somebody on call did at night.",
        "The Director, or somebody formally acting in that post",
    ))
}

coded! {
    /// What waits to be confirmed.
    ConfirmKind {
        Verbal "verbal" "Confirm in writing what was said";
        Night "night" "The Director confirms a start at night";
    }
}

/// A confirmation that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToConfirm {
    /// What.
    pub kind: ConfirmKind,
    /// By when.
    pub by: DateTime,
    /// By whom; for a night any holder of the Director's post.
    pub person: Option<PersonId>,
}

impl ToConfirm {
    /// Whether it is late; the approval counts all the same.
    #[must_use]
    pub fn overdue(&self, moment: Moment) -> bool {
        moment.local > self.by
    }
}

impl Given {
    /// By when the Director confirms a use of the urgency power at night; none where nobody on call used it.
    #[must_use]
    pub const fn director_confirms_by(&self) -> Option<DateTime> {
        match &self.basis {
            GivenBasis::Urgency { urgency: UrgencyUse::Recorded { director_confirms_by, .. } } => *director_confirms_by,
            GivenBasis::Urgency { urgency: UrgencyUse::WithoutRecordedPower { .. } }
            | GivenBasis::Limb { .. }
            | GivenBasis::Statutory { .. }
            | GivenBasis::Opinion { .. } => None,
        }
    }
}

impl Approval {
    /// Every confirmation that is still due, the earliest first.
    #[must_use]
    pub fn to_confirm(&self) -> Vec<ToConfirm> {
        let Some(given) = self.state.given() else { return Vec::new() };
        let verbal = given.verbal.as_ref().filter(|verbal| verbal.confirmed_at.is_none());
        let verbal =
            verbal.map(|said| ToConfirm { kind: ConfirmKind::Verbal, by: said.confirm_by, person: Some(given.by) });
        let night = given.director_confirms_by().filter(|_| given.director.is_none());
        let night = night.map(|by| ToConfirm { kind: ConfirmKind::Night, by, person: None });
        let mut due: Vec<ToConfirm> = verbal.into_iter().chain(night).collect();
        due.sort_by_key(|due| due.by);
        due
    }

    /// The Director confirms what somebody on call did at night; never the person who did it or who asked for it.
    pub fn confirm_night(self, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.not_the_requester(by)?;
        let ApprovalState::Approved(given) = self.state.clone() else {
            return Err(self.cannot("be confirmed by the Director"));
        };
        let due = given.director_confirms_by().filter(|_| given.director.is_none() && given.by != by);
        let Some(due) = due else {
            return Err(Refusal::new(
                "nothing_to_confirm",
                "Urgency at night: the Director confirms by noon of the next working day",
                "Nothing done at night waits here for your confirmation.",
                "The Director, who is not the person who was on call",
            ));
        };
        let event = self.event("approval.night_confirmed").with("late", moment.local > due);
        Ok(self.to(ApprovalState::Approved(Box::new(Given { director: Some((by, moment.local)), ..*given })), event))
    }
}

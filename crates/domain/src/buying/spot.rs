//! A spot purchase: a placement outside the arrangement, for one named child, only from that child's referral, with a
//! coded reason whose evidence is frozen (rule 7.1), and no way round the ceiling (rule 3.6).
//!
//! The placement itself is an offer, an approval under the limb for spot purchase, and an agreement like any other.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::homes::admission::Admission;
use crate::homes::standing::Standing;
use crate::id::{ChildId, HomeId, OrganisationId, PersonId, Reference, ReferralId};
use crate::money::Pence;
use crate::outcome::Refusal;
use crate::power::annual_value::{SpotGround, spot_beside_ceiling};

pub mod evidence;
pub mod exemption;
pub mod reason;
pub mod unregistered;

pub use evidence::{Document, DocumentKind, EvidenceLine, Held, HomeAnswer, Tried, TriedHome};
pub use reason::SpotReason;

coded! {
    /// Why a spot purchase was not made in the end.
    DropReason {
        ArrangementHome "arrangement_home" "A home on the arrangement can take the child";
        OtherHome "other_home" "The child goes to another home";
        StaysWithFamily "stays" "The child stays with family or the present carers";
        HomeWithdrew "home_withdrew" "The home withdrew";
        CheckFailed "check_failed" "A check is not satisfied";
    }
}

/// That the same child's award was refused at the ceiling within 28 days before, with both totals as they stood when the
/// spot purchase was asked for (rule 3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterRefusal {
    /// The day of the refusal.
    pub refused_on: Date,
    /// What is planned through the arrangement in the contract year.
    pub committed: Pence,
    /// The year's ceiling.
    pub ceiling: Pence,
    /// What is planned by spot purchase in the same year, beside it.
    pub spot: Pence,
}

/// The invitation to the provider to join at the next opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// Who sent it.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// The first day of the next opening, where one is announced.
    pub opening: Option<Date>,
}

/// Where a spot purchase stands. Whether its checks are done, it is approved, or the child lives there follows from other
/// records and is never stored here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SpotState {
    /// It goes on, or has led to its agreement.
    Open,
    /// It was not made.
    Dropped {
        /// When.
        at: DateTime,
        /// By whom.
        by: PersonId,
        /// Why.
        reason: DropReason,
    },
}

impl SpotState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["open", "dropped"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Dropped { .. } => "dropped",
        }
    }

    /// The words on a tag; of one that goes on, what its checks and its agreement say tells more.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Open => "Goes on",
            Self::Dropped { .. } => "Given up",
        }
    }
}

/// A spot purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The placing authority or trust.
    pub authority: OrganisationId,
    /// The referral, and only it.
    pub referral: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The child, and only this one.
    pub child: ChildId,
    /// The home.
    pub home: HomeId,
    /// Its provider.
    pub provider: OrganisationId,
    /// The lot that the child's need would be bought on.
    pub lot: String,
    /// Why the arrangement is not used.
    pub reason: SpotReason,
    /// What the reason rests on, as it was known then.
    pub evidence: Vec<EvidenceLine>,
    /// How the home stands to the arrangement.
    pub ground: SpotGround,
    /// The start is an emergency: checks may follow it (rule 7).
    pub emergency: bool,
    /// A refusal at the ceiling within 28 days before.
    pub after_refusal: Option<AfterRefusal>,
    /// Who asked for it.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: DateTime,
    /// The invitation to join the arrangement.
    pub invited: Option<Invited>,
    /// Where it stands.
    pub state: SpotState,
}

/// Every move of a spot purchase.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "request", to: "open", by: "placement officer" },
    Move { from: "open", act: "invite", to: "open", by: "placement officer" },
    Move { from: "open", act: "drop_it", to: "dropped", by: "placement officer" },
];

/// What a spot purchase starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The placing authority or trust.
    pub authority: OrganisationId,
    /// The referral.
    pub referral: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The child.
    pub child: ChildId,
    /// The home.
    pub home: HomeId,
    /// Its provider.
    pub provider: OrganisationId,
    /// The lot.
    pub lot: String,
    /// Why.
    pub reason: SpotReason,
    /// The document that supports it, where one does.
    pub document: Option<Document>,
    /// How the home stands to the arrangement.
    pub ground: Option<SpotGround>,
    /// The start is an emergency.
    pub emergency: bool,
    /// A refusal at the ceiling within 28 days before.
    pub after_refusal: Option<AfterRefusal>,
}

impl Spot {
    /// Asks for a spot purchase: only at a home that the arrangement does not offer on this lot, and only where what is
    /// recorded does not contradict the reason.
    pub fn request(
        id: i64,
        asking: Asking,
        held: &Held<'_>,
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        spot_beside_ceiling(false, asking.ground)?;
        let Some(ground) = asking.ground else { return Err(no_ground()) };
        let evidence = asking.reason.evidence(held, asking.document.as_ref())?;
        let event = Event::new("spot.requested", "spot", id, 1)
            .with("referral", asking.referral)
            .with("home", asking.home)
            .with("reason", asking.reason.code())
            .with("evidence", evidence.len())
            .with("ground", ground.code())
            .with("emergency", asking.emergency)
            .with("after_refusal", asking.after_refusal.is_some());
        let spot = Self {
            id,
            version: 1,
            authority: asking.authority,
            referral: asking.referral,
            reference: asking.reference,
            child: asking.child,
            home: asking.home,
            provider: asking.provider,
            lot: asking.lot,
            reason: asking.reason,
            evidence,
            ground,
            emergency: asking.emergency,
            after_refusal: asking.after_refusal,
            asked_by: by,
            asked_at: moment.local,
            invited: None,
            state: SpotState::Open,
        };
        Ok(Change::to(spot, event))
    }

    /// Invites the provider to join the arrangement at the next opening; once.
    pub fn invite(self, by: PersonId, opening: Option<Date>, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be_open("have its provider invited")?;
        if let Some(invited) = self.invited {
            return Err(Refusal::new(
                "invited_before",
                "One invitation to join for each spot purchase",
                "The provider has been invited to join at the next opening already.",
                "Nobody: the provider applies",
            )
            .found(invited.at.strftime("%-d %B %Y").to_string()));
        }
        let event = self.event("spot.invited").with("opening", opening.map_or_else(String::new, |day| day.to_string()));
        let invited = Some(Invited { by, at: moment.local, opening });
        Ok(Change::to(Self { version: self.version + 1, invited, ..self }, event))
    }

    /// Gives it up before the award.
    pub fn drop_it(self, by: PersonId, reason: DropReason, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be_open("be given up")?;
        let event = self.event("spot.dropped").with("reason", reason.code());
        let state = SpotState::Dropped { at: moment.local, by, reason };
        Ok(Change::to(Self { version: self.version + 1, state, ..self }, event))
    }

    /// Whether it goes on, or has led to its agreement.
    #[must_use]
    pub const fn open(&self) -> bool {
        matches!(self.state, SpotState::Open)
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "spot", self.id, self.version + 1).with("referral", self.referral)
    }

    fn must_be_open(&self, act: &str) -> Result<(), Refusal> {
        if self.open() {
            return Ok(());
        }
        Err(Refusal::new(
            "spot_state",
            "A spot purchase goes on or is given up",
            format!("The spot purchase of {} was given up, so it cannot {act}.", self.reference),
            "You, by asking for a new one",
        )
        .found(self.state.label()))
    }
}

fn no_ground() -> Refusal {
    Refusal::new("home_is_on_the_lot", "Spot purchase is no way round the ceiling", "No ground is known.", "Nobody")
}

/// How a home stands to the arrangement on the start, as far as a spot purchase on a lot goes: none where its beds are
/// bought through the arrangement.
#[must_use]
pub fn ground_of(admissions: &[Admission], lot: &str, standing: Standing, start: Date) -> Option<SpotGround> {
    let on_lot = || admissions.iter().filter(|one| one.lot == lot);
    if on_lot().any(|one| one.holds_on(start)) {
        return match standing {
            Standing::Suspended | Standing::Removed => Some(SpotGround::Suspended),
            Standing::Good | Standing::OnWatch => None,
        };
    }
    let left = on_lot().any(|one| one.until <= start);
    Some(if left { SpotGround::Left } else { SpotGround::NotOnLot })
}

/// Whether a home's spot price is above its tendered one: an alert, never a refusal (rule 4.3).
#[must_use]
pub fn dearer_than_tendered(spot: Pence, tendered: Option<Pence>) -> Option<Pence> {
    tendered.filter(|tendered| spot > *tendered).map(|tendered| spot - tendered)
}

#[cfg(test)]
mod tests;

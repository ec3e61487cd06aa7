//! Who sleeps where: each use of a bed over nights, as ranges, and what a home's beds look like on each night.
//!
//! A bed has one use a night; a child who lives alone keeps the home's other beds empty (in both databases by
//! constraints of their own; the checks here say the same in words). The agreement is an opaque number here.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::homes::home::Home;
use crate::id::{AgreementId, BedId, BedUseId, HomeId, OrganisationId};
use crate::nights::Nights;
use crate::outcome::Refusal;

mod gaps;
mod night;

pub use gaps::{Gaps, free_gaps};
pub use night::{NightCount, NightState, bed_nights, count_nights, living_there, nights_in_words};

coded! {
    /// Why a bed is out of service.
    ClosedReason {
        Repair "repair" "being repaired or refurbished";
        NoStaff "no_staff" "not staffed";
        Regulator "regulator" "closed on Ofsted's terms";
        ResidentNeeds "resident_needs" "kept empty for a child who lives there";
        NotYetOpen "not_yet_open" "not yet open";
        Other "other" "closed for another reason";
    }
}

/// What a bed is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UseState {
    /// Kept for a child for whom an agreement is being prepared.
    Held,
    /// A child lives there.
    Stay,
    /// Nobody can.
    OutOfService(ClosedReason),
    /// It never came to be, or was taken back before its first night.
    Cancelled,
}

impl UseState {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Stay => "stay",
            Self::OutOfService(_) => "out_of_service",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether a child is meant: then living alone counts, and the agreement is known.
    #[must_use]
    pub const fn is_a_child(self) -> bool {
        matches!(self, Self::Held | Self::Stay)
    }
}

/// One use of one bed over nights. A child who moves bed, or lives alone for some weeks, has several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BedUse {
    /// Its id.
    pub id: BedUseId,
    /// Raised by one with every change.
    pub version: i64,
    /// The provider whose home it is.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// The bed.
    pub bed: BedId,
    /// The agreement, as an opaque number; of a child only.
    pub agreement: Option<AgreementId>,
    /// Which nights.
    pub nights: Nights,
    /// Whether the child lives there alone; never where the bed is out of service.
    pub solo: bool,
    /// What it is used for.
    pub state: UseState,
}

/// Every move of a bed use.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "hold", to: "held", by: "placing authority, when an agreement is prepared" },
    Move { from: "new", act: "stay", to: "stay", by: "placing authority, when a child starts" },
    Move { from: "new", act: "take_out", to: "out_of_service", by: "provider" },
    Move { from: "held", act: "move_in", to: "stay", by: "placing authority, when a child starts" },
    Move { from: "held", act: "end_on", to: "held", by: "either side of the agreement" },
    Move { from: "stay", act: "end_on", to: "stay", by: "either side of the agreement" },
    Move { from: "out_of_service", act: "end_on", to: "out_of_service", by: "provider" },
    Move { from: "held", act: "cancel", to: "cancelled", by: "placing authority" },
    Move { from: "stay", act: "cancel", to: "cancelled", by: "placing authority, before the first night" },
    Move { from: "out_of_service", act: "cancel", to: "cancelled", by: "provider, before the first night" },
];

/// For whom a bed is taken: the agreement's number, the nights, and whether the child lives alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sleeper {
    /// The agreement.
    pub agreement: AgreementId,
    /// The nights.
    pub nights: Nights,
    /// Whether the child lives there alone.
    pub solo: bool,
}

impl BedUse {
    /// Keeps a bed for a child; the home must be registered (rule 1.5).
    pub fn hold(id: BedUseId, home: &Home, bed: BedId, sleeper: Sleeper) -> Result<Change<Self>, Refusal> {
        home.may_admit()?;
        Ok(Self::begin(id, home, bed, Some(sleeper.agreement), sleeper.nights, sleeper.solo, UseState::Held))
    }

    /// A child starts in a bed; the home must be registered (rule 1.5).
    pub fn stay(id: BedUseId, home: &Home, bed: BedId, sleeper: Sleeper) -> Result<Change<Self>, Refusal> {
        home.may_admit()?;
        Ok(Self::begin(id, home, bed, Some(sleeper.agreement), sleeper.nights, sleeper.solo, UseState::Stay))
    }

    /// The provider takes a bed out of service.
    pub fn take_out(id: BedUseId, home: &Home, bed: BedId, nights: Nights, reason: ClosedReason) -> Change<Self> {
        Self::begin(id, home, bed, None, nights, false, UseState::OutOfService(reason))
    }

    fn begin(
        id: BedUseId,
        home: &Home,
        bed: BedId,
        agreement: Option<AgreementId>,
        nights: Nights,
        solo: bool,
        state: UseState,
    ) -> Change<Self> {
        let next = Self { id, version: 1, provider: home.provider, home: home.id, bed, agreement, nights, solo, state };
        let event = next.event("bed_use.began");
        Change::to(next, event)
    }

    /// The child for whom the bed was held starts there.
    pub fn move_in(self) -> Result<Change<Self>, Refusal> {
        match self.state {
            UseState::Held => Ok(self.moved("bed_use.moved_in", |use_| Self { state: UseState::Stay, ..use_ })),
            UseState::Stay | UseState::OutOfService(_) | UseState::Cancelled => {
                Err(self.cannot("start", "A child starts in a bed that is held for the child"))
            }
        }
    }

    /// Ends, shortens or lengthens the use: `to` is the day after its last night.
    pub fn end_on(self, to: Date) -> Result<Change<Self>, Refusal> {
        if self.state == UseState::Cancelled {
            return Err(self.cannot("end", "A cancelled use of a bed cannot be changed"));
        }
        let Some(nights) = Nights::new(self.nights.from(), to) else {
            return Err(Refusal::new(
                "end_before_start",
                "A use of a bed lasts at least one night",
                "The end must be after the first night. Cancel it where it never began.",
                "Whoever enters the end",
            )
            .found(format!("starts {}, end {}", long_date(self.nights.from()), long_date(to))));
        };
        Ok(self.moved("bed_use.ended_on", |use_| Self { nights, ..use_ }))
    }

    /// Takes the use back before its first night; a bed that is only held can be let go at any time.
    pub fn cancel(self, today: Date) -> Result<Change<Self>, Refusal> {
        let begun = self.nights.from() < today && self.state != UseState::Held;
        if self.state == UseState::Cancelled || begun {
            return Err(self.cannot("be cancelled", "What has begun is ended, not cancelled"));
        }
        Ok(self.moved("bed_use.cancelled", |use_| Self { state: UseState::Cancelled, solo: false, ..use_ }))
    }

    fn moved(self, kind: &str, to: impl FnOnce(Self) -> Self) -> Change<Self> {
        let version = self.version + 1;
        let next = Self { version, ..to(self) };
        let event = next.event(kind);
        Change::to(next, event)
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "occupancy", self.id.0, self.version)
            .with("home", self.home)
            .with("bed", self.bed)
            .with("state", self.state.name())
            .with("from", self.nights.from())
            .with("to", self.nights.to())
    }

    fn cannot(&self, act: &str, rule: &str) -> Refusal {
        Refusal::new(
            "bed_use_state",
            rule,
            format!("This use of the bed cannot {act}: it is {}.", self.state.name().replace('_', " ")),
            "The provider or the placing authority, by entering what happened",
        )
        .found(self.nights.words())
    }
}

/// Whether a new or changed use fits beside the others of the home: one use a bed and night, nobody beside a child who
/// lives alone, one bed a night for each agreement. The refusals carry the names of the stores' constraints.
pub fn fits(others: &[BedUse], wanted: &BedUse) -> Result<(), Refusal> {
    let live = |other: &&BedUse| {
        other.id != wanted.id && other.state != UseState::Cancelled && other.nights.overlap(wanted.nights).is_some()
    };
    if wanted.state == UseState::Cancelled {
        return Ok(());
    }
    for other in others.iter().filter(live) {
        if other.bed == wanted.bed {
            return Err(bed_refusal("bed_taken"));
        }
        if wanted.agreement.is_some() && other.agreement == wanted.agreement {
            return Err(bed_refusal("child_elsewhere"));
        }
        let both_children = other.home == wanted.home && other.state.is_a_child() && wanted.state.is_a_child();
        if both_children && (other.solo || wanted.solo) {
            return Err(bed_refusal(if other.solo == wanted.solo { "solo_twice" } else { "solo_beside" }));
        }
    }
    Ok(())
}

/// The refusal for the name of a constraint on bed uses, the same from the domain and from either database. It tells
/// nothing about the other use, which may be another authority's child.
#[must_use]
pub fn bed_refusal(constraint: &str) -> Refusal {
    let (code, sentence) = match constraint {
        "solo_beside" | "solo_twice" => (
            "solo_beside",
            "The home cannot take this child on these nights: a child there lives alone, or this child must and the home is not empty.",
        ),
        "child_elsewhere" => ("child_elsewhere", "The child of this agreement already has a bed on these nights."),
        _ => ("bed_taken", "The bed is taken, held or out of service on some of these nights."),
    };
    Refusal::new(
        code,
        "One child a bed and night; nobody beside a child who lives alone",
        sentence,
        "The provider, who keeps the home's beds",
    )
}

/// Whether a home that shows no beds has a place left beside the children who are placed there on some of the nights.
pub fn places_left(placed: u64, places: u64) -> Result<(), Refusal> {
    if placed < places {
        return Ok(());
    }
    Err(Refusal::new(
        "places_taken",
        "A home takes as many children as it has registered places",
        "Every registered place of this home is taken or held on some of these nights.",
        "The provider, who keeps the home's beds",
    )
    .found(format!("{placed} of {places} places")))
}

#[cfg(test)]
mod tests;

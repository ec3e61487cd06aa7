//! An authority that leaves the arrangement from a date: its own operational decision, with its power, and with what becomes
//! of each of its live agreements and of its shares of mini-blocks. It awards nothing from that date on (rules 1.2 and 2.4).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::beyond::{BlockAfter, BlockSurvival, Living, LivingBlock, Survival};
use super::{Arrangement, Participation};
use crate::calendar::long_date;
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::id::{ArrangementId, OrganisationId};
use crate::nights::plus_days;
use crate::outcome::Refusal;
use crate::power::delegation::Power;

/// An authority's decision to leave. Written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// The record's id.
    pub id: i64,
    /// The authority.
    pub authority: OrganisationId,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The first day on which it takes no part.
    pub from: Date,
    /// Why, in the authority's words about itself.
    pub reason: String,
    /// The power that it cites.
    pub power: Power,
    /// On which day it was decided.
    pub on: Date,
    /// Its live agreements on that day, and what becomes of each.
    pub agreements: Vec<Survival>,
    /// Its shares of mini-blocks that ran on that day, and what becomes of each.
    #[serde(default)]
    pub blocks: Vec<BlockSurvival>,
}

/// What a decision to leave is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Leaves<'a> {
    /// Where the authority's participation stands today.
    pub stands: &'a Participation,
    /// Its live agreements.
    pub living: &'a [Living],
    /// The running mini-blocks of which it pays a share.
    pub blocks: &'a [LivingBlock],
    /// What it decided before.
    pub earlier: &'a [Leaving],
}

impl Leaving {
    /// Decides it under a power.
    pub fn decide(
        (id, authority): (i64, OrganisationId),
        arrangement: &Arrangement,
        (from, reason, power): (Date, String, Power),
        known: Leaves<'_>,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        may_leave(arrangement, from, known)?;
        let last = plus_days(from, -1);
        let agreements: Vec<Survival> = known.living.iter().map(|one| one.after(last)).collect();
        let shared = |one: &LivingBlock| one.after(last, BlockAfter::ToShareAnew);
        let blocks: Vec<BlockSurvival> = known.blocks.iter().map(shared).collect();
        let event = Event::new("arrangement.left", "arrangement_leave", id, 1)
            .with("slug", &arrangement.slug)
            .with("from", from)
            .with("agreements", agreements.len())
            .with("mini_blocks", blocks.len())
            .with("decision", &power.reference)
            .with("limb", power.letter)
            .with("post", power.post)
            .with("decided_by", power.person);
        let on = moment.today();
        let arrangement = arrangement.id;
        let leaving = Self { id, authority, arrangement, from, reason, power, on, agreements, blocks };
        Ok(Change::to(leaving, event))
    }
}

/// From its adoption on, within the term, once, and never so that an award made before would stand outside.
fn may_leave(arrangement: &Arrangement, from: Date, known: Leaves<'_>) -> Result<(), Refusal> {
    if let Some(done) = known.earlier.iter().find(|done| done.arrangement == arrangement.id) {
        return Err(refuse(
            "left_already",
            "An authority leaves an arrangement once",
            "Your authority has left already.",
        )
        .found(format!("from {}, decided on {}", long_date(done.from), long_date(done.on))));
    }
    let Participation::CanAward { since, reference, .. } = known.stands else {
        return Err(refuse(
            "not_adopted",
            "Only an authority that has adopted the arrangement can leave it",
            "Your authority has no adoption in force, so there is nothing to leave.",
        )
        .found(known.stands.reason()));
    };
    if from <= *since {
        return Err(refuse(
            "leaves_before_adoption",
            "An authority leaves after its adoption took effect",
            format!("The adoption by decision {reference} took effect on {}.", long_date(*since)),
        )
        .found(long_date(from)));
    }
    let end = arrangement.offered_until();
    if from > plus_days(end, 1) {
        return Err(refuse(
            "leaves_after_term",
            "An authority leaves within the term",
            format!("The term ends on {}: later than the day after it there is nothing to leave.", long_date(end)),
        )
        .found(long_date(from)));
    }
    let last = known.living.iter().filter(|one| one.awarded_on >= from).max_by_key(|one| one.awarded_on);
    last.map_or(Ok(()), |award| {
        Err(refuse(
            "awards_after_leaving",
            "An authority cannot leave from a day before its last award",
            "Your authority awarded through the arrangement on or after that day.",
        )
        .found(format!("{}, awarded on {}", award.reference, long_date(award.awarded_on))))
    })
}

fn refuse(code: &str, rule: &str, sentence: impl Into<String>) -> Refusal {
    Refusal::new(code, rule, sentence, "The authority, by another date; else the decision maker")
}

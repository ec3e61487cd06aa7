//! Urgency (rule 1.3): above the ceiling, or where no power is in force, an award goes on only under a recorded
//! urgency power; where none is recorded a child's start is still recorded, as made without recorded power.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::holding::{Holding, HoldingKind, Post, PostGrade, holds};
use crate::calendar::WorkingDays;
use crate::clock::Moment;
use crate::id::{OrganisationId, PersonId, PostId};

coded! {
    /// How a start made without recorded power is put right.
    Ratification {
        /// The decision maker ratifies it.
        Ratify => "ratify", "Ratify";
        /// The decision maker raises the ceiling.
        RaiseCeiling => "raise_ceiling", "Raise the ceiling";
        /// The placement ends.
        End => "end", "End the placement";
    }
}

/// An urgency power recorded for an authority: the clause of its constitution and the posts that hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrgencyPower {
    /// The authority.
    pub authority: OrganisationId,
    /// The clause, such as "Constitution, part 3, section 7.4".
    pub clause: String,
    /// The posts that hold it.
    pub posts: Vec<PostId>,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
}

/// Somebody on call for an authority, from one moment to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCall {
    /// The person.
    pub person: PersonId,
    /// From.
    pub from: DateTime,
    /// Until.
    pub to: DateTime,
}

/// How an urgent award is recorded. Never as made under limb (b).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "urgency", rename_all = "snake_case")]
pub enum UrgencyUse {
    /// Under a recorded urgency power.
    Recorded {
        /// The clause.
        clause: String,
        /// The post that holds it; none for an on-call holder at night.
        post: Option<PostId>,
        /// By when the Director has to confirm, where somebody on call used it at night.
        director_confirms_by: Option<DateTime>,
    },
    /// No urgency power is recorded, or the person does not hold it: recorded as made without recorded power.
    WithoutRecordedPower {
        /// Who is alerted at once.
        alert: Vec<PostGrade>,
        /// How the decision that is opened can end.
        open: Vec<Ratification>,
    },
}

impl UrgencyUse {
    /// The words on every page that shows the award.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Recorded { clause, director_confirms_by: None, .. } => format!("Made under urgency power: {clause}"),
            Self::Recorded { clause, director_confirms_by: Some(by), .. } => {
                format!("Made at night under urgency power: {clause}. The Director confirms by noon on {}", by.date())
            }
            Self::WithoutRecordedPower { .. } => "Made without recorded power".to_owned(),
        }
    }
}

/// How an urgent award by this person is recorded now. It never refuses: the child's start comes first.
#[must_use]
pub fn find_urgency(
    person: PersonId,
    powers: &[UrgencyPower],
    holdings: &[Holding],
    on_call: &[OnCall],
    calendar: &WorkingDays,
    moment: Moment,
) -> UrgencyUse {
    let day = moment.today();
    for power in powers.iter().filter(|power| holds(power.from, power.to, day)) {
        let held = holdings.iter().find(|held| {
            power.posts.contains(&held.post)
                && held.person == person
                && held.kind != HoldingKind::Cover
                && holds(held.from, held.to, day)
        });
        if let Some(held) = held {
            return UrgencyUse::Recorded {
                clause: power.clause.clone(),
                post: Some(held.post),
                director_confirms_by: None,
            };
        }
        let called =
            on_call.iter().any(|duty| duty.person == person && duty.from <= moment.local && moment.local < duty.to);
        if called && at_night(moment.local, calendar) {
            return UrgencyUse::Recorded {
                clause: power.clause.clone(),
                post: None,
                director_confirms_by: Some(calendar.noon_of_next_working_day(day)),
            };
        }
    }
    UrgencyUse::WithoutRecordedPower {
        alert: vec![PostGrade::MonitoringOfficer, PostGrade::Section151Officer],
        open: Ratification::ALL.to_vec(),
    }
}

/// Outside office hours: before 9am, from 5pm, and all day on days that are not working days.
fn at_night(local: DateTime, calendar: &WorkingDays) -> bool {
    !calendar.is_working_day(local.date()) || local.hour() < 9 || local.hour() >= 17
}

/// A start, as the Director's monthly share of emergencies counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EmergencyStart<K> {
    /// What it is counted by: authority, officer, provider or cause.
    pub by: K,
    /// Whether it was an emergency.
    pub emergency: bool,
}

/// The share of emergencies by key: (emergencies, all starts), in the key's order.
#[must_use]
pub fn emergency_shares<K: Ord + Copy>(starts: &[EmergencyStart<K>]) -> Vec<(K, usize, usize)> {
    let mut counts: BTreeMap<K, (usize, usize)> = BTreeMap::new();
    for start in starts {
        let (emergencies, all) = counts.entry(start.by).or_default();
        *emergencies += usize::from(start.emergency);
        *all += 1;
    }
    counts.into_iter().map(|(key, (emergencies, all))| (key, emergencies, all)).collect()
}

/// Who is alerted when a start was made without recorded power: the holders today of these posts.
#[must_use]
pub fn to_alert(grades: &[PostGrade], posts: &[Post], holdings: &[Holding], day: Date) -> Vec<PersonId> {
    posts
        .iter()
        .filter(|post| grades.contains(&post.grade))
        .flat_map(|post| {
            holdings
                .iter()
                .filter(|held| {
                    held.post == post.id && held.kind != HoldingKind::Cover && holds(held.from, held.to, day)
                })
                .map(|held| held.person)
        })
        .collect()
}

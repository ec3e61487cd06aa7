//! Notice and end: bands of notice are data; reasons are the statutory return's own vocabulary for a change of
//! placement (SSDA903, `REASON_PLACE_CHANGE`).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::signing::Side;
use crate::id::PersonId;
use crate::nights::days_between;
use crate::outcome::Refusal;
use crate::power::delegation::{Power, nobody_holds};

coded! {
    /// Why a placement ended, in the codes of the statutory return.
    EndReason {
        CarePlan "CARPL" "Change to, or carrying out of, the care plan";
        Closed "CLOSE" "The provision closed or the provider resigned";
        Allegation "ALLEG" "Allegation (section 47)";
        Standards "STAND" "Standards of care";
        ApprovalRemoved "APPRR" "Approval removed";
        HomeAsksBehaviour "CREQB" "The home asked for it, because of the child's behaviour";
        HomeAsksOther "CREQO" "The home asked for it, for another reason";
        ChildAsks "CHILD" "The child asked for it";
        AuthorityAsks "LAREQ" "The authority or the area authority asked for it";
        StatusOnly "PLACE" "Only the status of the placement changed";
        Custody "CUSTOD" "Custody";
        Other "OTHER" "Another reason";
    }
}

/// One band of notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeBand {
    /// From this day of the stay on; the first day is 0.
    pub from_day: u16,
    /// Days of notice.
    pub days: u16,
}

/// The bands of the arrangement's terms: 1 day in the first week, then 14 days, then 28 from the third month.
pub const STANDARD_NOTICE: [NoticeBand; 3] =
    [NoticeBand { from_day: 0, days: 1 }, NoticeBand { from_day: 7, days: 14 }, NoticeBand { from_day: 91, days: 28 }];

/// Days of notice that hold on a day of the stay; none before any band.
#[must_use]
pub fn notice_days(bands: &[NoticeBand], started: Date, on: Date) -> u16 {
    let day = days_between(started, on).max(0);
    bands
        .iter()
        .filter(|band| i64::from(band.from_day) <= day)
        .max_by_key(|band| band.from_day)
        .map_or(0, |band| band.days)
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Who gave it.
    pub by: Side,
    /// When.
    pub given_on: Date,
    /// The day after the last night that it leaves.
    pub ends_on: Date,
    /// The authority's power; none where the provider gave it.
    pub power: Option<Power>,
}

/// How a placement ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The day on which the child left; the night is not charged.
    pub on: Date,
    /// Planned or not.
    pub planned: bool,
    /// Why.
    pub reason: EndReason,
    /// The power cited; none where it was brought in ended, or no power was in force.
    pub power: Option<Power>,
    /// That no power was in force when it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<NoPower>,
}

/// What has happened is recorded although no power for it is in force: by whom, and why there is none (rule 1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoPower {
    /// Who recorded it.
    pub by: PersonId,
    /// The refusal's code, such as `term_ended`.
    pub code: String,
    /// Why no power is in force, in a sentence.
    pub why: String,
}

impl NoPower {
    /// From the refusal that says that nobody has a power; none where somebody has one and the reader has not.
    #[must_use]
    pub fn told_by(refusal: &Refusal, by: PersonId) -> Option<Self> {
        let found = || Self { by, code: refusal.code.clone(), why: refusal.sentence.clone() };
        nobody_holds(refusal).then(found)
    }

    /// What the record says instead of limb and post.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("Recorded without a power in force. {}", self.why)
    }
}

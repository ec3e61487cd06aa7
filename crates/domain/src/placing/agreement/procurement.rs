//! The watch over procurement law (rule 4.5): whole-life value and cumulative spend with one provider against the
//! threshold in force. It warns, records the legal ground, and prompts the award notice; again on variation.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::{Added, Agreement};
use crate::change::Change;
use crate::clock::Moment;
use crate::id::PersonId;
use crate::money::Pence;
use crate::nights::plus_days;
use crate::outcome::{Invalid, Refusal};

/// The threshold for social and other specific services, from each day on (Public Contracts Regulations 2015,
/// regulation 5(1)(d), as revised every two years).
const THRESHOLDS: [(Date, Pence); 3] = [
    (date(2016, 1, 1), Pence::pounds(589_148)),
    (date(2018, 1, 1), Pence::pounds(615_278)),
    (date(2020, 1, 1), Pence::pounds(663_540)),
];

/// Days after the award within which its notice is sent (regulation 50(1)).
const NOTICE_DAYS: i64 = 30;

/// The threshold in force on a day.
#[must_use]
pub fn threshold_on(day: Date) -> Pence {
    let found = THRESHOLDS.iter().rev().find(|(from, _)| *from <= day).or(THRESHOLDS.first());
    found.map_or(Pence::ZERO, |(_, pence)| *pence)
}

coded! {
    /// The ground in procurement law on which an award above the threshold rests.
    LegalGround {
        CallOff "call_off" "Call-off under the arrangement, which was procured and advertised as a whole";
        LightTouch "light_touch" "Own procedure for social services (regulations 74 to 76)";
        Urgent "urgent" "Extreme urgency that could not be foreseen (regulation 32(2)(c))";
        NoCompetition "no_competition" "No other home can meet this child's needs (regulation 32(2)(b))";
        Variation "variation" "Change within what the contract provides for (regulation 72)";
    }
}

/// What the watch found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueWatch {
    /// The placement's own whole-life value, to its planned end.
    pub whole_life: Pence,
    /// This authority's whole-life values with the provider, this one included.
    pub cumulative: Pence,
    /// The threshold in force.
    pub threshold: Pence,
}

impl ValueWatch {
    /// Whether the placement by itself reaches the threshold.
    #[must_use]
    pub fn alone(&self) -> bool {
        self.whole_life >= self.threshold
    }

    /// Whether the threshold is reached, by this placement or together with the provider's others.
    #[must_use]
    pub fn reached(&self) -> bool {
        self.alone() || self.cumulative >= self.threshold
    }
}

/// The ground and the notice as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procurement {
    /// The ground.
    pub ground: LegalGround,
    /// What was known when it was recorded.
    pub watch: ValueWatch,
    /// On which day.
    pub on: Date,
    /// Who recorded it.
    pub by: PersonId,
    /// The award notice: when it was sent, and its number.
    pub notice: Option<(Date, String)>,
}

impl Agreement {
    /// Whether a ground is due: above the threshold without one, or dearer since by a variation.
    #[must_use]
    pub fn ground_due(&self, watch: &ValueWatch) -> bool {
        let known = self.added.procurement.as_ref();
        watch.reached() && known.is_none_or(|known| watch.whole_life > known.watch.whole_life)
    }

    /// By when the award notice is due; none where it was sent or the placement by itself stays below the threshold.
    #[must_use]
    pub fn award_notice_due(&self, watch: &ValueWatch) -> Option<Date> {
        let sent = self.added.procurement.as_ref().is_some_and(|known| known.notice.is_some());
        let awarded = self.rests_on.iter().map(|rests| rests.at.date()).max().unwrap_or(self.terms.start);
        (watch.alone() && !sent).then(|| plus_days(awarded, NOTICE_DAYS))
    }

    /// Records the ground, and the award notice where it was sent.
    pub fn record_ground(
        self,
        ground: LegalGround,
        notice: Option<(Date, String)>,
        watch: ValueWatch,
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, GroundError> {
        if notice.as_ref().is_some_and(|(on, _)| *on > moment.today()) {
            return Err(GroundError::Invalid(Invalid::one("notice_on", "Enter a day that is today or earlier")));
        }
        if !watch.reached() {
            return Err(GroundError::Refused(
                Refusal::new(
                    "below_threshold",
                    "Whole-life value and cumulative spend are watched against the threshold in force",
                    "The threshold is not reached, so no ground is recorded.",
                    "Nobody",
                )
                .found(format!("{} of {}", watch.cumulative, watch.threshold)),
            ));
        }
        let event = self
            .event("agreement.ground_recorded")
            .with("ground", ground.code())
            .with("whole_life_pence", watch.whole_life.0)
            .with("cumulative_pence", watch.cumulative.0)
            .with("threshold_pence", watch.threshold.0)
            .with("notice", notice.is_some());
        let procurement = Procurement { ground, watch, on: moment.today(), by, notice };
        let added = Added { procurement: Some(procurement), ..self.added.clone() };
        Ok(Change::to(Self { version: self.version + 1, added, ..self }, event))
    }
}

/// Why a ground was not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroundError {
    /// Something typed is wrong.
    Invalid(Invalid),
    /// A rule refuses it.
    Refused(Refusal),
}

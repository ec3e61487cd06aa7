//! A home judged Inadequate takes a child only where the director of children's services of the responsible authority has
//! recorded an exemption: for this child, at this home, against this judgement (check 2 of the eighteen). A later judgement
//! needs its own. With a spot purchase it holds as long as the judgement; for a placement through the arrangement the
//! director says by which day the child has to come.

pub mod request;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::Spot;
use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{HomeId, OrganisationId, PersonId, Reference, ReferralId};
use crate::nights::{OPEN_END, plus_days};
use crate::outcome::{Invalid, Refusal};
use crate::placing::referral::{Referral, ReferralState};
use crate::sealed::Sealed;

coded! {
    /// Why a child is placed at a home judged Inadequate all the same.
    ExemptionReason {
        StaysThere "stays_there" "The child lives there, and a move would do more harm";
        Sibling "sibling" "A sibling lives there";
        Improving "improving" "Ofsted's own monitoring shows that what was wrong is put right";
        OnlyHome "only_home" "No other registered home in England answered that it can keep the child safe";
    }
}

/// The moves of an exemption.
pub const EXEMPTION_MOVES: &[Move] =
    &[Move { from: "new", act: "exempt", to: "recorded", by: "director of children's services" }];

const RULE: &str = "A home judged Inadequate takes no child without an exemption that the director of children's services \
                    has recorded for the child";

/// For so many days ahead an exemption for a placement through the arrangement can hold: what keeps a child safe at such a
/// home is looked at anew at least twice a year, as Ofsted does.
pub const EXEMPTION_DAYS: i64 = 184;

const fn as_long_as_judged() -> Date {
    OPEN_END
}

/// The exemption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeExemption {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The placing authority.
    pub authority: OrganisationId,
    /// The responsible authority, whose director has recorded it.
    pub responsible: OrganisationId,
    /// The referral.
    pub referral: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The home.
    pub home: HomeId,
    /// The day of the judgement that it is about.
    pub judged_on: Date,
    /// Why.
    pub reason: ExemptionReason,
    /// The last day on which the placement can begin; the open end where it holds as long as the judgement does.
    #[serde(default = "as_long_as_judged")]
    pub until: Date,
    /// What keeps the child safe, in words; sealed under the child's key.
    pub words: Sealed<String>,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
}

/// Checks the words of an exemption.
pub fn check_words(words: &str) -> Result<(), Invalid> {
    match words.trim().chars().count() {
        20..=4_000 => Ok(()),
        _ => Err(Invalid::one("words", "Say what keeps the child safe there, in 20 to 4,000 characters")),
    }
}

/// Checks by which day a placement through the arrangement has to begin.
pub fn check_until(until: Date, today: Date) -> Result<(), Invalid> {
    let last = plus_days(today, EXEMPTION_DAYS);
    if (today..=last).contains(&until) {
        return Ok(());
    }
    let ask = format!("Enter a day from {} to {}, by which the child has to come", long_date(today), long_date(last));
    Err(Invalid::one("until", ask))
}

/// For whom, where and until when an exemption through the arrangement is recorded.
#[derive(Debug, Clone, Copy)]
pub struct Placement<'a> {
    /// The referral.
    pub referral: &'a Referral,
    /// The authority responsible for the child.
    pub responsible: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// The last day on which the placement can begin.
    pub until: Date,
    /// The home at which the placement is agreed, where it is.
    pub agreed: Option<HomeId>,
}

impl GradeExemption {
    /// Whether a placement that begins on this day can rest on it.
    #[must_use]
    pub fn covers(&self, start: Date) -> bool {
        start <= self.until
    }

    /// The judgement from which a child can be exempted for a placement through the arrangement: of a home that is judged
    /// Inadequate, while the search for the child is prepared or goes on. `judged_on` is none where the home's latest
    /// judgement is another.
    pub fn judgement(referral: &Referral, judged_on: Option<Date>) -> Result<Date, Refusal> {
        if matches!(referral.state, ReferralState::Draft | ReferralState::Out(_)) {
            return judged_on.ok_or_else(not_inadequate);
        }
        Err(Refusal::new(
            "referral_state",
            RULE,
            format!("Referral {} looks for no home now, so no exemption is recorded for it.", referral.reference),
            "Nobody",
        )
        .found(referral.state.label()))
    }

    /// The same for a home at which the placement may be agreed and not begun: it can be judged in between, and the child does
    /// not come there without an exemption from that judgement.
    pub fn judgement_before_start(of: Placement<'_>, judged_on: Option<Date>) -> Result<Date, Refusal> {
        let waits = matches!(of.referral.state, ReferralState::Agreed { .. }) && of.agreed == Some(of.home);
        if waits { judged_on.ok_or_else(not_inadequate) } else { Self::judgement(of.referral, judged_on) }
    }

    /// Records it for a placement through the arrangement. The caller has found that the person is the director.
    pub fn exempt_placement(
        id: i64,
        of: Placement<'_>,
        judged_on: Option<Date>,
        (reason, words): (ExemptionReason, Sealed<String>),
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        let judged_on = Self::judgement_before_start(of, judged_on)?;
        let Placement { referral, responsible, home, until, .. } = of;
        let exemption = Self {
            id,
            version: 1,
            authority: referral.authority,
            responsible,
            referral: referral.id,
            reference: referral.reference.clone(),
            home,
            judged_on,
            reason,
            until,
            words,
            by,
            at: moment.local,
        };
        let event = exemption.event().with("until", until);
        Ok(Change::to(exemption, event))
    }

    fn event(&self) -> Event {
        Event::new("grade_exemption.recorded", "grade_exemption", self.id, 1)
            .with("referral", self.referral)
            .with("home", self.home)
            .with("judged_on", self.judged_on)
            .with("reason", self.reason.code())
    }

    /// Records it, for an open spot purchase of a home whose latest judgement is Inadequate. `judged_on` is none where it is
    /// not. The caller has found that the person is the director.
    pub fn exempt(
        id: i64,
        (spot, responsible): (&Spot, OrganisationId),
        judged_on: Option<Date>,
        (reason, words): (ExemptionReason, Sealed<String>),
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        spot.must_be_open("be exempted")?;
        let judged_on = judged_on.ok_or_else(not_inadequate)?;
        let exemption = Self {
            id,
            version: 1,
            authority: spot.authority,
            responsible,
            referral: spot.referral,
            reference: spot.reference.clone(),
            home: spot.home,
            judged_on,
            reason,
            until: OPEN_END,
            words,
            by,
            at: moment.local,
        };
        let event = exemption.event();
        Ok(Change::to(exemption, event))
    }
}

fn not_inadequate() -> Refusal {
    Refusal::new(
        "not_inadequate",
        RULE,
        "The home's latest judgement is not Inadequate, so no exemption is needed.",
        "Nobody",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_exemption_for_the_arrangement_names_a_day_within_half_a_year_and_one_for_a_spot_purchase_holds_on() {
        let today = date(2021, 9, 13);
        for (until, fits) in [
            (date(2021, 9, 12), false),
            (today, true),
            (date(2022, 3, 16), true),
            (date(2022, 3, 17), false),
            (OPEN_END, false),
        ] {
            assert_eq!(check_until(until, today).is_ok(), fits, "{until}");
        }
        let said = check_until(date(2021, 9, 12), today).unwrap_err().errors.remove(0);
        assert_eq!((said.field.as_str(), said.message.contains("13 September 2021 to 16 March 2022")), ("until", true));
        assert_eq!(as_long_as_judged(), OPEN_END, "what was recorded before a day was asked for holds on");
    }
}

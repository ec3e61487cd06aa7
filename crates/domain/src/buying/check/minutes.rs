//! Minutes of administration (rule 7.2): what the system's own times say of contracting, and what officers say beside
//! them. Times count in office hours of working days, so that a night between two steps is nobody's work.

use jiff::civil::{DateTime, Time, time};
use serde::{Deserialize, Serialize};

use crate::calendar::WorkingDays;
use crate::id::{HomeId, PersonId, ReferralId};
use crate::outcome::Invalid;
use crate::placing::agreement::Agreement;

/// Office hours, for counting.
const OPENS: Time = time(9, 0, 0, 0);
const CLOSES: Time = time(17, 0, 0, 0);

coded! {
    /// What minutes were spent on.
    MinutesOf {
        Checks "checks" "Checks before the placement";
        Drafting "drafting" "Drafting the agreement";
        Negotiation "negotiation" "Negotiating prices and terms";
        Signature "signature" "Getting it signed";
    }
}

/// Minutes that an officer says were spent, apart from what the system measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidMinutes {
    /// The referral.
    pub referral: ReferralId,
    /// The home.
    pub home: HomeId,
    /// On what.
    pub of: MinutesOf,
    /// How many.
    pub minutes: u32,
    /// Who said so.
    pub by: PersonId,
}

impl SaidMinutes {
    /// What is wrong with it as typed: between a minute and forty hours.
    pub fn check(&self) -> Result<(), Invalid> {
        if (1..=2_400).contains(&self.minutes) {
            Ok(())
        } else {
            Err(Invalid::one("minutes", "Enter minutes between 1 and 2,400"))
        }
    }
}

/// Office minutes between the steps of contracting, by the times that the system kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contracting {
    /// From the offer to the recommendation.
    pub negotiation: u32,
    /// From the recommendation to the prepared agreement.
    pub drafting: u32,
    /// From the prepared agreement to the second signature; none while one is missing.
    pub signature: Option<u32>,
}

impl Contracting {
    /// Of an agreement whose offer came and was recommended at these times. The last approval prepared it.
    #[must_use]
    pub fn of(agreement: &Agreement, offered: DateTime, recommended: DateTime, days: &WorkingDays) -> Self {
        let prepared = agreement.rests_on.iter().map(|rests| rests.at).max().unwrap_or(recommended);
        let signed = match (&agreement.signatures.authority, &agreement.signatures.provider) {
            (Some(ours), Some(theirs)) => Some(ours.at.max(theirs.at)),
            (None, _) | (_, None) => None,
        };
        Self {
            negotiation: office_minutes(offered, recommended, days),
            drafting: office_minutes(recommended, prepared, days),
            signature: signed.map(|signed| office_minutes(prepared, signed, days)),
        }
    }

    /// All of it that is known.
    #[must_use]
    pub fn total(self) -> u32 {
        self.negotiation.saturating_add(self.drafting).saturating_add(self.signature.unwrap_or(0))
    }
}

/// Minutes between two times that lie in office hours of working days.
#[must_use]
pub fn office_minutes(from: DateTime, to: DateTime, days: &WorkingDays) -> u32 {
    if to <= from {
        return 0;
    }
    let minutes = from
        .date()
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= to.date())
        .filter(|day| days.is_working_day(*day))
        .map(|day| {
            let (opens, closes) = (day.to_datetime(OPENS).max(from), day.to_datetime(CLOSES).min(to));
            if closes > opens { closes.duration_since(opens).as_mins() } else { 0 }
        })
        .sum::<i64>();
    u32::try_from(minutes).unwrap_or(u32::MAX)
}

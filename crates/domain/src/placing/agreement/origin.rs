//! Where an agreement comes from that began before this system had it: brought in with its coded origin, and never shown
//! as made under a limb that did not give the power then (rule 2.5).

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::Agreement;
use crate::change::{Change, Event};
use crate::id::PersonId;
use crate::outcome::FieldError;
use crate::placing::referral::Tier;
use crate::power::annual_value::Route;

coded! {
    /// Where it comes from.
    Origin {
        PreviousArrangement "previous_arrangement" "Under the arrangement before this one";
        BeforeAdoption "before_adoption" "Through the arrangement, before this authority adopted it";
        Arrangement "arrangement" "Through the arrangement, before this system";
        Spot "spot" "Spot purchase, before this system";
        Block "block" "Block contract, before this system";
        InHouse "in_house" "In-house, before this system";
    }
}

impl Origin {
    /// The route by which the annual value counts it.
    #[must_use]
    pub const fn route(self) -> Route {
        match self {
            Self::BeforeAdoption | Self::Arrangement => Route::Arrangement,
            Self::Spot => Route::Spot,
            Self::PreviousArrangement | Self::Block | Self::InHouse => Route::Other,
        }
    }

    /// The tier in which such a home is asked.
    #[must_use]
    pub const fn tier(self) -> Tier {
        match self {
            Self::PreviousArrangement | Self::BeforeAdoption | Self::Arrangement => Tier::Fca,
            Self::Spot => Tier::Spot,
            Self::Block => Tier::MiniBlock,
            Self::InHouse => Tier::InHouse,
        }
    }

    /// Whether it was bought through this arrangement.
    #[must_use]
    pub const fn through_arrangement(self) -> bool {
        matches!(self, Self::BeforeAdoption | Self::Arrangement)
    }

    /// What its page says instead of a power.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::PreviousArrangement => {
                "Brought in: made under the arrangement before this one. No limb of this arrangement's decision is cited."
            }
            Self::BeforeAdoption => {
                "Brought in: no power then recorded. It began through the arrangement before this authority's adoption \
                 took effect, so it is not made under limb (b)."
            }
            Self::Arrangement => {
                "Brought in: made through the arrangement before this system. Who decided stands in the authority's \
                 earlier record."
            }
            Self::Spot => {
                "Brought in: a spot purchase made before this system. Its checks stand in the earlier record."
            }
            Self::Block => "Brought in: a bed of a block contract made before this system.",
            Self::InHouse => "Brought in: a bed of the authority's own, from before this system.",
        }
    }

    /// Whether a start on this day can have this origin, given the day on which the authority's adoption took effect: no
    /// award before it (rule 2.5).
    pub fn fits(self, start: Date, adopted: Option<Date>) -> Result<(), FieldError> {
        let wrong = |message: String| Err(FieldError { field: "origin".to_owned(), message });
        let before = adopted.is_none_or(|adopted| start < adopted);
        match (self, before) {
            (Self::Arrangement, true) => wrong(match adopted {
                Some(adopted) => format!(
                    "It began before the adoption took effect on {adopted}: send before_adoption; no award before it"
                ),
                None => {
                    "No adoption of this authority is in force: send before_adoption; no award before it".to_owned()
                }
            }),
            (Self::BeforeAdoption, false) => {
                wrong("It began after the authority's adoption took effect: send arrangement".to_owned())
            }
            _ => Ok(()),
        }
    }
}

/// That an agreement was brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Where it comes from.
    pub origin: Origin,
    /// When it was brought in.
    pub at: DateTime,
    /// By whom.
    pub by: PersonId,
}

impl Agreement {
    /// Brings in an agreement that began before this system, as it stands; it rests on no approval of this system unless
    /// one was brought in with it.
    pub fn bring_in(agreement: Self, imported: Imported) -> Change<Self> {
        let origin = imported.origin;
        let mut next = Self { version: 1, ..agreement };
        next.added.imported = Some(imported);
        let event = Event::new("agreement.imported", "agreement", next.id.0, 1)
            .with("reference", &next.reference)
            .with("origin", origin.code())
            .with("home", next.terms.home)
            .with("start", next.terms.start)
            .with("state", next.state.name())
            .with("weekly_pence", next.weekly().0);
        Change::to(next, event)
    }

    /// On which day it was brought in, where it was.
    #[must_use]
    pub fn brought_in_on(&self) -> Option<Date> {
        self.added.imported.as_ref().map(|imported| imported.at.date())
    }

    /// Where it comes from, where it was brought in.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        self.added.imported.as_ref().map(|imported| imported.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn rule_2_5_no_award_before_adoption_and_none_before_it_after() {
        let adopted = Some(date(2019, 1, 19));
        assert!(Origin::Arrangement.fits(date(2019, 1, 19), adopted).is_ok());
        assert!(Origin::BeforeAdoption.fits(date(2019, 1, 18), adopted).is_ok());
        for (origin, start, adopted) in [
            (Origin::Arrangement, date(2019, 1, 18), adopted),
            (Origin::Arrangement, date(2021, 9, 1), None),
            (Origin::BeforeAdoption, date(2019, 1, 19), adopted),
        ] {
            assert_eq!(origin.fits(start, adopted).map_err(|error| error.field), Err("origin".to_owned()));
        }
        for origin in [Origin::PreviousArrangement, Origin::Spot, Origin::Block, Origin::InHouse] {
            assert!(origin.fits(date(2018, 1, 1), None).is_ok(), "{}", origin.label());
        }
    }

    #[test]
    fn rule_2_5_what_was_brought_in_never_says_that_a_limb_gave_the_power() {
        for origin in Origin::ALL {
            let says = origin.sentence();
            assert!(!says.contains("limb (b)") || says.contains("not made under limb (b)"), "{says}");
            assert!(says.starts_with("Brought in"));
        }
        assert!(Origin::BeforeAdoption.sentence().contains("no power then recorded"));
        assert!(Origin::BeforeAdoption.route().through_arrangement());
        assert!(!Origin::PreviousArrangement.route().through_arrangement());
    }
}

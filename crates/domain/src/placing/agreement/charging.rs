//! Which days an agreement charges: its own term on the first and last day, from a dated setting when it is issued, and
//! every cost that follows from it (rule 4.1).

use super::Agreement;
use crate::money::Pence;
use crate::nights::{ChargedDays, Nights};
use crate::office::access::Action;
use crate::power::annual_value::Route;
use crate::setting::{Key, Scope, SettingValue};

impl SettingValue for ChargedDays {
    const ASK: &'static str = "Enter first_not_last, both, last_not_first or neither";

    fn read(text: &str) -> Option<Self> {
        Self::from_code(text.trim())
    }

    fn write(&self) -> String {
        self.code().to_owned()
    }

    fn words(&self) -> String {
        self.label().to_owned()
    }
}

/// Which of the first and last day a placement through the arrangement charges.
pub const CHARGED_DAYS: Key<ChargedDays> = Key {
    name: "agreement.charged_days",
    title: "First and last day of a placement through the arrangement",
    effect: "Agreements issued from that day on charge these days. Those issued before keep the days they were issued with.",
    source: "A night belongs to its evening, and the end date is not charged, unless the contract says otherwise",
    scope: Scope::Region,
    keeper: Action::RunArrangement,
    form: None,
    default: ChargedDays::default,
};

/// Which of the first and last day a placement outside the arrangement charges.
pub const SPOT_CHARGED_DAYS: Key<ChargedDays> = Key {
    name: "spot.charged_days",
    title: "First and last day of a spot purchase",
    effect: "Spot purchases issued from that day on charge these days. Those issued before keep the days they were issued with.",
    source: "A night belongs to its evening, and the end date is not charged, unless the contract says otherwise",
    scope: Scope::Authority,
    keeper: Action::RecordDecision,
    form: None,
    default: ChargedDays::default,
};

/// The setting by which placements of a route charge. None at a mini-block's bed, where each night has one payer and is
/// charged by its evening (rule 6.2), nor in an authority's own home.
#[must_use]
pub const fn charged_by_route(route: Route) -> Option<&'static Key<ChargedDays>> {
    match route {
        Route::Arrangement | Route::Successor => Some(&CHARGED_DAYS),
        Route::Spot => Some(&SPOT_CHARGED_DAYS),
        Route::Block | Route::Other => None,
    }
}

impl Agreement {
    /// What it charges of the stay, as it is or is planned; none where nothing is charged.
    #[must_use]
    pub fn charged_nights(&self) -> Option<Nights> {
        let (from, to) = self.nights();
        self.terms.charged.charged(from, to)
    }

    /// What it costs from the first to the last planned night, by its term on the first and last day.
    #[must_use]
    pub fn whole_cost(&self) -> Pence {
        self.charged_nights().map_or(Pence::ZERO, |stay| self.charge(stay))
    }

    /// What it costs in those of the nights that it charges.
    #[must_use]
    pub fn cost_within(&self, nights: Nights) -> Pence {
        let within = self.charged_nights().and_then(|stay| stay.overlap(nights));
        within.map_or(Pence::ZERO, |stay| self.charge(stay))
    }

    /// What all its lines charge for nights.
    fn charge(&self, nights: Nights) -> Pence {
        self.terms.lines.iter().map(|line| line.charge(nights)).sum()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rule_4_1_the_term_is_a_setting_of_the_contract_and_a_mini_blocks_bed_has_none() {
        for days in ChargedDays::ALL {
            assert_eq!(ChargedDays::read(&days.write()), Some(*days));
        }
        assert_eq!(ChargedDays::read("sometimes"), None);
        assert_eq!((CHARGED_DAYS.default)(), ChargedDays::FirstNotLast);
        assert!(charged_by_route(Route::Block).is_none(), "each night has one payer");
        assert_eq!(charged_by_route(Route::Spot).unwrap().name, "spot.charged_days");
        assert_eq!(charged_by_route(Route::Arrangement).unwrap().scope, Scope::Region);
    }
}

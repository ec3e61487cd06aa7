//! By what the offers of a referral are scored: criteria with their weights, fixed when it is sent and never changed after
//! (rule 5.7). The price is one criterion among others, so that no order is by price alone.

use serde::{Deserialize, Serialize};

use crate::office::access::Action;
use crate::outcome::Invalid;
use crate::setting::{Key, Scope, SettingValue};

coded! {
    /// What offers are scored by.
    ScoreBy {
        Needs "needs" "Must-haves that the home meets";
        Residents "residents" "Effect on the children who live there";
        Quality "quality" "Ofsted’s grade";
        Distance "distance" "In the area, adjoining or at a distance";
        School "school" "Keeps the child’s school";
        Start "start" "Ready when the child needs it";
        Price "price" "Price of a week, against the lowest";
    }
}

/// The weights of a scoring sum to this.
pub const WHOLE: u32 = 100;

/// A criterion with its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weight {
    /// The criterion.
    pub by: ScoreBy,
    /// Its weight, in percent; above zero.
    pub percent: u8,
}

/// How the offers of one referral are scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scoring(Vec<Weight>);

impl Scoring {
    /// A scoring of these weights in percent; a criterion with none is left out. Wrong where they do not sum to 100, and
    /// where the price stands alone: each error names its field, such as `scoring_price`.
    pub fn new(weights: &[(ScoreBy, u8)]) -> Result<Self, Invalid> {
        let weight = |by: ScoreBy| -> u32 {
            weights.iter().filter(|(of, _)| *of == by).map(|(_, percent)| u32::from(*percent)).sum()
        };
        let sum: u32 = ScoreBy::ALL.iter().map(|by| weight(*by)).sum();
        if sum != WHOLE {
            let words = format!("The weights must sum to {WHOLE}; these sum to {sum}");
            return Err(Invalid::one("scoring_needs", words));
        }
        if weight(ScoreBy::Price) == WHOLE {
            let words = "Give something besides the price a weight: no order is by price alone";
            return Err(Invalid::one("scoring_price", words));
        }
        let held = |by: &ScoreBy| {
            let percent = u8::try_from(weight(*by)).ok().filter(|percent| *percent > 0)?;
            Some(Weight { by: *by, percent })
        };
        Ok(Self(ScoreBy::ALL.iter().filter_map(held).collect()))
    }

    /// What holds where neither the region nor the officer says anything else.
    #[must_use]
    pub fn starting() -> Self {
        let weight = |by, percent| Weight { by, percent };
        Self(vec![
            weight(ScoreBy::Needs, 30),
            weight(ScoreBy::Residents, 20),
            weight(ScoreBy::Quality, 15),
            weight(ScoreBy::Distance, 10),
            weight(ScoreBy::School, 5),
            weight(ScoreBy::Start, 5),
            weight(ScoreBy::Price, 15),
        ])
    }

    /// Its criteria with their weights, in the order of the list.
    #[must_use]
    pub fn weights(&self) -> &[Weight] {
        &self.0
    }

    /// The weight of a criterion in percent; zero where it does not count.
    #[must_use]
    pub fn of(&self, by: ScoreBy) -> u8 {
        self.0.iter().find(|one| one.by == by).map_or(0, |one| one.percent)
    }

    /// Each criterion in words, such as "Must-haves that the home meets: 30%".
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.0.iter().map(|one| format!("{}: {}%", one.by.label(), one.percent)).collect()
    }
}

impl SettingValue for Scoring {
    const ASK: &'static str = "Enter each criterion with its weight and a comma between, together 100, like needs 40, \
                               residents 30, quality 10, price 20; the criteria are needs, residents, quality, \
                               distance, school, start and price";

    fn read(text: &str) -> Option<Self> {
        let mut weights: Vec<(ScoreBy, u8)> = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (code, percent) = part.split_once(char::is_whitespace)?;
            let by = ScoreBy::from_code(code)?;
            if weights.iter().any(|(known, _)| *known == by) {
                return None;
            }
            weights.push((by, percent.trim().parse().ok()?));
        }
        Self::new(&weights).ok()
    }

    fn write(&self) -> String {
        self.0.iter().map(|one| format!("{} {}", one.by.code(), one.percent)).collect::<Vec<_>>().join(", ")
    }

    fn words(&self) -> String {
        self.lines().join("; ")
    }
}

/// How offers are scored where the officer chooses no other weights.
pub const SCORING: Key<Scoring> = Key {
    name: "offer.scoring",
    title: "How offers are scored",
    effect: "Referrals sent from that day on, where the officer chooses no other weights. A referral that is sent keeps its own.",
    source: "Starting values, invented: the region’s own scoring replaces them",
    scope: Scope::Region,
    keeper: Action::RunArrangement,
    form: None,
    default: Scoring::starting,
};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn wrong(weights: &[(ScoreBy, u8)]) -> String {
        Scoring::new(weights).unwrap_err().errors.remove(0).field
    }

    #[test]
    fn rule_5_7_weights_sum_to_a_hundred_and_the_price_never_stands_alone() {
        assert_eq!(wrong(&[(ScoreBy::Needs, 60), (ScoreBy::Price, 30)]), "scoring_needs");
        assert_eq!(wrong(&[(ScoreBy::Price, 100)]), "scoring_price");
        assert_eq!(wrong(&[]), "scoring_needs");
        let own = Scoring::new(&[(ScoreBy::Price, 40), (ScoreBy::School, 0), (ScoreBy::Needs, 60)]).unwrap();
        assert_eq!(own.lines(), ["Must-haves that the home meets: 60%", "Price of a week, against the lowest: 40%"]);
        assert_eq!((own.of(ScoreBy::Price), own.of(ScoreBy::School)), (40, 0));
        let starting = Scoring::starting();
        assert_eq!(starting.weights().iter().map(|one| u32::from(one.percent)).sum::<u32>(), WHOLE);
    }

    #[test]
    fn rule_5_7_a_scoring_is_read_as_it_was_written() {
        let starting = Scoring::starting();
        assert_eq!(Scoring::read(&starting.write()), Some(starting));
        for text in ["", "price 100", "needs 50, needs 50", "beauty 100", "needs", "needs 90", "needs 300"] {
            assert_eq!(Scoring::read(text), None, "{text}");
        }
    }
}

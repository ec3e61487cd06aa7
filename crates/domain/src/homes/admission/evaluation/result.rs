//! What follows from the consensus and the prices, computed and never stored: the provider's marks, each lot's total, and
//! which homes are admitted to which lot.

use super::{Evaluation, Points};
use crate::homes::home::Urn;
use crate::money::Pence;

/// A lot's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotResult {
    /// The lot's code.
    pub lot: String,
    /// The whole weekly price.
    pub weekly: Pence,
    /// The price mark.
    pub price: Points,
    /// The total.
    pub total: Points,
    /// Whether the total passes.
    pub passes: bool,
    /// The homes that are admitted to it, where it passes.
    pub admitted: Vec<Urn>,
    /// The homes that are not, with the reason.
    pub refused: Vec<(Urn, String)>,
}

/// The result of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Whether every gate of the provider is passed.
    pub gates: bool,
    /// The quality mark, where quality was read.
    pub quality: Option<Points>,
    /// Questions whose consensus is below the least score.
    pub below: Vec<String>,
    /// Each lot.
    pub lots: Vec<LotResult>,
}

impl Outcome {
    /// The provider passes: gates, no answer below the least, and a lot with a home on it.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.gates && self.lots.iter().any(|lot| lot.passes && !lot.admitted.is_empty())
    }
}

/// The result of an evaluation as far as it has come.
#[must_use]
pub fn outcome(evaluation: &Evaluation) -> Outcome {
    let criteria = &evaluation.criteria;
    let gates = !evaluation.gates.is_empty() && evaluation.gates.iter().all(|gate| gate.passed);
    let scores: Vec<(String, u8)> = evaluation.consensus.iter().map(|one| (one.question.clone(), one.score)).collect();
    let read = gates && scores.len() == criteria.quality.len();
    let quality = read.then(|| criteria.quality_points(&scores));
    let below: Vec<String> =
        scores.iter().filter(|(_, score)| *score < criteria.least).map(|(code, _)| code.clone()).collect();
    let lots = evaluation.lots.iter().filter_map(|applied| {
        let template = criteria.template(&applied.lot)?;
        let price = template.price_points(&applied.prices);
        let total = quality.map_or(Points(0), |quality| criteria.total(quality, price));
        let passes = read && below.is_empty() && total.0 >= i64::from(criteria.pass_mark) * 100;
        let judged = || evaluation.homes.iter().filter(|home| home.finding.lot == applied.lot);
        let admitted = judged().filter(|home| home.passed && passes).map(|home| home.finding.urn.clone()).collect();
        let refused = judged().filter(|home| !home.passed);
        Some(LotResult {
            lot: applied.lot.clone(),
            weekly: applied.prices.iter().map(|price| price.weekly).sum(),
            price,
            total,
            passes,
            admitted,
            refused: refused.map(|home| (home.finding.urn.clone(), home.words.clone())).collect(),
        })
    });
    let lots = lots.collect();
    Outcome { gates, quality, below, lots }
}

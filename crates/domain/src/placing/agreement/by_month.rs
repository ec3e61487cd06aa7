//! What an agreement charges for some nights: each price line with the nights that it covers, as whoever is paid would
//! invoice it. Nothing of it says who the child is, or what an authority thinks of a price.

use super::Agreement;
use crate::homes::price::{LineKind, charge_between};
use crate::money::Pence;
use crate::nights::Nights;

/// One price line within some nights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineWithin {
    /// What it pays for.
    pub kind: LineKind,
    /// In words, as on the offer.
    pub label: String,
    /// Pence a week.
    pub weekly: Pence,
    /// Those of the nights that it charges.
    pub nights: Nights,
    /// The charge for them (rule 4.1).
    pub charge: Pence,
}

impl Agreement {
    /// Each price line that charges some of the nights, in the agreement's order; their charges sum to
    /// [`Agreement::cost_within`].
    #[must_use]
    pub fn lines_within(&self, nights: Nights) -> Vec<LineWithin> {
        let Some(stay) = self.charged_nights().and_then(|stay| stay.overlap(nights)) else { return Vec::new() };
        let within = self.terms.lines.iter().filter_map(|line| {
            let nights = Nights::new(line.from, line.to)?.overlap(stay)?;
            let charge = charge_between(line.weekly, line.origin, nights);
            Some(LineWithin { kind: line.kind, label: line.label.clone(), weekly: line.weekly, nights, charge })
        });
        within.collect()
    }
}

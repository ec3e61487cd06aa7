//! When a home can take a child: for each bed the nights with no use, those of them on which no child lives there
//! alone, and those on which the home is empty.

use jiff::civil::Date;

use super::{BedUse, UseState};
use crate::homes::home::Bed;
use crate::nights::{Nights, OPEN_END};

/// A home's free nights from a day on, of all its beds, in the order of their first night.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gaps {
    /// Nights on which a bed has no use, whoever else lives there.
    pub any: Vec<Nights>,
    /// Those on which no child lives there alone: another child could come.
    pub shared: Vec<Nights>,
    /// Those on which nobody lives there: a child could live there alone.
    pub empty: Vec<Nights>,
}

/// The free nights of these beds from the evening of `from` on.
#[must_use]
pub fn free_gaps(beds: &[Bed], uses: &[BedUse], from: Date) -> Gaps {
    let live = || uses.iter().filter(|one| one.state != UseState::Cancelled);
    let alone: Vec<Nights> = live().filter(|one| one.state.is_a_child() && one.solo).map(|one| one.nights).collect();
    let lived_in: Vec<Nights> = live().filter(|one| one.state.is_a_child()).map(|one| one.nights).collect();
    let mut gaps = Gaps::default();
    for bed in beds {
        let used: Vec<Nights> = live().filter(|one| one.bed == bed.id).map(|one| one.nights).collect();
        let free = without(&[Nights::new(from, OPEN_END)].into_iter().flatten().collect::<Vec<_>>(), used);
        gaps.shared.extend(without(&free, alone.clone()));
        gaps.empty.extend(without(&free, lived_in.clone()));
        gaps.any.extend(free);
    }
    for list in [&mut gaps.any, &mut gaps.shared, &mut gaps.empty] {
        list.sort_by_key(|gap| (gap.from(), gap.to()));
        list.dedup();
    }
    gaps
}

/// What is left of the ranges without the used nights.
fn without(free: &[Nights], mut used: Vec<Nights>) -> Vec<Nights> {
    used.sort_by_key(|one| one.from());
    let mut left = Vec::new();
    for range in free {
        let mut at = range.from();
        for taken in &used {
            if taken.to() <= at {
                continue;
            }
            if taken.from() >= range.to() {
                break;
            }
            left.extend(Nights::new(at, taken.from()));
            at = at.max(taken.to());
        }
        left.extend(Nights::new(at, range.to()));
    }
    left
}

//! A home night by night: the state of each bed, the counts of a night, and a range of nights in one sentence.

use jiff::civil::Date;

use super::{BedUse, ClosedReason, UseState};
use crate::homes::home::Bed;
use crate::id::{AgreementId, BedId};
use crate::nights::{Nights, days_between, plus_days};

/// A bed on one night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NightState {
    /// A child could sleep there.
    Free,
    /// Empty, but a child in the home lives there alone.
    Blocked,
    /// Kept for a child.
    Held,
    /// A child sleeps there; `true` where the child lives there alone.
    Taken(bool),
    /// Out of service.
    Closed(ClosedReason),
}

impl NightState {
    /// The word on the screen; never colour alone.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Free => "Free",
            Self::Blocked => "Kept empty",
            Self::Held => "Held",
            Self::Taken(_) => "Taken",
            Self::Closed(_) => "Out of service",
        }
    }
}

/// Each bed's state on each night of the range, beds in the given order.
#[must_use]
pub fn bed_nights(beds: &[Bed], uses: &[BedUse], nights: Nights) -> Vec<(BedId, Vec<NightState>)> {
    let live: Vec<&BedUse> =
        uses.iter().filter(|one| one.state != UseState::Cancelled && one.nights.overlap(nights).is_some()).collect();
    let state = |bed: BedId, night: Date| {
        let own = live.iter().find(|one| one.bed == bed && one.nights.contains(night));
        let alone = || live.iter().any(|one| one.solo && one.nights.contains(night));
        match own.map(|one| (one.state, one.solo)) {
            Some((UseState::Stay, solo)) => NightState::Taken(solo),
            Some((UseState::Held, _)) => NightState::Held,
            Some((UseState::OutOfService(reason), _)) => NightState::Closed(reason),
            Some((UseState::Cancelled, _)) | None if alone() => NightState::Blocked,
            Some((UseState::Cancelled, _)) | None => NightState::Free,
        }
    };
    let days = || (0..nights.count()).map(|day| plus_days(nights.from(), day));
    beds.iter().map(|bed| (bed.id, days().map(|night| state(bed.id, night)).collect())).collect()
}

/// How many beds are how on one night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NightCount {
    /// A child could sleep there.
    pub free: u32,
    /// Kept empty for a child who lives there alone.
    pub blocked: u32,
    /// Held for a child.
    pub held: u32,
    /// Taken.
    pub taken: u32,
    /// Out of service.
    pub closed: u32,
}

/// The counts of each night of the range.
#[must_use]
pub fn count_nights(rows: &[(BedId, Vec<NightState>)]) -> Vec<NightCount> {
    let nights = rows.first().map_or(0, |(_, states)| states.len());
    let mut counts = vec![NightCount::default(); nights];
    for (_, states) in rows {
        for (count, state) in counts.iter_mut().zip(states) {
            match state {
                NightState::Free => count.free += 1,
                NightState::Blocked => count.blocked += 1,
                NightState::Held => count.held += 1,
                NightState::Taken(_) => count.taken += 1,
                NightState::Closed(_) => count.closed += 1,
            }
        }
    }
    counts
}

/// The agreements of the children for whom a bed is taken or held on the night, each once and in order: who lives there, by
/// opaque numbers.
#[must_use]
pub fn living_there(uses: &[BedUse], night: Date) -> Vec<AgreementId> {
    let children = uses.iter().filter(|one| one.state.is_a_child() && one.nights.contains(night));
    let mut there: Vec<AgreementId> = children.filter_map(|one| one.agreement).collect();
    there.sort_unstable();
    there.dedup();
    there
}

/// The nights in a sentence: "Beds free 3 to 9 May (7 nights). Full 10 to 16 May (7 nights)."
#[must_use]
pub fn nights_in_words(first: Date, counts: &[NightCount]) -> String {
    let mut runs: Vec<(bool, Date, Date)> = Vec::new();
    let mut night = first;
    for count in counts {
        let free = count.free > 0;
        match runs.last_mut() {
            Some((same, _, last)) if *same == free => *last = night,
            Some(_) | None => runs.push((free, night, night)),
        }
        night = plus_days(night, 1);
    }
    let sentence = |(free, from, to): &(bool, Date, Date)| {
        let word = if *free { "Beds free" } else { "Full" };
        let count = days_between(*from, *to) + 1;
        let plural = if count == 1 { "night" } else { "nights" };
        format!("{word} {} ({count} {plural}).", range_in_words(*from, *to))
    };
    runs.iter().map(sentence).collect::<Vec<_>>().join(" ")
}

fn range_in_words(from: Date, to: Date) -> String {
    let whole = |day: Date| day.strftime("%-d %B").to_string();
    if from == to {
        whole(from)
    } else if from.month() == to.month() && from.year() == to.year() {
        format!("{} to {}", from.day(), whole(to))
    } else {
        format!("{} to {}", whole(from), whole(to))
    }
}

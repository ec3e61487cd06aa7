//! Facts in two times as rectangles: nights on one side, the organisation's recorded sequence on the other.
//!
//! Pure: says which rows to close and which to insert; the store's constraints have the last word.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::nights::Nights;

/// The open end of the recorded axis: still believed.
pub const KNOWN_OPEN: i64 = i64::MAX;

/// A value for nights `[from, to)`, believed from sequence `known_from` until `known_to`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rectangle<V> {
    /// The first night.
    pub from: Date,
    /// The day after the last night.
    pub to: Date,
    /// The night from which sevenths are counted; a cut keeps it.
    pub origin: Date,
    /// The sequence from which it was known.
    pub known_from: i64,
    /// The sequence at which it stopped being believed; [`KNOWN_OPEN`] while it is.
    pub known_to: i64,
    /// The value, such as weekly pence.
    pub value: V,
}

/// What to write so that the nights have the value from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction<V> {
    /// Places in the given slice of the rows whose `known_to` becomes the sequence.
    pub close: Vec<usize>,
    /// Rows to insert, all known from the sequence.
    pub insert: Vec<Rectangle<V>>,
}

/// "For these nights the value is v", recorded at sequence `seq`: closes each current row that overlaps, inserts what
/// sticks out before and after with its own origin, then the new row. `None` takes the value away.
/// A new row's origin is `origin`, or its own first night where none is given.
#[must_use]
pub fn correct<V: Clone>(
    rows: &[Rectangle<V>],
    nights: Nights,
    origin: Option<Date>,
    value: Option<V>,
    seq: i64,
) -> Correction<V> {
    let mut correction = Correction { close: Vec::new(), insert: Vec::new() };
    for (at, row) in rows.iter().enumerate() {
        let overlaps = row.from < nights.to() && row.to > nights.from();
        if row.known_to != KNOWN_OPEN || !overlaps {
            continue;
        }
        correction.close.push(at);
        let kept = |from: Date, to: Date| Rectangle { from, to, known_from: seq, known_to: KNOWN_OPEN, ..row.clone() };
        if row.from < nights.from() {
            correction.insert.push(kept(row.from, nights.from()));
        }
        if row.to > nights.to() {
            correction.insert.push(kept(nights.to(), row.to));
        }
    }
    if let Some(value) = value {
        correction.insert.push(Rectangle {
            from: nights.from(),
            to: nights.to(),
            origin: origin.unwrap_or_else(|| nights.from()),
            known_from: seq,
            known_to: KNOWN_OPEN,
            value,
        });
    }
    correction
}

/// What was believed at sequence `seq` about nights of the range, in the order of the nights.
#[must_use]
pub fn as_known<V>(rows: &[Rectangle<V>], nights: Nights, seq: i64) -> Vec<&Rectangle<V>> {
    let mut found: Vec<_> = rows
        .iter()
        .filter(|row| row.from < nights.to() && row.to > nights.from() && row.known_from <= seq && row.known_to > seq)
        .collect();
    found.sort_by_key(|row| row.from);
    found
}

//! What an authority's ledger of the annual value holds of a block beside its own children's agreements: its part of every
//! empty night that is paid for, past and to come, to the penny of the ledger by night.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{NightRow, SlotNight};
use crate::id::{AgreementId, BlockId, OrganisationId};
use crate::money::Pence;
use crate::nights::{Nights, days_between, plus_days};
use crate::power::annual_value::{Commitment, Route, Share, ValueKind, ValueLine, charge};

/// What an authority bears of the empty nights, by night. An income commits nothing, and a child's own nights stand in
/// the child's agreement.
#[must_use]
pub fn borne_by(rows: &[NightRow], authority: OrganisationId) -> BTreeMap<Date, Pence> {
    let mut nights: BTreeMap<Date, Pence> = BTreeMap::new();
    for row in rows {
        let empty = match row.what {
            SlotNight::Void { .. } | SlotNight::Nominated { .. } => row.part_of(authority),
            SlotNight::Used { .. } | SlotNight::Resold { .. } => Pence::ZERO,
        };
        if empty > Pence::ZERO {
            *nights.entry(row.night).or_default() += empty;
        }
    }
    nights
}

/// Amounts by night as lines: one for each run of nights of the same amount. Seven nights cost exactly seven times a
/// night, so that every cut of a line is exact.
#[must_use]
pub fn lines_of_amounts(amounts: &BTreeMap<Date, Pence>) -> Vec<ValueLine> {
    let mut lines: Vec<ValueLine> = Vec::new();
    for (night, amount) in amounts.iter().filter(|(_, amount)| **amount > Pence::ZERO) {
        let after = plus_days(*night, 1);
        let weekly = Pence(amount.0.saturating_mul(7));
        match lines.last_mut() {
            Some(line) if line.ends == Some(*night) && line.weekly == weekly => line.ends = Some(after),
            _ => lines.push(ValueLine {
                kind: ValueKind::BlockVoid,
                weekly,
                origin: *night,
                from: *night,
                ends: Some(after),
                authority: Share::ALL,
            }),
        }
    }
    lines
}

/// The other way round: what lines hold of each night until `until`, whoever made them.
#[must_use]
pub fn amounts_of_lines(lines: &[ValueLine], (start, until): (Date, Date)) -> BTreeMap<Date, Pence> {
    let mut amounts: BTreeMap<Date, Pence> = BTreeMap::new();
    for line in lines {
        let (from, to) = (line.from.max(start), line.ends.map_or(until, |end| end.min(until)));
        for after in 0..days_between(from, to).max(0) {
            let night = plus_days(from, after);
            let Some(one) = Nights::new(night, plus_days(night, 1)) else { continue };
            let pence = charge(line.weekly, Share::ALL, line.origin, one);
            if pence > Pence::ZERO {
                *amounts.entry(night).or_default() += pence;
            }
        }
    }
    amounts
}

/// What an authority's ledger holds of a block: these amounts by night. The block's id stands where an agreement's does,
/// since no other record has it.
#[must_use]
pub fn share_commitment(
    (block, reference): (BlockId, &str),
    amounts: &BTreeMap<Date, Pence>,
    span: Nights,
    notice_days: u16,
) -> Commitment {
    Commitment {
        agreement: AgreementId(block.0),
        reference: reference.to_owned(),
        route: Route::Block,
        lines: lines_of_amounts(amounts),
        start: span.from(),
        planned_end: span.to(),
        notice_days,
        goes_on: false,
        moved_on: None,
        charged: crate::nights::ChargedDays::default(),
    }
}

//! The telling of nights: night by night, bed by bed, in one fixed order, a calendar month at a time because the guarantee
//! is one of months.

use jiff::civil::Date;

use super::{Bearer, Facts, NightRow, NominationOutcome, SlotNight, VoidCause};
use crate::buying::block::sharing::shares_on;
use crate::buying::block::{BlockShare, BlockTerms, DatedTerms, split};
use crate::id::OrganisationId;
use crate::money::Pence;
use crate::nights::{Nights, plus_days};

/// The calendar month of a day, as nights.
#[must_use]
pub fn month_of(day: Date) -> Nights {
    let first = day.first_of_month();
    Nights::new(first, plus_days(first.last_of_month(), 1)).unwrap_or(Nights::open(first))
}

/// The calendar months that nights touch, by their first days.
pub fn months_of(nights: Nights) -> impl Iterator<Item = Date> {
    let mut month = nights.from().first_of_month();
    core::iter::from_fn(move || {
        let found = (month < nights.to()).then_some(month)?;
        month = plus_days(month.last_of_month(), 1);
        Some(found)
    })
}

/// Every bed on every night of the contract within these nights. The months are told whole, because the first empty nights
/// of a month are below the guarantee.
#[must_use]
pub fn ledger(facts: &Facts<'_>, within: Nights) -> Vec<NightRow> {
    let Some(asked) = facts.span.overlap(within) else { return Vec::new() };
    let mut rows = Vec::new();
    for first in months_of(asked) {
        let Some(month) = month_of(first).overlap(facts.span) else { continue };
        for (terms, part) in under(facts.terms, month) {
            let at = Under { facts, terms };
            let mut free = terms.spec.free_empty_nights(part.count());
            let mut night = part.from();
            while night < part.to() && night < asked.to() {
                let told = at.one_night(night, &mut free);
                if night >= asked.from() {
                    rows.extend(told);
                }
                night = plus_days(night, 1);
            }
        }
    }
    rows
}

/// Nights cut where other terms begin to hold.
fn under(terms: &[DatedTerms], nights: Nights) -> Vec<(&BlockTerms, Nights)> {
    let held = terms.iter().enumerate().filter_map(|(at, dated)| {
        let from = if at == 0 { nights.from() } else { dated.from };
        let until = terms.get(at + 1).map_or(nights.to(), |next| next.from);
        Some((&dated.terms, Nights::new(from, until.max(from)).and_then(|held| held.overlap(nights))?))
    });
    held.collect()
}

impl<'a> Facts<'a> {
    /// Who pays how much on a night.
    fn shares_on(&self, night: Date) -> &'a [BlockShare] {
        shares_on(self.earlier, self.shares, night)
    }
}

/// Facts under the terms of a night.
#[derive(Clone, Copy)]
struct Under<'a> {
    facts: &'a Facts<'a>,
    terms: &'a BlockTerms,
}

impl Under<'_> {
    /// All beds on one night. `free` counts the empty nights of the month that are still below the guarantee.
    fn one_night(self, night: Date, free: &mut i64) -> Vec<NightRow> {
        let (facts, slots) = (self.facts, 1..=self.terms.beds.count());
        let told: Vec<(u8, SlotNight)> = slots.map(|slot| (slot, what(facts, slot, night))).collect();
        let slept = told.iter().filter(|(_, what)| what.slept_in()).count();
        let mut open = i64::from(self.terms.spec.guaranteed_beds) - i64::try_from(slept).unwrap_or(i64::MAX);
        // A bed that stands ready is held against the guarantee before one that its provider cannot give.
        let mut guaranteed = vec![false; told.len()];
        for ready in [true, false] {
            for (mark, (_, what)) in guaranteed.iter_mut().zip(&told) {
                let empty = !what.slept_in() && (bearer(what) != Bearer::Provider) == ready;
                if empty && open > 0 {
                    *mark = true;
                    open -= 1;
                }
            }
        }
        told.into_iter().zip(guaranteed).map(|((slot, what), held)| self.row((night, slot), what, held, free)).collect()
    }

    fn row(self, (night, slot): (Date, u8), what: SlotNight, guaranteed: bool, free: &mut i64) -> NightRow {
        let prices = self.terms.prices;
        let mut row = NightRow {
            night,
            slot,
            what,
            guaranteed,
            due: Pence::ZERO,
            credited: Pence::ZERO,
            sold_for: Pence::ZERO,
            parts: Vec::new(),
        };
        match row.what.clone() {
            SlotNight::Used { authority, second, .. } => {
                row.due = prices.occupied_by(if second { 2 } else { 1 });
                row.parts = vec![(authority, row.due)];
            }
            SlotNight::Resold { buyer } => self.sell(&mut row, buyer),
            SlotNight::Nominated { .. } | SlotNight::Void { .. } if !guaranteed => {}
            SlotNight::Nominated { .. } | SlotNight::Void { .. } => self.empty(&mut row, free),
        }
        row
    }

    /// The buyer pays. What is above the price of an empty night is income: the authorities' part of it by shares.
    fn sell(self, row: &mut NightRow, buyer: OrganisationId) {
        let (facts, terms) = (self.facts, self.terms);
        let sold = facts.resales.iter().find(|sold| sold.slot == row.slot && sold.nights.contains(row.night));
        let price = sold.map_or(Pence::ZERO, |sold| sold.night);
        let above = Pence((price - terms.prices.empty).0.max(0));
        let income = above.share(terms.spec.resale_percent.unwrap_or(0).into(), 100);
        row.sold_for = price;
        row.due = price - income;
        row.parts = vec![(buyer, price)];
        if income > Pence::ZERO {
            row.parts.extend(
                split(income, facts.shares_on(row.night)).into_iter().map(|(authority, part)| (authority, -part)),
            );
        }
    }

    /// A guaranteed empty night: below the guarantee it costs nobody, the provider's own is credited, all else is paid.
    fn empty(self, row: &mut NightRow, free: &mut i64) {
        let price = self.terms.prices.empty;
        let (borne, credit) = match &row.what {
            SlotNight::Void { cause, request } => (cause.borne_by(*request), cause.credit_percent(self.terms)),
            SlotNight::Nominated { .. } | SlotNight::Used { .. } | SlotNight::Resold { .. } => (Bearer::Shares, 0),
        };
        match borne {
            Bearer::Shares if *free > 0 => *free -= 1,
            Bearer::Shares => row.due = price,
            Bearer::Authority(authority) => {
                row.due = price;
                row.parts = vec![(authority, price)];
            }
            Bearer::Provider => {
                row.credited = price.share(credit.min(100).into(), 100);
                row.due = price - row.credited;
            }
        }
        if row.parts.is_empty() && row.due > Pence::ZERO {
            row.parts = split(row.due, self.facts.shares_on(row.night));
        }
    }
}

fn bearer(what: &SlotNight) -> Bearer {
    match what {
        SlotNight::Void { cause, request } => cause.borne_by(*request),
        SlotNight::Used { .. } | SlotNight::Nominated { .. } | SlotNight::Resold { .. } => Bearer::Shares,
    }
}

/// What one bed is on one night: a stay goes before a re-sale, that before a recorded cause, that before what follows from
/// nominations.
fn what(facts: &Facts<'_>, slot: u8, night: Date) -> SlotNight {
    let own = |at: u8, nights: Nights| at == slot && nights.contains(night);
    if let Some(stay) = facts.stays.iter().find(|stay| own(stay.slot, stay.nights)) {
        return SlotNight::Used { agreement: stay.agreement, authority: stay.authority, second: stay.second };
    }
    if let Some(sold) = facts.resales.iter().find(|sold| own(sold.slot, sold.nights)) {
        return SlotNight::Resold { buyer: sold.buyer };
    }
    let applies = |cause: &&super::CauseFact| cause.slot.is_none_or(|at| at == slot) && cause.nights.contains(night);
    if let Some(fact) = facts.causes.iter().rev().find(applies) {
        return SlotNight::Void { cause: fact.cause, request: fact.request };
    }
    from_nominations(facts, slot, night)
}

fn from_nominations(facts: &Facts<'_>, slot: u8, night: Date) -> SlotNight {
    let made = facts.nominations.iter().rev().filter(|one| one.slot == slot && one.from <= night);
    // A child who has lived there since ended what an earlier nomination led to.
    let since = facts.stays.iter().filter(|stay| stay.slot == slot && stay.nights.to() <= night);
    let left = since.map(|stay| stay.nights.to()).max();
    for one in made {
        if one.until.is_none_or(|until| night < until) {
            return SlotNight::Nominated { authority: one.authority };
        }
        match one.outcome {
            NominationOutcome::Fell(cause) if one.until >= left => return SlotNight::Void { cause, request: None },
            NominationOutcome::Awaited | NominationOutcome::Gone | NominationOutcome::Fell(_) => {}
        }
    }
    SlotNight::Void { cause: VoidCause::NoNomination, request: None }
}

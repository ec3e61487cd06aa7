//! Rule 6.2 by example, and every pence of a block over ten years against a model that knows nothing of this code.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use jiff::civil::date;

use super::*;
use crate::buying::block::{BlockBed, BlockBeds, BlockPrices, BlockSpec, RefusalLimit, RefusalPeriod};
use crate::id::{BedId, BlockId, HomeId};
use crate::nights::{days_between, plus_days};
use crate::power::annual_value::{Reading, commitment_by_year};

const A: OrganisationId = OrganisationId(1);
const B: OrganisationId = OrganisationId(2);
const C: OrganisationId = OrganisationId(3);
const BUYER: OrganisationId = OrganisationId(9);
const FROM: Date = date(2021, 4, 1);

fn terms(beds: u8, guaranteed: u8, percent: u8, until: Date) -> Vec<DatedTerms> {
    let fixed = (1..=beds).map(|bed| BlockBed { home: HomeId(1), bed: BedId(i64::from(bed)) }).collect();
    let spec = BlockSpec {
        beds,
        floating: false,
        from: FROM,
        until,
        guaranteed_beds: guaranteed,
        guaranteed_percent: percent,
        nomination_hours: 72,
        refusals: RefusalLimit { permitted: 1, period: RefusalPeriod::Quarter },
        resale_percent: Some(50),
        credit_suspended: 100,
        credit_unstaffed: 80,
        breaks: Vec::new(),
        break_notice_days: 90,
        notice_days: None,
        extendable_until: None,
        void_order: None,
    };
    let prices = BlockPrices { occupied: Pence(48_571), empty: Pence(41_001), second_child: Some(Pence(39_999)) };
    vec![DatedTerms { from: FROM, terms: BlockTerms { spec, beds: BlockBeds::Fixed { beds: fixed }, prices } }]
}

fn thirds() -> Vec<BlockShare> {
    [(A, 3_334), (B, 3_333), (C, 3_333)].map(|(authority, weight)| BlockShare { authority, weight }).to_vec()
}

fn facts<'a>(terms: &'a [DatedTerms], shares: &'a [BlockShare]) -> Facts<'a> {
    let span = Nights::new(FROM, terms[0].terms.spec.until).unwrap();
    Facts { terms, shares, earlier: &[], span, stays: vec![], nominations: vec![], causes: vec![], resales: vec![] }
}

fn nights(from: Date, to: Date) -> Nights {
    Nights::new(from, to).unwrap()
}

fn stay(slot: u8, from: Date, to: Date, authority: OrganisationId, second: bool) -> StayFact {
    StayFact { slot, nights: nights(from, to), agreement: AgreementId(i64::from(slot)), authority, second }
}

fn of(rows: &[NightRow], night: Date, slot: u8) -> NightRow {
    rows.iter().find(|row| row.night == night && row.slot == slot).unwrap().clone()
}

#[test]
fn rule_6_2_an_occupied_night_is_paid_by_the_childs_responsible_authority_alone() {
    let (terms, shares) = (terms(2, 2, 100, date(2022, 4, 1)), thirds());
    let mut facts = facts(&terms, &shares);
    facts.stays = vec![stay(1, FROM, date(2021, 5, 1), B, false), stay(2, FROM, date(2021, 4, 8), C, true)];
    let rows = ledger(&facts, month_of(FROM));
    assert_eq!(rows.len(), 60);
    assert_eq!(of(&rows, FROM, 1).parts, [(B, Pence(48_571))]);
    assert_eq!(of(&rows, FROM, 2).parts, [(C, Pence(39_999))], "the second child in the home");
    assert_eq!(of(&rows, FROM, 2).payer(), Payer::Authority(C));
    let empty = of(&rows, date(2021, 4, 8), 2);
    assert_eq!((empty.payer(), empty.due), (Payer::Shares, Pence(41_001)));
    assert_eq!(empty.parts, [(A, Pence(13_670)), (B, Pence(13_666)), (C, Pence(13_665))], "by largest remainder");
    assert_eq!(empty.what, SlotNight::Void { cause: VoidCause::NoNomination, request: None });
}

#[test]
fn rule_6_2_the_cause_of_an_empty_night_says_who_pays() {
    let (terms, shares) = (terms(1, 1, 100, date(2022, 4, 1)), thirds());
    let told = |cause, request| {
        let mut facts = facts(&terms, &shares);
        facts.causes = vec![CauseFact { slot: None, nights: month_of(FROM), cause, request }];
        let row = of(&ledger(&facts, month_of(FROM)), FROM, 1);
        (row.payer(), row.due, row.credited)
    };
    let (all, none) = (Pence(41_001), Pence::ZERO);
    for cause in [VoidCause::NoNomination, VoidCause::Unsuitable, VoidCause::RefusedWithin] {
        assert_eq!(told(cause, None), (Payer::Shares, all, none), "{cause:?}");
    }
    for cause in [VoidCause::RefusedBeyond, VoidCause::Suspended, VoidCause::NotRegistered, VoidCause::ResidentNeeds] {
        assert_eq!(told(cause, None), (Payer::Provider, none, all), "{cause:?}");
    }
    assert_eq!(told(VoidCause::ResidentNeeds, Some(B)), (Payer::Authority(B), all, none), "at whose request");
    assert_eq!(told(VoidCause::Unstaffed, None).2, Pence(32_801), "this contract credits 80%");
}

#[test]
fn rule_6_2_a_refusal_beyond_the_limit_is_the_providers_until_the_next_nomination() {
    let (terms, shares) = (terms(1, 1, 100, date(2022, 4, 1)), thirds());
    let mut facts = facts(&terms, &shares);
    let made =
        |from: Date, until: Option<Date>, outcome| NominationFact { slot: 1, from, until, authority: A, outcome };
    facts.nominations = vec![
        made(date(2021, 4, 2), Some(date(2021, 4, 4)), NominationOutcome::Fell(VoidCause::RefusedWithin)),
        made(date(2021, 4, 6), Some(date(2021, 4, 7)), NominationOutcome::Fell(VoidCause::RefusedBeyond)),
        made(date(2021, 4, 10), None, NominationOutcome::Awaited),
    ];
    let rows = ledger(&facts, nights(FROM, date(2021, 4, 12)));
    let codes: Vec<&str> = rows.iter().map(|row| row.what.code()).collect();
    let (no, nominated, within, beyond) =
        ("no_nomination", "nominated", "refused_within_limit", "refused_beyond_limit");
    assert_eq!(
        codes,
        [no, nominated, nominated, within, within, nominated, beyond, beyond, beyond, nominated, nominated]
    );
    assert_eq!(of(&rows, date(2021, 4, 8), 1).payer(), Payer::Provider);
    facts.stays = vec![stay(1, date(2021, 4, 7), date(2021, 4, 9), A, false)];
    facts.nominations.truncate(2);
    let rows = ledger(&facts, nights(FROM, date(2021, 4, 12)));
    assert_eq!(of(&rows, date(2021, 4, 9), 1).what.code(), no, "a child has lived there since");
}

#[test]
fn rule_6_2_the_first_empty_nights_of_a_month_are_below_the_guarantee() {
    let (terms, shares) = (terms(3, 2, 60, date(2022, 4, 1)), thirds());
    let rows = ledger(&facts(&terms, &shares), month_of(FROM));
    // 2 beds × 30 nights × 60% = 36 nights guaranteed; the third bed is not guaranteed at all.
    let sums = totals(&rows);
    assert_eq!((sums.nights, sums.paid_empty, sums.due), (90, 36, Pence(41_001 * 36)));
    assert!(rows.iter().take(36).all(|row| row.due == Pence::ZERO), "12 nights of 2 beds cost nobody");
    let mut used = facts(&terms, &shares);
    used.stays = vec![stay(3, FROM, date(2021, 5, 1), A, false)];
    let sums = totals(&ledger(&used, month_of(FROM)));
    assert_eq!((sums.used, sums.paid_empty), (30, 6), "a used bed counts towards the guarantee, whichever it is");
}

#[test]
fn rule_6_2_a_resold_night_is_paid_by_its_buyer_and_its_income_goes_by_shares() {
    let (terms, shares) = (terms(1, 1, 100, date(2022, 4, 1)), thirds());
    let mut facts = facts(&terms, &shares);
    let sold = nights(date(2021, 4, 5), date(2021, 4, 8));
    facts.resales = vec![ResaleFact { slot: 1, nights: sold, buyer: BUYER, night: Pence(45_008) }];
    let row = of(&ledger(&facts, month_of(FROM)), date(2021, 4, 5), 1);
    // £40.07 above the empty price, half of it to the authorities: £20.04 half to even from £20.035.
    assert_eq!((row.sold_for, row.due, row.payer()), (Pence(45_008), Pence(45_008 - 2_004), Payer::Authority(BUYER)));
    let income: Pence = shares.iter().map(|share| row.part_of(share.authority)).sum();
    assert_eq!((income, row.part_of(BUYER)), (Pence(-2_004), Pence(45_008)));
    assert_eq!(row.parts.iter().map(|(_, part)| *part).sum::<Pence>(), row.due);
}

#[test]
fn rule_6_2_a_correction_after_the_month_was_settled_is_an_adjustment_of_the_next() {
    let (terms, shares) = (terms(1, 1, 100, date(2022, 4, 1)), thirds());
    let mut facts = facts(&terms, &shares);
    let frozen = ledger(&facts, month_of(FROM));
    assert!(adjustments(&frozen, &frozen).is_empty());
    let two = nights(date(2021, 4, 10), date(2021, 4, 12));
    facts.causes = vec![CauseFact { slot: Some(1), nights: two, cause: VoidCause::Suspended, request: None }];
    let changed = adjustments(&frozen, &ledger(&facts, month_of(FROM)));
    assert_eq!(changed.len(), 2);
    assert_eq!(changed[0].due(), Pence(-41_001));
    assert_eq!(changed[0].parts().iter().map(|(_, part)| *part).sum::<Pence>(), Pence(-41_001));
    let posted: Vec<NightRow> = frozen.iter().cloned().chain(changed.into_iter().map(|one| one.now)).collect();
    assert!(adjustments(&posted, &ledger(&facts, month_of(FROM))).is_empty(), "posted once");
}

#[test]
fn rule_6_2_what_a_ledger_holds_of_a_block_is_its_part_of_every_night_to_the_penny() {
    let (terms, shares) = (terms(3, 2, 60, date(2023, 4, 1)), thirds());
    let mut facts = facts(&terms, &shares);
    facts.stays = vec![stay(2, date(2021, 6, 5), date(2022, 1, 9), B, false)];
    let rows = ledger(&facts, facts.span);
    for share in &shares {
        let amounts = borne_by(&rows, share.authority);
        let held = share_commitment((BlockId(7), "MB-007"), &amounts, facts.span, 90);
        let by_year: Pence =
            commitment_by_year(&held.lines, (held.start, held.planned_end), held.route, &Reading::default(), Date::MAX)
                .into_iter()
                .map(|(_, pence)| pence)
                .sum();
        let owed: Pence = rows.iter().filter(|row| !row.what.slept_in()).map(|row| row.part_of(share.authority)).sum();
        assert_eq!(by_year, owed);
        assert_eq!(amounts_of_lines(&held.lines, (held.start, held.planned_end)), amounts, "and back again");
    }
}

/// A generator with a fixed seed: the same ten years every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// From when other authorities pay other shares, and from when one bed fewer is guaranteed: in the middle of months.
const ANEW: Date = date(2026, 2, 11);
const FEWER: Date = date(2028, 7, 16);

/// A nomination that falls by some cause, and mostly a second one whose child comes.
fn named(facts: &mut Facts<'_>, slot: u8, (day, begins): (Date, Date), chance: &mut Chance) {
    let cause = [VoidCause::RefusedWithin, VoidCause::RefusedBeyond, VoidCause::Unsuitable, VoidCause::Unstaffed]
        [usize::try_from(chance.below(4)).unwrap()];
    let (from, fell) = (plus_days(day, 1), plus_days(day, 3));
    let first = NominationFact { slot, from, until: Some(fell), authority: A, outcome: NominationOutcome::Fell(cause) };
    facts.nominations.push(first);
    if chance.below(3) > 0 {
        let outcome = NominationOutcome::Gone;
        let second = NominationFact { from: plus_days(day, 6), until: Some(begins), authority: B, outcome, ..first };
        facts.nominations.push(second);
    }
}

/// Ten years of four beds, made up: stays one after another, with re-sales, nominations and causes in the gaps between some.
fn ten_years<'a>(terms: &'a [DatedTerms], shares: &'a [BlockShare], chance: &mut Chance) -> Facts<'a> {
    let mut facts = facts(terms, shares);
    let causes = VoidCause::ALL;
    for slot in 1..=4 {
        let mut day = FROM;
        while day < facts.span.to() {
            let gap = i64::try_from(chance.below(70)).unwrap();
            let begins = plus_days(day, gap);
            if gap > 12 && chance.below(3) == 0 {
                let sold = nights(plus_days(day, 4), plus_days(day, gap - 2));
                let night = Pence(41_001 + i64::try_from(chance.below(9_000)).unwrap());
                facts.resales.push(ResaleFact { slot, nights: sold, buyer: BUYER, night });
            } else if gap > 12 && chance.below(2) == 0 {
                named(&mut facts, slot, (day, begins), chance);
            } else if gap > 3 {
                let cause = causes[usize::try_from(chance.below(8)).unwrap()];
                let request = (cause == VoidCause::ResidentNeeds && chance.below(2) == 0).then_some(C);
                let blocked = nights(plus_days(day, 1), begins);
                facts.causes.push(CauseFact { slot: Some(slot), nights: blocked, cause, request });
            }
            let ends = plus_days(begins, 5 + i64::try_from(chance.below(400)).unwrap());
            let authority = [A, B, C][usize::try_from(chance.below(3)).unwrap()];
            facts.stays.push(stay(slot, begins, ends, authority, chance.below(4) == 0));
            day = ends;
        }
    }
    facts
}

/// What stands on one day of a bed.
#[derive(Clone)]
enum Sheet {
    Nobody,
    Named,
    Child(OrganisationId, bool),
    Sold(i64),
    Because(VoidCause, Option<OrganisationId>),
}

impl Sheet {
    fn is_the_providers(&self) -> bool {
        match self {
            Self::Because(VoidCause::ResidentNeeds, request) => request.is_none(),
            Self::Because(cause, _) => {
                ["refused_beyond_limit", "unstaffed", "suspended", "not_registered"].contains(&cause.code())
            }
            _ => false,
        }
    }
}

/// Pence by ten-thousandths, what is left over to the largest rests.
fn share_out(pence: i64, sign: i64, weights: &[(OrganisationId, i64)], owes: &mut BTreeMap<OrganisationId, i64>) {
    let mut left = pence;
    let mut rests: Vec<(i64, usize)> = Vec::new();
    for (at, (who, weight)) in weights.iter().enumerate() {
        *owes.entry(*who).or_default() += sign * (pence * weight / 10_000);
        left -= pence * weight / 10_000;
        rests.push((-(pence * weight % 10_000), at));
    }
    rests.sort_unstable();
    for (_, at) in rests.into_iter().take(usize::try_from(left).unwrap()) {
        *owes.entry(weights[at].0).or_default() += sign;
    }
}

/// The evening on which the next child of the contract comes to a bed, from a day on.
fn next_child(facts: &Facts<'_>, slot: u8, day: Date) -> Date {
    let comes = facts.stays.iter().filter(|stay| stay.slot == slot && stay.nights.from() >= day);
    comes.map(|stay| stay.nights.from()).min().unwrap_or(facts.span.to())
}

/// Who pays which ten-thousandths on a day, and how many beds are guaranteed, as it was made up.
fn made_up(date: Date) -> (Vec<(OrganisationId, i64)>, usize) {
    let weights = if date < ANEW { vec![(B, 6_001), (A, 3_999)] } else { vec![(A, 5_000), (B, 3_333), (C, 1_667)] };
    (weights, if date < FEWER { 3 } else { 2 })
}

/// How many empty nights are below the guarantee again: from the first of a month, and from another guarantee on.
fn begun_anew(date: Date, guaranteed: usize, percent: i64) -> Option<i64> {
    let cut = (date.year(), date.month()) == (FEWER.year(), FEWER.month()) && date < FEWER;
    let last = if cut { FEWER.day() - 1 } else { date.days_in_month() };
    let whole = i64::try_from(guaranteed).unwrap() * i64::from(last - date.day() + 1);
    (date.day() == 1 || date == FEWER).then_some(whole - whole * percent / 100)
}

/// What each organisation owes, told anew: a sheet of days for each bed, filled from the weakest to the strongest, then
/// walked month by month. Fractions of a share are compared as whole numbers of ten-thousandths of a penny.
fn model(facts: &Facts<'_>, percent: i64) -> BTreeMap<OrganisationId, i64> {
    let days = usize::try_from(days_between(facts.span.from(), facts.span.to())).unwrap();
    let place = |day: Date| usize::try_from(days_between(facts.span.from(), day).max(0)).unwrap().min(days);
    let mut beds = vec![vec![Sheet::Nobody; days]; 4];
    let mut write = |slot: u8, over: Nights, what: Sheet| {
        beds[usize::from(slot) - 1][place(over.from())..place(over.to())].fill(what);
    };
    for fact in &facts.nominations {
        let until = fact.until.unwrap();
        write(fact.slot, nights(fact.from, until), Sheet::Named);
        if let NominationOutcome::Fell(cause) = fact.outcome {
            let comes = next_child(facts, fact.slot, until);
            write(fact.slot, nights(until, comes), Sheet::Because(cause, None));
        }
    }
    for fact in &facts.causes {
        write(fact.slot.unwrap(), fact.nights, Sheet::Because(fact.cause, fact.request));
    }
    for fact in &facts.resales {
        write(fact.slot, fact.nights, Sheet::Sold(fact.night.0));
    }
    for fact in &facts.stays {
        write(fact.slot, fact.nights, Sheet::Child(fact.authority, fact.second));
    }
    let mut owes: BTreeMap<OrganisationId, i64> = BTreeMap::new();
    let mut below = 0;
    for day in 0..days {
        let date = plus_days(facts.span.from(), i64::try_from(day).unwrap());
        let (weights, guaranteed) = made_up(date);
        below = begun_anew(date, guaranteed, percent).unwrap_or(below);
        let slept = beds.iter().filter(|bed| matches!(bed[day], Sheet::Child(..) | Sheet::Sold(_))).count();
        let mut open = guaranteed.saturating_sub(slept);
        for bed in &beds {
            match &bed[day] {
                Sheet::Child(who, second) => *owes.entry(*who).or_default() += if *second { 39_999 } else { 48_571 },
                Sheet::Sold(price) => {
                    *owes.entry(BUYER).or_default() += price;
                    let above = price - 41_001;
                    let half = above / 2 + i64::from(above % 4 == 3);
                    share_out(half, -1, &weights, &mut owes);
                }
                Sheet::Nobody | Sheet::Named | Sheet::Because(..) => {}
            }
        }
        let empty: Vec<&Sheet> = beds
            .iter()
            .map(|bed| &bed[day])
            .filter(|sheet| matches!(sheet, Sheet::Nobody | Sheet::Named | Sheet::Because(..)))
            .collect();
        let ready = empty.iter().filter(|sheet| !sheet.is_the_providers()).count().min(open);
        for sheet in empty.iter().filter(|sheet| !sheet.is_the_providers()).take(ready) {
            match sheet {
                Sheet::Because(VoidCause::ResidentNeeds, Some(who)) => *owes.entry(*who).or_default() += 41_001,
                _ if below > 0 => below -= 1,
                _ => share_out(41_001, 1, &weights, &mut owes),
            }
        }
        open -= ready;
        for sheet in empty.iter().filter(|sheet| sheet.is_the_providers()).take(open) {
            if matches!(sheet, Sheet::Because(VoidCause::Unstaffed, _)) {
                share_out(41_001 - 32_801, 1, &weights, &mut owes);
            }
        }
    }
    owes
}

#[test]
fn rule_6_2_every_pence_of_a_block_over_ten_years_is_what_an_independent_model_says() {
    let shares = [(A, 5_000), (B, 3_333), (C, 1_667)].map(|(authority, weight)| BlockShare { authority, weight });
    let first = [(B, 6_001), (A, 3_999)].map(|(authority, weight)| BlockShare { authority, weight }).to_vec();
    let earlier = [EarlierShares { until: ANEW, shares: first }];
    let mut terms = terms(4, 3, 85, date(2031, 4, 1));
    let mut fewer = DatedTerms { from: FEWER, ..terms[0].clone() };
    fewer.terms.spec.guaranteed_beds = 2;
    terms.push(fewer);
    for seed in 1..=6 {
        let facts = Facts { earlier: &earlier, ..ten_years(&terms, &shares, &mut Chance(seed)) };
        assert!(facts.nominations.len() > 10 && facts.resales.len() > 3 && facts.causes.len() > 10, "all of it occurs");
        let rows = ledger(&facts, facts.span);
        assert_eq!(i64::try_from(rows.len()).unwrap(), 4 * facts.span.count());
        for row in &rows {
            assert_eq!(
                row.parts.iter().map(|(_, part)| *part).sum::<Pence>(),
                row.due,
                "nothing is left over: {row:?}"
            );
        }
        let told: BTreeMap<OrganisationId, i64> =
            totals(&rows).by_authority.into_iter().map(|(who, total)| (who, total.owes().0)).collect();
        assert_eq!(told, model(&facts, 85), "seed {seed}");
        let by_month: Vec<NightRow> = months_of(facts.span).flat_map(|month| ledger(&facts, month_of(month))).collect();
        assert_eq!(by_month, rows, "a month told alone is the month told among all");
        for part in [1, 5, 17] {
            let from = plus_days(FROM, part * 40 + part);
            let some = nights(from, plus_days(from, 23));
            let whole: Vec<NightRow> = rows.iter().filter(|row| some.contains(row.night)).cloned().collect();
            assert_eq!(ledger(&facts, some), whole);
        }
    }
}

#[test]
fn rule_6_2_nights_before_and_after_shares_were_agreed_anew_are_each_paid_whole() {
    let terms = terms(1, 1, 100, date(2022, 4, 1));
    let (before, after) = (thirds(), vec![BlockShare { authority: A, weight: 10_000 }]);
    let until = plus_days(FROM, 10);
    let earlier = [EarlierShares { until, shares: before }];
    let facts = Facts { earlier: &earlier, ..facts(&terms, &after) };
    let rows = ledger(&facts, month_of(FROM));
    assert!(rows.iter().all(|row| row.parts.iter().map(|(_, pence)| *pence).sum::<Pence>() == row.due));
    assert_eq!(of(&rows, plus_days(FROM, 9), 1).parts.len(), 3);
    assert_eq!(of(&rows, until, 1).parts, [(A, of(&rows, until, 1).due)]);
}

//! C-09: an authority leaves, the others share anew by a variation that each approves; and both signatures (rule 6).

use super::*;
use crate::buying::block::month::MonthSide;
use crate::change::Change;
use crate::placing::agreement::Signature;

fn reshare(from: Date, weights: &[u32]) -> BlockChange {
    BlockChange::Reshare { from, shares: shares(weights) }
}

fn proposed_on(today: Date, change: BlockChange) -> Result<Change<Block>, crate::outcome::Refusal> {
    live().propose_change(change, ("It leaves".into(), WHO), 0, moment(today))
}

#[test]
fn rule_6_2_shares_agreed_anew_hold_from_their_night_and_every_night_is_paid_whole() {
    let (today, from) = (date(2021, 11, 2), date(2022, 2, 1));
    let only_shr = BlockChange::Reshare { from, shares: vec![BlockShare { authority: SHR, weight: 10_000 }] };
    let pending = proposed_on(today, only_shr).unwrap().next().clone();
    assert_eq!(pending.deciders(), [HEF, SHR], "the one that leaves and the one that pays on");
    assert_eq!((pending.raises(HEF), pending.raises(SHR)), (false, true));
    let change = pending.pending.clone().unwrap().change;
    let night = pending.latest_terms().unwrap().guaranteed_night();
    let sum = |block: &Block, day: Date| -> Pence {
        let held = |authority| block.commitment_of(authority).into_iter().flat_map(|held| held.lines);
        let on = |line: &ValueLine| line.from <= day && line.ends.is_none_or(|end| day < end);
        [HEF, SHR].into_iter().flat_map(held).filter(on).map(|line| Pence(line.weekly.0 / 7)).sum()
    };
    assert_eq!(code(pending.clone().apply_change(&[SHR], 0, moment(today))), "approval_missing");
    assert_eq!(code(pending.clone().apply_change(&[HEF, SHR], 0, moment(today))), "provider_not_agreed");
    let agreed = pending.clone().agree_change(moment(today)).unwrap().next().clone();
    let shared = agreed.apply_change(&[HEF, SHR], 0, moment(today)).unwrap().next().clone();
    assert_eq!(shared.commitment_of(SHR), pending.commitment_with(SHR, &change), "as it was approved");
    for (day, hef) in [(date(2022, 1, 31), true), (from, false), (date(2022, 9, 30), false)] {
        assert_eq!(sum(&shared, day), night, "{day}");
        assert_eq!(shared.pays_on(HEF, day), hef, "{day}");
    }
    assert_eq!(shared.share_of(HEF).unwrap().weight, 6_000, "what it paid is still known");
    assert_eq!(shared.parties(), [SHR, HEF]);
    assert_eq!(shared.whole_value_of(SHR), Some(shared.latest_terms().unwrap().whole_value()));
}

#[test]
fn a_share_is_agreed_anew_only_ahead_whole_and_otherwise_than_it_is() {
    let today = date(2021, 11, 2);
    for (change, why) in [
        (reshare(today, &[4_000, 6_000]), "reshare_not_ahead"),
        (reshare(date(2021, 9, 1), &[4_000, 6_000]), "reshare_not_ahead"),
        (reshare(date(2022, 10, 1), &[4_000, 6_000]), "reshare_not_ahead"),
        (reshare(date(2022, 2, 1), &[4_000, 5_999]), "shares_not_whole"),
        (reshare(date(2022, 2, 1), &[6_000, 4_000]), "shares_as_they_are"),
    ] {
        assert_eq!(code(proposed_on(today, change)), why);
    }
    let mut before = live();
    before.earlier = vec![EarlierShares { until: date(2022, 3, 1), shares: shares(&[5_000, 5_000]) }];
    let earlier =
        before.propose_change(reshare(date(2022, 2, 1), &[4_000, 6_000]), ("r".into(), WHO), 0, moment(today));
    assert_eq!(code(earlier), "reshare_not_ahead", "later than the last time");
}

fn signature(content: &str) -> Signature {
    let at = date(2021, 9, 2).at(9, 0, 0, 0);
    Signature { person: WHO, name: "Jo Marsh".into(), role: "Manager".into(), at, content: content.into() }
}

#[test]
fn both_signatures_are_bound_to_one_text_and_a_variation_is_signed_anew() {
    let block = live();
    let sign = |block: &Block, side, content: &str, before: &[BlockSignature]| {
        BlockSignature::sign(1, block, side, signature(content), before).map(|change| change.next().clone())
    };
    assert_eq!(code(sign(&recommended(), MonthSide::Provider, "a", &[])), "not_to_sign");
    assert_eq!(code(must_be_signed(&block, &[])), "block_unsigned");
    let theirs = sign(&block, MonthSide::Provider, "a", &[]).unwrap();
    assert_eq!((theirs.organisation, theirs.provider), (PROVIDER, PROVIDER));
    let one = [theirs.clone()];
    assert_eq!(code(sign(&block, MonthSide::Provider, "a", &one)), "block_signed_once");
    assert!(must_be_signed(&block, &one).unwrap_err().value.contains("lead"));
    let other = [theirs.clone(), sign(&block, MonthSide::Lead, "b", &one).unwrap()];
    assert_eq!(code(must_be_signed(&block, &other)), "block_unsigned", "two texts are no contract");
    let both = [theirs.clone(), sign(&block, MonthSide::Lead, "a", &one).unwrap()];
    assert!(must_be_signed(&block, &both).is_ok() && SignedSides::of(&both, "a").both());
    assert!(!SignedSides::of(&both, "b").both(), "a variation is signed anew");
    let mut noticed = block.clone();
    noticed.contract.as_mut().unwrap().until = date(2022, 4, 1);
    assert_eq!(noticed.content(), block.content(), "a break changes no text");
}

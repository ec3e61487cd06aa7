//! Rules 4.1, 5.7, 6.1 and 6.2 in sentences, for the contract of a mini-block.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod sharing;

use jiff::civil::{Date, date};

use super::*;
use crate::authority::AreaCode;
use crate::clock::Moment;
use crate::homes::home::{Ages, Grade, RegisteredSex, Sex};
use crate::id::{BedId, DecisionId, HomeId};
use crate::placing::approval::KeyDecisionLine;
use crate::placing::invitation::{Trace, TraceLine, Verdict};
use crate::power::annual_value::{Bucket, Reading};
use crate::power::decision::{Decision, DecisionPage, DecisionState, InExtension, Publication, WithoutCallIn};

const LEAD: OrganisationId = OrganisationId(1);
const HEF: OrganisationId = OrganisationId(2);
const SHR: OrganisationId = OrganisationId(3);
const PROVIDER: OrganisationId = OrganisationId(9);
const WHO: PersonId = PersonId(5);

fn moment(day: Date) -> Moment {
    let local = day.at(10, 20, 0, 0);
    let at = local.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    Moment { at, local }
}

fn shares(weights: &[u32]) -> Vec<BlockShare> {
    let authority = |at: usize| OrganisationId(i64::try_from(at).unwrap() + 2);
    weights.iter().enumerate().map(|(at, weight)| BlockShare { authority: authority(at), weight: *weight }).collect()
}

fn spec() -> BlockSpec {
    BlockSpec {
        beds: 2,
        floating: false,
        from: date(2021, 10, 1),
        until: date(2022, 10, 1),
        guaranteed_beds: 2,
        guaranteed_percent: 90,
        nomination_hours: 72,
        refusals: RefusalLimit { permitted: 2, period: RefusalPeriod::Quarter },
        resale_percent: Some(50),
        credit_suspended: 100,
        credit_unstaffed: 100,
        breaks: vec![date(2022, 4, 1)],
        break_notice_days: 90,
        notice_days: Some(182),
        extendable_until: Some(date(2023, 10, 1)),
        void_order: None,
    }
}

fn proposal() -> Proposal {
    Proposal {
        title: "Two beds".to_owned(),
        wants: Wants {
            lot: "planned".to_owned(),
            ages: Ages { from: 8, to: 15 },
            sex: RegisteredSex::Any,
            areas: vec![],
        },
        spec: spec(),
        shares: shares(&[6_000, 4_000]),
    }
}

fn proposed() -> Block {
    let made = Block::propose((BlockId(7), "MB-012".to_owned()), (LEAD, ArrangementId(1)), proposal()).unwrap();
    made.next().clone()
}

fn offer(occupied: i64, empty: i64) -> BidOffer {
    let bed = |bed| BlockBed { home: HomeId(1), bed: BedId(bed) };
    BidOffer {
        beds: BlockBeds::Fixed { beds: vec![bed(1), bed(2)] },
        prices: BlockPrices { occupied: Pence(occupied), empty: Pence(empty), second_child: None },
        answers: vec!["We do.".to_owned()],
        conflicts: "None".to_owned(),
    }
}

fn competition() -> Competition {
    Competition {
        quality: vec![Criterion { title: "Care".to_owned(), weight: 60 }],
        price_weight: 40,
        occupancy: 80,
        released: date(2021, 8, 1).at(9, 0, 0, 0),
        deadline: date(2021, 8, 20).at(12, 0, 0, 0),
    }
}

fn bid(id: i64, occupied: i64) -> BlockBid {
    let asked = BlockBid::ask(BlockBidId(id), &proposed(), &competition(), (PROVIDER, vec![HomeId(1)])).next().clone();
    asked.send(offer(occupied, occupied * 8 / 10), WHO, moment(date(2021, 8, 10))).unwrap().next().clone()
}

fn file(bids: &[BlockBid], marks: &[Marks]) -> BlockFile {
    let case = BusinessCase {
        reasons: "r".into(),
        alternatives: "a".into(),
        conflicts: "None".into(),
        by: WHO,
        on: date(2021, 7, 1),
    };
    let open = BlockFile::open(&proposed()).next().clone();
    let written = open.write_case(case).unwrap().next().clone();
    let released = written.release(competition()).unwrap().next().clone();
    released.evaluate(bids, marks, WHO, moment(date(2021, 8, 23))).unwrap().next().clone()
}

fn marks(bid: i64, score: u8) -> Marks {
    Marks { bid: BlockBidId(bid), quality: vec![score], reasons: "As the answers show.".into() }
}

fn recommended() -> Block {
    let bids = [bid(1, 50_000)];
    let file = file(&bids, &[marks(1, 4)]);
    let block = proposed();
    let released = block.compete(&[HEF, SHR], 1, competition().deadline, moment(date(2021, 8, 1))).unwrap();
    released.next().clone().recommend(&file, &bids, WHO, moment(date(2021, 8, 23))).unwrap().next().clone()
}

fn live() -> Block {
    recommended().go_live(&[HEF, SHR], moment(date(2021, 9, 1))).unwrap().next().clone()
}

fn code<T: std::fmt::Debug>(result: Result<T, crate::outcome::Refusal>) -> String {
    result.unwrap_err().code
}

#[test]
fn shares_that_do_not_sum_to_the_whole_are_refused() {
    for wrong in [&[6_000, 3_999][..], &[6_000, 4_001], &[10_000, 0], &[]] {
        let made = Proposal { shares: shares(wrong), ..proposal() };
        assert!(made.check().is_err(), "{wrong:?}");
    }
    let twice = vec![BlockShare { authority: HEF, weight: 5_000 }; 2];
    assert!(check_shares(&twice).is_err());
    assert!(check_shares(&shares(&[3_334, 3_333, 3_333])).is_ok());
    let one = split(Pence(100), &shares(&[3_334, 3_333, 3_333]));
    assert_eq!(one.iter().map(|(_, part)| *part).sum::<Pence>(), Pence(100), "every night's pence, nothing left over");
}

#[test]
fn a_break_before_the_start_or_after_the_end_is_refused() {
    for wrong in [date(2021, 9, 1), date(2021, 10, 1), date(2022, 10, 1)] {
        let made = Proposal { spec: BlockSpec { breaks: vec![wrong], ..spec() }, ..proposal() };
        let errors = made.check().unwrap_err();
        assert_eq!(errors.errors[0].field, "breaks", "{wrong}");
    }
    let unordered = BlockSpec { breaks: vec![date(2022, 4, 1), date(2022, 2, 1)], ..spec() };
    assert!(Proposal { spec: unordered, ..proposal() }.check().is_err());
    assert!(proposal().check().is_ok());
}

#[test]
fn rule_6_1_a_seven_bed_award_is_refused_under_limb_b_alone() {
    let most = MostBeds(MOST_BEDS_DEFAULT);
    let line = KeyDecisionLine { from: Pence::pounds(500_000), clause: "Constitution 3.3.2".into() };
    assert_eq!(beyond_ordinary(6, most, Pence::pounds(499_999), Some(&line)), None);
    let seven = beyond_ordinary(7, most, Pence::pounds(10), Some(&line));
    assert_eq!(code(key_test(seven.as_deref(), "MB-012", &[], None, date(2021, 9, 13))), "needs_key_decision");
    let at_line = beyond_ordinary(2, most, Pence::pounds(500_000), Some(&line));
    assert_eq!(code(key_test(at_line.as_deref(), "MB-012", &[], None, date(2021, 9, 13))), "needs_key_decision");
    assert_eq!(key_test(None, "MB-012", &[], None, date(2021, 9, 13)), Ok(None));
}

#[test]
fn rule_6_1_a_dearer_second_child_counts_for_every_bed_that_can_have_one() {
    let whole = |beds: BlockBeds, second: Option<i64>| {
        let prices = BlockPrices { occupied: Pence(50_000), empty: Pence(40_000), second_child: second.map(Pence) };
        BlockTerms { spec: spec(), beds, prices }.whole_value()
    };
    let fixed = |homes: &[i64]| {
        let bed = |(bed, home): (i64, &i64)| BlockBed { home: HomeId(*home), bed: BedId(bed) };
        BlockBeds::Fixed { beds: (1..).zip(homes).map(bed).collect() }
    };
    let floating = |count| BlockBeds::Floating { count, homes: vec![HomeId(1), HomeId(2)] };
    let night = |whole: Pence| whole.0 / 365;
    assert_eq!(night(whole(fixed(&[1, 1]), None)), 100_000);
    assert_eq!(night(whole(fixed(&[1, 1]), Some(45_000))), 100_000, "a cheaper one does not lower it");
    assert_eq!(night(whole(fixed(&[1, 1]), Some(70_000))), 140_000, "the second stays when the first leaves");
    assert_eq!(night(whole(fixed(&[1, 2]), Some(70_000))), 100_000, "one bed in a home has no second child");
    assert_eq!(night(whole(fixed(&[2, 1, 2]), Some(70_000))), 190_000);
    assert_eq!(night(whole(floating(2), Some(70_000))), 140_000, "both may be in one home");
    assert_eq!(night(whole(floating(1), Some(70_000))), 50_000);
    let line = KeyDecisionLine { from: Pence::pounds(500_000), clause: "Constitution 3.3.2".into() };
    let beyond = |second| beyond_ordinary(2, MostBeds(MOST_BEDS_DEFAULT), whole(fixed(&[1, 1]), second), Some(&line));
    assert_eq!(beyond(None), None, "£365,000");
    assert!(beyond(Some(70_000)).is_some(), "£511,000");
}

fn decision(key: bool, title: &str) -> Decision {
    let decided = date(2021, 8, 2);
    let page = DecisionPage {
        title: title.to_owned(),
        key_decision: Some(key),
        in_extension: InExtension::default(),
        ..DecisionPage::default()
    };
    let draft = Decision::record(DecisionId(4), HEF, "HEF-2021-0802".into(), None, page).next().clone();
    let publication = Publication {
        decided_on: decided,
        published_on: decided,
        window: None,
        working_days: 4,
        without: Some(WithoutCallIn::Exempt),
        recorded_effective: None,
        recorded_reason: None,
        notice: None,
    };
    Decision { state: DecisionState::Published { publication }, ..draft }
}

#[test]
fn rule_6_1_a_key_decision_in_force_that_names_the_block_carries_it_and_no_other_does() {
    let day = date(2021, 9, 13);
    let test = |decisions: &[Decision]| key_test(Some("7 beds"), "MB-012", decisions, None, day);
    assert!(matches!(test(&[decision(true, "Award of mini-block MB-012")]), Ok(Some(KeyGround::KeyDecision { .. }))));
    assert!(test(&[decision(true, "Award of mini-block MB-0123")]).is_err(), "another block's number");
    assert!(test(&[decision(false, "Award of mini-block MB-012")]).is_err(), "not a key decision");
    assert!(test(&[decision(true, "Something else")]).is_err());
    let early = key_test(Some("7 beds"), "MB-012", &[decision(true, "MB-012")], None, date(2021, 8, 1));
    assert_eq!(code(early), "needs_key_decision", "not before it is in force");
}

#[test]
fn rule_5_7_every_bid_keeps_reasons_and_the_price_alone_does_not_decide() {
    let (cheap, good) = (bid(1, 45_000), bid(2, 50_000));
    let scored = file(&[cheap.clone(), good.clone()], &[marks(1, 1), marks(2, 5)]);
    let best = scored.best().unwrap();
    assert_eq!(best.bid, BlockBidId(2));
    assert_eq!((best.quality_points, best.price_points), (6_000, 3_600));
    let open = BlockFile::open(&proposed()).next().clone();
    assert_eq!(code(open.clone().release(competition())), "no_business_case");
    let released = BlockFile { competition: Some(competition()), ..open };
    let without = Marks { reasons: "  ".into(), ..marks(2, 5) };
    let after = moment(date(2021, 8, 23));
    assert!(released.clone().evaluate(&[cheap.clone(), good.clone()], &[marks(1, 1), without], WHO, after).is_err());
    assert!(released.clone().evaluate(&[cheap.clone(), good.clone()], &[marks(1, 1)], WHO, after).is_err());
    let before = moment(date(2021, 8, 19));
    let sealed = released.evaluate(&[cheap.clone(), good], &[marks(1, 1), marks(2, 5)], WHO, before).unwrap_err();
    assert!(matches!(sealed, EvaluationRefusal::Refused(refusal) if refusal.code == "prices_sealed"));
    assert_eq!(code(cheap.send(offer(1, 1), WHO, moment(date(2021, 8, 21)))), "bids_closed");
    assert!(Competition::check(&[], 100, 80).is_err(), "no ranking by price alone");
}

#[test]
fn rule_6_1_a_block_is_live_when_all_have_approved_and_not_before() {
    let block = recommended();
    assert_eq!(code(block.clone().go_live(&[HEF], moment(date(2021, 9, 1)))), "approval_missing");
    assert!(block.clone().go_live(&[SHR, HEF], moment(date(2021, 9, 1))).is_ok());
    assert!(block.clone().go_live(&[SHR, HEF], moment(date(2022, 9, 30))).is_ok(), "a night is left");
    assert_eq!(code(block.clone().go_live(&[SHR, HEF], moment(date(2022, 10, 1)))), "block_state");
    let mut dearer = block.clone();
    dearer.contract.as_mut().unwrap().terms[0].terms.prices.empty = Pence(1);
    assert_ne!(dearer.facts(), block.facts(), "an approval rests on the prices");
}

#[test]
fn rule_3_1_each_share_commits_its_part_of_the_guarantee_by_contract_year() {
    let block = live();
    // Two beds at £400 empty, 90% guaranteed: £720 a night, £432 and £288.
    let held = |org| block.commitment_of(org).unwrap().held(&Reading::default(), date(2022, 12, 14), date(2021, 9, 1));
    let sum = |org| held(org).iter().map(|(_, pence)| *pence).sum::<Pence>();
    assert_eq!(sum(HEF), Pence(43_200 * 365));
    assert_eq!(sum(SHR), Pence(28_800 * 365));
    let first = held(HEF).first().copied().unwrap();
    assert!(matches!(first.0, Bucket::Year(_)));
    assert_eq!(first.1, Pence(43_200 * 75), "1 October to 14 December");
}

#[test]
fn a_break_ends_the_contract_and_releases_its_money_and_needs_notice_in_time() {
    let (block, reason) = (live(), ("Too few nights used".to_owned(), WHO));
    let on = date(2022, 4, 1);
    let late = moment(date(2022, 1, 2));
    let change = BlockChange::Break { on };
    assert_eq!(code(block.clone().propose_change(change.clone(), reason.clone(), 0, late)), "break_notice_over");
    let other = BlockChange::Break { on: date(2022, 5, 1) };
    let day = moment(date(2021, 12, 1));
    assert_eq!(code(block.clone().propose_change(other, reason.clone(), 0, day)), "not_a_break_date");
    let pending = block.propose_change(change, reason, 0, day).unwrap().next().clone();
    assert_eq!(code(pending.clone().apply_change(&[HEF], 0, day)), "approval_missing");
    let left = pending.apply_change(&[HEF, SHR], 0, day).unwrap().next().clone();
    assert!(matches!(left.state, BlockState::NoticeGiven { at_break: true, .. }));
    let held = left.commitment_of(HEF).unwrap().held(&Reading::default(), date(2022, 12, 14), date(2021, 12, 1));
    assert_eq!(held.iter().map(|(_, pence)| *pence).sum::<Pence>(), Pence(43_200 * 182));
    assert!(left.clone().end(date(2022, 3, 31)).is_err());
    assert!(left.end(date(2022, 4, 1)).is_ok());
}

#[test]
fn a_retrospective_reduction_below_what_was_used_is_refused() {
    let (block, reason) = (live(), ("Under-used".to_owned(), WHO));
    let day = moment(date(2022, 1, 10));
    let change = BlockChange::Reduce { from: date(2021, 12, 1), guaranteed_beds: 1 };
    assert_eq!(code(block.clone().propose_change(change.clone(), reason.clone(), 2, day)), "reduction_below_used");
    let pending = block.clone().propose_change(change, reason.clone(), 1, day).unwrap().next().clone();
    assert_eq!(code(pending.clone().apply_change(&[HEF, SHR], 1, day)), "provider_not_agreed");
    let agreed = pending.agree_change(day).unwrap().next().clone();
    assert_eq!(code(agreed.clone().apply_change(&[HEF, SHR], 2, day)), "reduction_below_used");
    let reduced = agreed.apply_change(&[HEF, SHR], 1, day).unwrap().next().clone();
    assert_eq!(reduced.terms_on(date(2021, 11, 30)).unwrap().spec.guaranteed_beds, 2);
    assert_eq!(reduced.terms_on(date(2021, 12, 1)).unwrap().spec.guaranteed_beds, 1);
    let more = BlockChange::Reduce { from: date(2022, 2, 1), guaranteed_beds: 2 };
    assert_eq!(code(block.propose_change(more, reason, 0, day)), "not_a_reduction");
}

#[test]
fn an_extension_lies_within_the_option_and_commits_more() {
    let (block, reason) = (live(), ("Well used".to_owned(), WHO));
    let day = moment(date(2022, 6, 1));
    for wrong in [date(2022, 10, 1), date(2023, 10, 2)] {
        let change = BlockChange::Extend { until: wrong };
        assert_eq!(code(block.clone().propose_change(change, reason.clone(), 0, day)), "extension_outside_option");
    }
    let change = BlockChange::Extend { until: date(2023, 4, 1) };
    let more = block.commitment_with(HEF, &change).unwrap();
    assert_eq!(more.planned_end, date(2023, 4, 1));
    assert_eq!(more.lines.last().unwrap().ends, Some(date(2023, 4, 1)));
    let short = BlockChange::Notice { on: date(2022, 8, 1) };
    assert_eq!(code(block.propose_change(short, reason, 0, day)), "notice_too_short");
}

#[test]
fn the_need_of_a_block_is_counted_by_month_and_met_up_to_its_beds() {
    let (from, until) = (date(2021, 1, 1), date(2021, 4, 1));
    let search = |needed: Date, to: Option<Date>| Search {
        needed,
        placed: to.and_then(|to| Nights::new(needed, to)),
        spot: to.is_some(),
        no_offer: to.is_none(),
        in_reach: true,
    };
    let searches = [
        search(date(2021, 1, 11), Some(date(2021, 2, 1))),
        search(date(2021, 1, 25), None),
        search(date(2020, 12, 31), None),
    ];
    let need = AuthorityNeed::of(BlockId(7), HEF, (from, until), &searches);
    assert_eq!((need.searches, need.unmet, need.spot, need.stay), (2, 1, 1, 21));
    assert_eq!(need.months.iter().map(|month| month.wanted).collect::<Vec<_>>(), [21 + 7, 14, 0]);
    let one = met(std::slice::from_ref(&need), 1);
    assert_eq!((one.offered, one.met, one.wanted), (90, 42, 42));
    let two = met(&[need.clone(), AuthorityNeed { authority: SHR, ..need }], 1);
    assert_eq!((two.met, two.wanted), (31 + 28, 84));
    assert_eq!(one.unmet, UnmetMet { searches: 1, searches_met: 1, nights: 21, nights_met: 21 });
    assert!(proposal().wants.cover(Some("planned"), Some(8), Some(Sex::Female)));
    assert!(!proposal().wants.cover(Some("planned"), Some(16), Some(Sex::Female)));
}

#[test]
fn the_unmet_searches_that_the_beds_had_nights_for_are_those_within_reach_first_and_whole() {
    let (from, until) = (date(2021, 1, 1), date(2021, 3, 1));
    let unmet = |needed: Date, in_reach| Search { needed, placed: None, spot: false, no_offer: true, in_reach };
    let stay = Search {
        needed: from,
        placed: Nights::new(from, date(2021, 1, 29)),
        spot: false,
        no_offer: false,
        in_reach: true,
    };
    let searches = [stay, unmet(from, true), unmet(date(2021, 1, 4), true), unmet(date(2021, 1, 4), false)];
    let need = AuthorityNeed::of(BlockId(7), HEF, (from, until), &searches);
    assert_eq!((need.unmet, need.in_reach, need.stay), (3, 2, 28));
    assert_eq!(need.months.iter().map(|month| (month.wanted, month.unmet)).collect::<Vec<_>>(), [(112, 56), (0, 0)]);
    let one = met(std::slice::from_ref(&need), 1).unmet;
    assert_eq!(one, UnmetMet { searches: 2, searches_met: 1, nights: 56, nights_met: 31 }, "a month has 31 nights");
    assert_eq!(met(std::slice::from_ref(&need), 2).unmet.searches_met, 2);
    assert_eq!(met(&[], 2).unmet, UnmetMet::default());
}

#[test]
fn a_search_reaches_the_beds_where_its_frozen_trace_says_that_a_home_of_their_area_was_near_enough() {
    let line = |criterion: &str, verdict| TraceLine {
        criterion: criterion.to_owned(),
        verdict,
        evidence: String::new(),
        source: String::new(),
        as_of: None,
    };
    let (here, there) = (AreaCode::parse("E06000019").unwrap(), AreaCode::parse("E08000025").unwrap());
    let wants = Wants { areas: vec![here], ..proposal().wants };
    let near = Trace { lines: vec![line("distance", Verdict::Meets), line("bed", Verdict::LeftOut)] };
    let far = Trace { lines: vec![line("distance", Verdict::LeftOut)] };
    assert!(
        wants.reached([(there, &near), (here, &near)]),
        "a full home near enough shows that such a bed was in reach"
    );
    assert!(!wants.reached([(there, &near), (here, &far)]));
    assert!(!wants.reached([]), "it asked nobody there");
    assert!(Wants { areas: vec![], ..wants }.reached([]), "beds that may be anywhere");
}

#[test]
fn a_bid_offers_as_many_beds_as_are_asked_for_of_its_admitted_homes() {
    let asked = BlockBid::ask(BlockBidId(1), &proposed(), &competition(), (PROVIDER, vec![HomeId(1)])).next().clone();
    assert!(asked.check(&offer(50_000, 40_000)).is_ok());
    let elsewhere = BlockBed { home: HomeId(2), bed: BedId(9) };
    let beds = |beds| BidOffer { beds: BlockBeds::Fixed { beds }, ..offer(50_000, 40_000) };
    assert!(asked.check(&beds(vec![elsewhere, elsewhere])).is_err());
    assert!(asked.check(&beds(vec![BlockBed { home: HomeId(1), bed: BedId(1) }])).is_err());
    assert!(asked.check(&offer(40_000, 50_000)).is_err(), "an empty night is not dearer than an occupied one");
    let silent = BidOffer { answers: vec![" ".into()], ..offer(50_000, 40_000) };
    assert!(asked.check(&silent).is_err());
}

#[test]
fn every_move_starts_from_and_ends_in_a_state_of_its_table() {
    let known = ["new", "proposed", "competing", "recommended", "live", "notice_given", "ended", "withdrawn"];
    for step in MOVES {
        assert!(known.contains(&step.from) && known.contains(&step.to), "{step:?}");
    }
    assert_eq!(code(live().withdraw("late", moment(date(2021, 9, 2)))), "block_state");
    assert_eq!(code(proposed().compete(&[HEF], 1, competition().deadline, moment(date(2021, 8, 1)))), "need_not_known");
    assert_eq!(
        code(proposed().compete(&[HEF, SHR], 0, competition().deadline, moment(date(2021, 8, 1)))),
        "nobody_to_ask"
    );
}

#[test]
fn no_bed_is_bought_at_a_home_judged_inadequate_and_any_other_grade_stops_none() {
    for grade in Grade::ALL {
        let refused = grade_gate(*grade, "Elm House").map_err(|refusal| (refusal.code, refusal.value));
        let inadequate = ("block_inadequate".to_owned(), Grade::Inadequate.label().to_owned());
        let says = if *grade == Grade::Inadequate { Err(inadequate) } else { Ok(()) };
        assert_eq!(refused, says, "{}", grade.code());
    }
}

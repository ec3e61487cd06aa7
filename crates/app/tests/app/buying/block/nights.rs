//! The nights of a mini-block through its commands, on both databases: rules 1.2, 3.2 and 6.2.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::buying::block::ProposeChange;
use placewell_app::buying::block::nights::{
    AcceptNomination, AgreeMonth, ConcedeRefusal, DisputeMonth, NominateChild, OfferNights, RecordVoid,
    RefuseNomination, WithdrawNights,
};
use placewell_app::placing::agreement::{CancelAgreement, Decided};
use placewell_app::power::annual_value::{Allowed, commit};
use placewell_app::setting::ChangeSetting;
use placewell_domain::authority::AreaCode;
use placewell_domain::buying::block::month::DisputeReason;
use placewell_domain::buying::block::nights::VoidCause;
use placewell_domain::buying::block::nomination::{RefusalReason, price_for};
use placewell_domain::buying::block::{BlockChange, Proposal};
use placewell_domain::change::Event;
use placewell_domain::id::{AgreementId, HomeId};
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{BuyingRoute, CancelReason, PricePoint, Staffing};
use placewell_domain::placing::child::AgeBand;
use placewell_domain::power::annual_value::{Commitment, ExceptionReason, Route, Share, ValueKind, ValueLine};
use placewell_insight::buying::block::{EvenAt, Middle};
use placewell_testkit::databases::both;

use super::child::{award, officer, referral};
use super::world::{
    HEF, REGION, SHR, World, YEAR, actor, both_made, director, done, lead, proposal, refused, shares, spec,
};

/// Two beds at £400 empty, all guaranteed, 181 nights: £144,800.
const WHOLE: i64 = 2 * 40_000 * 181;
const START: Date = date(2022, 1, 10);
/// 70 nights.
const END: Date = date(2022, 3, 21);

async fn nominate(world: &World, who: &Actor, block: &str, slot: u8, referral: &str) -> Result<i64, Outcome> {
    let command = NominateChild { block: block.to_owned(), slot, referral: referral.to_owned() };
    world.perform(who, &format!("{referral} {slot}"), command).await?;
    let session = world.app.store.read(Some(who.organisation)).await.unwrap();
    let block = session.block_by_reference(block).await.unwrap().id;
    let all = session.nominations_of(block).await.unwrap();
    Ok(all.iter().rev().find(|one| one.reference.to_string() == referral).unwrap().id.0)
}

/// A child of HEF in a bed of the block, with its agreement; what follows is not done yet.
async fn placed(world: &World, block: &str, number: u32, slot: u8) -> String {
    let reference = referral(world, HEF, number, START, END).await;
    let id = nominate(world, &officer(HEF), block, slot, &reference).await.unwrap();
    world.perform(&actor(51), &format!("accept {number}"), AcceptNomination { id, version: 1 }).await.unwrap();
    award(world, HEF, number, i64::from(slot), (START, END)).await
}

async fn cancel(world: &World, agreement: &str) {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let version = session.agreement(HEF, agreement).await.unwrap().version;
    drop(session);
    let command = CancelAgreement {
        reference: agreement.to_owned(),
        version,
        reason: CancelReason::OtherHome,
        decided_by: Decided::SignedIn,
    };
    world.perform(&director(HEF), &format!("cancel {agreement}"), command).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_the_commitment_moves_with_the_child_and_is_counted_once() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        let (hef, shr) = (Pence(WHOLE * 6 / 10), Pence(WHOLE * 4 / 10));
        assert_eq!((world.committed(HEF).await, world.committed(SHR).await), (hef, shr));
        let agreement = placed(&world, &block, 1, 1).await;
        let (used, empty) = (Pence(70 * 50_000), 70 * 40_000);
        assert_eq!(world.committed(HEF).await, hef + used, "first added, in its own transaction");
        assert_eq!(world.committed(SHR).await, shr, "nothing is released yet");
        world.jobs().await;
        assert_eq!(world.committed(HEF).await, hef + used - Pence(empty * 6 / 10));
        assert_eq!(world.committed(SHR).await, shr - Pence(empty * 4 / 10), "then released from the others");
        world.jobs().await;
        assert_eq!(world.committed(SHR).await, shr - Pence(empty * 4 / 10), "once");
        cancel(&world, &agreement).await;
        assert_eq!(
            world.committed(HEF).await,
            hef + used - Pence(empty * 6 / 10),
            "what it releases waits until the others have taken their part"
        );
        world.jobs().await;
        assert_eq!((world.committed(HEF).await, world.committed(SHR).await), (hef, shr));
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_at_no_moment_is_less_committed_than_owed_and_a_naive_move_does_so() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = std::sync::Arc::new(World::opened(&database).await);
        let block = world.live("a", 1).await;
        let over = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let mut watchers = tokio::task::JoinSet::new();
        {
            let (world, over) = (std::sync::Arc::clone(&world), std::sync::Arc::clone(&over));
            watchers.spawn(async move {
                let (mut looks, mut least) = (0, i64::MAX);
                while !over.load(std::sync::atomic::Ordering::SeqCst) {
                    // Whichever way the money moves, it is seen on the way: HEF before and after SHR.
                    let (before, others) = (world.committed(HEF).await, world.committed(SHR).await);
                    let after = world.committed(HEF).await;
                    least = least.min((before.max(after) + others).0);
                    looks += 1;
                }
                (looks, least)
            });
        }
        for number in 1..=4 {
            let agreement = placed(&world, &block, number, 1).await;
            world.jobs().await;
            cancel(&world, &agreement).await;
            world.jobs().await;
        }
        over.store(true, std::sync::atomic::Ordering::SeqCst);
        let (looks, least) = watchers.join_next().await.unwrap().unwrap();
        assert!(looks > 0 && least >= WHOLE, "{looks} looks, at least {least}");
        // The twin releases first and adds then: between the two, less is held than the empty nights cost.
        let mut work = world.work(SHR).await;
        let id = work.block_by_reference(&block).await.unwrap().id;
        let held = work.commitment_of(SHR, AgreementId(id.0)).await.unwrap().unwrap();
        let less = Commitment { lines: held.lines.iter().take(0).copied().collect(), ..held };
        commit(&mut work, &less, Allowed::Nothing).await.unwrap();
        work.record(Event::new("world.naive", "annual_value", 1, 1));
        done(work).await;
        assert!((world.committed(HEF).await + world.committed(SHR).await).0 < WHOLE);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_an_authority_at_its_ceiling_still_bears_its_share_of_empty_nights_as_an_exception() {
    both(async |database| {
        // HEF pays 40% and has room for its child; SHR pays 60%.
        let ceiling = Pence(WHOLE * 4 / 10 + 70 * 50_000);
        let world = World::new(&database, ceiling).await;
        let block = world.recommended("a", proposal(spec(2), shares(4_000)), 1).await;
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("{org}"), &block).await.unwrap();
        }
        world.jobs().await;
        world.sign(&block).await;
        let agreement = placed(&world, &block, 1, 1).await;
        world.jobs().await;
        // SHR awards with what was released, and is at its ceiling.
        let room = ceiling - world.committed(SHR).await;
        assert_eq!(room, Pence(100 * 22_840));
        let mut work = world.work(SHR).await;
        let line = ValueLine {
            kind: ValueKind::Care,
            weekly: Pence(22_840 * 7),
            origin: START,
            from: START,
            ends: Some(plus_days(START, 100)),
            authority: Share::ALL,
        };
        let other = Commitment {
            agreement: AgreementId(999),
            reference: "SHR-A-0999".into(),
            route: Route::Arrangement,
            lines: vec![line],
            start: START,
            planned_end: plus_days(START, 100),
            notice_days: 28,
            goes_on: true,
            moved_on: None,
            charged: placewell_domain::nights::ChargedDays::default(),
        };
        commit(&mut work, &other, Allowed::Nothing).await.unwrap();
        work.record(Event::new("world.full", "annual_value", 3, 1));
        done(work).await;
        assert_eq!(world.committed(SHR).await, ceiling);
        cancel(&world, &agreement).await;
        world.jobs().await;
        let share = Pence(70 * 24_000);
        assert_eq!(world.committed(SHR).await, ceiling + share, "the share is borne all the same");
        let session = world.app.store.read(Some(SHR)).await.unwrap();
        let totals = session.ledger_year(SHR, YEAR).await.unwrap().unwrap().totals;
        assert_eq!(totals.over, share, "shown as an exception");
        let grants = session.over_grants(SHR).await.unwrap();
        assert_eq!(grants.len(), 1);
        assert_eq!((grants[0].reason, grants[0].pence()), (ExceptionReason::VoidShare, share));
        assert!(grants[0].words.contains(&block));
        assert_eq!(world.committed(HEF).await, Pence(WHOLE * 4 / 10));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_refusals_beyond_the_limit_cost_the_provider_and_a_conceded_one_does_not_count() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        world.at(date(2022, 1, 3), 10);
        let mut refused_ids = Vec::new();
        for number in 1..=3 {
            let reference = referral(&world, HEF, number, START, END).await;
            let id = nominate(&world, &officer(HEF), &block, 1, &reference).await.unwrap();
            let command = RefuseNomination { id, version: 1, reason: RefusalReason::Residents };
            assert_eq!(world.app.nominations_to_answer(&actor(51)).await.unwrap().len(), 1);
            world.perform(&actor(51), &format!("refuse {number}"), command).await.unwrap();
            refused_ids.push(id);
        }
        world.jobs().await;
        let state = async || {
            let page = world.app.block_nights(&lead(), &block, "2022-01").await.unwrap();
            let row = page.rows.iter().find(|row| row.night == date(2022, 1, 20) && row.slot == 1).unwrap().clone();
            (row.what.code(), row.due, page.refusals.0)
        };
        assert_eq!(state().await, ("refused_beyond_limit", Pence::ZERO, 3));
        let why = async |reader: &Actor| {
            let page = world.app.block_nights(reader, &block, "2022-01").await.unwrap();
            assert!(page.nominations.iter().all(|one| one.state == "refused"), "all read that it counts");
            page.nominations[0].known.as_ref().and_then(|known| known.reason)
        };
        for knows in [officer(HEF), actor(51)] {
            assert_eq!(why(&knows).await, Some(RefusalReason::Residents.label()));
        }
        for other in [officer(SHR), lead()] {
            assert_eq!(why(&other).await, None, "why a home refuses another authority's child");
        }
        let third = refused_ids[2];
        let mine = world.perform(&officer(HEF), "mine", ConcedeRefusal { id: third, version: 2 }).await;
        assert!(matches!(mine, Err(Outcome::Forbidden(_))), "an operational decision is the holder's");
        let others = world.perform(&director(SHR), "others", ConcedeRefusal { id: third, version: 2 }).await;
        assert!(matches!(others, Err(Outcome::NotFound)));
        world.perform(&director(HEF), "concede", ConcedeRefusal { id: third, version: 2 }).await.unwrap();
        world.jobs().await;
        assert_eq!(state().await, ("unsuitable_nomination", Pence(40_000), 2));
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let conceded = session.nomination(placewell_domain::id::NominationId(third)).await.unwrap();
        assert!(format!("{:?}", conceded.state).contains("HEF-2021-0802"), "it cites its power");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_a_month_is_settled_by_both_and_what_changes_later_is_an_adjustment_of_the_next() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        placed(&world, &block, 1, 1).await;
        world.jobs().await;
        world.at(date(2022, 3, 1), 10);
        let (january, february) = (date(2022, 1, 1), date(2022, 2, 1));
        let agree = async |who: &Actor, month: Date| {
            let named = month.strftime("%Y-%m").to_string();
            let page = world.app.block_nights(who, &block, &named).await.unwrap();
            let command = AgreeMonth {
                block: block.clone(),
                month,
                version: page.settling.as_ref().map_or(0, |one| one.version),
                digest: page.figures.digest.clone(),
            };
            let key = format!("{} {named} {} {}", who.person, command.version, command.digest);
            world.perform(who, &key, command).await.map(|_| page.figures)
        };
        assert_eq!(refused(agree(&lead(), february).await), "earlier_month_open");
        let dispute = DisputeMonth { block: block.clone(), month: january, version: 0, reason: DisputeReason::Cause };
        world.perform(&actor(51), "dispute", dispute).await.unwrap();
        // 9 nights of two beds empty, then 22 of one: 40 empty at £400; 22 used at £500.
        let due = Pence(40 * 40_000 + 22 * 50_000);
        assert_eq!(agree(&actor(51), january).await.unwrap().due, due);
        agree(&lead(), january).await.unwrap();
        assert_eq!(refused(agree(&lead(), january).await), "month_settled");
        let void = RecordVoid {
            block: block.clone(),
            slot: Some(2),
            from: date(2022, 1, 5),
            to: date(2022, 1, 8),
            cause: VoidCause::Unstaffed,
            request: None,
        };
        let theirs = RecordVoid { cause: VoidCause::NoNomination, ..void.clone() };
        assert_eq!(refused(world.perform(&actor(51), "theirs", theirs).await), "not_yours_to_record");
        world.perform(&actor(51), "void", void).await.unwrap();
        world.jobs().await;
        let page = world.app.block_nights(&lead(), &block, "2022-01").await.unwrap();
        assert_eq!(page.figures.due, due, "frozen as it was");
        let page = world.app.block_nights(&lead(), &block, "2022-02").await.unwrap();
        assert_eq!((page.adjusted.len(), page.figures.adjusted), (3, Pence(-3 * 40_000)));
        let own = world.app.recharge(&actor(23), &block, "HEF", "2022-02").await.unwrap();
        assert_eq!(own.adjustments.iter().map(|line| line.pence).sum::<Pence>(), Pence(-3 * 24_000));
        assert_eq!(own.total(), Pence(28 * 50_000 + 28 * 24_000 - 3 * 24_000));
        assert!(own.lines.iter().any(|line| line.what == "Occupied, HEF-A-0001" && line.nights == 28), "{own:?}");
        let theirs = world.app.recharge(&actor(23), &block, "SHR", "2022-02").await;
        assert!(matches!(theirs, Err(Outcome::NotFound)), "an authority reads its own statement");
        assert!(world.app.recharge_pdf(&lead(), &block, "SHR", "2022-02").await.unwrap().starts_with(b"%PDF"));
        agree(&lead(), february).await.unwrap();
        agree(&actor(51), february).await.unwrap();
        let page = world.app.block_nights(&lead(), &block, "2022-03").await.unwrap();
        assert!(page.adjusted.is_empty(), "posted once");
        let page = world.app.block_nights(&lead(), &block, "2022-02").await.unwrap();
        assert_eq!((page.adjusted.len(), page.figures.adjusted), (3, Pence(-3 * 40_000)), "as it was posted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_resold_nights_are_the_buyers_once_its_agreement_has_committed_them() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live_of_one("a", 1).await;
        world.at(date(2022, 1, 6), 12);
        let offer = OfferNights {
            block: block.clone(),
            slot: 1,
            from: START,
            to: END,
            buyer: "SHR".into(),
            night: Pence(45_000),
        };
        let cheap = OfferNights { night: Pence(39_999), ..offer.clone() };
        assert_eq!(refused(world.perform(&lead(), "cheap", cheap).await), "below_empty_price");
        world.perform(&lead(), "offer", offer.clone()).await.unwrap();
        assert_eq!(refused(world.perform(&lead(), "twice", offer.clone()).await), "resale_twice");
        let before = world.committed(HEF).await;
        referral(&world, SHR, 1, START, END).await;
        award(&world, SHR, 1, 1, (START, END)).await;
        assert_eq!(world.committed(HEF).await, before, "nothing is released before the buyer has committed");
        world.jobs().await;
        assert_eq!(world.committed(HEF).await, before - Pence(70 * 40_000));
        let page = world.app.block_nights(&lead(), &block, "2022-02").await.unwrap();
        assert_eq!((page.totals.resold, page.totals.due), (28, Pence(28 * (45_000 - 2_500))));
        let income = page.totals.by_authority.iter().find(|(who, _)| **who == HEF).unwrap().1;
        assert_eq!((income.income, income.owes()), (Pence(28 * 2_500), Pence(-28 * 2_500)));
        let buyer = world.app.recharge(&actor(31), &block, "SHR", "2022-02").await.unwrap();
        assert_eq!(buyer.total(), Pence(28 * 45_000));
        let taken = WithdrawNights { id: page.resales[0].resale.id, version: page.resales[0].resale.version };
        assert_eq!(refused(world.perform(&lead(), "back", taken).await), "resale_state");
        assert_eq!(plus_days(START, 70), END);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_a_guarantee_is_not_reduced_looking_back_below_the_beds_that_were_used() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        placed(&world, &block, 1, 1).await;
        placed(&world, &block, 2, 2).await;
        world.jobs().await;
        world.at(date(2022, 4, 1), 9);
        let held = (world.committed(HEF).await, world.committed(SHR).await);
        let propose = async |from: Date, guaranteed_beds: u8| {
            let change = BlockChange::Reduce { from, guaranteed_beds };
            let version = world.block(&block).await.version;
            let command = ProposeChange { reference: block.clone(), version, change, reason: "Little used".into() };
            world.perform(&lead(), &format!("{from} {guaranteed_beds}"), command).await
        };
        let last = plus_days(END, -1);
        assert_eq!(refused(propose(date(2022, 1, 2), 1).await), "reduction_below_used");
        assert_eq!(refused(propose(last, 1).await), "reduction_below_used", "on the last night both beds were used");
        assert!(world.block(&block).await.pending.is_none(), "nothing is proposed");
        assert_eq!((world.committed(HEF).await, world.committed(SHR).await), held);
        propose(END, 1).await.unwrap();
        assert!(world.block(&block).await.pending.is_some(), "nobody slept there since");
    })
    .await;
}

/// A live contract of both authorities for two beds of home 1 from one on, at £500 and another price of a second child.
async fn live_with_second(world: &World, (key, first_bed): (&str, i64), proposal: Proposal, second: i64) -> String {
    let block = world.compete(key, proposal, &[]).await;
    let mut bid = world.bid(51, &block, first_bed, 50_000).await;
    bid.offer.prices.second_child = Some(Pence(second));
    world.perform(&actor(51), &format!("{key} bid"), bid).await.unwrap();
    world.evaluate(key, &block).await.unwrap();
    for org in [HEF, SHR] {
        world.approve(&director(org), &format!("{key} {org}"), &block).await.unwrap();
    }
    world.jobs().await;
    assert_eq!(world.block(&block).await.state.name(), "live");
    world.sign(&block).await;
    block
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_a_second_child_in_the_home_is_charged_at_the_bids_own_price_from_agreement_to_statement() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = live_with_second(&world, ("a", 1), proposal(spec(2), shares(6_000)), 45_000).await;
        let offered = async || {
            let terms = world.block(&block).await.latest_terms().unwrap().clone();
            let session = world.app.store.read(Some(HEF)).await.unwrap();
            let id = session.block_by_reference(&block).await.unwrap().id;
            price_for(&terms, &session.nominations_of(id).await.unwrap(), HomeId(1), START)
        };
        assert_eq!(offered().await, (Pence(350_000), false), "the first child's");
        placed(&world, &block, 1, 1).await;
        world.jobs().await;
        assert_eq!(offered().await, (Pence(315_000), true), "one is there");
        let reference = referral(&world, SHR, 2, START, END).await;
        let id = nominate(&world, &officer(SHR), &block, 2, &reference).await.unwrap();
        world.perform(&actor(51), "accept second", AcceptNomination { id, version: 1 }).await.unwrap();
        award(&world, SHR, 2, 2, (START, END)).await;
        world.jobs().await;
        let page = world.app.block_nights(&lead(), &block, "2022-02").await.unwrap();
        let due =
            |slot: u8| -> Vec<Pence> { page.rows.iter().filter(|row| row.slot == slot).map(|row| row.due).collect() };
        assert_eq!((due(1), due(2)), (vec![Pence(50_000); 28], vec![Pence(45_000); 28]));
        let first = world.app.recharge(&actor(23), &block, "HEF", "2022-02").await.unwrap();
        assert_eq!(first.total(), Pence(28 * 50_000));
        let second = world.app.recharge(&actor(31), &block, "SHR", "2022-02").await.unwrap();
        let lines: Vec<_> = second.lines.iter().map(|line| (line.what.as_str(), line.nights, line.night)).collect();
        assert_eq!(lines, [("Occupied, second child, SHR-A-0002", 28, Some(Pence(45_000)))]);
        assert_eq!(second.total(), Pence(28 * 45_000));
        // Of 362 bed-nights 140 are used, 70 by each; the others are shared 60 to 40.
        let empty = (2 * 181 - 140) * 40_000;
        assert_eq!(world.committed(HEF).await, Pence(empty * 6 / 10 + 70 * 50_000));
        assert_eq!(world.committed(SHR).await, Pence(empty * 4 / 10 + 70 * 45_000));
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// A placement bought by one route in the contract's area at so many pounds a week, like those of its beds.
fn like(route: BuyingRoute, pounds: i64) -> PricePoint {
    PricePoint {
        authority: HEF,
        route,
        lot: "planned".into(),
        need_band: "standard".into(),
        age: AgeBand::From13To15,
        education: false,
        staffing: Staffing::Usual,
        notice: None,
        area: AreaCode::parse("E06000019").unwrap(),
        home: 1,
        quarter: date(2021, 7, 1),
        weekly: Pence::pounds(pounds),
    }
}

/// Five like placements through the arrangement with a middle price of £4,200, and others that differ in one trait each;
/// five in another area, two spot purchases in the area and three elsewhere; each in a home of its own.
fn bought() -> Vec<PricePoint> {
    let elsewhere = AreaCode::parse("E06000051").unwrap();
    let fca = |pounds: i64| like(BuyingRoute::Arrangement, pounds);
    let unlike = || fca(1_000);
    let mut all: Vec<PricePoint> = [4_300, 4_100, 4_200, 4_250].map(fca).to_vec();
    all.push(PricePoint { age: AgeBand::From5To9, ..fca(4_150) });
    all.extend([
        PricePoint { age: AgeBand::From16To17, ..unlike() },
        PricePoint { age: AgeBand::Under5, ..unlike() },
        PricePoint { lot: "complex".into(), ..unlike() },
        PricePoint { education: true, ..unlike() },
        PricePoint { staffing: Staffing::Added, ..unlike() },
        PricePoint { quarter: date(2020, 10, 1), ..unlike() },
        PricePoint { route: BuyingRoute::Block, ..unlike() },
    ]);
    all.extend([1_000; 5].map(|pounds| PricePoint { area: elsewhere, ..fca(pounds) }));
    all.extend([4_200, 4_200].map(|pounds| like(BuyingRoute::Spot, pounds)));
    all.extend([5_600; 3].map(|pounds| PricePoint { area: elsewhere, ..like(BuyingRoute::Spot, pounds) }));
    (1..).zip(all).map(|(home, point)| PricePoint { home, ..point }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn break_even_is_reckoned_against_like_placements_of_the_records_by_age_and_area() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let mut wanted = proposal(spec(2), shares(6_000));
        wanted.wants.areas = vec![AreaCode::parse("E06000019").unwrap()];
        let like_first = live_with_second(&world, ("a", 1), wanted.clone(), 50_000).await;
        let cheaper = live_with_second(&world, ("b", 3), wanted, 30_000).await;
        world.at(date(2022, 2, 1), 9);
        let mut work = world.work(HEF).await;
        let points: Vec<(i64, PricePoint)> = (1..).zip(bought()).collect();
        work.keep_price_points(&points).await.unwrap();
        work.record(Event::new("world.bought", "comparison", HEF.0, 1));
        done(work).await;
        let even = async |block: &str| {
            let page = world.app.block_nights(&lead(), block, "2022-01").await.unwrap();
            page.break_even.unwrap()
        };
        let found = even(&like_first).await;
        let told = |pounds, every_area| Some(Middle { weekly: Pence::pounds(pounds), at_least: 5, every_area });
        // £600 a night. Used u of 1: 500u + 400(1 − u) = 600u.
        assert_eq!((found.fca.middle, found.fca.even), (told(4_200, false), Some(EvenAt::Use(800))));
        // Two in its area say too little. £800 a night: u = 4/7.
        assert_eq!((found.spot.middle, found.spot.even), (told(5_600, true), Some(EvenAt::Use(572))));
        // Used u of two beds in one home: 500 + 300(u − 1) + 400(2 − u) = 600u, so u = 10/7.
        assert_eq!(even(&cheaper).await.fca.even, Some(EvenAt::Use(715)));
    })
    .await;
}

/// How many mails of the region's told a person that nights stand empty.
async fn told_empty(world: &World, person: i64) -> usize {
    let session = world.app.store.read(Some(REGION)).await.unwrap();
    let recipient = format!("p{person}@example.com");
    let mails = session.mails(REGION, 500).await.unwrap();
    mails.iter().filter(|mail| mail.recipient == recipient && mail.subject.contains("nights stand empty")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_beds_that_stand_too_empty_are_told_once_in_a_month_and_shown_to_their_parties() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        placed(&world, &block, 1, 1).await;
        world.jobs().await;
        // Bed 1 is used from 10 January, bed 2 never: on 28 January four weeks have not passed.
        world.at(date(2022, 1, 28), 9);
        world.jobs().await;
        assert_eq!(told_empty(&world, 11).await, 0);
        world.at(date(2022, 1, 29), 9);
        for _ in 0..2 {
            world.jobs().await;
        }
        for person in [11, 21, 31, 51] {
            assert_eq!(told_empty(&world, person).await, 1, "lead, authorities and provider, once: {person}");
        }
        assert_eq!(told_empty(&world, 61).await, 0, "and nobody else");
        let line = &world.app.blocks(&lead()).await.unwrap()[0];
        let found = line.too_empty.unwrap();
        assert_eq!((found.nights, found.most), (56, 40));
        assert!(found.empty >= 28, "bed 2 always: {found:?}");
        let page = world.app.block_page(&director(SHR), &block).await.unwrap();
        assert_eq!(page.too_empty.map(|found| found.most), Some(40));
        world.at(date(2022, 1, 31), 9);
        world.jobs().await;
        assert_eq!(told_empty(&world, 11).await, 1, "still once in January");
        // Half of the nights: above 40%, and no more above 50%.
        world.at(date(2022, 2, 10), 9);
        world.jobs().await;
        assert_eq!(told_empty(&world, 11).await, 2, "February has its own");
        let (name, value) = ("mini_block.void_alert".to_owned(), "50".to_owned());
        let set = ChangeSetting { name, value, from: date(2022, 3, 1), recorded: 0 };
        world.perform(&lead(), "set", set).await.unwrap();
        world.at(date(2022, 3, 7), 9);
        world.jobs().await;
        assert_eq!(told_empty(&world, 11).await, 2, "at the region's own share nobody is told");
        assert_eq!(world.app.block_page(&lead(), &block).await.unwrap().too_empty, None);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

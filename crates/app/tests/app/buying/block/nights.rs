//! The nights of a mini-block through its commands, on both databases: rules 1.2, 3.2 and 6.2.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::buying::block::nights::{
    AcceptNomination, AgreeMonth, ConcedeRefusal, DisputeMonth, NominateChild, OfferNights, RecordVoid,
    RefuseNomination, WithdrawNights,
};
use placewell_app::placing::agreement::{CancelAgreement, Decided};
use placewell_app::power::annual_value::{Allowed, commit};
use placewell_domain::buying::block::month::DisputeReason;
use placewell_domain::buying::block::nights::VoidCause;
use placewell_domain::buying::block::nomination::RefusalReason;
use placewell_domain::change::Event;
use placewell_domain::id::AgreementId;
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::CancelReason;
use placewell_domain::power::annual_value::{Commitment, ExceptionReason, Route, Share, ValueKind, ValueLine};
use placewell_testkit::databases::both;

use super::child::{award, officer, referral};
use super::world::{HEF, SHR, World, YEAR, actor, director, done, lead, proposal, refused, shares, spec};

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
    both(async |database| {
        let world = World::new(&database, Pence::pounds(1_000_000)).await;
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
    both(async |database| {
        let world = std::sync::Arc::new(World::new(&database, Pence::pounds(1_000_000)).await);
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
    both(async |database| {
        let world = World::new(&database, Pence::pounds(1_000_000)).await;
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
    both(async |database| {
        let world = World::new(&database, Pence::pounds(1_000_000)).await;
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
    both(async |database| {
        let world = World::new(&database, Pence::pounds(1_000_000)).await;
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

//! Mini-blocks through their commands, on both databases: rules 2.4, 3.2, 5.3, 5.7, 6.1, and the seed's limb (b).

mod beds_race;
pub(super) mod child;
mod dependants;
mod floating_race;
mod nights;
mod nights_race;
mod outliving;
mod race;
mod sharing;
mod standing;
mod stopped;
mod turns;
mod turns_race;
pub(super) mod world;

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::buying::block::{
    AgreeChange, DecideBlock, DropChange, ProposeBlock, ProposeChange, RecordOpinion, WithdrawBlock, WriteCase,
};
use placewell_app::naming::Confirmed;
use placewell_domain::buying::block::{BidState, BlockChange, BlockShare};
use placewell_domain::money::Pence;
use placewell_testkit::databases::both;

use world::{
    HEF, RIVAL, SHR, World, actor, both_made, director, key_decision, lead, page, proposal, refused, shares, spec,
};

/// Two beds at £400 empty, all guaranteed, 181 nights: £144,800.
const WHOLE: i64 = 2 * 40_000 * 181;

#[tokio::test]
async fn seed_b_mini_blocks_shared_by_two_authorities_are_awarded_by_each_under_its_own_limb() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.recommended("a", proposal(spec(2), shares(6_000)), 1).await;
        let seen = world.app.block_page(&director(HEF), &reference).await.unwrap();
        let deciding = seen.deciding.unwrap();
        assert!(deciding.power.unwrap().contains("Limb (b) of decision HEF-2021-0802"));
        assert_eq!(deciding.committed, Pence(WHOLE * 6 / 10));
        world.approve(&director(HEF), "hef", &reference).await.unwrap();
        world.jobs().await;
        assert_eq!(world.block(&reference).await.state.name(), "recommended", "not before all have approved");
        assert_eq!(world.committed(HEF).await, Pence(WHOLE * 6 / 10), "its own money in its own transaction");
        assert_eq!(world.committed(SHR).await, Pence::ZERO);
        assert_eq!(refused(world.approve(&director(HEF), "again", &reference).await), "block_decided_once");
        world.approve(&director(SHR), "shr", &reference).await.unwrap();
        world.jobs().await;
        assert_eq!(world.block(&reference).await.state.name(), "live");
        assert_eq!(world.committed(SHR).await, Pence(WHOLE * 4 / 10));
        let public = world.app.visit().await.unwrap().published_blocks().await.unwrap();
        let (award, _) = &public[0];
        assert_eq!((award.reference.as_str(), award.beds, award.bids), (reference.as_str(), 2, 1));
        assert!(
            award.reasons.contains("planned") && award.alternatives.contains("Single") && award.conflicts == "None"
        );
        let limbs: Vec<_> = award.shares.iter().map(|share| (share.limb.as_str(), share.decision.as_str())).collect();
        assert_eq!(limbs, [("b", "HEF-2021-0802"), ("b", "SHR-2021-0802")]);
        let own = world.app.own_block(&actor(51), &reference).await.unwrap();
        assert!(own.contract.is_some(), "its provider reads the contract");
        let pdf = world.app.block_pdf(&lead(), &reference, "https://placewell.example/x").await.unwrap();
        assert!(pdf.starts_with(b"%PDF"));
        let verified = world.app.store.verify().await.unwrap();
        assert_eq!(verified.faults, []);
    })
    .await;
}

#[tokio::test]
async fn rule_6_1_a_seven_bed_award_is_refused_under_limb_b_and_carried_by_a_key_decision_or_an_opinion() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.recommended("seven", proposal(spec(7), shares(5_000)), 1).await;
        assert_eq!(refused(world.approve(&director(HEF), "no", &reference).await), "needs_key_decision");
        let version = world.block(&reference).await.version;
        let said = |implements: &str| RecordOpinion {
            reference: reference.clone(),
            version,
            implements: implements.into(),
            words: "The award is within what was decided.".into(),
        };
        let not = world.perform(&director(HEF), "o1", said("HEF-2021-0802")).await;
        assert_eq!(refused(not), "not_the_monitoring_officer");
        let none = world.perform(&actor(22), "o2", said("HEF-2021-0802")).await;
        assert_eq!(refused(none), "no_such_key_decision", "the adoption was not recorded as a key decision");
        let mut key = key_decision(&reference);
        key.key_decision = Some(true);
        // Notice of 28 days is not what is tested here: a trust's board gives none.
        key.governing_body = Some(placewell_domain::power::decision::GoverningBody::TrustBoard);
        world.decide(HEF, 7, key, date(2021, 9, 14)).await;
        world.approve(&director(HEF), "key", &reference).await.unwrap();
        assert_eq!(refused(world.approve(&director(SHR), "shr", &reference).await), "needs_key_decision");
        let mut general = key_decision("all mini-blocks");
        general.key_decision = Some(true);
        general.governing_body = Some(placewell_domain::power::decision::GoverningBody::TrustBoard);
        world.decide(SHR, 8, general, date(2021, 9, 14)).await;
        world.perform(&actor(32), "o3", said("SHR-2021-0914")).await.unwrap();
        world.approve(&director(SHR), "opinion", &reference).await.unwrap();
        world.jobs().await;
        assert_eq!(world.block(&reference).await.state.name(), "live");
    })
    .await;
}

#[tokio::test]
async fn rule_6_1_a_share_at_the_key_decision_line_needs_its_own_key_decision() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = World::opened(&database).await;
        // Six beds at £500 for 181 nights are £543,000: all of it is at the line of £500,000, a half is below.
        let alone = world.recommended("alone", proposal(spec(6), shares(10_000)), 1).await;
        assert_eq!(refused(world.approve(&director(HEF), "no", &alone).await), "needs_key_decision");
        let shared = world.recommended("shared", proposal(spec(4), shares(5_000)), 7).await;
        world.approve(&director(HEF), "yes", &shared).await.unwrap();
    })
    .await;
}

/// A live mini-block of so many beds; HEF pays so much of it.
async fn live_of(world: &World, beds: u8, hef: u32) -> String {
    let reference = world.recommended("live", proposal(spec(beds), shares(hef)), 1).await;
    for share in shares(hef) {
        let key = format!("award {}", share.authority);
        world.approve(&director(share.authority), &key, &reference).await.unwrap();
    }
    world.jobs().await;
    assert_eq!(world.block(&reference).await.state.name(), "live");
    reference
}

async fn propose(world: &World, key: &str, reference: &str, change: BlockChange) {
    let version = world.block(reference).await.version;
    let command = ProposeChange { reference: reference.to_owned(), version, change, reason: "Well used".into() };
    world.perform(&lead(), key, command).await.unwrap();
}

/// A key decision of an authority that names the mini-block, in force at once.
async fn decided(world: &World, (org, id): (placewell_domain::id::OrganisationId, i64), reference: &str, on: Date) {
    let mut key = key_decision(reference);
    key.key_decision = Some(true);
    key.governing_body = Some(placewell_domain::power::decision::GoverningBody::TrustBoard);
    world.decide(org, id, key, on).await;
}

#[tokio::test]
async fn rule_6_1_an_extension_that_brings_the_whole_term_to_the_line_needs_its_own_key_decision() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = World::opened(&database).await;
        // Five beds at £500: £452,500 for 181 nights, £497,500 for 199, £500,000 for 200.
        let reference = live_of(&world, 5, 10_000).await;
        world.at(date(2022, 2, 1), 9);
        propose(&world, "below", &reference, BlockChange::Extend { until: date(2022, 7, 19) }).await;
        world.approve(&director(HEF), "below the line", &reference).await.unwrap();
        world.jobs().await;
        assert_eq!(world.block(&reference).await.nights().unwrap().to(), date(2022, 7, 19));
        let held = Pence(5 * 40_000 * 199);
        assert_eq!(world.committed(HEF).await, held);
        propose(&world, "at", &reference, BlockChange::Extend { until: date(2022, 7, 20) }).await;
        assert_eq!(refused(world.approve(&director(HEF), "at the line", &reference).await), "needs_key_decision");
        assert_eq!(world.committed(HEF).await, held, "nothing more is committed");
        decided(&world, (HEF, 7), &reference, date(2022, 2, 1)).await;
        world.approve(&director(HEF), "decided", &reference).await.unwrap();
        world.jobs().await;
        assert_eq!(world.block(&reference).await.nights().unwrap().to(), date(2022, 7, 20));
        assert_eq!(world.committed(HEF).await, Pence(5 * 40_000 * 200));
    })
    .await;
}

#[tokio::test]
async fn rule_6_1_a_larger_share_at_the_line_needs_its_own_key_decision_and_a_smaller_one_does_not() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = World::opened(&database).await;
        // Six beds at £500 for 181 nights are £543,000: 90% is below the line, all of it is above.
        let reference = live_of(&world, 6, 6_000).await;
        world.at(date(2022, 1, 10), 9);
        let before = world.committed(SHR).await;
        let to = |hef: u32| BlockChange::Reshare { from: date(2022, 3, 1), shares: shares(hef) };
        propose(&world, "most", &reference, to(1_000)).await;
        world.approve(&director(SHR), "most", &reference).await.unwrap();
        let version = world.block(&reference).await.version;
        world.perform(&lead(), "drop", DropChange { reference: reference.clone(), version }).await.unwrap();
        world.jobs().await;
        assert_eq!(world.committed(SHR).await, before);
        propose(&world, "all", &reference, to(0)).await;
        assert_eq!(refused(world.approve(&director(SHR), "all", &reference).await), "needs_key_decision");
        assert_eq!(world.committed(SHR).await, before, "nothing more is committed");
        world.approve(&director(HEF), "leaves", &reference).await.unwrap();
        decided(&world, (SHR, 8), &reference, date(2022, 1, 10)).await;
        world.approve(&director(SHR), "decided", &reference).await.unwrap();
        assert!(world.committed(SHR).await > before);
    })
    .await;
}

#[tokio::test]
async fn rule_6_1_a_dearer_second_child_brings_a_share_to_the_line() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = World::opened(&database).await;
        // Five beds of one home: £452,500 at £500 for 181 nights, £506,800 at the second child's £560.
        for (key, first, second, needs) in [("like", 1, 50_000, false), ("dearer", 6, 56_000, true)] {
            let reference = world.compete(key, proposal(spec(5), shares(10_000)), &[]).await;
            let mut bid = world.bid(51, &reference, first, 50_000).await;
            bid.offer.prices.second_child = Some(Pence(second));
            world.perform(&actor(51), &format!("{key} bid"), bid).await.unwrap();
            world.evaluate(key, &reference).await.unwrap();
            let answer = world.approve(&director(HEF), key, &reference).await;
            if needs {
                assert_eq!(refused(answer), "needs_key_decision");
            } else {
                answer.unwrap();
            }
        }
    })
    .await;
}

#[tokio::test]
async fn rule_6_1_a_second_childs_price_stands_in_the_whole_value_from_the_bid_to_what_is_published() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = World::opened(&database).await;
        let second = Pence(56_000);
        // Five beds of one home, each at the second child's £560 for 181 nights; one bed alone has no second child.
        for (key, beds, first, whole, published) in
            [("five", 5, 1, 5 * 56_000 * 181, 50_700_000), ("one", 1, 6, 50_000 * 181, 9_100_000)]
        {
            let reference = world.compete(key, proposal(spec(beds), shares(6_000)), &[]).await;
            let mut bid = world.bid(51, &reference, first, 50_000).await;
            bid.offer.prices.second_child = Some(second);
            world.perform(&actor(51), &format!("{key} bid"), bid).await.unwrap();
            let sealed = world.app.block_page(&lead(), &reference).await.unwrap();
            let shown = sealed.bids[0].bid.state.offer().unwrap().prices.second_child;
            assert_eq!(shown, None, "sealed until the deadline");
            world.evaluate(key, &reference).await.unwrap();
            let page = world.app.block_page(&lead(), &reference).await.unwrap();
            assert_eq!(page.bids[0].bid.state.offer().unwrap().prices.second_child, Some(second));
            let worth: Vec<Pence> = page.paying.iter().filter_map(|one| one.worth).collect();
            assert_eq!(worth, [Pence(whole * 6 / 10), Pence(whole * 4 / 10)], "{key}");
            for org in [HEF, SHR] {
                world.approve(&director(org), &format!("{key} {org}"), &reference).await.unwrap();
            }
            world.jobs().await;
            let block = world.block(&reference).await;
            assert_eq!(block.state.name(), "live");
            let terms = block.latest_terms().unwrap();
            assert_eq!((terms.prices.second_child, terms.whole_value()), (Some(second), Pence(whole)));
            let public = world.app.public_contract(&reference).await.unwrap();
            assert_eq!(public.value, Some(Pence(published)), "to the nearest £1,000");
            // What is held is what is guaranteed, whatever an occupied night costs.
            let own = page.paying.iter().map(|one| one.guaranteed.unwrap()).sum::<Pence>();
            assert_eq!(own, Pence(i64::from(beds) * 40_000 * 181));
        }
        let held: Pence = [world.committed(HEF).await, world.committed(SHR).await].into_iter().sum();
        assert_eq!(held, Pence(6 * 40_000 * 181));
    })
    .await;
}

#[tokio::test]
async fn a_decision_whose_limb_is_missing_a_stranger_and_a_lapsed_power_are_refused() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.recommended("a", proposal(spec(2), shares(6_000)), 1).await;
        assert_eq!(refused(world.approve(&actor(24), "nobody", &reference).await), "not_a_named_post");
        let forbidden = world.approve(&actor(23), "finance", &reference).await;
        assert!(matches!(forbidden, Err(Outcome::Forbidden(_))));
        // A later decision replaces SHR's and gives no power to award mini-blocks.
        let mut work = world.work(SHR).await;
        let days = placewell_domain::calendar::WorkingDays::default();
        let rule = placewell_domain::power::decision::CallInRule { working_days: 4, calendar: days.clone() };
        let draft = placewell_domain::power::decision::Decision::record(
            placewell_domain::id::DecisionId(8),
            SHR,
            "SHR-2021-0914".into(),
            Some(placewell_domain::id::DecisionId(2)),
            page(Pence::pounds(1_000_000), false),
        );
        let decision = work.apply(draft).await.unwrap();
        let decision = work.apply(decision.decide(date(2021, 9, 14), &days).unwrap()).await.unwrap();
        let published = decision.publish(date(2021, 9, 14), false, None, &rule).unwrap();
        let decision = work.apply(published).await.unwrap();
        work.keep_decision_text(&decision).await.unwrap();
        world::done(work).await;
        assert_eq!(refused(world.approve(&director(SHR), "limb", &reference).await), "no_limb");
        assert_eq!(world.committed(SHR).await, Pence::ZERO);
    })
    .await;
}

#[tokio::test]
async fn rule_2_4_a_block_that_outlives_the_term_needs_a_decision_that_says_so() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let mut long = spec(2);
        long.until = date(2023, 1, 1);
        long.extendable_until = None;
        let reference = world.recommended("long", proposal(long, shares(6_000)), 1).await;
        assert_eq!(refused(world.approve(&director(HEF), "no", &reference).await), "block_outlives_term_ask");
    })
    .await;
}

#[tokio::test]
async fn rule_3_2_a_share_above_the_ceiling_is_refused_and_its_withdrawal_releases_the_others() {
    both(async |database| {
        let world = World::new(&database, Pence::pounds(60_000)).await;
        let reference = world.recommended("a", proposal(spec(2), shares(6_000)), 1).await;
        assert_eq!(refused(world.approve(&director(HEF), "over", &reference).await), "ceiling_reached");
        world.approve(&director(SHR), "within", &reference).await.unwrap();
        assert_eq!(world.committed(SHR).await, Pence(WHOLE * 4 / 10));
        let version = world.block(&reference).await.version;
        let withdraw = WithdrawBlock { reference: reference.clone(), version, reason: "Above a ceiling".into() };
        world.perform(&lead(), "withdraw", withdraw).await.unwrap();
        world.jobs().await;
        assert_eq!(world.committed(SHR).await, Pence::ZERO, "what was committed for it is released");
    })
    .await;
}

#[tokio::test]
async fn rule_5_3_prices_are_sealed_until_the_deadline_and_every_bid_keeps_its_reasons() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let bids = [(51, 1, 50_000), (61, 1, 47_000)];
        let reference = world.compete("a", proposal(spec(2), shares(6_000)), &bids).await;
        let page = world.app.block_page(&lead(), &reference).await.unwrap();
        assert!(!page.open && page.bids.len() == 2);
        for line in &page.bids {
            let offer = line.bid.state.offer().unwrap();
            assert_eq!(
                (offer.prices.occupied, offer.answers.len()),
                (Pence::ZERO, 0),
                "nothing leaves before the deadline"
            );
        }
        let own = world.app.own_block(&actor(51), &reference).await.unwrap();
        assert_eq!(own.bid.state.offer().unwrap().prices.occupied, Pence(50_000), "its own it sees");
        let session = world.app.store.read(Some(RIVAL)).await.unwrap();
        let all = session.block_bids(own.bid.block).await.unwrap();
        assert_eq!(all.iter().map(|bid| bid.provider).collect::<Vec<_>>(), [RIVAL], "no provider reads another's bid");
        assert!(session.block_by_reference(&reference).await.is_err(), "nor the record before it has a contract");
        assert!(session.block_file(own.bid.block).await.is_err(), "nor its file, ever");
        drop(session);
        let late = world.bid(51, &reference, 1, 46_000).await;
        let after = world.app.calendar.now().local.saturating_add(jiff::Span::new().hours(25));
        world.app.calendar.move_to(after);
        assert_eq!(refused(world.perform(&actor(51), "late", late).await), "bids_closed");
        world.evaluate("a", &reference).await.unwrap();
        let chosen = world.app.own_block(&actor(61), &reference).await.unwrap();
        assert!(matches!(chosen.bid.state, BidState::Chosen { .. }), "the better price at like quality");
        let lost = world.app.own_block(&actor(51), &reference).await.unwrap();
        match &lost.bid.state {
            BidState::NotChosen { scored, best, .. } => {
                assert_eq!(scored.reasons, "As the answers show.");
                assert!(scored.total() < *best);
            }
            other => panic!("{other:?}"),
        }
    })
    .await;
}

#[tokio::test]
async fn a_bed_belongs_to_one_mini_block_on_any_night_and_is_refused_with_the_bid_and_with_the_decision() {
    both(async |database| {
        let world = World::new(&database, Pence::pounds(2_000_000)).await;
        // Two competitions at once: both are bid for with bed 2.
        let first = world.compete("first", proposal(spec(2), shares(6_000)), &[(51, 1, 50_000)]).await;
        let second = world.compete("second", proposal(spec(2), shares(6_000)), &[(51, 2, 50_000)]).await;
        world.evaluate("first", &first).await.unwrap();
        world.evaluate("second", &second).await.unwrap();
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("first {org}"), &first).await.unwrap();
        }
        world.jobs().await;
        assert_eq!(world.block(&first).await.state.name(), "live");
        for org in [HEF, SHR] {
            let before = world.committed(org).await;
            let seen = world.app.block_page(&director(org), &second).await.unwrap().deciding.unwrap();
            assert_eq!(seen.gates.unwrap_err().code, "block_bed_taken", "its page says so before it decides");
            match world.approve(&director(org), &format!("second {org}"), &second).await {
                Err(Outcome::Refused(refusal)) => {
                    assert_eq!(refusal.code, "block_bed_taken");
                    assert!(refusal.sentence.contains("Room 2") && refusal.sentence.contains(&first), "{refusal}");
                }
                other => panic!("{other:?}"),
            }
            world.jobs().await;
            assert_eq!(world.committed(org).await, before, "nothing is committed for the second");
        }
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let id = session.block_by_reference(&second).await.unwrap().id;
        assert_eq!(session.block_approvals(id).await.unwrap(), [], "and no approval stands");
        drop(session);
        let third = world.compete("third", proposal(spec(2), shares(6_000)), &[]).await;
        let bid = world.bid(51, &third, 2, 50_000).await;
        assert_eq!(refused(world.perform(&actor(51), "taken", bid).await), "block_bed_taken");
        let own = world.app.own_block(&actor(51), &third).await.unwrap();
        assert_eq!(own.bid.state.name(), "asked", "nothing of the bid was kept");
        let bid = world.bid(51, &third, 3, 50_000).await;
        world.perform(&actor(51), "free", bid).await.unwrap();
        // The same bed on nights after the first contract's is free.
        let mut later = spec(2);
        (later.from, later.until, later.extendable_until) = (date(2022, 7, 1), date(2022, 10, 1), None);
        later.breaks.clear();
        world.recommended("later", proposal(later, shares(6_000)), 1).await;
    })
    .await;
}

#[tokio::test]
async fn rule_9_1_a_business_case_that_names_a_home_is_not_kept_until_it_is_confirmed() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let mut named = proposal(spec(2), shares(6_000));
        named.title = "Beds at Home SC392491".into();
        let keys = stopped(world.perform(&lead(), "named", ProposeBlock { proposal: named }).await);
        assert_eq!(keys, ["confirmed/block.propose/title:home:Home SC392491"]);
        let reference = world.propose("a", proposal(spec(2), shares(6_000))).await;
        let case = WriteCase {
            reference: reference.clone(),
            version: 1,
            reasons: "The school is near home sc392491.".into(),
            alternatives: "Single placements, such as HEF-A-0137.".into(),
            conflicts: "None".into(),
        };
        let keys = stopped(world.perform(&lead(), "case", case.clone()).await);
        let act = "confirmed/block.write_case/";
        let found = ["reasons:home:home sc392491", "alternatives:reference:HEF-A-0137"];
        assert_eq!(keys, found.map(|key| format!("{act}{key}")));
        assert!(world.app.block_page(&lead(), &reference).await.unwrap().file.case.is_none(), "nothing was kept");
        let confirmed = found.map(str::to_owned).to_vec();
        world.perform(&lead(), "confirmed", Confirmed { command: case, confirmed }).await.unwrap();
        assert!(world.app.block_page(&lead(), &reference).await.unwrap().file.case.is_some());
    })
    .await;
}

/// The fields of what stopped a command, in their order.
fn stopped<T: std::fmt::Debug>(answer: Result<T, Outcome>) -> Vec<String> {
    match answer {
        Err(Outcome::Invalid(invalid)) => invalid.errors.into_iter().map(|error| error.field).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_break_an_extension_and_a_reduction_hold_once_each_authority_has_decided() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.live("a", 1).await;
        world.at(date(2022, 2, 1), 9);
        let propose = async |key: &str, change: BlockChange| {
            let version = world.block(&reference).await.version;
            let reason = "Well used".to_owned();
            let command = ProposeChange { reference: reference.clone(), version, change, reason };
            world.perform(&lead(), key, command).await
        };
        let early = BlockChange::Break { on: date(2022, 3, 1) };
        assert_eq!(refused(propose("wrong", early).await), "not_a_break_date");
        propose("extend", BlockChange::Extend { until: date(2022, 8, 1) }).await.unwrap();
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("x{org}"), &reference).await.unwrap();
        }
        world.jobs().await;
        let longer = world.block(&reference).await;
        assert_eq!(longer.nights().unwrap().to(), date(2022, 8, 1));
        assert_eq!(world.committed(HEF).await, Pence(2 * 40_000 * 212 * 6 / 10));
        propose("reduce", BlockChange::Reduce { from: date(2022, 3, 1), guaranteed_beds: 1 }).await.unwrap();
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("r{org}"), &reference).await.unwrap();
        }
        world.jobs().await;
        assert!(world.block(&reference).await.pending.is_some(), "the provider has not agreed");
        let version = world.block(&reference).await.version;
        world.perform(&actor(51), "agree", AgreeChange { reference: reference.clone(), version }).await.unwrap();
        world.jobs().await;
        let reduced = world.block(&reference).await;
        assert!(reduced.pending.is_none());
        let (before, after) = (2 * 40_000 * 59, 40_000 * 153);
        assert_eq!(world.committed(HEF).await, Pence((before + after) * 6 / 10));
        propose("break", BlockChange::Break { on: date(2022, 4, 1) }).await.unwrap();
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("b{org}"), &reference).await.unwrap();
        }
        world.jobs().await;
        assert_eq!(world.block(&reference).await.state.name(), "notice_given");
        assert_eq!(world.committed(HEF).await, Pence((before + 40_000 * 31) * 6 / 10), "the rest is released");
        world.at(date(2022, 4, 1), 6);
        world.jobs().await;
        assert_eq!(world.block(&reference).await.state.name(), "ended");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test]
async fn shares_that_do_not_sum_and_a_break_before_the_start_are_refused() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let wrong = vec![BlockShare { authority: HEF, weight: 9_999 }];
        let command = ProposeBlock { proposal: proposal(spec(2), wrong) };
        assert!(matches!(world.perform(&lead(), "sum", command).await, Err(Outcome::Invalid(_))));
        let mut early = spec(2);
        early.breaks = vec![date(2021, 12, 31)];
        let command = ProposeBlock { proposal: proposal(early, shares(6_000)) };
        assert!(matches!(world.perform(&lead(), "break", command).await, Err(Outcome::Invalid(_))));
        let provider = vec![BlockShare { authority: RIVAL, weight: 10_000 }];
        let command = ProposeBlock { proposal: proposal(spec(2), provider) };
        assert!(matches!(world.perform(&lead(), "payer", command).await, Err(Outcome::Invalid(_))));
        let refusal = DecideBlock { reference: "MB-001".into(), version: 1, refuse: None };
        assert!(matches!(world.perform(&director(HEF), "none", refusal).await, Err(Outcome::NotFound)));
    })
    .await;
}

//! A mini-block's later life, on both databases: an authority leaves and the other takes its share (C-09), both signatures,
//! floating beds, and warnings of a break and of the end.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::buying::block::nights::{NominateChild, OfferNights};
use placewell_app::buying::block::{
    AgreeChange, DropChange, ProposeChange, SendBid, SignContract, SignForAuthorities, TypedSignature,
};
use placewell_domain::buying::block::month::MonthSide;
use placewell_domain::buying::block::{
    BidOffer, BlockBeds, BlockChange, BlockPrices, BlockShare, BlockSignature, BlockSpec,
};
use placewell_domain::id::{BedId, HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{days_between, plus_days};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::Signature;
use placewell_testkit::databases::both;

use super::child::{award, officer, referral};
use super::world::{
    HEF, LARK, REGION, SHR, World, actor, both_made, director, done, lead, proposal, refused, shares, spec,
};

const NIGHT: i64 = 2 * 40_000;

async fn propose(world: &World, reference: &str, key: &str, change: BlockChange) -> Result<(), Outcome> {
    let version = world.block(reference).await.version;
    let command = ProposeChange { reference: reference.into(), version, change, reason: "It leaves".into() };
    world.perform(&lead(), key, command).await.map(|_| ())
}

fn alone(authority: OrganisationId, from: Date) -> BlockChange {
    BlockChange::Reshare { from, shares: vec![BlockShare { authority, weight: 10_000 }] }
}

async fn nominate(world: &World, block: &str, slot: u8, number: u32, start: Date) -> Result<(), Outcome> {
    let referral = referral(world, HEF, number, start, plus_days(start, 60)).await;
    let command = NominateChild { block: block.into(), slot, referral: referral.clone() };
    world.perform(&officer(HEF), &format!("nominate {referral}"), command).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_an_authority_leaves_and_the_other_takes_its_share_once_both_have_decided() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        world.at(date(2022, 1, 10), 9);
        let from = date(2022, 3, 1);
        let (first, rest) = (days_between(date(2022, 1, 1), from), days_between(from, date(2022, 7, 1)));
        assert_eq!(refused(propose(&world, &block, "past", alone(SHR, date(2022, 1, 10))).await), "reshare_not_ahead");
        let wrong = BlockChange::Reshare { from, shares: vec![BlockShare { authority: SHR, weight: 9_000 }] };
        assert!(matches!(propose(&world, &block, "sum", wrong).await, Err(Outcome::Invalid(_))));
        propose(&world, &block, "leave", alone(SHR, from)).await.unwrap();
        let whole = Pence(NIGHT * 181);
        world.approve(&director(HEF), "hef", &block).await.unwrap();
        world.jobs().await;
        assert_eq!(world.committed(HEF).await, Pence(whole.0 * 6 / 10), "nothing is released before it holds");
        world.approve(&director(SHR), "shr", &block).await.unwrap();
        world.jobs().await;
        let shr = Pence(NIGHT * first * 4 / 10 + NIGHT * rest);
        assert_eq!(world.committed(SHR).await, shr, "its ceiling holds the larger share before it holds");
        assert_eq!(world.committed(HEF).await, Pence(whole.0 * 6 / 10));
        let version = world.block(&block).await.version;
        world.perform(&actor(51), "agree", AgreeChange { reference: block.clone(), version }).await.unwrap();
        world.jobs().await;
        assert!(world.block(&block).await.pending.is_none());
        assert_eq!(world.committed(HEF).await, Pence(NIGHT * first * 6 / 10), "its share ends with February");
        assert_eq!(world.committed(SHR).await, shr);
        let page = world.app.block_nights(&lead(), &block, "2022-03").await.unwrap();
        assert!(page.rows.iter().all(|row| row.part_of(HEF) == Pence::ZERO && row.part_of(SHR) == row.due));
        let page = world.app.block_nights(&lead(), &block, "2022-02").await.unwrap();
        assert_eq!(page.rows[0].part_of(HEF), Pence(24_000));
        assert_eq!(refused(nominate(&world, &block, 1, 1, from).await), "not_a_party");
        nominate(&world, &block, 1, 2, date(2022, 1, 20)).await.unwrap();
        let seen = world.app.block_page(&director(HEF), &block).await.unwrap();
        assert_eq!(seen.paying.iter().map(|line| line.share.as_str()).collect::<Vec<_>>(), ["100%", "0%"]);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_2_a_larger_share_above_the_ceiling_is_refused_and_one_taken_back_is_released() {
    both(async |database| {
        let world = World::new(&database, Pence::pounds(100_000)).await;
        let block = world.live("a", 1).await;
        let before = (world.committed(HEF).await, world.committed(SHR).await);
        let change = alone(SHR, date(2022, 1, 2));
        propose(&world, &block, "all", change).await.unwrap();
        assert_eq!(refused(world.approve(&director(SHR), "over", &block).await), "ceiling_reached");
        let drop = async |key: &str| {
            let version = world.block(&block).await.version;
            world.perform(&lead(), key, DropChange { reference: block.clone(), version }).await.unwrap();
            world.jobs().await;
        };
        drop("no").await;
        let half = BlockChange::Reshare { from: date(2022, 1, 2), shares: shares(5_000) };
        propose(&world, &block, "half", half).await.unwrap();
        world.approve(&director(SHR), "shr", &block).await.unwrap();
        assert!(world.committed(SHR).await > before.1);
        drop("back").await;
        assert_eq!((world.committed(HEF).await, world.committed(SHR).await), before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_signs_apart_from_its_bid_and_no_bed_is_used_before_both_have() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.recommended("a", proposal(spec(2), shares(6_000)), 1).await;
        let seen = world.app.block_page(&lead(), &block).await.unwrap();
        assert!(seen.signing.is_none(), "nothing is signed before every authority has approved");
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("{org}"), &block).await.unwrap();
        }
        world.jobs().await;
        assert_eq!(refused(nominate(&world, &block, 1, 1, date(2022, 1, 10)).await), "block_unsigned");
        let read = world.signature(&block).await;
        let sign = async |key: &str, typed: TypedSignature| world.perform(&actor(51), key, SignContract(typed)).await;
        let other = TypedSignature { content: "another text".into(), ..read.clone() };
        assert!(matches!(sign("other", other).await, Err(Outcome::Conflict)), "what was read is what is signed");
        let unsure = TypedSignature { has_authority: false, ..read.clone() };
        assert!(matches!(sign("unsure", unsure).await, Err(Outcome::Invalid(_))));
        sign("provider", read.clone()).await.unwrap();
        assert_eq!(refused(sign("twice", read.clone()).await), "block_signed_once");
        assert_eq!(refused(nominate(&world, &block, 1, 2, date(2022, 1, 10)).await), "block_unsigned");
        let rival = world.perform(&actor(61), "rival", SignContract(read.clone())).await;
        assert!(matches!(rival, Err(Outcome::NotFound)), "{rival:?}");
        world.perform(&lead(), "lead", SignForAuthorities(read.clone())).await.unwrap();
        nominate(&world, &block, 1, 3, date(2022, 1, 10)).await.unwrap();
        let own = world.app.own_block(&actor(51), &block).await.unwrap().contract.unwrap().signing.unwrap();
        assert!(own.lead.is_some() && own.provider.is_some() && !own.varied);
        // The database itself refuses a second signature of the same text.
        let held = world.block(&block).await;
        let mut work = world.work(LARK).await;
        let person = actor(51).person;
        let at = work.moment().local;
        let again = Signature { person, name: "Jo".into(), role: "M".into(), at, content: read.content.clone() };
        let change = BlockSignature::sign(work.new_id(), &held, MonthSide::Provider, again, &[]).unwrap();
        let second = work.apply(change).await.map_err(Outcome::from);
        assert_eq!(refused(second), "block_signed_once");
        work.roll_back().await.unwrap();
        // A variation is signed anew, and stops nothing meanwhile.
        world.at(date(2022, 1, 10), 9);
        propose(&world, &block, "reduce", BlockChange::Reduce { from: date(2022, 5, 1), guaranteed_beds: 1 })
            .await
            .unwrap();
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("r{org}"), &block).await.unwrap();
        }
        let version = world.block(&block).await.version;
        world.perform(&actor(51), "agree", AgreeChange { reference: block.clone(), version }).await.unwrap();
        world.jobs().await;
        let varied = world.app.block_page(&lead(), &block).await.unwrap().signing.unwrap();
        assert!(varied.varied && varied.lead.is_none() && varied.content != read.content);
        nominate(&world, &block, 2, 4, date(2022, 1, 20)).await.unwrap();
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// A live contract of floating beds at home 1, which has ten.
pub async fn floating(world: &World, key: &str, beds: u8) -> String {
    floating_as(world, key, spec(beds)).await
}

/// The same on these terms.
pub async fn floating_as(world: &World, key: &str, asked: BlockSpec) -> String {
    let (reference, bid) = floating_bid(world, key, asked).await;
    world.perform(&actor(51), &format!("{key} bid"), bid).await.unwrap();
    world.evaluate(key, &reference).await.unwrap();
    for org in [HEF, SHR] {
        world.approve(&director(org), &format!("{key} {org}"), &reference).await.unwrap();
    }
    world.jobs().await;
    reference
}

/// A competition for floating beds, and a bid for it that is not sent.
async fn floating_bid(world: &World, key: &str, asked: BlockSpec) -> (String, SendBid) {
    let (beds, asked) = (asked.beds, BlockSpec { floating: true, ..asked });
    let reference = world.compete(key, proposal(asked, shares(6_000)), &[]).await;
    let own = world.app.own_block(&actor(51), &reference).await.unwrap();
    let offer = BidOffer {
        beds: BlockBeds::Floating { count: beds, homes: vec![HomeId(1)] },
        prices: BlockPrices { occupied: Pence(50_000), empty: Pence(40_000), second_child: None },
        answers: vec!["We keep the school.".into()],
        conflicts: "None".into(),
    };
    let bid = SendBid { reference: reference.clone(), version: own.bid.version, offer };
    (reference, bid)
}

async fn held(world: &World, reference: &str) -> Vec<BedId> {
    let block = world.block(reference).await;
    let session = world.app.store.read(Some(REGION)).await.unwrap();
    let tied = session.tied_beds((date(2022, 1, 1), date(2022, 7, 1))).await.unwrap();
    tied.into_iter().filter(|one| one.block == block.id).map(|one| one.bed).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_floating_bed_is_held_at_a_named_home_follows_the_child_and_is_not_sold_twice() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = World::opened(&database).await;
        let first = floating(&world, "first", 2).await;
        assert_eq!(world.block(&first).await.state.name(), "live");
        assert_eq!(held(&world, &first).await, [BedId(101), BedId(102)]);
        world.sign(&first).await;
        let fixed = world.compete("fixed", proposal(spec(2), shares(6_000)), &[]).await;
        let bid = world.bid(51, &fixed, 2, 50_000).await;
        let refusal = refused(world.perform(&actor(51), "fixed bid", bid).await);
        assert_eq!(refusal, "block_bed_taken", "bed 102 is held by the first");
        // The child sleeps in another bed of the home: the floating bed is held there.
        let child = referral(&world, HEF, 1, date(2022, 1, 10), date(2022, 3, 21)).await;
        let command = NominateChild { block: first.clone(), slot: 1, referral: child };
        world.perform(&officer(HEF), "nominate", command).await.unwrap();
        let agreement = award(&world, HEF, 1, 7, (date(2022, 1, 10), date(2022, 3, 21))).await;
        sleeps(&world, &agreement, BedId(107)).await;
        world.jobs().await;
        let now = held(&world, &first).await;
        assert!(now.contains(&BedId(107)) && now.len() == 2, "{now:?}");
        let second = floating(&world, "second", 6).await;
        assert_eq!(world.block(&second).await.state.name(), "live", "six of the eight that nobody holds");
        let (_, third) = floating_bid(&world, "third", spec(3)).await;
        let refusal = refused(world.perform(&actor(51), "third bid", third).await);
        assert_eq!(refusal, "floating_beds_short", "two are left for three");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// The agreement's child has a bed of home 1.
async fn sleeps(world: &World, agreement: &str, bed: BedId) {
    use placewell_domain::placing::occupancy::{BedUse, Sleeper};
    let mut work = world.work(HEF).await;
    let agreement = work.agreement(HEF, agreement).await.unwrap();
    let home = work.home(HomeId(1)).await.unwrap();
    let nights = placewell_domain::nights::Nights::new(agreement.nights().0, agreement.nights().1).unwrap();
    let sleeper = Sleeper { agreement: agreement.id, nights, solo: false };
    let id = placewell_domain::id::BedUseId(work.new_id());
    work.apply(BedUse::hold(id, &home, bed, sleeper).unwrap()).await.unwrap();
    done(work).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nights_released_to_others_after_the_nomination_hours_are_not_nominated_for() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        world.at(date(2022, 1, 2), 12);
        let offer = OfferNights {
            block: block.clone(),
            slot: 1,
            from: date(2022, 1, 10),
            to: date(2022, 3, 21),
            buyer: "SHR".into(),
            night: Pence(45_000),
        };
        assert_eq!(refused(world.perform(&lead(), "early", offer.clone()).await), "still_ours");
        world.at(date(2022, 1, 6), 12);
        world.perform(&lead(), "offer", offer).await.unwrap();
        let refusal = nominate(&world, &block, 1, 1, date(2022, 1, 20)).await;
        assert_eq!(refused(refusal), "released_to_others");
        nominate(&world, &block, 2, 2, date(2022, 1, 20)).await.unwrap();
        let to_answer = world.app.nominations_to_answer(&actor(51)).await.unwrap();
        assert_eq!(to_answer[0].answer_by, date(2022, 1, 9).at(12, 0, 0, 0), "the contract's 72 hours");
    })
    .await;
}

/// How many mails of the region's told a person of this; the team writes to everybody who is concerned.
async fn told(world: &World, who: &Actor, words: &str) -> usize {
    let session = world.app.store.read(Some(REGION)).await.unwrap();
    let mails = session.mails(REGION, 500).await.unwrap();
    let recipient = format!("p{}@example.com", who.person.0);
    mails.iter().filter(|mail| mail.recipient == recipient && mail.subject.contains(words)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_break_and_the_end_are_warned_of_once_and_a_contract_ends_with_its_last_night() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        // The break of 1 April is left by notice of 30 days: 2 March is the last day, warned of 90 days before.
        world.at(date(2021, 12, 1), 9);
        world.jobs().await;
        assert_eq!(told(&world, &lead(), "break on").await, 0, "not yet");
        for _ in 0..2 {
            world.at(date(2021, 12, 2), 9);
            world.jobs().await;
        }
        assert_eq!(told(&world, &lead(), "break on 2022-04-01, notice by 2022-03-02").await, 1, "once");
        for org in [HEF, SHR] {
            assert_eq!(told(&world, &director(org), "break on").await, 1, "whoever pays");
        }
        world.at(date(2022, 4, 3), 9);
        world.jobs().await;
        assert_eq!(told(&world, &lead(), "ends on 2022-07-01").await, 1);
        assert_eq!(world.block(&block).await.warned, [date(2022, 4, 1), date(2022, 7, 1)]);
        world.at(date(2022, 6, 30), 23);
        world.jobs().await;
        assert_eq!(world.block(&block).await.state.name(), "live", "its last night is tonight");
        world.at(date(2022, 7, 1), 6);
        world.jobs().await;
        assert_eq!(world.block(&block).await.state.name(), "ended");
        assert_eq!(refused(nominate(&world, &block, 1, 1, date(2022, 7, 2)).await), "block_not_live");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notice_ends_a_contract_by_its_clause_and_is_refused_without_one_or_too_short() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let without = world.live("without", 1).await;
        let notice = BlockChange::Notice { on: date(2022, 5, 1) };
        assert_eq!(refused(propose(&world, &without, "none", notice).await), "no_notice_clause");
        let clause = BlockSpec { notice_days: Some(60), ..spec(2) };
        let block = world.recommended("with", proposal(clause, shares(6_000)), 4).await;
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("with {org}"), &block).await.unwrap();
        }
        world.jobs().await;
        world.at(date(2022, 2, 1), 9);
        let short = BlockChange::Notice { on: date(2022, 4, 1) };
        assert_eq!(refused(propose(&world, &block, "short", short).await), "notice_too_short");
        propose(&world, &block, "notice", BlockChange::Notice { on: date(2022, 4, 2) }).await.unwrap();
        let before = world.committed(HEF).await;
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("n{org}"), &block).await.unwrap();
        }
        world.jobs().await;
        assert_eq!(world.block(&block).await.state.name(), "notice_given");
        let released = NIGHT * days_between(date(2022, 4, 2), date(2022, 7, 1)) * 6 / 10;
        assert_eq!(world.committed(HEF).await, before - Pence(released));
        assert_eq!(
            refused(propose(&world, &block, "more", BlockChange::Break { on: date(2022, 4, 1) }).await),
            "block_not_live"
        );
    })
    .await;
}

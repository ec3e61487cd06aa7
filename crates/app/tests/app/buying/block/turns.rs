//! An empty bed goes to the block's authorities in the contract's order before it is sold to others, on both databases:
//! journey C-09 and rule 6.2.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::buying::block::ProposeBlock;
use placewell_app::buying::block::nights::{AcceptNomination, NominateChild, OfferNights, PassVoid, TakeVoid};
use placewell_app::placing::referral::homes::Filters;
use placewell_domain::buying::block::nights::Payer;
use placewell_domain::buying::block::{BlockShare, BlockSpec, VoidOffer, VoidOfferState, VoidOrder};
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::money::Pence;
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::office::access::Role;
use placewell_domain::placing::referral::Tier;
use placewell_insight::placing::referral::Criterion;

use super::child::{award, officer, referral};
use super::sharing::floating_as;
use super::world::{
    HEF, LARK, REGION, SHR, World, actor, both_made, director, done, lead, proposal, refused, shares, spec,
};

const START: Date = date(2022, 1, 10);
/// 70 nights.
const END: Date = date(2022, 3, 21);

/// A live and signed contract whose empty beds are offered in this order, 24 hours each.
pub async fn ordered(world: &World, beds: (u8, i64), paying: Vec<BlockShare>, order: &[OrganisationId]) -> String {
    let key = format!("ordered {}", beds.1);
    let term = VoidOrder { order: order.to_vec(), hours: 24 };
    let asked = BlockSpec { void_order: Some(term), ..spec(beds.0) };
    let reference = world.recommended(&key, proposal(asked, paying.clone()), beds.1).await;
    for share in &paying {
        let org = share.authority;
        world.approve(&director(org), &format!("{key} {org}"), &reference).await.unwrap();
    }
    world.jobs().await;
    assert_eq!(world.block(&reference).await.state.name(), "live");
    world.sign(&reference).await;
    reference
}

/// The placement officer of each authority, by name.
pub(super) async fn officers(world: &World) {
    for org in [HEF, SHR] {
        let mut work = world.work(org).await;
        let person = officer(org).person;
        work.add_person(person, &format!("p{person}@example.com"), &format!("Person {person}"), None).await.unwrap();
        work.add_membership(person, Role::PlacementOfficer, "Officer", date(2018, 1, 1), OPEN_END).await.unwrap();
        work.record(Event::new("world.officer", "person", person.0, 1));
        done(work).await;
    }
}

/// What the mails say that told an authority's placement officer of this.
async fn written(world: &World, org: OrganisationId, words: &str) -> Vec<String> {
    let session = world.app.store.read(Some(REGION)).await.unwrap();
    let recipient = format!("p{}@example.com", officer(org).person);
    let mut mails = session.mails(REGION, 500).await.unwrap();
    mails.retain(|mail| mail.recipient == recipient && mail.subject.contains(words));
    mails.into_iter().map(|mail| mail.body).collect()
}

/// How many there are of them.
async fn told(world: &World, org: OrganisationId, words: &str) -> usize {
    written(world, org, words).await.len()
}

/// The offers of a contract's empty beds, oldest first: to whom, in which state.
async fn offers(world: &World, block: &str) -> Vec<VoidOffer> {
    let session = world.app.store.read(Some(REGION)).await.unwrap();
    let id = session.block_by_reference(block).await.unwrap().id;
    session.void_offers_of(id).await.unwrap()
}

async fn states(world: &World, block: &str) -> Vec<(OrganisationId, &'static str)> {
    offers(world, block).await.iter().map(|one| (one.authority, one.state.name())).collect()
}

async fn take(world: &World, org: OrganisationId, offer: &VoidOffer) -> Result<(), Outcome> {
    let (id, version) = (offer.id, offer.version);
    let key = format!("take {org} {id} {version} {}", world.app.calendar.now().local);
    world.perform(&officer(org), &key, TakeVoid { id, version }).await.map(|_| ())
}

async fn pass(world: &World, org: OrganisationId, offer: &VoidOffer) -> Result<(), Outcome> {
    let (id, version) = (offer.id, offer.version);
    let key = format!("pass {org} {id} {version} {}", world.app.calendar.now().local);
    world.perform(&officer(org), &key, PassVoid { id, version }).await.map(|_| ())
}

fn sale(block: &str) -> OfferNights {
    let (block, night) = (block.to_owned(), Pence(45_000));
    OfferNights { block, slot: 1, from: START, to: END, buyer: "SHR".into(), night }
}

async fn nominate(world: &World, org: OrganisationId, block: &str, number: u32) -> Result<i64, Outcome> {
    let reference = referral(world, org, number, START, END).await;
    let command = NominateChild { block: block.to_owned(), slot: 1, referral: reference.clone() };
    world.perform(&officer(org), &format!("nominate {reference}"), command).await?;
    let session = world.app.store.read(Some(org)).await.unwrap();
    let id = session.block_by_reference(block).await.unwrap().id;
    let all = session.nominations_of(id).await.unwrap();
    Ok(all.iter().rev().find(|one| one.reference.to_string() == reference).unwrap().id.0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_about_nights_that_are_offered_says_their_days_in_words() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        officers(&world).await;
        let block = world.live_of_one("a", 1).await;
        world.at(date(2022, 1, 6), 12);
        world.perform(&lead(), "offer", sale(&block)).await.unwrap();
        world.jobs().await;
        let mails = written(&world, SHR, "nights are offered").await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert!(mails[0].contains("nights of 10 January 2022 to 20 March 2022"), "{}", mails[0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c_09_an_empty_bed_is_offered_in_order_passed_taken_and_lapses_before_others_are_asked() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        officers(&world).await;
        let block = ordered(&world, (1, 1), shares(6_000), &[SHR, HEF]).await;
        world.at(date(2021, 12, 29), 9);
        world.jobs().await;
        assert_eq!(states(&world, &block).await, [], "two authorities of a day each: two days before it falls empty");
        assert_eq!(refused(nominate(&world, SHR, &block, 1).await), "void_not_your_turn", "not asked yet");
        world.at(date(2021, 12, 30), 9);
        for _ in 0..2 {
            world.jobs().await;
        }
        assert_eq!(states(&world, &block).await, [(SHR, "offered")], "the first in the order, once");
        assert_eq!((told(&world, SHR, "offered to you").await, told(&world, HEF, "offered to you").await), (1, 0));
        assert!(
            written(&world, SHR, "offered to you").await[0].contains("Bed 1, from 1 January 2022. Take it or pass")
        );
        let first = offers(&world, &block).await.remove(0);
        assert_eq!((first.since, first.state.until()), (date(2022, 1, 1), Some(date(2021, 12, 31).at(9, 0, 0, 0))));
        assert_eq!(refused(nominate(&world, HEF, &block, 1).await), "void_not_your_turn");
        assert!(matches!(take(&world, HEF, &first).await, Err(Outcome::NotFound)), "it is made to another authority");
        let held = (world.committed(HEF).await, world.committed(SHR).await);
        pass(&world, SHR, &first).await.unwrap();
        assert!(matches!(take(&world, SHR, &first).await, Err(Outcome::Conflict)), "it was passed on");
        world.jobs().await;
        assert_eq!(states(&world, &block).await, [(SHR, "passed"), (HEF, "offered")]);
        assert_eq!(told(&world, HEF, "offered to you").await, 1);
        let second = offers(&world, &block).await.remove(1);
        take(&world, HEF, &second).await.unwrap();
        assert_eq!(refused(nominate(&world, SHR, &block, 2).await), "void_not_your_turn");
        assert_eq!((world.committed(HEF).await, world.committed(SHR).await), held, "taking moves no money");
        let page = world.app.block_nights(&director(HEF), &block, "2022-01").await.unwrap();
        assert!(page.rows.iter().all(|row| row.payer() == Payer::Shares && row.part_of(SHR) == Pence(16_000)));
        // Nobody was nominated within 72 hours of taking it.
        world.at(date(2022, 1, 4), 12);
        assert_eq!(
            refused(world.perform(&lead(), "early", sale(&block)).await),
            "void_order_open",
            "the job comes first"
        );
        world.jobs().await;
        assert_eq!(states(&world, &block).await, [(SHR, "passed"), (HEF, "lapsed")]);
        let over = written(&world, SHR, "no authority has taken").await;
        assert!(over.len() == 1 && over[0].contains("Bed 1, from 1 January 2022. Each that pays"), "{over:?}");
        world.jobs().await;
        assert_eq!(told(&world, SHR, "no authority has taken").await, 1, "once");
        assert_eq!(offers(&world, &block).await.len(), 2, "each is asked once");
        assert!(world.app.block_nights(&lead(), &block, "2022-01").await.unwrap().vacancies[0].all_asked);
        nominate(&world, SHR, &block, 3).await.unwrap();
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// As what an authority's search would ask the home, and what it says of the bed.
async fn searched(world: &World, org: OrganisationId, reference: &str) -> (Option<Tier>, String) {
    world.app.homes.forget().await;
    let why = world.app.why_home(&officer(org), reference, "SC392491", &Filters::default()).await.unwrap();
    let tier = why.search.found.matched.iter().find(|one| one.row == why.row).map(|one| one.tier);
    let bed = why.lines.iter().find(|line| line.criterion == Criterion::Bed).unwrap();
    (tier, bed.evidence.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_5_an_empty_bed_is_a_vacancy_in_the_search_of_the_authority_whose_turn_it_is_and_of_no_other() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = ordered(&world, (1, 1), shares(6_000), &[SHR, HEF]).await;
        world.at(date(2021, 12, 29), 9);
        world.jobs().await;
        let (shr, hef) = (referral(&world, SHR, 1, START, END).await, referral(&world, HEF, 1, START, END).await);
        let tiers = async || (searched(&world, SHR, &shr).await.0, searched(&world, HEF, &hef).await.0);
        // The home is on the lot and has other beds.
        let (other, vacancy) = (Some(Tier::Fca), Some(Tier::MiniBlock));
        assert_eq!(tiers().await, (other, other), "nobody has been asked yet");
        world.at(date(2021, 12, 30), 9);
        world.jobs().await;
        assert_eq!(tiers().await, (vacancy, other), "the first in the order");
        let by = |day| format!("a bed of mini-block {block} comes to the authority by {day}, unless another takes it");
        let waits = searched(&world, HEF, &hef).await.1;
        assert!(waits.ends_with(&by("31 December 2021, 09:00")), "{waits}");
        assert!(!searched(&world, SHR, &shr).await.1.contains("comes to the authority"), "it is its own");
        let first = offers(&world, &block).await.remove(0);
        take(&world, SHR, &first).await.unwrap();
        let waits = searched(&world, HEF, &hef).await.1;
        assert!(waits.ends_with(&by("2 January 2022, 09:00")), "a child has to be nominated by then: {waits}");
        let taken = offers(&world, &block).await.remove(0);
        pass(&world, SHR, &taken).await.unwrap();
        assert_eq!(tiers().await, (other, other), "the next has not been asked yet");
        world.jobs().await;
        assert_eq!(tiers().await, (other, vacancy), "whoever passed has had its turn");
        assert!(!searched(&world, SHR, &shr).await.1.contains("comes to the authority"));
        let second = offers(&world, &block).await.remove(1);
        pass(&world, HEF, &second).await.unwrap();
        world.jobs().await;
        assert_eq!(tiers().await, (vacancy, vacancy), "all have been asked: whoever is first");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_5_a_floating_bed_tells_the_next_authority_by_when_it_comes_as_a_fixed_one_does() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = World::opened(&database).await;
        let term = VoidOrder { order: vec![SHR, HEF], hours: 24 };
        let block = floating_as(&world, "floating", BlockSpec { void_order: Some(term), ..spec(2) }).await;
        world.sign(&block).await;
        world.at(date(2021, 12, 30), 9);
        world.jobs().await;
        assert_eq!(states(&world, &block).await, [(SHR, "offered"), (SHR, "offered")]);
        let (shr, hef) = (referral(&world, SHR, 1, START, END).await, referral(&world, HEF, 1, START, END).await);
        let comes = |by| format!("a bed of mini-block {block} comes to the authority by {by}, unless another takes it");
        let waits = searched(&world, HEF, &hef).await.1;
        assert!(waits.ends_with(&comes("31 December 2021, 09:00")), "{waits}");
        assert!(!searched(&world, SHR, &shr).await.1.contains("comes to the authority"), "its turn is now");
        let first = offers(&world, &block).await.remove(0);
        take(&world, SHR, &first).await.unwrap();
        let waits = searched(&world, HEF, &hef).await.1;
        assert!(waits.ends_with(&comes("31 December 2021, 09:00")), "the other bed comes sooner: {waits}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_a_taken_bed_costs_by_shares_until_the_child_comes_and_is_offered_again_when_it_leaves() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = ordered(&world, (1, 1), shares(6_000), &[HEF, SHR]).await;
        world.at(date(2022, 1, 2), 9);
        world.jobs().await;
        let before = (world.committed(HEF).await, world.committed(SHR).await);
        let nomination = nominate(&world, HEF, &block, 1).await.unwrap();
        assert_eq!(states(&world, &block).await, [(HEF, "taken")], "whoever nominates in turn has taken it");
        let taken = offers(&world, &block).await.remove(0);
        assert_eq!(refused(pass(&world, HEF, &taken).await), "void_nominated");
        world.at(date(2022, 1, 8), 9);
        world.jobs().await;
        assert_eq!(states(&world, &block).await, [(HEF, "taken")], "a nomination that stands keeps it");
        let accept = AcceptNomination { id: nomination, version: 1 };
        world.perform(&actor(51), "accept", accept).await.unwrap();
        assert_eq!((world.committed(HEF).await, world.committed(SHR).await), before, "no money before the award");
        award(&world, HEF, 1, 1, (START, END)).await;
        world.jobs().await;
        world.jobs().await;
        let (used, empty) = (70 * 50_000, 70 * 40_000);
        assert_eq!(
            world.committed(HEF).await,
            before.0 + Pence(used - empty * 6 / 10),
            "the child's authority pays it"
        );
        assert_eq!(world.committed(SHR).await, before.1 - Pence(empty * 4 / 10), "and its share is released");
        let page = world.app.block_nights(&director(HEF), &block, "2022-01").await.unwrap();
        let payers = |from: Date, to: Date| {
            let within = page.rows.iter().filter(move |row| row.night >= from && row.night < to);
            within.map(placewell_domain::buying::block::nights::NightRow::payer).collect::<Vec<_>>()
        };
        assert!(payers(date(2022, 1, 1), START).iter().all(|payer| *payer == Payer::Shares));
        assert!(payers(START, date(2022, 2, 1)).iter().all(|payer| *payer == Payer::Authority(HEF)));
        assert_eq!(states(&world, &block).await, [(HEF, "closed")], "it is empty no more");
        // Two days before the child leaves, the bed is offered anew from the first of the order.
        world.at(plus_days(END, -2), 9);
        world.jobs().await;
        let all = offers(&world, &block).await;
        assert_eq!((all[1].authority, all[1].since, all[1].turn), (HEF, END, 1));
        world.at(plus_days(END, -1), 9);
        world.jobs().await;
        assert_eq!(states(&world, &block).await[1..], [(HEF, "lapsed"), (SHR, "offered")]);
        // The contract ends with a turn that stands: it ends too.
        world.at(date(2022, 7, 1), 6);
        world.jobs().await;
        assert_eq!(world.block(&block).await.state.name(), "ended");
        assert!(offers(&world, &block).await.iter().all(|one| !one.stands()));
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_2_nights_that_no_authority_of_the_block_took_are_sold_outside_with_income_by_shares() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = ordered(&world, (1, 1), shares(10_000), &[HEF]).await;
        world.at(date(2022, 1, 6), 12);
        world.jobs().await;
        assert_eq!(refused(world.perform(&lead(), "early", sale(&block)).await), "void_order_open");
        let offer = offers(&world, &block).await.remove(0);
        take(&world, HEF, &offer).await.unwrap();
        assert_eq!(refused(world.perform(&lead(), "taken", sale(&block)).await), "void_order_open");
        let taken = offers(&world, &block).await.remove(0);
        pass(&world, HEF, &taken).await.unwrap();
        world.perform(&lead(), "sell", sale(&block)).await.unwrap();
        let before = world.committed(HEF).await;
        referral(&world, SHR, 1, START, END).await;
        award(&world, SHR, 1, 1, (START, END)).await;
        world.jobs().await;
        assert_eq!(world.committed(HEF).await, before - Pence(70 * 40_000));
        let page = world.app.block_nights(&lead(), &block, "2022-02").await.unwrap();
        assert_eq!((page.totals.resold, page.totals.due), (28, Pence(28 * (45_000 - 2_500))));
        let income = page.totals.by_authority.iter().find(|(who, _)| **who == HEF).unwrap().1;
        assert_eq!(income.income, Pence(28 * 2_500));
        world.jobs().await;
        assert_eq!(offers(&world, &block).await.len(), 1, "nothing is offered while the buyer has it");
        world.at(plus_days(END, -1), 9);
        world.jobs().await;
        assert_eq!(offers(&world, &block).await[1].since, END, "and the bed comes back to the order after the sale");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c_09_a_bed_that_its_provider_cannot_give_is_offered_to_nobody() {
    use placewell_app::buying::block::nights::RecordVoid;
    use placewell_domain::buying::block::nights::VoidCause;

    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = ordered(&world, (1, 1), shares(6_000), &[HEF, SHR]).await;
        world.at(date(2021, 12, 1), 9);
        let cause = RecordVoid {
            block: block.clone(),
            slot: Some(1),
            from: date(2022, 1, 1),
            to: date(2022, 1, 5),
            cause: VoidCause::Unstaffed,
            request: None,
        };
        world.perform(&actor(51), "unstaffed", cause).await.unwrap();
        world.at(date(2022, 1, 4), 9);
        world.jobs().await;
        assert_eq!(states(&world, &block).await, []);
        world.at(date(2022, 1, 5), 9);
        world.jobs().await;
        assert_eq!(states(&world, &block).await, [(HEF, "offered")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_leaves_a_paying_authority_out_is_not_proposed() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        for (order, hours, field) in [(vec![HEF], 24, "void_order"), (vec![HEF, SHR], 0, "void_hours")] {
            let asked = BlockSpec { void_order: Some(VoidOrder { order, hours }), ..spec(1) };
            let command = ProposeBlock { proposal: proposal(asked, shares(6_000)) };
            match world.perform(&lead(), field, command).await {
                Err(Outcome::Invalid(invalid)) => assert_eq!(invalid.errors[0].field, field),
                other => unreachable!("{other:?}"),
            }
        }
    })
    .await;
}

/// An offer of a bed of this contract, as the lead's timer makes it.
pub async fn an_offer(world: &World, block: &str, (slot, since): (u8, Date), authority: OrganisationId) -> VoidOffer {
    let at = world.app.calendar.now().local;
    VoidOffer {
        id: 0,
        version: 0,
        block: world.block(block).await.id,
        lead: REGION,
        provider: LARK,
        authority,
        slot,
        since,
        turn: 1,
        offered: at,
        state: VoidOfferState::Closed { at },
    }
}

/// Offers it, and nothing looks beforehand whether another offer stands: the database has the last word.
pub async fn offer_blindly(world: &World, offer: VoidOffer) -> Result<VoidOffer, Outcome> {
    let mut work = world.app.store.begin(REGION, world.app.calendar.now()).await.map_err(Outcome::from)?;
    let offer = VoidOffer { id: work.new_id(), ..offer };
    let moment = work.moment();
    match work.apply(VoidOffer::offer(offer, 24, moment)).await {
        Ok(offer) => {
            work.commit(placewell_app::clock::Machine::now()).await.map_err(Outcome::from)?;
            Ok(offer)
        }
        Err(error) => {
            let outcome = Outcome::from(error);
            let _gone = work.roll_back().await;
            Err(outcome)
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_refuses_a_second_offer_of_a_bed_and_a_second_turn_of_an_authority() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = ordered(&world, (1, 1), shares(6_000), &[HEF, SHR]).await;
        let since = date(2022, 1, 1);
        let first = offer_blindly(&world, an_offer(&world, &block, (1, since), HEF).await).await.unwrap();
        let second = offer_blindly(&world, an_offer(&world, &block, (1, since), SHR).await).await;
        assert_eq!(refused(second), "void_offered");
        pass(&world, HEF, &first).await.unwrap();
        let again = offer_blindly(&world, an_offer(&world, &block, (1, since), HEF).await).await;
        assert_eq!(refused(again), "void_offered_once");
        offer_blindly(&world, an_offer(&world, &block, (1, since), SHR).await).await.unwrap();
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

//! Two awards with the same bed, approved by two authorities at the same moment: 64 clients on both databases. Both could be
//! approved before one is live, since only live contracts tie beds; so an approval claims them. The naive twin looks at the
//! tied beds alone, and both awards are approved.

use std::sync::Arc;

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::buying::block::{DecideBlock, WithdrawBlock};
use placewell_app::clock::Machine;
use placewell_domain::buying::block::{BlockApproval, BlockApprovalState, BlockBed, BlockBeds};
use placewell_domain::change::Event;
use placewell_domain::id::{BedId, DecisionId, HomeId, OrganisationId, PostId};
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::power::delegation::{Act, Power, Through};
use tokio::task::JoinSet;

use super::world::{
    HEF, LARK, REGION, RIVAL, SHR, World, actor, both_made, director, done, lead, proposal, refused, shares, spec,
};

const CLIENTS: usize = 64;
const ROUNDS: i64 = 10;
/// One bed at £400, all guaranteed, for 181 nights, a half of it each.
const HALF: i64 = 40_000 * 181 / 2;

/// Two awards of one bed each that were bid for with the same one, waiting for both authorities.
async fn two(world: &World, round: i64) -> [String; 2] {
    let mut found = [String::new(), String::new()];
    for (at, name) in ["first", "second"].into_iter().enumerate() {
        let bids = [(51, round, 50_000)];
        found[at] = world.compete(&format!("{round} {name}"), proposal(spec(1), shares(5_000)), &bids).await;
    }
    for reference in &found {
        world.evaluate(&format!("{round} {reference}"), reference).await.unwrap();
    }
    found
}

async fn given(world: &World, reference: &str) -> usize {
    let session = world.app.store.read(Some(REGION)).await.unwrap();
    let id = session.block_by_reference(reference).await.unwrap().id;
    session.block_approvals(id).await.unwrap().iter().filter(|one| one.given()).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rule_6_1_two_awards_on_one_bed_are_not_both_approved_before_one_is_live_under_64_clients() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = Arc::new(World::opened(&database).await);
        for round in 1..=ROUNDS {
            let awards = two(&world, round).await;
            let mut clients = JoinSet::new();
            for client in 0..CLIENTS {
                let (world, reference) = (Arc::clone(&world), awards[client % 2].clone());
                let who = director(if (client / 2) % 2 == 0 { HEF } else { SHR });
                clients.spawn(async move {
                    let version = world.block(&reference).await.version;
                    let command = DecideBlock { reference: reference.clone(), version, refuse: None };
                    match world.app.perform(&who, &format!("{reference} {client}"), command).await {
                        Ok(_) | Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => {}
                        Err(Outcome::Refused(refusal)) => {
                            let known = ["block_bed_claimed", "block_decided_once"];
                            assert!(known.contains(&refusal.code.as_str()), "{refusal}");
                        }
                        Err(other) => unreachable!("{other:?}"),
                    }
                });
            }
            clients.join_all().await;
            let mut approvals = [given(&world, &awards[0]).await, given(&world, &awards[1]).await];
            approvals.sort_unstable();
            assert_eq!(approvals, [0, 2], "round {round}: one award has both authorities, the other none");
            world.jobs().await;
            let mut live = 0;
            for reference in &awards {
                live += usize::from(world.block(reference).await.state.name() == "live");
            }
            assert_eq!(live, 1, "round {round}");
            for org in [HEF, SHR] {
                assert_eq!(world.committed(org).await, Pence(HALF * round), "round {round}: no money for the other");
            }
        }
        let session = world.app.store.read(Some(REGION)).await.unwrap();
        let all = (date(2022, 1, 1), date(2022, 7, 1));
        assert_eq!(session.block_claims(all).await.unwrap(), [], "what is live ties its beds itself");
        assert_eq!(session.tied_beds(all).await.unwrap().len(), usize::try_from(ROUNDS).unwrap());
        drop(session);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// The twin: an authority's approval that looks whether a live contract ties the bed, and is given.
async fn naive(world: &World, org: OrganisationId, reference: &str) -> bool {
    let mut work = world.work(org).await;
    let block = work.block_by_reference(reference).await.unwrap();
    let tied = work.tied_beds((block.spec.from, block.spec.until)).await.unwrap();
    if !tied.is_empty() {
        work.roll_back().await.unwrap();
        return false;
    }
    let person = director(org).person;
    let power = Power {
        act: Act::AwardMiniBlock,
        decision: DecisionId(1),
        reference: "HEF-2021-0802".to_owned(),
        letter: 'b'.into(),
        effective_from: date(2021, 8, 3),
        post: PostId(10),
        title: "Director".to_owned(),
        person,
        through: Through::Holder,
    };
    let state = BlockApprovalState::Given { power, key: None, committed: Pence(HALF) };
    let (id, moment) = (work.new_id(), work.moment());
    let change = BlockApproval::decide((id, org), &block, String::new(), (person, state), moment).unwrap();
    work.apply(change).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_of_an_approval_approves_two_awards_on_one_bed() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = Arc::new(World::opened(&database).await);
        let awards = two(&world, 1).await;
        let mut clients = JoinSet::new();
        for reference in &awards {
            for org in [HEF, SHR] {
                let (world, reference) = (Arc::clone(&world), reference.clone());
                clients.spawn(async move { naive(&world, org, &reference).await });
            }
        }
        assert!(clients.join_all().await.into_iter().all(|approved| approved));
        assert_eq!([given(&world, &awards[0]).await, given(&world, &awards[1]).await], [2, 2], "a breach each time");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_refuses_a_second_claim_of_a_bed_and_a_withdrawn_award_lets_go_of_it() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = World::opened(&database).await;
        let [first, second] = two(&world, 1).await;
        world.approve(&director(HEF), "hef", &first).await.unwrap();
        let seen = world.app.block_page(&director(SHR), &second).await.unwrap().deciding.unwrap();
        assert_eq!(seen.gates.unwrap_err().code, "block_bed_claimed", "its page says so before it decides");
        let before = world.committed(SHR).await;
        assert_eq!(refused(world.approve(&director(SHR), "shr", &second).await), "block_bed_claimed");
        assert_eq!(world.committed(SHR).await, before);
        // No lock and no look: the constraint has the last word.
        let other = world.block(&second).await.id;
        let beds = BlockBeds::Fixed { beds: vec![BlockBed { home: HomeId(1), bed: BedId(101) }] };
        let work = world.work(SHR).await;
        let nights = Nights::new(date(2022, 6, 30), date(2022, 8, 1)).unwrap();
        let claimed = work.claim_beds(other, &beds, nights).await.map_err(Outcome::from);
        assert_eq!(refused(claimed), "block_bed_claimed");
        work.roll_back().await.unwrap();
        let mut work = world.work(SHR).await;
        work.claim_beds(other, &beds, Nights::new(date(2022, 7, 1), date(2022, 8, 1)).unwrap()).await.unwrap();
        work.release_claims(other).await.unwrap();
        work.record(Event::new("world.claims", "world", 1, 1));
        done(work).await;
        let version = world.block(&first).await.version;
        let withdraw = WithdrawBlock { reference: first.clone(), version, reason: "Not needed".into() };
        world.perform(&lead(), "withdraw", withdraw).await.unwrap();
        world.jobs().await;
        assert_eq!(world.committed(HEF).await, Pence::ZERO, "its money is released");
        world.approve(&director(SHR), "again", &second).await.unwrap();
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bid_with_a_bed_of_an_approved_award_is_refused_and_names_it_to_the_provider_of_the_home_alone() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = World::opened(&database).await;
        let [first, _] = two(&world, 1).await;
        let third = world.compete("third", proposal(spec(1), shares(5_000)), &[]).await;
        world.approve(&director(HEF), "hef", &first).await.unwrap();
        let claims = async |reader| {
            let session = world.app.store.read(Some(reader)).await.unwrap();
            session.block_claims((date(2022, 1, 1), date(2022, 7, 1))).await.unwrap().len()
        };
        assert_eq!((claims(LARK).await, claims(RIVAL).await, claims(SHR).await), (1, 0, 1));
        let bid = world.bid(51, &third, 1, 50_000).await;
        match world.perform(&actor(51), "its bed", bid).await {
            Err(Outcome::Refused(refusal)) => {
                assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("block_bed_claimed", first.as_str()));
            }
            other => panic!("{other:?}"),
        }
        let other = world.bid(51, &third, 2, 50_000).await;
        world.perform(&actor(51), "another bed", other).await.unwrap();
    })
    .await;
}

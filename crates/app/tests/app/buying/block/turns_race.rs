//! Two authorities take the same empty bed at once: 64 clients on both databases. The naive twin looks whether the bed is
//! taken and then takes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::buying::block::nights::{PassVoid, TakeVoid};
use placewell_domain::buying::block::VoidOffer;
use placewell_domain::money::Pence;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::child::officer;
use super::turns::{an_offer, offer_blindly, ordered};
use super::world::{HEF, REGION, SHR, World, both_made, shares};

const CLIENTS: usize = 64;
/// As many as the two contracts have beds.
const ROUNDS: u8 = 10;

fn lost<T>(answer: Result<T, Outcome>) -> Option<T> {
    match answer {
        Ok(found) => Some(found),
        Err(Outcome::Refused(refusal)) => {
            let known = ["void_offered", "void_offered_once", "void_offer_state"];
            assert!(known.contains(&refusal.code.as_str()), "{refusal}");
            None
        }
        Err(Outcome::NotFound | Outcome::Conflict | Outcome::Busy | Outcome::Retry) => None,
        Err(other) => unreachable!("{other:?}"),
    }
}

/// 64 clients offer the bed to one of two authorities each, and take what they offered; how many took it.
async fn rush(world: &Arc<World>, block: &str, slot: u8) -> usize {
    let mut clients = JoinSet::new();
    let since = date(2022, 1, 1);
    for client in 0..CLIENTS {
        let (world, org) = (Arc::clone(world), if client % 2 == 0 { HEF } else { SHR });
        let offer = an_offer(&world, block, (slot, since), org).await;
        clients.spawn(async move {
            let Some(made) = lost(offer_blindly(&world, offer).await) else { return 0 };
            let (key, command) = (format!("take {client}"), TakeVoid { id: made.id, version: made.version });
            usize::from(lost(world.app.perform(&officer(org), &format!("{key} {}", made.id), command).await).is_some())
        });
    }
    clients.join_all().await.into_iter().sum()
}

/// 64 clients of both authorities take one offer that stands; how many took it.
async fn rush_at(world: &Arc<World>, offer: &VoidOffer) -> usize {
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (world, org) = (Arc::clone(world), if client % 2 == 0 { HEF } else { SHR });
        let command = TakeVoid { id: offer.id, version: offer.version };
        clients.spawn(async move {
            let key = format!("rush {} {client}", command.id);
            usize::from(lost(world.app.perform(&officer(org), &key, command).await).is_some())
        });
    }
    clients.join_all().await.into_iter().sum()
}

async fn standing(world: &World, block: &str, slot: u8) -> Vec<VoidOffer> {
    let session = world.app.store.read(Some(REGION)).await.unwrap();
    let id = session.block_by_reference(block).await.unwrap().id;
    let all = session.void_offers_of(id).await.unwrap();
    all.into_iter().filter(|one| one.slot == slot && one.stands()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn c_09_two_authorities_take_the_same_void_and_one_has_it_under_64_clients() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = Arc::new(World::opened(&database).await);
        let six = ordered(&world, (6, 1), shares(5_000), &[HEF, SHR]).await;
        let four = ordered(&world, (4, 7), shares(5_000), &[HEF, SHR]).await;
        for round in 1..=ROUNDS {
            let (block, slot) = if round <= 6 { (&six, round) } else { (&four, round - 6) };
            assert_eq!(rush(&world, block, slot).await, 1, "round {round}");
            let taken = standing(&world, block, slot).await;
            assert_eq!(taken.len(), 1, "round {round}: {taken:?}");
            assert_eq!(taken[0].state.name(), "taken");
            // It is given back, and the other authority's turn is fought for by both.
            let had = &taken[0];
            let back = PassVoid { id: had.id, version: had.version };
            world.perform(&officer(had.authority), &format!("back {round}"), back).await.unwrap();
            let other = if had.authority == HEF { SHR } else { HEF };
            let offer = an_offer(&world, block, (slot, date(2022, 1, 1)), other).await;
            let offer = offer_blindly(&world, offer).await.unwrap();
            assert_eq!(rush_at(&world, &offer).await, 1, "round {round}");
        }
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// The twin: sees a bed that nobody has taken, and takes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_of_taking_a_void_gives_it_to_several() {
    let mut breached = 0;
    for _ in 0..ROUNDS {
        let (taken, barrier) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(CLIENTS)));
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let (taken, barrier) = (Arc::clone(&taken), Arc::clone(&barrier));
            clients.spawn(async move {
                let seen = taken.load(Ordering::SeqCst);
                barrier.wait().await;
                if seen == 0 {
                    taken.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        clients.join_all().await;
        breached += usize::from(taken.load(Ordering::SeqCst) > 1);
    }
    assert!(breached > 0, "a look before the write is no check");
}

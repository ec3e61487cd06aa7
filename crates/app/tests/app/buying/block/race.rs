//! Two authorities approving at once, and awards against one ceiling: 64 clients and 20 rounds on both databases. The naive
//! twin reads what is left and then commits, and breaches.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use placewell_app::Outcome;
use placewell_app::buying::block::DecideBlock;
use placewell_domain::money::Pence;
use placewell_testkit::databases::both;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::world::{HEF, SHR, World, YEAR, director, proposal, shares, spec};

const ROUNDS: usize = 20;
const CLIENTS: usize = 64;

/// One bed at £400, all guaranteed, for 181 nights: £72,400, a half of it each.
const HALF: i64 = 40_000 * 181 / 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rule_6_1_two_authorities_approve_at_once_and_no_ceiling_is_passed_under_64_clients() {
    both(async |database| {
        // Four awards fit, and not a fifth.
        let world = Arc::new(World::new(&database, Pence(HALF * 4 + 1)).await);
        let (given, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        for round in 0..ROUNDS {
            let key = format!("round {round}");
            // The first four awards hold a bed each; the later ones are bid for with others.
            let bed = i64::try_from(if round < 4 { round } else { 4 + round % 6 }).unwrap() + 1;
            let reference = world.recommended(&key, proposal(spec(1), shares(5_000)), bed).await;
            let version = world.block(&reference).await.version;
            let mut clients = JoinSet::new();
            for client in 0..CLIENTS {
                let (world, given, over) = (Arc::clone(&world), Arc::clone(&given), Arc::clone(&over));
                let who = director(if client % 2 == 0 { HEF } else { SHR });
                let key = format!("{reference} {}", client / 8);
                let command = DecideBlock { reference: reference.clone(), version, refuse: None };
                clients.spawn(async move {
                    match world.app.perform(&who, &key, command).await {
                        Ok(receipt) if receipt.repeated => {}
                        Ok(_) => {
                            given.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(Outcome::Refused(refusal)) if refusal.code == "ceiling_reached" => {
                            over.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(Outcome::Refused(refusal)) => {
                            let known = ["block_decided_once", "nothing_to_approve"];
                            assert!(known.contains(&refusal.code.as_str()), "{refusal}");
                        }
                        Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => {}
                        Err(other) => panic!("{other:?}"),
                    }
                });
            }
            clients.join_all().await;
        }
        world.jobs().await;
        assert_eq!(given.load(Ordering::Relaxed), 8, "four awards of two authorities");
        assert!(over.load(Ordering::Relaxed) > 0);
        let live = world.app.blocks(&super::world::lead()).await.unwrap();
        assert_eq!(live.iter().filter(|line| line.block.state.name() == "live").count(), 4);
        for org in [HEF, SHR] {
            assert_eq!(world.committed(org).await, Pence(HALF * 4));
            let session = world.app.store.read(Some(org)).await.unwrap();
            let totals = session.ledger_year(org, YEAR).await.unwrap().unwrap().totals;
            assert!(totals.committed <= totals.ceiling && totals.over == Pence::ZERO);
        }
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// The twin: reads what is committed, sees room, and writes its own total.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_of_an_award_passes_the_ceiling() {
    const CEILING: i64 = HALF * 4 + 1;
    let mut breached = 0;
    for _ in 0..ROUNDS {
        let (committed, barrier) = (Arc::new(AtomicI64::new(0)), Arc::new(Barrier::new(CLIENTS)));
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let (committed, barrier) = (Arc::clone(&committed), Arc::clone(&barrier));
            clients.spawn(async move {
                let seen = committed.load(Ordering::SeqCst);
                barrier.wait().await;
                if seen + HALF <= CEILING {
                    committed.fetch_add(HALF, Ordering::SeqCst);
                }
            });
        }
        clients.join_all().await;
        breached += usize::from(committed.load(Ordering::SeqCst) > CEILING);
    }
    assert!(breached > 0, "a check before the write is no check");
}

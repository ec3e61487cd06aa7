//! Children nominated for one bed at once: 64 clients and 20 rounds on both databases. The naive twin looks whether the bed
//! is free and then writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use placewell_app::Outcome;
use placewell_app::buying::block::nights::{NominateChild, WithdrawNomination};
use placewell_domain::buying::block::nomination::{Nomination, WithdrawReason};
use placewell_domain::money::Pence;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::child::{officer, referrals};
use super::world::{HEF, World, both_made};

const ROUNDS: usize = 20;
const CLIENTS: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rule_6_2_one_child_stands_nominated_for_a_bed_under_64_clients() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = Arc::new(World::opened(&database).await);
        let block = world.live("a", 1).await;
        let referrals = referrals(&world, 1).await;
        for round in 0..ROUNDS {
            let mut clients = JoinSet::new();
            for client in 0..CLIENTS {
                let (world, block) = (Arc::clone(&world), block.clone());
                let (org, referral) = referrals[client % referrals.len()].clone();
                clients.spawn(async move {
                    let command = NominateChild { block, slot: 1, referral };
                    let done = world.app.perform(&officer(org), &format!("{round} {client}"), command).await;
                    match done {
                        Ok(_) => true,
                        Err(Outcome::Refused(refusal)) => {
                            assert!(["bed_nominated", "child_nominated"].contains(&refusal.code.as_str()), "{refusal}");
                            false
                        }
                        Err(Outcome::Invalid(_) | Outcome::Busy | Outcome::Retry) => false,
                        Err(other) => panic!("{other:?}"),
                    }
                });
            }
            let won = clients.join_all().await.into_iter().filter(|won| *won).count();
            assert_eq!(won, 1, "round {round}");
            let session = world.app.store.read(Some(HEF)).await.unwrap();
            let id = session.block_by_reference(&block).await.unwrap().id;
            let all = session.nominations_of(id).await.unwrap();
            let standing: Vec<_> = all.into_iter().filter(Nomination::stands).collect();
            assert_eq!(standing.len(), 1);
            drop(session);
            let one = &standing[0];
            let back = WithdrawNomination { id: one.id.0, version: one.version, reason: WithdrawReason::Mistake };
            world.perform(&officer(one.authority), &format!("back {round}"), back).await.unwrap();
        }
        world.jobs().await;
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// The twin: sees an empty bed, and nominates.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_of_a_nomination_names_several_children_for_one_bed() {
    let mut breached = 0;
    for _ in 0..ROUNDS {
        let (named, barrier) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(CLIENTS)));
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let (named, barrier) = (Arc::clone(&named), Arc::clone(&barrier));
            clients.spawn(async move {
                let seen = named.load(Ordering::SeqCst);
                barrier.wait().await;
                if seen == 0 {
                    named.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        clients.join_all().await;
        breached += usize::from(named.load(Ordering::SeqCst) > 1);
    }
    assert!(breached > 0, "a look before the write is no check");
}

//! All invariants at once: key, approval, agreement, bed, ledger, event and job, with 64 clients and 20 rounds on one
//! authority, one home and one ceiling; afterwards every count agrees with every other. And the last two approvals of a
//! search at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::power::delegation::PowerFact;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::power::delegation::{StatutoryAppointment, StatutoryOffice};
use placewell_store::placing::agreement::AgreementTab;
use placewell_testkit::databases::both;
use tokio::task::JoinSet;

use super::gates::WORCESTERSHIRE;
use super::world::{DEPUTY, HEF, World, actor, director, officer, statutory};

const ROUNDS: u32 = 20;
const CLIENTS: usize = 64;
const REFERRALS: u32 = 4;
/// Searches whose two approvals are given at once, each at £1,000 for ten weeks.
const PAIRS: u32 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_invariants_hold_at_once_under_64_clients_and_20_rounds() {
    both(async |database| {
        let world = Arc::new(World::new(&database, "E06000019", 40, Pence::pounds(30 * 10_000)).await);
        let (awards, refused) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        for round in 0..ROUNDS {
            let mut commands = Vec::new();
            for at in 0..REFERRALS {
                let number = 1 + round * REFERRALS + at;
                let referral = world.referral(number, &[1_000], false, HEF).await;
                let Ok(receipt) = world.recommend(&referral, &format!("r{number}")).await else { continue };
                let asked = receipt.location.rsplit('/').next().unwrap().to_owned();
                commands.push((number, world.approval_command(&asked, false).await));
            }
            if commands.is_empty() {
                continue;
            }
            let mut clients = JoinSet::new();
            for client in 0..CLIENTS {
                let (number, command) = commands[client % commands.len()].clone();
                let (world, awards, refused) = (Arc::clone(&world), Arc::clone(&awards), Arc::clone(&refused));
                clients.spawn(async move {
                    let key = format!("{number}-{}", client / 8);
                    match world.app.perform(&director(), &key, command).await {
                        Ok(receipt) if receipt.repeated => {}
                        Ok(_) => {
                            awards.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(Outcome::Refused(refusal)) => {
                            assert!(
                                ["ceiling_reached", "bed_taken", "offer_gone"].contains(&refusal.code.as_str()),
                                "{refusal}"
                            );
                            refused.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => {}
                        Err(other) => panic!("{other:?}"),
                    }
                });
            }
            clients.join_all().await;
        }
        let awards = awards.load(Ordering::Relaxed);
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let (agreements, count) = session.agreements(HEF, AgreementTab::Coming, (0, 1_000)).await.unwrap();
        assert_eq!(count, u64::try_from(awards).unwrap(), "one agreement for each award");
        assert!(awards > 0 && awards <= 30, "{awards} awards of a ceiling that holds 30");
        let mut referrals: Vec<i64> = agreements.iter().map(|agreement| agreement.referral.0).collect();
        referrals.sort_unstable();
        referrals.dedup();
        assert_eq!(referrals.len(), awards, "one agreement of each referral");
        let totals = session.ledger_year(HEF, date(2020, 12, 15)).await.unwrap().unwrap().totals;
        assert_eq!(totals.committed, Pence::pounds(10_000 * i64::try_from(awards).unwrap()));
        assert_eq!(session.ledger_faults(HEF).await.unwrap(), []);
        let mut beds = Vec::new();
        for agreement in &agreements {
            let held = session.bed_uses_of(HEF, agreement.id).await.unwrap();
            assert_eq!(held.len(), 1, "one bed for each agreement");
            beds.push(held[0].bed);
            let events = session.timeline(HEF, "agreement", agreement.id.0).await.unwrap();
            assert_eq!(events.len(), 1, "one event for each agreement");
        }
        beds.sort_unstable();
        beds.dedup();
        assert_eq!(beds.len(), awards, "no bed held twice");
        assert!(session.verify_chain(HEF).await.unwrap().faults.is_empty());
        assert!(world.app.store.row_faults(HEF).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_the_last_two_approvals_given_at_once_one_makes_the_award() {
    both(async |database| {
        let world = Arc::new(World::new(&database, WORCESTERSHIRE, 10, Pence::pounds(10 * 10_000)).await);
        let nominated = StatutoryAppointment { office: StatutoryOffice::NominatedOfficer, ..statutory(HEF, DEPUTY) };
        world.power(&[PowerFact::Statutory(nominated)]).await;
        let who = [actor(DEPUTY, HEF, Role::Approver), director()];
        for number in 1..=PAIRS {
            let referral = world.referral(number, &[1_000], false, HEF).await;
            let receipt = world.recommend(&referral, &format!("r{number}")).await.unwrap();
            let asked = receipt.location.rsplit('/').next().unwrap();
            let all = world.app.approval_view(&officer(), asked).await.unwrap().all;
            assert_eq!(all.len(), 2, "the nominated officer's and the power's");
            let mut commands = Vec::new();
            for one in &all {
                commands.push(world.approval_command(&one.approval.reference.to_string(), false).await);
            }
            let mut approvers = JoinSet::new();
            for (command, who) in commands.into_iter().zip(who.clone()) {
                let (world, key) = (Arc::clone(&world), format!("a{number}"));
                approvers.spawn(async move { world.app.perform(&who, &key, command).await });
            }
            for given in approvers.join_all().await {
                given.unwrap();
            }
        }
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let (_, agreements) = session.agreements(HEF, AgreementTab::Coming, (0, 100)).await.unwrap();
        assert_eq!(agreements, u64::from(PAIRS), "no search is left approved and without its award");
        let totals = session.ledger_year(HEF, date(2020, 12, 15)).await.unwrap().unwrap().totals;
        assert_eq!(totals.committed, Pence::pounds(10_000 * i64::from(PAIRS)));
        assert_eq!(session.ledger_faults(HEF).await.unwrap(), []);
    })
    .await;
}

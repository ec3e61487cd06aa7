//! Children nominated for floating beds of whom the home can take fewer: 64 clients approve at once, on both databases. The
//! naive twin reads which beds are free and chooses without the home's lock.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::buying::block::nights::NominateChild;
use placewell_app::placing::approval::{Approve, Recommend};
use placewell_domain::change::Event;
use placewell_domain::id::{AgreementId, BedId, BedUseId, HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::access::Role;
use placewell_domain::placing::occupancy::{BedUse, ClosedReason, Sleeper, UseState};
use placewell_store::StoreError;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::child::{officer, referral};
use super::sharing::floating;
use super::world::{HEF, REGION, SHR, World, both_made, director, done};
use crate::award::world::recommendation;

const CLIENTS: usize = 64;
const FROM: Date = date(2022, 1, 10);
const TO: Date = date(2022, 3, 21);
/// Beds of home 1, which has ten, that are out of service when the approvals come in.
const CLOSED: i64 = 7;

fn nights() -> Nights {
    Nights::new(FROM, TO).unwrap()
}

/// Takes the first beds of home 1 out of service on the nights that are sought.
async fn close(world: &World, beds: i64) {
    let mut work = world.work(REGION).await;
    let home = work.home(HomeId(1)).await.unwrap();
    for bed in 1..=beds {
        let id = BedUseId(work.new_id());
        let change = BedUse::take_out(id, &home, BedId(100 + bed), nights(), ClosedReason::Repair);
        work.apply(change).await.unwrap();
    }
    done(work).await;
}

/// A child nominated for a floating bed and recommended: who decides, and what the approval's page shows.
async fn waiting(
    world: &World,
    block: &str,
    (org, number, slot): (OrganisationId, u32, u8),
) -> (OrganisationId, Approve) {
    let child = referral(world, org, number, FROM, TO).await;
    let command = NominateChild { block: block.to_owned(), slot, referral: child.clone() };
    world.perform(&officer(org), &format!("nominate {child}"), command).await.unwrap();
    let session = world.app.store.read(Some(org)).await.unwrap();
    let version = session.referral_by_reference(org, &child).await.unwrap().version;
    drop(session);
    let command = Recommend { planned_end: TO, ..recommendation(&child, version) };
    let asked = world.perform(&officer(org), &format!("recommend {child}"), command).await.unwrap();
    let reference = asked.location.rsplit('/').next().unwrap().to_owned();
    let view = world.app.approval_view(&officer(org), &reference).await.unwrap();
    let (version, seen) = (view.approval.version, view.hash);
    (org, Approve { reference, version, seen, conditions: String::new(), urgent: false })
}

/// In which bed each child of an authority has a place.
async fn beds_of(world: &World, org: OrganisationId) -> Vec<BedId> {
    let session = world.app.store.read(Some(org)).await.unwrap();
    let uses = session.bed_uses(HomeId(1), FROM).await.unwrap();
    uses.into_iter().filter(|used| !matches!(used.state, UseState::OutOfService(_))).map(|used| used.bed).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rule_6_1_the_last_free_floating_bed_is_one_childs_under_64_clients() {
    both_made(Pence::pounds(3_000_000), async |database| {
        let world = Arc::new(World::opened(&database).await);
        let mut work = world.work(REGION).await;
        let always = Nights::open(date(2018, 12, 15));
        work.record_price(HomeId(1), "planned", "core", always, Some(Pence::pounds(5_000))).await.unwrap();
        work.record(Event::new("world.price", "price", 1, 1));
        done(work).await;
        let work = world.work(HEF).await;
        work.add_person(officer(HEF).person, "officer@example.com", "The officer", None).await.unwrap();
        work.add_membership(officer(HEF).person, Role::PlacementOfficer, "Officer", date(2018, 1, 1), OPEN_END)
            .await
            .unwrap();
        done(work).await;
        let block = floating(&world, "a", 6).await;
        world.sign(&block).await;
        let mut commands = Vec::new();
        for (slot, number) in (1..=6).zip(1..) {
            commands.push(waiting(&world, &block, (HEF, number, slot)).await);
        }
        // Three beds of the home are left for six children.
        close(&world, CLOSED).await;
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let world = Arc::clone(&world);
            let (org, command) = commands[client % commands.len()].clone();
            let key = format!("{} {}", command.reference, client / 24);
            clients.spawn(async move {
                match world.app.perform(&director(org), &key, command).await {
                    Ok(receipt) => !receipt.repeated,
                    Err(Outcome::Refused(refusal)) => {
                        let known = ["bed_taken", "offer_gone", "approval_state"];
                        assert!(known.contains(&refusal.code.as_str()), "{refusal}");
                        false
                    }
                    Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => false,
                    Err(other) => panic!("{other:?}"),
                }
            });
        }
        let won = clients.join_all().await.into_iter().filter(|won| *won).count();
        let mut beds = beds_of(&world, HEF).await;
        beds.sort_unstable();
        assert_eq!(beds, [BedId(108), BedId(109), BedId(110)], "each free bed once");
        assert_eq!(won, 3, "one award for each bed, and no fourth");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// The twin: reads which beds are free, and takes the first without the home's lock. All choose alike; the database's own
/// rule is then all that keeps two children from one bed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_of_the_choice_gives_the_last_free_floating_bed_to_several_children() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = Arc::new(World::opened(&database).await);
        close(&world, 9).await;
        let barrier = Arc::new(Barrier::new(16));
        let mut clients = JoinSet::new();
        for client in 1..=16_i64 {
            let (world, barrier) = (Arc::clone(&world), Arc::clone(&barrier));
            let org = if client % 2 == 0 { SHR } else { HEF };
            clients.spawn(async move {
                let session = world.app.store.read(Some(org)).await.unwrap();
                let uses = session.bed_uses(HomeId(1), FROM).await.unwrap();
                let beds = session.beds(HomeId(1)).await.unwrap();
                let home = session.home(HomeId(1)).await.unwrap();
                drop(session);
                let free = |bed: &BedId| uses.iter().all(|used| used.bed != *bed);
                let chosen = beds.into_iter().map(|bed| bed.id).find(free);
                barrier.wait().await;
                let chosen = chosen?;
                let mut work = world.work(org).await;
                let sleeper = Sleeper { agreement: AgreementId(client), nights: nights(), solo: false };
                let id = BedUseId(work.new_id());
                let written = match work.apply(BedUse::hold(id, &home, chosen, sleeper).unwrap()).await {
                    Ok(_) => work.commit(placewell_app::clock::Machine::now()).await.is_ok(),
                    Err(StoreError::Constraint(name)) => {
                        assert_eq!(name, "bed_taken");
                        work.roll_back().await.unwrap();
                        false
                    }
                    Err(_) => {
                        work.roll_back().await.unwrap();
                        false
                    }
                };
                Some((chosen, written))
            });
        }
        let chosen: Vec<(BedId, bool)> = clients.join_all().await.into_iter().flatten().collect();
        let mut by_bed: BTreeMap<BedId, usize> = BTreeMap::new();
        for (bed, _) in &chosen {
            *by_bed.entry(*bed).or_default() += 1;
        }
        assert_eq!(by_bed, BTreeMap::from([(BedId(110), 16)]), "a look without the lock is no choice");
        assert_eq!(chosen.iter().filter(|(_, written)| *written).count(), 1, "the database lets one in");
    })
    .await;
}

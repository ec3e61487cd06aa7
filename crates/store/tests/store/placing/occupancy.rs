//! Who sleeps where, under race on both databases, each beside a naive twin that breaches: the last bed, one child for whom
//! many beds are found, and a mix of stays, children who live alone, beds out of service, shortening and lengthening by 64
//! clients.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_app::clock::Machine;
use placewell_domain::homes::home::Home;
use placewell_domain::id::{AgreementId, BedId, BedUseId, HomeId, OrganisationId};
use placewell_domain::nights::{Nights, OPEN_END, plus_days};
use placewell_domain::placing::occupancy::{BedUse, ClosedReason, Sleeper, fits};
use placewell_store::error::refusal_of;
use placewell_store::{Backend, Store, StoreError};
use placewell_testkit::databases::{TestDatabase, both};
use sqlx::Executor;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::homes::home::given::{HEREFORDSHIRE, PROVIDER, SHROPSHIRE, TODAY, moment, region};

const CLIENTS: i64 = 64;
const ROUNDS: i64 = 20;

fn stay(id: i64, home: &Home, bed: BedId, from: Date, to: Date, solo: bool) -> BedUse {
    let sleeper = Sleeper { agreement: AgreementId(id), nights: Nights::new(from, to).unwrap(), solo };
    BedUse::stay(BedUseId(id), home, bed, sleeper).unwrap().into_parts().0
}

/// What a client tries; `Ok` where it went in, the refusal's code where a rule said no.
async fn attempt(store: &Store, org: OrganisationId, wanted: &BedUse) -> Result<(), String> {
    for _ in 0..20 {
        let mut work = store.begin(org, moment()).await.unwrap();
        let tried = async {
            work.lock_homes(&[wanted.home]).await?;
            let home = work.home(wanted.home).await?;
            let sleeper =
                wanted.agreement.map(|agreement| Sleeper { agreement, nights: wanted.nights, solo: wanted.solo });
            let change = match sleeper {
                Some(sleeper) => BedUse::stay(wanted.id, &home, wanted.bed, sleeper).unwrap(),
                None => BedUse::take_out(wanted.id, &home, wanted.bed, wanted.nights, ClosedReason::Repair),
            };
            work.apply(change).await.map(|_| ())
        }
        .await;
        match tried {
            Ok(()) => match work.commit(Machine::now()).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Retry | StoreError::Busy) => {}
                Err(error) => panic!("{error:?}"),
            },
            Err(StoreError::Constraint(name)) => {
                work.roll_back().await.unwrap();
                return Err(refusal_of(&name).unwrap_or_else(|| panic!("constraint {name}")).code);
            }
            Err(StoreError::Retry | StoreError::Busy) => work.roll_back().await.unwrap(),
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("gave up after twenty tries");
}

async fn uses(store: &Store, homes: i64) -> Vec<BedUse> {
    let session = store.read(Some(PROVIDER)).await.unwrap();
    let mut all = Vec::new();
    for home in 1..=homes {
        all.extend(session.bed_uses(HomeId(home), plus_days(TODAY, -1_000)).await.unwrap());
    }
    all
}

fn breaches(all: &[BedUse]) -> usize {
    all.iter().enumerate().filter(|(at, one)| fits(&all[..*at], one).is_err()).count()
}

#[tokio::test]
async fn every_rule_of_beds_is_refused_by_the_database_with_its_own_code() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 2, 3).await;
        let home = store.read(Some(PROVIDER)).await.unwrap().home(HomeId(1)).await.unwrap();
        let later = plus_days(TODAY, 30);
        attempt(&store, HEREFORDSHIRE, &stay(1, &home, BedId(101), TODAY, later, false)).await.unwrap();
        let overlap = stay(2, &home, BedId(101), plus_days(TODAY, 29), OPEN_END, false);
        assert_eq!(attempt(&store, SHROPSHIRE, &overlap).await.unwrap_err(), "bed_taken");
        let alone = stay(3, &home, BedId(102), TODAY, later, true);
        assert_eq!(attempt(&store, SHROPSHIRE, &alone).await.unwrap_err(), "solo_beside");
        let after = stay(4, &home, BedId(102), later, OPEN_END, true);
        attempt(&store, SHROPSHIRE, &after).await.unwrap();
        let also_alone = stay(5, &home, BedId(103), later, OPEN_END, true);
        assert_eq!(attempt(&store, HEREFORDSHIRE, &also_alone).await.unwrap_err(), "solo_beside");
        let mut twice = stay(6, &home, BedId(103), TODAY, later, false);
        twice.agreement = Some(AgreementId(1));
        assert_eq!(attempt(&store, HEREFORDSHIRE, &twice).await.unwrap_err(), "child_elsewhere");
        assert_eq!(breaches(&uses(&store, 2).await), 0);
    })
    .await;
}

#[tokio::test]
async fn ending_early_frees_the_bed_and_lengthening_into_another_s_nights_is_refused() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        let home = store.read(Some(PROVIDER)).await.unwrap().home(HomeId(1)).await.unwrap();
        attempt(&store, HEREFORDSHIRE, &stay(1, &home, BedId(101), TODAY, OPEN_END, false)).await.unwrap();
        let next = stay(2, &home, BedId(101), plus_days(TODAY, 10), OPEN_END, false);
        assert_eq!(attempt(&store, SHROPSHIRE, &next).await.unwrap_err(), "bed_taken");
        let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        let held = work.bed_use(BedUseId(1)).await.unwrap();
        work.apply(held.end_on(plus_days(TODAY, 10)).unwrap()).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        attempt(&store, SHROPSHIRE, &next).await.unwrap();
        let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        let held = work.bed_use(BedUseId(1)).await.unwrap();
        let longer = work.apply(held.end_on(plus_days(TODAY, 11)).unwrap()).await.unwrap_err();
        assert!(matches!(&longer, StoreError::Constraint(name) if name == "bed_taken"), "{longer:?}");
        work.roll_back().await.unwrap();
        let mut work = store.begin(SHROPSHIRE, moment()).await.unwrap();
        let theirs = work.bed_use(BedUseId(1)).await.unwrap();
        assert!(work.apply(theirs.end_on(plus_days(TODAY, 5)).unwrap()).await.is_err(), "another's stay was ended");
        work.roll_back().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn race_64_clients_for_the_last_bed_in_20_rounds_and_exactly_one_has_it() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        region(&store, 1, 1).await;
        let home = store.read(Some(PROVIDER)).await.unwrap().home(HomeId(1)).await.unwrap();
        for round in 0..ROUNDS {
            let mut clients = JoinSet::new();
            let (from, to) = (plus_days(TODAY, round * 10), plus_days(TODAY, round * 10 + 10));
            for client in 1..=CLIENTS {
                let (store, home) = (Arc::clone(&store), home.clone());
                clients.spawn(async move {
                    let org = if client % 2 == 0 { HEREFORDSHIRE } else { SHROPSHIRE };
                    attempt(&store, org, &stay(round * 100 + client, &home, BedId(101), from, to, false)).await
                });
            }
            let answers = clients.join_all().await;
            assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "round {round}");
            assert!(answers.iter().filter_map(|answer| answer.as_ref().err()).all(|code| code == "bed_taken"));
        }
    })
    .await;
}

/// How each client ended that gives one agreement's child a bed of its own choice, once all had found none; the clients
/// go round the homes, so that no two want the same bed.
async fn child_race(store: &Arc<Store>, round: i64, homes: i64) -> Vec<Result<(), String>> {
    let looked = Arc::new(Barrier::new(usize::try_from(CLIENTS).unwrap()));
    let all = store.read(Some(PROVIDER)).await.unwrap().homes().await.unwrap();
    let (from, to) = (plus_days(TODAY, round * 10), plus_days(TODAY, round * 10 + 10));
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (store, looked) = (Arc::clone(store), Arc::clone(&looked));
        let home = all[usize::try_from(client % homes).unwrap()].clone();
        let bed = BedId(home.id.0 * 100 + 1 + client / homes);
        let child = AgreementId(round);
        let wanted = BedUse { agreement: Some(child), ..stay(round * 100 + client, &home, bed, from, to, false) };
        clients.spawn(async move {
            let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
            let found = session.bed_uses_of(HEREFORDSHIRE, child).await.unwrap();
            drop(session);
            looked.wait().await;
            assert!(found.is_empty(), "somebody wrote before everybody had looked");
            attempt(&store, HEREFORDSHIRE, &wanted).await
        });
    }
    clients.join_all().await
}

fn one_bed(answers: &[Result<(), String>]) {
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().filter_map(|answer| answer.as_ref().err()).all(|code| code == "child_elsewhere"));
}

#[tokio::test]
async fn race_64_clients_for_as_many_beds_in_20_rounds_and_the_child_has_one() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        region(&store, 1, 64).await;
        for round in 1..=ROUNDS {
            one_bed(&child_race(&store, round, 1).await);
        }
        assert_eq!(uses(&store, 1).await.len(), usize::try_from(ROUNDS).unwrap());
    })
    .await;
}

#[tokio::test]
async fn race_64_clients_for_beds_of_16_homes_and_the_child_has_one() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        region(&store, 16, 4).await;
        one_bed(&child_race(&store, 1, 16).await);
        assert_eq!(uses(&store, 16).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn naive_twin_without_the_guard_gives_a_child_a_bed_for_each_client() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        region(&store, 16, 4).await;
        without_guards(&database).await;
        let answers = child_race(&store, 1, 16).await;
        assert!(answers.iter().all(Result::is_ok), "the twin held: the race does not race");
        let all = uses(&store, 16).await;
        assert_eq!((all.len(), breaches(&all)), (64, 63));
    })
    .await;
}

/// A small generator of chances, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % sides).unwrap()
    }
}

fn chance(dice: &mut Dice, id: i64, homes: &[Home]) -> BedUse {
    let home = &homes[usize::try_from(dice.roll(homes.len() as u64)).unwrap()];
    let bed = BedId(home.id.0 * 100 + 1 + dice.roll(4));
    let from = plus_days(TODAY, dice.roll(200));
    let to = if dice.roll(6) == 0 { OPEN_END } else { plus_days(from, 1 + dice.roll(60)) };
    if dice.roll(8) == 0 {
        let nights = Nights::new(from, to).unwrap();
        return BedUse::take_out(BedUseId(id), home, bed, nights, ClosedReason::Repair).into_parts().0;
    }
    stay(id, home, bed, from, to, dice.roll(4) == 0)
}

async fn change_length(store: &Store, id: i64, dice: &mut Dice) {
    let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
    let tried = async {
        let Ok(held) = work.bed_use(BedUseId(id)).await else { return Ok(()) };
        work.lock_homes(&[held.home]).await?;
        let held = work.bed_use(BedUseId(id)).await?;
        let to = plus_days(held.nights.from(), 1 + dice.roll(90));
        work.apply(held.end_on(to).unwrap()).await.map(|_| ())
    }
    .await;
    match tried {
        Ok(()) => work.commit(Machine::now()).await.unwrap(),
        Err(StoreError::Constraint(_) | StoreError::Retry | StoreError::Conflict) => work.roll_back().await.unwrap(),
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn race_64_clients_of_stays_solo_closings_and_changes_never_overlap() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        region(&store, 6, 4).await;
        let homes = Arc::new(store.read(Some(PROVIDER)).await.unwrap().homes().await.unwrap());
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let (store, homes) = (Arc::clone(&store), Arc::clone(&homes));
            clients.spawn(async move {
                let mut dice = Dice(client.unsigned_abs() + 1);
                let mut won = 0;
                for round in 0..20 {
                    let id = client * 100 + round + 1;
                    let wanted = chance(&mut dice, id, &homes);
                    let org = if wanted.agreement.is_some() { HEREFORDSHIRE } else { PROVIDER };
                    if attempt(&store, org, &wanted).await.is_ok() {
                        won += 1;
                        if wanted.agreement.is_some() && dice.roll(3) == 0 {
                            change_length(&store, id, &mut dice).await;
                        }
                    }
                }
                won
            });
        }
        let won: usize = clients.join_all().await.into_iter().sum();
        let all = uses(&store, 6).await;
        assert_eq!(all.len(), won);
        assert!(won > 24, "only {won} uses went in: the mix tests nothing");
        assert_eq!(breaches(&all), 0, "of {won}");
    })
    .await;
}

/// Takes the guards away, as if beds were only checked before they are written.
async fn without_guards(database: &TestDatabase) {
    let statements: &[&str] = match database.backend {
        Backend::Sqlite => &["DROP TRIGGER bed_use_fits_insert", "DROP TRIGGER bed_use_fits_update"],
        Backend::Postgres => &[
            "ALTER TABLE bed_use DROP CONSTRAINT bed_taken",
            "ALTER TABLE bed_use DROP CONSTRAINT solo_beside",
            "ALTER TABLE bed_use DROP CONSTRAINT solo_twice",
            "ALTER TABLE bed_use DROP CONSTRAINT child_elsewhere",
        ],
    };
    match database.backend {
        Backend::Sqlite => {
            let pool = sqlx::SqlitePool::connect(&database.url).await.unwrap();
            for statement in statements {
                pool.execute(*statement).await.unwrap();
            }
            pool.close().await;
        }
        Backend::Postgres => {
            let pool = sqlx::PgPool::connect(&database.url).await.unwrap();
            for statement in statements {
                pool.execute(*statement).await.unwrap();
            }
            pool.close().await;
        }
    }
}

#[tokio::test]
async fn naive_twin_that_checks_before_it_writes_gives_a_bed_twice() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        region(&store, 1, 2).await;
        without_guards(&database).await;
        let home = store.read(Some(PROVIDER)).await.unwrap().home(HomeId(1)).await.unwrap();
        let started = Arc::new(Barrier::new(usize::try_from(CLIENTS).unwrap()));
        let mut clients = JoinSet::new();
        for client in 1..=CLIENTS {
            let (store, home, started) = (Arc::clone(&store), home.clone(), Arc::clone(&started));
            clients.spawn(async move {
                let wanted = stay(client, &home, BedId(101 + client % 2), TODAY, OPEN_END, client % 4 == 0);
                let seen = store.read(Some(PROVIDER)).await.unwrap().bed_uses(HomeId(1), TODAY).await.unwrap();
                started.wait().await;
                if fits(&seen, &wanted).is_ok() {
                    let _answer = attempt(&store, HEREFORDSHIRE, &wanted).await;
                }
            });
        }
        clients.join_all().await;
        let all = uses(&store, 1).await;
        assert!(breaches(&all) > 0, "the twin must breach, else the race above shows nothing");
    })
    .await;
}

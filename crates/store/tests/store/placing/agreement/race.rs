//! One agreement of a referral: 64 clients who have all looked first prepare one each, for 20 referrals, and one has it;
//! beside them the same clients without the key, who prepare as many as they are.

use std::sync::Arc;

use placewell_app::clock::Machine;
use placewell_domain::id::ReferralId;
use placewell_store::placing::agreement::AgreementTab;
use placewell_store::{Backend, Store, StoreError};
use placewell_testkit::databases::{TestDatabase, both};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row as _, SqliteConnection};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::given::{agreement, offer, offered};
use crate::homes::home::given::{HEREFORDSHIRE, moment, region};

const CLIENTS: i64 = 64;
const REFERRALS: i64 = 20;
/// The key, as PostgreSQL and as SQLite name it.
const KEY: [&str; 2] = ["one_agreement", "agreement.org_id, agreement.referral_id"];

/// Prepares an agreement on an offer; the constraint where the database refuses it.
async fn prepare(store: &Store, referral: i64, offer: i64) -> Result<(), String> {
    for _ in 0..20 {
        let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        match work.apply(agreement(offer, referral, offer)).await {
            Ok(_) => match work.commit(Machine::now()).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Retry | StoreError::Busy) => {}
                Err(error) => panic!("{error}"),
            },
            Err(StoreError::Constraint(name)) => {
                work.roll_back().await.unwrap();
                return Err(name);
            }
            Err(StoreError::Retry | StoreError::Busy) => work.roll_back().await.unwrap(),
            Err(error) => panic!("{error}"),
        }
    }
    panic!("offer {offer} gave up");
}

/// How each client ended, on an offer of its own, once all had found no agreement of the referral.
async fn race(store: &Arc<Store>, referral: i64) -> Vec<Result<(), String>> {
    let (mut clients, looked) = (JoinSet::new(), Arc::new(Barrier::new(usize::try_from(CLIENTS).unwrap())));
    for client in 1..=CLIENTS {
        let (store, looked) = (Arc::clone(store), Arc::clone(&looked));
        clients.spawn(async move {
            let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
            let found = session.agreement_of(HEREFORDSHIRE, ReferralId(referral)).await.unwrap();
            drop(session);
            looked.wait().await;
            assert!(found.is_none(), "somebody wrote before everybody had looked");
            prepare(&store, referral, offer(referral, client)).await
        });
    }
    clients.join_all().await
}

/// How many agreements there are.
async fn count(store: &Store) -> u64 {
    let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
    session.agreements(HEREFORDSHIRE, AgreementTab::Coming, (0, 1)).await.unwrap().1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn race_64_clients_for_the_agreement_of_each_of_20_referrals_and_one_has_it() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        region(&store, 1, 1).await;
        offered(&database, REFERRALS, CLIENTS).await;
        for referral in 1..=REFERRALS {
            let ends = race(&store, referral).await;
            assert_eq!(ends.iter().filter(|end| end.is_ok()).count(), 1, "agreements of referral {referral}");
            for name in ends.iter().filter_map(|end| end.as_ref().err()) {
                assert!(KEY.contains(&name.as_str()), "{name}");
            }
        }
        assert_eq!(count(&store).await, u64::try_from(REFERRALS).unwrap());
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        assert!(session.verify_chain(HEREFORDSHIRE).await.unwrap().faults.is_empty());
    })
    .await;
}

/// Takes the key away; SQLite has no word for it, so that the table is made anew without it.
async fn without_key(database: &TestDatabase) {
    match database.backend {
        Backend::Sqlite => {
            let mut owner = SqliteConnection::connect(&database.url).await.unwrap();
            owner.execute("PRAGMA foreign_keys = off").await.unwrap();
            let made = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'agreement'";
            let made: String = owner.fetch_one(made).await.unwrap().get(0);
            let twin = made.replace("CONSTRAINT one_agreement UNIQUE (org_id, referral_id),", "");
            assert_ne!(made, twin, "the table has no such key");
            let anew = sqlx::raw_sql(AssertSqlSafe(format!("DROP TABLE agreement; {twin}")));
            owner.execute(anew).await.unwrap();
        }
        Backend::Postgres => {
            let mut owner = PgConnection::connect(&database.url).await.unwrap();
            owner.execute("ALTER TABLE agreement DROP CONSTRAINT one_agreement").await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_without_the_key_prepares_an_agreement_for_each_client() {
    both(async |database| {
        without_key(&database).await;
        let store = Arc::new(database.store().await);
        region(&store, 1, 1).await;
        offered(&database, 1, CLIENTS).await;
        let refused: Vec<String> = race(&store, 1).await.into_iter().filter_map(Result::err).collect();
        let all = u64::try_from(CLIENTS).unwrap();
        assert_eq!((count(&store).await, refused), (all, Vec::new()), "the twin held: the race does not race");
    })
    .await;
}

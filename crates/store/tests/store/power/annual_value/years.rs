//! The years of a commitment are taken in ascending order, so that awards over several years never wait for each other in
//! a ring; beside it, on PostgreSQL, the twin that takes them in the order of its choice and must deadlock.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::{Date, date};
use placewell_app::clock::Machine;
use placewell_domain::id::DecisionId;
use placewell_domain::money::Pence;
use placewell_domain::power::annual_value::Reading;
use placewell_store::{Backend, StoreError};
use placewell_testkit::databases::{both, fresh};
use sqlx::{Connection, PgConnection};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::power::{HEF, SHR, YEAR, adopted, authorities, placement, work};

const CLIENTS: i64 = 16;
const ROUNDS: i64 = 6;
const NEXT_YEAR: Date = date(2021, 12, 15);
const LONG_TERM: Date = date(2024, 12, 14);
const CEILING: Pence = Pence::pounds(50_000_000);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rule_3_2_awards_over_two_years_never_deadlock() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        authorities(&store).await;
        for org in [HEF, SHR] {
            adopted(&store, org, CEILING).await;
            let mut next = work(&store, org).await;
            next.set_ceiling(NEXT_YEAR, CEILING, DecisionId(1), false).await.unwrap();
            next.commit(Machine::now()).await.unwrap();
        }
        let again = Arc::new(AtomicUsize::new(0));
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let (store, again) = (Arc::clone(&store), Arc::clone(&again));
            clients.spawn(async move {
                let org = if client % 2 == 0 { HEF } else { SHR };
                for round in 0..ROUNDS {
                    // Twenty weeks from September reach into the next contract year; now and then one is shortened.
                    let (id, weeks) = (client * 10 + round / 2, if round % 2 == 0 { 20 } else { 16 });
                    let wanted = placement(id, Pence::pounds(1_000), weeks);
                    let mut work = work(&store, org).await;
                    match work.commit_value(&wanted, &Reading::default(), LONG_TERM, None).await {
                        Ok(_) => match work.commit(Machine::now()).await {
                            Ok(()) => {}
                            Err(StoreError::Retry) => drop(again.fetch_add(1, Ordering::Relaxed)),
                            Err(error) => panic!("{error}"),
                        },
                        Err(StoreError::Retry) => {
                            again.fetch_add(1, Ordering::Relaxed);
                            work.roll_back().await.unwrap();
                        }
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
        clients.join_all().await;
        assert_eq!(again.load(Ordering::Relaxed), 0, "a command was asked to come again: the locks are out of order");
        for org in [HEF, SHR] {
            let session = store.read(Some(org)).await.unwrap();
            assert_eq!(session.ledger_faults(org).await.unwrap(), []);
            for year in [YEAR, NEXT_YEAR] {
                let totals = session.ledger_year(org, year).await.unwrap().unwrap().totals;
                assert!(totals.committed > Pence(0), "{org}: nothing is committed in {year}");
            }
        }
    })
    .await;
}

/// Takes two years, one after the other; both clients hold their first before one asks for its second.
async fn takes(url: String, years: [i32; 2], held: Arc<Barrier>) -> Result<(), String> {
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let mut transaction = connection.begin().await.unwrap();
    let add = "UPDATE naive_year SET pence = pence + 1 WHERE year = $1";
    sqlx::query(add).bind(years[0]).execute(&mut *transaction).await.unwrap();
    held.wait().await;
    match sqlx::query(add).bind(years[1]).execute(&mut *transaction).await {
        Ok(_) => transaction.commit().await.map_err(|error| error.to_string()),
        Err(sqlx::Error::Database(error)) => Err(error.code().unwrap_or_default().into_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_twin_that_takes_the_years_in_another_order_deadlocks_on_postgresql() {
    let database = fresh(Backend::Postgres).await;
    let mut owner = PgConnection::connect(&database.url).await.unwrap();
    let table = "CREATE TABLE naive_year AS SELECT year, 0 AS pence FROM (VALUES (2020), (2021)) AS years (year)";
    sqlx::query(table).execute(&mut owner).await.unwrap();
    let held = Arc::new(Barrier::new(2));
    let ends = <[Result<(), String>; 2]>::from(tokio::join!(
        takes(database.url.clone(), [2020, 2021], Arc::clone(&held)),
        takes(database.url.clone(), [2021, 2020], held),
    ));
    let deadlocks = ends.iter().filter(|end| end.as_ref().is_err_and(|code| code == "40P01")).count();
    assert_eq!(deadlocks, 1, "the twin did not deadlock: {ends:?}");
}

//! Two-time facts under race: 64 clients correct one home's price, 5 times each, on both databases; beside it the naive
//! twin that reads what is believed and then writes, and believes two prices of one night.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_app::clock::Machine;
use placewell_domain::homes::price::{KNOWN_OPEN, Rectangle, as_known};
use placewell_domain::id::HomeId;
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, plus_days};
use placewell_store::homes::price::CORE;
use placewell_store::{Backend, Store, StoreError};
use placewell_testkit::databases::{TestDatabase, both};
use sqlx::{Connection, Row as _};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::homes::home::given::{HEREFORDSHIRE, REGION, TODAY, moment, region};

const CLIENTS: i64 = 64;
const ROUNDS: i64 = 5;
/// The nights that are corrected.
const SPAN: i64 = 60;

/// What one client said: under which sequence, from which night to which, and the price.
type Said = (i64, i64, i64, Pence);

/// The nights of one try, none of them outside the span.
fn nights_of(client: i64, round: i64) -> (i64, i64) {
    let from = (client * 17 + round * 23) % (SPAN - 1);
    (from, (from + 1 + (client * 5 + round * 11) % 20).min(SPAN))
}

async fn correct(store: &Store, client: i64, round: i64) -> Result<Said, StoreError> {
    let (from, to) = nights_of(client, round);
    let price = Pence(300_000 + client * 100 + round);
    let nights = Nights::new(plus_days(TODAY, from), plus_days(TODAY, to)).unwrap();
    let mut work = store.begin(REGION, moment()).await?;
    let seq = match work.sequence().await {
        Ok(seq) => seq,
        Err(error) => {
            work.roll_back().await?;
            return Err(error);
        }
    };
    match work.record_price(HomeId(1), "planned", CORE, nights, Some(price)).await {
        Ok(()) => work.commit(Machine::now()).await.map(|()| (seq, from, to, price)),
        Err(error) => {
            work.roll_back().await?;
            Err(error)
        }
    }
}

async fn insist(store: &Store, client: i64, round: i64) -> Said {
    for _ in 0..20 {
        match correct(store, client, round).await {
            Ok(said) => return said,
            Err(StoreError::Retry | StoreError::Busy) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("client {client} gave up in round {round}");
}

/// Rows that are believed at one time about one night.
fn crossing(rows: &[Rectangle<Pence>]) -> usize {
    let meet = |a: &Rectangle<Pence>, b: &Rectangle<Pence>| {
        a.from < b.to && b.from < a.to && a.known_from < b.known_to && b.known_from < a.known_to
    };
    rows.iter().enumerate().map(|(at, a)| rows[at + 1..].iter().filter(|b| meet(a, b)).count()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rule_4_4_every_price_as_known_then_is_reproduced_after_64_clients_corrected_it_at_once() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        region(&store, 1, 1).await;
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let store = Arc::clone(&store);
            clients.spawn(async move {
                let mut said = Vec::new();
                for round in 0..ROUNDS {
                    said.push(insist(&store, client, round).await);
                }
                said
            });
        }
        let mut said: Vec<Said> = clients.join_all().await.into_iter().flatten().collect();
        said.sort_unstable_by_key(|(seq, ..)| *seq);
        assert!(said.windows(2).all(|two| two[0].0 < two[1].0), "two corrections are recorded at one time");
        assert_eq!(said.len(), 320);

        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        let rows: Vec<_> = session.price_history(HomeId(1)).await.unwrap().into_iter().map(|fact| fact.price).collect();
        assert_eq!(crossing(&rows), 0, "two prices of one night are believed at once");
        let mut model = vec![None; usize::try_from(SPAN).unwrap()];
        for (seq, from, to, price) in said {
            model[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()].fill(Some(price));
            for (night, expected) in (0..).zip(&model) {
                let day = plus_days(TODAY, night);
                let known = as_known(&rows, Nights::new(day, plus_days(day, 1)).unwrap(), seq);
                assert_eq!(known.first().map(|row| row.value), *expected, "as known at {seq} on {day}");
            }
        }
        let session = store.read(Some(REGION)).await.unwrap();
        assert!(session.verify_chain(REGION).await.unwrap().faults.is_empty());
    })
    .await;
}

/// Reads what is believed, then closes it and writes anew, each a statement of its own; every client has read before one
/// writes.
macro_rules! naive_twin {
    ($connection:ty, $url:expr) => {{
        let url: String = $url;
        let mut first = <$connection>::connect(&url).await.unwrap();
        let sql = "CREATE TABLE naive_fact (id BIGINT NOT NULL, from_night BIGINT NOT NULL, to_night BIGINT NOT NULL, \
                   pence BIGINT NOT NULL, known_from BIGINT NOT NULL, known_to BIGINT NOT NULL)";
        sqlx::query(sql).execute(&mut first).await.unwrap();
        let mut clients = JoinSet::new();
        let read = Arc::new(Barrier::new(16));
        for client in 0..16_i64 {
            let (url, read) = (url.clone(), Arc::clone(&read));
            clients.spawn(async move {
                let mut connection = <$connection>::connect(&url).await.unwrap();
                for round in 0..ROUNDS {
                    let (from, to) = nights_of(client, round);
                    let sql = "SELECT id, CAST((SELECT coalesce(max(known_from), 0) + 1 FROM naive_fact) AS BIGINT) \
                               FROM naive_fact WHERE from_night < $2 AND to_night > $1 AND known_to = 9999";
                    let held = sqlx::query(sql).bind(from).bind(to).fetch_all(&mut connection).await.unwrap();
                    let seq = held.first().map_or(1, |row| row.get::<i64, _>(1));
                    read.wait().await;
                    for row in &held {
                        let close = "UPDATE naive_fact SET known_to = $1 WHERE id = $2 AND known_to = 9999";
                        let close = sqlx::query(close).bind(seq).bind(row.get::<i64, _>(0));
                        let _busy = close.execute(&mut connection).await;
                    }
                    let insert = "INSERT INTO naive_fact VALUES ($1, $2, $3, $4, $5, 9999)";
                    let insert = sqlx::query(insert).bind(client * ROUNDS + round).bind(from).bind(to);
                    let _busy = insert.bind(300_000 + client).bind(seq).execute(&mut connection).await;
                }
            });
        }
        clients.join_all().await;
        let sql = "SELECT from_night, to_night, known_from, known_to FROM naive_fact WHERE known_from < known_to";
        let rows = sqlx::query(sql).fetch_all(&mut first).await.unwrap();
        let day = |night: i64| -> Date { plus_days(TODAY, night) };
        rows.iter()
            .map(|row| Rectangle {
                from: day(row.get(0)),
                to: day(row.get(1)),
                origin: day(row.get(0)),
                known_from: row.get(2),
                known_to: if row.get::<i64, _>(3) == 9999 { KNOWN_OPEN } else { row.get(3) },
                value: Pence(1),
            })
            .collect::<Vec<_>>()
    }};
}

async fn naive(database: &TestDatabase) -> Vec<Rectangle<Pence>> {
    match database.backend {
        Backend::Sqlite => naive_twin!(sqlx::SqliteConnection, database.url.clone()),
        Backend::Postgres => naive_twin!(sqlx::PgConnection, database.url.clone()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_that_reads_and_then_corrects_believes_two_prices_of_one_night() {
    both(async |database| {
        let rows = naive(&database).await;
        let twice = crossing(&rows);
        assert!(twice > 0, "the naive twin held: the race does not race ({} rows)", rows.len());
    })
    .await;
}

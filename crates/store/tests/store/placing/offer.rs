//! One open offer of a home for a referral: writers who have all looked first and then write are held to one by the
//! database; beside it the same writers without its index, who write as many as they are.

use std::sync::Arc;

use placewell_domain::id::{OrganisationId, ReferralId};
use placewell_store::Backend;
use placewell_store::error::refusal_of;
use placewell_testkit::databases::{TestDatabase, both};
use sqlx::{Connection, Executor, Row as _};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::foundation::moment;

const WRITERS: i64 = 64;
const ROUNDS: i64 = 20;
/// Past the store: no invitation stands behind these offers, and the writer is the authority itself.
const SQLITE: &[&str] =
    &["PRAGMA busy_timeout = 60000", "PRAGMA foreign_keys = off", "UPDATE writer_org SET org_id = 1"];
const POSTGRES: &[&str] = &["SET session_replication_role = replica"];

const OPEN: &str = "SELECT count(*) FROM offer WHERE org_id = 1 AND referral_id = $1 AND home_id = 9 \
                    AND state IN ('draft', 'sent', 'shortlisted', 'recommended')";
const INSERT: &str = "INSERT INTO offer (id, org_id, provider_id, version, number, referral_id, invitation_id, home_id, \
                      state, weekly_pence, start_on, valid_until, words, body) VALUES \
                      ($1, 1, 2, 1, 1, $2, 7, 9, 'sent', 415000, '2021-09-20', '2021-09-30T17:00', $3, '{}')";

/// How many offers to each referral are open after each writer has looked, found none, and written one; and the refusals.
macro_rules! written {
    ($connection:ty, $database:expr, $prepare:expr, $rounds:expr) => {{
        let (mut writers, looked) = (JoinSet::new(), Arc::new(Barrier::new(usize::try_from(WRITERS).unwrap())));
        for writer in 1..=WRITERS {
            let (url, looked) = ($database.url.clone(), Arc::clone(&looked));
            writers.spawn(async move {
                let mut connection = <$connection>::connect(&url).await.unwrap();
                for statement in $prepare {
                    connection.execute(*statement).await.unwrap();
                }
                let mut refused: Vec<String> = Vec::new();
                for referral in 1..=$rounds {
                    let open = sqlx::query(OPEN).bind(referral);
                    let open: i64 = open.fetch_one(&mut connection).await.unwrap().get(0);
                    looked.wait().await;
                    assert_eq!(open, 0, "somebody wrote before everybody had looked");
                    let insert = sqlx::query(INSERT).bind(referral * 100 + writer).bind(referral);
                    let insert = insert.bind(Vec::<u8>::new());
                    refused.extend(insert.execute(&mut connection).await.err().map(|error| error.to_string()));
                }
                refused
            });
        }
        let refused = writers.join_all().await.concat();
        let mut owner = <$connection>::connect(&$database.url).await.unwrap();
        let mut open: Vec<i64> = Vec::new();
        for referral in 1..=$rounds {
            open.push(sqlx::query(OPEN).bind(referral).fetch_one(&mut owner).await.unwrap().get(0));
        }
        (open, refused)
    }};
}

async fn written(database: &TestDatabase, rounds: i64) -> (Vec<i64>, Vec<String>) {
    match database.backend {
        Backend::Sqlite => written!(sqlx::SqliteConnection, database, SQLITE, rounds),
        Backend::Postgres => written!(sqlx::PgConnection, database, POSTGRES, rounds),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_home_has_one_open_offer_though_all_looked_before_one_wrote() {
    both(async |database| {
        let (open, refused) = written(&database, ROUNDS).await;
        assert_eq!(open, vec![1; usize::try_from(ROUNDS).unwrap()]);
        assert_eq!(i64::try_from(refused.len()).unwrap(), (WRITERS - 1) * ROUNDS);
        let by_index =
            |words: &String| words.contains("one_open_offer") || words.contains("UNIQUE constraint failed: offer");
        let other = refused.iter().find(|words| !by_index(words));
        assert_eq!(other, None, "refused by something else");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_without_the_index_has_an_open_offer_of_each_writer() {
    both(async |database| {
        let drop_index = "DROP INDEX one_open_offer";
        match database.backend {
            Backend::Sqlite => {
                sqlx::SqliteConnection::connect(&database.url).await.unwrap().execute(drop_index).await.unwrap();
            }
            Backend::Postgres => {
                sqlx::PgConnection::connect(&database.url).await.unwrap().execute(drop_index).await.unwrap();
            }
        }
        let (open, refused) = written(&database, 1).await;
        assert_eq!((open, refused), (vec![WRITERS], Vec::new()), "the twin held: the race does not race");
    })
    .await;
}

const ASSESSED: &str = "INSERT INTO offer (id, org_id, provider_id, version, number, referral_id, invitation_id, home_id, \
                        state, weekly_pence, start_on, valid_until, words, body, residents_there, residents_considered) \
                        VALUES ($1, 1, 2, 1, 1, 5, 7, $1, $2, 415000, '2021-09-20', '2021-09-30T17:00', $3, '{}', $4, $5)";
/// The state, how many live there, for how many the assessment speaks, and whether the database takes it.
const CASES: &[(&str, Option<i64>, i64, bool)] = &[
    ("draft", Some(2), 0, true),
    ("sent", Some(2), 2, true),
    ("sent", Some(2), 1, false),
    ("sent", Some(0), 1, false),
    ("recommended", Some(3), 0, false),
    ("sent", None, 0, true),
];

/// What the database says to each of the cases.
macro_rules! assessed {
    ($connection:ty, $database:expr, $prepare:expr) => {{
        let mut connection = <$connection>::connect(&$database.url).await.unwrap();
        for statement in $prepare {
            connection.execute(*statement).await.unwrap();
        }
        let mut said = Vec::new();
        for (id, (state, there, considered, _)) in (1_i64..).zip(CASES) {
            let insert =
                sqlx::query(ASSESSED).bind(id).bind(*state).bind(Vec::<u8>::new()).bind(*there).bind(*considered);
            said.push(insert.execute(&mut connection).await.err().map(|error| error.to_string()));
        }
        said
    }};
}

/// On SQLite nobody writes while a unit of work stands.
#[tokio::test]
async fn an_offer_that_another_committed_meanwhile_is_read_when_a_search_ends() {
    both(async |database| {
        if database.backend == Backend::Sqlite {
            return;
        }
        let store = database.store().await;
        let (org, referral) = (OrganisationId(1), ReferralId(5));
        let work = store.begin(org, moment()).await.unwrap();
        assert!(work.open_offers_of(org, referral).await.unwrap().is_empty());
        let mut provider = sqlx::PgConnection::connect(&database.url).await.unwrap();
        for statement in POSTGRES {
            provider.execute(*statement).await.unwrap();
        }
        let insert = sqlx::query(INSERT).bind(1_i64).bind(referral.0).bind(Vec::<u8>::new());
        insert.execute(&mut provider).await.unwrap();
        assert!(work.open_offers_of(org, referral).await.unwrap().is_empty(), "what was read is not read again");
        // It was written past the store, and its empty body does not read.
        assert!(work.open_offers_now(org, referral).await.is_err(), "the offer that came meanwhile was not read");
        work.roll_back().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn rule_5_6_the_database_refuses_an_offer_that_leaves_a_resident_out() {
    both(async |database| {
        let said = match database.backend {
            Backend::Sqlite => assessed!(sqlx::SqliteConnection, database, SQLITE),
            Backend::Postgres => assessed!(sqlx::PgConnection, database, POSTGRES),
        };
        for ((state, there, considered, taken), said) in CASES.iter().zip(said) {
            let case = format!("{state}, {there:?} there, {considered} considered: {said:?}");
            assert_eq!(said.is_none(), *taken, "{case}");
            assert!(said.is_none_or(|error| error.contains("each_resident_considered")), "{case}");
        }
        assert_eq!(refusal_of("each_resident_considered").unwrap().code, "resident_left_out");
    })
    .await;
}

//! Both databases for a test: each run starts from a migrated template, a copied file or a copied database.
//!
//! PostgreSQL comes from `PLACEWELL_TEST_POSTGRES`, which `cargo xtask test` and `cargo xtask postgres` set up.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use placewell_app::App;
use placewell_app::clock::Calendar;
use placewell_store::keys::MasterKey;
use placewell_store::{Backend, Store, migrate};
use sha2::{Digest, Sha256};
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Executor, PgPool};

mod filled;
mod rows;

pub use filled::{both_filled, both_grown, filled, grown};
pub use rows::Reader;

/// The master key of every test.
pub const MASTER: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database of a test's own, gone when the test ends well.
pub struct TestDatabase {
    /// Which kind.
    pub backend: Backend,
    /// Where it is; for PostgreSQL as the tables' owner.
    pub url: String,
    name: String,
}

impl TestDatabase {
    /// Opens it.
    pub async fn store(&self) -> Store {
        Store::open(&self.url, MasterKey::from_hex(MASTER).unwrap()).await.unwrap()
    }

    /// Opens it with these lines of a master key's file.
    pub async fn store_with(&self, keys: &str) -> Result<Store, placewell_store::StoreError> {
        Store::open(&self.url, MasterKey::from_hex(keys)?).await
    }

    /// An application over it.
    pub async fn app(&self, calendar: Calendar) -> Arc<App> {
        App::new(self.store().await, calendar)
    }
}

/// Runs a test on a fresh SQLite file and on a fresh PostgreSQL database.
pub async fn both<F: Future<Output = ()>>(test: impl Fn(Arc<TestDatabase>) -> F) {
    both_of(fresh, test).await;
}

async fn both_of<F: Future<Output = ()>>(
    make: impl AsyncFn(Backend) -> TestDatabase,
    test: impl Fn(Arc<TestDatabase>) -> F,
) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let database = Arc::new(make(backend).await);
        test(Arc::clone(&database)).await;
        discard(&database).await;
    }
}

fn next_name() -> String {
    format!("pw_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Where the SQLite file of this name goes. A process of the same number may have left one; a stale log would be read into it.
fn clear(name: &str) -> PathBuf {
    for suffix in ["-wal", "-shm"] {
        let _gone = std::fs::remove_file(folder().join(format!("{name}.db{suffix}")));
    }
    folder().join(format!("{name}.db"))
}

/// A fresh database of one kind.
pub async fn fresh(backend: Backend) -> TestDatabase {
    match backend {
        Backend::Sqlite => copied_file(sqlite_template().await),
        Backend::Postgres => {
            let admin = admin().await;
            let template = postgres_template(&admin).await;
            copied_database(&admin, &template).await
        }
    }
}

/// A database of a test's own from a template's file.
fn copied_file(template: PathBuf) -> TestDatabase {
    let name = next_name();
    let path = clear(&name);
    std::fs::copy(template, &path).unwrap();
    TestDatabase { backend: Backend::Sqlite, url: format!("sqlite://{}", path.display()), name }
}

/// The same from a template that the server holds.
async fn copied_database(admin: &PgPool, template: &str) -> TestDatabase {
    let name = next_name();
    run(admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    run(admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    TestDatabase { backend: Backend::Postgres, url: with_database(&name), name }
}

/// Takes it away: what [`both`] does after a test, for a further one that the test made.
pub async fn discard(database: &TestDatabase) {
    match database.backend {
        Backend::Sqlite => {
            for suffix in ["", "-wal", "-shm"] {
                let _gone = std::fs::remove_file(folder().join(format!("{}.db{suffix}", database.name)));
            }
        }
        Backend::Postgres => {
            run(&admin().await, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database.name)).await;
        }
    }
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join("placewell-tests");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Changes whenever a migration does, so that no stale template is used.
fn schema_digest() -> String {
    let mut digest = Sha256::new();
    for (name, script) in migrate::MIGRATIONS {
        digest.update(name);
        digest.update(script);
    }
    digest.update(include_str!("../../store/src/dialect.rs"));
    hex::encode(&digest.finalize()[..8])
}

async fn sqlite_template() -> PathBuf {
    let path = folder().join(format!("template-{}.db", schema_digest()));
    if !path.exists() {
        let draft = folder().join(format!("draft-{}-{}.db", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        let store =
            Store::open(&format!("sqlite://{}", draft.display()), MasterKey::from_hex(MASTER).unwrap()).await.unwrap();
        store.close().await;
        std::fs::rename(&draft, &path).unwrap();
    }
    path
}

async fn postgres_template(admin: &PgPool) -> String {
    let name = format!("pw_template_{}", schema_digest());
    let mut connection = admin.acquire().await.unwrap();
    connection.execute("SELECT pg_advisory_lock(77)").await.unwrap();
    let known: Option<(i32,)> = sqlx::query_as("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut *connection)
        .await
        .unwrap();
    if known.is_none() {
        let draft = format!("{name}_draft");
        run(admin, &format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).await;
        run(admin, &format!("CREATE DATABASE {draft}")).await;
        migrate::postgres(&with_database(&draft), None).await.unwrap();
        run(admin, &format!("ALTER DATABASE {draft} RENAME TO {name}")).await;
    }
    connection.execute("SELECT pg_advisory_unlock(77)").await.unwrap();
    name
}

#[allow(clippy::disallowed_methods)] // the one setting of the tests
fn server() -> String {
    std::env::var("PLACEWELL_TEST_POSTGRES")
        .expect("PLACEWELL_TEST_POSTGRES is not set: run `cargo xtask test`, or export what `cargo xtask postgres --keep` prints")
}

fn with_database(name: &str) -> String {
    let server = server();
    let (host, _) = server.rsplit_once('/').unwrap();
    format!("{host}/{name}")
}

async fn admin() -> PgPool {
    PgPoolOptions::new().max_connections(2).connect(&server()).await.unwrap()
}

async fn run(pool: &PgPool, sql: &str) {
    pool.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
}

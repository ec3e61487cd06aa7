//! Databases that hold the small demonstration, or what a test executable fills in itself. One of each kind is filled
//! and the tests start from copies: filling takes a hundred times as long as copying. Under `cargo xtask test` one is
//! filled for all executables of the run, else each fills its own.

use std::time::UNIX_EPOCH;

use placewell_app::demonstration::{Scale, calendar, fill_at};

use super::{
    Arc, Backend, Digest, Executor, Future, PathBuf, PgPool, Sha256, TestDatabase, admin, both_of, copied_database,
    copied_file, folder, fresh, run,
};

/// Runs a test on a copy of the filled SQLite file and on a copy of the filled PostgreSQL database; its app stands at the
/// demonstration's own moment, `calendar()`.
pub async fn both_filled<F: Future<Output = ()>>(test: impl Fn(Arc<TestDatabase>) -> F) {
    both_of(filled, test).await;
}

/// A filled database of one kind.
pub async fn filled(backend: Backend) -> TestDatabase {
    grown(backend, "demonstration", fill).await
}

/// Runs a test on a copy of the SQLite file and on one of the PostgreSQL database that hold what `fill` keeps, see
/// [`grown`].
pub async fn both_grown<F: Future<Output = ()>>(
    of: &str,
    fill: impl AsyncFn(&TestDatabase),
    test: impl Fn(Arc<TestDatabase>) -> F,
) {
    both_of(async |backend| grown(backend, of, &fill).await, test).await;
}

/// A database of one kind that holds what `fill` keeps, which closes what it opens. `of` names that content, among the
/// tests of all crates: whichever test asks first fills a template, and each has a copy.
pub async fn grown(backend: Backend, of: &str, fill: impl AsyncFn(&TestDatabase)) -> TestDatabase {
    let names = names(of);
    match backend {
        Backend::Sqlite => copied_file(sqlite_template(&names, fill).await),
        Backend::Postgres => {
            let admin = admin().await;
            postgres_template(&admin, &names, fill).await;
            copied_database(&admin, &names.whole).await
        }
    }
}

/// What the templates of one content are called: the same for all tests that share them, another once these are built
/// anew.
struct Names {
    prefix: String,
    whole: String,
    /// Held while a PostgreSQL template is looked for and filled.
    lock: i64,
}

fn names(of: &str) -> Names {
    let (whose, built) = maker();
    let digest = Sha256::digest(format!("{whose} {of}"));
    let prefix = format!("pw_filled_{}_", hex::encode(&digest[..6]));
    let version = hex::encode(&Sha256::digest(built)[..6]);
    Names { whole: format!("{prefix}{version}"), prefix, lock: i64::from_be_bytes(digest[..8].try_into().unwrap()) }
}

/// Whose templates a test shares, and of which build: those of the run of all tests that it is part of, whose
/// executables are built of the same code, or those of its executable.
#[allow(clippy::disallowed_methods)] // set by the run for its own tests
fn maker() -> (String, String) {
    if let Ok(run) = std::env::var("PLACEWELL_TEST_RUN") {
        return (format!("run {run}"), String::new());
    }
    let executable = std::env::current_exe().unwrap();
    let data = executable.metadata().unwrap();
    let built = data.modified().unwrap().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    (executable.display().to_string(), format!("{built} {}", data.len()))
}

async fn fill(database: &TestDatabase) {
    let app = database.app(calendar()).await;
    fill_at(&app, Scale::SMALL, &mut |_| {}).await.unwrap();
    app.store.close().await;
}

async fn sqlite_template(names: &Names, fill: impl AsyncFn(&TestDatabase)) -> PathBuf {
    let path = folder().join(format!("{}.db", names.whole));
    let lock = std::fs::File::create(folder().join(format!("{}lock", names.prefix))).unwrap();
    // Waiting here is what the other tests are meant to do.
    lock.lock().unwrap();
    if !path.exists() {
        for stale in std::fs::read_dir(folder()).unwrap().flatten() {
            let stale_name = stale.file_name().to_string_lossy().into_owned();
            if stale_name.starts_with(&names.prefix) && stale_name.contains(".db") {
                let _gone = std::fs::remove_file(stale.path());
            }
        }
        let draft = fresh(Backend::Sqlite).await;
        fill(&draft).await;
        std::fs::rename(draft.url.trim_start_matches("sqlite://"), &path).unwrap();
    }
    path
}

async fn postgres_template(admin: &PgPool, names: &Names, fill: impl AsyncFn(&TestDatabase)) {
    let Names { prefix, whole, lock } = names;
    let mut connection = admin.acquire().await.unwrap();
    sqlx::query("SELECT pg_advisory_lock($1)").bind(lock).execute(&mut *connection).await.unwrap();
    let known: Vec<(String,)> = sqlx::query_as("SELECT datname::text FROM pg_database WHERE starts_with(datname, $1)")
        .bind(prefix)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    if !known.iter().any(|(name,)| name == whole) {
        for (stale,) in known {
            run(admin, &format!("DROP DATABASE IF EXISTS {stale} WITH (FORCE)")).await;
        }
        let draft = fresh(Backend::Postgres).await;
        fill(&draft).await;
        run(admin, &format!("ALTER DATABASE {} RENAME TO {whole}", draft.name)).await;
    }
    connection.execute("SELECT pg_advisory_unlock_all()").await.unwrap();
}

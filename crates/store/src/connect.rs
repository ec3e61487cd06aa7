//! Opening either database: one write connection and a read pool on SQLite, one pool on PostgreSQL.

use std::collections::HashMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use placewell_domain::clock::Moment;
use placewell_domain::id::OrganisationId;
use sea_orm::{DatabaseConnection, SqlxPostgresConnector, TransactionTrait};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::sync::Semaphore;

use crate::contents::{Contents, Written};
use crate::dialect::NOBODY;
use crate::error::StoreError;
use crate::group::Writer;
use crate::keys::{MasterKey, before};
use crate::migrate;
use crate::session::{Link, Session};
use crate::sqlite::{Opening, Pool};
use crate::values;
use crate::work::Work;

/// How many transactions of one organisation a PostgreSQL node runs at once; the rest wait in the process,
/// since more only queue on the organisation's lock and eat the pool.
const PER_ORGANISATION: usize = 4;
const POOL: u32 = 16;
const READERS: usize = 4;
/// Statements that a connection to PostgreSQL keeps prepared.
const STATEMENTS: usize = 600;
/// How much of the file a connection keeps to itself, in kilobytes; what all read the system keeps once. A reader keeps its
/// answers beside it.
const WRITER_CACHE: i64 = -16_000;
const READER_CACHE: i64 = -2_500;

/// The role under which PostgreSQL serves: it owns nothing and row-level security holds for it.
pub const APP_ROLE: &str = "placewell_app";

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// One file.
    Sqlite,
    /// A server.
    Postgres,
}

enum Connections {
    Sqlite { readers: Arc<Pool>, writer: Writer },
    Postgres(DatabaseConnection),
}

/// An open database whose schema is the one this executable knows.
pub struct Store {
    connections: Connections,
    turns: Mutex<HashMap<OrganisationId, Arc<Semaphore>>>,
    master: Arc<MasterKey>,
    contents: Arc<Contents>,
}

impl Store {
    /// Opens `sqlite://path` (migrating it) or `postgres://…` (whose schema must be up to date), with the key that it was
    /// first opened with; the first time keeps a check of the key.
    pub async fn open(url: &str, master: MasterKey) -> Result<Self, StoreError> {
        Self::opened(url, master, true).await
    }

    /// Opens a database to look at it: nothing is made, migrated or kept, and a schema that is behind is said.
    pub async fn open_as_it_is(url: &str, master: MasterKey) -> Result<Self, StoreError> {
        Self::opened(url, master, false).await
    }

    async fn opened(url: &str, master: MasterKey, make: bool) -> Result<Self, StoreError> {
        let (store, plain) = if url.starts_with("postgres") {
            Self::open_postgres(url, master, make).await?
        } else {
            Self::open_sqlite(url, master, make)?
        };
        if make && !plain.is_empty() {
            store.work_off(&plain).await?;
            // Until then SQLite's file and log hold what stood there plainly.
            if !store.cut_log().await? {
                tracing::warn!("somebody reads the database: its log of writes could not be cut");
            }
        }
        if make {
            store.hold_facts().await?;
            store.say_vouched().await?;
        }
        Ok(store)
    }

    /// The store, and whose part an earlier version kept plainly.
    fn open_sqlite(url: &str, master: MasterKey, make: bool) -> Result<(Self, Vec<i64>), StoreError> {
        let path = PathBuf::from(url.strip_prefix("sqlite://").unwrap_or(url));
        let write = Opening { path, cache: WRITER_CACHE, writes: true, make, first: "".into() };
        let mut opened = write.open()?;
        if make {
            migrate::sqlite(&mut opened, &master)?;
        } else {
            migrate::check_sqlite(&opened)?;
        }
        let master = migrate::sqlite_master(&opened, master, make)?;
        let first = migrate::reader_views(&opened)?.into();
        let contents = Arc::new(Contents::of_sqlite(&opened)?);
        let plain = before::of_sqlite(&opened)?;
        let read = Opening { cache: READER_CACHE, writes: false, make: false, first, ..write.clone() };
        let write = Opening { make: false, ..write };
        let store = Self {
            connections: Connections::Sqlite {
                readers: Pool::new(read, READERS),
                writer: Writer::new(Pool::with(write, opened)),
            },
            turns: Mutex::default(),
            master: Arc::new(master),
            contents,
        };
        Ok((store, plain))
    }

    async fn open_postgres(url: &str, master: MasterKey, make: bool) -> Result<(Self, Vec<i64>), StoreError> {
        let options = PgConnectOptions::from_str(url)?.options([("role", APP_ROLE)]);
        let options = options.statement_cache_capacity(STATEMENTS).disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(POOL)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options)
            .await?;
        migrate::check_postgres(&pool).await?;
        let mut connection = pool.acquire().await?;
        let master = migrate::postgres_master(&mut connection, master, make).await?;
        drop(connection);
        let contents = Arc::new(Contents::of_postgres(&pool).await?);
        let plain = before::of_postgres(&pool).await?;
        let store = Self {
            connections: Connections::Postgres(SqlxPostgresConnector::from_sqlx_postgres_pool(pool)),
            turns: Mutex::default(),
            master: Arc::new(master),
            contents,
        };
        Ok((store, plain))
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match self.connections {
            Connections::Sqlite { .. } => Backend::Sqlite,
            Connections::Postgres(_) => Backend::Postgres,
        }
    }

    pub(crate) fn contents(&self) -> &Arc<Contents> {
        &self.contents
    }

    /// The master key that wraps the organisations' keys.
    pub fn master(&self) -> &MasterKey {
        &self.master
    }

    /// A reading session for an organisation, or for a visitor; it changes nothing and ends when dropped.
    pub async fn read(&self, organisation: Option<OrganisationId>) -> Result<Session, StoreError> {
        let master = Arc::clone(&self.master);
        match &self.connections {
            Connections::Sqlite { readers, .. } => {
                let link = Link::Sqlite(Arc::new(readers.begin_reading(organisation).await?));
                Ok(Session::new(link, organisation, master))
            }
            Connections::Postgres(pool) => {
                let link = Link::Postgres(Arc::new(pool.begin().await?));
                let session = Session::new(link, organisation, master);
                session.execute(SET_ORGANISATION, values![as_setting(organisation)]).await?;
                Ok(session)
            }
        }
    }

    /// A unit of work for an organisation: nothing is kept until it commits.
    pub async fn begin(&self, organisation: OrganisationId, moment: Moment) -> Result<Work, StoreError> {
        let master = Arc::clone(&self.master);
        match &self.connections {
            Connections::Sqlite { writer, .. } => {
                let turn = writer.turn(organisation).await?;
                let session = Session::new(Link::Sqlite(turn.transaction()), Some(organisation), master);
                let session = session.writing(Written::new(Arc::clone(&self.contents)));
                Ok(Work::grouped(session, organisation, moment, turn))
            }
            Connections::Postgres(pool) => {
                let permit = self.turn_of(organisation).acquire_owned().await.map_err(StoreError::fault)?;
                let link = Link::Postgres(Arc::new(pool.begin().await?));
                let session = Session::new(link, Some(organisation), master);
                let session = session.writing(Written::new(Arc::clone(&self.contents)));
                session.execute(SET_FOR_WORK, values![as_setting(Some(organisation))]).await?;
                Ok(Work::alone(session, organisation, moment, permit))
            }
        }
    }

    fn turn_of(&self, organisation: OrganisationId) -> Arc<Semaphore> {
        let mut turns = self.turns.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(turns.entry(organisation).or_insert_with(|| Arc::new(Semaphore::new(PER_ORGANISATION))))
    }

    /// Whether people's changes are waiting for their turn, so that what can wait should.
    pub fn is_busy(&self) -> bool {
        if let Connections::Sqlite { writer, .. } = &self.connections {
            return writer.is_awaited();
        }
        let turns = self.turns.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        turns.values().any(|turn| turn.available_permits() == 0)
    }

    /// Takes what was deleted out of SQLite's log of writes: the log is moved into the file, where deleted bytes are
    /// overwritten, and cut. False where somebody still reads from it. PostgreSQL recycles its own: see docs/running.md.
    pub async fn cut_log(&self) -> Result<bool, StoreError> {
        match &self.connections {
            Connections::Sqlite { writer, .. } => writer.cut_log().await,
            Connections::Postgres(_) => Ok(true),
        }
    }

    /// Closes every connection; the writer last, since only it can bring the write-ahead log back into the file.
    pub async fn close(&self) {
        match &self.connections {
            Connections::Sqlite { readers, writer } => {
                readers.close();
                writer.close();
            }
            Connections::Postgres(pool) => {
                let _closed = pool.close_by_ref().await;
            }
        }
    }

    /// Whether the database answers, and takes a change: a unit of work is begun and given up.
    pub async fn answers(&self) -> Result<(), StoreError> {
        match &self.connections {
            Connections::Sqlite { readers, .. } => readers.begin_reading(None).await.map(drop)?,
            Connections::Postgres(pool) => pool.ping().await?,
        }
        let at = jiff::Timestamp::UNIX_EPOCH;
        let moment = Moment { at, local: jiff::tz::TimeZone::UTC.to_datetime(at) };
        self.begin(OrganisationId(0), moment).await?.roll_back().await
    }
}

const SET_ORGANISATION: &str = "SELECT set_config('app.org', $1, true)";
/// Work also waits no longer than this for a lock.
const SET_FOR_WORK: &str = "SELECT set_config('app.org', $1, true), set_config('lock_timeout', '5s', true)";

fn as_setting(organisation: Option<OrganisationId>) -> String {
    organisation.map_or_else(|| NOBODY.to_owned(), |id| id.to_string())
}

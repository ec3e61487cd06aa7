//! What a database from before stood for plainly is worked off by the first opening with the master key: a migration has none.
//! Each holder's part is one transaction with its mark, so that a cut run goes on and nothing is done twice.

use std::time::Duration;

use jiff::Timestamp;
use placewell_domain::id::OrganisationId;
use sqlx::PgPool;

use crate::connect::Store;
use crate::error::StoreError;
use crate::outbox::placeholder_moment;
use crate::values;
use crate::verify::DEPLOYMENT;
use crate::work::Work;

/// How often a part is begun again that another node holds. Each wait for its lock takes five seconds, so that a part may take
/// ten minutes elsewhere.
pub(crate) const TURNS: u32 = 120;
/// The least between two tries, where a lock is refused at once.
const BETWEEN: Duration = Duration::from_millis(100);

const HOLDERS: &str = "SELECT holder FROM kept_plainly ORDER BY holder";

/// Whose part waits still.
pub(crate) fn of_sqlite(connection: &rusqlite::Connection) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare(HOLDERS)?;
    let holders = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    Ok(holders)
}

/// The same on PostgreSQL.
pub(crate) async fn of_postgres(pool: &PgPool) -> Result<Vec<i64>, StoreError> {
    Ok(sqlx::query_scalar(HOLDERS).fetch_all(pool).await?)
}

/// Waits before what another node held is tried again, where there are turns left.
pub(crate) async fn another_turn(error: StoreError, turns: &mut u32) -> Result<(), StoreError> {
    *turns -= 1;
    if *turns == 0 || !matches!(error, StoreError::Busy | StoreError::Retry) {
        return Err(error);
    }
    tokio::time::sleep(BETWEEN).await;
    Ok(())
}

impl Store {
    /// Seals what an earlier version kept in the clear, and keys what it kept by plain digests.
    pub(crate) async fn work_off(&self, holders: &[i64]) -> Result<(), StoreError> {
        for holder in holders {
            let mut turns = TURNS;
            while let Err(error) = self.work_off_of(OrganisationId(*holder)).await {
                another_turn(error, &mut turns).await?;
            }
        }
        Ok(())
    }

    async fn work_off_of(&self, holder: OrganisationId) -> Result<(), StoreError> {
        let moment = placeholder_moment(Timestamp::UNIX_EPOCH);
        let work = self.begin(holder, moment).await?;
        match work.work_off_part().await {
            Ok(()) => work.commit(moment.at).await,
            Err(error) => {
                work.roll_back().await?;
                Err(error)
            }
        }
    }
}

impl Work {
    async fn work_off_part(&self) -> Result<(), StoreError> {
        // Another node may have been sooner: it is waited for here.
        if self.execute("DELETE FROM kept_plainly WHERE holder = $1", values![self.org()]).await? == 0 {
            return Ok(());
        }
        self.seal_mailed_links().await?;
        self.key_welcome_links().await?;
        if self.org() == DEPLOYMENT {
            self.key_sign_ins().await?;
            self.key_ceremonies().await?;
            self.key_recovery_codes().await?;
            self.key_one_time_links().await?;
        }
        Ok(())
    }
}

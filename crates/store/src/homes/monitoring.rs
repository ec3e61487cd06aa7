//! What monitoring keeps: returns, visits and concerns that several organisations read; weeks of hours and alerts about
//! placements, which are their two organisations' own.

use jiff::civil::Date;
use placewell_domain::homes::standing::scorecard::Watched;
use placewell_domain::id::HomeId;
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;

mod concern;
mod counted;
mod quality_return;
mod stability;
mod support;
mod visit;

pub use counted::Counted;

fn bodies<T: DeserializeOwned + Clone + Send + Sync + 'static>(rows: &[Row]) -> Result<Vec<T>, StoreError> {
    rows.iter().map(Row::body).collect()
}

/// A record that changed in the meantime changes no row.
const fn changed(rows: u64) -> Result<(), StoreError> {
    match rows {
        0 => Err(StoreError::Conflict),
        _ => Ok(()),
    }
}

impl Session {
    /// What monitoring of a home found, as far as it warns on a day.
    pub async fn watched(&self, home: HomeId, today: Date) -> Result<Watched, StoreError> {
        let returns = "SELECT CAST(count(*) AS BIGINT) AS n FROM quality_return WHERE home_id = $1 AND state = 'due' AND due_on < $2";
        let returns = self.one(returns, values![home, today]).await?.int("n")?;
        let grave = "SELECT CAST(count(*) AS BIGINT) AS n FROM home_concern WHERE home_id = $1 AND state <> 'closed' AND severity = 'high'";
        let grave = self.one(grave, values![home]).await?.int("n")?;
        let actions =
            self.concerns_of(home).await?.iter().map(|one| u64::try_from(one.overdue(today)).unwrap_or_default()).sum();
        let count = |n: i64| u64::try_from(n).unwrap_or_default();
        Ok(Watched { returns: count(returns), actions, grave: count(grave) })
    }
}

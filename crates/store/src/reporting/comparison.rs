//! What each route took to arrange, as each authority counts it for the region; the members read all.

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_domain::power::annual_value::Route;
use placewell_domain::reporting::comparison::CountedBurden;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

impl Session {
    /// What every authority counted last.
    pub async fn counted_burdens(&self) -> Result<Vec<CountedBurden>, StoreError> {
        let sql = "SELECT org_id, route, counted_on, placements, checks, check_minutes, contracting_minutes, said_minutes \
                   FROM counted_burden ORDER BY org_id, route";
        self.all(sql, vec![]).await?.iter().map(counted).collect()
    }
}

impl Work {
    /// Keeps what this authority counted, in place of what it counted before.
    pub async fn keep_counted_burdens(&self, on: Date, all: &[CountedBurden]) -> Result<(), StoreError> {
        self.execute("DELETE FROM counted_burden WHERE org_id = $1", values![self.org()]).await?;
        for one in all {
            let sql = "INSERT INTO counted_burden (org_id, route, counted_on, placements, checks, check_minutes, \
                       contracting_minutes, said_minutes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
            let (contracting, said) = (one.contracting.map(i64::from), one.said.map(i64::from));
            let values = values![
                self.org(),
                one.route.code(),
                on,
                one.placements,
                one.checks,
                one.check_minutes,
                contracting,
                said
            ];
            self.execute(sql, values).await?;
        }
        Ok(())
    }
}

fn counted(row: &Row) -> Result<CountedBurden, StoreError> {
    let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let route = row.text("route")?;
    Ok(CountedBurden {
        authority: OrganisationId(row.int("org_id")?),
        route: Route::from_code(&route).ok_or_else(|| StoreError::Fault(format!("no such route: {route}")))?,
        counted_on: row.date("counted_on")?,
        placements: count(row.int("placements")?),
        checks: count(row.int("checks")?),
        check_minutes: count(row.int("check_minutes")?),
        contracting: row.opt_int("contracting_minutes")?.map(count),
        said: row.opt_int("said_minutes")?.map(count),
    })
}

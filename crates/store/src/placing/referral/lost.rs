//! Searches that the arrangement lost, by quarter and coded reason; the region's members read all.

use placewell_domain::id::OrganisationId;
use placewell_domain::placing::referral::{LostBy, LostSearches};

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

impl Session {
    /// Lost searches, those of one authority, quarter, lot and reason together.
    pub async fn lost_searches(&self) -> Result<Vec<LostSearches>, StoreError> {
        let sql = "SELECT org_id, quarter, lot, lost_by, reason, CAST(count(*) AS BIGINT) AS n FROM lost_search \
                   GROUP BY org_id, quarter, lot, lost_by, reason ORDER BY org_id, quarter, lot, lost_by, reason";
        self.all(sql, vec![]).await?.iter().map(lost).collect()
    }
}

impl Work {
    /// Keeps that the arrangement lost a search, or why it did after all, under the number of what it comes from: a
    /// referral, or a record that was brought in. The authority is this work's own.
    pub async fn lose_search(&self, from: i64, lost: &LostSearches) -> Result<(), StoreError> {
        let sql = "INSERT INTO lost_search (id, org_id, quarter, lot, lost_by, reason) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (org_id, id) DO UPDATE SET lost_by = excluded.lost_by, reason = excluded.reason";
        let id = self.master().number("lost_search", from);
        self.execute(sql, values![id, self.org(), lost.quarter, lost.lot, lost.by.code(), lost.reason]).await?;
        Ok(())
    }
}

fn lost(row: &Row) -> Result<LostSearches, StoreError> {
    let by = row.text("lost_by")?;
    Ok(LostSearches {
        authority: OrganisationId(row.int("org_id")?),
        quarter: row.date("quarter")?,
        lot: row.text("lot")?,
        by: LostBy::from_code(&by).ok_or_else(|| StoreError::Fault(format!("lost_by holds no such code: {by}")))?,
        reason: row.text("reason")?,
        count: u32::try_from(row.int("n")?).unwrap_or(u32::MAX),
    })
}

//! Options appraisals: what the record says of an authority's placements, as an appraisal starts from it, and the
//! appraisals that were saved.

use jiff::civil::{Date, DateTime};
use placewell_domain::id::OrganisationId;
use placewell_domain::power::annual_value::Route;
use placewell_domain::reporting::appraisal::Appraisal;

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Record;

impl Record for Appraisal {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let sql = "INSERT INTO appraisal (id, org_id, authority_id, reference, title, saved_at, body) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = values![
            self.id,
            self.keeper,
            self.appraised.authority,
            self.reference,
            self.title,
            self.saved_at.to_string(),
            serde_json::to_string(self)?
        ];
        session.execute(sql, values).await?;
        Ok(())
    }
}

/// A stay by an agreement, without anything about the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StayFact {
    /// By which route.
    pub route: Route,
    /// The first night.
    pub start: Date,
    /// The day after the last night, where it has ended.
    pub ended: Option<Date>,
    /// Pence a week.
    pub weekly: i64,
}

/// How many searches of an authority began in a time, by where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SearchCount {
    /// With homes.
    pub out: u32,
    /// A home was found.
    pub found: u32,
    /// None was.
    pub not_found: u32,
}

/// A line of the list of saved appraisals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppraisalLine {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Whose placements.
    pub authority: OrganisationId,
    /// When it was saved.
    pub saved_at: DateTime,
}

impl Session {
    /// Every stay of an authority by an agreement that began or is to begin.
    pub async fn stay_facts(&self, org: OrganisationId) -> Result<Vec<StayFact>, StoreError> {
        let sql = "SELECT route, state, start_on, planned_end, weekly_pence FROM agreement \
                   WHERE org_id = $1 AND state <> 'cancelled_before_start' ORDER BY start_on, id";
        let rows = self.all(sql, values![org]).await?;
        let fact = |row: &crate::row::Row| {
            let code = row.text("route")?;
            let route = Route::from_code(&code).ok_or_else(|| StoreError::Fault(format!("no route {code}")))?;
            let ended = (row.text("state")? == "ended").then(|| row.date("planned_end")).transpose()?;
            Ok(StayFact { route, start: row.date("start_on")?, ended, weekly: row.int("weekly_pence")? })
        };
        rows.iter().map(fact).collect()
    }

    /// How many searches of an authority began since a day; drafts and withdrawn ones left out.
    pub async fn search_count(&self, org: OrganisationId, since: Date) -> Result<SearchCount, StoreError> {
        let sql = "SELECT state, CAST(count(*) AS BIGINT) AS n FROM referral WHERE org_id = $1 AND started >= $2 GROUP BY state";
        let mut found = SearchCount::default();
        for row in self.all(sql, values![org, since.to_string()]).await? {
            let count = u32::try_from(row.int("n")?).unwrap_or(u32::MAX);
            match row.text("state")?.as_str() {
                "out" => found.out += count,
                "agreed" | "placed" => found.found += count,
                "not_placed" => found.not_found += count,
                _ => {}
            }
        }
        Ok(found)
    }

    /// The number of the last event of an organisation's record; −1 before the first.
    pub async fn last_event(&self, org: OrganisationId) -> Result<i64, StoreError> {
        let row = self.maybe("SELECT seq FROM chain_head WHERE org_id = $1", values![org]).await?;
        row.map_or(Ok(-1), |row| row.int("seq"))
    }

    /// The saved appraisals that the organisation keeps or that are about it, the latest first.
    pub async fn appraisals(&self, org: OrganisationId) -> Result<Vec<AppraisalLine>, StoreError> {
        let sql = "SELECT reference, title, authority_id, saved_at FROM appraisal WHERE org_id = $1 OR authority_id = $1 \
                   ORDER BY saved_at DESC, id DESC";
        let rows = self.all(sql, values![org]).await?;
        let line = |row: &crate::row::Row| {
            Ok(AppraisalLine {
                reference: row.text("reference")?,
                title: row.text("title")?,
                authority: OrganisationId(row.int("authority_id")?),
                saved_at: row.text("saved_at")?.parse().map_err(StoreError::fault)?,
            })
        };
        rows.iter().map(line).collect()
    }

    /// A saved appraisal that the organisation keeps or that is about it.
    pub async fn appraisal(&self, org: OrganisationId, reference: &str) -> Result<Appraisal, StoreError> {
        let sql = "SELECT body FROM appraisal WHERE (org_id = $1 OR authority_id = $1) AND reference = $2";
        self.one(sql, values![org, reference.to_uppercase()]).await?.json("body")
    }
}

//! Options appraisals: what the record says of an authority's placements, as an appraisal starts from it, what of it the
//! authority tells the regional team, and the appraisals that were saved.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use placewell_domain::calendar::quarter_of;
use placewell_domain::id::OrganisationId;
use placewell_domain::placing::agreement::BuyingRoute;
use placewell_domain::power::annual_value::Route;
use placewell_domain::reporting::appraisal::{Appraisal, OwnStart};

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

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

/// A stay that goes on today and has no agreement here: it was brought in with its bed and its price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LooseStay {
    /// The first night.
    pub start: Date,
    /// By what it is bought; none where no price is known of it.
    pub bought: Option<(BuyingRoute, i64)>,
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

    /// Every stay of an authority that goes on on a day and has no agreement here. What it is bought for is the price point
    /// of the same home and quarter, outside the arrangement; each price point is counted once, and none that an
    /// agreement made.
    pub async fn loose_stays(&self, org: OrganisationId, day: Date) -> Result<Vec<LooseStay>, StoreError> {
        let sql = "SELECT home, route, quarter, weekly_pence FROM price_point WHERE org_id = $1 AND route <> 'arrangement' \
                   ORDER BY quarter, id";
        let mut known: BTreeMap<(i64, Date), Vec<(BuyingRoute, i64)>> = BTreeMap::new();
        for row in self.all(sql, values![org]).await? {
            let code = row.text("route")?;
            let route = BuyingRoute::from_code(&code).ok_or_else(|| StoreError::Fault(format!("no route {code}")))?;
            let place = (row.int("home")?, row.date("quarter")?);
            known.entry(place).or_default().push((route, row.int("weekly_pence")?));
        }
        let place = |home: i64, start: Date| (self.home_number(home), quarter_of(start));
        let sql = "SELECT home_id, start_on, weekly_pence FROM agreement WHERE org_id = $1 AND route <> 'arrangement'";
        for row in self.all(sql, values![org]).await? {
            let Some(prices) = known.get_mut(&place(row.int("home_id")?, row.date("start_on")?)) else { continue };
            let weekly = row.int("weekly_pence")?;
            if let Some(at) = prices.iter().position(|(_, price)| *price == weekly) {
                prices.remove(at);
            }
        }
        let sql = "SELECT u.home_id, u.from_night FROM bed_use u WHERE u.org_id = $1 AND u.kind = 'stay' \
                   AND u.from_night <= $2 AND u.to_night > $2 AND NOT EXISTS (SELECT 1 FROM agreement a \
                   WHERE a.org_id = u.org_id AND a.id = u.agreement_id) ORDER BY u.from_night, u.id";
        let mut found = Vec::new();
        for row in self.all(sql, values![org, day]).await? {
            let start = row.date("from_night")?;
            let bought = known.get_mut(&place(row.int("home_id")?, start)).filter(|prices| !prices.is_empty());
            found.push(LooseStay { start, bought: bought.map(|prices| prices.remove(0)) });
        }
        Ok(found)
    }

    /// Where an appraisal of an authority starts, as it told the regional team; none before it has.
    pub async fn appraisal_start(&self, authority: OrganisationId) -> Result<Option<OwnStart>, StoreError> {
        let sql = "SELECT body FROM appraisal_start WHERE org_id = $1";
        self.maybe(sql, values![authority]).await?.map(|row| row.json("body")).transpose()
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

impl Work {
    /// Tells the regional team where an appraisal of this authority starts, in place of what it was told before.
    pub async fn tell_appraisal_start(&self, region: OrganisationId, start: &OwnStart) -> Result<(), StoreError> {
        let sql = "INSERT INTO appraisal_start (org_id, region_id, counted_on, body) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (org_id) DO UPDATE SET region_id = excluded.region_id, counted_on = excluded.counted_on, \
                   body = excluded.body";
        self.execute(sql, values![self.org(), region, start.day(), serde_json::to_string(start)?]).await?;
        Ok(())
    }
}

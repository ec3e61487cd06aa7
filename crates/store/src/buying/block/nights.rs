//! The nights of a mini-block: nominations, recorded causes, offers of empty beds, re-sales, settled months with their
//! nights, and up to where each authority's ledger has followed.

use jiff::civil::{Date, DateTime};
use placewell_domain::buying::block::VoidOffer;
use placewell_domain::buying::block::month::BlockMonth;
use placewell_domain::buying::block::nights::NightRow;
use placewell_domain::buying::block::nomination::{Nomination, NominationState};
use placewell_domain::buying::block::void::{RecordedCause, Resale, ResaleState};
use placewell_domain::id::{AgreementId, BlockId, NominationId, OrganisationId, ReferralId};

use crate::connect::Backend;
use crate::error::StoreError;
use crate::row::{Row, places};
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

/// How many nights one statement inserts at most.
const TOGETHER: usize = 60;

fn bodies<T: serde::de::DeserializeOwned>(rows: &[Row]) -> Result<Vec<T>, StoreError> {
    rows.iter().map(|row| row.json("body")).collect()
}

impl Record for Nomination {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        let agreement = match &self.state {
            NominationState::Placed { agreement, .. } => Some(*agreement),
            _ => None,
        };
        if self.version == 1 {
            let sql = "INSERT INTO nomination (id, org_id, provider_id, version, block_id, slot, home_id, referral_id, \
                       agreement_id, state, made, body) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11)";
            let made = self.made.to_string();
            let values = values![
                self.id,
                self.authority,
                self.provider,
                self.block,
                self.slot,
                self.home,
                self.referral,
                agreement,
                self.state.name(),
                made,
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE nomination SET version = $1, agreement_id = $2, state = $3, body = $4 \
                   WHERE org_id = $5 AND id = $6 AND version = $1 - 1";
        let values = values![self.version, agreement, self.state.name(), body, self.authority, self.id];
        if session.execute(sql, values).await? == 0 { Err(StoreError::Conflict) } else { Ok(()) }
    }
}

impl Record for Resale {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        let agreement = match &self.state {
            ResaleState::Taken { agreement, .. } => Some(*agreement),
            ResaleState::Offered | ResaleState::Withdrawn => None,
        };
        if self.version == 1 {
            let org = session.organisation().ok_or_else(|| StoreError::fault("a re-sale by nobody"))?;
            let sql = "INSERT INTO resale (id, org_id, provider_id, buyer_id, version, block_id, slot, from_night, to_night, \
                       agreement_id, state, body) VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11)";
            let (from, to) = (self.nights.from(), self.nights.to());
            let values = values![
                self.id,
                org,
                self.provider,
                self.buyer,
                self.block,
                self.slot,
                from,
                to,
                agreement,
                self.state.name(),
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE resale SET version = $1, agreement_id = $2, state = $3, body = $4 \
                   WHERE id = $5 AND version = $1 - 1";
        let values = values![self.version, agreement, self.state.name(), body, self.id];
        if session.execute(sql, values).await? == 0 { Err(StoreError::Conflict) } else { Ok(()) }
    }
}

impl Record for VoidOffer {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        let until = self.state.until().map(|until| until.to_string());
        if self.version == 1 {
            let sql = "INSERT INTO void_offer (id, org_id, provider_id, authority_id, version, block_id, slot, since_night, \
                       until_moment, state, body) VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10)";
            let values = values![
                self.id,
                self.lead,
                self.provider,
                self.authority,
                self.block,
                self.slot,
                self.since,
                until,
                self.state.name(),
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE void_offer SET version = $1, until_moment = $2, state = $3, body = $4 \
                   WHERE org_id = $5 AND id = $6 AND version = $1 - 1";
        let values = values![self.version, until, self.state.name(), body, self.lead, self.id];
        if session.execute(sql, values).await? == 0 { Err(StoreError::Conflict) } else { Ok(()) }
    }
}

impl Record for BlockMonth {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO block_month (id, org_id, provider_id, version, block_id, month, state, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6, $7)";
            let values = values![self.id, self.lead, self.provider, self.block, self.month, self.state.name(), body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE block_month SET version = $1, state = $2, body = $3 WHERE id = $4 AND version = $1 - 1";
        let values = values![self.version, self.state.name(), body, self.id];
        if session.execute(sql, values).await? == 0 { Err(StoreError::Conflict) } else { Ok(()) }
    }
}

impl Session {
    /// One nomination that this organisation may read.
    pub async fn nomination(&self, id: NominationId) -> Result<Nomination, StoreError> {
        self.one("SELECT body FROM nomination WHERE id = $1", values![id]).await?.json("body")
    }

    /// All nominations to a block, oldest first.
    pub async fn nominations_of(&self, block: BlockId) -> Result<Vec<Nomination>, StoreError> {
        bodies(&self.all("SELECT body FROM nomination WHERE block_id = $1 ORDER BY made, id", values![block]).await?)
    }

    /// The nomination of a referral's child that stands or has led to a placement.
    pub async fn nomination_of(
        &self,
        org: OrganisationId,
        referral: ReferralId,
    ) -> Result<Option<Nomination>, StoreError> {
        let sql = "SELECT body FROM nomination WHERE org_id = $1 AND referral_id = $2 \
                   AND state IN ('open', 'accepted', 'placed')";
        self.maybe(sql, values![org, referral]).await?.map(|row| row.json("body")).transpose()
    }

    /// The nominations that a provider has not answered, the oldest first.
    pub async fn nominations_to_answer(&self, provider: OrganisationId) -> Result<Vec<Nomination>, StoreError> {
        let sql = "SELECT body FROM nomination WHERE provider_id = $1 AND state = 'open' ORDER BY made, id";
        bodies(&self.all(sql, values![provider]).await?)
    }

    /// What is recorded of empty nights, in the order in which it was.
    pub async fn block_voids(&self, block: BlockId) -> Result<Vec<RecordedCause>, StoreError> {
        bodies(&self.all("SELECT body FROM block_void WHERE block_id = $1 ORDER BY id", values![block]).await?)
    }

    /// The re-sales of a block, by their first nights.
    pub async fn resales_of(&self, block: BlockId) -> Result<Vec<Resale>, StoreError> {
        bodies(&self.all("SELECT body FROM resale WHERE block_id = $1 ORDER BY from_night, id", values![block]).await?)
    }

    /// One re-sale.
    pub async fn resale(&self, id: i64) -> Result<Resale, StoreError> {
        self.one("SELECT body FROM resale WHERE id = $1", values![id]).await?.json("body")
    }

    /// The offers of a block's empty beds to its own authorities, in the order in which they were made.
    pub async fn void_offers_of(&self, block: BlockId) -> Result<Vec<VoidOffer>, StoreError> {
        let sql = "SELECT body FROM void_offer WHERE block_id = $1 ORDER BY since_night, id";
        bodies(&self.all(sql, values![block]).await?)
    }

    /// One offer of an empty bed.
    pub async fn void_offer(&self, id: i64) -> Result<VoidOffer, StoreError> {
        self.one("SELECT body FROM void_offer WHERE id = $1", values![id]).await?.json("body")
    }

    /// How many moves the offers of a block's empty beds have made, and the time of how many that stand is over.
    pub async fn void_offers_moved(&self, block: BlockId, now: DateTime) -> Result<(i64, i64), StoreError> {
        let sql = "SELECT CAST(coalesce(sum(version), 0) AS BIGINT) AS moves, \
                   CAST(coalesce(sum(CASE WHEN until_moment <= $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late \
                   FROM void_offer WHERE block_id = $1";
        let row = self.one(sql, values![block, now.to_string()]).await?;
        Ok((row.int("moves")?, row.int("late")?))
    }

    /// The re-sale that an agreement has taken.
    pub async fn resale_of(&self, buyer: OrganisationId, agreement: AgreementId) -> Result<Option<Resale>, StoreError> {
        let sql = "SELECT body FROM resale WHERE buyer_id = $1 AND agreement_id = $2";
        self.maybe(sql, values![buyer, agreement]).await?.map(|row| row.json("body")).transpose()
    }

    /// The settling of the months of a block, in order.
    pub async fn block_months(&self, block: BlockId) -> Result<Vec<BlockMonth>, StoreError> {
        bodies(&self.all("SELECT body FROM block_month WHERE block_id = $1 ORDER BY month", values![block]).await?)
    }

    /// The settled nights of a block with the month each was posted in, in the order in which they were.
    pub async fn block_nights(&self, block: BlockId) -> Result<Vec<(Date, NightRow)>, StoreError> {
        let sql = "SELECT posted, body FROM block_night WHERE block_id = $1 ORDER BY posted, night, slot";
        let rows = self.all(sql, values![block]).await?;
        rows.iter().map(|row| Ok((row.date("posted")?, row.json("body")?))).collect()
    }

    /// How many facts about the nights of a block there are: it rises with every change, and never falls.
    pub async fn block_stand(&self, block: BlockId) -> Result<i64, StoreError> {
        let sql = "SELECT \
            (SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM nomination WHERE block_id = $1) AS nominations, \
            (SELECT count(*) FROM block_void WHERE block_id = $1) AS voids, \
            (SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM resale WHERE block_id = $1) AS resales, \
            (SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM block WHERE id = $1) AS blocks";
        let row = self.one(sql, values![block]).await?;
        let mut stand = 0;
        for part in ["nominations", "voids", "resales", "blocks"] {
            stand += row.int(part)?;
        }
        Ok(stand)
    }

    /// Up to which count of facts each authority's ledger has taken its part.
    pub async fn block_stands(&self, block: BlockId) -> Result<Vec<(OrganisationId, i64)>, StoreError> {
        let sql = "SELECT org_id, stand FROM block_stand WHERE block_id = $1 ORDER BY org_id";
        let rows = self.all(sql, values![block]).await?;
        rows.iter().map(|row| Ok((OrganisationId(row.int("org_id")?), row.int("stand")?))).collect()
    }
}

impl Work {
    /// Takes the lock of a block, before its facts are read to be changed or followed; SQLite's one writer needs none.
    pub async fn lock_block(&self, block: BlockId) -> Result<(), StoreError> {
        if self.backend() == Backend::Postgres {
            self.execute("SELECT pg_advisory_xact_lock(9, hashint8($1))", values![block]).await?;
        }
        Ok(())
    }

    /// Records why beds stood empty; the caller records the event.
    pub async fn add_block_void(&self, cause: &RecordedCause) -> Result<(), StoreError> {
        let sql = "INSERT INTO block_void (id, org_id, provider_id, block_id, from_night, to_night, cause, body) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let (from, to) = (cause.nights.from(), cause.nights.to());
        let body = serde_json::to_string(cause)?;
        let values = values![cause.id, self.org(), cause.provider, cause.block, from, to, cause.cause.code(), body];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Freezes nights, or corrections of frozen ones, in the settling of a month: rows of the lead, whoever agreed last.
    pub async fn freeze_nights(
        &self,
        (block, lead, provider): (BlockId, OrganisationId, OrganisationId),
        posted: Date,
        rows: &[NightRow],
    ) -> Result<(), StoreError> {
        for some in rows.chunks(TOGETHER) {
            let sql = format!(
                "INSERT INTO block_night (org_id, provider_id, block_id, night, slot, posted, state, due_pence, body) \
                 VALUES {}",
                places(some.len(), 9)
            );
            let mut values = Vec::with_capacity(some.len() * 9);
            for row in some {
                let body = serde_json::to_string(row)?;
                values.extend(values![
                    lead,
                    provider,
                    block,
                    row.night,
                    row.slot,
                    posted,
                    row.what.code(),
                    row.due,
                    body
                ]);
            }
            self.execute(&sql, values).await?;
        }
        Ok(())
    }

    /// Says up to which count of facts this organisation's ledger has taken its part of a block; never back.
    pub async fn keep_block_stand(&self, block: BlockId, stand: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO block_stand (org_id, block_id, stand) VALUES ($1, $2, $3) \
                   ON CONFLICT (org_id, block_id) DO UPDATE SET stand = $3 WHERE block_stand.stand < $3";
        self.execute(sql, values![self.org(), block, stand]).await?;
        Ok(())
    }
}

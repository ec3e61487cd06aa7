//! Bed uses: one use a bed and night, nobody beside a child who lives alone, one bed a child. The database has the last
//! word; homes are locked first, ascending, so that two clients never wait for each other.

use jiff::civil::Date;
use placewell_domain::id::{AgreementId, BedId, BedUseId, HomeId, OrganisationId};
use placewell_domain::nights::Nights;
use placewell_domain::placing::occupancy::{BedUse, ClosedReason, UseState};

use crate::connect::Backend;
use crate::error::StoreError;
use crate::homes::home::coded;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

const COLUMNS: &str =
    "id, provider_id, version, home_id, bed_id, kind, reason, agreement_id, from_night, to_night, solo";

fn bed_use(row: &Row) -> Result<BedUse, StoreError> {
    let kind = row.text("kind")?;
    let state = match kind.as_str() {
        "held" => UseState::Held,
        "stay" => UseState::Stay,
        "cancelled" => UseState::Cancelled,
        _ => {
            let reason = row.opt_text("reason")?.unwrap_or_default();
            UseState::OutOfService(coded(ClosedReason::from_code(&reason), "reason of a closed bed", &reason)?)
        }
    };
    let (from, to) = (row.date("from_night")?, row.date("to_night")?);
    Ok(BedUse {
        id: BedUseId(row.int("id")?),
        version: row.int("version")?,
        provider: OrganisationId(row.int("provider_id")?),
        home: HomeId(row.int("home_id")?),
        bed: BedId(row.int("bed_id")?),
        agreement: row.opt_int("agreement_id")?.map(AgreementId),
        nights: Nights::new(from, to).ok_or_else(|| StoreError::fault("a stored bed use of no nights"))?,
        solo: row.flag("solo")?,
        state,
    })
}

impl Session {
    /// One use of a bed.
    pub async fn bed_use(&self, id: BedUseId) -> Result<BedUse, StoreError> {
        bed_use(&self.one(&format!("SELECT {COLUMNS} FROM bed_use WHERE id = $1"), values![id]).await?)
    }

    /// The uses of a home's beds that touch nights on or after the day, in the order of their first night.
    pub async fn bed_uses(&self, home: HomeId, from: Date) -> Result<Vec<BedUse>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM bed_use WHERE home_id = $1 AND to_night > $2 AND kind <> 'cancelled' ORDER BY from_night, id"
        );
        self.all(&sql, values![home, from]).await?.iter().map(bed_use).collect()
    }

    /// The uses of all beds that touch nights on or after the day, home by home.
    pub async fn all_bed_uses(&self, from: Date) -> Result<Vec<BedUse>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM bed_use WHERE to_night > $1 AND kind <> 'cancelled' ORDER BY home_id, from_night, id"
        );
        self.all(&sql, values![from]).await?.iter().map(bed_use).collect()
    }

    /// The uses of beds by an agreement that this organisation entered, oldest first.
    pub async fn bed_uses_of(&self, org: OrganisationId, agreement: AgreementId) -> Result<Vec<BedUse>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM bed_use WHERE org_id = $1 AND agreement_id = $2 AND kind <> 'cancelled' ORDER BY from_night, id"
        );
        self.all(&sql, values![org, agreement]).await?.iter().map(bed_use).collect()
    }
}

impl Record for BedUse {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let kind = self.state.name();
        let (from, to) = (self.nights.from(), self.nights.to());
        if self.version == 1 {
            let org = session.organisation().ok_or_else(|| StoreError::fault("a bed use of nobody"))?;
            let reason = match self.state {
                UseState::OutOfService(reason) => Some(reason.code()),
                UseState::Held | UseState::Stay | UseState::Cancelled => None,
            };
            let sql = "INSERT INTO bed_use (id, org_id, provider_id, version, home_id, bed_id, kind, reason, agreement_id, \
                       from_night, to_night, solo) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
            let values = values![
                self.id,
                org,
                self.provider,
                self.version,
                self.home,
                self.bed,
                kind,
                reason,
                self.agreement,
                from,
                to,
                self.solo
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE bed_use SET version = $1, kind = $2, from_night = $3, to_night = $4, solo = $5 \
                   WHERE id = $6 AND version = $7";
        let values = values![self.version, kind, from, to, self.solo, self.id, self.version - 1];
        if session.execute(sql, values).await? == 0 { Err(StoreError::Conflict) } else { Ok(()) }
    }
}

impl Work {
    /// Takes the locks of homes, ascending, before their beds are written; SQLite's one writer needs none.
    pub async fn lock_homes(&self, homes: &[HomeId]) -> Result<(), StoreError> {
        if self.backend() == Backend::Postgres {
            let mut homes = homes.to_vec();
            homes.sort_unstable();
            homes.dedup();
            for home in homes {
                self.execute("SELECT pg_advisory_xact_lock(8, hashint8($1))", values![home]).await?;
            }
        }
        Ok(())
    }
}

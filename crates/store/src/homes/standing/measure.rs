//! Measures, the locks that keep a sending and a suspension apart, and what followed in each authority.

use jiff::civil::DateTime;
use placewell_domain::homes::standing::measure::{Affected, Measure};
use placewell_domain::homes::standing::review::PlacementReview;
use placewell_domain::id::{AgreementId, HomeId, MeasureId, OrganisationId};
use serde::de::DeserializeOwned;

use super::key;
use crate::connect::Backend;
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

/// What followed a measure in one authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// What was closed, and the children placed there.
    pub done: Affected,
    /// How many of the placements have been reviewed.
    pub reviewed: u32,
    /// When it was done.
    pub at: DateTime,
}

fn affected(row: &Row) -> Result<Affected, StoreError> {
    let count = |column: &str| u32::try_from(row.int(column)?).map_err(StoreError::fault);
    Ok(Affected {
        authority: OrganisationId(row.int("org_id")?),
        referrals: count("referrals")?,
        offers: count("offers")?,
        approvals: count("approvals")?,
        beds: count("beds")?,
        placements: count("placements")?,
    })
}

fn followed(row: &Row) -> Result<Followed, StoreError> {
    let count = |column: &str| u32::try_from(row.int(column)?).map_err(StoreError::fault);
    let done = affected(row)?;
    let at = row.text("followed_at")?.parse().map_err(StoreError::fault)?;
    Ok(Followed { done, reviewed: count("reviewed")?, at })
}

impl Record for Measure {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        let (state, confirm_by) = (self.state.name(), self.confirm_by.to_string());
        if self.version == 1 {
            let (kind, subject) = key(self.subject);
            let sql = "INSERT INTO standing_measure (id, org_id, provider_id, version, subject_kind, subject_id, lot, \
                       reason, state, confirm_by, body) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10)";
            let lot = self.lot.clone().unwrap_or_default();
            let values = values![
                self.id,
                self.region,
                self.provider,
                kind,
                subject,
                lot,
                self.reason.code(),
                state,
                confirm_by,
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE standing_measure SET version = $1, provider_id = $2, state = $3, body = $4 \
                   WHERE org_id = $5 AND id = $6 AND version = $1 - 1";
        let values = values![self.version, self.provider, state, body, self.region, self.id];
        match session.execute(sql, values).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Record for PlacementReview {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO placement_review (id, org_id, version, measure_id, agreement_id, home_id, due_on, \
                       state, body) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8)";
            let values = values![
                self.id,
                self.authority,
                self.measure,
                self.agreement,
                self.home,
                self.due,
                self.state.name(),
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE placement_review SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        match session.execute(sql, values![self.version, self.state.name(), body, self.authority, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

fn bodies<T: DeserializeOwned + Clone + Send + Sync + 'static>(rows: &[Row]) -> Result<Vec<T>, StoreError> {
    rows.iter().map(Row::body).collect()
}

impl Session {
    /// Every measure that this organisation may read, the latest first.
    pub async fn measures(&self) -> Result<Vec<Measure>, StoreError> {
        bodies(&self.all("SELECT body FROM standing_measure ORDER BY id DESC", vec![]).await?)
    }

    /// The measures that wait or are in force.
    pub async fn open_measures(&self) -> Result<Vec<Measure>, StoreError> {
        let sql = "SELECT body FROM standing_measure WHERE state IN ('proposed', 'confirmed') ORDER BY id";
        bodies(&self.all(sql, vec![]).await?)
    }

    /// The measures that wait for a person.
    pub async fn proposed_measures(&self) -> Result<Vec<Measure>, StoreError> {
        bodies(&self.all("SELECT body FROM standing_measure WHERE state = 'proposed' ORDER BY id", vec![]).await?)
    }

    /// One measure.
    pub async fn measure(&self, id: MeasureId) -> Result<Measure, StoreError> {
        self.one("SELECT body FROM standing_measure WHERE id = $1", values![id]).await?.json("body")
    }

    /// The measures that wait for a person and whose time has passed.
    pub async fn measures_overdue(&self, region: OrganisationId, now: DateTime) -> Result<Vec<Measure>, StoreError> {
        let sql = "SELECT body FROM standing_measure WHERE org_id = $1 AND state = 'proposed' AND confirm_by < $2 ORDER BY id";
        bodies(&self.all(sql, values![region, now.to_string()]).await?)
    }

    /// What each authority told of what stands open there because of a measure, as far as this organisation may read it.
    pub async fn told_open(&self, measure: MeasureId) -> Result<Vec<Affected>, StoreError> {
        let sql = "SELECT org_id, referrals, offers, approvals, beds, placements FROM standing_told \
                   WHERE measure_id = $1 ORDER BY org_id";
        self.all(sql, values![measure]).await?.iter().map(affected).collect()
    }

    /// When each authority counted what it told; of one that told before that was kept, nothing says when.
    pub async fn told_at(&self, measure: MeasureId) -> Result<Vec<(Affected, Option<DateTime>)>, StoreError> {
        let sql = "SELECT org_id, referrals, offers, approvals, beds, placements, counted_at FROM standing_told \
                   WHERE measure_id = $1 ORDER BY org_id";
        let one = |row: &Row| {
            let at = row.opt_text("counted_at")?;
            let at = at.map(|at| at.parse::<DateTime>().map_err(StoreError::fault)).transpose()?;
            Ok((affected(row)?, at))
        };
        self.all(sql, values![measure]).await?.iter().map(one).collect()
    }

    /// When the first of them counted what it told; none where nobody has told, or where that was not kept.
    pub async fn counted_since(&self, measure: MeasureId) -> Result<Option<DateTime>, StoreError> {
        let sql = "SELECT min(counted_at) AS counted FROM standing_told WHERE measure_id = $1";
        let counted = self.one(sql, values![measure]).await?.opt_text("counted")?;
        counted.map(|at| at.parse().map_err(StoreError::fault)).transpose()
    }

    /// What stands open in this organisation because of each measure, as it told last.
    pub async fn told_here(&self, org: OrganisationId) -> Result<Vec<(MeasureId, Affected)>, StoreError> {
        let sql = "SELECT measure_id, org_id, referrals, offers, approvals, beds, placements FROM standing_told \
                   WHERE org_id = $1 ORDER BY measure_id";
        let one = |row: &Row| Ok((MeasureId(row.int("measure_id")?), affected(row)?));
        self.all(sql, values![org]).await?.iter().map(one).collect()
    }

    /// What followed a measure, authority by authority, as far as this organisation may read it.
    pub async fn followed(&self, measure: MeasureId) -> Result<Vec<Followed>, StoreError> {
        let sql = "SELECT org_id, referrals, offers, approvals, beds, placements, reviewed, followed_at \
                   FROM standing_followed WHERE measure_id = $1 ORDER BY org_id";
        self.all(sql, values![measure]).await?.iter().map(followed).collect()
    }

    /// Whether this organisation's own part of a measure was done.
    pub async fn followed_here(&self, measure: MeasureId) -> Result<bool, StoreError> {
        let sql = "SELECT measure_id FROM standing_followed WHERE org_id = $1 AND measure_id = $2";
        let org = self.organisation().unwrap_or(OrganisationId(0));
        Ok(self.maybe(sql, values![org, measure]).await?.is_some())
    }

    /// An authority's reviews, those to be recorded first, then the latest.
    pub async fn placement_reviews(&self, org: OrganisationId) -> Result<Vec<PlacementReview>, StoreError> {
        let sql = "SELECT body FROM placement_review WHERE org_id = $1 ORDER BY state, due_on, id";
        bodies(&self.all(sql, values![org]).await?)
    }

    /// One of an authority's reviews.
    pub async fn placement_review(&self, org: OrganisationId, id: i64) -> Result<PlacementReview, StoreError> {
        let sql = "SELECT body FROM placement_review WHERE org_id = $1 AND id = $2";
        self.one(sql, values![org, id]).await?.json("body")
    }

    /// Whether a measure has its review of this placement.
    pub async fn has_review(
        &self,
        org: OrganisationId,
        measure: MeasureId,
        agreement: AgreementId,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM placement_review WHERE org_id = $1 AND measure_id = $2 AND agreement_id = $3";
        Ok(self.maybe(sql, values![org, measure, agreement]).await?.is_some())
    }
}

impl Work {
    /// Keeps a suspension from passing a sending by: many may send to a home at a time (`alone` false), or one may change
    /// how it stands. What is read after it is as it stays until the commit. SQLite's one writer needs none;
    /// a trial takes none, because nothing of it stays.
    pub async fn lock_standing(&self, homes: &[HomeId], alone: bool) -> Result<(), StoreError> {
        if self.backend() == Backend::Postgres && !self.is_trial() {
            let mut homes = homes.to_vec();
            homes.sort_unstable();
            homes.dedup();
            let lock = if alone { "pg_advisory_xact_lock" } else { "pg_advisory_xact_lock_shared" };
            for home in homes {
                self.execute(&format!("SELECT {lock}(10, hashint8($1))"), values![home]).await?;
            }
        }
        Ok(())
    }

    /// Tells the region what stands open in this authority because of a measure, in place of what it told before.
    pub async fn tell_open(
        &self,
        region: OrganisationId,
        measure: MeasureId,
        open: &Affected,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO standing_told (org_id, region_id, measure_id, referrals, offers, approvals, beds, placements, \
                   counted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (org_id, measure_id) DO UPDATE SET \
                   referrals = excluded.referrals, offers = excluded.offers, approvals = excluded.approvals, \
                   beds = excluded.beds, placements = excluded.placements, counted_at = excluded.counted_at";
        let values = values![
            self.org(),
            region,
            measure,
            open.referrals,
            open.offers,
            open.approvals,
            open.beds,
            open.placements,
            self.moment().local.to_string()
        ];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Keeps what was done in this authority; more is added to what was kept before.
    pub async fn keep_followed(
        &self,
        region: OrganisationId,
        measure: MeasureId,
        done: &Affected,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO standing_followed (org_id, region_id, measure_id, referrals, offers, approvals, beds, \
                   placements, reviewed, followed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9) \
                   ON CONFLICT (org_id, measure_id) DO UPDATE SET \
                   referrals = standing_followed.referrals + excluded.referrals, \
                   offers = standing_followed.offers + excluded.offers, \
                   approvals = standing_followed.approvals + excluded.approvals, \
                   beds = standing_followed.beds + excluded.beds, \
                   placements = standing_followed.placements + excluded.placements, followed_at = excluded.followed_at";
        let values = values![
            self.org(),
            region,
            measure,
            done.referrals,
            done.offers,
            done.approvals,
            done.beds,
            done.placements,
            self.moment().local.to_string()
        ];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// One more placement of this authority is reviewed.
    pub async fn count_review(&self, measure: MeasureId) -> Result<(), StoreError> {
        let sql = "UPDATE standing_followed SET reviewed = reviewed + 1 WHERE org_id = $1 AND measure_id = $2";
        self.execute(sql, values![self.org(), measure]).await?;
        Ok(())
    }
}

impl Session {
    /// The proposed measure that holds new referrals to a home on a lot; none where none does.
    pub async fn held(&self, home: HomeId, provider: OrganisationId, lot: &str) -> Result<Option<Measure>, StoreError> {
        Ok(self
            .proposed_measures()
            .await?
            .into_iter()
            .find(|one| one.holds() && one.about(home, provider) && one.lot.as_deref().is_none_or(|own| own == lot)))
    }
}

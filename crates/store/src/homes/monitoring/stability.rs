//! Alerts before notice: rows of two organisations, what they say of the child sealed; and the drafts that they hold.

use placewell_domain::homes::monitoring::stability::StabilityAlert;
use placewell_domain::id::{AgreementId, HomeId, OrganisationId, ReferralId};

use super::{bodies, changed};
use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

impl Record for StabilityAlert {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let (body, state) = (serde_json::to_string(self)?, self.state.name());
        if self.version == 1 {
            let sql = "INSERT INTO stability_alert (id, org_id, provider_id, version, agreement_id, home_id, meet_by, state, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8)";
            let values =
                values![self.id, self.authority, self.provider, self.agreement, self.home, self.meet_by, state, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE stability_alert SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        changed(session.execute(sql, values![self.version, state, body, self.authority, self.id]).await?)
    }
}

/// One alert for a home, as the region counts it: how it stands, and nothing of the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertCount {
    /// How many were ever raised.
    pub raised: u64,
    /// How many ended with the child settled.
    pub settled: u64,
    /// How many ended otherwise.
    pub lost: u64,
}

impl Session {
    /// One alert of either organisation.
    pub async fn stability_alert(&self, org: OrganisationId, id: i64) -> Result<StabilityAlert, StoreError> {
        let sql = "SELECT body FROM stability_alert WHERE (org_id = $1 OR provider_id = $1) AND id = $2";
        self.one(sql, values![org, id]).await?.json("body")
    }

    /// Either organisation's alerts: the open ones first, those to meet about first.
    pub async fn stability_alerts(&self, org: OrganisationId) -> Result<Vec<StabilityAlert>, StoreError> {
        let sql = "SELECT body FROM stability_alert WHERE org_id = $1 OR provider_id = $1 \
                   ORDER BY CASE WHEN state = 'closed' THEN 1 ELSE 0 END, meet_by, id";
        bodies(&self.all(sql, values![org]).await?)
    }

    /// Either organisation's alerts that are open, those to meet about first.
    pub async fn open_stability_alerts(&self, org: OrganisationId) -> Result<Vec<StabilityAlert>, StoreError> {
        let sql = "SELECT body FROM stability_alert WHERE (org_id = $1 OR provider_id = $1) AND state <> 'closed' \
                   ORDER BY meet_by, id";
        bodies(&self.all(sql, values![org]).await?)
    }

    /// An agreement's alerts, the latest first.
    pub async fn stability_alerts_of(&self, agreement: AgreementId) -> Result<Vec<StabilityAlert>, StoreError> {
        let sql = "SELECT body FROM stability_alert WHERE agreement_id = $1 ORDER BY id DESC";
        bodies(&self.all(sql, values![agreement]).await?)
    }

    /// An authority's own alerts by home: how many were raised, and how those that are over ended.
    pub async fn alerts_counted(&self, org: OrganisationId) -> Result<Vec<(HomeId, AlertCount)>, StoreError> {
        let mut found: std::collections::BTreeMap<HomeId, AlertCount> = std::collections::BTreeMap::new();
        for one in self.stability_alerts(org).await? {
            let sum = found.entry(one.home).or_insert(AlertCount { raised: 0, settled: 0, lost: 0 });
            sum.raised += 1;
            match one.settled() {
                Some(true) => sum.settled += 1,
                Some(false) => sum.lost += 1,
                None => {}
            }
        }
        Ok(found.into_iter().collect())
    }

    /// The alert that holds a draft, as long as it was not released.
    pub async fn holds_search(&self, org: OrganisationId, referral: ReferralId) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT alert_id FROM referral_hold WHERE org_id = $1 AND referral_id = $2 AND released = 0";
        self.maybe(sql, values![org, referral]).await?.map(|row| row.int("alert_id")).transpose()
    }
}

impl Work {
    /// Holds a draft beside an alert.
    pub async fn hold_referral(&self, referral: ReferralId, alert: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO referral_hold (org_id, referral_id, alert_id, released) VALUES ($1, $2, $3, 0)";
        self.execute(sql, values![self.org(), referral, alert]).await?;
        Ok(())
    }

    /// Lets a held draft go out.
    pub async fn release_referral(&self, referral: ReferralId) -> Result<(), StoreError> {
        let sql = "UPDATE referral_hold SET released = 1 WHERE org_id = $1 AND referral_id = $2";
        self.execute(sql, values![self.org(), referral]).await?;
        Ok(())
    }
}

//! Grounds for disclosure: the authority's alone, at most one in force for a referral.

use placewell_domain::id::{OrganisationId, ReferralId};
use placewell_domain::placing::disclosure::ground::{Ground, GroundState};

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Record;

impl Record for Ground {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO disclosure_ground (id, org_id, version, referral_id, state, body) \
                       VALUES ($1, $2, 1, $3, $4, $5)";
            session.execute(sql, values![self.id, self.authority, self.referral, self.state.name(), body]).await?;
            return Ok(());
        }
        let sql = "UPDATE disclosure_ground SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        match session.execute(sql, values![self.version, self.state.name(), body, self.authority, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Session {
    /// The grounds of a referral, oldest first.
    pub async fn grounds_of(
        &self,
        organisation: OrganisationId,
        referral: ReferralId,
    ) -> Result<Vec<Ground>, StoreError> {
        let sql = "SELECT body FROM disclosure_ground WHERE org_id = $1 AND referral_id = $2 ORDER BY id";
        let rows = self.all(sql, values![organisation, referral]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// The ground in force of a referral.
    pub async fn ground_in_force(
        &self,
        organisation: OrganisationId,
        referral: ReferralId,
    ) -> Result<Option<Ground>, StoreError> {
        let all = self.grounds_of(organisation, referral).await?;
        Ok(all.into_iter().rev().find(|ground| ground.state == GroundState::InForce))
    }
}

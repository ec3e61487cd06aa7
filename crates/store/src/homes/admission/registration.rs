//! Providers that registered themselves, and which organisation was the first with a company number.

use placewell_domain::homes::admission::registration::{Registration, RegistrationState, company_key};
use placewell_domain::homes::home::named::ToldBy;
use placewell_domain::id::{OrganisationId, RegistrationId};

use super::application::{bodies, moved};
use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Record;

impl Record for Registration {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let (body, state) = (serde_json::to_string(self)?, self.state.name());
        if self.version == 1 {
            let sql = "INSERT INTO provider_registration (id, org_id, region_id, version, opening_id, state, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6)";
            let values = values![self.id, self.provider, self.region, self.opening, state, body];
            session.execute(sql, values).await?;
            session.claim_company_number(&self.asked.company_number, self.provider).await?;
            let told = (self.asked.company_number.as_str(), ToldBy::Registration);
            session.keep_company_number(self.provider, told, self.at.date()).await?;
            return Ok(());
        }
        let sql = "UPDATE provider_registration SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        moved(session.execute(sql, values![self.version, state, body, self.provider, self.id]).await?)?;
        match self.state {
            RegistrationState::Registered | RegistrationState::Confirmed { .. } => Ok(()),
            RegistrationState::Joined { .. } | RegistrationState::Refused { .. } => {
                session.release_company_number(self.provider).await
            }
        }
    }
}

impl Session {
    /// The registrations of a region, those to be looked at first, then the latest.
    pub async fn registrations(&self, region: OrganisationId) -> Result<Vec<Registration>, StoreError> {
        let sql = "SELECT body FROM provider_registration WHERE region_id = $1 \
                   ORDER BY CASE state WHEN 'registered' THEN 0 ELSE 1 END, id DESC";
        bodies(&self.all(sql, values![region]).await?)
    }

    /// One registration, for its region and its provider.
    pub async fn registration(&self, id: RegistrationId) -> Result<Registration, StoreError> {
        self.one("SELECT body FROM provider_registration WHERE id = $1", values![id]).await?.json("body")
    }

    /// Whether this provider registered itself and the regional team has not confirmed who it is.
    pub async fn registration_unconfirmed(&self, provider: OrganisationId) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM provider_registration WHERE org_id = $1 AND state <> 'confirmed'";
        Ok(self.maybe(sql, values![provider]).await?.is_some())
    }

    /// The organisation that was the first to say that it has this company number.
    pub async fn holder_of_company_number(&self, number: &str) -> Result<Option<OrganisationId>, StoreError> {
        let sql = "SELECT holder_id FROM company_number WHERE number = $1";
        let row = self.maybe(sql, values![company_key(number)]).await?;
        row.map(|row| row.int("holder_id").map(OrganisationId)).transpose()
    }

    /// Keeps an organisation as the holder of a company number where nobody is. Two at once: the database keeps the first,
    /// and the second waits for it.
    pub(in crate::homes) async fn claim_company_number(
        &self,
        number: &str,
        holder: OrganisationId,
    ) -> Result<(), StoreError> {
        let key = company_key(number);
        if key.is_empty() {
            return Ok(());
        }
        let sql = "INSERT INTO company_number (number, holder_id) VALUES ($1, $2) ON CONFLICT (number) DO NOTHING";
        self.execute(sql, values![key, holder]).await?;
        Ok(())
    }

    /// Lets go of every company number that an organisation held before this one.
    pub(in crate::homes) async fn release_other_company_numbers(
        &self,
        holder: OrganisationId,
        number: &str,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM company_number WHERE holder_id = $1 AND number <> $2";
        self.execute(sql, values![holder, company_key(number)]).await?;
        Ok(())
    }

    /// A registration that was not taken holds no number: the company itself may come after it.
    async fn release_company_number(&self, holder: OrganisationId) -> Result<(), StoreError> {
        self.execute("DELETE FROM company_number WHERE holder_id = $1", values![holder]).await?;
        Ok(())
    }
}

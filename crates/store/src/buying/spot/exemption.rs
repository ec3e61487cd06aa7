//! Exemptions for a child's placement at a home judged Inadequate, and what the director is asked for. The database itself
//! refuses a second exemption for one judgement until the same day, and a second request that waits.

use jiff::civil::Date;
use placewell_domain::buying::spot::exemption::GradeExemption;
use placewell_domain::buying::spot::exemption::request::{ExemptionRequest, RequestState};
use placewell_domain::id::{HomeId, OrganisationId, ReferralId};

use crate::error::StoreError;
use crate::placing::{body_without, record_with};
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Record;

fn exemption(row: &Row) -> Result<GradeExemption, StoreError> {
    record_with(&row.text("body")?, "words", row.bytes("words")?)
}

impl Record for GradeExemption {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let sql = "INSERT INTO grade_exemption (id, org_id, version, referral_id, home_id, judged_on, words, body, until_date) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = values![
            self.id,
            self.authority,
            self.version,
            self.referral,
            self.home,
            self.judged_on,
            self.words.bytes(),
            body_without(self, "words")?,
            self.until
        ];
        session.execute(sql, values).await?;
        Ok(())
    }
}

fn request(row: &Row) -> Result<ExemptionRequest, StoreError> {
    record_with(&row.text("body")?, "words", row.bytes("words")?)
}

impl Record for ExemptionRequest {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = body_without(self, "words")?;
        if self.version == 1 {
            let sql = "INSERT INTO exemption_request (id, org_id, responsible_id, version, referral_id, home_id, judged_on, \
                       state, words, body) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9)";
            let values = values![
                self.id,
                self.authority,
                self.responsible,
                self.referral,
                self.home,
                self.judged_on,
                self.state.name(),
                self.words.bytes(),
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE exemption_request SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        match session.execute(sql, values![self.version, self.state.name(), body, self.authority, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Session {
    /// A request for an exemption.
    pub async fn exemption_request(&self, org: OrganisationId, id: i64) -> Result<ExemptionRequest, StoreError> {
        let sql = "SELECT body, words FROM exemption_request WHERE org_id = $1 AND id = $2";
        request(&self.one(sql, values![org, id]).await?)
    }

    /// What was asked of the director for a referral, the latest first.
    pub async fn exemption_requests(
        &self,
        org: OrganisationId,
        referral: ReferralId,
    ) -> Result<Vec<ExemptionRequest>, StoreError> {
        let sql = "SELECT body, words FROM exemption_request WHERE org_id = $1 AND referral_id = $2 ORDER BY id DESC";
        self.all(sql, values![org, referral]).await?.iter().map(request).collect()
    }

    /// The request that is not answered, of a child at a home from a judgement.
    pub async fn open_exemption_request(
        &self,
        org: OrganisationId,
        (referral, home): (ReferralId, HomeId),
        judged_on: Date,
    ) -> Result<Option<ExemptionRequest>, StoreError> {
        let sql = "SELECT body, words FROM exemption_request \
                   WHERE org_id = $1 AND referral_id = $2 AND home_id = $3 AND judged_on = $4 AND state = $5";
        let asked = RequestState::Asked.name();
        let row = self.maybe(sql, values![org, referral, home, judged_on, asked]).await?;
        row.as_ref().map(request).transpose()
    }

    /// What an authority's director was asked and has not answered, whichever body places the child; the earliest first.
    pub async fn exemption_requests_to_answer(
        &self,
        responsible: OrganisationId,
    ) -> Result<Vec<ExemptionRequest>, StoreError> {
        let sql = "SELECT body, words FROM exemption_request WHERE responsible_id = $1 AND state = $2 ORDER BY id";
        let asked = RequestState::Asked.name();
        self.all(sql, values![responsible, asked]).await?.iter().map(request).collect()
    }

    /// The exemption of a child at a home from a judgement, where one is recorded that covers a placement from this start.
    pub async fn grade_exemption(
        &self,
        org: OrganisationId,
        (referral, home): (ReferralId, HomeId),
        judged_on: Option<Date>,
        start: Date,
    ) -> Result<Option<GradeExemption>, StoreError> {
        let Some(judged_on) = judged_on else { return Ok(None) };
        let sql = "SELECT body, words FROM grade_exemption \
                   WHERE org_id = $1 AND referral_id = $2 AND home_id = $3 AND judged_on = $4 AND until_date >= $5 \
                   ORDER BY until_date DESC LIMIT 1";
        let row = self.maybe(sql, values![org, referral, home, judged_on, start]).await?;
        row.as_ref().map(exemption).transpose()
    }

    /// Every exemption that is recorded for a referral, the latest first.
    pub async fn grade_exemptions(
        &self,
        org: OrganisationId,
        referral: ReferralId,
    ) -> Result<Vec<GradeExemption>, StoreError> {
        let sql = "SELECT body, words FROM grade_exemption WHERE org_id = $1 AND referral_id = $2 ORDER BY id DESC";
        self.all(sql, values![org, referral]).await?.iter().map(exemption).collect()
    }
}

//! Exemptions for a child's placement at a home judged Inadequate. The database itself refuses a second for one judgement
//! until the same day.

use jiff::civil::Date;
use placewell_domain::buying::spot::exemption::GradeExemption;
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

impl Session {
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

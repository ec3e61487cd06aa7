//! Openings, applications and questions: a draft is its provider's alone, what was sent its provider's, the regional team's
//! and the evaluators'; an answer is everybody's.

use placewell_domain::homes::admission::application::{Application, Draft};
use placewell_domain::homes::admission::opening::Opening;
use placewell_domain::homes::admission::question::{Clarification, PublishedAnswer};
use placewell_domain::homes::home::named::ToldBy;
use placewell_domain::id::{ApplicationId, OpeningId, OrganisationId};
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::row::{Row, places};
use crate::session::Session;
use crate::values;
use crate::work::Record;

/// The bodies of rows.
pub(super) fn bodies<T: DeserializeOwned>(rows: &[Row]) -> Result<Vec<T>, StoreError> {
    rows.iter().map(|row| row.json("body")).collect()
}

/// An update that met the version before.
pub(super) fn moved(rows: u64) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::Conflict) } else { Ok(()) }
}

impl Record for Opening {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        let (state, closes) = (self.state.name(), self.plan.closes.to_string());
        if self.version == 1 {
            let sql = "INSERT INTO admission_opening (id, org_id, version, reference, state, closes, body) \
                       VALUES ($1, $2, 1, $3, $4, $5, $6)";
            session.execute(sql, values![self.id, self.region, self.reference, state, closes, body]).await?;
            return Ok(());
        }
        let sql = "UPDATE admission_opening SET version = $1, state = $2, closes = $3, body = $4 \
                   WHERE org_id = $5 AND id = $6 AND version = $1 - 1";
        moved(session.execute(sql, values![self.version, state, closes, body, self.region, self.id]).await?)
    }
}

impl Record for Draft {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO admission_draft (id, org_id, version, opening_id, body) VALUES ($1, $2, 1, $3, $4)";
            session.execute(sql, values![self.id, self.provider, self.opening, body]).await?;
            return Ok(());
        }
        let sql =
            "UPDATE admission_draft SET version = $1, body = $2 WHERE org_id = $3 AND id = $4 AND version = $1 - 1";
        moved(session.execute(sql, values![self.version, body, self.provider, self.id]).await?)
    }
}

impl Record for Application {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let (body, state) = (serde_json::to_string(self)?, self.state.name());
        let number = self.answers.selection.company_number.as_str();
        session.claim_company_number(number, self.provider).await?;
        if session.organisation() == Some(self.provider) && state == "sent" {
            let told = (number, ToldBy::Application);
            session.keep_company_number(self.provider, told, self.sent.date()).await?;
        }
        if self.version == 1 {
            let sql = "INSERT INTO admission_application (id, org_id, region_id, version, opening_id, state, late, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6, $7) ON CONFLICT (org_id, id) DO NOTHING";
            let values = values![self.id, self.provider, self.region, self.opening, state, self.late, body];
            return moved(session.execute(sql, values).await?);
        }
        let sql = "UPDATE admission_application SET version = $1, state = $2, late = $3, body = $4 \
                   WHERE org_id = $5 AND id = $6 AND version = $1 - 1";
        let values = values![self.version, state, self.late, body, self.provider, self.id];
        moved(session.execute(sql, values).await?)
    }
}

impl Record for Clarification {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let (body, answered) = (serde_json::to_string(self)?, self.answered.is_some());
        if self.version == 1 {
            let sql = "INSERT INTO admission_question (id, org_id, region_id, version, opening_id, answered, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6)";
            let values = values![self.id, self.provider, self.region, self.opening, answered, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE admission_question SET version = $1, answered = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        moved(session.execute(sql, values![self.version, answered, body, self.provider, self.id]).await?)
    }
}

impl Session {
    /// Every opening that may be read here, the latest deadline first.
    pub async fn openings(&self) -> Result<Vec<Opening>, StoreError> {
        bodies(&self.all("SELECT body FROM admission_opening ORDER BY closes DESC, id DESC", vec![]).await?)
    }

    /// The opening of this reference.
    pub async fn opening(&self, reference: &str) -> Result<Opening, StoreError> {
        self.one("SELECT body FROM admission_opening WHERE reference = $1", values![reference]).await?.json("body")
    }

    /// The opening with this id.
    pub async fn opening_by_id(&self, id: OpeningId) -> Result<Opening, StoreError> {
        self.one("SELECT body FROM admission_opening WHERE id = $1", values![id]).await?.json("body")
    }

    /// A provider's draft for an opening.
    pub async fn admission_draft(
        &self,
        provider: OrganisationId,
        opening: OpeningId,
    ) -> Result<Option<Draft>, StoreError> {
        let sql = "SELECT body FROM admission_draft WHERE org_id = $1 AND opening_id = $2";
        self.maybe(sql, values![provider, opening]).await?.map(|row| row.json("body")).transpose()
    }

    /// A provider's applications, the latest first.
    pub async fn applications_of(&self, provider: OrganisationId) -> Result<Vec<Application>, StoreError> {
        let sql = "SELECT body FROM admission_application WHERE org_id = $1 ORDER BY id DESC";
        bodies(&self.all(sql, values![provider]).await?)
    }

    /// The applications to an opening, in the order in which they were begun.
    pub async fn applications_to(&self, opening: OpeningId) -> Result<Vec<Application>, StoreError> {
        let sql = "SELECT body FROM admission_application WHERE opening_id = $1 ORDER BY id";
        bodies(&self.all(sql, values![opening]).await?)
    }

    /// The applications to every opening of a region, in the order in which they were begun.
    pub async fn applications_in(&self, region: OrganisationId) -> Result<Vec<Application>, StoreError> {
        let sql = "SELECT body FROM admission_application WHERE region_id = $1 ORDER BY id";
        bodies(&self.all(sql, values![region]).await?)
    }

    /// One application.
    pub async fn application(&self, id: ApplicationId) -> Result<Application, StoreError> {
        self.one("SELECT body FROM admission_application WHERE id = $1", values![id]).await?.json("body")
    }

    /// Those of these applications that the reader may see.
    pub async fn applications_among(&self, ids: &[ApplicationId]) -> Result<Vec<Application>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!("SELECT body FROM admission_application WHERE id IN {} ORDER BY id", places(1, ids.len()));
        let values = ids.iter().flat_map(|id| values![*id]).collect();
        bodies(&self.all(&sql, values).await?)
    }

    /// Questions about an opening as they were asked: a provider its own, the regional team all.
    pub async fn clarifications(
        &self,
        opening: OpeningId,
        provider: Option<OrganisationId>,
    ) -> Result<Vec<Clarification>, StoreError> {
        let sql =
            "SELECT body FROM admission_question WHERE opening_id = $1 AND org_id = coalesce($2, org_id) ORDER BY id";
        bodies(&self.all(sql, values![opening, provider]).await?)
    }

    /// Questions about a region's openings that wait for an answer, as they were asked.
    pub async fn clarifications_waiting(&self, region: OrganisationId) -> Result<Vec<Clarification>, StoreError> {
        let sql = "SELECT body FROM admission_question WHERE region_id = $1 AND answered = 0 ORDER BY id";
        bodies(&self.all(sql, values![region]).await?)
    }

    /// Questions and answers of an opening, as everybody reads them.
    pub async fn published_answers(&self, opening: OpeningId) -> Result<Vec<PublishedAnswer>, StoreError> {
        let sql = "SELECT body FROM admission_answer WHERE opening_id = $1 ORDER BY id";
        bodies(&self.all(sql, values![opening]).await?)
    }

    /// Publishes an answer; the caller applies the question's own change, which records it.
    pub async fn publish_answer(&self, region: OrganisationId, new: &PublishedAnswer) -> Result<(), StoreError> {
        let sql = "INSERT INTO admission_answer (id, org_id, opening_id, body) VALUES ($1, $2, $3, $4)";
        self.execute(sql, values![new.id, region, new.opening, serde_json::to_string(new)?]).await?;
        Ok(())
    }
}

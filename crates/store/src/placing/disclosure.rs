//! Disclosure: what a home may read at its stage, sealed under the invitation's key; each reading; and the questions
//! about known associates. Rows of two organisations.

use jiff::civil::DateTime;
use placewell_domain::id::{ChildId, InvitationId, OrganisationId, PersonId};
use placewell_domain::placing::disclosure::{AssociateQuestion, Stage};
use placewell_domain::placing::invitation::Invitation;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

pub mod ground;
pub mod recall;

impl Record for AssociateQuestion {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO associate_question (id, org_id, provider_id, version, invitation_id, state, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6)";
            let state = self.state.name();
            let values = values![self.id, self.authority, self.provider, self.invitation, state, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE associate_question SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        let values = values![self.version, self.state.name(), body, self.authority, self.id];
        match session.execute(sql, values).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

/// One reading of what was disclosed: the authority's receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// On which invitation.
    pub invitation: InvitationId,
    /// What was read, by its stage.
    pub chosen: bool,
    /// Who read it.
    pub person: PersonId,
    /// When.
    pub at: DateTime,
}

impl Session {
    /// What was released at a stage of an invitation, as it was last put right, opened; none where nothing was.
    pub async fn disclosed<T: DeserializeOwned>(
        &self,
        organisation: OrganisationId,
        invitation: InvitationId,
        stage: Stage,
    ) -> Result<Option<T>, StoreError> {
        let of = "WHERE (org_id = $1 OR provider_id = $1) AND invitation_id = $2 AND stage = $3";
        let sql = format!(
            "SELECT sealed FROM (SELECT sealed, CAST(0 AS BIGINT) AS number FROM disclosure {of} \
             UNION ALL SELECT sealed, number FROM disclosure_corrected {of}) released ORDER BY number DESC LIMIT 1"
        );
        let Some(row) = self.maybe(&sql, values![organisation, invitation, stage.code()]).await? else {
            return Ok(None);
        };
        let key = self.invitation_key(organisation, invitation).await?;
        Ok(Some(key.open_bytes(&row.bytes("sealed")?)?))
    }

    /// Whether something was released at a stage, without opening it.
    pub async fn was_disclosed(
        &self,
        organisation: OrganisationId,
        invitation: InvitationId,
        stage: Stage,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT stage FROM disclosure WHERE (org_id = $1 OR provider_id = $1) AND invitation_id = $2 AND stage = $3";
        Ok(self.maybe(sql, values![organisation, invitation, stage.code()]).await?.is_some())
    }

    /// The invitations of a child of the organisation's on which something was released at a stage.
    pub async fn disclosed_on(
        &self,
        organisation: OrganisationId,
        child: ChildId,
        stage: Stage,
    ) -> Result<Vec<InvitationId>, StoreError> {
        let sql = "SELECT d.invitation_id AS id FROM disclosure d JOIN invitation_key k ON k.org_id = d.org_id \
                   AND k.invitation_id = d.invitation_id WHERE d.org_id = $1 AND k.child_id = $2 AND d.stage = $3 \
                   ORDER BY d.invitation_id";
        let rows = self.all(sql, values![organisation, child, stage.code()]).await?;
        rows.iter().map(|row| Ok(InvitationId(row.int("id")?))).collect()
    }

    /// The readings on an invitation, oldest first.
    pub async fn readings(
        &self,
        organisation: OrganisationId,
        invitation: InvitationId,
    ) -> Result<Vec<Reading>, StoreError> {
        let sql = "SELECT stage, person_id, at FROM disclosure_read WHERE (org_id = $1 OR provider_id = $1) \
                   AND invitation_id = $2 ORDER BY id";
        let rows = self.all(sql, values![organisation, invitation]).await?;
        rows.iter()
            .map(|row| {
                Ok(Reading {
                    invitation,
                    chosen: row.text("stage")? == Stage::Chosen.code(),
                    person: PersonId(row.int("person_id")?),
                    at: row.text("at")?.parse().map_err(StoreError::fault)?,
                })
            })
            .collect()
    }

    /// A question about known associates, of either organisation.
    pub async fn associate_question(
        &self,
        organisation: OrganisationId,
        id: i64,
    ) -> Result<AssociateQuestion, StoreError> {
        let sql = "SELECT body FROM associate_question WHERE (org_id = $1 OR provider_id = $1) AND id = $2";
        self.one(sql, values![organisation, id]).await?.json("body")
    }

    /// The questions about known associates on an invitation, oldest first.
    pub async fn associate_questions(
        &self,
        organisation: OrganisationId,
        invitation: InvitationId,
    ) -> Result<Vec<AssociateQuestion>, StoreError> {
        let sql = "SELECT body FROM associate_question WHERE (org_id = $1 OR provider_id = $1) AND invitation_id = $2 ORDER BY id";
        let rows = self.all(sql, values![organisation, invitation]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }
}

impl Work {
    /// Releases something to the home of an invitation at a stage, once; later ones change nothing.
    pub async fn disclose<T: Serialize + Sync>(
        &self,
        to: &Invitation,
        stage: Stage,
        what: &T,
    ) -> Result<bool, StoreError> {
        if self.was_disclosed(self.org(), to.id, stage).await? {
            return Ok(false);
        }
        let sealed = self.invitation_key(self.org(), to.id).await?.seal_bytes(what)?;
        let sql = "INSERT INTO disclosure (org_id, provider_id, invitation_id, stage, released, sealed) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let released = self.moment().local.to_string();
        self.execute(sql, values![to.authority, to.provider, to.id, stage.code(), released, sealed]).await?;
        Ok(true)
    }

    /// Puts right what was released to the home of an invitation at a stage; what it was told before is kept.
    pub async fn disclose_again<T: Serialize + Sync>(
        &self,
        to: &Invitation,
        stage: Stage,
        what: &T,
    ) -> Result<(), StoreError> {
        let sealed = self.invitation_key(self.org(), to.id).await?.seal_bytes(what)?;
        let sql =
            "SELECT COUNT(*) AS many FROM disclosure_corrected WHERE org_id = $1 AND invitation_id = $2 AND stage = $3";
        let many = self.one(sql, values![to.authority, to.id, stage.code()]).await?.int("many")?;
        let sql = "INSERT INTO disclosure_corrected (org_id, provider_id, invitation_id, stage, number, released, sealed) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let released = self.moment().local.to_string();
        let values = values![to.authority, to.provider, to.id, stage.code(), many + 1, released, sealed];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Notes that a person of the provider reads what was released.
    pub async fn note_reading(&self, of: &Invitation, stage: Stage, person: PersonId) -> Result<(), StoreError> {
        let sql = "INSERT INTO disclosure_read (id, org_id, provider_id, invitation_id, stage, person_id, at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let at = self.moment().local.to_string();
        let values = values![self.new_id(), of.authority, of.provider, of.id, stage.code(), person, at];
        self.execute(sql, values).await?;
        Ok(())
    }
}

//! The regional arrangement: the regional team's to write, everybody's to read.

pub mod text;

use jiff::civil::Date;
use placewell_domain::homes::price::KNOWN_OPEN;
use placewell_domain::id::{ArrangementId, OrganisationId};
use placewell_domain::power::arrangement::{Arrangement, Leaving, OwnUse, TermsAcceptance};

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

/// An arrangement as the regional team that keeps it writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptArrangement {
    /// The regional team.
    pub region: OrganisationId,
    /// The arrangement.
    pub arrangement: Arrangement,
}

impl Record for Arrangement {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let org = session.organisation().ok_or(StoreError::NotFound)?;
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql =
                "INSERT INTO arrangement (id, org_id, version, slug, starts_on, body) VALUES ($1, $2, 1, $3, $4, $5)";
            session.execute(sql, values![self.id, org, self.slug, self.term.start, body]).await?;
            return Ok(());
        }
        let sql = "UPDATE arrangement SET version = $1, body = $2 WHERE org_id = $3 AND id = $4 AND version = $1 - 1";
        match session.execute(sql, values![self.version, body, org, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Record for OwnUse {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let sql = "INSERT INTO arrangement_use (id, org_id, arrangement_id, act, subject, body) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let (act, subject) = (self.decision.act().code(), self.decision.subject());
        let body = serde_json::to_string(self)?;
        session.execute(sql, values![self.id, self.authority, self.arrangement, act, subject, body]).await?;
        Ok(())
    }
}

impl Record for Leaving {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO arrangement_leave (id, org_id, arrangement_id, from_date, body) VALUES ($1, $2, $3, $4, $5)";
        let body = serde_json::to_string(self)?;
        session.execute(sql, values![self.id, self.authority, self.arrangement, self.from, body]).await?;
        let sql = "INSERT INTO arrangement_left (org_id, arrangement_id, from_date) VALUES ($1, $2, $3)";
        session.execute(sql, values![self.authority, self.arrangement, self.from]).await?;
        Ok(())
    }
}

impl Record for TermsAcceptance {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let sql = "INSERT INTO terms_acceptance (id, org_id, arrangement_id, terms, body) VALUES ($1, $2, $3, $4, $5)";
        let body = serde_json::to_string(self)?;
        session.execute(sql, values![self.id, self.provider, self.arrangement, self.key(), body]).await?;
        Ok(())
    }
}

/// From which day an authority takes no part in an arrangement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// The authority.
    pub authority: OrganisationId,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The first day.
    pub from: Date,
}

impl Session {
    /// Which authorities have decided to leave, and from when; everybody's to read.
    pub async fn authorities_left(&self) -> Result<Vec<Left>, StoreError> {
        let rows = self
            .all("SELECT org_id, arrangement_id, from_date FROM arrangement_left ORDER BY from_date, org_id", vec![])
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Left {
                    authority: OrganisationId(row.int("org_id")?),
                    arrangement: ArrangementId(row.int("arrangement_id")?),
                    from: row.date("from_date")?,
                })
            })
            .collect()
    }

    /// Decisions to leave with what becomes of the live agreements: those who arrange and buy read them.
    pub async fn leavings(&self) -> Result<Vec<Leaving>, StoreError> {
        let rows = self.all("SELECT body FROM arrangement_leave ORDER BY from_date, org_id", vec![]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// What providers accepted of the terms, oldest first; a provider reads its own.
    pub async fn terms_accepted(&self, provider: Option<OrganisationId>) -> Result<Vec<TermsAcceptance>, StoreError> {
        let sql = "SELECT body FROM terms_acceptance WHERE org_id = coalesce($1, org_id) ORDER BY id";
        self.all(sql, values![provider]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// The providers with a home that was admitted to an arrangement: name, and the first day of the first admission.
    pub async fn providers_joined(
        &self,
        arrangement: ArrangementId,
    ) -> Result<Vec<(OrganisationId, String, Date)>, StoreError> {
        let sql = "SELECT h.provider_id AS id, o.name AS name, min(a.from_date) AS admitted, min(g.from_date) AS own \
                   FROM admission a JOIN home h ON h.id = a.home_id JOIN organisation o ON o.id = h.provider_id \
                   JOIN admission_ground g ON g.org_id = a.org_id AND g.provider_id = h.provider_id \
                   WHERE a.arrangement_id = $1 AND a.known_to = $2 GROUP BY h.provider_id, o.name ORDER BY o.name";
        let rows = self.all(sql, values![arrangement, KNOWN_OPEN]).await?;
        let one = |row: &Row| {
            let joined = row.date("admitted")?.max(row.date("own")?);
            Ok((OrganisationId(row.int("id")?), row.text("name")?, joined))
        };
        rows.iter().map(one).collect()
    }

    /// Whether an organisation's people were sent this warning of a term's end.
    pub async fn term_warned(
        &self,
        org: OrganisationId,
        arrangement: ArrangementId,
        (ends_on, months): (Date, u8),
    ) -> Result<bool, StoreError> {
        let sql = "SELECT months FROM term_warning WHERE org_id = $1 AND arrangement_id = $2 AND ends_on = $3 \
                   AND months = $4";
        let values = values![org, arrangement, ends_on, i64::from(months)];
        Ok(self.maybe(sql, values).await?.is_some())
    }

    /// Every arrangement that the region recorded, the latest first, opened or not.
    pub async fn arrangements(&self) -> Result<Vec<KeptArrangement>, StoreError> {
        let rows = self.all("SELECT org_id, body FROM arrangement ORDER BY starts_on DESC, id", vec![]).await?;
        rows.iter().map(kept).collect()
    }

    /// What authorities decided for themselves about the arrangement, oldest first.
    pub async fn arrangement_uses(&self) -> Result<Vec<OwnUse>, StoreError> {
        let rows = self.all("SELECT body FROM arrangement_use ORDER BY id", vec![]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// The arrangement in use: of those that are open, the one that began last; none before the region has recorded one.
    pub async fn current_arrangement(&self) -> Result<Option<KeptArrangement>, StoreError> {
        Ok(self.arrangements().await?.into_iter().find(|kept| !kept.arrangement.ahead.prepared))
    }

    /// The arrangement with this slug.
    pub async fn arrangement(&self, slug: &str) -> Result<KeptArrangement, StoreError> {
        kept(&self.one("SELECT org_id, body FROM arrangement WHERE slug = $1", values![slug]).await?)
    }
}

fn kept(row: &Row) -> Result<KeptArrangement, StoreError> {
    Ok(KeptArrangement { region: OrganisationId(row.int("org_id")?), arrangement: row.body()? })
}

impl Work {
    /// The arrangement with this slug that this organisation keeps.
    pub async fn own_arrangement(&self, slug: &str) -> Result<Arrangement, StoreError> {
        let sql = "SELECT body FROM arrangement WHERE org_id = $1 AND slug = $2";
        self.one(sql, values![self.org(), slug]).await?.json("body")
    }

    /// Keeps that an organisation's people were sent a warning of a term's end; whether it is the first time. The caller
    /// records the event.
    pub async fn warn_of_term(
        &self,
        arrangement: ArrangementId,
        (ends_on, months): (Date, u8),
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO term_warning (org_id, arrangement_id, ends_on, months, warned_on) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let values = values![self.org(), arrangement, ends_on, i64::from(months), self.moment().today()];
        Ok(self.execute(sql, values).await? > 0)
    }
}

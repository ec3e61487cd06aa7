//! What providers hold and show, by its days.

use jiff::civil::Date;
use placewell_domain::change::{Change, Event};
use placewell_domain::homes::home::paper::Paper;
use placewell_domain::id::{HomeId, OrganisationId, PaperId};

use crate::error::StoreError;
use crate::row::places;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

/// Stands for the provider as a whole.
const NO_HOME: i64 = 0;

fn home_or_none(home: Option<HomeId>) -> i64 {
    home.map_or(NO_HOME, |home| home.0)
}

/// How many new documents go in with one statement, and of how many columns each is.
const TOGETHER: usize = 100;
const COLUMNS: usize = 10;

/// Writes new documents with one statement.
async fn insert(session: &Session, new: &[Paper]) -> Result<(), StoreError> {
    let mut values = Vec::with_capacity(new.len() * COLUMNS);
    for paper in new {
        values.extend(values![
            paper.id,
            paper.provider,
            paper.version,
            home_or_none(paper.home),
            paper.kind.code(),
            paper.reference,
            paper.expires_on,
            paper.audience.code(),
            paper.state.name(),
            serde_json::to_string(paper)?
        ]);
    }
    let sql = format!(
        "INSERT INTO paper (id, org_id, version, home_id, kind, reference, expires_on, audience, state, body) VALUES {}",
        places(new.len(), COLUMNS)
    );
    session.execute(&sql, values).await?;
    Ok(())
}

impl Record for Paper {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        if self.version == 1 {
            return insert(session, std::slice::from_ref(self)).await;
        }
        let body = serde_json::to_string(self)?;
        let sql = "UPDATE paper SET version = $1, expires_on = $2, audience = $3, state = $4, body = $5 \
                   WHERE org_id = $6 AND id = $7 AND version = $1 - 1";
        let (audience, state) = (self.audience.code(), self.state.name());
        let values = values![self.version, self.expires_on, audience, state, body, self.provider, self.id];
        match session.execute(sql, values).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Session {
    /// The documents that a provider holds, those that lapse first at the head.
    pub async fn papers_of(&self, provider: OrganisationId) -> Result<Vec<Paper>, StoreError> {
        self.papers_of_all(&[provider]).await
    }

    /// The documents that these providers hold, those that lapse first at the head.
    pub async fn papers_of_all(&self, providers: &[OrganisationId]) -> Result<Vec<Paper>, StoreError> {
        if providers.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT body FROM paper WHERE org_id IN {} AND state = 'held' \
             ORDER BY COALESCE(expires_on, '9999-12-31'), kind, id",
            places(1, providers.len())
        );
        let values = providers.iter().flat_map(|provider| values![*provider]).collect();
        self.all(&sql, values).await?.iter().map(|row| row.json("body")).collect()
    }

    /// The documents about a home, and about its provider as a whole, that the reader may see, those that lapse first at
    /// the head.
    pub async fn papers_seen(&self, provider: OrganisationId, home: HomeId) -> Result<Vec<Paper>, StoreError> {
        let sql = "SELECT body FROM paper WHERE org_id = $1 AND home_id IN ($2, $3) AND state = 'held' \
                   ORDER BY COALESCE(expires_on, '9999-12-31'), kind, id";
        let rows = self.all(sql, values![provider, home, NO_HOME]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// The documents of all providers whose last day lies between these, the first of them first.
    pub async fn papers_lapsing(&self, (from, to): (Date, Date)) -> Result<Vec<Paper>, StoreError> {
        let sql = "SELECT body FROM paper WHERE state = 'held' AND expires_on >= $1 AND expires_on <= $2 \
                   ORDER BY expires_on, id";
        self.all(sql, values![from, to]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// How many documents of all providers have their last day between these.
    pub async fn papers_lapsing_count(&self, (from, to): (Date, Date)) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) AS found FROM paper WHERE state = 'held' AND expires_on >= $1 AND expires_on <= $2";
        Ok(self.one(sql, values![from, to]).await?.int("found")?.unsigned_abs())
    }

    /// One document of a provider.
    pub async fn paper(&self, provider: OrganisationId, id: PaperId) -> Result<Paper, StoreError> {
        self.one("SELECT body FROM paper WHERE org_id = $1 AND id = $2", values![provider, id]).await?.json("body")
    }

    /// The documents that a provider holds under any of these numbers.
    pub async fn papers_numbered(
        &self,
        provider: OrganisationId,
        references: &[&str],
    ) -> Result<Vec<Paper>, StoreError> {
        if references.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (2..references.len() + 2).map(|at| format!("${at}")).collect();
        let sql = format!(
            "SELECT body FROM paper WHERE org_id = $1 AND state = 'held' AND reference IN ({})",
            places.join(", ")
        );
        let mut values = values![provider];
        values.extend(references.iter().flat_map(|reference| values![*reference]));
        self.all(&sql, values).await?.iter().map(|row| row.json("body")).collect()
    }
}

impl Work {
    /// Keeps documents that are all new, each with its event, many in one statement: a long file would wait for each row.
    pub async fn keep_papers(&mut self, new: Vec<Change<Paper>>) -> Result<(), StoreError> {
        let (papers, events): (Vec<Paper>, Vec<Event>) = new.into_iter().map(Change::into_parts).unzip();
        for some in papers.chunks(TOGETHER) {
            insert(self, some).await?;
        }
        for event in events {
            self.record(event);
        }
        Ok(())
    }
}

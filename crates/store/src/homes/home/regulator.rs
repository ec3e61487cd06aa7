//! Alerts of what the regulator changed, and what is said of a home's facts by whom.

use placewell_domain::change::Event;
use placewell_domain::homes::home::Home;
use placewell_domain::homes::home::alert::{Alert, AlertKind};
use placewell_domain::homes::home::voice::{HomeFact, Speaker, Voice};
use placewell_domain::id::{AlertId, HomeId, OrganisationId};

use super::coded;
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

impl Record for Alert {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        let after = self.found.after.clone().unwrap_or_default();
        if self.version == 1 {
            let sql = "INSERT INTO regulator_alert (id, org_id, version, home_id, kind, after, state, raised, body) \
                       VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8)";
            let values = values![
                self.id,
                self.region,
                self.found.home,
                self.found.kind.code(),
                after,
                self.state.name(),
                self.raised.to_string(),
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE regulator_alert SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        match session.execute(sql, values![self.version, self.state.name(), body, self.region, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

fn voice(row: &Row) -> Result<Voice, StoreError> {
    let (fact, speaker) = (row.text("fact")?, row.text("speaker")?);
    Ok(Voice {
        fact: coded(HomeFact::from_code(&fact), "fact of a home", &fact)?,
        speaker: coded(Speaker::from_code(&speaker), "speaker", &speaker)?,
        by: row.text("spoken_by")?,
        value: row.text("value")?,
        seen_on: row.date("seen_on")?,
        link: row.opt_text("link")?,
    })
}

impl Session {
    /// The alerts that this organisation may read, those that wait first, then the latest.
    pub async fn alerts(&self) -> Result<Vec<Alert>, StoreError> {
        let sql = "SELECT body FROM regulator_alert ORDER BY CASE state WHEN 'waiting' THEN 0 ELSE 1 END, id DESC";
        self.all(sql, vec![]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// How many alerts of a regional team are not done.
    pub async fn alerts_open(&self, region: OrganisationId) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) AS found FROM regulator_alert WHERE org_id = $1 AND state <> 'done'";
        Ok(self.one(sql, values![region]).await?.int("found")?.unsigned_abs())
    }

    /// One alert.
    pub async fn alert(&self, id: AlertId) -> Result<Alert, StoreError> {
        self.one("SELECT body FROM regulator_alert WHERE id = $1", values![id]).await?.json("body")
    }

    /// The latest alert about a home of one kind.
    pub async fn latest_alert(
        &self,
        region: OrganisationId,
        home: HomeId,
        kind: AlertKind,
    ) -> Result<Option<Alert>, StoreError> {
        let sql = "SELECT body FROM regulator_alert WHERE org_id = $1 AND home_id = $2 AND kind = $3 ORDER BY id DESC LIMIT 1";
        self.maybe(sql, values![region, home, kind.code()]).await?.map(|row| row.json("body")).transpose()
    }

    /// What was recorded of a home's facts.
    pub async fn voices(&self, home: HomeId) -> Result<Vec<Voice>, StoreError> {
        let sql = "SELECT * FROM home_voice WHERE home_id = $1 ORDER BY seen_on, id";
        self.all(sql, values![home]).await?.iter().map(voice).collect()
    }

    /// What was recorded of every home.
    pub async fn all_voices(&self) -> Result<Vec<(HomeId, Voice)>, StoreError> {
        let rows = self.all("SELECT * FROM home_voice ORDER BY home_id, seen_on, id", vec![]).await?;
        rows.iter().map(|row| Ok((HomeId(row.int("home_id")?), voice(row)?))).collect()
    }
}

impl Work {
    /// Records what this organisation, or Ofsted as it read it, says of a home.
    pub async fn add_voice(&mut self, home: &Home, said: &Voice) -> Result<(), StoreError> {
        let sql = "INSERT INTO home_voice (id, org_id, home_id, fact, speaker, spoken_by, value, seen_on, link) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = values![
            self.new_id(),
            self.org(),
            home.id,
            said.fact.code(),
            said.speaker.code(),
            said.by,
            said.value,
            said.seen_on,
            said.link
        ];
        self.execute(sql, values).await?;
        let event = Event::new("home.said", "home_voice", home.id.0, 1)
            .with("fact", said.fact.code())
            .with("speaker", said.speaker.code())
            .with("seen_on", said.seen_on);
        self.record(event);
        Ok(())
    }
}

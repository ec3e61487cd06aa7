//! Standing in two times: the region's view and the regulator's notices, each replaced only from a day on.

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::homes::home::link::{Elsewhere, ReadAt};
use placewell_domain::homes::price::{KNOWN_OPEN, Rectangle, correct};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::nights::Nights;

use crate::error::StoreError;
use crate::homes::home::coded;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

mod known;
mod measure;
mod open;

pub use known::LotFact;
pub use measure::Followed;
pub use open::OpenAt;
pub(in crate::homes) use open::late_in;

const fn key(subject: StandingSubject) -> (&'static str, i64) {
    match subject {
        StandingSubject::Provider(id) => ("provider", id.0),
        StandingSubject::Home(id) => ("home", id.0),
    }
}

fn fact(row: &Row) -> Result<StandingFact, StoreError> {
    let id = row.int("subject_id")?;
    let subject = match row.text("subject_kind")?.as_str() {
        "home" => StandingSubject::Home(HomeId(id)),
        _ => StandingSubject::Provider(OrganisationId(id)),
    };
    let (source, standing, reason) = (row.text("source")?, row.text("standing")?, row.text("reason")?);
    Ok(StandingFact {
        subject,
        source: coded(StandingSource::from_code(&source), "standing source", &source)?,
        standing: coded(Standing::from_code(&standing), "standing", &standing)?,
        from: row.date("from_date")?,
        until: row.date("until_date")?,
        reason: coded(StandingReason::from_code(&reason), "standing reason", &reason)?,
    })
}

const COLUMNS: &str = "id, subject_kind, subject_id, source, standing, reason, from_date, until_date, known_from, known_to, link, elsewhere";

/// Only a regional team says how others stand; a row in another's name counts for nothing.
const BY_REGION: &str = "org_id IN (SELECT id FROM organisation WHERE kind = 'regional_team')";

impl Session {
    /// Every standing fact that is believed now.
    pub async fn standing_facts(&self) -> Result<Vec<StandingFact>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM standing_fact WHERE known_to = $1 AND {BY_REGION} ORDER BY from_date, id");
        self.all(&sql, values![KNOWN_OPEN]).await?.iter().map(fact).collect()
    }

    /// The standing facts of one home and of its provider that are believed now.
    pub async fn standing_of(&self, home: HomeId, provider: OrganisationId) -> Result<Vec<StandingFact>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM standing_fact WHERE known_to = $1 AND {BY_REGION} AND ((subject_kind = 'home' AND subject_id = $2) \
             OR (subject_kind = 'provider' AND subject_id = $3)) ORDER BY from_date, id"
        );
        self.all(&sql, values![KNOWN_OPEN, home, provider]).await?.iter().map(fact).collect()
    }

    /// Where the judgements and notices about a subject can be read that were entered by hand and are believed now: who says
    /// it, and from which day.
    pub async fn standing_read_at(
        &self,
        subject: StandingSubject,
    ) -> Result<Vec<(StandingSource, Date, ReadAt)>, StoreError> {
        let (kind, id) = key(subject);
        let sql = format!(
            "SELECT {COLUMNS} FROM standing_fact WHERE known_to = $1 AND {BY_REGION} AND subject_kind = $2 \
             AND subject_id = $3 AND link IS NOT NULL ORDER BY from_date, id"
        );
        let rows = self.all(&sql, values![KNOWN_OPEN, kind, id]).await?;
        let one = |row: &Row| {
            let held = fact(row)?;
            Ok(read_at(row)?.map(|read_at| (held.source, held.from, read_at)))
        };
        rows.iter().filter_map(|row| one(row).transpose()).collect()
    }
}

fn read_at(row: &Row) -> Result<Option<ReadAt>, StoreError> {
    let Some(link) = row.opt_text("link")? else { return Ok(None) };
    let why = row.opt_text("elsewhere")?;
    let elsewhere = why.map(|code| coded(Elsewhere::from_code(&code), "why elsewhere", &code)).transpose()?;
    Ok(Some(ReadAt { link, elsewhere }))
}

impl Work {
    /// Records how a subject stands from a day until a day, under this work's sequence with an event of its own.
    pub async fn record_standing(&mut self, new: &StandingFact) -> Result<(), StoreError> {
        self.record_notice(new, None).await
    }

    /// The same, with where it can be read.
    pub async fn record_notice(&mut self, new: &StandingFact, at: Option<&ReadAt>) -> Result<(), StoreError> {
        let Some(days) = Nights::new(new.from, new.until) else {
            return Err(StoreError::fault("a standing of no days"));
        };
        let seq = self.sequence().await?;
        self.note_known(seq).await?;
        let (kind, id) = key(new.subject);
        let sql = format!(
            "SELECT {COLUMNS} FROM standing_fact WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3 \
             AND source = $4 AND known_to = $5"
        );
        let rows = self.all(&sql, values![self.org(), kind, id, new.source.code(), KNOWN_OPEN]).await?;
        let mut current = Vec::new();
        for row in &rows {
            let held = fact(row)?;
            let known_from = row.int("known_from")?;
            let value = (held.standing, held.reason, read_at(row)?);
            current.push(Rectangle {
                from: held.from,
                to: held.until,
                origin: held.from,
                known_from,
                known_to: KNOWN_OPEN,
                value,
            });
        }
        let correction = correct(&current, days, None, Some((new.standing, new.reason, at.cloned())), seq);
        for at in correction.close {
            let Some(row) = rows.get(at) else { continue };
            let sql = "UPDATE standing_fact SET known_to = $1 WHERE org_id = $2 AND id = $3";
            self.execute(sql, values![seq, self.org(), row.int("id")?]).await?;
        }
        for part in correction.insert {
            let sql = "INSERT INTO standing_fact (id, org_id, subject_kind, subject_id, source, standing, reason, from_date, \
                       until_date, known_from, known_to, link, elsewhere) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
            let (row_id, org, (standing, reason, at)) = (self.new_id(), self.org(), part.value);
            let (link, why) = at.map_or((None, None), |at| (Some(at.link), at.elsewhere.map(Elsewhere::code)));
            let source = new.source.code();
            let values = values![
                row_id,
                org,
                kind,
                id,
                source,
                standing.code(),
                reason.code(),
                part.from,
                part.to,
                part.known_from,
                part.known_to,
                link,
                why
            ];
            self.execute(sql, values).await?;
        }
        let event = Event::new("standing.recorded", "standing", id, 1)
            .with("subject", kind)
            .with("source", new.source.code())
            .with("standing", new.standing.code())
            .with("reason", new.reason.code())
            .with("from", new.from);
        self.record(event);
        Ok(())
    }
}

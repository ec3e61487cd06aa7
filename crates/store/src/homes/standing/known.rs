//! What was known at a time: the clock of the region's facts, the facts believed at a number of its sequence, and the
//! standing of single lots.

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::price::{KNOWN_OPEN, Rectangle, correct};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::nights::Nights;

use super::{BY_REGION, COLUMNS, fact};
use crate::error::StoreError;
use crate::homes::home::coded;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// How a home stands on one lot, on some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotFact {
    /// The home.
    pub home: HomeId,
    /// The lot's code.
    pub lot: String,
    /// How it stands there.
    pub standing: Standing,
    /// Why.
    pub reason: StandingReason,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
}

impl LotFact {
    /// Whether it stops new placements on this lot on this day.
    #[must_use]
    pub fn stops(&self, home: HomeId, lot: &str, day: Date) -> bool {
        self.home == home
            && self.lot == lot
            && self.from <= day
            && day < self.until
            && matches!(self.standing, Standing::Suspended | Standing::Removed)
    }
}

fn lot_fact(row: &Row) -> Result<LotFact, StoreError> {
    let (standing, reason) = (row.text("standing")?, row.text("reason")?);
    Ok(LotFact {
        home: HomeId(row.int("home_id")?),
        lot: row.text("lot")?,
        standing: coded(Standing::from_code(&standing), "standing", &standing)?,
        reason: coded(StandingReason::from_code(&reason), "standing reason", &reason)?,
        from: row.date("from_date")?,
        until: row.date("until_date")?,
    })
}

impl Session {
    /// The number up to which a region's facts were recorded by a moment. What was recorded before the clock was kept
    /// counts as known; all of it where no clock was kept.
    pub async fn known_by(&self, region: OrganisationId, at: Timestamp) -> Result<i64, StoreError> {
        let sql = "SELECT max(seq) AS seq FROM fact_clock WHERE org_id = $1 AND recorded_at <= $2";
        if let Some(seq) = self.one(sql, values![region, at]).await?.opt_int("seq")? {
            return Ok(seq);
        }
        let sql = "SELECT min(seq) AS seq FROM fact_clock WHERE org_id = $1";
        let first = self.one(sql, values![region]).await?.opt_int("seq")?;
        Ok(first.map_or(KNOWN_OPEN - 1, |seq| seq - 1))
    }

    /// The standing facts of a home and of its provider that were believed at a number of the region's sequence.
    pub async fn standing_known(
        &self,
        home: HomeId,
        provider: OrganisationId,
        seq: i64,
    ) -> Result<Vec<StandingFact>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM standing_fact WHERE known_from <= $1 AND known_to > $1 AND {BY_REGION} \
             AND ((subject_kind = 'home' AND subject_id = $2) OR (subject_kind = 'provider' AND subject_id = $3)) \
             ORDER BY from_date, id"
        );
        self.all(&sql, values![seq, home, provider]).await?.iter().map(fact).collect()
    }

    /// A home's admissions that were believed at a number of the region's sequence.
    pub async fn admissions_known(&self, home: HomeId, seq: i64) -> Result<Vec<Admission>, StoreError> {
        let sql = "SELECT id, home_id, arrangement_id, lot, from_date, until_date, ended FROM admission \
                   WHERE home_id = $1 AND known_from <= $2 AND known_to > $2 ORDER BY lot, from_date";
        self.all(sql, values![home, seq]).await?.iter().map(crate::homes::admission::admission).collect()
    }

    /// How homes stand on single lots, as it is believed now.
    pub async fn lot_facts(&self) -> Result<Vec<LotFact>, StoreError> {
        let sql = format!("SELECT * FROM lot_standing WHERE known_to = $1 AND {BY_REGION} ORDER BY from_date, id");
        self.all(&sql, values![KNOWN_OPEN]).await?.iter().map(lot_fact).collect()
    }

    /// The same of one home.
    pub async fn lot_facts_of(&self, home: HomeId) -> Result<Vec<LotFact>, StoreError> {
        let sql = format!(
            "SELECT * FROM lot_standing WHERE home_id = $1 AND known_to = $2 AND {BY_REGION} ORDER BY from_date, id"
        );
        self.all(&sql, values![home, KNOWN_OPEN]).await?.iter().map(lot_fact).collect()
    }

    /// The same of one home, as it was believed at a number of the region's sequence.
    pub async fn lot_facts_known(&self, home: HomeId, seq: i64) -> Result<Vec<LotFact>, StoreError> {
        let sql = format!(
            "SELECT * FROM lot_standing WHERE home_id = $1 AND known_from <= $2 AND known_to > $2 AND {BY_REGION} \
             ORDER BY from_date, id"
        );
        self.all(&sql, values![home, seq]).await?.iter().map(lot_fact).collect()
    }
}

impl Work {
    /// Notes when this organisation's sequence stood at a number.
    pub(crate) async fn note_known(&self, seq: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO fact_clock (org_id, seq, recorded_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (org_id, seq) DO NOTHING";
        self.execute(sql, values![self.org(), seq, self.moment().at]).await?;
        Ok(())
    }

    /// Records how a home stands on one lot from a day until a day.
    pub async fn record_lot_standing(&mut self, new: &LotFact) -> Result<(), StoreError> {
        let Some(days) = Nights::new(new.from, new.until) else {
            return Err(StoreError::fault("a standing of no days"));
        };
        let seq = self.sequence().await?;
        self.note_known(seq).await?;
        let sql = "SELECT * FROM lot_standing WHERE org_id = $1 AND home_id = $2 AND lot = $3 AND known_to = $4";
        let rows = self.all(sql, values![self.org(), new.home, new.lot, KNOWN_OPEN]).await?;
        let mut current = Vec::new();
        for row in &rows {
            let held = lot_fact(row)?;
            let (from, to, known_from) = (held.from, held.until, row.int("known_from")?);
            let value = (held.standing, held.reason);
            current.push(Rectangle { from, to, origin: from, known_from, known_to: KNOWN_OPEN, value });
        }
        let correction = correct(&current, days, None, Some((new.standing, new.reason)), seq);
        for at in correction.close {
            let Some(row) = rows.get(at) else { continue };
            let sql = "UPDATE lot_standing SET known_to = $1 WHERE org_id = $2 AND id = $3";
            self.execute(sql, values![seq, self.org(), row.int("id")?]).await?;
        }
        for part in correction.insert {
            let sql = "INSERT INTO lot_standing (id, org_id, home_id, lot, standing, reason, from_date, until_date, \
                       known_from, known_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
            let (standing, reason) = part.value;
            let values = values![
                self.new_id(),
                self.org(),
                new.home,
                new.lot,
                standing.code(),
                reason.code(),
                part.from,
                part.to,
                part.known_from,
                part.known_to
            ];
            self.execute(sql, values).await?;
        }
        let event = Event::new("standing.recorded", "standing", new.home.0, 1)
            .with("subject", "lot")
            .with("lot", &new.lot)
            .with("standing", new.standing.code())
            .with("reason", new.reason.code())
            .with("from", new.from);
        self.record(event);
        Ok(())
    }
}

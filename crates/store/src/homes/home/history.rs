//! Where a home's registration stood, in two times: what is told closes what it overlaps and keeps what was believed before.

use jiff::Timestamp;
use placewell_domain::homes::home::history::{OnRegister, RegisterSource, RegistrationFact, Told};
use placewell_domain::homes::price::{KNOWN_OPEN, Rectangle, correct};
use placewell_domain::id::HomeId;
use placewell_domain::nights::Nights;

use super::coded;
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// A fact of a home's registration, and since when it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationLine {
    /// The fact.
    pub fact: RegistrationFact,
    /// When it was first recorded; none where it was held before its history was kept.
    pub told_at: Option<Timestamp>,
}

fn fact(row: &Row) -> Result<RegistrationFact, StoreError> {
    let (state, source) = (row.text("state")?, row.text("source")?);
    Ok(RegistrationFact {
        state: coded(OnRegister::from_code(&state), "registration", &state)?,
        source: coded(RegisterSource::from_code(&source), "source of a registration", &source)?,
        from: row.date("from_date")?,
        until: row.date("until_date")?,
    })
}

impl Session {
    /// Where a home's registration stood, as it was believed at a number of the region's sequence.
    pub async fn registration_known(&self, home: HomeId, seq: i64) -> Result<Vec<RegistrationFact>, StoreError> {
        let sql = "SELECT state, source, from_date, until_date FROM home_registration \
                   WHERE home_id = $1 AND known_from <= $2 AND known_to > $2 ORDER BY from_date, id";
        self.all(sql, values![home, seq]).await?.iter().map(fact).collect()
    }

    /// Where a home's registration stood and stands as it is believed now, the latest first, and since when each is known.
    pub async fn registration_history(&self, home: HomeId) -> Result<Vec<RegistrationLine>, StoreError> {
        let sql = "SELECT r.state, r.source, r.from_date, r.until_date, c.recorded_at FROM home_registration r \
                   LEFT JOIN fact_clock c ON c.org_id = r.org_id AND c.seq = r.told_from \
                   WHERE r.home_id = $1 AND r.known_to = $2 ORDER BY r.from_date DESC, r.id";
        let rows = self.all(sql, values![home, KNOWN_OPEN]).await?;
        rows.iter()
            .map(|row| Ok(RegistrationLine { fact: fact(row)?, told_at: row.opt_moment("recorded_at")? }))
            .collect()
    }
}

impl Work {
    /// Records what a register says anew of a home of this region; the change of the home itself is its event.
    pub async fn record_registration(&mut self, new: &Told) -> Result<(), StoreError> {
        let seq = self.sequence().await?;
        self.note_known(seq).await?;
        let sql = "SELECT id, state, source, from_date, until_date, told_from, known_from FROM home_registration \
                   WHERE org_id = $1 AND home_id = $2 AND known_to = $3 ORDER BY from_date, id";
        let rows = self.all(sql, values![self.org(), new.home, KNOWN_OPEN]).await?;
        let mut current = Vec::new();
        for row in &rows {
            let held = fact(row)?;
            let (from, to, known_from) = (held.from, held.until, row.int("known_from")?);
            let value = (held.state, held.source, row.int("told_from")?);
            current.push(Rectangle { from, to, origin: from, known_from, known_to: KNOWN_OPEN, value });
        }
        // A later first day takes back only what is believed of the same registration, not what came before it.
        let before = current.iter().filter(|held| held.value.0 != OnRegister::Active && held.from < new.until);
        let other = before.map(|held| held.to).max();
        let from = match (new.state, other) {
            (None, Some(end)) => new.from.max(end),
            _ => new.from,
        };
        if from >= new.until {
            return Ok(());
        }
        let Some(days) = Nights::new(from, new.until) else {
            return Err(StoreError::fault("a registration of no days"));
        };
        let value = new.state.map(|state| (state, RegisterSource::Register, seq));
        let correction = correct(&current, days, None, value, seq);
        for at in correction.close {
            let Some(row) = rows.get(at) else { continue };
            let sql = "UPDATE home_registration SET known_to = $1 WHERE org_id = $2 AND id = $3";
            self.execute(sql, values![seq, self.org(), row.int("id")?]).await?;
        }
        for part in correction.insert {
            let sql = "INSERT INTO home_registration (id, org_id, home_id, state, source, from_date, until_date, \
                       told_from, known_from, known_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
            let (state, source, told_from) = part.value;
            let values = values![
                self.new_id(),
                self.org(),
                new.home,
                state.code(),
                source.code(),
                part.from,
                part.to,
                told_from,
                part.known_from,
                part.known_to
            ];
            self.execute(sql, values).await?;
        }
        Ok(())
    }
}

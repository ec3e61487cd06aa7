//! Admissions to lots in two times.

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::homes::admission::{Admission, AdmissionEnd};
use placewell_domain::homes::price::KNOWN_OPEN;
use placewell_domain::id::{ArrangementId, HomeId};
use placewell_domain::nights::OPEN_END;

use crate::error::StoreError;
use crate::homes::home::coded;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

mod application;
mod evaluation;

pub(super) fn admission(row: &Row) -> Result<Admission, StoreError> {
    let ended = row.opt_text("ended")?;
    Ok(Admission {
        home: HomeId(row.int("home_id")?),
        arrangement: ArrangementId(row.int("arrangement_id")?),
        lot: row.text("lot")?,
        from: row.date("from_date")?,
        until: row.date("until_date")?,
        ended: ended.map(|code| coded(AdmissionEnd::from_code(&code), "end of admission", &code)).transpose()?,
    })
}

const COLUMNS: &str = "id, home_id, arrangement_id, lot, from_date, until_date, ended";

impl Session {
    /// Every admission that is believed now.
    pub async fn all_admissions(&self) -> Result<Vec<Admission>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM admission WHERE known_to = $1 ORDER BY home_id, lot, from_date");
        self.all(&sql, values![KNOWN_OPEN]).await?.iter().map(admission).collect()
    }

    /// A home's admissions that are believed now.
    pub async fn admissions_of(&self, home: HomeId) -> Result<Vec<Admission>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM admission WHERE home_id = $1 AND known_to = $2 ORDER BY lot, from_date");
        self.all(&sql, values![home, KNOWN_OPEN]).await?.iter().map(admission).collect()
    }
}

impl Work {
    /// Admits a home to a lot; refused by the database where it is on that lot already on some of the days.
    pub async fn record_admission(&mut self, new: &Admission) -> Result<(), StoreError> {
        let known = self.sequence().await?;
        self.note_known(known).await?;
        self.insert_admission(new, known).await?;
        let event = Event::new("admission.recorded", "admission", new.home.0, 1)
            .with("lot", &new.lot)
            .with("from", new.from)
            .with("until", new.until);
        self.record(event);
        Ok(())
    }

    /// Ends a home's open admission to a lot; `NotFound` where it has none. What was believed before stays readable.
    pub async fn end_admission(
        &mut self,
        home: HomeId,
        lot: &str,
        until: Date,
        why: AdmissionEnd,
    ) -> Result<(), StoreError> {
        let known = self.sequence().await?;
        self.note_known(known).await?;
        let sql = format!(
            "SELECT {COLUMNS} FROM admission WHERE org_id = $1 AND home_id = $2 AND lot = $3 AND until_date = $4 AND known_to = $5"
        );
        let row = self.one(&sql, values![self.org(), home, lot, OPEN_END, KNOWN_OPEN]).await?;
        let held = admission(&row)?;
        let close = "UPDATE admission SET known_to = $1 WHERE org_id = $2 AND id = $3";
        self.execute(close, values![known, self.org(), row.int("id")?]).await?;
        if held.from < until {
            self.insert_admission(&Admission { until, ended: Some(why), ..held }, known).await?;
        }
        let event = Event::new("admission.ended", "admission", home.0, 1)
            .with("lot", lot)
            .with("until", until)
            .with("why", why.code());
        self.record(event);
        Ok(())
    }

    async fn insert_admission(&self, new: &Admission, known: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO admission (id, org_id, home_id, arrangement_id, lot, from_date, until_date, ended, \
                   known_from, known_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let ended = new.ended.map(AdmissionEnd::code);
        let values = values![
            self.new_id(),
            self.org(),
            new.home,
            new.arrangement,
            new.lot,
            new.from,
            new.until,
            ended,
            known,
            KNOWN_OPEN
        ];
        self.execute(sql, values).await?;
        Ok(())
    }
}

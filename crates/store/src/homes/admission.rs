//! Admissions to lots in two times.

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::homes::admission::ground::{AdmissionException, AdmissionGround, GroundOn};
use placewell_domain::homes::admission::{Admission, AdmissionEnd};
use placewell_domain::homes::price::KNOWN_OPEN;
use placewell_domain::id::{ArrangementId, EvaluationId, HomeId, OrganisationId};

use crate::error::StoreError;
use crate::homes::home::coded;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

mod application;
mod evaluation;
mod registration;

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

    /// On what the admissions of a provider rest, the earliest first; of every provider that one may read where none is named.
    pub async fn admission_grounds(
        &self,
        provider: Option<OrganisationId>,
    ) -> Result<Vec<AdmissionGround>, StoreError> {
        let sql = "SELECT provider_id, from_date, evaluation_id, exception, record FROM admission_ground \
                   WHERE provider_id = $1 OR $1 = 0 ORDER BY from_date, id";
        let asked = provider.map_or(0, |provider| provider.0);
        self.all(sql, values![asked]).await?.iter().map(ground).collect()
    }
}

fn ground(row: &Row) -> Result<AdmissionGround, StoreError> {
    let on = match (row.opt_int("evaluation_id")?, row.opt_text("exception")?) {
        (Some(id), _) => GroundOn::Evaluation(EvaluationId(id)),
        (None, code) => {
            let code = code.unwrap_or_default();
            let reason = coded(AdmissionException::from_code(&code), "ground of an admission", &code)?;
            GroundOn::Exception { reason, record: row.text("record")? }
        }
    };
    Ok(AdmissionGround { provider: OrganisationId(row.int("provider_id")?), from: row.date("from_date")?, on })
}

impl Work {
    /// Keeps on what a provider's admission rests; refused by the database where the evaluation did not admit it.
    pub async fn keep_admission_ground(&mut self, of: &AdmissionGround) -> Result<(), StoreError> {
        let (evaluation, exception, record) = match &of.on {
            GroundOn::Evaluation(id) => (Some(*id), None, ""),
            GroundOn::Exception { reason, record } => (None, Some(reason.code()), record.as_str()),
        };
        let sql = "INSERT INTO admission_ground (id, org_id, provider_id, from_date, evaluation_id, exception, record, \
                   entered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let at = self.moment().local.to_string();
        let values = values![self.new_id(), self.org(), of.provider, of.from, evaluation, exception, record, at];
        self.execute(sql, values).await?;
        let event = Event::new("admission.ground_recorded", "organisation", of.provider.0, 1)
            .with("provider", of.provider)
            .with("from", of.from)
            .with("ground", exception.unwrap_or("evaluation"));
        self.record(event);
        Ok(())
    }

    /// Admits a home to a lot; refused by the database where it is on that lot already on some of the days, and where the
    /// admission of its provider rests on nothing.
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

    /// Ends a home's admissions to a lot that go beyond a day, or begin after it; `NotFound` where it has none. What was
    /// believed before stays readable.
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
            "SELECT {COLUMNS} FROM admission WHERE org_id = $1 AND home_id = $2 AND lot = $3 AND until_date > $4 AND known_to = $5"
        );
        let rows = self.all(&sql, values![self.org(), home, lot, until, KNOWN_OPEN]).await?;
        if rows.is_empty() {
            return Err(StoreError::NotFound);
        }
        for row in &rows {
            let held = admission(row)?;
            let close = "UPDATE admission SET known_to = $1 WHERE org_id = $2 AND id = $3";
            self.execute(close, values![known, self.org(), row.int("id")?]).await?;
            if held.from < until {
                self.insert_admission(&Admission { until, ended: Some(why), ..held }, known).await?;
            }
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

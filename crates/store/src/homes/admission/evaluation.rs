//! Evaluations, the panel's steps, blind scores, letters, conditions, challenges and doubts.
//!
//! A sheet is read by its own evaluator, and by the panel once moderation is open: the database's own condition, repeated
//! here for the connection that writes on SQLite, which has no views.

use placewell_domain::homes::admission::evaluation::{Condition, Evaluation};
use placewell_domain::homes::admission::outcome::{Challenge, Doubt, DoubtAnswer, Letter};
use placewell_domain::homes::admission::score::{Evaluator, PanelStep, Release, Sheet};
use placewell_domain::id::{EvaluationId, OpeningId, OrganisationId, PersonId};

use super::application::{bodies, moved};
use crate::connect::Backend;
use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

impl Record for Evaluation {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let (body, state) = (serde_json::to_string(self)?, self.state.name());
        if self.version == 1 {
            let sql = "INSERT INTO evaluation (id, org_id, version, opening_id, application_id, provider_id, state, body) \
                       VALUES ($1, $2, 1, $3, $4, $5, $6, $7)";
            let values = values![self.id, self.region, self.opening, self.application, self.provider, state, body];
            session.execute(sql, values).await?;
        } else {
            let sql = "UPDATE evaluation SET version = $1, state = $2, body = $3 \
                       WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
            moved(session.execute(sql, values![self.version, state, body, self.region, self.id]).await?)?;
        }
        for one in &self.released {
            write_release(self, session, one).await?;
        }
        for one in &self.panel {
            match self.in_place_of(one) {
                Some(before) => pass_seat_on(self, session, (before, one)).await?,
                None => write_evaluator(self, session, one).await?,
            }
        }
        if let Some(condition) = self.condition_in_force() {
            write_condition(self, session, condition).await?;
        }
        Ok(())
    }
}

/// The condition of an admission that is final, for its provider too, as it now stands.
async fn write_condition(of: &Evaluation, session: &Session, condition: &Condition) -> Result<(), StoreError> {
    let sql = "INSERT INTO admission_condition (org_id, provider_id, opening_id, evaluation_id, body) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, evaluation_id) DO UPDATE SET body = excluded.body";
    let body = serde_json::to_string(condition)?;
    session.execute(sql, values![of.region, of.provider, of.opening, of.id, body]).await?;
    Ok(())
}

/// The release of a seat, where it is not written yet.
async fn write_release(of: &Evaluation, session: &Session, one: &Release) -> Result<(), StoreError> {
    let sql = "INSERT INTO evaluation_release (org_id, evaluation_id, person_id, reason) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (org_id, evaluation_id, person_id) DO NOTHING";
    session.execute(sql, values![of.region, of.id, one.person, one.reason.code()]).await?;
    Ok(())
}

/// The seat of an evaluator who gave it up goes to a colleague, where it has not yet.
async fn pass_seat_on(
    of: &Evaluation,
    session: &Session,
    (before, one): (&Evaluator, &Evaluator),
) -> Result<(), StoreError> {
    let sql = "INSERT INTO evaluation_seat (org_id, evaluation_id, authority_id, person_id, conflicted_id) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, evaluation_id, person_id) DO NOTHING";
    session.execute(sql, values![of.region, of.id, one.authority, one.person, before.person]).await?;
    Ok(())
}

/// An evaluator, where the panel does not have them yet.
async fn write_evaluator(of: &Evaluation, session: &Session, one: &Evaluator) -> Result<(), StoreError> {
    let sql = "INSERT INTO evaluation_panel (org_id, evaluation_id, application_id, authority_id, person_id) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, evaluation_id, person_id) DO NOTHING";
    session.execute(sql, values![of.region, of.id, of.application, one.authority, one.person]).await?;
    Ok(())
}

impl Record for PanelStep {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let sql = "INSERT INTO evaluation_step (id, org_id, evaluation_id, person_id, step, body) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let body = serde_json::to_string(self)?;
        let values = values![self.id, self.authority, self.evaluation, self.person, self.step.code(), body];
        session.execute(sql, values).await?;
        Ok(())
    }
}

impl Record for Sheet {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let (body, state) = (serde_json::to_string(self)?, self.state());
        if self.version == 1 {
            let sql = "INSERT INTO score_sheet (id, org_id, version, evaluation_id, person_id, state, body) \
                       VALUES ($1, $2, 1, $3, $4, $5, $6)";
            let values = values![self.id, self.authority, self.evaluation, self.person, state, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE score_sheet SET version = $1, state = $2, body = $3 WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        moved(session.execute(sql, values![self.version, state, body, self.authority, self.id]).await?)
    }
}

impl Record for Challenge {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let (body, state) = (serde_json::to_string(self)?, self.state.name());
        if self.version == 1 {
            let sql = "INSERT INTO admission_challenge (id, org_id, region_id, version, evaluation_id, state, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6)";
            session.execute(sql, values![self.id, self.provider, self.region, self.evaluation, state, body]).await?;
            return Ok(());
        }
        let sql = "UPDATE admission_challenge SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        moved(session.execute(sql, values![self.version, state, body, self.provider, self.id]).await?)
    }
}

impl Record for Doubt {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let sql = "INSERT INTO evaluation_doubt (id, org_id, evaluation_id, body) VALUES ($1, $2, $3, $4)";
        session.execute(sql, values![self.id, self.authority, self.evaluation, serde_json::to_string(self)?]).await?;
        Ok(())
    }
}

impl Record for DoubtAnswer {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let sql = "INSERT INTO doubt_answer (org_id, doubt_id, evaluation_id, body) VALUES ($1, $2, $3, $4)";
        session.execute(sql, values![self.region, self.doubt, self.evaluation, serde_json::to_string(self)?]).await?;
        Ok(())
    }
}

impl Session {
    /// Every evaluation, the latest first.
    pub async fn evaluations(&self) -> Result<Vec<Evaluation>, StoreError> {
        bodies(&self.all("SELECT body FROM evaluation ORDER BY id DESC", vec![]).await?)
    }

    /// The evaluations of an opening's applications.
    pub async fn evaluations_of(&self, opening: OpeningId) -> Result<Vec<Evaluation>, StoreError> {
        bodies(&self.all("SELECT body FROM evaluation WHERE opening_id = $1 ORDER BY id", values![opening]).await?)
    }

    /// A provider's evaluations, the latest first.
    pub async fn evaluations_about(&self, provider: OrganisationId) -> Result<Vec<Evaluation>, StoreError> {
        bodies(
            &self.all("SELECT body FROM evaluation WHERE provider_id = $1 ORDER BY id DESC", values![provider]).await?,
        )
    }

    /// One evaluation.
    pub async fn evaluation(&self, id: EvaluationId) -> Result<Evaluation, StoreError> {
        self.one("SELECT body FROM evaluation WHERE id = $1", values![id]).await?.json("body")
    }

    /// The evaluations on whose panel a person is, the latest first.
    pub async fn evaluations_by(&self, person: PersonId) -> Result<Vec<Evaluation>, StoreError> {
        let sql = "SELECT e.body AS body FROM evaluation e JOIN ( \
                     SELECT org_id, evaluation_id FROM evaluation_panel WHERE person_id = $1 \
                     UNION SELECT org_id, evaluation_id FROM evaluation_seat WHERE person_id = $1 \
                   ) p ON p.org_id = e.org_id AND p.evaluation_id = e.id ORDER BY e.id DESC";
        bodies(&self.all(sql, values![person]).await?)
    }

    /// What the panel declared and that it handed in.
    pub async fn panel_steps(&self, evaluation: EvaluationId) -> Result<Vec<PanelStep>, StoreError> {
        bodies(
            &self
                .all("SELECT body FROM evaluation_step WHERE evaluation_id = $1 ORDER BY id", values![evaluation])
                .await?,
        )
    }

    /// A person's own sheet.
    pub async fn own_sheet(&self, evaluation: EvaluationId, person: PersonId) -> Result<Option<Sheet>, StoreError> {
        let sql = "SELECT body FROM score_sheet WHERE org_id = $1 AND evaluation_id = $2 AND person_id = $3";
        let own = self.organisation().ok_or(StoreError::NotFound)?;
        self.maybe(sql, values![own, evaluation, person]).await?.map(|row| row.json("body")).transpose()
    }

    /// The sheets that were handed in and count, once moderation is open; none before. That of an evaluator who told of a
    /// conflict later, or whose seat was released meanwhile, is struck.
    pub async fn opened_sheets(&self, evaluation: EvaluationId) -> Result<Vec<Sheet>, StoreError> {
        let sql = "SELECT s.body AS body FROM score_sheet s JOIN evaluation e ON e.id = s.evaluation_id \
                   WHERE s.evaluation_id = $1 AND s.state = 'handed_in' AND e.state NOT IN ('gates', 'scoring') \
                   AND NOT EXISTS (SELECT 1 FROM evaluation_step c WHERE c.evaluation_id = s.evaluation_id \
                     AND c.person_id = s.person_id AND c.step = 'conflict') \
                   AND NOT EXISTS (SELECT 1 FROM evaluation_release r WHERE r.evaluation_id = s.evaluation_id \
                     AND r.person_id = s.person_id) \
                   ORDER BY s.id";
        bodies(&self.all(sql, values![evaluation]).await?)
    }

    /// Whether an outcome is final, for its provider and the regional team.
    pub async fn is_final(&self, evaluation: EvaluationId) -> Result<bool, StoreError> {
        let sql = "SELECT evaluation_id FROM outcome_final WHERE evaluation_id = $1";
        Ok(self.maybe(sql, values![evaluation]).await?.is_some())
    }

    /// The conditions that a provider is admitted under, each with its opening.
    pub async fn conditions_of(&self, provider: OrganisationId) -> Result<Vec<(OpeningId, Condition)>, StoreError> {
        let sql = "SELECT opening_id, body FROM admission_condition WHERE provider_id = $1 ORDER BY evaluation_id DESC";
        let rows = self.all(sql, values![provider]).await?;
        rows.iter().map(|row| Ok((OpeningId(row.int("opening_id")?), row.json("body")?))).collect()
    }

    /// A provider's letters, the latest first.
    pub async fn letters_of(&self, provider: OrganisationId) -> Result<Vec<Letter>, StoreError> {
        let sql = "SELECT body FROM admission_letter WHERE provider_id = $1 ORDER BY id DESC";
        bodies(&self.all(sql, values![provider]).await?)
    }

    /// The letters of an evaluation, the latest first: more than one after an upheld challenge.
    pub async fn letters(&self, evaluation: EvaluationId) -> Result<Vec<Letter>, StoreError> {
        let sql = "SELECT body FROM admission_letter WHERE evaluation_id = $1 ORDER BY id DESC";
        bodies(&self.all(sql, values![evaluation]).await?)
    }

    /// The challenges of an evaluation, oldest first.
    pub async fn challenges(&self, evaluation: EvaluationId) -> Result<Vec<Challenge>, StoreError> {
        let sql = "SELECT body FROM admission_challenge WHERE evaluation_id = $1 ORDER BY id";
        bodies(&self.all(sql, values![evaluation]).await?)
    }

    /// The doubts of authorities about an evaluation, oldest first.
    pub async fn doubts(&self, evaluation: EvaluationId) -> Result<Vec<Doubt>, StoreError> {
        let sql = "SELECT body FROM evaluation_doubt WHERE evaluation_id = $1 ORDER BY id";
        bodies(&self.all(sql, values![evaluation]).await?)
    }

    /// The regional team's answers to them.
    pub async fn doubt_answers(&self, evaluation: EvaluationId) -> Result<Vec<DoubtAnswer>, StoreError> {
        let sql = "SELECT body FROM doubt_answer WHERE evaluation_id = $1 ORDER BY doubt_id";
        bodies(&self.all(sql, values![evaluation]).await?)
    }

    /// The doubts about a regional team's evaluations that it has not answered.
    pub async fn doubts_waiting(&self, region: OrganisationId) -> Result<Vec<Doubt>, StoreError> {
        let sql = "SELECT d.body AS body FROM evaluation_doubt d JOIN evaluation e ON e.id = d.evaluation_id \
                   WHERE e.org_id = $1 AND NOT EXISTS (SELECT 1 FROM doubt_answer a WHERE a.org_id = $1 AND a.doubt_id = d.id) \
                   ORDER BY d.id";
        bodies(&self.all(sql, values![region]).await?)
    }
}

impl Work {
    /// Keeps a challenge, a conflict that is told later and the final outcome apart, and a release from scores that are handed
    /// in: whoever comes second sees what the first did. SQLite's one writer needs none.
    pub async fn lock_evaluation(&self, evaluation: EvaluationId) -> Result<(), StoreError> {
        if self.backend() == Backend::Postgres {
            self.execute("SELECT pg_advisory_xact_lock(11, hashint8($1))", values![evaluation]).await?;
        }
        Ok(())
    }

    /// Keeps that an outcome is final, where its provider reads it; the caller applies the evaluation's change.
    pub async fn keep_final(&self, evaluation: &Evaluation) -> Result<(), StoreError> {
        let sql = "INSERT INTO outcome_final (org_id, provider_id, evaluation_id) VALUES ($1, $2, $3)";
        self.execute(sql, values![self.org(), evaluation.provider, evaluation.id]).await?;
        Ok(())
    }

    /// Keeps a letter as it goes out; the caller applies the evaluation's change, which records it.
    pub async fn keep_letter(&self, letter: &Letter) -> Result<(), StoreError> {
        let sql = "INSERT INTO admission_letter (id, org_id, provider_id, evaluation_id, opening_id, body) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let body = serde_json::to_string(letter)?;
        let values = values![letter.id, self.org(), letter.provider, letter.evaluation, letter.opening, body];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Brings in an evaluation that was finished before this system, at its first version; the caller records it among
    /// those brought in.
    pub async fn bring_in_evaluation(&self, evaluation: &Evaluation) -> Result<(), StoreError> {
        evaluation.write(self).await
    }
}

//! Jobs left by a commit and taken by workers: in order within an organisation, possibly twice, never lost.

use jiff::Timestamp;
use placewell_domain::id::OrganisationId;
use sea_orm::Value;

use crate::connect::{Backend, Store};
use crate::error::StoreError;
use crate::row::places_after;
use crate::session::Session;
use crate::values;

/// A job is given up, and shown to a person, after so many tries.
pub const TRIES: i64 = 8;
const LEASE_SECONDS: i64 = 60;
/// How many jobs one statement inserts at most.
pub(crate) const TOGETHER: usize = 16;
/// What inserts jobs, and how many columns each has.
const INSERT: &str = "INSERT INTO outbox (org_id, event_seq, kind, payload, about, run_at, attempts) VALUES";
const COLUMNS: usize = 7;

/// Something to be done after the commit. The payload holds ids and codes only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What to do, such as `mail.invitation`.
    pub kind: String,
    /// Ids and codes as JSON.
    pub payload: String,
    /// The record it is about, such as `agreement/7`: jobs about one record wait for an earlier one that is tried again.
    pub about: Option<String>,
    /// Not before this moment of the machine's clock; at once where none.
    pub not_before: Option<Timestamp>,
}

impl Job {
    /// A job to do at once.
    #[must_use]
    pub fn new(kind: &str, payload: &serde_json::Value) -> Self {
        Self { kind: kind.to_owned(), payload: payload.to_string(), about: None, not_before: None }
    }

    /// The same job, in its turn among those about one record.
    #[must_use]
    pub fn about(self, room: &str, record: impl std::fmt::Display) -> Self {
        Self { about: Some(format!("{room}/{record}")), ..self }
    }

    /// Leaves jobs behind a commit, in their order.
    pub(crate) async fn leave(
        jobs: &[Self],
        session: &Session,
        organisation: OrganisationId,
        sequence: i64,
        machine: Timestamp,
    ) -> Result<(), StoreError> {
        for some in jobs.chunks(TOGETHER) {
            let (sql, values) = Self::leaving(some, (organisation, sequence), machine, 0);
            session.execute(&sql, values).await?;
        }
        Ok(())
    }

    /// The statement that leaves jobs, with its values, which stand after so many others.
    pub(crate) fn leaving(
        jobs: &[Self],
        (organisation, sequence): (OrganisationId, i64),
        machine: Timestamp,
        before: usize,
    ) -> (String, Vec<Value>) {
        let row = |job: &Self| {
            let run_at = job.not_before.unwrap_or(machine);
            values![organisation, sequence, job.kind, job.payload, job.about, run_at, 0_i64]
        };
        let sql = format!("{INSERT} {}", places_after(before, jobs.len(), COLUMNS));
        (sql, jobs.iter().flat_map(row).collect())
    }
}

/// A job taken under a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenJob {
    /// Its row.
    pub id: i64,
    /// The organisation that it acts for.
    pub organisation: OrganisationId,
    /// What to do.
    pub kind: String,
    /// Ids and codes as JSON.
    pub payload: String,
    /// Which try this is, from 1.
    pub attempt: i64,
}

/// A job that is not done, as an administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobEntry {
    /// Its row.
    pub id: i64,
    /// For whom it is done, by name.
    pub organisation: String,
    /// What to do.
    pub kind: String,
    /// When it is due, by the machine's clock.
    pub run_at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// Given up after the last try.
    pub gave_up: bool,
    /// How the last try ended, in a code.
    pub last_error: Option<String>,
}

impl Session {
    /// Jobs that are not done, given-up ones first: of one organisation, or of all. At most `limit`.
    pub async fn jobs(&self, of: Option<OrganisationId>, limit: u32) -> Result<Vec<JobEntry>, StoreError> {
        // What is nobody's own, such as the mail to whoever forgot a password, is the service's.
        let sql = "SELECT b.id AS id, coalesce(o.name, 'The service') AS org_name, b.kind AS kind, b.run_at AS run_at, \
                   b.attempts AS attempts, b.gave_up AS gave_up, b.last_error AS last_error \
                   FROM outbox b LEFT JOIN organisation o ON o.id = b.org_id \
                   WHERE b.done_at IS NULL AND b.org_id = coalesce($1, b.org_id) ORDER BY b.gave_up DESC, b.id LIMIT $2";
        let rows = self.all(sql, values![of, limit]).await?;
        rows.iter()
            .map(|row| {
                Ok(JobEntry {
                    id: row.int("id")?,
                    organisation: row.text("org_name")?,
                    kind: row.text("kind")?,
                    run_at: row.moment("run_at")?,
                    attempts: row.int("attempts")?,
                    gave_up: row.int("gave_up")? != 0,
                    last_error: row.opt_text("last_error")?,
                })
            })
            .collect()
    }

    /// Whether a job of this kind waits for an organisation; one that was given up waits for a person and not for its turn.
    pub async fn job_waits(&self, of: OrganisationId, kind: &str) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM outbox WHERE org_id = $1 AND kind = $2 AND done_at IS NULL AND gave_up = 0 LIMIT 1";
        Ok(self.maybe(sql, values![of, kind]).await?.is_some())
    }

    /// Makes a job that is not done due at once, its tries counted anew: of one organisation, or of any.
    pub async fn retry_job(&self, id: i64, of: Option<OrganisationId>, machine: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE outbox SET run_at = $2, attempts = 0, gave_up = 0, locked_until = NULL \
                   WHERE id = $1 AND done_at IS NULL AND org_id = coalesce($3, org_id)";
        match self.execute(sql, values![id, machine, of]).await? {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }
}

impl Store {
    /// Takes the first due job of an organisation that has one, those left out that wait for one of their record; none where
    /// nothing is due. A job whose last try never came back, since it took the process with it, is given up here and not
    /// taken again.
    pub async fn take_job(&self, machine: Timestamp) -> Result<Option<TakenJob>, StoreError> {
        // Asked of a reader first, so that an idle worker never takes the write connection.
        let mut first = first_jobs(&self.read(None).await?, machine).await?;
        if first.is_empty() {
            return Ok(None);
        }
        let lease = Timestamp::from_second(machine.as_second() + LEASE_SECONDS).map_err(StoreError::fault)?;
        let work = self.begin(OPERATOR, placeholder_moment(machine)).await?;
        let given_up = work.execute(GIVE_UP, values![machine, TRIES]).await?;
        if given_up > 0 {
            first = first_jobs(&work, machine).await?;
            if first.is_empty() {
                // What was given up stays so.
                work.commit(machine).await?;
                return Ok(None);
            }
        }
        let skip = if self.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
        let sql = format!(
            "UPDATE outbox SET locked_until = $2, attempts = attempts + 1 WHERE id IN ( \
               SELECT id FROM outbox WHERE id IN {} AND done_at IS NULL AND gave_up = 0 AND run_at <= $1 \
                 AND (locked_until IS NULL OR locked_until <= $1) ORDER BY id LIMIT 1{skip}) \
             RETURNING id, org_id, kind, payload, attempts",
            places_after(2, 1, first.len())
        );
        let mut held = values![machine, lease];
        held.extend(first.into_iter().map(Value::from));
        let row = work.maybe(&sql, held).await?;
        let job = match row {
            None => None,
            Some(row) => Some(TakenJob {
                id: row.int("id")?,
                organisation: OrganisationId(row.int("org_id")?),
                kind: row.text("kind")?,
                payload: row.text("payload")?,
                attempt: row.int("attempts")?,
            }),
        };
        if job.is_some() || given_up > 0 {
            work.commit(machine).await?;
        } else {
            work.roll_back().await?;
        }
        Ok(job)
    }

    /// Marks a job done, where this try is still the one that holds it.
    pub async fn job_done(&self, job: &TakenJob, machine: Timestamp) -> Result<(), StoreError> {
        let sql =
            "UPDATE outbox SET done_at = $2, last_error = NULL WHERE id = $1 AND attempts = $3 AND done_at IS NULL";
        self.mark(sql, values![job.id, machine, job.attempt], machine).await
    }

    /// Marks a try as failed, where it still holds the job: again later, or given up after the last try.
    pub async fn job_failed(&self, job: &TakenJob, error: &str, machine: Timestamp) -> Result<(), StoreError> {
        let wait = 2_i64.saturating_pow(u32::try_from(job.attempt).unwrap_or(1)).min(3_600);
        let again = Timestamp::from_second(machine.as_second() + wait).map_err(StoreError::fault)?;
        let sql = "UPDATE outbox SET run_at = $2, locked_until = NULL, last_error = $3, gave_up = $4 \
                   WHERE id = $1 AND attempts = $5 AND done_at IS NULL";
        self.mark(sql, values![job.id, again, error, job.attempt >= TRIES, job.attempt], machine).await
    }

    async fn mark(&self, sql: &str, values: Vec<sea_orm::Value>, machine: Timestamp) -> Result<(), StoreError> {
        let work = self.begin(OPERATOR, placeholder_moment(machine)).await?;
        work.execute(sql, values).await?;
        work.commit(machine).await
    }
}

const GIVE_UP: &str = "UPDATE outbox SET gave_up = 1, locked_until = NULL, last_error = coalesce(last_error, 'stopped') \
                       WHERE done_at IS NULL AND gave_up = 0 AND attempts >= $2 AND locked_until <= $1";

/// The first due job of each organisation, but for one that is being done: organisation by organisation along the index, since
/// thousands may wait while an authority awards.
const FIRST: &str = "WITH RECURSIVE waiting (org_id) AS ( \
    SELECT min(org_id) FROM outbox WHERE done_at IS NULL \
    UNION ALL SELECT (SELECT min(o.org_id) FROM outbox o WHERE o.done_at IS NULL AND o.org_id > w.org_id) \
      FROM waiting w WHERE w.org_id IS NOT NULL) \
  SELECT o.id FROM ( \
    SELECT (SELECT p.id FROM outbox p WHERE p.org_id = w.org_id AND p.done_at IS NULL AND p.gave_up = 0 AND p.run_at <= $1 \
        AND NOT EXISTS (SELECT 1 FROM outbox q WHERE q.org_id = p.org_id AND q.id < p.id AND q.about = p.about \
          AND q.done_at IS NULL AND q.gave_up = 0 AND q.attempts > 0 AND q.run_at > $1) \
      ORDER BY p.id LIMIT 1) AS id \
    FROM waiting w WHERE w.org_id IS NOT NULL) f \
  JOIN outbox o ON o.id = f.id WHERE o.locked_until IS NULL OR o.locked_until <= $1 ORDER BY o.id";

async fn first_jobs(session: &Session, machine: Timestamp) -> Result<Vec<i64>, StoreError> {
    session.all(FIRST, values![machine]).await?.iter().map(|row| row.int("id")).collect()
}

/// The outbox is the system's own: no organisation's rows are touched while jobs are taken and marked.
const OPERATOR: OrganisationId = OrganisationId(0);

/// The moment of work that records nothing.
pub(crate) fn placeholder_moment(machine: Timestamp) -> placewell_domain::clock::Moment {
    let local = jiff::tz::TimeZone::UTC.to_datetime(machine);
    placewell_domain::clock::Moment { at: machine, local }
}

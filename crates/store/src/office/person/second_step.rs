//! The second step of signing in: its secret, sealed by the master key, and recovery codes by their digests under the key of
//! the indexes. That it is asked for, and of which secret, is covered by the tag of the person's row.

use jiff::Timestamp;
use placewell_domain::id::PersonId;

use super::{STANDING, Standing};
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// A person's second step.
#[derive(Clone)]
pub struct SecondStep {
    /// The shared secret.
    pub secret: Vec<u8>,
    /// Whether a first code has shown that the person's device has it.
    pub confirmed: bool,
    /// The last time step of which a code was taken.
    pub last_step: i64,
}

impl SecondStep {
    pub(super) fn read(session: &Session, person: PersonId, sealed: &[u8], row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            secret: session.master().open(person.0, sealed)?,
            confirmed: row.opt_int("confirmed_at")?.is_some(),
            last_step: row.int("last_step")?,
        })
    }
}

/// Under what a recovery code with this digest is kept.
fn kept(session: &Session, digest: &[u8]) -> Vec<u8> {
    session.master().kept("recovery_code", digest).to_vec()
}

impl Session {
    /// A person's second step, confirmed or not; `NotFound` where one was taken away or put there past the service.
    pub async fn second_step(&self, person: PersonId) -> Result<Option<SecondStep>, StoreError> {
        let row = self.one(&format!("{STANDING} WHERE p.id = $1"), values![person]).await?;
        Ok(Standing::read(self, &row)?.ok_or(StoreError::NotFound)?.step)
    }

    /// How many recovery codes a person has not used.
    pub async fn recovery_codes_left(&self, person: PersonId) -> Result<u32, StoreError> {
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM recovery_code WHERE person_id = $1 AND used_at IS NULL";
        u32::try_from(self.one(sql, values![person]).await?.int("n")?).map_err(StoreError::fault)
    }
}

impl Work {
    /// Begins a person's second step anew, not confirmed yet; one that is confirmed stays as it is.
    pub async fn begin_second_step(
        &self,
        person: PersonId,
        secret: &[u8],
        machine: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO second_step (person_id, secret, made_at, last_step) VALUES ($1, $2, $3, 0) \
                   ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, made_at = excluded.made_at \
                   WHERE second_step.confirmed_at IS NULL";
        self.execute(sql, values![person, self.master().seal(person.0, secret)?, machine]).await?;
        Ok(())
    }

    /// Takes a code's time step: false where that step or a later one was taken before, so that no code counts twice.
    pub async fn take_step(&self, person: PersonId, step: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE second_step SET last_step = $2 WHERE person_id = $1 AND last_step < $2";
        Ok(self.execute(sql, values![person, step]).await? > 0)
    }

    /// The first code was right: from now on the second step is asked for.
    pub async fn confirm_second_step(&self, person: PersonId, machine: Timestamp) -> Result<(), StoreError> {
        let held = self.hold_person(person).await?;
        let sql = "UPDATE second_step SET confirmed_at = $2 WHERE person_id = $1 AND confirmed_at IS NULL";
        self.execute(sql, values![person, machine]).await?;
        let step = held.step.map(|step| SecondStep { confirmed: true, ..step });
        self.keep_person(&Standing { step, ..held }).await
    }

    /// Takes the second step and its recovery codes away.
    pub async fn end_second_step(&self, person: PersonId) -> Result<bool, StoreError> {
        let held = self.hold_person(person).await?;
        self.execute("DELETE FROM recovery_code WHERE person_id = $1", values![person]).await?;
        let ended = self.execute("DELETE FROM second_step WHERE person_id = $1", values![person]).await? > 0;
        self.keep_person(&Standing { step: None, ..held }).await?;
        Ok(ended)
    }

    /// Gives a person new recovery codes in place of all before.
    pub async fn set_recovery_codes(&self, person: PersonId, digests: &[Vec<u8>]) -> Result<(), StoreError> {
        self.execute("DELETE FROM recovery_code WHERE person_id = $1", values![person]).await?;
        for digest in digests {
            let sql = "INSERT INTO recovery_code (person_id, digest) VALUES ($1, $2)";
            self.execute(sql, values![person, kept(self, digest)]).await?;
        }
        Ok(())
    }

    /// Uses a recovery code up; false where there is none such that was not used.
    pub async fn use_recovery_code(
        &self,
        person: PersonId,
        digest: &[u8],
        machine: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE recovery_code SET used_at = $3 WHERE person_id = $1 AND digest = $2 AND used_at IS NULL";
        Ok(self.execute(sql, values![person, kept(self, digest), machine]).await? > 0)
    }

    /// Keys the digests of recovery codes that an earlier version kept plainly.
    pub(crate) async fn key_recovery_codes(&self) -> Result<(), StoreError> {
        for row in self.all("SELECT person_id, digest FROM recovery_code", vec![]).await? {
            let (person, plain) = (row.int("person_id")?, row.bytes("digest")?);
            let keyed = kept(self, &plain);
            let sql = "UPDATE recovery_code SET digest = $3 WHERE person_id = $1 AND digest = $2";
            self.execute(sql, values![person, plain, keyed]).await?;
        }
        Ok(())
    }
}

//! What stands half-way through signing in: kept sealed, for minutes, and taken once.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// What is half-way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CeremonyKind {
    /// The password was right, the second step is asked for.
    SecondStep,
    /// A passkey is being made.
    PasskeyNew,
    /// A passkey is asked for.
    Passkey,
    /// Somebody was sent to their organisation's identity provider.
    Provider,
    /// A link was mailed by which a forgotten password is replaced.
    PasswordNew,
    /// A link was mailed that proves the address of somebody who registers a provider.
    Registration,
    /// The first person of an organisation is to be invited: who they are waits for the job that does it.
    FirstPerson,
}

impl CeremonyKind {
    fn code(self) -> &'static str {
        match self {
            Self::SecondStep => "second_step",
            Self::PasskeyNew => "passkey_new",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
            Self::PasswordNew => "password_new",
            Self::Registration => "registration",
            Self::FirstPerson => "first_person",
        }
    }
}

/// What the seal is bound to, beside the key.
pub(crate) const CONTEXT: i64 = -19;
/// The same, of what its holder carries.
const CARRIED: i64 = -20;

impl Session {
    /// What is half-way, sealed until an instant for its holder to bring back: asking writes nothing, so that nobody fills
    /// the database by asking.
    pub fn carried(&self, kind: CeremonyKind, state: &[u8], expires_at: Timestamp) -> Result<Vec<u8>, StoreError> {
        let state = String::from_utf8(state.to_vec()).map_err(StoreError::fault)?;
        let carried = Carried { kind: kind.code().to_owned(), state, expires_at };
        self.master().seal(CARRIED, &serde_json::to_vec(&carried)?)
    }
}

/// What somebody carries meanwhile.
#[derive(Serialize, Deserialize)]
struct Carried {
    kind: String,
    state: String,
    expires_at: Timestamp,
}

impl Work {
    /// Takes what was carried, once: it is marked as taken under its digest until it would have run out.
    pub async fn take_carried(
        &self,
        digest: &[u8],
        kind: CeremonyKind,
        (sealed, machine): (&[u8], Timestamp),
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Ok(opened) = self.master().open(CARRIED, sealed) else { return Ok(None) };
        let carried: Carried = serde_json::from_slice(&opened)?;
        if carried.kind != kind.code() || carried.expires_at <= machine {
            return Ok(None);
        }
        let sql = "INSERT INTO ceremony (token_hash, kind, state, expires_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (token_hash) DO NOTHING";
        let taken: &[u8] = &[];
        let first = self.execute(sql, values![digest, kind.code(), taken, carried.expires_at]).await?;
        Ok((first > 0).then(|| carried.state.into_bytes()))
    }

    /// Keeps what is half-way under the digest of its token.
    pub async fn begin_ceremony(
        &self,
        token_hash: &[u8],
        kind: CeremonyKind,
        state: &[u8],
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO ceremony (token_hash, kind, state, expires_at) VALUES ($1, $2, $3, $4)";
        let sealed = self.master().seal(CONTEXT, state)?;
        self.execute(sql, values![token_hash, kind.code(), sealed, expires_at]).await?;
        Ok(())
    }

    /// Takes what is half-way, once: whoever comes second finds nothing.
    pub async fn take_ceremony(
        &self,
        token_hash: &[u8],
        kind: CeremonyKind,
        machine: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "DELETE FROM ceremony WHERE token_hash = $1 AND kind = $2 RETURNING state, expires_at";
        let Some(row) = self.maybe(sql, values![token_hash, kind.code()]).await? else { return Ok(None) };
        if row.moment("expires_at")? <= machine {
            return Ok(None);
        }
        self.master().open(CONTEXT, &row.bytes("state")?).map(Some)
    }

    /// Reads what is half-way and leaves it, for a try that may be repeated until it expires.
    pub async fn see_ceremony(
        &self,
        token_hash: &[u8],
        kind: CeremonyKind,
        machine: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT state FROM ceremony WHERE token_hash = $1 AND kind = $2 AND expires_at > $3";
        let Some(row) = self.maybe(sql, values![token_hash, kind.code(), machine]).await? else { return Ok(None) };
        self.master().open(CONTEXT, &row.bytes("state")?).map(Some)
    }

    /// Forgets what was left half-way before an instant; how many there were.
    pub async fn forget_ceremonies(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.execute("DELETE FROM ceremony WHERE expires_at < $1", values![before]).await
    }
}

//! What stands half-way through signing in: kept sealed, for minutes, and taken once. A row is kept under the digest of its
//! token and kind by the key of the indexes, and its seal is bound to that: nobody plants one, or gives one another's state.

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

/// What the seals of all rows were bound to before each was bound to its own.
const BEFORE: i64 = -19;
/// What the seal is bound to of what its holder carries.
const CARRIED: i64 = -20;

/// What a row's seal is bound to, beside the key: under what it is kept.
pub(crate) fn context(kept: &[u8]) -> i64 {
    kept.iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte))
}

/// Under what is kept what is half-way for the token with this digest.
fn kept(session: &Session, kind: &str, token_hash: &[u8]) -> Vec<u8> {
    session.master().kept(&format!("ceremony {kind}"), token_hash).to_vec()
}

impl Session {
    /// What is half-way, sealed until an instant for its holder to bring back: asking writes nothing, so that nobody fills
    /// the database by asking.
    pub fn carried(&self, kind: CeremonyKind, state: &[u8], expires_at: Timestamp) -> Result<Vec<u8>, StoreError> {
        let state = String::from_utf8(state.to_vec()).map_err(StoreError::fault)?;
        let carried = Carried { kind: kind.code().to_owned(), state, expires_at };
        self.master().seal(CARRIED, &serde_json::to_vec(&carried)?)
    }

    /// What was carried, where its seal opens and it has not run out: looking leaves nothing. Whether somebody has
    /// taken it before is found out by taking it.
    pub fn see_carried(
        &self,
        kind: CeremonyKind,
        (sealed, machine): (&[u8], Timestamp),
    ) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.opened(kind, (sealed, machine))?.map(|carried| carried.state.into_bytes()))
    }

    fn opened(&self, kind: CeremonyKind, (sealed, machine): (&[u8], Timestamp)) -> Result<Option<Carried>, StoreError> {
        let Ok(opened) = self.master().open(CARRIED, sealed) else { return Ok(None) };
        let carried: Carried = serde_json::from_slice(&opened)?;
        Ok((carried.kind == kind.code() && carried.expires_at > machine).then_some(carried))
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
        let Some(carried) = self.opened(kind, (sealed, machine))? else { return Ok(None) };
        let sql = "INSERT INTO ceremony (token_hash, kind, state, expires_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (token_hash) DO NOTHING";
        let taken: &[u8] = &[];
        let kept = kept(self, kind.code(), digest);
        let first = self.execute(sql, values![kept, kind.code(), taken, carried.expires_at]).await?;
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
        let kept = kept(self, kind.code(), token_hash);
        let sealed = self.master().seal(context(&kept), state)?;
        self.execute(sql, values![kept, kind.code(), sealed, expires_at]).await?;
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
        let kept = kept(self, kind.code(), token_hash);
        let bound = context(&kept);
        let Some(row) = self.maybe(sql, values![kept, kind.code()]).await? else { return Ok(None) };
        if row.moment("expires_at")? <= machine {
            return Ok(None);
        }
        self.master().open(bound, &row.bytes("state")?).map(Some)
    }

    /// Reads what is half-way and leaves it, for a try that may be repeated until it expires.
    pub async fn see_ceremony(
        &self,
        token_hash: &[u8],
        kind: CeremonyKind,
        machine: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT state FROM ceremony WHERE token_hash = $1 AND kind = $2 AND expires_at > $3";
        let kept = kept(self, kind.code(), token_hash);
        let bound = context(&kept);
        let Some(row) = self.maybe(sql, values![kept, kind.code(), machine]).await? else { return Ok(None) };
        self.master().open(bound, &row.bytes("state")?).map(Some)
    }

    /// Ends what is half-way of a kind, where its state is one of those meant; how many there were.
    pub async fn end_ceremonies(
        &self,
        kind: CeremonyKind,
        meant: impl Fn(&[u8]) -> bool + Send,
    ) -> Result<u64, StoreError> {
        let sql = "SELECT token_hash, state FROM ceremony WHERE kind = $1";
        let mut ended = 0;
        for row in self.all(sql, values![kind.code()]).await? {
            let (kept, state) = (row.bytes("token_hash")?, row.bytes("state")?);
            if self.master().open(context(&kept), &state).is_ok_and(|state| meant(&state)) {
                ended += self.execute("DELETE FROM ceremony WHERE token_hash = $1", values![kept]).await?;
            }
        }
        Ok(ended)
    }

    /// Keys the digests under which an earlier version kept what is half-way, and binds each seal to its own.
    pub(crate) async fn key_ceremonies(&self) -> Result<(), StoreError> {
        for row in self.all("SELECT token_hash, kind, state FROM ceremony", vec![]).await? {
            let (plain, state) = (row.bytes("token_hash")?, row.bytes("state")?);
            let keyed = kept(self, &row.text("kind")?, &plain);
            // What was carried and taken has no state.
            let anew = match self.master().open(BEFORE, &state) {
                Ok(opened) => self.master().seal(context(&keyed), &opened)?,
                Err(_) => state,
            };
            let sql = "UPDATE ceremony SET token_hash = $2, state = $3 WHERE token_hash = $1";
            self.execute(sql, values![plain, keyed, anew]).await?;
        }
        Ok(())
    }

    /// Forgets what was left half-way before an instant; how many there were.
    pub async fn forget_ceremonies(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.execute("DELETE FROM ceremony WHERE expires_at < $1", values![before]).await
    }
}

//! Passkeys: public keys of people's devices, as the ceremony's library writes them, each tagged with whose it is.

use jiff::Timestamp;
use placewell_domain::id::PersonId;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::tagged::Covered;
use crate::values;
use crate::work::Work;

/// A passkey that a person has made.
#[derive(Debug, Clone)]
pub struct KeptPasskey {
    /// The credential's id.
    pub credential: Vec<u8>,
    /// Whose it is.
    pub person: PersonId,
    /// What the person calls it.
    pub name: String,
    /// The public key and its counter, as JSON.
    pub body: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

fn covered(credential: &[u8], person: PersonId, body: &str) -> Covered {
    Covered::of("passkey").with(hex::encode(credential)).with(person).with(body)
}

/// A passkey as it was kept; none where somebody changed or put the row there past the service.
fn passkey(session: &Session, row: &Row) -> Result<Option<KeptPasskey>, StoreError> {
    let found = KeptPasskey {
        credential: row.bytes("credential")?,
        person: PersonId(row.int("person_id")?),
        name: row.text("name")?,
        body: row.text("body")?,
        made_at: row.moment("made_at")?,
        used_at: row.opt_moment("used_at")?,
    };
    let covered = covered(&found.credential, found.person, &found.body);
    Ok(covered.fits(session.master(), &row.text("tag")?).then_some(found))
}

const COLUMNS: &str = "SELECT credential, person_id, name, body, made_at, used_at, tag FROM passkey";

impl Session {
    /// A person's passkeys, the first made first.
    pub async fn passkeys(&self, person: PersonId) -> Result<Vec<KeptPasskey>, StoreError> {
        let sql = format!("{COLUMNS} WHERE person_id = $1 ORDER BY made_at, credential");
        let rows = self.all(&sql, values![person]).await?;
        rows.iter().filter_map(|row| passkey(self, row).transpose()).collect()
    }

    /// The passkey with this credential's id.
    pub async fn passkey(&self, credential: &[u8]) -> Result<Option<KeptPasskey>, StoreError> {
        let sql = format!("{COLUMNS} WHERE credential = $1");
        let Some(row) = self.maybe(&sql, values![credential]).await? else { return Ok(None) };
        passkey(self, &row)
    }
}

impl Work {
    /// Keeps a new passkey.
    pub async fn add_passkey(&self, new: &KeptPasskey) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO passkey (credential, person_id, name, body, made_at, tag) VALUES ($1, $2, $3, $4, $5, $6)";
        let (credential, body) = (new.credential.as_slice(), new.body.as_str());
        let tag = covered(credential, new.person, body).tag(self.master());
        let values = values![credential, new.person, new.name.as_str(), body, new.made_at, tag];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Notes a passkey's use, with its counter as it is now; false where it has been ended.
    pub async fn passkey_used(&self, credential: &[u8], body: &str, machine: Timestamp) -> Result<bool, StoreError> {
        let Some(kept) = self.passkey(credential).await? else { return Ok(false) };
        let tag = covered(credential, kept.person, body).tag(self.master());
        let sql = "UPDATE passkey SET body = $3, used_at = $4, tag = $5 WHERE credential = $1 AND person_id = $2";
        Ok(self.execute(sql, values![credential, kept.person, body, machine, tag]).await? > 0)
    }

    /// Takes one passkey of a person away, or all of them; how many there were. Whoever begins a session by one is
    /// waited for, or finds it gone.
    pub async fn end_passkeys(&self, person: PersonId, one: Option<&[u8]>) -> Result<u64, StoreError> {
        self.lock_person(person).await?;
        match one {
            Some(credential) => {
                let sql = "DELETE FROM passkey WHERE person_id = $1 AND credential = $2";
                self.execute(sql, values![person, credential]).await
            }
            None => self.execute("DELETE FROM passkey WHERE person_id = $1", values![person]).await,
        }
    }
}

//! Passkeys: public keys of people's devices, as the ceremony's library writes them.

use jiff::Timestamp;
use placewell_domain::id::PersonId;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
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

fn passkey(row: &Row) -> Result<KeptPasskey, StoreError> {
    Ok(KeptPasskey {
        credential: row.bytes("credential")?,
        person: PersonId(row.int("person_id")?),
        name: row.text("name")?,
        body: row.text("body")?,
        made_at: row.moment("made_at")?,
        used_at: row.opt_moment("used_at")?,
    })
}

const COLUMNS: &str = "SELECT credential, person_id, name, body, made_at, used_at FROM passkey";

impl Session {
    /// A person's passkeys, the first made first.
    pub async fn passkeys(&self, person: PersonId) -> Result<Vec<KeptPasskey>, StoreError> {
        let sql = format!("{COLUMNS} WHERE person_id = $1 ORDER BY made_at, credential");
        self.all(&sql, values![person]).await?.iter().map(passkey).collect()
    }

    /// The passkey with this credential's id.
    pub async fn passkey(&self, credential: &[u8]) -> Result<Option<KeptPasskey>, StoreError> {
        let sql = format!("{COLUMNS} WHERE credential = $1");
        self.maybe(&sql, values![credential]).await?.as_ref().map(passkey).transpose()
    }
}

impl Work {
    /// Keeps a new passkey.
    pub async fn add_passkey(&self, new: &KeptPasskey) -> Result<(), StoreError> {
        let sql = "INSERT INTO passkey (credential, person_id, name, body, made_at) VALUES ($1, $2, $3, $4, $5)";
        let values = values![new.credential.as_slice(), new.person, new.name.as_str(), new.body.as_str(), new.made_at];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Notes a passkey's use, with its counter as it is now.
    pub async fn passkey_used(&self, credential: &[u8], body: &str, machine: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE passkey SET body = $2, used_at = $3 WHERE credential = $1";
        self.execute(sql, values![credential, body, machine]).await?;
        Ok(())
    }

    /// Takes one passkey of a person away, or all of them; how many there were.
    pub async fn end_passkeys(&self, person: PersonId, one: Option<&[u8]>) -> Result<u64, StoreError> {
        match one {
            Some(credential) => {
                let sql = "DELETE FROM passkey WHERE person_id = $1 AND credential = $2";
                self.execute(sql, values![person, credential]).await
            }
            None => self.execute("DELETE FROM passkey WHERE person_id = $1", values![person]).await,
        }
    }
}

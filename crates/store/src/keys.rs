//! Keys and sealing: one key per child, and one per invitation and document, each wrapped by the master key.
//!
//! Destroying a child's key takes with it, by the database's own cascade, the key of every invitation and document
//! about that child: what they sealed can no longer be read, while the chain stays whole, since events hold digests.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use placewell_domain::id::{ChildId, OrganisationId};
use placewell_domain::sealed::Sealed;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Work;

const NONCE: usize = 24;
/// What the key check seals, and under which context.
const CHECKED: (i64, &[u8]) = (0, b"placewell");

/// The key that wraps every child's key. Held in memory only; comes from a file, the environment or `demo`.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// From 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Result<Self, StoreError> {
        let bytes =
            hex::decode(text.trim()).map_err(|_| StoreError::Fault("the master key is not hexadecimal".into()))?;
        let key =
            bytes.try_into().map_err(|_| StoreError::Fault("the master key is not 64 hexadecimal digits".into()))?;
        Ok(Self(key))
    }

    /// A new one, as hexadecimal digits, for `init` and `demo` to keep.
    #[must_use]
    pub fn generate_hex() -> String {
        hex::encode(random::<32>())
    }

    /// Seals what belongs to no child, such as a document of a provider, for one organisation.
    pub fn seal(&self, context: i64, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        seal(&self.0, context, plain)
    }

    /// A number that stands for a record where the record itself must not be named: the same each time, and only this key
    /// leads from the record to it.
    pub(crate) fn number(&self, kind: &str, record: i64) -> i64 {
        let inner = Sha256::new().chain_update(self.0).chain_update(kind).chain_update(record.to_be_bytes()).finalize();
        let outer = Sha256::new().chain_update(self.0).chain_update(inner).finalize();
        outer.iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte)) & i64::MAX
    }

    /// A text's digest under this key: the same each time, and nobody without the key can try texts against it.
    pub(crate) fn digest(&self, kind: &str, organisation: OrganisationId, text: &str) -> String {
        let kind_and_text = [kind.as_bytes(), &[0], &organisation.0.to_be_bytes(), text.as_bytes()].concat();
        let inner = Sha256::new().chain_update(self.0).chain_update(kind_and_text).finalize();
        hex::encode(Sha256::new().chain_update(self.0).chain_update(inner).finalize())
    }

    /// A value that only this key opens, kept by the database so that another key is refused.
    pub(crate) fn check(&self) -> Result<String, StoreError> {
        Ok(hex::encode(self.seal(CHECKED.0, CHECKED.1)?))
    }

    /// Whether this key made the check.
    pub(crate) fn made(&self, check: &str) -> bool {
        hex::decode(check).is_ok_and(|sealed| self.open(CHECKED.0, &sealed).is_ok_and(|plain| plain == CHECKED.1))
    }

    /// Opens what [`MasterKey::seal`] sealed for the same context.
    pub fn open(&self, context: i64, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        open(&self.0, context, sealed)
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// The one place that asks chance for keys, nonces and tokens.
#[allow(clippy::disallowed_methods)]
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    rand::fill(&mut bytes[..]);
    bytes
}

fn seal(key: &[u8; 32], context: i64, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce = random::<NONCE>();
    let payload = Payload { msg: plain, aad: &context.to_be_bytes() };
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(&nonce), payload)
        .map_err(|_| StoreError::Fault("sealing failed".into()))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open(key: &[u8; 32], context: i64, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let unreadable = || StoreError::Fault("a sealed field does not open with its key".into());
    let (nonce, body) = sealed.split_at_checked(NONCE).ok_or_else(unreadable)?;
    let payload = Payload { msg: body, aad: &context.to_be_bytes() };
    XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(nonce), payload).map_err(|_| unreadable())
}

/// A child's own key, unwrapped for one piece of work.
#[derive(Clone)]
pub struct ChildKey {
    child: ChildId,
    key: [u8; 32],
}

impl ChildKey {
    /// Seals a value about this child.
    pub fn seal<T: Serialize>(&self, value: &T) -> Result<Sealed<T>, StoreError> {
        Ok(Sealed::from_bytes(seal(&self.key, self.child.0, &serde_json::to_vec(value)?)?))
    }

    /// Opens a value about this child.
    pub fn open<T: DeserializeOwned>(&self, sealed: &Sealed<T>) -> Result<T, StoreError> {
        Ok(serde_json::from_slice(&open(&self.key, self.child.0, sealed.bytes())?)?)
    }
}

/// The key of one record that two organisations share, such as an invitation or a document: its own, not the child's, so
/// that the provider can read what it was asked with and nothing else. It lives no longer than the child's.
#[derive(Clone)]
pub struct RecordKey {
    context: i64,
    key: [u8; 32],
}

impl RecordKey {
    /// A new key, and its wrapped form to keep.
    pub(crate) fn generate(master: &MasterKey, context: i64) -> Result<(Self, Vec<u8>), StoreError> {
        let key = random::<32>();
        Ok((Self { context, key }, master.seal(context, &key)?))
    }

    pub(crate) fn unwrap(master: &MasterKey, context: i64, wrapped: &[u8]) -> Result<Self, StoreError> {
        let key = master.open(context, wrapped)?;
        let key = key.try_into().map_err(|_| StoreError::Fault("a record's key has the wrong length".into()))?;
        Ok(Self { context, key })
    }

    /// Seals a value of this record.
    pub fn seal<T: Serialize>(&self, value: &T) -> Result<Sealed<T>, StoreError> {
        Ok(Sealed::from_bytes(self.seal_bytes(value)?))
    }

    /// Opens a value of this record.
    pub fn open<T: DeserializeOwned>(&self, sealed: &Sealed<T>) -> Result<T, StoreError> {
        self.open_bytes(sealed.bytes())
    }

    pub(crate) fn seal_bytes<T: Serialize>(&self, value: &T) -> Result<Vec<u8>, StoreError> {
        seal(&self.key, self.context, &serde_json::to_vec(value)?)
    }

    /// Seals bytes as they are, such as a document's.
    pub(crate) fn seal_raw(&self, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        seal(&self.key, self.context, plain)
    }

    pub(crate) fn open_raw(&self, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        open(&self.key, self.context, sealed)
    }

    pub(crate) fn open_bytes<T: DeserializeOwned>(&self, sealed: &[u8]) -> Result<T, StoreError> {
        Ok(serde_json::from_slice(&open(&self.key, self.context, sealed)?)?)
    }
}

impl Session {
    /// A child's key; `NotFound` where the child is another organisation's, or was forgotten.
    pub async fn child_key(&self, organisation: OrganisationId, child: ChildId) -> Result<ChildKey, StoreError> {
        let row = self
            .one("SELECT wrapped FROM child_key WHERE org_id = $1 AND child_id = $2", values![organisation, child])
            .await?;
        let key = self.master().open(child.0, &row.bytes("wrapped")?)?;
        let key = key.try_into().map_err(|_| StoreError::Fault("a child's key has the wrong length".into()))?;
        Ok(ChildKey { child, key })
    }

    /// Makes the key of a new child.
    pub async fn new_child_key(&self, organisation: OrganisationId, child: ChildId) -> Result<ChildKey, StoreError> {
        let key = random::<32>();
        let wrapped = self.master().seal(child.0, &key)?;
        self.execute(
            "INSERT INTO child_key (org_id, child_id, wrapped) VALUES ($1, $2, $3)",
            values![organisation, child, wrapped],
        )
        .await?;
        Ok(ChildKey { child, key })
    }
}

impl Work {
    /// Destroys a child's key, and with it the keys of all invitations and documents about the child: nothing that was
    /// sealed about the child can be read from then on. `NotFound` where there is none.
    pub async fn destroy_child_key(&self, child: ChildId) -> Result<(), StoreError> {
        match self
            .execute("DELETE FROM child_key WHERE org_id = $1 AND child_id = $2", values![self.org(), child])
            .await?
        {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }
}

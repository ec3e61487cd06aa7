//! Keys and sealing: the master key wraps a key of each organisation, that one a key of each child, and that one the keys
//! of every invitation and document about the child.
//!
//! Destroying a child's key takes with it, by the database's own cascade, the key of every invitation and document
//! about that child: what they sealed can no longer be read, while the chain stays whole, since events hold digests.

pub(crate) mod before;
mod child;
pub mod master;
mod record;
pub mod rotate;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use placewell_domain::id::OrganisationId;

use crate::connect::Backend;
use crate::error::StoreError;
use crate::session::Session;
use crate::values;

pub use child::ChildKey;
pub use master::MasterKey;
pub(crate) use master::written;
pub use record::RecordKey;

const NONCE: usize = 24;
/// The bytes of a key.
pub(crate) type Key = [u8; 32];
/// A key as it was wrapped before organisations had keys: under the master key, and nothing before it.
const WRAPPED: usize = NONCE + 32 + 16;
const BY_ORGANISATION: u8 = 1;
const BY_CHILD: u8 = 2;

/// The one place that asks chance for keys, nonces and tokens.
#[allow(clippy::disallowed_methods)]
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    rand::fill(&mut bytes[..]);
    bytes
}

fn seal(key: &Key, context: i64, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce = random::<NONCE>();
    let payload = Payload { msg: plain, aad: &context.to_be_bytes() };
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(&nonce), payload)
        .map_err(|_| StoreError::Fault("sealing failed".into()))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open(key: &Key, context: i64, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let unreadable = || StoreError::Fault("a sealed field does not open with its key".into());
    let (nonce, body) = sealed.split_at_checked(NONCE).ok_or_else(unreadable)?;
    let payload = Payload { msg: body, aad: &context.to_be_bytes() };
    XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(nonce), payload).map_err(|_| unreadable())
}

fn as_key(plain: Vec<u8>) -> Result<Key, StoreError> {
    plain.try_into().map_err(|_| StoreError::Fault("a key has the wrong length".into()))
}

/// What a wrapped key is wrapped by, and its sealed form.
enum Wrapped<'a> {
    Master(&'a [u8]),
    Organisation(i64, &'a [u8]),
    Child(&'a [u8]),
}

impl<'a> Wrapped<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, StoreError> {
        let unknown = || StoreError::Fault("a wrapped key says nothing of what wraps it".into());
        if bytes.len() == WRAPPED {
            return Ok(Self::Master(bytes));
        }
        let (kind, rest) = bytes.split_first().ok_or_else(unknown)?;
        let (by, sealed) = rest.split_first_chunk::<8>().ok_or_else(unknown)?;
        match *kind {
            BY_ORGANISATION => Ok(Self::Organisation(i64::from_be_bytes(*by), sealed)),
            BY_CHILD => Ok(Self::Child(sealed)),
            _ => Err(unknown()),
        }
    }
}

/// The first bytes of a key wrapped by this one: what it is wrapped by can be told, and searched for, without opening it.
fn mark(kind: u8, by: i64) -> Vec<u8> {
    [[kind].as_slice(), &by.to_be_bytes()].concat()
}

fn wrap(kind: u8, (by, holder): (i64, &Key), context: i64, key: &Key) -> Result<Vec<u8>, StoreError> {
    Ok([mark(kind, by), seal(holder, context, key)?].concat())
}

impl Session {
    /// A key of an organisation, kept once it was opened: its number is never given again.
    async fn organisation_key(&self, organisation: OrganisationId, id: i64) -> Result<Key, StoreError> {
        if let Some(key) = self.master().opened(id) {
            return Ok(key);
        }
        let sql = "SELECT wrapped FROM organisation_key WHERE org_id = $1 AND id = $2";
        let row = self.one(sql, values![organisation, id]).await?;
        let key = as_key(self.master().open(id, &row.bytes("wrapped")?)?)?;
        self.master().keep_opened(id, key);
        Ok(key)
    }

    /// The key under which an organisation's new keys are wrapped; made where it has none yet.
    async fn newest_organisation_key(&self, organisation: OrganisationId) -> Result<(i64, Key), StoreError> {
        // Held until the end of the work: a key is not destroyed while something is wrapped by it.
        let held = if self.backend() == Backend::Postgres { " FOR KEY SHARE" } else { "" };
        let sql = format!("SELECT id FROM organisation_key WHERE org_id = $1 ORDER BY id DESC LIMIT 1{held}");
        match self.maybe(&sql, values![organisation]).await? {
            Some(row) => {
                let id = row.int("id")?;
                Ok((id, self.organisation_key(organisation, id).await?))
            }
            None => self.new_organisation_key(organisation).await,
        }
    }

    /// Makes a key for an organisation. Two at once make two, and each wraps what names it.
    async fn new_organisation_key(&self, organisation: OrganisationId) -> Result<(i64, Key), StoreError> {
        let (id, key) = (crate::ids::next(), random::<32>());
        let sql = "INSERT INTO organisation_key (org_id, id, wrapped) VALUES ($1, $2, $3)";
        self.execute(sql, values![organisation, id, self.master().seal(id, &key)?]).await?;
        Ok((id, key))
    }
}

//! The key of one record that two organisations share, under the key of the child whom it is about.

use placewell_domain::id::{ChildId, OrganisationId};
use placewell_domain::sealed::Sealed;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{BY_CHILD, BY_ORGANISATION, Key, Wrapped, as_key, open, random, seal, wrap};
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;

/// The key of one record that two organisations share, such as an invitation or a document: its own, not the child's, so
/// that the provider can read what it was asked with and nothing else. It lives no longer than the child's.
#[derive(Clone)]
pub struct RecordKey {
    context: i64,
    key: Key,
}

impl RecordKey {
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

    /// Opens what this key sealed; none where it did not.
    pub(crate) fn open_plain(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.key, self.context, sealed).ok()
    }

    pub(crate) fn open_bytes<T: DeserializeOwned>(&self, sealed: &[u8]) -> Result<T, StoreError> {
        Ok(serde_json::from_slice(&open(&self.key, self.context, sealed)?)?)
    }
}

impl Session {
    /// A new record's key, and its wrapped form to keep: under the child's key where it is about a child, else under the
    /// organisation's.
    pub(crate) async fn new_record_key(
        &self,
        organisation: OrganisationId,
        child: Option<ChildId>,
        context: i64,
    ) -> Result<(RecordKey, Vec<u8>), StoreError> {
        let key = random::<32>();
        let wrapped = self.wrapped_record(organisation, child, context, &key).await?;
        Ok((RecordKey { context, key }, wrapped))
    }

    pub(super) async fn wrapped_record(
        &self,
        organisation: OrganisationId,
        child: Option<ChildId>,
        context: i64,
        key: &Key,
    ) -> Result<Vec<u8>, StoreError> {
        let Some(child) = child else {
            let (by, holder) = self.newest_organisation_key(organisation).await?;
            return wrap(BY_ORGANISATION, (by, &holder), context, key);
        };
        let sql = "SELECT wrapped FROM child_key WHERE org_id = $1 AND child_id = $2";
        let row = self.one(sql, values![organisation, child]).await?;
        let holder = self.unwrapped_child(organisation, child, &row.bytes("wrapped")?).await?;
        wrap(BY_CHILD, (child.0, &holder), context, key)
    }

    /// A record's key out of a row of `org_id`, `child_id`, `wrapped` and the child's own `child_wrapped`.
    pub(crate) async fn record_key(&self, row: &Row, context: i64) -> Result<RecordKey, StoreError> {
        let organisation = OrganisationId(row.int("org_id")?);
        let wrapped = row.bytes("wrapped")?;
        let key = match Wrapped::read(&wrapped)? {
            Wrapped::Master(sealed) => self.master().open(context, sealed)?,
            Wrapped::Organisation(by, sealed) => {
                open(&self.organisation_key(organisation, by).await?, context, sealed)?
            }
            Wrapped::Child(sealed) => {
                let child = ChildId(row.opt_int("child_id")?.ok_or(StoreError::NotFound)?);
                let holder = row.opt_bytes("child_wrapped")?.ok_or(StoreError::NotFound)?;
                open(&self.unwrapped_child(organisation, child, &holder).await?, context, sealed)?
            }
        };
        Ok(RecordKey { context, key: as_key(key)? })
    }
}

//! A child's own key, under the key of the child's authority; its end is the end of all that it wraps.

use placewell_domain::id::{ChildId, OrganisationId};
use placewell_domain::sealed::Sealed;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{BY_ORGANISATION, Key, Wrapped, as_key, open, random, seal, wrap};
use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// A child's own key, unwrapped for one piece of work.
#[derive(Clone)]
pub struct ChildKey {
    child: ChildId,
    key: Key,
}

impl ChildKey {
    /// Seals a value about this child.
    pub fn seal<T: Serialize>(&self, value: &T) -> Result<Sealed<T>, StoreError> {
        Ok(Sealed::from_bytes(seal(&self.key, self.child.0, &serde_json::to_vec(value)?)?))
    }

    /// Opens what was sealed about this child, as it was before sealing; none where this key did not seal it.
    pub(crate) fn open_plain(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.key, self.child.0, sealed).ok()
    }

    /// Opens a value about this child.
    pub fn open<T: DeserializeOwned>(&self, sealed: &Sealed<T>) -> Result<T, StoreError> {
        Ok(serde_json::from_slice(&open(&self.key, self.child.0, sealed.bytes())?)?)
    }
}

impl Session {
    /// A child's key; `NotFound` where the child is another organisation's, or was forgotten.
    pub async fn child_key(&self, organisation: OrganisationId, child: ChildId) -> Result<ChildKey, StoreError> {
        // The other party of an invitation reads the wrapped key, to open what it was sent and nothing else.
        if self.organisation() != Some(organisation) {
            return Err(StoreError::NotFound);
        }
        let sql = "SELECT wrapped FROM child_key WHERE org_id = $1 AND child_id = $2";
        let row = self.one(sql, values![organisation, child]).await?;
        Ok(ChildKey { child, key: self.unwrapped_child(organisation, child, &row.bytes("wrapped")?).await? })
    }

    /// A child's key out of its wrapping: its organisation's key, or the master key from before there were such keys.
    pub(super) async fn unwrapped_child(
        &self,
        organisation: OrganisationId,
        child: ChildId,
        wrapped: &[u8],
    ) -> Result<Key, StoreError> {
        match Wrapped::read(wrapped)? {
            Wrapped::Master(sealed) => as_key(self.master().open(child.0, sealed)?),
            Wrapped::Organisation(by, sealed) => {
                as_key(open(&self.organisation_key(organisation, by).await?, child.0, sealed)?)
            }
            Wrapped::Child(_) => Err(StoreError::fault("a child's key is wrapped by a child's")),
        }
    }

    /// Makes the key of a new child.
    pub async fn new_child_key(&self, organisation: OrganisationId, child: ChildId) -> Result<ChildKey, StoreError> {
        let key = random::<32>();
        let (by, holder) = self.newest_organisation_key(organisation).await?;
        let wrapped = wrap(BY_ORGANISATION, (by, &holder), child.0, &key)?;
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

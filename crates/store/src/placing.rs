//! The placing wing: children and referrals of one authority, and the records that two organisations share.

pub mod agreement;
pub mod approval;
pub mod child;
pub mod disclosure;
pub mod invitation;
pub mod occupancy;
pub mod offer;
pub mod referral;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::StoreError;

/// A record's detail without the sealed field, which stands in a column of its own.
pub(crate) fn body_without<T: Serialize>(record: &T, sealed: &str) -> Result<String, StoreError> {
    let mut body = serde_json::to_value(record)?;
    if let Some(fields) = body.as_object_mut() {
        fields.remove(sealed);
    }
    Ok(body.to_string())
}

/// The record again, with its sealed field put back.
pub(crate) fn record_with<T: DeserializeOwned>(body: &str, sealed: &str, bytes: Vec<u8>) -> Result<T, StoreError> {
    let mut body: Value = serde_json::from_str(body)?;
    if let Some(fields) = body.as_object_mut() {
        fields.insert(sealed.to_owned(), Value::from(bytes));
    }
    Ok(serde_json::from_value(body)?)
}

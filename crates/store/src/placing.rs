//! The placing wing: children and referrals of one authority, and the records that two organisations share.

pub mod agreement;
pub mod approval;
pub mod child;
pub mod disclosure;
pub mod invitation;
pub mod occupancy;
pub mod offer;
pub mod referral;

use std::fmt;

use serde::Serialize;
use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde_json::de::StrRead;

use crate::error::StoreError;

/// A record's detail without the sealed field, which stands in a column of its own.
pub(crate) fn body_without<T: Serialize>(record: &T, sealed: &str) -> Result<String, StoreError> {
    let mut body = serde_json::to_value(record)?;
    if let Some(fields) = body.as_object_mut() {
        fields.remove(sealed);
    }
    Ok(body.to_string())
}

/// The record again, with its sealed field put back: read in one pass, since lists of records are read for every page.
pub(crate) fn record_with<T: DeserializeOwned>(
    body: &str,
    sealed: &'static str,
    bytes: Vec<u8>,
) -> Result<T, StoreError> {
    let mut body = serde_json::Deserializer::from_str(body);
    let record: T = serde::Deserialize::deserialize(WithSealed { body: &mut body, sealed, bytes })?;
    body.end()?;
    Ok(record)
}

/// A record's detail on its way in, with the sealed field as its first.
struct WithSealed<'a, 'de> {
    body: &'a mut serde_json::Deserializer<StrRead<'de>>,
    sealed: &'static str,
    bytes: Vec<u8>,
}

impl<'de> Deserializer<'de> for WithSealed<'_, 'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.body.deserialize_map(Adding { visitor, sealed: self.sealed, bytes: self.bytes })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Adding<V> {
    visitor: V,
    sealed: &'static str,
    bytes: Vec<u8>,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Adding<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(formatter)
    }

    fn visit_map<A: MapAccess<'de>>(self, rest: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Fields { rest, sealed: Some(self.sealed), bytes: Some(self.bytes) })
    }
}

/// The fields of a body after the sealed one, whose name and bytes are each given once.
struct Fields<A> {
    rest: A,
    sealed: Option<&'static str>,
    bytes: Option<Vec<u8>>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Fields<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(sealed) = self.sealed.take() else { return self.rest.next_key_seed(seed) };
        let name: StrDeserializer<'_, A::Error> = sealed.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let Some(bytes) = self.bytes.take() else { return self.rest.next_value_seed(seed) };
        let bytes: SeqDeserializer<_, A::Error> = SeqDeserializer::new(bytes.into_iter());
        seed.deserialize(bytes)
    }
}

#[cfg(test)]
mod tests {
    use placewell_domain::sealed::Sealed;
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Kept {
        number: u32,
        words: Sealed<String>,
        #[serde(default)]
        further: Vec<Sealed<String>>,
        said: Option<String>,
    }

    #[test]
    fn a_record_comes_back_with_its_sealed_field_as_it_went() {
        let bytes: Vec<u8> = (0..=255).collect();
        let further = vec![Sealed::from_bytes(vec![3, 1, 4])];
        let kept = Kept { number: 7, words: Sealed::from_bytes(bytes.clone()), further, said: None };
        let body = body_without(&kept, "words").unwrap();
        assert!(!body.contains("words"), "{body}");
        assert_eq!(record_with::<Kept>(&body, "words", bytes).unwrap(), kept);
        let empty: Kept = record_with(&body, "words", Vec::new()).unwrap();
        assert!(empty.words.bytes().is_empty());
    }

    #[test]
    fn a_body_that_is_cut_or_lacks_a_field_is_no_record() {
        for body in ["{\"number\":7", "{\"said\":null}", "[7]", "{\"number\":7} more", "{\"number\":7,\"words\":[1]}"] {
            assert!(record_with::<Kept>(body, "words", vec![1]).is_err(), "{body}");
        }
    }
}

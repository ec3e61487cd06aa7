//! Values that bodies share: an id, the version header's description, and a body without fields.

use placewell_domain::id;
use serde::{Deserialize, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

/// The id of a record. It is text: a program whose numbers are those of JavaScript would round one beyond 2 to the power of
/// 53. A number is read too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(#[serde(with = "id::text")] pub i64);

impl PartialSchema for Id {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9]{1,19}$"));
        let words = "The id of a record: text, as it is too long for a number of JavaScript.";
        text.description(Some(words)).examples(["550668494442593381"]).into()
    }
}

impl ToSchema for Id {}

/// The header of every change of a record that has a version.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)] // read by `Api::version`; described here
pub struct IfMatch {
    /// The `ETag` of the record as it was read.
    #[param(rename = "If-Match", example = "\"7\"")]
    pub if_match: String,
}

/// Nothing more is asked for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Id;

    #[test]
    fn an_id_is_sent_as_text_and_read_as_text_or_as_a_number() {
        let id = Id(550_668_494_442_593_381);
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"550668494442593381\"");
        for sent in ["\"550668494442593381\"", "550668494442593381"] {
            assert_eq!(serde_json::from_str::<Id>(sent).unwrap(), id, "{sent}");
        }
        for wrong in ["\"\"", "\"twelve\"", "1.5", "null", "\"9999999999999999999\"", "[1]"] {
            let error = serde_json::from_str::<Id>(wrong).unwrap_err().to_string();
            assert!(error.contains("an id as text, such as \"550668494442593381\""), "{wrong}: {error}");
        }
    }
}

//! Values that bodies share: the version header's description, and a body without fields.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

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

//! People who sign in, and the role in which they work for an organisation.

use serde::{Deserialize, Serialize};

use super::access::Role;
use super::organisation::OrganisationKind;
use crate::id::{OrganisationId, PersonId};

/// Somebody acting now: the person, the organisation they act for, and the role they act in. Never blended:
/// a person with two roles works as one of them at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// Their name as shown to colleagues and in the record of an act.
    pub name: String,
    /// The organisation they act for.
    pub organisation: OrganisationId,
    /// Its code, such as `HEF`.
    pub code: String,
    /// Its name.
    pub organisation_name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// The role they act in.
    pub role: Role,
}

//! People who sign in, and the role in which they work for an organisation.

use serde::{Deserialize, Serialize};

pub use super::access::Role;
use super::access::{Action, may};
use super::organisation::OrganisationKind;
use crate::id::{OrganisationId, PersonId};

pub mod password;
pub mod provider;
pub mod screen;
pub mod session;
pub mod welcome;

use session::By;

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
    /// By what they act: a session, a token, or the service itself.
    #[serde(skip)]
    pub by: By,
}

impl Actor {
    /// Whether they may ask for this: the role may, and what they act by reaches it.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        may(self.role, action) && self.by.covers(action)
    }
}

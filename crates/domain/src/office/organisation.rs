//! Organisations: the participating authorities, the providers of homes, the regional team and the system's operator.
//!
//! An authority buys. A trust may place on its behalf: then the placing body is the trust's name, and the council
//! stays the responsible authority.

use serde::{Deserialize, Serialize};

use crate::id::OrganisationId;

/// What an organisation is in the arrangement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// A participating authority or trust: decides, places and pays.
    Authority,
    /// A registered legal entity that owns children's homes.
    Provider,
    /// The team that runs the arrangement for all.
    RegionalTeam,
    /// Whoever runs the system.
    Operator,
}

impl OrganisationKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Authority, Self::Provider, Self::RegionalTeam, Self::Operator];

    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Provider => "provider",
            Self::RegionalTeam => "regional_team",
            Self::Operator => "operator",
        }
    }

    /// The kind with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// An organisation that people work for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Three letters for an authority (`HEF`), a slug for all others.
    pub code: String,
    /// Its name as printed, such as "Herefordshire Council".
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// An authority's area by its GSS code, such as `E06000019`.
    pub area: Option<String>,
    /// The trust that places children for the authority, where there is one.
    pub placing_body: Option<String>,
}

impl Organisation {
    /// Who signs as placing body: the trust where there is one, else the authority itself.
    #[must_use]
    pub fn places_as(&self) -> &str {
        self.placing_body.as_deref().unwrap_or(&self.name)
    }
}

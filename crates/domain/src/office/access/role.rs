//! The roles in which people work for an organisation.

use serde::{Deserialize, Serialize};

use crate::office::organisation::OrganisationKind;

/// The role in which a person works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Finds homes for an authority's children.
    PlacementOfficer,
    /// Runs the arrangement for the region.
    CommissioningLead,
    /// Answers for a provider's homes.
    ProviderManager,
    /// Director or Assistant Director who decides.
    Approver,
    /// Watches an authority's money.
    FinanceOfficer,
    /// Records decisions, delegations and call-ins.
    DemocraticServices,
    /// Reads pseudonymised figures.
    Analyst,
    /// Keeps users, settings and jobs.
    Administrator,
    /// Looks round the demonstration; writes nothing.
    Guest,
}

impl Role {
    /// Every role, in the order in which the table prints them.
    pub const ALL: &[Self] = &[
        Self::PlacementOfficer,
        Self::CommissioningLead,
        Self::ProviderManager,
        Self::Approver,
        Self::FinanceOfficer,
        Self::DemocraticServices,
        Self::Analyst,
        Self::Administrator,
        Self::Guest,
    ];

    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PlacementOfficer => "placement_officer",
            Self::CommissioningLead => "commissioning_lead",
            Self::ProviderManager => "provider_manager",
            Self::Approver => "approver",
            Self::FinanceOfficer => "finance_officer",
            Self::DemocraticServices => "democratic_services",
            Self::Analyst => "analyst",
            Self::Administrator => "administrator",
            Self::Guest => "guest",
        }
    }

    /// The role's name on a page.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::PlacementOfficer => "Placement officer",
            Self::CommissioningLead => "Commissioning lead",
            Self::ProviderManager => "Provider placements manager",
            Self::Approver => "Director or Assistant Director",
            Self::FinanceOfficer => "Finance officer",
            Self::DemocraticServices => "Democratic services officer",
            Self::Analyst => "Analyst",
            Self::Administrator => "System administrator",
            Self::Guest => "Guest of the demonstration",
        }
    }

    /// Whether people of this kind of organisation work in it.
    #[must_use]
    pub const fn belongs_to(self, kind: OrganisationKind) -> bool {
        match kind {
            OrganisationKind::Authority => matches!(
                self,
                Self::PlacementOfficer
                    | Self::Approver
                    | Self::FinanceOfficer
                    | Self::DemocraticServices
                    | Self::Analyst
                    | Self::Administrator
            ),
            OrganisationKind::Provider => matches!(self, Self::ProviderManager),
            OrganisationKind::RegionalTeam => {
                matches!(self, Self::CommissioningLead | Self::Analyst | Self::Administrator)
            }
            OrganisationKind::Operator => matches!(self, Self::Analyst | Self::Administrator),
        }
    }

    /// The role with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.code() == code)
    }
}

//! Signatures: a typed name, a role, and the words "I have authority to sign", on either side and in any order.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::id::PersonId;
use crate::outcome::{Invalid, Refusal};
use crate::power::arrangement::check_signer;

coded! {
    /// A side of the agreement.
    Side {
        Authority "authority" "The placing authority";
        Provider "provider" "The provider";
    }
}

coded! {
    /// Why a child starts before both sides have signed.
    UnsignedReason {
        Emergency "emergency" "Emergency start";
        SignerAway "signer_away" "The person who signs is away until tomorrow";
        PaperOnly "paper_only" "Signed on paper; the copy follows";
    }
}

/// A typed signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who was signed in.
    pub person: PersonId,
    /// The name as typed.
    pub name: String,
    /// The signer's role as typed.
    pub role: String,
    /// When.
    pub at: DateTime,
    /// SHA-256 of what the agreement said then; empty on an imported one.
    #[serde(default)]
    pub content: String,
}

impl Signature {
    /// Checks what was typed: a name, a role, and the statement of authority.
    pub fn checked(self, has_authority: bool) -> Result<Self, Invalid> {
        check_signer(&self.name, &self.role, has_authority)?;
        Ok(self)
    }
}

/// Who has signed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Signatures {
    /// For the placing authority.
    pub authority: Option<Signature>,
    /// For the provider.
    pub provider: Option<Signature>,
}

impl Signatures {
    /// Whether both sides have signed.
    #[must_use]
    pub const fn both(&self) -> bool {
        self.authority.is_some() && self.provider.is_some()
    }

    /// The side that has not signed; the authority where neither has.
    #[must_use]
    pub const fn missing(&self) -> Option<Side> {
        if self.authority.is_none() {
            Some(Side::Authority)
        } else if self.provider.is_none() {
            Some(Side::Provider)
        } else {
            None
        }
    }

    /// The signature of a side.
    #[must_use]
    pub const fn of(&self, side: Side) -> Option<&Signature> {
        match side {
            Side::Authority => self.authority.as_ref(),
            Side::Provider => self.provider.as_ref(),
        }
    }

    /// With one more signature; a side signs once.
    pub(super) fn with(mut self, side: Side, signature: Signature) -> Result<Self, Refusal> {
        let place = match side {
            Side::Authority => &mut self.authority,
            Side::Provider => &mut self.provider,
        };
        if let Some(before) = place {
            return Err(Refusal::new(
                "signed_before",
                "Each side signs once",
                format!("{} has signed this agreement before.", side.label()),
                "Nobody",
            )
            .found(before.at.strftime("%-d %B %Y").to_string()));
        }
        *place = Some(signature);
        Ok(self)
    }
}

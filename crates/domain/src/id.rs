//! Typed identifiers, from one list, and the references that people read and say aloud.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )* };
}

ids! {
    /// An organisation: authority, provider, regional team or operator.
    OrganisationId
    /// A person who can sign in.
    PersonId
    /// A child, known to one responsible authority only.
    ChildId
    /// A formal decision.
    DecisionId
    /// An officer's decision under a limb of one.
    DelegatedDecisionId
    /// A post in an authority's structure.
    PostId
    /// A regional arrangement.
    ArrangementId
    /// A children's home.
    HomeId
    /// A bed in a home.
    BedId
    /// One use of a bed over nights.
    BedUseId
    /// A child's needs, sent out.
    ReferralId
    /// A referral and a home in a tier.
    InvitationId
    /// A home's answer with prices.
    OfferId
    /// A request for somebody's power.
    ApprovalId
    /// A placement agreement.
    AgreementId
    /// A stored document.
    DocumentId
    /// A mini-block contract.
    BlockId
    /// A child named for a bed of a mini-block.
    NominationId
    /// A home's bid for a mini-block.
    BlockBidId
    /// A saved options appraisal.
    AppraisalId
    /// An opening of the arrangement.
    OpeningId
    /// A provider's application to an opening.
    ApplicationId
    /// The evaluation of an application.
    EvaluationId
    /// A measure about a provider, a home or a lot.
    MeasureId
    /// A request for a rise in price.
    UpliftId
    /// A file that is brought in.
    UploadId
    /// A document that a provider holds.
    PaperId
    /// An alert of what the regulator's register changed.
    AlertId
    /// A provider's registration of itself.
    RegistrationId
}

/// An id as text in JSON, for whoever holds numbers as JavaScript does and would round it; a number is read too.
pub mod text {
    use core::fmt;

    use serde::de::{Error, Unexpected, Visitor};
    use serde::{Deserializer, Serializer};

    /// Writes it as text.
    pub fn serialize<S: Serializer>(id: &i64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(id)
    }

    /// Reads it as text or as a number.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        from.deserialize_any(TextOrNumber)
    }

    struct TextOrNumber;

    impl Visitor<'_> for TextOrNumber {
        type Value = i64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an id as text, such as \"550668494442593381\"")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<i64, E> {
            text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<i64, E> {
            Ok(number)
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<i64, E> {
            i64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
        }
    }
}

/// What a reference refers to; its letter stands in the middle of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ReferenceKind {
    /// `HEF-R-0042`
    Referral,
    /// `HEF-A-0137`
    Agreement,
    /// `HEF-D-0088`
    Approval,
}

impl ReferenceKind {
    /// The letter in the middle.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Referral => 'R',
            Self::Agreement => 'A',
            Self::Approval => 'D',
        }
    }
}

/// A reference such as `HEF-R-0042`: the authority's code, what it is, and its number there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference {
    /// The authority's three letters.
    pub authority: String,
    /// What it refers to.
    pub kind: ReferenceKind,
    /// The number within the authority, from 1.
    pub number: u32,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{:04}", self.authority, self.kind.letter(), self.number)
    }
}

/// The text is not a reference such as `HEF-R-0042`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAReference;

impl fmt::Display for NotAReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a reference such as HEF-R-0042")
    }
}

impl FromStr for Reference {
    type Err = NotAReference;

    fn from_str(text: &str) -> Result<Self, NotAReference> {
        let mut parts = text.trim().split('-');
        let (Some(authority), Some(letter), Some(number), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotAReference);
        };
        let kind = match letter.to_ascii_uppercase().as_str() {
            "R" => ReferenceKind::Referral,
            "A" => ReferenceKind::Agreement,
            "D" => ReferenceKind::Approval,
            _ => return Err(NotAReference),
        };
        let plain = authority.len() == 3 && authority.chars().all(|letter| letter.is_ascii_alphabetic());
        let digits = (1..=9).contains(&number.len()) && number.chars().all(|digit| digit.is_ascii_digit());
        if !plain || !digits {
            return Err(NotAReference);
        }
        let number = number.parse().map_err(|_| NotAReference)?;
        Ok(Self { authority: authority.to_ascii_uppercase(), kind, number })
    }
}

impl TryFrom<String> for Reference {
    type Error = NotAReference;
    fn try_from(text: String) -> Result<Self, NotAReference> {
        text.parse()
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_reference_reads_back_as_it_prints() {
        let reference: Reference = "hef-r-42".parse().unwrap();
        assert_eq!(reference.to_string(), "HEF-R-0042");
        assert_eq!(reference.to_string().parse::<Reference>(), Ok(reference));
    }

    #[test]
    fn what_is_not_a_reference_is_refused() {
        for text in ["", "HEF", "HEF-R-", "HEF-X-0001", "HE-R-0001", "HEF-R-0001-2", "HEF-R-12345678901", "é-R-1"] {
            assert_eq!(text.parse::<Reference>(), Err(NotAReference), "{text}");
        }
    }
}

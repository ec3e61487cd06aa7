//! The placing wing: from a child's needs to a home, an agreement and the nights that follow.

/// A coded list of the Placements Standard: the variants are the names of its concepts.
macro_rules! concepts {
    ($(#[$meta:meta])* $name:ident $scheme:literal { $($variant:ident $code:literal $label:literal;)+ }) => {
        coded! { $(#[$meta])* $name { $($variant $code $label;)+ } }

        impl $name {
            /// The standard's concept scheme, the last part of its address.
            pub const SCHEME: &'static str = $scheme;

            /// The concept's local name in the standard.
            #[must_use]
            pub const fn concept(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)+ }
            }

            /// The value with this concept name.
            #[must_use]
            pub fn from_concept(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.concept() == name)
            }
        }
    };
}

pub mod agreement;
pub mod approval;
pub mod child;
pub mod disclosure;
pub mod invitation;
pub mod occupancy;
pub mod offer;
pub mod referral;

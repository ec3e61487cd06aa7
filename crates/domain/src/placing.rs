//! The placing wing: from a child's needs to a home, an agreement and the nights that follow.

/// A coded list: an enum whose codes are stored and whose labels are the words on the screen.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($variant:ident $code:literal $label:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $(#[doc = $label] #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// Every value, in the order of the form.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stored code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The words on the screen.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// The value with this stored code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

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

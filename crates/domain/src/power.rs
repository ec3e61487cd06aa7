//! The power wing: what an authority's formal decision allows, who holds that power, the regional arrangement it
//! adopts, and the annual value that it sets.
//!
//! Rooms in order: decision, delegation, arrangement, annual value. A later room may use an earlier one only.

/// A coded list as the product writes them all: every value with its stored code and its words on the screen.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident => $code:literal, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$value_doc])* #[serde(rename = $code)] $value,)* }

        impl $name {
            /// Every value, in the order in which lists print them.
            pub const ALL: &[Self] = &[$(Self::$value,)*];

            /// The stored code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$value => $code,)* }
            }

            /// The words on the screen.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$value => $label,)* }
            }

            /// The value with this stored code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

pub mod decision;

pub mod delegation;

pub mod arrangement;

pub mod annual_value;

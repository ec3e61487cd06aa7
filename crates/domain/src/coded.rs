//! The coded list: one macro for every enum whose codes are stored and whose labels are the words on the screen.

/// A coded list as the product writes them all: every value with its stored code and its words on the screen. A value
/// whose label says all needs no description of its own; then the arrow and the comma may be left out too.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$value_doc:meta])* $value:ident $(=>)? $code:literal $(,)? $label:literal;)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$value_doc])* #[doc = concat!("“", $label, "”.")] #[serde(rename = $code)] $value,)* }

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

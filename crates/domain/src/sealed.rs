//! What is known about a child only as ciphertext: the type that every other part of the system handles.
//!
//! Opening and sealing need the child's key and belong to the store; here there are only bytes.

use core::marker::PhantomData;

use serde::{Deserialize, Serialize};

/// A `T` encrypted under one child's key. It has no `Display`, and its `Debug` shows a length only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed<T> {
    bytes: Vec<u8>,
    #[serde(skip)]
    of: PhantomData<fn() -> T>,
}

impl<T> Sealed<T> {
    /// Ciphertext as the store made or read it.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self { bytes, of: PhantomData }
    }

    /// The ciphertext.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<T> core::fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Sealed({} bytes)", self.bytes.len())
    }
}

/// What kind of field a field about a child is; one table marks every one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// Who the child is: sealed, disclosed only to the chosen home.
    Identity,
    /// Free text about the child: sealed, disclosed by stage.
    Narrative,
    /// Coded needs that homes are asked with: anonymous.
    Profile,
    /// Not about the child.
    Plain,
}

impl FieldKind {
    /// The words on the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Identity => "Identity",
            Self::Narrative => "Words",
            Self::Profile => "Coded",
            Self::Plain => "Plain",
        }
    }
}

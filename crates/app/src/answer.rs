//! How a command or query ends when it does not end well. One file of the web turns these into HTTP.

use placewell_domain::office::access::Action;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::StoreError;
use placewell_store::error::refusal_of;

/// The result of asking.
pub type Answer<T> = Result<T, Outcome>;

/// Why there is no result.
#[derive(Debug)]
pub enum Outcome {
    /// A form cannot be read; every field that is wrong.
    Invalid(Invalid),
    /// A rule says no; who can change it is part of it.
    Refused(Box<Refusal>),
    /// The role may not ask for this.
    Forbidden(Action),
    /// The token's scope does not reach this.
    OutOfScope(Action),
    /// A recent proof of who the person is must come first.
    ProveAgain,
    /// No such record, or another organisation's.
    NotFound,
    /// Somebody changed the record since it was read.
    Conflict,
    /// The idempotency key was used for another request.
    KeyReused,
    /// The database asked for another try, which [`crate::App::perform`] and a provider's way in make; read as busy elsewhere.
    Retry,
    /// Too much waits for the same record, or for the database; try again later.
    Busy,
    /// A fault of ours; the text is for the log.
    Fault(String),
}

impl From<Invalid> for Outcome {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<StoreError> for Outcome {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Constraint(name) => match refusal_of(&name) {
                Some(refusal) => refusal.into(),
                None => Self::Fault(format!("constraint {name}")),
            },
            StoreError::Conflict => Self::Conflict,
            StoreError::NotFound => Self::NotFound,
            StoreError::Retry => Self::Retry,
            StoreError::Busy => Self::Busy,
            StoreError::Fault(context) => Self::Fault(context),
        }
    }
}

impl From<serde_json::Error> for Outcome {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(error.to_string())
    }
}

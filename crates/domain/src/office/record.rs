//! The record of events as others hold it: a checkpoint says how far a chain went and with which hash, signed, so that
//! whoever keeps one can tell later that the chain was cut or written anew.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::OrganisationId;

/// What is signed begins with this, so that no signature of another kind can stand for it.
const KIND: &[u8] = b"placewell checkpoint 1";

/// How far one organisation's chain went, as it was signed and given to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The organisation's code; `deployment` for the service's own chain.
    pub organisation: String,
    /// The chain's number.
    pub chain: OrganisationId,
    /// The number of its last event then.
    pub sequence: i64,
    /// That event's hash, in hexadecimal digits.
    pub hash: String,
    /// When that event happened, by the business clock.
    pub moment: Timestamp,
    /// When the checkpoint was made.
    pub made: Timestamp,
    /// The public key that it is signed by, in hexadecimal digits.
    pub signed_by: String,
    /// The signature, in hexadecimal digits.
    pub signature: String,
}

impl Checkpoint {
    /// The bytes that are signed: every part with its length.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        let (chain, sequence) = (self.chain.0.to_be_bytes(), self.sequence.to_be_bytes());
        let (moment, made) = (self.moment.as_microsecond().to_be_bytes(), self.made.as_microsecond().to_be_bytes());
        let parts = [KIND, self.organisation.as_bytes(), &chain, &sequence, self.hash.as_bytes(), &moment, &made];
        let mut message = Vec::new();
        for part in parts {
            message.extend((part.len() as u64).to_be_bytes());
            message.extend(part);
        }
        message
    }
}

/// A file of checkpoints, as others fetch and keep it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoints {
    /// The checkpoints, the newest of each organisation.
    pub checkpoints: Vec<Checkpoint>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            organisation: "HEF".to_owned(),
            chain: OrganisationId(1),
            sequence: 41,
            hash: "ab".repeat(32),
            moment: "2021-09-13T09:20:00Z".parse().unwrap(),
            made: "2021-09-13T09:21:00Z".parse().unwrap(),
            signed_by: "cd".repeat(32),
            signature: String::new(),
        }
    }

    #[test]
    fn every_part_of_a_checkpoint_is_signed() {
        let whole = checkpoint().message();
        let changed = [
            Checkpoint { organisation: "SHR".to_owned(), ..checkpoint() },
            Checkpoint { chain: OrganisationId(2), ..checkpoint() },
            Checkpoint { sequence: 40, ..checkpoint() },
            Checkpoint { hash: "ac".repeat(32), ..checkpoint() },
            Checkpoint { moment: Timestamp::UNIX_EPOCH, ..checkpoint() },
            Checkpoint { made: Timestamp::UNIX_EPOCH, ..checkpoint() },
        ];
        for other in changed {
            assert_ne!(other.message(), whole, "{other:?}");
        }
        // No text moves from one part into the next unseen.
        let moved = Checkpoint { organisation: String::new(), ..checkpoint() };
        assert_ne!(moved.message().len(), whole.len());
    }

    #[test]
    fn a_file_reads_as_it_was_written() {
        let file = Checkpoints { checkpoints: vec![checkpoint()] };
        let text = serde_json::to_string(&file).unwrap();
        assert_eq!(serde_json::from_str::<Checkpoints>(&text).unwrap(), file);
    }
}

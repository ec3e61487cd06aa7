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
    /// The chain's id: text, and read as a number too, as files from before have it.
    #[serde(with = "chain_id")]
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

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
mod chain_id {
    use serde::{Deserializer, Serializer};

    use crate::id::{OrganisationId, text};

    pub(super) fn serialize<S: Serializer>(chain: &OrganisationId, to: S) -> Result<S::Ok, S::Error> {
        text::serialize(&chain.0, to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<OrganisationId, D::Error> {
        text::deserialize(from).map(OrganisationId)
    }
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

/// What is kept of a checkpoint elsewhere, in a mail or beside the service: a line that is compared and nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The organisation's code; `deployment` for the service's own chain.
    pub organisation: String,
    /// The number of an event.
    pub sequence: i64,
    /// That event's hash, in hexadecimal digits.
    pub hash: String,
}

impl Pin {
    /// Its line.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {} {}", self.organisation, self.sequence, self.hash)
    }

    /// Every such line of a text, whatever else stands in it: a file, or a mail as it was saved.
    #[must_use]
    pub fn read_all(text: &str) -> Vec<Self> {
        let read = |line: &str| {
            let mut words = line.split_whitespace();
            let (organisation, sequence, hash) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
            let whole = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) && words.next().is_none();
            whole.then(|| Self { organisation: organisation.to_owned(), sequence, hash: hash.to_lowercase() })
        };
        text.lines().filter_map(read).collect()
    }
}

impl From<&Checkpoint> for Pin {
    fn from(one: &Checkpoint) -> Self {
        Self { organisation: one.organisation.clone(), sequence: one.sequence, hash: one.hash.clone() }
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
    fn a_chain_s_id_is_written_as_text_and_files_from_before_read_too() {
        let one = Checkpoint { chain: OrganisationId(550_668_494_442_593_381), ..checkpoint() };
        let text = serde_json::to_string(&one).unwrap();
        assert!(text.contains(r#""chain":"550668494442593381""#), "{text}");
        assert_eq!(serde_json::from_str::<Checkpoint>(&text).unwrap(), one);
        let before = text.replace(r#""550668494442593381""#, "550668494442593381");
        assert_eq!(serde_json::from_str::<Checkpoint>(&before).unwrap(), one);
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
    fn a_saved_mail_gives_its_lines_and_nothing_else() {
        let pin = Pin::from(&checkpoint());
        let mail =
            format!("Subject: the record\n\nKeep this mail.\n{}\nHEF 41 abab\n/record/checkpoints\n", pin.line());
        assert_eq!(Pin::read_all(&mail), [pin]);
    }

    #[test]
    fn a_file_reads_as_it_was_written() {
        let file = Checkpoints { checkpoints: vec![checkpoint()] };
        let text = serde_json::to_string(&file).unwrap();
        assert_eq!(serde_json::from_str::<Checkpoints>(&text).unwrap(), file);
    }
}

//! The record as others hold it: checkpoints of each chain, signed by the deployment's key, and the feed of its events.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jiff::Timestamp;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::record::Checkpoint;
use sea_orm::Value;

use crate::chain::RecordedEvent;
use crate::error::StoreError;
use crate::keys::random;
use crate::row::{Row, places};
use crate::session::Session;
use crate::values;
use crate::verify::DEPLOYMENT;
use crate::work::Work;

/// How many names are asked for in one statement.
const NAMES_AT_ONCE: usize = 500;
const COLUMNS: &str = "c.org_id, c.seq, c.hash, c.moment, c.made_at, c.signed_by, c.signature, \
                       coalesce(o.code, 'deployment') AS code";

fn checkpoint(row: &Row) -> Result<Checkpoint, StoreError> {
    Ok(Checkpoint {
        organisation: row.text("code")?,
        chain: OrganisationId(row.int("org_id")?),
        sequence: row.int("seq")?,
        hash: hex::encode(row.bytes("hash")?),
        moment: row.moment("moment")?,
        made: row.moment("made_at")?,
        signed_by: row.text("signed_by")?,
        signature: hex::encode(row.bytes("signature")?),
    })
}

/// Which part of a chain is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogPart {
    /// Only events after this number.
    pub after: i64,
    /// Only events before this number.
    pub before: i64,
    /// The newest first; else in the order in which they were committed.
    pub newest_first: bool,
    /// At most so many.
    pub most: u32,
}

/// Which events of a chain are wanted; all of them where nothing is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Who did it.
    pub person: Option<PersonId>,
    /// What happened, such as `agreement.started`; a room alone for everything in it.
    pub kind: Option<String>,
    /// The room and the number of one record.
    pub record: Option<(String, i64)>,
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

impl LogFilter {
    /// The conditions in SQL, with their values added to those that stand already.
    fn narrowed(&self, values: &mut Vec<Value>) -> String {
        let mut sql = String::new();
        let mut add = |condition: &str, more: Vec<Value>| {
            let mut condition = condition.to_owned();
            for value in more {
                values.push(value);
                condition = condition.replacen('?', &format!("${}", values.len()), 1);
            }
            sql.push_str(" AND ");
            sql.push_str(&condition);
        };
        if let Some(person) = self.person {
            // The body names who did it by number, first of all or before the facts; a fact's value is a text in quotes.
            add("body LIKE ?", values![format!("%\"by\":{person},%")]);
        }
        match &self.kind {
            Some(kind) if kind.contains('.') => add("kind = ?", values![kind.as_str()]),
            Some(room) => add("room = ?", values![room.as_str()]),
            None => {}
        }
        if let Some((room, record)) = &self.record {
            add("room = ? AND record = ?", values![room.as_str(), *record]);
        }
        if let Some(from) = self.from {
            add("moment >= ?", values![from]);
        }
        if let Some(until) = self.until {
            add("moment < ?", values![until]);
        }
        sql
    }
}

/// What is wrong with a checkpoint by itself: that it was not signed by the key it names.
pub fn signature_fault(checkpoint: &Checkpoint) -> Option<String> {
    let read = || -> Option<(VerifyingKey, Signature)> {
        let key = hex::decode(&checkpoint.signed_by).ok()?.try_into().ok()?;
        let signature = hex::decode(&checkpoint.signature).ok()?.try_into().ok()?;
        Some((VerifyingKey::from_bytes(&key).ok()?, Signature::from_bytes(&signature)))
    };
    match read() {
        None => Some("its key or its signature does not read".to_owned()),
        Some((key, signature)) => key
            .verify_strict(&checkpoint.message(), &signature)
            .err()
            .map(|_| "its signature is not of what it says".to_owned()),
    }
}

impl Session {
    /// The newest checkpoint of every chain, by organisation.
    pub async fn newest_checkpoints(&self) -> Result<Vec<Checkpoint>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM checkpoint c LEFT JOIN organisation o ON o.id = c.org_id \
             WHERE c.seq = (SELECT max(n.seq) FROM checkpoint n WHERE n.org_id = c.org_id) ORDER BY code"
        );
        self.all(&sql, vec![]).await?.iter().map(checkpoint).collect()
    }

    /// Every checkpoint of one chain, oldest first.
    pub async fn checkpoints_of(&self, organisation: OrganisationId) -> Result<Vec<Checkpoint>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM checkpoint c LEFT JOIN organisation o ON o.id = c.org_id \
             WHERE c.org_id = $1 ORDER BY c.seq"
        );
        self.all(&sql, values![organisation]).await?.iter().map(checkpoint).collect()
    }

    /// The public keys that this deployment has signed by.
    pub async fn signing_keys(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.all("SELECT public FROM signing_key ORDER BY id", vec![]).await?;
        rows.iter().map(|row| row.text("public")).collect()
    }

    /// Whether a chain went on since its last checkpoint, and that one was made before `before`.
    pub async fn checkpoint_due(&self, organisation: OrganisationId, before: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT h.seq, (SELECT max(c.seq) FROM checkpoint c WHERE c.org_id = h.org_id) AS held, \
                   (SELECT max(c.made_at) FROM checkpoint c WHERE c.org_id = h.org_id) AS made_at \
                   FROM chain_head h WHERE h.org_id = $1";
        let Some(row) = self.maybe(sql, values![organisation]).await? else { return Ok(false) };
        let went_on = row.int("seq")? > row.opt_int("held")?.unwrap_or(-1);
        Ok(went_on && row.opt_moment("made_at")?.is_none_or(|made| made <= before))
    }

    /// Events of one organisation after a number, in the order in which they were committed.
    pub async fn events_after(
        &self,
        organisation: OrganisationId,
        after: i64,
        most: u32,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let part = LogPart { after, before: i64::MAX, newest_first: false, most };
        self.events_where(organisation, part, &LogFilter::default()).await
    }

    /// Events of one organisation between two numbers, those that a filter lets through.
    pub async fn events_where(
        &self,
        organisation: OrganisationId,
        part: LogPart,
        filter: &LogFilter,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let mut values = values![organisation, part.after, part.before, part.most];
        let narrowed = filter.narrowed(&mut values);
        let order = if part.newest_first { "DESC" } else { "ASC" };
        let sql = format!(
            "SELECT seq, moment, body FROM event WHERE org_id = $1 AND seq > $2 AND seq < $3{narrowed} ORDER BY seq {order} LIMIT $4"
        );
        self.all(&sql, values).await?.iter().map(RecordedEvent::read).collect()
    }

    /// The people who are or were of an organisation, by name.
    pub async fn people_ever_in(&self, organisation: OrganisationId) -> Result<Vec<(PersonId, String)>, StoreError> {
        let sql = "SELECT DISTINCT p.id AS id, p.name AS name FROM membership m JOIN person p ON p.id = m.person_id \
                   WHERE m.org_id = $1 ORDER BY p.name, p.id";
        let rows = self.all(sql, values![organisation]).await?;
        rows.iter().map(|row| Ok((PersonId(row.int("id")?), row.text("name")?))).collect()
    }

    /// The names of people, for a log that shows who did what, in no order; of a number that is nobody's, nothing.
    pub async fn names_of(&self, people: &[PersonId]) -> Result<Vec<(PersonId, String)>, StoreError> {
        let mut found = Vec::new();
        for some in people.chunks(NAMES_AT_ONCE) {
            let sql = format!("SELECT id, name FROM person WHERE id IN {}", places(1, some.len()));
            let values = some.iter().flat_map(|person| values![*person]).collect();
            for row in self.all(&sql, values).await? {
                found.push((PersonId(row.int("id")?), row.text("name")?));
            }
        }
        Ok(found)
    }
}

impl Work {
    /// The key that this deployment signs by, made where there is none yet.
    pub async fn signing_key(&self, machine: Timestamp) -> Result<SigningKey, StoreError> {
        let sql = "SELECT id, secret FROM signing_key ORDER BY id DESC LIMIT 1";
        if let Some(row) = self.maybe(sql, vec![]).await? {
            let seed = self.master().open(row.int("id")?, &row.bytes("secret")?)?;
            let seed: [u8; 32] =
                seed.try_into().map_err(|_| StoreError::fault("the signing key has the wrong length"))?;
            return Ok(SigningKey::from_bytes(&seed));
        }
        let (id, seed) = (self.new_id(), random::<32>());
        let key = SigningKey::from_bytes(&seed);
        let sql = "INSERT INTO signing_key (id, public, secret, made_at) VALUES ($1, $2, $3, $4)";
        let secret = self.master().seal(id, &seed)?;
        self.execute(sql, values![id, hex::encode(key.verifying_key().to_bytes()), secret, machine]).await?;
        Ok(key)
    }

    /// Signs how far this organisation's chain has gone, and publishes it; nothing where that is published already.
    pub async fn publish_checkpoint(&self, machine: Timestamp) -> Result<Option<Checkpoint>, StoreError> {
        let sql = "SELECT seq, hash, moment FROM chain_head WHERE org_id = $1 AND seq >= 0";
        let Some(head) = self.maybe(sql, values![self.org()]).await? else { return Ok(None) };
        let organisation = match self.org() {
            DEPLOYMENT => "deployment".to_owned(),
            organisation => self.organisation_by_id(organisation).await?.code,
        };
        let key = self.signing_key(machine).await?;
        let mut made = Checkpoint {
            organisation,
            chain: self.org(),
            sequence: head.int("seq")?,
            hash: hex::encode(head.bytes("hash")?),
            moment: head.moment("moment")?,
            made: machine,
            signed_by: hex::encode(key.verifying_key().to_bytes()),
            signature: String::new(),
        };
        // The database keeps microseconds, and what is signed is what is kept.
        made.made = Timestamp::from_microsecond(machine.as_microsecond()).map_err(StoreError::fault)?;
        let signature = key.sign(&made.message()).to_bytes();
        made.signature = hex::encode(signature);
        let sql = "INSERT INTO checkpoint (org_id, seq, hash, moment, made_at, signed_by, signature) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, seq) DO NOTHING";
        let hash = head.bytes("hash")?;
        let values =
            values![made.chain, made.sequence, hash, made.moment, made.made, made.signed_by, signature.as_slice()];
        Ok((self.execute(sql, values).await? > 0).then_some(made))
    }
}

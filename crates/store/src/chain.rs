//! The record of events: one chain of hashes per organisation, sealed in the transaction that made the change.
//!
//! A hash covers the one before, the chain, the number, the moment and the stored bytes of the body, each with its
//! length, so that a changed byte, a gap or an inserted row is found by anyone who can read the table.

use jiff::Timestamp;
use placewell_domain::change::Event;
use placewell_domain::clock::Moment;
use placewell_domain::id::{OrganisationId, PersonId};
use sea_orm::Value;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::connect::Backend;
use crate::contents::{Rows, Wrote, short};
use crate::error::StoreError;
use crate::facts::Added;
use crate::idempotency::storing;
use crate::keys::MasterKey;
use crate::outbox::{self, Job};
use crate::row::{Row, places};
use crate::session::Session;
use crate::values;
use crate::vouched::vouch;
use crate::work::brought_in;

/// What inserts events, and how many columns each has.
const INSERT: &str =
    "INSERT INTO event (org_id, seq, prev_seq, prev_hash, moment, room, record, version, kind, body, hash) VALUES";
const COLUMNS: usize = 11;
/// How many events one statement inserts at most: as many texts of it are kept prepared.
const TOGETHER: usize = 16;

/// The last event of a chain.
pub(crate) struct Head {
    organisation: OrganisationId,
    sequence: i64,
    hash: Vec<u8>,
    moment: Timestamp,
    /// What the next events say of facts that were added, one part each.
    added: std::vec::IntoIter<Added>,
}

impl Head {
    /// Reads and holds the head: what others of the organisation wait for until the commit. None where the chain is new.
    pub(crate) async fn held(session: &Session, organisation: OrganisationId) -> Result<Option<Self>, StoreError> {
        let hold = if session.backend() == Backend::Postgres { " FOR NO KEY UPDATE" } else { "" };
        let sql = format!("SELECT seq, hash, moment FROM chain_head WHERE org_id = $1{hold}");
        let Some(row) = session.maybe(&sql, values![organisation]).await? else { return Ok(None) };
        Ok(Some(Self {
            organisation,
            sequence: row.int("seq")?,
            hash: row.bytes("hash")?,
            moment: row.moment("moment")?,
            added: Vec::new().into_iter(),
        }))
    }

    /// Makes the head of a new chain, or holds it where another has made it meanwhile.
    pub(crate) async fn made(session: &Session, organisation: OrganisationId) -> Result<Self, StoreError> {
        if session.backend() == Backend::Postgres {
            session.execute("SELECT pg_advisory_xact_lock(7, hashint8($1))", values![organisation]).await?;
            if let Some(head) = Self::held(session, organisation).await? {
                return Ok(head);
            }
        }
        let make =
            "INSERT INTO chain_head (org_id, seq, hash, moment) VALUES ($1, -1, $2, 0) ON CONFLICT (org_id) DO NOTHING";
        session.execute(make, values![organisation, Vec::<u8>::new()]).await?;
        let (hash, added) = (Vec::new(), Vec::new().into_iter());
        Ok(Self { organisation, sequence: -1, hash, moment: Timestamp::UNIX_EPOCH, added })
    }

    pub(crate) fn next(&self) -> i64 {
        self.sequence + 1
    }

    /// Seals events onto the chain, leaves jobs behind them and stores the result of the request. PostgreSQL takes all that in
    /// one statement, so that whoever waits for the head waits for one answer of it instead of four.
    pub(crate) async fn end(
        mut self,
        session: &Session,
        (person, moment): (Option<PersonId>, Moment),
        (events, wrote): (&[Event], Wrote),
        (jobs, machine): (&[Job], Timestamp),
        result: Option<Vec<Value>>,
    ) -> Result<(), StoreError> {
        let rows = &wrote.rows;
        self.added = wrote.added.into_iter();
        let few = (1..=TOGETHER).contains(&events.len()) && jobs.len() <= outbox::TOGETHER;
        if session.backend() == Backend::Sqlite || !few {
            if let Some(values) = result {
                session.execute(&storing(0), values).await?;
            }
            self.append(session, person, moment, (events, rows)).await?;
            self.write(session).await?;
            return Job::leave(jobs, session, self.organisation, self.sequence, machine).await;
        }
        let mut values = Vec::with_capacity(events.len() * COLUMNS);
        for event in events {
            values.extend(self.seal(session.master(), (person, moment), (event, rows))?);
        }
        let at = values.len();
        values.extend(values![self.organisation, self.sequence, self.hash, self.moment]);
        let (org, seq, hash, moment) = (at + 1, at + 2, at + 3, at + 4);
        let mut sql = format!(
            "WITH head AS (UPDATE chain_head SET seq = ${seq}, hash = ${hash}, moment = ${moment} WHERE org_id = ${org})"
        );
        if !jobs.is_empty() {
            let (leaving, further) = Job::leaving(jobs, (self.organisation, self.sequence), machine, values.len());
            sql = format!("{sql}, jobs AS ({leaving})");
            values.extend(further);
        }
        if let Some(result) = result {
            sql = format!("{sql}, kept AS ({})", storing(values.len()));
            values.extend(result);
        }
        session.execute(&format!("{sql} {INSERT} {}", places(events.len(), COLUMNS)), values).await?;
        Ok(())
    }

    /// Seals events onto the chain, in their order, each with the digest of the row that it made.
    async fn append(
        &mut self,
        session: &Session,
        person: Option<PersonId>,
        moment: Moment,
        (events, rows): (&[Event], &Rows),
    ) -> Result<(), StoreError> {
        for some in events.chunks(TOGETHER) {
            let mut values = Vec::with_capacity(some.len() * COLUMNS);
            for event in some {
                values.extend(self.seal(session.master(), (person, moment), (event, rows))?);
            }
            session.execute(&format!("{INSERT} {}", places(some.len(), COLUMNS)), values).await?;
        }
        Ok(())
    }

    /// One event's row, now the last of the chain.
    fn seal(
        &mut self,
        master: &MasterKey,
        (person, moment): (Option<PersonId>, Moment),
        (event, rows): (&Event, &Rows),
    ) -> Result<Vec<Value>, StoreError> {
        let added = self.added.next().filter(|added| !added.is_empty());
        let (sequence, moment) = (self.next(), moment.at.max(self.moment));
        let position = Position { previous: &self.hash, organisation: self.organisation, sequence, moment };
        let body = vouch(master, &position, body(person, (event, rows), added.as_ref())?);
        let hash = hash(&position, &body).to_vec();
        let (prev_seq, prev_hash) =
            if sequence == 0 { (None, None) } else { (Some(self.sequence), Some(std::mem::take(&mut self.hash))) };
        let row = values![
            self.organisation,
            sequence,
            prev_seq,
            prev_hash,
            moment,
            event.room,
            event.record,
            event.version,
            event.kind,
            body,
            hash
        ];
        self.sequence = sequence;
        self.hash = hash;
        self.moment = moment;
        Ok(row)
    }

    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let sql = "UPDATE chain_head SET seq = $2, hash = $3, moment = $4 WHERE org_id = $1";
        session.execute(sql, values![self.organisation, self.sequence, self.hash, self.moment]).await?;
        Ok(())
    }
}

fn body(person: Option<PersonId>, (event, rows): (&Event, &Rows), added: Option<&Added>) -> Result<String, StoreError> {
    let mut body = json!({
        "kind": event.kind, "room": event.room, "record": event.record, "version": event.version,
        "by": person.map(|person| person.0), "facts": event.facts,
    });
    if let Some(body) = body.as_object_mut() {
        if let Some(row) = rows.get(&(event.room.clone(), event.record, event.version)) {
            body.insert("row".to_owned(), row.as_str().into());
        }
        if let Some(rows) = brought_in(event).and_then(|ids| digests(event, ids, rows)) {
            body.insert("rows".to_owned(), json!(rows));
        }
        if let Some(added) = added {
            body.insert("added".to_owned(), json!(added));
        }
    }
    Ok(serde_json::to_string(&body)?)
}

/// The digests of records that were brought in, in the order of their ids; none unless there is one of each.
fn digests<'a>(event: &Event, ids: impl Iterator<Item = i64>, rows: &'a Rows) -> Option<Vec<&'a str>> {
    ids.map(|id| rows.get(&(event.room.clone(), id, 1)).map(|digest| short(digest))).collect()
}

/// Where an event stands: after which hash, on whose chain, its number there, and when.
#[derive(Clone, Copy)]
pub struct Position<'a> {
    /// The hash of the event before; empty for the first.
    pub previous: &'a [u8],
    /// Whose chain.
    pub organisation: OrganisationId,
    /// Its number, from 0.
    pub sequence: i64,
    /// When, by the business clock.
    pub moment: Timestamp,
}

/// SHA-256 over the length-prefixed parts; PostgreSQL checks the same on insert.
pub fn hash(position: &Position<'_>, body: &str) -> [u8; 32] {
    let mut digest = Sha256::new();
    let (chain, number) = (position.organisation.0.to_be_bytes(), position.sequence.to_be_bytes());
    let at = position.moment.as_microsecond().to_be_bytes();
    for part in [position.previous, &chain, &number, &at, body.as_bytes()] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

/// An event as read back, for timelines and activity.
#[derive(Debug, Clone)]
pub struct RecordedEvent {
    /// Its number on the organisation's chain.
    pub sequence: i64,
    /// When, by the business clock.
    pub moment: Timestamp,
    /// Who, where a person did it.
    pub person: Option<PersonId>,
    /// What happened.
    pub event: Event,
}

impl RecordedEvent {
    /// Out of a row of `seq`, `moment` and `body`.
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        #[derive(serde::Deserialize)]
        struct Body {
            by: Option<i64>,
            #[serde(flatten)]
            event: Event,
        }
        let body: Body = row.json("body")?;
        let (sequence, moment) = (row.int("seq")?, row.moment("moment")?);
        Ok(Self { sequence, moment, person: body.by.map(PersonId), event: body.event })
    }
}

impl Session {
    /// What happened to one record, oldest first.
    pub async fn timeline(
        &self,
        organisation: OrganisationId,
        room: &str,
        record: i64,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let sql = "SELECT seq, moment, body FROM event WHERE org_id = $1 AND room = $2 AND record = $3 ORDER BY seq";
        let rows = self.all(sql, values![organisation, room, record]).await?;
        rows.iter().map(RecordedEvent::read).collect()
    }
}

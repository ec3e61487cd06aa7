//! One pass over a chain: every hash recomputed, every column held against the body that was hashed, every checkpoint
//! against the event it names, and the latest version of each record kept. One part is read while another is checked.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::record::Checkpoint;
use serde::Deserialize;

use super::facts::Named;
use super::{AT_ONCE, ChainReport, DEPLOYMENT, Tables};
use crate::chain::{Position, hash};
use crate::contents::Said;
use crate::error::StoreError;
use crate::keys::MasterKey;
use crate::office::record::signature_fault;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::vouched::{Beginning, Vouched, vouches};
use crate::work::{MANY, brought_in};

/// How many faults of one chain are told one by one.
const TOLD: usize = 100;

/// The latest version of a record on one chain, with the digest of its row where an event of that version carries one.
#[derive(Default, Clone, Copy)]
pub(super) struct Known {
    pub version: i64,
    pub row: Option<Said>,
}

/// The latest version that one chain has of each record, by its room.
#[derive(Default)]
pub(super) struct Seen(HashMap<(usize, i64), Known>);

impl Seen {
    fn see(&mut self, room: usize, record: i64, version: i64, row: Option<&str>) {
        let latest = self.0.entry((room, record)).or_default();
        if version > latest.version {
            *latest = Known { version, row: row.map(Said::read) };
        } else if version == latest.version && row.is_some() {
            latest.row = row.map(Said::read);
        }
    }

    /// What was brought in stands in one event for many: each at its first version, unless it has an event of its own. Whether
    /// the event was one of these; an error where it reads as no event at all, which the service never wrote.
    fn see_brought_in(&mut self, room: usize, body: &str) -> serde_json::Result<bool> {
        #[derive(Deserialize)]
        struct Many {
            #[serde(flatten)]
            event: Event,
            /// The digest of each record's row, in their order; none in events from before they had them.
            #[serde(default)]
            rows: Vec<String>,
        }
        let Many { event, rows } = serde_json::from_str(body)?;
        let Some(ids) = brought_in(&event) else { return Ok(false) };
        let rows = rows.iter().map(|row| Some(row.as_str())).chain(std::iter::repeat(None));
        for (id, row) in ids.zip(rows) {
            self.see(room, id, 1, row);
        }
        Ok(true)
    }
}

/// The same of each organisation's chain.
#[derive(Default)]
pub(super) struct Latest(HashMap<OrganisationId, HashMap<(usize, i64), Known>>);

impl Latest {
    /// What was seen on one chain.
    pub(super) fn join(&mut self, organisation: OrganisationId, seen: Seen) {
        self.0.insert(organisation, seen.0);
    }

    /// Asks the database for the latest versions of another party, without checking its chain.
    pub(super) async fn add(
        &mut self,
        session: &Session,
        organisation: OrganisationId,
        tables: &Tables,
    ) -> Result<(), StoreError> {
        let sql = "SELECT room, record, max(version) AS latest FROM event WHERE org_id = $1 AND room IN \
                   (SELECT room FROM table_class WHERE room IS NOT NULL) GROUP BY room, record";
        let mut seen = Seen(self.0.remove(&organisation).unwrap_or_default());
        for row in session.all(sql, values![organisation]).await? {
            if let Some(room) = tables.room(row.lent_text("room")?) {
                seen.see(room, row.int("record")?, row.int("latest")?, None);
            }
        }
        let sql = "SELECT room, body FROM event WHERE org_id = $1 AND record = $2 AND room IN \
                   (SELECT room FROM table_class WHERE room IS NOT NULL)";
        for row in session.all(sql, values![organisation, MANY]).await? {
            if let Some(room) = tables.room(row.lent_text("room")?) {
                // What does not read is told of whoever's chain it is, and names no record here.
                let _read = seen.see_brought_in(room, row.lent_text("body")?);
            }
        }
        self.join(organisation, seen);
        Ok(())
    }

    /// The latest of all its parties' chains.
    pub(super) fn of(&self, room: usize, record: i64, parties: impl Iterator<Item = i64>) -> Option<Known> {
        let known = parties.filter_map(|party| self.0.get(&OrganisationId(party))?.get(&(room, record)));
        known.max_by_key(|known| (known.version, known.row.is_some())).copied()
    }

    /// Of how many columns the digests of rows are, by room.
    pub(super) fn widths(&self) -> BTreeSet<(usize, usize)> {
        let all = self.0.values().flatten();
        all.filter_map(|((room, _), known)| Some((*room, known.row?.columns()))).collect()
    }

    /// The records of an organisation's chain whose rows were digested and were not seen.
    pub(super) fn gone(
        &self,
        organisation: OrganisationId,
        seen: &HashSet<(usize, i64)>,
    ) -> impl Iterator<Item = (usize, i64)> {
        let own = self.0.get(&organisation).into_iter().flatten();
        own.filter(|(at, known)| known.row.is_some() && !seen.contains(*at)).map(|(at, _)| *at)
    }
}

/// What a chain is held against.
#[derive(Default)]
pub(super) struct Against {
    pub tables: Arc<Tables>,
    pub vouched: Arc<Vouched>,
    /// Checkpoints, each with whose it is.
    pub claims: Vec<(Checkpoint, &'static str)>,
}

/// What a pass over one chain gives.
pub(super) struct Looked {
    pub report: ChainReport,
    pub seen: Seen,
    /// The facts that its events name.
    pub named: Named,
    /// How many of its events the service vouches for.
    pub vouched: i64,
    /// How many checkpoints the chain holds.
    pub held: usize,
}

/// The state of a pass between two parts of a chain.
struct Pass {
    report: ChainReport,
    seen: Seen,
    named: Named,
    tables: Arc<Tables>,
    master: MasterKey,
    previous: Vec<u8>,
    before: Timestamp,
    after: i64,
    /// Where the chain began to be vouched for, as the deployment's says.
    said: Option<Beginning>,
    /// The first event that must be vouched for, and how many are.
    must: i64,
    vouched: i64,
    /// Checkpoints that were not reached yet, the next one last.
    claims: Vec<(Checkpoint, &'static str)>,
    held: usize,
    more: usize,
}

/// What the hashed body says of the columns by which an event is found.
#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    room: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    kind: std::borrow::Cow<'a, str>,
    record: i64,
    version: i64,
    #[serde(borrow, default)]
    row: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow, default)]
    added: BTreeMap<&'a str, Vec<&'a str>>,
}

impl Pass {
    fn fault(&mut self, fault: String) {
        if self.report.faults.len() < TOLD {
            self.report.faults.push(fault);
        } else {
            self.more += 1;
        }
    }

    fn check(&mut self, row: &Row) -> Result<(), StoreError> {
        let organisation = self.report.organisation;
        let sequence = row.int("seq")?;
        if sequence != self.after + 1 {
            self.fault(format!("event {} is missing", self.after + 1));
        }
        let before = row.lent_opt_bytes("prev_hash")?.unwrap_or_default();
        if before != self.previous {
            self.fault(format!("event {sequence} does not follow the one before"));
        }
        let (stored, body, moment) = (row.lent_bytes("hash")?, row.lent_text("body")?, row.moment("moment")?);
        let position = Position { previous: before, organisation, sequence, moment };
        if stored == hash(&position, body) {
            self.hold_to_its_tag(&position, body);
        } else {
            self.fault(format!("event {sequence} was altered"));
        }
        if moment < self.before {
            self.fault(format!("event {sequence} is dated before the one before it"));
        }
        self.before = moment;
        let (room, kind, record) = (row.lent_text("room")?, row.lent_text("kind")?, row.int("record")?);
        let version = row.int("version")?;
        let said = serde_json::from_str::<Body<'_>>(body);
        let differs = match &said {
            Err(_) => Some("text"),
            Ok(said) if said.room != room => Some("room"),
            Ok(said) if said.kind != kind => Some("kind"),
            Ok(said) if said.record != record => Some("record"),
            Ok(said) if said.version != version => Some("version"),
            Ok(_) => None,
        };
        if let Some(column) = differs {
            self.fault(format!("event {sequence} has another {column} in its column than in its body"));
        }
        if let Ok(said) = &said
            && let Some(again) = self.named.see(sequence, (&*said.kind, said.version), &said.added)
        {
            self.fault(again);
        }
        if let Some(known) = self.tables.room(room) {
            let many =
                if record == MANY && differs.is_none() { self.seen.see_brought_in(known, body) } else { Ok(false) };
            if many.is_err() {
                self.fault(format!("event {sequence} does not read as an event"));
            }
            if !many.unwrap_or_default() {
                let row = said.as_ref().ok().and_then(|said| said.row.as_deref());
                self.seen.see(known, record, version, row);
            }
        }
        self.hold_to_what_stood(sequence, stored);
        self.hold(sequence, stored);
        self.previous.clear();
        self.previous.extend_from_slice(stored);
        self.after = sequence;
        self.report.events += 1;
        Ok(())
    }

    /// Once one event of a chain is vouched for, so is every one after it; and none is before it was said of the chain, but on
    /// the deployment's, which says it.
    fn hold_to_its_tag(&mut self, position: &Position<'_>, body: &str) {
        let sequence = position.sequence;
        match vouches(&self.master, position, body) {
            Some(true) => {
                let said = self.said.as_ref().filter(|_| position.organisation != DEPLOYMENT);
                if self.vouched == 0 && said.is_some_and(|said| sequence < said.first) {
                    self.fault(format!(
                        "event {sequence} is vouched for before it was said that events are: that was said anew"
                    ));
                }
                self.vouched += 1;
                self.must = self.must.min(sequence);
            }
            None if sequence < self.must => {}
            _ => self.fault(format!("event {sequence} was not written by the service")),
        }
    }

    /// What stood of a chain before it was vouched for is held by the hash of its last event then.
    fn hold_to_what_stood(&mut self, sequence: i64, stored: &[u8]) {
        let said = self.said.as_ref().filter(|said| said.first == sequence + 1 && !said.after.is_empty());
        if said.is_some_and(|said| said.after != hex::encode(stored)) {
            self.fault(format!(
                "the chain was rewritten: event {sequence} is another than stood when events came to be vouched for"
            ));
        }
    }

    /// Holds an event against the checkpoints that name it.
    fn hold(&mut self, sequence: i64, stored: &[u8]) {
        while let Some((claim, whose)) = self.claims.pop_if(|(claim, _)| claim.sequence <= sequence) {
            if claim.sequence < sequence {
                self.fault(format!("event {} is gone, which the checkpoint {whose} names", claim.sequence));
            } else if hex::encode(stored) == claim.hash {
                self.held += 1;
            } else {
                let said =
                    format!("the chain was rewritten: event {sequence} is another than the checkpoint {whose} says");
                self.fault(said);
            }
        }
    }

    fn end(mut self) -> Looked {
        while let Some((claim, whose)) = self.claims.pop() {
            let (after, named) = (self.after, claim.sequence);
            self.fault(format!("the chain was cut: it ends at {after}, the checkpoint {whose} names event {named}"));
        }
        if self.more > 0 {
            self.report.faults.push(format!("{} more faults of this chain", self.more));
        }
        Looked { report: self.report, seen: self.seen, named: self.named, vouched: self.vouched, held: self.held }
    }
}

const EVENTS: &str = "SELECT seq, prev_hash, moment, room, record, version, kind, body, hash FROM event \
                      WHERE org_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";

impl Session {
    /// Reads and checks one organisation's chain from its first event to its last.
    pub(super) async fn look_through(
        &self,
        organisation: OrganisationId,
        Against { tables, vouched, mut claims }: Against,
    ) -> Result<Looked, StoreError> {
        let faults: Vec<String> = claims
            .iter()
            .filter_map(|(claim, whose)| {
                let fault = signature_fault(claim)?;
                Some(format!("the checkpoint {whose} at event {}: {fault}", claim.sequence))
            })
            .collect();
        claims.sort_by_key(|(claim, _)| std::cmp::Reverse(claim.sequence));
        let said = vouched.beginning(organisation);
        let mut pass = Pass {
            report: ChainReport { organisation, events: 0, faults },
            seen: Seen::default(),
            named: Named::default(),
            tables,
            master: self.master().clone(),
            previous: Vec::new(),
            before: Timestamp::MIN,
            after: -1,
            must: said.as_ref().map_or(i64::MAX, |said| said.first),
            said,
            vouched: 0,
            claims,
            held: 0,
            more: 0,
        };
        let mut rows = self.all(EVENTS, values![organisation, -1_i64, AT_ONCE]).await?;
        while let Some(last) = rows.last() {
            let after = last.int("seq")?;
            // The next part is asked for first: a server reads it while this one is checked.
            let (next, checked) = tokio::join!(self.all(EVENTS, values![organisation, after, AT_ONCE]), async {
                rows.iter().try_for_each(|row| pass.check(row))
            });
            checked?;
            rows = next?;
        }
        let head = self.maybe("SELECT seq, hash FROM chain_head WHERE org_id = $1", values![organisation]).await?;
        let after = pass.after;
        if let Some(said) = pass.said.as_ref().filter(|said| after + 1 < said.first) {
            let fault = format!("the chain was cut: it ends at {after}, and event {} stood", said.first - 1);
            pass.fault(fault);
        }
        match head {
            Some(head) if head.int("seq")? != after || head.bytes("hash")? != pass.previous => {
                let fault = format!("the chain ends at {after}, its head says {}", head.int("seq")?);
                pass.fault(fault);
            }
            None if after >= 0 => pass.fault(format!("the chain ends at {after} and has no head")),
            _ => {}
        }
        Ok(pass.end())
    }
}

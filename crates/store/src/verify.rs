//! `verify`: every chain recomputed, every row held against its latest event, every total against its entries.
//!
//! A record of two parties has events on both chains, so the latest of all its parties must be the row's version. Where that
//! event carries a digest of the row, the row must hold the same, and a row with such an event must be there.

mod pass;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use placewell_domain::id::OrganisationId;
use placewell_domain::office::record::{Checkpoint, Pin};

use crate::connect::Store;
use crate::contents::{Contents, digest};
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use pass::{Known, Latest, room_of, width};

/// The deployment's own chain: tokens, and moves of a demonstration's calendar.
pub const DEPLOYMENT: OrganisationId = OrganisationId(0);
/// How many faults of one kind of record are told one by one.
const TOLD: usize = 20;
/// How many rows are read at once.
const AT_ONCE: i64 = 2_000;

/// What `verify` found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many chains, the deployment's own among them.
    pub chains: usize,
    /// How many events.
    pub events: i64,
    /// How many checkpoints they were held against.
    pub checkpoints: usize,
    /// How many rows of records hold what the event of their version says.
    pub rows: u64,
    /// How many were held against their version alone: brought in many at once, or written before events said more.
    pub rows_by_version: u64,
    /// Each fault: whose, by code, and what.
    pub faults: Vec<(String, String)>,
}

/// What `verify` found on one chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    /// Whose chain.
    pub organisation: OrganisationId,
    /// How many events it holds.
    pub events: i64,
    /// Each fault, with the event's number.
    pub faults: Vec<String>,
}

/// A table whose rows have versions, with the room of its events and the columns of its parties.
struct Versioned {
    name: String,
    room: String,
    parties: Vec<String>,
}

impl Store {
    /// Checks the whole record of every organisation, and the deployment's own.
    pub async fn verify(&self) -> Result<Verified, StoreError> {
        self.verify_against(&[]).await
    }

    /// The same, and that each chain still holds what the checkpoints say: those that the database keeps, and those that
    /// others kept.
    pub async fn verify_against(&self, held: &[Checkpoint]) -> Result<Verified, StoreError> {
        let organisations = self.read(None).await?.organisations().await?;
        let chains = organisations.iter().map(|one| (one.id, one.code.clone()));
        let chains: Vec<_> = chains.chain([(DEPLOYMENT, "deployment".to_owned())]).collect();
        let mut found = Verified { chains: chains.len(), ..Verified::default() };
        let tables = Arc::new(versioned(&self.read(None).await?).await?);
        let mut latest = Latest::default();
        for (organisation, code) in &chains {
            let session = self.read(Some(*organisation)).await?;
            let kept = session.checkpoints_of(*organisation).await?;
            let own = held.iter().filter(|one| one.chain == *organisation);
            let claims = kept.iter().map(|one| (one, "kept here")).chain(own.map(|one| (one, "that was brought")));
            let claims: Vec<(Checkpoint, &str)> = claims.map(|(one, whose)| (one.clone(), whose)).collect();
            let looked = session.look_through(*organisation, &tables, (latest, claims)).await?;
            latest = looked.latest;
            found.events += looked.report.events;
            found.checkpoints += looked.held;
            found.faults.extend(looked.report.faults.into_iter().map(|fault| (code.clone(), fault)));
        }
        let keys = self.read(None).await?.signing_keys().await?;
        for one in held {
            if !chains.iter().any(|(chain, _)| *chain == one.chain) {
                found
                    .faults
                    .push((one.organisation.clone(), "a checkpoint that was brought is of no chain here".into()));
            }
            if !keys.contains(&one.signed_by) {
                let fault =
                    format!("the checkpoint at event {} is signed by a key that this database has not", one.sequence);
                found.faults.push((one.organisation.clone(), fault));
            }
        }
        let mut looking = Looking::new(self.contents(), &tables, &latest);
        for (organisation, code) in &chains {
            let session = self.read(Some(*organisation)).await?;
            let faults = looking.at_all(&session, *organisation).await?;
            found.faults.extend(faults.into_iter().map(|fault| (code.clone(), fault)));
            for fault in session.ledger_faults(*organisation).await? {
                found.faults.push((code.clone(), format!("annual value from {}: {}", fault.year_start, fault.what)));
            }
        }
        for (organisation, code) in &chains {
            let gone = latest.gone(&tables, *organisation, &looking.rows.seen);
            let gone = told(gone.map(|(room, id)| format!("{room} {id} is gone, which its events name")).collect());
            found.faults.extend(gone.into_iter().map(|fault| (code.clone(), fault)));
        }
        (found.rows, found.rows_by_version) = (looking.rows.held, looking.rows.by_version);
        Ok(found)
    }

    /// What does not hold of what was kept elsewhere: each named event is looked at, and no chain is recomputed.
    pub async fn pin_faults(&self, pins: &[Pin]) -> Result<Vec<(String, String)>, StoreError> {
        let organisations = self.read(None).await?.organisations().await?;
        let chains = organisations.iter().map(|one| (one.id, one.code.as_str())).chain([(DEPLOYMENT, "deployment")]);
        let chains: HashMap<&str, OrganisationId> = chains.map(|(id, code)| (code, id)).collect();
        let mut faults = Vec::new();
        for pin in pins {
            let (code, sequence) = (pin.organisation.clone(), pin.sequence);
            let Some(chain) = chains.get(pin.organisation.as_str()) else {
                faults.push((code, "a line that is kept elsewhere is of no chain here".to_owned()));
                continue;
            };
            let session = self.read(Some(*chain)).await?;
            let sql = "SELECT hash FROM event WHERE org_id = $1 AND seq = $2";
            match session.maybe(sql, values![*chain, sequence]).await? {
                None => faults.push((code, format!("event {sequence} is gone, which a line kept elsewhere names"))),
                Some(row) if hex::encode(row.bytes("hash")?) != pin.hash => {
                    faults.push((
                        code,
                        format!("event {sequence} was written anew: a line kept elsewhere has another hash"),
                    ));
                }
                Some(_) => {}
            }
        }
        Ok(faults)
    }

    /// The chain of one organisation recomputed and held against the checkpoints that are kept of it, and its rows against
    /// their latest events; of what another party's event says, the version alone.
    pub async fn check_record(&self, organisation: OrganisationId) -> Result<ChainReport, StoreError> {
        let tables = Arc::new(versioned(&self.read(None).await?).await?);
        let session = self.read(Some(organisation)).await?;
        let claims = session.checkpoints_of(organisation).await?.into_iter().map(|one| (one, "kept here")).collect();
        let looked = session.look_through(organisation, &tables, (Latest::default(), claims)).await?;
        drop(session);
        let mut report = looked.report;
        report.faults.extend(self.row_faults_after(organisation, &tables, looked.latest).await?);
        Ok(report)
    }

    /// The rows of one organisation whose version is not that of their latest event, on whichever party's chain.
    pub async fn row_faults(&self, organisation: OrganisationId) -> Result<Vec<String>, StoreError> {
        let tables = versioned(&self.read(None).await?).await?;
        self.row_faults_after(organisation, &tables, Latest::default()).await
    }

    async fn row_faults_after(
        &self,
        organisation: OrganisationId,
        tables: &[Versioned],
        mut latest: Latest,
    ) -> Result<Vec<String>, StoreError> {
        let organisations = self.read(None).await?.organisations().await?;
        for one in organisations {
            latest.add(&self.read(Some(one.id)).await?, one.id, tables).await?;
        }
        let session = self.read(Some(organisation)).await?;
        let mut looking = Looking::new(self.contents(), tables, &latest);
        looking.at_all(&session, organisation).await
    }
}

impl Session {
    /// Recomputes one organisation's chain.
    pub async fn verify_chain(&self, organisation: OrganisationId) -> Result<ChainReport, StoreError> {
        let nothing = (Latest::default(), Vec::new());
        Ok(self.look_through(organisation, &Arc::default(), nothing).await?.report)
    }
}

async fn versioned(session: &Session) -> Result<Vec<Versioned>, StoreError> {
    let sql = "SELECT name, room, columns FROM table_class WHERE room IS NOT NULL ORDER BY name";
    let rows = session.all(sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            let parties = row.text("columns")?.split(',').map(str::to_owned).collect();
            Ok(Versioned { name: row.text("name")?, room: row.text("room")?, parties })
        })
        .collect()
}

/// The first faults one by one, and how many more there are.
fn told(mut faults: Vec<String>) -> Vec<String> {
    if faults.len() > TOLD {
        let more = faults.len() - TOLD;
        faults.sort_unstable();
        faults.truncate(TOLD);
        faults.push(format!("{more} more of the same kind"));
    }
    faults
}

/// What the rows were found to be.
#[derive(Default)]
struct Rows {
    /// Those that hold what the event of their version says.
    held: u64,
    /// Those that were held against their version alone.
    by_version: u64,
    /// Every one, by its room.
    seen: HashSet<(usize, i64)>,
}

/// Holds rows against the latest events of their records.
struct Looking<'a> {
    contents: &'a Contents,
    tables: &'a [Versioned],
    latest: &'a Latest,
    /// Of how many columns the digests of rows are, by room.
    widths: BTreeSet<(usize, usize)>,
    rows: Rows,
}

impl<'a> Looking<'a> {
    fn new(contents: &'a Contents, tables: &'a [Versioned], latest: &'a Latest) -> Self {
        Self { contents, tables, latest, widths: latest.widths(), rows: Rows::default() }
    }

    /// The rows of every table that an organisation holds, a part of a table at a time.
    async fn at_all(&mut self, session: &Session, organisation: OrganisationId) -> Result<Vec<String>, StoreError> {
        let mut faults = Vec::new();
        for table in self.tables {
            let room = room_of(self.tables, &table.room);
            let widths = self.widths.iter().filter(|(of, _)| Some(*of) == room).map(|(_, width)| *width);
            let texts: Vec<(usize, String)> =
                widths.filter_map(|width| Some((width, self.contents.text(&table.name, width)?))).collect();
            let texts = texts.iter().map(|(width, text)| format!("{text} AS text_{width}"));
            let columns: Vec<String> = table.parties.iter().cloned().chain(texts).collect();
            let sql = format!(
                "SELECT id, version, {} FROM {} WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                columns.join(", "),
                table.name
            );
            let mut wrong = Vec::new();
            let mut rows = session.all(&sql, values![organisation, i64::MIN, AT_ONCE]).await?;
            while let Some(last) = rows.last() {
                let after = last.int("id")?;
                // The next part is asked for first: a server reads it while this one is checked.
                let (next, checked) = tokio::join!(session.all(&sql, values![organisation, after, AT_ONCE]), async {
                    rows.iter().try_for_each(|row| {
                        wrong.extend(self.at(session, table, row)?);
                        Ok::<(), StoreError>(())
                    })
                });
                checked?;
                rows = next?;
            }
            faults.extend(told(wrong));
        }
        Ok(faults)
    }

    /// What is wrong with one row.
    fn at(&mut self, session: &Session, table: &Versioned, row: &Row) -> Result<Option<String>, StoreError> {
        let (room, id, version) = (&table.room, row.int("id")?, row.int("version")?);
        self.rows.seen.extend(room_of(self.tables, room).map(|room| (room, id)));
        let parties = table.parties.iter().map(|column| row.opt_int(column)).collect::<Result<Vec<_>, _>>()?;
        let parties: Vec<i64> = parties.into_iter().flatten().collect();
        let Known { version: recorded, row: said } = self.latest.of(self.tables, room, id, &parties);
        if recorded == 0 && version != 0 {
            return Ok(Some(format!("{room} {id} is at version {version} and has no event")));
        }
        if recorded != version {
            return Ok(Some(format!("{room} {id} is at version {version}, its events at {recorded}")));
        }
        let Some(said) = said else {
            self.rows.by_version += 1;
            return Ok(None);
        };
        let width = width(&said).filter(|width| self.contents.text(&table.name, *width).is_some());
        let holds = match width {
            Some(width) => digest(session.master(), &table.name, width, &row.text(&format!("text_{width}"))?) == *said,
            None => false,
        };
        if holds {
            self.rows.held += 1;
            return Ok(None);
        }
        Ok(Some(format!("{room} {id} does not hold what the event of its version {version} says")))
    }
}

//! `verify`: every chain recomputed, every row held against its latest event, every total against its entries.
//!
//! A record of two parties has events on both chains, so the latest of all its parties must be the row's version.

use std::collections::HashMap;

use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;

use crate::connect::Store;
use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::{BROUGHT_IN, MANY};

/// The deployment's own chain: tokens, and moves of a demonstration's calendar.
pub const DEPLOYMENT: OrganisationId = OrganisationId(0);
/// How many faults of one kind of record are told one by one.
const TOLD: usize = 20;

/// What `verify` found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many chains, the deployment's own among them.
    pub chains: usize,
    /// How many events.
    pub events: i64,
    /// Each fault: whose, by code, and what.
    pub faults: Vec<(String, String)>,
}

/// A table whose rows have versions, with the room of its events and the columns of its parties.
struct Versioned {
    name: String,
    room: String,
    parties: Vec<String>,
}

/// The latest version that each organisation's chain has of a record.
#[derive(Default)]
struct Latest(HashMap<(String, i64), Vec<(i64, i64)>>);

impl Latest {
    async fn add(&mut self, session: &Session, organisation: OrganisationId) -> Result<(), StoreError> {
        let sql = "SELECT room, record, max(version) AS latest FROM event WHERE org_id = $1 AND room IN \
                   (SELECT room FROM table_class WHERE room IS NOT NULL) GROUP BY room, record";
        for row in session.all(sql, values![organisation]).await? {
            let of = self.0.entry((row.text("room")?, row.int("record")?)).or_default();
            of.push((organisation.0, row.int("latest")?));
        }
        self.add_brought_in(session, organisation).await
    }

    /// What was brought in stands in one event for many: each at its first version, unless it has an event of its own.
    async fn add_brought_in(&mut self, session: &Session, organisation: OrganisationId) -> Result<(), StoreError> {
        let sql = "SELECT room, kind, body FROM event WHERE org_id = $1 AND record = $2 AND room IN \
                   (SELECT room FROM table_class WHERE room IS NOT NULL)";
        for row in session.all(sql, values![organisation, MANY]).await? {
            let (room, event) = (row.text("room")?, row.json::<Event>("body")?);
            if row.text("kind")? != format!("{room}.{BROUGHT_IN}") {
                continue;
            }
            let records = event.facts.iter().filter(|(name, _)| name == "records");
            for id in records.flat_map(|(_, ids)| ids.split(' ')).filter_map(|id| id.parse().ok()) {
                self.0.entry((room.clone(), id)).or_default().push((organisation.0, 1));
            }
        }
        Ok(())
    }

    fn of(&self, room: &str, record: i64, parties: &[i64]) -> i64 {
        let versions = self.0.get(&(room.to_owned(), record)).map(Vec::as_slice).unwrap_or_default();
        versions.iter().filter(|(by, _)| parties.contains(by)).map(|(_, version)| *version).max().unwrap_or(0)
    }
}

impl Store {
    /// Checks the whole record of every organisation, and the deployment's own.
    pub async fn verify(&self) -> Result<Verified, StoreError> {
        let organisations = self.read(None).await?.organisations().await?;
        let chains = organisations.iter().map(|one| (one.id, one.code.clone()));
        let chains: Vec<_> = chains.chain([(DEPLOYMENT, "deployment".to_owned())]).collect();
        let mut found = Verified { chains: chains.len(), ..Verified::default() };
        let mut latest = Latest::default();
        for (organisation, code) in &chains {
            let session = self.read(Some(*organisation)).await?;
            let chain = session.verify_chain(*organisation).await?;
            found.events += chain.events;
            found.faults.extend(chain.faults.into_iter().map(|fault| (code.clone(), fault)));
            latest.add(&session, *organisation).await?;
        }
        let tables = versioned(&self.read(None).await?).await?;
        for (organisation, code) in &chains {
            let session = self.read(Some(*organisation)).await?;
            let rows = all_row_faults(&session, *organisation, &tables, &latest).await?;
            found.faults.extend(rows.into_iter().map(|fault| (code.clone(), fault)));
            for fault in session.ledger_faults(*organisation).await? {
                found.faults.push((code.clone(), format!("annual value from {}: {}", fault.year_start, fault.what)));
            }
        }
        Ok(found)
    }

    /// The rows of one organisation whose version is not that of their latest event, on whichever party's chain.
    pub async fn row_faults(&self, organisation: OrganisationId) -> Result<Vec<String>, StoreError> {
        let mut latest = Latest::default();
        for one in self.read(None).await?.organisations().await? {
            latest.add(&self.read(Some(one.id)).await?, one.id).await?;
        }
        let session = self.read(Some(organisation)).await?;
        let tables = versioned(&session).await?;
        all_row_faults(&session, organisation, &tables, &latest).await
    }
}

async fn all_row_faults(
    session: &Session,
    organisation: OrganisationId,
    tables: &[Versioned],
    latest: &Latest,
) -> Result<Vec<String>, StoreError> {
    let mut faults = Vec::new();
    for table in tables {
        faults.extend(row_faults(session, organisation, table, latest).await?);
    }
    Ok(faults)
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

/// The rows of one table that an organisation holds whose version is not that of their latest event.
async fn row_faults(
    session: &Session,
    organisation: OrganisationId,
    table: &Versioned,
    latest: &Latest,
) -> Result<Vec<String>, StoreError> {
    let Versioned { name, room, parties } = table;
    let sql = format!("SELECT id, version, {} FROM {name} WHERE org_id = $1 ORDER BY id", parties.join(", "));
    let (mut faults, mut more) = (Vec::new(), 0);
    for row in session.all(&sql, values![organisation]).await? {
        let (id, version) = (row.int("id")?, row.int("version")?);
        let ids = parties.iter().map(|column| row.opt_int(column)).collect::<Result<Vec<_>, _>>()?;
        let ids: Vec<i64> = ids.into_iter().flatten().collect();
        let recorded = latest.of(room, id, &ids);
        if recorded == version {
            continue;
        }
        if faults.len() < TOLD {
            faults.push(match recorded {
                0 => format!("{room} {id} is at version {version} and has no event"),
                recorded => format!("{room} {id} is at version {version}, its events at {recorded}"),
            });
        } else {
            more += 1;
        }
    }
    if more > 0 {
        faults.push(format!("{more} more of {room} are at another version than their events"));
    }
    Ok(faults)
}

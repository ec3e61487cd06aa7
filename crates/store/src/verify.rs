//! `verify`: every chain recomputed, every row held against its latest event, every total against its entries.
//!
//! A record of two parties has events on both chains, so the latest of all its parties must be the row's version.

mod pass;

use std::sync::Arc;

use placewell_domain::id::OrganisationId;
use placewell_domain::office::record::Checkpoint;

use crate::connect::Store;
use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use pass::Latest;

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
    /// How many checkpoints they were held against.
    pub checkpoints: usize,
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

    /// The chain of one organisation recomputed and held against the checkpoints that are kept of it, and its rows against
    /// their latest events.
    pub async fn check_record(&self, organisation: OrganisationId) -> Result<ChainReport, StoreError> {
        let session = self.read(Some(organisation)).await?;
        let claims = session.checkpoints_of(organisation).await?.into_iter().map(|one| (one, "kept here")).collect();
        let looked = session.look_through(organisation, &Arc::default(), (Latest::default(), claims)).await?;
        drop(session);
        let mut report = looked.report;
        report.faults.extend(self.row_faults(organisation).await?);
        Ok(report)
    }

    /// The rows of one organisation whose version is not that of their latest event, on whichever party's chain.
    pub async fn row_faults(&self, organisation: OrganisationId) -> Result<Vec<String>, StoreError> {
        let tables = versioned(&self.read(None).await?).await?;
        let mut latest = Latest::default();
        let organisations = self.read(None).await?.organisations().await?;
        for one in organisations {
            latest.add(&self.read(Some(one.id)).await?, one.id, &tables).await?;
        }
        let session = self.read(Some(organisation)).await?;
        all_row_faults(&session, organisation, &tables, &latest).await
    }
}

impl Session {
    /// Recomputes one organisation's chain.
    pub async fn verify_chain(&self, organisation: OrganisationId) -> Result<ChainReport, StoreError> {
        let nothing = (Latest::default(), Vec::new());
        Ok(self.look_through(organisation, &Arc::default(), nothing).await?.report)
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
        faults.extend(row_faults(session, organisation, (tables, table), latest).await?);
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
    (tables, table): (&[Versioned], &Versioned),
    latest: &Latest,
) -> Result<Vec<String>, StoreError> {
    let Versioned { name, room, parties } = table;
    let sql = format!("SELECT id, version, {} FROM {name} WHERE org_id = $1 ORDER BY id", parties.join(", "));
    let (mut faults, mut more) = (Vec::new(), 0);
    for row in session.all(&sql, values![organisation]).await? {
        let (id, version) = (row.int("id")?, row.int("version")?);
        let ids = parties.iter().map(|column| row.opt_int(column)).collect::<Result<Vec<_>, _>>()?;
        let ids: Vec<i64> = ids.into_iter().flatten().collect();
        let recorded = latest.of(tables, room, id, &ids);
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

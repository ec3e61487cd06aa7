//! `verify`: every chain recomputed, every row held against its latest event, every fact against the event that added it, every
//! total against its entries.
//!
//! A record of two parties has events on both chains, so the latest of all its parties must be the row's version. Where that
//! event carries a digest of the row, the row must hold the same, and a row with such an event must be there.

mod facts;
mod pass;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use placewell_domain::id::OrganisationId;
use placewell_domain::office::record::{Checkpoint, Pin};
use tokio::task::JoinSet;

use crate::connect::Store;
use crate::contents::Contents;
use crate::error::StoreError;
use crate::keys::MasterKey;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use facts::Facts;
use pass::{Against, Known, Latest};

/// The deployment's own chain: tokens, and moves of a demonstration's calendar.
pub const DEPLOYMENT: OrganisationId = OrganisationId(0);
/// How many faults of one kind of record are told one by one.
const TOLD: usize = 20;
/// How many rows are read at once.
const AT_ONCE: i64 = 2_000;
/// How many organisations are looked through beside each other.
const BESIDE: usize = 2;

/// What `verify` found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many chains, the deployment's own among them.
    pub chains: usize,
    /// How many events.
    pub events: i64,
    /// How many of them the service vouches for: those from before it did are held by what follows them, and by checkpoints.
    pub vouched: i64,
    /// How many checkpoints they were held against.
    pub checkpoints: usize,
    /// How many rows of records and of facts hold what their event says.
    pub rows: u64,
    /// How many were held against their version alone: brought in many at once, or written before events said more; and facts
    /// where no event says yet which stood.
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
    room: usize,
    parties: Vec<String>,
}

/// Every such table, and the rooms of their events, by name and by number.
#[derive(Default)]
struct Tables {
    all: Vec<Versioned>,
    rooms: HashMap<String, usize>,
    names: Vec<String>,
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
        let (mut latest, mut facts) = (Latest::default(), Facts::new(self.contents()));
        let vouched = Arc::new(self.vouched().await?);
        let looked = self.of_each(&chains, |session, organisation| {
            let own = held.iter().filter(|one| one.chain == organisation).cloned().collect::<Vec<_>>();
            let (tables, vouched) = (Arc::clone(&tables), Arc::clone(&vouched));
            async move {
                let kept = session.checkpoints_of(organisation).await?.into_iter().map(|one| (one, "kept here"));
                let claims = kept.chain(own.into_iter().map(|one| (one, "that was brought"))).collect();
                session.look_through(organisation, Against { tables, vouched, claims }).await
            }
        });
        for (looked, (organisation, code)) in looked.await?.into_iter().zip(&chains) {
            latest.join(*organisation, looked.seen);
            facts.join(*organisation, looked.named);
            found.vouched += looked.vouched;
            found.events += looked.report.events;
            found.checkpoints += looked.held;
            found.faults.extend(looked.report.faults.into_iter().map(|fault| (code.clone(), fault)));
        }
        found.faults.extend(self.brought_faults(held, &chains).await?);
        let fault = vouched.fault(found.vouched > 0).map(str::to_owned);
        let gone = vouched.organisations().filter(|one| !chains.iter().any(|(chain, _)| chain == one));
        let gone = gone.map(|one| format!("organisation {} is gone, whose events are vouched for", one.0));
        found.faults.extend(fault.into_iter().chain(gone).map(|fault| ("deployment".to_owned(), fault)));
        found.faults.extend(facts.unfounded().map(|fault| ("deployment".to_owned(), fault)));
        let (looking, facts) = (self.looking(&tables, latest), Arc::new(facts));
        let rows = self.of_each(&chains, |session, organisation| {
            let (looking, facts) = (looking.clone(), Arc::clone(&facts));
            async move {
                let mut rows = looking.at_all(&session, organisation).await?;
                facts.at_all(&session, organisation, &mut rows).await?;
                Ok((rows, session.ledger_faults(organisation).await?))
            }
        });
        let mut seen = HashSet::new();
        for ((rows, ledger), (_, code)) in rows.await?.into_iter().zip(&chains) {
            found.rows += rows.held;
            found.rows_by_version += rows.by_version;
            seen.extend(rows.seen);
            let ledger =
                ledger.into_iter().map(|fault| format!("annual value from {}: {}", fault.year_start, fault.what));
            found.faults.extend(rows.faults.into_iter().chain(ledger).map(|fault| (code.clone(), fault)));
        }
        for (organisation, code) in &chains {
            let gone = looking.latest.gone(*organisation, &seen);
            let fault = |(room, id)| format!("{} {id} is gone, which its events name", tables.name(room));
            let gone = told(gone.map(fault).collect()).into_iter().chain(facts.gone(*organisation));
            found.faults.extend(gone.map(|fault| (code.clone(), fault)));
        }
        Ok(found)
    }

    /// What is wrong with checkpoints that were brought, whatever the chains hold.
    async fn brought_faults(
        &self,
        held: &[Checkpoint],
        chains: &[(OrganisationId, String)],
    ) -> Result<Vec<(String, String)>, StoreError> {
        let keys = self.read(None).await?.signing_keys().await?;
        let mut faults = Vec::new();
        for one in held {
            if !chains.iter().any(|(chain, _)| *chain == one.chain) {
                faults.push((one.organisation.clone(), "a checkpoint that was brought is of no chain here".into()));
            }
            if !keys.contains(&one.signed_by) {
                let fault =
                    format!("the checkpoint at event {} is signed by a key that this database has not", one.sequence);
                faults.push((one.organisation.clone(), fault));
            }
        }
        Ok(faults)
    }

    /// Looks at each organisation with a session of its own, at several beside each other; what was found, in their order.
    async fn of_each<T: Send + 'static, F>(
        &self,
        chains: &[(OrganisationId, String)],
        look: impl Fn(Session, OrganisationId) -> F,
    ) -> Result<Vec<T>, StoreError>
    where
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let mut going = JoinSet::new();
        let mut found = BTreeMap::new();
        let mut left = chains.iter().enumerate();
        loop {
            while going.len() < BESIDE
                && let Some((at, (organisation, _))) = left.next()
            {
                let mut session = self.read(Some(*organisation)).await?;
                session.let_go();
                let look = look(session, *organisation);
                going.spawn(async move { Ok::<_, StoreError>((at, look.await?)) });
            }
            let Some(ended) = going.join_next().await else { break };
            let (at, one) = ended.map_err(StoreError::fault)??;
            found.insert(at, one);
        }
        Ok(found.into_values().collect())
    }

    fn looking(&self, tables: &Arc<Tables>, latest: Latest) -> Looking {
        let widths = Arc::new(latest.widths());
        Looking { contents: Arc::clone(self.contents()), tables: Arc::clone(tables), latest: Arc::new(latest), widths }
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
    /// their latest events; of what another party's event says, the version alone. A fact's event may be any party's, so that
    /// facts are left to [`Self::verify`].
    pub async fn check_record(&self, organisation: OrganisationId) -> Result<ChainReport, StoreError> {
        let tables = Arc::new(versioned(&self.read(None).await?).await?);
        let vouched = Arc::new(self.vouched().await?);
        let session = self.read(Some(organisation)).await?;
        let claims = session.checkpoints_of(organisation).await?.into_iter().map(|one| (one, "kept here")).collect();
        let against = Against { tables: Arc::clone(&tables), vouched: Arc::clone(&vouched), claims };
        let looked = session.look_through(organisation, against).await?;
        drop(session);
        let mut report = looked.report;
        let mut latest = Latest::default();
        latest.join(organisation, looked.seen);
        report.faults.extend(vouched.fault(looked.vouched > 0).map(str::to_owned));
        report.faults.extend(self.row_faults_after(organisation, &tables, latest).await?);
        Ok(report)
    }

    /// The rows of one organisation whose version is not that of their latest event, on whichever party's chain.
    pub async fn row_faults(&self, organisation: OrganisationId) -> Result<Vec<String>, StoreError> {
        let tables = Arc::new(versioned(&self.read(None).await?).await?);
        self.row_faults_after(organisation, &tables, Latest::default()).await
    }

    async fn row_faults_after(
        &self,
        organisation: OrganisationId,
        tables: &Arc<Tables>,
        mut latest: Latest,
    ) -> Result<Vec<String>, StoreError> {
        let organisations = self.read(None).await?.organisations().await?;
        for one in organisations {
            latest.add(&self.read(Some(one.id)).await?, one.id, tables).await?;
        }
        let session = self.read(Some(organisation)).await?;
        Ok(self.looking(tables, latest).at_all(&session, organisation).await?.faults)
    }
}

impl Session {
    /// Recomputes one organisation's chain.
    pub async fn verify_chain(&self, organisation: OrganisationId) -> Result<ChainReport, StoreError> {
        Ok(self.look_through(organisation, Against::default()).await?.report)
    }
}

impl Tables {
    /// The room of that name.
    fn room(&self, name: &str) -> Option<usize> {
        self.rooms.get(name).copied()
    }

    fn name(&self, room: usize) -> &str {
        self.names.get(room).map_or("record", String::as_str)
    }
}

async fn versioned(session: &Session) -> Result<Tables, StoreError> {
    let sql = "SELECT name, room, columns FROM table_class WHERE room IS NOT NULL ORDER BY name";
    let mut tables = Tables::default();
    for row in session.all(sql, vec![]).await? {
        let named = row.text("room")?;
        let room = tables.room(&named).unwrap_or_else(|| {
            tables.names.push(named.clone());
            tables.names.len() - 1
        });
        tables.rooms.insert(named, room);
        let parties = row.text("columns")?.split(',').map(str::to_owned).collect();
        tables.all.push(Versioned { name: row.text("name")?, room, parties });
    }
    Ok(tables)
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
    faults: Vec<String>,
}

/// Holds rows against the latest events of their records.
#[derive(Clone)]
struct Looking {
    contents: Arc<Contents>,
    tables: Arc<Tables>,
    latest: Arc<Latest>,
    /// Of how many columns the digests of rows are, by room.
    widths: Arc<BTreeSet<(usize, usize)>>,
}

/// A table's rows as one part of it is read: of how many columns digests may be, each with the column that has their text.
struct Texts<'a> {
    master: &'a MasterKey,
    table: &'a Versioned,
    columns: Vec<(usize, String)>,
}

impl Looking {
    /// The rows of every table that an organisation holds, a part of a table at a time.
    async fn at_all(&self, session: &Session, organisation: OrganisationId) -> Result<Rows, StoreError> {
        let mut found = Rows::default();
        for table in &self.tables.all {
            let widths = self.widths.iter().filter(|(room, _)| *room == table.room).map(|(_, width)| *width);
            let mut texts = Texts { master: session.master(), table, columns: Vec::new() };
            let mut columns = table.parties.clone();
            for width in widths {
                let Some(text) = self.contents.text(&table.name, width) else { continue };
                let column = format!("text_{width}");
                columns.push(format!("{text} AS {column}"));
                texts.columns.push((width, column));
            }
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
                        wrong.extend(self.at(&mut found, &texts, row)?);
                        Ok::<(), StoreError>(())
                    })
                });
                checked?;
                rows = next?;
            }
            found.faults.extend(told(wrong));
        }
        Ok(found)
    }

    /// What is wrong with one row.
    fn at(&self, found: &mut Rows, texts: &Texts<'_>, row: &Row) -> Result<Option<String>, StoreError> {
        let Texts { table, columns, .. } = texts;
        let (id, version) = (row.int("id")?, row.int("version")?);
        let room = self.tables.name(table.room);
        found.seen.insert((table.room, id));
        let parties = table.parties.iter().map(|column| row.opt_int(column)).collect::<Result<Vec<_>, _>>()?;
        let Known { version: recorded, row: said } =
            self.latest.of(table.room, id, parties.into_iter().flatten()).unwrap_or_default();
        if recorded == 0 && version != 0 {
            return Ok(Some(format!("{room} {id} is at version {version} and has no event")));
        }
        if recorded != version {
            return Ok(Some(format!("{room} {id} is at version {version}, its events at {recorded}")));
        }
        let Some(said) = said else {
            found.by_version += 1;
            return Ok(None);
        };
        let holds = match columns.iter().find(|(of, _)| *of == said.columns()) {
            Some((_, column)) => said.is(&texts.master.of_row(&table.name, row.lent_text(column)?)),
            None => false,
        };
        if holds {
            found.held += 1;
            return Ok(None);
        }
        Ok(Some(format!("{room} {id} does not hold what the event of its version {version} says")))
    }
}

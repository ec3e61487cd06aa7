//! Rotation: what another master key than the first sealed is sealed anew, what another than an organisation's newest key
//! wraps is wrapped by that, and keys that wrap nothing any more are destroyed, so that old copies open with nothing that is
//! here. Each step is a small transaction of its own: people go on working, and a cut run is begun again.

use jiff::Timestamp;
use placewell_domain::clock::Moment;
use placewell_domain::id::{ChildId, OrganisationId};

use super::{BY_ORGANISATION, WRAPPED, Wrapped, as_key, mark, open, wrap};
use crate::connect::{Backend, Store};
use crate::error::StoreError;
use crate::office::person::ceremony;
use crate::peek::{INDEX_KEY, KEY_CHECK};
use crate::session::Session;
use crate::values;
use crate::verify::DEPLOYMENT;
use crate::work::Work;

/// How many keys one transaction wraps anew.
const AT_ONCE: u32 = 100;

/// A column that the master key seals: its table, the column of its context, itself, and whether an organisation owns the row.
pub(crate) struct SealedColumn {
    table: &'static str,
    context: &'static str,
    column: &'static str,
    owned: bool,
}

/// The tables of records' keys that a child's or an organisation's key wraps: each with the column of its record and that of
/// the child, who is none where a record is about nobody.
const RECORD_KEYS: [(&str, &str, &str); 3] = [
    ("invitation_key", "invitation_id", "child_id"),
    ("document_key", "document_id", "child_id"),
    ("upload_key", "upload_id", "CAST(NULL AS BIGINT)"),
];

/// What the database says of when its master key was last replaced together with every organisation's key, in microseconds
/// by the business clock. The master key alone is not enough: it would seal anew the key that opens what an old copy holds.
const REPLACED: &str = "organisation_keys_replaced";

/// Every column that the master key seals, but what stands half-way through signing in, whose rows have no number.
pub(crate) const SEALED_BY_MASTER: &[SealedColumn] = &[
    SealedColumn { table: "organisation_key", context: "id", column: "wrapped", owned: true },
    SealedColumn { table: "identity_provider", context: "org_id", column: "secret", owned: true },
    SealedColumn { table: "second_step", context: "person_id", column: "secret", owned: false },
    SealedColumn { table: "signing_key", context: "id", column: "secret", owned: false },
    SealedColumn { table: "mail", context: "id", column: "secret", owned: true },
];

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Organisations that were given a new key.
    pub new_keys: u32,
    /// Values that were sealed anew under the first master key.
    pub resealed: u32,
    /// Children's keys that were wrapped anew by their organisation's.
    pub children: u32,
    /// Keys of invitations, documents and files that were wrapped anew, by the child's or by the organisation's.
    pub records: u32,
    /// Master keys that are in use no longer.
    pub retired: u32,
    /// Keys of organisations that wrapped nothing any more, destroyed.
    pub destroyed: u32,
    /// Whether it makes what was erased before it final.
    pub drill: Drill,
}

/// Whether a run makes what was erased before it final: whether no key in force leads to it in a copy from before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Drill {
    /// It is none: the organisations' keys stayed the same.
    #[default]
    None,
    /// It does.
    Counts,
    /// It does not: no other master key went.
    SameMaster,
    /// It does not: the first master key opened a key of an organisation that has erased a record before the run began.
    LedThere,
    /// It does not: an organisation's key from before wraps something still.
    InUse,
}

impl Drill {
    fn of(new_keys: bool, led_there: bool, (in_use, retired): (u32, u32)) -> Self {
        match (retired, in_use) {
            _ if !new_keys => Self::None,
            (0, _) => Self::SameMaster,
            _ if led_there => Self::LedThere,
            (_, 0) => Self::Counts,
            _ => Self::InUse,
        }
    }
}

impl Store {
    /// Seals everything anew that is not under the first master key, and retires the others. Run once every node has the
    /// new key first. With `new_keys` each organisation gets a key, which wraps its children's.
    pub async fn rotate_keys(&self, new_keys: bool, moment: Moment) -> Result<Rotated, StoreError> {
        let mut done = Rotated::default();
        let organisations = self.organisation_ids().await?;
        let led_there = self.leads_to_erased(&organisations).await?;
        for organisation in organisations.iter().copied().chain([DEPLOYMENT]) {
            if new_keys && organisation != DEPLOYMENT {
                let work = self.begin(organisation, moment).await?;
                work.new_organisation_key(organisation).await?;
                work.commit(moment.at).await?;
                done.new_keys += 1;
            }
            done.children += self.rewrap_children(organisation, moment).await?;
            done.records += self.rewrap_records(organisation, moment).await?;
        }
        // After all were wrapped anew: whoever read a wrapping from before has opened it by now. And before anything is sealed
        // anew, so that the new master key never seals a key that old copies are under, not even for the log of writes.
        let mut left = 0;
        for organisation in organisations.iter().copied().chain([DEPLOYMENT]) {
            let work = self.begin(organisation, moment).await?;
            let (destroyed, in_use) = work.destroy_spent_keys().await?;
            work.commit(moment.at).await?;
            done.destroyed += destroyed;
            left += in_use;
            for sealed in SEALED_BY_MASTER.iter().filter(|one| one.owned || organisation == DEPLOYMENT) {
                done.resealed += self.reseal(organisation, sealed, moment).await?;
            }
        }
        let work = self.begin(DEPLOYMENT, moment).await?;
        done.resealed += work.reseal_index().await? + work.reseal_ceremonies().await?;
        done.retired = work.retire_master_keys(moment.at).await?;
        done.drill = Drill::of(new_keys, led_there, (left, done.retired));
        if done.drill == Drill::Counts {
            work.set_mark(REPLACED, &moment.at.as_microsecond().to_string()).await?;
        }
        work.commit(moment.at).await?;
        Ok(done)
    }

    /// Seals one column of one organisation's rows anew, a few in each transaction, by their order.
    async fn reseal(&self, organisation: OrganisationId, one: &SealedColumn, at: Moment) -> Result<u32, StoreError> {
        let SealedColumn { table, context, column, owned } = one;
        let own = if *owned { "org_id = $1" } else { "$1 = $1" };
        let (mut done, mut after) = (0, i64::MIN);
        loop {
            let work = self.begin(organisation, at).await?;
            let sql = format!(
                "SELECT {context} AS context, {column} AS sealed FROM {table} \
                 WHERE {own} AND {context} > $2 AND {column} IS NOT NULL ORDER BY {context} LIMIT {AT_ONCE}"
            );
            let rows = work.all(&sql, values![organisation, after]).await?;
            let Some(last) = rows.last() else {
                work.roll_back().await?;
                return Ok(done);
            };
            after = last.int("context")?;
            for row in &rows {
                let (id, before) = (row.int("context")?, row.bytes("sealed")?);
                let Some(anew) = work.master().resealed(id, &before)? else { continue };
                let sql = format!("UPDATE {table} SET {column} = $4 WHERE {own} AND {context} = $2 AND {column} = $3");
                let changed = work.execute(&sql, values![organisation, id, before, anew]).await?;
                done += u32::try_from(changed).unwrap_or_default();
            }
            work.commit(at.at).await?;
        }
    }

    /// Wraps the children's keys by the organisation's newest key that another wraps.
    async fn rewrap_children(&self, organisation: OrganisationId, at: Moment) -> Result<u32, StoreError> {
        let mut done = 0;
        loop {
            let work = self.begin(organisation, at).await?;
            let sql = "SELECT 1 AS one FROM child_key WHERE org_id = $1 LIMIT 1";
            if work.maybe(sql, values![organisation]).await?.is_none() {
                work.roll_back().await?;
                return Ok(done);
            }
            let (by, holder) = work.newest_organisation_key(organisation).await?;
            let sql = format!(
                "SELECT child_id, wrapped FROM child_key WHERE org_id = $1 AND substr(wrapped, 1, 9) <> $2 \
                 ORDER BY child_id LIMIT {AT_ONCE}"
            );
            let rows = work.all(&sql, values![organisation, mark(BY_ORGANISATION, by)]).await?;
            for row in &rows {
                let (child, before) = (ChildId(row.int("child_id")?), row.bytes("wrapped")?);
                let key = work.unwrapped_child(organisation, child, &before).await?;
                let anew = wrap(BY_ORGANISATION, (by, &holder), child.0, &key)?;
                let sql = "UPDATE child_key SET wrapped = $4 WHERE org_id = $1 AND child_id = $2 AND wrapped = $3";
                let changed = work.execute(sql, values![organisation, child, before, anew]).await?;
                done += u32::try_from(changed).unwrap_or_default();
            }
            work.commit(at.at).await?;
            if rows.is_empty() {
                return Ok(done);
            }
        }
    }

    /// How many children's records were erased since the master key and the organisations' keys were last replaced together,
    /// and when first. The keys in force still lead to them in a copy from before.
    pub async fn erased_since_keys(&self) -> Result<(u32, Option<Timestamp>), StoreError> {
        let replaced = self.keys_replaced().await?;
        let (mut many, mut first) = (0, None);
        for organisation in self.organisation_ids().await? {
            for at in self.read(Some(organisation)).await?.erased_after(organisation, replaced).await? {
                many += 1;
                first = Some(first.map_or(at, |first: Timestamp| first.min(at)));
            }
        }
        Ok((many, first))
    }

    async fn organisation_ids(&self) -> Result<Vec<OrganisationId>, StoreError> {
        let organisations = self.read(None).await?.organisations().await?;
        Ok(organisations.into_iter().map(|one| one.id).collect())
    }

    /// When the master key and the organisations' keys were last replaced together, in microseconds.
    async fn keys_replaced(&self) -> Result<i64, StoreError> {
        let replaced = self.read(None).await?.mark(REPLACED).await?;
        Ok(replaced.and_then(|text| text.parse().ok()).unwrap_or(i64::MIN))
    }

    /// Whether the first master key leads already to a record that was erased since keys were last replaced: it opens a key of
    /// that record's organisation, sealed anew by a run that was cut, or made since the key came first. A key of an organisation
    /// that has erased nothing since, such as one that is new here, leads to nothing erased.
    async fn leads_to_erased(&self, organisations: &[OrganisationId]) -> Result<bool, StoreError> {
        let replaced = self.keys_replaced().await?;
        for organisation in organisations.iter().copied() {
            let session = self.read(Some(organisation)).await?;
            let erased = session.erased_after(organisation, replaced).await?;
            if !erased.is_empty() && session.has_key_under_first(organisation).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Wraps the keys of records that the master key still wraps by their child's, and those that an earlier key of the
    /// organisation wraps by its newest.
    async fn rewrap_records(&self, organisation: OrganisationId, at: Moment) -> Result<u32, StoreError> {
        let mut done = 0;
        for table in RECORD_KEYS {
            loop {
                let work = self.begin(organisation, at).await?;
                let changed = work.rewrap_some(table).await?;
                work.commit(at.at).await?;
                if changed == 0 {
                    break;
                }
                done += changed;
            }
        }
        Ok(done)
    }
}

impl Session {
    /// When records of the organisation were erased after an instant, in microseconds; the earliest first.
    async fn erased_after(&self, organisation: OrganisationId, after: i64) -> Result<Vec<Timestamp>, StoreError> {
        let sql = "SELECT moment FROM event WHERE org_id = $1 AND room = 'retention' AND kind = 'retention.erased' \
                   AND moment > $2 ORDER BY moment";
        self.all(sql, values![organisation, after]).await?.iter().map(|row| row.moment("moment")).collect()
    }

    /// Whether the first master key opens a key of the organisation already: then it leads into every copy from since.
    async fn has_key_under_first(&self, organisation: OrganisationId) -> Result<bool, StoreError> {
        let sql = "SELECT id, wrapped FROM organisation_key WHERE org_id = $1";
        for row in self.all(sql, values![organisation]).await? {
            if self.master().resealed(row.int("id")?, &row.bytes("wrapped")?)?.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Work {
    async fn rewrap_some(&self, (table, id, child): (&str, &str, &str)) -> Result<u32, StoreError> {
        let newest = "SELECT id FROM organisation_key WHERE org_id = $1 ORDER BY id DESC LIMIT 1";
        let newest = self.maybe(newest, values![self.org()]).await?.map(|row| row.int("id")).transpose()?;
        let newest = newest.map(|id| mark(BY_ORGANISATION, id)).unwrap_or_default();
        let sql = format!(
            "SELECT {id} AS id, {child} AS child_id, wrapped FROM {table} WHERE org_id = $1 AND (length(wrapped) = {WRAPPED} \
             OR (substr(wrapped, 1, 1) = $2 AND substr(wrapped, 1, 9) <> $3)) ORDER BY {id} LIMIT {AT_ONCE}"
        );
        let mut done = 0;
        for row in self.all(&sql, values![self.org(), vec![BY_ORGANISATION], newest]).await? {
            let (record, before) = (row.int("id")?, row.bytes("wrapped")?);
            let key = as_key(match Wrapped::read(&before)? {
                Wrapped::Organisation(by, sealed) => {
                    open(&self.organisation_key(self.org(), by).await?, record, sealed)?
                }
                Wrapped::Master(_) | Wrapped::Child(_) => self.master().open(record, &before)?,
            })?;
            let child = row.opt_int("child_id")?.map(ChildId);
            let anew = self.wrapped_record(self.org(), child, record, &key).await?;
            let sql = format!("UPDATE {table} SET wrapped = $4 WHERE org_id = $1 AND {id} = $2 AND wrapped = $3");
            let changed = self.execute(&sql, values![self.org(), record, before, anew]).await?;
            done += u32::try_from(changed).unwrap_or_default();
        }
        Ok(done)
    }

    /// Destroys the organisation's keys that a newer one has taken the place of and that wrap nothing any more: what an old
    /// copy holds under them opens with nothing that is here. How many went, and how many still wrap something.
    async fn destroy_spent_keys(&self) -> Result<(u32, u32), StoreError> {
        // Whoever wraps by one of them right now is waited for; whoever comes later takes the newest.
        let lock = if self.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
        let sql = format!(
            "SELECT id FROM organisation_key WHERE org_id = $1 \
             AND id < (SELECT max(n.id) FROM organisation_key n WHERE n.org_id = $1) ORDER BY id{lock}"
        );
        let (mut done, mut in_use) = (0, 0);
        for row in self.all(&sql, values![self.org()]).await? {
            let id = row.int("id")?;
            let wrapped = ["child_key"].into_iter().chain(RECORD_KEYS.map(|(table, ..)| table));
            let unused = wrapped.map(|table| {
                format!("NOT EXISTS (SELECT 1 FROM {table} WHERE org_id = $1 AND substr(wrapped, 1, 9) = $3)")
            });
            let unused = unused.collect::<Vec<_>>().join(" AND ");
            let sql = format!("DELETE FROM organisation_key WHERE org_id = $1 AND id = $2 AND {unused}");
            match self.execute(&sql, values![self.org(), id, mark(BY_ORGANISATION, id)]).await? {
                0 => in_use += 1,
                _ => done += 1,
            }
        }
        Ok((done, in_use))
    }

    /// Seals anew what stands half-way through signing in; what no key here opens runs out by itself.
    async fn reseal_ceremonies(&self) -> Result<u32, StoreError> {
        let mut done = 0;
        for row in self.all("SELECT token_hash, state FROM ceremony WHERE length(state) > 0", vec![]).await? {
            let (token, before) = (row.bytes("token_hash")?, row.bytes("state")?);
            let Ok(Some(anew)) = self.master().resealed(ceremony::context(&token), &before) else { continue };
            let sql = "UPDATE ceremony SET state = $3 WHERE token_hash = $1 AND state = $2";
            done += u32::try_from(self.execute(sql, values![token, before, anew]).await?).unwrap_or_default();
        }
        Ok(done)
    }

    async fn reseal_index(&self) -> Result<u32, StoreError> {
        let kept = self.one("SELECT value FROM meta WHERE key = $1", values![INDEX_KEY]).await?.text("value")?;
        let Some(anew) = self.master().resealed_index(&kept)? else { return Ok(0) };
        let sql = "UPDATE meta SET value = $3 WHERE key = $1 AND value = $2";
        let changed = self.execute(sql, values![INDEX_KEY, kept, anew]).await?;
        u32::try_from(changed).map_err(StoreError::fault)
    }

    /// From now on only the first master key opens the database.
    async fn retire_master_keys(&self, machine: Timestamp) -> Result<u32, StoreError> {
        let mut retired = 0;
        let first = self.maybe("SELECT value FROM meta WHERE key = $1", values![KEY_CHECK]).await?;
        if let Some(first) = first.map(|row| row.text("value")).transpose()?
            && !self.master().made_now(&first)
        {
            let sql = "SELECT 1 AS one FROM master_check WHERE value = $1";
            if self.maybe(sql, values![first.as_str()]).await?.is_none() {
                let sql = "INSERT INTO master_check (id, value, retired_at) VALUES ($1, $2, $3)";
                self.execute(sql, values![self.new_id(), first, machine]).await?;
                retired += 1;
            }
        }
        for row in self.all("SELECT id, value FROM master_check WHERE retired_at IS NULL", vec![]).await? {
            if !self.master().made_now(&row.text("value")?) {
                let sql = "UPDATE master_check SET retired_at = $2 WHERE id = $1";
                self.execute(sql, values![row.int("id")?, machine]).await?;
                retired += 1;
            }
        }
        Ok(retired)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{RECORD_KEYS, SEALED_BY_MASTER};

    /// Every source that asks the master key to seal, with the table it seals for; what is half-way is sealed anew by itself.
    const SEALERS: &[(&str, &str, Option<&str>)] = &[
        ("keys.rs", include_str!("../keys.rs"), Some("organisation_key")),
        ("provider.rs", include_str!("../office/person/provider.rs"), Some("identity_provider")),
        ("second_step.rs", include_str!("../office/person/second_step.rs"), Some("second_step")),
        ("record.rs", include_str!("../office/record.rs"), Some("signing_key")),
        ("message.rs", include_str!("../office/message.rs"), Some("mail")),
        ("ceremony.rs", include_str!("../office/person/ceremony.rs"), None),
    ];

    #[test]
    fn rotation_knows_every_column_that_the_master_key_seals() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = Vec::new();
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                if text.contains(concat!("master()", ".seal(")) {
                    found.push(path.file_name().unwrap().to_string_lossy().into_owned());
                }
            }
        }
        found.sort();
        let mut known: Vec<&str> = SEALERS.iter().map(|(file, ..)| *file).collect();
        known.sort_unstable();
        assert_eq!(found, known, "a source that seals by the master key is not known to rotation");
        for (file, text, table) in SEALERS {
            assert!(text.contains(concat!("master()", ".seal(")), "{file} seals nothing");
            let listed = |table: &&str| SEALED_BY_MASTER.iter().any(|one| one.table == *table);
            assert!(table.as_ref().is_none_or(listed), "{file}");
        }
    }

    #[test]
    fn rotation_knows_every_table_that_keeps_a_wrapped_key() {
        let tables = crate::migrate::MIGRATIONS.iter().flat_map(|(_, script)| script.split("CREATE TABLE ").skip(1));
        let keeps = |table: &&str| table.split("\n)").next().is_some_and(|columns| columns.contains("\n  wrapped "));
        let found: BTreeSet<&str> = tables.filter(keeps).filter_map(|table| table.split(' ').next()).collect();
        let records = RECORD_KEYS.map(|(table, ..)| table);
        let known: BTreeSet<&str> = ["organisation_key", "child_key"].into_iter().chain(records).collect();
        assert_eq!(found, known);
    }
}

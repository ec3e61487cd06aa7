//! Tables of facts: rows that are added and never changed, such as prices and readings. The first event of a transaction that
//! adds some keeps their digests, so that `verify` finds a row that was changed, planted or taken away past the service.
//!
//! What stood before events said so is held by the deployment's own chain, once: see [`Store::hold_facts`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use sea_orm::Value;

use crate::connect::Store;
use crate::contents::{self, Contents, Table, short};
use crate::error::StoreError;
use crate::keys::MasterKey;
use crate::migrate::MIGRATIONS;
use crate::row::{Row, ToSql as _};
use crate::session::Session;
use crate::values;
use crate::verify::DEPLOYMENT;
use crate::work::MANY;

/// What an event is about that only tells which facts were added or stood.
pub(crate) const ROOM: &str = "facts";
/// Facts were added and nothing else happened.
pub(crate) const ADDED: &str = "facts.added";
/// What stood when the database was first opened by a version that holds facts; an event's version counts those to follow.
pub(crate) const HELD: &str = "facts.held";

/// Tables that are only added to and are not held here: the chains themselves; checkpoints, which are signed and held against the
/// chains; and the timers' note that a notice went out, which says nothing of what was so.
const LEFT_OUT: [&str; 3] = ["event", "checkpoint", "chased"];
/// Up to 25 megabytes, sealed under a key of the document's own that nobody has with the database alone: another content does not
/// open. The row's digest of the content is held.
pub(crate) const SEALED_APART: (&str, &str) = ("document", "sealed");
/// Texts of 25 megabytes each that are sealed by nothing, so that each is held whole: they are read one by one.
const LARGE: &str = "terms_text";

/// How many rows are read at once.
const AT_ONCE: i64 = 2_000;
/// How many digests one event holds of what stood.
const IN_ONE_EVENT: usize = 1_000;

/// The digests of facts, by table.
pub(crate) type Added = BTreeMap<String, Vec<String>>;

/// Every table of facts, by name: from the migrations, since the tables' owner can change what the catalogue says.
pub(crate) static FACTS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let versioned: BTreeSet<_> = named("@versioned ").collect();
    let held = named("@append_only ").filter(|table| !versioned.contains(table) && !LEFT_OUT.contains(table));
    held.collect::<BTreeSet<_>>().into_iter().collect()
});

/// The tables that a directive of the migrations names.
fn named(directive: &'static str) -> impl Iterator<Item = &'static str> {
    let lines = MIGRATIONS.iter().flat_map(|(_, script)| script.lines());
    lines.filter_map(move |line| line.trim().strip_prefix(directive)?.split_whitespace().next())
}

/// Whether a table is one of facts.
pub(crate) fn is_one(table: &str) -> bool {
    FACTS.binary_search(&table).is_ok()
}

/// The digest of a fact as an event says it, with how many columns it is of.
pub(crate) fn said(columns: usize, digest: &[u8; 32]) -> String {
    short(&contents::said(columns, digest)).to_owned()
}

/// A table of facts as it is read: a part of an organisation's rows at a time, with the texts of their first so many columns.
pub(crate) struct Reading<'a> {
    table: &'a Table,
    key: Vec<(&'a str, &'a str)>,
    widths: Vec<(usize, String)>,
    selected: String,
}

impl<'a> Reading<'a> {
    pub(crate) fn of(contents: &Contents, table: &'a Table, widths: impl Iterator<Item = usize>) -> Self {
        let key: Vec<(&str, &str)> = table.key().collect();
        let mut selected: Vec<String> = key.iter().map(|(column, _)| (*column).to_owned()).collect();
        let mut texts = Vec::new();
        for width in widths {
            let Some(text) = contents.text(table.name(), width) else { continue };
            let column = format!("text_{width}");
            selected.push(format!("{text} AS {column}"));
            texts.push((width, column));
        }
        Self { table, key, widths: texts, selected: selected.join(", ") }
    }

    /// What a row's key is, to be asked for and to be told.
    fn key_of(&self, row: &Row) -> Result<Vec<(Value, String)>, StoreError> {
        let one = |(column, kind): &(&str, &str)| match *kind {
            "INTEGER" | "bigint" => row.int(column).map(|found| (found.to_sql(), found.to_string())),
            "date" => row.date(column).map(|found| (found.to_sql(), found.to_string())),
            _ => row.text(column).map(|found| (found.to_sql(), found)),
        };
        self.key.iter().map(one).collect()
    }

    /// How a row is told.
    pub(crate) fn name(&self, row: &Row) -> Result<String, StoreError> {
        let key = self.key_of(row)?.into_iter().map(|(_, said)| said);
        Ok(format!("{} {}", self.table.name(), key.collect::<Vec<_>>().join(" ")))
    }

    /// The digests of a row, one of each width.
    pub(crate) fn digests(&self, master: &MasterKey, row: &Row) -> Result<Vec<(usize, [u8; 32])>, StoreError> {
        let one =
            |(width, column): &(usize, String)| Ok((*width, master.of_row(self.table.name(), row.lent_text(column)?)));
        self.widths.iter().map(one).collect()
    }

    async fn part(
        &self,
        session: &Session,
        organisation: OrganisationId,
        after: Option<&Row>,
    ) -> Result<Vec<Row>, StoreError> {
        let key: Vec<&str> = self.key.iter().map(|(column, _)| *column).collect();
        let key = key.join(", ");
        let mut values = values![organisation];
        let mut beyond = String::new();
        if let Some(row) = after {
            values.extend(self.key_of(row)?.into_iter().map(|(value, _)| value));
            let places: Vec<String> = (2..=values.len()).map(|place| format!("${place}")).collect();
            beyond = format!(" AND ({key}) > ({})", places.join(", "));
        }
        let most = if self.table.name() == LARGE { 1 } else { AT_ONCE };
        let sql = format!(
            "SELECT {} FROM {} WHERE org_id = $1{beyond} ORDER BY {key} LIMIT {most}",
            self.selected,
            self.table.name()
        );
        session.all(&sql, values).await
    }

    /// Looks at each row of an organisation.
    pub(crate) async fn each(
        &self,
        session: &Session,
        organisation: OrganisationId,
        mut look: impl FnMut(&Row) -> Result<(), StoreError> + Send,
    ) -> Result<(), StoreError> {
        let mut rows = self.part(session, organisation, None).await?;
        while let Some(last) = rows.last().cloned() {
            // The next part is asked for first: a server reads it while this one is looked at.
            let (next, looked) = tokio::join!(self.part(session, organisation, Some(&last)), async {
                rows.iter().try_for_each(&mut look)
            });
            looked?;
            rows = next?;
        }
        Ok(())
    }
}

impl Store {
    /// Has the deployment's chain say which facts stand, once: those of a database from before events said it. A mark in a table
    /// would be blanked by whoever planted a row; on a chain, what is said a second time is a fault.
    pub(crate) async fn hold_facts(&self) -> Result<(), StoreError> {
        if self.read(Some(DEPLOYMENT)).await?.said_once(HELD).await?.is_some() {
            return Ok(());
        }
        let parts = self.standing_facts().await?;
        let last = i64::try_from(parts.len()).map_err(StoreError::fault)? - 1;
        let events: Vec<Event> = (0..=last).rev().map(|left| Event::new(HELD, ROOM, MANY, left)).collect();
        self.say_once(HELD, &events, &parts).await
    }

    /// The digests of the facts that stand, by events; at least one event's, without any.
    async fn standing_facts(&self) -> Result<Vec<Added>, StoreError> {
        let organisations = self.read(None).await?.organisations().await?;
        let mut found: Vec<(&str, String)> = Vec::new();
        // Where there is nobody yet, there is nothing to look through.
        let own = (!organisations.is_empty()).then_some(DEPLOYMENT);
        let all: Vec<OrganisationId> = organisations.iter().map(|one| one.id).chain(own).collect();
        let tables: Vec<&Table> = self.contents().facts().map(|(_, table)| table).collect();
        for organisation in all {
            let session = self.read(Some(organisation)).await?;
            for table in &tables {
                let reading = Reading::of(self.contents(), table, std::iter::once(table.width()));
                let look = |row: &Row| -> Result<(), StoreError> {
                    let digests = reading.digests(session.master(), row)?;
                    found.extend(digests.iter().map(|(columns, digest)| (table.name(), said(*columns, digest))));
                    Ok(())
                };
                reading.each(&session, organisation, look).await?;
            }
        }
        let mut parts: Vec<Added> = found.chunks(IN_ONE_EVENT).map(by_table).collect();
        if parts.is_empty() {
            parts.push(Added::new());
        }
        Ok(parts)
    }
}

fn by_table(found: &[(&str, String)]) -> Added {
    let mut added = Added::new();
    for (table, digest) in found {
        added.entry((*table).to_owned()).or_default().push(digest.clone());
    }
    added
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `block_signature` and `grade_exemption` have versions, so that they are held as records.
    #[test]
    fn every_table_that_is_only_added_to_is_held_but_those_that_are_held_otherwise_and_the_timers_notes() {
        let all: BTreeSet<&str> = named("@append_only ").collect();
        let left: Vec<&str> = all.into_iter().filter(|table| !is_one(table)).collect();
        assert_eq!(left, ["block_signature", "chased", "checkpoint", "event", "grade_exemption"]);
        for table in ["disclosure_read", "document_read", "power_fact", "price_entry", "terms_text"] {
            assert!(is_one(table), "{table}");
        }
    }

    #[test]
    fn every_table_of_facts_has_rows_of_an_organisation() {
        for table in FACTS.iter() {
            let made = format!("CREATE TABLE {table} (");
            let scripts = MIGRATIONS.iter().filter_map(|(_, script)| script.split(&made).nth(1));
            let columns = scripts.filter_map(|rest| rest.split(';').next()).next_back().unwrap();
            assert!(columns.contains("org_id {int} NOT NULL"), "{table}");
        }
    }
}

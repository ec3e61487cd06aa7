//! Everything that an authority's part of the database holds about one child, found by the schema itself: each table that
//! names the child, or a referral, invitation, offer, approval or agreement of the child's, gives its rows, opened.

use std::collections::BTreeMap;

use placewell_domain::id::{ChildId, InvitationId, OrganisationId};
use serde_json::Value as Json;

use crate::chain::RecordedEvent;
use crate::connect::Backend;
use crate::error::StoreError;
use crate::keys::{ChildKey, RecordKey};
use crate::row::Row;
use crate::session::Session;
use crate::values;

/// Tables that hold nothing about a child but keys and digests, each with its reason.
pub const NOTHING_HELD: &[(&str, &str)] = &[
    ("child_key", "a key"),
    ("invitation_key", "a key"),
    ("document_key", "a key"),
    ("child_index", "a digest"),
    ("retention_due", "numbers of children alone"),
    ("one_time_link", "a digest, and another person's address"),
];

/// A column that names something of the child's, and the rows that it names: those whose child this is.
const LINKS: &[(&str, &str)] = &[
    ("child_id", "SELECT $2"),
    ("referral_id", "SELECT id FROM referral WHERE org_id = $1 AND child_id = $2"),
    (
        "invitation_id",
        "SELECT id FROM invitation WHERE org_id = $1 AND referral_id IN (SELECT id FROM referral WHERE org_id = $1 AND child_id = $2)",
    ),
    (
        "offer_id",
        "SELECT id FROM offer WHERE org_id = $1 AND referral_id IN (SELECT id FROM referral WHERE org_id = $1 AND child_id = $2)",
    ),
    (
        "approval_id",
        "SELECT id FROM approval WHERE org_id = $1 AND referral_id IN (SELECT id FROM referral WHERE org_id = $1 AND child_id = $2)",
    ),
    (
        "agreement_id",
        "SELECT id FROM agreement WHERE org_id = $1 AND referral_id IN (SELECT id FROM referral WHERE org_id = $1 AND child_id = $2)",
    ),
];

/// The rows of one table about a child.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldRows {
    /// The table.
    pub table: String,
    /// Each row by its columns, opened where it was sealed.
    pub rows: Vec<BTreeMap<String, Json>>,
}

/// The keys that open what is sealed about a child.
struct Keys {
    child: ChildKey,
    records: Vec<RecordKey>,
}

impl Keys {
    fn open(&self, sealed: &[u8]) -> Option<Json> {
        let plain =
            self.child.open_plain(sealed).or_else(|| self.records.iter().find_map(|key| key.open_plain(sealed)))?;
        let text = String::from_utf8(plain).ok()?;
        Some(serde_json::from_str(&text).unwrap_or(Json::String(text)))
    }

    /// A value with every sealed part of it opened.
    fn opened(&self, value: Json) -> Json {
        match value {
            Json::String(text) => match text.strip_prefix("\\x").and_then(|digits| hex::decode(digits).ok()) {
                Some(bytes) => self.open(&bytes).map_or_else(|| unread(bytes.len()), |plain| self.opened(plain)),
                None => Json::String(text),
            },
            Json::Array(items) => match bytes_of(&items).and_then(|bytes| self.open(&bytes)) {
                Some(plain) => self.opened(plain),
                None => items.into_iter().map(|item| self.opened(item)).collect(),
            },
            Json::Object(fields) => fields.into_iter().map(|(name, value)| (name, self.opened(value))).collect(),
            other => other,
        }
    }
}

fn unread(bytes: usize) -> Json {
    Json::String(format!("{bytes} bytes: a document's content or a digest, given out by itself"))
}

/// An array of small numbers long enough to be sealed.
fn bytes_of(items: &[Json]) -> Option<Vec<u8>> {
    if items.len() < 40 {
        return None;
    }
    items.iter().map(|item| item.as_u64().and_then(|number| u8::try_from(number).ok())).collect()
}

impl Session {
    /// Everything held about a child, table by table.
    pub async fn held_on(&self, organisation: OrganisationId, child: ChildId) -> Result<Vec<HeldRows>, StoreError> {
        let keys = self.keys_of(organisation, child).await?;
        let mut held = Vec::new();
        for (table, columns) in self.tables_about_children().await? {
            let links: Vec<String> = LINKS
                .iter()
                .filter(|(column, _)| columns.iter().any(|one| one == column))
                .map(|(column, rows)| format!("t.{column} IN ({rows})"))
                .chain(own_rows(&table))
                .collect();
            if links.is_empty() {
                continue;
            }
            let sql = format!(
                "SELECT {} AS held FROM {table} t WHERE t.org_id = $1 AND ({})",
                self.as_json(&columns),
                links.join(" OR ")
            );
            let rows = self.all(&sql, values![organisation, child]).await?;
            let rows = rows.iter().map(|row| opened(row, &keys)).collect::<Result<Vec<_>, _>>()?;
            if !rows.is_empty() {
                held.push(HeldRows { table, rows });
            }
        }
        Ok(held)
    }

    /// Every event about a child, and about what is the child's, in the order of the chain.
    pub async fn events_on(
        &self,
        organisation: OrganisationId,
        child: ChildId,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let of_rooms = LINKS.iter().filter_map(|(column, rows)| Some((column.strip_suffix("_id")?, rows)));
        let of_rooms = of_rooms.map(|(room, rows)| format!("(room = '{room}' AND record IN ({rows}))"));
        let sql = format!(
            "SELECT seq, moment, body FROM event WHERE org_id = $1 AND ((room = 'retention' AND record = $2) OR {}) \
             ORDER BY seq",
            of_rooms.collect::<Vec<_>>().join(" OR ")
        );
        self.all(&sql, values![organisation, child]).await?.iter().map(RecordedEvent::read).collect()
    }

    async fn keys_of(&self, organisation: OrganisationId, child: ChildId) -> Result<Keys, StoreError> {
        let key = self.child_key(organisation, child).await?;
        let mut records = Vec::new();
        let sql = "SELECT invitation_id FROM invitation_key WHERE org_id = $1 AND child_id = $2 ORDER BY invitation_id";
        for row in self.all(sql, values![organisation, child]).await? {
            records.push(self.invitation_key(organisation, InvitationId(row.int("invitation_id")?)).await?);
        }
        let sql = "SELECT document_id, k.org_id, k.child_id, k.wrapped, c.wrapped AS child_wrapped FROM document_key k \
                   JOIN child_key c ON c.org_id = k.org_id AND c.child_id = k.child_id \
                   WHERE k.org_id = $1 AND k.child_id = $2 ORDER BY document_id";
        for row in self.all(sql, values![organisation, child]).await? {
            records.push(self.record_key(&row, row.int("document_id")?).await?);
        }
        Ok(Keys { child: key, records })
    }

    /// Every table with an organisation, and its columns, from the database's own catalogue.
    async fn tables_about_children(&self) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
        let sql = match self.backend() {
            Backend::Sqlite => {
                "SELECT m.name AS held_in, p.name AS held_as FROM main.sqlite_master m JOIN pragma_table_info(m.name) p \
                 WHERE m.type = 'table' ORDER BY m.name, p.cid"
            }
            Backend::Postgres => {
                "SELECT c.relname::text AS held_in, a.attname::text AS held_as FROM pg_class c \
                 JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace \
                 AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum"
            }
        };
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in self.all(sql, vec![]).await? {
            tables.entry(row.text("held_in")?).or_default().push(row.text("held_as")?);
        }
        tables.retain(|table, columns| {
            columns.iter().any(|column| column == "org_id") && !NOTHING_HELD.iter().any(|(name, _)| name == table)
        });
        Ok(tables)
    }

    /// A row as one JSON text; bytes in hexadecimal digits after `\x` on both databases.
    fn as_json(&self, columns: &[String]) -> String {
        match self.backend() {
            Backend::Postgres => "row_to_json(t)::text".to_owned(),
            Backend::Sqlite => {
                let value = |column: &String| {
                    format!(
                        "'{column}', CASE typeof(t.{column}) WHEN 'blob' THEN '\\x' || lower(hex(t.{column})) ELSE t.{column} END"
                    )
                };
                // A function of SQLite takes no more than a hundred arguments or so.
                let parts: Vec<String> = columns
                    .chunks(40)
                    .map(|some| format!("json_object({})", some.iter().map(value).collect::<Vec<_>>().join(", ")))
                    .collect();
                parts.into_iter().reduce(|all, part| format!("json_patch({all}, {part})")).unwrap_or_default()
            }
        }
    }
}

/// What is the child's own row, or hangs on a document about the child, by another column than those that name.
fn own_rows(table: &str) -> Vec<String> {
    let named = |rows: &str| vec![format!("t.id IN ({rows})")];
    match table {
        "child" | "retention" => named("SELECT $2"),
        "referral" | "invitation" | "offer" | "approval" | "agreement" => {
            let column = format!("{table}_id");
            LINKS.iter().find(|(name, _)| *name == column).map(|(_, rows)| named(rows)).unwrap_or_default()
        }
        "document" => named("SELECT document_id FROM document_key WHERE org_id = $1 AND child_id = $2"),
        _ => Vec::new(),
    }
}

fn opened(row: &Row, keys: &Keys) -> Result<BTreeMap<String, Json>, StoreError> {
    let columns: BTreeMap<String, Json> = row.json("held")?;
    let open = |(name, value): (String, Json)| {
        let value = match value {
            // What a record keeps as JSON text is read as such.
            Json::String(text) if name == "body" => serde_json::from_str(&text).unwrap_or(Json::String(text)),
            other => other,
        };
        (name, keys.opened(value))
    };
    Ok(columns.into_iter().map(open).collect())
}

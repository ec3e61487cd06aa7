//! Everything that an authority's part of the database holds about one child, found by the schema itself: each table that
//! names the child, or a referral, invitation, offer, approval or agreement of the child's, gives its rows, opened, and the
//! events about them. A table that names nothing so is reviewed by hand, below.

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
    (
        "recommendation_id",
        "SELECT id FROM recommendation WHERE org_id = $1 AND referral_id IN (SELECT id FROM referral WHERE org_id = $1 AND child_id = $2)",
    ),
    ("spot_id", "SELECT id FROM spot WHERE org_id = $1 AND child_id = $2"),
    ("document_id", "SELECT document_id FROM document_key WHERE org_id = $1 AND child_id = $2"),
];

/// A broken glass names the search alone, by its reference, and that only within its body.
const GLASS: &str = "EXISTS (SELECT 1 FROM referral r WHERE r.org_id = $1 AND r.child_id = $2 \
                     AND t.body LIKE '%\"reference\":\"' || r.reference || '\"%')";

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
            let Some(links) = linked(&table, &columns) else { continue };
            let row = self.as_json(&columns);
            let sql = format!("SELECT {row} AS held FROM {table} t WHERE t.org_id = $1 AND ({links})");
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
        let tables = self.tables_about_children().await?;
        let mut of_rooms = Vec::from(beside().map(|(room, rows)| of_room(room, &rows)));
        let sql = "SELECT name, room FROM table_class WHERE room IS NOT NULL ORDER BY name";
        for row in self.all(sql, vec![]).await? {
            let (table, room) = (row.text("name")?, row.text("room")?);
            if let Some(links) = tables.get(&table).and_then(|columns| linked(&table, columns)) {
                let rows = format!("SELECT t.id FROM {table} t WHERE t.org_id = $1 AND ({links})");
                of_rooms.push(of_room(&room, &rows));
            }
        }
        let of_rooms = of_rooms.join(" OR ");
        let sql = format!("SELECT seq, moment, body FROM event WHERE org_id = $1 AND ({of_rooms}) ORDER BY seq");
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

/// What makes a row of the table, as `t`, one about the child; nothing where no row of it is.
fn linked(table: &str, columns: &[String]) -> Option<String> {
    let named = LINKS.iter().filter(|(column, _)| columns.iter().any(|one| one == column));
    let links = named.map(|(column, rows)| format!("t.{column} IN ({rows})")).chain(own_rows(table));
    let links = links.collect::<Vec<_>>().join(" OR ");
    (!links.is_empty()).then_some(links)
}

/// What is the child's own row, by another column than those that name.
fn own_rows(table: &str) -> Option<String> {
    match table {
        "child" | "retention" => Some("t.id IN (SELECT $2)".to_owned()),
        "referral" | "invitation" | "offer" | "approval" | "agreement" | "document" => {
            Some(format!("t.id IN ({})", rows_of(&format!("{table}_id"))))
        }
        "broken_glass" => Some(GLASS.to_owned()),
        _ => None,
    }
}

fn rows_of(column: &str) -> &'static str {
    LINKS.iter().find(|(name, _)| *name == column).map(|(_, rows)| *rows).unwrap_or_default()
}

fn of_room(room: &str, rows: &str) -> String {
    format!("(room = '{room}' AND record IN ({rows}))")
}

/// Rooms whose events are about a record of another room, or about a row that is not given.
fn beside() -> [(&'static str, String); 4] {
    let invitations = rows_of("invitation_id");
    let links = format!("SELECT id FROM one_time_link WHERE org_id = $1 AND invitation_id IN ({invitations})");
    [
        ("disclosure", invitations.to_owned()),
        ("invitation_link", links),
        ("agreement_document", rows_of("agreement_id").to_owned()),
        ("broken_glass_use", format!("SELECT t.id FROM broken_glass t WHERE t.org_id = $1 AND {GLASS}")),
    ]
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{NOTHING_HELD, linked};

    /// Tables of organisations that name nothing of a child's, each looked at.
    const REVIEWED: &[&str] = &[
        // What providers and homes are, ask, answer and are told of themselves; a home's record says nothing of one
        // child.
        "admission admission_answer admission_application admission_challenge admission_condition admission_draft \
         admission_ground admission_letter admission_opening admission_question bed company_fact concern_measure \
         doubt_answer evaluation evaluation_doubt evaluation_panel evaluation_release evaluation_seat \
         evaluation_step home home_concern home_owner home_register home_registration home_visit home_voice \
         home_wording inspection lot_standing outcome_final paper price_entry price_fact price_point price_uplift \
         price_uplift_book price_uplift_effect provider_registration quality_return registered_manager \
         regulator_alert score_sheet standing_fact standing_followed standing_measure standing_told",
        // Powers, money and figures of the authority and the region; what was committed for a child stands with the
        // agreement.
        "annual_value appraisal appraisal_start arrangement arrangement_leave arrangement_left arrangement_use \
         ceiling_change counted_burden counted_value decision decision_exempt decision_text delegated_decision \
         forward_plan lost_search opening_total power_fact published_year region_year term_warning \
         terms_acceptance terms_text told_year",
        // Contracts of beds; which nights a child slept in one stands with the agreement and its stay.
        "block block_approval block_bed block_bid block_claim block_file block_month block_need block_night \
         block_opinion block_published block_signature block_stand block_void void_offer",
        // People who work here, and how they come in.
        "cover identity_provider membership outside_identity person_invitation sign_in way_in welcome_link",
        // The service's own: chains, counters, settings, what is to be done or mailed, by numbers and references
        // alone; files that are brought in, until they are in.
        "chain_head chased checkpoint counter event fact_clock idempotency mail organisation_key outbox \
         setting_fact upload upload_key upload_part",
    ];

    #[test]
    fn every_table_of_an_organisation_is_given_or_was_looked_at() {
        let scripts = crate::migrate::MIGRATIONS.iter().map(|(_, script)| script);
        let mut unnamed = BTreeSet::new();
        for made in scripts.flat_map(|script| script.split("CREATE TABLE ").skip(1)) {
            let name = made.split_whitespace().next().unwrap_or_default();
            let lines = made.split("\n)").next().unwrap_or_default().lines().skip(1);
            let columns = lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned);
            let columns: Vec<String> = columns.collect();
            let left_out = NOTHING_HELD.iter().any(|(table, _)| *table == name);
            if columns.iter().any(|column| column == "org_id") && !left_out && linked(name, &columns).is_none() {
                unnamed.insert(name);
            }
        }
        let reviewed: BTreeSet<&str> = REVIEWED.iter().flat_map(|names| names.split_whitespace()).collect();
        assert_eq!(unnamed, reviewed, "name a new table by a column of `LINKS`, by `own_rows`, or look at it");
    }
}

//! Rows from before there were tags are tagged by the run that applies the migration of the tags, in its transaction: what
//! somebody plants or blanks afterwards is never tagged for them.

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::Covered;
use crate::connect::Backend;
use crate::error::StoreError;
use crate::keys::MasterKey;
use crate::migrate;

/// A row as text: by what it is found, and what its tag covers.
type Fields = Vec<Option<String>>;

/// A column, and how it is read as text.
enum Column {
    Plain(&'static str),
    Bytes(&'static str),
}
use Column::{Bytes, Plain};

/// A table whose rows are tagged.
struct Untagged {
    table: &'static str,
    /// Where its rows are read, as `t`.
    from: &'static str,
    /// What its tags cover, in the order of the room that writes them.
    columns: &'static [Column],
    /// The column by which a row is found, where the database's own name for it does not serve.
    found_by: Option<&'static str>,
    /// Whether an organisation owns the rows.
    owned: bool,
}

const fn open(table: &'static str, from: &'static str, columns: &'static [Column]) -> Untagged {
    Untagged { table, from, columns, found_by: None, owned: false }
}

const fn owned(table: &'static str, from: &'static str, columns: &'static [Column]) -> Untagged {
    Untagged { owned: true, ..open(table, from, columns) }
}

const SIGN_IN: &[Column] = &[
    Bytes("t.token_hash"),
    Plain("t.kind"),
    Plain("t.person_id"),
    Plain("t.org_id"),
    Plain("t.role"),
    Plain("t.expires_at"),
    Plain("t.idle_seconds"),
    Plain("t.method"),
    Plain("t.scope"),
    Plain("t.provider_org"),
    Plain("t.proven_until"),
];
const MEMBERSHIP: &[Column] = &[
    Plain("t.person_id"),
    Plain("t.org_id"),
    Plain("o.kind"),
    Plain("t.role"),
    Plain("t.title"),
    Plain("t.from_date"),
    Plain("t.to_date"),
    Plain("t.provider_org"),
];
const PROVIDER: &[Column] = &[
    Plain("t.org_id"),
    Plain("t.issuer"),
    Plain("t.client_id"),
    Plain("t.claim"),
    Plain("t.rules"),
    Plain("t.admits"),
    Plain("t.only_way"),
    Plain("t.version"),
];
const WELCOME: &[Column] = &[
    Plain("t.org_id"),
    Plain("t.id"),
    Plain("t.version"),
    Plain("t.state"),
    Plain("t.email"),
    Plain("t.name"),
    Plain("t.role"),
    Plain("t.title"),
    Plain("t.to_date"),
    Plain("t.digest"),
    Plain("t.expires_at"),
    Plain("t.invited_by"),
];
const LINK: &[Column] = &[
    Plain("t.digest"),
    Plain("t.id"),
    Plain("t.org_id"),
    Plain("t.provider_id"),
    Plain("t.invitation_id"),
    Plain("t.email"),
    Plain("t.expires_at"),
];

const ALL: &[Untagged] = &[
    open(
        "person",
        "person t LEFT JOIN second_step s ON s.person_id = t.id AND s.confirmed_at IS NOT NULL",
        &[Plain("t.id"), Plain("t.email"), Plain("t.password"), Bytes("s.secret")],
    ),
    open("passkey", "passkey t", &[Bytes("t.credential"), Plain("t.person_id"), Plain("t.body")]),
    open("sign_in", "sign_in t", SIGN_IN),
    open("membership", "membership t JOIN organisation o ON o.id = t.org_id", MEMBERSHIP),
    owned("identity_provider", "identity_provider t", PROVIDER),
    owned(
        "outside_identity",
        "outside_identity t",
        &[Plain("t.org_id"), Plain("t.issuer"), Plain("t.subject"), Plain("t.person_id")],
    ),
    Untagged { found_by: Some("digest"), ..owned("welcome_link", "person_invitation t", WELCOME) },
    open("one_time_link", "one_time_link t", LINK),
    Untagged {
        found_by: Some("key"),
        ..open("meta", "(SELECT * FROM meta WHERE key NOT IN ('key_check', 'index_key')) t", MARK)
    },
];
const MARK: &[Column] = &[Plain("t.key"), Plain("t.value")];

impl Untagged {
    fn select(&self, backend: Backend) -> String {
        let found_by = match (self.found_by, backend) {
            (Some(column), _) => format!("t.{column}"),
            (None, Backend::Sqlite) => "CAST(t.rowid AS TEXT)".to_owned(),
            (None, Backend::Postgres) => "CAST(t.ctid AS TEXT)".to_owned(),
        };
        let columns = self.columns.iter().map(|column| match (column, backend) {
            (Plain(column), _) => format!("CAST({column} AS TEXT)"),
            (Bytes(column), Backend::Sqlite) => format!("CASE WHEN {column} IS NOT NULL THEN lower(hex({column})) END"),
            (Bytes(column), Backend::Postgres) => format!("encode({column}, 'hex')"),
        });
        let columns: Vec<String> = std::iter::once(found_by).chain(columns).collect();
        format!("SELECT {} FROM {}", columns.join(", "), self.from)
    }

    /// Which row is meant by the second value.
    fn which(&self, backend: Backend) -> String {
        match (self.found_by, backend) {
            (Some(column), _) => format!("{column} = $2"),
            (None, Backend::Sqlite) => "rowid = CAST($2 AS INTEGER)".to_owned(),
            (None, Backend::Postgres) => "ctid = CAST($2 AS tid)".to_owned(),
        }
    }

    fn update(&self, backend: Backend) -> String {
        format!("UPDATE {} SET tag = $1 WHERE {}", self.table, self.which(backend))
    }

    /// On SQLite the owner of a row alone changes it.
    fn as_owner(&self) -> String {
        let (table, which) = (self.table, self.which(Backend::Sqlite));
        format!("UPDATE writer_org SET org_id = (SELECT org_id FROM {table} WHERE $1 = $1 AND {which})")
    }

    /// A row's tag, and each by which the row may be found.
    fn tag(&self, master: &MasterKey, row: &[Option<String>]) -> Result<(String, Vec<String>), StoreError> {
        let unread = || StoreError::fault("a row to be tagged does not read");
        let (found_by, fields) = row.split_first().ok_or_else(unread)?;
        let found_by = found_by.clone().ok_or_else(unread)?;
        let mut fields = fields.to_vec();
        // What stands sealed counts by what is sealed.
        if let ("person", [Some(id), _, _, Some(secret)]) = (self.table, fields.as_mut_slice()) {
            let sealed = hex::decode(secret.as_bytes()).map_err(StoreError::fault)?;
            *secret = hex::encode(master.open(id.parse().map_err(StoreError::fault)?, &sealed)?);
        }
        let covered = fields.into_iter().fold(Covered::of(self.table), Covered::maybe);
        let mut names = vec![found_by];
        if self.table == "welcome_link" {
            // One from before digests were keyed stands under the plain one still.
            names.extend(names.first().map(|plain| hex::encode(master.kept("welcome_link", plain.as_bytes()))));
        }
        Ok((covered.tag(master), names))
    }
}

/// The rows of all tables, with the table of each.
type Found = Vec<(&'static Untagged, Fields)>;

/// Tags the rows of a SQLite file, inside the migration's transaction.
pub(crate) fn sqlite(connection: &rusqlite::Connection, master: &MasterKey) -> Result<(), StoreError> {
    let mut found: Found = Vec::new();
    for one in ALL {
        let mut statement = connection.prepare(&one.select(Backend::Sqlite))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let fields = (0..columns).map(|at| row.get(at)).collect::<Result<Fields, rusqlite::Error>>()?;
            found.push((one, fields));
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    let master = migrate::sqlite_master(connection, master.clone(), true)?;
    for (one, row) in &found {
        let (tag, names) = one.tag(&master, row)?;
        for name in &names {
            if one.owned {
                connection.prepare_cached(&one.as_owner())?.execute([&tag, name])?;
            }
            connection.prepare_cached(&one.update(Backend::Sqlite))?.execute([&tag, name])?;
        }
    }
    connection.execute("UPDATE writer_org SET org_id = NULL", [])?;
    told(found.len());
    Ok(())
}

/// The same on PostgreSQL; no master key is needed where nobody is in it yet.
pub(crate) async fn postgres(connection: &mut PgConnection, master: Option<&MasterKey>) -> Result<(), StoreError> {
    sqlx::query("SET LOCAL datestyle = 'ISO, YMD'").execute(&mut *connection).await?;
    let mut found: Found = Vec::new();
    for one in ALL {
        let rows = sqlx::query(AssertSqlSafe(one.select(Backend::Postgres))).fetch_all(&mut *connection).await?;
        for row in rows {
            let fields = (0..row.len()).map(|at| row.try_get(at)).collect::<Result<Fields, sqlx::Error>>()?;
            found.push((one, fields));
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    let Some(master) = master else {
        return Err(StoreError::fault(
            "who stands in this database is tagged under its master key, once: say where the key is, as for the other commands",
        ));
    };
    let master = migrate::postgres_master(connection, master.clone(), true).await?;
    for (one, row) in &found {
        let (tag, names) = one.tag(&master, row)?;
        for name in names {
            let update = sqlx::query(AssertSqlSafe(one.update(Backend::Postgres))).bind(tag.clone()).bind(name);
            update.execute(&mut *connection).await?;
        }
    }
    told(found.len());
    Ok(())
}

/// Whoever has brought in no new version does not expect this line.
fn told(rows: usize) {
    tracing::warn!(rows, "the database is from before tags: who stands in it was taken as it was found");
}

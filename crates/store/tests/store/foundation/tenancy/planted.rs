//! A row of somebody's in every table that the demonstration leaves empty, so that none is passed over: made from the
//! catalogue of columns with the table's own rules put aside, since whose a row is counts here and not what it says.

use placewell_domain::office::organisation::OrganisationKind;
use placewell_store::Backend;
use placewell_testkit::databases::TestDatabase;

use super::{Owned, texts};

/// What makes the rows of a SQLite file: the least that each empty table takes.
const ROWS: &str = "
SELECT 'INSERT INTO ' || t.name || ' (' || group_concat('\"' || c.name || '\"', ', ') || ') VALUES (' || group_concat(CASE
    WHEN c.name = 'org_id' THEN '{authority}'
    WHEN instr(',' || t.columns || ',', ',' || c.name || ',') > 0 THEN '{provider}'
    WHEN c.type = 'INTEGER' THEN '1'
    WHEN c.type = 'BLOB' THEN 'x''00'''
    ELSE '''2021-09-13''' END, ', ') || ')'
  FROM table_class t JOIN pragma_table_xinfo(t.name) c
  WHERE t.name IN ({empty}) AND c.hidden = 0
    AND (c.\"notnull\" OR c.pk OR instr(',' || t.columns || ',', ',' || c.name || ',') > 0)
  GROUP BY t.name";

/// The same on PostgreSQL, where the database itself goes through its tables.
const ON_POSTGRES: &str = "
DO $$
DECLARE owned record; held bigint; rule text; names text; given text;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR owned IN SELECT name, columns FROM table_class WHERE class NOT IN ('open', 'system') LOOP
    EXECUTE format('SELECT count(*) FROM %I', owned.name) INTO held;
    CONTINUE WHEN held > 0;
    FOR rule IN SELECT conname FROM pg_constraint WHERE conrelid = owned.name::regclass AND contype = 'c' LOOP
      EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', owned.name, rule);
    END LOOP;
    SELECT string_agg(quote_ident(attname), ', '), string_agg(CASE
        WHEN attname = 'org_id' THEN '{authority}'
        WHEN attname = ANY (string_to_array(owned.columns, ',')) THEN '{provider}'
        WHEN atttypid = 'bigint'::regtype THEN '1'
        WHEN atttypid = 'bytea'::regtype THEN '''x'''
        ELSE '''2021-09-13''' END, ', ')
      INTO names, given FROM pg_attribute
      WHERE attrelid = owned.name::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        AND (attnotnull OR attname = ANY (string_to_array(owned.columns, ',')));
    EXECUTE format('INSERT INTO %I (%s) OVERRIDING SYSTEM VALUE VALUES (%s)', owned.name, names, given);
  END LOOP;
END $$";

/// Puts a row of the first authority, and of the first provider where a table has two owners, into each empty table.
pub async fn in_empty_tables(database: &TestDatabase) {
    let authority = first(database, OrganisationKind::Authority).await;
    let provider = first(database, OrganisationKind::Provider).await;
    let owned = |sql: &str| sql.replace("{authority}", &authority).replace("{provider}", &provider);
    match database.backend {
        Backend::Postgres => database.script(&owned(ON_POSTGRES)).await,
        Backend::Sqlite => on_sqlite(database, &owned(ROWS)).await,
    }
}

async fn first(database: &TestDatabase, kind: OrganisationKind) -> String {
    let sql = format!("SELECT CAST(min(id) AS TEXT) FROM organisation WHERE kind = '{}'", kind.code());
    texts(database, &sql).await.remove(0).remove(0)
}

/// The triggers are taken away and made again as they were, in their order.
async fn on_sqlite(database: &TestDatabase, rows: &str) {
    let ask = |table: &Owned| format!("SELECT '{0}' WHERE NOT EXISTS (SELECT 1 FROM {0})", table.name);
    let ask: Vec<String> = Owned::all(database).await.iter().map(ask).collect();
    let empty = texts(database, &ask.join(" UNION ALL ")).await;
    let empty: Vec<String> = empty.iter().map(|row| format!("'{}'", row[0])).collect();
    let empty = empty.join(", ");

    let kept =
        format!("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({empty}) ORDER BY rowid");
    let triggers = texts(database, &kept).await;
    let rows = texts(database, &rows.replace("{empty}", &empty)).await;
    let mut script = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; BEGIN;\n".to_owned();
    script.extend(triggers.iter().map(|trigger| format!("DROP TRIGGER {};\n", trigger[0])));
    script.extend(rows.iter().map(|row| format!("{};\n", row[0])));
    script.extend(triggers.iter().map(|trigger| format!("{};\n", trigger[1])));
    script.push_str("COMMIT;");
    database.script(&script).await;
}

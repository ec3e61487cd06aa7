//! The one place that knows how the two databases differ: migrations are written once and expanded here.
//!
//! A migration holds `{tokens}` for types, `@directives` for what each database does its own way, and, where even
//! that does not serve, `@sqlite … @end` and `@postgres … @end` blocks. `migrations/README.md` lists them.

use crate::connect::{APP_ROLE, Backend};

const CURRENT_ORGANISATION: &str = "(SELECT nullif(current_setting('app.org', true), '')::bigint)";

/// The script of one migration for one database.
pub(crate) fn expand(script: &str, backend: Backend) -> String {
    let mut out = String::with_capacity(script.len() * 2);
    let mut only: Option<Backend> = None;
    for line in script.lines() {
        match line.trim() {
            "@sqlite" => only = Some(Backend::Sqlite),
            "@postgres" => only = Some(Backend::Postgres),
            "@end" => only = None,
            _ if only.is_some_and(|kind| kind != backend) => {}
            directive if directive.starts_with('@') => out.push_str(&expand_directive(directive, backend)),
            _ => {
                out.push_str(&expand_tokens(line, backend));
                out.push('\n');
            }
        }
    }
    out
}

fn expand_tokens(line: &str, backend: Backend) -> String {
    let tokens: [(&str, &str); 6] = match backend {
        Backend::Sqlite => [
            ("{int}", "INTEGER"),
            ("{text}", "TEXT"),
            ("{date}", "TEXT"),
            ("{bytes}", "BLOB"),
            ("{strict}", " STRICT"),
            ("{identity}", "INTEGER PRIMARY KEY AUTOINCREMENT"),
        ],
        Backend::Postgres => [
            ("{int}", "BIGINT"),
            ("{text}", "TEXT"),
            ("{date}", "DATE"),
            ("{bytes}", "BYTEA"),
            ("{strict}", ""),
            ("{identity}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
        ],
    };
    let mut line = tokens.iter().fold(line.to_owned(), |line, (token, text)| line.replace(token, text));
    while let Some(start) = line.find("{date_check ") {
        let Some(length) = line[start..].find('}') else { break };
        let column = line[start + 12..start + length].trim().to_owned();
        let check = match backend {
            Backend::Sqlite => format!("CONSTRAINT {column}_is_a_date CHECK ({column} IS date({column}, '+0 days'))"),
            Backend::Postgres => format!("CONSTRAINT {column}_is_a_date CHECK ({column} < DATE '10000-01-01')"),
        };
        line.replace_range(start..=start + length, &check);
    }
    line
}

fn expand_directive(directive: &str, backend: Backend) -> String {
    let mut words = directive.split_whitespace();
    let (name, table) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let rest: Vec<&str> = words.collect();
    match name {
        "@append_only" => append_only(table, backend),
        "@versioned" => versioned(table, rest.first().copied().unwrap_or(table), backend),
        "@tenant" => tenancy(table, "tenant", &["org_id"], Some(""), backend),
        "@two_party" => {
            let columns = ["org_id", rest.first().copied().unwrap_or("provider_id")];
            tenancy(table, "two_party", &columns, Some(""), backend)
        }
        "@owned" => tenancy(table, "owned", &owners(&rest), None, backend),
        "@members" => tenancy(table, "members", &owners(&rest), Some(MEMBERS), backend),
        "@members_and_home" => {
            let reads = format!("{MEMBERS} OR home_id IN (SELECT id FROM {{main}}home WHERE provider_id = {{org}})");
            tenancy(table, "members", &["org_id"], Some(&reads), backend)
        }
        "@published" => tenancy(table, "published", &["org_id"], Some(&rest.join(" ")), backend),
        "@open" | "@system" => class_row(table, &name[1..], ""),
        _ => format!("-- unknown directive {directive}\nSELECT unknown_directive;\n"),
    }
}

/// No UPDATE, no DELETE and, on PostgreSQL, no TRUNCATE.
fn append_only(table: &str, backend: Backend) -> String {
    match backend {
        Backend::Sqlite => format!(
            "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'append_only'); END;\n\
             CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'append_only'); END;\n"
        ),
        Backend::Postgres => format!(
            "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();\n\
             CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();\n"
        ),
    }
}

/// A version moves by one at a time, so that a forgotten WHERE cannot lose an update.
fn versioned(table: &str, room: &str, backend: Backend) -> String {
    let row = format!("UPDATE table_class SET room = '{room}' WHERE name = '{table}';\n");
    let trigger = match backend {
        Backend::Sqlite => format!(
            "CREATE TRIGGER {table}_version BEFORE UPDATE ON {table} WHEN NEW.version <> OLD.version + 1 \
             BEGIN SELECT RAISE(ABORT, 'version_skipped'); END;\n"
        ),
        Backend::Postgres => {
            format!(
                "CREATE TRIGGER {table}_version BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION next_version();\n"
            )
        }
    };
    row + &trigger
}

fn class_row(table: &str, class: &str, columns: &str) -> String {
    format!("INSERT INTO table_class (name, class, columns) VALUES ('{table}', '{class}', '{columns}');\n")
}

/// `org_id` and the further columns that name an organisation.
fn owners<'a>(further: &[&'a str]) -> Vec<&'a str> {
    std::iter::once("org_id").chain(further.iter().copied()).collect()
}

/// The organisations that arrange and buy: what they need to compare homes is no provider's and no visitor's to read.
const MEMBERS: &str =
    "(SELECT kind FROM {main}organisation WHERE id = {org}) IN ('authority', 'regional_team', 'operator')";

/// The condition under which rows show: those of the owners' own, and what else may be read.
fn shown(owners: &[&str], reads: &str, organisation: &str, main: &str) -> String {
    let own = owners.iter().map(|column| format!("{column} = {organisation}"));
    let more = (!reads.is_empty()).then(|| reads.replace("{org}", organisation).replace("{main}", main));
    own.chain(more).collect::<Vec<_>>().join(" OR ")
}

/// Writes by others than the owners are refused. Reads too, but for what `reads` lets through; none of it: all may read.
fn tenancy(table: &str, class: &str, columns: &[&str], reads: Option<&str>, backend: Backend) -> String {
    let mut out = class_row(table, class, &columns.join(","));
    if let Some(reads) = reads {
        let reads = reads.replace('\'', "''");
        write_all(&mut out, format_args!("UPDATE table_class SET reads = '{reads}' WHERE name = '{table}';\n"));
    }
    match backend {
        Backend::Sqlite => {
            let stranger = |row: &str| {
                let others: Vec<String> = columns
                    .iter()
                    .map(|column| format!("(SELECT org_id FROM writer_org) IS NOT {row}.{column}"))
                    .collect();
                format!("(SELECT org_id FROM writer_org) IS NULL OR ({})", others.join(" AND "))
            };
            for (act, rows) in [("INSERT", &["NEW"][..]), ("UPDATE", &["OLD", "NEW"][..]), ("DELETE", &["OLD"][..])] {
                let when = rows.iter().map(|row| format!("({})", stranger(row))).collect::<Vec<_>>().join(" OR ");
                let lower = act.to_lowercase();
                write_all(
                    &mut out,
                    format_args!(
                        "CREATE TRIGGER {table}_owner_{lower} BEFORE {act} ON {table} WHEN {when} \
                     BEGIN SELECT RAISE(ABORT, 'other_organisation'); END;\n"
                    ),
                );
            }
        }
        Backend::Postgres => row_security(&mut out, table, columns, reads),
    }
    out
}

/// PostgreSQL's own guard of the rows, which holds for the tables' owner too.
fn row_security(out: &mut String, table: &str, columns: &[&str], reads: Option<&str>) {
    let own = shown(columns, "", CURRENT_ORGANISATION, "");
    write_all(
        out,
        format_args!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"),
    );
    if reads.is_some_and(str::is_empty) {
        write_all(out, format_args!("CREATE POLICY {table}_own ON {table} USING ({own}) WITH CHECK ({own});\n"));
        return;
    }
    let seen = reads.map_or_else(|| "true".to_owned(), |reads| shown(columns, reads, CURRENT_ORGANISATION, ""));
    write_all(
        out,
        format_args!(
            "CREATE POLICY {table}_read ON {table} FOR SELECT USING ({seen});\n\
             CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK ({own});\n\
             CREATE POLICY {table}_change ON {table} FOR UPDATE USING ({own}) WITH CHECK ({own});\n\
             CREATE POLICY {table}_remove ON {table} FOR DELETE USING ({own});\n"
        ),
    );
}

/// Writing to a text cannot fail.
fn write_all(out: &mut String, text: core::fmt::Arguments<'_>) {
    let _never_fails = core::fmt::Write::write_fmt(out, text);
}

/// A view of the table's own name on every reading connection of SQLite, showing what one organisation may read.
pub(crate) fn reader_view(table: &str, columns: &str, reads: &str) -> String {
    let owners: Vec<&str> = columns.split(',').collect();
    let seen = shown(&owners, reads, "(SELECT org_id FROM temp.reader_org)", "main.");
    format!("CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE {seen};\n")
}

/// What every PostgreSQL migration ends with: the serving role may use the tables, within row-level security. It adds to
/// append-only tables and changes nothing there, and never writes what says how the schema is made.
pub(crate) fn grants() -> String {
    format!(
        "GRANT USAGE ON SCHEMA public TO {APP_ROLE};\n\
         REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APP_ROLE};\n\
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};\n\
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};\n\
         REVOKE INSERT, UPDATE, DELETE ON migration, table_class FROM {APP_ROLE};\n\
         REVOKE DELETE ON meta FROM {APP_ROLE};\n\
         DO $$ DECLARE name text; BEGIN \
         FOR name IN SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
         WHERE NOT t.tgisinternal AND t.tgname = c.relname || '_no_change' AND c.relnamespace = 'public'::regnamespace \
         LOOP EXECUTE format('REVOKE UPDATE, DELETE ON public.%I FROM {APP_ROLE}', name); END LOOP; END $$;\n"
    )
}

/// What a transaction says on PostgreSQL that acts for nobody: a visitor's. One that says nothing has been forgotten.
pub(crate) const NOBODY: &str = "none";

/// Every policy asks for the transaction's organisation, and fails where none was said; a setting that is merely empty
/// would show no rows and leave the mistake unseen.
pub(crate) const POLICIES_FAIL_WHEN_UNSET: &str = "
CREATE OR REPLACE FUNCTION acting_organisation() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE said text := current_setting('app.org', true);
BEGIN
  IF said IS NULL OR said = '' THEN
    RAISE EXCEPTION 'no_organisation' USING ERRCODE = '42501', CONSTRAINT = 'no_organisation';
  END IF;
  RETURN CASE WHEN said = 'none' THEN NULL ELSE said::bigint END;
END $$;
DO $$
DECLARE one record; altered text; asks text := '(NULLIF(current_setting(''app.org''::text, true), ''''::text))::bigint';
BEGIN
  FOR one IN SELECT policyname, tablename, qual, with_check FROM pg_policies WHERE schemaname = 'public'
    AND position(asks IN coalesce(qual, '') || coalesce(with_check, '')) > 0 LOOP
    altered := format('ALTER POLICY %I ON public.%I', one.policyname, one.tablename);
    IF one.qual IS NOT NULL THEN
      altered := altered || ' USING (' || replace(one.qual, asks, 'acting_organisation()') || ')';
    END IF;
    IF one.with_check IS NOT NULL THEN
      altered := altered || ' WITH CHECK (' || replace(one.with_check, asks, 'acting_organisation()') || ')';
    END IF;
    EXECUTE altered;
  END LOOP;
END $$;
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_for_one_database_is_left_out_of_the_other() {
        let script = "a\n@sqlite\nb\n@end\n@postgres\nc\n@end\nd\n";
        assert_eq!(expand(script, Backend::Sqlite), "a\nb\nd\n");
        assert_eq!(expand(script, Backend::Postgres), "a\nc\nd\n");
    }

    #[test]
    fn a_date_on_sqlite_must_be_a_real_date() {
        let line = expand("d {date} NOT NULL {date_check d},", Backend::Sqlite);
        assert_eq!(line.trim(), "d TEXT NOT NULL CONSTRAINT d_is_a_date CHECK (d IS date(d, '+0 days')),");
    }

    #[test]
    fn an_unknown_directive_breaks_the_migration() {
        assert!(expand("@nonsense x", Backend::Sqlite).contains("unknown_directive"));
    }
}

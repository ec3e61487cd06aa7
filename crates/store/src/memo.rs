//! What a transaction has read already of records that no trigger writes: a command asks for the same scheme, home or
//! offer several times on its way, and the database need answer once.
//!
//! A write to a table forgets what was read of it; taking a lock, or going back to a savepoint, forgets everything.

use std::sync::{Mutex, PoisonError};

use sea_orm::Value;

use crate::row::Row;

/// Tables that only statements of this crate write; those that triggers write are asked each time.
const PLAIN: &[&str] = &[
    "admission",
    "approval",
    "arrangement",
    "child",
    "child_key",
    "decision",
    "home",
    "inspection",
    "invitation",
    "invitation_key",
    "offer",
    "organisation",
    "power_fact",
    "price_fact",
    "recommendation",
    "referral",
    "setting_fact",
    "standing_fact",
];
/// More reads are not kept.
const MOST: usize = 64;
/// More rows of one are not kept: a long list is read once.
const LONGEST: usize = 500;

struct Read {
    sql: String,
    values: Vec<Value>,
    /// Whether all rows were asked for, or the first.
    whole: bool,
    tables: Vec<&'static str>,
    rows: Vec<Row>,
}

/// The reads of one transaction.
#[derive(Default)]
pub(crate) struct Memo(Mutex<Vec<Read>>);

impl Memo {
    /// What the same query found before, where that still holds.
    pub(crate) fn find(&self, sql: &str, values: &[Value], whole: bool) -> Option<Vec<Row>> {
        let reads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |read: &&Read| read.sql == sql && read.values == values && (read.whole || !whole);
        reads.iter().find(same).map(|read| read.rows.clone())
    }

    /// After a statement: its rows are kept, or what was read of the table that it writes is forgotten.
    pub(crate) fn after(&self, sql: &str, values: Vec<Value>, rows: &[Row], whole: bool) {
        match Kind::of(sql) {
            Kind::Reads(tables) => {
                let mut reads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                if reads.len() < MOST && rows.len() < LONGEST {
                    reads.push(Read { sql: sql.to_owned(), values, whole, tables, rows: rows.to_vec() });
                }
            }
            Kind::Writes(table) => self.forget_of(table),
            Kind::WritesElsewhere | Kind::ReadsElsewhere => {}
            Kind::Locks => self.forget(),
        }
    }

    /// Forgets what was read of a table.
    pub(crate) fn forget_of(&self, table: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|read| !read.tables.contains(&table));
    }

    /// Forgets everything.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// Reads plain tables and nothing else.
    Reads(Vec<&'static str>),
    /// Reads at least one table that is not plain.
    ReadsElsewhere,
    /// Writes a plain table.
    Writes(&'static str),
    /// Writes another table.
    WritesElsewhere,
    /// Takes a lock, or deletes: what comes after must be read anew.
    Locks,
}

fn plain(word: &str) -> Option<&'static str> {
    let word = word.trim_matches(|sign: char| !sign.is_alphanumeric() && sign != '_');
    PLAIN.iter().copied().find(|table| *table == word)
}

impl Kind {
    fn of(sql: &str) -> Self {
        let mut words = sql.split_whitespace().peekable();
        let first = words.next().unwrap_or_default();
        if first.eq_ignore_ascii_case("DELETE") {
            return Self::Locks; // what hangs on the rows goes with them
        }
        if !first.eq_ignore_ascii_case("SELECT") {
            let target = words.find(|word| !matches!(*word, "INTO" | "FROM" | "OR" | "IGNORE"));
            return target.and_then(plain).map_or(Self::WritesElsewhere, Self::Writes);
        }
        if sql.contains("pg_advisory") || sql.contains("FOR NO KEY UPDATE") || sql.contains("FOR UPDATE") {
            return Self::Locks;
        }
        let mut tables = Vec::new();
        while let Some(word) = words.next() {
            if !word.ends_with("FROM") && word != "JOIN" {
                continue;
            }
            let table = words.next();
            if words.peek().is_some_and(|alias| alias.ends_with(',')) {
                return Self::ReadsElsewhere; // a list of tables
            }
            // A sub-query's own FROM comes later.
            match table {
                Some(table) if table.starts_with('(') => {}
                Some(table) if table.ends_with(',') => return Self::ReadsElsewhere,
                Some(table) => match plain(table) {
                    Some(table) => tables.push(table),
                    None => return Self::ReadsElsewhere,
                },
                None => return Self::ReadsElsewhere,
            }
        }
        if tables.is_empty() { Self::ReadsElsewhere } else { Self::Reads(tables) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Memo, PLAIN};

    const HOME: &str = "SELECT body FROM home WHERE id = $1";

    #[test]
    fn only_reads_of_plain_tables_are_kept() {
        assert_eq!(Kind::of(HOME), Kind::Reads(vec!["home"]));
        assert_eq!(
            Kind::of("SELECT a FROM home h JOIN offer o ON o.home_id = h.id"),
            Kind::Reads(vec!["home", "offer"])
        );
        assert_eq!(Kind::of("SELECT a FROM home h JOIN bed_use u ON u.home_id = h.id"), Kind::ReadsElsewhere);
        assert_eq!(Kind::of("SELECT a FROM home WHERE id IN (SELECT home_id FROM bed_use)"), Kind::ReadsElsewhere);
        assert_eq!(Kind::of("SELECT a FROM (SELECT b FROM annual_value) x"), Kind::ReadsElsewhere);
        assert_eq!(Kind::of("SELECT a FROM home, bed_use"), Kind::ReadsElsewhere);
        assert_eq!(Kind::of("SELECT a FROM home h, bed_use u"), Kind::ReadsElsewhere);
        assert_eq!(Kind::of("INSERT INTO counter (last) VALUES (1) RETURNING last"), Kind::WritesElsewhere);
        let twice = "SELECT f FROM power_fact f WHERE k = (SELECT max(k) FROM power_fact k)";
        assert_eq!(Kind::of(twice), Kind::Reads(vec!["power_fact", "power_fact"]));
    }

    #[test]
    fn a_write_forgets_its_own_table_and_a_lock_everything() {
        let memo = Memo::default();
        let kept = || memo.find(HOME, &[], true).is_some();
        memo.after(HOME, Vec::new(), &[], true);
        assert!(kept() && memo.find(HOME, &[1_i64.into()], true).is_none());
        memo.after("UPDATE offer SET body = $1", Vec::new(), &[], true);
        assert!(kept());
        for forgets in [
            "UPDATE home SET body = $1",
            "INSERT INTO home (id) VALUES ($1)",
            "DELETE FROM home WHERE id = $1",
            "SELECT pg_advisory_xact_lock(7, hashint8($1))",
            "SELECT body FROM home WHERE id = $1 FOR UPDATE",
        ] {
            memo.after(HOME, Vec::new(), &[], true);
            memo.after(forgets, Vec::new(), &[], true);
            assert!(!kept(), "{forgets}");
        }
    }

    #[test]
    fn no_trigger_writes_a_plain_table() {
        let scripts: String = crate::migrate::MIGRATIONS.iter().map(|(_, script)| *script).collect();
        let mut inside = false;
        for line in scripts.lines() {
            inside |= line.starts_with("CREATE TRIGGER") || line.starts_with("CREATE FUNCTION");
            for table in PLAIN.iter().filter(|_| inside) {
                for writes in [format!("UPDATE {table} "), format!("INTO {table} "), format!("DELETE FROM {table} ")] {
                    assert!(!line.contains(&writes), "{line}");
                }
            }
            inside &= !(line.starts_with("END") || line.ends_with("END;"));
        }
    }
}

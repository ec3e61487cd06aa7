//! What a reading connection has read since anybody last wrote: its answers hold for as long as nothing is committed to the
//! file, by whatever connection or process. SQLite tells that itself, inside the transaction that asks (`data_version`), so
//! that what is kept is what the transaction would read.
//!
//! Wrapped keys are never kept: what a destroyed one sealed shall not be readable out of a process's memory either.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::Value;

use crate::sqlite::Cells;

/// The most that a connection keeps, in bytes, without the records made of it; what comes on top lets all of it go.
const MOST: usize = 1_500_000;
/// A larger answer is not kept.
const LARGEST: usize = 256_000;
/// The most answers of one statement: one that names a moment never finds the same again.
const OF_ONE: usize = 64;
/// What an answer takes beside its rows, about.
const EACH: usize = 200;

/// Whether the answers of a statement may be kept at all.
pub(crate) fn is_kept(sql: &str) -> bool {
    !sql.contains("_key")
}

/// What is asked.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    /// The organisation whose rows the connection shows.
    pub organisation: Option<i64>,
    /// The statement.
    pub sql: &'a str,
    /// Its values.
    pub values: &'a [Value],
    /// Whether the first row is enough.
    pub first: bool,
}

struct Answer {
    organisation: Option<i64>,
    values: Vec<Value>,
    /// Whether it is the first row alone.
    first: bool,
    rows: Vec<Arc<Cells>>,
}

/// The answers of one connection.
#[derive(Default)]
pub(crate) struct Kept {
    version: Option<i64>,
    answers: HashMap<Box<str>, Vec<Answer>>,
    size: usize,
}

impl Kept {
    /// At the beginning of a transaction: forgets everything where somebody has written since the last one.
    pub(crate) fn at(&mut self, version: i64) {
        if self.version != Some(version) {
            self.forget();
            self.version = Some(version);
        }
    }

    /// The rows that the same question found, where they are kept.
    pub(crate) fn find(&self, asked: Question<'_>) -> Option<Vec<Arc<Cells>>> {
        let same = |one: &&Answer| {
            one.organisation == asked.organisation && one.values == asked.values && (asked.first || !one.first)
        };
        self.answers.get(asked.sql)?.iter().find(same).map(|one| one.rows.clone())
    }

    /// Keeps what a question found.
    pub(crate) fn keep(&mut self, asked: Question<'_>, rows: &[Arc<Cells>]) {
        let size = EACH + rows.iter().map(|row| row.size()).sum::<usize>();
        if size > LARGEST || !is_kept(asked.sql) {
            return;
        }
        if self.size + size > MOST {
            self.forget();
        }
        let of_one = self.answers.entry(asked.sql.into()).or_default();
        if of_one.len() < OF_ONE {
            let (organisation, first) = (asked.organisation, asked.first);
            of_one.push(Answer { organisation, values: asked.values.to_vec(), first, rows: rows.to_vec() });
            self.size += size;
        }
    }

    fn forget(&mut self) {
        self.answers.clear();
        self.size = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::ToSql as _;

    const ALL: Question<'_> = Question { organisation: Some(1), sql: "SELECT a FROM n", values: &[], first: false };

    fn rows(text: &str) -> Vec<Arc<Cells>> {
        vec![Arc::new(Cells::of("a", text))]
    }

    #[test]
    fn an_answer_is_found_for_the_same_question_of_the_same_organisation_until_somebody_writes() {
        let mut kept = Kept::default();
        kept.at(1);
        kept.keep(ALL, &rows("one"));
        assert!(kept.find(ALL).is_some() && kept.find(Question { first: true, ..ALL }).is_some());
        for other in [Some(2), None] {
            assert!(kept.find(Question { organisation: other, ..ALL }).is_none());
        }
        assert!(kept.find(Question { values: &[7_i64.to_sql()], ..ALL }).is_none());
        kept.at(1);
        assert!(kept.find(ALL).is_some());
        kept.at(2);
        assert!(kept.find(ALL).is_none());
    }

    #[test]
    fn the_first_row_does_not_stand_for_all() {
        let mut kept = Kept::default();
        kept.keep(Question { first: true, ..ALL }, &rows("one"));
        assert!(kept.find(Question { first: true, ..ALL }).is_some() && kept.find(ALL).is_none());
    }

    #[test]
    fn keys_and_long_answers_are_not_kept_and_all_of_it_stays_small() {
        let mut kept = Kept::default();
        let keys = Question { sql: "SELECT wrapped FROM child_key", ..ALL };
        kept.keep(keys, &rows("one"));
        kept.keep(ALL, &rows(&"x".repeat(LARGEST)));
        assert!(kept.find(keys).is_none() && kept.find(ALL).is_none() && kept.size == 0);
        for number in 0..1_000_i64 {
            let sql = format!("SELECT {} FROM n", number % 100);
            kept.keep(Question { sql: &sql, values: &[number.to_sql()], ..ALL }, &rows(&"x".repeat(50_000)));
            assert!(kept.size <= MOST && kept.answers.len() <= MOST / 50_000, "{}", kept.size);
        }
        let mut kept = Kept::default();
        for number in 0..200_i64 {
            kept.keep(Question { values: &[number.to_sql()], ..ALL }, &rows("one"));
        }
        assert_eq!(kept.answers[ALL.sql].len(), OF_ONE);
    }
}

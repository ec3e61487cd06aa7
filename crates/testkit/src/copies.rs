//! A test's database as its administrator has it: its own statements, its files by their raw bytes, and whole copies, of
//! PostgreSQL by the programs that come with it.

use std::path::{Path, PathBuf};
use std::process::Command;

use placewell_store::Backend;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection};

use crate::databases::{TestDatabase, fresh};

impl TestDatabase {
    async fn postgres(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    async fn sqlite(&self) -> SqliteConnection {
        SqliteConnection::connect(&self.url).await.unwrap()
    }

    /// Runs statements past the store.
    pub async fn script(&self, sql: &str) {
        let script = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self.backend {
            Backend::Postgres => self.postgres().await.execute(script).await.map(|_| ()).unwrap(),
            Backend::Sqlite => self.sqlite().await.execute(script).await.map(|_| ()).unwrap(),
        }
    }

    /// The first column of every row, as it is stored.
    pub async fn bytes(&self, sql: &str) -> Vec<Vec<u8>> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.backend {
            Backend::Postgres => {
                self.postgres().await.fetch_all(sql).await.unwrap().iter().map(|row| row.get(0)).collect()
            }
            Backend::Sqlite => self.sqlite().await.fetch_all(sql).await.unwrap().iter().map(|row| row.get(0)).collect(),
        }
    }

    async fn text(&self, sql: &'static str) -> String {
        self.postgres().await.fetch_one(sql).await.unwrap().get(0)
    }

    /// Every file of the database: SQLite's with its log of writes, of PostgreSQL those in which its tables lie.
    pub async fn files(&self) -> Vec<Vec<u8>> {
        if self.backend == Backend::Sqlite {
            let path = PathBuf::from(self.url.trim_start_matches("sqlite://"));
            let log = PathBuf::from(format!("{}-wal", path.display()));
            return [path, log].into_iter().filter_map(|file| std::fs::read(file).ok()).collect();
        }
        let sql = "SELECT current_setting('data_directory') || '/base/' || oid::text FROM pg_database \
                   WHERE datname = current_database()";
        let folder = self.text(sql).await;
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
        // A file may go while the folder is read.
        entries.filter_map(|entry| std::fs::read(entry.unwrap().path()).ok()).collect()
    }

    async fn program(&self, name: &str) -> Command {
        let folder = self.text("SELECT setting FROM pg_config WHERE name = 'BINDIR'").await;
        Command::new(Path::new(&folder).join(name))
    }

    /// What `pg_dump` writes of it.
    pub async fn dumped(&self) -> Vec<u8> {
        let found = self.program("pg_dump").await.arg(&self.url).output().unwrap();
        assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
        found.stdout
    }

    /// A whole copy, as whoever keeps copies has it: SQLite's by its own way to copy, PostgreSQL's dumped and restored.
    pub async fn copied(&self) -> Self {
        let copy = fresh(self.backend).await;
        if self.backend == Backend::Sqlite {
            let to = copy.url.trim_start_matches("sqlite://");
            std::fs::remove_file(to).unwrap();
            self.script(&format!("VACUUM INTO '{to}'")).await;
            return copy;
        }
        let script = self.dumped().await;
        copy.script("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
        let file = std::env::temp_dir().join(format!("placewell-dump-{}.sql", std::process::id()));
        std::fs::write(&file, script).unwrap();
        let mut restore = self.program("psql").await;
        let done = restore.args(["-q", "-v", "ON_ERROR_STOP=0", "-d", &copy.url, "-f"]).arg(&file).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        std::fs::remove_file(&file).unwrap();
        copy
    }
}

//! Which database, and the master key that wraps the children's keys.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use placewell_app::App;
use placewell_app::clock::Calendar;
use placewell_store::Store;
use placewell_store::keys::MasterKey;
use placewell_store::peek::{Peek, peek};

/// Where the data is.
#[derive(Args, Clone)]
pub struct Options {
    /// `sqlite://FILE` or `postgres://…`.
    #[arg(long, env = "PLACEWELL_DATABASE", hide_env_values = true, default_value = "sqlite://placewell.db")]
    pub database: String,
    /// The file of the master key, 64 hexadecimal digits; beside a SQLite file it is `master.key`.
    #[arg(long, env = "PLACEWELL_MASTER_KEY_FILE")]
    pub master_key: Option<PathBuf>,
}

impl Options {
    /// For a SQLite file and a key in one folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            database: format!("sqlite://{}", folder.join("placewell.db").display()),
            master_key: Some(folder.join("master.key")),
        }
    }

    /// The database's address without a password, to be shown and logged.
    pub fn shown(&self) -> String {
        let Some((scheme, rest)) = self.database.split_once("://") else { return self.database.clone() };
        let rest = rest.split('?').next().unwrap_or(rest);
        match rest.rsplit_once('@') {
            Some((person, place)) => {
                format!("{scheme}://{}@{place}", person.split(':').next().unwrap_or(person))
            }
            None => format!("{scheme}://{rest}"),
        }
    }

    /// What the database says of itself before it is opened; nothing where there is none of ours.
    pub async fn peek(&self) -> anyhow::Result<Option<Peek>> {
        peek(&self.database).await.with_context(|| format!("{} cannot be looked at", self.shown()))
    }

    /// The SQLite file, where it is one.
    pub fn file(&self) -> Option<PathBuf> {
        (!self.database.starts_with("postgres"))
            .then(|| PathBuf::from(self.database.strip_prefix("sqlite://").unwrap_or(&self.database)))
    }

    /// Says what is missing where nothing has been made yet: opening a SQLite file that is not there would make an
    /// empty one.
    pub fn expect_made(&self) -> anyhow::Result<()> {
        self.key_file()?;
        match self.file() {
            Some(file) if !file.exists() => {
                bail!("there is no database at {}; `placewell init` makes it", file.display())
            }
            _ => Ok(()),
        }
    }

    /// Makes an empty SQLite file that only its owner can read, where there is none; what SQLite puts beside it has
    /// the same mode.
    pub fn make_file(&self) -> anyhow::Result<()> {
        match self.file() {
            Some(file) if !file.exists() => {
                write_secret(&file, "").with_context(|| format!("{} cannot be written", file.display()))
            }
            _ => Ok(()),
        }
    }

    fn key_file(&self) -> anyhow::Result<PathBuf> {
        if let Some((scheme, _)) = self.database.split_once("://")
            && !["sqlite", "postgres", "postgresql"].contains(&scheme)
        {
            bail!("{scheme} is no database that Placewell knows: give sqlite://FILE or postgres://…");
        }
        match (&self.master_key, self.file()) {
            (Some(file), _) => Ok(file.clone()),
            (None, Some(database)) => Ok(database.with_file_name("master.key")),
            (None, None) => bail!("name the master key's file with --master-key or PLACEWELL_MASTER_KEY_FILE"),
        }
    }

    /// The master key from its file.
    pub fn key(&self) -> anyhow::Result<MasterKey> {
        let file = self.key_file()?;
        let text = std::fs::read_to_string(&file).with_context(|| {
            format!("the master key's file {} cannot be read; `placewell init` makes it", file.display())
        })?;
        Ok(MasterKey::from_hex(&text)?)
    }

    /// The master key, made where there is neither a key nor a database that one has sealed in. Beside a database that is
    /// there, a new key would open nothing of it.
    pub async fn key_or_new(&self) -> anyhow::Result<MasterKey> {
        let file = self.key_file()?;
        if !file.exists() {
            if self.peek().await?.is_some_and(|found| found.has_key()) {
                bail!(
                    "the master key's file {} is not there, and {} was made with it: put the file back, since a new key would \
                     open nothing",
                    file.display(),
                    self.shown()
                );
            }
            write_secret(&file, &MasterKey::generate_hex())
                .with_context(|| format!("{} cannot be written", file.display()))?;
        }
        self.key()
    }

    /// An application over the database, with the calendar that the database was marked with.
    pub async fn app(&self, key: MasterKey) -> anyhow::Result<Arc<App>> {
        self.make_file()?;
        let store = Store::open(&self.database, key).await?;
        let mark = store.read(None).await?.mark("demonstration").await?;
        let calendar = match mark {
            Some(stands_at) => {
                Calendar::standing(stands_at.parse().context("the demonstration's calendar does not read")?)
            }
            None => Calendar::running(),
        };
        Ok(App::new(store, calendar))
    }
}

/// Writes a file that only its owner can read.
fn write_secret(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn a_password_is_not_shown() {
        let shown = |text: &str| Options { database: text.to_owned(), master_key: None }.shown();
        assert_eq!(
            shown("postgres://placewell:pa@ss@db.example/placewell?sslmode=require"),
            "postgres://placewell@db.example/placewell"
        );
        assert_eq!(shown("postgres://db.example/placewell?password=secret"), "postgres://db.example/placewell");
        assert_eq!(shown("sqlite://placewell.db"), "sqlite://placewell.db");
    }
}

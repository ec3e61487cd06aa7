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
    /// A command that prints the master key, in place of a file: what asks a key service for it. Its words are parted by
    /// spaces and no shell reads them.
    #[arg(long, env = "PLACEWELL_MASTER_KEY_COMMAND", hide_env_values = true, value_name = "COMMAND")]
    pub master_key_command: Option<String>,
}

/// Where the master key comes from.
enum KeySource {
    File(PathBuf),
    Environment(String),
    Command(String),
}

/// The variable that holds the master key itself.
const KEY_VARIABLE: &str = "PLACEWELL_MASTER_KEY";

impl Options {
    /// For a SQLite file and a key in one folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            database: format!("sqlite://{}", folder.join("placewell.db").display()),
            master_key: Some(folder.join("master.key")),
            master_key_command: None,
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
        self.known_scheme()?;
        self.source()?;
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

    fn known_scheme(&self) -> anyhow::Result<()> {
        if let Some((scheme, _)) = self.database.split_once("://")
            && !["sqlite", "postgres", "postgresql"].contains(&scheme)
        {
            bail!("{scheme} is no database that Placewell knows: give sqlite://FILE or postgres://…");
        }
        Ok(())
    }

    /// Where the master key comes from: the file that is named, the command, the environment, or the file beside SQLite's.
    fn source(&self) -> anyhow::Result<KeySource> {
        #[allow(clippy::disallowed_methods, reason = "a key has no place among a program's arguments")]
        let given = || std::env::var(KEY_VARIABLE).ok().filter(|text| !text.trim().is_empty());
        if let Some(file) = &self.master_key {
            return Ok(KeySource::File(file.clone()));
        }
        if let Some(command) = &self.master_key_command {
            return Ok(KeySource::Command(command.clone()));
        }
        match (given(), self.file()) {
            (Some(text), _) => Ok(KeySource::Environment(text)),
            (None, Some(database)) => Ok(KeySource::File(database.with_file_name("master.key"))),
            (None, None) => bail!(
                "say where the master key is: --master-key or PLACEWELL_MASTER_KEY_FILE for a file, PLACEWELL_MASTER_KEY for \
                 the key itself, --master-key-command for a command that prints it"
            ),
        }
    }

    /// Where the master key comes from, in words.
    pub fn key_source(&self) -> String {
        match self.source() {
            Ok(KeySource::File(file)) => file.display().to_string(),
            Ok(KeySource::Environment(_)) => format!("the environment ({KEY_VARIABLE})"),
            Ok(KeySource::Command(command)) => {
                format!("the command {}", command.split_whitespace().next().unwrap_or_default())
            }
            Err(error) => error.to_string(),
        }
    }

    /// The master key from where it is, and the keys before it that still open.
    pub fn key(&self) -> anyhow::Result<MasterKey> {
        self.known_scheme()?;
        let text = match self.source()? {
            KeySource::File(file) => std::fs::read_to_string(&file).with_context(|| {
                format!("the master key's file {} cannot be read; `placewell init` makes it", file.display())
            })?,
            KeySource::Environment(text) => text.replace([',', ' '], "\n"),
            KeySource::Command(command) => printed(&command)?,
        };
        Ok(MasterKey::from_hex(&text)?)
    }

    /// The master key where one is named and there: a database that nobody is in yet is made without.
    pub fn named_key(&self) -> anyhow::Result<Option<MasterKey>> {
        self.known_scheme()?;
        match self.source() {
            Err(_) => Ok(None),
            Ok(KeySource::File(file)) if !file.exists() => Ok(None),
            Ok(_) => self.key().map(Some),
        }
    }

    /// The master key, made where there is neither a key's file nor a database that one has sealed in. Beside a database that
    /// is there, a new key would open nothing of it.
    pub async fn key_or_new(&self) -> anyhow::Result<MasterKey> {
        self.known_scheme()?;
        if let KeySource::File(file) = self.source()?
            && !file.exists()
        {
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
        over(Store::open(&self.database, key).await?).await
    }

    /// The same where it is only looked at: nothing is made or brought up to date, and a schema that is behind is said.
    pub async fn app_as_it_is(&self) -> anyhow::Result<Arc<App>> {
        over(Store::open_as_it_is(&self.database, self.key()?).await?).await
    }

    /// An application over a database that has been made, to change it or only to look.
    pub async fn made_app(&self, only_look: bool) -> anyhow::Result<Arc<App>> {
        self.expect_made()?;
        if only_look { self.app_as_it_is().await } else { self.app(self.key()?).await }
    }
}

async fn over(store: Store) -> anyhow::Result<Arc<App>> {
    let mark = store.read(None).await?.mark("demonstration").await?;
    let calendar = match mark {
        Some(stands_at) => Calendar::standing(stands_at.parse().context("the demonstration's calendar does not read")?),
        None => Calendar::running(),
    };
    Ok(App::new(store, calendar))
}

/// What a command prints; nothing of it is logged.
fn printed(command: &str) -> anyhow::Result<String> {
    let mut words = command.split_whitespace();
    let program = words.next().context("the master key's command is empty")?;
    let output = std::process::Command::new(program)
        .args(words)
        .output()
        .with_context(|| format!("the master key's command {program} cannot be started"))?;
    if !output.status.success() {
        bail!("the master key's command {program} ended with {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("the master key's command {program} prints no text"))
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

    fn options(database: &str) -> Options {
        Options { database: database.to_owned(), master_key: None, master_key_command: None }
    }

    #[test]
    fn a_command_prints_the_master_key() {
        let key = "ab".repeat(32);
        let from = |command: String| Options { master_key_command: Some(command), ..options("postgres://db/x") };
        let told = from(format!("echo {key}"));
        assert_eq!(told.key().unwrap().held(), 1);
        assert_eq!(told.key_source(), "the command echo");
        assert!(from("false".to_owned()).key().is_err());
        assert!(from("no-such-program".to_owned()).key().is_err());
        let error = options("postgres://db/x").key().unwrap_err().to_string();
        assert!(error.contains("--master-key-command"), "{error}");
    }

    #[test]
    fn a_password_is_not_shown() {
        let shown = |text: &str| options(text).shown();
        assert_eq!(
            shown("postgres://placewell:pa@ss@db.example/placewell?sslmode=require"),
            "postgres://placewell@db.example/placewell"
        );
        assert_eq!(shown("postgres://db.example/placewell?password=secret"), "postgres://db.example/placewell");
        assert_eq!(shown("sqlite://placewell.db"), "sqlite://placewell.db");
    }
}

//! A server of ours or of a rival: started, waited for, and stopped when the measure ends.

use anyhow::{Context, bail};
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use placewell_store::Store;
use placewell_store::keys::MasterKey;

use crate::http::{self, Connection};
use crate::place;

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Host and port.
    pub address: String,
}

impl Server {
    /// The product with the demonstration in a folder, filled where it is empty.
    pub fn demonstration(data: &Path) -> anyhow::Result<Self> {
        let mut command = product()?;
        command.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        Self::product(command)
    }

    /// The product, which says itself when and where it is ready; what it logs goes to `target/bench/product.log`.
    pub fn product(mut command: Command) -> anyhow::Result<Self> {
        let log = place::target().join("bench/product.log");
        command.stdout(Stdio::piped()).stderr(std::fs::File::create(&log)?);
        let mut child = command.spawn().context("the product could not be started")?;
        let output = child.stdout.take().context("the product has no output")?;
        for line in BufReader::new(output).lines() {
            if let Some(address) = line?.strip_prefix("ready http://") {
                return Ok(Self { child, address: address.trim().to_owned() });
            }
        }
        bail!("the product ended before it was ready ({}); see {}", child.wait()?, log.display())
    }

    /// A rival that is given a free port and is ready when it accepts a connection.
    pub fn rival(start: impl FnOnce(&str) -> Command) -> anyhow::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let mut child = start(&address).stdout(Stdio::null()).spawn().context("the rival could not be started")?;
        let began = Instant::now();
        while TcpStream::connect(&address).is_err() {
            if began.elapsed() > Duration::from_secs(30) || child.try_wait()?.is_some() {
                bail!("the rival did not start");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(Self { child, address })
    }

    /// The process, for its memory.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        if asked.is_err() {
            let _gone = self.child.kill();
        }
        let _ended = self.child.wait();
    }
}

/// The product's release executable, which `cargo xtask bench` builds first.
pub fn product() -> anyhow::Result<Command> {
    let file = place::target().join("release/placewell");
    if !file.is_file() {
        bail!("the release executable is missing: run this as `cargo xtask bench NAME`");
    }
    Ok(Command::new(file))
}

/// The address of the measure's own PostgreSQL, which `cargo xtask bench` starts and names.
pub fn cluster() -> anyhow::Result<String> {
    std::env::var("PLACEWELL_TEST_POSTGRES").context("there is no cluster: run this as `cargo xtask bench NAME`")
}

/// An empty database of the product's own making.
pub struct Empty {
    /// The measure's folder.
    pub folder: PathBuf,
    /// The file of the master key.
    pub key: PathBuf,
    /// Where the database is.
    pub url: String,
    /// The store over it.
    pub store: Store,
}

/// The databases of a measure on both, by name; no address stands for a file.
pub fn both() -> anyhow::Result<[(&'static str, Option<String>); 2]> {
    Ok([("SQLite", None), ("PostgreSQL", Some(cluster()?))])
}

/// Makes an empty database as an operator does, and opens it.
pub async fn empty(measure: &str, name: &str, url: Option<String>) -> anyhow::Result<Empty> {
    let folder = place::fresh(&format!("{measure}-{name}"))?;
    let key = folder.join("master.key");
    std::fs::write(&key, MasterKey::generate_hex())?;
    let url = url.unwrap_or_else(|| format!("sqlite://{}", folder.join("placewell.db").display()));
    place::run(product()?.args(["migrate", "--database", &url, "--master-key"]).arg(&key))?;
    let store = Store::open(&url, MasterKey::from_hex(&std::fs::read_to_string(&key)?)?).await?;
    Ok(Empty { folder, key, url, store })
}

/// Signs in to the demonstration as the invented person with this job at this organisation; gives the cookie.
pub async fn sign_in(address: &str, job: &str, organisation: &str) -> anyhow::Result<String> {
    let mut connection = Connection::open(address).await?;
    let people = connection.ask(&http::get("/demo", "")).await?.text();
    let cards = people.split("govuk-summary-card\"");
    let card = cards.into_iter().find(|card| card.contains(job) && card.contains(organisation));
    let card = card.with_context(|| format!("the demonstration has no {job} of {organisation}"))?;
    let email = hidden(card, "email").context("a person on the list has no address")?;
    let answer = connection.ask(&http::post("/demo", "", &[("email", &email)])).await?;
    answer.cookies.into_iter().next().with_context(|| format!("{job} could not sign in: status {}", answer.status))
}

/// The value of a hidden field.
pub fn hidden(page: &str, name: &str) -> Option<String> {
    let input = page.split("<input").find(|input| input.contains(&format!("name=\"{name}\"")))?;
    let value = input.split("value=\"").nth(1)?.split('"').next()?;
    Some(value.replace("&#38;", "&").replace("&amp;", "&"))
}

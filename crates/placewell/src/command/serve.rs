//! `serve` and `demo`: a listener, a worker, and a stop that loses nothing.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use jiff::civil::DateTime;
use placewell_app::clock::Machine;
use placewell_app::office::document::scanning::Scanner;
use placewell_app::office::person::password::PasswordList;
use placewell_app::{App, demonstration};
use placewell_store::Store;
use placewell_store::keys::MasterKey;
use placewell_store::verify::DEPLOYMENT;
use placewell_web::address::Network;
use placewell_web::pace::Pace;
use placewell_web::{Web, server};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::told;
use crate::database::Options;
use crate::mail;

/// The mark of a database that a fill has begun on: only what carries it is ever deleted.
const FILLING: &str = "filling";
/// How long the last connections to the database may take to close.
const CLOSES_WITHIN: Duration = Duration::from_secs(10);

/// Where and how to serve.
pub struct Serving<'a> {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address that people use.
    pub origin: &'a str,
    /// The proxies whose word is taken; this machine's where none is named.
    pub proxies: Vec<Network>,
    /// The operator's own list of known passwords.
    pub password_list: Option<PathBuf>,
    /// The file apart from the database that keeps a line of each checkpoint.
    pub pins: Option<PathBuf>,
    /// Where a weakness is reported.
    pub security_contact: Option<String>,
    /// Whether identity providers may stand in a private network.
    pub private_providers: bool,
    /// What looks at documents before they are kept.
    pub scanner: Option<Scanner>,
}

/// Serves a region until told to stop.
pub async fn serve(serving: Serving<'_>, mail: &mail::Options, database: &Options) -> anyhow::Result<ExitCode> {
    database.expect_made()?;
    let app = database.app(database.key()?).await?;
    for (what, found) in app.store.unmet_by_login().await? {
        tracing::warn!(what, found, "the database login may do more than serving needs; `placewell doctor` fails");
    }
    if app.region_unfinished().await.map_err(told)? {
        anyhow::bail!(
            "the making of a region was cut off in this database: run `placewell init` again with the same file"
        );
    }
    let Serving { listen, origin, proxies, password_list, security_contact, pins, private_providers, scanner } =
        serving;
    if let Some(file) = pins {
        app.pin_record_in(file);
    }
    if private_providers {
        app.ask_private_providers();
    }
    if let Some(scanner) = scanner {
        app.scan_with(scanner);
    }
    if let Some(path) = password_list {
        app.refuse_passwords_of(PasswordList::open(&path).with_context(|| path.display().to_string())?);
    }
    let listener = TcpListener::bind(listen).await.with_context(|| format!("{listen} cannot be listened on"))?;
    let web = |web: Web| {
        let web = web.paced(Pace::default());
        let web = if proxies.is_empty() { web } else { web.behind(proxies) };
        match &security_contact {
            Some(contact) => web.reported_to(contact),
            None => web,
        }
    };
    run(app, listener, (origin, web), mail).await
}

/// Fills the demonstration the first time, and again where it shall be reset, then serves it.
pub async fn demo(
    listen: SocketAddr,
    (data, reset): (&Path, bool),
    today: Option<DateTime>,
    mail: &mail::Options,
) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(data).with_context(|| format!("{} cannot be made", data.display()))?;
    let database = Options::in_folder(data);
    let held = match Held::in_database(&database).await? {
        Held::Demonstration if reset => Held::Unfinished,
        held => held,
    };
    let listener = TcpListener::bind(listen).await.with_context(|| format!("{listen} cannot be listened on"))?;
    if held == Held::Unfinished {
        remove_unfinished(&database)?;
    }
    let key = database.key_or_new().await?;
    if held != Held::Demonstration {
        fill(&database, key.clone(), data).await?;
    }
    let app = database.app(key).await?;
    if let Some(day) = today.filter(|day| *day != app.calendar.now().local) {
        app.move_demonstration(day).await.map_err(told)?;
    }
    let origin = format!("http://{}", listener.local_addr()?);
    run(app, listener, (&origin, |web| web), mail).await
}

/// What a folder for the demonstration holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// No database, or one in which nothing is kept yet.
    Nothing,
    /// A demonstration whose fill was cut off.
    Unfinished,
    /// A demonstration.
    Demonstration,
}

impl Held {
    /// Refuses a database that is no demonstration: somebody's own is neither deleted nor filled.
    async fn in_database(database: &Options) -> anyhow::Result<Self> {
        let no_demonstration =
            || anyhow!("{} is no demonstration and stays as it is: name another folder with --data", database.shown());
        let holds_bytes = database.file().is_some_and(|file| file.metadata().is_ok_and(|found| found.len() > 0));
        match database.peek().await? {
            None if holds_bytes => Err(no_demonstration()),
            None => Ok(Self::Nothing),
            Some(found) if found.mark("demonstration").is_some() => Ok(Self::Demonstration),
            Some(found) if found.mark(FILLING).is_some() => Ok(Self::Unfinished),
            Some(found) if found.organisations == 0 => Ok(Self::Nothing),
            Some(_) => Err(no_demonstration()),
        }
    }
}

/// Marks the database as one that is being filled, fills it, and closes it.
async fn fill(database: &Options, key: MasterKey, data: &Path) -> anyhow::Result<()> {
    database.make_file()?;
    let store = Store::open(&database.database, key).await?;
    let calendar = demonstration::calendar();
    let work = store.begin(DEPLOYMENT, calendar.now()).await?;
    work.set_mark(FILLING, "a demonstration").await?;
    work.commit(Machine::now()).await?;
    let filling = App::new(store, calendar);
    let filled = demonstration::fill(&filling, &mut |line| eprintln!("{line}")).await;
    filling.store.close().await;
    filled.map_err(told)?;
    demonstration::imports::write_imports(&data.join("imports"))
        .context("the folder of files to import cannot be written")
}

/// A fill that was cut off, or that shall be reset, starts over; the caller has seen the mark of a demonstration.
fn remove_unfinished(database: &Options) -> anyhow::Result<()> {
    let Some(file) = database.file() else { return Ok(()) };
    for suffix in ["", "-wal", "-shm"] {
        let mut name = file.clone().into_os_string();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

async fn run(
    app: Arc<App>,
    listener: TcpListener,
    (origin, set): (&str, impl FnOnce(Web) -> Web),
    mail: &mail::Options,
) -> anyhow::Result<ExitCode> {
    if let Some(post) = mail.post(origin)? {
        app.hand_mails_to(post);
    }
    let web = set(Web::new(Arc::clone(&app), origin).await.map_err(told)?);
    let (limits, signal) = (web.limits, Signals::heard()?);
    println!("ready http://{}", listener.local_addr()?);
    let (stop, stopped) = watch::channel(false);
    let worker = Arc::clone(&app).work_until(told_to_stop(stopped.clone()));
    let worker = in_time(worker, stopped.clone(), limits.stop);
    let served = server::serve(web, listener, told_to_stop(stopped));
    let signal = async {
        signal.one().await;
        let _nobody_left = stop.send(true);
    };
    let ((), served, ()) = tokio::join!(worker, served, signal);
    if tokio::time::timeout(CLOSES_WITHIN, app.store.close()).await.is_err() {
        tracing::warn!("the database's connections did not close in time");
    }
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Lets the job that runs at the stop end, for so long; cut off, it is taken again once its lease is over.
async fn in_time(worker: impl Future<Output = ()>, stopped: watch::Receiver<bool>, most: Duration) {
    tokio::pin!(worker);
    tokio::select! {
        () = &mut worker => return,
        () = told_to_stop(stopped) => {}
    }
    if tokio::time::timeout(most, worker).await.is_err() {
        tracing::warn!("a job that still ran at the stop was cut off");
    }
}

async fn told_to_stop(mut stopped: watch::Receiver<bool>) {
    let _sender_gone = stopped.wait_for(|stop| *stop).await;
}

/// The signals that ask the server to stop, heard from the moment that this is made.
struct Signals {
    #[cfg(unix)]
    terminated: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupted: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn heard() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminated: signal(SignalKind::terminate())?, interrupted: signal(SignalKind::interrupt())? })
    }

    #[cfg(unix)]
    async fn one(mut self) {
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
    }

    #[cfg(not(unix))]
    #[allow(clippy::unnecessary_wraps)] // as on the systems where it can fail
    fn heard() -> std::io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn one(self) {
        let _interrupted = tokio::signal::ctrl_c().await;
    }
}

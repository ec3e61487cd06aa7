//! `serve` and `demo`: a listener, a worker, and a stop that loses nothing.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use placewell_app::{App, demonstration};
use placewell_web::{Web, server};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::told;
use crate::database::Options;
use crate::mail;

/// Serves a region until told to stop.
pub async fn serve(
    listen: SocketAddr,
    origin: &str,
    mail: &mail::Options,
    database: &Options,
) -> anyhow::Result<ExitCode> {
    database.expect_made()?;
    let app = database.app(database.key()?).await?;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("{listen} cannot be listened on"))?;
    run(app, listener, origin, mail).await
}

/// Fills the demonstration the first time, then serves it.
pub async fn demo(listen: SocketAddr, data: &Path, mail: &mail::Options) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(data).with_context(|| format!("{} cannot be made", data.display()))?;
    let database = Options::in_folder(data);
    let listener = TcpListener::bind(listen).await.with_context(|| format!("{listen} cannot be listened on"))?;
    let key = database.key_or_new()?;
    let mut app = database.app(key.clone()).await?;
    if app.visit().await.map_err(told)?.mark("demonstration").await?.is_none() {
        drop(app);
        remove_unfinished(&database)?;
        database.make_file()?;
        let store = placewell_store::Store::open(&database.database, key.clone()).await?;
        let filling = App::new(store, demonstration::calendar());
        demonstration::fill(&filling, &mut |line| eprintln!("{line}")).await.map_err(told)?;
        drop(filling);
        demonstration::imports::write_imports(&data.join("imports"))
            .context("the folder of files to import cannot be written")?;
        app = database.app(key).await?;
    }
    let origin = format!("http://{}", listener.local_addr()?);
    run(app, listener, &origin, mail).await
}

/// A fill that was cut off starts over.
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

async fn run(app: Arc<App>, listener: TcpListener, origin: &str, mail: &mail::Options) -> anyhow::Result<ExitCode> {
    if let Some(post) = mail.post(origin)? {
        app.hand_mails_to(post);
    }
    let web = Web::new(Arc::clone(&app), origin).await.map_err(told)?;
    let signal = Signals::heard()?;
    println!("ready http://{}", listener.local_addr()?);
    let (stop, stopped) = watch::channel(false);
    let worker = app.work_until(told_to_stop(stopped.clone()));
    let served = server::serve(web, listener, told_to_stop(stopped));
    let signal = async {
        signal.one().await;
        let _nobody_left = stop.send(true);
    };
    let ((), served, ()) = tokio::join!(worker, served, signal);
    served?;
    Ok(ExitCode::SUCCESS)
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

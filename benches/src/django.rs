//! The rival of our pages: as many rows on Django pages under gunicorn, with a session login.

use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place;
use crate::server::Server;

/// A running rival.
pub struct Django {
    /// Its server.
    pub server: Server,
    /// The cookie of somebody who has signed in.
    pub cookie: String,
    /// A referral with three offers to compare.
    pub reference: String,
}

/// gunicorn's advice: twice the processors and one.
pub fn workers() -> usize {
    std::thread::available_parallelism().map_or(3, |count| count.get() * 2 + 1)
}

fn environment(folder: &Path) -> [(&'static str, PathBuf); 3] {
    [
        ("BENCH_DATABASE", folder.join("django.db")),
        ("PYTHONPATH", place::rival("")),
        ("PYTHONDONTWRITEBYTECODE", "1".into()),
    ]
}

impl Django {
    /// Fills an empty folder and serves it.
    pub fn start(folder: &Path) -> anyhow::Result<Self> {
        let mut fill = Command::new(place::python()?);
        let said = place::run(fill.args(["-m", "django_page.fill"]).envs(environment(folder)))?;
        let (session, reference) = said.trim().split_once(' ').context("the rival names no session")?;
        let server = Self::serve(folder)?;
        Ok(Self { server, cookie: format!("sessionid={session}"), reference: reference.to_owned() })
    }

    /// Serves a folder that is filled.
    pub fn serve(folder: &Path) -> anyhow::Result<Server> {
        let python = place::python()?;
        Server::rival(|address| {
            let mut gunicorn = Command::new(&python);
            gunicorn.args(["-m", "gunicorn", "--worker-class", "gthread", "--threads", "2", "--log-level", "error"]);
            gunicorn.args(["--workers", &workers().to_string(), "--bind", address, "django_page.wsgi"]);
            gunicorn.envs(environment(folder));
            gunicorn
        })
    }
}

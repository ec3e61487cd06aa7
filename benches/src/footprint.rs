//! P7: the size of the release executable, the time from its start to its first page on a database that is there, and
//! its memory while it serves the demonstration.

use std::time::{Duration, Instant};

use crate::http::{self, Connection};
use crate::load::{self, Work};
use crate::server::{self, Server};
use crate::table::{self, Line};
use crate::{measure, place};

const STARTS: usize = 11;

async fn first_page(address: &str) -> anyhow::Result<()> {
    let answer = Connection::open(address).await?.ask(&http::get("/sign-in", "")).await?;
    anyhow::ensure!(answer.status == 200, "the first page answers {}", answer.status);
    Ok(())
}

/// Runs the measure and prints its table.
pub async fn run() -> anyhow::Result<()> {
    let data = place::fresh("footprint")?;
    drop(Server::demonstration(&data)?);
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let start = Instant::now();
        let server = Server::demonstration(&data)?;
        first_page(&server.address).await?;
        starts.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    let cold = measure::quantile(&mut starts, 500);

    let server = Server::demonstration(&data)?;
    first_page(&server.address).await?;
    let idle = measure::memory_mb(server.process());
    let cookie = server::sign_in(&server.address, "lacement officer", "Herefordshire").await?;
    let pages = ["/home", "/referrals", "/homes", "/agreements"].map(|path| http::get(path, &cookie)).to_vec();
    let work = Work { requests: pages.into(), expected: 200 };
    let report = load::closed(&server.address, 16, Duration::from_secs(10), &work, false).await?;
    let busy = measure::memory_mb(server.process());
    let size = measure::file_mb(&place::target().join("release/placewell"))?;
    if report.bad > 0 {
        eprintln!("{} answers of {} were not pages: {}", report.bad, report.good + report.bad, report.example);
    }
    table::print(
        "cargo xtask bench footprint",
        &[
            Line::note("release executable", format!("{size:.1} MB")).aims("≤ 80 MB", size <= 80.0),
            Line::note(format!("start to first page, median of {STARTS}"), format!("{cold:.0} ms"))
                .aims("≤ 150 ms", cold <= 150.0),
            Line::note("memory after the first page", format!("{idle:.1} MB")),
            Line::note(format!("memory after {} pages to 16 clients at once", report.good), format!("{busy:.1} MB"))
                .aims("≤ 128 MB", busy <= 128.0),
        ],
    );
    Ok(())
}

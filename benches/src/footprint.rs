//! P7: the size of the release executable, the time of its first start with the fill and of its starts on a database that
//! is there, and its memory while it serves the demonstration, beside the Django page. The control is a program that
//! holds more than the target allows, seen by the same eyes.

use anyhow::ensure;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::django::Django;
use crate::http::{self, Connection};
use crate::load::{self, Work};
use crate::server::{self, Server};
use crate::table::{self, Line};
use crate::{measure, place};

const STARTS: usize = 11;
const RIVAL_STARTS: usize = 5;
/// What the control holds, in MB: over the target of 128.
const TOO_MUCH: usize = 160;

/// Milliseconds from a start to the first page, and the server.
async fn first_page(start: impl FnOnce() -> anyhow::Result<Server>, path: &str) -> anyhow::Result<(f64, Server)> {
    let began = Instant::now();
    let server = start()?;
    let answer = Connection::open(&server.address).await?.ask(&http::get(path, "")).await?;
    let millis = began.elapsed().as_secs_f64() * 1000.0;
    ensure!(answer.status == 200 || answer.status == 302, "{path} answers {}", answer.status);
    ensure!(answer.status == 302 || answer.text().contains("</html>"), "{path} answers no page");
    Ok((millis, server))
}

/// Megabytes after many pages to 16 clients at once, and how many pages.
async fn busy(server: &Server, paths: &[&str], cookie: &str) -> anyhow::Result<(f64, usize)> {
    let pages = paths.iter().map(|path| http::get(path, cookie)).collect();
    let report = load::closed(&server.address, 16, Duration::from_secs(10), &Work::new(pages, 200), false).await?;
    ensure!(report.bad == 0, "{} answers were not pages: {}", report.bad, report.example);
    Ok((measure::memory_mb(server.process()), report.good))
}

/// The control: a program that holds more than the target allows is told to hold it.
fn control() -> anyhow::Result<f64> {
    let words = format!("held = b'x' * ({TOO_MUCH} << 20); print('ready', flush=True); input()");
    let mut program = Command::new(place::python()?);
    program.args(["-c", &words]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = program.spawn()?;
    let mut said = [0_u8; 6];
    let output = child.stdout.take();
    let ready = output.map(|mut output| std::io::Read::read_exact(&mut output, &mut said));
    let held = measure::memory_mb(child.id());
    child.kill()?;
    child.wait()?;
    ensure!(matches!(ready, Some(Ok(()))) && held > 128.0, "the control holds {held:.0} MB: this run shows nothing");
    Ok(held)
}

struct Ours {
    first: f64,
    second: f64,
    cold: f64,
    idle: f64,
    busy: (f64, usize),
}

async fn ours(data: &Path) -> anyhow::Result<Ours> {
    let start = || Server::demonstration(data);
    let (first, server) = first_page(start, "/sign-in").await?;
    drop(server);
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let (millis, server) = first_page(start, "/sign-in").await?;
        drop(server);
        starts.push(millis);
    }
    let second = starts.first().copied().unwrap_or(f64::NAN);
    let cold = measure::quantile(&mut starts, 500);
    let (_, server) = first_page(start, "/sign-in").await?;
    let idle = measure::memory_mb(server.process());
    let cookie = server::sign_in(&server.address, "lacement officer", "Herefordshire").await?;
    let busy = busy(&server, &["/home", "/referrals", "/homes", "/agreements"], &cookie).await?;
    Ok(Ours { first, second, cold, idle, busy })
}

/// The rival's median start, its memory after the first page and after many.
async fn rival(folder: &Path) -> anyhow::Result<(f64, f64, f64)> {
    let Django { server, cookie, .. } = Django::start(folder)?;
    drop(server);
    let mut starts = Vec::new();
    for _ in 0..RIVAL_STARTS {
        let (millis, server) = first_page(|| Django::serve(folder), "/home").await?;
        drop(server);
        starts.push(millis);
    }
    let (_, server) = first_page(|| Django::serve(folder), "/home").await?;
    let idle = measure::memory_mb(server.process());
    let (busy, _) = busy(&server, &["/home", "/referrals"], &cookie).await?;
    Ok((measure::quantile(&mut starts, 500), idle, busy))
}

/// Runs the measure and prints its table.
pub async fn run() -> anyhow::Result<()> {
    let held = control()?;
    let our = ours(&place::fresh("footprint")?).await?;
    let (rival_cold, rival_idle, rival_busy) = rival(&place::fresh("footprint-django")?).await?;
    let size = measure::file_mb(&place::target().join("release/placewell"))?;
    let megabytes = |one: f64| format!("{one:.1} MB");
    table::print(
        "cargo xtask bench footprint",
        &[
            Line::note("release executable", megabytes(size)).aims("≤ 80 MB", size <= 80.0),
            Line::note("first start: the region filled, ready, first page", format!("{:.1} s", our.first / 1000.0))
                .aims("≤ 20 s", our.first <= 20_000.0),
            Line::note("second start to first page", format!("{:.0} ms", our.second))
                .aims("≤ 1 s", our.second <= 1_000.0),
            Line::note(format!("start to first page, median of {STARTS}"), format!("{:.0} ms", our.cold))
                .against(format!("{rival_cold:.0} ms"), rival_cold / our.cold)
                .aims("≤ 150 ms", our.cold <= 150.0),
            Line::note("memory after the first page", megabytes(our.idle))
                .against(megabytes(rival_idle), rival_idle / our.idle),
            Line::note(format!("memory after {} pages to 16 clients at once", our.busy.1), megabytes(our.busy.0))
                .against(megabytes(rival_busy), rival_busy / our.busy.0)
                .aims("≤ 128 MB", our.busy.0 <= 128.0),
            Line::note(format!("control: a program that holds {TOO_MUCH} MB and more"), megabytes(held)),
        ],
    );
    Ok(())
}

//! P2: a placement officer's home, the list of referrals and the comparison of offers, signed in, on data of a region's
//! size, beside Django pages with as many rows under gunicorn with a session login.

use anyhow::Context;
use std::process::Command;
use std::time::Duration;

use crate::http::{self, Connection};
use crate::load::{self, Work};
use crate::server::{self, Server};
use crate::table::{self, Line};
use crate::{measure, place};

const CLIENTS: u32 = 16;
const TIME: Duration = Duration::from_secs(6);
/// gunicorn's advice: twice the processors and one.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(3, |count| count.get() * 2 + 1)
}

/// The referral of the demonstration whose offers are open to compare.
const COMPARED: &str = "HEF-R-0042";

/// What one page came to.
struct Figure {
    rate: f64,
    p95_at_half: f64,
}

async fn page(address: &str, path: &str, cookie: &str) -> anyhow::Result<Figure> {
    let request = http::get(path, cookie);
    let first = Connection::open(address).await?.ask(&request).await?;
    anyhow::ensure!(first.status == 200, "{path} answers {} and leads to {:?}", first.status, first.location);
    let work = Work { requests: vec![request].into(), expected: 200 };
    load::closed(address, CLIENTS as usize, TIME / 6, &work, false).await?;
    let full = load::closed(address, CLIENTS as usize, TIME, &work, false).await?;
    anyhow::ensure!(full.bad == 0, "{path}: {} answers were no pages: {}", full.bad, full.example);
    let mut half = load::paced(address, CLIENTS, full.rate() / 2.0, TIME, &work).await?;
    Ok(Figure { rate: full.rate(), p95_at_half: half.quantile(950) })
}

async fn measured(server: &Server, paths: &[String], cookie: &str) -> anyhow::Result<(Vec<Figure>, f64)> {
    let mut figures = Vec::new();
    for path in paths {
        figures.push(page(&server.address, path, cookie).await?);
    }
    Ok((figures, measure::memory_mb(server.process())))
}

async fn ours(paths: &[String]) -> anyhow::Result<(Vec<Figure>, f64)> {
    let data = place::target().join("bench/demonstration");
    let server = Server::demonstration(&data)?;
    let cookie = server::sign_in(&server.address, "lacement officer", "Herefordshire").await?;
    measured(&server, paths, &cookie).await
}

async fn django() -> anyhow::Result<(Vec<Figure>, f64)> {
    let (python, folder) = (place::python()?, place::fresh("pages")?);
    let environment = [
        ("BENCH_DATABASE", folder.join("django.db")),
        ("PYTHONPATH", place::rival("")),
        ("PYTHONDONTWRITEBYTECODE", "1".into()),
    ];
    let mut fill = Command::new(&python);
    let said = place::run(fill.args(["-m", "django_page.fill"]).envs(environment.clone()))?;
    let (session, reference) = said.trim().split_once(' ').context("the rival names no session")?;
    let server = Server::rival(|address| {
        let mut gunicorn = Command::new(&python);
        gunicorn.args(["-m", "gunicorn", "--worker-class", "gthread", "--threads", "2", "--log-level", "error"]);
        gunicorn.args(["--workers", &workers().to_string(), "--bind", address, "django_page.wsgi"]);
        gunicorn.envs(environment);
        gunicorn
    })?;
    measured(&server, &paths(reference), &format!("sessionid={session}")).await
}

fn paths(compared: &str) -> Vec<String> {
    vec!["/home".to_owned(), "/referrals".to_owned(), format!("/referrals/{compared}/offers/compare")]
}

/// Runs the measure and prints its table.
pub async fn run() -> anyhow::Result<()> {
    let (our, our_memory) = ours(&paths(COMPARED)).await?;
    let (rival, rival_memory) = django().await?;
    let mut lines = Vec::new();
    for (name, (our, rival)) in ["officer's home", "list of referrals", "comparison"].iter().zip(our.iter().zip(&rival))
    {
        let times = our.rate / rival.rate;
        lines.push(
            Line::note(format!("{name}, {CLIENTS} clients"), format!("{:.0}/s", our.rate))
                .against(format!("{:.0}/s", rival.rate), times)
                .aims("≥ 30×", times >= 30.0),
        );
        lines.push(
            Line::note(format!("{name}, p95 at half of that"), format!("{:.1} ms", our.p95_at_half))
                .against(format!("{:.1} ms", rival.p95_at_half), rival.p95_at_half / our.p95_at_half)
                .aims("< 25 ms", our.p95_at_half < 25.0),
        );
    }
    lines.push(
        Line::note(format!("memory after it (rival: {} workers)", workers()), format!("{our_memory:.1} MB"))
            .against(format!("{rival_memory:.1} MB"), rival_memory / our_memory)
            .aims("≤ 1/3", our_memory * 3.0 <= rival_memory),
    );
    table::print("cargo xtask bench pages", &lines);
    Ok(())
}

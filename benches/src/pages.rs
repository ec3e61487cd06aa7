//! P2: a placement officer's home, the list of referrals and the comparison of offers, signed in, on data of a region's
//! size, beside Django pages with as many rows under gunicorn with a session login. Every page is held to what it must
//! show, and two controls that show something else must be refused.

use anyhow::{Context, ensure};
use std::time::Duration;

use crate::django::{self, Django};
use crate::http::{self, Answer, Connection};
use crate::load::{self, Work};
use crate::server::{self, Server};
use crate::table::{self, Line};
use crate::{measure, place};

const CLIENTS: u32 = 16;
const TIME: Duration = Duration::from_secs(6);
/// The referral of the demonstration whose offers are open to compare.
const COMPARED: &str = "HEF-R-0042";

/// A page, and what it must hold at least so often.
struct Page {
    path: String,
    holds: Vec<(&'static str, usize)>,
}

impl Page {
    fn new(path: impl Into<String>, holds: &[(&'static str, usize)]) -> Self {
        Self { path: path.into(), holds: holds.to_vec() }
    }

    /// Whether an answer is this page, with all that it must hold.
    fn check(&self, answer: &Answer) -> anyhow::Result<()> {
        ensure!(answer.status == 200, "{} answers {} and leads to {:?}", self.path, answer.status, answer.location);
        let text = answer.text();
        for (words, least) in &self.holds {
            let found = text.matches(words).count();
            ensure!(found >= *least, "{} has {words:?} {found} times, not {least}", self.path);
        }
        Ok(())
    }
}

/// What one page came to.
struct Figure {
    rate: f64,
    p95_at_half: f64,
    kilobytes: f64,
}

async fn figure(address: &str, page: &Page, cookie: &str) -> anyhow::Result<Figure> {
    let request = http::get(&page.path, cookie);
    let first = Connection::open(address).await?.ask(&request).await?;
    page.check(&first)?;
    let mut work = Work::new(vec![request], 200);
    // Nonces and tokens have one length: what is much shorter lacks rows.
    work.least = first.body.len() * 19 / 20;
    load::closed(address, CLIENTS as usize, TIME / 6, &work, false).await?;
    let full = load::closed(address, CLIENTS as usize, TIME, &work, false).await?;
    let mut half = load::paced(address, CLIENTS, full.rate() / 2.0, TIME, &work).await?;
    for report in [&full, &half] {
        ensure!(report.bad == 0, "{}: {} answers were not the page: {}", page.path, report.bad, report.example);
    }
    let kilobytes = first.body.len() as f64 / 1000.0;
    Ok(Figure { rate: full.rate(), p95_at_half: half.quantile(950), kilobytes })
}

async fn measured(server: &Server, pages: &[Page], cookie: &str) -> anyhow::Result<(Vec<Figure>, f64)> {
    let mut figures = Vec::new();
    for page in pages {
        figures.push(figure(&server.address, page, cookie).await?);
    }
    Ok((figures, measure::memory_mb(server.process())))
}

async fn ours() -> anyhow::Result<(Vec<Figure>, f64)> {
    let server = Server::demonstration(&place::fresh("pages-demonstration")?)?;
    let cookie = server::sign_in(&server.address, "lacement officer", "Herefordshire").await?;
    let pages = [
        Page::new("/home", &[("HEF-R-", 5)]),
        Page::new("/referrals", &[("HEF-R-", 5)]),
        Page::new(compare(COMPARED), &[("£4,150", 1), ("£4,480", 1), ("£5,020", 1)]),
    ];
    controls(&server, &pages[2], &cookie).await?;
    measured(&server, &pages, &cookie).await
}

async fn rival() -> anyhow::Result<(Vec<Figure>, f64)> {
    let django = Django::start(&place::fresh("pages-django")?)?;
    // Seven lines of three offers, each with its answers to eight needs.
    let offers = [("<td>", 21), ("<li>", 24)];
    let pages = [
        Page::new("/home", &[("HEF-R-", 10)]),
        Page::new("/referrals", &[("HEF-R-", 10)]),
        Page::new(compare(&django.reference), &offers),
    ];
    controls(&django.server, &pages[2], &django.cookie).await?;
    measured(&django.server, &pages, &django.cookie).await
}

/// The control: neither the comparison without a sign-in nor another page in its place is taken for the comparison.
async fn controls(server: &Server, compared: &Page, cookie: &str) -> anyhow::Result<()> {
    let mut connection = Connection::open(&server.address).await?;
    for (what, request) in
        [("without a sign-in", http::get(&compared.path, "")), ("of another page", http::get("/home", cookie))]
    {
        let answer = connection.ask(&request).await?;
        ensure!(
            compared.check(&answer).is_err(),
            "an answer {what} was taken for the comparison: this run shows nothing"
        );
    }
    Ok(())
}

fn compare(reference: &str) -> String {
    format!("/referrals/{reference}/offers/compare")
}

/// Runs the measure and prints its table.
pub async fn run() -> anyhow::Result<()> {
    let (our, our_memory) = ours().await.context("the product's pages")?;
    let (rival, rival_memory) = rival().await.context("the rival's pages")?;
    let mut lines = Vec::new();
    for (name, (our, rival)) in ["officer's home", "list of referrals", "comparison"].iter().zip(our.iter().zip(&rival))
    {
        let times = our.rate / rival.rate;
        lines.push(
            Line::note(
                format!("{name}, {CLIENTS} clients; {:.0} kB, rival {:.0} kB", our.kilobytes, rival.kilobytes),
                format!("{:.0}/s", our.rate),
            )
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
        Line::note(format!("memory after it (rival: {} workers)", django::workers()), format!("{our_memory:.1} MB"))
            .against(format!("{rival_memory:.1} MB"), rival_memory / our_memory)
            .aims("≤ 1/3", our_memory * 3.0 <= rival_memory),
    );
    table::print("cargo xtask bench pages", &lines);
    Ok(())
}

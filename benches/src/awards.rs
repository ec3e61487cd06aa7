//! P1: awards through HTTP, signed in, with all rules, durable, 64 clients on one ceiling, on both databases, beside
//! pgbench with the bare SQL of an award in the same run. An award is the last approval: it prepares the agreement,
//! holds the bed and commits three contract years.

mod asking;
mod rival;
mod world;

use anyhow::{Context, ensure};
use placewell_store::placing::agreement::AgreementTab;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::world::{AUTHORITY, Size, WHOLE_YEAR, World, YEARS, told};
use crate::http::{self, Connection};
use crate::load::{self, Report, Work};
use crate::server::{self, Server};
use crate::table::{self, Line};
use crate::{place, server::hidden};

const CLIENTS: usize = 64;
/// How many awards are made on SQLite and on PostgreSQL, so that each runs for some seconds.
const ON_SQLITE: u32 = 4_800;
const ON_POSTGRES: u32 = 1_280;
/// Requests beyond what the ceiling holds: each must be refused.
const BEYOND: u32 = 64;
/// The homes that are searched while awards are made.
pub const SEARCHED_HOMES: u32 = 5_000;
/// The children for whom homes are searched, and those before them in the list to whom homes are awarded meanwhile.
const SEARCHING: u32 = 100;
const AWARDED: u32 = 440;
const PATIENCE: Duration = Duration::from_mins(2);

/// What a database came to.
struct Figure {
    report: Report,
    events: String,
}

/// The form of each request, filled by reading its page: not measured.
async fn forms(address: &str, world: &World, cookies: &[String]) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut connection = Connection::open(address).await?;
    let mut forms = Vec::with_capacity(world.asked.len());
    for (number, asked) in world.asked.iter().enumerate() {
        let (path, cookie) = (format!("{asked}/approve"), &cookies[number % cookies.len()]);
        let page = connection.ask(&http::get(&path, cookie)).await?;
        ensure!(page.status == 200, "{path} answers {}: {}", page.status, page.text());
        let page = page.text();
        let mut fields = Vec::new();
        for name in ["_csrf", "_key", "_version", "seen"] {
            fields.push((name, hidden(&page, name).with_context(|| format!("{path} has no {name}"))?));
        }
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        forms.push(http::post(&path, cookie, &fields));
    }
    Ok(forms)
}

/// All that must hold afterwards: used is the sum of the awards, exactly the ceiling; every chain and total verifies.
async fn check(url: &str, key: &Path, awards: u32) -> anyhow::Result<String> {
    let store = world::open(url, key).await?;
    let session = store.read(Some(AUTHORITY)).await.map_err(told)?;
    let (_, agreements) = session.agreements(AUTHORITY, AgreementTab::Coming, (0, 1)).await.map_err(told)?;
    ensure!(agreements == u64::from(awards), "{agreements} agreements of {awards} awards");
    for year in YEARS {
        let totals = session.ledger_year(AUTHORITY, year).await.map_err(told)?.context("no ledger of a year")?.totals;
        ensure!(totals.committed <= totals.ceiling, "more than the ceiling of {year} is committed");
        let whole = WHOLE_YEAR.0 * i64::from(awards);
        ensure!(year != YEARS[1] || totals.committed.0 == whole, "{} committed, {whole} awarded", totals.committed);
    }
    drop(session);
    store.close().await;
    let said = place::run(server::product()?.args(["verify", "--database", url, "--master-key"]).arg(key))?;
    Ok(said.lines().last().unwrap_or_default().to_owned())
}

async fn measured(url: &str, key: &Path, awards: u32) -> anyhow::Result<Figure> {
    eprintln!("preparing {} requests for approval", awards + BEYOND);
    let world = World::fill(url, key, &Size { requests: awards + BEYOND, beyond: BEYOND, homes: 0 }).await?;
    let mut cookies = Vec::new();
    for _ in 0..CLIENTS {
        cookies.push(world.sign_in().await?);
    }
    let mut command = server::product()?;
    command.args(["serve", "--listen", "127.0.0.1:0", "--database", url, "--master-key"]).arg(key);
    let server = Server::product(command)?;
    let mut within = forms(&server.address, &world, &cookies).await?;
    let beyond = within.split_off(awards as usize);
    drop(world);
    let work = Work::new(within, 303);
    let report = load::closed(&server.address, CLIENTS, PATIENCE, &work, true).await?;
    ensure!(report.bad == 0, "{} awards failed: {}", report.bad, report.example);
    ensure!(report.good == awards as usize, "{} of {awards} awards in {PATIENCE:?}", report.good);
    let work = Work::new(beyond, 409);
    let refused = load::closed(&server.address, CLIENTS, PATIENCE, &work, true).await?;
    ensure!(refused.good == BEYOND as usize, "{} of {BEYOND} were refused: {}", refused.good, refused.example);
    drop(server);
    Ok(Figure { report, events: check(url, key, awards).await? })
}

/// 200 searches a second over HTTP among the homes of a country's size while 40 awards a second are made; the reports of
/// the searches and of the awards.
pub async fn searches_meanwhile() -> anyhow::Result<(Report, Report)> {
    let folder = place::fresh("searches")?;
    let (url, key) = (format!("sqlite://{}", folder.join("searches.db").display()), key_in(&folder)?);
    eprintln!("preparing {SEARCHED_HOMES} homes and {} requests for approval", AWARDED + SEARCHING);
    let size = Size { requests: AWARDED + SEARCHING, beyond: 0, homes: SEARCHED_HOMES };
    let world = World::fill(&url, &key, &size).await?;
    let (director, officer) = (world.sign_in().await?, world.sign_in_officer().await?);
    let mut command = server::product()?;
    command.args(["serve", "--listen", "127.0.0.1:0", "--database", &url, "--master-key"]).arg(&key);
    let server = Server::product(command)?;
    let awards = forms(&server.address, &world, &[director]).await?;
    drop(world);
    let orders = ["distance", "area", "needs", "grade", "bed_free", "price_band"];
    // Referrals from the list's end: the awards begin at its start and do not come so far.
    let path = |number: u32| {
        let (referral, order) = (AWARDED + 1 + number % SEARCHING, orders[number as usize % orders.len()]);
        format!("/referrals/HEF-R-{referral:04}/homes?tier=spot&from=HR1&order={order}")
    };
    let first = Connection::open(&server.address).await?.ask(&http::get(&path(0), &officer)).await?;
    ensure!(first.status == 200, "{} answers {}", path(0), first.status);
    let listed = first.text().matches("/why").count();
    ensure!(listed >= 10, "{} lists {listed} homes: the searches would find nothing", path(0));
    let mut searches = Work::new((0..600).map(|number| http::get(&path(number), &officer)).collect(), 200);
    searches.least = first.body.len() / 2;
    let awards = Work::new(awards, 303);
    load::closed(&server.address, 4, Duration::from_secs(2), &searches, false).await?;
    let time = Duration::from_secs(10);
    let (searched, awarded) = tokio::join!(
        load::paced(&server.address, 16, 200.0, time, &searches),
        load::paced(&server.address, 8, 40.0, time, &awards)
    );
    let (searched, awarded) = (searched?, awarded?);
    ensure!(searched.bad == 0, "{} searches failed: {}", searched.bad, searched.example);
    ensure!(awarded.bad == 0, "{} awards failed: {}", awarded.bad, awarded.example);
    Ok((searched, awarded))
}

fn key_in(folder: &Path) -> anyhow::Result<PathBuf> {
    let file = folder.join("master.key");
    std::fs::write(&file, placewell_store::keys::MasterKey::generate_hex())?;
    Ok(file)
}

fn lines(name: &str, figure: &mut Figure, rival: &rival::Bare, least: f64) -> [Line; 3] {
    let report = &mut figure.report;
    let times = report.rate() / rival.rate;
    let (half, most) = (report.quantile(500), report.quantile(990));
    [
        Line::note(format!("awards on {name}, {CLIENTS} clients, one ceiling"), format!("{:.0}/s", report.rate()))
            .against(format!("{:.0}/s", rival.rate), times)
            .aims(format!("≥ {least}×"), times >= least),
        Line::note(format!("an award on {name}: median, p99"), format!("{half:.0} ms, {most:.0} ms"))
            .against(format!("{:.0} ms mean", rival.mean), rival.mean / half)
            .aims("p99 ≤ 100 ms", most <= 100.0),
        Line::note(format!("answers on {name} that asked to come again"), report.busy.to_string()),
    ]
}

/// Runs the measure and prints its table.
pub async fn run() -> anyhow::Result<()> {
    let folder = place::fresh("awards")?;
    let key = key_in(&folder)?;
    let bare = rival::database("rival")?;
    let before = rival::bare(&bare)?;
    let url = rival::database("awards")?;
    place::run(server::product()?.args(["migrate", "--database", &url, "--master-key"]).arg(&key))?;
    let mut postgres = measured(&url, &key, ON_POSTGRES).await?;
    let url = format!("sqlite://{}", folder.join("awards.db").display());
    let mut sqlite = measured(&url, &key, ON_SQLITE).await?;
    let after = rival::bare(&bare)?;
    let naive = rival::naive(&bare)?;
    ensure!(naive > 100.0, "the naive twin did not breach: this run shows nothing");

    let rival = if before.rate > after.rate { before } else { after };
    let mut all = Vec::new();
    all.extend(lines("SQLite", &mut sqlite, &rival, 5.0));
    all.extend(lines("PostgreSQL", &mut postgres, &rival, 0.8));
    all.push(
        Line::note(format!("of the ceiling used; the next {BEYOND} refused"), "100%, both")
            .against(format!("naive twin: {naive:.0}%"), naive / 100.0),
    );
    all.push(Line::note("`placewell verify` on SQLite", sqlite.events));
    all.push(Line::note("`placewell verify` on PostgreSQL", postgres.events));
    table::print("cargo xtask bench awards", &all);
    Ok(())
}

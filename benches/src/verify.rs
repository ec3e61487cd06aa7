//! S3: a million events of fourteen authorities checked offline by the release executable, with the checkpoints that others
//! hold, on both databases: each event is a visit's move and carries the digest of the row that it made, each row is held
//! against it. The control: a checkpoint of a longer chain must be said to show a cut one.

use std::time::Instant;

use anyhow::{Context as _, anyhow, ensure};
use jiff::civil::{Date, date};
use placewell_app::clock::{Calendar, Machine};
use placewell_domain::authority::AreaCode;
use placewell_domain::homes::home::{Home, RegisterEntry, Sector};
use placewell_domain::homes::monitoring::Theme;
use placewell_domain::homes::monitoring::visit::{Finding, Level, Planned, Visit};
use placewell_domain::id::{HomeId, OrganisationId, PersonId};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::record::{Checkpoint, Checkpoints};
use placewell_store::{Store, Work};

use crate::server::{self, Empty};
use crate::table::{self, Line};

const CHAINS: i64 = 14;
/// Each is planned and recorded: a row, two events.
const VISITS: i64 = 500_000;
/// Those of the visits, that of the home that is visited, and what the first opening says: which facts stood, and from where on
/// events are vouched for.
const EVENTS: i64 = 2 * VISITS + 3;
/// How many visits one transaction records.
const TOGETHER: i64 = 500;
const REGION: OrganisationId = OrganisationId(101);
const PROVIDER: OrganisationId = OrganisationId(102);
const HOME: HomeId = HomeId(1);
const OFFICER: PersonId = PersonId(1);
const TODAY: Date = date(2021, 9, 13);
const URN: &str = "SC100001";

fn told(error: impl std::fmt::Debug) -> anyhow::Error {
    anyhow!("{error:?}")
}

async fn organisation(work: &Work, code: &str, kind: OrganisationKind) -> anyhow::Result<()> {
    let name = format!("Organisation {code}");
    let new = Organisation { id: work.org(), code: code.to_owned(), name, kind, area: None, placing_body: None };
    work.add_organisation(&new).await?;
    Ok(())
}

/// The home that every authority visits.
async fn home(store: &Store, calendar: &Calendar) -> anyhow::Result<()> {
    let work = store.begin(PROVIDER, calendar.now()).await?;
    organisation(&work, "provider", OrganisationKind::Provider).await?;
    work.commit(Machine::now()).await?;
    let mut work = store.begin(REGION, calendar.now()).await?;
    organisation(&work, "region", OrganisationKind::RegionalTeam).await?;
    let entry = RegisterEntry {
        provider: PROVIDER,
        area: AreaCode::parse("E06000019").map_err(told)?,
        sector: Sector::Private,
        places: 4,
        short_breaks_only: false,
        suspended: false,
        registered_on: None,
    };
    let urn = URN.parse().map_err(told)?;
    work.apply(Home::register(HOME, REGION, urn, entry, calendar.now())).await?;
    work.commit(Machine::now()).await?;
    Ok(())
}

/// A visit, planned and recorded as the product does both.
async fn visit(work: &mut Work) -> anyhow::Result<()> {
    let planned = Planned {
        authority: work.org(),
        officer: OFFICER,
        home: HOME,
        urn: URN.to_owned(),
        name: format!("Home {URN}"),
        on: TODAY,
        announced: true,
    };
    let change = Visit::plan(work.new_id(), planned, work.moment()).map_err(told)?;
    let visit = work.apply(change).await?;
    let found = Finding { theme: Theme::Care, level: Level::Good, words: "Calm, and well kept.".to_owned() };
    let change = visit.record((TODAY, vec![found]), (OFFICER, work.moment())).map_err(told)?.map_err(told)?;
    work.apply(change).await?;
    Ok(())
}

/// A million events in the chains of as many authorities as a region has; the checkpoints that others would hold.
async fn fill(store: &Store) -> anyhow::Result<Vec<Checkpoint>> {
    let calendar = Calendar::standing(TODAY.at(10, 20, 0, 0));
    home(store, &calendar).await?;
    let each = VISITS / CHAINS;
    let mut held = Vec::new();
    for chain in 1..=CHAINS {
        let id = OrganisationId(chain);
        let work = store.begin(id, calendar.now()).await?;
        organisation(&work, &format!("A{chain:02}"), OrganisationKind::Authority).await?;
        work.commit(Machine::now()).await?;
        // The last chain takes what does not divide.
        let wanted = if chain == CHAINS { VISITS - each * (CHAINS - 1) } else { each };
        let mut done = 0;
        while done < wanted {
            let mut work = store.begin(id, calendar.now()).await?;
            for _ in done..wanted.min(done + TOGETHER) {
                visit(&mut work).await?;
            }
            work.commit(Machine::now()).await?;
            done += TOGETHER;
        }
        let work = store.begin(id, calendar.now()).await?;
        held.extend(work.publish_checkpoint(calendar.now().at).await?);
        work.commit(Machine::now()).await?;
    }
    Ok(held)
}

/// Seconds of `placewell verify`, as a person runs it, and two of the lines that it ends with: of the rows, and of the events.
fn verified(url: &str, key: &std::path::Path, file: &std::path::Path) -> anyhow::Result<(f64, [String; 2])> {
    let mut command = server::product()?;
    command.args(["verify", "--database", url, "--master-key"]).arg(key).arg("--checkpoint").arg(file);
    let began = Instant::now();
    let output = command.output()?;
    let seconds = began.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = |with: &str| said.lines().rev().find(|line| line.contains(with)).map(str::to_owned);
    let rows = last(" rows hold ").context("verify says nothing of the rows")?;
    Ok((seconds, [rows, last(" events of ").context("verify says nothing of the events")?]))
}

async fn measured(name: &str, url: Option<String>, lines: &mut Vec<Line>) -> anyhow::Result<()> {
    let Empty { folder, key, url, store } = server::empty("verify", name, url).await?;
    let held = fill(&store).await?;
    store.close().await;
    let (file, longer) = (folder.join("held.json"), folder.join("longer.json"));
    std::fs::write(&file, serde_json::to_vec(&Checkpoints { checkpoints: held.clone() })?)?;
    let further = |one: Checkpoint| Checkpoint { sequence: one.sequence + 1, ..one };
    let further = Checkpoints { checkpoints: held.into_iter().take(1).map(further).collect() };
    std::fs::write(&longer, serde_json::to_vec(&further)?)?;
    let (seconds, [rows, said]) = verified(&url, &key, &file)?;
    ensure!(said.starts_with(&format!("{EVENTS} events")) && said.ends_with(" 0 faults"), "{name}: {said}");
    // Each visit's and the home's, and none by its version alone.
    let expected = format!("{} rows hold what the event of their version says, 0 were", VISITS + 1);
    ensure!(rows.starts_with(&expected), "{name}: {rows}");
    let (_, [_, control]) = verified(&url, &key, &longer)?;
    ensure!(!control.ends_with(" 0 faults"), "the control found nothing: this run shows nothing");
    lines.push(Line::note(format!("{name}: {said}; {rows}"), format!("{seconds:.1} s")).aims("≤ 5 s", seconds <= 5.0));
    Ok(())
}

/// Runs the measure and prints its table.
pub async fn run() -> anyhow::Result<()> {
    let mut lines = Vec::new();
    for (name, url) in server::both()? {
        measured(name, url, &mut lines).await?;
    }
    table::print("cargo xtask bench verify", &lines);
    Ok(())
}

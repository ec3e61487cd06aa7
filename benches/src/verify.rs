//! S3: a million events of fourteen authorities checked offline by the release executable, with the checkpoints that others
//! hold, on both databases. The control: a checkpoint of a longer chain must be said to show a cut one.

use std::time::Instant;

use anyhow::ensure;
use jiff::civil::date;
use placewell_app::clock::{Calendar, Machine};
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::record::{Checkpoint, Checkpoints};
use placewell_store::Store;

use crate::server::{self, Empty};
use crate::table::{self, Line};

const CHAINS: i64 = 14;
const EVENTS: i64 = 1_000_000;
/// How many events one transaction records.
const TOGETHER: i64 = 1_000;

/// A million events in the chains of as many authorities as a region has; the checkpoints that others would hold.
async fn fill(store: &Store) -> anyhow::Result<Vec<Checkpoint>> {
    let calendar = Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0));
    let each = EVENTS / CHAINS;
    let mut held = Vec::new();
    for chain in 1..=CHAINS {
        let id = OrganisationId(chain);
        let work = store.begin(id, calendar.now()).await?;
        let (code, name) = (format!("A{chain:02}"), format!("Authority {chain}"));
        let kind = OrganisationKind::Authority;
        work.add_organisation(&Organisation { id, code, name, kind, area: None, placing_body: None }).await?;
        work.commit(Machine::now()).await?;
        // The last chain takes what does not divide.
        let wanted = if chain == CHAINS { EVENTS - each * (CHAINS - 1) } else { each };
        let mut done = 0;
        while done < wanted {
            let mut work = store.begin(id, calendar.now()).await?;
            for record in done..wanted.min(done + TOGETHER) {
                let event = Event::new("bench.happened", "bench", record, 1).with("reference", format!("A-{record}"));
                work.record(event.with("pence", record * 7).with("on", "2021-09-13"));
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

/// Seconds of `placewell verify`, as a person runs it, and the last line that it says.
fn verified(url: &str, key: &std::path::Path, file: &std::path::Path) -> anyhow::Result<(f64, String)> {
    let mut command = server::product()?;
    command.args(["verify", "--database", url, "--master-key"]).arg(key).arg("--checkpoint").arg(file);
    let began = Instant::now();
    let output = command.output()?;
    let seconds = began.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok((seconds, said.lines().last().unwrap_or_default().to_owned()))
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
    let (seconds, said) = verified(&url, &key, &file)?;
    ensure!(said.starts_with(&EVENTS.to_string()) && said.ends_with(" 0 faults"), "{name}: {said}");
    let (_, control) = verified(&url, &key, &longer)?;
    ensure!(!control.ends_with(" 0 faults"), "the control found nothing: this run shows nothing");
    lines.push(Line::note(format!("{name}: {said}"), format!("{seconds:.1} s")).aims("≤ 5 s", seconds <= 5.0));
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

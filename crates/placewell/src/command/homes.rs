//! `homes`: Ofsted's yearly file of homes, checked or brought in.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::Args;
use jiff::civil::Date;
use placewell_app::clock::Machine;
use placewell_app::{App, Outcome};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_exchange::homes::home::{self, RegisterRead};

use crate::database::Options;

/// What to import.
#[derive(Args)]
pub struct Import {
    /// The file as published.
    file: PathBuf,
    /// The Government Office Region.
    #[arg(long)]
    region: String,
    /// Says what would change, and changes nothing.
    #[arg(long)]
    check: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// The day the file speaks of, such as 2021-03-31; else the latest date in it.
    #[arg(long)]
    as_at: Option<Date>,
    #[command(flatten)]
    database: Options,
}

/// Reads the file, says what it holds, and brings it in unless only checked. Exit code 1 where nothing could be read.
pub async fn import(import: &Import) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(&import.file).with_context(|| format!("{} cannot be read", import.file.display()))?;
    let mut read = home::read(&bytes, &import.region);
    let nothing_held = import.database.file().is_some_and(|file| !file.exists());
    if read.refused.is_some() || (import.check && nothing_held) {
        read.summary.changes = Some(read.changes(&[]));
    } else {
        let key = if import.check { import.database.key()? } else { import.database.key_or_new()? };
        let app = import.database.app(key).await?;
        if import.check { compare(&app, &mut read).await? } else { bring_in(&app, import, &mut read).await? }
    }
    print(import, &read)?;
    Ok(if read.refused.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn plain(outcome: Outcome) -> anyhow::Error {
    match outcome {
        Outcome::Refused(refusal) => anyhow!("{refusal}"),
        other => anyhow!("the homes could not be brought in: {other:?}"),
    }
}

async fn region_of(app: &App) -> anyhow::Result<Option<OrganisationId>> {
    let organisations = app.store.read(None).await?.organisations().await?;
    Ok(organisations.into_iter().find(|one| one.kind == OrganisationKind::RegionalTeam).map(|one| one.id))
}

async fn compare(app: &App, read: &mut RegisterRead) -> anyhow::Result<()> {
    let Some(region) = region_of(app).await? else {
        read.summary.changes = Some(read.changes(&[]));
        return Ok(());
    };
    let session = app.store.read(Some(region)).await?;
    placewell_app::homes::home::import::compare(&session, region, read).await.map_err(plain)
}

async fn bring_in(app: &App, import: &Import, read: &mut RegisterRead) -> anyhow::Result<()> {
    let now = app.calendar.now();
    let region = match region_of(app).await? {
        Some(region) => region,
        None => make_region(app, &import.region).await?,
    };
    let as_at = import.as_at.unwrap_or_else(|| placewell_app::homes::home::import::as_at(read, now.today()));
    let mut work = app.store.begin(region, now).await?;
    match placewell_app::homes::home::import::bring_in(&mut work, read, as_at).await {
        Ok(()) => Ok(work.commit(Machine::now()).await?),
        Err(outcome) => {
            work.roll_back().await?;
            Err(plain(outcome))
        }
    }
}

/// A new database has no regional team to keep the homes yet: it gets one by the region's name.
async fn make_region(app: &App, name: &str) -> anyhow::Result<OrganisationId> {
    let id = OrganisationId(placewell_store::ids::next(app.calendar.now().at));
    let words = name.split_whitespace().collect::<Vec<_>>();
    let work = app.store.begin(id, app.calendar.now()).await?;
    let team = Organisation {
        id,
        code: words.join("-").to_lowercase(),
        name: format!("{} regional team", words.join(" ")),
        kind: OrganisationKind::RegionalTeam,
        area: None,
        placing_body: None,
    };
    work.add_organisation(&team).await?;
    work.commit(Machine::now()).await?;
    Ok(id)
}

fn print(import: &Import, read: &RegisterRead) -> anyhow::Result<()> {
    let summary = &read.summary;
    if import.json {
        super::say(&serde_json::to_string_pretty(summary)?)?;
        return Ok(());
    }
    let done = if import.check { "would change" } else { "changed" };
    let known = |count: Option<String>| count.unwrap_or_else(|| "not stated".to_owned());
    super::say(&format!("{} children's homes in {}", summary.homes, import.region))?;
    super::say(&format!("Places: {}", known(summary.places.map(|places| places.to_string()))))?;
    super::say(&format!("Owners: {}", known(summary.organisations.map(|owners| owners.to_string()))))?;
    if let Some(judgements) = serde_json::to_value(summary.judgements)?.as_object() {
        for (words, count) in judgements {
            super::say(&format!("  {words}: {count}"))?;
        }
    }
    if let Some(changes) = &summary.changes {
        super::say(&format!(
            "This {done}: {} new, {} closed, {} with other places, {} with another judgement, {} with another owner",
            changes.new, changes.closed, changes.places, changes.judgement, changes.organisation
        ))?;
    }
    for error in &summary.errors {
        super::say(&format!("Row {}: {}", error.row, error.reason))?;
    }
    Ok(())
}

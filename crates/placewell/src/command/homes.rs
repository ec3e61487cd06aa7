//! `homes`: Ofsted's yearly file of homes, checked or brought in.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use jiff::civil::Date;
use placewell_app::clock::{Calendar, Machine};
use placewell_app::homes::home::import;
use placewell_app::homes::standing::register;
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
    /// The code of the regional team that keeps the homes, where there are several.
    #[arg(long)]
    team: Option<String>,
    /// The day the file speaks of, such as 2021-03-31; else the one in its title, else the latest date in it.
    #[arg(long)]
    as_at: Option<Date>,
    #[command(flatten)]
    database: Options,
}

/// Reads the file, says what it holds, and brings it in unless only checked. Exit code 1 where nothing could be read, or
/// the file is older than the one held.
pub async fn import(options: &Import) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(&options.file).with_context(|| format!("{} cannot be read", options.file.display()))?;
    let mut read = home::read(&bytes, &options.region);
    if read.refused.is_some() || (options.check && nothing_held(&options.database).await?) {
        let as_at = stands_at(options, &read, Calendar::running().now().today());
        import::sift(&mut read, as_at);
        read.summary.changes = Some(read.changes(&[]));
    } else if options.check {
        let app = options.database.app_as_it_is().await?;
        compare(&app, options, &mut read).await?;
    } else {
        let app = options.database.app(options.database.key_or_new().await?).await?;
        bring_in(&app, options, &mut read).await?;
    }
    print(options, &read)?;
    Ok(if read.refused.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Whether no master key has sealed anything in the database, or there is none: then no homes are held in it.
async fn nothing_held(database: &Options) -> anyhow::Result<bool> {
    Ok(!database.peek().await?.is_some_and(|found| found.has_key()))
}

fn plain(outcome: Outcome) -> anyhow::Error {
    match outcome {
        Outcome::Refused(refusal) => anyhow!("{refusal}"),
        other => anyhow!("the homes could not be brought in: {other:?}"),
    }
}

/// The regional team that keeps the homes: the one there is, the one named, or the one that holds homes of the region.
pub(super) async fn team(app: &App, named: Option<&str>, region: &str) -> anyhow::Result<Option<OrganisationId>> {
    let session = app.store.read(None).await?;
    let mut teams = session.organisations().await?;
    teams.retain(|one| one.kind == OrganisationKind::RegionalTeam);
    if let Some(code) = named {
        let found = teams.iter().find(|one| one.code == code);
        return found.map(|one| Some(one.id)).ok_or_else(|| anyhow!("no regional team has the code {code}"));
    }
    if let [] | [_] = teams.as_slice() {
        return Ok(teams.first().map(|one| one.id));
    }
    for one in &teams {
        let lines = app.store.read(Some(one.id)).await?.register_lines(one.id).await?;
        if lines.iter().any(|line| line.region == region) {
            return Ok(Some(one.id));
        }
    }
    let codes: Vec<&str> = teams.iter().map(|one| one.code.as_str()).collect();
    bail!("several regional teams keep homes: name one with --team, of {}", codes.join(", "))
}

fn stands_at(import: &Import, read: &RegisterRead, today: Date) -> Date {
    import.as_at.unwrap_or_else(|| import::as_at(read, today))
}

async fn compare(app: &App, options: &Import, read: &mut RegisterRead) -> anyhow::Result<()> {
    let as_at = stands_at(options, read, app.calendar.now().today());
    let team = team(app, options.team.as_deref(), &read.region).await?.unwrap_or(OrganisationId(0));
    let session = app.store.read(Some(team)).await?;
    import::compare(&session, team, read, as_at).await.map_err(plain)
}

async fn bring_in(app: &App, options: &Import, read: &mut RegisterRead) -> anyhow::Result<()> {
    let now = app.calendar.now();
    let team = match team(app, options.team.as_deref(), &read.region).await? {
        Some(team) => team,
        None => make_region(app, &options.region).await?,
    };
    let as_at = stands_at(options, read, now.today());
    let mut work = app.store.begin(team, now).await?;
    match register::bring_in(&mut work, read, as_at).await {
        Ok(_accounted) => Ok(work.commit(Machine::now()).await?),
        Err(outcome) => {
            work.roll_back().await?;
            Err(plain(outcome))
        }
    }
}

/// A new database has no regional team to keep the homes yet: it gets one by the region's name.
async fn make_region(app: &App, name: &str) -> anyhow::Result<OrganisationId> {
    let id = OrganisationId(placewell_store::ids::next());
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

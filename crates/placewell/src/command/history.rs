//! `import history`: an authority's own record of what began before this system, checked or brought in.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use placewell_app::placing::agreement::history::{BringInHistory, HistorySummary};
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_exchange::placing::agreement as file;

use super::{say, told};
use crate::database::Options;

/// What to bring in.
#[derive(Args)]
pub struct History {
    /// The file, with its columns named in the first row; see --example.
    file: Option<PathBuf>,
    /// The code of the authority whose record it is, such as HEF.
    #[arg(long)]
    authority: Option<String>,
    /// The e-mail address of the placement officer who brings it in; the authority's first, where none is named.
    #[arg(long)]
    by: Option<String>,
    /// Says what would change, and changes nothing.
    #[arg(long)]
    check: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// Prints the columns with one invented row to start from.
    #[arg(long)]
    example: bool,
    #[command(flatten)]
    database: Options,
}

/// Reads the file, says what it changes, and changes it unless only checked. Exit code 1 where a cell cannot be used: then
/// nothing is brought in.
pub async fn run(options: &History) -> anyhow::Result<ExitCode> {
    if options.example {
        say(&file::LAYOUT.names.join(","))?;
        say(file::EXAMPLE)?;
        return Ok(ExitCode::SUCCESS);
    }
    let (Some(path), Some(code)) = (&options.file, &options.authority) else {
        bail!("name the file and the authority: placewell import history stays.csv --authority HEF")
    };
    let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let read = file::read(&bytes);
    let app = options.database.made_app(options.check).await?;
    let actor = officer(&app, code, options.by.as_deref()).await?;
    let summary = app.check_history(&actor, &read).await.map_err(told)?;
    let well = summary.errors.is_empty();
    if well && !options.check && summary.new > 0 {
        let key = placewell_app::office::person::random_text::<16>();
        app.perform(&actor, &key, BringInHistory { rows: read.rows }).await.map_err(told)?;
    }
    print(options, &summary)?;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The placement officer in whose name it is brought in.
async fn officer(app: &placewell_app::App, code: &str, by: Option<&str>) -> anyhow::Result<Actor> {
    let session = app.store.read(None).await?;
    let organisation = session.organisation_by_code(code).await;
    let organisation = organisation.map_err(|_| anyhow::anyhow!("no authority has the code {code}"))?;
    drop(session);
    let today = app.calendar.now().today();
    let session = app.store.read(Some(organisation.id)).await?;
    let mut officers = session.people_in_role(organisation.id, Role::PlacementOfficer, today).await?;
    if let Some(email) = by {
        let mut named = Vec::new();
        for one in officers {
            if session.person_email(one.actor.person).await?.eq_ignore_ascii_case(email) {
                named.push(one);
            }
        }
        officers = named;
    }
    match officers.into_iter().next() {
        Some(one) => Ok(one.actor),
        None => bail!("{code} has no placement officer{}", by.map(|email| format!(" {email}")).unwrap_or_default()),
    }
}

fn print(options: &History, summary: &HistorySummary) -> anyhow::Result<()> {
    if options.json {
        return say(&serde_json::to_string_pretty(summary)?);
    }
    let done = match (summary.errors.is_empty(), options.check) {
        (true, false) => "brought in",
        (true, true) => "would be brought in",
        (false, _) => "could be brought in once every row reads; nothing was",
    };
    say(&format!("{} rows: {} {done}, {} were there already", summary.rows, summary.new, summary.unchanged))?;
    for (origin, count) in &summary.origins {
        say(&format!("  {origin}: {count}"))?;
    }
    for error in &summary.errors {
        say(&format!("Row {}, {}: {}", error.row, error.field, error.reason))?;
    }
    for look in &summary.warnings {
        say(&format!("Look at row {}, {}: {}", look.row, look.field, look.reason))?;
    }
    Ok(())
}

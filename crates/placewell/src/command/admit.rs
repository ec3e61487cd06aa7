//! `homes admit`: a region's own file of admissions and tendered prices, checked or brought in.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use placewell_app::Outcome;
use placewell_app::clock::Machine;
use placewell_app::homes::price::file::{PlanSummary, bring_in, plan};
use placewell_exchange::homes::admission;

use super::{homes, say, told};
use crate::database::Options;

/// What to bring in.
#[derive(Args)]
pub struct Admit {
    /// The file, with its columns named in the first row.
    file: PathBuf,
    /// Says what would change, and changes nothing.
    #[arg(long)]
    check: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// The code of the regional team, where there are several.
    #[arg(long)]
    team: Option<String>,
    #[command(flatten)]
    database: Options,
}

/// Reads the file, says what it changes, and changes it unless only checked. Exit code 1 where a row could not go in.
pub async fn run(options: &Admit) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(&options.file).with_context(|| format!("{} cannot be read", options.file.display()))?;
    let read = admission::read(&bytes);
    let app = options.database.made_app(options.check).await?;
    let Some(team) = homes::team(&app, options.team.as_deref(), "").await? else {
        bail!("no regional team keeps homes here: `placewell init` makes it")
    };
    let mut work = app.store.begin(team, app.calendar.now()).await?;
    if options.check {
        work.trial().await?;
    }
    let planned = match plan(&work, read).await {
        Ok(planned) => planned,
        Err(outcome) => {
            work.roll_back().await?;
            bail!(match outcome {
                Outcome::NotFound =>
                    "the regional team has recorded no arrangement with lots: `placewell init` records it".into(),
                other => told(other).to_string(),
            })
        }
    };
    if options.check {
        work.roll_back().await?;
    } else if let Err(outcome) = bring_in(&mut work, &planned).await {
        work.roll_back().await?;
        return Err(told(outcome));
    } else {
        work.commit(Machine::now()).await?;
    }
    print(options, &planned.summary)?;
    Ok(if planned.summary.errors.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(options: &Admit, summary: &PlanSummary) -> anyhow::Result<()> {
    if options.json {
        return say(&serde_json::to_string_pretty(summary)?);
    }
    let done = if options.check { "would be" } else { "were" };
    say(&format!(
        "{} rows: {} providers and {} homes {done} admitted, {} prices {done} recorded",
        summary.rows, summary.providers, summary.admissions, summary.prices
    ))?;
    for error in &summary.errors {
        say(&format!("Row {}: {}", error.row, error.reason))?;
    }
    Ok(())
}

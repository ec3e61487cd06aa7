//! `init`: a real region from one commented file, made by the same code as the demonstration.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use placewell_app::office::person::{hash_password, random_text};
use placewell_app::region::{Region, make_region};

use super::maintain::open_contracting;
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
    let Some(file) = file else {
        bail!("name the region's file, or print one to start from with `placewell init --example`")
    };
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let region: Region = toml::from_str(&text).with_context(|| format!("{} does not read", file.display()))?;
    let mut region = region.checked().map_err(|invalid| told(invalid.into()))?;
    let first_passwords = give_passwords(&mut region)?;
    if database.file().is_none() && database.peek().await?.is_none() {
        placewell_store::migrate::postgres(&database.database, None).await?;
    }
    let app = database.app(database.key_or_new().await?).await?;
    if !app.takes_a_region().await.map_err(told)? {
        bail!("{} already holds a region: name an empty database", database.shown());
    }
    let made = make_region(&app, &region).await.map_err(told)?;
    let prefix = open_contracting(&app, false).await;
    app.store.close().await;
    println!(
        "{} organisations, {} people and {} posts made.",
        made.organisations.len(),
        made.people.len(),
        made.posts.len()
    );
    let (Ok(prefix) | Err(prefix)) = prefix;
    println!("Open Contracting prefix: {prefix}.");
    println!("First passwords, shown once; give each to its person by a safe way:");
    for (email, password) in first_passwords {
        println!("{email}  {password}");
    }
    Ok(ExitCode::SUCCESS)
}

/// A random password for everyone whom the file gives none; only its argon2 text is kept.
fn give_passwords(region: &mut Region) -> anyhow::Result<Vec<(String, String)>> {
    let mut given = Vec::new();
    let people = region.organisations.iter_mut().flat_map(|organisation| &mut organisation.people);
    for person in people.filter(|person| person.password_hash.is_none()) {
        let password = random_text::<9>();
        person.password_hash = Some(hash_password(&password).map_err(told)?);
        given.push((person.email.clone(), password));
    }
    Ok(given)
}

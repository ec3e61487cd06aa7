//! `token`: tokens for the API, each acting as one person.

use std::process::ExitCode;

use super::told;
use crate::database::Options;

/// Makes a token and prints it; only its digest is kept.
pub async fn create(email: &str, name: &str, days: u16, database: &Options) -> anyhow::Result<ExitCode> {
    database.expect_made()?;
    let app = database.app(database.key()?).await?;
    let actor = app.actor_by_email(email).await.map_err(told)?;
    println!("{}", app.create_token(&actor, name, days).await.map_err(told)?);
    Ok(ExitCode::SUCCESS)
}

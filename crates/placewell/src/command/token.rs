//! `token`: tokens for the API, each acting as one person.

use std::process::ExitCode;

use placewell_domain::office::person::session::TokenScope;

use super::told;
use crate::database::Options;

/// Makes a token and prints it; only its digest is kept.
pub async fn create(
    email: &str,
    (name, scope): (&str, &TokenScope),
    days: u16,
    database: &Options,
) -> anyhow::Result<ExitCode> {
    database.expect_made()?;
    let app = database.app(database.key()?).await?;
    let actor = app.actor_by_email(email).await.map_err(told)?;
    println!("{}", app.create_token(&actor, name, days, scope).await.map_err(told)?);
    Ok(ExitCode::SUCCESS)
}

/// Reads what a token may do.
pub fn scope(text: &str) -> Result<TokenScope, String> {
    TokenScope::read(text).ok_or_else(|| TokenScope::ASK.to_owned())
}

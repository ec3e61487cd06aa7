//! A hole that is planted for the attackers of `cargo xtask attack --planted` to find. It is in no other build.

use crate::error::StoreError;
use crate::session::Session;

impl Session {
    /// Organisations from a name on, in a statement put together with what somebody sent.
    pub async fn planted_find(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let statement = format!("SELECT name FROM organisation WHERE name >= '{name}'");
        self.all(&statement, Vec::new()).await?.iter().map(|row| row.text("name")).collect()
    }
}

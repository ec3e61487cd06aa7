//! `verify`, `checkpoint` and `keys`: whether the record is the one that was signed, and what seals it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use placewell_app::clock::Calendar;
use placewell_domain::office::record::{Checkpoints, Pin};
use placewell_store::Store;
use placewell_store::keys::MasterKey;
use placewell_store::keys::rotate::Drill;

use super::told;
use crate::database::Options;

/// Recomputes every chain, holds it against the checkpoints given and kept, every row against its events and the ledger's
/// entries against its totals; fails where anything does not hold. Changes nothing.
pub async fn verify((files, pinned): (&[PathBuf], &[PathBuf]), database: &Options) -> anyhow::Result<ExitCode> {
    database.expect_made()?;
    let read =
        |file: &PathBuf| std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()));
    let (mut held, mut pins) = (Vec::new(), Vec::new());
    for file in pinned {
        let found = Pin::read_all(&read(file)?);
        anyhow::ensure!(!found.is_empty(), "{} holds no line of a checkpoint", file.display());
        pins.extend(found);
    }
    for file in files {
        let text = read(file)?;
        let read: Checkpoints =
            serde_json::from_str(&text).with_context(|| format!("{} is no file of checkpoints", file.display()))?;
        held.extend(read.checkpoints);
    }
    let store = Store::open_as_it_is(&database.database, database.key()?).await?;
    let mut found = store.verify_against(&held).await?;
    found.faults.extend(store.pin_faults(&pins).await?);
    found.checkpoints += pins.len();
    store.close().await;
    for (code, fault) in &found.faults {
        println!("{code}: {fault}");
    }
    println!(
        "{} rows hold what the event of their version says, {} were held against its number alone",
        found.rows, found.rows_by_version
    );
    println!(
        "the service vouches for {} events, {} are from before it did",
        found.vouched,
        found.events - found.vouched
    );
    println!(
        "{} events of {} chains checked against {} checkpoints, {} faults",
        found.events,
        found.chains,
        found.checkpoints,
        found.faults.len()
    );
    Ok(if found.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Signs what went on since the last checkpoint and prints the newest of each chain.
pub async fn checkpoint(database: &Options) -> anyhow::Result<ExitCode> {
    database.expect_made()?;
    let app = database.app(database.key()?).await?;
    app.publish_checkpoints_now().await.map_err(told)?;
    let found = app.all_checkpoints().await.map_err(told)?;
    app.store.close().await;
    println!("{}", serde_json::to_string_pretty(&found)?);
    Ok(ExitCode::SUCCESS)
}

/// Prints a new master key.
pub fn new() -> ExitCode {
    println!("{}", MasterKey::generate_hex());
    ExitCode::SUCCESS
}

/// Seals anew under the first master key what another sealed.
pub async fn rotate(organisations: bool, database: &Options) -> anyhow::Result<ExitCode> {
    database.expect_made()?;
    let store = Store::open(&database.database, database.key()?).await?;
    let done = store.rotate_keys(organisations, Calendar::running().now()).await?;
    store.close().await;
    println!("{} organisations were given a new key.", done.new_keys);
    println!("{} values were sealed anew under the first master key.", done.resealed);
    println!("{} children's keys and {} keys of records were wrapped anew.", done.children, done.records);
    println!("{} keys of organisations that wrapped nothing any more were destroyed.", done.destroyed);
    match done.retired {
        0 => println!("No other master key was in use."),
        retired => println!(
            "{retired} master keys are in use no longer: take their lines out of the key's file once every node runs with \
             the new key first."
        ),
    }
    if let Some(line) = of_erasures(done.drill) {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

/// What a run means for records that were erased before it.
fn of_erasures(drill: Drill) -> Option<&'static str> {
    match drill {
        Drill::None => None,
        Drill::Counts => {
            Some("This run makes what was erased before it final: the keys in force open it in no copy from before.")
        }
        Drill::SameMaster => Some(
            "This run makes no erasure final, since no other master key went: begin again with a further key, put first.",
        ),
        Drill::LedThere => Some(
            "This run makes no erasure final: this master key led already to an organisation that has erased a record, so \
             that a copy from between may open it. Begin again with a further key.",
        ),
        Drill::InUse => Some(
            "This run makes no erasure final: keys from before wrapped something still. Begin again with a further key.",
        ),
    }
}

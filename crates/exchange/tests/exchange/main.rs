//! Every test of the readers in one binary: published decisions, the register of homes, directories of postcodes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod decision;
mod decision_doubt;
mod decision_forms;
mod decision_width;
mod home;
mod home_headers;
mod home_years;
mod place;

use std::path::PathBuf;

/// A file of the project's shared data, or `None`, said aloud, where this checkout has none.
fn shared(path: &str) -> Option<Vec<u8>> {
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")).join(path);
    let bytes = std::fs::read(&file).ok();
    if bytes.is_none() {
        eprintln!("SKIPPED: {} is not here", file.display());
    }
    bytes
}

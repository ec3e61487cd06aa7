//! `cargo xtask ci`: what CI does, on this machine: a fresh clone of the last commit, and `.ci/run` in it.
//! It finds what a working copy hides: files that were never added, and steps that only ran by hand.

use crate::shell::{self, Outcome};
use std::process::Command;

/// Clones the last commit below the target folder and runs `.ci/run` there.
pub fn task() -> Outcome {
    let clone = shell::target().join("ci/placewell");
    if clone.exists() {
        std::fs::remove_dir_all(&clone).map_err(|error| format!("{} cannot be removed: {error}", clone.display()))?;
    }
    shell::run(shell::command("git").args(["clone", "--quiet", "--no-hardlinks", "."]).arg(&clone))?;
    let mut script = Command::new("bash");
    script.arg(".ci/run").current_dir(&clone).env("CI", "true").env_remove("CARGO_TARGET_DIR");
    shell::run(&mut script)
}

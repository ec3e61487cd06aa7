//! `cargo xtask fuzz`: bad input for readers, forms and the API, as long as one likes; CI gives it three minutes.

use crate::need;
use crate::shell::{self, Outcome};
use std::path::Path;

/// Builds the program and runs it with the options as they are.
pub fn task(arguments: &[String]) -> Outcome {
    need::compiler()?;
    // All of the workspace's features, so that the tests' own build is used again.
    shell::run(need::linting_cargo()?.args(["build", "--locked", "--workspace", "--bin", "placewell-fuzz"]))?;
    run(arguments, &std::env::temp_dir())
}

/// Runs the program that is there, with a folder for its databases.
pub fn run(arguments: &[String], folder: &Path) -> Outcome {
    let mut fuzzer = shell::command(shell::target().join("debug/placewell-fuzz"));
    shell::run(fuzzer.args(arguments).env("TMPDIR", folder))
}

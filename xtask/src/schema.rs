//! `cargo xtask schema`: writes anew what is generated from the code and committed: both databases' schemas, the pages of
//! states and moves, and every other snapshot. What changed is then read in the diff.

use crate::postgres::{self, Cluster, Disk};
use crate::shell::{self, Outcome};

/// Runs the tests that compare, told to write instead.
pub fn task() -> Outcome {
    let cluster = Cluster::start(Disk::Throwaway)?;
    let mut command = shell::cargo();
    command.args(["test", "--locked", "--workspace", "--exclude", "xtask", "--tests", "--no-fail-fast"]);
    command.env(postgres::URL_VARIABLE, cluster.url()?);
    command.env("INSTA_UPDATE", "always").env("INSTA_FORCE_PASS", "1").env("PLACEWELL_WRITE_RULES", "1");
    shell::run(&mut command)
}

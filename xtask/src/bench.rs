//! `cargo xtask bench NAME`: builds what a measure needs and runs it; its rivals it starts itself.

use crate::postgres::{Cluster, Disk, URL_VARIABLE};
use crate::shell::{self, Outcome};
use crate::{frontend, need};
use std::process::Command;

/// What a measure needs beside its own program.
struct Bench {
    name: &'static str,
    /// The product's release executable.
    product: bool,
    /// A PostgreSQL of its own whose commits reach the disk.
    cluster: bool,
}

/// Every measure, in the order of its target.
const BENCHES: &[Bench] = &[
    Bench { name: "awards", product: true, cluster: true },
    Bench { name: "pages", product: true, cluster: false },
    Bench { name: "forecast", product: false, cluster: false },
    Bench { name: "search", product: true, cluster: false },
    Bench { name: "footprint", product: true, cluster: false },
    Bench { name: "verify", product: true, cluster: true },
    Bench { name: "import", product: true, cluster: true },
];

/// Runs one measure.
pub fn task(arguments: &[String]) -> Outcome {
    let names: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
    let [name] = arguments else { return Err(format!("bench takes one name: {}", names.join(", "))) };
    let bench = BENCHES.iter().find(|bench| bench.name == name);
    let bench = bench.ok_or_else(|| format!("there is no bench {name}; there are {}", names.join(", ")))?;
    let mut build = shell::cargo();
    // Both programs in one build, so that they share every crate.
    build.args(["build", "--release", "--locked", "--workspace", "--bin", "placewell-bench"]);
    if bench.product {
        need::compiler()?;
        frontend::task()?;
        build.args(["--bin", "placewell"]);
    }
    shell::run(&mut build)?;
    let mut run = Command::new(shell::target().join("release/placewell-bench"));
    run.arg(bench.name).current_dir(shell::root());
    if !bench.cluster {
        return shell::run(&mut run);
    }
    let cluster = Cluster::start(Disk::Durable)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(need::postgres()?).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).map_err(|error| format!("PATH cannot be set: {error}"))?;
    shell::run(run.env(URL_VARIABLE, cluster.url()?).env("PATH", path))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_help_names_every_measure() {
        let told = crate::HELP.split_once("  bench NAME").and_then(|(_, rest)| rest.split_once("\n  schema"));
        let told = told.map(|(told, _)| told).unwrap_or_default();
        let missing: Vec<&str> =
            super::BENCHES.iter().map(|bench| bench.name).filter(|name| !told.contains(*name)).collect();
        assert!(missing.is_empty(), "{missing:?} in {told}");
    }
}

//! `cargo xtask bench NAME`: builds what a measure needs, starts the database that its rival needs, and runs it.

use crate::postgres::{self, Cluster, Disk};
use crate::shell::{self, Outcome};
use crate::{demo, need};

/// What a measure needs beside its own program.
struct Bench {
    name: &'static str,
    /// The product's release executable.
    product: bool,
    /// A PostgreSQL whose commits reach the disk.
    postgres: bool,
}

/// Every measure, in the order of its target.
const BENCHES: &[Bench] = &[
    Bench { name: "awards", product: true, postgres: true },
    Bench { name: "pages", product: true, postgres: false },
    Bench { name: "search", product: true, postgres: false },
    Bench { name: "footprint", product: true, postgres: false },
];

/// Runs one measure.
pub fn task(arguments: &[String]) -> Outcome {
    let names: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
    let [name] = arguments else { return Err(format!("bench takes one name: {}", names.join(", "))) };
    let bench = BENCHES.iter().find(|bench| bench.name == name);
    let bench = bench.ok_or_else(|| format!("there is no bench {name}; there are {}", names.join(", ")))?;
    if bench.product {
        demo::build()?;
    }
    let mut run = shell::cargo();
    run.args(["run", "--release", "--quiet", "--locked", "-p", "placewell-bench", "--", bench.name]);
    let cluster = if bench.postgres { Some(Cluster::start(Disk::Durable)?) } else { None };
    if let Some(cluster) = &cluster {
        run.env(postgres::URL_VARIABLE, cluster.url()?).env("PLACEWELL_PGBENCH", need::postgres()?.join("pgbench"));
    }
    shell::run(&mut run)
}

//! `cargo xtask bench NAME`: builds what a measure needs and runs it; its rivals it starts itself.

use crate::demo;
use crate::shell::{self, Outcome};

/// What a measure needs beside its own program.
struct Bench {
    name: &'static str,
    /// The product's release executable.
    product: bool,
}

/// Every measure, in the order of its target.
const BENCHES: &[Bench] = &[
    Bench { name: "pages", product: true },
    Bench { name: "search", product: false },
    Bench { name: "footprint", product: true },
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
    shell::run(&mut run)
}

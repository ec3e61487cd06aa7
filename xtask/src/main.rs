//! Placewell's own tools: build, demonstrate, test and tidy, the same for a newcomer and for CI.
//! Plain standard library, so that the first command on a fresh machine starts at once.

#![allow(
    clippy::disallowed_methods,
    reason = "a tool reads the environment and times its steps; the fences are the product's"
)]

mod attack;
mod bench;
mod beside;
mod ci;
mod demo;
mod frontend;
mod fuzz;
mod need;
mod postgres;
mod sbom;
mod schema;
mod shell;
mod snapshots;
mod tally;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask TASK

  demo [--listen 127.0.0.1:8080] [--data demo-data] [--today 2021-09-14T09:00] [--reset]
             build everything and serve the demonstration, on loopback and SQLite; its calendar stands
             still until it is moved on, by --today or by a link
  build      the front end, then target/release/placewell with everything embedded
  frontend   the styles and scripts alone, where something changed
  test [--only STEP]... [--skip STEP]...
             everything CI asks for; steps: fmt, tidy, frontend, lint-and-compile, tests,
             doctests, docs, fuzz, deny, sbom, browser
  ci         a fresh clone of the last commit, and .ci/run in it
  bench NAME one measure beside its rivals, in one run: awards, pages, forecast, search, footprint,
             verify, import
  schema     write anew what is generated and committed: schemas, states and moves, snapshots
  fuzz [--minutes 1] [--seed S] [--planted yes]
             bad input for the readers of files, every form and file, and every operation of the API;
             the planted bugs are the control: a run that misses one fails
  sbom       what the product is built of (CycloneDX), to target/sbom
  attack [--only TOOL]... [--minutes 30] [--person EMAIL] [--planted]
             wapiti, sqlmap and schemathesis against a demonstration, signed in as each of its people; what
             they find fails the run, and holes planted in another build are the control
  tidy       the budgets and habits of ARCHITECTURE.md
  postgres [--keep | --stop]
             start a PostgreSQL for tests on a free port and print its address; with --keep in the
             background (one that runs is used again), with --stop end that one

For example: cargo xtask test --only fmt --only tidy --only lint-and-compile
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> shell::Outcome {
    let Some((task, rest)) = arguments.split_first() else { return Err(HELP.to_owned()) };
    match task.as_str() {
        "demo" => demo::task(rest),
        "test" => test::task(rest),
        "postgres" => postgres::task(rest),
        "bench" => bench::task(rest),
        "fuzz" => fuzz::task(rest),
        "attack" => attack::task(rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other if !rest.is_empty() => Err(format!("{other} takes no options, or is no task\n\n{HELP}")),
        "build" => demo::build(),
        "frontend" => frontend::task(),
        "ci" => ci::task(),
        "schema" => schema::task(),
        "sbom" => sbom::task(),
        "tidy" => tidy::task(),
        other => Err(format!("there is no task {other}\n\n{HELP}")),
    }
}

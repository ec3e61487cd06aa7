//! Placewell's own tools: build, demonstrate, test and tidy, the same for a newcomer and for CI.
//! Plain standard library, so that the first command on a fresh machine starts at once.

#![allow(clippy::disallowed_methods, reason = "a tool reads the environment and times its steps; the fences are the product's")]

mod need;
mod postgres;
mod shell;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask TASK

  postgres [--keep | --stop]
             start a PostgreSQL for tests on a free port and print its address; with --keep in the
             background (one that runs is used again), with --stop end that one
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((task, rest)) => match task.as_str() {
            "postgres" => postgres::task(rest),
            "help" | "--help" | "-h" => {
                print!("{HELP}");
                Ok(())
            }
            other => Err(format!("there is no task {other}\n\n{HELP}")),
        },
        None => Err(HELP.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

//! The commands, each in its file.

pub mod admit;
pub mod appraise;
pub mod decision;
pub mod file;
pub mod history;
pub mod homes;
pub mod init;
pub mod keys;
pub mod maintain;
pub mod postcodes;
pub mod serve;
pub mod token;

/// Enough that a long list which one of them reads from SQLite keeps nobody waiting: the system shares out processors.
const WORKERS: usize = 4;

/// Runs a command to its end on the async runtime.
pub fn on_runtime<T>(command: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let workers = std::thread::available_parallelism().map_or(WORKERS, |processors| processors.get().max(WORKERS));
    tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?.block_on(command)
}

/// An app's outcome as an error of the command line.
pub fn told(outcome: placewell_app::Outcome) -> anyhow::Error {
    use placewell_app::Outcome;
    match outcome {
        Outcome::Refused(refusal) => {
            anyhow::anyhow!(
                "{} Rule: {}. Who can change it: {}.",
                refusal.sentence,
                refusal.rule,
                refusal.who_can_change
            )
        }
        Outcome::Invalid(invalid) => {
            let lines: Vec<_> =
                invalid.errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect();
            anyhow::anyhow!("{}", lines.join("\n"))
        }
        Outcome::NotFound => anyhow::anyhow!("not found"),
        other => anyhow::anyhow!("{other:?}"),
    }
}

/// Prints a line; a reader who has gone away (`| head`) ends the command quietly.
pub fn say(line: &str) -> anyhow::Result<()> {
    use std::io::Write;
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        written => Ok(written?),
    }
}

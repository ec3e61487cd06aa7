//! `cargo xtask build` and `cargo xtask demo`: from a fresh copy of the project to the one executable,
//! and to a demonstration that serves on loopback.

use crate::shell::{self, Outcome};
use crate::{frontend, need};
use std::process::Command;

/// Where the demonstration listens when nobody says otherwise.
const LISTEN: &str = "127.0.0.1:8080";
/// Where its database goes, below the workspace's root; git ignores it.
const DATA: &str = "demo-data";

/// The front end, then the release executable with everything embedded.
pub fn build() -> Outcome {
    prerequisites()?;
    frontend::task()?;
    shell::run(shell::cargo().args(["build", "--release", "--locked", "-p", "placewell"]))
}

/// Builds and serves the demonstration until it is stopped.
pub fn task(arguments: &[String]) -> Outcome {
    let options = options(arguments)?;
    build()?;
    let mut demo = Command::new(shell::target().join("release/placewell"));
    demo.args(["demo", "--listen", &options.listen, "--data", &options.data]).current_dir(shell::root());
    if let Some(today) = &options.today {
        demo.args(["--today", today]);
    }
    if options.reset {
        demo.arg("--reset");
    }
    shell::run(&mut demo)
}

/// Every missing prerequisite at once, a line for each.
fn prerequisites() -> Outcome {
    let missing: Vec<String> = [need::node(), need::compiler()].into_iter().filter_map(Result::err).collect();
    if missing.is_empty() { Ok(()) } else { Err(missing.join("\n")) }
}

#[derive(Debug, PartialEq, Eq)]
struct Options {
    listen: String,
    data: String,
    /// Where the demonstration's calendar is moved to.
    today: Option<String>,
    /// Whether it is thrown away and filled anew.
    reset: bool,
}

fn options(arguments: &[String]) -> Outcome<Options> {
    let mut options = Options { listen: LISTEN.to_owned(), data: DATA.to_owned(), today: None, reset: false };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word == "--reset" {
            options.reset = true;
            continue;
        }
        let value = words.next().ok_or_else(|| format!("{word} needs a value"))?.clone();
        match word.as_str() {
            "--listen" => options.listen = value,
            "--data" => options.data = value,
            "--today" => options.today = Some(value),
            other => {
                return Err(format!(
                    "demo takes --listen ADDRESS, --data FOLDER, --today 2021-09-14T09:00 and --reset, not {other}"
                ));
            }
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::{DATA, LISTEN, Options, options};

    fn given(words: &[&str]) -> Result<Options, String> {
        options(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_demonstration_listens_on_loopback_unless_told_otherwise() {
        assert_eq!(given(&[]), Ok(Options { listen: LISTEN.into(), data: DATA.into(), today: None, reset: false }));
        let all =
            given(&["--data", "elsewhere", "--reset", "--listen", "127.0.0.1:9000", "--today", "2021-09-14T09:00"]);
        let (listen, data, today) = ("127.0.0.1:9000".into(), "elsewhere".into(), Some("2021-09-14T09:00".into()));
        assert_eq!(all, Ok(Options { listen, data, today, reset: true }));
    }

    #[test]
    fn an_option_that_is_unknown_or_has_no_value_is_named() {
        assert!(given(&["--lisen", "x"]).is_err_and(|message| message.contains("--lisen")));
        assert!(given(&["--listen"]).is_err_and(|message| message.contains("--listen needs")));
    }
}

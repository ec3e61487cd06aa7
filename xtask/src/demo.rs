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
}

fn options(arguments: &[String]) -> Outcome<Options> {
    let mut options = Options { listen: LISTEN.to_owned(), data: DATA.to_owned() };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let place = match word.as_str() {
            "--listen" => &mut options.listen,
            "--data" => &mut options.data,
            other => return Err(format!("demo takes --listen ADDRESS and --data FOLDER, not {other}")),
        };
        place.clone_from(words.next().ok_or_else(|| format!("{word} needs a value"))?);
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
        assert_eq!(given(&[]), Ok(Options { listen: LISTEN.into(), data: DATA.into() }));
        let both = given(&["--data", "elsewhere", "--listen", "127.0.0.1:9000"]);
        assert_eq!(both, Ok(Options { listen: "127.0.0.1:9000".into(), data: "elsewhere".into() }));
    }

    #[test]
    fn an_option_that_is_unknown_or_has_no_value_is_named() {
        assert!(given(&["--lisen", "x"]).is_err_and(|message| message.contains("--lisen")));
        assert!(given(&["--listen"]).is_err_and(|message| message.contains("--listen needs")));
    }
}

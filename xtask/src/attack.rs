//! `cargo xtask attack`: wapiti, sqlmap and schemathesis against a demonstration of its own on loopback, signed in as each of
//! its people, bounded in time. What they find fails the run; with `--planted` the same attackers must find the holes that
//! are planted in another build.

mod browser;
mod report;
mod server;
mod tools;

use crate::shell::{self, Outcome};
use report::Finding;
use server::{Person, Server};
use std::path::PathBuf;
use std::time::Duration;
use tools::{TOOLS, Tool};

/// How long all of it takes where nobody says otherwise.
const MINUTES: f64 = 30.0;
/// The least that one attacker is given for one person.
const LEAST: Duration = Duration::from_secs(20);

/// What somebody asked for.
#[derive(Debug, PartialEq)]
struct Options {
    only: Vec<String>,
    minutes: f64,
    planted: bool,
    /// One of the people alone.
    person: Option<String>,
}

/// Runs the attackers that were chosen.
pub fn task(arguments: &[String]) -> Outcome {
    let options = options(arguments)?;
    let chosen: Vec<&Tool> = TOOLS
        .iter()
        .filter(|tool| options.only.is_empty() || options.only.iter().any(|name| name == tool.name))
        .collect();
    tools::install()?;
    let program = program(options.planted)?;
    let server = Server::start(&program)?;
    let mut people = server.people()?;
    if let Some(email) = &options.person {
        people.retain(|one| one == email);
    }
    if options.planted {
        people.truncate(1); // one of them is enough to see that the attackers see
    }
    if people.is_empty() {
        return Err("the demonstration has no such person".to_owned());
    }
    let runs = people.len() * chosen.len();
    let most = Duration::from_secs_f64(options.minutes * 60.0 / f64::from(u32::try_from(runs).unwrap_or(1)));
    let most = most.max(LEAST);
    let mut found = Vec::new();
    for email in &people {
        let person = server.sign_in(email)?;
        for tool in &chosen {
            found.extend(attack(tool, &server, &person, most)?);
        }
    }
    if !server.is_well() {
        return Err("the server does not answer any more".to_owned());
    }
    conclude(&found, &chosen, options.planted)
}

fn attack(tool: &Tool, server: &Server, person: &Person, most: Duration) -> Outcome<Vec<Finding>> {
    let run = (tool.run)(server, person, most)?;
    println!("{:13} {:45} {:5} asked  {} found", tool.name, person.email, run.asked, run.found.len());
    if run.asked == 0 {
        return Err(format!("{} asked nothing as {}: {}", tool.name, person.email, run.log.display()));
    }
    Ok(run.found)
}

/// Nothing is to be found; of planted holes, each.
fn conclude(found: &[Finding], chosen: &[&Tool], planted: bool) -> Outcome {
    let mut distinct: Vec<String> = found.iter().map(ToString::to_string).collect();
    distinct.sort();
    distinct.dedup();
    if !planted {
        return if distinct.is_empty() {
            Ok(())
        } else {
            Err(format!("{} findings:\n{}", distinct.len(), distinct.join("\n")))
        };
    }
    let holes = chosen.iter().flat_map(|tool| tool.holes.iter().map(|hole| (tool.name, *hole)));
    let missed: Vec<String> = holes
        .filter(|(tool, (what, place))| {
            !found.iter().any(|one| one.tool == *tool && one.what.contains(what) && one.place.contains(place))
        })
        .map(|(tool, (what, place))| format!("{tool} missed {what} at {place}"))
        .collect();
    println!("{}", distinct.join("\n"));
    if missed.is_empty() { Ok(()) } else { Err(missed.join("\n")) }
}

/// The executable to attack: `PLACEWELL_BIN`, or the one built here. The other build's features stay in it alone.
fn program(planted: bool) -> Outcome<PathBuf> {
    if let Some(named) = std::env::var_os("PLACEWELL_BIN") {
        return Ok(PathBuf::from(named));
    }
    crate::need::compiler()?;
    crate::frontend::task()?;
    let mut build = shell::cargo();
    build.args(["build", "--locked", "--workspace", "--bin", "placewell"]);
    if planted {
        build.args(["--features", "placewell/planted-holes"]);
    }
    shell::run(&mut build)?;
    let (built, own) = (shell::target().join("debug/placewell"), tools::folder().join("placewell-attacked"));
    std::fs::copy(&built, &own).map_err(|error| format!("{}: {error}", own.display()))?;
    Ok(own)
}

fn options(arguments: &[String]) -> Outcome<Options> {
    let mut options = Options { only: Vec::new(), minutes: MINUTES, planted: false, person: None };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().cloned().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--planted" => options.planted = true,
            "--person" => options.person = Some(value()?),
            "--minutes" => {
                let text = value()?;
                let minutes = text.parse().ok().filter(|minutes| (0.1..=600.0).contains(minutes));
                options.minutes = minutes.ok_or_else(|| format!("{text} is no number of minutes"))?;
            }
            "--only" => {
                let name = value()?;
                let names: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
                if !names.contains(&name.as_str()) {
                    return Err(format!("there is no attacker {name}; there are {}", names.join(", ")));
                }
                options.only.push(name);
            }
            other => {
                return Err(format!(
                    "attack takes --only TOOL, --minutes N, --person EMAIL and --planted, not {other}"
                ));
            }
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(words: &[&str]) -> Outcome<Options> {
        options(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    fn found(tool: &'static str, what: &str, place: &str) -> Finding {
        Finding { tool, what: what.to_owned(), place: place.to_owned() }
    }

    #[test]
    fn attackers_are_chosen_by_name_and_bounded_in_time() {
        let all = given(&["--only", "sqlmap", "--minutes", "2", "--planted"]).unwrap();
        assert_eq!((all.only, all.minutes, all.planted), (vec!["sqlmap".to_owned()], 2.0, true));
        assert!(given(&["--only", "nmap"]).unwrap_err().contains("wapiti, sqlmap, schemathesis"));
        assert!(given(&["--minutes", "soon"]).is_err() && given(&["--minutes"]).is_err() && given(&["--all"]).is_err());
    }

    #[test]
    fn one_finding_fails_a_run_and_one_missed_hole_fails_the_control() {
        let tools: Vec<&Tool> = TOOLS.iter().collect();
        assert_eq!(conclude(&[], &tools, false), Ok(()));
        let one = found("wapiti", "Cross Site Scripting", "/help?words=1");
        assert!(conclude(&[one], &tools, false).unwrap_err().contains("/help?words=1"));
        let all: Vec<Finding> = TOOLS
            .iter()
            .flat_map(|tool| tool.holes.iter().map(|(what, place)| found(tool.name, what, place)))
            .collect();
        assert_eq!(conclude(&all, &tools, true), Ok(()));
        for missed in 0..all.len() {
            let rest: Vec<Finding> =
                all.iter().enumerate().filter(|(index, _)| *index != missed).map(|(_, one)| one.clone()).collect();
            assert!(conclude(&rest, &tools, true).unwrap_err().contains("missed"));
        }
    }
}

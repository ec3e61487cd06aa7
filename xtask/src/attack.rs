//! `cargo xtask attack`: wapiti, sqlmap and schemathesis against a demonstration of its own on loopback, signed in as each of
//! its people, bounded in time. What they find fails the run; with `--planted` the same attackers must find the holes that
//! are planted in another build.

mod browser;
mod report;
mod schedule;
mod server;
mod tools;

use crate::shell::{self, Outcome};
use report::Finding;
use schedule::{Pair, Schedule};
use server::Server;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tools::{TOOLS, Tool, Turn};

/// How long all of it takes where nobody says otherwise.
const MINUTES: f64 = 30.0;

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
    let field = Field { server: &server, people: &people, chosen: &chosen };
    let mut course = field.all(Duration::from_secs_f64(options.minutes * 60.0));
    if !server.is_well() {
        course.missed.push("the server does not answer any more".to_owned());
    }
    conclude(&course.found, &course.missed, &chosen, options.planted)
}

/// Who attacks whom.
struct Field<'a> {
    server: &'a Server,
    people: &'a [String],
    chosen: &'a [&'a Tool],
}

/// How far it has come.
struct Course {
    schedule: Schedule,
    made: usize,
    found: Vec<Finding>,
    /// What was to be asked and was not, each with its reason.
    missed: Vec<String>,
}

impl Field<'_> {
    /// Every attacker as every person, as far as the time goes.
    fn all(&self, whole: Duration) -> Course {
        let start = Instant::now();
        let schedule = Schedule::new(self.people.len(), self.chosen.len(), whole);
        let lanes = schedule.lanes;
        let course = Mutex::new(Course { schedule, made: 0, found: Vec::new(), missed: Vec::new() });
        std::thread::scope(|scope| {
            for _lane in 0..lanes {
                scope.spawn(|| {
                    while let Some((pair, most)) = next(&course, whole.saturating_sub(start.elapsed())) {
                        let ended = self.attack(pair, most);
                        self.note(&mut locked(&course), pair, ended);
                    }
                });
            }
        });
        let mut course = course.into_inner().unwrap_or_else(PoisonError::into_inner);
        let waiting: Vec<String> =
            course.schedule.waiting().map(|pair| format!("{}: not enough time", self.name(*pair))).collect();
        course.missed.extend(waiting);
        println!("{} turns were made in {} minutes", course.made, start.elapsed().as_secs().div_ceil(60));
        course
    }

    /// One turn; an attacker that asked nothing says why.
    fn attack(&self, pair: Pair, most: Duration) -> Outcome<Vec<Finding>> {
        let (tool, name, start) = (self.chosen[pair.tool], self.name(pair), Instant::now());
        let folder = tools::turn(tool.name, pair.person)?;
        let person = self.server.sign_in(&self.people[pair.person])?;
        let run = (tool.run)(&Turn { server: self.server, person: &person, folder: &folder, most })?;
        let took = start.elapsed();
        println!("{name:60} {:5} asked  {} found  {} s", run.asked, run.found.len(), took.as_secs());
        if run.asked == 0 && run.found.is_empty() {
            // An attacker that ends by its own limit leaves a part of its time.
            let why = if took * 2 >= most { "not enough time" } else { "it asked nothing" };
            return Err(format!("{why}, see {}", run.log.display()));
        }
        if run.found.is_empty() {
            let _gone = std::fs::remove_dir_all(&folder);
        }
        Ok(run.found)
    }

    /// Keeps what came of a turn; a pair that asked nothing has one more.
    fn note(&self, course: &mut Course, pair: Pair, ended: Outcome<Vec<Finding>>) {
        course.made += 1;
        match ended {
            Ok(found) => course.found.extend(found),
            Err(why) if !pair.again => {
                println!("{}: {why}; once more after the others", self.name(pair));
                course.schedule.again(pair);
            }
            Err(why) => course.missed.push(format!("{}: {why}", self.name(pair))),
        }
    }

    fn name(&self, pair: Pair) -> String {
        format!("{} as {}", self.chosen[pair.tool].name, self.people[pair.person])
    }
}

fn locked(course: &Mutex<Course>) -> MutexGuard<'_, Course> {
    course.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The next turn, where the course is held no longer than it takes to look.
fn next(course: &Mutex<Course>, left: Duration) -> Option<(Pair, Duration)> {
    locked(course).schedule.take(left)
}

/// Nothing is to be found, and nothing to be left unasked; of planted holes, each is to be found.
fn conclude(found: &[Finding], missed: &[String], chosen: &[&Tool], planted: bool) -> Outcome {
    let mut distinct: Vec<String> = found.iter().map(ToString::to_string).collect();
    distinct.sort();
    distinct.dedup();
    let mut wrong = Vec::new();
    if planted {
        println!("{}", distinct.join("\n"));
        let holes = chosen.iter().flat_map(|tool| tool.holes.iter().map(|hole| (tool.name, *hole)));
        let unseen = holes.filter(|(tool, (what, place))| {
            !found.iter().any(|one| one.tool == *tool && one.what.contains(what) && one.place.contains(place))
        });
        wrong.extend(unseen.map(|(tool, (what, place))| format!("{tool} missed {what} at {place}")));
    } else if !distinct.is_empty() {
        wrong.push(format!("{} findings:\n{}", distinct.len(), distinct.join("\n")));
    }
    if !missed.is_empty() {
        wrong.push(format!("{} not asked:\n{}", missed.len(), missed.join("\n")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
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
        assert_eq!(conclude(&[], &[], &tools, false), Ok(()));
        let one = found("wapiti", "Cross Site Scripting", "/help?words=1");
        assert!(conclude(&[one], &[], &tools, false).unwrap_err().contains("/help?words=1"));
        let all: Vec<Finding> = TOOLS
            .iter()
            .flat_map(|tool| tool.holes.iter().map(|(what, place)| found(tool.name, what, place)))
            .collect();
        assert_eq!(conclude(&all, &[], &tools, true), Ok(()));
        for missed in 0..all.len() {
            let rest: Vec<Finding> =
                all.iter().enumerate().filter(|(index, _)| *index != missed).map(|(_, one)| one.clone()).collect();
            assert!(conclude(&rest, &[], &tools, true).unwrap_err().contains("missed"));
        }
    }

    #[test]
    fn an_attacker_that_never_asked_as_somebody_fails_a_run_and_hides_no_finding() {
        let (tools, missed): (Vec<&Tool>, _) =
            (TOOLS.iter().collect(), ["sqlmap as a@b.example: not enough time".to_owned()]);
        assert!(conclude(&[], &missed, &tools, false).unwrap_err().contains("not enough time"));
        let both = conclude(&[found("wapiti", "Open Redirect", "/go")], &missed, &tools, false).unwrap_err();
        assert!(both.contains("1 findings") && both.contains("1 not asked"), "{both}");
    }
}

//! `cargo xtask test`: everything that CI asks for, in the order that fails soonest, with the minutes of each
//! step. It ends with the test runner's own closing line and a plain count over all rings.

use crate::postgres::{self, Cluster, Disk};
use crate::shell::{self, Outcome, Scratch};
use crate::tally::{self, Parse, Tally};
use crate::{beside, frontend, fuzz, need, sbom, snapshots, tidy};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// What one step adds to the count; most add nothing.
type Step = fn(&mut Run) -> Outcome;

/// Every step by name, in order. `--only` and `--skip` take these names.
const STEPS: &[(&str, Step)] = &[
    ("fmt", |_| shell::run(shell::cargo().args(["fmt", "--all", "--check"]))),
    ("tidy", |_| tidy::task()),
    ("frontend", |_| frontend::task()),
    ("lint-and-compile", |_| compile()),
    ("tests", tests),
    ("doctests", doctests),
    ("docs", |_| {
        // Documenting checks the crates anew, whatever was built of them: without lints, that is less.
        let mut docs = shell::cargo();
        docs.args(["doc", "--locked", "--no-deps", "--workspace"]).env("RUSTDOCFLAGS", "-D warnings");
        shell::run(&mut docs)
    }),
    ("deny", |_| {
        need::deny()?;
        shell::run(shell::cargo().args(["deny", "--log-level", "warn", "check", "licenses", "bans", "sources"]))?;
        advisories()
    }),
    ("sbom", |_| sbom::task()),
    ("fuzz", |_| {
        compile()?;
        let scratch = Scratch::new()?;
        fuzz::run(&["--planted", "yes", "--minutes", "1"].map(str::to_owned), scratch.folder())?;
        fuzz::run(&["--minutes".to_owned(), "3".to_owned()], scratch.folder())
    }),
    ("browser", browser),
];

/// Steps that run beside each other, each lane in its order. Fuzzing takes its minutes on little more than one
/// processor; the others fit beside it, with what waits for the network last. The fuzzer's own building is done before
/// anything documents.
const LANES: &[&[&str]] = &[&["doctests", "docs", "deny", "sbom"], &["fuzz"]];

/// The environment variable by which the tests know that all are of one run: what one executable fills, the others copy.
const RUN_VARIABLE: &str = "PLACEWELL_TEST_RUN";

/// What the steps so far have found out.
#[derive(Default)]
struct Run {
    minutes: Vec<(&'static str, Duration)>,
    tally: Tally,
    /// The test runner's own last line.
    closing: Option<String>,
}

/// Runs the chosen steps; the first that fails ends the run, after the minutes and the count.
pub fn task(arguments: &[String]) -> Outcome {
    let start = Instant::now();
    let names: Vec<&'static str> = STEPS.iter().map(|(name, _)| *name).collect();
    let chosen = choose(&names, arguments)?;
    let mut run = Run::default();
    let mut outcome = Ok(());
    for lanes in turns(&chosen) {
        outcome = match lanes.as_slice() {
            [lane] => lane.iter().try_for_each(|&name| alone(name, &mut run)),
            several => together(several, &mut run),
        };
        if outcome.is_err() {
            break;
        }
    }
    close(&run, start.elapsed());
    outcome
}

/// What is chosen, turn by turn: the lanes that run beside each other, of most turns one with one step.
fn turns<'a>(chosen: &[&'a str]) -> Vec<Vec<Vec<&'a str>>> {
    let mut turns: Vec<Vec<Vec<&'a str>>> = Vec::new();
    for &name in chosen {
        if turns.iter().flatten().flatten().any(|known| *known == name) {
            continue;
        }
        if LANES.iter().any(|lane| lane.contains(&name)) {
            let own = |lane: &&[&str]| chosen.iter().copied().filter(|one| lane.contains(one)).collect::<Vec<_>>();
            turns.push(LANES.iter().map(own).filter(|lane| !lane.is_empty()).collect());
        } else {
            turns.push(vec![vec![name]]);
        }
    }
    turns
}

/// Runs one step, with its output as it comes.
fn alone(name: &'static str, run: &mut Run) -> Outcome {
    let found = STEPS.iter().find(|(known, _)| *known == name);
    let (_, step) = found.ok_or_else(|| format!("there is no step {name}"))?;
    println!("== {name}");
    let start = Instant::now();
    let outcome = step(run).map_err(|error| format!("{name}: {error}"));
    run.minutes.push((name, start.elapsed()));
    outcome
}

/// Runs lanes of steps beside each other, each told whole when it ends; the first that failed is what went wrong.
fn together(lanes: &[Vec<&'static str>], run: &mut Run) -> Outcome {
    let shown: Vec<String> = lanes.iter().map(|lane| lane.join(", ")).collect();
    println!("== beside each other: {}", shown.join("; "));
    let mut outcome = Ok(());
    beside::run(lanes, beside::by_itself, |ended| {
        print!("{}", ended.said);
        run.minutes.push((ended.name, ended.time));
        run.tally = run.tally.and(ended.tally);
        if outcome.is_ok() {
            outcome = ended.outcome;
        }
    });
    outcome
}

fn close(run: &Run, time: Duration) {
    println!("{}", beside::MINUTES);
    for (name, time) in &run.minutes {
        println!("{:>6.1}  {name}", time.as_secs_f64() / 60.0);
    }
    println!("{:>6.1}  in all", time.as_secs_f64() / 60.0);
    if let Some(line) = &run.closing {
        println!("{line}");
    }
    if run.tally != Tally::default() {
        println!("{}", run.tally);
    }
}

/// The steps that the options leave, in their own order.
fn choose<'a>(names: &[&'a str], arguments: &[String]) -> Outcome<Vec<&'a str>> {
    let (mut only, mut skip) = (Vec::new(), Vec::new());
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let list = match word.as_str() {
            "--only" => &mut only,
            "--skip" => &mut skip,
            other => return Err(format!("test takes --only STEP and --skip STEP, not {other}")),
        };
        let name = words.next().ok_or_else(|| format!("{word} needs a step: {}", names.join(", ")))?;
        if !names.contains(&name.as_str()) {
            return Err(format!("there is no step {name}; the steps are {}", names.join(", ")));
        }
        list.push(name.as_str());
    }
    let kept = |name: &&str| (only.is_empty() || only.contains(name)) && !skip.contains(name);
    Ok(names.iter().copied().filter(kept).collect())
}

/// Known weaknesses of what the product is built of, where the list of them can be reached.
fn advisories() -> Outcome {
    let mut check = shell::cargo();
    match shell::capture(check.args(["deny", "--log-level", "warn", "check", "advisories"])) {
        Ok(_) => Ok(()),
        Err(error)
            if error.contains("failed to fetch advisory database")
                || error.contains("failed to load advisory database") =>
        {
            println!(
                "== NOT CHECKED: the list of known weaknesses cannot be reached from here; run this where it can be"
            );
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Lints and builds every target at once, with the one feature set that all later steps find ready.
fn compile() -> Outcome {
    need::compiler()?;
    need::poppler()?;
    shell::run(need::linting_cargo()?.args(["build", "--locked", "--workspace", "--all-targets"]))
}

/// Rings one to four: all Rust tests, on SQLite and on a PostgreSQL of their own.
fn tests(run: &mut Run) -> Outcome {
    let cluster = Cluster::start(Disk::Throwaway)?;
    let references = snapshots::References::fresh()?;
    let scratch = Scratch::new()?;
    let mut command = need::linting_cargo()?;
    command.env("TMPDIR", scratch.folder());
    let nextest = need::nextest();
    let (words, parse) = runner(nextest);
    command.args(words);
    if nextest {
        // Half as many again as cores: a test waits for its database now and then.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        command.arg("--test-threads").arg((cores + cores.div_ceil(2)).to_string());
    }
    command.env(postgres::URL_VARIABLE, cluster.url()?).env("INSTA_UPDATE", "no");
    command.env(RUN_VARIABLE, std::process::id().to_string());
    command.env(snapshots::REFERENCES_VARIABLE, references.file());
    let outcome = tally::watch(&mut command, parse, &mut run.tally, &mut run.closing);
    drop(cluster);
    outcome?;
    references.check()
}

/// What cargo is asked to run the tests, and what counts its lines: cargo-nextest where it is there, else `cargo test`.
fn runner(nextest: bool) -> (&'static [&'static str], Parse) {
    if nextest {
        let words = &["nextest", "run", "--locked", "--workspace", "--no-fail-fast", "--status-level", "slow"];
        (words, tally::nextest)
    } else {
        (&["test", "--locked", "--workspace", "--tests", "--no-fail-fast"], tally::cargo_test)
    }
}

fn doctests(run: &mut Run) -> Outcome {
    let mut command = need::linting_cargo()?;
    command.args(["test", "--locked", "--workspace", "--doc"]);
    tally::watch(&mut command, tally::cargo_test, &mut run.tally, &mut None)
}

/// Writes one file for each sample of each page, by the example that was built with all else; gives their folder.
fn samples() -> Outcome<PathBuf> {
    let folder = shell::target().join("samples");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let program = shell::target().join("debug/examples/samples");
    shell::run(Command::new(program).arg(&folder))?;
    Ok(folder)
}

/// Ring five: the journeys in a browser, against the executable that the tests were built with.
fn browser(run: &mut Run) -> Outcome {
    let chromium = need::chromium()?;
    need::packages(&shell::root().join("browser"))?;
    frontend::task()?;
    compile()?;
    let samples = samples()?;
    let scratch = Scratch::new()?;
    let mut command = shell::command("node");
    command.env("TMPDIR", scratch.folder());
    command.arg("browser/run.mjs").env("PLACEWELL_CHROMIUM", chromium).env("PLACEWELL_SAMPLES", samples);
    command.env("PLACEWELL_BIN", shell::target().join("debug/placewell"));
    tally::watch(&mut command, tally::plain, &mut run.tally, &mut None)
}

#[cfg(test)]
mod tests {
    use super::{LANES, STEPS, Tally, choose, runner, turns};

    fn given(words: &[&str]) -> Result<Vec<&'static str>, String> {
        let names: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        choose(&names, &words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn without_options_every_step_runs() {
        assert_eq!(given(&[]).map(|steps| steps.len()), Ok(STEPS.len()));
    }

    #[test]
    fn what_fails_soonest_runs_first_and_the_browser_last() {
        let names: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        assert_eq!((names.first(), names.last()), (Some(&"fmt"), Some(&"browser")), "{names:?}");
    }

    #[test]
    fn only_and_skip_choose_steps_and_keep_their_order() {
        assert_eq!(given(&["--only", "tests", "--only", "fmt"]), Ok(vec!["fmt", "tests"]));
        assert_eq!(given(&["--skip", "deny"]).map(|steps| steps.contains(&"deny")), Ok(false));
    }

    #[test]
    fn steps_of_the_lanes_have_one_turn_and_every_other_step_its_own() {
        let all = given(&[]).unwrap_or_default();
        let whole = turns(&all);
        assert_eq!(whole.iter().flatten().flatten().copied().collect::<Vec<_>>(), all);
        assert_eq!(whole.iter().filter(|lanes| lanes.len() > 1).collect::<Vec<_>>(), [LANES]);
        let some = turns(&["tests", "docs", "fuzz", "browser"]);
        assert_eq!(some, [vec![vec!["tests"]], vec![vec!["docs"], vec!["fuzz"]], vec![vec!["browser"]]]);
        assert_eq!(turns(&["docs", "sbom"]), [[["docs", "sbom"]]]);
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_list() {
        assert!(
            given(&["--only", "brwoser"])
                .is_err_and(|message| message.contains("brwoser") && message.contains("lint-and-compile"))
        );
    }

    #[test]
    fn without_nextest_cargo_s_own_runner_runs_the_same_tests_and_is_counted() {
        let lines = [
            ("nextest", "     Summary [   1.234s] 3 tests run: 2 passed, 1 failed, 0 skipped"),
            ("test", "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out"),
        ];
        for (has_nextest, (own, other)) in [(true, (0, 1)), (false, (1, 0))] {
            let (words, count) = runner(has_nextest);
            assert_eq!(words.first(), Some(&lines[own].0));
            assert!(["--locked", "--workspace", "--no-fail-fast"].iter().all(|word| words.contains(word)), "{words:?}");
            assert_eq!(count(lines[own].1), Some(Tally { passed: 2, failed: 1 }));
            assert_eq!(count(lines[other].1), None);
        }
    }
}

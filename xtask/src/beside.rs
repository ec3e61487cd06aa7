//! Steps beside each other: each is a run of this program of its own, told in one piece when it ends.

use crate::shell::{self, Outcome};
use crate::tally::{self, Tally};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// What a run says between the output of its steps and their minutes and count.
pub const MINUTES: &str = "== minutes";

/// How a step ended, and what it said until then.
pub struct Ended {
    pub name: &'static str,
    pub time: Duration,
    pub said: String,
    pub tally: Tally,
    pub outcome: Outcome,
}

/// Runs lanes beside each other, the steps of each in their order; `tell` is given every step as it ends. After one that fails
/// no other begins, and what runs beside it comes to its end.
pub fn run(lanes: &[Vec<&'static str>], step: impl Fn(&'static str) -> Ended + Sync, mut tell: impl FnMut(Ended)) {
    let failed = AtomicBool::new(false);
    let (sender, ended) = mpsc::channel();
    std::thread::scope(|scope| {
        for lane in lanes {
            let (sender, failed, step) = (sender.clone(), &failed, &step);
            scope.spawn(move || {
                for &name in lane {
                    if failed.load(Ordering::SeqCst) {
                        return;
                    }
                    let one = step(name);
                    failed.fetch_or(one.outcome.is_err(), Ordering::SeqCst);
                    let _heard = sender.send(one);
                }
            });
        }
        drop(sender);
        for one in ended {
            tell(one);
        }
    });
}

/// One step as a run of its own.
pub fn by_itself(name: &'static str) -> Ended {
    let start = Instant::now();
    // By its path: the step that compiles all puts the same program in its own place.
    let program = std::env::args_os().next().unwrap_or_default();
    let (text, outcome) = shell::recorded(Command::new(program).args(["test", "--only", name]));
    ended(name, start.elapsed(), &text, outcome)
}

/// Parts what a run printed: of one that went well, its minutes are told with those of the others.
fn ended(name: &'static str, time: Duration, text: &str, outcome: Outcome) -> Ended {
    let (said, end) = text.rsplit_once(MINUTES).unwrap_or((text, ""));
    let said = if outcome.is_ok() { said } else { text };
    let tally = end.lines().filter_map(tally::plain).fold(Tally::default(), Tally::and);
    let outcome = outcome.map_err(|error| format!("{name}: {error}, as told above"));
    Ended { name, time, said: said.to_owned(), tally, outcome }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::{Barrier, Mutex};

    #[test]
    fn after_a_step_that_fails_no_other_begins_and_what_ran_beside_it_is_told() {
        let (begun, both_begun, failure_told) = (Mutex::new(Vec::new()), Barrier::new(2), Barrier::new(2));
        let step = |name: &'static str| {
            begun.lock().unwrap().push(name);
            both_begun.wait();
            if name == "fuzz" {
                failure_told.wait();
            }
            let outcome = if name == "doctests" { Err("broken".to_owned()) } else { Ok(()) };
            ended(name, Duration::ZERO, "", outcome)
        };
        let mut told = Vec::new();
        run(&[vec!["doctests", "docs"], vec!["fuzz", "deny"]], step, |one| {
            if one.outcome.is_err() {
                failure_told.wait();
            }
            told.push((one.name, one.outcome));
        });
        let mut begun = begun.into_inner().unwrap();
        begun.sort_unstable();
        assert_eq!(begun, ["doctests", "fuzz"]);
        assert_eq!(told, [("doctests", Err("doctests: broken, as told above".to_owned())), ("fuzz", Ok(()))]);
    }

    #[test]
    fn every_step_of_every_lane_runs_in_its_order() {
        let mut told = Vec::new();
        let lanes = [vec!["doctests", "docs"], vec!["fuzz", "deny"]];
        run(&lanes, |name| ended(name, Duration::ZERO, "", Ok(())), |one| told.push(one.name));
        for lane in lanes {
            let own: Vec<&str> = told.iter().copied().filter(|name| lane.contains(name)).collect();
            assert_eq!(own, lane);
        }
    }

    #[test]
    fn what_a_run_says_at_its_end_is_counted_and_told_only_where_it_failed() {
        let text = "== doctests\nall well\n== minutes\n   0.1  doctests\n   0.1  in all\n7 passed, 2 failed\n";
        let well = ended("doctests", Duration::ZERO, text, Ok(()));
        assert_eq!((well.said.as_str(), well.tally), ("== doctests\nall well\n", Tally { passed: 7, failed: 2 }));
        let badly = ended("doctests", Duration::ZERO, text, Err("it failed".to_owned()));
        assert_eq!((badly.said.as_str(), badly.tally), (text, Tally { passed: 7, failed: 2 }));
        let cut = ended("docs", Duration::ZERO, "== docs\n", Err("killed".to_owned()));
        assert_eq!((cut.said.as_str(), cut.tally), ("== docs\n", Tally::default()));
    }
}

//! Counts tests from the lines that test runners close with, while their output passes through unchanged.

use crate::shell::{self, Outcome};
use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::Command;

/// How many tests passed and failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
}

impl Tally {
    /// Both together.
    pub fn and(self, more: Self) -> Self {
        Self { passed: self.passed + more.passed, failed: self.failed + more.failed }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Reads a closing line, or says that this line is none.
pub type Parse = fn(&str) -> Option<Tally>;

/// Runs a test runner, passes on what it prints and adds up its closing lines; the last one is kept.
pub fn watch(command: &mut Command, parse: Parse, tally: &mut Tally, closing: &mut Option<String>) -> Outcome {
    let shown = shell::shown(command);
    let (mut child, reader) = shell::piped(command)?;
    let mut counted = false;
    for line in BufReader::new(reader).split(b'\n') {
        let line = line.map_err(|error| format!("reading from {shown}: {error}"))?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if let Some(more) = parse(&line) {
            *tally = tally.and(more);
            counted = true;
            *closing = Some(line.into_owned());
        }
    }
    let status = child.wait().map_err(|error| format!("waiting for {shown}: {error}"))?;
    match (status.success(), counted) {
        (true, true) => Ok(()),
        (true, false) => Err(format!("{shown} ended without a count of its tests")),
        (false, _) => Err(format!("{shown} failed ({status})")),
    }
}

/// `Summary [   1.234s] 57 tests run: 56 passed (1 slow), 1 failed, 3 skipped`
pub fn nextest(line: &str) -> Option<Tally> {
    let (_, counts) = line.trim_start().strip_prefix("Summary [")?.split_once(" run: ")?;
    let failed = number_before(counts, "failed") + number_before(counts, "timed out");
    Some(Tally { passed: number_before(counts, "passed"), failed })
}

/// `test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s`
pub fn cargo_test(line: &str) -> Option<Tally> {
    let counts = line.trim_start().strip_prefix("test result: ")?;
    Some(Tally { passed: number_before(counts, "passed"), failed: number_before(counts, "failed") })
}

/// `4 passed, 0 failed`
pub fn plain(line: &str) -> Option<Tally> {
    let (passed, failed) = line.trim().split_once(" passed, ")?;
    let failed = failed.strip_suffix(" failed")?;
    Some(Tally { passed: passed.parse().ok()?, failed: failed.parse().ok()? })
}

/// The number that stands right before a word, or nought.
fn number_before(counts: &str, word: &str) -> u32 {
    let before = counts.split(word).next().filter(|before| before.len() < counts.len());
    before.and_then(|before| before.split_whitespace().last()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Tally, cargo_test, nextest, plain};

    #[test]
    fn nextests_summary_is_counted() {
        let line = "     Summary [   1.234s] 57 tests run: 54 passed (1 slow), 2 failed, 1 timed out, 3 skipped";
        assert_eq!(nextest(line), Some(Tally { passed: 54, failed: 3 }));
        let one = "     Summary [   0.004s] 1 test run: 1 passed, 0 skipped";
        assert_eq!(nextest(one), Some(Tally { passed: 1, failed: 0 }));
        assert_eq!(nextest("        PASS [   0.004s] xtask tally"), None);
    }

    #[test]
    fn cargo_tests_result_is_counted() {
        let line = "test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s";
        assert_eq!(cargo_test(line), Some(Tally { passed: 12, failed: 2 }));
        assert_eq!(cargo_test("test result_is_ok ... ok"), None);
    }

    #[test]
    fn the_plain_line_is_counted_only_when_it_stands_alone() {
        assert_eq!(plain("4 passed, 1 failed"), Some(Tally { passed: 4, failed: 1 }));
        assert_eq!(plain("of 4 passed, 1 failed"), None);
        assert_eq!(plain("4 passed, 1 failed today"), None);
    }

    #[test]
    fn a_tally_prints_as_the_plain_line() {
        assert_eq!(plain(&Tally { passed: 7, failed: 2 }.to_string()), Some(Tally { passed: 7, failed: 2 }));
    }
}

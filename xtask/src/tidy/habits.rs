//! Habits of every code file: it opens by saying what and why in at most six lines, leaves nothing for later,
//! and its tests neither sleep nor are set aside.

use super::Violation;
use super::files::{Source, has_ending};

const OPENING: usize = 6;
/// Spelt in halves, so that this file does not find itself.
const LATER: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];
const ASIDE: &str = concat!("#[ig", "nore");
const CFG_TEST: &str = concat!("#[cfg", "(test)]");
const SLEEPS: &[&str] = &[concat!("thread::sl", "eep("), concat!("time::sl", "eep("), concat!("waitFor", "Timeout(")];

/// Files that break a habit.
pub fn check(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources {
        if source.is_rust() {
            found.extend(opening(source));
        }
        if source.is_rust() || ["mjs", "js", "scss"].iter().any(|ending| has_ending(&source.path, ending)) {
            found.extend(lines(source));
        }
    }
    found
}

fn opening(source: &Source) -> Option<Violation> {
    match source.text.lines().take_while(|line| line.starts_with("//!")).count() {
        0 => Some(Violation::of(&source.path, "open the file with `//!`: what it is and why")),
        lines if lines > OPENING => {
            Some(Violation::of(&source.path, format!("the opening has {lines} lines; the limit is {OPENING}")))
        }
        _ => None,
    }
}

fn lines(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut in_tests = false;
    for (index, line) in source.text.lines().enumerate() {
        let mut say = |message: String| found.push(Violation::at(source, index + 1, message));
        if let Some(word) = LATER.iter().find(|word| line.contains(**word)) {
            say(format!("{word}: do it now, or file it as an issue"));
        }
        if line.trim_start().starts_with(ASIDE) {
            say("a test that is set aside tests nothing: mend it or delete it".to_owned());
        }
        if held_to_never_sleep(source, &mut in_tests, line) && SLEEPS.iter().any(|sleep| line.contains(sleep)) {
            say("tests do not sleep: move the clock, or wait for the event".to_owned());
        }
    }
    found
}

/// Whether a line is a test's: in a test file, or after `#[cfg(test)]` in product code. Benches measure: they may wait.
fn held_to_never_sleep(source: &Source, in_tests: &mut bool, line: &str) -> bool {
    *in_tests |= source.is_rust() && line.trim_start().starts_with(CFG_TEST);
    let journey = source.path.starts_with("browser/");
    *in_tests || journey || (source.is_test() && !source.path.split('/').any(|part| part == "benches"))
}

#[cfg(test)]
mod tests {
    use super::{ASIDE, CFG_TEST, LATER, SLEEPS, check};
    use crate::tidy::files::given::file;

    #[test]
    fn a_file_opens_with_what_and_why_in_at_most_six_lines() {
        assert!(check(&[file("a.rs", "//! What.\n//! Why.\n\nfn a() {}\n")]).is_empty());
        assert_eq!(check(&[file("a.rs", "fn a() {}\n")]).len(), 1);
        assert_eq!(check(&[file("a.rs", "// What.\n")]).len(), 1);
        assert_eq!(check(&[file("a.rs", &"//! Long.\n".repeat(7))]).len(), 1);
    }

    #[test]
    fn nothing_is_left_for_later_and_no_test_is_set_aside() {
        let text = format!("//! A.\n// {} tidy\n    {}]\nfn a() {{}}\n", LATER[0], ASIDE);
        let found = check(&[file("crates/a/src/a.rs", &text)]);
        assert_eq!(found.iter().map(|violation| violation.line).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn only_tests_are_held_to_never_sleep() {
        let text = format!("//! A.\nstd::{}x);\n", SLEEPS[0]);
        assert_eq!(check(&[file("crates/a/tests/a.rs", &text)]).len(), 1);
        assert!(check(&[file("crates/a/src/a.rs", &text)]).is_empty());
        assert!(check(&[file("benches/src/server.rs", &text)]).is_empty());
        let inner = format!("//! A.\n{CFG_TEST}\nmod tests {{\n    std::{}x);\n}}\n", SLEEPS[0]);
        assert_eq!(check(&[file("crates/a/src/a.rs", &inner)])[0].line, 4);
        assert_eq!(check(&[file("benches/src/server.rs", &inner)]).len(), 1);
        let journey = format!("await page.{}1_000);\n", SLEEPS[2]);
        assert_eq!(check(&[file("browser/journeys/t05.mjs", &journey)]).len(), 1);
    }
}

//! The files that tidy looks at: everything git tracks or would track, so that a mistake is seen before
//! it is committed and what git ignores (packages, builds) is left alone.

use crate::shell::{self, Outcome};
use std::path::Path;

/// A text file, its path from the workspace's root with forward slashes.
#[derive(Debug, Clone)]
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    /// Whether this is Rust code.
    pub fn is_rust(&self) -> bool {
        has_ending(&self.path, "rs")
    }

    /// Whether this is Rust code that only tests run.
    pub fn is_test(&self) -> bool {
        is_test(&self.path)
    }
}

/// Whether a path stands in a tests or benches folder, or in the crate that only tests use.
pub fn is_test(path: &str) -> bool {
    let folder = |name: &str| path.split('/').rev().skip(1).any(|part| part == name);
    folder("tests") || folder("benches") || path.ends_with("/tests.rs") || path.starts_with("crates/testkit/")
}

/// Whether a path has this ending, given without its dot.
pub fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == ending)
}

/// The paths of all files under version control, and of new ones that are not ignored.
pub fn tracked() -> Outcome<Vec<String>> {
    let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = shell::capture(shell::command("git").args(list))?;
    let root = shell::root();
    let mut paths: Vec<String> = output.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    paths.retain(|path| root.join(path).is_file());
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// Reads the text files among the paths; a file that is no UTF-8 is no text.
pub fn read(root: &Path, paths: &[String]) -> Outcome<Vec<Source>> {
    let mut sources = Vec::new();
    for path in paths {
        let bytes = std::fs::read(root.join(path)).map_err(|error| format!("{path} cannot be read: {error}"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            sources.push(Source { path: path.clone(), text });
        }
    }
    Ok(sources)
}

#[cfg(test)]
pub mod given {
    //! A short way to write files in tests.
    use super::Source;

    /// A file with this text.
    pub fn file(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::is_test;

    #[test]
    fn tests_are_told_from_product_code_by_their_place() {
        assert!(is_test("crates/store/tests/all/race.rs"));
        assert!(is_test("crates/testkit/src/lib.rs"));
        assert!(is_test("crates/domain/src/money/tests.rs"));
        assert!(!is_test("crates/domain/src/money.rs"));
        assert!(!is_test("crates/domain/src/tests_taken.rs"));
    }
}

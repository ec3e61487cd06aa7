//! Words that no file may carry: paths of one person's machine, hosts of package registries, and data that lies
//! outside the project anywhere but in tests, which alone may read it.

use super::Violation;
use super::files::Source;

/// Spelt in halves, so that this file does not find itself. Compared in lower case.
const NEVER: &[&str] = &[
    concat!("/wo", "rk/main"),
    concat!("/wo", "rk/shared"),
    concat!("/wo", "rk/."),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("sub", "agent"),
    concat!("crates", ".io"),
    concat!("npm", "js.org"),
    concat!("npm", "js.com"),
    concat!("pypi", ".org"),
];
/// Data beside the project.
const OUTSIDE: &str = concat!("../sha", "red");
/// Cargo's own file, which names the registry of every package.
const EXEMPT: &str = "Cargo.lock";

/// Lines that carry such a word.
pub fn check(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.path != EXEMPT) {
        let mut may_read_outside = source.is_test() || source.path.starts_with("crates/bench/");
        for (index, line) in source.text.lines().enumerate() {
            may_read_outside |= line == "#[cfg(test)]"; // tests beside the code stand at its end
            let lower = line.to_lowercase();
            if let Some(word) = NEVER.iter().find(|word| names(&lower, word)) {
                found.push(Violation::at(source, index + 1, format!("{word} has no place in the project")));
            }
            if !may_read_outside && line.contains(OUTSIDE) {
                found.push(Violation::at(source, index + 1, format!("only tests and benches may read {OUTSIDE}")));
            }
        }
    }
    found
}

/// Whether a line names a word; a path must begin there, so that an address of a page is not taken for one.
fn names(line: &str, word: &str) -> bool {
    let begins =
        |at: usize| !line.get(..at).unwrap_or("").ends_with(|c: char| c.is_alphanumeric() || "._-}".contains(c));
    line.match_indices(word).any(|(at, _)| !word.starts_with('/') || begins(at))
}

#[cfg(test)]
mod tests {
    use super::{NEVER, OUTSIDE, check};
    use crate::tidy::files::given::file;

    #[test]
    fn paths_of_a_machine_and_registry_hosts_are_refused_in_any_file() {
        for word in NEVER {
            assert_eq!(check(&[file("docs/a.md", &format!("one\nsee {word}x"))])[0].line, 2, "{word}");
        }
        assert!(check(&[file("Cargo.lock", NEVER[6])]).is_empty());
    }

    #[test]
    fn an_address_of_a_page_is_no_path_of_a_machine() {
        assert!(check(&[file("a.rs", concat!("//! GET /placing/ho", "me/1 and {base}/ho", "me/1"))]).is_empty());
    }

    #[test]
    fn only_tests_read_data_outside_the_project() {
        let text = format!("{OUTSIDE}/data");
        assert_eq!(check(&[file("crates/a/src/a.rs", &text)]).len(), 1);
        assert!(check(&[file("crates/a/tests/all/a.rs", &text)]).is_empty());
        assert!(check(&[file("crates/a/src/a.rs", &format!("#[cfg(test)]\nmod tests {{\n{text}"))]).is_empty());
    }
}

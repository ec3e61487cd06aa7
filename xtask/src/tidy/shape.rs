//! What stands where: one integration-test binary for each crate (each further one links the whole crate again),
//! no unreviewed snapshot, and nothing that is made rather than written.

use super::Violation;
use std::collections::BTreeMap;

/// Folders and endings of files that are made.
const MADE: &[&str] = &["/node_modules/", "/dist/", ".snap.new", ".pending-snap"];

/// Files in the wrong shape or place.
pub fn check(paths: &[String]) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut binaries: BTreeMap<&str, usize> = BTreeMap::new();
    for path in paths {
        if let Some(made) = MADE.iter().find(|made| path.contains(**made)) {
            found.push(Violation::of(
                path,
                format!("{made} is made, not written: it does not belong under version control"),
            ));
        }
        let Some((name, below)) = path.strip_prefix("crates/").and_then(|rest| rest.split_once("/tests/")) else {
            continue;
        };
        if name.contains('/') {
            continue;
        }
        let parts: Vec<&str> = below.split('/').collect();
        let is_binary = match parts.as_slice() {
            [file] => super::files::has_ending(file, "rs"),
            [_, file] => *file == "main.rs",
            _ => false,
        };
        *binaries.entry(name).or_default() += usize::from(is_binary);
    }
    for (name, count) in binaries.into_iter().filter(|(_, count)| *count != 1) {
        found.push(Violation::of(
            format!("crates/{name}/tests"),
            format!("{count} integration-test binaries; put the tests into one, as modules of tests/all/main.rs"),
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::check;

    fn found(paths: &[&str]) -> usize {
        check(&paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>()).len()
    }

    #[test]
    fn each_crate_has_one_integration_test_binary() {
        assert_eq!(
            found(&["crates/a/tests/all/main.rs", "crates/a/tests/all/race.rs", "crates/a/tests/data/x.csv"]),
            0
        );
        assert_eq!(found(&["crates/a/tests/all.rs", "crates/b/tests/all.rs"]), 0);
        assert_eq!(found(&["crates/a/tests/all.rs", "crates/a/tests/more.rs"]), 1);
        assert_eq!(found(&["crates/a/tests/all/race.rs"]), 1);
    }

    #[test]
    fn unreviewed_snapshots_and_packages_stay_out() {
        assert_eq!(found(&["crates/a/src/snapshots/a.snap.new"]), 1);
        assert_eq!(found(&["browser/node_modules/axe-core/axe.js"]), 1);
        assert_eq!(found(&["crates/a/src/snapshots/a.snap"]), 0);
    }
}

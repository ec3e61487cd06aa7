//! The code map keeps its word: every path that ARCHITECTURE.md names in backticks exists.
//! A room may be named by its wing and room alone; addresses of pages begin with a slash and are no paths.

use super::Violation;
use super::files::{Source, has_ending};
use super::rooms;

const MAP: &str = "ARCHITECTURE.md";
/// Beginnings of paths that are there only after a build.
const BUILT: &[&str] = &["target/", "demo-data"];
const ENDINGS: &[&str] = &["rs", "md", "toml", "sql", "mjs", "scss"];

/// Names of files and folders that are not there.
pub fn check(sources: &[Source], exists: &dyn Fn(&str) -> bool) -> Vec<Violation> {
    let Some(map) = sources.iter().find(|source| source.path == MAP) else {
        return vec![Violation::of(MAP, "the code map is missing")];
    };
    let mut found = Vec::new();
    let mut fenced = false;
    for (index, line) in map.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let named = line.split('`').skip(1).step_by(2).filter(|word| is_path(word));
            let missing = named.filter(|word| !is_room(word) && !exists(word.trim_end_matches('/')));
            found.extend(missing.map(|word| Violation::at(map, index + 1, format!("{word} does not exist"))));
        }
    }
    found
}

fn is_path(word: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "_-./".contains(c);
    let outside = word.starts_with(['/', '.', '-']) && !word.starts_with(".ci") && !word.starts_with(".cargo");
    let path = word.contains('/') || ENDINGS.iter().any(|ending| has_ending(word, ending));
    path && word.chars().all(plain) && !outside && !BUILT.iter().any(|built| word.starts_with(built))
}

fn is_room(word: &str) -> bool {
    word.split_once('/').is_some_and(|(wing, room)| rooms::place(wing, room).is_some())
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::files::given::file;

    fn missing(text: &str) -> Vec<String> {
        let exists = |path: &str| ["crates/domain/src/money.rs", "docs/rules", ".ci/run"].contains(&path);
        check(&[file("ARCHITECTURE.md", text)], &exists).into_iter().map(|violation| violation.to_string()).collect()
    }

    #[test]
    fn a_path_that_does_not_exist_is_named_with_its_line() {
        assert!(missing("See `crates/domain/src/money.rs`, `docs/rules/` and `.ci/run`.").is_empty());
        assert_eq!(missing("A\n`docs/rule` and `docs/rules`"), ["ARCHITECTURE.md:2: docs/rule does not exist"]);
        assert_eq!(missing("`STYLE.md`").len(), 1);
    }

    #[test]
    fn rooms_addresses_types_and_pictures_are_no_paths() {
        assert!(
            missing(
                "`placing/referral` `/api/v1` `Sealed<T>` `crate::money` `cargo xtask demo` `target/release/placewell`"
            )
            .is_empty()
        );
        assert!(missing("```\n`docs/rule`\n```\n").is_empty());
        assert_eq!(missing("`placing/refer`").len(), 1);
    }

    #[test]
    fn the_map_itself_must_be_there() {
        assert_eq!(check(&[], &|_| true).len(), 1);
    }
}

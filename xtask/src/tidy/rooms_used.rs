//! Rooms make no circles: within a floor a room uses only rooms that stand before it in the table.
//! Uses are read off `crate::` and `super::` paths, in use trees and in place.

use super::Violation;
use super::files::Source;
use super::rooms;

/// Uses of a later room.
pub fn check(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust() && source.path.contains("/src/")) {
        let Some((wing, below)) = rooms::location(&source.path) else { continue };
        let room = below.trim_end_matches(".rs");
        let Some(here) = rooms::place(wing, room) else { continue };
        // In `wing/room.rs` and `wing/room/mod.rs` one `super` leads to the wing, in `wing/room/part.rs` two.
        let parts = source.path.split('/').skip_while(|part| *part != wing).count();
        let climbs = if source.path.ends_with("/mod.rs") { parts - 2 } else { parts - 1 };
        let code = code(&source.text);
        let mut used = uses(&code, "crate::");
        let prefix = "super::".repeat(climbs);
        used.extend(uses(&code, &prefix).into_iter().map(|(at, path)| (at, [vec![wing.to_owned()], path].concat())));
        for (at, path) in used {
            let [wing, room, ..] = path.as_slice() else { continue };
            if rooms::place(wing, room).is_some_and(|there| there > here) {
                let line = code.get(..at).unwrap_or_default().matches('\n').count() + 1;
                let message =
                    format!("uses {wing}/{room}, which comes later; refer to it by id, or move the rule there");
                found.push(Violation::at(source, line, message));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The code of a file without comments and without the tests at its end, lines kept.
fn code(text: &str) -> String {
    let product = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    product.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// Every path after a prefix, use trees spread out, with the place of the prefix in the code.
fn uses(code: &str, prefix: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let before = code.get(..at).unwrap_or_default();
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
            continue;
        }
        let mut paths = Vec::new();
        tree(code.get(at + prefix.len()..).unwrap_or_default(), &[], &mut paths);
        found.extend(paths.into_iter().map(|path| (at, path)));
    }
    found
}

/// Reads one use tree (`a::{b, c::d}`), adds its paths and gives what stands after it.
fn tree<'a>(text: &'a str, above: &[String], paths: &mut Vec<Vec<String>>) -> &'a str {
    let mut rest = text.trim_start();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner.trim_start();
        while !rest.starts_with('}') && !rest.is_empty() {
            let after = tree(rest, above, paths).trim_start();
            let after = after.strip_prefix(',').unwrap_or(after).trim_start();
            if after.len() == rest.len() {
                return ""; // no use tree after all
            }
            rest = after;
        }
        return rest.strip_prefix('}').unwrap_or(rest);
    }
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let path = [above, &[name.to_owned()]].concat();
    match after.strip_prefix("::") {
        Some(below) if !name.is_empty() => tree(below, &path, paths),
        _ => {
            paths.push(path);
            after
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::files::given::file;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&[file(path, text)]).into_iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn a_room_may_use_earlier_rooms_and_itself() {
        let text = "use crate::homes::home::Home;\nuse crate::placing::{child, referral::Referral};\nuse super::offer::Offer;\n";
        assert!(lines("crates/domain/src/placing/offer.rs", text).is_empty());
    }

    #[test]
    fn a_later_room_is_refused_in_every_way_of_writing() {
        let path = "crates/app/src/placing/referral.rs";
        assert_eq!(lines(path, "use crate::placing::offer::Offer;\n"), [1]);
        assert_eq!(
            lines(path, "\nuse crate::{\n    homes::home,\n    placing::{child, offer::{self, Offer}},\n};\n"),
            [2]
        );
        assert_eq!(lines(path, "\n\nfn a() { super::approval::approve() }\n"), [3]);
        assert_eq!(lines("crates/app/src/placing/referral/send.rs", "use super::super::offer;\n"), [1]);
    }

    #[test]
    fn a_room_s_own_parts_are_not_mistaken_for_rooms() {
        let text = "use super::offer::Line;\n"; // placing/referral's own part
        assert!(lines("crates/app/src/placing/referral/send.rs", text).is_empty());
    }

    #[test]
    fn comments_and_tests_may_name_later_rooms() {
        let text = "// see crate::placing::offer\n/// [`crate::placing::offer`]\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n    use crate::placing::offer;\n}\n";
        assert!(lines("crates/app/src/placing/referral.rs", text).is_empty());
    }

    #[test]
    fn what_stands_in_no_room_may_use_all() {
        assert!(lines("crates/web/src/routes.rs", "use crate::placing::offer;\n").is_empty());
    }
}

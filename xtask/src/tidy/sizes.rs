//! Files stay short enough to be read whole: half of them within 200 lines, nine in ten within 400, none over 600
//! (tests: 800). And nothing heavy comes under version control, since every clone would carry it for ever.

use super::Violation;
use super::files::Source;
use std::path::Path;

const MEDIAN: usize = 200;
const NINTH_DECILE: usize = 400;
const LONGEST: usize = 600;
const LONGEST_TEST: usize = 800;
/// In bytes: room for the description of the API, the largest file that is generated and reviewed.
const HEAVIEST: u64 = 1536 * 1024;

/// Rust files that are too long, one by one and as a whole.
pub fn check(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut lengths = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        let lines = source.text.lines().count();
        let limit = if source.is_test() { LONGEST_TEST } else { LONGEST };
        if lines > limit {
            found.push(Violation::of(&source.path, format!("{lines} lines; split it, the limit is {limit}")));
        }
        if !source.is_test() {
            lengths.push(lines);
        }
    }
    lengths.sort_unstable();
    for (share, name, limit) in [(50, "half", MEDIAN), (90, "nine in ten", NINTH_DECILE)] {
        let value = percentile(&lengths, share);
        if value > limit {
            found.push(Violation::of(
                "crates",
                format!("{name} of the files must have at most {limit} lines, not {value}"),
            ));
        }
    }
    found
}

/// The smallest length that this share (in per cent) of the sorted lengths does not exceed.
fn percentile(sorted: &[usize], share: usize) -> usize {
    let rank = (sorted.len() * share).div_ceil(100);
    rank.checked_sub(1).and_then(|index| sorted.get(index)).copied().unwrap_or(0)
}

/// Files that are too heavy for version control.
pub fn heavy(root: &Path, tracked: &[String]) -> Vec<Violation> {
    let size = |path: &String| std::fs::metadata(root.join(path)).map_or(0, |data| data.len());
    let heavy = tracked.iter().map(|path| (path, size(path))).filter(|(_, bytes)| *bytes > HEAVIEST);
    heavy.map(|(path, bytes)| Violation::of(path, format!("{bytes} bytes; the limit is {HEAVIEST}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::{check, percentile};
    use crate::tidy::files::given::file;

    #[test]
    fn a_file_over_600_lines_is_refused_and_a_test_over_800() {
        let long = "x\n".repeat(601);
        let found = check(&[file("crates/a/src/a.rs", &long)]);
        assert!(found.iter().any(|violation| violation.path == "crates/a/src/a.rs"));
        assert!(check(&[file("crates/a/tests/a.rs", &long)]).is_empty());
        assert_eq!(check(&[file("crates/a/tests/a.rs", &"x\n".repeat(801))]).len(), 1);
    }

    #[test]
    fn half_of_the_files_stay_within_200_lines() {
        let long = "x\n".repeat(201);
        let files = [file("a.rs", &long), file("b.rs", &long), file("c.rs", "x")];
        assert!(check(&files).iter().any(|violation| violation.message.starts_with("half")));
        assert!(check(&[file("a.rs", &long), file("b.rs", ""), file("c.rs", "x")]).is_empty());
    }

    #[test]
    fn percentiles_are_ranks_of_the_sorted_lengths() {
        assert_eq!(percentile(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90), 9);
        assert_eq!(percentile(&[1, 2, 3], 50), 2);
        assert_eq!(percentile(&[], 50), 0);
    }
}

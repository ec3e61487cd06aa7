//! Finds snapshots that no test reads any more: the snapshot library notes every file that it opens,
//! and what it did not open is left over from a test that is gone.

use crate::shell::{self, Outcome};
use crate::tidy::files;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// By this the snapshot library learns where to note the files that it opens.
pub const REFERENCES_VARIABLE: &str = "INSTA_SNAPSHOT_REFERENCES_FILE";

/// The notes of one test run.
pub struct References {
    file: PathBuf,
}

impl References {
    /// Empty notes for a new run.
    pub fn fresh() -> Outcome<Self> {
        let file = shell::target().join("snapshot-references");
        let made = std::fs::create_dir_all(shell::target()).and_then(|()| std::fs::write(&file, ""));
        made.map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
        Ok(Self { file })
    }

    /// Where the notes go.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Refuses the first thing that would make a snapshot meaningless: one that no test reads.
    pub fn check(&self) -> Outcome {
        let notes = std::fs::read_to_string(&self.file).map_err(|error| format!("{}: {error}", self.file.display()))?;
        let read: BTreeSet<PathBuf> = notes.lines().filter_map(|line| Path::new(line).canonicalize().ok()).collect();
        let left = unread(&shell::root(), &files::tracked()?, &read);
        if left.is_empty() {
            return Ok(());
        }
        Err(format!("snapshots that no test reads; delete them:\n{}", left.join("\n")))
    }
}

fn unread(root: &Path, files: &[String], read: &BTreeSet<PathBuf>) -> Vec<String> {
    let snapshots = files.iter().filter(|file| Path::new(file).extension().is_some_and(|end| end == "snap"));
    snapshots.filter(|file| root.join(file).canonicalize().is_ok_and(|path| !read.contains(&path))).cloned().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::unread;
    use std::collections::BTreeSet;

    #[test]
    fn a_snapshot_that_no_test_read_is_named() {
        let root = std::env::temp_dir().join(format!("placewell-snapshots-{}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        for name in ["used.snap", "left.snap", "other.txt"] {
            std::fs::write(root.join(name), "").unwrap();
        }
        let read = BTreeSet::from([root.join("used.snap").canonicalize().unwrap()]);
        let files = ["used.snap", "left.snap", "other.txt", "gone.snap"].map(str::to_owned);
        assert_eq!(unread(&root, &files, &read), ["left.snap"]);
        std::fs::remove_dir_all(root).unwrap();
    }
}

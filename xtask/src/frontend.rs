//! Builds the styles and scripts that the executable embeds, and skips the work when nothing changed:
//! the contents of `frontend/` are hashed, so a fresh copy with new file times is still seen as the same.

use crate::need;
use crate::shell::{self, Outcome};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Makes `crates/web/dist` what `frontend/` says.
pub fn task() -> Outcome {
    let folder = shell::root().join("frontend");
    let stamp = shell::target().join("frontend.stamp");
    let wanted = format!("{:016x}", fingerprint(&folder)?);
    let output = shell::root().join("crates/web/dist/app.css");
    if output.is_file() && std::fs::read_to_string(&stamp).is_ok_and(|built| built == wanted) {
        return Ok(());
    }
    need::packages(&folder)?;
    shell::run(Command::new("node").arg("build.mjs").current_dir(&folder))?;
    std::fs::create_dir_all(shell::target())
        .and_then(|()| std::fs::write(&stamp, wanted))
        .map_err(|error| format!("{} cannot be written: {error}", stamp.display()))
}

/// A number that changes with any file's name or contents, packages aside (the lock file stands for them).
fn fingerprint(folder: &Path) -> Outcome<u64> {
    let mut files = Vec::new();
    list(folder, &mut files).map_err(|error| format!("{} cannot be read: {error}", folder.display()))?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        let bytes = std::fs::read(&file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
        file.strip_prefix(folder).unwrap_or(&file).hash(&mut hasher);
        bytes.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.ends_with("node_modules") {
            continue;
        }
        if path.is_dir() { list(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::fingerprint;

    #[test]
    fn a_changed_or_renamed_file_makes_the_front_end_build_again() {
        let folder = std::env::temp_dir().join(format!("placewell-frontend-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("node_modules")).unwrap();
        std::fs::write(folder.join("app.scss"), "a").unwrap();
        let first = fingerprint(&folder).unwrap();
        std::fs::write(folder.join("node_modules/package.js"), "x").unwrap();
        assert_eq!(fingerprint(&folder).unwrap(), first, "packages are told by the lock file");
        std::fs::write(folder.join("app.scss"), "b").unwrap();
        let second = fingerprint(&folder).unwrap();
        assert_ne!(second, first);
        std::fs::rename(folder.join("app.scss"), folder.join("other.scss")).unwrap();
        assert_ne!(fingerprint(&folder).unwrap(), second);
        std::fs::remove_dir_all(folder).unwrap();
    }
}

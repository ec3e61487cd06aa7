//! What the tasks need from the machine: found where it is, installed through apt where that may be done,
//! and otherwise asked for in one line that says which program is missing and how to get it.

use crate::shell::{self, Outcome};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of cargo-deny that `deny.toml` is written for.
const DENY_VERSION: &str = "0.20.2";
/// The oldest Node.js whose built-in modules the front end's build uses.
const NODE_MAJOR: u32 = 20;

/// The full path of a program on the search path.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Installs one of Debian's packages where this may be done; the error is the whole line for the person.
fn apt_install(package: &str, missing: &str) -> Outcome {
    let advice = format!("{missing} is missing: install it with `apt-get install {package}` or your system's own way");
    if !shell::is_administrator() || find("apt-get").is_none() {
        return Err(advice);
    }
    println!("{missing} is missing: installing Debian's package {package}");
    let install = || {
        let mut apt = Command::new("apt-get");
        apt.args(["install", "--yes", "--quiet", "--no-install-recommends", package]);
        shell::capture(apt.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    if install().is_ok() {
        return Ok(());
    }
    // A fresh machine knows no package before its first update.
    shell::capture(Command::new("apt-get").args(["update", "--quiet"]))
        .map_err(|error| format!("{advice}\n{error}"))?;
    install().map(drop).map_err(|error| format!("{advice}\n{error}"))
}

/// Chromium for the browser journeys; `PLACEWELL_CHROMIUM` names another one.
pub fn chromium() -> Outcome<PathBuf> {
    if let Some(named) = std::env::var_os("PLACEWELL_CHROMIUM") {
        return Ok(PathBuf::from(named));
    }
    let look = || ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find);
    if let Some(found) = look() {
        return Ok(found);
    }
    apt_install("chromium", "Chromium")?;
    look().ok_or_else(|| "Chromium was installed but is not on PATH: set PLACEWELL_CHROMIUM to its program".to_owned())
}

/// The folder of PostgreSQL's server programs (`initdb`, `pg_ctl`, `postgres`).
pub fn postgres() -> Outcome<PathBuf> {
    if let Some(found) = postgres_folder() {
        return Ok(found);
    }
    apt_install("postgresql", "PostgreSQL")?;
    postgres_folder().ok_or_else(|| "PostgreSQL was installed but initdb is not to be found: add it to PATH".to_owned())
}

fn postgres_folder() -> Option<PathBuf> {
    if let Some(initdb) = find("initdb") {
        // A link in a common folder leads to the folder that also holds its siblings.
        return initdb.canonicalize().ok()?.parent().map(Path::to_path_buf);
    }
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, folder)| folder)
}

/// Node.js and npm, new enough for the front end and the browser journeys.
pub fn node() -> Outcome {
    let advice = format!("Node.js {NODE_MAJOR} or newer with npm is needed: install it from nodejs.org or your system");
    if find("node").is_none() || find("npm").is_none() {
        return Err(advice);
    }
    let version = shell::capture(Command::new("node").arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_MAJOR => Ok(()),
        _ => Err(format!("{advice}; found {}", version.trim())),
    }
}

/// A C compiler, for the crates that bundle a library in C (SQLite among them).
pub fn compiler() -> Outcome {
    if ["cc", "gcc", "clang"].into_iter().find_map(find).is_some() {
        return Ok(());
    }
    apt_install("build-essential", "A C compiler")
}

/// Poppler's programs, with which the tests read a PDF back: its text and its structure tree.
pub fn poppler() -> Outcome {
    if ["pdftotext", "pdfinfo"].into_iter().all(|program| find(program).is_some()) {
        return Ok(());
    }
    apt_install("poppler-utils", "poppler's pdftotext and pdfinfo")
}

/// Installs a folder's npm packages where they are missing or older than its lock file.
pub fn packages(folder: &Path) -> Outcome {
    node()?;
    let lock = folder.join("package-lock.json");
    let installed = folder.join("node_modules/.package-lock.json");
    let time = |file: &Path| std::fs::metadata(file).and_then(|data| data.modified()).ok();
    let wanted = time(&lock).ok_or_else(|| format!("{} is missing", lock.display()))?;
    if time(&installed).is_some_and(|installed| installed >= wanted) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]).current_dir(folder);
    shell::run(&mut npm)
}

/// A Python that can make environments of its own.
pub fn python() -> Outcome<PathBuf> {
    let python = || {
        find("python3").filter(|python| shell::capture(Command::new(python).args(["-c", "import ensurepip"])).is_ok())
    };
    if let Some(found) = python() {
        return Ok(found);
    }
    apt_install("python3-venv", "Python with its venv")?;
    python().ok_or_else(|| "Python was installed but is not on PATH".to_owned())
}

/// Whether tests can run under cargo-nextest; without it, `cargo test` does.
pub fn nextest() -> bool {
    shell::capture(shell::cargo().args(["nextest", "--version"])).is_ok()
}

/// Installs cargo-deny where it is missing.
pub fn deny() -> Outcome {
    if shell::capture(shell::cargo().args(["deny", "--version"])).is_ok() {
        return Ok(());
    }
    println!("cargo-deny is missing: building version {DENY_VERSION}, which takes some minutes once");
    let mut install = shell::cargo();
    install.args(["install", "cargo-deny", "--locked", "--quiet", "--version", DENY_VERSION]);
    shell::run(&mut install).map_err(|error| {
        format!("cargo-deny is missing: `cargo install cargo-deny --locked --version {DENY_VERSION}`\n{error}")
    })
}

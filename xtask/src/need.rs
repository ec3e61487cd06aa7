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
    if !shell::is_administrator() || find("apt-get").is_none() {
        return Err(apt_advice(package, missing));
    }
    println!("{missing} is missing: installing Debian's package {package}");
    install(package, missing, |words| {
        shell::capture(Command::new("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive"))
    })
}

fn apt_advice(package: &str, missing: &str) -> String {
    format!("{missing} is missing: install it with `apt-get install {package}` or your system's own way")
}

/// Installs a package by what runs apt-get with these words.
fn install(package: &str, missing: &str, apt: impl Fn(&[&str]) -> Outcome<String>) -> Outcome {
    let install = || apt(&["install", "--yes", "--quiet", "--no-install-recommends", package]);
    if install().is_ok() {
        return Ok(());
    }
    // A fresh machine knows no package before its first update.
    let again = apt(&["update", "--quiet"]).and_then(|_updated| install());
    again.map(drop).map_err(|error| with_reason(&apt_advice(package, missing), &error))
}

/// The advice and why it is needed, in one line: a program that fails says the reason at its end.
fn with_reason(advice: &str, error: &str) -> String {
    match error.lines().map(str::trim).rfind(|line| !line.is_empty()) {
        Some(reason) => format!("{advice} ({reason})"),
        None => advice.to_owned(),
    }
}

/// Debian's package and its program.
const CHROMIUM_SHELL: &str = "chromium-headless-shell";

/// Chromium for the browser journeys; `PLACEWELL_CHROMIUM` names another one. Its shell without windows is the same engine
/// and takes less than half the time for a journey, so it comes first where the system has it.
pub fn chromium() -> Outcome<PathBuf> {
    if let Some(named) = std::env::var_os("PLACEWELL_CHROMIUM") {
        return Ok(PathBuf::from(named));
    }
    let light = || find(CHROMIUM_SHELL);
    let whole = || ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find);
    if let Some(found) = light() {
        return Ok(found);
    }
    // An older system has no such package, and does with the whole browser.
    let installed = apt_install(CHROMIUM_SHELL, "Chromium's shell without windows");
    if let Some(found) = installed.ok().and_then(|()| light()).or_else(whole) {
        return Ok(found);
    }
    apt_install("chromium", "Chromium")?;
    whole().ok_or_else(|| "Chromium was installed but is not on PATH: set PLACEWELL_CHROMIUM to its program".to_owned())
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
    let version =
        shell::capture(Command::new("node").arg("--version")).map_err(|error| with_reason(&advice, &error))?;
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

/// The cargo of every step that builds: it lints the workspace while it compiles it, as `cargo clippy` does while it checks.
/// What it built, a cargo without this builds once more, so all of them take it.
pub fn linting_cargo() -> Outcome<Command> {
    let sysroot = shell::capture(shell::command("rustc").args(["--print", "sysroot"]))?;
    linting(shell::cargo(), Path::new(sysroot.trim()))
}

/// Clippy's driver, of the toolchain that is there, in the place of the compiler for the workspace's own crates.
fn linting(mut cargo: Command, sysroot: &Path) -> Outcome<Command> {
    let driver = sysroot.join("bin/clippy-driver");
    if !driver.is_file() {
        return Err("clippy is missing: install it with `rustup component add clippy`".to_owned());
    }
    // The words `-D warnings`, parted as `cargo clippy` parts them.
    cargo.env("RUSTC_WORKSPACE_WRAPPER", driver).env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    Ok(cargo)
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
    // It runs for seconds: built plain, it is there in half the time.
    install.args(["install", "cargo-deny", "--locked", "--quiet", "--debug", "--version", DENY_VERSION]);
    install.env("CARGO_PROFILE_DEV_DEBUG", "0");
    shell::run(&mut install).map_err(|error| with_reason(&deny_advice(), &error))
}

fn deny_advice() -> String {
    format!("cargo-deny is missing: install it with `cargo install cargo-deny --locked --version {DENY_VERSION}`")
}

#[cfg(test)]
mod tests {
    use super::{DENY_VERSION, deny_advice, install, linting, with_reason};
    use std::cell::RefCell;
    use std::ffi::OsStr;
    use std::process::Command;

    const REFUSED: &str = "apt-get update --quiet failed (exit status: 100)\nE: The list is not signed.\n\
                           E: Unable to locate package chromium\n";

    #[test]
    fn where_apt_fails_one_line_says_what_is_missing_and_how_to_get_it() {
        for fails in [&["install", "update"][..], &["install"]] {
            let told = install("chromium", "Chromium", |words| {
                let refused = words.first().is_some_and(|word| fails.contains(word));
                if refused { Err(REFUSED.to_owned()) } else { Ok(String::new()) }
            });
            let wanted = "Chromium is missing: install it with `apt-get install chromium` or your system's own way \
                          (E: Unable to locate package chromium)";
            assert_eq!(told, Err(wanted.to_owned()));
        }
    }

    #[test]
    fn a_package_that_is_not_known_is_tried_again_after_an_update() {
        let asked = RefCell::new(Vec::<String>::new());
        let told = install("poppler-utils", "poppler", |words| {
            asked.borrow_mut().extend(words.first().map(|word| (*word).to_owned()));
            if asked.borrow().len() == 1 { Err(REFUSED.to_owned()) } else { Ok(String::new()) }
        });
        assert_eq!((told, asked.into_inner()), (Ok(()), ["install", "update", "install"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn a_missing_clippy_is_asked_for_in_one_line_and_one_that_is_there_compiles_with_warnings_denied() {
        let sysroot = std::env::temp_dir().join(format!("placewell-sysroot-{}", std::process::id()));
        let driver = sysroot.join("bin/clippy-driver");
        std::fs::create_dir_all(sysroot.join("bin")).unwrap();
        let missing = linting(Command::new("cargo"), &sysroot).map(drop);
        std::fs::write(&driver, "").unwrap();
        let cargo = linting(Command::new("cargo"), &sysroot);
        std::fs::remove_dir_all(&sysroot).unwrap();
        assert_eq!(missing, Err("clippy is missing: install it with `rustup component add clippy`".to_owned()));
        let cargo = cargo.unwrap();
        let set = |name: &str| cargo.get_envs().find_map(|(other, value)| value.filter(|_| other == OsStr::new(name)));
        assert_eq!(set("RUSTC_WORKSPACE_WRAPPER"), Some(driver.as_os_str()));
        let words = set("CLIPPY_ARGS").and_then(OsStr::to_str).unwrap_or_default();
        assert_eq!(words.split_terminator("__CLIPPY_HACKERY__").collect::<Vec<_>>(), ["-D", "warnings"]);
    }

    #[test]
    fn a_missing_cargo_deny_is_asked_for_in_one_line() {
        let line = with_reason(&deny_advice(), "cargo install cargo-deny failed (exit status: 101)");
        assert_eq!(line.lines().count(), 1, "{line}");
        let command = format!("`cargo install cargo-deny --locked --version {DENY_VERSION}`");
        assert!(line.starts_with("cargo-deny is missing") && line.contains(&command), "{line}");
        assert_eq!(with_reason("Node.js is needed", " \n"), "Node.js is needed");
    }
}

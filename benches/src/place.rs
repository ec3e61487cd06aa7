//! Where the measures find and put things: all of it below the project's own `target`, which git ignores.

use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A folder of a measure's own, emptied.
pub fn fresh(name: &str) -> anyhow::Result<PathBuf> {
    let folder = target().join("bench").join(name);
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A file of a rival.
pub fn rival(name: &str) -> PathBuf {
    root().join("benches/rivals").join(name)
}

/// The Python of the rivals' own environment, made and filled where it is missing or older than its list.
pub fn python() -> anyhow::Result<PathBuf> {
    environment("venv", "requirements.txt")
}

/// The Python of an environment of this name with what this list names; for a rival that bears no other's versions.
pub fn environment(name: &str, list: &str) -> anyhow::Result<PathBuf> {
    let folder = target().join("bench").join(name);
    let (python, filled) = (folder.join("bin/python"), folder.join("filled.txt"));
    let wanted = std::fs::read_to_string(rival(list))?;
    if std::fs::read_to_string(&filled).is_ok_and(|text| text == wanted) {
        return Ok(python);
    }
    eprintln!("installing the rivals: {}", wanted.lines().collect::<Vec<_>>().join(", "));
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        .context("Python 3 with its venv module is needed: `apt-get install python3-venv`")?;
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(rival(list)))?;
    std::fs::write(filled, wanted)?;
    Ok(python)
}

/// Runs a program to its end and gives what it prints.
pub fn run(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("{} could not be started", shown(command)))?;
    if !output.status.success() {
        bail!("{} failed ({})\n{}", shown(command), output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn shown(command: &Command) -> String {
    Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

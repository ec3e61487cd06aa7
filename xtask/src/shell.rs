//! Running other programs, with errors that say which program failed and what to do.
//! Everything here is plain standard library, so that `xtask` builds in a second on a fresh machine.

use std::ffi::OsString;
use std::io::{PipeReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What every task returns: nothing more to say, or the sentence to print before exiting with 1.
pub type Outcome<T = ()> = Result<T, String>;

/// The folder that holds the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A command that starts in the workspace's root.
pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(root());
    command
}

/// How the names begin of what `cargo run` tells a program about its own package.
const OF_THIS_PROGRAM: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];

/// The `cargo` that started this program, so that the pinned toolchain stays the same one.
pub fn cargo() -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = command(cargo);
    // Set for this program by `cargo run`; left in place they would make cargo build again what was built by hand.
    let own =
        |name: &OsString| name.to_str().is_some_and(|name| OF_THIS_PROGRAM.iter().any(|one| name.starts_with(one)));
    for name in std::env::vars_os().map(|(name, _)| name).filter(own) {
        command.env_remove(name);
    }
    // A clean build gains nothing from what only a second one reads, and it is many gigabytes.
    if std::env::var_os("CI").is_some() {
        command.env("CARGO_INCREMENTAL", "0");
        // Nor does anybody attach a debugger to it; a panic still says where it was.
        command.env("CARGO_PROFILE_DEV_DEBUG", "0");
    }
    command
}

/// The command as a person would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

/// Runs a command with its output on the terminal.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| format!("{} could not be started: {error}", shown(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", shown(command))) }
}

/// Runs a command and gives its standard output; its complaints become the error.
pub fn capture(command: &mut Command) -> Outcome<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{} could not be started: {error}", shown(command)))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(format!("{} failed ({})\n{}", shown(command), output.status, complaint.trim_end()))
}

/// Starts a command whose output and complaints come out of one pipe, in their order.
pub fn piped(command: &mut Command) -> Outcome<(Child, PipeReader)> {
    let shown = shown(command);
    let (reader, writer) = std::io::pipe().map_err(|error| format!("no pipe for {shown}: {error}"))?;
    let both = writer.try_clone().and_then(|copy| {
        command.stdin(Stdio::null()).stdout(writer).stderr(copy);
        command.spawn()
    });
    let child = both.map_err(|error| format!("{shown} could not be started: {error}"))?;
    // The command still holds the pipe's writing ends; without this the reading would never end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Ok((child, reader))
}

/// Runs a command to its end; gives all that it printed, and how it ended.
pub fn recorded(command: &mut Command) -> (String, Outcome) {
    let mut printed = Vec::new();
    let outcome = piped(command).and_then(|(mut child, mut reader)| {
        let read = reader.read_to_end(&mut printed).and_then(|_length| child.wait());
        let status = read.map_err(|error| format!("reading from {}: {error}", shown(command)))?;
        if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", shown(command))) }
    });
    (String::from_utf8_lossy(&printed).into_owned(), outcome)
}

/// What a run in memory may take before other programs would miss it, in KiB.
const ROOM: u64 = 8 * 1024 * 1024;

/// The folder of a machine whose files are in memory.
pub const MEMORY: &str = "/dev/shm";

/// How the folder of one run begins; its process id follows.
const RUN_PREFIX: &str = "placewell-run-";

/// The folders of a parent that runs left behind when they were killed: they carry a process id that is gone.
pub fn left_behind(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else { return Vec::new() };
    if !Path::new("/proc/self").exists() {
        return Vec::new(); // no way to tell who is alive
    }
    let is_gone = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        let id = name.and_then(|name| name.strip_prefix(prefix)).and_then(|id| id.parse::<u32>().ok());
        id.is_some_and(|id| !Path::new(&format!("/proc/{id}")).exists())
    };
    entries.flatten().map(|entry| entry.path()).filter(is_gone).collect()
}

/// Where what is thrown away goes: memory where the machine has room for it, so that nobody waits for a disk.
pub fn scratch() -> PathBuf {
    let memory = Path::new(MEMORY);
    let free =
        |text: &str, line: usize, word: usize| text.lines().nth(line)?.split_whitespace().nth(word)?.parse().ok();
    let on_it: Option<u64> = capture(Command::new("df").arg("-Pk").arg(memory)).ok().and_then(|text| free(&text, 1, 3));
    let of_all: Option<u64> = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| free(&text, 2, 1));
    let room = on_it.zip(of_all).is_some_and(|(on_it, of_all)| on_it.min(of_all) >= ROOM);
    if room { memory.to_path_buf() } else { std::env::temp_dir() }
}

/// A folder of one run's own, gone with everything in it when dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes it, once what killed runs left in memory and on disk is gone.
    pub fn new() -> Outcome<Self> {
        for parent in [PathBuf::from(MEMORY), std::env::temp_dir()] {
            for folder in left_behind(&parent, RUN_PREFIX) {
                let _gone = std::fs::remove_dir_all(folder);
            }
        }
        let folder = scratch().join(format!("{RUN_PREFIX}{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

/// Whether this program runs with the rights of the system's administrator.
pub fn is_administrator() -> bool {
    capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_a_command_printed_and_complained_of_is_recorded_however_it_ends() {
        for (code, well) in [("0", true), ("3", false)] {
            let script = format!("echo said; echo complained >&2; exit {code}");
            let (text, outcome) = recorded(Command::new("sh").args(["-c", &script]));
            assert_eq!((text.as_str(), outcome.is_ok()), ("said\ncomplained\n", well));
        }
        let (text, outcome) = recorded(&mut Command::new("no-such-program"));
        assert_eq!((text.as_str(), outcome.is_err()), ("", true));
    }

    #[test]
    fn what_a_killed_run_left_is_told_from_what_runs_and_from_other_folders() {
        let own = std::process::id();
        let parent = std::env::temp_dir().join(format!("placewell-left-{own}"));
        // No process has so high an id.
        let gone = format!("{RUN_PREFIX}{}", u32::MAX);
        for name in [gone.clone(), format!("{RUN_PREFIX}{own}"), format!("{RUN_PREFIX}kept"), u32::MAX.to_string()] {
            std::fs::create_dir_all(parent.join(name)).unwrap();
        }
        let found = left_behind(&parent, RUN_PREFIX);
        std::fs::remove_dir_all(&parent).unwrap();
        let wanted: Vec<PathBuf> =
            [parent.join(gone)].into_iter().filter(|_| Path::new("/proc/self").exists()).collect();
        assert_eq!(found, wanted);
    }
}

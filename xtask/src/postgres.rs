//! A PostgreSQL of our own for the tests: its own data folder, a free port on loopback, an unprivileged user,
//! stopped and removed at the end. `cargo xtask postgres` gives developers the same one.

use crate::need;
use crate::shell::{self, Outcome};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The environment variable by which the tests find the server.
pub const URL_VARIABLE: &str = "PLACEWELL_TEST_POSTGRES";
/// Who owns the databases: the cluster's own superuser, so that tests may create roles and databases.
const OWNER: &str = "placewell";
/// The system user that runs the server when an administrator asks for it (the server refuses to run as one).
const SERVER_USER: &str = "postgres";
const FOLDER_PREFIX: &str = "placewell-pg-";
const KEPT: &str = "kept";

/// Whether a commit reaches the disk. Tests throw their data away; measurements must not flatter themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    Throwaway,
    Durable,
}

/// A running server, stopped and removed when dropped.
pub struct Cluster {
    server: Server,
}

impl Cluster {
    /// Makes a new cluster and starts it.
    pub fn start(disk: Disk) -> Outcome<Self> {
        let bin = need::postgres()?;
        sweep(&bin);
        // To make a database is to make two thousand files: half a test's time on a disk, a tenth of it in memory.
        let parent = if disk == Disk::Throwaway { shell::scratch() } else { std::env::temp_dir() };
        let folder = parent.join(format!("{FOLDER_PREFIX}{}", std::process::id()));
        let cluster = Self { server: Server { bin, folder } };
        cluster.server.create(disk)?;
        cluster.server.start()?;
        Ok(cluster)
    }

    /// The address for [`URL_VARIABLE`].
    pub fn url(&self) -> Outcome<String> {
        self.server.url()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.server.remove();
    }
}

/// `cargo xtask postgres [--keep | --stop]`.
pub fn task(arguments: &[String]) -> Outcome {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => foreground(),
        ["--keep"] => keep(),
        ["--stop"] => stop_kept(),
        other => Err(format!("postgres takes nothing, --keep or --stop, not {}", other.join(" "))),
    }
}

fn foreground() -> Outcome {
    let bin = need::postgres()?;
    sweep(&bin);
    let folder = std::env::temp_dir().join(format!("{FOLDER_PREFIX}{}", std::process::id()));
    let server = Server { bin, folder };
    server.create(Disk::Durable)?;
    let port = free_port()?;
    println!("{URL_VARIABLE}={}\nStop with Ctrl-C.", address(port));
    let mut postgres = server.program("postgres");
    postgres.arg("-D").arg(server.data()).args(["-c", &format!("port={port}")]);
    let ended = shell::run(&mut postgres);
    server.remove();
    ended
}

fn kept() -> Outcome<Server> {
    let owner = shell::capture(Command::new("id").arg("-u"))?;
    let folder = std::env::temp_dir().join(format!("{FOLDER_PREFIX}{KEPT}-{}", owner.trim()));
    Ok(Server { bin: need::postgres()?, folder })
}

fn keep() -> Outcome {
    let server = kept()?;
    if !server.is_running() {
        if !server.data().join("PG_VERSION").is_file() {
            server.create(Disk::Durable)?;
        }
        server.start()?;
    }
    println!("{}", server.url()?);
    Ok(())
}

fn stop_kept() -> Outcome {
    let server = kept()?;
    if !server.folder.exists() {
        return Err("no kept PostgreSQL is there to stop".to_owned());
    }
    server.remove();
    println!("stopped and removed");
    Ok(())
}

/// Stops and removes what runs that were killed left behind, in memory and on disk.
fn sweep(bin: &Path) {
    for parent in [PathBuf::from(shell::MEMORY), std::env::temp_dir()] {
        for folder in shell::left_behind(&parent, FOLDER_PREFIX) {
            Server { bin: bin.to_path_buf(), folder }.remove();
        }
    }
}

fn free_port() -> Outcome<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|error| format!("no free port on 127.0.0.1: {error}"))
}

fn address(port: u16) -> String {
    format!("postgres://{OWNER}@127.0.0.1:{port}/postgres")
}

/// A cluster's folder and the programs that work on it.
struct Server {
    bin: PathBuf,
    folder: PathBuf,
}

impl Server {
    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// One of PostgreSQL's programs, run as an unprivileged user.
    fn program(&self, name: &str) -> Command {
        let program = self.bin.join(name);
        let mut command = if shell::is_administrator() {
            let mut command = Command::new("runuser");
            command.args(["-u", SERVER_USER, "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.folder).env("LC_ALL", "C");
        command
    }

    fn create(&self, disk: Disk) -> Outcome {
        let folder = &self.folder;
        std::fs::create_dir_all(folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
        if shell::is_administrator() {
            if shell::capture(Command::new("id").arg(SERVER_USER)).is_err() {
                shell::capture(Command::new("useradd").args(["--system", "--no-create-home", SERVER_USER]))?;
            }
            shell::capture(Command::new("chown").arg(SERVER_USER).arg(folder))?;
        }
        let mut initdb = self.program("initdb");
        initdb.arg("-D").arg(self.data());
        initdb.args(["-U", OWNER, "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]);
        shell::capture(&mut initdb)?;
        let mut settings = String::from(
            "\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nsynchronous_commit = on\n\
             max_connections = 300\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n",
        );
        if disk == Disk::Throwaway {
            // Databases of seconds: compiling a query for them or tidying them up is never paid back.
            settings.push_str("fsync = off\nfull_page_writes = off\njit = off\nautovacuum = off\n");
        }
        let file = self.data().join("postgresql.conf");
        let write = std::fs::read_to_string(&file).and_then(|text| std::fs::write(&file, text + &settings));
        write.map_err(|error| format!("{} cannot be written: {error}", file.display()))
    }

    /// Starts the server in the background and waits until it answers; a port taken meanwhile is tried again.
    fn start(&self) -> Outcome {
        let mut last = String::new();
        for _ in 0..3 {
            let port = free_port()?;
            let mut start = self.program("pg_ctl");
            start.arg("-D").arg(self.data()).arg("-l").arg(self.folder.join("log"));
            start.args(["-w", "-t", "60", "-o", &format!("-c port={port}"), "start"]);
            match shell::capture(&mut start) {
                Ok(_) => return Ok(()),
                Err(error) => last = error,
            }
        }
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(format!("PostgreSQL did not start: {last}\n{log}"))
    }

    fn is_running(&self) -> bool {
        self.folder.exists() && shell::capture(self.program("pg_ctl").arg("-D").arg(self.data()).arg("status")).is_ok()
    }

    /// The address, read from the running server's own file: its fourth line is the port.
    fn url(&self) -> Outcome<String> {
        let file = self.data().join("postmaster.pid");
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let port = text.lines().nth(3).and_then(|line| line.trim().parse::<u16>().ok());
        port.map(address).ok_or_else(|| format!("{} names no port", file.display()))
    }

    fn remove(&self) {
        if self.is_running() {
            let mut stop = self.program("pg_ctl");
            stop.arg("-D").arg(self.data()).args(["-m", "immediate", "-w", "stop"]);
            if let Err(error) = shell::capture(&mut stop) {
                eprintln!("{error}");
            }
        }
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("{} could not be removed: {error}", self.folder.display());
        }
    }
}

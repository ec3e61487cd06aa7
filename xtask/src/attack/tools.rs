//! The attackers: pinned versions in a Python environment of their own below `target`, each with the command that asks as one
//! person, and the holes that it must find where they are planted.
//!
//! Forms by which one changes who one is are left out, and so is what only a service behind TLS has: its cookies and HSTS
//! are proven for every route by tests.

use super::report::{self, Run};
use super::server::{Person, Server};
use crate::need;
use crate::shell::{self, Outcome};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The packages with their versions.
const REQUIREMENTS: &str = include_str!("requirements.txt");
/// Where attackers begin; the second is there only where holes are planted.
const STARTS: &[&str] = &["/home", "/planted"];
/// What changes who one is, or is measured elsewhere.
const LEFT_OUT: &[&str] = &["sign-", "switch", "demo", "tour", "preferences", "assets"];
/// How long after its time an attacker is stopped.
const GRACE: Duration = Duration::from_secs(30);

/// One attacker.
pub struct Tool {
    pub name: &'static str,
    /// Asks as a person, for so long.
    pub run: fn(&Turn<'_>) -> Outcome<Run>,
    /// What it must find where it is planted: what, and where.
    pub holes: &'static [(&'static str, &'static str)],
}

/// One turn of an attacker.
pub struct Turn<'a> {
    pub server: &'a Server,
    pub person: &'a Person,
    /// What it remembers and writes.
    pub folder: &'a Path,
    /// How long it may take, from its start to its report.
    pub most: Duration,
}

/// All of them.
pub const TOOLS: &[Tool] = &[
    Tool {
        name: "wapiti",
        run: wapiti,
        holes: &[
            ("Cross Site Scripting", "/planted/echo"),
            ("SQL Injection", "/planted/find"),
            ("Open Redirect", "/planted/go"),
        ],
    },
    Tool { name: "sqlmap", run: sqlmap, holes: &[("injection", "/planted/find")] },
    Tool { name: "schemathesis", run: schemathesis, holes: &[("", "/api/v1/planted")] },
];

/// Where all that belongs to an attack stands.
pub fn folder() -> PathBuf {
    shell::target().join("attack")
}

fn program(name: &str) -> PathBuf {
    folder().join("venv/bin").join(name)
}

/// Installs the attackers where they are missing or of another version.
pub fn install() -> Outcome {
    let (mark, list) = (folder().join("installed.txt"), shell::root().join("xtask/src/attack/requirements.txt"));
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == REQUIREMENTS) {
        return Ok(());
    }
    std::fs::create_dir_all(folder()).map_err(|error| format!("{}: {error}", folder().display()))?;
    let python = need::python()?;
    shell::run(Command::new(python).args(["-m", "venv", "--clear"]).arg(folder().join("venv")))?;
    shell::run(Command::new(program("pip")).args(["install", "--quiet", "--requirement"]).arg(list))?;
    std::fs::write(&mark, REQUIREMENTS).map_err(|error| format!("{}: {error}", mark.display()))
}

/// The folder of an attacker's turn as one of the people, empty.
pub fn turn(tool: &str, person: usize) -> Outcome<PathBuf> {
    let folder = folder().join("turns").join(format!("{tool}-{person}"));
    let _earlier = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

impl Turn<'_> {
    /// A command of an attacker that keeps what it remembers in the turn's folder.
    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(program(name));
        command
            .current_dir(self.folder)
            .env("HOME", self.folder)
            .env("NO_COLOR", "1")
            .env("PYTHONUNBUFFERED", "1")
            .stdin(Stdio::null());
        command
    }

    /// Runs an attacker to its end or its limit; gives its log.
    fn within(&self, command: &mut Command, log: &str) -> Outcome<PathBuf> {
        let path = self.folder.join(log);
        let failed = |error: std::io::Error| format!("{}: {error}", path.display());
        let file = File::create(&path).map_err(failed)?;
        let errors = file.try_clone().map_err(failed)?;
        let shown = shell::shown(command);
        let mut child = command.stdout(file).stderr(errors).spawn().map_err(|error| format!("{shown}: {error}"))?;
        let start = Instant::now();
        while child.try_wait().map_err(failed)?.is_none() {
            if start.elapsed() > self.most + GRACE {
                child.kill().map_err(failed)?;
                child.wait().map_err(failed)?;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(path)
    }

    /// A file of the turn, read; nothing where it was not written.
    fn read(&self, name: &str) -> String {
        let bytes = std::fs::read(self.folder.join(name));
        bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// A share of the time. What is left of it goes to the attacker's start, its last request and its report.
    fn seconds(&self, share: f64) -> String {
        self.most.mul_f64(share).as_secs().max(2).to_string()
    }
}

/// Its `http_headers` asks for HSTS behind TLS alone, so it finds nothing wrong in an answer on plain loopback.
fn wapiti(turn: &Turn<'_>) -> Outcome<Run> {
    let modules = "xss,sql,redirect,file,crlf,exec,permanentxss,upload,csp,http_headers,csrf";
    let mut wapiti = turn.command("wapiti");
    wapiti.args("--scope folder --drop-set-cookie --no-bugreport --flush-session --skip _csrf --skip _key".split(' '));
    wapiti.args("--verbose 2 --depth 5 --max-links-per-page 60 --max-files-per-dir 8".split(' '));
    wapiti.args("--store-session wapiti --store-config wapiti --format csv --output wapiti.csv".split(' '));
    wapiti.args(["--url", &turn.server.url("/"), "--header", &format!("Cookie: {}", turn.person.cookie)]);
    wapiti.args([
        "--module",
        modules,
        "--max-scan-time",
        &turn.seconds(0.25),
        "--max-attack-time",
        &turn.seconds(0.05),
    ]);
    for start in STARTS {
        wapiti.args(["--start", &turn.server.url(start)]);
    }
    for left_out in LEFT_OUT {
        wapiti.args(["--exclude", &turn.server.url(&format!("/{left_out}*"))]);
    }
    let log = turn.within(&mut wapiti, "wapiti.log")?;
    let (said, report) = (turn.read("wapiti.log"), turn.read("wapiti.csv"));
    let asked = said.lines().filter(|line| line.starts_with("[+]") || line.starts_with("[¨]")).count();
    // What it found stands in its report alone: without one, it has not asked.
    let asked = if report.is_empty() { 0 } else { asked };
    Ok(Run { asked, found: report::wapiti(&report), log })
}

fn sqlmap(turn: &Turn<'_>) -> Outcome<Run> {
    let starts: Vec<String> = STARTS.iter().map(|start| turn.server.url(start)).collect();
    std::fs::write(turn.folder.join("starts.txt"), starts.join("\n") + "\n").map_err(|error| error.to_string())?;
    let mut sqlmap = turn.command("sqlmap");
    sqlmap.args("-m starts.txt --crawl 2 --forms --batch --dbms sqlite --technique BEU --level 1 --risk 1".split(' '));
    sqlmap.args("--randomize _key --skip-waf --flush-session --disable-coloring --threads 2".split(' '));
    sqlmap.args("--output-dir sqlmap --results-file sqlmap.csv --param-exclude ^(_csrf|_key|tour)$".split(' '));
    sqlmap.args(["--cookie", &turn.person.cookie, "--crawl-exclude", &LEFT_OUT.join("|")]);
    sqlmap.args(["--time-limit", &turn.seconds(0.9)]);
    let log = turn.within(&mut sqlmap, "sqlmap.log")?;
    let said = turn.read("sqlmap.log");
    let asked = said.lines().filter(|line| line.contains("testing if ") || line.contains("testing for ")).count();
    Ok(Run { asked, found: report::sqlmap(&turn.read("sqlmap.csv")), log })
}

fn schemathesis(turn: &Turn<'_>) -> Outcome<Run> {
    let checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                  ignored_auth,unsupported_method,allow_header_conformance";
    let mut schemathesis = turn.command("schemathesis");
    schemathesis.args(["run", &turn.server.url("/api/openapi.json"), "--checks", checks]);
    schemathesis.args(["--max-time", &turn.seconds(0.7)]);
    schemathesis.args(["--header", &format!("Authorization: Bearer {}", turn.person.token)]);
    schemathesis.args("--phases coverage,fuzzing --continue-on-failure --workers 1 --request-timeout 60".split(' '));
    schemathesis.args("--no-color --report junit --report-junit-path schemathesis.xml".split(' '));
    let log = turn.within(&mut schemathesis, "schemathesis.log")?;
    let (asked, found) = report::junit(&turn.read("schemathesis.xml"));
    Ok(Run { asked, found, log })
}

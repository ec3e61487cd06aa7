//! The built executable, a folder of its own, and a database of either kind.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use placewell_store::Backend;
use placewell_testkit::databases::{TestDatabase, fresh};
use sqlx::{AssertSqlSafe, Connection, Executor};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A folder with a database that is still to be made, and the executable in it.
pub struct Place {
    pub folder: PathBuf,
    /// The database as the tables' owner reaches it.
    pub database: String,
    postgres: Option<TestDatabase>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.folder);
    }
}

impl Place {
    pub async fn new(backend: Backend) -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("placewell-executable-{}-{number}", std::process::id()));
        let _left = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let postgres = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(fresh(backend).await),
        };
        let database = match &postgres {
            Some(made) => made.url.clone(),
            None => format!("sqlite://{}", folder.join("placewell.db").display()),
        };
        Self { folder, database, postgres }
    }

    /// The database as the login reaches it that only serves: it owns nothing.
    pub async fn serving_login(&self) -> String {
        if self.postgres.is_none() {
            return self.database.clone();
        }
        self.sql(
            "DO $$ BEGIN CREATE ROLE placewell_serves LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$; \
             GRANT placewell_app TO placewell_serves",
        )
        .await;
        let (scheme, rest) = self.database.split_once("://").unwrap();
        let (_owner, place) = rest.rsplit_once('@').unwrap();
        format!("{scheme}://placewell_serves@{place}")
    }

    /// Runs SQL past the executable.
    pub async fn sql(&self, script: &str) {
        let script = sqlx::raw_sql(AssertSqlSafe(script.to_owned()));
        if self.postgres.is_some() {
            sqlx::PgConnection::connect(&self.database).await.unwrap().execute(script).await.unwrap();
        } else {
            sqlx::SqliteConnection::connect(&self.database).await.unwrap().execute(script).await.unwrap();
        }
    }

    /// The first column of every row, read past the executable.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let query = AssertSqlSafe(sql.to_owned());
        if self.postgres.is_some() {
            let mut connection = sqlx::PgConnection::connect(&self.database).await.unwrap();
            sqlx::query_scalar(query).fetch_all(&mut connection).await.unwrap()
        } else {
            let mut connection = sqlx::SqliteConnection::connect(&self.database).await.unwrap();
            sqlx::query_scalar(query).fetch_all(&mut connection).await.unwrap()
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_placewell"));
        command.args(arguments).current_dir(&self.folder).env_clear();
        command.env("PLACEWELL_MASTER_KEY_FILE", self.folder.join("master.key"));
        command
    }

    /// Runs a command to its end against a database.
    pub fn run_on(&self, database: &str, arguments: &[&str]) -> Ran {
        Ran(self.command(arguments).env("PLACEWELL_DATABASE", database).output().unwrap())
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_on(&self.database, arguments)
    }

    /// Runs a command to its end with the master key itself in the environment, and no file of it named.
    pub fn run_with_key(&self, key: &str, arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        command.env_remove("PLACEWELL_MASTER_KEY_FILE").env("PLACEWELL_MASTER_KEY", key);
        Ran(command.env("PLACEWELL_DATABASE", &self.database).output().unwrap())
    }

    /// Starts a command that serves, and waits until it says where.
    pub fn serve_on(&self, database: &str, arguments: &[&str]) -> Server {
        self.serve_at_level(database, arguments, "warn,placewell=info,sqlx=error")
    }

    /// The same with another level of the log: nobody reads it before the end, and there is room for some lines only.
    pub fn serve_at_level(&self, database: &str, arguments: &[&str], level: &str) -> Server {
        let mut command = self.command(arguments);
        command.env("PLACEWELL_LOG", level);
        command.env("PLACEWELL_DATABASE", database).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let Some(Ok(line)) = lines.next() else {
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            panic!("the server did not start: {said}");
        };
        let address = line.strip_prefix("ready http://").unwrap().to_owned();
        Server { child, address }
    }

    /// Makes the example's region; what `init` said.
    pub fn make_region(&self) -> Ran {
        let example = self.run(&["init", "--example"]).well();
        std::fs::write(self.folder.join("region.toml"), &example).unwrap();
        self.run(&["init", "region.toml"])
    }
}

/// A command that has ended.
pub struct Ran(Output);

impl Ran {
    /// What it said, having ended well.
    pub fn well(self) -> String {
        assert!(self.0.status.success(), "{}{}", self.said(), self.complained());
        self.said()
    }

    /// What it complained of, having ended badly: one line.
    pub fn refused(self) -> String {
        assert!(!self.0.status.success(), "it ended well: {}", self.said());
        let complained = self.complained();
        assert_eq!(complained.trim().lines().count(), 1, "{complained}");
        complained.trim().to_owned()
    }

    /// What it said, however it ended.
    pub fn ended(self) -> String {
        self.said()
    }

    /// What it said, having ended badly.
    pub fn failed(self) -> String {
        assert!(!self.0.status.success(), "it ended well: {}", self.said());
        self.said()
    }

    /// Its exit code, what it said, and what it complained of.
    pub fn whole(self) -> (Option<i32>, String, String) {
        (self.0.status.code(), self.said(), self.complained())
    }

    fn said(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    fn complained(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }
}

/// What a server answers.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

/// A running server.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    /// Asks for a path and gives the status and the whole answer.
    pub fn get(&self, path: &str, headers: &str) -> (u16, String) {
        let headers: Vec<String> = headers.lines().map(str::to_owned).collect();
        let Answer { status, head, body } = self.ask("GET", path, &headers, b"");
        (status, format!("{head}\r\n\r\n{}", String::from_utf8_lossy(&body)))
    }

    /// Sends a request and gives the answer in its parts.
    pub fn ask(&self, method: &str, path: &str, headers: &[String], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        if method != "GET" {
            head = format!("{head}Content-Length: {}\r\n", body.len());
        }
        stream.write_all(&[head.as_bytes(), &b"\r\n"[..], body].concat()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let body = answer.split_off(end + 4);
        let head = String::from_utf8_lossy(&answer).trim_end().to_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body }
    }

    /// Tells it to stop, as a service manager does, and waits until it has; what it logged.
    pub fn stopped(mut self) -> String {
        assert!(Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().unwrap().success());
        let ended = self.child.wait().unwrap();
        let mut logged = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut logged).unwrap();
        assert!(ended.success(), "{ended}: {logged}");
        logged
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// Both kinds of database.
pub const BOTH: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];

//! The demonstration that is attacked: its own folder, a free port on loopback, stopped and removed at the end.

use super::{browser, tools};
use crate::shell::{self, Outcome};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

/// How long a demonstration may take to fill itself and to answer.
const READY_WITHIN: Duration = Duration::from_mins(5);

/// A running demonstration.
pub struct Server {
    child: Child,
    program: PathBuf,
    data: PathBuf,
    /// Host and port.
    pub address: String,
}

/// Somebody who is signed in.
pub struct Person {
    /// The session's cookie.
    pub cookie: String,
    /// A token for the API.
    pub token: String,
}

impl Server {
    /// Fills a new demonstration and waits until it answers.
    pub fn start(program: &Path) -> Outcome<Self> {
        let data = tools::folder().join("data");
        if data.exists() {
            std::fs::remove_dir_all(&data).map_err(|error| format!("{}: {error}", data.display()))?;
        }
        let log = File::create(tools::folder().join("server.log")).map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        command.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
        command.env("PLACEWELL_LOG", "warn").stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        let said = child.stdout.take();
        let ready = said.map_or(Err(RecvTimeoutError::Disconnected), |out| listened_to(out).recv_timeout(READY_WITHIN));
        let why = match ready {
            Ok(address) => return Ok(Self { child, program: program.to_owned(), data, address }),
            Err(RecvTimeoutError::Disconnected) => "ended before it was ready".to_owned(),
            Err(RecvTimeoutError::Timeout) => format!("was not ready within {} seconds", READY_WITHIN.as_secs()),
        };
        let _gone = child.kill();
        let _waited = child.wait();
        let _removed = std::fs::remove_dir_all(&data);
        Err(format!("the demonstration {why}: see target/attack/server.log"))
    }

    /// The people that one can sign in as.
    pub fn people(&self) -> Outcome<Vec<String>> {
        let page = browser::ask(&self.address, "/demo", None)?;
        let mut emails: Vec<String> = values(&page.body, "email");
        emails.dedup();
        if emails.len() < 10 { Err(format!("only {} people are there", emails.len())) } else { Ok(emails) }
    }

    /// Signs somebody in, in a browser and for the API.
    pub fn sign_in(&self, email: &str) -> Outcome<Person> {
        let form = format!("email={}", browser::encoded(email));
        let answer = browser::ask(&self.address, "/demo", Some(&form))?;
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        let cookie = cookie.ok_or_else(|| format!("{email} is not signed in: {}", answer.status))?;
        let mut create = Command::new(&self.program);
        create.args([
            "token",
            "create",
            "--email",
            email,
            "--name",
            "attack",
            "--scope",
            "everything_with_proof",
            "--database",
        ]);
        create.arg(format!("sqlite://{}", self.data.join("placewell.db").display()));
        create.arg("--master-key").arg(self.data.join("master.key"));
        let said = shell::capture(&mut create)?;
        let token = said.split_whitespace().max_by_key(|word| word.len()).unwrap_or_default().to_owned();
        if token.len() < 32 { Err(format!("{email} has no token: {said}")) } else { Ok(Person { cookie, token }) }
    }

    /// Whether it still answers.
    pub fn is_well(&self) -> bool {
        browser::ask(&self.address, "/readyz", None).is_ok_and(|answer| answer.status == 200)
    }

    /// An address on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _waited = self.child.wait();
        let _removed = std::fs::remove_dir_all(&self.data);
    }
}

/// Reads what a demonstration says for as long as it runs, since a line that nobody takes would hold it up; gives the address
/// at which it is ready.
fn listened_to(out: impl Read + Send + 'static) -> Receiver<String> {
    let (told, address) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut said, mut line) = (BufReader::new(out), Vec::new());
        while said.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
            if let Some(at) = String::from_utf8_lossy(&line).trim_end().strip_prefix("ready http://") {
                let _nobody_waits = told.send(at.to_owned());
            }
            line.clear();
        }
    });
    address
}

/// The values of a page's hidden fields and buttons of this name.
fn values(body: &str, name: &str) -> Vec<String> {
    let field = format!("name=\"{name}\"");
    let tags = body.split('<').map(|tag| tag.split('>').next().unwrap_or_default()).filter(|tag| tag.contains(&field));
    tags.filter_map(|tag| Some(tag.split_once("value=\"")?.1.split('"').next()?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::{listened_to, values};
    use std::io::Write as _;
    use std::sync::mpsc::RecvTimeoutError;
    use std::time::Duration;

    #[test]
    fn what_a_demonstration_says_is_read_after_it_is_ready_too_and_one_that_ends_before_is_noticed() {
        let (out, mut demonstration) = std::io::pipe().unwrap();
        let address = listened_to(out);
        demonstration.write_all(b"filling\n\xff\nready http://127.0.0.1:9\n").unwrap();
        assert_eq!(address.recv_timeout(Duration::from_mins(1)), Ok("127.0.0.1:9".to_owned()));
        for _ in 0..100 {
            demonstration.write_all(&[b'x'; 4096]).unwrap(); // more than a pipe holds
        }
        drop(demonstration);
        let ended = listened_to(b"filling\n".as_slice()).recv_timeout(Duration::from_mins(1));
        assert_eq!(ended, Err(RecvTimeoutError::Disconnected));
    }

    #[test]
    fn the_people_of_a_page_are_read_from_its_forms() {
        let page =
            "<form><input type=\"hidden\" name=\"email\" value=\"a@b.example\"><button name=\"email\" value=\"c@d\">";
        assert_eq!(values(page, "email"), ["a@b.example", "c@d"]);
    }
}

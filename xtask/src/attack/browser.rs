//! As much of a browser as an attack needs: one request at a time, on a connection of its own.

use crate::shell::Outcome;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// How long one answer may take.
const WITHIN: Duration = Duration::from_mins(1);

/// What came back.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// Asks for a path; `form` makes it a POST.
pub fn ask(address: &str, path: &str, form: Option<&str>) -> Outcome<Answer> {
    let failed = |error: std::io::Error| format!("{address}{path}: {error}");
    let mut stream = TcpStream::connect(address).map_err(failed)?;
    stream.set_read_timeout(Some(WITHIN)).map_err(failed)?;
    let common = format!("HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    let request = match form {
        None => format!("GET {path} {common}\r\n"),
        Some(form) => format!(
            "POST {path} {common}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        ),
    };
    stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map_err(failed)?;
    read(&String::from_utf8_lossy(&bytes)).ok_or_else(|| format!("{address}{path}: no answer of HTTP"))
}

fn read(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

/// A text as a form's value.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{encoded, read};

    #[test]
    fn an_answer_is_read_into_status_headers_and_body() {
        let answer = read("HTTP/1.1 303 See Other\r\nSet-Cookie: a=b; Path=/\r\n\r\nbody").unwrap();
        assert_eq!(
            (answer.status, answer.header("set-cookie"), answer.body.as_str()),
            (303, Some("a=b; Path=/"), "body")
        );
        assert!(read("nonsense").is_none());
        assert_eq!(encoded("a.b@c"), "a%2Eb%40c");
    }
}

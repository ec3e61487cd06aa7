//! A connection that is kept open, in so few lines that the measure does not spend the processor itself: it sends
//! bytes as they are and reads status, headers and body.

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The most headers of an answer.
const HEADERS: usize = 64;

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Where a redirect leads.
    pub location: String,
    /// The cookies set, as `name=value` pairs for a later request.
    pub cookies: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// How the body of an answer ends.
#[derive(Debug, Clone, Copy)]
enum Length {
    Bytes(usize),
    Chunks,
}

/// A connection.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    /// Opens one.
    pub async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("{address} does not answer"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads its answer.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request).await?;
        let (mut answer, length) = self.head().await?;
        answer.body = match length {
            Length::Bytes(count) => self.take(count).await?,
            Length::Chunks => self.chunks().await?,
        };
        Ok(answer)
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => bail!("the server closed the connection"),
            _ => Ok(()),
        }
    }

    async fn take(&mut self, count: usize) -> anyhow::Result<Vec<u8>> {
        while self.read.len() < count {
            self.more().await?;
        }
        Ok(self.read.drain(..count).collect())
    }

    async fn chunks(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            match httparse::parse_chunk_size(&self.read) {
                Ok(httparse::Status::Complete((start, size))) => {
                    let size = usize::try_from(size)?;
                    let chunk = self.take(start + size + 2).await?;
                    body.extend_from_slice(&chunk[start..start + size]);
                    if size == 0 {
                        return Ok(body);
                    }
                }
                Ok(httparse::Status::Partial) => self.more().await?,
                Err(error) => bail!("a chunk cannot be read: {error}"),
            }
        }
    }

    async fn head(&mut self) -> anyhow::Result<(Answer, Length)> {
        loop {
            if let Some((used, answer, length)) = parse(&self.read)? {
                self.read.drain(..used);
                return Ok((answer, length));
            }
            self.more().await?;
        }
    }
}

fn parse(bytes: &[u8]) -> anyhow::Result<Option<(usize, Answer, Length)>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(used) = response.parse(bytes)? else { return Ok(None) };
    let mut answer = Answer { status: response.code.unwrap_or(0), ..Answer::default() };
    let mut length = Length::Bytes(0);
    for header in response.headers.iter() {
        let value = String::from_utf8_lossy(header.value);
        match header.name.to_ascii_lowercase().as_str() {
            "content-length" => length = Length::Bytes(value.trim().parse()?),
            "transfer-encoding" if value.contains("chunked") => length = Length::Chunks,
            "location" => answer.location = value.into_owned(),
            "set-cookie" => answer.cookies.push(value.split(';').next().unwrap_or("").to_owned()),
            _ => {}
        }
    }
    Ok(Some((used, answer, length)))
}

/// A GET with a session's cookie.
pub fn get(path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n").into_bytes()
}

/// A form sent with a session's cookie.
pub fn post(path: &str, cookie: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    let body = pairs.collect::<Vec<_>>().join("&");
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn encode(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

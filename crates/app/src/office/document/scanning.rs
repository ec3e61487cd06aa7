//! The scanner: clamd, asked by its socket (`INSTREAM`) before a document is kept.
//!
//! Where one is set up and does not answer, nothing is kept: a document that nobody looked at is no better than none.

use std::path::PathBuf;
use std::time::Duration;

use placewell_domain::outcome::Refusal;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

/// The rule that a refusal names.
const RULE: &str = "Documents: looked at by the scanner before they are kept";
/// How long the scanner may take for one document.
const WITHIN: Duration = Duration::from_secs(30);
/// How much is sent in one piece.
const PIECE: usize = 64 * 1024;
/// The longest answer that is read.
const LONGEST_ANSWER: u64 = 4 * 1024;

/// Where clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Tcp(String),
    Unix(PathBuf),
}

/// A scanner by its address.
#[derive(Debug, Clone)]
pub struct Scanner {
    place: Place,
    within: Duration,
}

/// Why an address is none.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the scanner's address does not read: {0}; it is like unix:/run/clamav/clamd.ctl or 127.0.0.1:3310")]
pub struct ScannerError(String);

/// What the scanner says of a document.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Clean,
    Found(String),
    /// It could not look at it.
    Not,
}

impl Scanner {
    /// A scanner at `unix:/path` or `host:port`.
    pub fn at(address: &str) -> Result<Self, ScannerError> {
        let wrong = || ScannerError(address.to_owned());
        let place = match address.strip_prefix("unix:") {
            Some(path) if cfg!(unix) && path.starts_with('/') => Place::Unix(path.into()),
            Some(_) => return Err(wrong()),
            None => {
                let (host, port) = address.rsplit_once(':').ok_or_else(wrong)?;
                if host.is_empty() || port.parse::<u16>().is_err() {
                    return Err(wrong());
                }
                Place::Tcp(address.to_owned())
            }
        };
        Ok(Self { place, within: WITHIN })
    }

    /// The same scanner with less patience.
    #[must_use]
    pub fn within(self, within: Duration) -> Self {
        Self { within, ..self }
    }

    /// Whether it answers.
    pub async fn answers(&self) -> bool {
        matches!(self.in_time(b"zPING\0", &[]).await, Ok(answer) if answer == "PONG")
    }

    /// Refused unless the scanner has looked at it and found nothing.
    pub async fn pass(&self, content: &[u8]) -> Result<(), Refusal> {
        match self.verdict(content).await {
            Verdict::Clean => Ok(()),
            Verdict::Found(what) => Err(Refusal::new(
                "document_infected",
                RULE,
                "The scanner found something harmful in the document. It was not kept.",
                "You, by having the computer checked that it comes from",
            )
            .found(what)),
            Verdict::Not => Err(Refusal::new(
                "document_not_scanned",
                RULE,
                "The scanner did not look at the document, so it was not kept.",
                "You, by sending it again later; your administrator, where it goes on",
            )),
        }
    }

    async fn verdict(&self, content: &[u8]) -> Verdict {
        match self.in_time(b"zINSTREAM\0", content).await {
            Ok(answer) => read(&answer),
            Err(error) => {
                tracing::error!(%error, "the scanner does not answer");
                Verdict::Not
            }
        }
    }

    async fn in_time(&self, command: &[u8], content: &[u8]) -> std::io::Result<String> {
        let asked = async {
            match &self.place {
                Place::Tcp(address) => ask(TcpStream::connect(address).await?, command, content).await,
                #[cfg(unix)]
                Place::Unix(path) => ask(UnixStream::connect(path).await?, command, content).await,
                #[cfg(not(unix))]
                Place::Unix(_) => Err(std::io::ErrorKind::Unsupported.into()),
            }
        };
        tokio::time::timeout(self.within, asked)
            .await
            .map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))?
    }
}

/// Asks over an open socket: the command, the content in pieces with their lengths before them, an empty piece.
async fn ask<S>(mut socket: S, command: &[u8], content: &[u8]) -> std::io::Result<String>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    socket.write_all(command).await?;
    if command.starts_with(b"zINSTREAM") {
        // clamd may answer and hang up before the end, where the stream is larger than it takes: its answer counts.
        let _cut_short = send(&mut socket, content).await;
    }
    let mut answer = Vec::new();
    socket.take(LONGEST_ANSWER).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).trim_end_matches(['\0', '\n']).trim().to_owned())
}

async fn send<S: tokio::io::AsyncWrite + Unpin>(socket: &mut S, content: &[u8]) -> std::io::Result<()> {
    for piece in content.chunks(PIECE) {
        let length = u32::try_from(piece.len()).map_err(std::io::Error::other)?;
        socket.write_all(&length.to_be_bytes()).await?;
        socket.write_all(piece).await?;
    }
    socket.write_all(&0_u32.to_be_bytes()).await?;
    socket.flush().await
}

/// Only "OK" is clean; whatever else is not.
fn read(answer: &str) -> Verdict {
    let said = answer.strip_prefix("stream:").map_or(answer, str::trim);
    if said == "OK" {
        return Verdict::Clean;
    }
    if let Some(name) = said.strip_suffix("FOUND") {
        return Verdict::Found(name.trim().to_owned());
    }
    tracing::error!(answer = said, "the scanner did not look at a document");
    Verdict::Not
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_socket_of_either_kind() {
        assert!(Scanner::at("127.0.0.1:3310").is_ok());
        assert!(Scanner::at("[::1]:3310").is_ok());
        assert!(Scanner::at("unix:/run/clamav/clamd.ctl").is_ok());
        for wrong in ["", "3310", ":3310", "unix:clamd.ctl", "host:port"] {
            assert!(Scanner::at(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_ok_is_clean() {
        assert_eq!(read("stream: OK"), Verdict::Clean);
        assert_eq!(read("stream: Eicar-Test-Signature FOUND"), Verdict::Found("Eicar-Test-Signature".to_owned()));
        for other in ["", "INSTREAM size limit exceeded. ERROR", "stream: OK or not", "UNKNOWN COMMAND"] {
            assert_eq!(read(other), Verdict::Not, "{other}");
        }
    }
}

//! A mail server in process: takes what the service hands over by SMTP, and can turn mails away for a while.

use std::sync::{Arc, Mutex};

use placewell_app::App;
use placewell_app::post::Post;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::databases::TestDatabase;

/// Under which address links in mails stand.
const ORIGIN: &str = "https://region.example";

#[derive(Default)]
struct Taken {
    full: bool,
    mails: Vec<(String, String)>,
}

/// The server, with what it took.
#[derive(Clone)]
pub struct Mailbox {
    taken: Arc<Mutex<Taken>>,
}

impl Mailbox {
    /// Starts one that an application hands its mails to from then on.
    #[allow(clippy::disallowed_methods)] // it serves until the test ends
    pub async fn of(app: &App) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = format!("smtp://{}", listener.local_addr().unwrap());
        let mailbox = Self { taken: Arc::default() };
        let taken = Arc::clone(&mailbox.taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&taken)));
            }
        });
        app.hand_mails_to(Post::new(&server, "Placewell <placewell@region.example>", ORIGIN).unwrap());
        mailbox
    }

    /// Turns every mail away, or takes them again.
    pub fn turn_away(&self, full: bool) {
        self.taken.lock().unwrap().full = full;
    }

    /// The token of the one-time link in the latest mail to an address.
    pub fn token(&self, to: &str) -> Option<String> {
        let taken = self.taken.lock().unwrap();
        let (_, text) = taken.mails.iter().rev().find(|(recipient, _)| recipient == to)?;
        let (_, after) = text.split_once(&format!("{ORIGIN}/emails/"))?;
        after.split('/').next().map(str::to_owned)
    }

    /// Sends what waits, and gives the token that arrives at an address: it stands in no byte of the database, neither while
    /// its mail waits nor once it went.
    pub async fn hidden_token(&self, database: &TestDatabase, app: &Arc<App>, to: &str) -> String {
        let before = database.everything().await;
        assert!(before.iter().any(|(_, bytes)| holds(bytes, to)), "the mail that waits was not read");
        app.do_due_jobs().await.unwrap();
        let token = self.token(to).expect("no link arrived");
        assert_eq!(token.len(), 64, "{token}");
        for (place, bytes) in before.into_iter().chain(database.everything().await) {
            assert!(!holds(&bytes, &token), "the token of a mailed link stands in {place}");
            assert!(!holds(&bytes, &hex::encode(&token)), "the token of a mailed link stands in {place}");
        }
        token
    }
}

/// Whether a word stands somewhere among bytes.
fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|part| part == word.as_bytes())
}

async fn serve(stream: TcpStream, taken: Arc<Mutex<Taken>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let (mut lines, mut to) = (BufReader::new(read).lines(), String::new());
    write.write_all(b"220 mailbox\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let full = taken.lock().unwrap().full;
        let answer = match line.get(..4).unwrap_or_default() {
            "MAIL" if full => "451 later",
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1).unwrap_or_default();
                address.clone_into(&mut to);
                "250 ok"
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    // A long line may be sent in parts.
                    if let Some(part) = line.strip_suffix('=') {
                        text.push_str(part);
                    } else {
                        text.push_str(&line);
                        text.push('\n');
                    }
                }
                taken.lock().unwrap().mails.push((to.clone(), text));
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

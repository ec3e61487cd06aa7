//! Post: how a mail leaves, by SMTP. Mails are written and kept before; here they are only carried.

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use placewell_store::office::message::Mail;

/// A mail server to hand mails to, and what they say of their sender.
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    origin: String,
}

/// Why mail cannot be handed over, without any address or text of a mail.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The server's address does not read.
    #[error("the mail server's address does not read: {0}; it is like smtps://user:password@mail.example:465")]
    Server(String),
    /// The sender does not read.
    #[error("the sender does not read: {0}; it is like Placewell <placewell@region.example>")]
    Sender(String),
    /// The mail cannot be made, such as for an address that is none.
    #[error("a mail cannot be made of it")]
    Mail,
    /// The server did not take it.
    #[error("the mail server did not take it: {0}")]
    Refused(String),
}

impl Post {
    /// A server by its URL (`smtp://`, `smtps://`, or `smtp://…?tls=required`), a sender, and the public origin that
    /// links in mails begin with.
    pub fn new(server: &str, sender: &str, origin: &str) -> Result<Self, PostError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server)
            .map_err(|error| PostError::Server(error.to_string()))?
            .build();
        let from = sender.parse().map_err(|_| PostError::Sender(sender.to_owned()))?;
        Ok(Self { transport, from, origin: origin.trim_end_matches('/').to_owned() })
    }

    /// Whether the server answers.
    pub async fn answers(&self) -> Result<bool, PostError> {
        self.transport.test_connection().await.map_err(|error| PostError::Refused(error.to_string()))
    }

    /// A mail as it is handed over. Its identifier is always the same, so that a mail sent twice reads as one.
    fn message(&self, mail: &Mail) -> Result<Message, PostError> {
        let domain = self.from.email.domain();
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, mail.recipient.parse().map_err(|_| PostError::Mail)?))
            .subject(&mail.subject)
            .message_id(Some(format!("<{}@{domain}>", mail.id)))
            .header(ContentType::TEXT_PLAIN)
            .body(with_links(&mail.body, &self.origin))
            .map_err(|_| PostError::Mail)
    }

    /// Hands a mail over.
    pub async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        match self.transport.send(self.message(mail)?).await {
            Ok(_) => Ok(()),
            Err(error) => Err(PostError::Refused(
                error
                    .status()
                    .map_or_else(|| "it could not be reached".to_owned(), |code| format!("it answered {code}")),
            )),
        }
    }
}

/// The text with each line that is a path of ours made a whole link.
fn with_links(body: &str, origin: &str) -> String {
    let lines =
        body.lines().map(|line| if line.starts_with('/') { format!("{origin}{line}") } else { line.to_owned() });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_on_a_line_of_its_own_becomes_a_link() {
        let body = "HEF-R-0042 is with you.\nAt 4pm/16:00.\n\n/provider/referrals/HEF-R-0042";
        let expected = "HEF-R-0042 is with you.\nAt 4pm/16:00.\n\nhttps://region.example/provider/referrals/HEF-R-0042";
        assert_eq!(with_links(body, "https://region.example"), expected);
    }

    #[tokio::test]
    async fn no_word_of_a_mail_adds_a_header_or_a_recipient() {
        let post = Post::new("smtp://127.0.0.1:2525", "Placewell <placewell@region.example>", "").unwrap();
        let mail = |recipient: &str, subject: &str| Mail {
            id: 7,
            recipient: recipient.to_owned(),
            subject: subject.to_owned(),
            body: "Bcc: in@the.text\r\n.\r\nRCPT TO:<other@home.example>".to_owned(),
            made_at: jiff::Timestamp::UNIX_EPOCH,
            sent_at: None,
        };
        let headers = |mail: &Mail| {
            let whole = String::from_utf8(post.message(mail).unwrap().formatted()).unwrap();
            let (headers, _) = whole.split_once("\r\n\r\n").unwrap();
            let names = headers.split("\r\n").filter(|line| !line.starts_with(' '));
            names.map(|line| line.split(':').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let plain = headers(&mail("manager@home.example", "A new referral"));
        assert!(plain.contains(&"Subject".to_owned()) && !plain.contains(&"Bcc".to_owned()), "{plain:?}");
        for end in ["\r\n", "\n", "\r"] {
            let subject = format!("A new referral{end}Bcc: other@home.example{end}{end}Another text");
            assert_eq!(headers(&mail("manager@home.example", &subject)), plain, "{end:?}");
            let recipient = format!("manager@home.example{end}Bcc: other@home.example");
            assert!(matches!(post.message(&mail(&recipient, "A new referral")), Err(PostError::Mail)), "{end:?}");
        }
        for two in ["manager@home.example, other@home.example", "manager@home.example> RCPT TO:<other@home.example"] {
            assert!(matches!(post.message(&mail(two, "A new referral")), Err(PostError::Mail)), "{two}");
        }
    }

    #[tokio::test]
    async fn what_is_no_server_or_sender_is_said() {
        let sender = "Placewell <placewell@region.example>";
        assert!(matches!(Post::new("mail.example", sender, ""), Err(PostError::Server(_))));
        assert!(matches!(Post::new("smtp://mail.example", "nobody", ""), Err(PostError::Sender(_))));
        assert!(Post::new("smtp://127.0.0.1:2525", sender, "https://region.example").is_ok());
    }
}

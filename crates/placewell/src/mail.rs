//! Which mail server takes the mails, and who they say they are from.

use clap::Args;
use placewell_app::post::{Post, PostError};

/// The options that every command which sends mail shares.
#[derive(Args)]
#[group(id = "mail")]
pub struct Options {
    /// The mail server, such as `smtps://user:password@mail.example:465` or `smtp://localhost:25`; without one, mails
    /// are written and kept, and none is sent.
    #[arg(long = "mail-server", env = "PLACEWELL_MAIL_SERVER", hide_env_values = true)]
    server: Option<String>,
    /// The sender of every mail.
    #[arg(long = "mail-from", env = "PLACEWELL_MAIL_FROM", default_value = "Placewell <placewell@localhost>")]
    from: String,
}

impl Options {
    /// The server, where one is given; links in mails begin with the origin.
    pub fn post(&self, origin: &str) -> Result<Option<Post>, PostError> {
        self.server.as_deref().map(|server| Post::new(server, &self.from, origin)).transpose()
    }
}

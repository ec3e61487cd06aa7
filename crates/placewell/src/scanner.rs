//! Which scanner looks at documents before they are kept.

use clap::Args;
use placewell_app::office::document::scanning::{Scanner, ScannerError};

/// The option that every command which takes documents shares.
#[derive(Args)]
#[group(id = "document-scanner")]
pub struct Options {
    /// The socket of clamd, such as `unix:/run/clamav/clamd.ctl` or `127.0.0.1:3310`; without one, documents are
    /// checked by their content only.
    #[arg(long = "scanner", env = "PLACEWELL_SCANNER")]
    scanner: Option<String>,
}

impl Options {
    /// The scanner, where one is given.
    pub fn scanner(&self) -> Result<Option<Scanner>, ScannerError> {
        self.scanner.as_deref().map(Scanner::at).transpose()
    }
}

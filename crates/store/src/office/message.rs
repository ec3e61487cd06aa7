//! Mail waiting to go, and gone: a reference, an act and one link; never anything about a child.

use jiff::Timestamp;
use placewell_domain::id::OrganisationId;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its row.
    pub id: i64,
    /// To whom.
    pub recipient: String,
    /// Reference and act.
    pub subject: String,
    /// At most eight lines, plain text.
    pub body: String,
    /// When it was written, by the business clock.
    pub made_at: Timestamp,
    /// When it went, by the machine's clock.
    pub sent_at: Option<Timestamp>,
}

fn mail(row: &Row) -> Result<Mail, StoreError> {
    Ok(Mail {
        id: row.int("id")?,
        recipient: row.text("recipient")?,
        subject: row.text("subject")?,
        body: row.text("body")?,
        made_at: row.moment("made_at")?,
        sent_at: row.opt_moment("sent_at")?,
    })
}

impl Session {
    /// The latest mails of an organisation.
    pub async fn mails(&self, organisation: OrganisationId, limit: u32) -> Result<Vec<Mail>, StoreError> {
        let sql = "SELECT id, recipient, subject, body, made_at, sent_at FROM mail WHERE org_id = $1 ORDER BY id DESC LIMIT $2";
        let rows = self.all(sql, values![organisation, limit]).await?;
        rows.iter().map(mail).collect()
    }

    /// Whether a mail of this organisation was written under a `dedupe` that begins so.
    pub async fn mail_written(&self, organisation: OrganisationId, dedupe: &str) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM mail WHERE org_id = $1 AND dedupe LIKE $2 LIMIT 1";
        Ok(self.maybe(sql, values![organisation, format!("{}%", dedupe.replace(['%', '_'], ""))]).await?.is_some())
    }

    /// One mail.
    pub async fn mail(&self, organisation: OrganisationId, id: i64) -> Result<Mail, StoreError> {
        let sql = "SELECT id, recipient, subject, body, made_at, sent_at FROM mail WHERE org_id = $1 AND id = $2";
        mail(&self.one(sql, values![organisation, id]).await?)
    }
}

impl Work {
    /// Writes a mail once: the same `dedupe` again writes nothing, since a job may run twice.
    /// Gives the mail's row where it is new.
    pub async fn write_mail(
        &self,
        recipient: &str,
        subject: &str,
        body: &str,
        dedupe: &str,
    ) -> Result<Option<i64>, StoreError> {
        let id = self.new_id();
        let sql = "INSERT INTO mail (id, org_id, recipient, subject, body, made_at, dedupe) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                   ON CONFLICT (org_id, dedupe) DO NOTHING";
        let fresh =
            self.execute(sql, values![id, self.org(), recipient, subject, body, self.moment().at, dedupe]).await?;
        Ok((fresh == 1).then_some(id))
    }

    /// Marks a mail as gone.
    pub async fn mail_sent(&self, id: i64, machine: Timestamp) -> Result<(), StoreError> {
        self.execute("UPDATE mail SET sent_at = $3 WHERE org_id = $1 AND id = $2", values![self.org(), id, machine])
            .await?;
        Ok(())
    }
}

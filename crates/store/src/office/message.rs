//! Mail waiting to go, and gone: a reference, an act and one link; never anything about a child.
//!
//! The token of a one-time link waits sealed beside its mail and goes with it: whoever reads the database finds none.

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
    /// At most eight lines, plain text; the token of a one-time link only where the whole mail was asked for.
    pub body: String,
    /// When it was written, by the business clock.
    pub made_at: Timestamp,
    /// When it went, by the machine's clock.
    pub sent_at: Option<Timestamp>,
}

/// What a path begins with that a token follows, and what stands in the token's place in the body that is kept.
const LINK: &str = "/emails/";
const TOKEN: &str = "{token}";

/// A body without the token of its one-time link, and the token; none where it has no such link.
fn without_token(body: &str) -> Option<(String, &str)> {
    let (_, after) = body.split_once(LINK)?;
    let token = after.split(['/', ' ', '\n']).next().filter(|found| !found.is_empty() && *found != TOKEN)?;
    Some((body.replace(token, TOKEN), token))
}

const MAIL: &str = "SELECT id, recipient, subject, body, made_at, sent_at, secret FROM mail";

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
    /// The latest mails of an organisation, without the tokens of their links.
    pub async fn mails(&self, organisation: OrganisationId, limit: u32) -> Result<Vec<Mail>, StoreError> {
        self.latest(organisation, limit).await?.iter().map(mail).collect()
    }

    /// The same as they go out.
    pub async fn whole_mails(&self, organisation: OrganisationId, limit: u32) -> Result<Vec<Mail>, StoreError> {
        self.latest(organisation, limit).await?.iter().map(|row| self.whole(row)).collect()
    }

    async fn latest(&self, organisation: OrganisationId, limit: u32) -> Result<Vec<Row>, StoreError> {
        let sql = format!("{MAIL} WHERE org_id = $1 ORDER BY id DESC LIMIT $2");
        self.all(&sql, values![organisation, limit]).await
    }

    /// Whether a mail of this organisation was written under a `dedupe` that begins so.
    pub async fn mail_written(&self, organisation: OrganisationId, dedupe: &str) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM mail WHERE org_id = $1 AND dedupe LIKE $2 LIMIT 1";
        Ok(self.maybe(sql, values![organisation, format!("{}%", dedupe.replace(['%', '_'], ""))]).await?.is_some())
    }

    /// One mail, without the token of its link.
    pub async fn mail(&self, organisation: OrganisationId, id: i64) -> Result<Mail, StoreError> {
        mail(&self.one(&format!("{MAIL} WHERE org_id = $1 AND id = $2"), values![organisation, id]).await?)
    }

    /// One mail as it goes out. Once it went, nobody has its token but the recipient.
    pub async fn whole_mail(&self, organisation: OrganisationId, id: i64) -> Result<Mail, StoreError> {
        self.whole(&self.one(&format!("{MAIL} WHERE org_id = $1 AND id = $2"), values![organisation, id]).await?)
    }

    fn whole(&self, row: &Row) -> Result<Mail, StoreError> {
        let kept = mail(row)?;
        let Some(sealed) = row.opt_bytes("secret")? else { return Ok(kept) };
        let token = String::from_utf8(self.master().open(kept.id, &sealed)?).map_err(StoreError::fault)?;
        Ok(Mail { body: kept.body.replace(TOKEN, &token), ..kept })
    }
}

impl Work {
    /// Writes a mail once: the same `dedupe` again writes nothing, since a job may run twice.
    /// Gives the mail's row where it is new. The token of a one-time link in it is sealed, whoever writes it.
    pub async fn write_mail(
        &self,
        recipient: &str,
        subject: &str,
        body: &str,
        dedupe: &str,
    ) -> Result<Option<i64>, StoreError> {
        let id = self.new_id();
        let (body, secret) = self.sealed_link(id, body)?;
        let sql = "INSERT INTO mail (id, org_id, recipient, subject, body, made_at, dedupe, secret) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (org_id, dedupe) DO NOTHING";
        let values = values![id, self.org(), recipient, subject, body, self.moment().at, dedupe, secret];
        let fresh = self.execute(sql, values).await?;
        Ok((fresh == 1).then_some(id))
    }

    /// The body that is kept of a mail, and the token of its link, sealed.
    fn sealed_link(&self, id: i64, body: &str) -> Result<(String, Option<Vec<u8>>), StoreError> {
        match without_token(body) {
            Some((kept, token)) => Ok((kept, Some(self.master().seal(id, token.as_bytes())?))),
            None => Ok((body.to_owned(), None)),
        }
    }

    /// Marks a mail as gone, and forgets the token that went with it.
    pub async fn mail_sent(&self, id: i64, machine: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE mail SET sent_at = $3, secret = NULL WHERE org_id = $1 AND id = $2";
        self.execute(sql, values![self.org(), id, machine]).await?;
        Ok(())
    }

    /// Seals the tokens of this organisation's mails from before they were sealed; of a mail that went, it is taken out.
    pub(crate) async fn seal_mailed_links(&self) -> Result<(), StoreError> {
        let sql = format!("{MAIL} WHERE org_id = $1 AND body LIKE $2 ORDER BY id");
        for row in self.all(&sql, values![self.org(), format!("%{LINK}%")]).await? {
            let before = mail(&row)?;
            let (body, Some(sealed)) = self.sealed_link(before.id, &before.body)? else { continue };
            let secret = before.sent_at.is_none().then_some(sealed);
            let sql = "UPDATE mail SET body = $3, secret = $4 WHERE org_id = $1 AND id = $2";
            self.execute(sql, values![self.org(), before.id, body, secret]).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{TOKEN, without_token};

    #[test]
    fn the_token_of_a_link_is_taken_out_wherever_it_stands_and_other_paths_stay() {
        for body in ["Open it.\n\n/emails/0a1b/password", "Open /emails/0a1b/password", "/emails/0a1b"] {
            let (kept, token) = without_token(body).unwrap();
            assert_eq!((token, kept), ("0a1b", body.replace("0a1b", TOKEN)));
            assert_eq!(without_token(&body.replace("0a1b", TOKEN)), None, "once");
        }
        for body in ["HEF-R-0042 is with you.\n\n/provider/referrals/HEF-R-0042", "/emails/", ""] {
            assert_eq!(without_token(body), None);
        }
    }
}

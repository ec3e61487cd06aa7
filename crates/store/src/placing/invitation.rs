//! Invitations, questions and one-time links: rows of two organisations, with their words under a key that both can use.
//!
//! The key of an invitation lets the provider read what it was asked with and nothing else about the child.

use jiff::Timestamp;
use jiff::civil::DateTime;
use placewell_domain::id::{ChildId, HomeId, InvitationId, OrganisationId, ReferralId};
use placewell_domain::placing::invitation::{Invitation, OneTimeLink, Question};
use serde::{Deserialize, Serialize};

use super::{body_without, record_with};
use crate::error::StoreError;
use crate::keys::RecordKey;
use crate::row::Row;
use crate::session::Session;
use crate::tagged::Covered;
use crate::values;
use crate::work::{Record, Work};

fn invitation(row: &Row) -> Result<Invitation, StoreError> {
    record_with(&row.text("body")?, "words", row.bytes("words")?)
}

const LINK: &str = "id, org_id, provider_id, invitation_id, email, digest, expires_at, used_at, tag";

/// Under what the link of a secret with this digest is kept: nobody plants one with the database alone.
fn kept(session: &Session, digest: &str) -> String {
    hex::encode(session.master().kept("one_time_link", digest.as_bytes()))
}

fn one_time_link(row: &Row) -> Result<OneTimeLink, StoreError> {
    Ok(OneTimeLink {
        id: row.int("id")?,
        invitation: InvitationId(row.int("invitation_id")?),
        authority: OrganisationId(row.int("org_id")?),
        provider: OrganisationId(row.int("provider_id")?),
        email: row.text("email")?,
        digest: row.text("digest")?,
        expires: row.moment("expires_at")?,
        used: row.opt_moment("used_at")?,
    })
}

/// What the tag of a link's row covers, with the digest under which it is kept: a link opens the invitation that it was made for.
fn covered(link: &OneTimeLink, kept: &str) -> Covered {
    let whose = Covered::of("one_time_link").with(kept).with(link.id).with(link.authority).with(link.provider);
    whose.with(link.invitation).with(&link.email).with(link.expires.as_microsecond())
}

impl Record for Invitation {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = body_without(self, "words")?;
        let (deadline, access_ends) = (self.deadline.to_string(), self.access_ends.to_string());
        if self.version == 1 {
            let sql = "INSERT INTO invitation (id, org_id, provider_id, version, number, referral_id, reference, home_id, tier, state, \
                       deadline, access_ends, words, body) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
            let values = values![
                self.id,
                self.authority,
                self.provider,
                self.number,
                self.referral,
                self.reference.to_string(),
                self.home,
                self.tier.code(),
                self.state.name(),
                deadline,
                access_ends,
                self.words.bytes(),
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE invitation SET version = $1, state = $2, deadline = $3, access_ends = $4, words = $5, body = $6 \
                   WHERE org_id = $7 AND id = $8 AND version = $1 - 1";
        let values = values![
            self.version,
            self.state.name(),
            deadline,
            access_ends,
            self.words.bytes(),
            body,
            self.authority,
            self.id
        ];
        match session.execute(sql, values).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Record for Question {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO question (id, org_id, provider_id, version, referral_id, invitation_id, state, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6, $7)";
            let values = values![
                self.id,
                self.authority,
                self.provider,
                self.referral,
                self.invitation,
                self.state.name(),
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE question SET version = $1, state = $2, body = $3 WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        match session.execute(sql, values![self.version, self.state.name(), body, self.authority, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

/// A question and its answer as the homes that did not ask read them: without a word of who asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedAnswer {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

impl Session {
    /// An invitation that this organisation sent or received.
    pub async fn invitation(&self, organisation: OrganisationId, id: InvitationId) -> Result<Invitation, StoreError> {
        let sql = "SELECT words, body FROM invitation WHERE (org_id = $1 OR provider_id = $1) AND id = $2";
        let row = self.one(sql, values![organisation, id]).await?;
        row.once(|| invitation(&row))
    }

    /// The invitations of an authority's referral, by number.
    pub async fn invitations_of(
        &self,
        organisation: OrganisationId,
        referral: ReferralId,
    ) -> Result<Vec<Invitation>, StoreError> {
        let sql = "SELECT words, body FROM invitation WHERE org_id = $1 AND referral_id = $2 ORDER BY number";
        let rows = self.all(sql, values![organisation, referral]).await?;
        rows.iter().map(invitation).collect()
    }

    /// The invitations that a provider received in these states, closing soonest first.
    pub async fn received_invitations(
        &self,
        provider: OrganisationId,
        states: &[&str],
        limit: u32,
    ) -> Result<Vec<Invitation>, StoreError> {
        let states: Vec<String> = states.iter().map(|state| format!("'{state}'")).collect();
        let sql = format!(
            "SELECT words, body FROM invitation WHERE provider_id = $1 AND state IN ({}) ORDER BY deadline, id LIMIT $2",
            states.join(", ")
        );
        let rows = self.all(&sql, values![provider, limit]).await?;
        rows.iter().map(invitation).collect()
    }

    /// The invitations that a provider's homes declined and whose time to answer ended at this time or later.
    pub async fn declined_since(
        &self,
        provider: OrganisationId,
        deadline: DateTime,
    ) -> Result<Vec<Invitation>, StoreError> {
        let sql = "SELECT words, body FROM invitation WHERE provider_id = $1 AND state = 'declined' AND deadline >= $2 \
                   ORDER BY deadline, id";
        let rows = self.all(sql, values![provider, deadline.to_string()]).await?;
        rows.iter().map(invitation).collect()
    }

    /// A provider's invitations in these states in the order of reference and id, from those after a pair on.
    pub async fn received_after(
        &self,
        provider: OrganisationId,
        states: &[&str],
        ((reference, id), limit): ((&str, i64), u32),
    ) -> Result<Vec<Invitation>, StoreError> {
        let states: Vec<String> = states.iter().map(|state| format!("'{state}'")).collect();
        let sql = format!(
            "SELECT words, body FROM invitation WHERE provider_id = $1 AND state IN ({}) \
             AND (reference > $2 OR (reference = $2 AND id > $3)) ORDER BY reference, id LIMIT $4",
            states.join(", ")
        );
        let rows = self.all(&sql, values![provider, reference, id, limit]).await?;
        rows.iter().map(invitation).collect()
    }

    /// The invitations that a provider's homes received for a reference, by number.
    pub async fn received_by_reference(
        &self,
        provider: OrganisationId,
        reference: &str,
    ) -> Result<Vec<Invitation>, StoreError> {
        let sql = "SELECT words, body FROM invitation WHERE provider_id = $1 AND reference = $2 ORDER BY number";
        let rows = self.all(sql, values![provider, reference.to_uppercase()]).await?;
        rows.iter().map(invitation).collect()
    }

    /// The key of an invitation's words, for either of its organisations.
    pub async fn invitation_key(
        &self,
        organisation: OrganisationId,
        id: InvitationId,
    ) -> Result<RecordKey, StoreError> {
        let sql = "SELECT k.org_id, k.child_id, k.wrapped, c.wrapped AS child_wrapped FROM invitation_key k \
                   LEFT JOIN child_key c ON c.org_id = k.org_id AND c.child_id = k.child_id \
                   WHERE (k.org_id = $1 OR k.provider_id = $1) AND k.invitation_id = $2";
        self.record_key(&self.one(sql, values![organisation, id]).await?, id.0).await
    }

    /// The same; none once it went with the key of an erased child.
    pub async fn invitation_key_left(
        &self,
        organisation: OrganisationId,
        id: InvitationId,
    ) -> Result<Option<RecordKey>, StoreError> {
        match self.invitation_key(organisation, id).await {
            Err(StoreError::NotFound) => Ok(None),
            found => Ok(Some(found?)),
        }
    }

    /// Whether this authority has anything that its calendar has passed: an invitation without an answer whose deadline
    /// was before `lapsed`, an offer no longer valid, something late that nobody was told of, or an agreement whose
    /// planned end is overdue.
    pub async fn timers_due(
        &self,
        organisation: OrganisationId,
        lapsed: DateTime,
        now: DateTime,
    ) -> Result<bool, StoreError> {
        if !self.lapsed_invitations(organisation, lapsed, 1).await?.is_empty()
            || !self.offers_past_validity(organisation, now, 1).await?.is_empty()
        {
            return Ok(true);
        }
        if !self.confirmations_to_chase(organisation, now).await?.is_empty()
            || !self.follow_ups_to_chase(organisation, now.date()).await?.is_empty()
        {
            return Ok(true);
        }
        Ok(!self.overdue_agreements(organisation, now.date()).await?.is_empty()
            || !self.agreements_to_remind(organisation, now.date()).await?.is_empty())
    }

    /// Invitations of this authority without an answer whose deadline was before this time, the oldest first.
    pub async fn lapsed_invitations(
        &self,
        organisation: OrganisationId,
        before: DateTime,
        limit: u32,
    ) -> Result<Vec<Invitation>, StoreError> {
        let sql = "SELECT words, body FROM invitation WHERE org_id = $1 AND deadline < $2 AND state IN ('asked', 'opened') \
                   ORDER BY deadline, id LIMIT $3";
        let rows = self.all(sql, values![organisation, before.to_string(), limit]).await?;
        rows.iter().map(invitation).collect()
    }

    /// The homes that were asked for a referral; one whose sending was undone can be asked again.
    pub async fn homes_asked(
        &self,
        organisation: OrganisationId,
        referral: ReferralId,
    ) -> Result<Vec<HomeId>, StoreError> {
        let sql = "SELECT home_id FROM invitation WHERE org_id = $1 AND referral_id = $2 AND state <> 'withdrawn' ORDER BY number";
        let rows = self.all(sql, values![organisation, referral]).await?;
        rows.iter().map(|row| Ok(HomeId(row.int("home_id")?))).collect()
    }

    /// The questions about an authority's referral, newest first.
    pub async fn questions_of(
        &self,
        organisation: OrganisationId,
        referral: ReferralId,
    ) -> Result<Vec<Question>, StoreError> {
        let sql = "SELECT body FROM question WHERE org_id = $1 AND referral_id = $2 ORDER BY id DESC";
        let rows = self.all(sql, values![organisation, referral]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// A question of either organisation.
    pub async fn question(&self, organisation: OrganisationId, id: i64) -> Result<Question, StoreError> {
        let sql = "SELECT body FROM question WHERE (org_id = $1 OR provider_id = $1) AND id = $2";
        self.one(sql, values![organisation, id]).await?.json("body")
    }

    /// A provider's own questions on an invitation, newest first.
    pub async fn own_questions(&self, provider: OrganisationId, id: InvitationId) -> Result<Vec<Question>, StoreError> {
        let sql = "SELECT body FROM question WHERE provider_id = $1 AND invitation_id = $2 ORDER BY id DESC";
        let rows = self.all(sql, values![provider, id]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// Questions of a provider that were answered about referrals that still wait for its answer: each referral once, with
    /// by when its answer is due, those due first first.
    pub async fn questions_answered(&self, provider: OrganisationId) -> Result<Vec<(String, DateTime)>, StoreError> {
        let sql = "SELECT i.reference AS reference, min(i.deadline) AS deadline FROM invitation i JOIN question q \
                   ON q.org_id = i.org_id AND q.invitation_id = i.id WHERE q.provider_id = $1 AND q.state = 'answered' \
                   AND i.state IN ('asked', 'opened') GROUP BY i.reference ORDER BY 2, 1";
        let rows = self.all(sql, values![provider]).await?;
        let line = |row: &Row| -> Result<(String, DateTime), StoreError> {
            Ok((row.text("reference")?, row.text("deadline")?.parse().map_err(StoreError::fault)?))
        };
        rows.iter().map(line).collect()
    }

    /// Answers to everyone as they were shared with one invitation, newest first; none once the child's record was erased.
    pub async fn shared_answers(
        &self,
        organisation: OrganisationId,
        id: InvitationId,
    ) -> Result<Vec<(DateTime, SharedAnswer)>, StoreError> {
        let Some(key) = self.invitation_key_left(organisation, id).await? else { return Ok(Vec::new()) };
        let sql = "SELECT answered, sealed FROM shared_answer WHERE (org_id = $1 OR provider_id = $1) AND invitation_id = $2 \
                   ORDER BY answered DESC, question_id DESC";
        let rows = self.all(sql, values![organisation, id]).await?;
        rows.iter()
            .map(|row| {
                let at = row.text("answered")?.parse().map_err(StoreError::fault)?;
                Ok((at, key.open_bytes(&row.bytes("sealed")?)?))
            })
            .collect()
    }

    /// The link with this digest; no organisation is needed to look, since its secret is the proof.
    pub async fn one_time_link(&self, digest: &str) -> Result<OneTimeLink, StoreError> {
        let sql = format!("SELECT {LINK} FROM one_time_link WHERE digest = $1");
        let row = self.one(&sql, values![kept(self, digest)]).await?;
        let found = one_time_link(&row)?;
        if !covered(&found, &found.digest).fits(self.master(), &row.text("tag")?) {
            return Err(StoreError::NotFound);
        }
        Ok(OneTimeLink { digest: digest.to_owned(), ..found })
    }

    /// The links of an invitation that nobody has used, oldest first; each by the digest that is kept, which opens nothing.
    pub async fn unused_links(
        &self,
        organisation: OrganisationId,
        id: InvitationId,
    ) -> Result<Vec<OneTimeLink>, StoreError> {
        let sql = format!(
            "SELECT {LINK} FROM one_time_link WHERE org_id = $1 AND invitation_id = $2 AND used_at IS NULL ORDER BY id"
        );
        self.all(&sql, values![organisation, id]).await?.iter().map(one_time_link).collect()
    }
}

impl Work {
    /// Makes the key of a new invitation about a child, before its words are sealed; it goes when the child's key goes.
    pub async fn new_invitation_key(
        &self,
        provider: OrganisationId,
        id: InvitationId,
        child: ChildId,
    ) -> Result<RecordKey, StoreError> {
        let (key, wrapped) = self.new_record_key(self.org(), Some(child), id.0).await?;
        let sql = "INSERT INTO invitation_key (org_id, provider_id, invitation_id, child_id, wrapped) VALUES ($1, $2, $3, $4, $5)";
        self.execute(sql, values![self.org(), provider, id, child, wrapped]).await?;
        Ok(key)
    }

    /// Shares an answer with one invitation.
    pub async fn share_answer(
        &self,
        on: &Invitation,
        question: i64,
        answered: DateTime,
        shared: &SharedAnswer,
    ) -> Result<(), StoreError> {
        let key = self.invitation_key(self.org(), on.id).await?;
        let sealed = key.seal_bytes(shared)?;
        let sql = "INSERT INTO shared_answer (org_id, provider_id, invitation_id, question_id, answered, sealed) VALUES ($1, $2, $3, $4, $5, $6)";
        self.execute(sql, values![on.authority, on.provider, on.id, question, answered.to_string(), sealed]).await?;
        Ok(())
    }

    /// Keeps a one-time link by its digest.
    pub async fn add_one_time_link(&self, link: &OneTimeLink) -> Result<(), StoreError> {
        let sql = "INSERT INTO one_time_link (digest, id, org_id, provider_id, invitation_id, email, expires_at, tag) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let kept = kept(self, &link.digest);
        let tag = covered(link, &kept).tag(self.master());
        let values =
            values![kept, link.id, link.authority, link.provider, link.invitation, link.email, link.expires, tag];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Lets a link that nobody has used be used until later.
    pub async fn renew_one_time_link(&self, id: i64, expires: Timestamp) -> Result<(), StoreError> {
        let sql = format!("SELECT {LINK} FROM one_time_link WHERE org_id = $1 AND id = $2 AND used_at IS NULL");
        let Some(row) = self.maybe(&sql, values![self.org(), id]).await? else { return Ok(()) };
        let found = one_time_link(&row)?;
        if covered(&found, &found.digest).fits(self.master(), &row.text("tag")?) {
            let tag = covered(&OneTimeLink { expires, ..found.clone() }, &found.digest).tag(self.master());
            let sql =
                "UPDATE one_time_link SET expires_at = $3, tag = $4 WHERE org_id = $1 AND id = $2 AND used_at IS NULL";
            self.execute(sql, values![self.org(), id, expires, tag]).await?;
        }
        Ok(())
    }

    /// Uses a link up; `Conflict` where somebody did meanwhile.
    pub async fn use_one_time_link(&self, digest: &str, machine: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE one_time_link SET used_at = $2 WHERE digest = $1 AND used_at IS NULL";
        match self.execute(sql, values![kept(self, digest), machine]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }

    /// Keys the digests of one-time links that an earlier version kept plainly: those that were mailed go on opening.
    pub(crate) async fn key_one_time_links(&self) -> Result<(), StoreError> {
        for row in self.all(&format!("SELECT {LINK} FROM one_time_link"), vec![]).await? {
            let (found, was) = (one_time_link(&row)?, row.text("tag")?);
            let keyed = kept(self, &found.digest);
            // The tag that it has names it by its plain digest. One that does not fit stays one that does not.
            let stands = covered(&found, &found.digest).fits(self.master(), &was);
            let tag = if stands { covered(&found, &keyed).tag(self.master()) } else { was };
            let sql = "UPDATE one_time_link SET digest = $2, tag = $3 WHERE digest = $1";
            self.execute(sql, values![found.digest, keyed, tag]).await?;
        }
        Ok(())
    }
}

//! Offers: rows of two organisations. The database itself refuses a home's second open offer to a referral.

use jiff::civil::DateTime;
use placewell_domain::id::{HomeId, InvitationId, OfferId, OrganisationId, ReferralId};
use placewell_domain::placing::offer::{Offer, OfferWords};

use super::{body_without, record_with};
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Record;

mod wording;

fn offer(row: &Row) -> Result<Offer, StoreError> {
    record_with(&row.text("body")?, "words", row.bytes("words")?)
}

impl Record for Offer {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = body_without(self, "words")?;
        let sent = self.submission.as_ref().map(|sent| sent.at.to_string());
        let valid = self.terms.valid_until.to_string();
        let there = self.considered.as_ref().map(|then| i64::from(then.there));
        let considered = i64::try_from(self.terms.residents.len()).unwrap_or(i64::MAX);
        if self.version == 1 {
            let sql = "INSERT INTO offer (id, org_id, provider_id, version, number, referral_id, invitation_id, home_id, state, \
                       weekly_pence, start_on, sent_at, valid_until, words, body, residents_there, \
                       residents_considered) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
            let values = values![
                self.id,
                self.authority,
                self.provider,
                self.number,
                self.referral,
                self.invitation,
                self.home,
                self.state.name(),
                self.total(),
                self.terms.start,
                sent,
                valid,
                self.words.bytes(),
                body,
                there,
                considered
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE offer SET version = $1, state = $2, weekly_pence = $3, start_on = $4, sent_at = $5, valid_until = $6, \
                   words = $7, body = $8, residents_there = $11, residents_considered = $12 \
                   WHERE org_id = $9 AND id = $10 AND version = $1 - 1";
        let values = values![
            self.version,
            self.state.name(),
            self.total(),
            self.terms.start,
            sent,
            valid,
            self.words.bytes(),
            body,
            self.authority,
            self.id,
            there,
            considered
        ];
        match session.execute(sql, values).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Session {
    /// An offer of either organisation.
    pub async fn offer(&self, organisation: OrganisationId, id: OfferId) -> Result<Offer, StoreError> {
        let sql = "SELECT words, body FROM offer WHERE (org_id = $1 OR provider_id = $1) AND id = $2";
        offer(&self.one(sql, values![organisation, id]).await?)
    }

    /// The offers to an authority's referral, by number and age; providers' drafts are not among them.
    pub async fn offers_of(
        &self,
        organisation: OrganisationId,
        referral: ReferralId,
    ) -> Result<Vec<Offer>, StoreError> {
        let sql = "SELECT words, body FROM offer WHERE org_id = $1 AND referral_id = $2 AND state <> 'draft' ORDER BY number, id";
        let rows = self.all(sql, values![organisation, referral]).await?;
        rows.iter().map(|row| row.once(|| offer(row))).collect()
    }

    /// The open offers, with those that homes sent since this work read any.
    pub async fn open_offers_now(
        &self,
        organisation: OrganisationId,
        referral: ReferralId,
    ) -> Result<Vec<Offer>, StoreError> {
        self.read_anew("offer");
        self.open_offers_of(organisation, referral).await
    }

    /// The offers to an authority's referral that are still open, drafts among them: to be closed, never to be shown.
    pub async fn open_offers_of(
        &self,
        organisation: OrganisationId,
        referral: ReferralId,
    ) -> Result<Vec<Offer>, StoreError> {
        let sql = "SELECT words, body FROM offer WHERE org_id = $1 AND referral_id = $2 \
                   AND state IN ('draft', 'sent', 'shortlisted', 'recommended') ORDER BY number, id";
        let rows = self.all(sql, values![organisation, referral]).await?;
        rows.iter().map(offer).collect()
    }

    /// The offers on one invitation that either organisation made or got, newest first.
    pub async fn offers_on(&self, organisation: OrganisationId, id: InvitationId) -> Result<Vec<Offer>, StoreError> {
        let sql = "SELECT words, body FROM offer WHERE (org_id = $1 OR provider_id = $1) AND invitation_id = $2 ORDER BY id DESC";
        let rows = self.all(sql, values![organisation, id]).await?;
        rows.iter().map(offer).collect()
    }

    /// An authority's offers that it could still choose, but for their validity, which ended before this time.
    pub async fn offers_past_validity(
        &self,
        organisation: OrganisationId,
        now: DateTime,
        limit: u32,
    ) -> Result<Vec<Offer>, StoreError> {
        let sql = "SELECT words, body FROM offer WHERE org_id = $1 AND valid_until < $2 \
                   AND state IN ('sent', 'shortlisted', 'recommended') ORDER BY valid_until, id LIMIT $3";
        let rows = self.all(sql, values![organisation, now.to_string(), limit]).await?;
        rows.iter().map(offer).collect()
    }

    /// A provider's offers in these states, newest first.
    pub async fn own_offers(
        &self,
        provider: OrganisationId,
        states: &[&str],
        limit: u32,
    ) -> Result<Vec<Offer>, StoreError> {
        let states: Vec<String> = states.iter().map(|state| format!("'{state}'")).collect();
        let sql = format!(
            "SELECT words, body FROM offer WHERE provider_id = $1 AND state IN ({}) ORDER BY id DESC LIMIT $2",
            states.join(", ")
        );
        let rows = self.all(&sql, values![provider, limit]).await?;
        rows.iter().map(offer).collect()
    }

    /// A provider's offers of one home in these states, newest first.
    pub async fn own_offers_at(
        &self,
        provider: OrganisationId,
        home: HomeId,
        states: &[&str],
    ) -> Result<Vec<Offer>, StoreError> {
        let states: Vec<String> = states.iter().map(|state| format!("'{state}'")).collect();
        let sql = format!(
            "SELECT words, body FROM offer WHERE provider_id = $1 AND home_id = $2 AND state IN ({}) ORDER BY id DESC",
            states.join(", ")
        );
        let rows = self.all(&sql, values![provider, home]).await?;
        rows.iter().map(|row| row.once(|| offer(row))).collect()
    }

    /// The words of an offer, opened for either organisation; none once the child's record was erased.
    pub async fn open_offer_words(
        &self,
        organisation: OrganisationId,
        offer: &Offer,
    ) -> Result<Option<OfferWords>, StoreError> {
        let key = self.invitation_key_left(organisation, offer.invitation).await?;
        key.map(|key| key.open(&offer.words)).transpose()
    }
}

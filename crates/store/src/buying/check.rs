//! Pre-placement checks: each once for a home and a referral, what of them is open, and minutes that officers said.

use jiff::civil::{Date, DateTime};
use placewell_domain::buying::check::{CheckState, Clearance, Earlier, Evidence, PreCheck, SaidMinutes};
use placewell_domain::id::{HomeId, OrganisationId, ReferralId};
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::placing::approval::Recommendation;
use placewell_domain::placing::offer::Offer;

use crate::error::StoreError;
use crate::placing::record_with;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

impl Record for PreCheck {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        let until = self.done().and_then(|evidence| evidence.until);
        let state = self.state.name();
        if self.version == 1 {
            let sql = "INSERT INTO pre_check (id, org_id, version, referral_id, home_id, provider_id, item, state, until_on, \
                       measured, said, body) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
            let values = values![
                self.id,
                self.authority,
                self.referral,
                self.home,
                self.provider,
                self.item.code(),
                state,
                until,
                self.measured,
                self.said,
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE pre_check SET version = $1, state = $2, until_on = $3, measured = $4, said = $5, body = $6 \
                   WHERE org_id = $7 AND id = $8 AND version = $1 - 1";
        let values = values![self.version, state, until, self.measured, self.said, body, self.authority, self.id];
        match session.execute(sql, values).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

/// What one agreement took to arrange: by which route, its checks, and the times of its contracting.
#[derive(Debug, Clone)]
pub struct BurdenRow {
    /// The agreement.
    pub agreement: Agreement,
    /// When its offer arrived.
    pub offered: Option<DateTime>,
    /// When it was recommended.
    pub recommended: Option<DateTime>,
    /// Checks that were done for it here.
    pub checks: u32,
    /// Their minutes by the system's times.
    pub measured: u32,
    /// Minutes that officers said beside them, for checks and contracting.
    pub said: u32,
}

impl Session {
    /// The checks of a home for a referral.
    pub async fn checks_of(
        &self,
        org: OrganisationId,
        referral: ReferralId,
        home: HomeId,
    ) -> Result<Vec<PreCheck>, StoreError> {
        let sql = "SELECT body FROM pre_check WHERE org_id = $1 AND referral_id = $2 AND home_id = $3 ORDER BY id";
        self.all(sql, values![org, referral, home]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// Checks of a provider's homes for other referrals that are done and in date on a day.
    pub async fn checks_in_date(
        &self,
        org: OrganisationId,
        (provider, referral): (OrganisationId, ReferralId),
        today: Date,
    ) -> Result<Vec<Earlier>, StoreError> {
        let sql = "SELECT body FROM pre_check WHERE org_id = $1 AND provider_id = $2 AND referral_id <> $3 \
                   AND state = 'done' AND until_on > $4 ORDER BY until_on, id";
        let rows = self.all(sql, values![org, provider, referral, today]).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let check: PreCheck = row.json("body")?;
            if let CheckState::Done { evidence, .. } = check.state {
                let evidence = Evidence { words: None, ..evidence };
                found.push(Earlier { reference: check.reference, home: check.home, item: check.item, evidence });
            }
        }
        Ok(found)
    }

    /// What each agreement of an authority took to arrange that began on the days of a period, the last day left out.
    pub async fn burdens(
        &self,
        org: OrganisationId,
        (from, until): (Date, Date),
    ) -> Result<Vec<BurdenRow>, StoreError> {
        let of = |table: &str, what: &str, and: &str| {
            format!(
                "(SELECT CAST(coalesce({what}, 0) AS BIGINT) FROM {table} t WHERE t.org_id = a.org_id \
                 AND t.referral_id = a.referral_id AND t.home_id = a.home_id{and})"
            )
        };
        let sql = format!(
            "SELECT a.body, o.words AS offer_words, o.body AS offer, (SELECT r.body FROM recommendation r WHERE r.org_id = a.org_id \
             AND r.referral_id = a.referral_id AND r.offer_id = a.offer_id ORDER BY r.id DESC LIMIT 1) AS recommended, \
             {} AS checks, {} AS measured, {} AS said, {} AS told FROM agreement a \
             JOIN offer o ON o.org_id = a.org_id AND o.id = a.offer_id \
             WHERE a.org_id = $1 AND a.start_on >= $2 AND a.start_on < $3 ORDER BY a.id",
            of("pre_check", "count(*)", " AND t.state = 'done'"),
            of("pre_check", "sum(t.measured)", ""),
            of("pre_check", "sum(t.said)", ""),
            of("minutes_said", "sum(t.minutes)", ""),
        );
        let mut found = Vec::new();
        for row in self.all(&sql, values![org, from, until]).await? {
            let count = |column| -> Result<u32, StoreError> { Ok(u32::try_from(row.int(column)?).unwrap_or(u32::MAX)) };
            let offer: Offer = record_with(&row.text("offer")?, "words", row.bytes("offer_words")?)?;
            let recommended = match row.opt_text("recommended")? {
                Some(body) => Some(record_with::<Recommendation>(&body, "words", Vec::new())?.asked_at),
                None => None,
            };
            found.push(BurdenRow {
                agreement: row.json("body")?,
                offered: offer.submission.map(|sent| sent.at),
                recommended,
                checks: count("checks")?,
                measured: count("measured")?,
                said: count("said")?.saturating_add(count("told")?),
            });
        }
        Ok(found)
    }

    /// Minutes that officers said were spent on a home for a referral, in the order of saying.
    pub async fn minutes_said(
        &self,
        org: OrganisationId,
        referral: ReferralId,
        home: HomeId,
    ) -> Result<Vec<(String, u32)>, StoreError> {
        let sql = "SELECT of_what, minutes FROM minutes_said WHERE org_id = $1 AND referral_id = $2 AND home_id = $3 ORDER BY id";
        let rows = self.all(sql, values![org, referral, home]).await?;
        rows.iter()
            .map(|row| Ok((row.text("of_what")?, u32::try_from(row.int("minutes")?).unwrap_or(u32::MAX))))
            .collect()
    }
}

impl Work {
    /// Keeps what is open of a spot purchase's checks, in the transaction of the act that changed it.
    pub async fn keep_clearance(&self, spot: i64, clearance: &Clearance) -> Result<(), StoreError> {
        let sql = "INSERT INTO spot_clearance (org_id, spot_id, before_start, open, due_on, good_until) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org_id, spot_id) DO UPDATE SET \
                   before_start = excluded.before_start, open = excluded.open, due_on = excluded.due_on, \
                   good_until = excluded.good_until";
        let Clearance { before_start, open, due_on, good_until } = *clearance;
        self.execute(sql, values![self.org(), spot, before_start, open, due_on, good_until]).await?;
        Ok(())
    }

    /// Keeps minutes that an officer says were spent; the caller records the event.
    pub async fn add_minutes(&self, said: &SaidMinutes) -> Result<(), StoreError> {
        let sql = "INSERT INTO minutes_said (id, org_id, referral_id, home_id, of_what, minutes, person_id) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values =
            values![self.new_id(), self.org(), said.referral, said.home, said.of.code(), said.minutes, said.by];
        self.execute(sql, values).await?;
        Ok(())
    }
}

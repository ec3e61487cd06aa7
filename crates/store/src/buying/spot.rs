//! Spot purchases, refusals at the ceiling, and children in unregistered settings. The database itself refuses a second
//! open spot purchase of a home for a referral, and an agreement by spot purchase without one.

mod exemption;

use jiff::civil::Date;
use placewell_domain::buying::spot::unregistered::Unregistered;
use placewell_domain::buying::spot::{Spot, SpotState};
use placewell_domain::id::{ChildId, HomeId, OrganisationId, ReferralId};
use placewell_domain::money::Pence;
use placewell_domain::placing::agreement::Agreement;

use crate::error::StoreError;
use crate::placing::{body_without, record_with};
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

impl Record for Spot {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO spot (id, org_id, version, referral_id, child_id, home_id, reason, reason_words, \
                       emergency, refused_on, state, body) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
            let values = values![
                self.id,
                self.authority,
                self.referral,
                self.child,
                self.home,
                self.reason.code(),
                self.reason.label(),
                self.emergency,
                self.after_refusal.map(|after| after.refused_on),
                self.state.name(),
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql =
            "UPDATE spot SET version = $1, state = $2, body = $3 WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        match session.execute(sql, values![self.version, self.state.name(), body, self.authority, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Record for Unregistered {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = body_without(self, "words")?;
        if self.version == 1 {
            let sql = "INSERT INTO unregistered_stay (id, org_id, responsible_id, version, referral_id, child_id, from_on, \
                       state, words, body) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9)";
            let values = values![
                self.id,
                self.authority,
                self.responsible,
                self.referral,
                self.child,
                self.from,
                self.state.name(),
                self.words.bytes(),
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE unregistered_stay SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        match session.execute(sql, values![self.version, self.state.name(), body, self.authority, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

fn unregistered(row: &Row) -> Result<Unregistered, StoreError> {
    record_with(&row.text("body")?, "words", row.bytes("words")?)
}

/// A spot purchase with what of its checks is open and the agreement it led to, for lists.
#[derive(Debug, Clone)]
pub struct SpotRow {
    /// The purchase.
    pub spot: Spot,
    /// Open checks that come before the start, open checks in all, and by when the others are done; none before the first.
    pub checks: Option<(u32, u32, Option<Date>)>,
    /// The agreement's reference, state and first night, where there is one.
    pub agreement: Option<(String, String, Date)>,
}

const ROWS: &str = "SELECT s.body, c.before_start, c.open, c.due_on, a.reference, a.state AS agreed, a.start_on \
    FROM spot s LEFT JOIN spot_clearance c ON c.org_id = s.org_id AND c.spot_id = s.id \
    LEFT JOIN agreement a ON a.org_id = s.org_id AND a.referral_id = s.referral_id AND a.home_id = s.home_id \
    AND a.route = 'spot'";

fn spot_row(row: &Row) -> Result<SpotRow, StoreError> {
    let count = |column| -> Result<Option<u32>, StoreError> {
        Ok(row.opt_int(column)?.map(|count| u32::try_from(count).unwrap_or(u32::MAX)))
    };
    let checks = match (count("before_start")?, count("open")?) {
        (Some(before), Some(open)) => Some((before, open, row.opt_date("due_on")?)),
        _ => None,
    };
    let agreement = match (row.opt_text("reference")?, row.opt_text("agreed")?, row.opt_date("start_on")?) {
        (Some(reference), Some(state), Some(start)) => Some((reference, state, start)),
        _ => None,
    };
    Ok(SpotRow { spot: row.json("body")?, checks, agreement })
}

impl Session {
    /// A spot purchase.
    pub async fn spot(&self, org: OrganisationId, id: i64) -> Result<Spot, StoreError> {
        self.one("SELECT body FROM spot WHERE org_id = $1 AND id = $2", values![org, id]).await?.json("body")
    }

    /// A referral's spot purchases, the latest first.
    pub async fn spots_of(&self, org: OrganisationId, referral: ReferralId) -> Result<Vec<SpotRow>, StoreError> {
        let sql = format!("{ROWS} WHERE s.org_id = $1 AND s.referral_id = $2 ORDER BY s.id DESC");
        self.all(&sql, values![org, referral]).await?.iter().map(spot_row).collect()
    }

    /// The open spot purchase of a home for a referral.
    pub async fn open_spot(
        &self,
        org: OrganisationId,
        referral: ReferralId,
        home: HomeId,
    ) -> Result<Option<Spot>, StoreError> {
        let sql = "SELECT body FROM spot WHERE org_id = $1 AND referral_id = $2 AND home_id = $3 AND state = $4";
        let open = SpotState::Open.name();
        self.maybe(sql, values![org, referral, home, open]).await?.map(|row| row.json("body")).transpose()
    }

    /// An authority's spot purchases, the latest first: those that wait or have checks open, or all.
    pub async fn spot_rows(
        &self,
        org: OrganisationId,
        all: bool,
        (offset, limit): (u32, u32),
    ) -> Result<(Vec<SpotRow>, u64), StoreError> {
        let which = if all { "" } else { " AND s.state = 'open' AND (a.reference IS NULL OR c.open > 0)" };
        let sql = format!("{ROWS} WHERE s.org_id = $1{which} ORDER BY s.id DESC LIMIT $2 OFFSET $3");
        let rows: Result<Vec<SpotRow>, StoreError> =
            self.all(&sql, values![org, limit, offset]).await?.iter().map(spot_row).collect();
        let count = format!("SELECT CAST(count(*) AS BIGINT) AS n FROM ({ROWS} WHERE s.org_id = $1{which}) q");
        let total = self.one(&count, values![org]).await?.int("n")?;
        Ok((rows?, u64::try_from(total).unwrap_or_default()))
    }

    /// Spot purchases whose child has not come and whose evidence runs out: after today, by a day or before the start. Id,
    /// the search's reference, and the first day on which a check is open again.
    pub async fn spot_checks_expiring(
        &self,
        org: OrganisationId,
        (today, by): (Date, Date),
    ) -> Result<Vec<(i64, String, Date)>, StoreError> {
        let sql = "SELECT s.id, r.reference, c.good_until FROM spot s \
                   JOIN spot_clearance c ON c.org_id = s.org_id AND c.spot_id = s.id \
                   JOIN referral r ON r.org_id = s.org_id AND r.id = s.referral_id AND r.state IN ('out', 'agreed') \
                   LEFT JOIN agreement a ON a.org_id = s.org_id AND a.referral_id = s.referral_id \
                   AND a.home_id = s.home_id AND a.route = 'spot' WHERE s.org_id = $1 AND s.state = 'open' \
                   AND c.good_until > $2 AND (c.good_until <= $3 OR a.start_on >= c.good_until) \
                   AND (a.state IS NULL OR a.state IN ('prepared', 'signed_by_one', 'signed')) ORDER BY c.good_until, s.id";
        let rows = self.all(sql, values![org, today, by]).await?;
        rows.iter().map(|row| Ok((row.int("id")?, row.text("reference")?, row.date("good_until")?))).collect()
    }

    /// Spot purchases whose checks should be done by a day and are not, whose child is or will be there.
    pub async fn spot_checks_due(&self, org: OrganisationId, by: Date) -> Result<Vec<SpotRow>, StoreError> {
        let sql = format!(
            "{ROWS} WHERE s.org_id = $1 AND s.state = 'open' AND c.open > 0 AND c.due_on <= $2 \
             AND (a.state IS NULL OR a.state NOT IN ('ended', 'cancelled_before_start')) ORDER BY c.due_on, s.id"
        );
        self.all(&sql, values![org, by]).await?.iter().map(spot_row).collect()
    }

    /// The same, of which nobody was told yet.
    pub async fn spot_checks_to_chase(&self, org: OrganisationId, today: Date) -> Result<Vec<SpotRow>, StoreError> {
        let sql = format!(
            "{ROWS} WHERE s.org_id = $1 AND s.state = 'open' AND c.open > 0 AND c.due_on < $2 \
             AND (a.state IS NULL OR a.state NOT IN ('ended', 'cancelled_before_start')) \
             AND NOT EXISTS (SELECT 1 FROM chased h WHERE h.org_id = s.org_id AND h.room = 'spot' AND h.record = s.id \
             AND h.due = 'checks') ORDER BY c.due_on, s.id"
        );
        self.all(&sql, values![org, today]).await?.iter().map(spot_row).collect()
    }

    /// The day of the latest refusal at the ceiling for a child since a day.
    pub async fn refused_at_ceiling(
        &self,
        org: OrganisationId,
        child: ChildId,
        since: Date,
    ) -> Result<Option<Date>, StoreError> {
        let sql = "SELECT refused_on FROM ceiling_refusal WHERE org_id = $1 AND child_id = $2 AND refused_on >= $3 \
                   ORDER BY refused_on DESC, id DESC LIMIT 1";
        self.maybe(sql, values![org, child, since]).await?.map(|row| row.date("refused_on")).transpose()
    }

    /// The agreements under which a child lives somewhere today.
    pub async fn live_agreements_of(&self, org: OrganisationId, child: ChildId) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE org_id = $1 AND child_id = $2 \
                   AND state IN ('started', 'notice_given') ORDER BY id";
        self.all(sql, values![org, child]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// Open spot purchases with an offer whose price nobody has held against the tendered one yet: the purchase, the
    /// price of a week.
    pub async fn spots_to_price(&self, org: OrganisationId) -> Result<Vec<(Spot, Pence)>, StoreError> {
        let sql = "SELECT s.body, o.weekly_pence FROM spot s JOIN offer o ON o.org_id = s.org_id \
                   AND o.referral_id = s.referral_id AND o.home_id = s.home_id WHERE s.org_id = $1 AND s.state = 'open' \
                   AND o.state IN ('sent', 'shortlisted', 'recommended') AND NOT EXISTS (SELECT 1 FROM chased h \
                   WHERE h.org_id = s.org_id AND h.room = 'spot' AND h.record = s.id \
                   AND h.due = 'price ' || CAST(o.weekly_pence AS TEXT)) ORDER BY s.id, o.id";
        let rows = self.all(sql, values![org]).await?;
        rows.iter().map(|row| Ok((row.json("body")?, row.pence("weekly_pence")?))).collect()
    }

    /// A record of a child in an unregistered setting, of either organisation.
    pub async fn unregistered(&self, org: OrganisationId, id: i64) -> Result<Unregistered, StoreError> {
        let sql = "SELECT words, body FROM unregistered_stay WHERE (org_id = $1 OR responsible_id = $1) AND id = $2";
        unregistered(&self.one(sql, values![org, id]).await?)
    }

    /// The records of children in unregistered settings, those that go on first.
    pub async fn unregistered_stays(&self, org: OrganisationId) -> Result<Vec<Unregistered>, StoreError> {
        let sql = "SELECT words, body FROM unregistered_stay WHERE org_id = $1 OR responsible_id = $1 \
                   ORDER BY CASE state WHEN 'there' THEN 0 ELSE 1 END, from_on DESC, id DESC";
        self.all(sql, values![org]).await?.iter().map(unregistered).collect()
    }

    /// Those of an authority that go on and whose review of a day was not chased yet.
    pub async fn unregistered_to_chase(&self, org: OrganisationId, day: Date) -> Result<Vec<Unregistered>, StoreError> {
        let sql = "SELECT words, body FROM unregistered_stay u WHERE u.org_id = $1 AND u.state = 'there' \
                   AND NOT EXISTS (SELECT 1 FROM chased h WHERE h.org_id = u.org_id AND h.room = 'unregistered' \
                   AND h.record = u.id AND h.due = $2) ORDER BY u.id";
        self.all(sql, values![org, day.to_string()]).await?.iter().map(unregistered).collect()
    }
}

impl Work {
    /// Keeps that an award for a child was refused at the ceiling today.
    pub async fn keep_ceiling_refusal(&self, referral: ReferralId, child: ChildId) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO ceiling_refusal (id, org_id, referral_id, child_id, refused_on) VALUES ($1, $2, $3, $4, $5)";
        let values = values![self.new_id(), self.org(), referral, child, self.moment().today()];
        self.execute(sql, values).await?;
        Ok(())
    }
}

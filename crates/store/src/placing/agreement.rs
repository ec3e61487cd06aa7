//! Agreements: rows of two organisations, and what their lines cost in two times. The database itself refuses a second
//! agreement of a referral or of an offer.

pub mod history;
pub mod opening;
mod price_point;
mod repricing;

use jiff::civil::Date;
use placewell_domain::homes::price::{KNOWN_OPEN, LineKind, PriceLine, Rectangle, correct};
use placewell_domain::id::{AgreementId, HomeId, OrganisationId, PersonId, ReferralId};
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::placing::agreement::{Agreement, Side};
use placewell_domain::placing::referral::EmergencyCause;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::outbox::Job;
use crate::row::{Row, places};
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

/// A price line's columns, and how many one statement inserts at most.
const COLUMNS: usize = 12;
const TOGETHER: usize = 16;

/// A line's number and kind, with what it costs in two times.
type NumberedLine = (i64, LineKind, Rectangle<Pence>);

/// The job that makes an agreement's paper.
pub const PAPER: &str = "agreement.paper";

/// What the job of [`PAPER`] prints, by ids.
#[derive(Debug, Serialize, Deserialize)]
pub struct ToPrint {
    /// The authority's organisation.
    pub authority: i64,
    /// The agreement.
    pub agreement: i64,
    /// The version that the job was left for.
    pub version: i64,
}

/// The job that prints this version of an agreement; the award and each signature leave it.
pub fn paper_job(agreement: &Agreement) -> Result<Job, StoreError> {
    let to = ToPrint { authority: agreement.authority.0, agreement: agreement.id.0, version: agreement.version };
    Ok(Job::new(PAPER, &serde_json::to_value(to)?).about("agreement", agreement.id))
}

/// The job that tells a mini-block of an agreement for one of its beds.
pub const AT_BLOCK: &str = "agreement.at_block";

/// Which agreement of whom the job of [`AT_BLOCK`] is about.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct AtBlock {
    /// The placing authority.
    pub authority: i64,
    /// The agreement.
    pub agreement: i64,
}

/// The job for an agreement at a mini-block's bed that was awarded or changed.
pub fn at_block_job(agreement: &Agreement) -> Result<Job, StoreError> {
    let about = AtBlock { authority: agreement.authority.0, agreement: agreement.id.0 };
    Ok(Job::new(AT_BLOCK, &serde_json::to_value(about)?).about("agreement", agreement.id))
}

impl Record for Agreement {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        let (state, (start, end)) = (self.state.name(), self.nights());
        let signed: Vec<&str> =
            Side::ALL.iter().filter(|side| self.signatures.of(**side).is_some()).map(|side| side.code()).collect();
        let signed = signed.join(" ");
        if self.version == 1 {
            let sql = "INSERT INTO agreement (id, org_id, provider_id, version, reference, referral_id, offer_id, child_id, \
                       home_id, route, state, start_on, planned_end, weekly_pence, signed_by, body, attention_on, remind_on) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
            let values = values![
                self.id,
                self.authority,
                self.provider,
                self.reference.to_string(),
                self.referral,
                self.offer,
                self.child,
                self.terms.home,
                self.terms.route.code(),
                state,
                start,
                end,
                self.weekly(),
                signed,
                body,
                self.attention_on(),
                self.remind_on()
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE agreement SET version = $1, state = $2, start_on = $3, planned_end = $4, weekly_pence = $5, \
                   signed_by = $6, body = $7, attention_on = $10, remind_on = $11 \
                   WHERE org_id = $8 AND id = $9 AND version = $1 - 1";
        let values = values![
            self.version,
            state,
            start,
            end,
            self.weekly(),
            signed,
            body,
            self.authority,
            self.id,
            self.attention_on(),
            self.remind_on()
        ];
        match session.execute(sql, values).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

/// Which agreements a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgreementTab {
    /// Prepared or signed, not started: by their start.
    Coming,
    /// The child lives there.
    Live,
    /// Ended or never begun, the latest first.
    Past,
}

impl AgreementTab {
    fn states(self) -> (&'static str, &'static str) {
        match self {
            Self::Coming => ("'prepared', 'signed_by_one', 'signed'", "start_on, id"),
            Self::Live => ("'started', 'notice_given'", "planned_end, id"),
            Self::Past => ("'ended', 'cancelled_before_start'", "planned_end DESC, id DESC"),
        }
    }
}

/// A stay that began, as the Director's share of emergencies counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BegunStay {
    /// The authority responsible for the child.
    pub responsible: OrganisationId,
    /// The officer who searched.
    pub officer: PersonId,
    /// The provider.
    pub provider: OrganisationId,
    /// Why it was an emergency, where it was one.
    pub emergency: Option<EmergencyCause>,
}

impl Session {
    /// An authority's stays that began on the days of a period, the last day left out.
    pub async fn begun_stays(
        &self,
        org: OrganisationId,
        (from, until): (Date, Date),
    ) -> Result<Vec<BegunStay>, StoreError> {
        let sql = "SELECT a.body, f.officer_id, f.body AS referral, (SELECT r.body FROM recommendation r \
                   WHERE r.org_id = a.org_id AND r.referral_id = a.referral_id AND r.offer_id = a.offer_id \
                   ORDER BY r.id DESC LIMIT 1) AS recommended FROM agreement a \
                   JOIN referral f ON f.org_id = a.org_id AND f.id = a.referral_id \
                   WHERE a.org_id = $1 AND a.start_on >= $2 AND a.start_on < $3 \
                   AND a.state IN ('started', 'notice_given', 'ended') ORDER BY a.id";
        let mut found = Vec::new();
        for row in self.all(sql, values![org, from, until]).await? {
            let agreement: Agreement = row.json("body")?;
            // A stay that was brought in has no recommendation; its search says why it was one.
            let said: serde_json::Value = match row.opt_text("recommended")? {
                Some(recommended) => serde_json::from_str(&recommended)?,
                None => row.json::<serde_json::Value>("referral")?["profile"].take(),
            };
            found.push(BegunStay {
                responsible: agreement.responsible,
                officer: PersonId(row.int("officer_id")?),
                provider: agreement.provider,
                emergency: said["emergency"].as_str().and_then(EmergencyCause::from_code),
            });
        }
        Ok(found)
    }

    /// An agreement of either organisation, by its reference.
    pub async fn agreement(&self, org: OrganisationId, reference: &str) -> Result<Agreement, StoreError> {
        let sql = "SELECT body FROM agreement WHERE (org_id = $1 OR provider_id = $1) AND reference = $2";
        self.one(sql, values![org, reference.to_uppercase()]).await?.json("body")
    }

    /// An agreement of either organisation, by its id.
    pub async fn agreement_by_id(&self, org: OrganisationId, id: AgreementId) -> Result<Agreement, StoreError> {
        let sql = "SELECT body FROM agreement WHERE (org_id = $1 OR provider_id = $1) AND id = $2";
        self.one(sql, values![org, id]).await?.json("body")
    }

    /// The agreement of a referral, where there is one.
    pub async fn agreement_of(
        &self,
        org: OrganisationId,
        referral: ReferralId,
    ) -> Result<Option<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE org_id = $1 AND referral_id = $2";
        self.maybe(sql, values![org, referral]).await?.map(|row| row.json("body")).transpose()
    }

    /// Whether the child of an agreement slept at its home under another one on the night before a day: no new child there.
    pub async fn lives_there_already(&self, agreement: &Agreement, day: Date) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM agreement WHERE org_id = $1 AND child_id = $2 AND home_id = $3 AND id <> $4 \
                   AND start_on < $5 AND (state IN ('started', 'notice_given') \
                   OR (state = 'ended' AND planned_end >= $5)) LIMIT 1";
        let of = values![agreement.authority, agreement.child, agreement.terms.home, agreement.id, day];
        Ok(self.maybe(sql, of).await?.is_some())
    }

    /// Either organisation's agreements in the order of their references, from the one after a key on.
    pub async fn agreements_after(
        &self,
        org: OrganisationId,
        (after, limit): (&str, u32),
    ) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE (org_id = $1 OR provider_id = $1) AND reference > $2 \
                   ORDER BY reference LIMIT $3";
        self.all(sql, values![org, after, limit]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// A page of either organisation's agreements, and how many there are.
    pub async fn agreements(
        &self,
        org: OrganisationId,
        tab: AgreementTab,
        (offset, limit): (u32, u32),
    ) -> Result<(Vec<Agreement>, u64), StoreError> {
        let (states, order) = tab.states();
        let from = format!("FROM agreement WHERE (org_id = $1 OR provider_id = $1) AND state IN ({states})");
        let sql = format!("SELECT body {from} ORDER BY {order} LIMIT $2 OFFSET $3");
        let rows = self.all(&sql, values![org, limit, offset]).await?;
        let count = self.one(&format!("SELECT CAST(count(*) AS BIGINT) AS n {from}"), values![org]).await?.int("n")?;
        let found = rows.iter().map(|row| row.json("body")).collect::<Result<_, _>>()?;
        Ok((found, u64::try_from(count).unwrap_or_default()))
    }

    /// How many of an authority's agreements place a child in a home on some of these nights.
    pub async fn agreements_at(
        &self,
        org: OrganisationId,
        home: HomeId,
        (from, to): (Date, Date),
    ) -> Result<u64, StoreError> {
        let sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM agreement WHERE org_id = $1 AND home_id = $2 \
                   AND state NOT IN ('ended', 'cancelled_before_start') AND start_on < $3 AND planned_end > $4";
        let count = self.one(sql, values![org, home, to, from]).await?.int("n")?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Every agreement of an authority with a provider, by id: what cumulative spend is summed from.
    pub async fn agreements_with(
        &self,
        org: OrganisationId,
        provider: OrganisationId,
    ) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE org_id = $1 AND provider_id = $2 ORDER BY id";
        self.all(sql, values![org, provider]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// Live agreements of an authority whose end has passed by a day, planned or by notice: they roll and warn.
    pub async fn overdue_agreements(&self, org: OrganisationId, today: Date) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE org_id = $1 AND state IN ('started', 'notice_given') \
                   AND planned_end < $2 ORDER BY id";
        self.all(sql, values![org, today]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// An authority's agreements that ask somebody to do something on this day.
    pub async fn agreements_with_attention(
        &self,
        org: OrganisationId,
        today: Date,
    ) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE org_id = $1 AND attention_on <= $2 ORDER BY attention_on, id";
        self.all(sql, values![org, today]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// An authority's agreements with a mail that is due.
    pub async fn agreements_to_remind(&self, org: OrganisationId, today: Date) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE org_id = $1 AND remind_on <= $2 ORDER BY remind_on, id";
        self.all(sql, values![org, today]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// What an agreement's lines cost, as known at a sequence of its authority's record; now, where none is given.
    pub async fn price_lines(
        &self,
        org: OrganisationId,
        agreement: AgreementId,
        known_at: Option<i64>,
    ) -> Result<Vec<(i64, Rectangle<Pence>)>, StoreError> {
        let sql = "SELECT line, weekly_pence, origin_night, from_night, to_night, known_from, known_to FROM price_line \
                   WHERE (org_id = $1 OR provider_id = $1) AND agreement_id = $2 AND known_from <= $3 AND known_to > $3 \
                   ORDER BY line, from_night";
        let at = known_at.unwrap_or(KNOWN_OPEN - 1);
        let rows = self.all(sql, values![org, agreement, at]).await?;
        rows.iter().map(|row| Ok((row.int("line")?, rectangle(row)?))).collect()
    }
}

fn rectangle(row: &Row) -> Result<Rectangle<Pence>, StoreError> {
    Ok(Rectangle {
        from: row.date("from_night")?,
        to: row.date("to_night")?,
        origin: row.date("origin_night")?,
        known_from: row.int("known_from")?,
        known_to: row.int("known_to")?,
        value: row.pence("weekly_pence")?,
    })
}

impl Session {
    /// Either organisation's agreements that live on, by their planned end: what the end of a term asks about.
    pub async fn living_agreements(&self, org: OrganisationId) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE (org_id = $1 OR provider_id = $1) \
                   AND state NOT IN ('ended', 'cancelled_before_start') ORDER BY planned_end, id";
        self.all(sql, values![org]).await?.iter().map(|row| row.json("body")).collect()
    }
}

impl Work {
    /// Keeps that an agreement was moved to a successor: once, whoever asks again.
    pub async fn mark_moved(&self, agreement: &Agreement) -> Result<(), StoreError> {
        let Some(to) = agreement.moved() else { return Err(StoreError::fault("an agreement that is not moved")) };
        let sql = "INSERT INTO agreement_move (org_id, agreement_id, provider_id, arrangement_id, moved_on) \
                   VALUES ($1, $2, $3, $4, $5)";
        let values = values![agreement.authority, agreement.id, agreement.provider, to.arrangement, to.on];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Writes the price lines of a new agreement. Takes the organisation's lock.
    pub async fn add_price_lines(&mut self, agreement: &Agreement) -> Result<(), StoreError> {
        self.add_lines_from(agreement, 0).await
    }

    /// Writes the price lines of an agreement from a number on.
    async fn add_lines_from(&mut self, agreement: &Agreement, first: usize) -> Result<(), StoreError> {
        let known = self.sequence().await?;
        let mut rows = Vec::new();
        for (number, line) in agreement.terms.lines.iter().enumerate().skip(first) {
            let row = Rectangle {
                from: line.from,
                to: line.to,
                origin: line.origin,
                known_from: known,
                known_to: KNOWN_OPEN,
                value: line.weekly,
            };
            rows.push((i64::try_from(number).map_err(StoreError::fault)?, line.kind, row));
        }
        self.insert_lines(agreement, &rows).await
    }

    /// "For these nights the line costs this a week", from now on; `None` takes the line away for them. What sticks out
    /// keeps its own origin. Takes the organisation's lock; the caller records the event.
    pub async fn correct_price_line(
        &mut self,
        agreement: &Agreement,
        (number, line): (i64, &PriceLine),
        nights: Nights,
        weekly: Option<Pence>,
    ) -> Result<(), StoreError> {
        let known = self.sequence().await?;
        let sql = "SELECT id, weekly_pence, origin_night, from_night, to_night, known_from, known_to FROM price_line \
                   WHERE org_id = $1 AND agreement_id = $2 AND line = $3 AND known_to = $4 ORDER BY from_night";
        let rows = self.all(sql, values![self.org(), agreement.id, number, KNOWN_OPEN]).await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.int("id")).collect::<Result<_, _>>()?;
        let current: Vec<Rectangle<Pence>> = rows.iter().map(rectangle).collect::<Result<_, _>>()?;
        let correction = correct(&current, nights, Some(line.origin), weekly, known);
        for at in correction.close {
            let id = ids.get(at).copied().ok_or_else(|| StoreError::fault("a price line's row is missing"))?;
            let sql = "UPDATE price_line SET known_to = $1 WHERE org_id = $2 AND id = $3 AND known_to = $4";
            if self.execute(sql, values![known, self.org(), id, KNOWN_OPEN]).await? == 0 {
                return Err(StoreError::Conflict);
            }
        }
        let rows: Vec<NumberedLine> = correction.insert.into_iter().map(|row| (number, line.kind, row)).collect();
        self.insert_lines(agreement, &rows).await
    }

    /// Brings the price lines' rows from what an agreement said to what a variation makes of it: a line that was cut or
    /// has another price is corrected from now on, a new line is written. Takes the organisation's lock.
    pub async fn vary_price_lines(&mut self, was: &Agreement, now: &Agreement) -> Result<(), StoreError> {
        for (at, (old, new)) in was.terms.lines.iter().zip(&now.terms.lines).enumerate() {
            let number = i64::try_from(at).map_err(StoreError::fault)?;
            let cut = Nights::new(new.to, old.to).filter(|_| new.to < old.to);
            if let Some(nights) = cut {
                self.correct_price_line(now, (number, old), nights, None).await?;
            } else if let Some(nights) = Nights::new(new.from, new.to).filter(|_| new.weekly != old.weekly) {
                self.correct_price_line(now, (number, old), nights, Some(new.weekly)).await?;
            }
        }
        self.add_lines_from(now, was.terms.lines.len()).await
    }

    async fn insert_lines(&self, agreement: &Agreement, lines: &[NumberedLine]) -> Result<(), StoreError> {
        for some in lines.chunks(TOGETHER) {
            let sql = format!(
                "INSERT INTO price_line (id, org_id, provider_id, agreement_id, line, kind, weekly_pence, origin_night, \
                 from_night, to_night, known_from, known_to) VALUES {}",
                places(some.len(), COLUMNS)
            );
            let row = |(number, kind, row): &NumberedLine| {
                values![
                    self.new_id(),
                    self.org(),
                    agreement.provider,
                    agreement.id,
                    *number,
                    kind.code(),
                    row.value,
                    row.origin,
                    row.from,
                    row.to,
                    row.known_from,
                    row.known_to
                ]
            };
            self.execute(&sql, some.iter().flat_map(row).collect()).await?;
        }
        Ok(())
    }
}

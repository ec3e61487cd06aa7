//! Recommendations and approvals: rows of the placing authority and of the authority responsible for the child, whose
//! director and nominated officers decide where a trust holds the record (rule 1.4).

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use placewell_domain::id::{ApprovalId, HomeId, OfferId, OrganisationId, ReferralId};
use placewell_domain::placing::approval::{Approval, ApprovalState, FollowUp, Recommendation, SpotFact};
use placewell_domain::placing::offer::Offer;
use serde::{Deserialize, Serialize};

use super::{body_without, record_with};
use crate::connect::Backend;
use crate::error::StoreError;
use crate::outbox::Job;
use crate::row::{Row, places};
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

impl Record for Approval {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        let waits_on = match &self.state {
            ApprovalState::PassedOn { to, .. } => Some(*to),
            ApprovalState::QuestionOpen { .. } => Some(self.asked_by),
            ApprovalState::Requested
            | ApprovalState::Approved(_)
            | ApprovalState::Refused { .. }
            | ApprovalState::Void { .. } => None,
        };
        let decided_at = match &self.state {
            ApprovalState::Approved(given) => Some(given.at.to_string()),
            ApprovalState::Refused { at, .. } | ApprovalState::Void { at, .. } => Some(at.to_string()),
            ApprovalState::Requested | ApprovalState::QuestionOpen { .. } | ApprovalState::PassedOn { .. } => None,
        };
        let confirm_by = self.to_confirm().first().map(|due| due.by.to_string());
        let (state, kind) = (self.state.name(), self.kind.code());
        if self.version == 1 {
            let sql = "INSERT INTO approval (id, org_id, responsible_id, version, reference, recommendation_id, referral_id, \
                       offer_id, kind, state, waits_on, asked_by, asked_at, decided_at, weekly_pence, start_on, confirm_by, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
            let values = values![
                self.id,
                self.authority,
                self.responsible,
                self.reference.to_string(),
                self.recommendation,
                self.referral,
                self.offer,
                kind,
                state,
                waits_on,
                self.asked_by,
                self.asked_at.to_string(),
                decided_at,
                self.facts.weekly(),
                self.facts.start,
                confirm_by,
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE approval SET version = $1, state = $2, waits_on = $3, decided_at = $4, confirm_by = $5, \
                   body = $6 WHERE org_id = $7 AND id = $8 AND version = $1 - 1";
        let values = values![self.version, state, waits_on, decided_at, confirm_by, body, self.authority, self.id];
        match session.execute(sql, values).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Record for FollowUp {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO follow_up (id, org_id, version, recommendation_id, what, due_on, state, body) \
                       VALUES ($1, $2, 1, $3, $4, $5, $6, $7)";
            let (what, state) = (self.what.code(), self.state.name());
            let values = values![self.id, self.authority, self.recommendation, what, self.by, state, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE follow_up SET version = $1, state = $2, body = $3 WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        let values = values![self.version, self.state.name(), body, self.authority, self.id];
        match session.execute(sql, values).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

/// The job that voids what rests on an offer that is gone.
pub const OFFER_GONE: &str = "approval.offer_gone";

/// An offer that is gone, by number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GoneOffer {
    /// The placing authority.
    pub authority: i64,
    /// The offer.
    pub offer: i64,
}

/// The job for an offer that was withdrawn or expired while it was recommended.
pub fn gone_job(offer: &Offer) -> Result<Job, StoreError> {
    let gone = GoneOffer { authority: offer.authority.0, offer: offer.id.0 };
    Ok(Job::new(OFFER_GONE, &serde_json::to_value(gone)?).about("offer", offer.id))
}

/// Which approvals a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalTab {
    /// Waiting for somebody.
    Open,
    /// Decided or void, the latest first.
    Decided,
}

fn recommendation(row: &Row) -> Result<Recommendation, StoreError> {
    record_with(&row.text("body")?, "words", row.bytes("words")?)
}

impl Session {
    /// An approval of either organisation, by its reference.
    pub async fn approval(&self, org: OrganisationId, reference: &str) -> Result<Approval, StoreError> {
        let sql = "SELECT body FROM approval WHERE (org_id = $1 OR responsible_id = $1) AND reference = $2";
        self.one(sql, values![org, reference.to_uppercase()]).await?.json("body")
    }

    /// An approval of either organisation, by its id.
    pub async fn approval_by_id(&self, org: OrganisationId, id: ApprovalId) -> Result<Approval, StoreError> {
        let sql = "SELECT body FROM approval WHERE (org_id = $1 OR responsible_id = $1) AND id = $2";
        self.one(sql, values![org, id]).await?.json("body")
    }

    /// What an award depends on of the open spot purchase of a home for a referral, as its record and checks stand.
    pub async fn spot_fact(
        &self,
        org: OrganisationId,
        (referral, home): (ReferralId, HomeId),
        today: Date,
    ) -> Result<Option<SpotFact>, StoreError> {
        let sql = "SELECT s.id, s.reason_words, s.emergency, s.refused_on, c.before_start, c.open, c.due_on, c.good_until \
                   FROM spot s LEFT JOIN spot_clearance c ON c.org_id = s.org_id AND c.spot_id = s.id \
                   WHERE s.org_id = $1 AND s.referral_id = $2 AND s.home_id = $3 AND s.state = 'open'";
        let Some(row) = self.maybe(sql, values![org, referral, home]).await? else { return Ok(None) };
        let count = |column| -> Result<Option<u32>, StoreError> {
            Ok(row.opt_int(column)?.map(|count| u32::try_from(count).unwrap_or(u32::MAX)))
        };
        let expired = row.opt_date("good_until")?.is_some_and(|until| until <= today);
        Ok(Some(SpotFact {
            spot: row.int("id")?,
            reason: row.text("reason_words")?,
            emergency: row.flag("emergency")?,
            // Evidence that has expired since counts as a check that is open again.
            before_start: count("before_start")?.map(|open| open.max(u32::from(expired))),
            open: count("open")?.unwrap_or(u32::MAX),
            due_on: row.opt_date("due_on")?,
            refused_on: row.opt_date("refused_on")?,
        }))
    }

    /// The approvals that either organisation may see: open ones by their start, decided ones the latest first.
    pub async fn approvals(
        &self,
        org: OrganisationId,
        tab: ApprovalTab,
        limit: u32,
    ) -> Result<Vec<Approval>, StoreError> {
        let (states, order) = match tab {
            ApprovalTab::Open => ("'requested', 'question_open', 'passed_on'", "start_on, id"),
            ApprovalTab::Decided => ("'approved', 'refused', 'void'", "decided_at DESC, id DESC"),
        };
        let sql = format!(
            "SELECT body FROM approval WHERE (org_id = $1 OR responsible_id = $1) AND state IN ({states}) \
             ORDER BY {order} LIMIT $2"
        );
        self.all(&sql, values![org, limit]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// The approvals that either organisation may see in the order of their references, from the one after a key on.
    pub async fn approvals_after(
        &self,
        org: OrganisationId,
        (after, limit): (&str, u32),
    ) -> Result<Vec<Approval>, StoreError> {
        let sql = "SELECT body FROM approval WHERE (org_id = $1 OR responsible_id = $1) AND reference > $2 \
                   ORDER BY reference LIMIT $3";
        self.all(sql, values![org, after, limit]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// The approvals that wait to be confirmed, of either organisation, those due first.
    pub async fn approvals_to_confirm(&self, org: OrganisationId) -> Result<Vec<Approval>, StoreError> {
        let sql = "SELECT body FROM approval WHERE (org_id = $1 OR responsible_id = $1) AND confirm_by IS NOT NULL \
                   ORDER BY confirm_by, id";
        self.all(sql, values![org]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// Every approval of one recommendation, in the order in which they were asked for.
    pub async fn approvals_of(&self, org: OrganisationId, recommendation: i64) -> Result<Vec<Approval>, StoreError> {
        let sql = "SELECT body FROM approval WHERE (org_id = $1 OR responsible_id = $1) AND recommendation_id = $2 ORDER BY id";
        self.all(sql, values![org, recommendation]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// The approvals of a referral that are open or given.
    pub async fn standing_approvals(
        &self,
        org: OrganisationId,
        referral: ReferralId,
    ) -> Result<Vec<Approval>, StoreError> {
        let sql = "SELECT body FROM approval WHERE org_id = $1 AND referral_id = $2 \
                   AND state IN ('requested', 'question_open', 'passed_on', 'approved') ORDER BY id";
        self.all(sql, values![org, referral]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// The open approvals that rest on an offer, for the provider whose change of it may void them: references only
    /// concern the authority, so this reads in the authority's own session.
    pub async fn approvals_on_offer(&self, org: OrganisationId, offer: OfferId) -> Result<Vec<Approval>, StoreError> {
        let sql = "SELECT body FROM approval WHERE org_id = $1 AND offer_id = $2 \
                   AND state IN ('requested', 'question_open', 'passed_on', 'approved') ORDER BY id";
        self.all(sql, values![org, offer]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// This authority's approvals with a confirmation that is overdue at this time and that nobody was told of.
    pub async fn confirmations_to_chase(
        &self,
        org: OrganisationId,
        now: DateTime,
    ) -> Result<Vec<Approval>, StoreError> {
        let sql = "SELECT body FROM approval a WHERE org_id = $1 AND confirm_by < $2 AND NOT EXISTS (SELECT 1 FROM chased c \
                   WHERE c.org_id = a.org_id AND c.room = 'approval' AND c.record = a.id AND c.due = a.confirm_by) \
                   ORDER BY confirm_by, id";
        self.all(sql, values![org, now.to_string()]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// What an emergency let follow a recommendation, done or not.
    pub async fn follow_ups_of(&self, org: OrganisationId, recommendation: i64) -> Result<Vec<FollowUp>, StoreError> {
        let sql = "SELECT body FROM follow_up WHERE org_id = $1 AND recommendation_id = $2 ORDER BY due_on, id";
        self.all(sql, values![org, recommendation]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// Everything of an authority that is still to follow, the earliest first.
    pub async fn follow_ups_due(&self, org: OrganisationId) -> Result<Vec<FollowUp>, StoreError> {
        let sql = "SELECT body FROM follow_up WHERE org_id = $1 AND state = 'due' ORDER BY due_on, id";
        self.all(sql, values![org]).await?.iter().map(Row::body).collect()
    }

    /// What was to follow before this day, is still to do, and was not chased.
    pub async fn follow_ups_to_chase(&self, org: OrganisationId, today: Date) -> Result<Vec<FollowUp>, StoreError> {
        let sql = "SELECT body FROM follow_up f WHERE org_id = $1 AND state = 'due' AND due_on < $2 AND NOT EXISTS \
                   (SELECT 1 FROM chased c WHERE c.org_id = f.org_id AND c.room = 'follow_up' AND c.record = f.id) \
                   ORDER BY due_on, id";
        self.all(sql, values![org, today]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// A recommendation, sealed words and all.
    pub async fn recommendation(&self, org: OrganisationId, id: i64) -> Result<Recommendation, StoreError> {
        let sql = "SELECT words, body FROM recommendation WHERE (org_id = $1 OR responsible_id = $1) AND id = $2";
        recommendation(&self.one(sql, values![org, id]).await?)
    }

    /// Every recommendation of a referral, the latest first.
    pub async fn recommendations_of(
        &self,
        org: OrganisationId,
        referral: ReferralId,
    ) -> Result<Vec<Recommendation>, StoreError> {
        let sql = "SELECT words, body FROM recommendation WHERE org_id = $1 AND referral_id = $2 ORDER BY id DESC";
        self.all(sql, values![org, referral]).await?.iter().map(recommendation).collect()
    }
}

impl Session {
    /// Whether somebody was told of something late.
    pub async fn is_chased(&self, org: OrganisationId, room: &str, record: i64, due: &str) -> Result<bool, StoreError> {
        let sql = "SELECT due FROM chased WHERE org_id = $1 AND room = $2 AND record = $3 AND due = $4";
        Ok(self.maybe(sql, values![org, room, record, due]).await?.is_some())
    }

    /// Of what somebody was told late about records with these numbers: the room, the record and what was due.
    pub async fn chased_among(
        &self,
        org: OrganisationId,
        records: &[i64],
    ) -> Result<BTreeSet<(String, i64, String)>, StoreError> {
        if records.is_empty() {
            return Ok(BTreeSet::new());
        }
        let (among, own) = (places(1, records.len()), records.len() + 1);
        let sql = format!("SELECT room, record, due FROM chased WHERE record IN {among} AND org_id = ${own}");
        let values = records.iter().flat_map(|record| values![*record]).chain(values![org]).collect();
        let rows = self.all(&sql, values).await?;
        rows.iter().map(|row| Ok((row.text("room")?, row.int("record")?, row.text("due")?))).collect()
    }
}

impl Work {
    /// Notes that somebody was told of something late, so that they are told once.
    pub async fn chased(&self, room: &str, record: i64, due: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO chased (org_id, room, record, due, at) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (org_id, room, record, due) DO NOTHING";
        let at = self.moment().local.to_string();
        self.execute(sql, values![self.org(), room, record, due, at]).await?;
        Ok(())
    }

    /// Keeps decisions on one recommendation apart: of two last approvals at once, the second sees the first and makes the
    /// award. SQLite's one writer needs none.
    pub async fn lock_recommendation(&self, recommendation: i64) -> Result<(), StoreError> {
        if self.backend() == Backend::Postgres {
            self.execute("SELECT pg_advisory_xact_lock(12, hashint8($1))", values![recommendation]).await?;
        }
        Ok(())
    }

    /// Keeps a recommendation; it is written once.
    pub async fn add_recommendation(&self, new: &Recommendation) -> Result<(), StoreError> {
        let sql = "INSERT INTO recommendation (id, org_id, responsible_id, referral_id, offer_id, words, body) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let body = body_without(new, "words")?;
        let values = values![new.id, new.authority, new.responsible, new.referral, new.offer, new.words.bytes(), body];
        self.execute(sql, values).await?;
        Ok(())
    }
}

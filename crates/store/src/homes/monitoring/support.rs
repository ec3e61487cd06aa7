//! Weeks of hours: rows of two organisations, with the credit as figures of their own, for payment to read.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::support::{OfAgreement, SupportWeek};
use placewell_domain::homes::price::PriceLine;
use placewell_domain::id::{AgreementId, HomeId, OrganisationId};
use serde::Deserialize;

use super::{bodies, changed};
use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Record;

impl Record for SupportWeek {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let (body, state, of) = (serde_json::to_string(self)?, self.state.name(), &self.bought);
        let credit = self
            .credit()
            .map_or([0; 4], |one| [one.total, one.authority, one.education, one.health].map(|pence| pence.0));
        let delivered = self.delivered();
        if self.version == 1 {
            let sql = "INSERT INTO support_week (id, org_id, provider_id, version, agreement_id, label, line_from, week, bought_quarters, \
                       delivered_quarters, credit_pence, credit_authority_pence, credit_education_pence, \
                       credit_health_pence, state, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
            let values = values![
                self.id,
                of.authority,
                of.provider,
                of.agreement,
                of.label,
                of.line_from,
                of.week,
                of.quarters,
                delivered,
                credit[0],
                credit[1],
                credit[2],
                credit[3],
                state,
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE support_week SET version = $1, delivered_quarters = $2, credit_pence = $3, \
                   credit_authority_pence = $4, credit_education_pence = $5, credit_health_pence = $6, state = $7, \
                   body = $8 WHERE org_id = $9 AND id = $10 AND version = $1 - 1";
        let values = values![
            self.version,
            delivered,
            credit[0],
            credit[1],
            credit[2],
            credit[3],
            state,
            body,
            of.authority,
            self.id
        ];
        changed(session.execute(sql, values).await?)
    }
}

/// An agreement's hours out of its row: the nights stand in their own columns, the lines in its body.
/// What is read of an agreement here.
#[derive(Deserialize)]
struct Bought {
    terms: Terms,
}

#[derive(Deserialize)]
struct Terms {
    lines: Vec<PriceLine>,
}

fn hours(row: &Row) -> Result<OfAgreement, StoreError> {
    let Bought { terms } = row.json("body")?;
    Ok(OfAgreement {
        authority: OrganisationId(row.int("org_id")?),
        provider: OrganisationId(row.int("provider_id")?),
        home: HomeId(row.int("home_id")?),
        agreement: AgreementId(row.int("id")?),
        reference: row.text("reference")?.parse().map_err(StoreError::fault)?,
        lines: terms.lines,
        from: row.date("start_on")?,
        to: row.date("planned_end")?,
    })
}

impl Session {
    /// The hours of an agreement of either organisation that has begun.
    pub async fn hours_of(&self, org: OrganisationId, reference: &str) -> Result<OfAgreement, StoreError> {
        let sql = "SELECT id, org_id, provider_id, home_id, reference, start_on, planned_end, body FROM agreement \
                   WHERE (org_id = $1 OR provider_id = $1) AND reference = $2";
        hours(&self.one(sql, values![org, reference.to_uppercase()]).await?)
    }

    /// The agreements of either organisation that buy hours and go on after a day, found by the rows of their price lines.
    pub async fn hours_after(&self, org: OrganisationId, day: Date) -> Result<Vec<OfAgreement>, StoreError> {
        let sql = "SELECT id, org_id, provider_id, home_id, reference, start_on, planned_end, body FROM agreement \
                   WHERE (org_id = $1 OR provider_id = $1) AND planned_end > $2 \
                   AND state IN ('started', 'notice_given', 'ended') AND EXISTS (SELECT 1 FROM price_line l \
                   WHERE l.org_id = agreement.org_id AND l.agreement_id = agreement.id \
                   AND l.kind = 'additional_support') ORDER BY id";
        self.all(sql, values![org, day]).await?.iter().map(|row| row.once(|| hours(row))).collect()
    }

    /// One week of either organisation.
    pub async fn support_week(&self, org: OrganisationId, id: i64) -> Result<SupportWeek, StoreError> {
        let sql = "SELECT body FROM support_week WHERE (org_id = $1 OR provider_id = $1) AND id = $2";
        self.one(sql, values![org, id]).await?.json("body")
    }

    /// An agreement's weeks, the latest first.
    pub async fn support_weeks_of(&self, agreement: AgreementId) -> Result<Vec<SupportWeek>, StoreError> {
        let sql = "SELECT body FROM support_week WHERE agreement_id = $1 ORDER BY week DESC, label, line_from";
        bodies(&self.all(sql, values![agreement]).await?)
    }

    /// Either organisation's weeks from a day on, the latest first.
    pub async fn support_weeks(&self, org: OrganisationId, from: Date) -> Result<Vec<SupportWeek>, StoreError> {
        let sql = "SELECT body FROM support_week WHERE (org_id = $1 OR provider_id = $1) AND week >= $2 \
                   ORDER BY week DESC, agreement_id, label, line_from";
        bodies(&self.all(sql, values![org, from]).await?)
    }
}

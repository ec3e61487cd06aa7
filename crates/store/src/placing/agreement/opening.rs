//! What an authority's finance ledger said was paid when it went live.

use jiff::civil::Date;
use placewell_domain::id::{AgreementId, OrganisationId};
use placewell_domain::money::Pence;

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// One agreement's nights that were paid before this system, and the amount in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpeningPaid {
    /// The agreement.
    pub agreement: AgreementId,
    /// The first of the nights.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
    /// The amount in the ledger, by all who pay.
    pub ledger: Pence,
}

/// What the finance ledger showed in all as paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpeningTotal {
    /// The day up to which it counts.
    pub as_at: Date,
    /// How much.
    pub total: Pence,
}

impl Session {
    /// The agreements that were brought in without what the ledger said of them, but for those that were over then: at their
    /// first version.
    pub async fn opening_unpaid(&self, org: OrganisationId) -> Result<Vec<AgreementId>, StoreError> {
        let sql = "SELECT i.agreement_id FROM imported_agreement i \
                   JOIN agreement a ON a.org_id = i.org_id AND a.id = i.agreement_id \
                   WHERE i.org_id = $1 AND (a.state <> 'ended' OR a.version > 1) AND NOT EXISTS \
                   (SELECT 1 FROM opening_paid p WHERE p.org_id = i.org_id AND p.agreement_id = i.agreement_id) \
                   ORDER BY i.agreement_id";
        let rows = self.all(sql, values![org]).await?;
        rows.iter().map(|row| Ok(AgreementId(row.int("agreement_id")?))).collect()
    }

    /// What the ledger showed in all, as it was recorded last.
    pub async fn opening_total(&self, org: OrganisationId) -> Result<Option<OpeningTotal>, StoreError> {
        let sql = "SELECT as_at, ledger_pence FROM opening_total WHERE org_id = $1 ORDER BY known_from DESC LIMIT 1";
        let Some(row) = self.maybe(sql, values![org]).await? else { return Ok(None) };
        Ok(Some(OpeningTotal { as_at: row.date("as_at")?, total: row.pence("ledger_pence")? }))
    }

    /// What the ledger said of every agreement that was brought in with it.
    pub async fn opening_paid(&self, org: OrganisationId) -> Result<Vec<OpeningPaid>, StoreError> {
        let sql = "SELECT agreement_id, paid_from, paid_to, ledger_pence FROM opening_paid WHERE org_id = $1 \
                   ORDER BY agreement_id";
        let rows = self.all(sql, values![org]).await?;
        let one = |row: &crate::row::Row| {
            Ok(OpeningPaid {
                agreement: AgreementId(row.int("agreement_id")?),
                from: row.date("paid_from")?,
                to: row.date("paid_to")?,
                ledger: row.pence("ledger_pence")?,
            })
        };
        rows.iter().map(one).collect()
    }
}

impl Work {
    /// Records what the ledger shows in all; what was recorded before stays, and counts no more. The caller records the event.
    pub async fn keep_opening_total(&mut self, said: &OpeningTotal) -> Result<(), StoreError> {
        let known = self.sequence().await?;
        let sql = "INSERT INTO opening_total (org_id, known_from, as_at, ledger_pence) VALUES ($1, $2, $3, $4)";
        self.execute(sql, values![self.org(), known, said.as_at, said.total]).await?;
        Ok(())
    }

    /// Keeps what the ledger said of one agreement.
    pub async fn keep_opening_paid(&self, paid: &OpeningPaid) -> Result<(), StoreError> {
        let sql = "INSERT INTO opening_paid (org_id, agreement_id, paid_from, paid_to, ledger_pence) \
                   VALUES ($1, $2, $3, $4, $5)";
        self.execute(sql, values![self.org(), paid.agreement, paid.from, paid.to, paid.ledger]).await?;
        Ok(())
    }
}

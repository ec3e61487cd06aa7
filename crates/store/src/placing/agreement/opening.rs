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

impl Session {
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
    /// Keeps what the ledger said of one agreement.
    pub async fn keep_opening_paid(&self, paid: &OpeningPaid) -> Result<(), StoreError> {
        let sql = "INSERT INTO opening_paid (org_id, agreement_id, paid_from, paid_to, ledger_pence) \
                   VALUES ($1, $2, $3, $4, $5)";
        self.execute(sql, values![self.org(), paid.agreement, paid.from, paid.to, paid.ledger]).await?;
        Ok(())
    }
}

//! What was brought in from before this system: which row of which record became which agreement.
//!
//! The record's own numbers may tell who a child is, so only digests under the master key are kept.

use placewell_domain::id::{AgreementId, ChildId, OrganisationId};

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// What became of a row that was brought in before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroughtIn {
    /// The agreement.
    pub agreement: AgreementId,
    /// Whether the row says the same as it did then.
    pub same: bool,
}

/// One row of an earlier record, by its own numbers and all that it says.
#[derive(Debug, Clone, Copy)]
pub struct SourceRow<'a> {
    /// The agreement's number in it.
    pub source: &'a str,
    /// The child's number in it.
    pub child: &'a str,
    /// All that the row says.
    pub said: &'a str,
}

impl Session {
    /// What became of a row, where it was brought in before.
    pub async fn brought_in(&self, org: OrganisationId, row: SourceRow<'_>) -> Result<Option<BroughtIn>, StoreError> {
        let sql = "SELECT agreement_id, said FROM imported_agreement WHERE org_id = $1 AND source = $2";
        let source = self.master().digest("source", org, row.source);
        let Some(found) = self.maybe(sql, values![org, source]).await? else { return Ok(None) };
        let same = found.text("said")? == self.master().digest("said", org, row.said);
        Ok(Some(BroughtIn { agreement: AgreementId(found.int("agreement_id")?), same }))
    }

    /// The child whom an earlier record calls by this number, where one was brought in.
    pub async fn brought_in_child(&self, org: OrganisationId, child: &str) -> Result<Option<ChildId>, StoreError> {
        let sql = "SELECT child_id FROM imported_agreement WHERE org_id = $1 AND child = $2 LIMIT 1";
        let digest = self.master().digest("child", org, child);
        self.maybe(sql, values![org, digest]).await?.map(|row| Ok(ChildId(row.int("child_id")?))).transpose()
    }
}

impl Work {
    /// Keeps which agreement a row became.
    pub async fn keep_brought_in(
        &self,
        row: SourceRow<'_>,
        agreement: AgreementId,
        child: ChildId,
    ) -> Result<(), StoreError> {
        let org = self.org();
        let digest = |kind, text| self.master().digest(kind, org, text);
        let (source, known, said) =
            (digest("source", row.source), digest("child", row.child), digest("said", row.said));
        let sql = "INSERT INTO imported_agreement (org_id, source, agreement_id, child_id, child, said) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        self.execute(sql, values![org, source, agreement, child, known, said]).await?;
        Ok(())
    }
}

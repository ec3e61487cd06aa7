//! The retention of children's records, and the index by which a child is found by the authority's own number.

use jiff::civil::Date;
use placewell_domain::id::{ChildId, OrganisationId};
use placewell_domain::placing::child::retention::Retention;
use placewell_domain::placing::child::{Child, ChildIdentity};

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

impl Record for Retention {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO retention (id, org_id, version, state, body) VALUES ($1, $2, 1, $3, $4)";
            session.execute(sql, values![self.child, self.authority, self.state.name(), body]).await?;
            return Ok(());
        }
        let sql = "UPDATE retention SET version = $1, state = $2, body = $3 WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        match session.execute(sql, values![self.version, self.state.name(), body, self.authority, self.child]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

/// A number as it is indexed: letters and digits alone, so that a space or a hyphen hides nobody.
fn indexed(case_number: &str) -> String {
    case_number.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

impl Session {
    /// The retention of a child's record; what holds of every record where nothing was said of this one.
    pub async fn retention(&self, organisation: OrganisationId, child: ChildId) -> Result<Retention, StoreError> {
        let sql = "SELECT body FROM retention WHERE org_id = $1 AND id = $2";
        match self.maybe(sql, values![organisation, child]).await? {
            Some(row) => row.json("body"),
            None => Ok(Retention::unsaid(organisation, child)),
        }
    }

    /// The references of a child's referrals, oldest first.
    pub async fn references_of_child(
        &self,
        organisation: OrganisationId,
        child: ChildId,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT reference FROM referral WHERE org_id = $1 AND child_id = $2 ORDER BY id";
        let rows = self.all(sql, values![organisation, child]).await?;
        rows.iter().map(|row| row.text("reference")).collect()
    }

    /// Every retention of which something was said.
    pub async fn retentions(&self, organisation: OrganisationId) -> Result<Vec<Retention>, StoreError> {
        let sql = "SELECT body FROM retention WHERE org_id = $1 ORDER BY id";
        self.all(sql, values![organisation]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// How many of the records that were due when last looked at are kept still, and how many wait for a second person.
    pub async fn retention_waits(&self, organisation: OrganisationId) -> Result<(usize, usize), StoreError> {
        let found = self.maybe("SELECT children FROM retention_due WHERE org_id = $1", values![organisation]).await?;
        let due: Vec<i64> = found.map(|row| row.json("children")).transpose()?.unwrap_or_default();
        let sql = "SELECT id, state FROM retention WHERE org_id = $1 AND state <> 'kept'";
        let (mut said, mut proposed) = (Vec::new(), 0);
        for row in self.all(sql, values![organisation]).await? {
            said.push(row.int("id")?);
            proposed += usize::from(row.text("state")? == "proposed");
        }
        Ok((due.iter().filter(|child| !said.contains(child)).count(), proposed))
    }

    /// The children whose record can be read, by number, with who they are: for a check that shows nobody anything.
    pub async fn known_children(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<(Child, ChildIdentity)>, StoreError> {
        let mut found = Vec::new();
        for child in self.children(organisation).await? {
            let identity = self.open_identity(&child).await?;
            found.push((child, identity));
        }
        Ok(found)
    }

    /// The children whom the authority's own system calls by this number.
    pub async fn children_by_case_number(
        &self,
        organisation: OrganisationId,
        case_number: &str,
    ) -> Result<Vec<ChildId>, StoreError> {
        let digest = self.master().digest("case_number", organisation, &indexed(case_number));
        let sql = "SELECT child_id FROM child_index WHERE org_id = $1 AND digest = $2 ORDER BY child_id";
        let rows = self.all(sql, values![organisation, digest]).await?;
        rows.iter().map(|row| Ok(ChildId(row.int("child_id")?))).collect()
    }
}

impl Work {
    /// Keeps whose records are due on a day.
    pub async fn keep_retention_due(&self, day: Date, children: &[ChildId]) -> Result<(), StoreError> {
        let ids: Vec<i64> = children.iter().map(|child| child.0).collect();
        let sql = "INSERT INTO retention_due (org_id, looked_on, children) VALUES ($1, $2, $3) \
                   ON CONFLICT (org_id) DO UPDATE SET looked_on = excluded.looked_on, children = excluded.children";
        self.execute(sql, values![self.org(), day, serde_json::to_string(&ids)?]).await?;
        Ok(())
    }

    /// Indexes a child by the authority's own number, which itself stands sealed; the index goes when the child's key goes.
    pub async fn index_child(&self, child: ChildId, case_number: &str) -> Result<(), StoreError> {
        let digest = self.master().digest("case_number", self.org(), &indexed(case_number));
        let sql = "INSERT INTO child_index (org_id, child_id, digest) VALUES ($1, $2, $3) \
                   ON CONFLICT (org_id, child_id) DO UPDATE SET digest = excluded.digest";
        self.execute(sql, values![self.org(), child, digest]).await?;
        Ok(())
    }

    /// Indexes children who were recorded before there was an index, a few at a time; how many.
    pub async fn index_children(&self, most: u32) -> Result<u32, StoreError> {
        let sql = "SELECT c.id FROM child c WHERE c.org_id = $1 AND c.state = 'known' AND NOT EXISTS \
                   (SELECT 1 FROM child_index i WHERE i.org_id = c.org_id AND i.child_id = c.id) ORDER BY c.id LIMIT $2";
        let rows = self.all(sql, values![self.org(), most]).await?;
        for row in &rows {
            let child = self.child(self.org(), ChildId(row.int("id")?)).await?;
            let identity = self.open_identity(&child).await?;
            self.index_child(child.id, &identity.case_number).await?;
        }
        u32::try_from(rows.len()).map_err(StoreError::fault)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_number_is_found_however_it_is_written() {
        assert_eq!(super::indexed(" hcc-12 034/b"), "HCC12034B");
    }
}

//! Whose a home was and is, in two times: a sale closes what it overlaps and keeps what was believed before.

use jiff::civil::Date;
use placewell_domain::homes::home::owner::OwnerFact;
use placewell_domain::homes::price::{KNOWN_OPEN, Rectangle, correct};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::nights::Nights;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

fn fact(row: &Row) -> Result<OwnerFact, StoreError> {
    let owner = OrganisationId(row.int("owner_id")?);
    Ok(OwnerFact { owner, from: row.date("from_date")?, until: row.date("until_date")? })
}

impl Session {
    /// Whose a home was and is, as it was believed at a number of the region's sequence.
    pub async fn owners_known(&self, home: HomeId, seq: i64) -> Result<Vec<OwnerFact>, StoreError> {
        let sql = "SELECT owner_id, from_date, until_date FROM home_owner \
                   WHERE home_id = $1 AND known_from <= $2 AND known_to > $2 ORDER BY from_date, id";
        self.all(sql, values![home, seq]).await?.iter().map(fact).collect()
    }
}

impl Work {
    /// Records whose a home of this region is from a day on; the change of the home itself is its event.
    pub async fn record_owner(&mut self, home: HomeId, owner: OrganisationId, from: Date) -> Result<(), StoreError> {
        let seq = self.sequence().await?;
        self.note_known(seq).await?;
        let sql = "SELECT id, owner_id, from_date, until_date, known_from FROM home_owner \
                   WHERE org_id = $1 AND home_id = $2 AND known_to = $3 ORDER BY from_date, id";
        let rows = self.all(sql, values![self.org(), home, KNOWN_OPEN]).await?;
        let mut current = Vec::new();
        for row in &rows {
            let OwnerFact { owner, from, until } = fact(row)?;
            let known_from = row.int("known_from")?;
            current.push(Rectangle { from, to: until, origin: from, known_from, known_to: KNOWN_OPEN, value: owner });
        }
        let correction = correct(&current, Nights::open(from), None, Some(owner), seq);
        for at in correction.close {
            let Some(row) = rows.get(at) else { continue };
            let sql = "UPDATE home_owner SET known_to = $1 WHERE org_id = $2 AND id = $3";
            self.execute(sql, values![seq, self.org(), row.int("id")?]).await?;
        }
        for part in correction.insert {
            let sql = "INSERT INTO home_owner (id, org_id, home_id, owner_id, from_date, until_date, known_from, \
                       known_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
            let (id, org) = (self.new_id(), self.org());
            let values = values![id, org, home, part.value, part.from, part.to, part.known_from, part.known_to];
            self.execute(sql, values).await?;
        }
        Ok(())
    }
}

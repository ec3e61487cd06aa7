//! The agreements of one organisation at one home, and on some nights.

use jiff::civil::Date;
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::placing::agreement::Agreement;

use crate::error::StoreError;
use crate::session::Session;
use crate::values;

impl Session {
    /// An authority's agreements through the arrangement at a home that are not over, by their start.
    pub async fn live_agreements_at(&self, org: OrganisationId, home: HomeId) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE org_id = $1 AND home_id = $2 AND route = 'arrangement' \
                   AND state IN ('prepared', 'signed_by_one', 'signed', 'started', 'notice_given') ORDER BY start_on, id";
        self.all(sql, values![org, home]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// An authority's agreements through the arrangement that are not over, by id.
    pub async fn arrangement_agreements_of(&self, org: OrganisationId) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE org_id = $1 AND route = 'arrangement' \
                   AND state IN ('prepared', 'signed_by_one', 'signed', 'started', 'notice_given') ORDER BY id";
        self.all(sql, values![org]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// Every agreement of either side under which a child lives, lived or is to live at a home, by id.
    pub async fn agreements_ever_at(&self, org: OrganisationId, home: HomeId) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE (org_id = $1 OR provider_id = $1) AND home_id = $2 \
                   AND state <> 'cancelled_before_start' ORDER BY id";
        self.all(sql, values![org, home]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// The agreements of either side whose stay, as it is or is planned, touches some days, by reference.
    pub async fn agreements_within(
        &self,
        org: OrganisationId,
        (from, to): (Date, Date),
    ) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE (org_id = $1 OR provider_id = $1) AND state <> 'cancelled_before_start' \
                   AND start_on < $3 AND planned_end >= $2 ORDER BY reference";
        self.all(sql, values![org, from, to]).await?.iter().map(|row| row.json("body")).collect()
    }
}

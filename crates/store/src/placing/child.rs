//! Children: the authority's alone. Who a child is comes out of here sealed; reading it is an event.

pub mod held;
mod retention;

use placewell_domain::change::Event;
use placewell_domain::id::{ChildId, OrganisationId};
use placewell_domain::placing::child::{Child, ChildIdentity, ChildState};
use placewell_domain::sealed::Sealed;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

const COLUMNS: &str = "id, org_id, version, number, responsible_id, state, identity";

fn child(row: &Row) -> Result<Child, StoreError> {
    let state = match row.text("state")?.as_str() {
        "known" => ChildState::Known,
        "forgotten" => ChildState::Forgotten,
        other => return Err(StoreError::Fault(format!("child state {other}"))),
    };
    Ok(Child {
        id: ChildId(row.int("id")?),
        version: row.int("version")?,
        authority: OrganisationId(row.int("org_id")?),
        responsible: OrganisationId(row.int("responsible_id")?),
        number: u32::try_from(row.int("number")?).map_err(StoreError::fault)?,
        identity: Sealed::from_bytes(row.bytes("identity")?),
        state,
    })
}

impl Record for Child {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        if self.version == 1 {
            let sql = "INSERT INTO child (id, org_id, version, number, responsible_id, state, identity) VALUES ($1, $2, 1, $3, $4, $5, $6)";
            let identity = self.identity.bytes();
            let values = values![self.id, self.authority, self.number, self.responsible, self.state.name(), identity];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE child SET version = $1, state = $2, identity = $3 WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        let values = values![self.version, self.state.name(), self.identity.bytes(), self.authority, self.id];
        match session.execute(sql, values).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Session {
    /// A child by id, sealed.
    pub async fn child(&self, organisation: OrganisationId, id: ChildId) -> Result<Child, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM child WHERE org_id = $1 AND id = $2");
        child(&self.one(&sql, values![organisation, id]).await?)
    }

    /// A child by the authority's number, sealed.
    pub async fn child_by_number(&self, organisation: OrganisationId, number: u32) -> Result<Child, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM child WHERE org_id = $1 AND number = $2");
        child(&self.one(&sql, values![organisation, number]).await?)
    }

    /// Every child whose record can be read, by number, sealed.
    pub async fn children(&self, organisation: OrganisationId) -> Result<Vec<Child>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM child WHERE org_id = $1 AND state = 'known' ORDER BY number");
        self.all(&sql, values![organisation]).await?.iter().map(child).collect()
    }

    /// Who a child is, opened, for a check that shows nobody anything (the check for names, an age).
    pub async fn open_identity(&self, child: &Child) -> Result<ChildIdentity, StoreError> {
        self.child_key(child.authority, child.id).await?.open(&child.identity)
    }
}

impl Work {
    /// Who a child is, opened to be shown to the person who acts; recorded.
    pub async fn read_identity(&mut self, child: &Child) -> Result<ChildIdentity, StoreError> {
        let identity = self.open_identity(child).await?;
        self.record(Event::new("child.identity_read", "child", child.id.0, child.version));
        Ok(identity)
    }
}

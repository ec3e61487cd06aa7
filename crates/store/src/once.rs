//! What the deployment's chain says once, by the first opening that has it to say: said a second time, it would make true what
//! was changed meanwhile.

use jiff::Timestamp;
use placewell_domain::change::Event;

use crate::connect::Store;
use crate::error::StoreError;
use crate::facts::{Added, ROOM};
use crate::keys::before::{TURNS, another_turn};
use crate::outbox::placeholder_moment;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::verify::DEPLOYMENT;
use crate::work::{MANY, Work};

impl Store {
    /// Has the deployment's chain say this, in events of one kind, with the facts that each names; nothing where it was said.
    pub(crate) async fn say_once(&self, kind: &str, events: &[Event], added: &[Added]) -> Result<(), StoreError> {
        let mut turns = TURNS;
        while let Err(error) = self.try_to_say(kind, events, added).await {
            another_turn(error, &mut turns).await?;
        }
        Ok(())
    }

    async fn try_to_say(&self, kind: &str, events: &[Event], added: &[Added]) -> Result<(), StoreError> {
        // An opening has no calendar: the moment is that of the chain's last event, or none.
        let moment = placeholder_moment(Timestamp::UNIX_EPOCH);
        let mut work = self.begin(DEPLOYMENT, moment).await?;
        match work.say_once(kind, events, added).await {
            Ok(()) => work.commit(moment.at).await,
            Err(error) => {
                work.roll_back().await?;
                Err(error)
            }
        }
    }
}

impl Session {
    /// The deployment's earliest event of a kind that is said once.
    pub(crate) async fn said_once(&self, kind: &str) -> Result<Option<Row>, StoreError> {
        let sql = "SELECT seq, prev_hash, moment, body FROM event WHERE org_id = $1 AND room = $2 AND record = $3 AND kind = $4 \
                   ORDER BY seq LIMIT 1";
        self.maybe(sql, values![DEPLOYMENT, ROOM, MANY, kind]).await
    }
}

impl Work {
    /// Another node may have said it meanwhile, which is waited for here.
    async fn say_once(&mut self, kind: &str, events: &[Event], added: &[Added]) -> Result<(), StoreError> {
        self.lock_organisation().await?;
        if self.said_once(kind).await?.is_some() {
            return Ok(());
        }
        for event in events {
            self.record(event.clone());
        }
        if let Some(written) = self.written() {
            written.say(added.to_vec());
        }
        Ok(())
    }
}

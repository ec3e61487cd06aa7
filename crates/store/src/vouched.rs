//! Events that the service wrote and nobody else: each body ends with a tag under the key of the indexes, over all that the
//! event's hash covers. Anybody with the tables computes a hash; nobody without the key makes a tag, so that what was appended
//! to a chain past the service is found, before any checkpoint is.
//!
//! What stood before events carried tags is told once, on the deployment's chain: see [`Store::say_vouched`].

use std::collections::HashMap;

use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;

use crate::chain::{Position, hash};
use crate::connect::Store;
use crate::error::StoreError;
use crate::facts::ROOM;
use crate::keys::MasterKey;
use crate::session::Session;
use crate::values;
use crate::verify::DEPLOYMENT;
use crate::work::MANY;

/// From where on each chain's events are vouched for; a chain that it does not name was begun later.
const VOUCHED: &str = "events.vouched";
/// The fact of such an event: each chain by its organisation's number and its first event to be vouched for.
const FROM: &str = "from";

/// What stands before a tag at a body's end, and after it.
const OPENS: &str = r#","tag":""#;
const CLOSES: &str = "\"}";
/// How many bytes of a digest are kept: 128 bits of a keyed one.
const BYTES: usize = 16;

/// What vouches for a body that is not closed yet, at its place on a chain.
fn tag(master: &MasterKey, position: &Position<'_>, open: &str) -> [u8; BYTES] {
    let whole = master.kept("event", &hash(position, open));
    std::array::from_fn(|at| whole[at])
}

/// Closes a body with what vouches for it.
pub(crate) fn vouch(master: &MasterKey, position: &Position<'_>, mut body: String) -> String {
    body.pop();
    let tag = hex::encode(tag(master, position, &body));
    body.extend([OPENS, &tag, CLOSES]);
    body
}

/// Whether the service vouches for a body at its place on a chain; none where the body carries no tag.
pub(crate) fn vouches(master: &MasterKey, position: &Position<'_>, body: &str) -> Option<bool> {
    let rest = body.strip_suffix(CLOSES)?;
    let (open, digits) = rest.split_at_checked(rest.len().checked_sub(2 * BYTES)?)?;
    let open = open.strip_suffix(OPENS)?;
    let mut said = [0; BYTES];
    Some(hex::decode_to_slice(digits, &mut said).is_ok() && tag(master, position, open) == said)
}

/// Where a chain began to be vouched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Beginning {
    /// Its first event that must be vouched for.
    pub first: i64,
    /// The hash of the event before that one, in hexadecimal digits; empty where the chain began there.
    pub after: String,
}

/// From where on the chains are vouched for.
#[derive(Default)]
pub(crate) struct Vouched {
    chains: Option<HashMap<OrganisationId, Beginning>>,
    /// Whether the event that says so was written by somebody else.
    forged: bool,
}

impl Vouched {
    /// What is wrong with how it is said, where a chain has events that are vouched for: it is said from the first opening on by
    /// a version that tags them.
    pub(crate) fn fault(&self, some: bool) -> Option<&'static str> {
        match &self.chains {
            None if some => Some("the event is gone that says from where on events are vouched for"),
            _ if self.forged => {
                Some("the event that says from where on events are vouched for was not written by the service")
            }
            _ => None,
        }
    }

    /// Where a chain began to be vouched for: none where nothing says so yet.
    pub(crate) fn beginning(&self, organisation: OrganisationId) -> Option<Beginning> {
        self.chains.as_ref().map(|chains| chains.get(&organisation).cloned().unwrap_or_default())
    }

    /// The organisations that stood when it was said.
    pub(crate) fn organisations(&self) -> impl Iterator<Item = OrganisationId> {
        self.chains.iter().flat_map(|chains| chains.keys().copied())
    }
}

impl Store {
    /// Has the deployment's chain say, once, from where on each chain's events are vouched for. It says so in an event that is
    /// vouched for itself; the earliest one counts.
    pub(crate) async fn say_vouched(&self) -> Result<(), StoreError> {
        if self.read(Some(DEPLOYMENT)).await?.said_once(VOUCHED).await?.is_some() {
            return Ok(());
        }
        let organisations = self.read(None).await?.organisations().await?;
        let mut from = Vec::new();
        for one in organisations {
            let Beginning { first, after } = self.read(Some(one.id)).await?.next_event(one.id).await?;
            from.push(format!("{}:{first}:{after}", one.id.0));
        }
        let event = Event::new(VOUCHED, ROOM, MANY, 1).with(FROM, from.join(" "));
        self.say_once(VOUCHED, &[event], &[]).await
    }

    /// From where on the chains are vouched for, as the deployment's own says.
    pub(crate) async fn vouched(&self) -> Result<Vouched, StoreError> {
        let session = self.read(Some(DEPLOYMENT)).await?;
        let Some(row) = session.said_once(VOUCHED).await? else { return Ok(Vouched::default()) };
        let (first, before) = (row.int("seq")?, row.opt_bytes("prev_hash")?.unwrap_or_default());
        let moment = row.moment("moment")?;
        let position = Position { previous: &before, organisation: DEPLOYMENT, sequence: first, moment };
        let body = row.text("body")?;
        let forged = vouches(session.master(), &position, &body) != Some(true);
        // What somebody else wrote need not read as an event: then it names no chain, and is a fault by its tag.
        let facts = serde_json::from_str(&body).map_or_else(|_| Vec::new(), |event: Event| event.facts);
        let named = facts.iter().filter(|(name, _)| name == FROM).flat_map(|(_, from)| from.split(' '));
        let one = |said: &str| {
            let mut parts = said.split(':');
            let (organisation, first) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            Some((OrganisationId(organisation), Beginning { first, after: parts.next()?.to_owned() }))
        };
        let own = (DEPLOYMENT, Beginning { first, after: hex::encode(&before) });
        Ok(Vouched { chains: Some(named.filter_map(one).chain([own]).collect()), forged })
    }
}

impl Session {
    async fn next_event(&self, organisation: OrganisationId) -> Result<Beginning, StoreError> {
        let head = self.maybe("SELECT seq, hash FROM chain_head WHERE org_id = $1", values![organisation]).await?;
        let Some(head) = head else { return Ok(Beginning::default()) };
        Ok(Beginning { first: head.int("seq")? + 1, after: hex::encode(head.bytes("hash")?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn place(sequence: i64) -> Position<'static> {
        Position { previous: &[1, 2], organisation: OrganisationId(7), sequence, moment: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn a_body_is_vouched_for_as_it_is_where_it_stands_and_by_this_key_alone() {
        let master = MasterKey::from_hex(&"07".repeat(32)).unwrap();
        let said = r#"{"facts":{"a":{}},"version":1}"#;
        let body = vouch(&master, &place(3), said.to_owned());
        assert!(serde_json::from_str::<serde_json::Value>(&body).unwrap()["tag"].is_string(), "{body}");
        assert_eq!(vouches(&master, &place(3), &body), Some(true));
        assert_eq!(vouches(&master, &place(3), &body.replace("\"version\":1", "\"version\":2")), Some(false));
        assert_eq!(vouches(&master, &place(4), &body), Some(false), "moved along the chain");
        let another = MasterKey::from_hex(&"08".repeat(32)).unwrap();
        assert_eq!(vouches(&another, &place(3), &body), Some(false));
        for without in [said, "", "\"}", r#"{"tag":"0"}"#] {
            assert_eq!(vouches(&master, &place(3), without), None, "{without}");
        }
    }
}

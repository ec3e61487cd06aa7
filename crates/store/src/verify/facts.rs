//! Facts held against the events that name them. A fact may stand on the chain of any of its parties, and only by its digest: so
//! all digests of all chains are gathered, and each row takes its own. What no event names was planted or changed; what no row
//! holds is gone or was changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use placewell_domain::id::OrganisationId;

use super::{DEPLOYMENT, Rows, told};
use crate::contents::Contents;
use crate::error::StoreError;
use crate::facts::{FACTS, HELD, Reading};
use crate::row::Row;
use crate::session::Session;

/// A fact as an event names it: the place of its table among those of facts, of how many columns the digest is, and the digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Fact {
    table: u16,
    width: u16,
    digest: [u8; 16],
}

impl Fact {
    fn of(table: usize, width: usize, digest: &[u8]) -> Option<Self> {
        let (table, width) = (table.try_into().ok()?, width.try_into().ok()?);
        Some(Self { table, width, digest: digest.get(..16)?.try_into().ok()? })
    }

    fn read(table: usize, said: &str) -> Option<Self> {
        let (width, digits) = said.split_once(':')?;
        let mut digest = [0; 16];
        hex::decode_to_slice(digits, &mut digest).ok()?;
        Self::of(table, width.parse().ok()?, &digest)
    }
}

/// The facts that one chain names, each with the event.
#[derive(Default)]
pub(super) struct Named {
    facts: Vec<(Fact, i64)>,
    /// How many events were to follow the latest one that says what stood before; none where no event says so.
    held: Option<i64>,
}

impl Named {
    /// Takes what an event names. What stood is said once, in events that follow each other: said again, it would make what was
    /// planted meanwhile true, so that it counts for nothing, and is a fault.
    pub(super) fn see(
        &mut self,
        sequence: i64,
        (kind, version): (&str, i64),
        added: &BTreeMap<&str, Vec<&str>>,
    ) -> Option<String> {
        if kind == HELD {
            if self.held.is_some_and(|left| left == 0 || version != left - 1) {
                return Some(format!("event {sequence} says anew which facts stood"));
            }
            self.held = Some(version);
        }
        for (table, digests) in added {
            let Ok(table) = FACTS.binary_search(table) else { continue };
            self.facts.extend(digests.iter().filter_map(|said| Some((Fact::read(table, said)?, sequence))));
        }
        None
    }
}

/// Where a fact is named, and whether a row holds it.
struct Place {
    organisation: OrganisationId,
    sequence: i64,
    seen: AtomicBool,
}

/// The facts that all chains name.
pub(super) struct Facts {
    contents: Arc<Contents>,
    named: HashMap<Fact, Place>,
    /// Of how many columns the digests are, by table.
    widths: BTreeSet<(usize, usize)>,
    /// Whether the deployment's chain says which facts stood before events named any.
    held: bool,
    /// Whether two events name the same fact.
    twice: bool,
}

impl Facts {
    pub(super) fn new(contents: &Arc<Contents>) -> Self {
        Self {
            contents: Arc::clone(contents),
            named: HashMap::new(),
            widths: BTreeSet::new(),
            held: false,
            twice: false,
        }
    }

    /// Takes what a chain names.
    pub(super) fn join(&mut self, organisation: OrganisationId, named: Named) {
        self.held |= organisation == DEPLOYMENT && named.held.is_some();
        for (fact, sequence) in named.facts {
            self.widths.insert((usize::from(fact.table), usize::from(fact.width)));
            let place = Place { organisation, sequence, seen: AtomicBool::new(false) };
            self.twice |= self.named.insert(fact, place).is_some();
        }
    }

    /// Events name facts from the moment on at which the deployment's chain says which stood, and each once: where what stood
    /// names one that another event added, the chain was begun anew to make what was planted true.
    pub(super) fn unfounded(&self) -> Option<String> {
        let fault = match (self.held, self.twice, self.named.is_empty()) {
            (_, true, _) => "two events name the same fact: which facts stood was said anew",
            (false, false, false) => "the event is gone that says which facts stood before events named them",
            _ => return None,
        };
        Some(fault.to_owned())
    }

    /// Holds the facts of an organisation against what is named.
    pub(super) async fn at_all(
        &self,
        session: &Session,
        organisation: OrganisationId,
        found: &mut Rows,
    ) -> Result<(), StoreError> {
        let tables: Vec<_> = self.contents.facts().collect();
        for (at, table) in tables {
            let widths = self.widths.range((at, 0)..=(at, usize::MAX)).map(|(_, width)| *width);
            let reading = Reading::of(&self.contents, table, widths);
            let mut wrong = Vec::new();
            let look = |row: &Row| -> Result<(), StoreError> {
                let digests = reading.digests(session.master(), row)?;
                let mut facts = digests.iter().filter_map(|(width, digest)| Fact::of(at, *width, digest));
                if let Some(place) = facts.find_map(|fact| self.named.get(&fact)) {
                    place.seen.store(true, Ordering::Relaxed);
                    found.held += 1;
                } else if self.held {
                    let name = reading.name(row)?;
                    wrong.push(format!("{name} is not what an event says: added or changed past the service"));
                } else {
                    found.by_version += 1;
                }
                Ok(())
            };
            reading.each(session, organisation, look).await?;
            found.faults.extend(told(wrong));
        }
        Ok(())
    }

    /// What one chain names and no row holds.
    pub(super) fn gone(&self, organisation: OrganisationId) -> Vec<String> {
        let own = self.named.iter().filter(|(_, place)| place.organisation == organisation);
        let unseen = own.filter(|(_, place)| !place.seen.load(Ordering::Relaxed));
        let fault = |(fact, place): (&Fact, &Place)| {
            let table = FACTS.get(usize::from(fact.table)).copied().unwrap_or_default();
            format!("a row of {table} is gone or was changed, which event {} names", place.sequence)
        };
        told(unseen.map(fault).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_is_said_once_in_events_that_follow_each_other() {
        let table = FACTS[0];
        let digest = format!("3:{}", "0f".repeat(16));
        let added = BTreeMap::from([(table, vec![digest.as_str(), "3:zz", "x"]), ("nothing", vec![digest.as_str()])]);
        let mut named = Named::default();
        for (sequence, left) in [(4, 2), (5, 1), (6, 0)] {
            assert_eq!(named.see(sequence, (HELD, left), &added), None);
        }
        assert_eq!(named.see(7, ("price.changed", 1), &added), None);
        assert_eq!(named.facts.len(), 4, "what does not read names nothing");
        for left in [0, -1, 2] {
            let again = named.see(8, (HELD, left), &added);
            assert_eq!(again.as_deref(), Some("event 8 says anew which facts stood"), "{left}");
        }
        assert_eq!(named.facts.len(), 4, "and what it says counts for nothing");
    }
}

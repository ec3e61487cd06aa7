//! The record of events: checked, read as an organisation's log and as a feed in commit order, and signed for others to hold.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use placewell_domain::id::PersonId;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::Organisation;
use placewell_domain::office::person::Actor;
use placewell_domain::office::record::{Checkpoint, Checkpoints};
use placewell_store::Session;
use placewell_store::chain::RecordedEvent;
use placewell_store::verify::{ChainReport, DEPLOYMENT};

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;

/// How many events a page of the log shows.
pub const SHOWN: u32 = 50;
/// The most events of one part of the feed.
pub const MOST: u32 = 1000;
/// A chain that goes on is signed again after this time.
const SIGNED_EVERY: SignedDuration = SignedDuration::from_hours(20);

/// An event with the name of who did it.
#[derive(Debug, Clone)]
pub struct LoggedEvent {
    /// The event.
    pub event: RecordedEvent,
    /// Who, where a person did it.
    pub by: Option<String>,
}

/// A part of an organisation's log, newest first.
#[derive(Debug, Clone)]
pub struct Activity {
    /// The events.
    pub events: Vec<LoggedEvent>,
    /// The number before which older events follow, where there are any.
    pub older: Option<i64>,
}

async fn with_names(session: &Session, events: Vec<RecordedEvent>) -> Answer<Vec<LoggedEvent>> {
    let mut people: Vec<PersonId> = events.iter().filter_map(|event| event.person).collect();
    people.sort_unstable();
    people.dedup();
    let names: BTreeMap<PersonId, String> = session.names_of(&people).await?.into_iter().collect();
    let named = |event: RecordedEvent| {
        let by = event.person.and_then(|person| names.get(&person).cloned());
        LoggedEvent { event, by }
    };
    Ok(events.into_iter().map(named).collect())
}

impl App {
    /// The organisations whose record the administrator may check, by name.
    pub async fn recorded_organisations(&self, actor: &Actor) -> Answer<Vec<Organisation>> {
        let kept = self.administered(actor).await?;
        let all = self.visit().await?.organisations().await?;
        Ok(all.into_iter().filter(|organisation| kept.contains(&organisation.id)).collect())
    }

    /// Recomputes the chain of one organisation, holds it against its checkpoints and its rows against its events; the faults
    /// of all.
    pub async fn check_record(&self, actor: &Actor, code: &str) -> Answer<(Organisation, ChainReport)> {
        let all = self.recorded_organisations(actor).await?;
        let organisation = all.into_iter().find(|one| one.code == code).ok_or(Outcome::NotFound)?;
        let report = self.store.check_record(organisation.id).await?;
        Ok((organisation, report))
    }

    /// What happened in the reader's organisation, newest first, before a number where one is given.
    pub async fn activity(&self, actor: &Actor, before: Option<i64>) -> Answer<Activity> {
        let session = self.see(actor, Action::SeeRecord).await?;
        let before = before.unwrap_or(i64::MAX);
        let mut events = session.events_before(actor.organisation, before, SHOWN + 1).await?;
        let more = events.len() > SHOWN as usize;
        events.truncate(SHOWN as usize);
        let older = events.last().filter(|_| more).map(|event| event.sequence);
        Ok(Activity { events: with_names(&session, events).await?, older })
    }

    /// What happened to one record of the reader's organisation, oldest first; none: no such record.
    pub async fn record_timeline(&self, actor: &Actor, room: &str, record: i64) -> Answer<Vec<LoggedEvent>> {
        let session = self.see(actor, Action::SeeRecord).await?;
        let events = session.timeline(actor.organisation, room, record).await?;
        if events.is_empty() {
            return Err(Outcome::NotFound);
        }
        with_names(&session, events).await
    }

    /// The feed: events after a number, in the order in which they were committed. Whoever goes on from the last number
    /// misses none and gets none twice.
    pub async fn events_after(&self, actor: &Actor, after: i64, most: u32) -> Answer<Vec<LoggedEvent>> {
        let session = self.see(actor, Action::SeeRecord).await?;
        let events = session.events_after(actor.organisation, after, most.min(MOST)).await?;
        with_names(&session, events).await
    }

    /// The newest signed checkpoint of every chain, for the other authorities to keep.
    pub async fn checkpoints(&self, actor: &Actor) -> Answer<Checkpoints> {
        let session = self.see(actor, Action::SeeRecord).await?;
        Ok(Checkpoints { checkpoints: session.newest_checkpoints().await? })
    }

    /// Signs each chain that went on since it was last signed, once a day; gives what was published.
    pub async fn publish_checkpoints(&self) -> Answer<Vec<Checkpoint>> {
        let at = self.calendar.now().at;
        let before = at.checked_sub(SIGNED_EVERY).map_err(|error| Outcome::Fault(error.to_string()))?;
        self.publish_signed_before(before).await
    }

    /// Signs each chain that went on since it was last signed, however lately that was.
    pub async fn publish_checkpoints_now(&self) -> Answer<Vec<Checkpoint>> {
        self.publish_signed_before(jiff::Timestamp::MAX).await
    }

    async fn publish_signed_before(&self, before: jiff::Timestamp) -> Answer<Vec<Checkpoint>> {
        let moment = self.calendar.now();
        let organisations = self.visit().await?.organisations().await?;
        let mut published = Vec::new();
        for chain in organisations.iter().map(|one| one.id).chain([DEPLOYMENT]) {
            if !self.store.read(Some(chain)).await?.checkpoint_due(chain, before).await? {
                continue;
            }
            let work = self.store.begin(chain, moment).await?;
            published.extend(work.publish_checkpoint(moment.at).await?);
            work.commit(Machine::now()).await?;
        }
        Ok(published)
    }

    /// The newest checkpoint of every chain, for the command line.
    pub async fn all_checkpoints(&self) -> Answer<Checkpoints> {
        let organisations = self.visit().await?.organisations().await?;
        let mut checkpoints = Vec::new();
        for chain in organisations.iter().map(|one| one.id).chain([DEPLOYMENT]) {
            checkpoints.extend(self.store.read(Some(chain)).await?.checkpoints_of(chain).await?.pop());
        }
        Ok(Checkpoints { checkpoints })
    }
}

//! The record of events: checked, read as an organisation's log and as a feed in commit order, and signed for others to hold.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use placewell_domain::change::Event;
use placewell_domain::id::PersonId;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::office::record::{Checkpoint, Checkpoints, Pin};
use placewell_domain::placing::disclosure::{Reader, fact};
use placewell_store::Session;
use placewell_store::chain::RecordedEvent;
use placewell_store::office::record::{LogFilter, LogPart};
use placewell_store::verify::{ChainReport, DEPLOYMENT};

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::office::message;

pub mod looking;

use looking::Looking;

/// How many events a page of the log shows.
pub const SHOWN: u32 = 50;
/// The most events of one part of the feed.
pub const MOST: u32 = 1000;
/// How many events of one record a page shows.
pub const OF_A_RECORD: u32 = 200;
/// How many events a search looks through at once, so that a long record is searched in parts of bounded time.
const LOOKED_THROUGH: i64 = 100_000;
/// The most faults that a mail tells.
const TOLD: usize = 5;
/// A chain that goes on is signed again after this time.
const SIGNED_EVERY: SignedDuration = SignedDuration::from_hours(20);

/// An event with the name of who did it.
#[derive(Debug, Clone)]
pub struct LoggedEvent {
    /// The event.
    pub event: RecordedEvent,
    /// Who, where a person did it.
    pub by: Option<String>,
    /// How many of its facts the table of fields keeps from the reader; they are left out of it.
    pub withheld: usize,
}

/// A part of an organisation's log, newest first.
#[derive(Debug, Clone)]
pub struct Activity {
    /// The events.
    pub events: Vec<LoggedEvent>,
    /// The number before which older events follow, where there are any.
    pub older: Option<i64>,
}

/// What an event is shown as whose kind and record the table of fields keeps from the reader.
fn untold(room: &str) -> Event {
    Event::new(&format!("{room}.changed"), room, 0, 0)
}

/// The events as the actor may read them: who did each, what happened, and the facts that the table of fields gives to their
/// role.
async fn as_read(session: &Session, actor: &Actor, events: Vec<RecordedEvent>) -> Answer<Vec<LoggedEvent>> {
    let mut people: Vec<PersonId> = events.iter().filter_map(|event| event.person).collect();
    people.sort_unstable();
    people.dedup();
    let names: BTreeMap<PersonId, String> = session.names_of(&people).await?.into_iter().collect();
    let reader = Reader::Own(actor.role);
    let read = |mut event: RecordedEvent| {
        let by = event.person.and_then(|person| names.get(&person).cloned());
        let (room, all) = (&event.event.room, event.event.facts.len());
        event.event.facts.retain(|(name, _)| fact::gives(reader, room, name));
        let withheld = all - event.event.facts.len();
        if !fact::tells(reader, room) {
            event.event = untold(room);
        }
        LoggedEvent { event, by, withheld }
    };
    Ok(events.into_iter().map(read).collect())
}

/// The newest of what is looked for before a number. A search looks through so many events at once; what lies before them
/// follows under `older`.
async fn newest(
    session: &Session,
    actor: &Actor,
    before: Option<i64>,
    looking: &Looking,
    shown: u32,
) -> Answer<Activity> {
    let org = actor.organisation;
    let filter = looking.filter(session, actor).await?;
    let before = match before {
        Some(before) => before,
        None => session.last_event(org).await?.saturating_add(1),
    };
    let floor = if looking.everything() { -1 } else { before.saturating_sub(LOOKED_THROUGH + 1).max(-1) };
    let part = LogPart { after: floor, before, newest_first: true, most: shown + 1 };
    let mut events = session.events_where(org, part, &filter).await?;
    let more = events.len() > shown as usize;
    events.truncate(shown as usize);
    let older = if more { events.last().map(|event| event.sequence) } else { (floor >= 0).then_some(floor + 1) };
    Ok(Activity { events: as_read(session, actor, events).await?, older })
}

/// Adds a line of each to the file, on the disk before it is used.
fn append(file: &Path, published: &[Checkpoint]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file)?;
    for one in published {
        writeln!(file, "{}", Pin::from(one).line())?;
    }
    file.sync_all()
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

    /// What happened in the reader's organisation, newest first, before a number where one is given; of it what is looked for.
    pub async fn activity(&self, actor: &Actor, before: Option<i64>, looking: &Looking) -> Answer<Activity> {
        let session = self.see(actor, Action::SeeRecord).await?;
        newest(&session, actor, before, looking, SHOWN).await
    }

    /// The newest of what is looked for, for a file.
    pub async fn newest_events(&self, actor: &Actor, looking: &Looking) -> Answer<Vec<LoggedEvent>> {
        let session = self.see(actor, Action::SeeRecord).await?;
        Ok(newest(&session, actor, None, looking, MOST).await?.events)
    }

    /// The people whose events can be looked for, by name.
    pub async fn record_people(&self, actor: &Actor) -> Answer<Vec<(PersonId, String)>> {
        Ok(self.see(actor, Action::SeeRecord).await?.people_ever_in(actor.organisation).await?)
    }

    /// What happened to one record of the reader's organisation after an event's number, oldest first, with the number after
    /// which more follows; not found: no such record.
    pub async fn record_timeline(
        &self,
        actor: &Actor,
        (room, record): (&str, i64),
        after: i64,
    ) -> Answer<(Vec<LoggedEvent>, Option<i64>)> {
        let session = self.see(actor, Action::SeeRecord).await?;
        if !fact::tells(Reader::Own(actor.role), room) {
            return Err(Outcome::NotFound);
        }
        let filter = LogFilter { record: Some((room.to_owned(), record)), ..LogFilter::default() };
        let part = LogPart { after, before: i64::MAX, newest_first: false, most: OF_A_RECORD + 1 };
        let mut events = session.events_where(actor.organisation, part, &filter).await?;
        if events.is_empty() {
            return Err(Outcome::NotFound);
        }
        let more = events.len() > OF_A_RECORD as usize;
        events.truncate(OF_A_RECORD as usize);
        let next = events.last().filter(|_| more).map(|event| event.sequence);
        Ok((as_read(&session, actor, events).await?, next))
    }

    /// The feed: events after a number, in the order in which they were committed, of them what is looked for; and the number
    /// to go on from where more may follow. Whoever goes on from it misses none and gets none twice.
    pub async fn events_after(
        &self,
        actor: &Actor,
        (after, most): (i64, u32),
        looking: &Looking,
    ) -> Answer<(Vec<LoggedEvent>, Option<i64>)> {
        let session = self.see(actor, Action::SeeRecord).await?;
        let most = most.min(MOST);
        let (filter, last) = (looking.filter(&session, actor).await?, session.last_event(actor.organisation).await?);
        let to = if looking.everything() { i64::MAX } else { after.saturating_add(LOOKED_THROUGH) };
        let part = LogPart { after, before: to.saturating_add(1), newest_first: false, most: most.saturating_add(1) };
        let mut events = session.events_where(actor.organisation, part, &filter).await?;
        let more = events.len() > most as usize;
        events.truncate(most as usize);
        let next = if more { events.last().map(|event| event.sequence) } else { Some(to).filter(|to| *to < last) };
        Ok((as_read(&session, actor, events).await?, next))
    }

    /// The newest signed checkpoint of every chain, for the other authorities to keep.
    pub async fn checkpoints(&self, actor: &Actor) -> Answer<Checkpoints> {
        let session = self.see(actor, Action::SeeRecord).await?;
        Ok(Checkpoints { checkpoints: session.newest_checkpoints().await? })
    }

    /// Keeps a line of each checkpoint in a file apart from the database, which is looked at before anything is signed;
    /// once, at the start.
    pub fn pin_record_in(&self, file: PathBuf) {
        let _set_before = self.pins.set(file);
    }

    /// Signs each chain that went on since it was last signed, once a day, and mails the authorities what was signed; gives
    /// what was published. Where the record is not the one that was pinned, nothing is signed and everybody is told.
    pub async fn publish_checkpoints(&self) -> Answer<Vec<Checkpoint>> {
        let at = self.calendar.now().at;
        let before = at.checked_sub(SIGNED_EVERY).map_err(|error| Outcome::Fault(error.to_string()))?;
        let faults = match self.pins.get().map(std::fs::read_to_string) {
            None => Vec::new(),
            Some(Ok(text)) => self.store.pin_faults(&Pin::read_all(&text)).await?,
            Some(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Some(Err(error)) => return Err(Outcome::Fault(format!("the file of pins cannot be read: {error}"))),
        };
        if !faults.is_empty() {
            let lines: Vec<String> = faults.iter().map(|(code, fault)| format!("{code}: {fault}")).collect();
            tracing::error!(faults = lines.len(), first = lines.first(), "the record is not the one that was pinned");
            let subject = "The record is not the one that was signed";
            let words = "Somebody changed what was recorded. Nothing is signed until this is cleared up. Keep your mails of \
                         checkpoints, tell your data protection officer, and see docs/security/incidents.md.";
            self.mail_record(("alarm", subject), words, lines.get(..TOLD).unwrap_or(&lines)).await?;
            return Ok(Vec::new());
        }
        let published = self.publish_signed_before(before).await?;
        if published.is_empty() {
            return Ok(published);
        }
        if let Some(file) = self.pins.get() {
            append(file, &published).map_err(|error| Outcome::Fault(format!("the file of pins: {error}")))?;
        }
        let providers = self.visit().await?.organisations().await?;
        let provider =
            |code: &str| providers.iter().any(|one| one.code == code && one.kind == OrganisationKind::Provider);
        let own = published.iter().filter(|one| !provider(&one.organisation));
        let lines: Vec<String> = own.map(|one| Pin::from(one).line()).collect();
        let words = "Keep this mail. Saved as a file and brought to `placewell verify --pins FILE`, it shows whether any of these \
                     records was cut or written anew since. Providers’ are in the file on the page of checkpoints.";
        self.mail_record(("checkpoints", "Checkpoints of the record were signed"), words, &lines).await?;
        Ok(published)
    }

    /// Mails every authority's administrators, and who keeps its decisions, once a day.
    async fn mail_record(&self, (about, subject): (&str, &str), words: &str, lines: &[String]) -> Answer<()> {
        let moment = self.calendar.now();
        let organisations = self.visit().await?.organisations().await?;
        for org in organisations.iter().filter(|one| one.kind == OrganisationKind::Authority).map(|one| one.id) {
            let mut work = self.store.begin(org, moment).await?;
            let body = format!("{words}\n\n{}\n\n/record/checkpoints", lines.join("\n"));
            for role in [Role::Administrator, Role::DemocraticServices] {
                for member in work.people_in_role(org, role, moment.today()).await? {
                    let to = work.person_email(member.actor.person).await?;
                    let dedupe = format!("record/{about}/{}/{to}", moment.today());
                    message::mail_to_keep(&mut work, &to, (subject, &body), &dedupe).await?;
                }
            }
            work.commit(Machine::now()).await?;
        }
        Ok(())
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

//! The unit of work: one transaction in which rows, events and jobs are written together or not at all.
//!
//! The order inside is fixed: key, own rows, homes ascending, the organisation's lock, years ascending, the chain,
//! the outbox. Events are kept until the commit, so that the chain's head is held as briefly as can be.

use std::future::Future;
use std::ops::Deref;

use jiff::Timestamp;
use placewell_domain::change::{Change, Event};
use placewell_domain::clock::Moment;
use placewell_domain::id::{OrganisationId, PersonId};
use sea_orm::Value;
use tokio::sync::OwnedSemaphorePermit;

use crate::chain::Head;
use crate::contents::Written;
use crate::error::StoreError;
use crate::group::Turn;
use crate::outbox::Job;
use crate::session::{Link, Session};
use crate::{facts, idempotency, ids, values};

/// A stateful record that a [`Change`] can be applied to.
pub trait Record {
    /// Inserts the record at version 1; else updates the row that still has the version before.
    fn write(&self, session: &Session) -> impl Future<Output = Result<(), StoreError>> + Send;
}

enum Hold {
    Grouped(Turn),
    Alone(#[allow(dead_code, reason = "held for its drop")] OwnedSemaphorePermit),
}

/// The record that an event about many stands under.
pub(crate) const MANY: i64 = 0;
/// The last part of the kind of an event about records that were brought in.
const BROUGHT_IN: &str = "brought_in";

/// The records that were brought in, by their ids, where an event tells that.
pub(crate) fn brought_in(event: &Event) -> Option<impl Iterator<Item = i64>> {
    let kind = event.kind.strip_prefix(&event.room).and_then(|rest| rest.strip_prefix('.'));
    (event.record == MANY && kind == Some(BROUGHT_IN)).then(|| {
        let ids = event.facts.iter().filter(|(name, _)| name == "records").flat_map(|(_, ids)| ids.split(' '));
        ids.filter_map(|id| id.parse().ok())
    })
}

/// One transaction for one organisation; dropped without a commit, it leaves nothing.
pub struct Work {
    inner: Option<Inner>,
    organisation: OrganisationId,
    moment: Moment,
    person: Option<PersonId>,
    events: Vec<Event>,
    jobs: Vec<Job>,
    /// The values of the result that the key of the request is to keep.
    result: Option<Vec<Value>>,
    head: Option<Head>,
    sequence_used: bool,
    /// Nothing of what is done now stays.
    trial: bool,
}

struct Inner {
    session: Session,
    hold: Hold,
}

impl Inner {
    async fn end(self, keep: bool) -> Result<(), StoreError> {
        match self.hold {
            Hold::Grouped(turn) => {
                drop(self.session);
                turn.end(keep).await
            }
            Hold::Alone(_) => {
                let Session { link: Link::Postgres(transaction), .. } = self.session else { return Ok(()) };
                let transaction = std::sync::Arc::into_inner(transaction)
                    .ok_or_else(|| StoreError::fault("a session outlived its work"))?;
                if keep {
                    transaction.commit().await?;
                } else {
                    transaction.rollback().await?;
                }
                Ok(())
            }
        }
    }
}

impl Deref for Work {
    type Target = Session;

    #[allow(clippy::expect_used)] // taken only by the consuming ends below
    fn deref(&self) -> &Session {
        &self.inner.as_ref().expect("work is used until it ends").session
    }
}

impl Work {
    pub(crate) fn grouped(session: Session, organisation: OrganisationId, moment: Moment, turn: Turn) -> Self {
        Self::new(Inner { session, hold: Hold::Grouped(turn) }, organisation, moment)
    }

    pub(crate) fn alone(
        session: Session,
        organisation: OrganisationId,
        moment: Moment,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        Self::new(Inner { session, hold: Hold::Alone(permit) }, organisation, moment)
    }

    fn new(inner: Inner, organisation: OrganisationId, moment: Moment) -> Self {
        Self {
            inner: Some(inner),
            organisation,
            moment,
            person: None,
            events: Vec::new(),
            jobs: Vec::new(),
            result: None,
            head: None,
            sequence_used: false,
            trial: false,
        }
    }

    /// Says who acts; recorded with every event.
    pub fn by(&mut self, person: PersonId) {
        self.person = Some(person);
    }

    /// The organisation whose transaction this is: never a parameter that a request can set.
    pub fn org(&self) -> OrganisationId {
        self.organisation
    }

    /// Who acts, where a person does.
    pub fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// The moment of the business clock.
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// A new id.
    pub fn new_id(&self) -> i64 {
        ids::next()
    }

    /// Writes a stateful record and remembers its event: the only way to change one.
    pub async fn apply<T: Record>(&mut self, change: Change<T>) -> Result<T, StoreError> {
        let (next, event) = change.into_parts();
        next.write(self).await?;
        self.events.push(event);
        Ok(next)
    }

    /// Records what happened where no stateful record changed, such as the reading of a child's identity.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Records, in one event for a room, that many of its records were brought in at their first version: each by its id
    /// and the digest of its row, so that `verify` holds every row against it.
    pub fn record_brought_in(&mut self, room: &str, records: &[i64]) {
        if records.is_empty() {
            return;
        }
        let ids: Vec<String> = records.iter().map(i64::to_string).collect();
        let event = Event::new(&format!("{room}.{BROUGHT_IN}"), room, MANY, 1).with("count", records.len());
        self.events.push(event.with("records", ids.join(" ")));
    }

    /// Leaves something to be done once this is committed.
    pub fn enqueue(&mut self, job: Job) {
        self.jobs.push(job);
    }

    /// Leaves the result of the request for the commit.
    pub(crate) fn leave_result(&mut self, values: Vec<Value>) {
        self.result = Some(values);
    }

    /// The next number of a counter of this organisation, such as that of its referrals.
    pub async fn next_number(&self, counter: &str) -> Result<u32, StoreError> {
        let sql = "INSERT INTO counter (org_id, name, last) VALUES ($1, $2, 1) \
                   ON CONFLICT (org_id, name) DO UPDATE SET last = counter.last + 1 RETURNING last";
        let row = self.one(sql, values![self.organisation, counter]).await?;
        u32::try_from(row.int("last")?).map_err(StoreError::fault)
    }

    /// Takes the organisation's lock, which is its chain's head; as late as can be, before money is read.
    pub async fn lock_organisation(&mut self) -> Result<(), StoreError> {
        if self.head.is_none() {
            let head = match Head::held(self, self.organisation).await? {
                Some(head) => head,
                None => Head::made(self, self.organisation).await?,
            };
            self.head = Some(head);
        }
        Ok(())
    }

    /// The sequence number under which this work's facts are recorded: the recorded time of a two-time fact.
    /// Takes the organisation's lock.
    pub async fn sequence(&mut self) -> Result<i64, StoreError> {
        self.lock_organisation().await?;
        self.sequence_used = true;
        self.head.as_ref().map(Head::next).ok_or_else(|| StoreError::fault("no chain head"))
    }

    /// Starts the part of the work that a refusal takes back, while the key's row stays.
    pub async fn savepoint(&self) -> Result<(), StoreError> {
        self.run("SAVEPOINT work").await
    }

    /// Starts a part of the work of which nothing stays, to see what it would do: it keeps nobody waiting for how a home
    /// stands, and waits for nobody. It ends when it is undone or rolled back.
    pub async fn trial(&mut self) -> Result<(), StoreError> {
        self.trial = true;
        self.savepoint().await
    }

    /// Whether nothing of what is done now stays.
    pub(crate) const fn is_trial(&self) -> bool {
        self.trial
    }

    /// Takes back all since the savepoint, for a refusal or at the end of a trial: rows, events and jobs.
    pub async fn undo(&mut self) -> Result<(), StoreError> {
        self.events.clear();
        self.jobs.clear();
        self.result = None;
        let _taken_back = self.written().map(Written::take);
        self.head = None;
        self.sequence_used = false;
        self.trial = false;
        self.run("ROLLBACK TO SAVEPOINT work").await
    }

    /// Seals the events, leaves the jobs, and commits. Answers nobody before all of it is on disk.
    pub async fn commit(mut self, machine: Timestamp) -> Result<(), StoreError> {
        match self.finish(machine).await {
            Ok(()) => match self.inner.take() {
                Some(inner) => inner.end(true).await,
                None => Ok(()),
            },
            Err(error) => {
                self.roll_back().await?;
                Err(error)
            }
        }
    }

    async fn finish(&mut self, machine: Timestamp) -> Result<(), StoreError> {
        if self.trial {
            return Err(StoreError::fault("a trial was to be kept"));
        }
        if self.sequence_used && self.events.is_empty() {
            return Err(StoreError::fault("a two-time fact was written without an event"));
        }
        let wrote = self.written().map(Written::take).unwrap_or_default();
        if self.events.is_empty() && !wrote.added.is_empty() {
            self.events.push(Event::new(facts::ADDED, facts::ROOM, MANY, 0));
        }
        let result = self.result.take();
        if self.events.is_empty() && self.jobs.is_empty() {
            if let Some(values) = result {
                self.execute(&idempotency::storing(0), values).await?;
            }
            return Ok(());
        }
        self.lock_organisation().await?;
        let events = std::mem::take(&mut self.events);
        let jobs = std::mem::take(&mut self.jobs);
        if let Some(head) = self.head.take() {
            head.end(self, (self.person, self.moment), (&events, wrote), (&jobs, machine), result).await?;
        }
        Ok(())
    }

    /// Ends without keeping anything.
    pub async fn roll_back(mut self) -> Result<(), StoreError> {
        match self.inner.take() {
            Some(inner) => inner.end(false).await,
            None => Ok(()),
        }
    }
}

impl Drop for Work {
    /// Work dropped on its way (a panic, a fault) gives the write connection back.
    #[allow(clippy::disallowed_methods)]
    fn drop(&mut self) {
        if let Some(mut inner) = self.inner.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            inner.session.let_go();
            runtime.spawn(inner.end(false));
        }
    }
}

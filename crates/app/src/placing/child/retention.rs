//! What is due for erasure, what is held, and the erasure itself: the key of the child goes with the record of it.

use jiff::civil::Date;
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::retention::{
    ADOPTION_YEARS, KEPT_YEARS, RecordKind, Retention, RetentionState, Years, due_on,
};
use placewell_domain::placing::child::{Child, ChildState};
use placewell_store::{Session, Work};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, Command, Receipt, permitted};

/// Children who are indexed in one transaction.
const INDEXED_AT_ONCE: u32 = 100;
/// The most letters of a hold's reason.
pub const LONGEST_WORDS: usize = 2_000;

/// Where somebody looks after a change.
fn path(number: u32) -> String {
    format!("/children/{number}")
}

/// The day on which a record of this kind is due, by the settings of today; none where the child cannot be read.
async fn due(session: &Session, child: &Child, kind: RecordKind, today: Date) -> Answer<Option<Date>> {
    let key = match kind {
        RecordKind::LookedAfter => &KEPT_YEARS,
        RecordKind::Adoption => &ADOPTION_YEARS,
    };
    let Years(years) = session.value_of(child.authority, key, today).await?;
    if child.state == ChildState::Forgotten {
        return Ok(None);
    }
    Ok(due_on(session.open_identity(child).await?.born, years))
}

/// A child's record with what holds of its retention.
#[derive(Debug, Clone)]
pub struct KeptRecord {
    /// The child's number here.
    pub number: u32,
    /// Its retention.
    pub retention: Retention,
    /// From which day it may be erased; none once it was.
    pub due: Option<Date>,
    /// Why it is held, opened for those who may see a child.
    pub words: Option<String>,
    /// Who proposed, held or confirmed, by name.
    pub by: Option<String>,
    /// The references of the child's referrals.
    pub referrals: Vec<String>,
}

/// The child, and what holds of its record.
async fn found(work: &Work, number: u32) -> Answer<(Child, Retention)> {
    let child = work.child_by_number(work.org(), number).await?;
    let retention = work.retention(work.org(), child.id).await?;
    Ok((child, retention))
}

/// Says what decides how long a child's record is kept.
#[derive(Debug, Clone, Serialize)]
pub struct MarkRecord {
    /// The child's number here.
    pub number: u32,
    /// What it is.
    pub kind: RecordKind,
}

impl Command for MarkRecord {
    const ACTION: Action = Action::KeepRetention;
    const NAME: &'static str = "retention.mark";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (_, retention) = found(work, self.number).await?;
        work.apply(retention.mark(self.kind)?).await?;
        Ok(Receipt::at(path(self.number)))
    }
}

/// Keeps a child's record whatever its years say.
#[derive(Debug, Clone, Serialize)]
pub struct HoldRecord {
    /// The child's number here.
    pub number: u32,
    /// Why.
    pub words: String,
}

impl Command for HoldRecord {
    const ACTION: Action = Action::KeepRetention;
    const NAME: &'static str = "retention.hold";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let words = self.words.trim();
        if words.is_empty() || words.chars().count() > LONGEST_WORDS {
            return Err(Invalid::one("words", "Say why the record is held, in up to 2,000 letters").into());
        }
        let (child, retention) = found(work, self.number).await?;
        if child.state == ChildState::Forgotten {
            return Err(retention
                .propose(None, actor.person, work.moment().today())
                .err()
                .map_or(Outcome::NotFound, Into::into));
        }
        let sealed = work.child_key(work.org(), child.id).await?.seal(&words.to_owned())?;
        let today = work.moment().today();
        work.apply(retention.hold(sealed, actor.person, today)?).await?;
        Ok(Receipt::at(path(self.number)))
    }
}

/// Ends a hold.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseRecord {
    /// The child's number here.
    pub number: u32,
}

impl Command for ReleaseRecord {
    const ACTION: Action = Action::ConfirmErasure;
    const NAME: &'static str = "retention.release";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (_, retention) = found(work, self.number).await?;
        work.apply(retention.release()?).await?;
        Ok(Receipt::at(path(self.number)))
    }
}

/// Proposes that a record whose years are over be erased.
#[derive(Debug, Clone, Serialize)]
pub struct ProposeErasure {
    /// The child's number here.
    pub number: u32,
}

impl Command for ProposeErasure {
    const ACTION: Action = Action::KeepRetention;
    const NAME: &'static str = "retention.propose";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (child, retention) = found(work, self.number).await?;
        let today = work.moment().today();
        let due = due(work, &child, retention.kind, today).await?;
        work.apply(retention.propose(due, actor.person, today)?).await?;
        Ok(Receipt::at(path(self.number)))
    }
}

/// Takes a proposal back.
#[derive(Debug, Clone, Serialize)]
pub struct TakeErasureBack {
    /// The child's number here.
    pub number: u32,
}

impl Command for TakeErasureBack {
    const ACTION: Action = Action::KeepRetention;
    const NAME: &'static str = "retention.take_back";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (_, retention) = found(work, self.number).await?;
        work.apply(retention.take_back()?).await?;
        Ok(Receipt::at(path(self.number)))
    }
}

/// Confirms an erasure that somebody else proposed: the child's key is destroyed, and nothing sealed about the child can be
/// read from then on.
#[derive(Debug, Clone, Serialize)]
pub struct EraseChild {
    /// The child's number here.
    pub number: u32,
}

impl Command for EraseChild {
    const ACTION: Action = Action::ConfirmErasure;
    const NAME: &'static str = "retention.erase";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (child, retention) = found(work, self.number).await?;
        let today = work.moment().today();
        let due = due(work, &child, retention.kind, today).await?;
        let id = child.id;
        work.apply(retention.erase(due, actor.person, today)?).await?;
        work.apply(child.forget()?).await?;
        work.destroy_child_key(id).await?;
        Ok(Receipt::at(path(self.number)))
    }
}

impl App {
    /// Records that are due, held or proposed for erasure, those that are due first; the erased last.
    pub async fn retentions(&self, actor: &Actor) -> Answer<Vec<KeptRecord>> {
        let session = self.see(actor, Action::SeeRetention).await?;
        let (org, today) = (actor.organisation, self.calendar.now().today());
        let said = session.retentions(org).await?;
        let mut found = Vec::new();
        for child in session.children(org).await? {
            let own = said.iter().find(|one| one.child == child.id).cloned();
            let retention = own.unwrap_or_else(|| Retention::unsaid(org, child.id));
            let due = due(&session, &child, retention.kind, today).await?;
            if retention.version > 0 || due.is_some_and(|due| due <= today) {
                found.push(KeptRecord {
                    number: child.number,
                    retention,
                    due,
                    words: None,
                    by: None,
                    referrals: Vec::new(),
                });
            }
        }
        for retention in said.into_iter().filter(|one| matches!(one.state, RetentionState::Erased { .. })) {
            let number = session.child(org, retention.child).await?.number;
            found.push(KeptRecord { number, retention, due: None, words: None, by: None, referrals: Vec::new() });
        }
        found.sort_by_key(|one| (one.due.is_none(), one.due, one.number));
        Ok(found)
    }

    /// One child's record, by the child's number here.
    pub async fn kept_record(&self, actor: &Actor, number: u32) -> Answer<KeptRecord> {
        let session = self.see(actor, Action::SeeRetention).await?;
        let (org, today) = (actor.organisation, self.calendar.now().today());
        let child = session.child_by_number(org, number).await?;
        let retention = session.retention(org, child.id).await?;
        let due = due(&session, &child, retention.kind, today).await?;
        let (words, by) = match &retention.state {
            RetentionState::Kept => (None, None),
            RetentionState::Held { words, by, .. } => {
                let opened = may(actor.role, Action::SeeReferrals);
                let words = if opened { Some(session.child_key(org, child.id).await?.open(words)?) } else { None };
                (words, Some(*by))
            }
            RetentionState::Proposed { by, .. } | RetentionState::Erased { by, .. } => (None, Some(*by)),
        };
        let by = match by {
            Some(person) => Some(session.person_name(person).await?),
            None => None,
        };
        let referrals = session.references_of_child(org, child.id).await?;
        Ok(KeptRecord { number, retention, due, words, by, referrals })
    }

    /// The numbers here of the children whom the authority's own system calls by this number; nobody is named.
    pub async fn find_child(&self, actor: &Actor, case_number: &str) -> Answer<Vec<u32>> {
        let session = self.see(actor, Action::SeeRetention).await?;
        let mut numbers = Vec::new();
        for child in session.children_by_case_number(actor.organisation, case_number).await? {
            numbers.push(session.child(actor.organisation, child).await?.number);
        }
        Ok(numbers)
    }

    /// Indexes children who were recorded before there was an index; done by the worker.
    pub async fn index_children(&self) -> Answer<u32> {
        let mut done = 0;
        let organisations = self.visit().await?.organisations().await?;
        for organisation in organisations {
            loop {
                let work = self.store.begin(organisation.id, self.calendar.now()).await?;
                let some = work.index_children(INDEXED_AT_ONCE).await?;
                work.commit(Machine::now()).await?;
                done += some;
                if some == 0 {
                    break;
                }
            }
        }
        Ok(done)
    }

    /// Whether somebody may ask for what is held about a child.
    pub(super) fn may_export(actor: &Actor) -> Answer<()> {
        permitted(actor, Action::ExportChild)
    }
}

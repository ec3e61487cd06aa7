//! What is due for erasure, what is held, and the erasure itself: the key of the child goes with the record of it.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::id::{ChildId, OrganisationId};
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::retention::{
    ADOPTION_YEARS, DEATH_YEARS, KEPT_YEARS, RecordKind, Retention, RetentionState, YearsAfterDeath, check_death,
    due_on,
};
use placewell_domain::placing::child::{Child, ChildState};
use placewell_domain::placing::disclosure::Reader;
use placewell_store::outbox::Job;
use placewell_store::{Session, Work};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, Command, Receipt, permitted};
use crate::daily::DaysCount;
use crate::office::access::cover::decided::by_own_role;
use crate::office::message::{self, Notice};
use crate::placing::child::sealing::{ReadOpening, openings, readable, says_why};

/// Children who are indexed in one transaction.
const INDEXED_AT_ONCE: u32 = 100;
/// The most letters of a hold's reason.
pub const LONGEST_WORDS: usize = 2_000;

/// Where somebody looks after a change.
fn path(number: u32) -> String {
    format!("/children/{number}")
}

/// The day on which a record is due, by the settings of today; none where the child cannot be read.
async fn due(session: &Session, child: &Child, of: &Retention, today: Date) -> Answer<Option<Date>> {
    if child.state == ChildState::Forgotten {
        return Ok(None);
    }
    let org = child.authority;
    let years = match (of.kind, &of.died) {
        (RecordKind::Died, Some(died)) => {
            let YearsAfterDeath(years) = session.value_of(org, &DEATH_YEARS, today).await?;
            return Ok(due_on(session.child_key(org, child.id).await?.open(died)?, years));
        }
        (RecordKind::LookedAfter | RecordKind::Died, _) => session.value_of(org, &KEPT_YEARS, today).await?.0,
        (RecordKind::Adoption, _) => session.value_of(org, &ADOPTION_YEARS, today).await?.0,
    };
    Ok(due_on(session.open_identity(child).await?.born, years))
}

/// A child's record with what holds of its retention.
#[derive(Debug, Clone)]
pub struct KeptRecord {
    /// The child's number here.
    pub number: u32,
    /// Its retention.
    pub retention: Retention,
    /// From which day it may be erased; none once it was, nor before that day where it is sealed to the reader: the day tells
    /// when the child was born.
    pub due: Option<Date>,
    /// Why it is held, opened for those who may see a child.
    pub words: Option<String>,
    /// Who proposed, held or confirmed, by name.
    pub by: Option<String>,
    /// The references of the child's referrals; none where it is sealed to the reader.
    pub referrals: Vec<String>,
    /// Whether it is sealed to the reader, who opens it first.
    pub sealed: bool,
    /// Who opened it while it was sealed, latest first.
    pub openings: Vec<ReadOpening>,
}

impl KeptRecord {
    /// A record as lists show it.
    fn listed(number: u32, retention: Retention, due: Option<Date>, sealed: bool) -> Self {
        let (referrals, openings) = (Vec::new(), Vec::new());
        Self { number, retention, due, words: None, by: None, referrals, sealed, openings }
    }
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
    /// The day on which the child died, where that decides it.
    pub died: Option<Date>,
}

impl Command for MarkRecord {
    const ACTION: Action = Action::KeepRetention;
    const NAME: &'static str = "retention.mark";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (child, retention) = found(work, self.number).await?;
        // Whoever has not opened a sealed record does not unseal it by calling it something else.
        readable(work, actor, child.id, work.moment()).await?;
        let died = if self.kind == RecordKind::Died && child.state == ChildState::Known {
            let born = work.open_identity(&child).await?.born;
            let died = check_death(born, self.died, work.moment().today())?;
            Some(work.child_key(work.org(), child.id).await?.seal(&died)?)
        } else {
            None
        };
        work.apply(retention.mark(self.kind, died)?).await?;
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

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (_, retention) = found(work, self.number).await?;
        by_own_role(work, actor).await?;
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
        // A refusal tells until when the record is kept, and so when the child was born.
        readable(work, actor, child.id, work.moment()).await?;
        let today = work.moment().today();
        let due = due(work, &child, &retention, today).await?;
        work.apply(retention.propose(due, actor.person, today)?).await?;
        let waits = Notice {
            to: work.org().0,
            role: Role::Approver,
            subject: "A child’s record waits for a second person".to_owned(),
            lines: vec![
                "Its years are over and its erasure is proposed. Another person than who proposed it confirms."
                    .to_owned(),
            ],
            path: "/children".to_owned(),
        };
        work.enqueue(waits.job()?);
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
        by_own_role(work, actor).await?;
        let today = work.moment().today();
        let due = due(work, &child, &retention, today).await?;
        let id = child.id;
        work.apply(retention.erase(due, actor.person, today)?).await?;
        work.apply(child.forget()?).await?;
        work.destroy_child_key(id).await?;
        work.enqueue(Job::new(CUT_LOG, &serde_json::json!({})));
        Ok(Receipt::at(path(self.number)))
    }
}

/// The job that takes what an erasure deleted out of the database's log of writes.
pub const CUT_LOG: &str = "retention.cut_log";

/// Done after the erasure's commit; tried again where somebody still reads from the log.
pub(crate) async fn cut_log(app: &Arc<App>) -> Answer<()> {
    if app.store.cut_log().await? { Ok(()) } else { Err(Outcome::Busy) }
}

/// How much of an authority's retention waits for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Records that were due when last looked at, and are kept still.
    pub due: usize,
    /// Records whose erasure waits for a second person.
    pub proposed: usize,
}

async fn all_due(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<ChildId>> {
    let said = session.retentions(org).await?;
    let mut found = Vec::new();
    for child in session.children(org).await? {
        let own = said.iter().find(|one| one.child == child.id);
        let open = own.is_none_or(|one| matches!(one.state, RetentionState::Kept));
        let unsaid = Retention::unsaid(org, child.id);
        if open && due(session, &child, own.unwrap_or(&unsaid), today).await?.is_some_and(|due| due <= today) {
            found.push(child.id);
        }
    }
    Ok(found)
}

impl App {
    /// Looks for what is due in each authority, and once a month tells its officers by mail where something is.
    pub async fn tell_of_retention(&self) -> Answer<()> {
        self.look_for_due(true).await
    }

    /// The same in those that have not looked today; done each day.
    pub async fn tell_of_retention_today(&self) -> Answer<()> {
        self.look_for_due(false).await
    }

    async fn look_for_due(&self, again: bool) -> Answer<()> {
        let moment = self.calendar.now();
        let organisations = self.visit().await?.organisations().await?;
        for org in organisations.iter().filter(|one| one.kind == OrganisationKind::Authority).map(|one| one.id) {
            let count = DaysCount::of("retention", org, moment.today());
            let session = self.store.read(Some(org)).await?;
            if !again && count.is_made(&session).await? {
                continue;
            }
            let due = all_due(&session, org, moment.today()).await?;
            drop(session);
            let mut work = self.store.begin(org, moment).await?;
            if !count.make(&work).await? && !again {
                work.roll_back().await?;
                continue;
            }
            work.keep_retention_due(moment.today(), &due).await?;
            if !due.is_empty() {
                let notice = Notice {
                    to: org.0,
                    role: Role::PlacementOfficer,
                    subject: "Children’s records are due for erasure".to_owned(),
                    lines: vec![format!(
                        "Records whose years after birth are over: {}. Hold them, or propose their erasure.",
                        due.len()
                    )],
                    path: "/children".to_owned(),
                };
                let month = moment.today().strftime("%Y-%m");
                message::deliver(&mut work, &notice, &format!("retention/{month}")).await?;
            }
            work.commit(Machine::now()).await?;
        }
        Ok(())
    }

    /// What of it waits in the reader's authority, for those who see it; as it was counted last.
    pub async fn retention_waits(&self, actor: &Actor) -> Answer<Waiting> {
        if !may(actor.role, Action::SeeRetention) {
            return Ok(Waiting::default());
        }
        let session = self.see(actor, Action::SeeRetention).await?;
        let (due, proposed) = session.retention_waits(actor.organisation).await?;
        Ok(Waiting { due, proposed })
    }

    /// Records that are due, held or proposed for erasure, those that are due first; the erased last.
    pub async fn retentions(&self, actor: &Actor) -> Answer<Vec<KeptRecord>> {
        let session = self.see(actor, Action::SeeRetention).await?;
        let (org, now) = (actor.organisation, self.calendar.now());
        let today = now.today();
        let said = session.retentions(org).await?;
        let mut found = Vec::new();
        for child in session.children(org).await? {
            let own = said.iter().find(|one| one.child == child.id).cloned();
            let retention = own.unwrap_or_else(|| Retention::unsaid(org, child.id));
            let due = due(&session, &child, &retention, today).await?;
            let open = retention.open_to(actor.person, now.at);
            let over = due.is_some_and(|due| due <= today);
            if retention.version > 0 || over {
                found.push(KeptRecord::listed(child.number, retention, due.filter(|_| open || over), !open));
            }
        }
        for retention in said.into_iter().filter(|one| matches!(one.state, RetentionState::Erased { .. })) {
            let number = session.child(org, retention.child).await?.number;
            found.push(KeptRecord::listed(number, retention, None, false));
        }
        found.sort_by_key(|one| (one.due.is_none(), one.due, one.number));
        Ok(found)
    }

    /// One child's record, by the child's number here.
    pub async fn kept_record(&self, actor: &Actor, number: u32) -> Answer<KeptRecord> {
        let session = self.see(actor, Action::SeeRetention).await?;
        let (org, now) = (actor.organisation, self.calendar.now());
        let today = now.today();
        let child = session.child_by_number(org, number).await?;
        let retention = session.retention(org, child.id).await?;
        let open = retention.open_to(actor.person, now.at);
        let reader = if open { Reader::of(actor, org) } else { Reader::Other };
        let due = due(&session, &child, &retention, today).await?.filter(|due| open || *due <= today);
        let (words, by) = match &retention.state {
            RetentionState::Kept => (None, None),
            RetentionState::Held { words, by, .. } => {
                let opened = may(actor.role, Action::SeeReferrals) && reader.sees("retention_words");
                let words = if opened { Some(session.child_key(org, child.id).await?.open(words)?) } else { None };
                (words, Some(*by))
            }
            RetentionState::Proposed { by, .. } | RetentionState::Erased { by, .. } => (None, Some(*by)),
        };
        let by = match by {
            Some(person) => Some(session.person_name(person).await?),
            None => None,
        };
        let referrals = if open { session.references_of_child(org, child.id).await? } else { Vec::new() };
        let openings = openings(&session, &retention, reader).await?;
        Ok(KeptRecord { number, retention, due, words, by, referrals, sealed: !open, openings })
    }

    /// The numbers here of the children whom the authority's own system calls by this number; nobody is named. Whoever
    /// says why they open a sealed record finds none that they have not opened: its number would tell whose it is.
    pub async fn find_child(&self, actor: &Actor, case_number: &str) -> Answer<Vec<u32>> {
        let session = self.see(actor, Action::SeeRetention).await?;
        let (mut numbers, now) = (Vec::new(), self.calendar.now());
        let says_why = says_why(&session, actor, now.today()).await?;
        for child in session.children_by_case_number(actor.organisation, case_number).await? {
            let retention = session.retention(actor.organisation, child).await?;
            if says_why && !retention.open_to(actor.person, now.at) {
                continue;
            }
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

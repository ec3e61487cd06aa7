//! Referrals: begun, answered task by task, checked, sent, extended, closed early, withdrawn, ended.
//!
//! What goes to homes is frozen when it is sent: profile, words, and why each home was asked.

use jiff::civil::Date;
use placewell_domain::calendar::WorkingDays;
use placewell_domain::id::{ChildId, OrganisationId, Reference, ReferenceKind, ReferralId};
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::child::{Child, ChildIdentity, age_on};
use placewell_domain::placing::referral::{
    Answered, EmergencyCause, Narrative, Plan, Profile, Referral, Start, Task, copying,
};
use placewell_store::{Session, Work};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::place::family_home;
use crate::placing::child::sealing;
use crate::power::decision::call_in_rule;

pub mod asking;
pub mod checking;
pub mod ending;
pub mod holders;
mod holding;
pub mod home;
pub mod homes;
pub mod papers;
pub mod recipients;
pub mod sending;
pub mod siblings;
pub mod statement;
pub mod undoing;

pub use checking::{Checked, check};
pub use ending::{CloseEarly, ExtendDeadline, NotPlaced, RecordSearchApproval, WithdrawReferral};
pub use holding::HoldSearch;
pub use placewell_store::placing::referral::{ReferralFilter, ReferralLine, ReferralTab};
pub use sending::{AskMore, ConfirmSkips, RELEASE, SendReferral, release};
pub use siblings::LinkSibling;
pub use undoing::UndoSending;

/// The authority's working days, without its own closure days.
pub async fn working_days(session: &Session, organisation: OrganisationId, on: Date) -> Answer<WorkingDays> {
    Ok(call_in_rule(session, organisation, on).await?.calendar)
}

/// A referral that this person's authority keeps, at the version that the form was made from.
pub(crate) async fn current(work: &Work, reference: &str, version: i64) -> Answer<Referral> {
    let referral = work.referral_by_reference(work.org(), reference).await?;
    if referral.version == version { Ok(referral) } else { Err(Outcome::Conflict) }
}

/// Where a referral's page is.
pub(crate) fn page_of(referral: &Referral) -> Receipt {
    Receipt::at(format!("/referrals/{}", referral.reference))
}

/// Which child a referral is for.
#[derive(Debug, Clone, Serialize)]
pub enum ForChild {
    /// One not known yet.
    New(ChildIdentity),
    /// One not known yet, for whom another authority is responsible: by that authority's code (rule 1.4).
    NewOf(ChildIdentity, String),
    /// One known by the authority's number.
    Known(u32),
}

/// The child's age on the day the home is needed; on `else_on` where that day is not said yet.
pub(crate) fn age_at_start(identity: &ChildIdentity, profile: &Profile, else_on: Date) -> u8 {
    age_on(identity.born, profile.start.unwrap_or(else_on))
}

/// Begins a referral.
#[derive(Debug, Clone, Serialize)]
pub struct StartReferral {
    /// For which child.
    pub child: ForChild,
    /// A sibling's referral whose group it joins.
    pub sibling_of: Option<String>,
    /// Why it is an emergency, where it is one.
    pub emergency: Option<EmergencyCause>,
    /// The officer knows that the child has an open referral and goes on.
    pub beside_open: bool,
}

impl Command for StartReferral {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.start";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (child, identity) = match &self.child {
            ForChild::Known(number) => {
                let child = work.child_by_number(work.org(), *number).await?;
                // The draft would tell the child's sex and age, and the refusal of a second one names the first.
                sealing::readable(work, actor, child.id, work.moment()).await?;
                let identity = work.open_identity(&child).await?;
                (child, identity)
            }
            ForChild::New(identity) => {
                let identity = identity.clone().checked(work.moment().today())?;
                (record_child(work, &identity).await?, identity)
            }
            ForChild::NewOf(identity, code) => {
                let identity = identity.clone().checked(work.moment().today())?;
                let responsible = responsible(work, code).await?;
                (record_child_of(work, &identity, responsible).await?, identity)
            }
        };
        let open = work.open_referrals_of(work.org(), child.id).await?;
        if let (false, Some(first)) = (self.beside_open, open.first()) {
            return Err(Refusal::new(
                "open_referral",
                "One referral is one child: a second search needs a word",
                format!("This child already has an open referral, {first}."),
                "you, by opening that referral, or by saying that you want a second one",
            )
            .found(first.to_string())
            .into());
        }
        let group = match &self.sibling_of {
            None => None,
            Some(reference) => Some(siblings::group_of(work, reference, child.id, "sibling_of").await?),
        };
        let profile = Profile {
            sex: Some(identity.sex),
            age: Some(age_on(identity.born, work.moment().today())),
            emergency: self.emergency,
            from_home: family_home(work, &identity).await?.is_some(),
            ..Profile::default()
        };
        let from = Beginning { child, group, copied_from: None, profile, narrative: Narrative::default() };
        let referral = begin(actor, work, from).await?;
        Ok(Receipt::at(format!("/referrals/{}/tasks", referral.reference)))
    }
}

/// The authority with this code that is responsible for a child.
async fn responsible(work: &Work, code: &str) -> Answer<OrganisationId> {
    let all = work.organisations().await?;
    let found = all.into_iter().find(|one| one.code == code && one.kind == OrganisationKind::Authority);
    let unknown = || Invalid::one("responsible", "Choose the authority that is responsible for the child");
    Ok(found.ok_or_else(unknown)?.id)
}

impl App {
    /// The authorities of which one is responsible for a child that this organisation places, its own first; none where
    /// it places for itself alone.
    pub async fn responsible_authorities(&self, actor: &Actor) -> Answer<Vec<(String, String)>> {
        let session = self.see(actor, Action::MakeReferral).await?;
        let own = session.organisation_by_id(actor.organisation).await?;
        if own.placing_body.is_none() {
            return Ok(Vec::new());
        }
        let mut all = session.organisations().await?;
        all.retain(|one| one.kind == OrganisationKind::Authority);
        all.sort_by_key(|one| (one.id != own.id, one.name.clone()));
        Ok(all.into_iter().map(|one| (one.code, one.name)).collect())
    }
}

/// Records a new child of this authority with a key of its own.
pub async fn record_child(work: &mut Work, identity: &ChildIdentity) -> Answer<Child> {
    let own = work.org();
    record_child_of(work, identity, own).await
}

/// Records a new child for whom this or another authority is responsible, with a key of its own.
async fn record_child_of(work: &mut Work, identity: &ChildIdentity, responsible: OrganisationId) -> Answer<Child> {
    let id = ChildId(work.new_id());
    let key = work.new_child_key(work.org(), id).await?;
    let number = work.next_number("child").await?;
    work.index_child(id, &identity.case_number).await?;
    let change = Child::record(id, work.org(), responsible, number, key.seal(identity)?);
    Ok(work.apply(change).await?)
}

/// What a draft begins with.
pub struct Beginning {
    /// The child.
    pub child: Child,
    /// The group of siblings.
    pub group: Option<ReferralId>,
    /// The referral copied.
    pub copied_from: Option<ReferralId>,
    /// Coded answers.
    pub profile: Profile,
    /// Words.
    pub narrative: Narrative,
}

/// Makes the draft.
pub async fn begin(actor: &Actor, work: &mut Work, from: Beginning) -> Answer<Referral> {
    let key = work.child_key(work.org(), from.child.id).await?;
    let number = work.next_number("referral").await?;
    let start = Start {
        reference: Reference { authority: actor.code.clone(), kind: ReferenceKind::Referral, number },
        authority: work.org(),
        child: from.child.id,
        officer: actor.person,
        group: from.group,
        copied_from: from.copied_from,
        profile: from.profile,
        narrative: key.seal(&from.narrative)?,
    };
    let change = Referral::start(ReferralId(work.new_id()), start, work.moment());
    Ok(work.apply(change).await?)
}

/// A draft that is a copy of a referral of the same child.
async fn copied(actor: &Actor, work: &mut Work, from: &Referral) -> Answer<Referral> {
    let child = work.child(work.org(), from.child).await?;
    let identity = work.open_identity(&child).await?;
    let words = work.open_narrative(from).await?;
    let mut profile = copying::profile(&from.profile);
    profile.age = Some(age_on(identity.born, work.moment().today()));
    profile.from_home = family_home(work, &identity).await?.is_some();
    let beginning = Beginning {
        child,
        group: from.group,
        copied_from: Some(from.id),
        profile,
        narrative: copying::narrative(&words),
    };
    begin(actor, work, beginning).await
}

/// Copies a referral of the same child into a new draft.
#[derive(Debug, Clone, Serialize)]
pub struct CopyReferral {
    /// The referral copied.
    pub reference: String,
    /// The officer knows that the child has an open referral and goes on.
    pub beside_open: bool,
}

impl Command for CopyReferral {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.copy";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let from = work.referral_by_reference(work.org(), &self.reference).await?;
        sealing::readable(work, actor, from.child, work.moment()).await?;
        let open = work.open_referrals_of(work.org(), from.child).await?;
        if let (false, Some(first)) = (self.beside_open, open.first()) {
            return Err(Refusal::new(
                "open_referral",
                "One referral is one child: a second search needs a word",
                format!("This child already has an open referral, {first}."),
                "you, by opening that referral, or by saying that you want a second one",
            )
            .found(first.to_string())
            .into());
        }
        let referral = copied(actor, work, &from).await?;
        Ok(Receipt::at(format!("/referrals/{}/tasks", referral.reference)))
    }
}

/// Saves one topic of a draft.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerTask {
    /// The referral.
    pub reference: String,
    /// The version that the form was made from.
    pub version: i64,
    /// Which topic.
    pub task: Task,
    /// Coded needs after it.
    pub profile: Profile,
    /// Words after it.
    pub narrative: Narrative,
    /// Who to ask after it.
    pub plan: Plan,
}

impl AnswerTask {
    /// The profile with what follows from the child's record: the age on the start, and whether the family home is placed.
    fn with_what_follows(&self, identity: &ChildIdentity, placed: bool, begun: Date) -> Result<Profile, Invalid> {
        let mut profile = self.profile.clone();
        let age = age_at_start(identity, &profile, begun);
        if self.task == Task::About && profile.age.is_some_and(|said| said != age) {
            return Err(Invalid::one("age", format!("By the date of birth on record the child is {age} on that day")));
        }
        profile.age = Some(age);
        if self.task == Task::Where && profile.from_home && profile.from.is_none() && !placed {
            let ask = "Enter the first part of a postcode, like HR4: where the family home is, is not known here";
            return Err(Invalid::one("from", ask));
        }
        Ok(profile)
    }
}

impl Command for AnswerTask {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.answer";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        // The form of somebody to whom the record is sealed comes empty: it would write over words that they were not shown.
        sealing::readable(work, actor, referral.child, work.moment()).await?;
        let narrative = self.narrative.clone().checked()?;
        let key = work.child_key(work.org(), referral.child).await?;
        let child = work.child(work.org(), referral.child).await?;
        let identity = work.open_identity(&child).await?;
        let placed = family_home(work, &identity).await?.is_some();
        let answered = Answered {
            task: self.task,
            profile: self.with_what_follows(&identity, placed, referral.started.date())?,
            narrative: key.seal(&narrative)?,
            plan: self.plan.clone(),
        };
        let next = work.apply(referral.answer(answered)?).await?;
        let onward = self.task.next().map_or_else(|| "check".to_owned(), |task| task.code().to_owned());
        let place = if self.task == Task::Recipients { "check".to_owned() } else { onward };
        Ok(Receipt::at(format!("/referrals/{}/{place}", next.reference)))
    }
}

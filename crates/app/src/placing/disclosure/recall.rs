//! Recalling a mistaken disclosure: access ends in the same transaction, the provider is asked to delete its copies, the
//! authority assesses the risk and records when the Information Commissioner was told.

use std::sync::Arc;

use jiff::civil::DateTime;
use placewell_domain::clock::Moment;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::ground::Ground;
use placewell_domain::placing::disclosure::recall::{Recall, RecallCause, Recalling, Risk, Seen};
use placewell_domain::placing::invitation::Invitation;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::stage_of;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::message::Notice;
use crate::placing::child::sealing;

/// The most characters of the reasons of an assessment.
pub const LONGEST: usize = 4_000;
/// The most recalls that a list shows.
const SHOWN: u32 = 200;

/// Everything that was read on an invitation.
pub(super) async fn seen_on(session: &Session, org: OrganisationId, on: &Invitation) -> Answer<Vec<Seen>> {
    let readings = session.readings(org, on.id).await?;
    let stage = |chosen| if chosen { Stage::Chosen } else { Stage::Shortlisted };
    Ok(readings.into_iter().map(|one| Seen { stage: stage(one.chosen), person: one.person, at: one.at }).collect())
}

/// Tells the provider to delete its copies, and the authority's directors that there is a mistake to look at.
pub(super) fn tell_of_recall(work: &mut Work, invitation: &Invitation, recall: &Recall) -> Answer<()> {
    let reference = &invitation.reference;
    let provider = Notice {
        to: invitation.provider.0,
        role: Role::ProviderManager,
        subject: format!("{reference}: what you were told is recalled"),
        lines: vec![
            "You can no longer open it. Delete every copy, on paper too.".to_owned(),
            "Then confirm it on the page.".to_owned(),
        ],
        path: format!("/provider/recalls/{}", recall.id),
    };
    work.enqueue(provider.job()?);
    let director = Notice {
        to: invitation.authority.0,
        role: Role::Approver,
        subject: format!("{reference}: a disclosure was recalled"),
        lines: vec![
            format!("{}.", recall.cause.label()),
            format!(
                "If there is a risk, the Information Commissioner is told by {}.",
                recall.due().strftime("%-I:%M%P, %A %-d %B %Y")
            ),
        ],
        path: format!("/recalls/{}", recall.id),
    };
    work.enqueue(director.job()?);
    Ok(())
}

/// Recalls what a home was told.
#[derive(Debug, Clone, Serialize)]
pub struct RecallDisclosure {
    /// The referral.
    pub reference: String,
    /// The number of the home's invitation.
    pub number: u32,
    /// The lowest stage that is taken back.
    pub from: Stage,
    /// Why.
    pub cause: RecallCause,
    /// When somebody of the authority noticed.
    pub aware: DateTime,
}

impl Command for RecallDisclosure {
    const ACTION: Action = Action::KeepDisclosure;
    const NAME: &'static str = "disclosure_recall.recall";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let org = work.org();
        let referral = work.referral_by_reference(org, &self.reference).await?;
        let all = work.invitations_of(org, referral.id).await?;
        let invitation = all.into_iter().find(|one| one.number == self.number).ok_or(Outcome::NotFound)?;
        let of = Recalling {
            authority: org,
            provider: invitation.provider,
            home: invitation.home,
            invitation: invitation.id,
            from: self.from,
            cause: self.cause,
            aware: self.aware,
            reached: stage_of(work, org, invitation.id).await?,
            readings: seen_on(work, org, &invitation).await?,
        };
        let change = Recall::take_back(work.new_id(), of, actor.person, work.moment())?;
        let recall = work.apply(change).await?;
        tell_of_recall(work, &invitation, &recall)?;
        Ok(Receipt::at(format!("/recalls/{}", recall.id)))
    }
}

/// The authority's own recall at the version that a page showed.
async fn own(work: &Work, id: i64, version: i64) -> Answer<Recall> {
    let recall = work.recall(work.org(), id).await?;
    if recall.authority != work.org() {
        Err(Outcome::NotFound)
    } else if recall.version != version {
        Err(Outcome::Conflict)
    } else {
        Ok(recall)
    }
}

fn page_of(recall: &Recall) -> Receipt {
    Receipt::at(format!("/recalls/{}", recall.id))
}

/// Judges the risk of a recalled disclosure.
#[derive(Debug, Clone, Serialize)]
pub struct AssessRecall {
    /// The recall.
    pub recall: i64,
    /// The version that the page showed.
    pub version: i64,
    /// How likely harm is.
    pub risk: Risk,
    /// Why; sealed.
    pub words: String,
}

impl Command for AssessRecall {
    const ACTION: Action = Action::KeepDisclosure;
    const NAME: &'static str = "disclosure_recall.assess";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let words = self.words.trim().to_owned();
        if words.is_empty() || words.chars().count() > LONGEST {
            return Err(Invalid::one("words", format!("Enter the reasons, in {LONGEST} characters or fewer")).into());
        }
        let recall = own(work, self.recall, self.version).await?;
        let invitation = work.invitation(work.org(), recall.invitation).await?;
        let referral = work.referral(work.org(), invitation.referral).await?;
        work.child(work.org(), referral.child).await?.kept()?;
        let sealed = work.child_key(work.org(), referral.child).await?.seal(&words)?;
        let change = recall.assess(self.risk, sealed, actor.person, work.moment())?;
        Ok(page_of(&work.apply(change).await?))
    }
}

/// Records that the Information Commissioner was told.
#[derive(Debug, Clone, Serialize)]
pub struct TellCommissioner {
    /// The recall.
    pub recall: i64,
    /// The version that the page showed.
    pub version: i64,
    /// When they were told.
    pub at: DateTime,
    /// Their reference.
    pub reference: String,
}

impl Command for TellCommissioner {
    const ACTION: Action = Action::KeepDisclosure;
    const NAME: &'static str = "disclosure_recall.tell";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let reference = self.reference.trim().to_owned();
        if reference.is_empty() || reference.chars().count() > 40 {
            return Err(
                Invalid::one("reference", "Enter the Information Commissioner's reference, like IC-123456").into()
            );
        }
        let recall = own(work, self.recall, self.version).await?;
        let change = recall.tell(reference, self.at, work.moment())?;
        Ok(page_of(&work.apply(change).await?))
    }
}

/// Gives access back.
#[derive(Debug, Clone, Serialize)]
pub struct LiftRecall {
    /// The recall.
    pub recall: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for LiftRecall {
    const ACTION: Action = Action::KeepDisclosure;
    const NAME: &'static str = "disclosure_recall.lift";
    const PROVEN: bool = true;

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let recall = own(work, self.recall, self.version).await?;
        let invitation = work.invitation(work.org(), recall.invitation).await?;
        let child = work.referral(work.org(), invitation.referral).await?.child;
        sealing::must_be_opened(work, actor, child).await?;
        if work.was_disclosed(work.org(), invitation.id, Stage::Chosen).await? {
            Ground::must_stand(work.ground_in_force(work.org(), invitation.referral).await?.as_ref())?;
        }
        let change = recall.lift(actor.person, work.moment())?;
        Ok(page_of(&work.apply(change).await?))
    }
}

/// The provider confirms that every copy is deleted.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmDeleted {
    /// The recall.
    pub recall: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for ConfirmDeleted {
    const ACTION: Action = Action::AnswerInvitation;
    const NAME: &'static str = "disclosure_recall.confirm_deleted";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let recall = work.recall(work.org(), self.recall).await?;
        if recall.provider != work.org() {
            return Err(Outcome::NotFound);
        }
        if recall.version != self.version {
            return Err(Outcome::Conflict);
        }
        let invitation = work.invitation(work.org(), recall.invitation).await?;
        let recall = work.apply(recall.confirm_deleted(actor.person, work.moment())?).await?;
        let notice = Notice {
            to: recall.authority.0,
            role: Role::PlacementOfficer,
            subject: format!("{}: copies deleted", invitation.reference),
            lines: vec!["The provider confirmed that every copy is deleted.".to_owned()],
            path: format!("/recalls/{}", recall.id),
        };
        work.enqueue(notice.job()?);
        Ok(Receipt::at(format!("/provider/recalls/{}", recall.id)))
    }
}

/// A recall as the authority reads it: the report of the mistake.
#[derive(Debug, Clone)]
pub struct RecallReport {
    /// The recall.
    pub recall: Recall,
    /// The referral's reference and the invitation's number.
    pub of: (String, u32),
    /// The home's name and its provider's.
    pub home: (String, String),
    /// Who ended access.
    pub by: String,
    /// The names of everybody who read, in the order of the readings.
    pub readers: Vec<String>,
    /// The reasons of the assessment, for those who see the child.
    pub words: Option<String>,
    /// Whether the child's record was erased, and those reasons with it.
    pub erased: bool,
    /// Who confirmed that copies are deleted.
    pub deleted_by: Option<String>,
}

/// A recall as the provider reads it: what to stop, and what to confirm.
#[derive(Debug, Clone)]
pub struct OwnRecall {
    /// The row's id and version.
    pub id: (i64, i64),
    /// The referral's reference.
    pub reference: String,
    /// From which stage on.
    pub from: Stage,
    /// When access ended.
    pub recalled: DateTime,
    /// When it was confirmed that copies are deleted.
    pub deleted: Option<DateTime>,
    /// Access was given back.
    pub lifted: bool,
}

impl App {
    /// One recall with its report.
    pub async fn recall_report(self: &Arc<Self>, actor: &Actor, id: i64) -> Answer<RecallReport> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let recall = session.recall(actor.organisation, id).await?;
        if recall.authority != actor.organisation {
            return Err(Outcome::NotFound);
        }
        report(&session, actor, recall, self.calendar.now()).await
    }

    /// The latest recalls of an authority, newest first.
    pub async fn recall_reports(self: &Arc<Self>, actor: &Actor) -> Answer<Vec<RecallReport>> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let mut reports = Vec::new();
        for recall in session.recalls(actor.organisation, SHOWN).await? {
            reports.push(report(&session, actor, recall, self.calendar.now()).await?);
        }
        Ok(reports)
    }

    /// One recall as its provider reads it.
    pub async fn own_recall(self: &Arc<Self>, actor: &Actor, id: i64) -> Answer<OwnRecall> {
        let session = self.see(actor, Action::SeeInvitations).await?;
        let recall = session.recall(actor.organisation, id).await?;
        if recall.provider != actor.organisation {
            return Err(Outcome::NotFound);
        }
        let invitation = session.invitation(actor.organisation, recall.invitation).await?;
        Ok(OwnRecall {
            id: (recall.id, recall.version),
            reference: invitation.reference.to_string(),
            from: recall.from,
            recalled: recall.recalled,
            deleted: recall.deleted.map(|(_, at)| at),
            lifted: !recall.stands(),
        })
    }
}

async fn report(session: &Session, actor: &Actor, recall: Recall, now: Moment) -> Answer<RecallReport> {
    let org = recall.authority;
    let invitation = session.invitation(org, recall.invitation).await?;
    let mut readers = Vec::with_capacity(recall.seen.len());
    for seen in &recall.seen {
        readers.push(session.person_name(seen.person).await?);
    }
    let child = session.referral(org, invitation.referral).await?.child;
    let words = match recall.assessment() {
        Some(assessment) if may(actor.role, Action::SeeChild) => {
            sealing::opened(session, (actor, now), child, ("recall_words", &assessment.words)).await?
        }
        _ => None,
    };
    let deleted_by = match recall.deleted {
        Some((person, _)) => Some(session.person_name(person).await?),
        None => None,
    };
    Ok(RecallReport {
        of: (invitation.reference.to_string(), invitation.number),
        home: (session.home(recall.home).await?.name.clone(), session.organisation_by_id(recall.provider).await?.name),
        by: session.person_name(recall.by).await?,
        readers,
        words,
        erased: session.child(org, child).await?.state == ChildState::Forgotten,
        deleted_by,
        recall,
    })
}

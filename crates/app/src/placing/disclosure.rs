//! Disclosure in stages (rule 5.6): what a home may read when it is shortlisted and when it is chosen, each reading an
//! event, and the known-associate question. Access ends when the offer is lost, or its agreement is cancelled before the start.

use std::sync::Arc;

use placewell_domain::change::Event;
use placewell_domain::id::{InvitationId, OrganisationId};
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::child::forgotten;
use placewell_domain::placing::disclosure::associate::AssociateAsking;
use placewell_domain::placing::disclosure::ground::{Ground, LawfulBasis};
use placewell_domain::placing::disclosure::recall::after_recalls;
use placewell_domain::placing::disclosure::{
    AssociateAnswer, AssociateQuestion, DisclosedIdentity, Reader, Released, RiskChronology, Stage,
};
use placewell_domain::placing::invitation::Invitation;
use placewell_domain::placing::invitation::question::checked;
use placewell_domain::placing::offer::{Offer, OfferState};
use placewell_domain::placing::referral::Referral;
use placewell_store::placing::disclosure::Reading;
use placewell_store::{Session, StoreError, Work};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt, ended};
use crate::office::message::Notice;
use crate::placing::child::sealing;

pub mod correcting;
pub mod ground;
pub(crate) mod names;
pub mod recall;

/// Releases the risk chronology to a home that was put on the shortlist, by whoever opened a sealed record.
pub(crate) async fn shortlisted(work: &mut Work, actor: &Actor, referral: &Referral, offer: &Offer) -> Answer<()> {
    sealing::must_be_opened(work, actor, referral.child).await?;
    let reader = Reader::Home(Stage::Shortlisted);
    let Some(chronology) = reader.chronology(work.open_narrative(referral).await?) else { return Ok(()) };
    release(work, offer, Stage::Shortlisted, &chronology).await
}

/// Releases who the child is to the chosen provider, where a ground for it is in force: a hard gate (rule 5.6). Where none
/// is, the award stands and the disclosure waits until one is recorded. A sealed record was opened by whoever lets it go: by
/// each of the authority who gave or wrote down an approval, and by whoever records the ground after the award.
pub(crate) async fn chosen(work: &mut Work, referral: &Referral, offer: &Offer) -> Answer<()> {
    let ground = work.ground_in_force(work.org(), referral.id).await?;
    if Ground::must_stand(ground.as_ref()).is_err() {
        return waits_for_ground(work, referral, offer);
    }
    let child = work.child(work.org(), referral.child).await?;
    let reader = Reader::Home(Stage::Chosen);
    let Some(identity) = reader.disclosed(&work.open_identity(&child).await?) else { return Ok(()) };
    release(work, offer, Stage::Chosen, &identity).await
}

/// Tells the officers that a home cannot be told yet who the child is.
fn waits_for_ground(work: &mut Work, referral: &Referral, offer: &Offer) -> Answer<()> {
    work.record(Event::new("disclosure.waiting", "disclosure", offer.invitation.0, 0).with("home", offer.home));
    let reference = &referral.reference;
    let notice = Notice {
        to: work.org().0,
        role: Role::PlacementOfficer,
        subject: format!("{reference}: record the ground for telling the home"),
        lines: vec![
            "The home is chosen. It cannot be told who the child is yet.".to_owned(),
            "Record the lawful basis, and consent or who decided without.".to_owned(),
        ],
        path: format!("/referrals/{reference}/ground"),
    };
    work.enqueue(notice.job()?);
    Ok(())
}

async fn release<T: Serialize + Sync>(work: &mut Work, offer: &Offer, stage: Stage, what: &T) -> Answer<()> {
    let invitation = work.invitation(work.org(), offer.invitation).await?;
    if !work.disclose(&invitation, stage, what).await? {
        return Ok(());
    }
    let event = Event::new("disclosure.released", "disclosure", invitation.id.0, 0)
        .with("stage", stage.code())
        .with("home", invitation.home);
    work.record(event);
    let act = if stage == Stage::Chosen { "you can read who the child is" } else { "you are on the shortlist" };
    let notice = Notice {
        to: invitation.provider.0,
        role: Role::ProviderManager,
        subject: format!("{}: {act}", invitation.reference),
        lines: vec!["Each reading is recorded and shown to the authority.".to_owned()],
        path: format!("/provider/referrals/{}", invitation.reference),
    };
    work.enqueue(notice.job()?);
    Ok(())
}

/// How far a home may read by its offers on one invitation, before what was recalled; none where they were lost, or where the
/// agreement that one of them led to was cancelled before the child came.
pub(crate) async fn reached_by(session: &Session, org: OrganisationId, offers: &[Offer]) -> Answer<Option<Stage>> {
    for offer in offers {
        let OfferState::Accepted { agreement } = &offer.state else { continue };
        match session.agreement_by_id(org, *agreement).await {
            Ok(agreement) if agreement.state.never_began() => return Ok(None),
            Ok(_) | Err(StoreError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(offers.iter().filter_map(|offer| offer.state.stage()).max())
}

/// How far the home of an invitation may read; none where its offer was lost or it never made one, less what was recalled.
async fn stage_of(session: &Session, org: OrganisationId, invitation: InvitationId) -> Answer<Option<Stage>> {
    let offers = session.offers_on(org, invitation).await?;
    let reached = reached_by(session, org, &offers).await?;
    Ok(after_recalls(reached, &session.recalls_on(org, invitation).await?))
}

/// A question as either side reads it.
#[derive(Debug, Clone)]
pub struct ReadAssociate {
    /// The question.
    pub question: AssociateQuestion,
    /// Whom it is about; nothing where that is sealed to the reader, or was erased with the child's record.
    pub about: String,
}

/// What a home can read beyond the profile.
#[derive(Debug, Clone, Default)]
pub struct MayRead {
    /// The home is on the shortlist or chosen.
    pub shortlisted: bool,
    /// The chronology was released and can be read.
    pub chronology: bool,
    /// Who the child is was released and can be read.
    pub identity: bool,
    /// Questions about known associates; none can be asked or read before the shortlist.
    pub associates: Vec<ReadAssociate>,
}

/// What an authority sees of a home's readings.
#[derive(Debug, Clone)]
pub struct Receipts {
    /// How far the home may read now.
    pub stage: Option<Stage>,
    /// Something beyond the profile was released to the home.
    pub told: bool,
    /// The lawful basis on which it may be told who the child is, where one is in force.
    pub ground: Option<LawfulBasis>,
    /// Each reading with the reader's name, oldest first.
    pub readings: Vec<(Reading, String)>,
    /// The questions about known associates, for those who may answer.
    pub associates: Vec<ReadAssociate>,
}

async fn associates(
    session: &Session,
    reader: Reader,
    (org, id): (OrganisationId, InvitationId),
) -> Answer<Vec<ReadAssociate>> {
    let key = session.invitation_key_left(org, id).await?;
    let questions = session.associate_questions(org, id).await?;
    let read = |question: AssociateQuestion| -> Answer<ReadAssociate> {
        let about = key.as_ref().map(|key| key.open(&question.about)).transpose()?;
        let about = about.and_then(|about| reader.given("associate_words", about)).unwrap_or_default();
        Ok(ReadAssociate { question, about })
    };
    questions.into_iter().map(read).collect()
}

/// A provider's own invitation; another's is not found.
async fn own_invitation(session: &Session, actor: &Actor, id: InvitationId) -> Answer<Invitation> {
    let invitation = session.invitation(actor.organisation, id).await?;
    if invitation.provider == actor.organisation { Ok(invitation) } else { Err(Outcome::NotFound) }
}

/// A provider's own invitation with the stage that its home has reached.
async fn reached(session: &Session, actor: &Actor, id: InvitationId) -> Answer<(Invitation, Stage)> {
    let invitation = own_invitation(session, actor, id).await?;
    let stage = stage_of(session, actor.organisation, id).await?.ok_or(Outcome::NotFound)?;
    Ok((invitation, stage))
}

impl App {
    /// What this provider may read on an invitation; opens nothing.
    pub async fn may_read(&self, actor: &Actor, id: InvitationId) -> Answer<MayRead> {
        let session = self.see(actor, Action::SeeInvitations).await?;
        own_invitation(&session, actor, id).await?;
        let org = actor.organisation;
        let stage = match stage_of(&session, org, id).await? {
            Some(stage) if stage >= Stage::Shortlisted => stage,
            _ => return Ok(MayRead::default()),
        };
        // What was released of an erased child can be read no more.
        let left = session.invitation_key_left(org, id).await?.is_some();
        Ok(MayRead {
            shortlisted: true,
            chronology: left && session.was_disclosed(org, id, Stage::Shortlisted).await?,
            identity: left && stage >= Stage::Chosen && session.was_disclosed(org, id, Stage::Chosen).await?,
            associates: associates(&session, Reader::Home(stage), (org, id)).await?,
        })
    }

    /// The risk chronology, for the shortlisted home that asks; the reading is recorded.
    pub async fn read_chronology(&self, actor: &Actor, id: InvitationId) -> Answer<(Invitation, RiskChronology)> {
        self.read_disclosed(actor, id, Stage::Shortlisted).await
    }

    /// Who the child is, for the chosen provider that asks; the reading is recorded.
    pub async fn read_identity(&self, actor: &Actor, id: InvitationId) -> Answer<(Invitation, DisclosedIdentity)> {
        self.read_disclosed(actor, id, Stage::Chosen).await
    }

    async fn read_disclosed<T: DeserializeOwned + Released>(
        &self,
        actor: &Actor,
        id: InvitationId,
        wanted: Stage,
    ) -> Answer<(Invitation, T)> {
        if !may(actor.role, Action::SeeInvitations) {
            return Err(Outcome::Forbidden(Action::SeeInvitations));
        }
        let mut work = self.store.begin(actor.organisation, self.calendar.now()).await?;
        work.by(actor.person);
        let found = read(&mut work, actor, id, wanted).await;
        ended(work, found).await
    }

    /// What a home may read and has read, for the authority.
    pub async fn disclosure_receipts(self: &Arc<Self>, actor: &Actor, offer: &Offer) -> Answer<Receipts> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let (org, id) = (actor.organisation, offer.invitation);
        let readings = session.readings(org, id).await?;
        let mut named = Vec::with_capacity(readings.len());
        for reading in readings {
            named.push((reading, session.person_name(reading.person).await.unwrap_or_default()));
        }
        let may_answer = may(actor.role, Action::MakeReferral);
        let associates = if may_answer {
            let child = session.referral(org, offer.referral).await?.child;
            let reader = sealing::reader(&session, actor, child, self.calendar.now()).await?;
            associates(&session, reader, (org, id)).await?
        } else {
            Vec::new()
        };
        let reached = reached_by(&session, org, core::slice::from_ref(offer)).await?;
        let stage = after_recalls(reached, &session.recalls_on(org, id).await?);
        let ground = session.ground_in_force(org, offer.referral).await?.map(|ground| ground.basis);
        let told = session.was_disclosed(org, id, Stage::Shortlisted).await?
            || session.was_disclosed(org, id, Stage::Chosen).await?;
        Ok(Receipts { stage, told, ground, readings: named, associates })
    }
}

async fn read<T: DeserializeOwned + Released>(
    work: &mut Work,
    actor: &Actor,
    id: InvitationId,
    wanted: Stage,
) -> Answer<(Invitation, T)> {
    let (invitation, stage) = reached(work, actor, id).await?;
    if stage < wanted {
        return Err(Outcome::NotFound);
    }
    if work.invitation_key_left(actor.organisation, id).await?.is_none() {
        return Err(forgotten().into());
    }
    let what: T = work.disclosed(actor.organisation, id, wanted).await?.ok_or(Outcome::NotFound)?;
    let what = what.given_to(Reader::Home(stage)).ok_or(Outcome::NotFound)?;
    work.note_reading(&invitation, wanted, actor.person).await?;
    work.record(Event::new("disclosure.read", "disclosure", id.0, 0).with("stage", wanted.code()));
    Ok((invitation, what))
}

/// A shortlisted home asks whether the child is known to associate with somebody.
#[derive(Debug, Clone, Serialize)]
pub struct AskAssociate {
    /// The invitation.
    pub invitation: i64,
    /// Whom it is about.
    pub about: String,
}

impl Command for AskAssociate {
    const ACTION: Action = Action::AnswerInvitation;
    const NAME: &'static str = "associate_question.ask";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let about = checked("about", &self.about)?;
        let id = InvitationId(self.invitation);
        let invitation = work.invitation(work.org(), id).await?;
        if invitation.provider != actor.organisation {
            return Err(Outcome::NotFound);
        }
        let stage = stage_of(work, work.org(), id).await?;
        let key = work.invitation_key(work.org(), id).await?;
        let asking = AssociateAsking {
            invitation: id,
            authority: invitation.authority,
            provider: invitation.provider,
            about: key.seal(&about)?,
            stage,
        };
        let change = AssociateQuestion::ask(work.new_id(), asking, work.moment())?;
        work.apply(change).await?;
        let notice = Notice {
            to: invitation.authority.0,
            role: Role::PlacementOfficer,
            subject: format!("{}: a question about known associates", invitation.reference),
            lines: vec!["A shortlisted home asks. Answer yes or no.".to_owned()],
            path: format!("/referrals/{}/offers/{}", invitation.reference, invitation.number),
        };
        work.enqueue(notice.job()?);
        Ok(Receipt::at(format!("/provider/invitations/{id}/associates")))
    }
}

/// The authority answers yes or no.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerAssociate {
    /// The referral.
    pub reference: String,
    /// The question.
    pub question: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Yes or no.
    pub known: AssociateAnswer,
}

impl Command for AnswerAssociate {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "associate_question.answer";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        let question = work.associate_question(work.org(), self.question).await?;
        let invitation = work.invitation(work.org(), question.invitation).await?;
        if invitation.referral != referral.id {
            return Err(Outcome::NotFound);
        }
        // Nobody answers about somebody whose name they were not shown.
        sealing::readable(work, actor, referral.child, work.moment()).await?;
        if question.version != self.version {
            return Err(Outcome::Conflict);
        }
        let change = question.answer(self.known, actor.person, work.moment())?;
        work.apply(change).await?;
        let notice = Notice {
            to: invitation.provider.0,
            role: Role::ProviderManager,
            subject: format!("{}: your question about known associates is answered", invitation.reference),
            lines: vec!["The authority answered yes or no.".to_owned()],
            path: format!("/provider/invitations/{}/associates", invitation.id),
        };
        work.enqueue(notice.job()?);
        Ok(Receipt::at(format!("/referrals/{}/offers/{}", self.reference, invitation.number)))
    }
}

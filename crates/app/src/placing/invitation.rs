//! Invitations: what a provider reads, how it answers, questions, reminders, one-time links, and answers got by phone.
//!
//! A provider's commands read the invitation's frozen profile only; nothing here can reach the referral.

use jiff::civil::DateTime;
use placewell_domain::id::{HomeId, InvitationId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::invitation::answer::check_entered;
use placewell_domain::placing::invitation::question::checked;
use placewell_domain::placing::invitation::{
    Channel, DeclineReason, Declined, EnteredBy, Evidence, Invitation, Question, grouped_by_provider,
};
use placewell_domain::placing::offer::OfferState;
use placewell_domain::sealed::Sealed;
use placewell_store::Work;
use placewell_store::placing::invitation::SharedAnswer;
use serde::Serialize;

use super::disclosure::names::names_nobody;
use super::referral::holders::tell_holders;
use super::referral::sending::{provider_notice, wall};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{Command, Receipt};
use crate::naming::LookedThrough;
use crate::office::message::Notice;

pub mod keeping;
pub mod lapsing;
pub mod link;
pub mod received;

/// Which invitation an answer is to, and through which door it came.
#[derive(Debug, Clone, Serialize)]
pub struct Answering {
    /// The invitation.
    pub invitation: i64,
    /// The digest of the one-time link that it came through.
    pub link: Option<String>,
}

impl Answering {
    /// The invitation, if it is this provider's, to be answered: the answer uses the link up.
    pub(crate) async fn answer(&self, work: &Work) -> Answer<Invitation> {
        let invitation = self.open(work).await?;
        if let Some(digest) = &self.link {
            work.use_one_time_link(digest, Machine::now()).await?;
        }
        Ok(invitation)
    }

    /// The invitation, if it is this provider's and the link can still be used.
    pub(crate) async fn open(&self, work: &Work) -> Answer<Invitation> {
        let invitation = work.invitation(work.org(), InvitationId(self.invitation)).await?;
        if invitation.provider != work.org() {
            return Err(Outcome::NotFound);
        }
        if let Some(digest) = &self.link {
            let link = work.one_time_link(digest).await?;
            if link.invitation != invitation.id {
                return Err(Outcome::NotFound);
            }
            link.usable(Machine::now())?;
        }
        Ok(invitation)
    }

    /// How it came.
    pub(crate) fn channel(&self) -> Channel {
        if self.link.is_some() { Channel::OneTimeLink } else { Channel::Portal }
    }

    /// Where to look afterwards.
    pub(crate) fn receipt(&self, invitation: &Invitation) -> Receipt {
        match &self.link {
            Some(_) => Receipt::at("/emails/done"),
            None => Receipt::at(format!("/provider/referrals/{}", invitation.reference)),
        }
    }
}

/// A notice to the authority's placement officers: a reference and an act, nothing about the child.
pub(crate) fn officer_notice(invitation: &Invitation, act: &str, path: &str) -> Notice {
    Notice {
        to: invitation.authority.0,
        role: Role::PlacementOfficer,
        subject: format!("{}: {act}", invitation.reference),
        lines: vec![format!("{act}."), format!("Homes can answer until {}.", wall(invitation.deadline))],
        path: format!("/referrals/{}{path}", invitation.reference),
    }
}

/// Notes that somebody at the provider has read an invitation.
#[derive(Debug, Clone, Serialize)]
pub struct OpenInvitation {
    /// The invitation.
    pub invitation: i64,
}

impl Command for OpenInvitation {
    const ACTION: Action = Action::SeeInvitations;
    const NAME: &'static str = "invitation.open";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let invitation = work.invitation(work.org(), InvitationId(self.invitation)).await?;
        let receipt = Receipt::at(format!("/provider/referrals/{}", invitation.reference));
        if invitation.state.name() == "asked" {
            let change = invitation.open(work.moment())?;
            work.apply(change).await?;
        }
        Ok(receipt)
    }
}

/// A home says no.
#[derive(Debug, Clone, Serialize)]
pub struct Decline {
    /// To what, through which door.
    pub to: Answering,
    /// Why.
    pub reason: DeclineReason,
}

impl Command for Decline {
    const ACTION: Action = Action::AnswerInvitation;
    const NAME: &'static str = "invitation.decline";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let invitation = self.to.answer(work).await?;
        let at = work.moment().local;
        let declined = Declined { reason: self.reason, at, channel: self.to.channel(), entered: None, evidence: None };
        let invitation = decline(work, invitation, declined).await?;
        work.enqueue(officer_notice(&invitation, "A home declined", "").job()?);
        Ok(self.to.receipt(&invitation))
    }
}

/// Records a decline and takes back an offer that stood open.
async fn decline(work: &mut Work, invitation: Invitation, declined: Declined) -> Answer<Invitation> {
    for offer in work.offers_on(work.org(), invitation.id).await? {
        if OfferState::OPEN.contains(&offer.state.name()) {
            let change = offer.withdraw(work.moment())?;
            work.apply(change).await?;
        }
    }
    let change = invitation.decline(declined)?;
    Ok(work.apply(change).await?)
}

/// An officer records a decline that a home gave by phone or e-mail.
#[derive(Debug, Clone, Serialize)]
pub struct RecordDecline {
    /// The referral.
    pub reference: String,
    /// The invitation's number.
    pub number: u32,
    /// Why the home declined.
    pub reason: DeclineReason,
    /// Phone, e-mail or in person.
    pub channel: Channel,
    /// When the home said it.
    pub said_at: DateTime,
    /// Who said it, and the note or the e-mail.
    pub evidence: Evidence,
}

impl Command for RecordDecline {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "invitation.record_decline";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let invitation = sent_invitation(work, &self.reference, self.number).await?;
        let entered = Some(EnteredBy { person: actor.person, said_at: self.said_at });
        let at = work.moment().local;
        check_entered(self.channel, entered, at)?;
        let evidence = Some(seal_evidence(work, &invitation, &self.evidence).await?);
        let declined = Declined { reason: self.reason, at, channel: self.channel, entered, evidence };
        let invitation = decline(work, invitation, declined).await?;
        Ok(Receipt::at(format!("/referrals/{}", invitation.reference)))
    }
}

/// Seals who gave an answer, and the note of it, under the invitation's key.
pub(crate) async fn seal_evidence(
    work: &Work,
    invitation: &Invitation,
    evidence: &Evidence,
) -> Answer<Sealed<Evidence>> {
    let evidence = evidence.clone().checked()?;
    Ok(work.invitation_key(work.org(), invitation.id).await?.seal(&evidence)?)
}

/// An authority's own invitation by its number.
pub(crate) async fn sent_invitation(work: &Work, reference: &str, number: u32) -> Answer<Invitation> {
    let referral = work.referral_by_reference(work.org(), reference).await?;
    let all = work.invitations_of(work.org(), referral.id).await?;
    all.into_iter().find(|invitation| invitation.number == number).ok_or(Outcome::NotFound)
}

/// A home asks a question.
#[derive(Debug, Clone, Serialize)]
pub struct AskQuestion {
    /// To what, through which door.
    pub to: Answering,
    /// The question.
    pub text: String,
}

impl Command for AskQuestion {
    const ACTION: Action = Action::AnswerInvitation;
    const NAME: &'static str = "question.ask";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let text = checked("question", &self.text)?;
        let invitation = self.to.open(work).await?;
        let key = work.invitation_key(work.org(), invitation.id).await?;
        let change = Question::ask(work.new_id(), &invitation, key.seal(&text)?, work.moment())?;
        work.apply(change).await?;
        work.enqueue(officer_notice(&invitation, "A provider asked a question", "/messages").job()?);
        Ok(self.to.receipt(&invitation))
    }
}

/// The authority answers, to the one who asked or to all who were asked.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerQuestion {
    /// The referral.
    pub reference: String,
    /// The question.
    pub question: i64,
    /// The version that the page showed.
    pub version: i64,
    /// The answer.
    pub text: String,
    /// To all who were asked.
    pub to_everyone: bool,
}

impl Command for AnswerQuestion {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "question.answer";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for AnswerQuestion {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let text = checked("answer", &self.text)?;
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        let question = work.question(work.org(), self.question).await?;
        if question.version != self.version || question.referral != referral.id {
            return Err(Outcome::Conflict);
        }
        let key = work.invitation_key(work.org(), question.invitation).await?;
        let shared = SharedAnswer { question: key.open(&question.text)?, answer: text.clone() };
        // What one home asked is read by the others, too, where the answer goes to everyone.
        let asked = if self.to_everyone { shared.question.as_str() } else { "" };
        let texts = [("answer", text.as_str()), ("asked", asked)];
        names_nobody(work, (Self::NAME, actor), referral.child, &texts, keys).await?;
        let asker = question.invitation;
        let change = question.answer(key.seal(&text)?, self.to_everyone, actor.person, work.moment())?;
        let question = work.apply(change).await?;
        let all = work.invitations_of(work.org(), referral.id).await?;
        let told: Vec<Invitation> =
            all.into_iter().filter(|one| one.id == asker || (self.to_everyone && one.state.open())).collect();
        for invitation in told.iter().filter(|one| one.id != asker) {
            work.share_answer(invitation, question.id, work.moment().local, &shared).await?;
        }
        for invitation in &told {
            tell_holders(work, invitation, &format!("answer/{}", question.id), "A question was answered").await?;
        }
        for (provider, _) in grouped_by_provider(&told) {
            let notice = provider_notice(
                provider,
                format!("{}: a question was answered", referral.reference),
                vec!["The authority answered a question about this referral.".to_owned()],
                format!("/provider/referrals/{}", referral.reference),
            );
            work.enqueue(notice.job()?);
        }
        Ok(Receipt::at(format!("/referrals/{}/messages", referral.reference)))
    }
}

/// Reminds every home that has not answered: one mail to each provider, one reminder per deadline.
#[derive(Debug, Clone, Serialize)]
pub struct Remind {
    /// The referral.
    pub reference: String,
}

impl Command for Remind {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "invitation.remind";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        let mut reminded = Vec::new();
        for invitation in work.invitations_of(work.org(), referral.id).await? {
            let waiting = matches!(invitation.state.name(), "asked" | "opened");
            if waiting && invitation.reminded.is_none() && invitation.deadline > work.moment().local {
                let change = invitation.remind(work.moment())?;
                reminded.push(work.apply(change).await?);
            }
        }
        if reminded.is_empty() {
            return Err(Invalid::one("remind", "Every home has answered or has been reminded for this deadline").into());
        }
        for (provider, group) in grouped_by_provider(&reminded) {
            let Some(first) = group.first() else { continue };
            let notice = provider_notice(
                provider,
                format!("{}: reminder, answer by {}", referral.reference, wall(first.deadline)),
                vec![format!("You have not answered yet. Answer by {}.", wall(first.deadline))],
                format!("/provider/referrals/{}", referral.reference),
            );
            work.enqueue(notice.job()?);
        }
        Ok(Receipt::at(format!("/referrals/{}", referral.reference)))
    }
}

/// The homes of a provider by id, for its own pages.
pub(crate) async fn own_home_name(session: &placewell_store::Session, home: HomeId) -> String {
    session.home(home).await.map_or_else(|_| format!("Home {home}"), |home| home.name)
}

//! What a provider reads: invitations to its homes with the frozen profile, its own offers and questions, its outcome.

use std::sync::Arc;

use jiff::civil::DateTime;
use placewell_domain::id::{InvitationId, OrganisationId};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::disclosure::Reader;
use placewell_domain::placing::invitation::duty::{DUTY_TELEPHONES, DutyTelephones};
use placewell_domain::placing::invitation::{Invitation, InvitationState, Question, QuestionState};
use placewell_domain::placing::offer::{Offer, OfferState, OfferWords};
use placewell_domain::placing::referral::SharedWords;
use placewell_domain::sealed::Sealed;
use placewell_store::Session;
use placewell_store::placing::invitation::SharedAnswer;

use super::{OpenInvitation, own_home_name};
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::placing::disclosure::reached_by;

/// An invitation as its provider reads it. It has no place for the referral, the child, or another provider.
#[derive(Debug, Clone)]
pub struct Received {
    /// The invitation.
    pub invitation: Invitation,
    /// The words it was asked with; none once it can no longer be read.
    pub words: Option<SharedWords>,
    /// The home's name.
    pub home: String,
    /// The authority's name.
    pub authority: String,
    /// Its duty team's telephones.
    pub duty: DutyTelephones,
    /// The provider's own offers on it, newest first.
    pub offers: Vec<(Offer, OfferWords)>,
    /// The provider's own questions with the answers.
    pub questions: Vec<(Question, String, Option<String>)>,
    /// Answers to everyone.
    pub shared: Vec<(DateTime, SharedAnswer)>,
    /// Whether the child's record was erased: then no words are left, its own included.
    pub erased: bool,
}

impl App {
    /// The invitations of a provider in these states, closing soonest first.
    pub async fn received(&self, actor: &Actor, states: &[&str]) -> Answer<Vec<(Invitation, String, String)>> {
        let session = self.see(actor, Action::SeeInvitations).await?;
        let mut lines = Vec::new();
        for invitation in session.received_invitations(actor.organisation, states, 500).await? {
            let home = own_home_name(&session, invitation.home).await;
            let authority = session.organisation_by_id(invitation.authority).await?.name;
            lines.push((invitation, home, authority));
        }
        Ok(lines)
    }

    /// The same in the order of reference and id, from those after a pair on.
    pub async fn received_after(
        &self,
        actor: &Actor,
        states: &[&str],
        page: ((&str, i64), u32),
    ) -> Answer<Vec<(Invitation, String, String)>> {
        let session = self.see(actor, Action::SeeInvitations).await?;
        let mut lines = Vec::new();
        for invitation in session.received_after(actor.organisation, states, page).await? {
            let home = own_home_name(&session, invitation.home).await;
            let authority = session.organisation_by_id(invitation.authority).await?.name;
            lines.push((invitation, home, authority));
        }
        Ok(lines)
    }

    /// What a provider's homes were asked under a reference.
    pub async fn received_referral(&self, actor: &Actor, reference: &str) -> Answer<Vec<Received>> {
        let session = self.see(actor, Action::SeeInvitations).await?;
        let now = self.calendar.now();
        let mut all = Vec::new();
        for invitation in session.received_by_reference(actor.organisation, reference).await? {
            all.push(read(&session, actor.organisation, invitation, now).await?);
        }
        if all.is_empty() { Err(Outcome::NotFound) } else { Ok(all) }
    }

    /// Notes that these have been read: each that was only asked is opened, once.
    pub async fn note_opened(self: &Arc<Self>, actor: &Actor, read: &[Received]) -> Answer<()> {
        for one in read.iter().filter(|one| one.invitation.state == InvitationState::Asked) {
            let key = format!("opened-{}-{}", one.invitation.id, one.invitation.version);
            self.perform(actor, &key, OpenInvitation { invitation: one.invitation.id.0 }).await?;
        }
        Ok(())
    }

    /// One invitation, for its provider.
    pub async fn received_invitation(&self, actor: &Actor, id: InvitationId) -> Answer<Received> {
        let session = self.see(actor, Action::SeeInvitations).await?;
        let invitation = session.invitation(actor.organisation, id).await?;
        if invitation.provider != actor.organisation {
            return Err(Outcome::NotFound);
        }
        read(&session, actor.organisation, invitation, self.calendar.now()).await
    }

    /// A provider's own offers in these states with the home's name and the reference, newest first.
    pub async fn own_offers(&self, actor: &Actor, states: &[&str]) -> Answer<Vec<(Offer, String, Invitation)>> {
        let session = self.see(actor, Action::SeeInvitations).await?;
        let mut lines = Vec::new();
        for offer in session.own_offers(actor.organisation, states, 200).await? {
            let invitation = session.invitation(actor.organisation, offer.invitation).await?;
            lines.push((own_home_name(&session, offer.home).await, offer, invitation));
        }
        Ok(lines.into_iter().map(|(home, offer, invitation)| (offer, home, invitation)).collect())
    }
}

async fn read(
    session: &Session,
    provider: OrganisationId,
    invitation: Invitation,
    now: placewell_domain::clock::Moment,
) -> Answer<Received> {
    let key = session.invitation_key_left(provider, invitation.id).await?;
    let open = |text: &Sealed<String>| key.as_ref().map_or_else(|| Ok(String::new()), |key| key.open(text));
    let sent = session.offers_on(provider, invitation.id).await?;
    let reached = reached_by(session, provider, &sent).await?;
    // An offer that was accepted for a child who never came ends the profile too.
    let accepted = sent.iter().any(|offer| matches!(offer.state, OfferState::Accepted { .. }));
    let readable = invitation.readable(now) && (reached.is_some() || !accepted);
    let reader = Reader::home(reached);
    let words = key.as_ref().filter(|_| readable).map(|key| key.open(&invitation.words)).transpose()?;
    let words = words.map(|words| reader.shared(words));
    // What was asked and answered about a child ends with the profile for a home that is no longer in the running; what the
    // home itself offered stays its own.
    let asking = if readable || reached.is_some() { reader } else { Reader::Other };
    let mut questions = Vec::new();
    let asked = asking.given("question_words", session.own_questions(provider, invitation.id).await?);
    for question in asked.unwrap_or_default() {
        let answer = match &question.state {
            QuestionState::Open => None,
            QuestionState::Answered { text, .. } => Some(open(text)?),
        };
        questions.push((question.clone(), open(&question.text)?, answer));
    }
    let mut offers = Vec::new();
    for offer in sent {
        let words = key.as_ref().map(|key| key.open(&offer.words)).transpose()?;
        let words = words.and_then(|words| reader.given("offer_words", words)).unwrap_or_default();
        offers.push((offer, words));
    }
    Ok(Received {
        words,
        home: own_home_name(session, invitation.home).await,
        authority: session.organisation_by_id(invitation.authority).await?.name,
        duty: session.value_of(invitation.authority, &DUTY_TELEPHONES, now.today()).await?,
        offers,
        questions,
        shared: asking
            .given("question_words", session.shared_answers(provider, invitation.id).await?)
            .unwrap_or_default(),
        erased: key.is_none(),
        invitation,
    })
}

//! Whether what is asked about belongs to the one home that a provider's token is for: a home, an invitation, an agreement.

use placewell_domain::id::{HomeId, InvitationId};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::By;

use crate::answer::Answer;
use crate::command::App;
use crate::homes::home::home_by_text;

/// What an operation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About<'a> {
    /// A home, by the register's number.
    Home(&'a str),
    /// An invitation.
    Invitation(InvitationId),
    /// An agreement, by its reference.
    Agreement(&'a str),
}

impl App {
    /// The one home that whoever asks is narrowed to by their token; none where they are not.
    pub async fn narrowed_to(&self, actor: &Actor) -> Answer<Option<HomeId>> {
        let By::Token(scope) = &actor.by else { return Ok(None) };
        let Some(urn) = scope.home() else { return Ok(None) };
        let session = self.store.read(Some(actor.organisation)).await?;
        Ok(Some(home_by_text(&session, urn).await?.id))
    }

    /// Whether what they ask about is that home's; what is nobody's or another's is not found.
    pub async fn is_of_home(&self, actor: &Actor, home: HomeId, about: About<'_>) -> Answer<bool> {
        let session = self.store.read(Some(actor.organisation)).await?;
        let of = match about {
            About::Home(urn) => home_by_text(&session, urn).await?.id,
            About::Invitation(id) => session.invitation(actor.organisation, id).await?.home,
            About::Agreement(reference) => session.agreement(actor.organisation, reference).await?.terms.home,
        };
        Ok(of == home)
    }
}

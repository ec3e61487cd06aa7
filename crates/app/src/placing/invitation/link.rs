//! One-time links for homes without an account: made by an officer, mailed once, good for one answer.

use placewell_domain::change::Event;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::By;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::invitation::OneTimeLink;
use placewell_store::Work;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::sent_invitation;
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::{App, Command, Receipt};
use crate::office::message;
use crate::office::person::random_text;
use crate::placing::child::sealing::must_be_opened;
use crate::placing::referral::holders::expires;
use crate::placing::referral::sending::wall;

/// The digest by which a link is asked for; the store keeps it under its own key.
#[must_use]
pub fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Mails a one-time link for one invitation to an address.
#[derive(Debug, Clone, Serialize)]
pub struct MailLink {
    /// The referral.
    pub reference: String,
    /// The invitation's number.
    pub number: u32,
    /// The home's address.
    pub email: String,
}

impl Command for MailLink {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "invitation.mail_link";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let email = self.email.trim();
        let (name, domain) = email.split_once('@').unwrap_or_default();
        if name.is_empty() || !domain.contains('.') || email.len() > 200 || email.contains(char::is_whitespace) {
            return Err(Invalid::one("email", "Enter the home's e-mail address, like manager@home.example").into());
        }
        let invitation = sent_invitation(work, &self.reference, self.number).await?;
        let child = work.referral(work.org(), invitation.referral).await?.child;
        must_be_opened(work, actor, child).await?;
        if !invitation.readable(work.moment()) {
            return Err(Refusal::new(
                "invitation_state",
                "A link answers an open invitation",
                "This home can no longer answer.",
                "you, by extending the deadline",
            )
            .found(invitation.state.label())
            .into());
        }
        let token = random_text::<32>();
        let expires = expires(work, &invitation);
        let link = OneTimeLink {
            id: work.new_id(),
            invitation: invitation.id,
            authority: invitation.authority,
            provider: invitation.provider,
            email: email.to_owned(),
            digest: digest(&token),
            expires,
            used: None,
        };
        work.add_one_time_link(&link).await?;
        let subject = format!("{}: answer by {}", invitation.reference, wall(invitation.deadline));
        let body = format!(
            "A placing authority asks your home about a referral.\n\
             Open the link to read it, to ask, and to answer. It can be used for one answer.\n\n/emails/{token}/answer"
        );
        message::mail(work, email, (&subject, &body), &format!("link/{}", link.id)).await?;
        work.record(
            Event::new("invitation.link_mailed", "invitation_link", link.id, 1).with("invitation", invitation.id),
        );
        Ok(Receipt::at(format!("/referrals/{}", invitation.reference)))
    }
}

impl App {
    /// Who speaks through a link, and which invitation it answers; refused where it was used or has expired.
    pub async fn link_holder(&self, token: &str) -> Answer<(Actor, OneTimeLink)> {
        let session = self.visit().await?;
        let link = session.one_time_link(&digest(token)).await?;
        link.usable(Machine::now())?;
        let provider = session.organisation_by_id(link.provider).await?;
        Ok((speaker(provider.id, provider.code, provider.name), link))
    }
}

/// The provider, through a link: nobody signed in, so no person.
fn speaker(organisation: OrganisationId, code: String, organisation_name: String) -> Actor {
    Actor {
        person: PersonId(0),
        name: "One-time link".to_owned(),
        organisation,
        code,
        organisation_name,
        kind: OrganisationKind::Provider,
        role: Role::ProviderManager,
        by: By::Service,
    }
}

//! Whom a home's impact assessment is held against: the children for whom a bed of the home is taken or held on the offer's
//! first night, of whatever authority. What leaves here is their number and a print, never who they are.

use jiff::civil::Date;
use placewell_domain::id::HomeId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::invitation::Invitation;
use placewell_domain::placing::occupancy::living_there;
use placewell_domain::placing::offer::{Considered, Offer};
use placewell_store::Session;
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::command::App;

/// The children who live at the home on the night; none where it shows no beds, so that nobody can be counted.
pub(crate) async fn residents_on(session: &Session, home: HomeId, night: Date) -> Answer<Option<Considered>> {
    if session.beds(home).await?.is_empty() {
        return Ok(None);
    }
    let there = living_there(&session.bed_uses(home, night).await?, night);
    let print = hex::encode(Sha256::digest(serde_json::to_vec(&(home, night, &there))?));
    Ok(Some(Considered { there: u32::try_from(there.len()).unwrap_or(u32::MAX), print }))
}

/// Whether others live at the offer's home on its first night than its assessment considers.
pub(crate) async fn residents_changed(session: &Session, offer: &Offer) -> Answer<bool> {
    if !offer.state.choosable() || offer.considered.is_none() {
        return Ok(false);
    }
    let now = residents_on(session, offer.home, offer.terms.start).await?;
    Ok(offer.residents_changed(now.as_ref()))
}

impl App {
    /// How many children live at an invitation's home on a night, for the form of its offer; none where it shows no beds.
    pub async fn residents_there(&self, actor: &Actor, invitation: &Invitation, night: Date) -> Answer<Option<u32>> {
        let action =
            if actor.organisation == invitation.provider { Action::SeeInvitations } else { Action::SeeReferrals };
        let session = self.see(actor, action).await?;
        Ok(residents_on(&session, invitation.home, night).await?.map(|now| now.there))
    }

    /// Whether somebody moved in or out at an offer's home since its assessment, for either of its two parties.
    pub async fn residents_changed(&self, actor: &Actor, offer: &Offer) -> Answer<bool> {
        let own = actor.organisation == offer.provider;
        let session = self.see(actor, if own { Action::SeeInvitations } else { Action::SeeReferrals }).await?;
        residents_changed(&session, offer).await
    }
}

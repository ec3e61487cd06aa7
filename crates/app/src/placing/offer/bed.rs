//! The bed that an offer names: one of the home's own that is free on the nights, and where else its provider offers it.

use jiff::civil::Date;
use placewell_domain::homes::home::Bed;
use placewell_domain::id::{BedId, HomeId, OrganisationId};
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::invitation::Invitation;
use placewell_domain::placing::offer::{Offer, OfferTerms};
use placewell_domain::placing::referral::Tier;
use placewell_store::Session;

use crate::answer::{Answer, Outcome};
use crate::command::App;

/// The states in which an offer that was sent still waits for its authority.
const WAITING: &[&str] = &["sent", "shortlisted", "recommended"];

/// A bed that a home can offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeBed {
    /// The bed.
    pub id: BedId,
    /// What the home calls it.
    pub label: String,
    /// The references of the other searches in which its provider offers it now.
    pub elsewhere: Vec<String>,
}

/// A provider's offers of one home that still wait for an authority: a bed stands in no other home's.
pub(crate) async fn waiting_offers(session: &Session, provider: OrganisationId, home: HomeId) -> Answer<Vec<Offer>> {
    Ok(session.own_offers_at(provider, home, WAITING).await?)
}

/// The home's beds that nobody has from the first night to the planned end, and that no mini-block ties for its own
/// children. Where no end is planned, the first night decides.
async fn free_beds(session: &Session, invitation: &Invitation, first: Date) -> Answer<Vec<Bed>> {
    let end = invitation.profile.planned_end.filter(|end| *end > first).unwrap_or_else(|| plus_days(first, 1));
    let Some(nights) = Nights::new(first, end) else { return Ok(Vec::new()) };
    let uses = session.bed_uses(invitation.home, first).await?;
    let own = invitation.tier == Tier::MiniBlock;
    let tied = if own { Vec::new() } else { session.tied_beds_at(invitation.home, (first, end)).await? };
    let taken = |bed: BedId| uses.iter().any(|used| used.bed == bed && used.nights.overlap(nights).is_some());
    let held = |bed: BedId| tied.iter().any(|one| one.bed == bed);
    let mut beds = session.beds(invitation.home).await?;
    beds.retain(|bed| !taken(bed.id) && !held(bed.id));
    Ok(beds)
}

/// Refuses a bed that is not the home's, or that is not free.
pub(super) async fn bed_may_be_offered(session: &Session, invitation: &Invitation, terms: &OfferTerms) -> Answer<()> {
    let Some(bed) = terms.bed else { return Ok(()) };
    if free_beds(session, invitation, terms.start).await?.iter().any(|free| free.id == bed) {
        return Ok(());
    }
    let ask = "Choose a bed of the home that is free from the first night to the planned end, or leave it undecided";
    Err(Invalid::one("bed", ask).into())
}

/// The searches of the provider's other offers that name a bed.
async fn offered_elsewhere(
    session: &Session,
    invitation: &Invitation,
    waiting: &[Offer],
    bed: BedId,
) -> Answer<Vec<String>> {
    let same = waiting.iter().filter(|one| one.invitation != invitation.id && one.terms.bed == Some(bed));
    let mut elsewhere = Vec::new();
    for other in same {
        let asked = session.invitation(invitation.provider, other.invitation).await?;
        elsewhere.push(asked.reference.to_string());
    }
    Ok(elsewhere)
}

impl App {
    /// The beds that an offer can name from a first night, for either of its two parties. The provider reads with each the
    /// references of its own other offers that name it; whose searches those are is not told to the authority.
    pub async fn beds_to_offer(&self, actor: &Actor, invitation: &Invitation, first: Date) -> Answer<Vec<FreeBed>> {
        let own = actor.organisation == invitation.provider;
        let session = self.see(actor, seeing(own)).await?;
        if !own && invitation.authority != actor.organisation {
            return Err(Outcome::NotFound);
        }
        let home = invitation.home;
        let waiting = if own { waiting_offers(&session, actor.organisation, home).await? } else { Vec::new() };
        let mut found = Vec::new();
        for bed in free_beds(&session, invitation, first).await? {
            let elsewhere = offered_elsewhere(&session, invitation, &waiting, bed.id).await?;
            found.push(FreeBed { id: bed.id, label: bed.label, elsewhere });
        }
        Ok(found)
    }

    /// The bed that an offer names, for either of its two parties; none where it is not decided yet.
    pub async fn bed_named(&self, actor: &Actor, offer: &Offer) -> Answer<Option<Bed>> {
        let session = self.see(actor, seeing(actor.organisation == offer.provider)).await?;
        let Some(named) = offer.terms.bed else { return Ok(None) };
        Ok(session.beds(offer.home).await?.into_iter().find(|bed| bed.id == named))
    }
}

/// What the role of each side is asked for.
const fn seeing(own: bool) -> Action {
    if own { Action::SeeInvitations } else { Action::SeeReferrals }
}

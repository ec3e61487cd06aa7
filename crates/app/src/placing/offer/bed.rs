//! The bed that an offer names: one of the home's own that is free on the nights, and where else its provider offers it.

use jiff::civil::Date;
use placewell_domain::homes::home::Bed;
use placewell_domain::id::{BedId, HomeId, InvitationId, OrganisationId};
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

impl App {
    /// The beds that a provider can name in its offer from a first night, each with the references of its own other offers
    /// that name it.
    pub async fn beds_to_offer(&self, actor: &Actor, invitation: &Invitation, first: Date) -> Answer<Vec<FreeBed>> {
        let session = self.see(actor, Action::SeeInvitations).await?;
        if invitation.provider != actor.organisation {
            return Err(Outcome::NotFound);
        }
        let waiting = waiting_offers(&session, actor.organisation, invitation.home).await?;
        let mut found = Vec::new();
        for bed in free_beds(&session, invitation, first).await? {
            let mut elsewhere = Vec::new();
            let same = waiting.iter().filter(|one| one.invitation != invitation.id && one.terms.bed == Some(bed.id));
            let others: Vec<InvitationId> = same.map(|one| one.invitation).collect();
            for other in others {
                let asked = session.invitation(actor.organisation, other).await?;
                elsewhere.push(asked.reference.to_string());
            }
            found.push(FreeBed { id: bed.id, label: bed.label, elsewhere });
        }
        Ok(found)
    }
}

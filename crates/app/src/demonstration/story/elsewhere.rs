//! What other authorities decided this morning: some wait for an Assistant Director, two are agreed and not yet begun.

use jiff::civil::{DateTime, date};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Action;
use placewell_domain::placing::offer::{Offer, OfferState};
use placewell_domain::placing::referral::Tier;
use placewell_store::Session;
use placewell_store::placing::referral::{ReferralFilter, ReferralTab};

use super::Teller;
use crate::answer::Answer;
use crate::demonstration::authorities::{PARTS, place};

/// How many are agreed; what needs a second person waits.
const AGREED: usize = 2;

/// Decides on what came by Friday: in two authorities nobody has approved yet, in others what one person can approve is.
pub(super) async fn decide(teller: &Teller<'_>) -> Answer<()> {
    let (mut done, mut minutes) = (0, 0);
    for (code, approves) in [
        ("BIR", false),
        ("SOT", false),
        ("STA", true),
        ("WOR", true),
        ("SHR", true),
        ("DUD", true),
        ("WAR", true),
        ("WOL", true),
    ] {
        if done == AGREED {
            break;
        }
        let one = Teller { part: &PARTS[place(code)], ..*teller };
        let at = date(2021, 9, 13).at(9, minutes, 0, 0);
        done += usize::from(one.decide(approves, at).await?);
        minutes += 7;
    }
    Ok(())
}

impl Teller<'_> {
    /// Recommends the first offer of the first search that is past its deadline, and approves it where somebody does and
    /// one person can; whether it was approved.
    async fn decide(&self, approves: bool, at: DateTime) -> Answer<bool> {
        let org = self.written.organisation(self.part.code)?;
        let Some((reference, number)) = self.compared(org, at, approves).await? else { return Ok(false) };
        let approval = self.recommend(&reference, number, 30, at).await?;
        let actor = self.app.actor_by_email(&crate::demonstration::people::approver(self.part)).await?;
        let session = self.app.see(&actor, Action::SeeApprovals).await?;
        let one = session.approval(org, &approval).await?;
        let needed = session.approvals_of(org, one.recommendation).await?.len();
        drop(session);
        let approved = approves && needed == 1;
        if approved {
            self.approve(&approval, at.saturating_add(jiff::Span::new().minutes(5))).await?;
        }
        Ok(approved)
    }

    /// A search whose deadline has passed with an offer within the arrangement, and that offer's number; of a home in the
    /// authority's own area, where one person is to approve it.
    async fn compared(&self, org: OrganisationId, at: DateTime, own_area: bool) -> Answer<Option<(String, u32)>> {
        let session = self.app.store.read(Some(org)).await?;
        let (lines, _) = session.referral_lines(org, ReferralTab::OffersIn, &ReferralFilter::default(), 0, 50).await?;
        for line in lines.iter().filter(|line| line.closes.is_some_and(|closes| closes < at)) {
            let offers = session.offers_of(org, line.id).await?;
            let asked = session.invitations_of(org, line.id).await?;
            let tendered = |number: u32| asked.iter().any(|one| one.number == number && one.tier == Tier::Fca);
            let sent = |offer: &&Offer| offer.state == OfferState::Sent && tendered(offer.number);
            for offer in offers.iter().filter(sent) {
                let near = !own_area || session.home(offer.home).await?.area == self.part.area();
                if near && has_room(&session, offer).await? {
                    return Ok(Some((line.reference.to_string(), offer.number)));
                }
            }
        }
        Ok(None)
    }
}

/// Whether the home still has a bed for the offer: since it was made, another child may have come.
async fn has_room(session: &Session, offer: &Offer) -> Answer<bool> {
    let uses = session.bed_uses(offer.home, offer.terms.start).await?;
    let beds = session.beds(offer.home).await?;
    let alone = uses.iter().any(|used| used.solo) || (offer.terms.solo && !uses.is_empty());
    Ok(!alone && beds.iter().any(|bed| uses.iter().all(|used| used.bed != bed.id)))
}

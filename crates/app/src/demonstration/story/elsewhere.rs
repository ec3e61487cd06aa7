//! What other authorities decided this morning: two wait for an Assistant Director, two are agreed and not yet begun.

use jiff::civil::{DateTime, date};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Action;
use placewell_domain::placing::offer::{Offer, OfferState};
use placewell_domain::placing::referral::Tier;
use placewell_store::placing::referral::{ReferralFilter, ReferralTab};

use super::Teller;
use crate::answer::Answer;
use crate::demonstration::authorities::{PARTS, place};

/// Decides in four authorities on what came by Friday.
pub(super) async fn decide(teller: &Teller<'_>) -> Answer<()> {
    for (number, (code, agreed)) in
        [("BIR", false), ("STA", true), ("WOR", true), ("SOT", false)].into_iter().enumerate()
    {
        let one = Teller { part: &PARTS[place(code)], ..*teller };
        let at = date(2021, 9, 13).at(9, i8::try_from(number * 7).unwrap_or(0), 0, 0);
        one.decide(agreed, at).await?;
    }
    Ok(())
}

impl Teller<'_> {
    /// Recommends the first offer of the first search that is past its deadline; approves it where that needs one person.
    async fn decide(&self, agreed: bool, at: DateTime) -> Answer<()> {
        let org = self.written.organisation(self.part.code)?;
        let Some((reference, number)) = self.compared(org, at).await? else { return Ok(()) };
        let approval = self.recommend(&reference, number, 30, at).await?;
        let actor = self.app.actor_by_email(&crate::demonstration::people::approver(self.part)).await?;
        let session = self.app.see(&actor, Action::SeeApprovals).await?;
        let one = session.approval(org, &approval).await?;
        let needed = session.approvals_of(org, one.recommendation).await?.len();
        drop(session);
        if agreed && needed == 1 {
            self.approve(&approval, at.saturating_add(jiff::Span::new().minutes(5))).await?;
        }
        Ok(())
    }

    /// A search whose deadline has passed with an offer within the arrangement, and that offer's number.
    async fn compared(&self, org: OrganisationId, at: DateTime) -> Answer<Option<(String, u32)>> {
        let session = self.app.store.read(Some(org)).await?;
        let (lines, _) = session.referral_lines(org, ReferralTab::OffersIn, &ReferralFilter::default(), 0, 50).await?;
        for line in lines.iter().filter(|line| line.closes.is_some_and(|closes| closes < at)) {
            let offers = session.offers_of(org, line.id).await?;
            let asked = session.invitations_of(org, line.id).await?;
            let tendered = |number: u32| asked.iter().any(|one| one.number == number && one.tier == Tier::Fca);
            let sent = |offer: &&Offer| offer.state == OfferState::Sent && tendered(offer.number);
            if let Some(offer) = offers.iter().find(sent) {
                return Ok(Some((line.reference.to_string(), offer.number)));
            }
        }
        Ok(None)
    }
}

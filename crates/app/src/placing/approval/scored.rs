//! The points of offers, by the scoring that was fixed by sending (rule 5.7): to compare them, and to keep them with a
//! recommendation as they were.

use jiff::civil::Date;
use placewell_domain::authority::DistanceClass;
use placewell_domain::homes::home::Grade;
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::id::OfferId;
use placewell_domain::money::Pence;
use placewell_domain::placing::invitation::Invitation;
use placewell_domain::placing::offer::Offer;
use placewell_domain::placing::offer::points::{Judged, OfferPoints, Points, in_figures, points, total};
use placewell_domain::placing::referral::Referral;
use placewell_store::Session;

use super::case::distance_of;
use super::view::ApprovalView;
use crate::answer::Answer;

/// The points of an offer; empty where no scoring was kept. The price is held against the lowest of all offers, shown or
/// not; none while prices are sealed.
pub(super) fn points_of(
    referral: &Referral,
    (offer, invitation): (&Offer, &Invitation),
    (grade, distance): (Grade, DistanceClass),
    lowest: Option<Pence>,
) -> Vec<Points> {
    let Some(scoring) = referral.state.sent().and_then(|out| out.scoring.as_ref()) else { return Vec::new() };
    let judged = Judged {
        terms: &offer.terms,
        wanted: invitation.profile.must_haves,
        start: invitation.profile.start,
        grade,
        distance,
        price: lowest.map(|lowest| (offer.total(), lowest)),
    };
    points(scoring, &judged)
}

/// The points of all these offers of a referral, whose prices are open; empty where no scoring was kept.
pub(super) async fn scored(
    session: &Session,
    referral: &Referral,
    offers: &[Offer],
    today: Date,
) -> Answer<Vec<OfferPoints>> {
    if referral.state.sent().is_none_or(|out| out.scoring.is_none()) {
        return Ok(Vec::new());
    }
    let org = referral.authority;
    let child = session.child(org, referral.child).await?;
    let responsible = session.organisation_by_id(child.responsible).await?;
    let lowest = offers.iter().map(Offer::total).min();
    let mut all = Vec::with_capacity(offers.len());
    for offer in offers {
        let invitation = session.invitation(org, offer.invitation).await?;
        let home = session.home(offer.home).await?;
        let inspections = session.inspections(home.id).await?;
        let (grade, _) = grade_on(&inspections, today);
        let distance = distance_of(&responsible, home.area, offer.terms.start);
        let points = points_of(referral, (offer, &invitation), (grade, distance), lowest);
        all.push(OfferPoints { offer: offer.id, points });
    }
    Ok(all)
}

/// The points of offers as they were when one of them was recommended, in figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScoredOffers {
    /// The homes, the recommended one first; none where no scoring was kept.
    pub homes: Vec<String>,
    /// Each criterion with its weight, and the points for it in the order of the homes; all points last.
    pub rows: Vec<(String, Vec<String>)>,
}

impl ApprovalView {
    /// The points of each offer that the reader is told of with its home, the recommended one first, as they were when it was
    /// asked for.
    #[must_use]
    pub fn offers_scored(&self) -> Vec<(&OfferPoints, &str)> {
        let of = |offer: OfferId| self.recommendation.points.iter().find(|one| one.offer == offer);
        let offers = self.words.reasons.iter().zip(&self.homes);
        offers.filter_map(|(reasons, home)| Some((of(reasons.offer)?, home.as_str()))).collect()
    }

    /// The same in figures: criteria down, homes across.
    #[must_use]
    pub fn scored(&self) -> ScoredOffers {
        let offers = self.offers_scored();
        let Some((first, _)) = offers.first() else { return ScoredOffers::default() };
        let said = |hundredths: Option<i64>| hundredths.map_or_else(|| "Not known".to_owned(), in_figures);
        let mut rows: Vec<(String, Vec<String>)> = Vec::with_capacity(first.points.len() + 1);
        for (at, criterion) in first.points.iter().enumerate() {
            let has = offers.iter().map(|(one, _)| said(one.points.get(at).and_then(|points| points.hundredths)));
            rows.push((format!("{}, of {}", criterion.by.label(), criterion.weight), has.collect()));
        }
        let all = offers.iter().map(|(one, _)| said(total(&one.points)));
        rows.push(("All points, of 100".to_owned(), all.collect()));
        ScoredOffers { homes: offers.iter().map(|(_, home)| (*home).to_owned()).collect(), rows }
    }
}

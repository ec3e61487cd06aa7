//! What a provider learns when its offer was not chosen: a reason and where its price stood, and no rival's price.

use crate::money::Pence;

coded! {
    /// Why an offer was not chosen.
    NotChosenReason {
        BetterMatch "better_match" "Another home fits the child's needs better";
        Residents "residents" "The match with the children who live there";
        Nearer "nearer" "Another home is nearer to family, school or friends";
        KeepsSchool "keeps_school" "Another home keeps the child's school";
        Sooner "sooner" "Another home can start when needed";
        ChildsWish "childs_wish" "The child's own wishes";
        Price "price" "The price, among homes that fit alike";
        MustHaves "must_haves" "Not every must-have was met";
        NotApproved "not_approved" "It was not approved";
        SearchEnded "search_ended" "The search ended without a placement";
        ReferralWithdrawn "referral_withdrawn" "The referral was withdrawn";
        HomeSuspended "home_suspended" "The home takes no new placements for now";
        HomeOffLot "home_off_lot" "The home is not on the lot on the first night";
    }
}

coded! {
    /// Where a price stood among those offered: a band, and never a figure of a rival's.
    PricePosition {
        Only "only" "The only offer";
        Lowest "lowest" "Among the lower prices";
        Middle "middle" "In the middle";
        Highest "highest" "Among the higher prices";
    }
}

/// The band of a price among all prices offered, its own among them: thirds by rank.
#[must_use]
pub fn price_position(own: Pence, all: &[Pence]) -> PricePosition {
    if all.len() < 2 {
        return PricePosition::Only;
    }
    let below = all.iter().filter(|price| **price < own).count();
    let above = all.iter().filter(|price| **price > own).count();
    if below * 3 < all.len() && below <= above {
        PricePosition::Lowest
    } else if above * 3 < all.len() {
        PricePosition::Highest
    } else {
        PricePosition::Middle
    }
}

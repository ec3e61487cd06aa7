//! What a provider learns of an offer that was not chosen (V-05): the reason, and the band in which its price lay once prices
//! are open; of sealed prices nothing.

use placewell_app::placing::referral::WithdrawReferral;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::placing::offer::{NotChosenReason, OfferState, PricePosition};
use placewell_domain::placing::referral::{Prices, WithdrawReason};

use super::world::{HEF, MANAGER, PROVIDER, World, actor, both_made, director, officer};
use super::{HEREFORDSHIRE, last};

/// The reason and the band of each offer that was not chosen, as its provider reads them, home by home.
async fn told(world: &World, reference: &str) -> Vec<(NotChosenReason, Option<PricePosition>)> {
    let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
    let mut all = world.app.received_referral(&manager, reference).await.unwrap();
    all.sort_by_key(|one| one.invitation.number);
    let states = all.iter().map(|one| &one.offers[0].0.state);
    let outcome = |state: &OfferState| match state {
        OfferState::NotChosen { reason, position } => Some((*reason, *position)),
        _ => None,
    };
    states.filter_map(outcome).collect()
}

async fn three_homes(world: &World) {
    for home in [2, 3] {
        world.home(home, HEREFORDSHIRE, 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v_05_an_award_tells_every_other_home_the_reason_and_the_band_of_its_price() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        three_homes(&world).await;
        for (number, weekly, expected) in [
            (1, [4_150, 3_900, 5_000], [PricePosition::Lowest, PricePosition::Highest]),
            (2, [3_900, 4_150, 5_000], [PricePosition::Middle, PricePosition::Highest]),
        ] {
            let referral = world.referral(number, &weekly, false, HEF).await;
            assert_eq!(told(&world, &referral).await, [], "before the award");
            let asked = last(&world.recommend(&referral, &format!("r{number}")).await.unwrap().location);
            world.approve(&director(), &asked, &format!("a{number}"), false).await.unwrap();
            let expected = expected.map(|band| (NotChosenReason::Price, Some(band)));
            assert_eq!(told(&world, &referral).await, expected, "{weekly:?}");
        }
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v_05_a_search_withdrawn_while_prices_are_sealed_tells_no_home_where_its_price_lay() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        three_homes(&world).await;
        let weekly = [4_150, 3_900, 5_000];
        let bands = [PricePosition::Middle, PricePosition::Lowest, PricePosition::Highest];
        for (number, prices, expected) in [(1, Prices::Sealed, [None; 3]), (2, Prices::Open, bands.map(Some))] {
            let reference = world.searched(number, &weekly, (false, prices), HEF).await;
            let session = world.app.store.read(Some(HEF)).await.unwrap();
            let version = session.referral_by_reference(HEF, &reference).await.unwrap().version;
            drop(session);
            let reason = WithdrawReason::ALL[0];
            let withdraw = WithdrawReferral { reference: reference.clone(), version, reason };
            world.app.perform(&officer(), &format!("w{number}"), withdraw).await.unwrap();
            let withdrawn = NotChosenReason::ReferralWithdrawn;
            assert_eq!(told(&world, &reference).await, expected.map(|band| (withdrawn, band)), "{prices:?}");
        }
    })
    .await;
}

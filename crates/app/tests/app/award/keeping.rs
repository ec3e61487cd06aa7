//! What a provider's home page says that unconfirmed beds cost: the referrals of the last 28 days that its homes declined for
//! want of a bed that was shown as free.

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_domain::id::OrganisationId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::invitation::DeclineReason;

use super::spot::{declined, declined_at};
use super::world::{HEF, MANAGER, PROVIDER, World, actor, both_made, officer};

#[tokio::test(flavor = "multi_thread")]
async fn declines_for_want_of_a_bed_are_counted_for_28_days_to_the_home_s_own_provider_alone() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let no_bed = async || world.app.to_keep(&manager).await.unwrap().no_bed;
        assert_eq!(no_bed().await, 0);
        world.referral(1, &[4_150], false, HEF).await;
        let other_reason = world.referral(2, &[], false, HEF).await;
        declined(&world, &other_reason, DeclineReason::ResidentMix).await;
        assert_eq!(no_bed().await, 0, "one offered, one declined for the children who live there");
        let first = world.referral(3, &[], false, HEF).await;
        declined(&world, &first, DeclineReason::NoStaffedBed).await;
        assert_eq!(no_bed().await, 1);
        world.at(date(2021, 9, 16), 10);
        let second = world.referral(4, &[], false, HEF).await;
        declined(&world, &second, DeclineReason::NoStaffedBed).await;
        assert_eq!(no_bed().await, 2);
        for ((month, day), counted) in [((10, 11), 2), ((10, 12), 1), ((10, 14), 1), ((10, 15), 0)] {
            world.at(date(2021, month, day), 10);
            assert_eq!(no_bed().await, counted, "on {day} October");
        }

        world.at(date(2021, 9, 16), 11);
        let rival = Actor { organisation: OrganisationId(6), ..manager.clone() };
        assert_eq!(world.app.to_keep(&rival).await.unwrap().no_bed, 0, "another provider's are not its own");
        assert!(matches!(world.app.to_keep(&officer()).await, Err(Outcome::Forbidden(_))), "nor an officer's to read");

        let late = world.referral(5, &[], false, HEF).await;
        declined_at(&world, &late, DeclineReason::NoStaffedBed, date(2021, 10, 13).at(9, 0, 0, 0)).await;
        for ((month, day), counted) in [((11, 10), 1), ((11, 11), 0)] {
            world.at(date(2021, month, day), 10);
            assert_eq!(no_bed().await, counted, "declined 27 days after its deadline, on {day} November");
        }
        let session = world.app.store.read(Some(PROVIDER)).await.unwrap();
        for (day, hour, second, found) in [(13, 0, 0, 4), (16, 14, 0, 2), (16, 14, 1, 1), (16, 15, 1, 0)] {
            let read = session.declined_since(PROVIDER, date(2021, 9, day).at(hour, 0, second, 0)).await.unwrap();
            assert_eq!(read.len(), found, "whatever the reason, by the deadline: {day} September, {hour}:00:0{second}");
        }
    })
    .await;
}

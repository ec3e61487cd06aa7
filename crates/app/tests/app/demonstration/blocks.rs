//! The mini-blocks of the demonstration: live ones with each authority's own approval, and a
//! mini-competition whose prices are still sealed.

use std::collections::BTreeMap;

use placewell_app::demonstration::calendar;
use placewell_domain::authority::AreaCode;
use placewell_domain::id::HomeId;
use placewell_domain::nights::plus_days;
use placewell_testkit::databases::both_filled;

#[tokio::test(flavor = "multi_thread")]
async fn mini_blocks_are_live_under_each_authoritys_limb_and_one_competition_is_sealed() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let lead = app.actor_by_email("marcus.inkberrow@west-midlands-team.example").await.unwrap();
        let all = app.blocks(&lead).await.unwrap();
        let live: Vec<_> = all.iter().filter(|line| line.block.state.name() == "live").collect();
        assert_eq!(live.len(), 3, "{} mini-blocks", all.len());
        let by_four = live.iter().filter(|line| line.block.shares.len() == 4);
        assert_eq!(by_four.count(), 1, "shared by four authorities");
        let mut used = Vec::new();
        for line in &live {
            let nights = app.block_nights(&lead, &line.block.reference, "2021-08").await.unwrap();
            used.push(nights.break_even.unwrap().used_percent);
            let page = app.block_page(&lead, &line.block.reference).await.unwrap();
            assert!(page.paying.iter().all(|one| one.approval.as_ref().is_some_and(|known| known.approval.given())));
            assert!(page.file.case.is_some() && !page.scored.is_empty() && page.met.is_some());
        }
        used.sort_unstable();
        assert!(used[0] < 40 && used[1] > 50, "one is under-used, in percent of the last year's bed-nights: {used:?}");
        for line in all.iter().filter(|line| line.block.state.name() == "competing") {
            let page = app.block_page(&lead, &line.block.reference).await.unwrap();
            assert!(!page.open, "prices stay sealed until the deadline");
        }
        assert_eq!(app.visit().await.unwrap().published_blocks().await.unwrap().len(), live.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c_09_an_empty_bed_of_a_shared_mini_block_is_offered_today_to_its_authorities_in_their_order() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let now = app.calendar.now();
        let lead = app.actor_by_email("marcus.inkberrow@west-midlands-team.example").await.unwrap();
        let mut standing = 0;
        for line in app.blocks(&lead).await.unwrap().iter().filter(|line| line.block.state.name() == "live") {
            let (block, reference) = (&line.block, &line.block.reference);
            let shares = block.shares_on(now.today());
            let turns = block.turns_on(now.today()).expect("its empty beds go round in an order");
            let weights: Vec<u32> = turns
                .iter()
                .map(|one| shares.iter().find(|share| share.authority == *one).map_or(0, |share| share.weight))
                .collect();
            assert!(shares.len() > 1 && turns.len() == shares.len(), "{reference}");
            assert!(weights.is_sorted_by(|one, next| one >= next), "the largest share first: {reference} {weights:?}");
            let page = app.block_nights(&lead, reference, "2021-09").await.unwrap();
            for offer in page.void_offers.iter().map(|one| &one.offer).filter(|offer| offer.stands()) {
                assert_eq!(offer.authority, turns[usize::from(offer.turn) - 1], "{reference}");
                assert!(offer.state.until().is_some_and(|until| until > now.local), "{reference}: {offer:?}");
                standing += 1;
            }
        }
        assert!(standing > 0, "no empty bed is offered to anybody");
    })
    .await;
}

/// Reckoned anew from what each authority's searches without a home had asked, as it was frozen then.
#[tokio::test(flavor = "multi_thread")]
async fn the_unmet_searches_that_a_block_would_have_met_are_counted_from_their_frozen_traces() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let lead = app.actor_by_email("marcus.inkberrow@west-midlands-team.example").await.unwrap();
        let session = app.visit().await.unwrap();
        let areas: BTreeMap<HomeId, AreaCode> =
            session.homes().await.unwrap().into_iter().map(|home| (home.id, home.area)).collect();
        drop(session);
        let (mut searches, mut within) = (0, 0);
        for line in app.blocks(&lead).await.unwrap() {
            let (block, today) = (line.block, app.calendar.now().today());
            for share in &block.shares {
                let session = app.store.read(Some(share.authority)).await.unwrap();
                let of_time = (plus_days(today, -730), today);
                let mut expected = 0;
                for referral in session.referrals_not_placed(share.authority).await.unwrap() {
                    let profile = &referral.profile;
                    let needed = profile.start.unwrap();
                    let asks = block.wants.cover(profile.lot.as_deref(), profile.age, profile.sex);
                    if !asks || needed < of_time.0 || needed >= of_time.1 {
                        continue;
                    }
                    let asked = session.invitations_of(share.authority, referral.id).await.unwrap();
                    let near = asked.iter().any(|one| {
                        let against = |criterion: &str| {
                            let lines = one.trace.lines.iter().filter(|line| line.criterion == criterion);
                            lines.map(|line| line.verdict.code()).any(|code| code != "meets" && code != "unknown")
                        };
                        let place = ["distance", "area", "place_to_avoid"].into_iter().any(against);
                        block.wants.areas.contains(&areas[&one.home]) && !place
                    });
                    expected += usize::from(block.wants.areas.is_empty() || near);
                    searches += 1;
                }
                let found = session.block_searches(share.authority, &block.wants, of_time).await.unwrap();
                let unmet = found.iter().filter(|one| one.placed.is_none() && one.in_reach).count();
                assert_eq!(unmet, expected, "{} of {}", block.reference, share.authority.0);
                within += unmet;
            }
            let met = app.block_page(&lead, &block.reference).await.unwrap().met.unwrap();
            let unmet = met.unmet;
            assert!(unmet.searches_met <= unmet.searches && unmet.nights_met <= unmet.nights.min(met.offered));
        }
        assert!(within > 0 && within <= searches, "{within} of {searches}");
    })
    .await;
}

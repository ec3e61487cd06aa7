//! Mini-blocks that run past an authority's term, on both databases: an authority that leaves sees its shares listed with
//! what becomes of each, and so does the region (rules 2.4 and 3.3).

use jiff::civil::date;
use placewell_app::placing::agreement::{LeaveArrangement, outliving_sheet};
use placewell_domain::money::Pence;
use placewell_domain::power::arrangement::{BlockAfter, BlockSurvival};
use placewell_domain::power::decision::{InExtension, Says};

use super::world::{HEF, REGION, SHR, World, actor, both_made, director, page, proposal, shares, spec};

fn told(lines: &[BlockSurvival]) -> Vec<(&str, &str, i64, BlockAfter)> {
    lines.iter().map(|one| (one.reference.as_str(), one.share.as_str(), one.nights_after, one.then)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_4_an_authority_that_leaves_has_its_shares_of_mini_blocks_listed_to_be_shared_anew() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        // 1 January to 1 July 2022, 60% and 40%.
        let block = world.live("a", 1).await;
        let own = world.app.outliving_blocks(&director(HEF)).await.unwrap();
        assert_eq!(told(&own), [(block.as_str(), "60%", 0, BlockAfter::EndsWithin)]);
        let leave = LeaveArrangement { slug: "fca".into(), from: date(2022, 4, 1), reason: "It buys alone.".into() };
        world.app.perform(&director(HEF), "leave", leave).await.unwrap();
        // April, May and June.
        let share = (block.as_str(), "60%", 91, BlockAfter::ToShareAnew);
        let own = world.app.outliving_blocks(&director(HEF)).await.unwrap();
        assert_eq!(told(&own), [share]);
        let seen = world.app.store.read(Some(REGION)).await.unwrap().leavings().await.unwrap();
        assert_eq!(told(&seen[0].blocks), [share], "the region reads what the authority left behind");
        let other = world.app.outliving_blocks(&director(SHR)).await.unwrap();
        assert_eq!(told(&other), [(block.as_str(), "40%", 0, BlockAfter::EndsWithin)], "who stays is not touched");
        let sheet = outliving_sheet(&[], &own).csv().unwrap();
        let sheet = String::from_utf8(sheet).unwrap();
        assert!(sheet.contains(&format!("{block},Mini-block,60%,")) && sheet.contains("To be shared anew"), "{sheet}");
        let provider = world.app.outliving_blocks(&actor(51)).await;
        assert!(provider.is_err(), "{provider:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_4_a_block_past_the_term_goes_on_where_a_decision_in_force_says_so() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        for (org, id) in [(HEF, 7), (SHR, 8)] {
            let mut says = page(Pence::pounds(1_000_000), true);
            says.in_extension = InExtension { blocks: Says::Yes, ..says.in_extension };
            world.decide(org, id, says, date(2021, 9, 13)).await;
        }
        let mut long = spec(2);
        (long.until, long.extendable_until) = (date(2023, 1, 1), None);
        let block = world.recommended("long", proposal(long, shares(6_000)), 1).await;
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("{org}"), &block).await.unwrap();
        }
        world.jobs().await;
        let own = world.app.outliving_blocks(&director(SHR)).await.unwrap();
        assert_eq!(told(&own), [(block.as_str(), "40%", 17, BlockAfter::GoesOn)], "from 15 December on");
        assert!(own[0].sentence().contains("17 nights after the term"), "{}", own[0].sentence());
    })
    .await;
}

//! The mini-blocks of the demonstration (journeys.md section 8): live ones with each authority's own approval, and a
//! mini-competition whose prices are still sealed.

use placewell_app::demonstration::{Scale, calendar, fill_at};
use placewell_testkit::databases::both;

#[tokio::test(flavor = "multi_thread")]
async fn mini_blocks_are_live_under_each_authoritys_limb_and_one_competition_is_sealed() {
    both(async |db| {
        let app = db.app(calendar()).await;
        fill_at(&app, Scale::SMALL, &mut |_| {}).await.unwrap();
        let lead = app.actor_by_email("marcus.inkberrow@west-midlands-team.example").await.unwrap();
        let all = app.blocks(&lead).await.unwrap();
        let live: Vec<_> = all.iter().filter(|line| line.block.state.name() == "live").collect();
        assert!(!live.is_empty(), "{} mini-blocks", all.len());
        for line in &live {
            let page = app.block_page(&lead, &line.block.reference).await.unwrap();
            assert!(page.paying.iter().all(|one| one.approval.as_ref().is_some_and(|known| known.approval.given())));
            assert!(page.file.case.is_some() && !page.scored.is_empty() && page.met.is_some());
        }
        for line in all.iter().filter(|line| line.block.state.name() == "competing") {
            let page = app.block_page(&lead, &line.block.reference).await.unwrap();
            assert!(!page.open, "prices stay sealed until the deadline");
        }
        assert_eq!(app.visit().await.unwrap().published_blocks().await.unwrap().len(), live.len());
    })
    .await;
}

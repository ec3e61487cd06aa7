//! The demonstration's fill, at a small scale, on both databases.

use placewell_app::demonstration::{Scale, calendar, fill_at};
use placewell_testkit::databases::both;

#[tokio::test(flavor = "multi_thread")]
async fn a_small_region_is_filled_and_marked() {
    both(async |db| {
        let app = db.app(calendar()).await;
        let mut lines = Vec::new();
        fill_at(&app, Scale::SMALL, &mut |line| lines.push(line.to_owned())).await.unwrap();
        assert!(!lines.is_empty());
        let session = app.visit().await.unwrap();
        assert_eq!(session.mark("demonstration").await.unwrap().as_deref(), Some("2021-09-13T10:20"));
        drop(session);
        assert_eq!(app.demonstration_people().await.unwrap().len(), 9);
        assert_eq!(app.calendar.now(), calendar().now());
    })
    .await;
}

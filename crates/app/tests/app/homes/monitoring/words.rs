//! A home's note on its return, and what the region asks about it, are looked through like all words that others read.

use placewell_app::homes::monitoring::{AskReturnAgain, OpenRound, SendReturn};
use placewell_app::naming::Confirmed;
use placewell_domain::homes::monitoring::quality_return::Filled;
use placewell_domain::homes::monitoring::template::Figure;
use placewell_testkit::databases::both;

use super::{SPRING, invalid, watched, whole};

#[tokio::test]
async fn a_return_and_a_question_about_it_are_looked_through_before_others_read_them() {
    both(async |database| {
        let watched = watched(&database).await;
        watched.lead(OpenRound { quarter: SPRING }).await.unwrap();
        let (id, version) = watched.own_return().await;
        let note = "Missing twice, from Hill Top School".to_owned();
        let send = SendReturn { id, version, filled: Filled { note, ..whole() }, reason: None };
        let stopped = invalid(watched.by(&watched.manager, send.clone()).await);
        assert_eq!(stopped, ["confirmed/monitoring.send_return/note:school:20-35"]);
        assert!(watched.given.app.quality_return(&watched.manager, id).await.unwrap().of.sent.is_empty());
        let confirmed = vec!["note:school:20-35".to_owned()];
        watched.by(&watched.manager, Confirmed { command: send, confirmed }).await.unwrap();

        let words = "Who rang from 01632 960 123?".to_owned();
        let ask = AskReturnAgain { id, version: version + 1, figures: vec![Figure::Missing], words };
        let stopped = invalid(watched.lead(ask.clone()).await);
        assert_eq!(stopped, ["confirmed/monitoring.ask_again/words:phone:14-27"]);
        let confirmed = vec!["words:phone:14-27".to_owned()];
        watched.lead(Confirmed { command: ask, confirmed }).await.unwrap();
    })
    .await;
}

//! What returns give cause for an alert about: Regulation 44 reports that are missing and unplanned ends that repeat, once.

use placewell_app::homes::monitoring::{OpenRound, SendReturn};
use placewell_domain::homes::home::alert::AlertKind;
use placewell_domain::homes::monitoring::template::Figure;
use placewell_testkit::databases::both;

use super::{SPRING, watched, whole};

#[tokio::test]
async fn missing_regulation_44_reports_and_repeated_unplanned_ends_raise_an_alert_once() {
    both(async |database| {
        let watched = watched(&database).await;
        watched.lead(OpenRound { quarter: SPRING }).await.unwrap();
        let raised = async || {
            watched.given.app.alert_by_calendar().await.unwrap();
            watched.given.app.do_due_jobs().await.unwrap();
            let all = watched.given.app.region_alerts(&watched.given.lead, (0, 50)).await.unwrap();
            let one = |line: placewell_app::homes::home::alert::AlertLine| {
                let found = line.alert.found;
                (found.kind, found.urn, found.after.unwrap_or_default(), line.alert.times)
            };
            let mut all: Vec<_> = all.lines.into_iter().map(one).collect();
            all.sort();
            all
        };
        assert_eq!(raised().await, [], "nothing was sent");
        let (id, version) = watched.own_return().await;
        let mut filled = whole();
        filled.figures.insert(Figure::Regulation44, 2);
        filled.figures.insert(Figure::MovedOut, 4);
        filled.figures.insert(Figure::UnplannedEnds, 3);
        watched.by(&watched.manager, SendReturn { id, version, filled, reason: None }).await.unwrap();
        let urn = || "SC400001".to_owned();
        let ends = "3 in two quarters, the latest from 1 April 2021".to_owned();
        let expected = [
            (AlertKind::Regulation44, urn(), "2 of 3 in the quarter from 1 April 2021".to_owned(), 1),
            (AlertKind::UnplannedEnds, urn(), ends, 1),
        ];
        assert_eq!(raised().await, expected);
        assert_eq!(raised().await, expected, "once");
    })
    .await;
}

//! A change that comes again: it folds into its alert while somebody is at it, and is an alert of its own once that is done;
//! a file that changes nothing is held as at its day, and a report is news whatever later visit is held.

use placewell_app::homes::home::import::compare;
use placewell_app::homes::standing::RecordInspection;
use placewell_domain::homes::home::alert::Alert;
use placewell_domain::homes::home::{Inspection, InspectionKind};

use super::*;

#[tokio::test]
async fn a_home_that_leaves_the_register_again_after_its_alert_was_done_waits_for_somebody_to_look_again() {
    both(async |database| {
        let given = given(&database).await;
        let gone = LATER.lines().filter(|line| !line.contains("SC400004")).collect::<Vec<_>>().join("\n") + "\n";
        let cancelled = async || {
            let lines = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap().lines;
            let all = lines.into_iter().map(|one| one.alert);
            let of = |one: &Alert| one.found.urn == "SC400004" && one.found.kind == AlertKind::Cancelled;
            let mut found: Vec<Alert> = all.filter(of).collect();
            found.sort_by_key(|one| one.id);
            found
        };
        let stand = async || {
            let all = cancelled().await;
            all.iter().map(|one| (one.state.name(), one.times)).collect::<Vec<_>>()
        };
        file(&given, LATER, date(2021, 9, 10)).await;
        file(&given, &gone, date(2021, 9, 11)).await;
        assert_eq!(stand().await, [("waiting", 1)]);
        let one = cancelled().await.remove(0);
        let (alert, note, due) = (one.id.0, "Ring its provider".to_owned(), date(2021, 9, 20));
        given.perform(AcknowledgeAlert { alert, version: one.version, note, due }).await.unwrap();
        file(&given, LATER, date(2021, 9, 12)).await;
        file(&given, &gone, date(2021, 9, 12)).await;
        assert_eq!(stand().await, [("acknowledged", 2)], "somebody is at it");

        let one = cancelled().await.remove(0);
        let result = "A mistake of the file".to_owned();
        given.perform(FinishAlert { alert, version: one.version, result }).await.unwrap();
        file(&given, LATER, date(2021, 9, 13)).await;
        assert_eq!(stand().await, [("done", 2)]);
        let waited = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap().waiting;
        file(&given, &gone, date(2021, 9, 13)).await;
        assert_eq!(stand().await, [("done", 2), ("waiting", 1)], "what was done was done about the earlier one");
        assert_eq!(given.app.region_alerts(&given.lead, (0, 50)).await.unwrap().waiting, waited + 1);
        assert_eq!(file(&given, &gone, date(2021, 9, 13)).await, Accounted::default(), "the same file again");
        assert_eq!(stand().await.len(), 2);
        assert_eq!(given.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test]
async fn a_file_without_changes_is_held_as_at_its_day_and_an_older_one_is_turned_away() {
    both(async |database| {
        let given = given(&database).await;
        let region = given.lead.organisation;
        file(&given, LATER, date(2021, 9, 10)).await;
        given.app.calendar.move_to(date(2021, 12, 2).at(9, 0, 0, 0));
        assert!(given.app.register_is_old(&given.lead).await.unwrap().is_some());
        assert_eq!(file(&given, LATER, date(2021, 12, 1)).await, Accounted::default(), "nothing follows");
        assert_eq!(given.app.register_is_old(&given.lead).await.unwrap(), None, "it was looked at yesterday");
        assert_eq!(given.app.region_alerts(&given.lead, (0, 50)).await.unwrap().as_at, Some(date(2021, 12, 1)));
        let session = given.app.store.read(Some(region)).await.unwrap();
        let lines = session.register_lines(region).await.unwrap();
        let days: Vec<_> = lines.iter().map(|line| (line.urn.as_str(), line.as_at)).collect();
        let (first, second) = (date(2021, 9, 10), date(2021, 12, 1));
        let expected = [("SC400001", second), ("SC400002", first), ("SC400003", second), ("SC400004", second)];
        assert_eq!(days, expected, "of the home that has left it says nothing");
        for (day, refused) in [(date(2021, 11, 30), true), (date(2021, 12, 1), false)] {
            let mut older = read(LATER.as_bytes(), "West Midlands");
            compare(&session, region, &mut older, day).await.unwrap();
            assert_eq!(older.refused.is_some(), refused, "{day}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_report_that_leaves_the_judgement_as_it_was_is_news_though_a_later_visit_was_entered_by_hand() {
    both(async |database| {
        let given = given(&database).await;
        file(&given, LATER, date(2021, 9, 10)).await;
        let seen = Inspection {
            kind: InspectionKind::Monitoring,
            inspected_on: date(2021, 9, 12),
            published_on: None,
            grade: None,
            serious_concerns: false,
            event: String::new(),
            link: Some("https://reports.ofsted.gov.uk/provider/4/SC400001".into()),
        };
        given.perform(RecordInspection { urn: "SC400001".into(), seen }).await.unwrap();
        let line = "Full inspection,02/08/2021,01/09/2021,Inadequate";
        let with = LATER.replace(line, "Full inspection,08/09/2021,30/09/2021,Inadequate");
        let found = file(&given, &with, date(2021, 10, 1)).await;
        assert_eq!((found.alerts, found.visits), (0, 1), "a report of the visit four days before");
        let again = file(&given, &with, date(2021, 10, 2)).await;
        assert_eq!((again.alerts, again.visits), (0, 0), "found again it is nothing new");
        let lines = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap().lines;
        let report = lines.iter().find(|one| one.alert.found.kind == AlertKind::Report).unwrap();
        assert_eq!(report.alert.found.after.as_deref(), Some("Inadequate, 8 September 2021"));
    })
    .await;
}

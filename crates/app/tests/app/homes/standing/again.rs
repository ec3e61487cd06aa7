//! A change that comes again: it folds into its alert while somebody is at it, and is an alert of its own once that is done.

use placewell_domain::homes::home::alert::Alert;

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

//! What passed its day is told once, and stands on the day of whoever owes it, of nobody else.

use super::*;

/// The mails of an organisation's people with this subject, after all that is due was done.
async fn told(watched: &Watched, organisation: OrganisationId, subject: &str) -> usize {
    let app = &watched.given.app;
    app.leave_timers().await.unwrap();
    app.do_due_jobs().await.unwrap();
    let mails = app.store.read(Some(organisation)).await.unwrap().mails(organisation, 100).await.unwrap();
    mails.iter().filter(|mail| mail.subject == subject).count()
}

async fn owed(watched: &Watched, actor: &Actor) -> Vec<String> {
    watched.given.app.owed(actor).await.unwrap().into_iter().map(|one| one.what).collect()
}

const VISIT: &str = "A visit: what was found is not recorded";

#[tokio::test]
async fn a_visit_whose_day_passed_is_told_once_and_waits_until_it_is_recorded() {
    both(async |database| {
        let watched = watched(&database).await;
        let app = &watched.given.app;
        let plan = PlanVisit { urn: "SC400001".into(), on: date(2021, 9, 14), announced: false };
        let id = last(&watched.by(&watched.officer, plan).await.unwrap());
        let (org, subject) = (watched.officer.organisation, "SC400001: the visit is not recorded");
        assert!(owed(&watched, &watched.officer).await.is_empty(), "it is ahead");
        app.calendar.move_to(date(2021, 9, 14).at(9, 0, 0, 0));
        assert_eq!(told(&watched, org, subject).await, 0, "it is today");
        assert_eq!(owed(&watched, &watched.officer).await, [VISIT]);
        for day in [15, 16] {
            app.calendar.move_to(date(2021, 9, day).at(9, 0, 0, 0));
            assert_eq!(told(&watched, org, subject).await, 1, "once");
        }
        for other in [&watched.other, &watched.manager, &watched.rival] {
            let lines = owed(&watched, other).await;
            assert!(!lines.iter().any(|one| one == VISIT), "{}: {lines:?}", other.organisation_name);
        }
        let findings = vec![Finding { theme: Theme::Care, level: Level::Good, words: "Warm".into() }];
        let record = RecordVisit { id, version: 1, on: date(2021, 9, 16), findings };
        watched.by(&watched.officer, record).await.unwrap();
        assert!(owed(&watched, &watched.officer).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_provider_s_day_has_its_returns_and_plans_and_the_lead_s_what_is_overdue() {
    both(async |database| {
        let watched = watched(&database).await;
        watched.lead(OpenRound { quarter: SPRING }).await.unwrap();
        let raise = RaiseConcern {
            urn: "SC400001".into(),
            theme: Theme::Staffing,
            severity: Severity::Medium,
            words: "Two posts are vacant".into(),
        };
        let id = last(&watched.by(&watched.officer, raise).await.unwrap());
        let mine = owed(&watched, &watched.manager).await;
        assert_eq!(mine, ["A quality return to send", "A concern about the home has no plan"]);
        assert_eq!(owed(&watched, &watched.rival).await, ["A quality return to send"], "its own home's only");
        let late = watched.given.app.owed(&watched.given.lead).await.unwrap();
        assert_eq!(
            late.iter().map(|one| (one.what.as_str(), one.late(TODAY))).collect::<Vec<_>>(),
            [("The latest file is 166 days old", true), ("2 quality returns are overdue", true)]
        );
        let action = NewAction { what: "Two posts filled".into(), owner: Owner::Manager, due: date(2021, 9, 15) };
        watched.by(&watched.manager, PlanAction { id, version: 1, action }).await.unwrap();
        assert_eq!(owed(&watched, &watched.manager).await, ["A quality return to send", "An action of a plan"]);
        assert!(owed(&watched, &watched.officer).await.is_empty(), "the home's to do");
        watched.given.app.calendar.move_to(date(2021, 9, 16).at(9, 0, 0, 0));
        assert_eq!(owed(&watched, &watched.officer).await, ["An action of the plan is overdue"]);
        let complete = CompleteAction {
            id,
            version: 2,
            number: 1,
            on: date(2021, 9, 16),
            words: "Both began.".into(),
            brought: None,
        };
        watched.by(&watched.manager, complete).await.unwrap();
        let close = "Every action of the plan is done: close it, or send one back";
        assert_eq!(owed(&watched, &watched.officer).await, [close]);
        assert_eq!(owed(&watched, &watched.manager).await, ["A quality return to send"]);
    })
    .await;
}

//! What the regional team is told when an application is sent: that there is one, and never what stands in it; how many
//! came in to each opening, in time and late; and that none is evaluated of an opening that was called off; on both databases.

use jiff::Span;
use placewell_app::Outcome;
use placewell_app::homes::admission::evaluating::StartEvaluations;
use placewell_app::homes::admission::opening::{MoveOpening, OpeningAct};
use placewell_testkit::databases::both_filled;

use super::evaluation::{Given, LEAD, PRIYA, code, filled, perform, sending};

#[tokio::test(flavor = "multi_thread")]
async fn the_regional_team_is_told_of_each_application_that_is_sent_and_that_a_late_one_is_kept_apart() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (actor, version) = filled(&given).await;
        // Written by the provider's own work, so the mails are its organisation's.
        let told = async |subject: &str| {
            given.app.do_due_jobs().await.unwrap();
            let session = given.app.store.read(Some(actor.organisation)).await.unwrap();
            let mails = session.mails(actor.organisation, 10_000).await.unwrap();
            let to_lead = mails.into_iter().filter(|mail| mail.recipient == LEAD && mail.subject == subject);
            to_lead.map(|mail| mail.body).collect::<Vec<_>>()
        };
        let (late, in_time) = ("AR-005: a late application, kept apart", "AR-005: an application");
        assert_eq!((told(late).await.len(), told(in_time).await.len()), (0, 0), "a draft is nobody's news");
        let closes = given.app.own_application(&actor, "AR-005").await.unwrap().public.opening.plan.closes;
        given.move_to(closes.saturating_add(Span::new().seconds(1)));
        perform(&given.app, &actor, sending(version)).await.unwrap();
        assert_eq!((told(late).await.len(), told(in_time).await.len()), (1, 0));
        given.move_to(closes);
        perform(&given.app, &actor, sending(version)).await.unwrap();
        let bodies = told(in_time).await;
        assert_eq!((told(late).await.len(), bodies.len()), (1, 1), "each is told once");
        assert!(bodies[0].ends_with("/region/admission/AR-005"), "{}", bodies[0]);
        assert!(bodies[0].contains("read after the deadline, with all others"), "{}", bodies[0]);
        assert!(!bodies[0].contains(&actor.organisation_name), "a mail does not say who applies: {}", bodies[0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_openings_counts_what_came_in_to_each_as_its_own_page_does() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (actor, version) = filled(&given).await;
        perform(&given.app, &actor, sending(version)).await.unwrap();
        let listed = given.app.kept_openings(&given.lead).await.unwrap();
        assert!(listed.len() > 1, "{}", listed.len());
        let mut seen = Vec::new();
        for (opening, _, in_time, late) in &listed {
            let page = given.app.kept_opening(&given.lead, &opening.reference).await.unwrap();
            assert_eq!((*in_time, *late), page.counts, "{}", opening.reference);
            seen.push((opening.reference.as_str(), *in_time, *late));
        }
        let of = |reference: &str| seen.iter().find(|one| one.0 == reference).unwrap();
        assert!(of("AR-004").1 > 1, "{seen:?}");
        assert_eq!((of("AR-005").1, of("AR-005").2), (1, 0), "{seen:?}");
        assert!(
            matches!(given.app.kept_openings(&actor).await, Err(Outcome::Forbidden(_))),
            "not a provider's to read"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_application_to_an_opening_that_was_called_off_is_evaluated_once_its_deadline_has_passed() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (actor, version) = filled(&given).await;
        perform(&given.app, &actor, sending(version)).await.unwrap();
        let opening = given.app.own_application(&actor, "AR-005").await.unwrap().public.opening;
        let act = OpeningAct::Cancel { reason: "The lot closes.".into() };
        let cancel = MoveOpening { reference: "AR-005".into(), version: opening.version, act };
        perform(&given.app, &given.lead, cancel).await.unwrap();
        given.move_to(opening.plan.closes.saturating_add(Span::new().seconds(1)));
        let evaluators = vec![PRIYA.to_owned(), "director@shropshire.example".to_owned()];
        let start = StartEvaluations { reference: "AR-005".into(), evaluators };
        assert_eq!(code(perform(&given.app, &given.lead, start).await), "opening_cancelled");
        let begun = given.app.kept_opening(&given.lead, "AR-005").await.unwrap().evaluations;
        assert!(begun.is_empty(), "{begun:?}");
    })
    .await;
}

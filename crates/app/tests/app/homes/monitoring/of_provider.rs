//! One provider across its homes: every member reads what it may read of each, and no provider reads it of another.

use super::*;

#[tokio::test]
async fn a_provider_is_read_across_its_homes_by_members_each_with_the_visits_that_it_may_read() {
    both(async |database| {
        let watched = watched(&database).await;
        let app = &watched.given.app;
        watched.lead(OpenRound { quarter: SPRING }).await.unwrap();
        let (id, version) = watched.own_return().await;
        watched.by(&watched.manager, SendReturn { id, version, filled: whole(), reason: None }).await.unwrap();
        let raise = RaiseConcern {
            urn: "SC400001".into(),
            theme: Theme::Safety,
            severity: Severity::High,
            words: "A door does not close".into(),
        };
        watched.by(&watched.officer, raise).await.unwrap();
        let plan = PlanVisit { urn: "SC400001".into(), on: TODAY, announced: false };
        watched.by(&watched.officer, plan).await.unwrap();
        for (actor, visits) in [(&watched.given.lead, 1), (&watched.officer, 1), (&watched.other, 0)] {
            let page = app.provider_watched(actor, "elm-care").await.unwrap();
            let homes: Vec<_> =
                page.homes.iter().map(|one| (one.home.urn.as_str(), one.concerns, one.grave, one.actions)).collect();
            assert_eq!(homes, [("SC400001", 1, 1, 0), ("SC400002", 0, 0, 0)], "{}", actor.organisation_name);
            assert_eq!(
                (page.found.visits.len(), page.found.concerns.len()),
                (visits, 1),
                "{}",
                actor.organisation_name
            );
            let (what, points) = &page.counted[0];
            assert_eq!((*what, points.last().copied()), ("Concerns raised", Some((date(2021, 7, 1), 1))));
            assert!(points.len() >= 5, "over the quarters: {points:?}");
            let occupancy = &page.trends[0].points;
            assert_eq!(occupancy.len(), 1, "only what was returned");
            let rows = page.sheet().rows.len();
            let expected: usize = page.trends.iter().map(|one| one.points.len()).sum::<usize>()
                + page.counted.iter().map(|(_, points)| points.len()).sum::<usize>();
            assert_eq!(rows, expected, "the file has every figure of the page");
        }
        let other = app.provider_watched(&watched.officer, "ash-care").await.unwrap();
        assert!(other.found.concerns.is_empty() && other.homes.iter().all(|one| one.concerns == 0));
        for provider in [&watched.rival, &watched.manager] {
            let read = app.provider_watched(provider, "elm-care").await;
            assert!(matches!(read, Err(Outcome::Forbidden(_))), "{read:?}");
        }
        let authority = app.provider_watched(&watched.officer, "BIR").await;
        assert!(matches!(authority, Err(Outcome::NotFound)), "an authority is no provider");
    })
    .await;
}

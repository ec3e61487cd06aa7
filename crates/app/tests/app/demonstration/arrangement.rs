//! The arrangement of the demonstration: 14 participants, each with its own adoption, ceiling, delegates and settings, and
//! an extension that some have decided, several have not, and one leaves.

use placewell_app::demonstration::calendar;
use placewell_domain::power::arrangement::{AfterEnd, Participation};
use placewell_domain::power::decision::Says;
use placewell_testkit::databases::both_filled;

#[tokio::test(flavor = "multi_thread")]
async fn seed_fourteen_participants_each_with_its_own_adoption_ceiling_delegates_settings_and_use_of_the_extension() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let lead = app.actor_by_email("marcus.inkberrow@west-midlands-team.example").await.unwrap();
        let found = app.extension_page(&lead).await.unwrap();
        let rows = &found.page.participants;
        assert_eq!(rows.len(), 14);
        let mut references: Vec<&str> = rows.iter().filter_map(|row| row.reference.as_deref()).collect();
        references.sort_unstable();
        references.dedup();
        assert_eq!(references.len(), 14, "each adoption is its own");
        let able = rows.iter().filter(|row| matches!(row.participation, Participation::CanAward { .. }));
        for row in able {
            let code = &row.participant.code;
            assert!(row.annual_value.is_some() && !row.delegates.is_empty(), "{code}");
        }
        let session = app.store.read(None).await.unwrap();
        let days: Vec<Option<String>> = {
            let mut days = Vec::new();
            for code in ["HEF", "BIR"] {
                let org = session.organisation_by_code(code).await.unwrap();
                let own = app.store.read(Some(org.id)).await.unwrap();
                let rule = placewell_app::power::decision::call_in_rule(&own, org.id, calendar().now().today()).await;
                days.push(Some(rule.unwrap().working_days.to_string()));
            }
            days
        };
        assert_ne!(days[0], days[1], "settings are each authority's own");
        let birmingham = session.organisation_by_code("BIR").await.unwrap();
        assert!(
            birmingham.placing_body.is_some_and(|body| body != birmingham.name),
            "placing body and authority apart"
        );

        let uses = rows.iter().filter(|row| row.says.1.is_some() && row.says.0.limbs == Says::Yes).count();
        let ask = rows.iter().filter(|row| row.in_time.is_some()).count();
        assert_eq!((uses, ask), (5, 7), "decided in some, undecided in several");
        let hereford = rows.iter().find(|row| row.participant.code == "HEF").unwrap();
        let notice = hereford.in_time.unwrap().notice_by.unwrap();
        assert!(notice > calendar().now().today() && notice < found.page.bar.end, "{notice}");
        let recorded =
            rows.iter().filter(|row| row.own.iter().any(|one| one.answers.is_some_and(|says| says.limbs == Says::Yes)));
        assert_eq!(recorded.count(), 4, "limb, post and person are recorded by four of the five");
        assert_eq!(found.leavings.len(), 1);
        let leaving = &found.leavings[0];
        assert!(leaving.agreements.iter().any(|one| one.then == AfterEnd::GoesOn), "{:?}", leaving.agreements);
        let terms = app.terms_accepted(&lead).await.unwrap();
        let latest = terms.last().unwrap();
        assert_eq!(latest.authorities.len(), 2, "{:?}", latest.authorities);
        assert!(!latest.providers.is_empty() && latest.providers.len() < 30, "{:?}", latest.providers);
    })
    .await;
}

//! Rule 4.3: a home that asks more as spot than its tendered price. Its authority is told by how much; the region that it is
//! so, of which home and never for whom, by one alert in a month, on both databases.

use placewell_domain::homes::home::alert::AlertKind;
use placewell_domain::id::PersonId;

use super::exemption::led;
use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_3_a_home_dearer_as_spot_raises_one_alert_a_month_without_the_amount_and_without_the_search() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let mut work = world.work(REGION).await;
        let fact = StandingFact {
            subject: StandingSubject::Home(HomeId(1)),
            source: StandingSource::Region,
            standing: Standing::Suspended,
            from: date(2021, 9, 1),
            until: OPEN_END,
            reason: StandingReason::Responses,
        };
        work.record_standing(&fact).await.unwrap();
        done(work).await;
        let mut searches = Vec::new();
        for (number, pounds) in [(1, 5_600), (2, 5_800)] {
            let referral = world.referral(number, &[], true, HEF).await;
            request(&world, &referral, ON_THE_LOT, "emergency").await.unwrap();
            offered(&world, &referral, 1, (pounds, TOMORROW)).await;
            searches.push(referral);
        }
        led(&world).await;
        for _ in 0..2 {
            world.timers().await;
        }
        let lead = actor(PersonId(91), REGION, Role::CommissioningLead);
        let alerts = world.app.region_alerts(&lead, (0, 10)).await.unwrap();
        let [line] = alerts.lines.as_slice() else { panic!("{alerts:?}") };
        let found = &line.alert.found;
        assert_eq!((found.kind, found.urn.as_str(), line.alert.times), (AlertKind::AbovePrice, ON_THE_LOT, 1));
        assert_eq!(found.after.as_deref(), Some("in September 2021"), "members with a child there read it, too");

        // A mail is its sender's: the authority that learned it.
        let mails = world.app.store.read(Some(HEF)).await.unwrap().mails(HEF, 100).await.unwrap();
        let subject = format!("{ON_THE_LOT}: dearer as spot than its tendered price");
        let told: Vec<_> = mails.iter().filter(|mail| mail.recipient == "lead@example.com").collect();
        assert!(told.iter().all(|mail| mail.subject == subject), "{told:?}");
        assert_eq!(told.len(), 2, "of each price, once");
        assert!(told.iter().all(|mail| mail.body.contains("asks more as spot purchase")), "{told:?}");
        assert!(told.iter().all(|mail| !mail.body.contains('£')), "what a child's place costs stands in no mail");
        let named = |words: &str| searches.iter().any(|reference| words.contains(reference.as_str()));
        assert!(told.iter().all(|mail| !named(&mail.subject) && !named(&mail.body)), "for whom is not the region's");
    })
    .await;
}

//! The lines of why a home was asked and why not, as they were when it was asked, whatever becomes of the home.

use placewell_app::clock::Machine;
use placewell_domain::change::Event;
use placewell_domain::homes::home::{Ages, NeedAnswers, Purpose, RegisteredSex};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use placewell_domain::id::HomeId;
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::placing::invitation::Trace;
use placewell_testkit::databases::both;

use super::{Given, TODAY, given};

/// What is known of the first home changes: whom it is registered for, its tendered price and its standing.
async fn change_the_home(given: &Given) {
    let region = given.app.actor_by_email("region@example.org").await.unwrap();
    let mut work = given.app.store.begin(region.organisation, given.app.calendar.now()).await.unwrap();
    let home = work.home(HomeId(1)).await.unwrap();
    let purpose = Purpose {
        name: "Elm House".to_owned(),
        ages: Ages::new(5, 9).unwrap(),
        sex: RegisteredSex::Any,
        answers: NeedAnswers::default(),
        as_of: TODAY,
    };
    work.apply(home.state_purpose(purpose).unwrap()).await.unwrap();
    work.record_price(HomeId(1), "planned", "core", Nights::open(TODAY), Some(Pence::pounds(5_900))).await.unwrap();
    let suspended = StandingFact {
        subject: StandingSubject::Home(HomeId(1)),
        source: StandingSource::Region,
        standing: Standing::Suspended,
        from: TODAY,
        until: OPEN_END,
        reason: StandingReason::SeriousConcerns,
    };
    work.record_standing(&suspended).await.unwrap();
    work.record(Event::new("test.suspended", "standing", 1, 1));
    work.commit(Machine::now()).await.unwrap();
    given.app.homes.forget().await;
}

/// The stored lines of each home that was asked.
async fn traces(given: &Given) -> Vec<Trace> {
    let record = given.app.referral_record(&given.people[0], &given.reference).await.unwrap();
    record.invitations.into_iter().map(|one| one.trace).collect()
}

#[tokio::test]
async fn rule_5_2_the_lines_of_why_and_why_not_stay_as_they_were_when_the_home_was_asked() {
    both(async |database| {
        let given = given(&database).await;
        let live = format!("/referrals/{}/homes/SC400001/why", given.reference);
        let record = format!("/referrals/{}", given.reference);
        let own = format!("/provider/referrals/{}", given.reference);
        let was = traces(&given).await;
        assert!(was.len() == 2 && was.iter().all(|trace| trace.lines.len() > 5), "{was:?}");
        let after = ["5 to 9; the child is 13", "Suspended for new placements"];
        let searched = given.officer.get(&live).await;
        assert!(after.iter().all(|line| !searched.body.contains(line)), "{}", searched.body);
        let read = given.elm.get(&own).await.words("main");

        change_the_home(&given).await;
        let searched = given.officer.get(&live).await;
        for line in after {
            assert!(searched.body.contains(line), "a search of today says {line}: {}", searched.body);
        }
        assert_eq!(traces(&given).await, was);
        let page = given.officer.get(&record).await.words("main");
        assert!(page.contains(&was[0].summary()) && page.contains("The home has not said"), "{page}");
        assert!(after.iter().all(|line| !page.contains(line)), "{page}");
        let now = given.elm.get(&own).await.words("main");
        assert!(read.contains("the home has not said") && now.contains("the home has not said"), "{now}");
        assert!(!now.contains(after[0]), "{now}");
    })
    .await;
}

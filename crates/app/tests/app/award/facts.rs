//! Rule 1.7 end to end: what voids an approval says which fact changed from what to what; what keeps it is told.

use jiff::civil::{Date, date};
use placewell_app::placing::agreement::StartStay;
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use placewell_domain::id::HomeId;
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::placing::agreement::UnsignedReason;
use placewell_domain::placing::approval::FactChange;
use placewell_domain::placing::offer::{AmendReason, OfferTerms};
use placewell_testkit::databases::both;

use super::world::{HEF, PROVIDER, REGION, START, World, both_made, director, done, officer, terms, terms_from};
use super::{HEREFORDSHIRE, amend_to, code, last, one_agreement};

/// Asks on one set of terms, changes them, approves on the old page: what made it void.
async fn voided_by(world: &World, number: u32, changed: OfferTerms) -> Vec<FactChange> {
    let referral = world.referral(number, &[4_150], false, HEF).await;
    let asked = last(&world.recommend(&referral, &format!("r{number}")).await.unwrap().location);
    let old = world.approval_command(&asked, false).await;
    amend_to(world, &referral, changed).await;
    world.app.perform(&director(), &format!("a{number}"), old).await.unwrap();
    let view = world.app.approval_view(&officer(), &asked).await.unwrap();
    assert_eq!(view.approval.state.name(), "void");
    view.void.into_iter().filter(|change| change.voids).collect()
}

fn said(changes: &[FactChange]) -> Vec<(&str, &str, &str)> {
    changes.iter().map(|change| (change.fact.as_str(), change.was.as_str(), change.now.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_7_the_page_says_which_fact_changed_from_what_to_what() {
    both(async |database| {
        let world = World::new(&database, HEREFORDSHIRE, 5, Pence::pounds(400_000)).await;
        let dearer = voided_by(&world, 1, terms(Pence::pounds(4_200))).await;
        assert_eq!(said(&dearer), [("Price a week", "£4,150", "£4,200")]);
        let earlier = voided_by(&world, 2, terms_from(Pence::pounds(4_150), date(2021, 9, 19))).await;
        assert!(said(&earlier).contains(&("Start", "20 September 2021", "19 September 2021")), "{earlier:?}");
        let later = voided_by(&world, 3, terms_from(Pence::pounds(4_150), date(2021, 9, 24))).await;
        assert!(said(&later).contains(&("Start", "20 September 2021", "24 September 2021")), "{later:?}");
        let alone = voided_by(&world, 4, OfferTerms { solo: true, ..terms(Pence::pounds(4_150)) }).await;
        assert_eq!(said(&alone), [("Living alone", "no", "yes")]);
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.ledger_year(HEF, date(2020, 12, 15)).await.unwrap().unwrap().totals.committed, Pence::ZERO);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_7_a_start_up_to_three_days_later_keeps_it_and_the_approver_is_told() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        amend_to(&world, &referral, terms_from(Pence::pounds(4_100), date(2021, 9, 23))).await;
        let view = world.app.approval_view(&director(), &asked).await.unwrap();
        assert!(!view.changes.is_empty() && view.changes.iter().all(|change| !change.voids), "{:?}", view.changes);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        assert_eq!(one_agreement(&world).await.terms.start, date(2021, 9, 23));
        world.app.do_due_jobs().await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let mails = session.mails(HEF, 50).await.unwrap();
        let told = mails.iter().find(|mail| mail.subject.ends_with("kept, although facts changed")).unwrap();
        assert!(told.body.contains("Start: 20 September 2021 to 23 September 2021"), "{}", told.body);
        assert!(told.body.contains("Price a week: changed") && !told.body.contains('£'), "{}", told.body);
        let asked = mails.iter().find(|mail| mail.subject.ends_with("approval asked for")).unwrap();
        assert!(asked.body.contains(". Start: 20 September 2021."), "as people say days: {}", asked.body);
    })
    .await;
}

async fn suspend(world: &World, from: Date) {
    let mut work = world.work(REGION).await;
    let fact = StandingFact {
        subject: StandingSubject::Home(HomeId(1)),
        source: StandingSource::Region,
        standing: Standing::Suspended,
        from,
        until: OPEN_END,
        reason: StandingReason::SeriousConcerns,
    };
    work.record_standing(&fact).await.unwrap();
    work.record(placewell_domain::change::Event::new("world.suspended", "standing", 1, 1));
    done(work).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_7_loss_of_standing_voids_it_before_the_award_and_stops_the_start_after_it() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let first = world.referral(1, &[4_150], false, HEF).await;
        let second = world.referral(2, &[4_150], false, HEF).await;
        let one = last(&world.recommend(&first, "1").await.unwrap().location);
        let two = last(&world.recommend(&second, "2").await.unwrap().location);
        world.approve(&director(), &one, "a", false).await.unwrap();
        let old = world.approval_command(&two, false).await;
        suspend(&world, date(2021, 9, 13)).await;
        world.app.perform(&director(), "b", old).await.unwrap();
        let view = world.app.approval_view(&officer(), &two).await.unwrap();
        assert_eq!(view.approval.state.name(), "void");
        assert!(said(&view.void).iter().any(|(fact, was, _)| *fact == "Standing" && *was == "In good standing"));
        world.at(START, 9);
        let start = StartStay {
            reference: "HEF-A-0001".into(),
            version: 1,
            on: START,
            unsigned: Some(UnsignedReason::Emergency),
        };
        assert_eq!(code(world.app.perform(&officer(), "s", start).await), "standing_lost");
    })
    .await;
}

/// The provider changes its offer on a referral, before any price is sealed.
pub async fn amend(world: &World, reference: &str, terms: OfferTerms) {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let referral = session.referral_by_reference(HEF, reference).await.unwrap();
    let out = referral.state.out().cloned().unwrap();
    let offer = session.offers_of(HEF, referral.id).await.unwrap().remove(0);
    drop(session);
    let mut work = world.work(PROVIDER).await;
    let words = offer.words.clone();
    let change = offer.amend(terms, words, AmendReason::NeedsUnderstood, &out, work.moment()).unwrap();
    work.apply(change).await.unwrap();
    done(work).await;
}

//! Rule 5.6 at the award, and the timer of rule 3.1: the chosen provider reads who the child is, and overdue planned ends
//! roll by themselves when the calendar passes them.

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::placing::agreement::StartStay;
use placewell_domain::id::InvitationId;
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Role;
use placewell_domain::placing::agreement::UnsignedReason;
use placewell_testkit::databases::both;

use super::disclosing::ground;
use super::world::{DIRECTOR, END, HEF, MANAGER, PROVIDER, START, World, actor, both_made, director, officer};
use super::{HEREFORDSHIRE, last};

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_the_chosen_provider_reads_who_the_child_is_and_nobody_does_before() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let id = session.referral_by_reference(HEF, &referral).await.unwrap().id;
        let invitation = session.invitations_of(HEF, id).await.unwrap()[0].id;
        drop(session);
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let before = world.app.read_identity(&manager, invitation).await;
        assert!(matches!(before, Err(Outcome::NotFound)), "{before:?}");
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let gate = world.app.read_identity(&manager, invitation).await;
        assert!(matches!(gate, Err(Outcome::NotFound)), "no ground, no identity: {gate:?}");
        assert!(world.app.grounds(&officer(), &referral).await.unwrap().waiting);
        world.app.perform(&officer(), "ground", ground(&referral)).await.unwrap();
        let (_, read) = world.app.read_identity(&manager, invitation).await.unwrap();
        assert_eq!((read.given_names.as_str(), read.family_name.as_str()), ("Wren", "Canary"));
        let by_authority = world.app.read_identity(&officer(), invitation).await;
        assert!(matches!(by_authority, Err(Outcome::Forbidden(_))), "{by_authority:?}");
        let elsewhere = world.app.read_identity(&manager, InvitationId(1)).await;
        assert!(matches!(elsewhere, Err(Outcome::NotFound)));
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let readings = session.readings(HEF, invitation).await.unwrap();
        assert_eq!(readings.iter().map(|one| (one.chosen, one.person)).collect::<Vec<_>>(), [(true, MANAGER)]);
        let session = world.app.store.read(Some(PROVIDER)).await.unwrap();
        let events = session.timeline(PROVIDER, "disclosure", invitation.0).await.unwrap();
        assert_eq!(events.len(), 1, "each reading is an event");
        assert!(session.verify_chain(PROVIDER).await.unwrap().faults.is_empty());
        assert_ne!(DIRECTOR, MANAGER);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_1_an_overdue_planned_end_rolls_by_itself_once_the_calendar_passes_it() {
    both(async |database| {
        let world = World::new(&database, HEREFORDSHIRE, 3, Pence::pounds(1_000_000)).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        world.at(START, 9);
        let unsigned = Some(UnsignedReason::Emergency);
        let start = StartStay { reference: "HEF-A-0001".into(), version: 1, on: START, unsigned };
        world.app.perform(&officer(), "start", start).await.unwrap();
        let planned = async || {
            let session = world.app.store.read(Some(HEF)).await.unwrap();
            session.agreement(HEF, "HEF-A-0001").await.unwrap().planned_end
        };
        world.at(plus_days(END, -1), 9);
        world.app.do_due_jobs().await.unwrap();
        assert_eq!(planned().await, END);
        world.at(END, 9);
        world.app.do_due_jobs().await.unwrap();
        assert_eq!(planned().await, END, "an end that falls today is not overdue yet");
        world.at(plus_days(END, 1), 9);
        world.app.do_due_jobs().await.unwrap();
        let rolled = planned().await;
        assert_eq!(rolled, plus_days(END, 28));
        world.app.do_due_jobs().await.unwrap();
        assert_eq!(planned().await, rolled, "a second look on the same day rolls nothing");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let mails = session.mails(HEF, 50).await.unwrap();
        let warned = mails.iter().filter(|mail| mail.subject.ends_with("the planned end has passed")).count();
        assert_eq!(warned, 1);
        assert!(END < date(2021, 12, 14));
    })
    .await;
}

//! A home that comes off a lot, on both databases: what was asked of it from that day on ends, and no child is placed there
//! through the arrangement.

use jiff::civil::{Date, date};
use placewell_app::homes::admission::LeaveLot;
use placewell_app::power::arrangement::DecideOwn;
use placewell_app::{Answer, Receipt};
use placewell_domain::homes::admission::AdmissionEnd;
use placewell_domain::homes::admission::ground::AdmissionGround;
use placewell_domain::homes::home::RegisterEntry;
use placewell_domain::id::{ArrangementId, HomeId, InvitationId, OfferId, OrganisationId, ReferralId};
use placewell_domain::money::Pence;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::placing::invitation::Invitation;
use placewell_domain::placing::offer::{NotChosenReason, OfferState};
use placewell_domain::power::arrangement::OwnDecision;

use super::outliving::{AMPLE, awarded, lead, with_arrangement};
use super::world::{HEF, REGION, World, asking, both_made, director, done, sent, terms};
use super::{code, last};

const TODAY: Date = date(2021, 9, 13);
/// Who buys home 1.
const BUYER: OrganisationId = OrganisationId(6);

async fn leaves(world: &World, key: &str, until: Date, why: AdmissionEnd) -> Answer<Receipt> {
    let command = LeaveLot { urn: "SC392492".into(), lot: "planned".into(), until, why };
    world.app.perform(&lead(), key, command).await
}

/// How the one offer and the one invitation of a search stand.
async fn stand(world: &World, reference: &str) -> (OfferState, String) {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let referral = session.referral_by_reference(HEF, reference).await.unwrap();
    let offer = session.offers_of(HEF, referral.id).await.unwrap().remove(0);
    let invitation = session.invitations_of(HEF, referral.id).await.unwrap().remove(0);
    (offer.state, invitation.state.name().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_is_withdrawn_from_the_lot_is_asked_no_longer_and_both_sides_are_told() {
    both_made(6, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        let open = world.referral(1, &[4_150], false, HEF).await;
        let waiting = world.referral(2, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&waiting, "r2").await.unwrap().location);
        let agreed = awarded(&world, 3).await;
        for why in [AdmissionEnd::Removed, AdmissionEnd::NotRegistered] {
            let by_hand = leaves(&world, why.code(), TODAY, why).await;
            assert_eq!(code(by_hand), "leaves_by_measure", "what the region does to a home is a measure");
        }
        leaves(&world, "withdrawn", TODAY, AdmissionEnd::Withdrawn).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        for reference in [&open, &waiting] {
            let (offer, invitation) = stand(&world, reference).await;
            let closed = NotChosenReason::HomeOffLot;
            assert!(
                matches!(offer, OfferState::NotChosen { reason, .. } if reason == closed),
                "{reference}: {offer:?}"
            );
            assert_eq!(invitation, "withdrawn", "{reference}");
        }
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.approval(HEF, &asked).await.unwrap().state.name(), "void");
        let kept = session.agreement(HEF, &agreed.reference.to_string()).await.unwrap();
        assert_eq!((kept.state.name(), kept.version), (agreed.state.name(), agreed.version), "what is agreed goes on");
        assert!(session.placement_reviews(HEF).await.unwrap().is_empty(), "no measure, no review");
        let mails = session.mails(HEF, 100).await.unwrap();
        let told = |words: &str| mails.iter().filter(|mail| mail.subject.contains(words)).count();
        assert_eq!((told("off lot Planned from 13 September 2021"), told("asked no longer")), (1, 1));
        drop(session);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_leaves_the_lot_later_takes_the_children_who_come_before_that_day() {
    both_made(6, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        let before = world.referral(1, &[4_150], false, HEF).await;
        let after = world.referral_from(2, 4_150, date(2021, 9, 27)).await;
        leaves(&world, "later", date(2021, 9, 25), AdmissionEnd::Withdrawn).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        let (offer, invitation) = stand(&world, &before).await;
        assert_eq!((offer.name(), invitation.as_str()), ("sent", "offered"));
        let (offer, invitation) = stand(&world, &after).await;
        assert_eq!((offer.name(), invitation.as_str()), ("not_chosen", "withdrawn"));
        let asked = last(&world.recommend(&before, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.referral_by_reference(HEF, &before).await.unwrap().state.name(), "agreed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_award_is_made_through_the_arrangement_at_a_home_that_is_not_on_the_lot_on_the_start() {
    both_made(6, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        let first = world.referral(1, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&first, "r1").await.unwrap().location);
        leaves(&world, "withdrawn", TODAY, AdmissionEnd::Withdrawn).await.unwrap();
        // Before the authority's own job has closed anything.
        assert_eq!(code(world.approve(&director(), &asked, "a", false).await), "not_on_the_lot");
        let second = world.referral(2, &[4_150], false, HEF).await;
        assert_eq!(code(world.recommend(&second, "r2").await), "not_on_the_lot");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert!(session.agreement_of(HEF, ReferralId(1_000)).await.unwrap().is_none());
    })
    .await;
}

/// Home 1 is another provider's, as the register says of it; what was admitted before stands.
async fn sold(world: &World) {
    let work = world.work(BUYER).await;
    let (code, name, kind) = ("buyer".to_owned(), "The buyer".to_owned(), OrganisationKind::Provider);
    let buyer = Organisation { id: BUYER, code, name, kind, area: None, placing_body: None };
    work.add_organisation(&buyer).await.unwrap();
    done(work).await;
    let mut work = world.work(REGION).await;
    let home = work.home(HomeId(1)).await.unwrap();
    let entry = RegisterEntry {
        provider: BUYER,
        area: home.area,
        sector: home.sector,
        places: home.places,
        short_breaks_only: home.short_breaks_only,
        suspended: false,
        registered_on: None,
    };
    let moment = work.moment();
    let home = work.apply(home.follow_register(entry, moment).unwrap()).await.unwrap();
    work.hand_over_beds(&home).await.unwrap();
    work.record_owner(home.id, BUYER, TODAY).await.unwrap();
    done(work).await;
}

/// A search that asked the home once it was the buyer's, with the buyer's offer; its reference.
async fn offered_by_buyer(world: &World, number: u32) -> String {
    let reference = world.referral(number, &[], false, HEF).await;
    let mut work = world.work(HEF).await;
    let (referral, now) = (work.referral_by_reference(HEF, &reference).await.unwrap(), work.moment());
    let id = InvitationId(referral.id.0 + 10);
    let key = work.new_invitation_key(BUYER, id, referral.child).await.unwrap();
    let asking = asking(&referral, 1, (HomeId(1), BUYER), &key, now);
    let invitation = work.apply(Invitation::ask(id, asking, now)).await.unwrap();
    sent(&mut work, invitation, (OfferId(id.0 + 1), &key), terms(Pence::pounds(4_150))).await;
    done(work).await;
    reference
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_was_sold_is_awarded_with_its_provider_of_today_on_a_ground_and_under_terms_of_its_own() {
    both_made(6, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        let accept = DecideOwn { slug: "fca".into(), decision: OwnDecision::AcceptTerms { version: "1.1".into() } };
        world.app.perform(&director(), "accept", accept).await.unwrap();
        let before = world.referral(1, &[4_150], false, HEF).await;
        sold(&world).await;
        assert_eq!(code(world.recommend(&before, "r1").await), "home_changed_hands", "the seller's offer");
        let after = offered_by_buyer(&world, 2).await;
        assert_eq!(code(world.recommend(&after, "r2").await), "provider_not_admitted", "nobody evaluated the buyer");
        let mut work = world.work(REGION).await;
        work.keep_admission_ground(&AdmissionGround::before_record(BUYER, TODAY, "file 2")).await.unwrap();
        done(work).await;
        let asked = last(&world.recommend(&after, "r3").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let agreement = session.agreement_of(HEF, ReferralId(2_000)).await.unwrap().unwrap();
        assert_eq!(agreement.provider, BUYER);
        assert_eq!(agreement.terms.terms_version, "1.1", "in force when the buyer itself came, and not the seller");
        let session = world.app.store.read(Some(BUYER)).await.unwrap();
        let joined = session.providers_joined(ArrangementId(1)).await.unwrap();
        assert_eq!(joined.iter().map(|(id, _, from)| (*id, *from)).collect::<Vec<_>>(), [(BUYER, TODAY)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_an_arrangement_is_recorded_there_are_no_lots_to_be_off() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(1, &[4_150], false, HEF).await;
        world.recommend(&referral, "r").await.unwrap();
    })
    .await;
}

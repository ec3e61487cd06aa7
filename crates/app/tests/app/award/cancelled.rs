//! Rule 5.6 at the end of an agreement, on both databases: what a home was told of a child who never came ends with the
//! cancellation, as with an offer that is lost; a stay that took place stays on its home's record, which the law has it keep.

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::office::document::Brought;
use placewell_app::placing::agreement::papers::{AddAgreementDocument, GiveDocuments};
use placewell_app::placing::agreement::{CancelAgreement, Decided, EndAgreement, StartStay};
use placewell_app::placing::disclosure::ground::WithdrawGround;
use placewell_app::placing::disclosure::recall::ConfirmDeleted;
use placewell_domain::id::DocumentId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{CancelReason, EndReason, UnsignedReason, Withheld};
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::recall::RecallCause;

use super::disclosing::{ground, told};
use super::running::{AGREEMENT, complete, said};
use super::world::{DIRECTOR, HEF, MANAGER, PROVIDER, START, World, actor, both_made, director, officer};
use super::{code, last};

fn manager() -> Actor {
    actor(MANAGER, PROVIDER, Role::ProviderManager)
}

/// A paper of the agreement, and what it says about care; the agreement is at its second version.
async fn given(world: &World) -> DocumentId {
    let brought = Brought::checked("Wren Canary care plan.pdf", b"%PDF-1.7 CANARY".to_vec()).unwrap();
    let add = AddAgreementDocument { reference: AGREEMENT.to_owned(), brought };
    world.app.perform(&officer(), "paper", add).await.unwrap();
    world.app.perform(&officer(), "care", complete(1)).await.unwrap();
    world.app.do_due_jobs().await.unwrap();
    let papers = world.app.agreement_papers(&manager(), AGREEMENT).await.unwrap();
    assert_eq!((papers.documents.len(), papers.withheld), (1, None));
    papers.documents[0].0.id
}

fn cancel(version: i64) -> CancelAgreement {
    CancelAgreement {
        reference: AGREEMENT.to_owned(),
        version,
        reason: CancelReason::OtherHome,
        decided_by: Decided::SignedIn,
    }
}

async fn outcomes(world: &World, who: &Actor) -> usize {
    world.app.agreement_view(who, AGREEMENT).await.unwrap().care.words.outcomes.len()
}

async fn copy(world: &World, who: &Actor) -> Vec<u8> {
    world.app.agreement_copy(who, AGREEMENT, None).await.unwrap().1
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_what_a_home_was_told_ends_with_an_agreement_that_is_cancelled_before_the_child_came() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, referral, invitation) = told(&database).await;
        let (app, home) = (&world.app, manager());
        let paper = given(&world).await;
        assert_eq!(copy(&world, &home).await, copy(&world, &officer()).await, "both read the stored copy");
        app.perform(&director(), "cancel", cancel(2)).await.unwrap();
        app.do_due_jobs().await.unwrap();

        let identity = app.read_identity(&home, invitation).await;
        assert!(matches!(identity, Err(Outcome::NotFound)), "{identity:?}");
        let chronology = app.read_chronology(&home, invitation).await;
        assert!(matches!(chronology, Err(Outcome::NotFound)), "{chronology:?}");
        assert!(!app.may_read(&home, invitation).await.unwrap().shortlisted);
        assert!(app.received_invitation(&home, invitation).await.unwrap().words.is_none(), "nor the profile's words");
        let papers = app.agreement_papers(&home, AGREEMENT).await.unwrap();
        assert_eq!((papers.documents.len(), papers.withheld), (0, Some(Withheld::Cancelled)));
        let read = app.agreement_document(&home, AGREEMENT, paper).await;
        assert!(matches!(read, Err(Outcome::NotFound)), "{:?}", read.map(|(entry, _)| entry));
        assert_eq!(outcomes(&world, &home).await, 0, "nor what it said about care");
        let printed = copy(&world, &home).await;
        assert!(printed.starts_with(b"%PDF"), "what it agreed to stays the provider's own");
        assert_ne!(printed, copy(&world, &officer()).await, "without the words about the child");

        let own = app.agreement_papers(&officer(), AGREEMENT).await.unwrap();
        assert_eq!((own.documents.len(), own.withheld), (1, Some(Withheld::Cancelled)), "the authority keeps its own");
        app.agreement_document(&officer(), AGREEMENT, paper).await.unwrap();
        assert_eq!(outcomes(&world, &officer()).await, 2);
        let give = GiveDocuments { reference: AGREEMENT.to_owned(), documents: vec![paper.0] };
        assert_eq!(code(app.perform(&officer(), "more", give).await), "agreement_over");
        let session = app.store.read(Some(HEF)).await.unwrap();
        let id = session.referral_by_reference(HEF, &referral).await.unwrap().id;
        let offer = session.offers_of(HEF, id).await.unwrap().remove(0);
        drop(session);
        assert_eq!(app.disclosure_receipts(&officer(), &offer).await.unwrap().stage, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_a_ground_that_is_recorded_after_the_cancellation_tells_the_home_nothing() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        assert!(world.app.grounds(&officer(), &referral).await.unwrap().waiting);
        world.app.perform(&director(), "cancel", cancel(1)).await.unwrap();
        assert!(!world.app.grounds(&officer(), &referral).await.unwrap().waiting, "nobody waits to be told");
        world.app.perform(&officer(), "ground", ground(&referral)).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let id = session.referral_by_reference(HEF, &referral).await.unwrap().id;
        let invitation = session.invitations_of(HEF, id).await.unwrap()[0].id;
        assert!(!session.was_disclosed(HEF, invitation, Stage::Chosen).await.unwrap());
        drop(session);
        withdraw(&world, &referral, "withdraw").await;
        assert!(recalled(&world).await.is_empty(), "nor is anything recalled from it");
    })
    .await;
}

async fn withdraw(world: &World, referral: &str, key: &str) {
    let withdraw = WithdrawGround { reference: referral.to_owned(), version: 1 };
    world.app.perform(&officer(), key, withdraw).await.unwrap();
}

/// Why something was recalled, and how many readings each report holds.
async fn recalled(world: &World) -> Vec<(RecallCause, usize)> {
    let reports = world.app.recall_reports(&officer()).await.unwrap();
    reports.iter().map(|one| (one.recall.cause, one.recall.seen.len())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_withdrawn_consent_recalls_what_a_home_read_before_its_agreement_was_cancelled() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, referral, _) = told(&database).await;
        let app = &world.app;
        app.perform(&director(), "cancel", cancel(1)).await.unwrap();
        assert!(recalled(&world).await.is_empty(), "a cancellation asks nobody to delete anything");
        withdraw(&world, &referral, "withdraw").await;
        assert_eq!(recalled(&world).await, [(RecallCause::ConsentWithdrawn, 1)]);
        let id = app.recall_reports(&officer()).await.unwrap()[0].recall.id;
        app.perform(&manager(), "deleted", ConfirmDeleted { recall: id, version: 1 }).await.unwrap();

        app.perform(&officer(), "anew", ground(&referral)).await.unwrap();
        withdraw(&world, &referral, "again").await;
        assert_eq!(recalled(&world).await.len(), 1, "the recall stands");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_withdrawn_consent_recalls_also_what_a_home_was_told_and_had_not_opened() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        world.app.perform(&officer(), "ground", ground(&referral)).await.unwrap();
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        world.app.perform(&director(), "cancel", cancel(1)).await.unwrap();
        withdraw(&world, &referral, "withdraw").await;
        assert_eq!(recalled(&world).await, [(RecallCause::ConsentWithdrawn, 0)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_a_stay_that_took_place_stays_on_its_homes_record_after_its_end() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, _, invitation) = told(&database).await;
        let (app, home) = (&world.app, manager());
        let paper = given(&world).await;
        world.at(START, 9);
        let unsigned = Some(UnsignedReason::SignerAway);
        let start = StartStay { reference: AGREEMENT.to_owned(), version: 2, on: START, unsigned };
        app.perform(&officer(), "start", start).await.unwrap();
        let left = date(2021, 10, 11);
        world.at(left, 9);
        let end = EndAgreement {
            reference: AGREEMENT.to_owned(),
            version: 3,
            on: left,
            planned: false,
            reason: EndReason::HomeAsksBehaviour,
            decided_by: said(DIRECTOR),
        };
        app.perform(&officer(), "end", end).await.unwrap();
        app.do_due_jobs().await.unwrap();

        let papers = app.agreement_papers(&home, AGREEMENT).await.unwrap();
        assert_eq!((papers.documents.len(), papers.withheld), (1, None));
        app.agreement_document(&home, AGREEMENT, paper).await.unwrap();
        assert_eq!(outcomes(&world, &home).await, 2);
        assert_eq!(copy(&world, &home).await, copy(&world, &officer()).await);
        app.read_identity(&home, invitation).await.unwrap();
    })
    .await;
}

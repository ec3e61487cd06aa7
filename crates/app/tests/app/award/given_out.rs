//! An adopted child's details go to a home from whoever opened the sealed record: the history of risks, who the child is, a
//! link to the profile, and access that was recalled. On both databases.

use placewell_app::placing::approval::RecordVerbal;
use placewell_app::placing::child::retention::MarkRecord;
use placewell_app::placing::child::sealing::OpenRecord;
use placewell_app::placing::disclosure::recall::{AssessRecall, LiftRecall, RecallDisclosure};
use placewell_app::placing::invitation::link::MailLink;
use placewell_app::placing::offer::JudgeOffer;
use placewell_app::power::delegation::PowerFact;
use placewell_domain::change::Event;
use placewell_domain::id::InvitationId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::child::retention::RecordKind;
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::recall::{RecallCause, Risk};
use placewell_domain::placing::offer::NotChosenReason;

use super::disclosing::{ground, told};
use super::world::{
    BIR, DIRECTOR, HEF, MANAGER, PROVIDER, STATUTORY, World, actor, both_made, director, done, officer, statutory,
};
use super::{WHOLE, code, committed, last};

const NUMBER: u32 = 42;
const SEALED: &str = "record_sealed";
/// What the first home was asked.
const INVITATION: InvitationId = InvitationId(42_010);

fn manager() -> Actor {
    actor(MANAGER, PROVIDER, Role::ProviderManager)
}

async fn adopted(world: &World) {
    let mark = MarkRecord { number: NUMBER, kind: RecordKind::Adoption, died: None };
    world.app.perform(&officer(), "adopted", mark).await.unwrap();
}

async fn open(world: &World, who: &Actor) {
    let open = OpenRecord { number: NUMBER, words: "A home is needed".to_owned() };
    world.app.perform(who, &format!("{} opens", who.person), open).await.unwrap();
}

/// Whether the home was told who the child is.
async fn knows(world: &World) -> bool {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    session.was_disclosed(HEF, INVITATION, Stage::Chosen).await.unwrap()
}

/// An offer's version by its number.
async fn version(world: &World, referral: &str, number: u32) -> i64 {
    world.app.referral_offer(&officer(), referral, number).await.unwrap().1.version
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adopted_childs_risks_are_told_to_a_home_on_the_shortlist_by_whoever_opened_the_record() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        world.home(2, super::HEREFORDSHIRE, 2).await;
        let referral = world.referral(NUMBER, &[4_150, 3_900], false, HEF).await;
        adopted(&world).await;
        let judge = async |number: u32, not_chosen| JudgeOffer {
            reference: referral.clone(),
            number,
            version: version(&world, &referral, number).await,
            not_chosen,
        };
        let app = &world.app;
        let shortlist = judge(1, None).await;
        assert_eq!(code(app.perform(&officer(), "sealed", shortlist.clone()).await), SEALED);
        let read = app.may_read(&manager(), INVITATION).await.unwrap();
        assert_eq!((read.shortlisted, read.chronology), (false, false));
        let other = judge(2, Some(NotChosenReason::Price)).await;
        app.perform(&officer(), "other", other).await.expect("what tells nothing of the child goes on");
        open(&world, &officer()).await;
        app.perform(&officer(), "opened", shortlist).await.unwrap();
        assert!(app.may_read(&manager(), INVITATION).await.unwrap().chronology);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_an_adopted_child_is_goes_to_the_chosen_home_by_an_approver_who_opened_the_record() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(NUMBER, &[4_150], false, HEF).await;
        world.app.perform(&officer(), "ground", ground(&referral)).await.unwrap();
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        adopted(&world).await;
        open(&world, &officer()).await;
        assert_eq!(code(world.approve(&director(), &asked, "sealed", false).await), SEALED);
        assert_eq!((committed(&world).await, knows(&world).await), (Pence::ZERO, false));
        open(&world, &director()).await;
        world.approve(&director(), &asked, "opened", false).await.unwrap();
        assert_eq!((committed(&world).await, knows(&world).await), (WHOLE, true));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_writes_down_a_verbal_approval_for_an_adopted_child_once_they_opened_the_record() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(NUMBER, &[4_150], true, HEF).await;
        world.app.perform(&officer(), "ground", ground(&referral)).await.unwrap();
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let (said_at, seen) = (world.app.calendar.now().local, world.seen(&asked).await);
        let verbal = RecordVerbal { reference: asked, version: 1, by: DIRECTOR, said_at, seen, urgent: false };
        adopted(&world).await;
        assert_eq!(code(world.app.perform(&officer(), "sealed", verbal.clone()).await), SEALED);
        assert_eq!((committed(&world).await, knows(&world).await), (Pence::ZERO, false));
        open(&world, &officer()).await;
        world.app.perform(&officer(), "opened", verbal).await.unwrap();
        assert!(knows(&world).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_another_authority_decides_last_the_approver_who_opened_the_record_lets_the_home_be_told() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let mut work = world.work(BIR).await;
        work.record_power(300, &PowerFact::Statutory(statutory(BIR, STATUTORY))).await.unwrap();
        work.record(Event::new("world.statutory", "delegation", 300, 1));
        done(work).await;
        let referral = world.referral(NUMBER, &[4_150], false, BIR).await;
        world.app.perform(&officer(), "ground", ground(&referral)).await.unwrap();
        let distant = last(&world.recommend(&referral, "r").await.unwrap().location);
        let power = world.app.approval_view(&officer(), &distant).await.unwrap().all[1].approval.reference.to_string();
        adopted(&world).await;
        open(&world, &officer()).await;
        assert_eq!(code(world.approve(&director(), &power, "sealed", false).await), SEALED);
        open(&world, &director()).await;
        world.approve(&director(), &power, "opened", false).await.unwrap();
        let council = actor(STATUTORY, BIR, Role::Approver);
        world.approve(&council, &distant, "distant", false).await.expect("no record of theirs is sealed");
        world.app.do_due_jobs().await.unwrap();
        assert_eq!((committed(&world).await, knows(&world).await), (WHOLE, true));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ground_after_the_award_tells_of_an_adopted_child_by_an_officer_who_opened_the_record() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(NUMBER, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        adopted(&world).await;
        assert_eq!(code(world.app.perform(&officer(), "sealed", ground(&referral)).await), SEALED);
        let found = world.app.grounds(&officer(), &referral).await.unwrap();
        assert!(found.waiting && found.all.is_empty() && !knows(&world).await);
        open(&world, &officer()).await;
        world.app.perform(&officer(), "opened", ground(&referral)).await.unwrap();
        assert!(knows(&world).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn access_to_an_adopted_childs_details_is_given_back_by_whoever_opened_the_record() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, reference, invitation) = told(&database).await;
        let app = &world.app;
        let (from, cause, aware) = (Stage::Chosen, RecallCause::WrongHome, app.calendar.now().local);
        let recall = RecallDisclosure { reference, number: 1, from, cause, aware };
        let recall = last(&app.perform(&officer(), "recall", recall).await.unwrap().location).parse().unwrap();
        let assess = AssessRecall { recall, version: 1, risk: Risk::Unlikely, words: "Assessed".to_owned() };
        app.perform(&officer(), "assess", assess).await.unwrap();
        adopted(&world).await;
        let lift = LiftRecall { recall, version: 2 };
        assert_eq!(code(app.perform(&officer(), "sealed", lift.clone()).await), SEALED);
        assert!(!app.may_read(&manager(), invitation).await.unwrap().identity);
        open(&world, &officer()).await;
        app.perform(&officer(), "opened", lift).await.unwrap();
        app.read_identity(&manager(), invitation).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_an_adopted_childs_profile_is_mailed_by_whoever_opened_the_record() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(NUMBER, &[4_150], false, HEF).await;
        adopted(&world).await;
        let mail = MailLink { reference, number: 1, email: "manager@home.example".to_owned() };
        assert_eq!(code(world.app.perform(&officer(), "sealed", mail.clone()).await), SEALED);
        open(&world, &officer()).await;
        world.app.perform(&officer(), "opened", mail).await.unwrap();
    })
    .await;
}

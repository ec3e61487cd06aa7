//! The seed decision's limb (b), as far as it speaks of placements: who may award and run them, and what the record says of it.

use placewell_app::placing::agreement::{CancelAgreement, Decided};
use placewell_app::power::delegation::PowerFact;
use placewell_domain::id::{DecisionId, PersonId, PostId};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::placing::agreement::CancelReason;
use placewell_domain::placing::approval::GivenBasis;
use placewell_domain::power::delegation::{Holding, HoldingKind, LimbPost, Post, PostGrade, Remit, RemitArea, Through};

use super::world::{DEPUTY, HEF, MONITORING, OFFICER, START, World, actor, both_made, director};
use super::{WHOLE, code, committed, last, one_agreement};

/// An Assistant Director with a stated remit, named by limb (b) where relevant.
fn assistant(post: i64, title: &str, area: RemitArea, person: PersonId) -> [PowerFact; 3] {
    let (from, to) = (jiff::civil::date(2018, 1, 1), OPEN_END);
    let id = PostId(post);
    let (grade, remit) = (PostGrade::AssistantDirector, Remit::Stated(vec![area]));
    let link = LimbPost { decision: DecisionId(1), letter: 'b'.into(), post: id, relevant: true };
    [
        PowerFact::Post(Post { id, organisation: HEF, title: title.into(), grade, remit, from, to }),
        PowerFact::LimbPost(link),
        PowerFact::Holding(Holding { post: id, person, kind: HoldingKind::Holder, from, to }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_b_director_and_relevant_assistant_directors_award_placement_agreements_and_take_operational_decisions() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let approver = |person| actor(person, HEF, Role::Approver);
        // By post and person: who asked, who covers for leave, and whose stated remit does not cover the case decide nothing.
        assert_eq!(code(world.approve(&approver(OFFICER), &asked, "o", false).await), "requester_cannot_approve");
        assert_eq!(code(world.approve(&approver(DEPUTY), &asked, "c", false).await), "cover_moves_tasks");
        let education = assistant(31, "Assistant Director for education", RemitArea::Education, MONITORING);
        let relevant = "Assistant Director for children looked after";
        let looked_after = assistant(32, relevant, RemitArea::ChildrenLookedAfter, DEPUTY);
        world.power(&[education, looked_after].concat()).await;
        assert_eq!(code(world.approve(&approver(MONITORING), &asked, "e", false).await), "outside_remit");
        assert_eq!(committed(&world).await, Pence::ZERO);

        world.approve(&approver(DEPUTY), &asked, "a", false).await.unwrap();
        let agreement = one_agreement(&world).await;
        assert_eq!((agreement.terms.start, committed(&world).await), (START, WHOLE));
        let [rests] = agreement.rests_on.as_slice() else { panic!("{:?}", agreement.rests_on) };
        let GivenBasis::Limb { power } = &rests.basis else { panic!("{:?}", rests.basis) };
        let chain = (power.reference.as_str(), power.letter.to_string(), power.title.as_str(), power.person);
        assert_eq!(chain, ("HEF-2019-0114", "b".to_owned(), relevant, DEPUTY), "decision, limb, post, person");
        assert!(matches!(power.through, Through::Holder));

        // An operational decision under the same limb, by another holder of it.
        let cancel = CancelAgreement {
            reference: agreement.reference.to_string(),
            version: agreement.version,
            reason: CancelReason::OtherHome,
            decided_by: Decided::SignedIn,
        };
        let outside = world.app.perform(&approver(MONITORING), "m", cancel.clone()).await;
        assert_eq!(code(outside), "outside_remit");
        world.app.perform(&director(), "d", cancel).await.unwrap();
        assert_eq!(committed(&world).await, Pence::ZERO, "released that day");
        let chain = world.app.store.read(Some(HEF)).await.unwrap().verify_chain(HEF).await.unwrap();
        assert!(chain.faults.is_empty());
    })
    .await;
}

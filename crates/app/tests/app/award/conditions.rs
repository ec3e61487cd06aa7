//! The conditions of an approval: they stand in the agreement for both sides, sealed at rest, and each shows whether it
//! was met.

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::placing::agreement::MeetCondition;
use placewell_app::placing::approval::Approve;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;

use super::world::{HEF, MANAGER, PROVIDER, World, actor, both_made, director, officer};
use super::{code, last};

const AGREEMENT: &str = "HEF-A-0001";

#[tokio::test(flavor = "multi_thread")]
async fn conditions_of_an_approval_stand_in_the_agreement_sealed_and_show_whether_each_is_met() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let conditions = "A waking night for two weeks\n\n  The link worker visits each week".to_owned();
        let approve = Approve { conditions, ..world.approval_command(&asked, false).await };
        world.app.perform(&director(), "a", approve).await.unwrap();
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let open = vec![
            ("A waking night for two weeks".to_owned(), None),
            ("The link worker visits each week".to_owned(), None),
        ];
        for reader in [officer(), manager.clone()] {
            let view = world.app.agreement_view(&reader, AGREEMENT).await.unwrap();
            assert_eq!(view.care.conditions, open, "both sides read them");
            let stored = serde_json::to_string(&view.agreement).unwrap();
            assert!(!stored.contains("waking night"), "sealed in the record");
        }
        let meet = |version, number, on| MeetCondition { reference: AGREEMENT.into(), version, number, on };
        let day = date(2021, 9, 13);
        let early = world.app.perform(&officer(), "e", meet(1, 1, date(2021, 9, 14))).await;
        assert!(matches!(early, Err(Outcome::Invalid(_))), "{early:?}");
        assert_eq!(code(world.app.perform(&officer(), "x", meet(1, 3, day)).await), "no_open_condition");
        let theirs = world.app.perform(&manager, "m", meet(1, 2, day)).await;
        assert!(matches!(theirs, Err(Outcome::Forbidden(_))), "the authority's record: {theirs:?}");
        world.app.perform(&officer(), "y", meet(1, 2, day)).await.unwrap();
        assert_eq!(code(world.app.perform(&officer(), "z", meet(2, 2, day)).await), "no_open_condition");
        let view = world.app.agreement_view(&manager, AGREEMENT).await.unwrap();
        assert_eq!(view.care.conditions.iter().map(|(_, met)| *met).collect::<Vec<_>>(), [None, Some(day)]);
        world.app.do_due_jobs().await.unwrap();
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        assert!(view.documents[0].name.ends_with("-version-2.pdf"), "the paper says it too");
        assert!(view.events.iter().any(|event| event.kind == "agreement.condition_met"));
    })
    .await;
}
